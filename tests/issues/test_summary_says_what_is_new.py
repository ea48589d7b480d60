"""The secretary's summary: new is what its last one did not list; a number is the length of its list."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from reminders.planning.standing import overview
from reminders.service import Service
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.use.mail.digests import digest_file, digest_now
from reminders.use.planning.load_state import load_states
from reminders.use.programme.store_programme import make_ready
from reminders.use.tick import tick
from tests.conftest import HELSINKI
from tests.web.conftest import open_service


@pytest.fixture
def clock() -> list[datetime]:
    """The service's clock, set by hand."""
    return [datetime(2025, 12, 1, 9, tzinfo=HELSINKI)]


@pytest.fixture
def vaasa(tmp_path: Path, clock: list[datetime]) -> Iterator[Service]:
    """Vaasa's programme, first started on Monday 1 December 2025: its units have until 15 December."""
    opened = open_service(tmp_path, lambda: clock[0])
    make_ready(opened.database, clock[0], held=False)
    yield opened
    opened.database.close()


def run_on(vaasa: Service, clock: list[datetime], day: int) -> str:
    """Run on a day of December 2025 and return the summary of that day, as text of one line."""
    clock[0] = clock[0].replace(day=day)
    tick(vaasa, accept_clock=True)
    return re.sub(r"\s+", " ", digest_now(vaasa, "en")[1])


def rows_by_mark(vaasa: Service) -> Counter[tuple[str, str]]:
    """How many rows each list of the table has with each status."""
    text = digest_file(vaasa, ".csv", "en").decode("utf-8-sig")
    rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ",")
    return Counter((row[0], row[4]) for row in rows if row[0] in {"Deadline passed", "Review not answered"})


def test_what_an_answer_date_made_late_is_new(vaasa: Service, clock: list[datetime]) -> None:
    """Nothing was late on 9 December; on the 16th 63 items are, whose own dates lie long before both."""
    run_on(vaasa, clock, 1)
    before = run_on(vaasa, clock, 9)
    assert "Deadline passed (0)" in before
    after = run_on(vaasa, clock, 16)
    assert "No changes since" not in after
    assert (
        "New since the last summary (9 Dec 2025) Deadline passed (20) · Review not answered (43) · "
        "Behind target (" in after
    )
    assert rows_by_mark(vaasa) == {("Deadline passed", "new"): 20, ("Review not answered", "new"): 43}


def test_a_week_later_they_are_repeated_and_nothing_has_changed(
    vaasa: Service, clock: list[datetime]
) -> None:
    """Nobody answers; what stood in the last summary is new no more."""
    for day in (1, 9):
        run_on(vaasa, clock, day)
    run_on(vaasa, clock, 16)
    text = run_on(vaasa, clock, 22)
    assert "No changes since the last summary (16 Dec 2025)." in text
    assert rows_by_mark(vaasa) == {
        ("Deadline passed", "repeated"): 20,
        ("Review not answered", "repeated"): 43,
    }


def test_an_answer_leaves_the_rest_repeated(vaasa: Service, clock: list[datetime]) -> None:
    """A unit says *on track* of what is passed: it stays on the list, repeated; and nothing is unchanged."""
    for day in (1, 9, 16):
        run_on(vaasa, clock, day)
    (document,), _ = digest_now(vaasa, "en")
    clock[0] = clock[0].replace(day=17)
    with vaasa.database.read() as connection:
        (state,) = load_states(connection).values()
    passed = next(one.occurrence for one in overview(state, clock[0].date()).passed)
    record_answer(vaasa, AnswerGiven(str(passed.id), "on-track", note="x"))
    assert document["unchanged"] is False
    text = run_on(vaasa, clock, 22)
    assert "No changes since" not in text
    assert "Deadline passed (0) · Review not answered (0) · Behind target (0) · Answered (" in text
    assert {mark for _, mark in rows_by_mark(vaasa)} == {"repeated"}


def test_a_number_is_the_length_of_its_list(vaasa: Service, clock: list[datetime]) -> None:
    """An action with several leads is one row, which names those it waits for; rows are numbered to 20."""
    for day in (1, 9):
        run_on(vaasa, clock, day)
    text = run_on(vaasa, clock, 16)
    assert re.findall(r"\[(\d+)\] http", text) == [str(n) for n in range(1, 21)]
    with vaasa.database.read() as connection:
        (state,) = load_states(connection).values()
    shared = next(one for one in overview(state, clock[0].date()).passed if len(one.waiting) > 1)
    names = [state.programme.organisation_by_key[key].name.get("en") for key in shared.waiting]
    (document,), _ = digest_now(vaasa, "en")
    units = document["overdue"]
    assert isinstance(units, list)
    assert ", ".join(names) in [unit["organisation"]["en"] for unit in units]
    assert sum(len(unit["items"]) for unit in units) == 20


def test_a_review_has_a_review_date(vaasa: Service, clock: list[datetime]) -> None:
    """The date is ours: no deadline. The column of the table holds both."""
    for day in (1, 9):
        run_on(vaasa, clock, day)
    text = run_on(vaasa, clock, 16)
    assert "Review 31 Oct 2025 · new" in text
    assert "Deadline 31 Oct 2025" not in text
    assert (
        digest_file(vaasa, ".csv", "en").decode("utf-8-sig").startswith("List,Responsible party,Action,Date,")
    )

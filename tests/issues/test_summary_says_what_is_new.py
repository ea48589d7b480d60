"""The secretary's summary: new is what its last one did not list; a number is the length of its list."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from reminders.planning.standing import overview
from reminders.planning.state import past_obligations
from reminders.service import Service
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.use.mail.digests import digest_file, digest_now
from reminders.use.planning.load_state import load_states
from reminders.use.programme.store_programme import make_ready
from reminders.use.tick import tick
from tests.cli.conftest import Runner, reminders
from tests.conftest import HELSINKI
from tests.issues.city import SECRETARY, City, released_city
from tests.use.office import body
from tests.web.conftest import open_service

__all__ = ["reminders"]


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
        ("Deadline passed", "still open"): 20,
        ("Review not answered", "still open"): 43,
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
    assert {mark for _, mark in rows_by_mark(vaasa)} == {"still open"}


@pytest.mark.parametrize(("hour", "new_on"), [(8, 9), (10, 16)])
def test_an_answer_is_new_in_one_summary(
    vaasa: Service, clock: list[datetime], hour: int, new_on: int
) -> None:
    """Given on a summary's day before it was written it is that one's, afterwards the next one's."""
    run_on(vaasa, clock, 1)
    with vaasa.database.read() as connection:
        (state,) = load_states(connection).values()
    about = next(str(row.id) for row in past_obligations(state, clock[0].date()))
    found = []
    for day in (9, 16, 22):
        clock[0] = clock[0].replace(day=day, hour=8)
        if (day, hour) == (9, 8):
            record_answer(vaasa, AnswerGiven(about, "done"))
        clock[0] = clock[0].replace(hour=9)
        run_on(vaasa, clock, day)
        (document,), _ = digest_now(vaasa, "en")
        answered = document["answered"]
        assert isinstance(answered, list)
        found += [day] * len(answered)
        if (day, hour) == (9, 10):
            clock[0] = clock[0].replace(hour=10)
            record_answer(vaasa, AnswerGiven(about, "done"))
    assert found == [new_on]


def test_a_number_is_the_length_of_its_list(vaasa: Service, clock: list[datetime]) -> None:
    """An action with several leads is one row, which names those it waits for; shown and left out are 20."""
    for day in (1, 9):
        run_on(vaasa, clock, day)
    text = run_on(vaasa, clock, 16)
    shown = [int(n) for n in re.findall(r"\[(\d+)\] http", text)]
    (rest,) = re.findall(r"and (\d+) more: \S+ Review not answered", text)
    assert shown == list(range(1, 20 - int(rest) + 1))
    assert len(shown) == 12
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


def test_what_came_to_the_secretary_says_why(tmp_path: Path, reminders: Runner) -> None:
    """Unit alpha has a contact and no head, unit beta nobody: two reasons, neither said of both."""
    rows = (SECRETARY, "alpha,contact,A,alpha@city.example,en,,,")
    city = released_city(reminders, tmp_path, *rows, units=("alpha", "beta"))
    days = ("2026-03-02", "2026-03-31", "2026-04-01", "2026-04-15", "2026-04-16", "2026-04-21", "2026-04-28")
    city.tick("2026-01-12", *days)
    said = " ".join(
        " ".join(part.get_content().split())
        for one in city.messages()
        if "sec@" in str(one["To"])
        for part in one.walk()
        if part.get_content_type() == "text/plain"
    )
    why = (
        "The unit has not answered and has no head who could be told: 1.",
        "The responsible party has no contact person: 1.",
    )
    assert " ".join(why) in said
    assert "The responsible party has no contact person: 2." not in said


ALPHA = "alpha,contact,A,alpha@city.example,en,,,"
ALPHA_HEAD = "alpha,head,H,head@city.example,en,,,"


def mark_on(city: City, day: str) -> str:
    """How the summary marks what it lists as passed; one row."""
    (document,) = json.loads(city.run("digest", "--programme", "city", "--json", "--at", f"{day}T10:00").out)
    (unit,) = document["overdue"]
    (row,) = unit["items"]
    mark: str = row["mark"]
    return mark


def test_on_the_list_when_a_unit_without_a_head_was_promised_it(tmp_path: Path, reminders: Runner) -> None:
    """Without a head it comes there on the day on which one would be told: once, and it is promised once."""
    city = released_city(reminders, tmp_path, ALPHA, SECRETARY)
    city.tick("2026-01-12", "2026-03-02", "2026-03-31", "2026-04-01", "2026-04-07")
    promised = "appears on the board secretary’s follow-up list on Thursday 16 April 2026"
    (mail,) = (one for one in city.messages("2026-04-07") if "alpha@" in str(one["To"]))
    assert promised in re.sub(r"\s+", " ", body(mail))
    assert mark_on(city, "2026-04-15") == "repeated"
    explained = reminders(
        "explain", "alpha-1", "--programme", "city", "--at", "2026-04-15T10:00"
    ).out.replace("\u00a0", " ")
    assert re.findall(r"(\S+ \d+ \w+ \d{4})  the secretary’s follow-up list", explained) == [
        "Thu 16 Apr 2026"
    ]
    city.tick("2026-04-16")
    assert mark_on(city, "2026-04-16") == "listed"
    city.tick("2026-04-30")
    (mail,) = (one for one in city.messages("2026-04-30") if "alpha@" in str(one["To"]))
    text = re.sub(r"\s+", " ", body(mail))
    assert "The next reminder goes out on" in text
    assert "follow-up list" not in text


def test_on_the_list_no_earlier_than_a_mail_has_promised(tmp_path: Path, reminders: Runner) -> None:
    """A date that was moved into the past counts from the day of the change, on the list as in the mails."""
    city = released_city(reminders, tmp_path, ALPHA, ALPHA_HEAD, SECRETARY)
    city.tick("2026-01-12")
    moved = ("correct", "alpha-1", "schedule", "31 January 2026", "--programme", "city")
    assert reminders(*moved, "--at", "2026-03-02T08:00").code == 0
    city.tick("2026-03-02", "2026-03-17", "2026-03-31")
    assert mark_on(city, "2026-03-31") == "repeated"
    city.tick("2026-04-01", "2026-04-13", "2026-04-14", "2026-04-15", "2026-04-16")
    assert mark_on(city, "2026-04-15") == "listed"

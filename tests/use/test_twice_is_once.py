"""Planning twice is planning once, whatever people enter between two days."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings, strategies as st

from reminders.errors import RemindersError
from reminders.planning.replies import AnswerCode
from reminders.store import Database
from reminders.use.answers.record import (
    AnswerGiven,
    PauseRequest,
    pause_reminders,
    record_answer,
    resume_reminders,
    undo_answer,
)
from reminders.use.people.hand_over import HandOver, hand_over
from reminders.use.planning.plan import plan_days
from reminders.use.planning.preview import forecast_window
from schedule_rules.days import Span
from schedule_rules.workdays import standard_workdays
from tests.use.office import Office, at
from tests.use.test_forecast import foreseen, sent
from tests.use.town import TOWN, action, newest, town

ROWS = (f"{TOWN}:fair:milestone:end", f"{TOWN}:garden:milestone:end", f"{TOWN}:choir:review:2024")
CODES: tuple[AnswerCode, ...] = ("done", "on-track", "late", "not-ours")
UNITS = ("library", "museum", "spring")
FIRST, LAST, THEN = date(2025, 1, 7), date(2025, 2, 14), date(2025, 3, 31)
Life = list[tuple[int, tuple[str, str, str]]]

deeds = st.one_of(
    st.tuples(st.just("answer"), st.sampled_from(ROWS), st.sampled_from(CODES)),
    st.tuples(st.just("undo"), st.just(""), st.just("")),
    st.tuples(st.just("pause"), st.sampled_from(ROWS), st.sampled_from(("3", "9", "30"))),
    st.tuples(st.just("resume"), st.sampled_from(ROWS), st.just("")),
    st.tuples(st.sampled_from(UNITS), st.sampled_from(UNITS), st.sampled_from(("-3", "0", "5", "12"))),
)
lives = st.lists(st.tuples(st.integers(0, 38), deeds), max_size=8)


def do(office: Office, day: date, deed: tuple[str, str, str]) -> None:
    """What a person does in the afternoon; what is refused changes nothing."""
    service = office.service(f"{day}T14:00")
    what, which, how = deed
    try:
        if what == "answer":
            code = next(code for code in CODES if code == how)
            record_answer(service, AnswerGiven(which, code, whose="x" if code == "not-ours" else ""))
        elif what == "undo":
            undo_answer(service, newest(office) if office.look("answer", "id") else 0)
        elif what == "pause":
            pause_reminders(service, PauseRequest(which, day + timedelta(days=int(how)), "x"))
        elif what == "resume":
            resume_reminders(service, which)
        else:
            hand_over(service, HandOver(TOWN, what, which, day + timedelta(days=int(how))))
    except RemindersError:
        return


def sending(first: date, last: date) -> list[date]:
    """The sending days of a stretch: on others a run does nothing."""
    return list(standard_workdays().between(Span(first, last)))


def opened(folder: Path, name: str) -> Office:
    """The town in a file of its own."""
    database = Database(f"sqlite:///{folder}/{name}.db")
    database.migrate()
    actions = (
        action("fair", "1/2025", "library"),
        action("garden", "2/2025", "library", "museum"),
        action("choir", "Jatkuva", "spring"),
    )
    return town(database, *actions)


def live(office: Office, life: Life, *, often: bool) -> None:
    """Run each sending day to ``LAST``, with what people do then; ``often``: plan thrice before each run."""
    for day in sending(FIRST, LAST):
        for _ in range(3 if often else 0):
            plan_days(office.database, day, at(f"{day}T09:00"))
        office.tick(f"{day}T09:00")
        for number, deed in life:
            if FIRST + timedelta(days=number) == day:
                do(office, day, deed)


@settings(max_examples=5)
@given(lives)
def test_planning_again_changes_nothing(life: Life) -> None:
    """Same reminders and mails with three plannings a day as with one; never two mails an address a day."""
    with tempfile.TemporaryDirectory() as folder:
        once, thrice = opened(Path(folder), "once"), opened(Path(folder), "thrice")
        live(once, life, often=False)
        live(thrice, life, often=True)
        columns = ("occurrence_id", "sequence", "stage", "recipient", "organisations", "state")
        assert once.look("reminder", *columns) == thrice.look("reminder", *columns)
        assert once.look("digest", "local_date", "recipient", "items") == thrice.look(
            "digest", "local_date", "recipient", "items"
        )
        days = Counter(once.look("digest", "local_date", "recipient"))
        assert set(days.values()) <= {1}


@settings(max_examples=5)
@given(lives)
def test_the_forecast_after_any_life_comes_true(life: Life) -> None:
    """What is foreseen on the evening of the last day is what the next weeks send."""
    window = Span(LAST + timedelta(days=1), THEN)
    with tempfile.TemporaryDirectory() as folder:
        office = opened(Path(folder), "town")
        live(office, life, often=False)
        with office.database.read() as connection:
            before = foreseen(forecast_window(connection, window))
        for day in sending(window.first, window.last):
            office.tick(f"{day}T09:00")
        assert sent(office.service(f"{THEN}T12:00"), window) == before

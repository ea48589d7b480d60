"""Dates that a unit enters count towards its target; behind the pace is an item, once a checkpoint."""

from __future__ import annotations

from datetime import date

import pytest

from reminders.errors import NotFoundError, RemindersError, UsageError
from reminders.planning.targets import target_standing, targets
from reminders.use.answers.target_dates import EnteredDate, enter_date, entered_for, take_back_date
from reminders.use.people.preferences import PreferenceChange, change_preferences
from reminders.use.planning.load_state import load_states
from schedule_rules.days import Span
from tests.use.office import VAASA, Office, body, parsed

FAIRS, VISITS = "work-mini-recruitment-fairs", "education-workplace-visits"
COUNTED = (FAIRS, VISITS, "health-culture-buddy", "social-welcome-to-vaasa")
UNIT = "employment-ecosystem-contact@vaasa.example"
HEAD = "employment-ecosystem-head@vaasa.example"
DAY = date(2025, 3, 12)
SPRING = Span(date(2025, 3, 27), date(2025, 4, 4))
SUMMER = Span(date(2025, 6, 26), date(2025, 8, 6))


def run(office: Office, window: Span) -> list[tuple[str, str, str]]:
    """Tick every day; the forecast said the same; return the items of the pace: day, address, occurrence."""
    return [
        (day.isoformat(), to, occurrence.removeprefix(f"{VAASA}:"))
        for day, to, _, items in office.run_as_foreseen(window, accept_clock=True)
        for occurrence, stage, _ in items
        if stage == "pace"
    ]


def hold(office: Office, action: str, *days: str) -> None:
    """Enter dates in the unit's name."""
    for day in days:
        enter_date(office.service("2025-04-07T12:00"), EnteredDate(action, date.fromisoformat(day), UNIT))


def test_behind_the_pace_is_said_once_a_checkpoint(office: Office) -> None:
    """Nothing entered: an item when the quarter ends; entered dates stop it; nobody else is told."""
    office.tick("2025-03-03T09:00")
    assert run(office, SPRING) == [("2025-03-31", UNIT, f"{VISITS}:event:pace-target-year-2025-03-31")]
    hold(office, VISITS, "2025-01-15", "2025-02-12", "2025-03-12", "2025-05-14")
    assert run(office, SUMMER) == [("2025-06-30", UNIT, f"{FAIRS}:event:pace-target-year-2025-06-30")]
    assert HEAD not in set(office.look("reminder", "recipient", stage="pace"))


def test_a_date_entered_before_it_leaves_stops_the_item(office: Office) -> None:
    """For a reader of Thursdays it waits, then it is cancelled; taken back, the next one asks again."""
    change_preferences(office.service("2025-05-30T12:00"), VAASA, UNIT, PreferenceChange(weekday="thu"))
    office.tick("2025-06-02T09:00")
    office.tick("2025-06-30T09:00")
    assert office.look("reminder", "state", stage="pace", recipient=UNIT) == ["planned"] * 2
    hold(office, FAIRS, "2025-05-14")
    hold(office, VISITS, *(f"2025-05-{day}" for day in range(10, 14)))
    office.tick("2025-08-07T09:00")
    assert office.look("reminder", "state", stage="pace", recipient=UNIT) == ["cancelled"] * 2
    take_back_date(office.service("2025-08-07T12:00"), EnteredDate(FAIRS, date(2025, 5, 14), UNIT))
    for day in ("2025-09-19", "2025-09-30", "2025-10-02"):
        office.tick(f"{day}T09:00")
    states = dict(office.look("reminder", "occurrence_id", "state", stage="pace", recipient=UNIT))
    assert states[f"{VAASA}:{FAIRS}:event:pace-target-year-2025-09-30"] == "sent"


def test_what_the_mail_says(office: Office) -> None:
    """How often so far, of how many, when next, what to do; no answer buttons, no promise."""
    hold(office, VISITS, "2025-02-12", "2025-06-11", "2025-10-01")
    office.tick("2025-06-02T09:00")
    office.tick("2025-06-30T09:00")
    text = " ".join(body(parsed(office.look("outbox", "raw", rcpt=UNIT)[-1])).split())
    assert "Vuonna 2025: 2 kertaa, tavoite vähintään 10 · Seuraava ke 1.10.2025" in text
    assert "Vuonna 2025: 0 kertaa, tavoite 4–5 · Seuraavaa päivää ei ole ilmoitettu" in text
    assert "Ilmoita toteutuneet ja tulevat päivät." in text


def test_every_target_stands_by_its_dates(office: Office) -> None:
    """By action and year: done, coming, as printed."""
    hold(office, FAIRS, "2025-02-12", "2025-03-12", "2025-11-05")
    with office.database.read() as connection:
        state = load_states(connection)[VAASA]
    known = {
        action: (state.target_dates.get((action, name), ()), rule)
        for (action, name), rule in targets(state.programme).items()
    }
    dates, rule = known[FAIRS]
    found = [target_standing(rule, dates, year, date(2025, 4, 1)) for year in range(2023, 2027)]
    assert [(one.year, one.entered, one.minimum, one.maximum) for one in found] == [
        (2023, 0, 4, 5),
        (2024, 0, 4, 5),
        (2025, 2, 4, 5),
        (2026, 0, 4, 5),
    ]
    assert found[2].coming == (date(2025, 11, 5),)
    assert set(known) == set(COUNTED)


def test_dates_are_entered_listed_and_taken_back(office: Office) -> None:
    """Each stays in the table, with who entered it; two on a day need notes of their own."""
    service = office.service("2025-04-07T12:00")
    day = date(2025, 3, 12)
    assert enter_date(service, EnteredDate(VISITS, day, UNIT, "Wärtsilä")).entered == 1
    assert enter_date(service, EnteredDate(VISITS, day, UNIT, "ABB")).entered == 2
    assert [(one.on, one.note, one.by, one.organisation) for one in entered_for(service, VISITS)] == [
        (day, "Wärtsilä", UNIT, "employment-ecosystem"),
        (day, "ABB", UNIT, "employment-ecosystem"),
    ]
    assert take_back_date(service, EnteredDate(VISITS, day, UNIT, "ABB")).entered == 1
    assert [one.note for one in entered_for(service, VISITS)] == ["Wärtsilä"]
    assert len(office.look("target_date", "id")) == 2


@pytest.mark.parametrize(
    ("entered", "error", "words"),
    [
        (
            EnteredDate("nothing", DAY),
            NotFoundError,
            "no action 'nothing'; reminders occurrences shows the ids",
        ),
        (
            EnteredDate("work-cv-clinic", DAY),
            UsageError,
            f"action: expected one with a target ({', '.join(COUNTED)}); found 'work-cv-clinic'",
        ),
        (
            EnteredDate(FAIRS, date(2027, 3, 12)),
            UsageError,
            "date: expected a day from 2023-01-01 to 2026-12-31; found 2027-03-12",
        ),
        (
            EnteredDate(FAIRS, DAY, "x@y.example"),
            NotFoundError,
            "no contact with the address x@y.example",
        ),
        (
            EnteredDate(FAIRS, DAY, "alma-contact@vaasa.example"),
            NotFoundError,
            "alma-contact@vaasa.example is not responsible for work-mini-recruitment-fairs",
        ),
        (
            EnteredDate(FAIRS, DAY, UNIT),
            UsageError,
            "2025-03-12 is entered already; another time on that day needs a note of its own",
        ),
    ],
)
def test_a_date_that_does_not_count_is_refused(
    office: Office, entered: EnteredDate, error: type[RemindersError], words: str
) -> None:
    """It says what was expected; nothing is stored."""
    hold(office, FAIRS, "2025-03-12")
    with pytest.raises(error) as caught:
        enter_date(office.service("2025-04-07T12:00"), entered)
    assert str(caught.value) == words
    assert len(office.look("target_date", "id")) == 1


def test_what_is_not_entered_cannot_be_taken_back(office: Office) -> None:
    """It says so."""
    with pytest.raises(NotFoundError) as caught:
        take_back_date(office.service("2025-04-07T12:00"), EnteredDate(FAIRS, date(2025, 3, 12)))
    assert str(caught.value) == f"no date 2025-03-12 is entered for {FAIRS} by employment-ecosystem"

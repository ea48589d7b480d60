"""Nothing announces what will not be: an action that has ended has no reviews, deadlines or events ahead.

The secretary approved that an action had ended, and nothing was asked any more. Its reviews of the years to
come, and the assumed dates of its events, still stood in feeds, on pages and in forecasts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import icalendar
import pytest

from reminders.store import Database, programmes
from reminders.use.answers.record import AnswerGiven, approve_proposal, record_answer, undo_answer
from reminders.use.feeds.source import feed_of, source_of
from reminders.use.planning.load_state import load_state
from reminders.use.series.edits import Edit
from reminders.use.series.saves import save_series
from reminders.web.programme.timeline import timeline_stretch
from schedule_rules.programme import Action, EditedSeries, Programme
from tests.use.office import Office
from tests.use.town import LIBRARY, SECRETARY, TOWN, action, newest, run, town
from tests.web.conftest import Reader

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
CHOIR = f"{TOWN}:choir:review:2025"
NOON = "2026-01-12T12:00"


@pytest.fixture
def choir_town(database: Database) -> Office:
    """A choir that goes on, and a fair; started in January 2026, when the choir of 2025 was asked about."""
    office = town(
        database,
        action("choir", "Jatkuva", "library"),
        action("fair", "Jatkuva", "museum"),
        on="2026-01-08",
    )
    run(office, "2026-01-08", "2026-01-12")
    return office


def propose(office: Office, when: str = NOON) -> int:
    """The library is done with the review of 2025, and says that the choir has ended."""
    record_answer(office.service(when), AnswerGiven(CHOIR, "done", LIBRARY, "Kuoro lopetti", ended=True))
    return newest(office)


def end(office: Office) -> int:
    """The choir ends on 12 January 2026."""
    answer = propose(office)
    approve_proposal(office.service("2026-01-12T14:00"), answer, SECRETARY)
    return answer


def entries(office: Office, name: str = "all") -> dict[str, Any]:
    """The feed's entries about the choir, by their day and, of an override, the day that it had."""
    with office.database.read() as connection:
        source = source_of(connection, TOWN, office.service(NOON).settings)
    body = feed_of(source, name, "en", "https://x.example").body
    found: list[Any] = list(icalendar.Calendar.from_ical(body).walk("VEVENT"))
    return {str(one["DTSTART"].dt)[:10]: one for one in found if "/choir" in str(one.get("URL", ""))}


def said(entry: Any) -> tuple[str, int, bool]:
    """Status, SEQUENCE and whether its title says that it is cancelled."""
    return str(entry["STATUS"]), int(entry["SEQUENCE"]), str(entry["SUMMARY"]).startswith("CANCELLED:")


@SQLITE
def test_its_reviews_ahead_are_cancelled_in_calendars(choir_town: Office) -> None:
    """That of 2026; those that have been, and another action's, stay as they were."""
    before = entries(choir_town)
    assert said(before["2026-10-31"]) == ("CONFIRMED", 0, False)
    end(choir_town)
    after = entries(choir_town)
    assert said(after["2026-10-31"]) == ("CANCELLED", 1, True)
    assert after["2026-10-31"]["LAST-MODIFIED"].dt > before["2026-10-31"]["LAST-MODIFIED"].dt
    assert after["2026-10-31"]["UID"] == before["2026-10-31"]["UID"]
    assert [said(after[day])[0] for day in ("2024-10-31", "2025-10-31")] == ["CONFIRMED"] * 2
    fair = choir_town.look("occurrence", "status", id=f"{TOWN}:fair:review:2026")
    assert fair == ["needs-action"]


@SQLITE
def test_taken_back_it_stands_again(choir_town: Office) -> None:
    """By undoing the answer, or by another one: the review is there again, and asked about."""
    answer = end(choir_town)
    undo_answer(choir_town.service("2026-01-12T15:00"), answer, LIBRARY)
    assert said(entries(choir_town)["2026-10-31"]) == ("CONFIRMED", 2, False)
    end(choir_town)
    assert said(entries(choir_town)["2026-10-31"])[0] == "CANCELLED"
    record_answer(choir_town.service("2026-01-13T12:00"), AnswerGiven(CHOIR, "on-track", LIBRARY))
    assert said(entries(choir_town)["2026-10-31"]) == ("CONFIRMED", 4, False)
    assert choir_town.look("ended_action", "action") == []


@SQLITE
def test_what_was_answered_before_stays_answered(choir_town: Office) -> None:
    """A review that lies ahead and was answered: the answer is no less true."""
    ahead = f"{TOWN}:choir:review:2026"
    record_answer(choir_town.service(NOON), AnswerGiven(ahead, "done", LIBRARY, ended=True))
    approve_proposal(choir_town.service("2026-01-12T14:00"), newest(choir_town), SECRETARY)
    assert choir_town.look("occurrence", "status", id=ahead) == ["needs-action"]


@SQLITE
def test_dates_that_people_set_are_cancelled_and_assumed_ones_go(choir_town: Office) -> None:
    """Weekly rehearsals ahead are announced as cancelled; monthly ones that nobody confirmed go unsaid."""
    monthly = replace(_series("tentative"), rrule="FREQ=MONTHLY;BYDAY=3TH")
    for series in (_series("confirmed"), monthly):
        one = Edit(TOWN, "choir", "new", SECRETARY, series=series)
        save_series(choir_town.service("2026-01-09T12:00"), one)
    assumed = _events(choir_town, "tentative")
    assert max(assumed) > date(2026, 1, 12)
    end(choir_town)
    assert _events(choir_town, "tentative") == [day for day in assumed if day <= date(2026, 1, 12)]
    standing, cancelled = _events(choir_town, "confirmed"), _events(choir_town, "cancelled")
    assert max(standing) <= date(2026, 1, 12) < min(cancelled)
    assert sorted((*standing, *cancelled)) == _days()
    found = entries(choir_town, "events")
    assert said(found["2026-01-15"])[0] == "CANCELLED"
    assert said(found["2026-01-15"])[1] >= 1


def _series(state: Any) -> EditedSeries:
    return EditedSeries(
        "choir",
        "new",
        date(2025, 11, 6),
        date(2026, 6, 30),
        "FREQ=WEEKLY",
        at=time(17),
        minutes=90,
        state=state,
    )


def _days() -> list[date]:
    first = date(2025, 11, 6).toordinal()
    closed = {date(2025, 12, 25), date(2026, 1, 1), date(2026, 5, 14)}
    return [day for n in range(34) if (day := date.fromordinal(first + 7 * n)) not in closed]


def _events(office: Office, status: str) -> list[date]:
    rows = office.look("occurrence", "due", "id", status=status)
    return sorted(due for due, row_id in rows if ":event:" in row_id)


@SQLITE
def test_sixty_days_after_its_date_it_leaves_the_calendars(choir_town: Office) -> None:
    """As a change that the run stores; the row stays."""
    end(choir_town)
    choir_town.tick("2026-12-30T09:00", accept_clock=True)
    assert "2026-10-31" in entries(choir_town)
    choir_town.tick("2026-12-31T09:00", accept_clock=True)
    assert "2026-10-31" not in entries(choir_town)
    assert choir_town.look("occurrence", "status", id=f"{TOWN}:choir:review:2026") == ["cancelled"]


@SQLITE
def test_pages_and_commands_say_that_it_ended(choir_town: Office) -> None:
    """The action's page since when; no number counts its review."""
    end(choir_town)
    page = Reader(choir_town.service("2026-02-02T12:00")).get(f"/actions/choir?programme={TOWN}&lang=en").text
    assert "The action ended on Mon 12\xa0Jan 2026." in page
    assert "Ended" in page
    bar = timeline_stretch(*_choir(choir_town))
    assert bar is not None
    assert (bar.last, bar.open_end) == (date(2026, 1, 12), False)
    with choir_town.database.read() as connection:
        state = load_state(connection, programmes.stored_programme(connection, TOWN))
    assert state.occurrences[f"{TOWN}:choir:review:2026"].status == "cancelled"


def _choir(office: Office) -> tuple[Action, Programme]:
    with office.database.read() as connection:
        own = programmes.stored_programme(connection, TOWN).programme
    return own.action_by_id["choir"], own


@SQLITE
def test_an_action_that_ended_before_this_was_noted_is_brought_up_to_date(choir_town: Office) -> None:
    """The first run of the new release notes it, once."""
    end(choir_town)
    with choir_town.database.write() as connection:
        programmes.set_ended(connection, TOWN, {})
    choir_town.tick("2026-01-13T09:00")
    assert choir_town.look("ended_action", "action", "on") == [("choir", date(2026, 1, 12))]
    assert said(entries(choir_town)["2026-10-31"])[0] == "CANCELLED"

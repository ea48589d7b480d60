"""What a programme has no more: what was held stays in calendars, what was to come is cancelled, no more.

Seen: a deadline that a correction put into the past stood there for ever once the correction was taken back,
though nobody ever held it; a whole series vanished from every calendar, past dates too, when a new version
had its action no more. The dates that are expected are counted by hand; feeds are expanded by another's code.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import icalendar
import pytest
import recurring_ical_events

from reminders.store import Database
from reminders.use.feeds.source import Source, dates_of_action, feed_of, source_of
from reminders.use.people.hand_over import HandOver, hand_over
from reminders.use.programme.correct import CorrectionDecision, correct_action
from reminders.use.programme.store_programme import store_programme
from reminders.use.series.edits import NEW, Edit
from reminders.use.series.saves import save_series
from schedule_rules.programme import Action, DateChange, EditedSeries, Text
from tests.use.office import Office
from tests.use.town import TOWN, action, programme, run, town

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
MARCH = "2026-03-02T10:00"


def source(office: Office) -> Source:
    """What stands in calendars."""
    with office.database.read() as connection:
        return source_of(connection, TOWN, office.service(MARCH).settings)


def vevents(office: Office, name: str = "all") -> list[Any]:
    """The entries about the choir in a feed."""
    calendar = icalendar.Calendar.from_ical(feed_of(source(office), name, "en", "https://x.example").body)
    return [one for one in calendar.walk("VEVENT") if "Choir" in str(one["SUMMARY"])]


def seen(office: Office, name: str = "all") -> list[tuple[str, str]]:
    """Day and status of each date of the choir, as another's code expands a feed."""
    body = feed_of(source(office), name, "en", "https://x.example").body
    found: list[Any] = recurring_ical_events.of(icalendar.Calendar.from_ical(body)).between(
        (2024, 1, 1), (2027, 1, 1)
    )
    own = (one for one in found if "Choir" in str(one["SUMMARY"]))
    return sorted((str(one["DTSTART"].dt)[:10], str(one.get("STATUS", "CONFIRMED"))) for one in own)


def correct(office: Office, field: Any, value: str, when: str = MARCH) -> None:
    """The secretary corrects the choir."""
    correct_action(office.service(when), CorrectionDecision("choir", field, value, "secretary", "", TOWN))


def renew(office: Office, *actions: Action, when: str = MARCH) -> None:
    """Another version of the programme is stored."""
    with office.database.write() as connection:
        store_programme(connection, programme(*actions), office.service(when).clock())


# -- deadlines


@SQLITE
def test_a_deadline_that_was_put_into_the_past_and_taken_back(database: Database) -> None:
    """It goes, whoever led the action meanwhile: nobody was told of it before it passed."""
    office = town(database, action("choir", "Jatkuva", "library"), on="2026-01-08")
    run(office, "2026-01-08", "2026-01-09")
    before = seen(office)
    correct(office, "schedule", "2025")
    assert ("2025-12-31", "CONFIRMED") in seen(office)
    correct(office, "leads", "museum", "2026-03-02T11:00")
    correct(office, "schedule", "Jatkuva", "2026-03-03T10:00")
    assert seen(office) == before
    assert [day for day, _ in seen(office, "library")] == ["2024-10-31", "2025-10-31"]


@SQLITE
def test_a_deadline_that_was_told_in_time_stays(database: Database) -> None:
    """Corrected to the end of March in good time, taken back in June: it has been, and stays."""
    office = town(database, action("choir", "Jatkuva", "library"), on="2026-01-08")
    run(office, "2026-01-08", "2026-01-09")
    correct(office, "schedule", "31.3.2026")
    correct(office, "name-en", "Choir of all", "2026-04-20T10:00")  # later words change nothing about it
    correct(office, "schedule", "Jatkuva", "2026-06-01T10:00")
    assert ("2026-03-31", "CONFIRMED") in seen(office)


# -- series


WEEKLY = EditedSeries(
    action="choir",
    name=NEW,
    first=date(2026, 2, 4),
    until=date(2026, 4, 29),
    rrule="FREQ=WEEKLY;BYDAY=WE",
    at=time(17),
    minutes=120,
    title=Text("Choir", "Choir", "Choir"),
)
HELD = ["2026-02-04", "2026-02-11", "2026-02-18", "2026-02-25"]
AHEAD = [f"2026-03-{day}" for day in ("04", "11", "18", "25")] + [
    f"2026-04-{day}" for day in ("01", "08", "15", "22", "29")
]


@pytest.fixture
def weekly(database: Database) -> Office:
    """A choir each Wednesday at 17 from 4 February to 29 April; of 11 March it was moved to Friday."""
    office = town(
        database, action("choir", "2026", "library"), action("fair", "2026", "museum"), on="2026-01-08"
    )
    run(office, "2026-01-08", "2026-01-09")
    service = office.service("2026-01-12T10:00")
    save_series(service, Edit(TOWN, "choir", NEW, "secretary", series=WEEKLY))
    moved = DateChange(date(2026, 3, 11), date(2026, 3, 13))
    save_series(service, Edit(TOWN, "choir", "own-2", "secretary", change=moved))
    return office


def series_uids(office: Office) -> dict[str, int]:
    """SEQUENCE of each UID of events."""
    return {str(one["UID"]): int(one["SEQUENCE"]) for one in vevents(office, "events")}


@SQLITE
def test_a_series_whose_action_a_new_version_has_no_more(weekly: Office) -> None:
    """Held dates stay, those to come are cancelled where they stand, under the UID; sixty days long."""
    ((uid, sequence),) = series_uids(weekly).items()
    renew(weekly, action("fair", "2026", "museum"))
    ahead = [day.replace("03-11", "03-13") for day in AHEAD]
    assert seen(weekly, "events") == [
        *((day, "CONFIRMED") for day in HELD),
        *((day, "CANCELLED") for day in ahead),
    ]
    assert series_uids(weekly) == {uid: sequence + 1}
    assert seen(weekly, "library.events") == seen(weekly, "events")
    listed = [one for one in source(weekly).dates if one.uid == uid]
    assert [one.day.isoformat() for one in listed] == [*HELD, *ahead]
    # Sixty days after 13 March is 12 May, after 29 April 28 June.
    weekly.tick("2026-05-12T09:00", accept_clock=True)
    assert ("2026-03-13", "CANCELLED") in seen(weekly, "events")
    weekly.tick("2026-05-13T09:00", accept_clock=True)
    assert ("2026-03-13", "CANCELLED") not in seen(weekly, "events")
    weekly.tick("2026-06-29T09:00", accept_clock=True)
    assert seen(weekly, "events") == [(day, "CONFIRMED") for day in HELD]


@SQLITE
def test_a_series_that_comes_again(weekly: Office) -> None:
    """The action is in the next version again: everything stands as it stood, with a higher SEQUENCE."""
    before, ((uid, sequence),) = seen(weekly), series_uids(weekly).items()
    renew(weekly, action("fair", "2026", "museum"))
    renew(
        weekly, action("choir", "2026", "library"), action("fair", "2026", "museum"), when="2026-03-03T10:00"
    )
    assert seen(weekly) == before
    assert series_uids(weekly) == {uid: sequence + 2}


@SQLITE
def test_a_series_without_a_past_is_cancelled_whole(weekly: Office) -> None:
    """In January nothing of it has been."""
    renew(weekly, action("fair", "2026", "museum"), when="2026-01-13T10:00")
    assert {status for _, status in seen(weekly, "events")} == {"CANCELLED"}
    assert len(seen(weekly, "events")) == 13


@SQLITE
def test_dates_one_by_one_are_cancelled_too(database: Database) -> None:
    """Of a series of single dates each has its own UID: the held one stays, the others are cancelled."""
    office = town(
        database, action("choir", "2026", "library"), action("fair", "2026", "museum"), on="2026-01-08"
    )
    dates = (date(2026, 2, 4), date(2026, 5, 6))
    single = replace(WEEKLY, rrule="", dates=dates)
    save_series(office.service("2026-01-12T10:00"), Edit(TOWN, "choir", NEW, "secretary", series=single))
    renew(office, action("fair", "2026", "museum"))
    assert seen(office, "events") == [("2026-02-04", "CONFIRMED"), ("2026-05-06", "CANCELLED")]


@SQLITE
def test_a_frequency_that_is_corrected_away(database: Database) -> None:
    """Assumed dates that have been stay as they were told; those to come are cancelled."""
    monthly = replace(
        action("choir", "2026", "library"), indicator=Text("1 krt/kk", "1 gång/mån", "once a month")
    )
    office = town(database, monthly, on="2026-01-08")
    run(office, "2026-01-08", "2026-01-09")
    uids = series_uids(office)
    assert [status for _, status in seen(office, "events")[:2]] == ["TENTATIVE", "TENTATIVE"]
    correct(office, "frequency", "")
    # Second Thursdays; 14 May 2026 is Ascension Day, and July is quiet.
    ahead = ["03-12", "04-09", "06-11", "08-13", "09-10", "10-08", "11-12", "12-10"]
    assert seen(office, "events") == [
        ("2026-01-08", "TENTATIVE"),
        ("2026-02-12", "TENTATIVE"),
        *((f"2026-{day}", "CANCELLED") for day in ahead),
    ]
    assert series_uids(office).keys() == uids.keys()
    listed = [one.day for one in dates_of_action(source(office), "choir") if one.kind == "event"]
    assert [f"{day:%m-%d}" for day in listed] == ["01-08", "02-12", *ahead]


@SQLITE
def test_a_series_stays_with_who_had_it(weekly: Office) -> None:
    """Responsibility is corrected: the library keeps what it had, under the same UID, in the museum's too."""
    before = seen(weekly, "library.events")
    correct(weekly, "leads", "museum")
    assert seen(weekly, "museum.events") == before
    assert seen(weekly, "library.events") == before


@SQLITE
def test_a_series_that_is_handed_over_stays_too(weekly: Office) -> None:
    """Handed over in March, it stands whole with both, as when responsibility is corrected."""
    before = seen(weekly, "library.events")
    hand_over(
        weekly.service(MARCH), HandOver(TOWN, "library", "museum", date(2026, 3, 2), ("choir",), "secretary")
    )
    assert seen(weekly, "library.events") == before
    assert seen(weekly, "museum.events") == before


@SQLITE
def test_what_people_remove_goes_as_they_decide(weekly: Office) -> None:
    """Held dates stay, those to come go without a word, as the button says."""
    save_series(weekly.service(MARCH), Edit(TOWN, "choir", "own-2", "secretary", remove=True))
    assert seen(weekly, "events") == [(day, "CONFIRMED") for day in HELD]

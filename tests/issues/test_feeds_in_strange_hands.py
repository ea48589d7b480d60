"""What stands in calendars is what people hold: on every page, under every link, after every edit.

Seen: a page that announced cancelled dates and showed a moved one on its old day too; links to single dates
that answered 404; a correction that took the reviews of past years out of everybody's calendar; private
calendars whose Last-Modified stood still while people came and went; notes of empty calendars in 2023. The
days that are expected here are counted by hand or by another expander, not by the service.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import icalendar
import pytest
import recurring_ical_events

from reminders.errors import UnknownFeedError, UsageError
from reminders.store import Database, people as store_people
from reminders.store.programmes import stored_programme
from reminders.use.feeds.private_feeds import issue_feed, read_private_feed
from reminders.use.feeds.source import Source, feed_of, source_of
from reminders.use.programme.correct import CorrectionDecision, correct_action
from reminders.use.programme.settings import SettingChange, change_setting
from reminders.use.programme.store_programme import store_programme
from reminders.use.series.action_series import series_of
from reminders.use.series.edits import Edit
from reminders.use.series.saves import save_series
from schedule_rules.programme import LANGUAGES, Action, Defaults, Text, TextLang
from tests.use.office import Office
from tests.use.town import ANNA, PEOPLE, SECRETARY, TOWN, action, programme, run, town

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
BASE = "https://x.example"


def vevents(octets: bytes) -> list[Any]:
    """The entries of a feed."""
    return list(icalendar.Calendar.from_ical(octets).walk("VEVENT"))


# -- after an edit ------------------------------------------------------------------------------


def source(office: Office, when: str = "2026-03-02T10:00") -> Source:
    """What stands in calendars."""
    with office.database.read() as connection:
        return source_of(connection, TOWN, office.service(when).settings)


def entries(office: Office, name: str = "all") -> dict[str, tuple[str, int, str]]:
    """Status, SEQUENCE and UID of a feed's entries about the choir, by day."""
    body = feed_of(source(office), name, "en", BASE).body
    return {
        str(one["DTSTART"].dt)[:10]: (str(one["STATUS"]), int(one["SEQUENCE"]), str(one["UID"]))
        for one in vevents(body)
        if "Choir" in str(one["SUMMARY"])
    }


def correct(office: Office, field: Any, value: str, when: str = "2026-03-02T10:00") -> None:
    """The secretary corrects the choir."""
    correct_action(office.service(when), CorrectionDecision("choir", field, value, "secretary", "", TOWN))


@pytest.fixture
def choir(database: Database) -> Office:
    """A choir without an end, of 2024–2026, running since January 2026."""
    office = town(database, action("choir", "Jatkuva", "library"), on="2026-01-08")
    run(office, "2026-01-08", "2026-01-09")
    return office


@SQLITE
def test_past_reviews_stay_when_the_schedule_is_corrected(choir: Office) -> None:
    """Those of 2024 and 2025 as they were told; that of 2026 is cancelled, until sixty days after its day."""
    before = entries(choir)
    assert sorted(before) == ["2024-10-31", "2025-10-31", "2026-10-31"]
    correct(choir, "schedule", "2025")
    after = entries(choir)
    assert {day: after[day] for day in ("2024-10-31", "2025-10-31")} == {
        day: before[day] for day in ("2024-10-31", "2025-10-31")
    }
    status, sequence, uid = before["2026-10-31"]
    assert (status, after["2026-10-31"]) == ("CONFIRMED", ("CANCELLED", sequence + 1, uid))
    assert entries(choir, "library") == after
    # Sixty days after 31 October is 30 December.
    choir.tick("2026-12-30T09:00", accept_clock=True)
    assert "2026-10-31" in entries(choir)
    stamp = source(choir).changed["all"]
    choir.tick("2026-12-31T09:00", accept_clock=True)
    assert sorted(entries(choir)) == ["2024-10-31", "2025-10-31", "2025-12-31"]
    assert source(choir).changed["all"] > stamp


@SQLITE
def test_corrected_back_everything_stands_again(choir: Office) -> None:
    """Under the same UID, with a higher SEQUENCE where it was cancelled."""
    before = entries(choir)
    correct(choir, "schedule", "2025")
    correct(choir, "schedule", "Jatkuva", "2026-03-03T10:00")
    after = entries(choir)
    # The deadline that the correction gave was past already: it was never held, and goes.
    assert "2025-12-31" not in after
    assert {day: row[2] for day, row in after.items()} == {day: row[2] for day, row in before.items()}
    assert [after[day][:2] for day in sorted(after)] == [("CONFIRMED", n) for n in (0, 0, 2)]


@SQLITE
def test_a_draft_keeps_nothing(database: Database) -> None:
    """A programme that was never let out is put right without a trace in calendars."""
    made = programme(action("choir", "Jatkuva", "library"))
    office = Office(database)
    with database.write() as connection:
        store_programme(connection, made, office.service("2026-01-08T09:00").clock(), held=True)
    correct(office, "schedule", "2025")
    assert sorted(entries(office)) == ["2025-12-31"]


@SQLITE
def test_past_dates_stay_with_who_had_them(choir: Office) -> None:
    """Responsibility is corrected: what was past stays in the library's feed, and is in the museum's too."""
    before = entries(choir, "library")
    correct(choir, "leads", "museum")
    assert sorted(entries(choir, "library")) == ["2024-10-31", "2025-10-31"]
    assert sorted(entries(choir, "museum")) == ["2024-10-31", "2025-10-31", "2026-10-31"]
    assert {row[2] for row in entries(choir).values()} == {row[2] for row in before.values()}


@SQLITE
def test_an_action_that_a_new_version_has_no_more(choir: Office) -> None:
    """Its past stays, with a link that opens; what was to come is cancelled."""
    later = programme(action("fair", "Jatkuva", "museum"))
    service = choir.service("2026-03-02T10:00")
    with choir.database.write() as connection:
        store_programme(connection, later, service.clock())
    after = entries(choir)
    assert [(day, after[day][0]) for day in sorted(after)] == [
        ("2024-10-31", "CONFIRMED"),
        ("2025-10-31", "CONFIRMED"),
        ("2026-10-31", "CANCELLED"),
    ]
    shown = [one for one in source(choir).dates if "Choir" in one.title.en]
    assert {one.url.rpartition("8000")[2] for one in shown} == {f"/?programme={TOWN}"}


@SQLITE
def test_past_reviews_keep_their_day_when_the_setting_changes(choir: Office) -> None:
    """Reviews are due on 30 September from now on: those that have been were on 31 October."""
    service = choir.service("2026-03-02T10:00")
    change_setting(service, SettingChange(TOWN, "review", "30.9.", "secretary"))
    assert sorted(entries(choir)) == ["2024-10-31", "2025-10-31", "2026-09-30"]
    rows = choir.look("occurrence", "due", "id")
    assert sorted(day.isoformat() for day, row_id in rows if ":review:" in row_id) == sorted(entries(choir))


# -- a series that is moved ----------------------------------------------------------------------


def events(office: Office, name: str = "events") -> dict[str, tuple[str, str, str]]:
    """Status, UID and SUMMARY of each date of an event, by day, as another's code expands a feed."""
    body = feed_of(source(office), name, "en", BASE).body
    found: list[Any] = recurring_ical_events.of(icalendar.Calendar.from_ical(body)).between(
        (2024, 1, 1), (2027, 1, 1)
    )
    own = [one for one in found if "Nothing scheduled" not in str(one["SUMMARY"])]
    made = {
        str(one["DTSTART"].dt)[:10]: (str(one["STATUS"]), str(one["UID"]), str(one["SUMMARY"])) for one in own
    }
    assert len(made) == len(own)  # no day twice
    return made


def statuses(office: Office) -> dict[str, str]:
    """The status of each date of an event."""
    return {day: row[0] for day, row in sorted(events(office).items())}


def written(office: Office) -> list[bytes]:
    """The lines of the series' own entry but those that say when it was written, and what is corrected."""
    body = feed_of(source(office), "events", "en", BASE).body
    (entry,) = (one for one in vevents(body) if "RRULE" in one)
    for name in ("DTSTAMP", "LAST-MODIFIED", "DESCRIPTION"):
        entry.pop(name)
    return list(entry.to_ical().splitlines())


def yearly(schedule: str) -> Action:
    """A choir with one event a year."""
    return replace(
        action("choir", schedule, "library"), indicator=Text("1 krt/v", "1 gång/år", "once a year")
    )


@pytest.fixture
def autumn(database: Database) -> Office:
    """A choir that sings on the second Thursday of November 2024, 2025 and 2026, by assumption."""
    office = town(database, yearly("Jatkuva"), on="2026-01-08")
    run(office, "2026-01-08", "2026-01-09")
    assert statuses(office) == SUNG | {"2026-11-12": "TENTATIVE"}
    return office


SUNG = {"2024-11-14": "TENTATIVE", "2025-11-13": "TENTATIVE"}


@SQLITE
def test_a_corrected_schedule_leaves_past_events(autumn: Office) -> None:
    """From 2026 on, it says now: 2024 and 2025 stand under the UID, octet by octet; corrected back too."""
    before, entry = events(autumn), written(autumn)
    correct(autumn, "schedule", "2026–")
    assert (events(autumn), written(autumn)) == (before, entry)
    correct(autumn, "schedule", "Jatkuva", "2026-03-03T10:00")
    assert (events(autumn), written(autumn)) == (before, entry)


@SQLITE
def test_an_imported_schedule_leaves_past_events(autumn: Office) -> None:
    """A new version of the programme says 2026; the pages list what calendars hold."""
    before = events(autumn)
    with autumn.database.write() as connection:
        made = programme(yearly("2026"))
        store_programme(connection, made, autumn.service("2026-03-02T10:00").clock())
    assert events(autumn) == before
    listed = [one.day for one in source(autumn).dates if one.kind == "event"]
    assert listed == [date(2024, 11, 14), date(2025, 11, 13), date(2026, 11, 12)]


@SQLITE
def test_what_a_setting_takes_from_a_series_is_cancelled(autumn: Office) -> None:
    """12 November 2026 is closed: nothing can be assumed on it, and people hold it."""
    before = events(autumn)
    set_to(autumn, "closed_days", "2025-11-13 2026-11-12", "2026-03-02T10:00")
    assert statuses(autumn) == SUNG | {"2026-11-12": "CANCELLED"}
    assert {row[1] for row in events(autumn).values()} == {row[1] for row in before.values()}
    set_to(autumn, "closed_days", "", "2026-03-03T10:00")
    assert events(autumn) == before


@SQLITE
def test_a_rule_that_cannot_have_both(autumn: Office) -> None:
    """On third Thursdays from now on: what has been keeps its UID, 19 November has one of its own."""
    before = events(autumn)
    (uid,) = {row[1] for row in before.values()}
    third = replace(programme(yearly("Jatkuva")), defaults=Defaults(monthly_nth=3))
    with autumn.database.write() as connection:
        store_programme(connection, third, autumn.service("2026-03-02T10:00").clock())
    expected = SUNG | {"2026-11-12": "CANCELLED", "2026-11-19": "TENTATIVE"}
    assert statuses(autumn) == expected
    assert {day for day, row in events(autumn).items() if row[1] != uid} == {"2026-11-19"}
    # A later change of its words moves nothing.
    correct(autumn, "name-en", "Choir of all", "2026-03-03T10:00")
    assert statuses(autumn) == expected
    with autumn.database.write() as connection:
        again = programme(yearly("Jatkuva"))
        store_programme(connection, again, autumn.service("2026-03-04T10:00").clock())
    assert statuses(autumn) == expected | {"2026-11-12": "TENTATIVE", "2026-11-19": "CANCELLED"}
    assert {day for day, row in events(autumn).items() if row[1] != uid} == {"2026-11-19"}
    # Sixty days after 19 November 2026 is 18 January 2027.
    autumn.tick("2027-01-18T09:00", accept_clock=True)
    assert "2026-11-19" in statuses(autumn)
    autumn.tick("2027-01-19T09:00", accept_clock=True)
    assert statuses(autumn) == SUNG | {"2026-11-12": "TENTATIVE"}


@SQLITE
def test_past_events_outlive_an_edit_and_a_hand_over(autumn: Office) -> None:
    """Corrected, then kept by the secretary from this autumn on, then handed over: 2024 and 2025 stand."""
    before = events(autumn)
    correct(autumn, "schedule", "2026–")
    with autumn.database.read() as connection:
        (derived,) = series_of(stored_programme(connection, TOWN).programme, "choir")
    wanted = replace(
        derived,
        first=date(2026, 3, 3),
        rrule="FREQ=YEARLY;BYMONTH=10;BYDAY=1TH",
        at=time(18),
        minutes=60,
        state="confirmed",
    )
    save_series(
        autumn.service("2026-03-03T10:00"),
        Edit(TOWN, "choir", derived.name, "secretary", series=wanted, at=date(2026, 3, 3)),
    )
    correct(autumn, "leads", "museum", "2026-03-04T10:00")
    after = events(autumn)
    assert {day: after[day] for day in SUNG} == {day: before[day] for day in SUNG}
    assert statuses(autumn) == SUNG | {"2026-10-01": "CONFIRMED"}
    assert SUNG.keys() <= events(autumn, "library").keys()


# -- kept entries have today's name --------------------------------------------------------------


def about_choir(office: Office) -> list[Any]:
    """The choir's entries."""
    body = feed_of(source(office), "all", "en", BASE).body
    return [one for one in vevents(body) if "Choir" in one["SUMMARY"]]


@SQLITE
def test_a_new_short_name_holds_for_what_is_kept(choir: Office) -> None:
    """Reviews that a correction took away are called what their action is called; SEQUENCE stays."""
    correct(choir, "schedule", "2025")
    before = entries(choir)
    correct(choir, "name-en", "Choir of all", "2026-03-03T10:00")
    assert entries(choir) == before
    own = [
        one for one in vevents(feed_of(source(choir), "all", "en", BASE).body) if "Choir" in one["SUMMARY"]
    ]
    assert sorted(str(one["SUMMARY"]) for one in own) == [
        "CANCELLED: Review: Choir of all",
        "Deadline: Choir of all",
        "Review: Choir of all",
        "Review: Choir of all",
    ]
    # Ten in Helsinki in March is eight in UTC.
    assert {one["LAST-MODIFIED"].dt for one in own} == {datetime(2026, 3, 3, 8, tzinfo=UTC)}


@SQLITE
def test_a_new_title_holds_for_what_is_kept(choir: Office) -> None:
    """A new version of the programme has another title."""
    correct(choir, "schedule", "2025")
    renamed = replace(
        action("choir", "Jatkuva", "library"), bullets=dict.fromkeys(LANGUAGES, ("Choir for all",))
    )
    with choir.database.write() as connection:
        store_programme(connection, programme(renamed), choir.service("2026-03-03T10:00").clock())
    own = [
        one for one in vevents(feed_of(source(choir), "all", "en", BASE).body) if "Choir" in one["SUMMARY"]
    ]
    assert len(own) == 4
    assert {str(one["SUMMARY"]).rpartition(": ")[2] for one in own} == {"Choir for all"}


@SQLITE
def test_a_new_title_holds_for_the_collections_that_are_kept(database: Database) -> None:
    """A version asks for no yearly data any more: what is kept is called by the title of today."""
    bullets: dict[TextLang, tuple[str, ...]] = dict.fromkeys(
        LANGUAGES, ("Choir", "Data collection once a year")
    )
    asking = replace(action("choir", "Jatkuva", "library"), bullets=bullets)
    office = town(database, asking, on="2026-01-08")
    run(office, "2026-01-08", "2026-01-09")
    quiet = replace(asking, bullets=dict.fromkeys(LANGUAGES, ("Choir for all",)))
    with database.write() as connection:
        store_programme(connection, programme(quiet), office.service("2026-03-03T10:00").clock())
    own = [one.title.en for one in source(office).entries if one.kind == "collection"]
    assert sorted(own) == [f"Choir for all: data for {year}" for year in (2024, 2025, 2026)]


# -- private calendars --------------------------------------------------------------------------


def private(office: Office, token: str, when: str) -> Any:
    """A private calendar as it is fetched at an instant."""
    made = read_private_feed(office.service(when), token, source(office, when), "en")
    assert made is not None
    return made


@SQLITE
def test_a_private_calendars_stamp_moves_with_people(database: Database) -> None:
    """Handed over, away, back: what it holds changes, so Last-Modified and ETag do, and never go back."""
    office = town(database, action("choir", "Jatkuva", "spring"), on="2026-01-08")
    token = issue_feed(office.service("2026-01-08T10:00"), TOWN, ANNA, "own").token
    first = private(office, token, "2026-01-08T10:05")
    again = private(office, token, "2026-02-01T10:00")
    assert (again.etag, again.last_modified) == (first.etag, first.last_modified)
    with database.write() as connection:
        moved = [replace(one, organisation="museum") if one.email == ANNA else one for one in PEOPLE]
        store_people.save_contacts(connection, TOWN, moved)
    gone = private(office, token, "2026-02-02T10:00")
    assert gone.last_modified > first.last_modified
    assert gone.etag != first.etag
    with database.write() as connection:
        store_people.save_contacts(connection, TOWN, PEOPLE)
    back = private(office, token, "2026-02-03T10:00")
    assert back.last_modified > gone.last_modified
    assert b"Choir" in back.body
    # An absence begins by the calendar, without anything being stored.
    with database.write() as connection:
        away = [replace(one, valid_until=date(2026, 2, 10)) if one.email == ANNA else one for one in PEOPLE]
        store_people.save_contacts(connection, TOWN, away)
    before = private(office, token, "2026-02-10T10:00")
    after = private(office, token, "2026-02-11T10:00")
    assert after.last_modified > before.last_modified
    assert b"Choir" not in after.body


@SQLITE
def test_a_private_calendar_names_the_page_and_no_token(database: Database) -> None:
    """URL is the page where calendars are subscribed to; there is no SOURCE."""
    office = town(database, action("choir", "Jatkuva", "spring"), on="2026-01-08")
    token = issue_feed(office.service("2026-01-08T10:00"), TOWN, SECRETARY, "secretary").token
    made = private(office, token, "2026-01-08T10:05")
    calendar = icalendar.Calendar.from_ical(made.body)
    assert str(calendar["URL"]) == f"http://127.0.0.1:8000/calendars/?programme={TOWN}&lang=en"
    assert "SOURCE" not in calendar
    assert token.encode() not in made.body


# -- meetings, notes, short names --------------------------------------------------------------------


def set_to(office: Office, name: str, value: str, when: str = "2026-01-08T10:00") -> None:
    """The secretary chooses a setting."""
    change_setting(office.service(when), SettingChange(TOWN, name, value, "secretary"))


@SQLITE
def test_meetings_of_the_board(database: Database) -> None:
    """In a public feed and the secretary's, in no other; one that is taken away is cancelled."""
    office = town(database, action("choir", "Jatkuva", "library"), on="2026-01-08")
    set_to(office, "meetings", "12.3.2026 11.6.2026")
    set_to(office, "meeting_time", "13.00–15.00")

    def meetings(octets: bytes) -> list[tuple[str, str]]:
        found = vevents(octets)
        own = [one for one in found if str(one["SUMMARY"]).endswith("Meeting: Board")]
        return [(str(one["DTSTART"].dt.replace(tzinfo=None)), str(one["STATUS"])) for one in own]

    both = [("2026-03-12 13:00:00", "CONFIRMED"), ("2026-06-11 13:00:00", "CONFIRMED")]
    assert meetings(feed_of(source(office), "meetings", "en", BASE).body) == both
    for name in ("all", "events", "deadlines", "library", "domain"):
        assert meetings(feed_of(source(office), name, "en", BASE).body) == [], name
    for owner, feed, expected in ((SECRETARY, "secretary", both), (ANNA, "own", [])):
        token = issue_feed(office.service("2026-01-08T10:00"), TOWN, owner, feed).token  # type: ignore[arg-type]
        assert meetings(private(office, token, "2026-01-08T10:05").body) == expected
    # Ten in Helsinki in January is eight in UTC: the stamp of the setting, not of the programme.
    for one in vevents(feed_of(source(office), "meetings", "en", BASE).body):
        assert one["DTSTAMP"].dt == one["LAST-MODIFIED"].dt == datetime(2026, 1, 8, 8, tzinfo=UTC)
    assert feed_of(source(office), "meetings", "en", BASE).last_modified == datetime(
        2026, 1, 8, 8, tzinfo=UTC
    )
    set_to(office, "meetings", "12.3.2026", "2026-01-09T10:00")
    assert meetings(feed_of(source(office), "meetings", "en", BASE).body) == [
        both[0],
        (both[1][0], "CANCELLED"),
    ]


@SQLITE
def test_the_note_of_an_empty_feed_lies_in_the_running_month(choir: Office) -> None:
    """The first run of a month moves it, and the stamp with it; nothing else does."""

    def note() -> tuple[date, datetime, bytes]:
        made = feed_of(source(choir), "museum", "en", BASE)
        event = next(iter(vevents(made.body)))
        assert event["SUMMARY"] == "Nothing scheduled"
        return event["DTSTART"].dt, made.last_modified, made.body

    january = note()
    assert january[0].strftime("%Y-%m") == "2026-01"
    choir.tick("2026-01-30T09:00", accept_clock=True)
    assert note() == january
    choir.tick("2026-02-02T09:00")
    assert note()[0].strftime("%Y-%m") == "2026-02"
    assert note()[1] > january[1]


@SQLITE
def test_short_names(database: Database) -> None:
    """Proposed from the title, chosen in a language, kept by a new version; UID and title stay."""
    long = "Training in plain language for the staff of all units of the city and its partners"
    first = replace(action("choir", "2026", "library"), bullets=dict.fromkeys(("fi", "sv", "en"), (long,)))
    office = town(database, first, on="2026-01-08")

    def shown(lang: Any) -> tuple[str, str, str]:
        body = feed_of(source(office), "all", lang, BASE).body
        one = next(iter(vevents(body)))
        return str(one["SUMMARY"]), str(one["DESCRIPTION"]).splitlines()[0], str(one["UID"])

    proposed, title, uid = shown("en")
    assert (proposed, title) == ("Deadline: Training in plain language…", long)
    correct(office, "name-en", "Plain language", "2026-01-08T10:00")
    assert shown("en") == ("Deadline: Plain language", long, uid)
    assert shown("sv")[0] == "Tidsfrist: Training in plain language…"
    with database.write() as connection:
        renewed = replace(first, indicator=Text("x", "x", "x"))
        store_programme(connection, programme(renewed), office.service("2026-01-09T10:00").clock())
    assert shown("en") == ("Deadline: Plain language", long, uid)
    correct(office, "name-en", "", "2026-01-10T10:00")
    assert shown("en")[0] == proposed


@SQLITE
def test_the_programmes_short_name(database: Database) -> None:
    """A setting a language; what is too long is refused."""
    office = town(database, action("choir", "2026", "library"), on="2026-01-08")
    set_to(office, "short_name_en", "Small town")
    body = feed_of(source(office), "library.deadlines", "en", BASE).body
    assert b"X-WR-CALNAME:Small town: Library\\, deadlines\r\n" in body
    with pytest.raises(UsageError, match="40 characters"):
        set_to(office, "short_name_en", "x" * 41)


@SQLITE
def test_unknown_names_say_what_is_unknown(choir: Office) -> None:
    """By command too."""
    with pytest.raises(UnknownFeedError, match="nothing is called nobody"):
        feed_of(source(choir), "library+nobody", "en", BASE)

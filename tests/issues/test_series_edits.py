"""Editing event series: what strangers saw broken, expanded from the feed's octets by another's code.

A subscriber who keeps the feed sees what was held as it was held, a moved date cancelled on the day that
people hold, no date twice, and no date that nobody set on a closed day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import icalendar
import pytest
import recurring_ical_events

from calendars.event import uid as event_uid
from reminders.errors import EditedMeanwhileError, SeriesProblemError
from reminders.planning.programme_settings import SettingRecord
from reminders.store import Database, programmes as repository
from reminders.use.feeds.source import dates_of_action, source_of
from reminders.use.programme.store_programme import note_calendars, rework
from reminders.use.series.action_series import series_named, series_of
from reminders.use.series.changes import preview_series
from reminders.use.series.edits import NEW, Edit
from reminders.use.series.saves import (
    earlier_family,
    newest_save,
    restore_version,
    save_series,
    saves_of,
    take_out_over,
)
from schedule_rules.programme import DateChange, EditedSeries, Text
from tests.use.test_series import BY, CAFE, KEY, SeriesOffice

SCHOOL = "children-family-school"
LIBRARY = Text("Kirjasto", "Biblioteket", "Library")
# Wednesdays from 8 January 2025 on; the office of these tests opens on Monday 3 March 2025.
WEEKLY = EditedSeries(
    CAFE, NEW, date(2025, 1, 8), date(2025, 6, 25), "FREQ=WEEKLY;BYDAY=WE", at=time(17), minutes=120,
    place=LIBRARY, title=Text("Kahvila", "Café", "Café"),
)  # fmt: skip
TODAY = date(2025, 3, 3)


@pytest.fixture
def office(loaded_database: Database) -> SeriesOffice:
    """The built-in programme on 3 March 2025, with a weekly café of its own since January."""
    office = SeriesOffice(loaded_database)
    office.edit(NEW, series=WEEKLY)
    return office


Seen = tuple[str, str, str, str, str]
"""What a calendar shows of one date: UID, begin, end, status, place and title."""


def seen(office: SeriesOffice, lang: str = "fi") -> list[Seen]:
    """What a subscriber's calendar shows of the café's own series."""
    calendar = icalendar.Calendar.from_ical(office.feed("events", lang).body)  # type: ignore[arg-type]
    found: list[Any] = recurring_ical_events.of(calendar, skip_bad_series=False).between(
        (2023, 1, 1), (2028, 1, 1)
    )
    own = [one for one in found if CAFE in str(one["URL"]) and str(one["STATUS"]) != "TENTATIVE"]
    return sorted(
        (
            f"{one['DTSTART'].dt:%Y-%m-%d %H:%M}",
            f"{one['DTEND'].dt:%H:%M}",
            str(one["STATUS"]),
            str(one.get("LOCATION", "")),
            str(one["SUMMARY"]),
        )
        for one in own
    )


def held(office: SeriesOffice) -> list[Seen]:
    """What of it has been."""
    return [one for one in seen(office) if one[0] < TODAY.isoformat()]


def days(office: SeriesOffice) -> list[str]:
    """Its days."""
    return [one[0][:10] for one in seen(office)]


def wednesdays(first: date, last: date) -> list[str]:
    """Every seventh day of a span, by counting."""
    return [(first + timedelta(days=7 * n)).isoformat() for n in range(((last - first).days // 7) + 1)]


def uids(office: SeriesOffice) -> Mapping[str, int]:
    """SEQUENCE of each UID of the café."""
    return {str(one["UID"]): int(one["SEQUENCE"]) for one in office.cafe()}


# -- a moved date


def test_a_moved_date_is_cancelled_where_it_stands(office: SeriesOffice) -> None:
    """Moved to Thursday at 16 in the hall, then cancelled: that Thursday is cancelled, for 60 days."""
    hall = Text("Sali", "Salen", "Hall")
    on = date(2025, 3, 12)
    office.edit("own-2", change=DateChange(on, date(2025, 3, 13), time(16), 90, hall))
    (uid,) = uids(office)
    before = uids(office)[uid]
    office.edit("own-2", change=DateChange(on, state="cancelled"))
    assert uids(office) == {uid: before + 1}
    moved = next(one for one in seen(office) if one[2] == "CANCELLED")
    assert moved == ("2025-03-13 16:00", "17:30", "CANCELLED", "Sali", "PERUTTU: Kahvila")
    assert "2025-03-12" not in days(office)
    octets = office.feed().body
    assert b"RECURRENCE-ID;TZID=Europe/Helsinki:20250312T170000\r\n" in octets
    database, last = office.service.database, date(2025, 3, 13) + timedelta(days=60)
    assert take_out_over(database, last, office.tell()) == 0
    assert take_out_over(database, last + timedelta(days=1), office.tell()) == 1
    assert "CANCELLED" not in {one[2] for one in seen(office)}


def test_cancelled_then_held_after_all(office: SeriesOffice) -> None:
    """Where it was moved to; and by its rule again, when that is asked for."""
    on = date(2025, 3, 12)
    for what, day in (
        ({"change": DateChange(on, date(2025, 3, 13))}, "2025-03-13"),
        ({"change": DateChange(on, state="cancelled")}, "2025-03-13"),
        ({"hold": on}, "2025-03-13"),
        ({"change": DateChange(on, date(2025, 3, 14))}, "2025-03-14"),
        ({"restore": on}, "2025-03-12"),
        ({"change": DateChange(on, state="cancelled")}, "2025-03-12"),
        ({"hold": on}, "2025-03-12"),
    ):
        office.edit("own-2", **what)
        assert [one for one in days(office) if "2025-03-10" < one < "2025-03-17"] == [day]
    assert office.programme.series[-1].changes == ()


# -- from a date on


@pytest.mark.parametrize("at", [None, date(2025, 3, 5)])
@pytest.mark.parametrize(
    "change",
    [
        {"at": time(18)},
        {"minutes": 60},
        {"title": Text("Ilta", "Kväll", "Evening")},
        {"place": Text("Sali", "Salen", "Hall")},
        {"rrule": "FREQ=WEEKLY;BYDAY=FR"},
        {"rrule": "FREQ=MONTHLY;BYDAY=2TH"},
        {"at": None, "minutes": 0},
        {"months_off": (2, 4)},
        {"state": "cancelled"},
        {"first": date(2025, 4, 1)},
        {"until": date(2025, 3, 31)},
        {"rrule": "", "dates": (date(2025, 2, 4), date(2025, 5, 6))},
    ],
)
def test_what_has_been_is_never_rewritten(
    office: SeriesOffice, change: dict[str, Any], at: date | None
) -> None:
    """Whatever the series becomes, its eight dates until today stay as they were held."""
    now, office.now = office.now, office.now.replace(month=2)
    office.edit("own-2", change=DateChange(date(2025, 2, 12), date(2025, 2, 13), time(15), 45))
    office.edit("own-2", change=DateChange(date(2025, 2, 19), state="cancelled"))
    office.now = now
    before = held(office)
    assert len(before) == 8
    old = series_named(office.programme, CAFE, "own-2")
    office.edit("own-2", series=replace(old, **change), at=at)
    assert held(office) == before


def test_a_new_name_keeps_the_uid(office: SeriesOffice) -> None:
    """Dates to come have the new title under the UID that subscribers hold; SEQUENCE of texts stays."""
    before = uids(office)
    old = series_named(office.programme, CAFE, "own-2")
    office.edit("own-2", series=replace(old, title=Text("Ilta", "Kväll", "Evening")))
    assert uids(office).keys() == before.keys()
    titles = {one[0][:10]: one[4] for one in seen(office)}
    assert {titles[day] for day in wednesdays(date(2025, 1, 8), date(2025, 2, 26))} == {"Kahvila"}
    assert {titles[day] for day in wednesdays(date(2025, 3, 5), date(2025, 6, 25))} == {"Ilta"}


def test_cancelled_from_a_date_on(office: SeriesOffice) -> None:
    """From 7 May each date says so, under the UID that subscribers hold, which is told to have changed."""
    ((uid, sequence),) = uids(office).items()
    old = series_named(office.programme, CAFE, "own-2")
    office.edit("own-2", series=replace(old, state="cancelled"), at=date(2025, 5, 7))
    assert uids(office) == {uid: sequence + 1}
    off = [one[0][:10] for one in seen(office) if one[2] == "CANCELLED"]
    assert off == wednesdays(date(2025, 5, 7), date(2025, 6, 25))
    assert days(office) == wednesdays(date(2025, 1, 8), date(2025, 6, 25))
    again = series_named(office.programme, CAFE, "own-2")
    office.edit("own-2", series=replace(again, state="confirmed"), at=date(2025, 5, 7))
    assert {one[2] for one in seen(office)} == {"CONFIRMED"}


def test_removed_from_today_on(office: SeriesOffice) -> None:
    """What has been stays; what was ahead goes."""
    before = held(office)
    office.edit("own-2", remove=True)
    assert seen(office) == before


def test_an_earlier_version_is_taken_up_as_a_family(office: SeriesOffice) -> None:
    """Cut twice, then as it was at first: no date twice, and what was cut off has gone."""
    first = newest_save(office.service, KEY, CAFE)
    before = seen(office)
    for at, hour in ((date(2025, 4, 2), 18), (date(2025, 5, 7), 19)):
        newest = max(office.programme.series, key=lambda one: (one.action == CAFE, one.first))
        office.edit(newest.name, series=replace(newest, at=time(hour)), at=at)
    assert len({one.part_of or one.name for one in series_of(office.programme, CAFE) if one.title}) == 1
    action, family = earlier_family(office.service, office.programme, first)
    edit = Edit(KEY, action, family[0].name, BY, earlier=family)
    seen_ahead = preview_series(office.programme, edit, TODAY)
    assert len(seen_ahead.after) == len(seen_ahead.before)
    restore_version(office.service, KEY, first, BY)
    assert seen(office) == before
    assert len(days(office)) == len(set(days(office))) == 25


def test_taken_up_after_a_cut_that_was_held(office: SeriesOffice) -> None:
    """A cut of May, looked at in June: May stays as it was held, the rest is as at first."""
    first = newest_save(office.service, KEY, CAFE)
    old = series_named(office.programme, CAFE, "own-2")
    office.edit("own-2", series=replace(old, at=time(18)), at=date(2025, 5, 7))
    office.now += timedelta(days=91)  # 2 June
    restore_version(office.service, KEY, first, BY)
    begins = {one[0][:10]: one[0][11:] for one in seen(office)}
    assert list(begins) == wednesdays(date(2025, 1, 8), date(2025, 6, 25))
    later = wednesdays(date(2025, 5, 7), date(2025, 5, 28))
    assert begins == {day: "18:00" if day in later else "17:00" for day in begins}


# -- assumed dates


def test_nothing_is_assumed_on_a_closed_day(office: SeriesOffice) -> None:
    """Of the whole programme: no weekend, holiday, eve, quiet period; weekly family school in no feed."""
    calendar = icalendar.Calendar.from_ical(office.feed("all").body)
    found: list[Any] = recurring_ical_events.of(calendar).between((2023, 1, 1), (2027, 1, 1))
    assumed = [one for one in found if str(one["STATUS"]) == "TENTATIVE"]
    months = {(one["DTSTART"].dt.month, one["DTSTART"].dt.day) for one in assumed}
    assert all(one["DTSTART"].dt.weekday() == 3 for one in assumed)
    assert {month for month, _ in months} == {1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12}
    assert {one["DTSTART"].dt for one in assumed} & {date(2024, 5, 9), date(2026, 5, 14)} == set()
    assert [one for one in found if SCHOOL in str(one["URL"]) and "Tapahtuma" in str(one)] == []
    # 42 cafés, 4 webinars, 4 fairs.
    assert len(assumed) == 50


def test_the_programmes_own_closed_days_count(office: SeriesOffice) -> None:
    """A day that the programme closes holds no assumed café; who holds it is told that it is cancelled."""
    chosen = SettingRecord("closed_days", "2025-04-10", BY, office.tell())
    with office.service.database.write() as connection:
        repository.add_setting(connection, KEY, chosen)
        rework(connection, KEY, office.tell())
    closed = [one for one in office.cafe() if str(one["DTSTART"].dt) == "2025-04-10"]
    assert [str(one["STATUS"]) for one in closed] == ["CANCELLED"]
    assert not any(row.startswith("2025-04-10") for row in office.rows())


def test_what_an_older_release_assumed_goes_without_a_word(office: SeriesOffice) -> None:
    """Stored Christmas cafés and family schools leave the feeds with the next start; none is cancelled."""
    with office.service.database.write() as connection:
        programme = repository.stored_programme(connection, KEY).programme
        stored = [one.row for one in repository.stored_occurrences(connection, KEY)]
        school = next(row for row in stored if row.id.action == SCHOOL and row.kind != "event")
        cafe = next(row for row in stored if row.id.action == CAFE and row.kind == "event")
        of_school = replace(cafe, id=replace(cafe.id, action=SCHOOL, instance="week-2025-12-24"))
        rows = [*stored, replace(of_school, organisations=school.organisations, due=date(2025, 12, 24))]
        repository.save_occurrences(connection, rows, KEY, office.tell(), TODAY)
        note_calendars(connection, office.tell())
        left = {str(one.row.id) for one in repository.stored_occurrences(connection, KEY)}
    assert programme.key == KEY
    assert not any("week-2025-12-24" in one for one in left)
    assert b"CANCELLED" not in office.feed().body


def test_a_frequent_series_has_dates_once_they_are_set(office: SeriesOffice) -> None:
    """Confirmed in March, the family school stands from March on, and in no month before."""
    school = series_named(office.programme, SCHOOL, "week")
    save_series(office.service, Edit(KEY, SCHOOL, "week", BY, series=replace(school, state="confirmed")))
    own = [one for one in office.events() if SCHOOL in str(one["URL"])]
    assert [(str(one["STATUS"]), one["DTSTART"].dt) for one in own] == [("CONFIRMED", date(2025, 3, 5))]


# -- two editors, bad rules, irregular dates


def test_the_second_editor_is_told(office: SeriesOffice) -> None:
    """A save since what was seen refuses the edit by name; with what is there now it is taken."""
    known = newest_save(office.service, KEY, CAFE)
    office.edit("own-2", change=DateChange(date(2025, 3, 12), date(2025, 3, 13)))
    before = seen(office)
    with pytest.raises(EditedMeanwhileError):
        office.edit("own-2", change=DateChange(date(2025, 3, 19), state="cancelled"), seen=known)
    assert seen(office) == before
    known = newest_save(office.service, KEY, CAFE)
    office.edit("own-2", change=DateChange(date(2025, 3, 19), state="cancelled"), seen=known)
    assert seen(office) != before


@pytest.mark.parametrize("rrule", ["FREQ=MONTHLY;BYDAY=2TH,4TH", "FREQ=SECONDLY", "FREQ=YEARLY;BYYEARDAY=1"])
def test_rules_that_outlook_drops_are_refused(office: SeriesOffice, rrule: str) -> None:
    """By name, before anything expands them; one that is stored is shown and cancelled all the same."""
    old = series_named(office.programme, CAFE, "own-2")
    with pytest.raises(SeriesProblemError) as refused:
        office.edit("own-2", series=replace(old, rrule=rrule))
    assert refused.value.code == "as-dates"


def test_a_stored_rule_of_before_is_still_edited(office: SeriesOffice) -> None:
    """Second and fourth Thursdays, kept by an older release: shown in words, a date of it is moved."""
    from reminders.store import series as store

    twice = replace(WEEKLY, name="own-3", rrule="FREQ=MONTHLY;BYDAY=2TH,4TH")
    with office.service.database.write() as connection:
        store.add_series(connection, KEY, twice, office.tell())
        rework(connection, KEY, office.tell())
    office.edit("own-3", change=DateChange(date(2025, 3, 13), date(2025, 3, 14)))
    assert "2025-03-14" in days(office)


def test_a_stored_rule_that_outlook_drops_goes_out_as_two(office: SeriesOffice) -> None:
    """Second and fourth Thursdays: a rule each, the first under the UID that subscribers hold; the same days.

    MS-OXCICAL 2.1.3.2.2.3: a monthly rule has one weekday with one place in the month.
    """
    from reminders.store import series as store

    twice = replace(WEEKLY, name="own-3", rrule="FREQ=MONTHLY;BYDAY=2TH,4TH")
    with office.service.database.write() as connection:
        store.add_series(
            connection, KEY, replace(office.programme.series[-1], state="removed"), office.tell()
        )
        store.add_series(connection, KEY, twice, office.tell())
        rework(connection, KEY, office.tell())
    office.edit("own-3", change=DateChange(date(2025, 3, 13), date(2025, 3, 14)))
    office.edit("own-3", change=DateChange(date(2025, 3, 27), state="cancelled"))
    rules = {str(one["UID"]): one["RRULE"].to_ical() for one in office.cafe() if "RRULE" in one}
    assert {one.split(b";UNTIL")[0] + one.partition(b";BYDAY")[2] for one in rules.values()} == {
        b"FREQ=MONTHLY=2TH",
        b"FREQ=MONTHLY=4TH",
    }
    assert next(one for one in rules if rules[one].endswith(b"2TH")) == event_uid(
        "event", f"{KEY}:{CAFE}:event:own-3"
    )
    assert days(office) == [
        "2025-01-09", "2025-01-23", "2025-02-13", "2025-02-27", "2025-03-14", "2025-03-27", "2025-04-10",
        "2025-04-24", "2025-05-08", "2025-05-22", "2025-06-12",
    ]  # fmt: skip
    assert [one[0][:10] for one in seen(office) if one[2] == "CANCELLED"] == ["2025-03-27"]
    with office.service.database.read() as connection:
        listed = dates_of_action(source_of(connection, KEY, office.service.settings), CAFE)
    own = (one for one in listed if one.title == twice.title)
    assert sorted(one.day.isoformat() for one in own) == days(office)


def test_saves_are_edits(office: SeriesOffice) -> None:
    """A cut is one save of two parts, whatever the clock says."""
    old = series_named(office.programme, CAFE, "own-2")
    office.edit("own-2", series=replace(old, at=time(18)), at=date(2025, 5, 7))
    newest, first = saves_of(office.service, KEY, CAFE)
    assert [one.name for one in newest.kept] == ["own-2", "own-3"]
    assert [one.name for one in first.kept] == ["own-2"]


# -- from which week an interval counts


@pytest.mark.parametrize(
    ("rrule", "first", "expected"),
    [
        # 6 March 2025 is a Thursday: the first Wednesday from it on is the 12th.
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", date(2025, 3, 6), ["2025-03-12", "2025-03-26", "2025-04-09"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", date(2025, 3, 6), ["2025-03-10", "2025-03-12", "2025-03-24"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", date(2025, 3, 4), ["2025-03-05", "2025-03-17", "2025-03-19"]),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=WE", date(2025, 3, 5), ["2025-03-05", "2025-03-26", "2025-04-16"]),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1TU", date(2025, 3, 6), ["2025-04-01", "2025-06-03", "2025-08-05"]),
        ("FREQ=DAILY;INTERVAL=2", date(2025, 3, 6), ["2025-03-06", "2025-03-08", "2025-03-10"]),
    ],
)
def test_a_new_series_begins_on_its_first_day(
    loaded_database: Database, rrule: str, first: date, expected: list[str]
) -> None:
    """Of every second or third week the first matching day from the first date on counts."""
    office = SeriesOffice(loaded_database)
    until = date(2025, 8, 31)
    office.edit(NEW, series=replace(WEEKLY, rrule=rrule, first=first, until=until))
    assert days(office)[:3] == expected


def test_every_other_week_from_a_thursday_on(office: SeriesOffice) -> None:
    """A weekly series made fortnightly from Thursday 13 March on goes on with the Wednesday after it."""
    fortnightly = replace(WEEKLY, rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=WE")
    office.edit("own-2", series=fortnightly, at=date(2025, 3, 13))
    ahead = [day for day in days(office) if day >= "2025-03-03"]
    assert ahead[:4] == ["2025-03-05", "2025-03-12", "2025-03-19", "2025-04-02"]

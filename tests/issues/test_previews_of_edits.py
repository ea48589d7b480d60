"""What an edit of a series says before it is saved: changes, closed days left out, days after the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from reminders.errors import SeriesProblemError
from reminders.store import Database
from reminders.use.series.action_series import series_named
from reminders.use.series.changes import (
    DateShift,
    SeriesPreview,
    date_shifts,
    days_after,
    fact_shifts,
    preview_series,
)
from reminders.use.series.edits import NEW, Edit
from schedule_rules.programme import DateChange, EditedSeries, Text
from tests.issues.test_series_edits import LIBRARY, TODAY, WEEKLY, days, wednesdays
from tests.use.test_series import BY, CAFE, KEY, SeriesOffice

HALL = Text("Sali", "Salen", "Hall")
AHEAD = date(2025, 3, 12)


@pytest.fixture
def office(loaded_database: Database) -> SeriesOffice:
    """The built-in programme on 3 March 2025, with a café on Wednesdays from January to June."""
    office = SeriesOffice(loaded_database)
    office.edit(NEW, series=WEEKLY)
    return office


def preview(office: SeriesOffice, name: str = "own-2", **what: object) -> SeriesPreview:
    """What an edit would change."""
    edit = Edit(KEY, CAFE, name, BY, **what)  # type: ignore[arg-type]
    return preview_series(office.programme, edit, TODAY)


def told(shifts: Sequence[DateShift]) -> list[tuple[str, str]]:
    """Was and becomes of each date: day and status."""
    both = [(one.was, one.becomes) for one in shifts]
    return [
        (
            f"{was.row.due} {was.row.status}" if was else "",
            f"{becomes.row.due} {becomes.row.status}" if becomes else "",
        )
        for was, becomes in both
    ]


def old(office: SeriesOffice) -> EditedSeries:
    """The café."""
    return series_named(office.programme, CAFE, "own-2")


# -- what was, what becomes


@pytest.mark.parametrize(
    ("change", "becomes"),
    [
        (DateChange(AHEAD, state="cancelled"), "2025-03-12 cancelled"),
        (DateChange(AHEAD, date(2025, 3, 13)), "2025-03-13 confirmed"),
        (DateChange(AHEAD, at=time(18)), "2025-03-12 confirmed"),
    ],
)
def test_one_date_is_one_row(office: SeriesOffice, change: DateChange, becomes: str) -> None:
    """Cancelled, moved, at another time: it neither leaves calendars nor is it new."""
    seen = preview(office, change=change)
    assert told(date_shifts(seen.before, seen.after)) == [("2025-03-12 confirmed", becomes)]


def test_cancelled_from_a_date_on_is_a_row_a_date(office: SeriesOffice) -> None:
    """From 11 June three dates, each where it stands."""
    seen = preview(office, series=replace(old(office), state="cancelled"), at=date(2025, 6, 11))
    assert told(date_shifts(seen.before, seen.after)) == [
        (f"{day} confirmed", f"{day} cancelled") for day in wednesdays(date(2025, 6, 11), date(2025, 6, 25))
    ]


def test_confirmed_dates_were_provisional(office: SeriesOffice) -> None:
    """The monthly café as assumed, confirmed: every date ahead goes from provisional to confirmed."""
    month = series_named(office.programme, CAFE, "month")
    seen = preview(office, "month", series=replace(month, state="confirmed"))
    rows = told(date_shifts(seen.before, seen.after))
    assert rows[:2] == [
        ("2025-03-13 tentative", "2025-03-13 confirmed"),
        ("2025-04-10 tentative", "2025-04-10 confirmed"),
    ]
    assert {(was[-9:], becomes[-9:]) for was, becomes in rows} == {("tentative", "confirmed")}


def test_another_time_from_a_date_on_is_a_row_a_date(office: SeriesOffice) -> None:
    """The later part has another name and UID, and to who reads it each date another time."""
    seen = preview(office, series=replace(old(office), at=time(18)), at=date(2025, 6, 11))
    shifts = date_shifts(seen.before, seen.after)
    begins = [one.becomes and one.becomes.row.starts_at for one in shifts if one.was]
    assert [moment and f"{moment:%d %H}" for moment in begins] == ["11 18", "18 18", "25 18"]


# -- place, links, words


def test_what_changes_beside_the_dates_is_told(office: SeriesOffice) -> None:
    """From the library into the hall, with a link, from 11 June on: three dates; no date changes."""
    new = replace(
        old(office), place=HALL, video="https://video.example/a", description=HALL, sign_up="https://s.example",
        title=Text("Ilta", "Kväll", "Evening"),
    )  # fmt: skip
    seen = preview(office, series=new, at=date(2025, 6, 11))
    assert date_shifts(seen.before, seen.after) == ()
    facts = fact_shifts(seen.before, seen.after)
    assert [(one.fact, one.was.en, one.becomes.en, one.first, one.dates) for one in facts] == [
        ("name", "Café", "Evening", date(2025, 6, 11), 3),
        ("place", LIBRARY.en, "Hall", date(2025, 6, 11), 3),
        ("video", "", "https://video.example/a", date(2025, 6, 11), 3),
        ("details", "", "Hall", date(2025, 6, 11), 3),
        ("sign-up", "", "https://s.example", date(2025, 6, 11), 3),
    ]


def test_the_place_of_one_date(office: SeriesOffice) -> None:
    """Moved into the hall on its own day: one date, its place."""
    seen = preview(office, change=DateChange(AHEAD, place=HALL))
    facts = fact_shifts(seen.before, seen.after)
    assert [(one.fact, one.becomes, one.first, one.dates) for one in facts] == [("place", HALL, AHEAD, 1)]
    assert fact_shifts(seen.before, seen.before) == ()


# -- closed days


def test_closed_days_of_a_rule_are_left_out(office: SeriesOffice) -> None:
    """On Thursdays from May on: not May Day nor Ascension, whoever says so; what stood before stays."""
    new = replace(old(office), rrule="FREQ=WEEKLY;BYDAY=TH")
    edit: dict[str, Any] = {"series": new, "at": date(2025, 4, 30)}
    seen = preview(office, **edit)
    assert seen.left_out == (date(2025, 5, 1), date(2025, 5, 29))
    office.edit("own-2", **edit)
    ahead = [day for day in days(office) if "2025-04-24" < day < "2025-06-01"]
    assert ahead == ["2025-05-08", "2025-05-15", "2025-05-22"]
    octets = office.feed().body
    assert b"EXDATE;TZID=Europe/Helsinki:20250529T170000\r\n" in octets


def test_a_closed_day_can_be_named(office: SeriesOffice) -> None:
    """Ascension one by one stands with its note; so does a day that was left out, once it is set."""
    ascension = date(2025, 5, 29)
    new = replace(old(office), rrule="", dates=(ascension,))
    seen = preview(office, NEW, series=new)
    assert [one.day_kinds for one in seen.after if one.row.due == ascension and one.family == "own-3"] == [
        ("holiday",)
    ]
    assert seen.left_out == ()
    office.edit("own-2", series=replace(old(office), rrule="FREQ=WEEKLY;BYDAY=TH"), at=date(2025, 4, 30))
    office.edit("own-3", change=DateChange(ascension))
    assert "2025-05-29" in days(office)
    part = series_named(office.programme, CAFE, "own-3")
    office.edit("own-3", series=replace(part, place=HALL))
    assert "2025-05-29" in days(office)


def test_a_rule_of_closed_days_only_is_refused(office: SeriesOffice) -> None:
    """Christmas Eve every year: said why, and how it can be held."""
    every = replace(WEEKLY, name=NEW, rrule="FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", until=date(2026, 12, 31))
    with pytest.raises(SeriesProblemError) as refused:
        office.edit(NEW, series=every)
    assert refused.value.code == "closed"


# -- after the programme


def test_dates_after_the_end_are_said(office: SeriesOffice) -> None:
    """A Wednesday moved to 2030, and a series that goes on until 2028."""
    last = office.programme.period.last
    seen = preview(office, change=DateChange(AHEAD, date(2030, 1, 9)))
    assert days_after(date_shifts(seen.before, seen.after), last) == (date(2030, 1, 9),)
    long = replace(WEEKLY, rrule="FREQ=MONTHLY;BYDAY=1WE", until=date(2027, 3, 31))
    seen = preview(office, NEW, series=long)
    beyond = days_after(date_shifts(seen.before, seen.after), last)
    assert beyond == (date(2027, 2, 3), date(2027, 3, 3))
    seen = preview(office, change=DateChange(AHEAD, state="cancelled"))
    assert days_after(date_shifts(seen.before, seen.after), last) == ()

"""A unit sets the dates of a provisional series: confirms its rule, or names the dates of the year.

Read, decide, write. What is past stays as it was; dates that are named are for one year, and the
years after stay provisional, so that the unit is asked for them in their turn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from reminders.clock import civil_time
from reminders.errors import NotFoundError
from reminders.planning.links import SeriesYear
from reminders.service import Service
from reminders.store import programmes as repository
from reminders.use.series import edit as series_edit
from reminders.use.series.edit import (
    DateAhead,
    Edit,
    dates_of,
    edited,
    series_of,
    shown_dates,
)
from schedule_rules.edited_series import PEOPLE, event_rule, next_name
from schedule_rules.programme import EditedSeries, Programme


@dataclass(frozen=True, slots=True)
class YearSet:
    """What a unit sets: the series as it shall be from ``since`` on; ``by`` is the reader's address."""

    programme: str
    asked: SeriesYear
    kept: EditedSeries
    since: date
    by: str


def covering(programme: Programme, asked: SeriesYear, since: date) -> EditedSeries:
    """Return the series, or the part that it was cut into, with the year's dates from ``since`` on.

    Raises ``NotFoundError`` when the action has none of it any more.
    """
    family = _family(asked.name)
    own = [one for one in series_of(programme, asked.action) if _family(one.name) == family]
    own.sort(key=lambda one: one.name != asked.name)
    for one in own:
        if any(since <= row.day and row.day.year == asked.year for row in dates_of(one)):
            return one
    if not own:
        raise NotFoundError(f"{asked.action} has no series {asked.name!r}")
    return own[0]


def _family(name: str) -> str:
    """Return what the parts of a series that was cut share: ``month`` of ``month-2``."""
    stem, _, number = name.rpartition("-")
    return stem if stem and number.isdecimal() else name


def decide_year(programme: Programme, said: YearSet, today: date) -> tuple[EditedSeries, ...]:
    """Return the series to keep; errors as ``series.decide``."""
    old = covering(programme, said.asked, said.since)
    edit = Edit(
        programme.key, said.asked.action, old.name, said.by, kept=said.kept, at=max(said.since, old.first)
    )
    made = series_edit.decide_series(programme, edit, today)
    if said.kept.rrule or not old.rrule:
        return made
    rest = _years_after(edited(programme, made), old, said.asked.year)
    return (*made, *(replace(one, by=said.by, on=today) for one in rest))


def _years_after(programme: Programme, old: EditedSeries, year: int) -> tuple[EditedSeries, ...]:
    first = max(old.first, date(year + 1, 1, 1))
    rest = replace(old, name=next_name(programme, old.action, old.name), first=first)
    return (rest,) if first <= old.until and event_rule(rest, PEOPLE) else ()


def preview_year(programme: Programme, said: YearSet, today: date) -> tuple[DateAhead, ...]:
    """Return the year's dates as subscribers will see them; nothing is stored."""
    return year_of(edited(programme, decide_year(programme, said, today)), said.asked, said.since)


def year_of(programme: Programme, asked: SeriesYear, since: date) -> tuple[DateAhead, ...]:
    """Return the year's dates of a series from ``since`` on, as subscribers see them."""
    family = _family(asked.name)
    return tuple(
        one
        for one in shown_dates(programme, asked.action)
        if since <= one.row.due and one.row.due.year == asked.year and _family_of(one) == family
    )


def _family_of(one: DateAhead) -> str:
    return _family(one.row.id.series)


def set_dates(service: Service, said: YearSet) -> tuple[EditedSeries, ...]:
    """Keep what a unit sets; its mails stop asking. Errors as ``decide``."""
    now = service.clock()
    with service.database.write() as connection:
        row = repository.stored_programme(connection, said.programme)
        made = decide_year(row.programme, said, civil_time(service.settings, now).day)
        series_edit.write_series(connection, said.programme, made, now)
    return made

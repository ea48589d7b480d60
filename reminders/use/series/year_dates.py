"""A unit sets the dates of a provisional series for a year: it confirms the rule, or names the dates.

What is past stays as it was, and the years after stay provisional, so that the unit is asked for them in
their turn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from reminders.errors import NotFoundError
from reminders.planning.links import SeriesYear
from reminders.service import Service
from reminders.use.series.action_series import family_names, series_of, with_edited_series
from reminders.use.series.changes import DateAhead, closed_dates, shown_dates
from reminders.use.series.edits import Edit, decide_series
from reminders.use.series.saves import is_done, save_edit
from schedule_rules.edited_series import PEOPLE, dates_of, event_rule, next_name
from schedule_rules.programme import EditedSeries, Programme
from schedule_rules.series_edits import counted_from


@dataclass(frozen=True, slots=True)
class YearDates:
    """What a unit sets for a year: the series as it shall be from ``since`` on; ``by``: its address."""

    programme: str
    year: SeriesYear
    series: EditedSeries
    since: date
    by: str
    seen: int | None = None


def series_of_year(programme: Programme, year: SeriesYear, since: date) -> EditedSeries:
    """Return the series, or the part that it was cut into, with the year's dates from ``since`` on.

    Raises ``NotFoundError`` when the action has none of it any more.
    """
    family = family_names(programme, year.action, [year.name])
    own = [one for one in series_of(programme, year.action) if one.name in family]
    own.sort(key=lambda one: one.name != year.name)
    for one in own:
        if any(since <= row.day and row.day.year == year.year for row in dates_of(one)):
            return one
    if not own:
        raise NotFoundError(f"{year.action} has no series {year.name!r}")
    return own[0]


def decide_year(programme: Programme, wanted: YearDates, today: date) -> tuple[EditedSeries, ...]:
    """Return the series to keep; errors as ``decide_series``."""
    old, action = series_of_year(programme, wanted.year, wanted.since), wanted.year.action
    at = max(wanted.since, old.first)
    edit = Edit(programme.key, action, old.name, wanted.by, series=wanted.series, at=at)
    made = decide_series(programme, edit, today)
    if wanted.series.rrule or not old.rrule:
        return made
    # Days were named instead of a rule: the years after keep the old one, and are asked for in turn.
    name = next_name(with_edited_series(programme, made), old.action, old.name)
    first = max(old.first, date(wanted.year.year + 1, 1, 1))
    rest = replace(old, name=name, first=first, anchor=counted_from(old), part_of=old.part_of or old.name)
    if rest.first > old.until or not event_rule(rest, PEOPLE):
        return made
    return (*made, replace(rest, by=wanted.by, on=today))


def preview_year(
    programme: Programme, wanted: YearDates, today: date
) -> tuple[tuple[DateAhead, ...], tuple[date, ...]]:
    """Return the year's dates as subscribers will see them and the closed days left out; store nothing."""
    made = decide_year(programme, wanted, today)
    after = with_edited_series(programme, made)
    ahead = dates_of_year(after, wanted.year, wanted.since)
    out = closed_dates(made, wanted.since, programme.workdays)
    return ahead, tuple(day for day in out if wanted.series.rrule and day.year == wanted.year.year)


def dates_of_year(programme: Programme, year: SeriesYear, since: date) -> tuple[DateAhead, ...]:
    """Return the year's dates of a series from ``since`` on, as subscribers see them."""
    family = family_names(programme, year.action, [year.name])
    return tuple(
        one
        for one in shown_dates(programme, year.action)
        if since <= one.row.due and one.row.due.year == year.year and one.row.id.series in family
    )


def is_year_saved(service: Service, programme: Programme, wanted: YearDates) -> bool:
    """Tell whether a unit's dates stand already: sent once more from the same form."""
    return is_done(service, programme, _edit_of(wanted), lambda then, today: decide_year(then, wanted, today))


def set_year_dates(service: Service, wanted: YearDates) -> tuple[EditedSeries, ...]:
    """Keep what a unit sets; its mails stop asking. Errors as ``save_series``."""
    return save_edit(service, _edit_of(wanted), lambda then, today: decide_year(then, wanted, today))


def _edit_of(wanted: YearDates) -> Edit:
    """Return which series a unit's dates are of, and the newest save that the unit knew."""
    return Edit(wanted.programme, wanted.year.action, wanted.year.name, wanted.by, seen=wanted.seen)

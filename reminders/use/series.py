"""Event series are changed: the whole, this and later dates, one date; and by the unit that holds them.

Read, decide, write. The secretary edits a series by page or command. A unit sets the dates of a
provisional series: it confirms the rule, or names the dates of the year; what is past stays as it was,
and the years after stay provisional, so that the unit is asked for them in their turn. What was
cancelled leaves the calendars sixty days after it would have been.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from calendars.left_over import SHOWN_FOR
from reminders.clock import civil_time
from reminders.errors import NotFoundError, SkippedTimeError, UsageError
from reminders.planning.links import SeriesYear
from reminders.service import Service
from reminders.store import Connection, Database, programmes, series as stored_series
from reminders.store.series import SeriesVersion
from reminders.use.planning.load_state import ended_at
from reminders.use.programme.store_programme import rework, rework_ended
from schedule_rules import edited_series as rules
from schedule_rules.derive import derive
from schedule_rules.edited_series import PEOPLE, event_rule, next_name, over_since, skipped
from schedule_rules.occurrence import Occurrence, occurrences
from schedule_rules.programme import DateChange, EditedSeries, Programme
from schedule_rules.rule import EventRule
from schedule_rules.workdays import Workdays

Clash = Literal["holiday", "closed", "weekend", "quiet", "meeting"]
NEW: Final = "new"
"""What stands for the name of a series that there is not yet."""
_EXPECTED: Final = {
    "order": "a last date on or after the first",
    "rule": "a rule such as FREQ=MONTHLY;BYDAY=-1TH",
    "length": "a duration of 1 minute to 7 days beside a time of day",
    "none": "at least one date that stands",
    "many": f"{rules.MOST_DATES} dates at most",
}


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody does to a series of an action.

    ``series`` is the series as it shall be, from ``at`` on (None: from its beginning); or
    ``change`` is what shall hold for one date, ``restore`` the date that shall follow its rule
    again. With ``remove`` the series goes from every calendar.
    """

    programme: str
    action: str
    name: str
    by: str
    series: EditedSeries | None = None
    at: date | None = None
    change: DateChange | None = None
    restore: date | None = None
    remove: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class DateAhead:
    """One date as subscribers see it, and what it falls on."""

    row: Occurrence
    clashes: tuple[Clash, ...]


@dataclass(frozen=True, slots=True)
class SeriesPreview:
    """The dates of an action's series before and after an edit, by date."""

    before: tuple[DateAhead, ...]
    after: tuple[DateAhead, ...]


def series_of(programme: Programme, action: str) -> tuple[EditedSeries, ...]:
    """Return the series of an action as people could keep them, derived ones too, removed ones not."""
    own = [one for one in programme.series if one.action == action and one.state != "removed"]
    names = {one.name for one in programme.series if one.action == action}
    derived = [
        rules.with_series(rule, programme.period.last)
        for rule in derive(programme).of(action)
        if isinstance(rule, EventRule) and rule.name not in names
    ]
    return tuple(sorted((*own, *derived), key=lambda one: (one.first, one.name)))


def series_named(programme: Programme, action: str, name: str) -> EditedSeries:
    """Return a series by name; ``NotFoundError`` when the action has none of it."""
    found = {one.name: one for one in series_of(programme, action)}
    if name not in found:
        known = ", ".join(found) or "none"
        raise NotFoundError(f"{action} has no series {name!r}; there are {known}")
    return found[name]


def decide_series(programme: Programme, edit: Edit, today: date) -> tuple[EditedSeries, ...]:
    """Return the series to keep for an edit; ``UsageError`` says what was expected instead."""
    if edit.action not in programme.action_by_id:
        raise NotFoundError(f"no action {edit.action!r}; reminders occurrences shows the ids")
    made = tuple(replace(one, by=edit.by, on=today) for one in _decided(programme, edit))
    for one in made:
        problem = rules.problem(one)
        # An earlier part without a date of its own has simply gone.
        if problem and not (problem in {"none", "order"} and len(made) > 1 and one is made[0]):
            raise UsageError(f"series: expected {_EXPECTED[problem]}")
        if moment := skipped(one, programme.timezone):
            raise SkippedTimeError(moment)
    return made


def _decided(programme: Programme, edit: Edit) -> tuple[EditedSeries, ...]:
    if edit.name == NEW:
        if edit.series is None:
            raise UsageError("series: expected a series to keep")
        name = rules.next_name(programme, edit.action, "own")
        return (replace(edit.series, action=edit.action, name=name),)
    old = series_named(programme, edit.action, edit.name)
    if edit.remove:
        return (replace(old, state="removed"),)
    if edit.change is not None:
        if edit.change.on not in {one.on for one in dates_of(old)}:  # a date in a quiet month is none
            raise UsageError(f"series: expected one of its dates; found {edit.change.on}")
        return (rules.changed_series(old, edit.change),)
    if edit.restore is not None:
        return (rules.restored_series(old, edit.restore),)
    if edit.series is None:
        raise UsageError("series: expected a series, a date to change, or its removal")
    return _rewritten(programme, edit, old, edit.series)


def dates_of(series: EditedSeries) -> tuple[rules.SeriesDate, ...]:
    """Return the dates of a series as they stand."""
    rule = rules.event_rule(series, rules.PEOPLE)
    return rules.instances(rule) if rule else ()


def _rewritten(
    programme: Programme, edit: Edit, old: EditedSeries, series: EditedSeries
) -> tuple[EditedSeries, ...]:
    """Return the series rewritten whole, or cut in two where the change begins.

    The earlier part keeps its name, and so its UID, the later one is new to calendars.
    """
    standing = [one.on for one in dates_of(old)]
    if edit.at is None or not standing or edit.at <= standing[0]:
        return (rules.tidied(replace(series, action=old.action, name=old.name, changes=old.changes)),)
    later = rules.next_name(programme, old.action, old.name)
    before, after = rules.split(old, edit.at, later)
    first = max(series.first, edit.at)
    whole = replace(series, action=old.action, name=later, first=first, changes=after.changes)
    return (before, rules.tidied(whole))


def with_edited_series(programme: Programme, made: tuple[EditedSeries, ...]) -> Programme:
    """Return the programme as it would be with edited series; nothing is stored."""
    series = {(one.action, one.name): one for one in (*programme.series, *made)}
    return replace(programme, series=tuple(series[key] for key in sorted(series)))


def preview_series(programme: Programme, edit: Edit, today: date, workdays: Workdays) -> SeriesPreview:
    """Return the dates of the action's series before and after an edit; nothing is stored."""
    after = with_edited_series(programme, decide_series(programme, edit, today))
    before, later = (shown_dates(one, edit.action, workdays) for one in (programme, after))
    return SeriesPreview(before, later)


def shown_dates(programme: Programme, action: str, workdays: Workdays) -> tuple[DateAhead, ...]:
    """Return the dates of an action's series as subscribers see them, with what clashes by ``workdays``."""
    return tuple(
        DateAhead(row, clashes(row, programme, workdays))
        for row in occurrences(programme)
        if row.kind == "event" and row.id.action == action
    )


def clashes(row: Occurrence, programme: Programme, workdays: Workdays) -> tuple[Clash, ...]:
    """Return what a date falls on: holiday or eve, closed day, weekend, quiet period, meeting."""
    day, found = row.due, list[Clash]()
    if row.status == "cancelled":
        return ()
    if day in workdays.holidays:
        found.append("holiday")
    elif day in workdays.closed:
        found.append("closed")
    elif not workdays.is_working_day(day):
        found.append("weekend")
    if any(day in period for period in workdays.quiet):
        found.append("quiet")
    if day in programme.meetings:
        found.append("meeting")
    return tuple(found)


def save_series(service: Service, edit: Edit) -> tuple[EditedSeries, ...]:
    """Keep what an edit makes of a series; return it. Errors as ``decide_series``."""
    now = service.clock()
    with service.database.write() as connection:
        row = programmes.stored_programme(connection, edit.programme)
        made = decide_series(row.programme, edit, civil_time(service.settings, now).day)
        write_series(connection, edit.programme, made, now, edit.note)
    return made


def write_series(
    connection: Connection, programme: str, made: Iterable[EditedSeries], now: datetime, note: str = ""
) -> None:
    """Keep series inside the caller's transaction, with all that follows from them."""
    for one in made:
        stored_series.add_series(connection, programme, one, now, note)
    programmes.touch_programme(connection, programme, now)
    rework(connection, programme, now)


def series_versions(service: Service, programme: str, action: str) -> tuple[SeriesVersion, ...]:
    """Return every save of the series of an action, newest first: what ``restore_version`` takes up again."""
    with service.database.read() as connection:
        return stored_series.series_history(connection, programme, action)[::-1]


def restore_version(service: Service, programme: str, version: int, by: str) -> EditedSeries:
    """Keep an earlier save of a series again; ``NotFoundError`` when there is none of this number."""
    now = service.clock()
    with service.database.write() as connection:
        found = stored_series.version(connection, programme, version)
        if found is None:
            raise NotFoundError(f"no save {version} of a series in {programme}")
        again = replace(found, by=by, on=civil_time(service.settings, now).day)
        write_series(connection, programme, [again], now, f"save {version} again")
    return again


def take_out_over(database: Database, today: date, now: datetime) -> int:
    """Take out what was cancelled and is over for sixty days; return how many series changed.

    What is cancelled because its action has ended is not counted.
    """

    def changed(connection: Connection) -> list[tuple[str, EditedSeries]]:
        known = stored_series.with_cancelled(connection)
        return [(key, over) for key, one in known if (over := over_since(one, today - SHOWN_FOR)) != one]

    _take_out_ended(database, now)
    with database.read() as connection:
        if not changed(connection):
            return 0
    with database.write() as connection:
        found = changed(connection)
        for key, over in found:
            stored_series.add_series(connection, key, over, now, "cancelled dates taken out")
        for key in dict.fromkeys(key for key, _ in found):
            programmes.touch_programme(connection, key, now)
            rework(connection, key, now)
    return len(found)


def _take_out_ended(database: Database, now: datetime) -> None:
    with database.read() as connection:
        keys = programmes.programme_keys(connection)
        ending = [key for key in keys if ended_at(connection, key) or programmes.ended_of(connection, key)]
    for key in ending:
        with database.write() as connection:
            rework_ended(connection, key, now)


@dataclass(frozen=True, slots=True)
class YearDates:
    """What a unit sets for a year: the series as it shall be from ``since`` on; ``by``: its address."""

    programme: str
    year: SeriesYear
    series: EditedSeries
    since: date
    by: str


def series_of_year(programme: Programme, year: SeriesYear, since: date) -> EditedSeries:
    """Return the series, or the part that it was cut into, with the year's dates from ``since`` on.

    Raises ``NotFoundError`` when the action has none of it any more.
    """
    family = _family(year.name)
    own = [one for one in series_of(programme, year.action) if _family(one.name) == family]
    own.sort(key=lambda one: one.name != year.name)
    for one in own:
        if any(since <= row.day and row.day.year == year.year for row in dates_of(one)):
            return one
    if not own:
        raise NotFoundError(f"{year.action} has no series {year.name!r}")
    return own[0]


def _family(name: str) -> str:
    """Return what the parts of a series that was cut share: ``month`` of ``month-2``."""
    stem, _, number = name.rpartition("-")
    return stem if stem and number.isdecimal() else name


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
    rest = replace(old, name=name, first=max(old.first, date(wanted.year.year + 1, 1, 1)))
    if rest.first > old.until or not event_rule(rest, PEOPLE):
        return made
    return (*made, replace(rest, by=wanted.by, on=today))


def preview_year(
    programme: Programme, wanted: YearDates, today: date, workdays: Workdays
) -> tuple[DateAhead, ...]:
    """Return the year's dates as subscribers will see them; nothing is stored."""
    after = with_edited_series(programme, decide_year(programme, wanted, today))
    return dates_of_year(after, wanted.year, wanted.since, workdays)


def dates_of_year(
    programme: Programme, year: SeriesYear, since: date, workdays: Workdays
) -> tuple[DateAhead, ...]:
    """Return the year's dates of a series from ``since`` on, as subscribers see them."""
    family = _family(year.name)
    return tuple(
        one
        for one in shown_dates(programme, year.action, workdays)
        if since <= one.row.due and one.row.due.year == year.year and _family(one.row.id.series) == family
    )


def set_year_dates(service: Service, wanted: YearDates) -> tuple[EditedSeries, ...]:
    """Keep what a unit sets; its mails stop asking. Errors as ``decide_series``."""
    now = service.clock()
    with service.database.write() as connection:
        row = programmes.stored_programme(connection, wanted.programme)
        made = decide_year(row.programme, wanted, civil_time(service.settings, now).day)
        write_series(connection, wanted.programme, made, now)
    return made

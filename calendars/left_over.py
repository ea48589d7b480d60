"""What calendars go on showing of an entry that its programme has no more (design: calendar.md, point 10).

What has been stays as it was for the life of the programme, if it was told before it passed; an assumed date
as the assumption that it was. What was still to come is cancelled, and stands so until sixty days after its
date. A series keeps its UID: its past dates stand, those to come are cancelled dates of it, and what it has
from now on joins them where its rule allows. Where people keep a series that has other dates now, or have
ended its action, they decided on those to come (``edited_series``): of them nothing stays here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from calendars.event import Entry, may_override, without_days
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.rule import expand

SHOWN_FOR: Final = timedelta(days=60)
"""How long a cancelled date is still shown after its day."""


def left_over(entry: Entry, today: date, told: date | None = None, *, cancels: bool = True) -> Entry | None:
    """Return a single date as calendars show it on ``today``; None: no more.

    ``told`` is the day since which they say that it stands on its day; None: for as long as that matters.
    ``cancels`` tells whether what is still to come was taken away without anybody deciding on it.
    """
    if entry.status == "cancelled":
        return entry if entry.day >= today - SHOWN_FOR else None
    if entry.day < today:
        return entry if told is None or told <= entry.day else None
    return replace(entry, status="cancelled", date_assumed=False) if cancels else None


def left_series(
    own: tuple[Entry, ...], today: date, is_elsewhere: Callable[[Entry], bool], *, cancels: bool = True
) -> tuple[Entry, ...]:
    """Return a series and its changed dates as calendars show them on ``today``, under its UID.

    A date that ``is_elsewhere`` stands under another UID, and so not here.
    """
    stays = _staying(own, today, is_elsewhere, cancels=cancels)
    series = next((one for one in own if one.recurrence), None)
    if series is None or not stays:
        return stays
    if all(one.status == "cancelled" for one in stays):
        series = replace(series, status="cancelled", date_assumed=False)
    return _series_of(series, stays, max(map(_rule_day, stays))) or stays


def joined_series(
    own: tuple[Entry, ...],
    before: tuple[Entry, ...],
    today: date,
    is_elsewhere: Callable[[Entry], bool],
    *,
    cancels: bool = True,
) -> tuple[Entry, ...] | None:
    """Return a series with what stays of the dates it had ``before``; None where its rule cannot have both.

    Where nobody decided on its dates (``cancels``), none is put into the past: calendars never told of it.
    """
    wanted = {_rule_day(one): one for one in dates_of_series(own)}
    dates = wanted
    if cancels:
        held = {_rule_day(one) for one in dates_of_series(before)}
        dates = {day: one for day, one in wanted.items() if one.day >= today or day in held}
    stays = _staying(before, today, is_elsewhere, cancels=cancels)
    dates = {**{_rule_day(one): one for one in stays}, **dates}
    if dates == wanted:
        return own
    series = next(one for one in own if one.recurrence)
    if not dates or series.recurrence is None:
        return ()
    last = max(dates)
    until = series.recurrence.until
    return _series_of(series, tuple(dates[day] for day in sorted(dates)), max(last, until or last))


def _staying(
    own: tuple[Entry, ...], today: date, is_elsewhere: Callable[[Entry], bool], *, cancels: bool
) -> tuple[Entry, ...]:
    stays = list[Entry]()
    for one in dates_of_series(own):
        is_off = one.status == "cancelled"
        if is_elsewhere(one) or (is_off and (not cancels or one.day < today - SHOWN_FOR)):
            continue  # what people cancelled they also take out
        if is_off or one.day < today:
            stays.append(one)
        elif cancels:
            stays.append(replace(one, status="cancelled", date_assumed=False))
    return tuple(stays)


def _series_of(series: Entry, dates: tuple[Entry, ...], until: date) -> tuple[Entry, ...] | None:
    """Return a series that has just these dates, to the day ``until``; None where its rule cannot.

    What differs from the series is a changed date of it.
    """
    if series.recurrence is None:
        return None
    days = {_rule_day(one) for one in dates}
    first = min(days)
    recurrence = replace(series.recurrence, dtstart=first, until=until, exdates=())
    start = datetime.combine(first, series.start.time()) if isinstance(series.start, datetime) else first
    if not days <= set(expand(recurrence)):
        return None
    whole = replace(series, start=start, recurrence=recurrence)
    changed = [one for one in dates if _facts(one) != _facts(_date_of(series, _rule_day(one)))]
    if any(one.recurrence_id != _date_of(series, _rule_day(one)).start for one in changed):
        return None  # its own time of day names another date
    without = without_days(whole, set(expand(recurrence)) - days)
    if not all(
        one.recurrence_id and may_override(without[0], one.recurrence_id, one.start) for one in changed
    ):
        return None
    return (*without, *changed)


def _facts(one: Entry) -> tuple[object, ...]:
    return (one.start, one.finish, one.status, one.location, one.conference, one.title, one.short)


def dates_of_series(own: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return the dates of a series and its changed ones, one by one, each with its RECURRENCE-ID."""
    dates = {_rule_day(one): one for one in own if one.recurrence_id}
    for series in own:
        for day in expand(series.recurrence) if series.recurrence else ():
            if day not in dates:
                dates[day] = _date_of(series, day)
    return tuple(dates[day] for day in sorted(dates))


def _date_of(series: Entry, day: date) -> Entry:
    start: date | datetime = day
    end = None
    if isinstance(series.start, datetime):
        start = datetime.combine(day, series.start.time())
        minutes = series.recurrence.minutes if series.recurrence else 0
        end = start + timedelta(minutes=minutes) if minutes else None
    row_id = OccurrenceID.parse(series.occurrence)
    own_id = OccurrenceID.of_event(row_id.programme, row_id.action, row_id.series, day)
    return replace(series, start=start, end=end, recurrence=None, recurrence_id=start, occurrence=str(own_id))


def _rule_day(entry: Entry) -> date:
    """Return the day on which a date of a series is by its rule."""
    moment = entry.recurrence_id or entry.start
    return moment.date() if isinstance(moment, datetime) else moment

"""What calendars go on showing of an entry that its programme has no more (design: calendar.md, point 10).

What has been stays as it was for the life of the programme, if it was told before it passed. What was still
to come is cancelled, and stands so until sixty days after its date; an assumed date goes without a word, for
it never was. A series keeps its UID: its past dates stand, those to come are cancelled dates of it. Where
people still keep a series that has other dates now, they decided on those to come (``edited_series``): of
them nothing stays here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from calendars.event import Entry, without_days
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
    if entry.status == "tentative":
        return None
    if entry.day < today:
        return entry if told is None or told <= entry.day else None
    return replace(entry, status="cancelled") if cancels else None


def left_series(
    own: tuple[Entry, ...], today: date, is_elsewhere: Callable[[Entry], bool], *, cancels: bool = True
) -> tuple[Entry, ...]:
    """Return a series and its changed dates as calendars show them on ``today``, under its UID.

    A date that ``is_elsewhere`` stands under another UID, and so not here.
    """
    stays = list[Entry]()
    for one in dates_of_series(own):
        is_off = one.status == "cancelled"
        if is_elsewhere(one) or (is_off and one.day < today - SHOWN_FOR):
            continue
        if is_off or one.day < today:
            stays.append(one)
        elif cancels and one.status == "confirmed":
            stays.append(replace(one, status="cancelled"))
    series = next((one for one in own if one.recurrence), None)
    if series is None or series.recurrence is None or not stays:
        return tuple(stays)
    days = {_rule_day(one) for one in stays}
    until = max(days)
    exdates = tuple(day for day in series.recurrence.exdates if day < until)
    cut = replace(series, recurrence=replace(series.recurrence, until=until, exdates=exdates))
    changed_days = {_rule_day(one) for one in own if one.recurrence_id}
    if all(one.status == "cancelled" for one in stays):
        cut = replace(cut, status="cancelled", date_assumed=False)
        changed = [one for one in stays if _rule_day(one) in changed_days]
    else:
        changed = [one for one in stays if _rule_day(one) in changed_days or one.status != series.status]
    # Only what has no date of its own is taken out of the rule: a changed date needs its instance.
    out = {day for day in expand(cut.recurrence or series.recurrence) if day not in days}
    return (*without_days(cut, out), *changed)


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

"""A series and its changed dates as VEVENTs: the rule, its overrides, and what stands alone.

Clients lose a date that an override moves onto or past a neighbour, and read a time on an
all-day series each in their own way: such a date becomes an EXDATE and an entry of its own
(design: calendar.md, point 9).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from calendars.event import Entry, may_override
from schedule_rules.rule import RecurrenceSet, expand


def family(series: Entry, changed: Iterable[tuple[Entry, str]]) -> tuple[Entry, ...]:
    """Return ``series`` and its changed dates, each given with the UID that it has when it stands alone.

    A changed date comes as an override: with the series' UID and its RECURRENCE-ID.
    """
    overrides: list[Entry] = []
    alone: list[Entry] = []
    last: date | None = None
    for entry, own_uid in sorted(changed, key=lambda pair: str(pair[0].recurrence_id)):
        if _fits(series, entry, last):
            overrides.append(entry)
            last = _day(entry.start)
        else:
            alone.append(replace(entry, uid=own_uid, recurrence_id=None))
    out = {_day(entry.recurrence_id) for entry, _ in changed if entry.recurrence_id} - {
        _day(entry.recurrence_id) for entry in overrides if entry.recurrence_id
    }
    return (*_without(series, out), *overrides, *alone)


def _fits(series: Entry, entry: Entry, last: date | None) -> bool:
    """Tell whether an override keeps its place in the row; ``last`` is where the one before it now stands."""
    if entry.recurrence_id is None or isinstance(entry.start, datetime) != isinstance(series.start, datetime):
        return False
    if not may_override(series, entry.recurrence_id, entry.start):
        return False
    return last is None or last < _day(entry.start)


def _without(series: Entry, days: set[date]) -> Iterator[Entry]:
    """Yield the series without some of its dates; DTSTART stays on a date that stands (section 3.8.2.4)."""
    recurrence = series.recurrence
    if recurrence is None or not days:
        yield series
        return
    standing = [day for day in expand(recurrence) if day not in days]
    if standing:
        yield _begun(series, recurrence, standing[0], days)


def _begun(series: Entry, recurrence: RecurrenceSet, first: date, days: set[date]) -> Entry:
    exdates = tuple(sorted(day for day in {*recurrence.exdates, *days} if day > first))
    start, end = series.start, series.end
    moved = replace(recurrence, dtstart=first, exdates=exdates)
    if isinstance(start, datetime):
        begins = datetime.combine(first, start.time())
        ends = begins + (end - start) if isinstance(end, datetime) else None
        return replace(series, start=begins, end=ends, recurrence=moved)
    return replace(series, start=first, recurrence=moved)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment

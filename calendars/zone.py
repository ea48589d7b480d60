"""VTIMEZONE with two yearly rules (RFC 5545 section 3.6.5).

Never RDATE lists, which Outlook ignores and ical.js reads an hour off. A zone
whose clock is no pair of yearly rules is refused, not approximated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# The rules must hold in all of these years: fixed, so that octets never depend on the day.
_YEARS = range(2023, 2038)
_EARLIEST = 1971

_HELSINKI = """\
BEGIN:VTIMEZONE
TZID:Europe/Helsinki
BEGIN:DAYLIGHT
DTSTART:19970330T030000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:EEST
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T040000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:EET
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
END:STANDARD
END:VTIMEZONE
"""


class ZoneError(ValueError):
    """A zone whose clock does not follow two yearly rules in 2023–2037."""


@dataclass(frozen=True, slots=True)
class _Change:
    """One change of a zone's clock: the local time before it, and both offsets."""

    local: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def places(self) -> frozenset[int]:
        """Where in its month the weekday stands: 2 for the second, -1 for the last; or both."""
        nth = (self.local.day - 1) // 7 + 1
        last = (self.local + timedelta(days=7)).month != self.local.month
        return frozenset({nth, -1} if last else {nth})

    @property
    def habit(self) -> tuple[object, ...]:
        """What must be the same every year, beside the place in the month."""
        local = self.local
        return local.month, local.weekday(), local.time(), self.before, self.after, self.name


@lru_cache(maxsize=16)
def vtimezone(name: str) -> bytes:
    """Return the VTIMEZONE of zone ``name``; raise ``ZoneError`` for one it cannot express."""
    text = _HELSINKI if name == "Europe/Helsinki" else generate(name)
    return text.replace("\n", "\r\n").encode()


def generate(name: str) -> str:
    """Return the VTIMEZONE of zone ``name``, with LF, as its yearly changes from zoneinfo say.

    1. Find the changes of each year; all years must have none, or the same two.
    2. Each change must fall on the same nth weekday of a month every year.
    3. DTSTART is in the first year since which that has been so.
    """
    zone = ZoneInfo(name)
    years = [tuple(_changes(zone, year)) for year in _YEARS]
    if not any(years):
        start = datetime(1970, 1, 1)  # noqa: DTZ001 - DTSTART here is a local time without a zone
        moment = datetime(_YEARS.start, 1, 1, tzinfo=UTC)
        offset = _offset(moment, zone)
        blocks = [_block(_Change(start, offset, offset, moment.astimezone(zone).tzname() or ""))]
    elif all(len(changes) == 2 for changes in years):
        blocks = [_observance(name, zone, turn) for turn in (0, 1)]
    else:
        raise ZoneError(f"{name}: its clock does not change twice in each year of 2023–2037")
    return f"BEGIN:VTIMEZONE\nTZID:{name}\n{''.join(blocks)}END:VTIMEZONE\n"


def _changes(zone: ZoneInfo, year: int) -> Iterator[_Change]:
    moment, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    while moment < end:
        following = moment + timedelta(days=1)
        if _offset(moment, zone) != _offset(following, zone):
            yield _change(zone, moment, following)
        moment = following


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> _Change:
    """Narrow a change between two instants down to the second."""
    before, after = _offset(low, zone), _offset(high, zone)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    local = high.astimezone(timezone(before)).replace(tzinfo=None)
    return _Change(local, before, after, high.astimezone(zone).tzname() or "")


def _observance(name: str, zone: ZoneInfo, turn: int) -> str:
    """Return the block of each year's first (0) or second (1) change."""
    changes = [tuple(_changes(zone, year))[turn] for year in _YEARS]
    first = changes[0]
    places = frozenset.intersection(*(change.places for change in changes))
    if not places or any(change.habit != first.habit for change in changes):
        raise ZoneError(f"{name}: its clock does not change on the same nth weekday every year")
    place = min(places)
    rule = f"FREQ=YEARLY;BYMONTH={first.local.month};BYDAY={place}{_WEEKDAYS[first.local.weekday()]}"
    since = first  # the change of the first year since which it has come so every year
    for year in range(_YEARS.start - 1, _EARLIEST, -1):
        earlier = tuple(_changes(zone, year))
        if len(earlier) != 2 or earlier[turn].habit != first.habit or place not in earlier[turn].places:
            break
        since = earlier[turn]
    return _block(since, rule)


def _block(change: _Change, rule: str = "") -> str:
    part = "DAYLIGHT" if change.after > change.before else "STANDARD"
    rrule = f"RRULE:{rule}\n" if rule else ""
    return (
        f"BEGIN:{part}\nDTSTART:{change.local:%Y%m%dT%H%M%S}\n{rrule}TZNAME:{change.name}\n"
        f"TZOFFSETFROM:{_signed(change.before)}\nTZOFFSETTO:{_signed(change.after)}\nEND:{part}\n"
    )


def _signed(offset: timedelta) -> str:
    """Return ``offset`` as UTC-OFFSET (section 3.3.14)."""
    minutes = round(abs(offset) / timedelta(minutes=1))
    return f"{'-' if offset < timedelta() else '+'}{minutes // 60:02}{minutes % 60:02}"


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()

"""What a calendar shows as one VEVENT: a date, a series, or a moved instance of a series.

Values only (RFC 5545 section 3.6.1). Their texts are left to ``text``, their octets to ``vevent``, which of
them stand together to ``feed``.

Clients lose a date that an override moves onto or past a neighbour, and read a time on an all-day series each
in their own way: such a date becomes an EXDATE and an entry of its own (design: calendar.md, point 9).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid5

from schedule_rules.programme import Lang, Text
from schedule_rules.rule import RecurrenceSet, expand

# Fixed for ever: a new value would double every entry in every subscribed calendar.
NAMESPACE = UUID("6f0a3a52-5d1c-5d8e-9b53-2f6a4c1f7e20")

Kind = Literal["milestone", "review", "collection", "event", "meeting"]
Status = Literal["tentative", "confirmed", "cancelled"]
EntryState = Literal["stands", "moved", "cancelled", "provisional"]
Moment = date | datetime
_NONE = Text()


class EntryError(ValueError):
    """An entry that no calendar could show rightly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One VEVENT, in all languages.

    ``start``, ``end`` and ``recurrence_id`` are dates (all-day) or naive local datetimes of ``zone``, as RFC
    5545 section 3.3.5 form 3 writes them: never floating, never UTC. ``end`` is exclusive; without it an
    all-day entry lasts one day and a timed one as long as its recurrence set says.

    A series has a ``recurrence`` whose first instance is ``start``; an override has the series' ``uid`` and
    as ``recurrence_id`` the start that the instance had in the series. ``modified`` is the stamp of the
    stored row (DTSTAMP and LAST-MODIFIED). ``date_assumed`` says that nobody has set the date yet.
    ``short`` is a short name for calendars; the full ``title`` then stands in the description.
    ``organisations`` and ``partners`` are names, ``domain_key`` and ``organisation_keys`` decide which feeds
    hold the entry: one with neither stands in all of them. ``also_in`` are keys of feeds in which it has
    been since before it was past. ``year``, ``opens`` and ``closes`` belong to a
    collection. ``corrected`` are words that stand instead of the printed ones, since when. ``url`` gets the
    language as ``{lang}`` or else as a query. ``lines`` are said before the link, ``done`` puts a ✓ before
    the title, ``alarm`` asks for a VALARM: private feeds only. ``occurrence`` is the stored id, shown to
    nobody. ``details`` say what an event is about, ``sign_up`` is the link by which one signs up for it.
    """

    uid: str
    kind: Kind
    title: Text
    short: Text = _NONE
    start: Moment
    modified: datetime
    end: Moment | None = None
    zone: str = ""
    recurrence: RecurrenceSet | None = None
    recurrence_id: Moment | None = None
    status: Status = "confirmed"
    sequence: int = 0
    organisations: tuple[Text, ...] = ()
    partners: tuple[Text, ...] = ()
    domain: Text = _NONE
    domain_key: str = ""
    organisation_keys: tuple[str, ...] = ()
    also_in: tuple[str, ...] = ()
    wording: Text = _NONE
    indicator: Text = _NONE
    corrected: Text = _NONE
    corrected_on: date | None = None
    url: str = ""
    date_assumed: bool = False
    year: int | None = None
    opens: date | None = None
    closes: date | None = None
    location: Text = _NONE
    conference: str = ""
    lines: tuple[Text, ...] = ()
    done: bool = False
    alarm: bool = False
    occurrence: str = ""
    details: Text = _NONE
    sign_up: str = ""

    def __post_init__(self) -> None:
        """Refuse what clients would read differently from one another."""
        _check_moments(self)
        if self.modified.tzinfo is None:
            raise EntryError(f"{self.uid}: modified needs an offset")
        if self.recurrence and self.recurrence_id:
            raise EntryError(f"{self.uid}: a series has no RECURRENCE-ID, an override no rule")
        if self.recurrence and self.recurrence.rrule:
            _check_series(self, self.recurrence)

    def __hash__(self) -> int:
        """Hash by what tells versions apart; equality still compares every field."""
        return hash((self.uid, self.recurrence_id, self.sequence, self.modified))

    @property
    def timed(self) -> bool:
        """Tell whether any of the entry's dates has a time, and so needs its zone."""
        return isinstance(self.start, datetime) or isinstance(self.recurrence_id, datetime)

    @property
    def day(self) -> date:
        """The day on which the entry begins."""
        return _day(self.start)

    @property
    def state(self) -> EntryState:
        """How one date stands: as its rule has it, moved, cancelled, or on a date that nobody has set."""
        if self.status == "cancelled":
            return "cancelled"
        if self.status == "tentative":
            return "provisional"
        return "moved" if self.recurrence_id not in {None, self.start} else "stands"

    @property
    def finish(self) -> Moment | None:
        """The exclusive end (DTEND); None for a timed entry of which only the start is known."""
        if self.end is not None:
            return self.end
        if not isinstance(self.start, datetime):
            return self.start + timedelta(days=1)
        minutes = self.recurrence.minutes if self.recurrence else 0
        return self.start + timedelta(minutes=minutes) if minutes else None


def uid(kind: str, seed: str) -> str:
    """Return the UID of what ``kind`` and ``seed`` (its stored id) name, a UUIDv5 (RFC 7986 section 5.3).

    The same id gives the same UID in every feed, language and year, on every host.
    """
    return str(uuid5(NAMESPACE, f"{kind}:{seed}"))


def entry_path(entry_uid: str, lang: Lang) -> str:
    """Return the path of an entry alone, under the UID that it has in feeds."""
    return f"/calendars/event/{entry_uid}-{lang}.ics"


def localised(url: str, lang: Lang) -> str:
    """Return ``url`` in ``lang``: in place of ``{lang}``, else as a query before any fragment."""
    if not url or "{lang}" in url:
        return url.replace("{lang}", lang)
    address, hash_sign, fragment = url.partition("#")
    return f"{address}{'&' if '?' in address else '?'}lang={lang}{hash_sign}{fragment}"


def sort_key(entry: Entry) -> tuple[str, str, str]:
    """Order entries by (DTSTART, UID, RECURRENCE-ID), days before times."""
    recurrence_id = entry.recurrence_id.isoformat() if entry.recurrence_id else ""
    return entry.start.isoformat(), entry.uid, recurrence_id


def may_override(series: Entry, recurrence_id: Moment, start: Moment) -> bool:
    """Tell whether an instance may move to ``start``: not onto or past a neighbour, clients then lose one."""
    days = expand(series.recurrence) if series.recurrence else ()
    if _day(recurrence_id) not in days:
        return False
    place, day = days.index(_day(recurrence_id)), _day(start)
    before = days[place - 1] if place else None
    after = days[place + 1] if place + 1 < len(days) else None
    return (before is None or before < day) and (after is None or day < after)


def family(series: Entry, changed: Iterable[tuple[Entry, str]]) -> tuple[Entry, ...]:
    """Return ``series`` and its changed dates, each given with the UID that it has when it stands alone.

    A changed date comes as an override: with the series' UID and its RECURRENCE-ID.
    """
    overrides: list[Entry] = []
    alone: list[Entry] = []
    last: date | None = None  # where the override before now stands
    changed = sorted(changed, key=lambda pair: str(pair[0].recurrence_id))
    for entry, own_uid in changed:
        if (
            entry.recurrence_id is not None
            and isinstance(entry.start, datetime) == isinstance(series.start, datetime)
            and may_override(series, entry.recurrence_id, entry.start)
            and (last is None or last < _day(entry.start))
        ):
            overrides.append(entry)
            last = _day(entry.start)
        else:
            alone.append(replace(entry, uid=own_uid, recurrence_id=None))
    gone = {_day(entry.recurrence_id) for entry, _ in changed if entry.recurrence_id}
    gone -= {_day(entry.recurrence_id) for entry in overrides if entry.recurrence_id}
    return (*without_days(series, gone), *overrides, *alone)


def without_days(series: Entry, days: set[date]) -> tuple[Entry, ...]:
    """Return the series without some days of its rule; DTSTART stays on one that stands (section 3.8.2.4)."""
    recurrence = series.recurrence
    if recurrence is None or not days:
        return (series,)
    first = next((day for day in expand(recurrence) if day not in days), None)
    if first is None:
        return ()
    exdates = tuple(sorted(day for day in {*recurrence.exdates, *days} if day > first))
    recurrence = replace(recurrence, dtstart=first, exdates=exdates)
    if not isinstance(series.start, datetime):
        return (replace(series, start=first, recurrence=recurrence),)
    begins = datetime.combine(first, series.start.time())
    ends = begins + (series.end - series.start) if isinstance(series.end, datetime) else None
    return (replace(series, start=begins, end=ends, recurrence=recurrence),)


def _check_moments(entry: Entry) -> None:
    for moment in (entry.start, entry.end, entry.recurrence_id):
        if isinstance(moment, datetime) and moment.tzinfo is not None:
            raise EntryError(f"{entry.uid}: {moment} must be a naive local time, its zone stands beside it")
    if entry.timed and not entry.zone:
        raise EntryError(f"{entry.uid}: a time without a zone would float")
    if entry.end is None:
        return
    if isinstance(entry.end, datetime) != isinstance(entry.start, datetime):
        raise EntryError(f"{entry.uid}: start and end must both be days or both be times")
    if entry.end <= entry.start:
        raise EntryError(f"{entry.uid}: the end is exclusive and must be after the start")


def _check_series(entry: Entry, recurrence: RecurrenceSet) -> None:
    """Require an end, no RDATE (Outlook ignores it), a start on the rule (section 3.8.2.4)."""
    if recurrence.rdates:
        raise EntryError(f"{entry.uid}: irregular dates are entries of their own, not RDATE")
    if recurrence.until is None or "COUNT=" in recurrence.rrule or "UNTIL=" in recurrence.rrule:
        raise EntryError(f"{entry.uid}: a series ends by its field until")
    first = _day(entry.start)
    if expand(replace(recurrence, dtstart=first, exdates=()))[:1] != (first,):
        raise EntryError(f"{entry.uid}: {first} is no instance of {recurrence.rrule}")


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment

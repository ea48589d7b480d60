"""What a change does in calendars, date by date: done in a trial, compared with what stands there now.

What happens to a date that the programme no longer has is decided in ``left_entries``, where calendars are
told, so that a preview says what saving brings about: it stays as past, is cancelled, or goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from calendars.event import Entry
from reminders.service import Service
from reminders.use.feeds.source import Source, source_of
from reminders.use.planning.preview import Change

DateFate = Literal["added", "moved", "confirmed", "cancelled", "again", "stays", "leaves"]


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """One date that a change touches: what becomes of it, how it stood and how it will stand."""

    fate: DateFate
    before: Entry | None
    after: Entry | None

    @property
    def entry(self) -> Entry:
        """The date as it will stand, of one that leaves as it stood."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change of nothing")
        return found


def calendar_changes(service: Service, key: str, change: Change) -> tuple[CalendarChange, ...]:
    """Return what ``change`` would do to the dates of a programme in calendars; nothing stays stored.

    Errors of the change come through.
    """
    with service.database.trial() as connection:
        before = source_of(connection, key, service.settings)
        change(connection)
        after = source_of(connection, key, service.settings)
    return tuple(_changes(before, after))


def _changes(before: Source, after: Source) -> Iterator[CalendarChange]:
    was, now = _by_date(before.dates), _by_date(after.dates)
    found = []
    for key in was.keys() | now.keys():
        old, new = was.get(key), now.get(key)
        is_left = key[0] in after.left and key[0] not in before.left
        if fate := _fate(old, new, is_left=is_left):
            found.append(CalendarChange(fate, old, new))
    yield from sorted(found, key=lambda one: (one.entry.day, one.entry.uid))


def _fate(old: Entry | None, new: Entry | None, *, is_left: bool) -> DateFate | None:
    if new is None or old is None:
        return "leaves" if old else "added" if new and new.status != "cancelled" else None
    if old.status != new.status and "cancelled" in {old.status, new.status}:
        return "cancelled" if new.status == "cancelled" else "again"
    if is_left:
        return "stays"
    if (old.start, old.finish) != (new.start, new.finish):
        return "moved"
    return "confirmed" if old.status != new.status else None


def _by_date(dates: Iterable[Entry]) -> dict[tuple[str, date | None], Entry]:
    """Return dates by what names them: the UID, of an event with the day that its rule gives."""
    found = {}
    for one in dates:
        if one.kind == "meeting":  # people set those days, no wording
            continue
        moment = one.recurrence_id or one.start
        day = one.day if moment is one.start else date.fromisoformat(moment.isoformat()[:10])
        found[one.uid, day if one.kind == "event" else None] = one
    return found

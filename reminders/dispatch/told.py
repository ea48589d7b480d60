"""What calendars are told about each UID and feed: SEQUENCE, LAST-MODIFIED, when a feed last changed.

Worked out in the transaction that changes dates, never when a feed is read: reading is free of
effects, and octets are a function of what is stored (design: calendar.md, points 3, 5 and 6).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Final

from calendars.event import Entry
from calendars.feed import FeedSpec, belongs
from reminders.dispatch.entries import NEVER, entries
from reminders.store import Connection, corrections
from reminders.store import programmes as repository
from reminders.store import series as store
from reminders.store.series import Told, ToldFeed
from schedule_rules.programme import Programme, Text

MAIN: Final = "vaasa-2023-2026"
WHOLE: Final = ("all", "events", "deadlines")
_TIMING: Final = (
    "start", "end", "zone", "recurrence", "recurrence_id", "status", "location", "conference",
    "opens", "closes",
)  # fmt: skip
_STAMPS: Final = ("modified", "sequence", "occurrence", "lines", "done", "alarm")
_GONE: Final = ""


def main_key(keys: Iterable[str]) -> str:
    """Return the programme of feeds whose address names none: the built-in, else the first, else nothing."""
    known = sorted(keys)
    return MAIN if MAIN in known else next(iter(known), "")


def specs(programme: Programme, base_url: str, *, main: bool = True) -> tuple[FeedSpec, ...]:
    """Return the feeds of a programme: whole, per domain, per organisation.

    Addresses of one that is not the ``main`` programme name it.
    """
    named: list[tuple[str, Text | None]] = [(name, None) for name in WHOLE]
    named += [(domain.key, domain.name) for domain in programme.domains]
    named += [(organisation.key, organisation.name) for organisation in programme.organisations]
    return tuple(
        FeedSpec(
            name=name,
            programme=programme.name,
            scope=name if name in WHOLE else "all",  # type: ignore[arg-type]
            label=label,
            url=f"{base_url}/calendars/",
            zone=programme.timezone,
            query="" if main else f"programme={programme.key}",
        )
        for name, label in named
    )


def tell(connection: Connection, programme: Programme, now: datetime) -> None:
    """Bring what calendars are told to a programme's entries as they stand now.

    1. A UID whose dates, rule, place or status changed gets the next SEQUENCE and ``now``.
    2. One whose texts alone changed gets ``now``. One that has gone keeps its number for its return.
    3. A feed whose entries changed, came or went gets ``now``.

    What is told for the first time has the stamps of its rows.
    """
    stored = repository.stored_occurrences(connection, programme.key)
    families = _families(entries(programme, stored, ""))
    known = store.told(connection, programme.key)
    fresh = {uid: _told(known.get(uid), own, now) for uid, own in families.items()}
    gone = {
        uid: replace(one, timing=_GONE, content=_GONE, modified=now)
        for uid, one in known.items()
        if uid not in families and one.content != _GONE
    }
    old_feeds = store.told_feeds(connection, programme.key)
    feeds = _feeds(programme, families, fresh, old_feeds, now)
    changed = {uid: one for uid, one in {**fresh, **gone}.items() if known.get(uid) != one}
    changed_feeds = {name: one for name, one in feeds.items() if old_feeds.get(name) != one}
    store.tell(connection, programme.key, changed, changed_feeds, (known, old_feeds))
    if known and (changed or changed_feeds):
        corrections.touch(connection, programme.key, now)


def as_told(found: Iterable[Entry], known: Mapping[str, Told]) -> tuple[Entry, ...]:
    """Return entries with the SEQUENCE and stamp that was told; what was never told keeps its own."""
    return tuple(
        replace(entry, sequence=told.sequence, modified=told.modified)
        if (told := known.get(entry.uid))
        else entry
        for entry in found
    )


def _families(found: Iterable[Entry]) -> dict[str, tuple[Entry, ...]]:
    families: dict[str, tuple[Entry, ...]] = {}
    for entry in found:
        families[entry.uid] = (*families.get(entry.uid, ()), entry)
    return families


def _told(known: Told | None, family: tuple[Entry, ...], now: datetime) -> Told:
    timing, content = _digest(family, only=True), _digest(family, only=False)
    if known is None:
        sequence, modified = max(one.sequence for one in family), max(one.modified for one in family)
        return Told(timing, content, sequence, modified)
    if known.timing != timing:
        return Told(timing, content, known.sequence + 1, now)
    return known if known.content == content else Told(timing, content, known.sequence, now)


def _digest(family: tuple[Entry, ...], *, only: bool) -> str:
    """Return a digest of what entries say; a field that a later release adds changes none by its default."""
    said = []
    for entry in family:
        plain = replace(entry, url="")
        said.append(
            [
                (field.name, repr(value))
                for field in fields(Entry)
                if field.name not in _STAMPS
                and (field.name in _TIMING or not only)
                and (value := getattr(plain, field.name)) != field.default
            ]
        )
    return hashlib.sha256(repr(sorted(said)).encode()).hexdigest()


def _feeds(
    programme: Programme,
    families: Mapping[str, tuple[Entry, ...]],
    fresh: Mapping[str, Told],
    known: Mapping[str, ToldFeed],
    now: datetime,
) -> dict[str, ToldFeed]:
    found = {}
    for spec in specs(programme, ""):
        own = [uid for uid, family in families.items() if belongs(spec, family[0])]
        facts = [(uid, fresh[uid].sequence, fresh[uid].content) for uid in sorted(own)]
        content = hashlib.sha256(repr((spec, facts)).encode()).hexdigest()
        old = known.get(spec.name)
        first = max((fresh[uid].modified for uid in own), default=NEVER)
        modified = first if old is None else old.modified if old.content == content else now
        found[spec.name] = ToldFeed(content, modified)
    return found

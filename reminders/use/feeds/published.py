"""What calendars were told of each UID and feed, and when: SEQUENCE and LAST-MODIFIED.

It is stored, so that both rise only when something changed, and only then. Which entries an audience sees,
and who keeps the octets, is left to ``calendars`` and ``web``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from calendars.event import Entry
from calendars.feed import belongs
from calendars.left_over import SHOWN_FOR
from reminders.planning.state import ProgrammeRow
from reminders.store import Connection, Database, feeds as store_feeds, programmes
from reminders.store.feeds import PublishedEntry, PublishedFeed
from reminders.use.feeds.entries import NEVER, EntryFamily, calendar_entries
from reminders.use.feeds.feed_names import specs
from reminders.use.feeds.left_entries import LeftEntries, also_in_feeds, dates_of_left, read_left
from reminders.use.feeds.shown_entries import GONE, LastShown, ShownEntry, keys_today, shown_json
from reminders.use.planning.load_state import read_each
from schedule_rules.programme import Programme

_TIMING: Final = (
    "start", "end", "zone", "recurrence", "recurrence_id", "status", "location", "conference",
    "opens", "closes",
)  # fmt: skip
_STAMPS: Final = ("modified", "sequence", "occurrence", "lines", "done", "alarm")
NOTE_MONTH: Final = "note/month"
"""The row beside those of the feeds that says in which month the notes of empty feeds lie."""


def programme_stamp(programme: Programme) -> datetime:
    """Return the data's own stamp as an instant."""
    return datetime.combine(programme.stamp, time(), UTC)


def record_published(connection: Connection, row: ProgrammeRow, now: datetime) -> None:
    """Bring what calendars are told to a programme's entries as they stand now.

    1. A UID whose dates, rule, place or status changed gets the next SEQUENCE and ``now``.
    2. One whose texts alone changed gets ``now``. One that has gone keeps its number for its return, and
       stands on where ``left_over`` says so.
    3. A past date stays in the feeds of those who had it, whoever is responsible now.
    4. A feed whose entries changed, came or went gets ``now``; the notes of empty feeds move with the month.

    What is told for the first time has the stamps of its rows; a meeting has none, and so ``now``.
    """
    programme, key = row.programme, row.programme.key
    today = now.astimezone(ZoneInfo(programme.timezone)).date()
    found = tuple(calendar_entries(programme, row.policy, programmes.stored_occurrences(connection, key), ""))
    families = _by_uid(found)
    contents = {uid: _digest(own, only=False) for uid, own in families.items()}
    known = store_feeds.published_entries(connection, key)
    last_shown = LastShown(connection, programme, contents, known)
    left_uids = set[str]()
    if not row.is_draft:
        left = LeftEntries(programme, found, last_shown, today)
        kept = {**left.joined(families), **left.over()}
        left_uids = {uid for uid, own in kept.items() if own}
        families = {uid: own for uid, own in {**families, **kept}.items() if own}
        for uid, also_in in also_in_feeds(programme, families, known, last_shown, today):
            families[uid] = tuple(replace(one, also_in=also_in) for one in families[uid])
    contents = {uid: _digest(own, only=False) for uid, own in families.items()}
    if known:
        families |= {
            uid: (replace(own[0], modified=now),)
            for uid, own in families.items()
            if own[0].kind == "meeting" and uid not in known
        }
    fresh = {
        uid: _published_entry(known.get(uid), own, contents[uid], now, is_left=uid in left_uids)
        for uid, own in families.items()
    }
    gone = {
        uid: replace(one, timing=GONE, content=GONE, modified=now, also_in="", is_left=False)
        for uid, one in known.items()
        if uid not in families and one.content != GONE
    }
    old_feeds = store_feeds.published_feeds(connection, key)
    feeds = _feeds(programme, families, fresh, old_feeds, now)
    month = _month_of(now)
    if NOTE_MONTH not in old_feeds or old_feeds[NOTE_MONTH].content < month:
        feeds[NOTE_MONTH] = PublishedFeed(month, datetime.fromisoformat(f"{month}-01T00:00:00+00:00"))
    changed = {uid: one for uid, one in {**fresh, **gone}.items() if known.get(uid) != one}
    changed_feeds = {name: one for name, one in feeds.items() if old_feeds.get(name) != one}
    store_feeds.save_published(connection, key, changed, changed_feeds, (known, old_feeds))
    unseen = store_feeds.without_shown(connection, key)
    # What stands since the programme was let out is as good as told in time.
    since = None if row.is_draft or not known else today
    shown = {
        uid: shown_json(programme, ShownEntry(own, last_shown.told(uid, own, since)))
        for uid, own in families.items()
        if uid in changed or uid in unseen
    }
    store_feeds.save_shown(connection, shown)
    if known and (changed or changed_feeds):
        programmes.touch_programme(connection, key, now)


def _month_of(now: datetime) -> str:
    """Return the month in which the notes of empty feeds lie: by UTC, as the stamps of feeds are."""
    return f"{now.astimezone(UTC):%Y-%m}"


def _by_uid(found: Iterable[EntryFamily]) -> dict[str, tuple[Entry, ...]]:
    families: dict[str, tuple[Entry, ...]] = {}
    for one in found:
        for entry in one.entries:
            families[entry.uid] = (*families.get(entry.uid, ()), entry)
    return families


def keep_up(database: Database, now: datetime) -> None:
    """Bring calendars to a new day: what was cancelled long enough leaves, notes move into the month.

    What an older release did not keep of what is shown is kept from now on.
    A programme that cannot be read stops no other.
    """

    def of_programme(key: str) -> None:
        with database.read() as connection:
            stale = _is_stale(connection, key, now)
        if stale:
            with database.write() as connection:
                record_published(connection, programmes.stored_programme(connection, key), now)

    with database.read() as connection:
        keys = programmes.programme_keys(connection)
    read_each(keys, of_programme)


def _is_stale(connection: Connection, key: str, now: datetime) -> bool:
    programme = programmes.stored_programme(connection, key).programme
    today = now.astimezone(ZoneInfo(programme.timezone)).date()
    month = store_feeds.published_feeds(connection, key).get(NOTE_MONTH)
    if month is None or month.content < _month_of(now) or store_feeds.without_shown(connection, key):
        return True
    dates = (one for own in read_left(connection, programme) for one in dates_of_left(own))
    return any(one.status == "cancelled" and one.day < today - SHOWN_FOR for one in dates)


def as_published(programme: Programme, entry: Entry, known: Mapping[str, PublishedEntry]) -> Entry:
    """Return an entry with what was told of it; what was never told keeps its own stamps."""
    told = known.get(entry.uid)
    if told is None:
        return entry
    also_in = keys_today(programme, told.also_in.split())
    return replace(entry, sequence=told.sequence, modified=told.modified, also_in=also_in)


def _published_entry(
    known: PublishedEntry | None, family: tuple[Entry, ...], content: str, now: datetime, *, is_left: bool
) -> PublishedEntry:
    timing = _digest(family, only=True)
    also_in = " ".join(family[0].also_in)
    if known is None:
        sequence, modified = max(one.sequence for one in family), max(one.modified for one in family)
        return PublishedEntry(timing, content, sequence, modified, also_in, is_left)
    if known.timing != timing:
        return PublishedEntry(timing, content, known.sequence + 1, now, also_in, is_left)
    # Of what is left of it private calendars say less: neither its status nor where its date comes from.
    is_same = known.content == content and known.is_left == is_left
    modified = known.modified if is_same else now
    return PublishedEntry(timing, content, known.sequence, modified, also_in, is_left)


def _digest(family: tuple[Entry, ...], *, only: bool) -> str:
    """Return a digest of what entries say; a field that a later release adds changes none by its default."""
    asked = [one for one in fields(Entry) if one.name not in _STAMPS and (one.name in _TIMING or not only)]
    facts = []
    for entry in family:
        plain = replace(entry, url="")
        said = ((field, getattr(plain, field.name)) for field in asked)
        facts.append([(field.name, repr(value)) for field, value in said if value != field.default])
    return hashlib.sha256(repr(sorted(facts)).encode()).hexdigest()


def _feeds(
    programme: Programme,
    families: Mapping[str, tuple[Entry, ...]],
    fresh: Mapping[str, PublishedEntry],
    known: Mapping[str, PublishedFeed],
    now: datetime,
) -> dict[str, PublishedFeed]:
    found = {}
    for spec in specs(programme, ""):
        own = [uid for uid, family in families.items() if belongs(spec, family[0])]
        facts = [(uid, fresh[uid].sequence, fresh[uid].content) for uid in sorted(own)]
        content = hashlib.sha256(repr((spec, facts)).encode()).hexdigest()
        old = known.get(spec.name)
        first = max((fresh[uid].modified for uid in own), default=NEVER)
        modified = first
        if old is not None:
            modified = old.modified if old.content == content else max(now, old.modified)
        found[spec.name] = PublishedFeed(content, modified)
    return found

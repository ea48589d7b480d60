"""Calendars as they are published: what was told of each entry, and the feeds.

Which ones an audience sees, and who keeps the octets, is left to ``calendars`` and ``web``. What was told
about each UID and feed is stored, so that SEQUENCE and LAST-MODIFIED rise only when something changed, and
only then. It is also what calendars go on showing once the programme has no such entry any more, whatever
took it away: a correction, a setting, another version (``calendars.left_over``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from calendars.event import Entry, Moment, uid as uid_of
from calendars.feed import WHOLE, Feed, FeedSpec, Scope, belongs, feed, select
from calendars.left_over import SHOWN_FOR, dates_of_series, joined_series, left_over, left_series
from calendars.text import calendar_name, short_names
from reminders.clock import civil_time
from reminders.errors import NotFoundError, UnknownFeedError
from reminders.letters.digest import action_url, programme_url
from reminders.planning.standing import running_first
from reminders.planning.state import ProgrammeRow
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import Connection, Database, answers, feeds as store_feeds, programmes
from reminders.store.feeds import PublishedEntry, PublishedFeed
from reminders.use.answers.status import calendar_status
from reminders.use.feeds.entries import NEVER, EntryFamily, calendar_entries
from reminders.use.planning.load_state import read_each
from schedule_rules.occurrence import OccurrenceID, lasting_id
from schedule_rules.programme import LANGUAGES, Lang, Programme, Text

MOST_PARTS: Final = 12
"""How many units and themes one feed may hold."""
_TIMING: Final = (
    "start", "end", "zone", "recurrence", "recurrence_id", "status", "location", "conference",
    "opens", "closes",
)  # fmt: skip
_STAMPS: Final = ("modified", "sequence", "occurrence", "lines", "done", "alarm")
_GONE: Final = ""
_MONTH: Final = "note/month"
"""The row beside those of the feeds that says in which month the notes of empty feeds lie."""
_SCOPES: Final[tuple[Scope, ...]] = ("deadlines", "events")
_ENTRY: Final = TypeAdapter(Entry)
_MOMENTS: Final = ("start", "end", "recurrence_id")


def specs(programme: Programme, base_url: str) -> tuple[FeedSpec, ...]:
    """Return the feeds of a programme: whole, per domain, per organisation; their addresses name it.

    Each of a domain or organisation can be had with its deadlines or events alone, and several as one:
    ``spec_named``.
    """
    named: list[tuple[str, Text | None]] = [(domain.key, domain.name) for domain in programme.domains]
    named += [(organisation.key, organisation.name) for organisation in programme.organisations]
    keys = {name for name, _ in named}
    whole: list[tuple[str, Text | None]] = [(name, None) for name in WHOLE if name not in keys]
    return tuple(
        FeedSpec(
            name=name,
            programme=programme.name,
            short=calendar_name(programme),
            scope=name if label is None else "all",  # type: ignore[arg-type]
            label=label,
            url=programme_url(base_url, "/calendars/", programme.key),
            zone=programme.timezone,
            folder=programme.key,
        )
        for name, label in (*whole, *named)
    )


def spec_named(programme: Programme, name: str, base_url: str) -> FeedSpec:
    """Return the feed that a name means: ``KEY``, ``KEY.deadlines``, ``KEY.events``; keys joined by ``+``.

    An organisation's earlier key stands for the one of today. ``UnknownFeedError`` names the keys that mean
    nothing.
    """
    known = {spec.name: spec for spec in specs(programme, base_url)}
    joined, dot, wanted = name.partition(".")
    keys = tuple(dict.fromkeys(programme.successors.get(key, key) for key in joined.split("+")))
    scope = next((one for one in _SCOPES if one == wanted), None)
    if len(keys) == 1 and not dot and keys[0] in known:
        return known[keys[0]]
    # The programme's own feeds are whole already.
    unknown = [key for key in keys if key not in known or known[key].label is None]
    if unknown or len(keys) > MOST_PARTS or (dot and scope is None):
        raise UnknownFeedError(name, unknown)
    labels = [known[key].label or Text() for key in keys]
    return replace(
        known[keys[0]],
        name="+".join(keys) + (f".{scope}" if scope else ""),
        scope=scope or "all",
        parts=keys,
        label=Text(**{lang: " + ".join(one.get(lang) for one in labels) for lang in LANGUAGES}),
    )


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
    last_shown = _LastShown(connection, programme, contents, known)
    left_uids = set[str]()
    if not row.is_draft:
        left = _Left(programme, found, last_shown, today)
        kept = {**left.joined(families), **left.over()}
        left_uids = {uid for uid, own in kept.items() if own}
        families = {uid: own for uid, own in {**families, **kept}.items() if own}
        for uid, also_in in _also_in(programme, families, known, last_shown, today):
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
        uid: replace(one, timing=_GONE, content=_GONE, modified=now, also_in="", is_left=False)
        for uid, one in known.items()
        if uid not in families and one.content != _GONE
    }
    old_feeds = store_feeds.published_feeds(connection, key)
    feeds = _feeds(programme, families, fresh, old_feeds, now)
    month = _month_of(now)
    if _MONTH not in old_feeds or old_feeds[_MONTH].content < month:
        feeds[_MONTH] = PublishedFeed(month, datetime.fromisoformat(f"{month}-01T00:00:00+00:00"))
    changed = {uid: one for uid, one in {**fresh, **gone}.items() if known.get(uid) != one}
    changed_feeds = {name: one for name, one in feeds.items() if old_feeds.get(name) != one}
    store_feeds.save_published(connection, key, changed, changed_feeds, (known, old_feeds))
    unseen = store_feeds.without_shown(connection, key)
    # What stands since the programme was let out is as good as told in time.
    since = None if row.is_draft or not known else today
    shown = {
        uid: _written(programme, ShownEntry(own, last_shown.told(uid, own, since)))
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


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """What calendars are told of one UID, and since which day that it stands on its day (None: in time)."""

    own: tuple[Entry, ...]
    told: date | None


class _LastShown:
    """What calendars were last told: of UIDs that have gone, come again, or say something else."""

    def __init__(
        self,
        connection: Connection,
        programme: Programme,
        contents: Mapping[str, str],
        known: Mapping[str, PublishedEntry],
    ) -> None:
        self._known = known
        self._gone = [uid for uid, one in known.items() if uid not in contents and one.content != _GONE]
        changed = [
            uid
            for uid, content in contents.items()
            if uid in known and (known[uid].content != content or known[uid].is_left)
        ]
        texts = store_feeds.shown_entries(connection, programme.key, {*self._gone, *changed})
        self._shown = {uid: _read(programme, text) for uid, text in texts.items() if text}

    def gone(self) -> tuple[ShownEntry, ...]:
        """Return those whose UID the programme has no more."""
        return tuple(self._shown[uid] for uid in self._gone if uid in self._shown)

    def is_known(self, uid: str) -> bool:
        """Tell whether calendars were ever told of a UID."""
        return uid in self._known

    def was_left(self, uid: str) -> bool:
        """Tell whether calendars showed under a UID what the programme did not have any more."""
        return uid in self._known and self._known[uid].is_left

    def is_other(self, uid: str) -> bool:
        """Tell whether calendars were told something else of a UID that they know."""
        return uid in self._shown

    def stood(self, uid: str) -> tuple[Entry, ...]:
        """Return all that stood under a UID until now; nothing where it is as it was, or not known."""
        stood = uid in self._shown and self._known[uid].content != _GONE
        return self._shown[uid].own if stood else ()

    def last(self, uid: str) -> Entry | None:
        """Return what stood under a UID until now; None where nothing did, or it is not known."""
        return next(iter(self.stood(uid)), None)

    def told(self, uid: str, own: tuple[Entry, ...], since: date | None) -> date | None:
        """Return the day since which calendars say that a UID stands where it does: ``since`` if anew."""
        if uid not in self._shown:
            return None if uid in self._known else since
        before = self._shown[uid]
        return before.told if before.own[0].day == own[0].day else since


class _Left:
    """What calendars show of entries that the programme has no more, or no more as they were."""

    def __init__(
        self, programme: Programme, found: tuple[EntryFamily, ...], last_shown: _LastShown, today: date
    ) -> None:
        self._programme, self._last_shown, self._today = programme, last_shown, today
        dates = [one for own in found for one in own.dates]
        events = [(_lasting(programme, one), one.start) for one in dates if one.kind == "event"]
        self._stands = {row_id for row_id, _ in events}
        self._stands_at = {(row_id.action, start) for row_id, start in events}
        self._joined = set[str]()

    def joined(self, families: Mapping[str, tuple[Entry, ...]]) -> dict[str, tuple[Entry, ...]]:
        """Return the series that have other dates than they had, with what stays of those, by UID.

        A rule that cannot have both begins under a UID of its own; what stood before ends under the one
        that people hold. Of a UID that has nothing any more: nothing.
        """
        found = dict[str, tuple[Entry, ...]]()
        for uid, own in families.items():
            series = next((one for one in own if one.recurrence), None)
            if series is not None and self._last_shown.is_other(uid):
                found |= self._parts(own, series)
        return found

    def over(self) -> dict[str, tuple[Entry, ...]]:
        """Return what stays of entries whose UID has gone, but what goes on under another, by UID."""
        found = dict[str, tuple[Entry, ...]]()
        for shown in self._last_shown.gone():
            own = tuple(named_today(self._programme, one) for one in shown.own)
            first, cancels = own[0], self._cancels(own[0])
            stays: tuple[Entry, ...] = ()
            if first.uid in self._joined or (
                self._is_removed(first) and not self._last_shown.was_left(first.uid)
            ):
                continue
            if first.recurrence or first.recurrence_id:
                stays = left_series(own, self._today, self._is_elsewhere, cancels=cancels)
            elif not (first.kind == "event" and self._is_elsewhere(first)):
                one = left_over(first, self._today, shown.told, cancels=cancels)
                stays = (one,) if one else ()
            if stays:
                found[first.uid] = stays
        return found

    def _parts(self, own: tuple[Entry, ...], series: Entry) -> dict[str, tuple[Entry, ...]]:
        parts = [series.uid]
        while part := self._later_part(series, len(parts) + 1):
            parts.append(part)
        before = {part: self._before(part) for part in parts}
        cancels, found = self._cancels(series), dict[str, tuple[Entry, ...]]()
        newest_first = parts[::-1]
        for part in sorted(newest_first, key=lambda part: _rule_of(before[part]) != _rule_of(own)):
            named = tuple(replace(one, uid=part) for one in own)
            whole: tuple[Entry, ...] | None = named
            if before[part]:
                whole = joined_series(named, before[part], self._today, self._is_elsewhere, cancels=cancels)
            if whole is not None:
                found[part] = whole
                break
        else:
            part = _part_uid(series, len(parts) + 1)
            named = tuple(replace(one, uid=part) for one in own)
            whole = joined_series(named, (), self._today, self._is_elsewhere, cancels=cancels) or ()
            found[part] = whole
        days = {one.day for one in dates_of_series(whole or ())}

        def is_elsewhere(one: Entry) -> bool:
            return self._is_elsewhere(one) and (one.day >= self._today or one.day in days)

        for other in parts:
            if other != part:
                found[other] = left_series(before[other], self._today, is_elsewhere, cancels=cancels)
        self._joined |= set(found)
        return {uid: one for uid, one in found.items() if uid != series.uid or one != own}

    def _before(self, uid: str) -> tuple[Entry, ...]:
        return tuple(named_today(self._programme, one) for one in self._last_shown.stood(uid))

    def _later_part(self, series: Entry, number: int) -> str | None:
        part = _part_uid(series, number)
        return part if self._last_shown.is_known(part) else None

    def _is_elsewhere(self, entry: Entry) -> bool:
        row_id = _lasting(self._programme, entry)
        return row_id in self._stands or (row_id.action, entry.start) in self._stands_at

    def _is_removed(self, entry: Entry) -> bool:
        if entry.kind != "event":
            return False
        row_id, programme = _lasting(self._programme, entry), self._programme
        removed = {
            (programme.origin(one.action), one.name) for one in programme.series if one.state == "removed"
        }
        return (row_id.action, row_id.series) in removed

    def _cancels(self, entry: Entry) -> bool:
        """Tell whether what an entry no longer has ahead is cancelled: nobody decided on those dates."""
        if entry.kind != "event":
            return True
        row_id, programme = _lasting(self._programme, entry), self._programme
        actions = programme.action_by_id
        edited = {
            (programme.origin(one.action), one.name) for one in programme.series if one.action in actions
        }
        ended = {programme.origin(action) for action in programme.ended}
        return (row_id.action, row_id.series) not in edited and row_id.action not in ended


def _rule_of(own: tuple[Entry, ...]) -> str:
    return next((one.recurrence.rrule for one in own if one.recurrence), "")


def _part_uid(series: Entry, number: int) -> str:
    """Return the UID of a later part of a series, of which the first has the series' own."""
    return uid_of("event", f"{series.uid}:{number}")


def named_today(programme: Programme, entry: Entry) -> Entry:
    """Return an entry that is left under the name that its action has today, unless it has one of its own."""
    if not entry.occurrence:
        return entry
    row_id = _lasting(programme, entry)
    action = next((one for one in programme.actions if programme.origin(one.id) == row_id.action), None)
    if action is None or entry.kind == "collection":
        return entry
    if entry.kind == "event":
        kept = next(
            (one for one in programme.series if (one.action, one.name) == (action.id, row_id.series)), None
        )
        own = kept and any(
            (kept.title, *(one.title for one in kept.changes if one.on == row_id.recurrence_date))
        )
        if own:
            return entry
    return replace(entry, title=action.title, short=short_names(action.title, action.short_name))


def _lasting(programme: Programme, entry: Entry) -> OccurrenceID:
    return lasting_id(programme, OccurrenceID.parse(entry.occurrence))


def _also_in(
    programme: Programme,
    families: Mapping[str, tuple[Entry, ...]],
    known: Mapping[str, PublishedEntry],
    last_shown: _LastShown,
    today: date,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the past dates that stand in the feeds of who had them before, each with the keys of those.

    A series of which a date is past stands there whole: it is the same one, under the same UID.
    """
    for uid, own in families.items():
        one = own[0]
        if one.day >= today or uid not in known:
            continue
        before = set(_keys_now(programme, known[uid].also_in.split()))
        if (last := last_shown.last(uid)) and last.day < today:
            before |= {last.domain_key, *last.organisation_keys}
        if also_in := before - {"", one.domain_key, *one.organisation_keys}:
            yield uid, tuple(sorted(also_in))


def _keys_now(programme: Programme, keys: Iterable[str]) -> tuple[str, ...]:
    """Return the keys that domains and organisations of earlier versions have today."""
    return tuple(dict.fromkeys(programme.successors.get(key, key) for key in keys))


def _written(programme: Programme, shown: ShownEntry) -> str:
    """Return what is shown as text, without an address, and with its action's first id in its own."""
    rows = []
    for entry in shown.own:
        occurrence = str(_lasting(programme, entry)) if entry.occurrence else ""
        rows.append(_ENTRY.dump_python(replace(entry, url="", occurrence=occurrence), mode="json"))
    first, *others = rows
    more = {"told": shown.told.isoformat() if shown.told else None, "changed": others}
    return json.dumps({**first, **{name: value for name, value in more.items() if value}})


def _read(programme: Programme, text: str) -> ShownEntry:
    """Return what ``_written`` made, of today's organisations."""
    facts = _JSON.validate_json(text)
    told, others = facts.pop("told", None), facts.pop("changed", ())
    rows = [facts, *(_JSON.validate_python(one) for one in _ROWS.validate_python(others))]
    own = tuple(_read_entry(programme, row) for row in rows)
    return ShownEntry(own, date.fromisoformat(str(told)) if told else None)


def _read_entry(programme: Programme, facts: dict[str, object]) -> Entry:
    for name in _MOMENTS:
        if value := facts[name]:
            facts[name] = _moment(value)
    entry = _ENTRY.validate_python(facts)
    keys, also_in = (_keys_now(programme, one) for one in (entry.organisation_keys, entry.also_in))
    return replace(entry, organisation_keys=keys, also_in=also_in)


_JSON: Final = TypeAdapter(dict[str, object])
_ROWS: Final = TypeAdapter(tuple[object, ...])


def _moment(text: object) -> Moment:
    words = str(text)
    return datetime.fromisoformat(words) if "T" in words else date.fromisoformat(words)


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
    month = store_feeds.published_feeds(connection, key).get(_MONTH)
    if month is None or month.content < _month_of(now) or store_feeds.without_shown(connection, key):
        return True
    dates = (one for own in _left(connection, programme) for one in _one_by_one(own))
    return any(one.status == "cancelled" and one.day < today - SHOWN_FOR for one in dates)


def _one_by_one(own: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return what is shown under one UID by its dates."""
    is_series = any(one.recurrence or one.recurrence_id for one in own)
    return dates_of_series(own) if is_series else own


def _left(connection: Connection, programme: Programme) -> tuple[tuple[Entry, ...], ...]:
    """Return what calendars show though the programme has it no more; its id has its action's first one."""
    return tuple(_read(programme, text).own for text in store_feeds.left_entries(connection, programme.key))


def as_published(programme: Programme, entry: Entry, known: Mapping[str, PublishedEntry]) -> Entry:
    """Return an entry with what was told of it; what was never told keeps its own stamps."""
    told = known.get(entry.uid)
    if told is None:
        return entry
    also_in = _keys_now(programme, told.also_in.split())
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


@dataclass(frozen=True)
class Source:
    """What stands in the calendars of one programme.

    ``entries`` are what feeds hold, ``dates`` the same one by one, as pages list them; ``changed`` says when
    each feed last changed, ``note`` when the note of an empty one was last moved; ``left`` are the UIDs of
    what the programme has no more.
    """

    programme: Programme
    entries: tuple[Entry, ...]
    dates: tuple[Entry, ...]
    changed: Mapping[str, datetime]
    note: datetime
    left: frozenset[str] = frozenset()


def source_of(connection: Connection, key: str, settings: Settings) -> Source:
    """Return the calendar entries of a stored programme; ``NotFoundError`` for none of this key."""
    row = programmes.stored_programme(connection, key)
    programme = row.programme
    stored = programmes.stored_occurrences(connection, key)
    known = store_feeds.published_entries(connection, key)
    left = _left(connection, programme)
    instead = {own[0].uid for own in left} | {uid for uid, one in known.items() if one.content == _GONE}
    found = [
        EntryFamily(
            tuple(one for one in own.entries if one.uid not in instead),
            tuple(one for one in own.dates if one.uid not in instead),
        )
        for own in calendar_entries(programme, row.policy, stored, settings.base_url)
    ]
    for own in left:
        shown, dates = (
            tuple(_of_today(programme, entry, settings.base_url) for entry in some)
            for some in (own, _one_by_one(own))
        )
        found.append(EntryFamily(shown, dates))
    given, ever = answers.answers_of(connection, key), answers.every_answer_of(connection, key)
    status = calendar_status(programme, stored, given, ever)
    least = programme_stamp(programme)
    feeds = store_feeds.published_feeds(connection, key)
    changed = {
        spec.name: max(least, feeds[spec.name].modified if spec.name in feeds else row.modified or least)
        for spec in specs(programme, "")
    }
    return Source(
        programme,
        tuple(
            status.entry(as_published(programme, entry, known), "public")
            for one in found
            for entry in one.entries
        ),
        tuple(as_published(programme, entry, known) for one in found for entry in one.dates),
        changed,
        max(least, feeds[_MONTH].modified) if _MONTH in feeds else least,
        frozenset(own[0].uid for own in left),
    )


def dates_of_action(source: Source, action: str) -> tuple[Entry, ...]:
    """Return what stands in calendars of one action, by its id, one by one."""
    return tuple(
        one for one in source.dates if one.occurrence and OccurrenceID.parse(one.occurrence).action == action
    )


def _of_today(programme: Programme, entry: Entry, base_url: str) -> Entry:
    """Return an entry that is left with today's id and page of its action; of none, the programme's page."""
    row_id = OccurrenceID.parse(entry.occurrence) if entry.occurrence else None
    for action in programme.actions:
        if row_id and programme.origin(action.id) == row_id.action:
            url = action_url(base_url, programme.key, action.id)
            return replace(entry, url=url, occurrence=str(replace(row_id, action=action.id)))
    return replace(entry, url=programme_url(base_url, "/", programme.key), occurrence="")


def feed_of(source: Source, name: str, lang: Lang, base_url: str) -> Feed:
    """Return a feed by name; ``NotFoundError`` when there is none of it."""
    found = spec_named(source.programme, name, base_url)
    own = select(found, source.entries)
    changed = (source.changed[key] for key in found.parts or (found.name,))
    stamps = (entry.modified for entry in own) if own else (source.note,)
    return feed(found, own, lang, max((*changed, *stamps)))


def bound_programme(service: Service, name: str) -> str:
    """Return the programme whose feed of that name stands under the short address.

    The first request binds it for good, to the programme that runs then; ``NotFoundError`` where none has
    such a feed.
    """
    name = name.partition(".")[0].partition("+")[0]  # what is joined to it stands where it stands
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        bound = store_feeds.bound_feed(connection, name)
        rows = () if bound else programmes.all_programmes(connection)
    if bound:
        return bound
    # An organisation's feed stands under its old keys too.
    named = ((row, row.programme.successors.get(name, name)) for row in rows)
    having = (row for row, own in named if any(spec.name == own for spec in specs(row.programme, "")))
    found = next(iter(running_first(having, today)), None)
    if found is None:
        raise NotFoundError(f"no feed {name!r}; reminders feeds lists them")
    with service.database.write() as connection:
        store_feeds.bind_feed(connection, name, found.programme.key)
        return store_feeds.bound_feed(connection, name) or found.programme.key


def read_source(service: Service, key: str | None = None) -> Source:
    """Return the calendar entries of a stored programme; without a ``key`` of the one that there is."""
    with service.database.read() as connection:
        return source_of(connection, programmes.only_key(connection, key), service.settings)

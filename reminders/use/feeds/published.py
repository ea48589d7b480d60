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

from calendars.event import Entry, Moment
from calendars.feed import WHOLE, Feed, FeedSpec, Scope, belongs, feed, select
from calendars.left_over import dates_of_series, left_over, left_series
from calendars.text import calendar_name
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

    What is told for the first time has the stamps of its rows.
    """
    programme, key = row.programme, row.programme.key
    today = now.astimezone(ZoneInfo(programme.timezone)).date()
    found = tuple(calendar_entries(programme, row.policy, programmes.stored_occurrences(connection, key), ""))
    families = _by_uid(found)
    contents = {uid: _digest(own, only=False) for uid, own in families.items()}
    known = store_feeds.published_entries(connection, key)
    last_shown = _LastShown(connection, programme, contents, known)
    kept = dict[str, tuple[Entry, ...]]()
    left_uids = set[str]()
    if not row.is_draft:
        kept = {own[0].uid: own for own in _left_over(programme, found, last_shown.gone(), today)}
        left_uids = set(kept)
        for uid, also_in in _also_in(programme, families, known, last_shown, today):
            kept[uid] = tuple(replace(one, also_in=also_in) for one in families[uid])
    families |= kept
    contents |= {uid: _digest(own, only=False) for uid, own in kept.items()}
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

    def last(self, uid: str) -> Entry | None:
        """Return what stood under a UID until now; None where nothing did, or it is not known."""
        stood = uid in self._shown and self._known[uid].content != _GONE
        return self._shown[uid].own[0] if stood else None

    def told(self, uid: str, own: tuple[Entry, ...], since: date | None) -> date | None:
        """Return the day since which calendars say that a UID stands where it does: ``since`` if anew."""
        if uid not in self._shown:
            return None if uid in self._known else since
        before = self._shown[uid]
        return before.told if before.own[0].day == own[0].day else since


def _left_over(
    programme: Programme, found: tuple[EntryFamily, ...], gone: Iterable[ShownEntry], today: date
) -> Iterator[tuple[Entry, ...]]:
    """Yield what stays of entries whose UID has gone, but what goes on under another or was taken away."""
    dates = [one for own in found for one in own.dates]
    events = [(_lasting(programme, one), one.start) for one in dates if one.kind == "event"]
    stands = {row_id for row_id, _ in events}
    stands_at = {(row_id.action, start) for row_id, start in events}
    edited = {
        (programme.origin(one.action), one.name): one.state
        for one in programme.series
        if one.action in programme.action_by_id
    }

    def is_elsewhere(entry: Entry) -> bool:
        row_id = OccurrenceID.parse(entry.occurrence)
        return row_id in stands or (row_id.action, entry.start) in stands_at

    for shown in gone:
        first, state = shown.own[0], None
        if first.kind == "event":
            row_id = OccurrenceID.parse(first.occurrence)
            state = edited.get((row_id.action, row_id.series))
            if state == "removed":
                continue
        if first.recurrence or first.recurrence_id:
            if stays := left_series(shown.own, today, is_elsewhere, cancels=state is None):
                yield stays
        elif not (first.kind == "event" and is_elsewhere(first)):
            one = left_over(first, today, shown.told, cancels=state is None)
            if one is not None:
                yield (one,)


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
    return any(_stays(own, today) != own for own in _left(connection, programme))


def _stays(own: tuple[Entry, ...], today: date) -> tuple[Entry, ...]:
    """Return what still stands today of what is left."""
    if own[0].recurrence or own[0].recurrence_id:
        return left_series(own, today, lambda _: False)
    one = left_over(own[0], today)
    return (one,) if one else ()


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
    found = list(calendar_entries(programme, row.policy, stored, settings.base_url))
    left = _left(connection, programme)
    for own in left:
        shown = tuple(_of_today(programme, entry, settings.base_url) for entry in own)
        is_series = any(one.recurrence or one.recurrence_id for one in own)
        dates = dates_of_series(own) if is_series else own
        found.append(EntryFamily(shown, tuple(_of_today(programme, one, settings.base_url) for one in dates)))
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

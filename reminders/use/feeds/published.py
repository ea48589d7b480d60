"""Calendars as they are published: entries of what is stored, what was told of each, and the feeds.

Deadlines, reviews, rounds and series become entries; which ones an audience sees, and who keeps the
octets, is left to ``calendars`` and ``web``. What was told about each UID and feed is stored, so that
SEQUENCE and LAST-MODIFIED rise only when something changed, and only then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

from calendars.event import Entry, Kind, Status, family, uid
from calendars.feed import Feed, FeedSpec, belongs, feed, select
from reminders.clock import civil_time
from reminders.errors import NotFoundError
from reminders.letters.digest import action_url, programme_url
from reminders.planning.standing import running_first
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import Connection, answers, feeds as store_feeds, programmes
from reminders.store.feeds import PublishedEntry, PublishedFeed
from reminders.store.programmes import StoredOccurrence
from reminders.use.answers.status import calendar_status
from schedule_rules.derive import derive
from schedule_rules.edited_series import SeriesDate, instances
from schedule_rules.occurrence import Occurrence, OccurrenceID, lasting_id, series_seed
from schedule_rules.programme import Action, CorrectedField, Lang, Programme, Text
from schedule_rules.rule import EventRule

NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


def calendar_entries(
    programme: Programme, stored: tuple[StoredOccurrence, ...], base_url: str
) -> Iterator[Entry]:
    """Yield an entry for each deadline, review and round, and those of each event series.

    A regular series is one entry with a rule and one for each changed date; of irregular dates
    each is an entry. Start notes are in no feed (design: calendar.md 9, 10).
    """
    for one in stored:
        if one.row.kind not in {"start", "event"} and not _has_left(programme, one.row):
            yield _single(programme, one, base_url)
    rows: dict[str, list[StoredOccurrence]] = {}
    for one in stored:
        if one.row.kind == "event":
            rows.setdefault(one.row.id.seed, []).append(one)
    for rule in derive(programme).rules:
        if isinstance(rule, EventRule):
            own = rows.get(series_seed(programme.key, rule.action, rule.name))
            if own and rule.announced:
                yield from _series(programme, rule, own, base_url)


def entry_uids(programme: Programme, rows: Iterable[Occurrence]) -> Mapping[str, str]:
    """Return the UID of the entry that shows each occurrence, by id; what stands in no feed has none.

    Dates of a regular series share one, but those that stand alone; of irregular dates each has its own.
    """
    own = tuple(StoredOccurrence(row, None, 0, NEVER) for row in rows)
    alone, whole = dict[str, str](), dict[str, str]()
    for entry in calendar_entries(programme, own, ""):
        if entry.recurrence is None:
            alone[entry.occurrence] = entry.uid
        else:
            whole[OccurrenceID.parse(entry.occurrence).seed] = entry.uid
    found = ((str(one.row.id), alone.get(str(one.row.id)) or whole.get(one.row.id.seed)) for one in own)
    return {row_id: shown for row_id, shown in found if shown}


def _has_left(programme: Programme, row: Occurrence) -> bool:
    """Tell whether what is cancelled has stood in calendars for long enough."""
    ended = programme.ended.get(row.id.action)
    if ended is None or ended.gone_before is None or row.status != "cancelled":
        return False
    return row.due < ended.gone_before


def _single(programme: Programme, one: StoredOccurrence, base_url: str) -> Entry:
    row, action = one.row, programme.action_by_id[one.row.id.action]
    kind: Kind = row.kind if row.kind in {"collection", "review"} else "milestone"
    return replace(
        _about(programme, action, base_url, kind),
        uid=uid(row.kind, lasting_id(programme, row.id).seed),
        title=row.title,
        start=row.due,
        modified=one.modified,
        status="cancelled" if row.status == "cancelled" else "confirmed",
        sequence=one.sequence,
        organisation_keys=row.organisations,
        organisations=_names(programme, action.leads if row.kind == "collection" else row.organisations),
        year=row.year,
        opens=row.opens,
        closes=row.closes,
        occurrence=str(row.id),
    )


def _series(
    programme: Programme, rule: EventRule, own: list[StoredOccurrence], base_url: str
) -> Iterator[Entry]:
    """Yield the entries of a series; all of a family stand in the same feeds."""
    common = replace(
        _about(programme, programme.action_by_id[rule.action], base_url, "event"),
        title=rule.title or programme.action_by_id[rule.action].title,
        details=rule.description,
        sign_up=rule.sign_up,
        modified=max(one.modified for one in own),
        sequence=max(one.sequence for one in own),
        organisation_keys=tuple(dict.fromkeys(key for one in own for key in one.row.organisations)),
        occurrence=str(own[0].row.id),
    )
    dates = instances(rule)
    if not rule.regular:
        for one in dates:
            yield _dated(common, programme, rule, one, _own_uid(programme, rule, one))
        return
    series_uid = uid("event", series_seed(programme.key, programme.origin(rule.action), rule.name))
    changed, at = [], rule.recurrence.at
    for one in dates:
        if one.changed:
            entry = replace(
                _dated(common, programme, rule, one, series_uid),
                recurrence_id=datetime.combine(one.on, at) if at else one.on,
                zone=programme.timezone if at or one.at else "",
            )
            changed.append((entry, _own_uid(programme, rule, one)))
    yield from family(_whole(common, programme, rule, series_uid), changed)


def _own_uid(programme: Programme, rule: EventRule, one: SeriesDate) -> str:
    row_id = OccurrenceID.of_event(programme.key, rule.action, rule.name, one.on)
    return uid("event", str(lasting_id(programme, row_id)))


def _whole(common: Entry, programme: Programme, rule: EventRule, series_uid: str) -> Entry:
    first, at = rule.recurrence.dtstart, rule.recurrence.at
    status: Status = "cancelled" if rule.cancelled else "confirmed" if rule.confirmed else "tentative"
    return replace(
        common,
        uid=series_uid,
        start=datetime.combine(first, at) if at else first,
        zone=programme.timezone if at else "",
        recurrence=rule.recurrence,
        status=status,
        date_assumed=status == "tentative",
        location=rule.place,
        conference=rule.video,
    )


def _dated(common: Entry, programme: Programme, rule: EventRule, one: SeriesDate, own_uid: str) -> Entry:
    start = datetime.combine(one.day, one.at) if one.at else one.day
    return replace(
        common,
        uid=own_uid,
        title=one.title or programme.action_by_id[rule.action].title,
        start=start,
        end=start + timedelta(minutes=one.minutes) if one.at and one.minutes else None,
        zone=programme.timezone if one.at else "",
        status=one.state,
        date_assumed=one.state == "tentative",
        location=one.place,
        conference=one.video,
        occurrence=str(OccurrenceID.of_event(programme.key, rule.action, rule.name, one.on)),
    )


def _about(programme: Programme, action: Action, base_url: str, kind: Kind) -> Entry:
    """Return an entry with what it says about its action; date and identity are filled in after."""
    domain = programme.domain_of(action)
    corrections: tuple[CorrectedField, ...] = ("frequency", "schedule") if kind == "event" else ("schedule",)
    corrected = next(filter(None, map(action.correction, corrections)), None)
    return Entry(
        uid="",
        kind=kind,
        title=action.title,
        start=programme.period.first,
        modified=NEVER,
        organisations=_names(programme, action.leads),
        partners=_names(programme, action.partners),
        domain=domain.name,
        domain_key=domain.key,
        wording=action.schedule,
        indicator=action.indicator,
        corrected=corrected.words if corrected else Text(),
        corrected_on=corrected.on if corrected else None,
        url=action_url(base_url, programme.key, action.id),
    )


def _names(programme: Programme, keys: tuple[str, ...]) -> tuple[Text, ...]:
    return tuple(programme.organisation_by_key[key].name for key in keys)


WHOLE: Final = ("all", "events", "deadlines")
_TIMING: Final = (
    "start", "end", "zone", "recurrence", "recurrence_id", "status", "location", "conference",
    "opens", "closes",
)  # fmt: skip
_STAMPS: Final = ("modified", "sequence", "occurrence", "lines", "done", "alarm")
_GONE: Final = ""


def specs(programme: Programme, base_url: str) -> tuple[FeedSpec, ...]:
    """Return the feeds of a programme: whole, per domain, per organisation; their addresses name it."""
    named: list[tuple[str, Text | None]] = [(name, None) for name in WHOLE]
    named += [(domain.key, domain.name) for domain in programme.domains]
    named += [(organisation.key, organisation.name) for organisation in programme.organisations]
    return tuple(
        FeedSpec(
            name=name,
            programme=programme.name,
            scope=name if name in WHOLE else "all",  # type: ignore[arg-type]
            label=label,
            url=programme_url(base_url, "/calendars/", programme.key),
            zone=programme.timezone,
            folder=programme.key,
        )
        for name, label in named
    )


def programme_stamp(programme: Programme) -> datetime:
    """Return the data's own stamp as an instant."""
    return datetime.combine(programme.stamp, time(), UTC)


def record_published(connection: Connection, programme: Programme, now: datetime) -> None:
    """Bring what calendars are told to a programme's entries as they stand now.

    1. A UID whose dates, rule, place or status changed gets the next SEQUENCE and ``now``.
    2. One whose texts alone changed gets ``now``. One that has gone keeps its number for its return.
    3. A feed whose entries changed, came or went gets ``now``.

    What is told for the first time has the stamps of its rows.
    """
    stored = programmes.stored_occurrences(connection, programme.key)
    families: dict[str, tuple[Entry, ...]] = {}
    for entry in calendar_entries(programme, stored, ""):
        families[entry.uid] = (*families.get(entry.uid, ()), entry)
    known = store_feeds.published_entries(connection, programme.key)
    fresh = {uid: _published_entry(known.get(uid), own, now) for uid, own in families.items()}
    gone = {
        uid: replace(one, timing=_GONE, content=_GONE, modified=now)
        for uid, one in known.items()
        if uid not in families and one.content != _GONE
    }
    old_feeds = store_feeds.published_feeds(connection, programme.key)
    feeds = _feeds(programme, families, fresh, old_feeds, now)
    changed = {uid: one for uid, one in {**fresh, **gone}.items() if known.get(uid) != one}
    changed_feeds = {name: one for name, one in feeds.items() if old_feeds.get(name) != one}
    store_feeds.save_published(connection, programme.key, changed, changed_feeds, (known, old_feeds))
    if known and (changed or changed_feeds):
        programmes.touch_programme(connection, programme.key, now)


def as_published(found: Iterable[Entry], known: Mapping[str, PublishedEntry]) -> tuple[Entry, ...]:
    """Return entries with the SEQUENCE and stamp that was told; what was never told keeps its own."""
    return tuple(
        replace(entry, sequence=published.sequence, modified=published.modified)
        if (published := known.get(entry.uid))
        else entry
        for entry in found
    )


def _published_entry(
    known: PublishedEntry | None, family: tuple[Entry, ...], now: datetime
) -> PublishedEntry:
    timing, content = _digest(family, only=True), _digest(family, only=False)
    if known is None:
        sequence, modified = max(one.sequence for one in family), max(one.modified for one in family)
        return PublishedEntry(timing, content, sequence, modified)
    if known.timing != timing:
        return PublishedEntry(timing, content, known.sequence + 1, now)
    return known if known.content == content else PublishedEntry(timing, content, known.sequence, now)


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
        modified = first if old is None else old.modified if old.content == content else now
        found[spec.name] = PublishedFeed(content, modified)
    return found


@dataclass(frozen=True)
class Source:
    """The entries of one programme as they stand; ``changed`` says when each feed last changed."""

    programme: Programme
    entries: tuple[Entry, ...]
    changed: Mapping[str, datetime]


def source_of(connection: Connection, key: str, settings: Settings) -> Source:
    """Return the calendar entries of a stored programme; ``NotFoundError`` for none of this key."""
    row = programmes.stored_programme(connection, key)
    programme = row.programme
    stored = programmes.stored_occurrences(connection, key)
    known = store_feeds.published_entries(connection, key)
    entries = as_published(calendar_entries(programme, stored, settings.base_url), known)
    given, ever = answers.answers_of(connection, key), answers.every_answer_of(connection, key)
    status = calendar_status(programme, stored, given, ever)
    least = programme_stamp(programme)
    feeds = store_feeds.published_feeds(connection, key)
    changed = {
        spec.name: max(least, feeds[spec.name].modified if spec.name in feeds else row.modified or least)
        for spec in specs(programme, "")
    }
    shown = tuple(status.entry(entry, "public") for entry in entries)
    return Source(programme, shown, changed)


def feed_of(source: Source, name: str, lang: Lang, base_url: str) -> Feed:
    """Return a feed by name; ``NotFoundError`` when there is none of it."""
    known = specs(source.programme, base_url)
    # A calendar that was subscribed to under an organisation's old key goes on.
    name = source.programme.successors.get(name, name)
    found = next((spec for spec in known if spec.name == name), None)
    if found is None:
        raise NotFoundError(f"no feed {name!r}; reminders feeds lists them")
    own = select(found, source.entries)
    return feed(found, own, lang, max((source.changed[name], *(entry.modified for entry in own))))


def bound_programme(service: Service, name: str) -> str:
    """Return the programme whose feed of that name stands under the short address.

    The first request binds it for good, to the programme that runs then; ``NotFoundError`` where none has
    such a feed.
    """
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

"""Stored occurrences and series become calendar entries, and those feeds; octets are kept per revision."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from calendars.event import Entry, Kind
from calendars.feed import Feed, FeedSpec, feed
from calendars.identity import uid
from reminders.digest import action_url
from reminders.dispatch.load import stamp_of
from reminders.errors import NotFoundError
from reminders.settings import Settings
from reminders.store import Connection
from reminders.store import programmes as repository
from reminders.store.programmes import StoredOccurrence
from schedule_rules.derive import derive
from schedule_rules.programme import Action, Lang, Programme, Text
from schedule_rules.rule import EventRule

_WHOLE = ("all", "events", "deadlines")


@dataclass(frozen=True)
class Source:
    """The entries of one programme and the revision they make.

    ``key`` is a digest of all that decides the octets, so that they can be kept.
    """

    programme: Programme
    entries: tuple[Entry, ...]
    modified: datetime
    key: str


def specs(programme: Programme, base_url: str) -> tuple[FeedSpec, ...]:
    """Return the feeds of a programme: whole, per domain, per organisation."""
    named: list[tuple[str, Text | None]] = [(name, None) for name in _WHOLE]
    named += [(domain.key, domain.name) for domain in programme.domains]
    named += [(organisation.key, organisation.name) for organisation in programme.organisations]
    return tuple(
        FeedSpec(
            name=name,
            programme=programme.name,
            scope=name if name in _WHOLE else "all",  # type: ignore[arg-type]
            label=label,
            url=f"{base_url}/calendars/",
            zone=programme.timezone,
        )
        for name, label in named
    )


def source_of(connection: Connection, key: str, settings: Settings) -> Source:
    """Return the calendar entries of a stored programme."""
    rows = {row.programme.key: row for row in repository.all_programmes(connection)}
    if key not in rows:
        raise NotFoundError(f"no programme {key!r}; there are {', '.join(rows) or 'none'}")
    programme = rows[key].programme
    stored = repository.stored_occurrences(connection, key)
    found = tuple(entries(programme, stored, settings.base_url))
    # An entry that was deleted has no row to say so; the programme's own stamp does.
    modified = max(
        stamp_of(programme), rows[key].modified or stamp_of(programme), *(one.modified for one in stored)
    )
    facts = repr((key, modified, settings.base_url, [(entry.uid, entry.sequence) for entry in found]))
    return Source(programme, found, modified, hashlib.sha256(facts.encode()).hexdigest())


def entries(programme: Programme, stored: tuple[StoredOccurrence, ...], base_url: str) -> Iterator[Entry]:
    """Yield an entry for each deadline, review and round, and one for each event series.

    Start notes are in no feed (design: calendar.md 10).
    """
    for one in stored:
        if one.row.kind not in {"start", "event"}:
            yield _single(programme, one, base_url)
    for rule in derive(programme).rules:
        if isinstance(rule, EventRule):
            instances = [one for one in stored if one.row.id.seed == _seed(programme, rule)]
            if instances:
                yield _series(programme, rule, instances, base_url)


def _seed(programme: Programme, rule: EventRule) -> str:
    return f"{programme.key}:{rule.action}:event:{rule.name}"


def _single(programme: Programme, one: StoredOccurrence, base_url: str) -> Entry:
    row, action = one.row, programme.action_by_id[one.row.id.action]
    kind: Kind = (
        "collection" if row.kind == "collection" else "review" if row.kind == "review" else "milestone"
    )
    about = _about(programme, action, base_url, kind)
    return replace(
        about,
        uid=uid(row.kind, row.id.seed),
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
    )


def _series(programme: Programme, rule: EventRule, instances: list[StoredOccurrence], base_url: str) -> Entry:
    action = programme.action_by_id[rule.action]
    first = instances[0].row
    return replace(
        _about(programme, action, base_url, "event"),
        uid=uid("event", first.id.seed),
        title=first.title,
        start=first.starts_at or first.due,
        zone=programme.timezone if first.starts_at else "",
        modified=max(one.modified for one in instances),
        recurrence=rule.recurrence,
        status="confirmed" if rule.confirmed else "tentative",
        sequence=max(one.sequence for one in instances),
        organisation_keys=tuple(dict.fromkeys(key for one in instances for key in one.row.organisations)),
        date_assumed=not rule.confirmed,
    )


def _about(programme: Programme, action: Action, base_url: str, kind: Kind) -> Entry:
    """Return an entry with what it says about its action; date and identity are filled in after."""
    domain = programme.domain_of(action)
    return Entry(
        uid="",
        kind=kind,
        title=action.title,
        start=programme.period.first,
        modified=stamp_of(programme),
        organisations=_names(programme, action.leads),
        partners=_names(programme, action.partners),
        domain=domain.name,
        domain_key=domain.key,
        wording=action.schedule,
        indicator=action.indicator,
        url=action_url(base_url, action.id),
    )


def _names(programme: Programme, keys: tuple[str, ...]) -> tuple[Text, ...]:
    return tuple(programme.organisation_by_key[key].name for key in keys)


def feed_of(source: Source, name: str, lang: Lang, base_url: str) -> Feed:
    """Return a feed by name; ``NotFoundError`` when there is none of it."""
    by_name = {spec.name: spec for spec in specs(source.programme, base_url)}
    if name not in by_name:
        raise NotFoundError(f"no feed {name!r}; reminders feeds lists them")
    return _kept(_Kept(source), by_name[name], lang)


class _Kept:
    """A source, hashed by its revision, so that octets are made once for each."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def __hash__(self) -> int:
        return hash(self.source.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and other.source.key == self.source.key


@lru_cache(maxsize=256)
def _kept(kept: _Kept, spec: FeedSpec, lang: Lang) -> Feed:
    return feed(spec, kept.source.entries, lang, kept.source.modified)

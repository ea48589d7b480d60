"""Calendar entries become feeds, as they were told; who serves them keeps the octets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from calendars.event import Entry
from calendars.feed import Feed, feed, select
from reminders.errors import NotFoundError
from reminders.settings import Settings
from reminders.store import Connection, series
from reminders.store import programmes as repository
from reminders.store.programmes import StoredOccurrence
from reminders.use.answers.status import calendar_status
from reminders.use.feeds.published import as_published, calendar_entries, main_key, specs
from reminders.use.programme.store_programme import programme_stamp
from schedule_rules.programme import Lang, Programme

__all__ = ["Source", "feed_of", "main_key", "source_of", "specs"]


@dataclass(frozen=True)
class Source:
    """The entries of one programme as they stand; ``changed`` says when each feed last changed."""

    programme: Programme
    entries: tuple[Entry, ...]
    changed: Mapping[str, datetime]
    main: bool = True


def source_of(connection: Connection, key: str, settings: Settings) -> Source:
    """Return the calendar entries of a stored programme; ``NotFoundError`` for none of this key."""
    keys = repository.programme_keys(connection)
    if key not in keys:
        raise NotFoundError(f"no programme {key!r}; there are {', '.join(keys) or 'none'}")
    row = repository.stored_programme(connection, key)
    programme = row.programme
    stored: tuple[StoredOccurrence, ...] = repository.stored_occurrences(connection, key)
    known = series.published_entries(connection, key)
    told_entries = as_published(calendar_entries(programme, stored, settings.base_url), known)
    said = calendar_status(
        programme,
        stored,
        repository.answers_of(connection, key),
        repository.every_answer_of(connection, key),
    )
    found = tuple(said.entry(entry, "public") for entry in told_entries)
    least = programme_stamp(programme)
    told = series.published_feeds(connection, key)
    changed = {
        spec.name: max(least, told[spec.name].modified if spec.name in told else row.modified or least)
        for spec in specs(programme, "")
    }
    return Source(programme, found, changed, main_key(keys) == key)


def feed_of(source: Source, name: str, lang: Lang, base_url: str) -> Feed:
    """Return a feed by name; ``NotFoundError`` when there is none of it."""
    found = next(
        (spec for spec in specs(source.programme, base_url, main=source.main) if spec.name == name), None
    )
    if found is None:
        raise NotFoundError(f"no feed {name!r}; reminders feeds lists them")
    own = select(found, source.entries)
    modified = max((source.changed[name], *(entry.modified for entry in own)))
    return feed(found, own, lang, modified)

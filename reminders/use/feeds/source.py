"""What stands in the calendars of one programme: the entries of its feeds, and the same dates one by one.

It is what the programme has, with what was told of each entry (``published``), and what calendars go on
showing though it has it no more (``left_entries``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from calendars.event import Entry
from calendars.feed import Feed, feed, select
from reminders.letters.digest import action_url, programme_url
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import Connection, answers, feeds as store_feeds, programmes
from reminders.use.answers.status import calendar_status
from reminders.use.feeds.entries import EntryFamily, calendar_entries
from reminders.use.feeds.feed_names import spec_named, specs
from reminders.use.feeds.left_entries import dates_of_left, read_left
from reminders.use.feeds.published import NOTE_MONTH, as_published, programme_stamp
from reminders.use.feeds.shown_entries import GONE
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.programme import Lang, Programme


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
    left = read_left(connection, programme)
    instead = {own[0].uid for own in left} | {uid for uid, one in known.items() if one.content == GONE}
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
            for some in (own, dates_of_left(own))
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
        max(least, feeds[NOTE_MONTH].modified) if NOTE_MONTH in feeds else least,
        frozenset(own[0].uid for own in left),
    )


def _of_today(programme: Programme, entry: Entry, base_url: str) -> Entry:
    """Return an entry that is left with today's id and page of its action; of none, the programme's page."""
    row_id = OccurrenceID.parse(entry.occurrence) if entry.occurrence else None
    for action in programme.actions:
        if row_id and programme.origin(action.id) == row_id.action:
            url = action_url(base_url, programme.key, action.id)
            return replace(entry, url=url, occurrence=str(replace(row_id, action=action.id)))
    return replace(entry, url=programme_url(base_url, "/", programme.key), occurrence="")


def read_source(service: Service, key: str | None = None) -> Source:
    """Return the calendar entries of a stored programme; without a ``key`` of the one that there is."""
    with service.database.read() as connection:
        return source_of(connection, programmes.only_key(connection, key), service.settings)


def dates_of_action(source: Source, action: str) -> tuple[Entry, ...]:
    """Return what stands in calendars of one action, by its id, one by one."""
    return tuple(
        one for one in source.dates if one.occurrence and OccurrenceID.parse(one.occurrence).action == action
    )


def feed_of(source: Source, name: str, lang: Lang, base_url: str) -> Feed:
    """Return a feed by name; ``NotFoundError`` when there is none of it."""
    found = spec_named(source.programme, name, base_url)
    own = select(found, source.entries)
    changed = (source.changed[key] for key in found.parts or (found.name,))
    stamps = (entry.modified for entry in own) if own else (source.note,)
    return feed(found, own, lang, max((*changed, *stamps)))

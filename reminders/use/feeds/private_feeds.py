"""Private feeds: a person's own items, and the secretary's calendar with its decision basis, by token.

A token is shown once, to whom the feed belongs or to the operator; only its hash is stored. Names of people
stand in the secretary's feed only, addresses in none (design: calendar.md, point 11). Whoever gives an
address on the public page has that address's own calendar sent there, once a day; whether the address
is known is told by nothing, for the page answers before this looks.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal, get_args

from calendars.feed import Feed, FeedSpec, feed
from calendars.text import calendar_name
from email_templates import words
from reminders.clock import civil_time
from reminders.errors import NotFoundError, UsageError
from reminders.letters.digest import programme_url
from reminders.planning.addresses import listed_as, same_address
from reminders.planning.links import last_day, links_of
from reminders.planning.speakers import is_secretary, units_of
from reminders.service import Service
from reminders.store import Connection, answers, feeds, people as store_people, programmes
from reminders.store.feeds import PrivateFeed, PublishedFeed
from reminders.store.sessions import token_hash
from reminders.use.answers.status import calendar_status
from reminders.use.feeds.source import Source
from reminders.use.planning.load_state import people_of
from reminders.use.watch.audit import record_act
from schedule_rules.programme import LANGUAGES, Lang, Programme, Text

FeedName = Literal["own", "secretary"]
NAMES: Final[tuple[FeedName, ...]] = get_args(FeedName)
USE_NOTED: Final = timedelta(hours=1)
"""Last use is written down this often at most: reading must not cost a write each time."""


@dataclass(frozen=True, slots=True)
class IssuedFeed:
    """A new private feed and the one moment at which its token is known."""

    feed: PrivateFeed
    token: str

    def address(self, base_url: str, lang: Lang) -> str:
        """Return the address to subscribe to."""
        return f"{base_url.rstrip('/')}/calendars/private/{self.token}/{self.feed.feed}-{lang}.ics"


def issue_feed(
    service: Service, programme: str, address: str, name: FeedName, *, alarm: bool = False
) -> IssuedFeed:
    """Make a private feed for a contact of a programme.

    Raises ``NotFoundError`` when the address is no contact's, ``UsageError`` when somebody
    else than the secretary is to have the secretary's.
    """
    now = service.clock()
    token = secrets.token_urlsafe(16)  # 128 bits
    with service.database.write() as connection:
        people = people_of(connection, programmes.stored_programme(connection, programme).programme)
        listed = listed_as(address, (one.email for one in people.all))
        if listed is None:
            raise NotFoundError(f"no contact of {programme} with the address {address}")
        if name == "secretary" and not is_secretary(people, listed, civil_time(service.settings, now).day):
            raise UsageError(f"the secretary's feed: expected a secretary's address; found {address}")
        one = PrivateFeed(0, programme, listed, name, alarm, now, None, "", None)
        number = feeds.add_private_feed(connection, token, one)
        record_act(connection, service, "private-calendar", programme, name, person=listed)
    return IssuedFeed(replace(one, id=number), token)


def give_feed(
    service: Service, programme: str, address: str, name: FeedName, *, alarm: bool = False
) -> IssuedFeed | None:
    """Make a private feed that whoever acts may open; None for somebody else's own: its owner is mailed it.

    In a person's own feed stand links by which that person answers. Raises what ``issue_feed`` raises.
    """
    if name == "secretary" or same_address(address, service.actor.address):
        return issue_feed(service, programme, address, name, alarm=alarm)
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        contacts = store_people.contacts_of(connection, programme)
    if listed_as(address, (one.email for one in contacts if one.is_valid(today))) is None:
        raise NotFoundError(f"no contact of {programme} with the address {address}")
    ask_for_feed(service, address)
    return None


def revoke_feed(service: Service, number: int) -> None:
    """Close a private feed: its address answers 410 from now on; ``NotFoundError`` for no open one."""
    with service.database.write() as connection:
        one = feeds.revoke_private_feed(connection, number, service.clock())
        if one is None:
            raise NotFoundError(f"no open private feed {number}")
        key, whose = one.programme, one.address
        record_act(connection, service, "private-calendar-closed", key, one.feed, person=whose)


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What a token opens: the feed's number, its programme, and the rows that decide on what it holds."""

    number: int
    programme: str
    rows: tuple[tuple[object, ...], ...]


def find_private_feed(service: Service, token: str, name: str) -> TokenFacts:
    """Return what a token opens, by two queries that a server's loop may ask before every answer.

    Raises ``NotFoundError`` for a wrong token, and for another feed's name.
    """
    ask = service.database.ask
    rows = ask(feeds.OPENED, token_hash(token))
    if not rows or rows[0][2] != name:
        raise NotFoundError("no such feed")
    number, programme = rows[0][:2]
    return TokenFacts(number, programme, (*rows, *ask(feeds.READERS, programme)))


def read_private_feed(service: Service, token: str, source: Source, lang: Lang) -> Feed | None:
    """Return the feed that a token opens, None once it is closed; ``NotFoundError`` for a wrong token.

    ``source`` are the calendar entries of its programme.
    """
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        one = feeds.private_feed_by_token(connection, token)
        if one is None:
            raise NotFoundError("no such feed")
        if not _may_be_read(connection, source, one, today):
            return None
        made = make_private_feed(service, connection, source, one, lang)
    if made.told != made.tells:
        with service.database.write() as connection:
            feeds.save_published(
                connection, source.programme.key, {}, {made.name: made.tells}, ((), made.known)
            )
    return made.feed


def _may_be_read(connection: Connection, source: Source, one: PrivateFeed, today: date) -> bool:
    """Tell whether a feed may be read: not revoked, its owner still listed, and secretary for that one.

    An owner who is away, or only stands in for somebody, keeps the address: it is empty meanwhile.
    """
    people = people_of(connection, source.programme)
    is_listed = listed_as(one.address, (contact.email for contact in people.all)) is not None
    is_owners = one.feed != "secretary" or is_secretary(people, one.address, today)
    return one.revoked_at is None and is_listed and is_owners


def note_use(service: Service, token: str, client: str) -> None:
    """Note that a token's feed was fetched, once an hour and client at most."""
    now = service.clock()
    with service.database.read() as connection:
        one = feeds.private_feed_by_token(connection, token)
    if one and (one.used_at is None or client != one.client or now - one.used_at >= USE_NOTED):
        with service.database.write() as connection:
            feeds.set_last_use(connection, one.id, client, now)


@dataclass(frozen=True, slots=True)
class PrivateCalendar:
    """A private feed as it is now; ``tells`` is what is noted under ``name``, ``told`` what was so far."""

    feed: Feed
    name: str
    tells: PublishedFeed
    told: PublishedFeed | None

    @property
    def known(self) -> tuple[str, ...]:
        """Its name where something was noted of it."""
        return (self.name,) if self.told else ()


def make_private_feed(
    service: Service, connection: Connection, source: Source, one: PrivateFeed, lang: Lang
) -> PrivateCalendar:
    """Return a private feed: what its owner's units have today, or everything.

    What it holds is noted once it was read: its stamp moves when that changes, whatever changed it, and never
    goes back.
    In the owner's feed what waits for an answer leads to the page on which the owner gives it.
    """
    programme, key = source.programme, source.programme.key
    people, today = people_of(connection, programme), civil_time(service.settings, service.clock()).day
    secretary = one.feed == "secretary"
    marked = calendar_status(
        programme,
        programmes.stored_occurrences(connection, key),
        answers.answers_of(connection, key),
        answers.every_answer_of(connection, key),
        {contact.email: contact.name for contact in people.all} if secretary else None,
    )
    units, links = units_of(people, one.address, today), links_of(service.secret, [programme])
    chosen = []
    for entry in source.entries:
        if secretary or not units.isdisjoint((*entry.organisation_keys, *entry.also_in)):
            url = entry.url
            if not secretary and marked.waits(entry, units):
                # By a link as stable as the entry's date.
                day = entry.start.date() if isinstance(entry.start, datetime) else entry.start
                token = links.issue("calendar", entry.occurrence, one.address, last_day(day))
                url = programme_url(service.settings.base_url.rstrip("/"), f"/answer/{token}", key)
            shown = marked.entry(entry, "secretary" if secretary else "own")
            chosen.append(replace(shown, alarm=one.alarm, url=url))
    name = f"private/{one.id}"
    content = _digest(chosen) if chosen else _digest([source.note])
    told = feeds.published_feeds(connection, key).get(name)
    first = max((source.changed["all"], one.created_at, *(entry.modified for entry in chosen)))
    modified = first if chosen else max(first, source.note)
    if told is not None:  # people came, went or handed over, which no entry's own stamp tells
        modified = told.modified if told.content == content else max(told.modified, service.clock())
    return PrivateCalendar(
        feed(_spec(programme, one, service.settings.base_url), chosen, lang, modified),
        name,
        PublishedFeed(content, modified),
        told,
    )


def _digest(facts: Iterable[object]) -> str:
    return hashlib.sha256(repr(list(facts)).encode()).hexdigest()


def _spec(programme: Programme, one: PrivateFeed, base_url: str) -> FeedSpec:
    return FeedSpec(
        name="all",
        file=one.feed,
        programme=programme.name,
        short=calendar_name(programme),
        url=programme_url(base_url, "/calendars/", programme.key),
        label=Text(**{lang: words.feed_word(lang, one.feed) for lang in LANGUAGES}),
        public=False,
        colour="darkslateblue",
        zone=programme.timezone,
    )


def ask_for_feed(service: Service, typed: str) -> None:
    """Let a contact's address, in any case, have its own calendar with the next mail; else do nothing."""
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        keys = programmes.programme_keys(connection)
        contacts = [one for key in keys for one in store_people.contacts_of(connection, key)]
    known = [one.email for one in contacts if one.is_valid(today) and same_address(one.email, typed)]
    if known:
        with service.database.write() as connection:
            if feeds.add_feed_request(connection, min(known), today):
                record_act(connection, service, "private-calendar-asked", person=min(known))


def list_private_feeds(service: Service, key: str | None) -> tuple[PrivateFeed, ...]:
    """Return the private feeds of a programme, or of all where none is named, closed ones too."""
    with service.database.read() as connection:
        keys = [key] if key else programmes.programme_keys(connection)
        return tuple(one for each in keys for one in feeds.private_feeds_of(connection, each))

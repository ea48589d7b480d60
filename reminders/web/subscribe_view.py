"""The subscribe page as values: feeds to choose, addresses for each calendar, the next entries. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from urllib.parse import quote, urlencode

from calendars.event import Entry
from calendars.feed import FeedSpec, filename, select, title
from calendars.text import summary
from email_templates import dates
from reminders.web.words import say
from schedule_rules.programme import Lang, Programme
from schedule_rules.rule import expand

_NEXT = 6
CLIENTS: Final = (
    "outlook-new",
    "outlook-classic",
    "google",
    "iphone",
    "mac",
    "thunderbird",
    "nextcloud",
    "android",
)
_GOOGLE = "https://calendar.google.com/calendar/r?"
_OUTLOOK = "https://outlook.office.com/calendar/0/addfromweb?"


@dataclass(frozen=True, slots=True)
class Choice:
    """A feed in the list to choose from."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Client:
    """A calendar program and the steps that subscribe in it."""

    name: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ahead:
    """An entry to come: day and time in words, the title, whether its date is provisional."""

    on: date
    when: str
    title: str
    tentative: bool


@dataclass(frozen=True, slots=True)
class SubscribeView:
    """All that the subscribe page says about the chosen feed."""

    groups: tuple[tuple[str, tuple[Choice, ...]], ...]
    chosen: str
    title: str
    address: str
    webcal: str
    google: str
    outlook: str
    next: tuple[Ahead, ...]
    count: int


def subscribe_view(
    programme: Programme,
    spec: FeedSpec,
    entries: Iterable[Entry],
    address: str,
    lang: Lang,
    feed_lang: Lang,
    today: date,
) -> SubscribeView:
    """Return the page's values for the feed ``spec`` in ``feed_lang``."""
    found = [_instances(entry, today, lang, feed_lang) for entry in select(spec, entries)]
    # A weekly series would fill the list: each entry shows its next date.
    ahead = sorted((instances[0] for instances in found if instances), key=lambda one: one.on)
    named = title(spec, feed_lang)
    bare = address.partition("://")[2]
    return SubscribeView(
        groups=tuple(_groups(programme, lang)),
        chosen=spec.name,
        title=named,
        address=address,
        webcal=f"webcal://{bare}",
        google=_GOOGLE + urlencode({"cid": f"webcal://{bare}"}, quote_via=quote),
        outlook=_OUTLOOK + urlencode({"url": address, "name": named}, quote_via=quote),
        next=tuple(ahead[:_NEXT]),
        count=sum(map(len, found)),
    )


def clients(lang: Lang) -> tuple[Client, ...]:
    """Return the steps for each calendar program; the last one says how soon changes show."""
    return tuple(
        Client(say(lang, f"client.{name}.name"), tuple(say(lang, f"client.{name}.steps").splitlines()))
        for name in CLIENTS
    )


def feed_address(spec: FeedSpec, lang: Lang, programme: str = "") -> str:
    """Return where a feed stands; ``programme`` names one that is not the first."""
    return f"{spec.url.rstrip('/')}/{filename(spec, lang)}" + (f"?programme={programme}" if programme else "")


def _groups(programme: Programme, lang: Lang) -> Iterable[tuple[str, tuple[Choice, ...]]]:
    whole = tuple(Choice(name, say(lang, f"subscribe.{name}")) for name in ("all", "events", "deadlines"))
    yield say(lang, "subscribe.whole"), whole
    yield (
        say(lang, "subscribe.domains"),
        tuple(Choice(domain.key, domain.name.get(lang)) for domain in programme.domains),
    )
    parties = [Choice(one.key, one.name.get(lang)) for one in programme.organisations]
    yield say(lang, "subscribe.parties"), tuple(sorted(parties, key=lambda one: one.label.casefold()))


def _instances(entry: Entry, today: date, lang: Lang, feed_lang: Lang) -> list[Ahead]:
    """Return an entry's dates from today on; a series has one for each instance."""
    start = entry.start
    first = start.date() if isinstance(start, datetime) else start
    days = expand(entry.recurrence) if entry.recurrence else (first,)
    if entry.status == "cancelled":
        return []
    # That the date is provisional is said by a chip of its own.
    titled = summary(replace(entry, status="confirmed"), feed_lang)
    return [
        Ahead(day, _when(day, start, lang), titled, entry.status == "tentative")
        for day in days
        if day >= today
    ]


def _when(day: date, start: date, lang: Lang) -> str:
    written = dates.in_table(day, lang)
    return f"{written} {dates.at(start.time(), lang)}" if isinstance(start, datetime) else written

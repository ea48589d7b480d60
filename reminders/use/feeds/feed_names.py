"""The feeds of a programme: which there are, what a name means, whose feed a short address is."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from calendars.feed import WHOLE, FeedSpec, Scope
from calendars.text import calendar_name
from reminders.clock import civil_time
from reminders.errors import NotFoundError, UnknownFeedError
from reminders.letters.digest import programme_url
from reminders.planning.standing import running_first
from reminders.service import Service
from reminders.store import feeds as store_feeds, programmes
from schedule_rules.programme import LANGUAGES, Programme, Text

MOST_PARTS: Final = 12
"""How many units and themes one feed may hold."""
_SCOPES: Final[tuple[Scope, ...]] = ("deadlines", "events")


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

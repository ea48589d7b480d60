"""Every feed in every language, public and private, in the libraries that calendar programs are made of.

Each parses without complaint in six makes (``calendar_readers``); expanded over 2023–2027 it has the instants
of ``reminders occurrences``, and the makes agree on begin, end, title and status, but for the one hour of the
year that comes twice (``SECOND``). One process a reader: all feeds at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from calendars.feed import Feed
from reminders.service import Service
from reminders.store import people
from reminders.use.feeds.feed_names import specs
from reminders.use.feeds.private_feeds import FeedName, issue_feed, make_private_feed
from reminders.use.feeds.source import feed_of, source_of
from schedule_rules.programme import LANGUAGES, Programme
from tests.acceptance.calendar_readers import Instance, Readers, by_icalendar, odd, shown
from tests.cli.conftest import Runner
from tests.web.conftest import KEY

Instants = dict[str, list[str]]
# Local times that come twice are the first ones (RFC 5545 section 3.3.5). ical.js, libical and node-ical take
# the second, PHP that of a single event: they show the same local time, but the instants of that one night
# hour are an hour later.
SERIES, SINGLE = "2025-10-26T00:15:00Z", "2025-10-26T00:30:00Z"
SECOND = {
    "ical.js": {SERIES, SINGLE},
    "libical": {SERIES, SINGLE},
    "node-ical": {SERIES, SINGLE},
    "sabre/vobject": {SINGLE},
}


def instant(row: Mapping[str, Any]) -> str:
    """When an occurrence is."""
    return shown(
        datetime.fromisoformat(row["starts_at"]) if row["starts_at"] else date.fromisoformat(row["due"])
    )


def public(service: Service) -> Iterator[tuple[set[str], Feed]]:
    """Every public feed, with what it is of."""
    with service.database.read() as connection:
        source = source_of(connection, KEY, service.settings)
    for spec in specs(source.programme, ""):
        for lang in LANGUAGES:
            yield {spec.name}, feed_of(source, spec.name, lang, "https://reminders.example")


def private(service: Service) -> Iterator[tuple[set[str], Feed]]:
    """The secretary's calendar, and that of each person with the units that the person answers for."""
    with service.database.read() as connection:
        source = source_of(connection, KEY, service.settings)
        contacts = people.contacts_of(connection, KEY)
    secretary = next(one.email for one in contacts if one.role == "secretary")
    readers: list[tuple[str, FeedName]] = [(address, "own") for address in {one.email for one in contacts}]
    for address, name in [*readers, (secretary, "secretary")]:
        units = {one.organisation for one in contacts if one.email == address}
        one = issue_feed(service, KEY, address, name, alarm=True).feed
        for lang in LANGUAGES:
            with service.database.read() as connection:
                made = make_private_feed(service, connection, source, one, lang).feed
            yield ({"all"} if name == "secretary" else units), made


def wanted(names: set[str], rows: list[dict[str, Any]], programme: Programme, note: str) -> list[str]:
    """The instants that a feed of these names must have; the day of its note when it has none."""
    domains = {action.id: programme.domain_of(action).key for action in programme.actions}
    found = [
        instant(row)
        for row in rows
        if not names.isdisjoint(
            {
                "all",
                "events" if row["kind"] == "event" else "deadlines",
                domains[row["action"]],
                *row["organisations"],
            }
        )
    ]
    return sorted(found) or [note]


def as_second(own: Counter[Instance], starts: set[str]) -> Counter[Instance]:
    """What a reader shows that takes the second of the local times that come twice where these begin."""

    def later(one: Instance) -> Instance:
        return one._replace(start=one.start.replace("T00", "T01"), end=one.end.replace("T00", "T01"))

    return Counter(later(one) if one.start in starts else one for one in own.elements())


@pytest.mark.node
def test_every_feed(edited: Runner, edited_service: Service, readers: Readers, tmp_path: Path) -> None:
    """All readers find the dates of the occurrences in every feed, and none complains."""
    rows = edited("occurrences", "--from", "2023-01-01", "--to", "2027-12-31", "--json").document
    rows = [row for row in rows if row["kind"] != "start"]
    service = edited_service
    with service.database.read() as connection:
        programme = source_of(connection, KEY, service.settings).programme
    want: Instants = {}
    for number, (names, one) in enumerate((*public(service), *private(service))):
        path = tmp_path / f"{number}-{one.filename}"
        path.write_bytes(one.body)
        want[str(path)] = wanted(names, rows, programme, one.last_modified.date().isoformat())
    assert {"2025-03-30T00:30:00Z", "2025-03-30T01:00:00Z", SERIES, SINGLE} <= {
        one for instants in want.values() for one in instants
    }
    paths = list(want)
    assert len(paths) > 100
    first = by_icalendar(paths)
    starts = {path: sorted(one.start for one in own.elements()) for path, own in first.items()}
    wrong = [(path, starts[path], want[path]) for path in paths if starts[path] != want[path]]
    assert not wrong, wrong[0]
    for name, read in readers.others.items():
        expected = {path: as_second(own, SECOND.get(name, set())) for path, own in first.items()}
        found = read(paths)
        differing = [
            (path, *odd(found[path], expected[path])) for path in paths if found[path] != expected[path]
        ]
        assert not differing, (name, differing[0])

"""Every feed in every language, public and private, in the libraries that calendar programs are made of.

Each parses without complaint in icalendar, ical.js, libical and vobject; expanded over 2023–2027 by
icalendar with recurring-ical-events, ical.js and libical it has the instants of ``reminders occurrences``,
but for the one hour of the year that comes twice (``SECOND``).
One process a reader: all feeds at once.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events

from calendars.feed import Feed
from reminders.service import Service
from reminders.store import people
from reminders.use.feeds.private_feeds import FeedName, issue_feed, make_private_feed
from reminders.use.feeds.published import feed_of, source_of, specs
from schedule_rules.programme import LANGUAGES, Programme
from tests.cli.conftest import Runner
from tests.conftest import ROOT
from tests.web.conftest import KEY

HELSINKI = ZoneInfo("Europe/Helsinki")
VOBJECT = """
import sys, vobject
for path in sys.argv[1:]:
    calendar = vobject.readOne(open(path, encoding="utf-8", newline="").read())
    calendar.validate()
    print(path, len(calendar.vevent_list))
"""
Instants = dict[str, list[str]]
# Local times that come twice are the first ones (RFC 5545 section 3.3.5). ical.js and libical take the
# second: they show the same local time, but the instants of that one night hour are an hour later.
SECOND = {
    "2025-10-26T00:15:00Z": "2025-10-26T01:15:00Z",
    "2025-10-26T00:30:00Z": "2025-10-26T01:30:00Z",
}


def shown(moment: date | datetime) -> str:
    """A day as it is, a time in UTC."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    aware = moment if moment.tzinfo else moment.replace(tzinfo=HELSINKI)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


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


def odd(found: list[str], want: list[str]) -> tuple[list[str], list[str]]:
    """What a reader finds too much, and too little."""
    return sorted((Counter(found) - Counter(want)).elements()), sorted(
        (Counter(want) - Counter(found)).elements()
    )


def by_icalendar(paths: list[str]) -> Instants:
    """As icalendar and recurring-ical-events read them; no component has an error."""
    found = {}
    for path in paths:
        calendar = icalendar.Calendar.from_ical(Path(path).read_bytes())
        assert [component.errors for component in calendar.walk() if component.errors] == []
        events = recurring_ical_events.of(calendar, skip_bad_series=False).between((2023, 1, 1), (2028, 1, 1))
        found[path] = sorted(shown(one["DTSTART"].dt) for one in events)
    return found


def by_libical(program: str, paths: list[str]) -> Instants:
    """As libical reads them; it complains about nothing."""
    ran = subprocess.run([program, *paths], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    found: Instants = {}
    for line in ran.stdout.splitlines():
        if line.startswith("= "):
            path = line[2:]
            found[path] = []
        else:
            found[path].append(line.split()[0])
    return {path: sorted(instants) for path, instants in found.items()}


def by_icaljs(node: str, paths: list[str]) -> Instants:
    """As ical.js (Thunderbird, Nextcloud) reads them."""
    script = str(ROOT / "tests/acceptance/icaljs_expand.mjs")
    ran = subprocess.run([node, script, "2028-01-01", *paths], capture_output=True, check=True)
    assert ran.stderr == b""
    rows: dict[str, list[dict[str, str]]] = json.loads(ran.stdout)
    return {path: sorted(row["start"] for row in own) for path, own in rows.items()}


def by_vobject(python: str, paths: list[str]) -> dict[str, int]:
    """How many entries vobject reads in each, which it finds valid."""
    ran = subprocess.run([python, "-c", VOBJECT, *paths], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    return {path: int(count) for path, count in (line.rsplit(" ", 1) for line in ran.stdout.splitlines())}


@pytest.mark.node
def test_every_feed(
    edited: Runner, edited_service: Service, node: str, libical: str, khal: str, tmp_path: Path
) -> None:
    """All readers find the dates of the occurrences in every feed, and none complains."""
    rows = edited("occurrences", "--from", "2023-01-01", "--to", "2027-12-31", "--json").document
    rows = [row for row in rows if row["kind"] != "start"]
    service = edited_service
    with service.database.read() as connection:
        programme = source_of(connection, KEY, service.settings).programme
    want: Instants = {}
    counts: dict[str, int] = {}
    for number, (names, one) in enumerate((*public(service), *private(service))):
        path = tmp_path / f"{number}-{one.filename}"
        path.write_bytes(one.body)
        want[str(path)] = wanted(names, rows, programme, one.last_modified.date().isoformat())
        counts[str(path)] = one.body.count(b"BEGIN:VEVENT")
    assert {
        "2025-03-30T00:30:00Z",
        "2025-03-30T01:00:00Z",
        "2025-10-26T00:30:00Z",
        "2025-10-26T00:15:00Z",
    } <= {one for instants in want.values() for one in instants}
    paths = list(want)
    assert len(paths) > 100
    second = {path: sorted(SECOND.get(one, one) for one in instants) for path, instants in want.items()}
    for reader, found, expected in (
        ("icalendar", by_icalendar(paths), want),
        ("libical", by_libical(libical, paths), second),
        ("ical.js", by_icaljs(node, paths), second),
    ):
        wrong = {path: odd(found[path], expected[path]) for path in paths if found[path] != expected[path]}
        assert wrong == {}, reader
    assert by_vobject(f"{khal}/python", paths) == counts

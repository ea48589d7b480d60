"""A year of edits, lived through: what was done, what subscribers and readers got, what must stand.

``EDITED_YEARS`` and ``EDITED_STEPS`` of the environment say how many years, of how many steps.
"""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from reminders.service import Service
from reminders.store import people
from reminders.use.feeds.private_feeds import FeedName, issue_feed
from reminders.use.programme.settings import hold_programme
from reminders.use.programme.store_programme import read_built_in, store_programme
from reminders.use.tick import tick
from tests.acceptance.calendar_readers import Instance, Shown, by_icalendar
from tests.acceptance.edited_years import ACTIONS, CAFE, KEY, SECRETARY, STARTS, UNIT, Clock, EditedYear
from tests.acceptance.expected_dates import Seen
from tests.acceptance.subscriber import Subscriber, entries, property_of
from tests.web.conftest import Reader, open_service

SEEDS: Final = range(int(os.environ.get("EDITED_YEARS", "2")))
STEPS: Final = int(os.environ.get("EDITED_STEPS", "60"))
FEEDS: Final = ("all-sv", "events-fi", "deadlines-en", "family-centre-fi", "welfare-unit-sv")
PRIVATE: Final[tuple[tuple[str, FeedName], ...]] = ((SECRETARY, "secretary"), (UNIT, "own"))
"""Whose private calendars are followed too."""
LIST_LENGTH: Final = 60
"""So many dates the list shows."""
LOOKED_AT: Final = 6
"""After every so many steps the pages are looked at."""
READ: Final = ("events-fi", "vamk-fi")
"""What is read by every make after each step: all events, and the deadlines of a school."""


@dataclass
class Step:
    """What was done on a day, the feeds after it, and what they must show together, by action.

    ``pages`` are those that were looked at, by name: after every so many steps.
    """

    said: str
    day: str
    files: list[str] = field(default_factory=list)
    expected: dict[str, list[Seen]] = field(default_factory=dict)
    uids: dict[str, set[str]] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)


@dataclass
class Year:
    """All that a year gave: its steps, which kinds there were, what its subscribers stumbled over.

    ``answers`` are the status codes that they got.
    """

    steps: list[Step] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    answers: set[int] = field(default_factory=set)

    @property
    def files(self) -> list[str]:
        """All feeds, each as it was for a while."""
        return sorted({file for step in self.steps for file in step.files})

    @cached_property
    def read(self) -> Shown:
        """What icalendar and recurring-ical-events show in each feed."""
        return by_icalendar(self.files)

    def shown(self, step: Step) -> Counter[Instance]:
        """Return all that stands in the feeds after a step."""
        return sum((self.read[file] for file in step.files), Counter[Instance]())


def uids_of(body: bytes) -> dict[str, set[str]]:
    """Return the UIDs of each action in a feed, by the links of its entries."""
    found: dict[str, set[str]] = {}
    for key, version in entries(body).items():
        action = re.search(r"/actions/([\w-]+)", property_of(version.text, "URL"))
        found.setdefault(action[1] if action else "", set()).add(key.uid)
    return found


def pages_of(edited: EditedYear, visitor: Reader) -> dict[str, str]:
    """Return the pages that show dates of events today: month by month, list, subscribing, each action's."""
    today, query = edited.clock.today, f"lang=fi&programme={KEY}"
    months = [f"{(today.replace(day=1) + timedelta(days=31 * n)):%Y-%m}" for n in range(3)]
    addresses = {f"month {month}": f"/calendars/events/month?m={month}&{query}" for month in months}
    addresses |= {
        "list": f"/calendars/events/list?{query}",
        "subscribe": f"/calendars/?feed=events&{query}",
        **{f"action {action}": f"/actions/{action}?{query}" for action in edited.series},
        "unit": f"{edited.unit_link(CAFE)}?lang=fi",
        "waiting": f"{edited.waiting_link(CAFE)}?lang=fi",
    }
    found = {}
    for name, address in addresses.items():
        response = visitor.get(address)
        assert response.status_code == 200, (address, response.status_code)
        found[name] = response.text
    secretary = Reader(edited.service).sign_in()
    for action in edited.series:
        found[f"series {action}"] = secretary.get(f"/actions/{action}/series?{query}").text
    return found


def edited_service(folder: Path, clock: Clock) -> Service:
    """Return a service with a part of the built-in programme, announced and held again; no mail goes out."""
    service = open_service(folder, clock)
    whole, contacts = read_built_in(KEY)
    programme = replace(whole, actions=tuple(one for one in whole.actions if one.id in ACTIONS))
    service.database.migrate()
    with service.database.write() as connection:
        store_programme(connection, programme, STARTS, held=False)
        people.save_contacts(connection, KEY, contacts)
    tick(service)  # what was announced stands from now on
    hold_programme(service, KEY)
    return service


def lived(seed: int, folder: Path) -> Year:
    """Live through a year of edits; feeds are written to ``folder``."""
    folder.mkdir()
    clock = Clock()
    service = edited_service(folder, clock)
    edited = EditedYear(service, clock, random.Random(seed))
    edited.begin()
    client = Reader(service)
    own = [issue_feed(service, KEY, *one, alarm=True).address("", "fi") for one in PRIVATE]
    urls = (*(f"/calendars/{KEY}/{name}.ics" for name in FEEDS), *own)
    subscribers = [Subscriber(client, url, by) for url in urls for by in ("tag", "date")]
    year, files = Year(), dict[bytes, str]()

    def follow(said: str) -> None:
        for one in subscribers:
            year.wrong += [f"{said}: {one.url} by {one.asks_by}: {words}" for words in one.follow()]
        step = Step(said, clock.today.isoformat(), expected=edited.expected())
        for name in READ:
            body = client.get(f"/calendars/{KEY}/{name}.ics").content
            if body not in files:
                files[body] = str(folder / f"{len(year.steps):03}-{name}.ics")
                Path(files[body]).write_bytes(body)
            step.files.append(files[body])
            for action, uids in uids_of(body).items():
                step.uids.setdefault(action, set()).update(uids)
        if len(year.steps) % LOOKED_AT == 0:
            step.pages = pages_of(edited, client)
        year.steps.append(step)

    follow("begin")
    for _ in range(STEPS):
        follow(edited.step())
    for one in subscribers:
        year.wrong += [f"at the end: {one.url} by {one.asks_by}: {words}" for words in one.differs()]
        year.answers.update(one.answers)
    service.database.close()
    year.done = edited.done
    return year

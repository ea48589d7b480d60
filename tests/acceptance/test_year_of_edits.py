"""A subscriber who follows a year of edits sees at each step what was said, and ends with what others get.

The edits are made by a seed through the service (``EDITED_YEARS`` of them, two unless told otherwise); what
must stand is worked out apart (``expected_dates``), and read out of the feeds by six makes of calendar
programs (``calendar_readers``).
"""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from reminders.use.programme.store_programme import make_ready
from tests.acceptance.calendar_readers import Instance, Readers, Shown, by_icalendar, odd
from tests.acceptance.edited_years import DOINGS, KEY, STARTS, Clock, EditedYear
from tests.acceptance.expected_dates import Seen
from tests.acceptance.subscriber import Subscriber, entries, property_of
from tests.web.conftest import Reader, open_service

SEEDS: Final = range(int(os.environ.get("EDITED_YEARS", "2")))
STEPS: Final = int(os.environ.get("EDITED_STEPS", "60"))
FEEDS: Final = ("all-sv", "events-fi", "deadlines-en", "family-centre-fi", "welfare-unit-sv")
READ: Final = ("events-fi", "vamk-fi")
"""What is read by every make after each step: all events, and the deadlines of a school."""


@dataclass
class Step:
    """What was done on a day, the feeds after it, and what they must show together, by action."""

    said: str
    day: str
    files: list[str] = field(default_factory=list)
    expected: dict[str, list[Seen]] = field(default_factory=dict)
    uids: dict[str, set[str]] = field(default_factory=dict)

    def shown(self, read: Shown) -> Counter[Instance]:
        """Return all that a reader shows in the feeds."""
        return sum((read[file] for file in self.files), Counter[Instance]())


@dataclass
class Year:
    """All that a year gave: its steps, what its subscribers stumbled over, which kinds of steps there were."""

    steps: list[Step] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    done: set[str] = field(default_factory=set)

    @property
    def files(self) -> list[str]:
        """All feeds, after all steps."""
        return [file for step in self.steps for file in step.files]


def uids_of(body: bytes) -> dict[str, set[str]]:
    """Return the UIDs of each action in a feed, by the links of its entries."""
    found: dict[str, set[str]] = {}
    for key, version in entries(body).items():
        action = re.search(r"/actions/([\w-]+)", property_of(version.text, "URL"))
        found.setdefault(action[1] if action else "", set()).add(key.uid)
    return found


def lived(seed: int, folder: Path) -> Year:
    """Live through a year of edits; feeds are written to ``folder``."""
    folder.mkdir()
    clock = Clock()
    service = open_service(folder, clock)
    make_ready(service.database, STARTS, held=True)
    edited = EditedYear(service, clock, random.Random(seed))
    edited.begin()
    client = Reader(service)
    subscribers = [
        Subscriber(client, f"/calendars/{KEY}/{name}.ics", by) for name in FEEDS for by in ("tag", "date")
    ]
    year = Year()

    def follow(said: str) -> None:
        for one in subscribers:
            year.wrong += [f"{said}: {one.url} by {one.asks_by}: {words}" for words in one.follow()]
        step = Step(said, clock.today.isoformat(), expected=edited.expected())
        for name in READ:
            body = client.get(f"/calendars/{KEY}/{name}.ics").content
            path = folder / f"{len(year.steps):03}-{name}.ics"
            path.write_bytes(body)
            step.files.append(str(path))
            for action, uids in uids_of(body).items():
                step.uids.setdefault(action, set()).update(uids)
        year.steps.append(step)

    follow("begin")
    for _ in range(STEPS):
        follow(edited.step())
    for one in subscribers:
        year.wrong += [f"at the end: {one.url} by {one.asks_by}: {words}" for words in one.differs()]
    service.database.close()
    year.done = edited.done
    return year


@pytest.fixture(scope="module", params=SEEDS)
def year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Year:
    """A year by its seed."""
    return lived(request.param, tmp_path_factory.mktemp("years") / str(request.param))


def seen_of(found: Counter[Instance], uids: set[str]) -> Counter[Seen]:
    """Return the instances of some UIDs as the model has them."""
    return Counter({Seen(*one[:4]): n for one, n in found.items() if one.uid in uids})


def in_lines(wrong: Iterable[object]) -> str:
    """Return the first of what is wrong, a line each: the first fault makes most of the others."""
    return "\n".join(["", *(str(one) for one in [*wrong][:12])])


def test_it_is_followed(year: Year) -> None:
    """Merged change by change, every subscription ends equal to a fresh one; nothing ever falls."""
    assert not year.wrong, in_lines(year.wrong)
    assert year.done == set(DOINGS)


def test_it_shows_what_was_said(year: Year) -> None:
    """After each step the feeds have the dates of the model, no more, no less, none twice."""
    read = by_icalendar(year.files)
    wrong: dict[str, object] = {}
    for step in year.steps:
        shown = step.shown(read)
        for action, expected in step.expected.items():
            found, want = seen_of(shown, step.uids.get(action, set())), Counter(expected)
            if found != want:
                more, less = sorted((found - want).elements()), sorted((want - found).elements())
                wrong.setdefault(action, (step.said, action, more[:3], less[:3]))
    assert not wrong, in_lines(wrong.values())


def test_the_past_stands(year: Year) -> None:
    """What was before the day of an edit is the same after it; a tick takes out only what was cancelled."""
    read = by_icalendar(year.files)
    wrong = []
    for before, after in pairwise(year.steps):
        past, still = (
            Counter(one[:4] for one in step.shown(read).elements() if one.start[:10] < before.day)
            for step in (before, after)
        )
        gone, new = past - still, still - past
        if after.said.endswith("tick"):
            gone = Counter(one for one in gone.elements() if one[3] != "CANCELLED")
        if gone or new:
            wrong.append((after.said, sorted(gone)[:3], sorted(new)[:3]))
    assert not wrong, in_lines(wrong)


@pytest.mark.node
def test_all_makes_agree(year: Year, readers: Readers) -> None:
    """Instance by instance, after each step: begin, end, title, status."""
    base = by_icalendar(year.files)
    wrong = []
    for name, read in readers.others.items():
        found = read(year.files)
        apart = [
            (name, file, *odd(found[file], base[file])) for file in year.files if found[file] != base[file]
        ]
        wrong += apart[:1]
    assert not wrong, in_lines(wrong)

"""Month, list, subscribe, action and unit's page name the instants of the feed, over a year of edits.

What the pages say is read as a machine reads it: ``<time datetime>``, a row each; struck out is cancelled.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from tests.acceptance.calendar_readers import HELSINKI, shown
from tests.acceptance.edited_years import CAFE
from tests.acceptance.lived_year import LIST_LENGTH, Step, Year
from tests.acceptance.test_year_of_edits import in_lines

ROW = re.compile(r"<tr>(.*?)</tr>|<li>(.*?)</li>", re.DOTALL)
TIME = re.compile(r'<time datetime="([^"]+)"')


class Named(NamedTuple):
    """A date as a page or a feed names it: a day or an instant in UTC; whether it is said to be cancelled."""

    start: str
    cancelled: bool


def named(page: str) -> list[Named]:
    """Return the dates that a page names, a row each, as they stand on it."""
    found = []
    for one in ROW.finditer(page):
        row = one[1] or one[2]
        if moment := TIME.search(row):
            text = moment[1]
            start = shown(datetime.fromisoformat(text)) if "T" in text else text
            found.append(Named(start, "<s>" in row))
    return found


def in_feed(year: Year, step: Step, action: str = "") -> list[Named]:
    """Return what the feed of events names, in order, of one action or of all."""
    uids = step.uids.get(action, set()) if action else set()
    own = (one for one in year.read[step.files[0]].elements() if not action or one.uid in uids)
    return sorted(Named(one.start, one.status == "CANCELLED") for one in own)


def day_of(start: str) -> str:
    """Return the day in Helsinki on which something begins."""
    if "T" not in start:
        return start
    return datetime.fromisoformat(start).astimezone(HELSINKI).date().isoformat()


def ahead(found: list[Named], today: str) -> list[Named]:
    """Return what is on or after a day."""
    return [one for one in found if day_of(one.start) >= today]


def looked_at(year: Year) -> Iterator[tuple[Step, str, list[Named]]]:
    """Yield each page that was looked at, with the dates that it names."""
    for step in year.steps:
        for name, page in step.pages.items():
            yield step, name, named(page)


def wrong_of(kind: str, found: list[Named], want: list[Named], step: Step) -> list[object]:
    """Return what a page names too much, and too little."""
    more, less = Counter(found) - Counter(want), Counter(want) - Counter(found)
    return [(step.said, kind, sorted(more)[:4], sorted(less)[:4])] if more or less else []


def test_months(year: Year) -> None:
    """Each month has the dates of the feed in it, cancelled ones struck out."""
    wrong: list[object] = []
    for step, name, found in looked_at(year):
        kind, _, month = name.partition(" ")
        if kind == "month":
            want = [one for one in in_feed(year, step) if day_of(one.start)[:7] == month]
            wrong += wrong_of(name, found, want, step)
    assert not wrong, in_lines(wrong)


def test_list(year: Year) -> None:
    """The list has the next dates of the feed."""
    wrong: list[object] = []
    for step, name, found in looked_at(year):
        if name == "list":
            want = sorted(ahead(in_feed(year, step), step.day), key=lambda one: (day_of(one.start), one))
            wrong += wrong_of(name, found, want[:LIST_LENGTH], step)
    assert not wrong, in_lines(wrong)


def test_subscribe_page(year: Year) -> None:
    """It announces nothing that is cancelled or over, the very next date first, and counts what is ahead."""
    wrong: list[object] = []
    for step, name, found in looked_at(year):
        if name == "subscribe":
            stand = [one for one in ahead(in_feed(year, step), step.day) if not one.cancelled]
            if not found or day_of(found[0].start) != min(day_of(one.start) for one in stand):
                wrong.append((step.said, "the next date", found[:1], stand[:1]))
            wrong += [(step.said, "announced", one) for one in found if one not in stand]
            count = re.search(r'<p class="mute small">(\d+)', step.pages[name])
            if not count or int(count[1]) != len(stand):
                wrong.append((step.said, "count", count and count[1], len(stand)))
    assert not wrong, in_lines(wrong)


def test_action_pages(year: Year) -> None:
    """An action's page names the next date that stands, and none that the feed has not."""
    wrong: list[object] = []
    for step, name, found in looked_at(year):
        kind, _, action = name.partition(" ")
        if kind == "action":
            own = in_feed(year, step, action)
            stand = [one.start for one in ahead(own, step.day) if not one.cancelled]
            starts = {one.start for one in found}
            if stand and stand[0] not in starts:
                wrong.append((step.said, action, "the next date", stand[0], sorted(starts)))
    assert not wrong, in_lines(wrong)


def test_pages_of_series(year: Year) -> None:
    """The secretary's page of a series has all its dates that calendars were told of."""
    wrong: list[object] = []
    for step, name, found in looked_at(year):
        kind, _, action = name.partition(" ")
        if kind == "series":
            want = {one.start for one in in_feed(year, step, action)}
            less = want - {one.start for one in found}
            if less:
                wrong.append((step.said, name, sorted(less)[:4]))
    assert not wrong, in_lines(wrong)


def test_units_page(year: Year) -> None:
    """Once it has set the dates of the year, the unit sees those of the feed that are left of it."""
    wrong: list[object] = []
    for step, name, found in looked_at(year):
        if name == "unit" and found:
            own = ahead(in_feed(year, step, CAFE), step.day)
            want = sorted({one.start for one in own if one.start[:4] == step.day[:4]})
            if sorted(one.start for one in found) != want:
                wrong.append((step.said, sorted(found), want))
    assert not wrong, in_lines(wrong)


def test_what_waits_for_a_unit(year: Year) -> None:
    """The unit's page names, of each series that it was asked for, the next assumed date of the feed."""
    wrong: list[object] = []
    count = 0
    for step, name, found in looked_at(year):
        if name == "waiting":
            stand = next_assumed(year, step)
            wrong += [(step.said, one, sorted(stand)) for one in found if one.start not in stand]
            count += len(found)
    assert not wrong, in_lines(wrong)
    assert count


def next_assumed(year: Year, step: Step) -> set[str]:
    """Return the first assumed date from today on of each action and year."""
    first: dict[tuple[str, str], str] = {}
    shown_now = year.read[step.files[0]]
    for action, uids in step.uids.items():
        for start in sorted(one.start for one in shown_now if one.uid in uids and one.status == "TENTATIVE"):
            if day_of(start) >= step.day:
                first.setdefault((action, start[:4]), start)
    return set(first.values())

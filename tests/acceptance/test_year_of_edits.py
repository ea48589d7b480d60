"""A subscriber who follows a year of edits sees at each step what was said, and ends with what others get.

The edits are made by a seed through the service (``EDITED_YEARS`` of them, two unless told otherwise); what
must stand is worked out apart (``expected_dates``), and read out of the feeds by six makes of calendar
programs (``calendar_readers``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import pytest

from tests.acceptance.calendar_readers import Instance, Readers, odd
from tests.acceptance.edited_years import DOINGS
from tests.acceptance.expected_dates import Seen
from tests.acceptance.lived_year import Year


def seen_of(found: Counter[Instance], uids: set[str]) -> Counter[Seen]:
    """Return the instances of some UIDs as the model has them."""
    return Counter({Seen(*one[:4]): n for one, n in found.items() if one.uid in uids})


def in_lines(wrong: Iterable[object]) -> str:
    """Return the first of what is wrong, a line each: the first fault makes most of the others."""
    return "\n".join(["", *(str(one) for one in [*wrong][:12])])


def test_it_is_followed(year: Year) -> None:
    """Merged change by change, every subscription ends equal to a fresh one; nothing ever falls."""
    assert not year.wrong, in_lines(year.wrong)
    assert (year.done, year.answers) == (set(DOINGS), {200, 304})


def test_it_shows_what_was_said(year: Year) -> None:
    """After each step the feeds have the dates of the model, no more, no less, none twice."""
    wrong: dict[str, object] = {}
    for step in year.steps:
        shown = year.shown(step)
        for action, expected in step.expected.items():
            found, want = seen_of(shown, step.uids.get(action, set())), Counter(expected)
            if found != want:
                more, less = sorted((found - want).elements()), sorted((want - found).elements())
                wrong.setdefault(action, (step.said, action, more[:3], less[:3]))
    assert not wrong, in_lines(wrong.values())


def test_the_past_stands(year: Year) -> None:
    """What was before the day of an edit is the same after it; a tick takes out only what was cancelled.

    A deadline that is corrected has passed on its new day, if at all.
    """
    wrong = []
    for before, after in pairwise(year.steps):
        is_name = " name " in after.said  # which all dates get, whenever they were
        past, still = (
            Counter(
                one._replace(uid="", summary="" if is_name else one.summary)
                for one in year.shown(step).elements()
                if one.start[:10] < before.day
                and not ("correct the schedule" in after.said and one.summary.startswith("Määräaika"))
            )
            for step in (before, after)
        )
        gone, new = past - still, still - past
        if after.said.endswith("tick"):
            gone = Counter(one for one in gone.elements() if one.status != "CANCELLED")
        if gone or new:
            wrong.append((after.said, sorted(gone)[:3], sorted(new)[:3]))
    assert not wrong, in_lines(wrong)


@pytest.mark.node
def test_all_makes_agree(year: Year, readers: Readers) -> None:
    """Instance by instance, after each step: begin, end, title, status."""
    base, wrong = year.read, list[object]()
    for name, read in readers.others.items():
        found = read(year.files)
        apart = [
            (name, file, *odd(found[file], base[file])) for file in year.files if found[file] != base[file]
        ]
        wrong += apart[:1]
    assert not wrong, in_lines(wrong)

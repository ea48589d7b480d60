"""What an edit changes of an action's dates: what was and what becomes of each, and of the facts about them.

A date keeps its identity wherever it is moved and whichever part of its series has it; what differs is told
once. A date that no longer has its day in the rule leaves calendars, and one of another day is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from reminders.use.series import DateAhead
from schedule_rules.programme import Text

Fact = Literal["name", "place", "video", "details", "sign-up"]


@dataclass(frozen=True, slots=True)
class DateShift:
    """One date before and after an edit: None is in no calendar."""

    was: DateAhead | None
    becomes: DateAhead | None

    @property
    def day(self) -> date:
        """The day by which it is sorted: where it will stand, else where it stood."""
        one = self.becomes or self.was
        return one.row.due if one else date.min


@dataclass(frozen=True, slots=True)
class FactShift:
    """What changes about a number of ``dates``, from ``first`` on, beside day, time and status."""

    fact: Fact
    was: Text
    becomes: Text
    first: date
    dates: int


def date_shifts(before: Iterable[DateAhead], after: Iterable[DateAhead]) -> tuple[DateShift, ...]:
    """Return the dates that come, go, or have another day, time or status, by day."""
    pairs = (one for one in _pairs(before, after) if _when(one.was) != _when(one.becomes))
    return tuple(sorted(pairs, key=lambda one: one.day))


def fact_shifts(before: Iterable[DateAhead], after: Iterable[DateAhead]) -> tuple[FactShift, ...]:
    """Return what changes about the dates that stay in calendars: name, place, links, description."""
    found: dict[tuple[Fact, Text, Text], list[date]] = {}
    for pair in _pairs(before, after):
        if pair.was is None or pair.becomes is None:
            continue
        becomes = dict(_facts(pair.becomes))
        for fact, was in _facts(pair.was):
            if was != becomes[fact]:
                found.setdefault((fact, was, becomes[fact]), []).append(pair.day)
    return tuple(
        FactShift(fact, was, becomes, min(days), len(days)) for (fact, was, becomes), days in found.items()
    )


def days_after(shifts: Sequence[DateShift], last: date) -> tuple[date, ...]:
    """Return the days after the programme's ``last`` one on which dates will newly stand."""
    ahead = (one.becomes for one in shifts if one.becomes)
    return tuple(one.row.due for one in ahead if one.row.due > last and one.row.status != "cancelled")


def _pairs(before: Iterable[DateAhead], after: Iterable[DateAhead]) -> Iterator[DateShift]:
    was, now = ({(one.family, one.row.id.recurrence_date): one for one in dates} for dates in (before, after))
    for key in dict.fromkeys((*was, *now)):
        yield DateShift(was.get(key), now.get(key))


def _when(one: DateAhead | None) -> object:
    return one and (one.row.due, one.row.starts_at, one.row.ends_at, one.row.status)


def _facts(one: DateAhead) -> Iterator[tuple[Fact, Text]]:
    yield "name", one.row.title
    yield "place", one.place
    yield "video", _same(one.video)
    yield "details", one.description
    yield "sign-up", _same(one.sign_up)


def _same(text: str) -> Text:
    return Text(text, text, text)

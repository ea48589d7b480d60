"""What an edit changes of an action's dates, as subscribers see them: what was and what becomes of each.

A date keeps its identity wherever it is moved and whichever part of its series has it; what differs is told
once. A date that no longer has its day in the rule leaves calendars, and one of another day is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from reminders.use.series.action_series import root_name, with_edited_series
from reminders.use.series.edits import Edit, decide_series
from schedule_rules.derive import derive
from schedule_rules.edited_series import instances
from schedule_rules.occurrence import Occurrence, of_rule
from schedule_rules.programme import EditedSeries, Programme, Text
from schedule_rules.rule import EventRule
from schedule_rules.series_edits import announced_dates, left_out
from schedule_rules.workdays import Workdays

DayKind = Literal["holiday", "closed", "weekend", "quiet", "meeting"]
Fact = Literal["name", "place", "video", "details", "sign-up"]


@dataclass(frozen=True, slots=True)
class DateAhead:
    """One date as subscribers see it, and what it falls on; ``family`` is its series', cut or not."""

    row: Occurrence
    day_kinds: tuple[DayKind, ...]
    family: str
    place: Text
    video: str
    description: Text
    sign_up: str


@dataclass(frozen=True, slots=True)
class SeriesPreview:
    """The dates of an action's series before and after an edit, by date; ``left_out``: closed days ahead."""

    before: tuple[DateAhead, ...]
    after: tuple[DateAhead, ...]
    left_out: tuple[date, ...]


def preview_series(programme: Programme, edit: Edit, today: date) -> SeriesPreview:
    """Return the dates of the action's series before and after an edit; nothing is stored."""
    made = decide_series(programme, edit, today)
    after = with_edited_series(programme, made)
    before, later = (shown_dates(one, edit.action) for one in (programme, after))
    out = closed_dates(made, today, programme.workdays) if edit.series else ()
    return SeriesPreview(before, later, out)


def closed_dates(made: Iterable[EditedSeries], since: date, workdays: Workdays) -> tuple[date, ...]:
    """Return the days from ``since`` on that rules give and that are left out because they are closed."""
    series = tuple(made)
    standing = {row.on for one in series for row in announced_dates(one)}  # by another part
    days = {day for one in series for day in left_out(one, workdays) if day >= since}
    return tuple(sorted(days - standing))


def shown_dates(programme: Programme, action: str) -> tuple[DateAhead, ...]:
    """Return the dates of an action's series as subscribers see them, with what they fall on."""
    families = {one.name: root_name(one) for one in programme.series if one.action == action}
    found = [
        DateAhead(
            row,
            day_kinds(row, programme),
            families.get(rule.name, rule.name),
            one.place,
            one.video,
            rule.description,
            rule.sign_up,
        )
        for rule in derive(programme).of(action)
        if isinstance(rule, EventRule) and rule.announced
        for row, one in zip(of_rule(programme, rule), instances(rule), strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (one.row.due, str(one.row.id))))


def day_kinds(row: Occurrence, programme: Programme) -> tuple[DayKind, ...]:
    """Return what a date falls on that is not cancelled."""
    return () if row.status == "cancelled" else kinds_of_day(row.due, programme)


def kinds_of_day(day: date, programme: Programme) -> tuple[DayKind, ...]:
    """Return what is out of the ordinary on a day: holiday or eve, closed, weekend, quiet period, meeting."""
    workdays, found = programme.workdays, list[DayKind]()
    if day in workdays.holidays:
        found.append("holiday")
    elif day in workdays.closed:
        found.append("closed")
    elif not workdays.is_working_day(day):
        found.append("weekend")
    if workdays.is_quiet(day):
        found.append("quiet")
    if day in programme.meetings:
        found.append("meeting")
    return tuple(found)


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

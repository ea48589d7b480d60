"""Behind the pace of a target: "4–5 fairs a year", counted from the dates that units enter.

Pure. At fixed days of the year (``checkpoints``) a target is judged: fewer dates than its minimum times the
share of the year that has passed, rounded down, is an item for the unit, once a checkpoint, without
escalation. The item's occurrence is ``programme:action:event:pace-<rule>-<checkpoint>``: an id that
round-trips and that no calendar shows. Which wordings are targets is left to ``schedule_rules``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from reminders.planning.policy import PACE, Stage
from schedule_rules.days import MonthDay
from schedule_rules.derive import derive
from schedule_rules.occurrence import Occurrence, OccurrenceID, series_seed
from schedule_rules.programme import Programme
from schedule_rules.rule import TargetRule
from schedule_rules.workdays import Workdays

_PREFIX: Final = "pace-"
_PER_YEAR: Final[Mapping[str, int]] = {"year": 1, "month": 12, "week": 52, "day": 365}
OFTEN: Final = 4
"""From so many times a year on, a target is judged every quarter."""

_QUARTERS: Final = (MonthDay(3, 31), MonthDay(6, 30), MonthDay(9, 30), MonthDay(12, 31))
_HALVES: Final = (MonthDay(6, 30), MonthDay(11, 30))

Target = tuple[str, str]
"""Action and name of the rule."""


@dataclass(frozen=True, slots=True)
class TargetStanding:
    """How a target stands in a year on a day.

    ``entered`` counts the dates up to the day, ``coming`` are those after it; ``minimum`` and ``maximum``
    (None: open) are the printed ones, for a part of a year their share.
    """

    year: int
    entered: int
    coming: tuple[date, ...]
    minimum: int
    maximum: int | None


@lru_cache(maxsize=8)
def targets(programme: Programme) -> Mapping[Target, TargetRule]:
    """Return the programme's targets that have a minimum, by action and name."""
    return {
        (rule.action, rule.name): rule
        for rule in derive(programme).rules
        if isinstance(rule, TargetRule) and rule.frequency.times_min
    }


def per_year(rule: TargetRule) -> tuple[int, int | None]:
    """Return how many times a whole year asks for: at least, and at most (None: open)."""
    times, low, high = _PER_YEAR[rule.frequency.per], rule.frequency.times_min, rule.frequency.times_max
    interval = rule.frequency.interval
    return (low or 0) * times // interval, None if high is None else high * times // interval


def due_by(rule: TargetRule, day: date) -> int:
    """Return how many times a target asks for from 1 January, or its start, to ``day``, rounded down."""
    first, last = date(day.year, 1, 1), date(day.year, 12, 31)
    days = (min(day, rule.end) - max(first, rule.start)).days + 1
    times = (rule.frequency.times_min or 0) * _PER_YEAR[rule.frequency.per]
    return max(0, times * days // (rule.frequency.interval * ((last - first).days + 1)))


def target_standing(rule: TargetRule, entered: Collection[date], year: int, day: date) -> TargetStanding:
    """Return how a target stands in ``year`` on ``day``; ``entered`` are the dates that units gave for it."""
    own = sorted(one for one in entered if one.year == year)
    minimum, most = due_by(rule, date(year, 12, 31)), rule.frequency.times_max
    return TargetStanding(
        year=year,
        entered=sum(one <= day for one in own),
        coming=tuple(one for one in own if one > day),
        minimum=minimum,
        maximum=most if minimum == rule.frequency.times_min else None,
    )


@lru_cache(maxsize=8)
def checkpoint_occurrences(programme: Programme) -> Mapping[str, Occurrence]:
    """Return the checkpoints of a programme's targets as occurrences, by id."""
    rows = (
        Occurrence(
            id=OccurrenceID.of_event(programme.key, rule.action, f"{_PREFIX}{rule.name}", day),
            due=day,
            title=programme.action_by_id[rule.action].title,
            organisations=programme.action_by_id[rule.action].leads_on(day),
            status="confirmed",
            basis=rule.basis,
            year=day.year,
        )
        for rule in targets(programme).values()
        for day in checkpoints(rule)
    )
    return {str(row.id): row for row in rows}


def checkpoints(rule: TargetRule) -> tuple[date, ...]:
    """Return the days on which a target is judged: each quarter's last, or 30 June and 30 November."""
    years = range(rule.start.year, rule.end.year + 1)
    ends = _QUARTERS if per_year(rule)[0] >= OFTEN else _HALVES
    days = (end.in_year(year) for year in years for end in ends)
    return tuple(day for day in days if rule.start <= day <= rule.end and due_by(rule, day))


def checkpoint_stage(row: Occurrence, workdays: Workdays) -> Stage:
    """Return the one stage of a checkpoint: the first sending day from it on."""
    return Stage(str(row.id), PACE, "unit", workdays.on_or_after(row.due), 1)


def is_checkpoint(occurrence: OccurrenceID) -> bool:
    """Tell whether an id is that of a target's checkpoint."""
    return occurrence.kind == "event" and occurrence.instance.startswith(_PREFIX)


def target_of(occurrence: OccurrenceID) -> Target:
    """Return the action and rule that a checkpoint judges."""
    return occurrence.action, occurrence.series.removeprefix(_PREFIX)


def target_subject(programme: Programme, target: Target) -> str:
    """Return what a link to the dates of a target is for: none of its checkpoints, but all of them."""
    return series_seed(programme.key, target[0], f"{_PREFIX}{target[1]}")


def is_behind(programme: Programme, row: Occurrence, target_dates: Mapping[Target, Collection[date]]) -> bool:
    """Tell whether fewer dates are entered for the checkpoint's year than its day asks for.

    Dates to come count: who has set them is not behind.
    """
    target = target_of(row.id)
    rule = targets(programme).get(target)
    entered = sum(day.year == row.due.year for day in target_dates.get(target, ()))
    return rule is not None and entered < due_by(rule, row.due)

"""The series of an action: found by name and by date, with all that were cut from one another.

What people edited stands over what the wording gives; which dates a series has, is left to
``schedule_rules.edited_series``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from reminders.errors import NotFoundError, UsageError
from schedule_rules.derive import derive
from schedule_rules.edited_series import dates_of, rule_days, with_series
from schedule_rules.programme import EditedSeries, Programme
from schedule_rules.rule import EventRule


def series_of(programme: Programme, action: str) -> tuple[EditedSeries, ...]:
    """Return the series of an action as people could keep them, derived ones too, removed ones not."""
    own = [one for one in programme.series if one.action == action and one.state != "removed"]
    names = {one.name for one in programme.series if one.action == action}
    derived = [
        with_series(rule, programme.period.last, programme.workdays)
        for rule in derive(programme).of(action)
        if isinstance(rule, EventRule) and rule.name not in names
    ]
    return tuple(sorted((*own, *derived), key=lambda one: (one.first, one.name)))


def series_named(programme: Programme, action: str, name: str) -> EditedSeries:
    """Return a series by name; ``NotFoundError`` when the action has none of it."""
    found = {one.name: one for one in series_of(programme, action)}
    if name not in found:
        known = ", ".join(found) or "none"
        raise NotFoundError(f"{action} has no series {name!r}; there are {known}")
    return found[name]


def date_named(series: EditedSeries, day: date, *, by_rule: bool = False) -> date:
    """Return the date of a series' rule that a day names: the day on which it stands, or that of the rule.

    ``by_rule``: of the rule only. ``UsageError`` where it names none, or several dates.
    """
    dates = dates_of(series)
    found = [one for one in dates if one.on == day or (one.day == day and not by_rule)]
    if not found and day in rule_days(series):  # left out, as on a closed day, it may still be set
        return day
    if not found:
        raise UsageError(
            f"series: expected one of its dates; found {day} (reminders series dates lists them)"
        )
    if len(found) > 1:
        each = "; ".join(f"that of {one.on} stands on {one.day}" for one in found)
        raise UsageError(f"series: expected one date, but {day} names {len(found)}: {each}. Give --rule-day")
    return found[0].on


def family_names(programme: Programme, action: str, names: Iterable[str]) -> frozenset[str]:
    """Return the names of all series that were cut from one another with those of some names."""
    roots = {root_name(one) for one in programme.series if one.action == action and one.name in names}
    roots |= set(names)
    return frozenset(
        one.name for one in programme.series if one.action == action and root_name(one) in roots
    ).union(names)


def root_name(one: EditedSeries) -> str:
    """Return the name of the series that one was cut from, its own if it is whole."""
    if one.part_of:
        return one.part_of
    return one.name if _family(one.name) == "own" else _family(one.name)


def _family(name: str) -> str:
    """Return what the parts of a series that was cut share: ``month`` of ``month-2``."""
    stem, _, number = name.rpartition("-")
    return stem if stem and number.isdecimal() else name


def with_edited_series(programme: Programme, made: tuple[EditedSeries, ...]) -> Programme:
    """Return the programme as it would be with edited series; nothing is stored."""
    series = {(one.action, one.name): one for one in (*programme.series, *made)}
    return replace(programme, series=tuple(series[key] for key in sorted(series)))

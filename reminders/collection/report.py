"""The board's report of a year's data collection: what units said, beside earlier years; counts, trends.

Pure: rows in, a report out. Words are left to ``use.collection.reports``, paper to ``paper``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from reminders.collection.measures import NOT_MEASURED, ValueKind
from reminders.collection.round import Status
from schedule_rules.programme import Action, Domain, Programme

SPAN = 6
"""Years that a report shows at most, its own included."""


@dataclass(frozen=True, slots=True)
class ReportedValue:
    """A value as stored (see ``measures``): its action, organisation, year, and place in that year."""

    action: str
    organisation: str
    year: int
    kind: ValueKind
    text: str
    unit: str = ""
    place: int = 1


@dataclass(frozen=True, slots=True)
class ReportedStatus:
    """What an organisation said of an action in the round: status, note, by whom, when (UTC)."""

    status: Status
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One organisation's part in an action. ``told`` None: no answer. ``values`` are by year.

    ``is_asked`` is False for who gave values in earlier years and is asked no more.
    """

    organisation: str
    is_asked: bool
    told: ReportedStatus | None
    values: Mapping[int, tuple[ReportedValue, ...]]


@dataclass(frozen=True, slots=True)
class Trend:
    """One value over the years: what may be plotted."""

    organisation: str
    unit: str
    points: tuple[tuple[int, Decimal], ...]


@dataclass(frozen=True, slots=True)
class ActionReport:
    """An action with a line for each organisation that answers for it, and its trends."""

    action: Action
    lines: tuple[ReportLine, ...]
    trends: tuple[Trend, ...]


@dataclass(frozen=True)
class RoundAnswers:
    """What was said in a round: by (organisation, action); values of all years; how many have answered."""

    told: Mapping[tuple[str, str], ReportedStatus]
    values: Iterable[ReportedValue]
    answered: int


@dataclass(frozen=True)
class Report:
    """The report of a year. ``years`` are those with values shown, oldest first, its own last.

    ``statuses`` counts lines by status; ``silent`` counts lines without one.
    """

    programme: Programme
    year: int
    years: tuple[int, ...]
    expected: int
    answered: int
    domains: tuple[tuple[Domain, tuple[ActionReport, ...]], ...]

    @property
    def lines(self) -> tuple[ReportLine, ...]:
        """All lines, in the order of the report."""
        return tuple(line for _, actions in self.domains for one in actions for line in one.lines)

    @property
    def statuses(self) -> Mapping[Status, int]:
        """Lines by status."""
        return Counter(line.told.status for line in self.lines if line.told)

    @property
    def silent(self) -> int:
        """Lines that an answer is waited for."""
        return sum(line.told is None and line.is_asked for line in self.lines)

    @property
    def values(self) -> int:
        """Values given for the report's year; that one was not measured is none."""
        return sum(one.kind != NOT_MEASURED for line in self.lines for one in line.values.get(self.year, ()))

    @property
    def not_measured(self) -> int:
        """Values of which units said that they were not measured in the report's year."""
        return sum(one.kind == NOT_MEASURED for line in self.lines for one in line.values.get(self.year, ()))


def report_of(
    programme: Programme, year: int, asked: Mapping[str, Sequence[str]], said: RoundAnswers
) -> Report:
    """Return the report of ``year``, without later values; ``asked`` are organisations by an action's id."""
    known = [one for one in said.values if one.year <= year]
    years = tuple(sorted({one.year for one in known} | {year})[-SPAN:])
    of_action: dict[str, list[ReportedValue]] = {}
    for one in known:
        if one.year in years:
            of_action.setdefault(one.action, []).append(one)
    parts: dict[Domain, tuple[ActionReport, ...]] = dict.fromkeys(programme.domains, ())
    for action in programme.actions:
        part = _action(action, asked.get(action.id, ()), said.told, of_action.get(action.id, []))
        parts[programme.domain_of(action)] += (part,)
    everybody = {key for keys in asked.values() for key in keys}
    return Report(programme, year, years, len(everybody), said.answered, tuple(parts.items()))


def _action(
    action: Action,
    asked: Sequence[str],
    told: Mapping[tuple[str, str], ReportedStatus],
    values: list[ReportedValue],
) -> ActionReport:
    """Return an action's part; who gave values earlier and is asked no more keeps a line of its own."""
    keys = dict.fromkeys((*asked, *(one.organisation for one in values)))
    by_year: dict[str, dict[int, tuple[ReportedValue, ...]]] = {key: {} for key in keys}
    for one in sorted(values, key=lambda one: (one.year, one.place)):
        own = by_year[one.organisation]
        own[one.year] = (*own.get(one.year, ()), one)
    lines = tuple(ReportLine(key, key in asked, told.get((key, action.id)), by_year[key]) for key in keys)
    return ActionReport(action, lines, trends(values))


def trends(values: Iterable[ReportedValue]) -> tuple[Trend, ...]:
    """Return the numbers that stand for two years or more, by organisation and what they count."""
    found: dict[tuple[str, int, str], dict[int, Decimal]] = {}
    units: dict[tuple[str, int, str], str] = {}
    for one in values:
        key = (one.organisation, one.place, one.unit.casefold())
        units[key] = one.unit
        if one.kind == "number":
            found.setdefault(key, {})[one.year] = Decimal(one.text)
    return tuple(
        Trend(key[0], units[key], tuple(sorted(points.items())))
        for key, points in found.items()
        if len(points) > 1
    )

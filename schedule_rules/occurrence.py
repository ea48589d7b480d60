"""Occurrences: every dated obligation and event of a programme, in date order.

Mail and calendar fork after this: one expansion, one truth. Status set by
answers, and moves made by people, are left to ``reminders``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal, get_args

from schedule_rules.days import Span
from schedule_rules.derive import Derived, derive
from schedule_rules.edited_series import instances
from schedule_rules.programme import LANGUAGES, Programme, Text
from schedule_rules.rule import (
    Basis,
    CollectionRule,
    EventRule,
    MilestoneRule,
    ReviewRule,
    Rule,
    StartRule,
    TargetRule,
)

OccurrenceKind = Literal["start", "milestone", "review", "collection", "event"]
Status = Literal["needs-action", "in-process", "completed", "cancelled", "tentative", "confirmed"]
KINDS: tuple[OccurrenceKind, ...] = get_args(OccurrenceKind)

_YEAR, _MONTH = 365, 30
_INTERVALS = {"day": 1, "week": 7, "month": _MONTH, "year": _YEAR}
_COLLECTION_TITLE = Text(
    "{title}: vuoden {year} tiedot", "{title}: uppgifter för {year}", "{title}: data for {year}"
)
_ID = re.compile(rf"(?P<programme>[^:]+):(?P<action>[^:]+):(?P<kind>{'|'.join(KINDS)}):(?P<instance>[^:]+)")
_OWNED = re.compile(r"([^:]+):([^:]+):(.*)", re.DOTALL)


class OccurrenceIDError(ValueError):
    """A string is no occurrence id (``programme:action:kind:instance``)."""


@dataclass(frozen=True, slots=True, order=True)
class OccurrenceID:
    """One instance for ever: unchanged by title, date, language or organisation.

    ``instance`` is ``end``, ``phase-2024`` or ``yearly-2026`` (milestones), ``start``, the year
    (reviews; collections: the year reported on), or series name and original
    date (events, the RECURRENCE-ID of RFC 5545 section 3.8.4.4).
    """

    programme: str
    action: str
    kind: OccurrenceKind
    instance: str

    def __str__(self) -> str:
        """Return the id as one string; ``parse`` reads it back."""
        return f"{self.programme}:{self.action}:{self.kind}:{self.instance}"

    @classmethod
    @lru_cache(maxsize=8192)
    def parse(cls, text: str) -> OccurrenceID:
        """Read an id back from its string; raise ``OccurrenceIDError`` on anything else."""
        found = _ID.fullmatch(text)
        if found is None:
            raise OccurrenceIDError(f"{text!r} is not programme:action:kind:instance")
        return cls(**found.groupdict())  # type: ignore[arg-type] # the pattern knows the kinds

    @classmethod
    def of_event(cls, programme: str, action: str, series: str, on: date) -> OccurrenceID:
        """Return the id of the date that a series' rule has ``on`` a day, wherever it was moved to."""
        return cls(programme, action, "event", f"{series}-{on.isoformat()}")

    @property
    def recurrence_date(self) -> date | None:
        """The original date of an event's instance, else None."""
        return date.fromisoformat(self.instance[-len("2024-01-31") :]) if self.kind == "event" else None

    @property
    def series(self) -> str:
        """The name of an event's series; of anything else the whole instance."""
        return self.instance[: -len("-2024-01-31")] if self.kind == "event" else self.instance

    @property
    def seed(self) -> str:
        """What the UID is made of: the series for events, else the whole id."""
        return series_seed(self.programme, self.action, self.series) if self.kind == "event" else str(self)


def series_seed(programme: str, action: str, series: str) -> str:
    """Return what the UID of an event series is made of: its dates share it."""
    return f"{programme}:{action}:event:{series}"


def with_first_action(text: str, origins: Mapping[tuple[str, str], str]) -> str:
    """Return an id, or what else begins with programme and action, with the action's first id.

    ``origins`` gives the first id of each (programme, action) that has had another.
    """
    found = _OWNED.fullmatch(text)
    if found is None:
        return text
    programme, action, rest = found.groups()
    return f"{programme}:{origins.get((programme, action), action)}:{rest}"


def lasting_id(programme: Programme, row_id: OccurrenceID) -> OccurrenceID:
    """Return the id by which calendars know an occurrence: that of its action's first id."""
    return replace(row_id, action=programme.origin(row_id.action))


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A dated obligation or event.

    ``due`` is a civil date as worded; ``starts_at``/``ends_at`` are local, naive times of the programme's
    zone, given for timed events only. ``interval_days`` is the recurrence's length (None: happens once);
    ``opens``/``closes``/``year`` belong to collection rounds.
    """

    id: OccurrenceID
    due: date
    title: Text
    organisations: tuple[str, ...]
    status: Status
    basis: Basis
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    interval_days: int | None = None
    opens: date | None = None
    closes: date | None = None
    year: int | None = None

    @property
    def kind(self) -> OccurrenceKind:
        """The kind that stands in the id."""
        return self.id.kind


def occurrences(
    programme: Programme, window: Span | None = None, derived: Derived | None = None
) -> tuple[Occurrence, ...]:
    """Return the programme's occurrences due within ``window`` (None: all), by (due, id)."""
    rows = (row for rule in (derived or derive(programme)).rules for row in of_rule(programme, rule))
    found = (row for row in rows if window is None or row.due in window)
    return tuple(sorted(found, key=lambda row: (row.due, str(row.id))))


def of_rule(programme: Programme, rule: Rule) -> Iterator[Occurrence]:
    """Yield the occurrences of one rule; a target has none of its own."""
    match rule:
        case StartRule():
            yield _single(programme, rule.action, "start", "start", rule.on, rule.basis)
        case MilestoneRule():
            yield _single(programme, rule.action, "milestone", rule.name, rule.due, rule.basis)
        case ReviewRule():
            for year in rule.years:
                due = rule.day.in_year(year)
                yield _single(programme, rule.action, "review", str(year), due, rule.basis, _YEAR)
        case CollectionRule():
            yield from _collections(programme, rule)
        case EventRule():
            yield from _events(programme, rule)
        case TargetRule():
            return


def _single(
    programme: Programme,
    action_id: str,
    kind: OccurrenceKind,
    instance: str,
    due: date,
    basis: Basis,
    interval_days: int | None = None,
) -> Occurrence:
    action = programme.action_by_id[action_id]
    return Occurrence(
        id=OccurrenceID(programme.key, action_id, kind, instance),
        due=due,
        title=action.title,
        organisations=action.leads_on(due),
        status="needs-action",
        basis=basis,
        interval_days=interval_days,
    )


def _collections(programme: Programme, rule: CollectionRule) -> Iterator[Occurrence]:
    action = programme.action_by_id[rule.action]
    for year in rule.years:
        due, opens = rule.due.in_year(year + 1), rule.opens.in_year(year + 1)
        yield Occurrence(
            id=OccurrenceID(programme.key, rule.action, "collection", str(year)),
            due=due,
            title=collection_title(action.title, year),
            organisations=programme.lead_organisations(due),
            status="needs-action",
            basis=rule.basis,
            interval_days=_YEAR,
            # Before its due date: in the same year or, when that were after it, in the year before.
            opens=opens if opens <= due else opens.replace(year=year),
            closes=rule.closes.in_year(year + 1),
            year=year,
        )


def collection_title(title: Text, year: int) -> Text:
    """Return what the collection of a year's data is called, by its action's title."""
    langs = LANGUAGES if title.others else title.as_dict()
    return Text(
        **{lang: _COLLECTION_TITLE.own(lang).format(title=title.get(lang), year=year) for lang in langs}
    )


def _events(programme: Programme, rule: EventRule) -> Iterator[Occurrence]:
    if not rule.announced:
        return
    action = programme.action_by_id[rule.action]
    interval = _INTERVALS[rule.frequency.per] * rule.frequency.interval
    for one in instances(rule):
        starts_at = datetime.combine(one.day, one.at) if one.at else None
        yield Occurrence(
            id=OccurrenceID.of_event(programme.key, rule.action, rule.name, one.on),
            due=one.day,
            title=one.title or action.title,
            organisations=action.leads_on(one.day),
            status=one.state,
            basis=rule.basis,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=one.minutes) if starts_at else None,
            interval_days=interval,
        )

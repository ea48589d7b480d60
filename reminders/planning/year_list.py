"""The unit's year: in January one list of all that a unit has that year, once a reader, programme and year.

Pure. It goes out on the year's first sending day, in the reader's mail of that day
or as a mail of its own; a day that was missed is caught up within January. What it
looks like is left to ``email_templates``, the calendar file to ``calendars``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from email_templates.letters import YearList, YearRow
from reminders.planning.policy import YEAR, asks_for_year
from reminders.planning.preferences import NO_WISHES
from reminders.planning.state import ProgrammeState, in_order, responsible
from reminders.planning.targets import Target, is_checkpoint, per_year, target_of, targets
from schedule_rules.occurrence import Occurrence
from schedule_rules.rule import TargetRule

JANUARY: Final = 1
_LISTED: Final = ("milestone", "review", "collection", "event")

SentYearList = tuple[str, str, int]
"""Programme, address and year of a letter that was sent."""


@dataclass(frozen=True, slots=True)
class YearShare:
    """What one reader's list is about: the organisations that they answer for in a programme."""

    programme: str
    year: int
    organisations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YearItem:
    """One line of a list: a date, a series with its first date and how many ``times``, or a target."""

    row: Occurrence
    times: int = 1
    target: TargetRule | None = None


def lists_due(
    states: Mapping[str, ProgrammeState],
    day: date,
    started: Mapping[str, date],
    sent: Collection[SentYearList],
) -> Mapping[str, tuple[YearShare, ...]]:
    """Return what each address is to be sent on ``day``; nothing outside January.

    ``started`` gives the programmes' first days, on which nothing but the status
    requests goes out; ``sent`` the letters before.
    """
    if day.month != JANUARY:
        return {}
    found: dict[str, tuple[YearShare, ...]] = {}
    for key, state in sorted(states.items()):
        if state.policy.year_letter and started.get(key, day) < day:
            for address, organisations in _readers(state, day).items():
                if (key, address, day.year) not in sent:
                    found[address] = (*found.get(address, ()), YearShare(key, day.year, organisations))
    return found


def _readers(state: ProgrammeState, day: date) -> Mapping[str, tuple[str, ...]]:
    """Return the organisations of each reader that have anything in the day's year, in the programme's order.

    A unit without anybody of its own has no letter.
    """
    busy = {key for row in _of_year(state, day.year) for key in responsible(state, row, row.due)}
    found: dict[str, tuple[str, ...]] = {}
    for organisation in (one.key for one in state.programme.organisations if one.key in busy):
        if not state.people.has_own_contact(organisation, day):
            continue
        for contact in state.people.unit(organisation, day):
            off = state.preferences.get(contact.identity, NO_WISHES).off
            if YEAR not in off:
                found[contact.identity] = (*found.get(contact.identity, ()), organisation)
    return found


def _of_year(state: ProgrammeState, year: int) -> list[Occurrence]:
    return [
        row
        for row in in_order(state.occurrences.values())
        if row.due.year == year
        and row.kind in _LISTED
        and row.status != "cancelled"
        and not asks_for_year(row)
    ]


def lines_of(state: ProgrammeState, share: YearShare) -> tuple[YearItem, ...]:
    """Return the lines of a list: dates in order, of a series its first one, then the targets."""
    rows, units = _of_year(state, share.year), set(share.organisations)
    own = [row for row in rows if not units.isdisjoint(responsible(state, row, row.due))]
    by_seed: dict[str, list[Occurrence]] = {}
    last_checkpoint: dict[Target, Occurrence] = {}
    for row in own:
        if is_checkpoint(row.id):
            last_checkpoint[target_of(row.id)] = row
        else:
            by_seed.setdefault(row.id.seed, []).append(row)
    return (
        *(YearItem(dates[0], len(dates)) for dates in by_seed.values()),
        *(YearItem(row, target=targets(state.programme)[one]) for one, row in last_checkpoint.items()),
    )


def list_of(state: ProgrammeState, share: YearShare) -> YearList:
    """Return a list as its letter shows it."""
    rows = tuple(_shown(line) for line in lines_of(state, share))
    return YearList(programme=state.programme.name, year=share.year, rows=rows)


def _shown(line: YearItem) -> YearRow:
    row, rule = line.row, line.target
    return YearRow(
        kind="target" if rule else row.kind,
        title=row.title,
        on=None if rule else row.due,
        times=line.times,
        minimum=per_year(rule)[0] if rule else None,
        maximum=per_year(rule)[1] if rule else None,
        provisional=row.status == "tentative",
    )

"""Dates that a unit enters towards a target: added, taken back, listed; how each target stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from reminders.clock import civil_time
from reminders.collection.measures import ValueRow
from reminders.errors import NotFoundError, UsageError
from reminders.letters.acts import ActKind
from reminders.planning.speakers import listed_address, speaks_for
from reminders.planning.state import ProgrammeRow
from reminders.planning.targets import TargetStanding, target_standing, targets
from reminders.service import Service
from reminders.store import Connection, answers, collection, programmes
from reminders.store.answers import TargetDate
from reminders.use.planning.load_state import people_of
from reminders.use.watch.audit import record_act
from schedule_rules.programme import Programme
from schedule_rules.rule import TargetRule


@dataclass(frozen=True, slots=True)
class EnteredDate:
    """A day on which an action's event was held, or will be.

    ``by`` an address, nothing: the secretary. ``organisation`` a key among the
    action's responsible ones, nothing: that of ``by``, or the first of them. ``on_behalf``: ``by`` manages
    the programme and enters the date for its units, as the caller knows.
    """

    action: str
    on: date
    by: str = ""
    note: str = ""
    organisation: str = ""
    programme: str | None = None
    on_behalf: bool = False


def enter_date(service: Service, entered: EnteredDate) -> TargetStanding:
    """Store a date and return how its target stands in that year.

    Raises ``NotFoundError`` for an action or address that there is not, ``UsageError`` for an action without
    a target, a day outside the target's years, or a date that stands already with the same note.
    """
    now = service.clock()
    today = civil_time(service.settings, now).day
    with service.database.write() as connection:
        row = programmes.programme_of_action(connection, entered.action, entered.programme)
        rule, one = _made(connection, row, entered, now, today)
        if not rule.start <= entered.on <= rule.end:
            raise UsageError(f"date: expected a day from {rule.start} to {rule.end}; found {entered.on}")
        if _key(one) in map(_key, targets_of_action(connection, row, entered.action)):
            again = "another time on that day needs a note of its own"
            raise UsageError(f"{entered.on} is entered already; {again}")
        answers.add_target_date(connection, row.programme.key, one)
        _record(connection, service, "target-date", row, one)
        return _standing(connection, row, rule, entered.on.year, today)


def take_back_date(service: Service, entered: EnteredDate) -> TargetStanding:
    """Mark a date as removed; ``NotFoundError`` when none of that day is entered for the organisation."""
    now = service.clock()
    today = civil_time(service.settings, now).day
    with service.database.write() as connection:
        row = programmes.programme_of_action(connection, entered.action, entered.programme)
        rule, one = _made(connection, row, entered, now, today)
        if not answers.remove_target_date(connection, row.programme.key, one, now):
            raise NotFoundError(f"no date {entered.on} is entered for {entered.action} by {one.organisation}")
        _record(connection, service, "target-date-removed", row, one)
        return _standing(connection, row, rule, entered.on.year, today)


def _record(
    connection: Connection, service: Service, act: ActKind, row: ProgrammeRow, one: TargetDate
) -> None:
    about = f"{one.action} {one.organisation}: {one.on}"
    record_act(connection, service, act, row.programme.key, about, by=one.by)


def _key(one: TargetDate) -> tuple[str, str, date, str]:
    return one.rule, one.organisation, one.on, one.note


def entered_for(service: Service, action: str, programme: str | None = None) -> tuple[TargetDate, ...]:
    """Return the dates entered for an action, in order; errors as of ``enter_date``."""
    with service.database.read() as connection:
        row = programmes.programme_of_action(connection, action, programme)
        _rule(row.programme, action)
        return targets_of_action(connection, row, action)


def reported_values(service: Service, action: str, programme: str) -> tuple[ValueRow, ...]:
    """Return the numbers that data collections and answers gave about an action, by year and place."""
    with service.database.read() as connection:
        rows = collection.value_rows(connection, programme, [action])
    return tuple(one for one in rows if one.kind == "number")


def targets_of_action(connection: Connection, row: ProgrammeRow, action: str) -> tuple[TargetDate, ...]:
    """Return the dates of one action, in order."""
    found = answers.target_dates_of(connection, row.programme.key)
    return tuple(one for one in found if one.action == action)


def _standing(
    connection: Connection, row: ProgrammeRow, rule: TargetRule, year: int, today: date
) -> TargetStanding:
    own = [one.on for one in targets_of_action(connection, row, rule.action) if one.rule == rule.name]
    return target_standing(rule, own, year, today)


def _rule(programme: Programme, action: str) -> TargetRule:
    found = [rule for (one, _), rule in targets(programme).items() if one == action]
    if not found:
        counted = ", ".join(dict.fromkeys(one for one, _ in targets(programme))) or "there is none"
        raise UsageError(f"action: expected one with a target ({counted}); found {action!r}")
    return found[0]


def _made(
    connection: Connection, row: ProgrammeRow, entered: EnteredDate, now: datetime, today: date
) -> tuple[TargetRule, TargetDate]:
    """Return the target and the date; ``UsageError`` where the organisation is not responsible on the day.

    Whoever names no organisation enters for the first of those that the address speaks for.
    """
    rule, by = _rule(row.programme, entered.action), entered.by
    leads = own = row.programme.action_by_id[entered.action].leads_on(entered.on)
    key = entered.organisation or leads[0]
    if by and not entered.on_behalf:
        people = people_of(connection, row.programme)
        by = listed_address(people, by, today)
        own = speaks_for(people, leads, by, today)
        key = entered.organisation or next(iter(own), "")
        if not own:
            raise NotFoundError(f"{by} is not responsible for {entered.action}")
    if key not in own:
        raise UsageError(f"organisation: expected one of {', '.join(own or leads)}; found {key!r}")
    return rule, TargetDate(rule.action, rule.name, key, entered.on, by, now, entered.note)

"""Responsibility for actions is handed over in bulk, on a date; pending mail follows.

Printed hand-overs stand in the programme; these are entered by a person and
applied likewise (``Action.handovers``). Who is told is decided in ``handover``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reminders.clock import civil_time
from reminders.errors import NotFoundError, UsageError
from reminders.planning.state import in_order, needs_answer, past_obligations, unanswered
from reminders.service import Service
from reminders.store import Connection, answers, planned, programmes
from reminders.store.answers import HandOverRecord
from reminders.store.programmes import ProgrammeRow
from reminders.use.planning.load_state import load_state
from reminders.use.programme.store_programme import rework
from schedule_rules.occurrence import OccurrenceID


@dataclass(frozen=True, slots=True)
class HandOver:
    """What is handed over, between organisations by key; no ``actions``: all that the giver leads then."""

    programme: str
    giver: str
    taker: str
    on: date
    actions: tuple[str, ...] = ()
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class HandOverEffect:
    """What moves: actions, the occurrences that still wait for an answer, the mails that wait.

    ``mails`` are (address, occurrence, stage) of the giver's planned reminders; they move
    at once when the date has come, else none do.
    """

    actions: tuple[str, ...]
    occurrences: tuple[str, ...]
    mails: tuple[tuple[str, str, str], ...]


def preview_hand_over(service: Service, asked: HandOver) -> HandOverEffect:
    """Return exactly what a hand-over would move; nothing is written. Raises as ``hand_over``."""
    with service.database.read() as connection:
        return _moving(connection, asked, _today(service))


def hand_over(service: Service, asked: HandOver) -> HandOverEffect:
    """Record a hand-over of each action; return what moves.

    Raises ``NotFoundError`` for an unknown programme, organisation or action,
    ``UsageError`` where giver and taker are one, or the giver does not lead an action on that date.
    """
    with service.database.write() as connection:
        return enter_hand_over(connection, service, asked)


def enter_hand_over(connection: Connection, service: Service, asked: HandOver) -> HandOverEffect:
    """Do what ``hand_over`` does, inside the caller's transaction."""
    now = service.clock()
    moving = _moving(connection, asked, _today(service))
    rows = [
        HandOverRecord(action, asked.giver, asked.taker, asked.on, asked.by, now, asked.note.strip())
        for action in moving.actions
    ]
    answers.add_handovers(connection, asked.programme, rows)
    programmes.touch_programme(connection, asked.programme, now)
    rework(connection, asked.programme, now)
    return moving


def _today(service: Service) -> date:
    return civil_time(service.settings, service.clock()).day


def _moving(connection: Connection, asked: HandOver, today: date) -> HandOverEffect:
    row = _row(connection, asked)
    actions = _actions(row, asked)
    state = load_state(connection, row)
    on = max(asked.on, today)
    past = {str(row.id) for row in past_obligations(state.occurrences.values(), today)}
    rows = [
        occurrence
        for occurrence in in_order(state.occurrences.values())
        if occurrence.id.action in actions
        and (occurrence.due >= today or str(occurrence.id) in past)
        and needs_answer(occurrence)
        and asked.giver in unanswered(state, occurrence, on)
    ]
    mails = _mails(connection, actions, asked.giver) if asked.on <= today else ()
    return HandOverEffect(actions, tuple(str(one.id) for one in rows), mails)


def _mails(connection: Connection, actions: tuple[str, ...], giver: str) -> tuple[tuple[str, str, str], ...]:
    waiting = (one.reminder for one in planned.planned(connection))
    return tuple(
        (one.recipient, one.occurrence, one.stage)
        for one in waiting
        if giver in one.organisations and OccurrenceID.parse(one.occurrence).action in actions
    )


def _row(connection: Connection, asked: HandOver) -> ProgrammeRow:
    row = programmes.stored_programme(connection, asked.programme)
    for key in (asked.giver, asked.taker):
        if key not in row.programme.organisation_by_key:
            raise NotFoundError(f"no organisation {key!r} in {asked.programme}")
    if asked.giver == asked.taker:
        raise UsageError(f"hand-over: expected two organisations; found {asked.giver!r} twice")
    return row


def _actions(row: ProgrammeRow, asked: HandOver) -> tuple[str, ...]:
    """Return the actions that move, in the programme's order; ``UsageError`` for one that is not led."""
    led = tuple(one.id for one in row.programme.actions if asked.giver in one.leads_on(asked.on))
    for action in asked.actions:
        if action not in row.programme.action_by_id:
            raise NotFoundError(f"no action {action!r} in {asked.programme}")
        if action not in led:
            raise UsageError(f"{asked.giver} does not lead {action} on {asked.on}")
    if not led:
        raise UsageError(f"{asked.giver} leads no action on {asked.on}")
    return tuple(action for action in led if action in asked.actions) if asked.actions else led

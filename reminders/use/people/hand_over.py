"""Responsibility for actions is handed over in bulk, on a date; pending mail follows.

Printed hand-overs stand in the programme; these are entered by a person and applied likewise
(``Action.handovers``). Whom the news goes to is decided in ``planning.hand_over``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reminders.clock import civil_time
from reminders.errors import NotFoundError, UsageError
from reminders.planning.state import ProgrammeRow, in_order, needs_answer, past_obligations, unanswered
from reminders.service import Service
from reminders.store import Connection, answers, planned, programmes
from reminders.store.answers import HandOverRecord
from reminders.use.planning.load_state import load_state
from reminders.use.programme.store_programme import rework
from reminders.use.watch.audit import record_act
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.programme import Programme


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


def preview_hand_over(service: Service, wanted: HandOver) -> HandOverEffect:
    """Return exactly what a hand-over would move; nothing is written. Raises as ``hand_over``."""
    with service.database.read() as connection:
        return _moving(connection, wanted, civil_time(service.settings, service.clock()).day)


def hand_over(service: Service, wanted: HandOver) -> HandOverEffect:
    """Record a hand-over of each action; return what moves.

    Raises ``NotFoundError`` for an unknown programme, organisation or action,
    ``UsageError`` where giver and taker are one, or the giver does not lead an action on that date.
    """
    with service.database.write() as connection:
        moving = enter_hand_over(connection, service, wanted)
        about = f"{wanted.giver} → {wanted.taker}, {wanted.on}"
        count = len(moving.actions)
        record_act(
            connection, service, "hand-over", wanted.programme, about, by=wanted.by, counts={"actions": count}
        )
    return moving


def is_handed_over(programme: Programme, wanted: HandOver) -> bool:
    """Tell whether a hand-over stands already for each of its actions: the same form sent twice."""
    known = programme.action_by_id
    return bool(wanted.actions) and all(
        action in known
        and any(
            (move.giver, move.taker, move.effective_from) == (wanted.giver, wanted.taker, wanted.on)
            for move in known[action].handovers
        )
        for action in wanted.actions
    )


def enter_hand_over(connection: Connection, service: Service, wanted: HandOver) -> HandOverEffect:
    """Do what ``hand_over`` does, inside the caller's transaction."""
    now = service.clock()
    moving = _moving(connection, wanted, civil_time(service.settings, now).day)
    rows = [
        HandOverRecord(action, wanted.giver, wanted.taker, wanted.on, wanted.by, now, wanted.note.strip())
        for action in moving.actions
    ]
    answers.add_handovers(connection, wanted.programme, rows)
    programmes.touch_programme(connection, wanted.programme, now)
    rework(connection, wanted.programme, now)
    return moving


def _moving(connection: Connection, wanted: HandOver, today: date) -> HandOverEffect:
    row = programmes.stored_programme(connection, wanted.programme)
    for key in (wanted.giver, wanted.taker):
        if key not in row.programme.organisation_by_key:
            raise NotFoundError(f"no organisation {key!r} in {wanted.programme}")
    if wanted.giver == wanted.taker:
        raise UsageError(f"hand-over: expected two organisations; found {wanted.giver!r} twice")
    actions = _actions(row, wanted)
    state = load_state(connection, row)
    on = max(wanted.on, today)
    past = past_obligations(state, today)
    ahead = in_order(one for one in state.occurrences.values() if one.due >= today and needs_answer(one))
    own = (one for one in (*past, *ahead) if one.id.action in actions)
    rows = [one for one in own if wanted.giver in unanswered(state, one, on)]
    waiting = [one.reminder for one in planned.planned(connection)] if wanted.on <= today else []
    mails = tuple(
        (one.recipient, one.occurrence, one.stage)
        for one in waiting
        if wanted.giver in one.organisations and OccurrenceID.parse(one.occurrence).action in actions
    )
    return HandOverEffect(actions, tuple(str(one.id) for one in rows), mails)


def _actions(row: ProgrammeRow, wanted: HandOver) -> tuple[str, ...]:
    """Return the actions that move, in the programme's order; ``UsageError`` for one that is not led."""
    led = tuple(one.id for one in row.programme.actions if wanted.giver in one.leads_on(wanted.on))
    for action in wanted.actions:
        if action not in row.programme.action_by_id:
            raise NotFoundError(f"no action {action!r} in {wanted.programme}")
        if action not in led:
            raise UsageError(f"{wanted.giver} does not lead {action} on {wanted.on}")
    if not led:
        raise UsageError(f"{wanted.giver} leads no action on {wanted.on}")
    return tuple(action for action in led if action in wanted.actions) if wanted.actions else led

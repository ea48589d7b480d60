"""A hand-over as its two sides see it: when it takes hold, who is told, where responsibility went.

Pure. Which organisations answer for an action on a day is the programme's own
(``Action.leads_on``); the reminders that the taker gets are left to ``resume``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from reminders.planning.due import DueReminder, ReminderKey, day_of, merge_reminders, own_stages
from reminders.planning.policy import HANDOVER
from reminders.planning.state import ProgrammeState, in_order, needs_answer, unanswered
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Action, Handover, Programme

Move = tuple[Action, Handover]


def taking_hold(programme: Programme, after: date, today: date) -> tuple[Move, ...]:
    """Return the hand-overs whose date is after ``after`` and reached on ``today``."""
    return tuple(
        (action, move)
        for action in programme.actions
        for move in action.handovers
        if after < move.effective_from <= today and takes_hold(action, move)
    )


def takes_hold(action: Action, move: Handover) -> bool:
    """Tell whether the giver leads the action when its turn to give comes."""
    leads = list(action.leads)
    for one in action.handovers:
        if one == move:
            return move.giver in leads
        if one.giver in leads:
            leads[leads.index(one.giver)] = one.taker
    return False


def hand_over_news(state: ProgrammeState, moves: Iterable[Move], today: date) -> tuple[DueReminder, ...]:
    """Return what tells both sides of hand-overs, one per action, hand-over and address; no answer needed.

    The news stands at one occurrence of the action; where other reminders count
    moved dates (``sequence``) it has the hand-over's own date, so each is told once.
    """
    found: dict[ReminderKey, DueReminder] = {}
    for action, move in moves:
        row = stands_at(state, action, move.effective_from)
        if row is None:
            continue
        for organisation in (move.giver, move.taker):
            own = {one.identity for one in state.people.own_unit(organisation, today)}
            for contact in state.people.unit(organisation, today):
                one = DueReminder(
                    occurrence=str(row.id),
                    stage=HANDOVER,
                    recipient=contact.identity,
                    organisations=(organisation,),
                    role="unit",
                    due_on=today,
                    order=0,
                    reason="handed-over",
                    sequence=move.effective_from.toordinal(),
                    without_contact=() if contact.identity in own else (organisation,),
                )
                known = found.get(one.key)
                found[one.key] = merge_reminders(known, one) if known else one
    return tuple(found.values())


def stands_at(state: ProgrammeState, action: Action, day: date) -> Occurrence | None:
    """Return the action's first occurrence from ``day`` on, else its last; first of those to be answered."""
    rows = in_order(row for row in state.occurrences.values() if row.id.action == action.id)
    asked = [row for row in rows if needs_answer(row)] or rows
    return next((row for row in asked if row.due >= day), asked[-1] if asked else None)


def move_of(state: ProgrammeState, reminder: DueReminder) -> Handover:
    """Return the hand-over that a piece of news tells of."""
    action = state.programme.action_by_id[state.occurrences[reminder.occurrence].id.action]
    day = date.fromordinal(reminder.sequence)
    moves = [move for move in action.handovers if move.effective_from == day]
    own = (move for move in moves if not {move.giver, move.taker}.isdisjoint(reminder.organisations))
    return next(own)


def first_asked(
    state: ProgrammeState, action: str, organisation: str, day: date, reader: str = ""
) -> date | None:
    """Return the first day after ``day`` on which a unit is asked about an action; None: nothing of it is.

    For a ``reader`` whose wishes move reminders, the day that is the reader's.
    """
    rows = (row for row in state.occurrences.values() if row.id.action == action and needs_answer(row))
    days = (
        day_of(state, stage, reader)
        for row in rows
        if organisation in unanswered(state, row, day)
        for stage in own_stages(state, row, organisation)
        if stage.role == "unit"
    )
    return min((on for on in days if on is not None and on > day), default=None)


def moved_to(state: ProgrammeState, occurrence: Occurrence, organisation: str, today: date) -> str | None:
    """Return the organisation that took over from ``organisation`` by ``today``; None where none did."""
    holder = organisation
    action = state.programme.action_by_id[occurrence.id.action]
    for move in action.handovers if occurrence.kind != "collection" else ():
        if move.effective_from <= today and move.giver == holder:
            holder = move.taker
    return holder if holder != organisation else None

"""People come and go while reminders wait: which of them have lost their reader, and who gets those now.

Pure; the planner asks here, and the question whether a frozen mail is still true. An item that
nobody gets any more stays with the address that it was planned for, until somebody does; what went to the
last secretary alone, after she had left, is told when somebody is there again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from reminders.planning.addresses import folded
from reminders.planning.due import DueReminder, due_reminders, own_sequence, still_due
from reminders.planning.hand_over import hand_over_news, move_of
from reminders.planning.policy import HANDOVER, Stage, ToRole
from reminders.planning.recipients import People
from reminders.planning.resume import reached_stages
from reminders.planning.state import ProgrammeState, mailboxes, waiting_for
from schedule_rules.occurrence import OccurrenceID


def for_item(state: ProgrammeState, occurrence: str, stage: str, since: date = date.min) -> ProgrammeState:
    """Return the state in which whoever did not take an item, on ``since`` or later, is passed over for it.

    An address that was refused, or was too slow, is not dead for that: its next item goes to it again.
    """
    found = state.refused.get((occurrence, stage), {})
    passed = [address for address, day in found.items() if day >= since]
    return replace(state, people=state.people.without(passed)) if passed else state


def lost_readers(
    states: Mapping[str, ProgrammeState], waiting: Iterable[DueReminder], today: date
) -> list[DueReminder]:
    """Return the reminders whose address does not get them any more on ``today``, while another does."""
    return [
        one
        for one in waiting
        if (state := states.get(OccurrenceID.parse(one.occurrence).programme))
        and one.occurrence in state.occurrences
        and is_anothers(
            for_item(state, one.occurrence, one.stage), one.recipient, one.organisations, one.role, today
        )
    ]


def is_anothers(
    state: ProgrammeState, address: str, organisations: Iterable[str], role: ToRole, today: date
) -> bool:
    """Tell whether what goes to a role of organisations goes to others than ``address`` on ``today``."""
    found = (contact for key in organisations for contact in mailboxes(state, key, role, today))
    now = {contact.identity for contact in found if state.people.takes_mail(contact.email)}
    return bool(now) and folded(address) not in now


def for_new_reader(
    state: ProgrammeState, one: DueReminder, due_on: date, today: date, history: Mapping[tuple[str, str], int]
) -> tuple[DueReminder, ...]:
    """Return the reminders of the same stage and organisations for whoever gets them on ``today``.

    ``due_on`` is the stage's day that they are given; ``history`` is that of ``due_reminders``.
    None for somebody whom the stage reaches later, or who has switched it off.
    """
    if one.occurrence not in state.occurrences:
        return ()
    if one.stage != HANDOVER:
        stage = Stage(one.occurrence, one.stage, one.role, due_on, one.order, sequence=own_sequence(one))
        own = [replace(stage, organisation=key) for key in one.organisations]
        found = due_reminders(own, today, state, history)
    elif still_due(state, one, today):  # the hand-over is still in the programme: both sides are told
        action = state.programme.action_by_id[OccurrenceID.parse(one.occurrence).action]
        found = hand_over_news(state, [(action, move_of(state, one))], today)
    else:
        found = ()
    mine = (new for new in found if set(new.organisations).intersection(one.organisations))
    return tuple(new for new in mine if state.people.takes_mail(new.recipient))


def somebody_again(
    state: ProgrammeState, before: People, then: date, today: date, history: Mapping[tuple[str, str], int]
) -> tuple[DueReminder, ...]:
    """Return what reached nobody who was there, for whoever gets it on ``today``: its latest stage.

    ``before`` are the people as they were, asked for the day ``then``: another list, or an earlier day.
    """
    pairs_of: dict[ToRole, set[tuple[str, str]]] = {"unit": set(), "head": set(), "secretary": set()}
    for row in state.occurrences.values():
        for key in waiting_for(state, row, today):
            for role, pairs in pairs_of.items():
                if not before.reaches(key, role, then) and state.people.reaches(key, role, today):
                    pairs.add((str(row.id), key))
    found: list[DueReminder] = []
    for role, pairs in pairs_of.items():
        reached = [stage for stage in reached_stages(state, pairs, today) if stage.role == role]
        found += due_reminders(reached, today, state, history, pairs)
    return tuple(found)


def latest(state: ProgrammeState, one: DueReminder, today: date) -> DueReminder | None:
    """Return what nobody could get, at the latest stage of its role that has come; None: it is overtaken."""
    if one.occurrence not in state.occurrences or one.stage == HANDOVER:
        return one if one.occurrence in state.occurrences else None
    pairs = [(one.occurrence, key) for key in one.organisations]
    found = [stage for stage in reached_stages(state, pairs, today) if stage.role == one.role]
    if not found:
        return None
    sequence = state.sequences.get(one.occurrence, 0) if found[0].sequence is None else found[0].sequence
    return replace(one, stage=found[0].name, order=found[0].order, sequence=sequence)

"""What has come due, for whom, and why: stages + answers + people -> due reminders.

Pure: values in, values out; ``today`` is an argument. Dates of stages are made by ``policy``, what
a reader's wish means is left to ``preferences``; what a day's run does with it all, to ``planner``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from reminders.planning.policy import (
    ESCALATION,
    FIRST_START,
    HANDOVER,
    LINK,
    Stage,
    ToRole,
    asks_for_dates,
    stages,
)
from reminders.planning.preferences import NO_WISHES, duties, goes_on, is_off, readers_day
from reminders.planning.recipients import Contact
from reminders.planning.state import ProgrammeState, in_order, mailboxes, past_obligations, waiting_for
from reminders.planning.targets import checkpoint_stage, is_checkpoint
from schedule_rules.occurrence import Occurrence, OccurrenceID

Reason = Literal["first", "repeated", "escalated", "handed-over"]
ReminderKey = tuple[str, int, str, str]
AHEAD = 45
"""Days that a run looks ahead for stages that some reader gets earlier (``preferences.REACH``)."""


@dataclass(frozen=True, slots=True)
class DueReminder:
    """One item for one address, the ``recipient`` as one identity whatever the list's spelling.

    ``waits`` means: carried by the secretary's next digest.
    """

    occurrence: str
    stage: str
    recipient: str
    organisations: tuple[str, ...]
    role: ToRole
    due_on: date
    order: int
    reason: Reason = "first"
    waits: bool = False
    sequence: int = 0

    @property
    def key(self) -> ReminderKey:
        """What is unique in the store: occurrence, sequence (a moved date has another), stage, recipient."""
        return (self.occurrence, self.sequence, self.stage, self.recipient)


@dataclass(frozen=True, slots=True)
class FirstStart:
    """What a programme's first start sends, and the day that its past items count from."""

    stages: tuple[Stage, ...]
    anchors: Mapping[str, date]


def all_stages(state: ProgrammeState, rows: Collection[Occurrence]) -> list[Stage]:
    """Return the stages of ``rows`` in order of sending day; of events only asking ones and checkpoints."""
    asking = asks_for_dates(tuple(state.occurrences.values()))
    own = (row for row in rows if row.kind != "event" or str(row.id) in asking)
    found = [stage for row in own for stage in stages_of(state, row)]
    found += [checkpoint_stage(row, state.workdays) for row in rows if is_checkpoint(row.id)]
    return sorted(found, key=lambda stage: (stage.send_on, stage.occurrence, stage.order))


def due_reminders(
    found: Iterable[Stage],
    today: date,
    state: ProgrammeState,
    history: Mapping[tuple[str, str], int],
    only: Collection[tuple[str, str]] | None = None,
) -> tuple[DueReminder, ...]:
    """Return the reminders that ``found`` stages give, one per occurrence, stage and address.

    ``history`` counts earlier reminders by (occurrence, address): the reason.
    ``only`` names the (occurrence, organisation) pairs that are meant, where not all are.
    """
    reminders: dict[ReminderKey, DueReminder] = {}
    for stage in found:
        for organisation in waiting_for(state, state.occurrences[stage.occurrence], today):
            if only is not None and (stage.occurrence, organisation) not in only:
                continue
            for contact in mailboxes(state, organisation, stage.role, today):
                day = day_of(state, stage, contact.identity)
                if day is None or min(day, stage.send_on) > today:  # neither its own day nor the reader's
                    continue
                one = _reminder(state, stage, organisation, contact, history, today)
                merged = reminders.get(one.key)
                keys = merged.organisations if merged else ()
                reminders[one.key] = replace(one, organisations=tuple(dict.fromkeys((*keys, organisation))))
    return tuple(reminders.values())


def stages_of(state: ProgrammeState, occurrence: Occurrence) -> tuple[Stage, ...]:
    """Return the stages of one occurrence, those of its unit and of its escalation."""
    return stages(occurrence, state.workdays, state.policy, state.anchors.get(str(occurrence.id)))


def is_duty(state: ProgrammeState, stage: Stage) -> bool:
    """Tell whether no wish moves or switches off a stage; one of what has gone is left alone."""
    occurrence = state.occurrences.get(stage.occurrence)
    if occurrence is None or stage.role != "unit" or stage.name == LINK:
        return True
    return stage.name in duties(occurrence.kind, stages_of(state, occurrence))


def day_of(state: ProgrammeState, stage: Stage, address: str) -> date | None:
    """Return the day on which a stage reaches a reader.

    None where the reader has switched it off, or where it would move onto a duty
    that comes before it: stages that meet are one, and a duty stays.
    """
    wish = state.preferences.get(address, NO_WISHES)
    if wish == NO_WISHES or is_duty(state, stage):
        return stage.send_on
    if is_off(wish, state.occurrences[stage.occurrence].kind, stage.name):
        return None
    day = readers_day(wish, stage, state.workdays)
    return None if _meets_duty(state, stage, day) else day


def _meets_duty(state: ProgrammeState, stage: Stage, day: date) -> bool:
    if day >= stage.send_on:
        return False
    occurrence = state.occurrences[stage.occurrence]
    own = stages_of(state, occurrence)
    floors = duties(occurrence.kind, own)
    before = (one for one in own if one.role == "unit" and one.order < stage.order and one.name in floors)
    return any(one.send_on >= day for one in before)


def early_stages(state: ProgrammeState, ahead: Iterable[Stage], today: date) -> tuple[Stage, ...]:
    """Return the stages after ``today`` that some reader gets by ``today``, because of the reader's day."""
    waiting = [wish for wish in state.preferences.values() if wish.has_mail_days]
    before = (stage for stage in ahead if stage.order < 0) if waiting else ()
    early = (
        one for one in before if any(readers_day(wish, one, state.workdays) <= today for wish in waiting)
    )
    return tuple(stage for stage in early if not is_duty(state, stage))


def goes(state: ProgrammeState, reminder: DueReminder, day: date) -> bool:
    """Tell whether a planned reminder may go out on ``day`` by what its reader wishes."""
    wish = state.preferences.get(reminder.recipient, NO_WISHES)
    stage = Stage(reminder.occurrence, reminder.stage, reminder.role, reminder.due_on, reminder.order)
    return not wish.has_mail_days or is_duty(state, stage) or goes_on(wish, stage, day, state.workdays)


def _reminder(
    state: ProgrammeState,
    stage: Stage,
    organisation: str,
    contact: Contact,
    history: Mapping[tuple[str, str], int],
    today: date,
) -> DueReminder:
    seen = history.get((stage.occurrence, contact.identity), 0)
    reason: Reason = "escalated" if stage.name == ESCALATION else "repeated" if seen else "first"
    return DueReminder(
        occurrence=stage.occurrence,
        stage=stage.name,
        recipient=contact.identity,
        organisations=(organisation,),
        role=stage.role,
        due_on=stage.send_on,
        order=stage.order,
        reason=reason,
        # What escalates to the secretary, for want of another head too, stands in her digest's list.
        waits=stage.role == "secretary"
        or (stage.role == "head" and not state.people.escalated_heads(organisation, today)),
        sequence=state.sequences.get(stage.occurrence, 0),
    )


def newest(reminders: Iterable[DueReminder]) -> tuple[list[DueReminder], list[DueReminder]]:
    """Split into the newest stage per (occurrence, recipient) and the superseded ones.

    The news of a hand-over stands beside the reminder of the same occurrence.
    """
    latest: dict[tuple[str, str, bool], DueReminder] = {}
    superseded: list[DueReminder] = []
    for one in sorted(reminders, key=lambda one: (one.due_on, one.order)):
        slot = slot_of(one)
        if slot in latest:
            superseded.append(latest[slot])
        latest[slot] = one
    return list(latest.values()), superseded


def slot_of(reminder: DueReminder) -> tuple[str, str, bool]:
    """Return what one reminder at a time waits for: occurrence, address, and whether it is news."""
    return reminder.occurrence, reminder.recipient, reminder.stage == HANDOVER


def still_due(state: ProgrammeState, reminder: DueReminder, today: date) -> bool:
    """Tell whether an item that waits to be mailed is still true: not answered, paused or completed."""
    if reminder.stage == HANDOVER:  # news of a hand-over that is not in the programme any more
        action = state.programme.action_by_id.get(OccurrenceID.parse(reminder.occurrence).action)
        days = [move.effective_from.toordinal() for move in action.handovers] if action else []
        if reminder.sequence not in days:
            return False
    return is_true(state, reminder.occurrence, reminder.stage, reminder.organisations, today)


def is_true(
    state: ProgrammeState, occurrence_id: str, stage: str, organisations: Collection[str], today: date
) -> bool:
    """Tell whether what an item says to ``organisations`` still holds; a hand-over's news always does."""
    occurrence = state.occurrences.get(occurrence_id)
    if occurrence is None or stage == HANDOVER:
        return occurrence is not None
    return not set(waiting_for(state, occurrence, today)).isdisjoint(organisations)


def first_start(state: ProgrammeState, today: date) -> FirstStart:
    """Return what a programme sends when it starts on ``today`` (behaviour.md, "First start").

    Past milestones, and of past reviews and rounds only each action's latest,
    become status requests; what lies ahead gets the latest stage it has reached.
    """
    rows = in_order(state.occurrences.values())
    past = past_obligations(rows, today)
    anchors = {str(row.id): today for row in past}
    requests = [Stage(str(row.id), FIRST_START, "unit", today, -1) for row in past]
    ahead = all_stages(state, [row for row in rows if row.due >= today])
    reached = [replace(stage, send_on=today) for stage in ahead if stage.send_on <= today]
    return FirstStart(tuple(requests + latest_of_each(reached)), anchors)


def behind(
    state: ProgrammeState, changed: Collection[str], planned_until: date, today: date
) -> tuple[Stage, ...]:
    """Return the stages that came to lie behind the watermark because their occurrence is new or moved.

    Of each the latest that has been reached, to go out ``today``; what a later
    review or round has overtaken is left alone.
    """
    past = {str(row.id) for row in past_obligations(state.occurrences.values(), today)}
    found = (row for row_id, row in state.occurrences.items() if row_id in changed)
    rows = [row for row in found if row.due >= today or str(row.id) in past]
    reached = [stage for stage in all_stages(state, rows) if stage.send_on <= planned_until]
    return tuple(replace(stage, send_on=today) for stage in latest_of_each(reached))


def latest_of_each(reached: list[Stage]) -> list[Stage]:
    """Return the latest stage of each occurrence and role."""
    last = {(stage.occurrence, stage.role): stage for stage in sorted(reached, key=lambda stage: stage.order)}
    return list(last.values())

"""What has come due, for whom, and why: stages + answers + people -> due reminders.

Pure: values in, values out; ``today`` is an argument. Dates of stages are made by ``policy``, what
a reader's wish means is left to ``preferences``; what a day's run does with it all, to ``planner``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
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
from reminders.planning.state import (
    ProgrammeState,
    Request,
    early_reply,
    first_mail,
    in_order,
    is_closed,
    is_escalated,
    mailboxes,
    needs_answer,
    own_request,
    past_obligations,
    pause_of,
    request_day,
    responsible,
    stopped_until,
    waiting_for,
)
from reminders.planning.targets import checkpoint_stage, is_checkpoint
from schedule_rules.occurrence import Occurrence, OccurrenceID

Reason = Literal["first", "repeated", "escalated", "handed-over"]
ReminderKey = tuple[str, int, str, str]
_ORDINALS = date(1900, 1, 1).toordinal()
"""From here on a reminder's sequence is the day of a request or of a hand-over, not an occurrence's."""
AHEAD = 45
"""Days that a run looks ahead for stages that some reader gets earlier (``preferences.REACH``)."""


@dataclass(frozen=True, slots=True)
class DueReminder:
    """One item for one address, the ``recipient`` as one identity whatever the list's spelling.

    ``waits`` means: carried by the secretary's next digest. ``without_contact`` are those of the
    ``organisations`` of whose own nobody was told: the address is that of their head, of the secretary, or
    of a unit that they took in.
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
    without_contact: tuple[str, ...] = ()

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
    for one in found:
        row = state.occurrences[one.occurrence]
        for organisation in waiting_for(state, row, today):
            if only is not None and (one.occurrence, organisation) not in only:
                continue
            stage = _stage_for(state, row, organisation, one, today)
            if stage is None:
                continue
            for contact in mailboxes(state, organisation, stage.role, today):
                day = day_of(state, stage, contact.identity)
                if day is None or min(day, stage.send_on) > today:  # neither its own day nor the reader's
                    continue
                new = _reminder(state, stage, organisation, contact, history, today)
                known = reminders.get(new.key)
                reminders[new.key] = merge_reminders(known, new) if known else new
    return tuple(reminders.values())


def merge_reminders(one: DueReminder, other: DueReminder) -> DueReminder:
    """Return the later of two reminders of one key, for the organisations of both."""
    keys = dict.fromkeys((*one.organisations, *other.organisations))
    without = dict.fromkeys((*one.without_contact, *other.without_contact))
    return replace(other, organisations=tuple(keys), without_contact=tuple(without))


# -- what is a unit's own ----------------------------------------------------------


def _stage_for(
    state: ProgrammeState, row: Occurrence, organisation: str, stage: Stage, today: date
) -> Stage | None:
    """Return a stage as it is for one unit; None where it has another in its place, or none.

    Whoever hears of a date only after it has passed is asked as at a first start, whichever stage has come:
    so no head ever hears before the unit had its sending days (behaviour.md, "First start").
    """
    if stage.organisation not in {"", organisation}:
        return None
    if not needs_answer(row) or stage.name in {FIRST_START, HANDOVER, LINK}:
        return stage
    if row.due < today and not was_reminded(state, row, organisation, today):
        return request_stage(row, organisation, today)
    request = own_request(state, row, organisation)
    if stage.organisation:  # what is escalated is what the unit is asked now
        is_older = request is not None and stage.sequence != request.on.toordinal()
        return None if is_older and stage.role != "unit" else stage
    if request:
        return None  # its stages count from its own day
    early = early_reply(state, row, organisation)
    if stage.role != "unit":
        apart = stages_apart_of(state, (str(row.id), organisation))
        return None if any(one.role == stage.role and one.send_on > today for one in apart) else stage
    if early is None:
        return stage
    kept = {one.name for one in own_stages(state, row, organisation) if one.role == "unit"}
    return None if stage.name in {one.name for one in stages_of(state, row)} - kept else stage


def request_stage(row: Occurrence, organisation: str, today: date) -> Stage:
    """Return the status request by which a unit is asked anew ``today``; its order tells the due date."""
    order, sequence = (today - row.due).days, today.toordinal()
    return Stage(str(row.id), FIRST_START, "unit", today, order, organisation, sequence)


def request_of(reminder: DueReminder) -> Request | None:
    """Return the request that a reminder is (``request_stage``)."""
    if reminder.stage != FIRST_START or reminder.sequence < _ORDINALS:
        return None
    on = date.fromordinal(reminder.sequence)
    return Request(on, on - timedelta(days=reminder.order))


def requests_in(reminders: Iterable[DueReminder]) -> dict[tuple[str, str], Request]:
    """Return the latest request among reminders, by (occurrence, organisation)."""
    found: dict[tuple[str, str], Request] = {}
    for one in reminders:
        request = request_of(one)
        for pair in ((one.occurrence, key) for key in one.organisations) if request else ():
            if request and (pair not in found or found[pair].on < request.on):
                found[pair] = request
    return found


def with_told(state: ProgrammeState, added: Iterable[DueReminder]) -> ProgrammeState:
    """Return a state in which reminders are planned: which units were reminded, which heads were told."""
    if state.told is None:
        return state
    told, others, escalated = dict(state.told), set(state.told_to_others), set(state.escalated)
    for one in added:
        for organisation in one.organisations:
            key = one.occurrence, one.sequence, organisation
            if one.stage == ESCALATION and one.role == "head":
                escalated.add(key)
            elif one.role == "unit" and one.stage not in {HANDOVER, LINK}:
                if organisation in one.without_contact:
                    others.add(key)
                else:
                    told[key] = told.get(key, frozenset()) | {one.recipient}
    return replace(state, told=told, told_to_others=frozenset(others), escalated=frozenset(escalated))


def with_mails(state: ProgrammeState, mailed: Iterable[tuple[DueReminder, date]]) -> ProgrammeState:
    """Return a state in which reminders went, each on its day: which units were mailed of their dates."""
    if state.first_mails is None:
        return state
    found, all_mailed = dict(state.first_mails), set(state.mailed)
    for one, day in mailed:
        if one.role != "unit" or one.stage in {HANDOVER, LINK}:
            continue
        for key in ((one.occurrence, one.sequence, key) for key in one.organisations):
            all_mailed.add(key)
            if one.order >= 0 or one.stage == FIRST_START:
                found[key] = min(day, found.get(key, day))
    return replace(state, mailed=frozenset(all_mailed), first_mails=found)


def own_sequence(reminder: DueReminder) -> int | None:
    """Return the sequence by which a reminder of a unit asked anew is told apart; None: the occurrence's."""
    is_day = reminder.sequence >= _ORDINALS and reminder.stage not in {HANDOVER, LINK}
    return reminder.sequence if is_day else None


def was_reminded(state: ProgrammeState, row: Occurrence, organisation: str, today: date) -> bool:
    """Tell whether a unit was reminded of an occurrence as its date is now, or is by a request of ``today``.

    What went to its head or to the secretary, while it had nobody, was not told to those it has now.
    """
    one = own_request(state, row, organisation)
    if state.told is None or (one and one.on == today):
        return True
    sequence = one.on.toordinal() if one else state.sequences.get(str(row.id), 0)
    key = str(row.id), sequence, organisation
    return key in state.told or (
        key in state.told_to_others and not _has_own_readers(state, str(row.id), organisation, today)
    )


def _has_own_readers(state: ProgrammeState, occurrence: str, organisation: str, today: date) -> bool:
    """Tell whether a unit has people of its own, others than those who did not take an occurrence's mail."""
    passed = {to for (one, _), found in state.refused.items() if one == occurrence for to in found}
    people = state.people.without(passed) if passed else state.people
    return bool(people.own_unit(organisation, today))


def stages_for_own_people(state: ProgrammeState, today: date) -> tuple[Stage, ...]:
    """Return the stages of what only others were told of for units that have people of their own today.

    So of a unit that gets its first contact, whose address lives again, or that took another in: of a date
    that has passed a status request; of one ahead the latest stage that has come.
    """
    keys = {organisation for _, _, organisation in state.told_to_others}
    present = {key for key in keys if state.people.own_unit(key, today)}
    pairs = {
        (one, key)
        for one, _, key in state.told_to_others
        if key in present and one in state.occurrences and _has_own_readers(state, one, key, today)
    }
    past = {str(row.id) for row in past_obligations(state, today)} if pairs else set()
    found: list[Stage] = []
    for occurrence, organisation in sorted(pairs):
        row = state.occurrences[occurrence]
        is_asked = needs_answer(row) and organisation in waiting_for(state, row, today)
        if not is_asked or was_reminded(state, row, organisation, today):
            continue
        if occurrence in past:
            found.append(request_stage(row, organisation, today))
        elif row.due >= today:
            reached = latest_of_each(reached_by(state, row, organisation, today))
            found += [replace(stage, send_on=today) for stage in reached if stage.role == "unit"]
    return tuple(found)


def own_stages(state: ProgrammeState, row: Occurrence, organisation: str) -> tuple[Stage, ...]:
    """Return the stages of an occurrence as they are for one unit, in order of sending day.

    They count from the day on which the unit was asked anew. After an early answer the due day, the first
    stage after it and the escalation are left. The escalation waits for a proposed date to be decided on
    (``Policy.decide_within``), comes on no earlier day than a mail has named, and leaves a unit that was
    mailed late its sending days.
    """
    own, key = stages_of(state, row), (str(row.id), organisation)
    if asked_on := request_day(state, row, organisation):
        own = stages(row, state.workdays, state.policy, asked_on)
    if one := own_request(state, row, organisation):
        own = tuple(replace(stage, organisation=organisation, sequence=one.on.toordinal()) for stage in own)
    early = early_reply(state, row, organisation)
    if early and asked_on is None:
        kept = [stage for stage in own if stage.role == "unit" and stage.order == 0]
        kept += [stage for stage in own if stage.role == "unit" and stage.order > 0][:1]
        own = (*kept, *(stage for stage in own if stage.role != "unit"))
    waits = early is not None and early.proposal == "pending"
    floor = max(
        filter(None, (state.promised.get(key), _first_escalation_day(state, row, organisation))), default=None
    )
    if waits or floor:
        wait = state.policy.decide_within if waits else 0
        own = _postponed(state, row, organisation, own, floor, wait)
    return tuple(sorted(own, key=lambda stage: (stage.send_on, stage.order)))


def _first_escalation_day(state: ProgrammeState, row: Occurrence, organisation: str) -> date | None:
    """Return the first day of the escalation where a unit was mailed after its date; None: in time."""
    first = first_mail(state, row, organisation)
    if first is None or first <= row.due or is_escalated(state, row, organisation):
        return None
    if request_day(state, row, organisation):  # counts from the request's own mail
        return None
    return state.workdays.after(first, state.policy.head_after)


def escalation_day(
    state: ProgrammeState, reminder: DueReminder, organisation: str, today: date
) -> date | None:
    """Return when a unit's escalation may go that waits to go ``today``; on a later day it comes by itself.

    None: the unit was not mailed of its date, and is to be asked first (behaviour.md, "First start"); that
    is so where both waited, in a downtime or while the programme was held.
    """
    row = state.occurrences[reminder.occurrence]
    request = own_request(state, row, organisation)
    if request and reminder.sequence != request.on.toordinal():
        return date.max  # of what the unit was asked before
    if first_mail(state, row, organisation) is None:
        return None
    if asked_on := request_day(state, row, organisation):
        own = stages(row, state.workdays, state.policy, asked_on)
        days = (one.send_on for one in own if (one.name, one.role) == (ESCALATION, reminder.role))
        return max(today, next(days, today))
    return max(today, _first_escalation_day(state, row, organisation) or today)


def stages_of_units(
    state: ProgrammeState, row: Occurrence, organisations: Iterable[str]
) -> tuple[Stage, ...]:
    """Return the stages that units have of an occurrence, each once, in order of sending day.

    Those of the occurrence itself where there is no unit.
    """
    own = (stage for key in organisations for stage in own_stages(state, row, key))
    found = dict.fromkeys(replace(stage, organisation="", sequence=None) for stage in own)
    return tuple(sorted(found or stages_of(state, row), key=lambda stage: (stage.send_on, stage.order)))


def _postponed(
    state: ProgrammeState,
    row: Occurrence,
    organisation: str,
    own: tuple[Stage, ...],
    floor: date | None,
    wait: int = 0,
) -> tuple[Stage, ...]:
    """Return stages with the escalation later; the list keeps its distance from a head who is told later.

    What was named to a head, who has been told, is the day of the list.
    """
    workdays, policy, head, found = state.workdays, state.policy, None, []
    is_told = is_escalated(state, row, organisation)
    for stage in sorted(own, key=lambda one: one.order):
        day = stage.send_on
        if stage.role != "unit":
            day = workdays.after(day, wait) if wait else day
            day = max(day, workdays.on_or_after(floor)) if floor else day
            if stage.role == "head" and is_told:
                day = stage.send_on
            elif stage.role == "head":
                head = day
            elif head and policy.list_after > policy.head_after:
                day = max(day, workdays.after(head, policy.list_after - policy.head_after))
            if row.closes and day > row.closes:
                continue
        found.append(replace(stage, send_on=day))
    return tuple(found)


def stages_apart(state: ProgrammeState, after: date) -> tuple[Stage, ...]:
    """Return the stages after a day that some unit has on other days than the occurrence's own."""
    pairs = {key for key, reply in state.replies.items() if reply.proposal == "pending"}
    pairs |= {*state.requests, *(key for key, day in state.promised.items() if day > after)}
    pairs |= mailed_late(state)
    found = (stage for pair in sorted(pairs) for stage in stages_apart_of(state, pair))
    return tuple(stage for stage in found if stage.send_on > after)


def mailed_late(state: ProgrammeState) -> frozenset[tuple[str, str]]:
    """Return the (occurrence, organisation) pairs that were first mailed after their date had come."""
    rows = (
        (state.occurrences.get(one), key, day) for (one, _, key), day in (state.first_mails or {}).items()
    )
    return frozenset((str(row.id), key) for row, key, day in rows if row and day > row.due)


def stages_apart_of(state: ProgrammeState, pair: tuple[str, str]) -> tuple[Stage, ...]:
    """Return the stages of one (occurrence, organisation) that are not on the occurrence's own days."""
    row = state.occurrences.get(pair[0])
    if row is None or not needs_answer(row):
        return ()
    common = {(one.name, one.role, one.send_on) for one in stages_of(state, row)}
    return tuple(
        replace(stage, organisation=pair[1])
        for stage in own_stages(state, row, pair[1])
        if stage.organisation or (stage.name, stage.role, stage.send_on) not in common
    )


def next_stage(
    state: ProgrammeState, row: Occurrence, organisations: Iterable[str], day: date, reader: str = ""
) -> tuple[date, Stage] | None:
    """Return what comes after ``day`` if nobody answers, and on which day; nothing: None.

    Of what comes on one day that is the escalation.
    For a ``reader`` whose wishes move reminders, on the day that is the reader's.
    """
    keys = tuple(organisations)
    own = [stage for key in keys for stage in own_stages(state, row, key)] if keys else stages_of(state, row)
    days = ((day_of(state, stage, reader), stage) for stage in own)
    later = [(on, stage) for on, stage in days if on is not None and on > day]
    return min(later, key=lambda one: (one[0], one[1].role == "unit"), default=None)


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """When a unit that has answered is asked again, if it says nothing more.

    ``is_early``: it answered before the date, which is asked about once more; ``head_on`` is the day before
    which nobody above it hears anything, while a date that it proposed waits for the secretary. ``reader`` is
    who is asked, where it has no contact its head or the secretary; ``head_hears``: not the secretary alone.
    """

    on: date
    is_early: bool = False
    head_on: date | None = None
    reader: ToRole = "unit"
    head_hears: bool = True


def asked_again(
    state: ProgrammeState, rows: Iterable[Occurrence], organisations: Collection[str], today: date
) -> AskedAgain | None:
    """Return when units that have answered one question are first asked again; None: no more."""
    pairs = [(row, key) for row in rows for key in organisations]
    found = (
        _with_readers(state, row, key, one)
        for row, key in pairs
        if (one := _asked_again(state, row, key, today))
    )
    return min(found, key=lambda one: one.on, default=None)


def _with_readers(state: ProgrammeState, row: Occurrence, organisation: str, asked: AskedAgain) -> AskedAgain:
    """Return when a unit is asked again with who that is then, and who hears if nobody answers."""
    own = own_stages(state, row, organisation)
    head_on = next((one.send_on for one in own if one.role == "head" and one.send_on >= asked.on), asked.on)
    reader: ToRole = "head" if state.people.heads(organisation, asked.on) else "secretary"
    return replace(
        asked,
        reader="unit" if state.people.own_unit(organisation, asked.on) else reader,
        head_hears=bool(state.people.escalated_heads(organisation, head_on)),
    )


def _asked_again(state: ProgrammeState, row: Occurrence, organisation: str, today: date) -> AskedAgain | None:
    until = stopped_until(state, row, organisation)
    if until is None or until == date.max or is_closed(state, row, today) or state.closed_on is not None:
        return None
    pause = pause_of(state, row, organisation, today)
    after = max(until, pause.until if pause else until)
    early = early_reply(state, row, organisation)
    if early is None and after >= today:
        return AskedAgain(state.workdays.on_or_after(after + timedelta(days=1)))
    own = [one for one in own_stages(state, row, organisation) if one.send_on > max(after, today)]
    on = next((one.send_on for one in own if one.role == "unit"), None)
    if early is None or on is None:
        return AskedAgain(on) if on else None
    waits = early.proposal == "pending"
    head_on = next((one.send_on for one in own if one.role == "head" and waits), None)
    return AskedAgain(on, is_early=True, head_on=head_on)


def stages_of(state: ProgrammeState, occurrence: Occurrence) -> tuple[Stage, ...]:
    """Return the stages of one occurrence, those of its unit and of its escalation."""
    return stages(occurrence, state.workdays, state.policy, state.anchors.get(str(occurrence.id)))


def asked_next(state: ProgrammeState, day: date) -> ProgrammeState:
    """Return the state once a run on ``day`` has asked the units that were not mailed of a past date."""
    found = dict(state.requests)
    for stage in stages_for_own_people(state, day):
        if stage.name == FIRST_START:
            found[stage.occurrence, stage.organisation] = Request(
                day, state.occurrences[stage.occurrence].due
            )
    for row in past_obligations(state, day):
        for key in waiting_for(state, row, day):
            if first_mail(state, row, key) is None and own_request(state, row, key) is None:
                found[str(row.id), key] = Request(day, row.due)
    return replace(state, requests=found)


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
    own = {one.identity for one in state.people.own_unit(organisation, today)}
    stands_in = stage.role == "unit" and contact.identity not in own
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
        sequence=state.sequences.get(stage.occurrence, 0) if stage.sequence is None else stage.sequence,
        without_contact=(organisation,) if stands_in else (),
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
    past = past_obligations(state, today)
    anchors = {str(row.id): today for row in past}
    requests = [Stage(str(row.id), FIRST_START, "unit", today, -1) for row in past]
    ahead = all_stages(state, [row for row in rows if row.due >= today])
    reached = [replace(stage, send_on=today) for stage in ahead if stage.send_on <= today]
    return FirstStart(tuple(requests + latest_of_each(reached)), anchors)


def behind(
    state: ProgrammeState, changed: Collection[str], planned_until: date, today: date
) -> tuple[Stage, ...]:
    """Return the stages that came to lie behind the watermark because their occurrence is new or moved.

    Of each the latest that has been reached, to go out ``today`` (a status request where its date has passed:
    ``due_reminders``); what a later review or round has overtaken is left alone.
    """
    past = {str(row.id) for row in past_obligations(state, today)}
    found = (row for row_id, row in state.occurrences.items() if row_id in changed)
    rows = [row for row in found if row.due >= today or str(row.id) in past]
    own = [
        stage
        for row in rows
        if needs_answer(row)
        for key in responsible(state, row, today)
        for stage in _reached_or_asked(state, row, key, today)
    ]
    events = all_stages(state, [row for row in rows if not needs_answer(row)])
    reached = [*own, *latest_of_each([stage for stage in events if stage.send_on <= planned_until])]
    return tuple(replace(stage, send_on=today) for stage in reached if stage.send_on <= planned_until)


def _reached_or_asked(state: ProgrammeState, row: Occurrence, organisation: str, today: date) -> list[Stage]:
    if row.due < today and not was_reminded(state, row, organisation, today):
        return [replace(request_stage(row, organisation, today), send_on=date.min)]
    return latest_of_each(reached_by(state, row, organisation, today))


def reached_by(state: ProgrammeState, row: Occurrence, organisation: str, today: date) -> list[Stage]:
    """Return the stages of a unit that have come; a status request among them, none of what has closed."""
    if is_closed(state, row, today):
        return []
    own = [replace(stage, organisation=organisation) for stage in own_stages(state, row, organisation)]
    if on := request_day(state, row, organisation):
        one = request_stage(row, organisation, on)
        if not own_request(state, row, organisation):  # that of the first start
            one = replace(one, order=-1, sequence=None)
        own.insert(0, one)
    return [stage for stage in own if stage.send_on <= today]


def latest_of_each(reached: list[Stage]) -> list[Stage]:
    """Return the latest stage of each occurrence, role and unit."""
    ordered = sorted(reached, key=lambda stage: (stage.send_on, stage.order))
    last = {(stage.occurrence, stage.role, stage.organisation): stage for stage in ordered}
    return list(last.values())

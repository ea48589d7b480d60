"""What is stored, as the values that decisions take.

Days on which the service did not run: known from when each civil date was planned.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta

from reminders.planning.due import behind
from reminders.planning.forecast import Outlook
from reminders.planning.hand_over import taking_hold
from reminders.planning.policy import Stage
from reminders.planning.preferences import in_their_language
from reminders.planning.recipients import People
from reminders.planning.replies import Reply
from reminders.planning.resume import NOTHING, Resumed, ran_out
from reminders.planning.state import ProgrammeState
from reminders.planning.targets import Target, checkpoint_occurrences
from reminders.settings import Settings
from reminders.store import Connection, answers, collection, feeds, planned
from reminders.store import answers as store_answers
from reminders.store import people as wishes
from reminders.store import planned as planned_reminders
from reminders.store import planned as store_planned
from reminders.store import programmes as repository
from reminders.store.answers import ProposalDecision
from reminders.store.people import dead_addresses
from reminders.store.programmes import Answer, ProgrammeRow, StoredOccurrence
from schedule_rules.occurrence import Occurrence, OccurrenceID
from schedule_rules.workdays import standard_workdays

# -- What is stored, as the values that decisions take


def load_state(
    connection: Connection, row: ProgrammeRow, only: Collection[str] | None = None
) -> ProgrammeState:
    """Return everything that decisions about a programme, or ``only`` some occurrences of it, need."""
    stored = repository.stored_occurrences(connection, row.programme.key, only)
    return state_with(connection, row, stored, only)


def state_with(
    connection: Connection,
    row: ProgrammeRow,
    stored: Collection[StoredOccurrence],
    only: Collection[str] | None = None,
) -> ProgrammeState:
    """Return the same with occurrences that the caller has read already."""
    key = row.programme.key
    answers, decided = repository.answers_of(connection, key), store_answers.decisions_of(connection, key)
    preferences = wishes.preferences_of_programme(connection, key)
    contacts = in_their_language(repository.contacts_of(connection, key), preferences)
    return ProgrammeState(
        programme=row.programme,
        occurrences={**{str(one.row.id): one.row for one in stored}, **_checkpoints(row, only)},
        people=People(contacts, row.programme.monitored_by, dead_addresses(connection)),
        workdays=standard_workdays(),
        policy=row.policy,
        closed=collection.closed_by_hand(connection, key),
        answers=frozenset((answer.occurrence, answer.organisation) for answer in answers),
        anchors={str(one.row.id): one.anchor_on for one in stored if one.anchor_on},
        sequences={str(one.row.id): one.sequence for one in stored if one.sequence},
        replies={(one.occurrence, one.organisation): _reply(one, decided.get(one.id)) for one in answers},
        pauses={(one.occurrence, one.organisation): one for one in store_answers.pauses_of(connection, key)},
        preferences=preferences,
        target_dates=target_dates_of(connection, key),
    )


def _checkpoints(row: ProgrammeRow, only: Collection[str] | None) -> Mapping[str, Occurrence]:
    """Return the checkpoints of targets; they are worked out, not stored."""
    found = checkpoint_occurrences(row.programme)
    return found if only is None else {one: found[one] for one in only if one in found}


def target_dates_of(connection: Connection, key: str) -> Mapping[Target, tuple[date, ...]]:
    """Return the dates entered towards a programme's targets."""
    found: dict[Target, tuple[date, ...]] = {}
    for one in answers.target_dates_of(connection, key):
        found[one.action, one.rule] = (*found.get((one.action, one.rule), ()), one.on)
    return found


def _reply(answer: Answer, decided: ProposalDecision | None) -> Reply:
    said = Reply(answer.answer, answer.by, answer.at, answer.note, answer.whose, answer.new_date)
    if not answer.new_date:
        return said
    if decided is None:
        return replace(said, proposal="pending")
    return replace(said, proposal="approved" if decided.approved else "refused", decided_note=decided.note)


def stages_behind(
    connection: Connection, row: ProgrammeRow, state: ProgrammeState, today: date
) -> tuple[Stage, ...]:
    """Return the stages that a change since the last planning left behind the watermark."""
    watermark, changed = planned_reminders.watermark(connection), changed_behind(connection, row)
    return behind(state, changed, watermark, today) if watermark and changed else ()


def changed_behind(connection: Connection, row: ProgrammeRow) -> frozenset[str]:
    """Return the occurrences of a started programme that are new or changed since the last planning.

    What a hand-over changed is left to ``wake``, which does not escalate anew.
    """
    since = planned_reminders.planned_at(connection)
    if since is None or row.started_on is None:
        return frozenset()
    changed = repository.changed_since(connection, row.programme.key, since)
    handed = store_answers.handovers_of(connection, row.programme.key, since) if changed else {}
    return frozenset(one for one in changed if OccurrenceID.parse(one).action not in handed)


def resumed_of(connection: Connection, row: ProgrammeRow) -> Resumed:
    """Return what people ended, took back or handed over in a started programme since the last planning."""
    since, last = planned_reminders.planned_at(connection), planned_reminders.watermark(connection)
    if since is None or last is None or row.started_on is None:
        return NOTHING
    late = store_answers.handovers_of(connection, row.programme.key, since)
    moves = tuple(
        (row.programme.action_by_id[action], move)
        for action, moves in late.items()
        for move in moves
        if action in row.programme.action_by_id and move.effective_from <= last
    )
    return Resumed(store_answers.resumed_since(connection, row.programme.key, since), moves)


def dates_resume(connection: Connection, row: ProgrammeRow, after: date, today: date) -> bool:
    """Tell whether a pause runs out or a hand-over takes hold between the last planned day and ``today``."""
    if row.started_on is None:
        return False
    pauses = store_answers.pauses_of(connection, row.programme.key)
    return bool(ran_out(pauses, after, today) or taking_hold(row.programme, after, today))


def load_states(connection: Connection) -> Mapping[str, ProgrammeState]:
    """Return the worlds of all programmes."""
    rows = repository.all_programmes(connection)
    return {row.programme.key: load_state(connection, row) for row in rows}


def outlook(connection: Connection, day: date) -> Outlook:
    """Return what a forecast from ``day`` starts with."""
    rows = repository.all_programmes(connection)
    watermark = planned_reminders.watermark(connection)
    first = max(day, watermark or day)
    worlds_now = {row.programme.key: load_state(connection, row) for row in rows}
    return Outlook(
        states=worlds_now,
        behind=tuple(
            stage
            for row in rows
            for stage in stages_behind(connection, row, worlds_now[row.programme.key], first)
        ),
        stirred={row.programme.key: resumed_of(connection, row) for row in rows},
        started={row.programme.key: row.started_on for row in rows if row.started_on},
        watermark=watermark,
        planned=tuple(one.reminder for one in planned_reminders.planned(connection)),
        known=planned_reminders.known_keys(connection),
        sent=planned_reminders.sent_counts(connection),
        last_digest=planned_reminders.last_digests(connection, before=first),
        busy=planned_reminders.mailed_recipients(connection, first),
        year_letters=planned.year_lists_sent(connection, first.year),
        told=planned.invitations_sent(connection),
        asked=feeds.waiting_feed_requests(connection),
    )


# -- Days on which the service did not run: known from when each civil date was planned

_LOOK_BACK = timedelta(days=120)
"""An escalation comes some weeks after the first reminder of its occurrence."""


def caught_up(connection: Connection, settings: Settings, today: date) -> Mapping[date, date]:
    """Return the civil dates before ``today`` that were planned late, each with the day that caught it up.

    Weekends and holidays are among them: no stage falls on one.
    """
    planned = store_planned.planned_since(connection, today - _LOOK_BACK)
    days = {day: at.astimezone(settings.zone).date() for day, at in planned.items()}
    return {day: on for day, on in days.items() if on > day}

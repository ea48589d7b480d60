"""What is stored, as the values that decisions take."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from reminders.due import World, behind
from reminders.forecast import Outlook
from reminders.handover import taking_hold
from reminders.pace import Target, paces
from reminders.policy import Stage
from reminders.preferences import in_their_language
from reminders.recipients import People
from reminders.settings import Settings
from reminders.standing import Reply
from reminders.store import (
    Connection,
    answering,
    feed_requests,
    held,
    invitations,
    rounds,
    year_letters,
)
from reminders.store import preferences as wishes
from reminders.store import programmes as repository
from reminders.store import reminders as planned_reminders
from reminders.store.addresses import dead
from reminders.store.answering import Decided
from reminders.store.programmes import Answer, ProgrammeRow, StoredOccurrence
from reminders.wake import NOTHING, Stirred, ran_out
from schedule_rules.occurrence import Occurrence
from schedule_rules.workdays import standard_workdays


@dataclass(frozen=True)
class Local:
    """An instant as the programme's people see it: civil date, and whether mail may go out now."""

    instant: datetime
    day: date
    may_send: bool
    may_compose: bool


def local(settings: Settings, now: datetime) -> Local:
    """Read the clock in the service's time zone.

    Mail goes out on sending days inside MAIL_WINDOW; a date is composed from
    TICK_AT on (design: delivery.md, transaction 1).
    """
    here = now.astimezone(settings.zone)
    opens, closes = settings.mail_window
    may_send = standard_workdays().is_sending_day(here.date()) and opens <= here.time() < closes
    return Local(now, here.date(), may_send, may_send and here.time() >= settings.tick_at)


def world_of(connection: Connection, row: ProgrammeRow, only: Collection[str] | None = None) -> World:
    """Return everything that decisions about a programme, or ``only`` some occurrences of it, need."""
    stored = repository.stored_occurrences(connection, row.programme.key, only)
    return world_with(connection, row, stored, only)


def world_with(
    connection: Connection,
    row: ProgrammeRow,
    stored: Collection[StoredOccurrence],
    only: Collection[str] | None = None,
) -> World:
    """Return the same with occurrences that the caller has read already."""
    key = row.programme.key
    answers, decided = repository.answers_of(connection, key), answering.decisions_of(connection, key)
    preferences = wishes.of_programme(connection, key)
    contacts = in_their_language(repository.contacts_of(connection, key), preferences)
    return World(
        programme=row.programme,
        occurrences={**{str(one.row.id): one.row for one in stored}, **_checkpoints(row, only)},
        people=People(contacts, row.programme.monitored_by, dead(connection)),
        workdays=standard_workdays(),
        policy=row.policy,
        closed=rounds.closed_by_hand(connection, key),
        answers=frozenset((answer.occurrence, answer.organisation) for answer in answers),
        anchors={str(one.row.id): one.anchor_on for one in stored if one.anchor_on},
        sequences={str(one.row.id): one.sequence for one in stored if one.sequence},
        replies={(one.occurrence, one.organisation): _reply(one, decided.get(one.id)) for one in answers},
        pauses={(one.occurrence, one.organisation): one for one in answering.pauses_of(connection, key)},
        preferences=preferences,
        held=held_of(connection, key),
    )


def _checkpoints(row: ProgrammeRow, only: Collection[str] | None) -> Mapping[str, Occurrence]:
    """Return the checkpoints of targets; they are worked out, not stored."""
    found = paces(row.programme)
    return found if only is None else {one: found[one] for one in only if one in found}


def held_of(connection: Connection, key: str) -> Mapping[Target, tuple[date, ...]]:
    """Return the dates entered towards a programme's targets."""
    found: dict[Target, tuple[date, ...]] = {}
    for one in held.of_programme(connection, key):
        found[one.action, one.rule] = (*found.get((one.action, one.rule), ()), one.on)
    return found


def _reply(answer: Answer, decided: Decided | None) -> Reply:
    said = Reply(answer.answer, answer.by, answer.at, answer.note, answer.whose, answer.new_date)
    if not answer.new_date:
        return said
    if decided is None:
        return replace(said, proposal="pending")
    return replace(said, proposal="approved" if decided.approved else "refused", decided_note=decided.note)


def stages_behind(connection: Connection, row: ProgrammeRow, world: World, today: date) -> tuple[Stage, ...]:
    """Return the stages that a change since the last planning left behind the watermark."""
    watermark, changed = planned_reminders.watermark(connection), changed_behind(connection, row)
    return behind(world, changed, watermark, today) if watermark and changed else ()


def changed_behind(connection: Connection, row: ProgrammeRow) -> frozenset[str]:
    """Return the occurrences of a started programme that are new or changed since the last planning.

    What a hand-over changed is left to ``wake``, which does not escalate anew.
    """
    since = planned_reminders.planned_at(connection)
    if since is None or row.started_on is None:
        return frozenset()
    changed = repository.changed_since(connection, row.programme.key, since)
    handed = answering.handovers_of(connection, row.programme.key, since) if changed else {}
    return frozenset(one for one in changed if one.split(":")[1] not in handed)


def stirred_of(connection: Connection, row: ProgrammeRow) -> Stirred:
    """Return what people ended, took back or handed over in a started programme since the last planning."""
    since, last = planned_reminders.planned_at(connection), planned_reminders.watermark(connection)
    if since is None or last is None or row.started_on is None:
        return NOTHING
    late = answering.handovers_of(connection, row.programme.key, since)
    moves = tuple(
        (row.programme.action_by_id[action], move)
        for action, moves in late.items()
        for move in moves
        if action in row.programme.action_by_id and move.effective_from <= last
    )
    return Stirred(answering.roused_since(connection, row.programme.key, since), moves)


def dates_wake(connection: Connection, row: ProgrammeRow, after: date, today: date) -> bool:
    """Tell whether a pause runs out or a hand-over takes hold between the last planned day and ``today``."""
    if row.started_on is None:
        return False
    pauses = answering.pauses_of(connection, row.programme.key)
    return bool(ran_out(pauses, after, today) or taking_hold(row.programme, after, today))


def worlds(connection: Connection) -> Mapping[str, World]:
    """Return the worlds of all programmes."""
    rows = repository.all_programmes(connection)
    return {row.programme.key: world_of(connection, row) for row in rows}


def outlook(connection: Connection, day: date) -> Outlook:
    """Return what a forecast from ``day`` starts with."""
    rows = repository.all_programmes(connection)
    watermark = planned_reminders.watermark(connection)
    first = max(day, watermark or day)
    worlds_now = {row.programme.key: world_of(connection, row) for row in rows}
    return Outlook(
        worlds=worlds_now,
        behind=tuple(
            stage
            for row in rows
            for stage in stages_behind(connection, row, worlds_now[row.programme.key], first)
        ),
        stirred={row.programme.key: stirred_of(connection, row) for row in rows},
        started={row.programme.key: row.started_on for row in rows if row.started_on},
        watermark=watermark,
        planned=tuple(one.reminder for one in planned_reminders.planned(connection)),
        known=planned_reminders.known_keys(connection),
        sent=planned_reminders.sent_counts(connection),
        last_digest=planned_reminders.last_digests(connection, before=first),
        busy=planned_reminders.busy(connection, first),
        year_letters=year_letters.had(connection, first.year),
        told=invitations.told(connection),
        asked=feed_requests.waiting(connection),
    )

"""What is stored, as the values that decisions take: of programmes, and of all that planning looks at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from structlog import get_logger

from reminders.planning.due import (
    AHEAD,
    requests_in,
    stages_apart,
    stages_for_own_people,
    with_mails,
    with_told,
)
from reminders.planning.hand_over import taking_hold
from reminders.planning.mails import LAPSES, programme_of
from reminders.planning.planner import PlannerState, StagesByDay, by_day, comes
from reminders.planning.policy import Stage, digest_days, moved_behind, stages as stages_of_row
from reminders.planning.preferences import in_their_language
from reminders.planning.programme_settings import policy_with
from reminders.planning.recipients import Contact, People
from reminders.planning.replies import Answer, Pause, ProposalState, Reply, ended_actions
from reminders.planning.resume import Resumed, answers_over, ran_out
from reminders.planning.state import ProgrammeRow, ProgrammeState
from reminders.planning.targets import Target, checkpoint_occurrences, checkpoint_stage
from reminders.planning.unset_series import unset_series
from reminders.planning.year_list import JANUARY
from reminders.settings import Settings
from reminders.store import Connection, answers, collection, feeds, people, planned, programmes, watch
from reminders.store.answers import ProposalDecision
from reminders.store.planned import MailedReminder
from reminders.store.programmes import StoredOccurrence
from schedule_rules.occurrence import Occurrence, OccurrenceID
from schedule_rules.programme import Programme

log = get_logger()
_Read = TypeVar("_Read")
_LOOK_BACK: Final = timedelta(days=120)
"""An escalation comes some weeks after the first reminder of its occurrence."""


def load_state(
    connection: Connection, row: ProgrammeRow, stored: Collection[StoredOccurrence] | None = None
) -> ProgrammeState:
    """Return everything that decisions about a programme need.

    ``stored`` are its occurrences, where the caller has read them already.
    """
    key = row.programme.key
    if stored is None:
        stored = programmes.stored_occurrences(connection, key)
    given, decided = answers.answers_of(connection, key), answers.decisions_of(connection, key)
    preferences = people.preferences_of_programme(connection, key)
    contacts = in_their_language(people.contacts_of(connection, key), preferences)
    mailed = planned.reminders_of(connection, key)
    zone = ZoneInfo(row.programme.timezone)
    reopened = collection.opened_again(connection, key)
    state = _said_and_mailed(
        row,
        stored,
        # They are worked out, not stored.
        {**checkpoint_occurrences(row.programme), **unset_series(row.programme)},
        replies=_replies(given, decided),
        closed_by_hand=collection.closed_by_hand(connection, key),
        pauses=answers.pauses_of(connection, key),
        mailed=mailed,
    )
    state = replace(
        state,
        people=People(contacts, row.programme.monitored_by, people.dead_addresses(connection)),
        refused=planned.refused_items(connection, key),
        preferences=preferences,
        target_dates=dates_by_target(connection, key),
        told={},
        approved_dates=_approved_dates(connection, key, decided),
        reopened={one: at.astimezone(zone).date() for one, at in reopened.items()},
        findings=row.findings,
        modified=row.modified,
    )
    return with_told(state, (one.reminder for one in mailed))


def load_question(
    connection: Connection, row: ProgrammeRow, stored: Collection[StoredOccurrence]
) -> ProgrammeState:
    """Return the state of some occurrences of one action, as far as its answers and pauses go.

    What was said about any occurrence of the action is read, for an approved *ended* closes them all. What
    only mails ask for is not: contacts, wishes, whom they told.
    """
    key, (action,) = row.programme.key, {one.row.id.action for one in stored}
    given = answers.answers_of(connection, key, action)
    is_round = any(one.row.kind == "collection" for one in stored)
    return _said_and_mailed(
        row,
        stored,
        replies=_replies(given, answers.decisions_of(connection, key, action)),
        closed_by_hand=collection.closed_by_hand(connection, key) if is_round else frozenset(),
        pauses=answers.pauses_of(connection, key, action),
        mailed=planned.reminders_of(connection, key, [str(one.row.id) for one in stored]),
    )


def _said_and_mailed(
    row: ProgrammeRow,
    stored: Collection[StoredOccurrence],
    checkpoints: Mapping[str, Occurrence] = MappingProxyType({}),
    *,
    replies: Mapping[tuple[str, str], Reply],
    closed_by_hand: frozenset[str],
    pauses: Iterable[Pause],
    mailed: Collection[MailedReminder],
) -> ProgrammeState:
    """Return a state of some occurrences with what was said and mailed about them, without people."""
    occurrences = {**{str(one.row.id): one.row for one in stored}, **checkpoints}
    state = ProgrammeState(
        programme=row.programme,
        occurrences=occurrences,
        people=People((), row.programme.monitored_by),
        workdays=row.policy.workdays,
        policy=row.policy,
        closed=closed_by_hand | _of_ended_actions(occurrences, replies),
        answers=frozenset(replies),
        anchors={str(one.row.id): one.anchor_on for one in stored if one.anchor_on},
        sequences={str(one.row.id): one.sequence for one in stored if one.sequence},
        replies=replies,
        pauses={(one.occurrence, one.organisation): one for one in pauses},
        requests=requests_in(one.reminder for one in mailed),
        promised=_promised(mailed),
        first_mails={},
        started_on=row.started_on,
        held=row.held,
        closed_on=row.closed_on,
    )
    in_mails = [(one, one.mailed_on) for one in mailed if one.mailed_on]
    left = with_mails(state, ((one.reminder, on) for one, on in in_mails if one.has_left))
    state = with_mails(state, ((one.reminder, on) for one, on in in_mails))
    return replace(state, unsent=frozenset(state.mailed) - frozenset(left.mailed))


def people_of(connection: Connection, programme: Programme) -> People:
    """Return the contacts of a programme, with the addresses that a mail server refused for good."""
    contacts = people.contacts_of(connection, programme.key)
    return People(contacts, programme.monitored_by, people.dead_addresses(connection))


def _replies(
    given: Iterable[Answer], decided: Mapping[int, ProposalDecision]
) -> Mapping[tuple[str, str], Reply]:
    """Return the newest answer of each unit about each occurrence, with what became of its proposal."""
    return {(one.occurrence, one.organisation): _reply(one, decided.get(one.id)) for one in given}


def ended_at(connection: Connection, key: str) -> Mapping[str, datetime]:
    """Return the actions of a programme that people ended, and when that was approved."""
    decided = answers.decisions_of(connection, key)
    if not any(one.approved for one in decided.values()):
        return {}
    return ended_actions(_replies(answers.answers_of(connection, key), decided))


def _of_ended_actions(
    occurrences: Mapping[str, Occurrence], replies: Mapping[tuple[str, str], Reply]
) -> frozenset[str]:
    """Return the occurrences of actions that ended: nothing of them is asked any more.

    A round is not theirs alone.
    """
    ended = ended_actions(replies)
    over = (one for one, row in occurrences.items() if row.id.action in ended and row.kind != "collection")
    return frozenset(over)


def _promised(mailed: Iterable[MailedReminder]) -> Mapping[tuple[str, str], date]:
    """Return the latest day that mails named for what happens next, by (occurrence, organisation).

    What the secretary read, in her summary or in place of a unit that had nobody, is no promise to the unit.
    """
    found: dict[tuple[str, str], date] = {}
    for one in mailed:
        own = set(one.reminder.organisations) - set(one.reminder.without_contact)
        for pair in ((one.reminder.occurrence, key) for key in own):
            if one.promised and not one.reminder.waits:
                found[pair] = max(one.promised, found.get(pair, date.min))
    return found


def _approved_dates(
    connection: Connection, key: str, decided: Mapping[int, ProposalDecision]
) -> Mapping[tuple[str, str], date]:
    """Return the dates that late units proposed and the secretary approved, where they said nothing since.

    Such an answer is about the date that has moved, so that it is none to the question which is asked now.
    """
    if not any(one.approved for one in decided.values()):
        return {}
    newest = {(one.occurrence, one.organisation): one for one in answers.standing_answers_of(connection, key)}
    return {
        pair: one.new_date
        for pair, one in newest.items()
        if one.new_date and one.id in decided and decided[one.id].approved
    }


def load_states(connection: Connection, programme: str = "") -> Mapping[str, ProgrammeState]:
    """Return the states of all programmes that can be read, in order of key, or of one ``programme``."""
    if programme:
        return {programme: load_state(connection, programmes.stored_programme(connection, programme))}
    rows = {row.programme.key: row for row in programmes.all_programmes(connection)}
    return read_each(rows, lambda key: load_state(connection, rows[key]))


def read_each(keys: Iterable[str], read: Callable[[str], _Read]) -> dict[str, _Read]:
    """Return what is read of each programme, by key; one of which it cannot be read stops no other."""
    found = {}
    for key in keys:
        try:
            found[key] = read(key)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not keep other programmes back
            log.error("programme not read", programme=key, reason=type(error).__name__)  # noqa: TRY400
    return found


def dates_by_target(connection: Connection, key: str) -> Mapping[Target, tuple[date, ...]]:
    """Return the dates entered towards a programme's targets."""
    found: dict[Target, tuple[date, ...]] = {}
    for one in answers.target_dates_of(connection, key):
        found[one.action, one.rule] = (*found.get((one.action, one.rule), ()), one.on)
    return found


def _reply(answer: Answer, decided: ProposalDecision | None) -> Reply:
    reply = Reply(
        answer.answer, answer.by, answer.at, answer.note, answer.whose, answer.new_date, ended=answer.ended
    )
    if not (answer.new_date or answer.ended):
        return reply
    if decided is None:
        return replace(reply, proposal="pending")
    state: ProposalState = "approved" if decided.approved else "refused"
    return replace(reply, proposal=state, decided_note=decided.note, decided_at=decided.at)


def load_planner(connection: Connection, day: date, until: date | None = None) -> PlannerState:
    """Return all that planning of ``day`` looks at; with ``until``, of the days up to that one.

    For one day only programmes are read that something concerns on it: what waits or comes due,
    what people changed, a first start, a digest. Most days that is few of them, or none. A day
    before the watermark is past: what is returned is of the watermark's day.
    """
    rows, faults = programmes.readable_programmes(connection)
    watermark, since = planned.watermark(connection), planned.planned_at(connection)
    day = max(day, watermark or day)
    behind = {one.programme: one.planned_until for one in watch.faults(connection)}
    since_when = {one.programme: one.since for one in watch.faults(connection)}
    state = PlannerState(
        day=day,
        states={},
        started={row.programme.key: row.started_on for row in rows if row.started_on},
        held=frozenset(row.programme.key for row in rows if row.held),
        watermark=watermark,
        stages=_stages(connection, rows, watermark or day - timedelta(days=1), day, until, behind),
        changed=_changed(connection, rows, since, since_when, watermark) if since and watermark else {},
        resumed=_resumed(connection, rows, since, watermark) if since and watermark else {},
        behind=behind,
        planned=tuple(one.reminder for one in planned.planned(connection)),
        stranded=tuple(one.reminder for one in planned.stranded(connection)),
        unreachable=tuple(one.reminder for one in planned.unreachable(connection)),
        mailed=planned.mailed_recipients(connection, day) | planned.in_doubt(connection, day),
        unmade=planned.unmade(connection, day),
        versions=planned.versions(connection, day),
        boards=frozenset(key for key, on in planned.last_digests(connection).items() if on == day),
        last_digest=planned.last_digests(connection, before=day),
        year_lists=planned.year_lists_sent(connection, day.year),
        invitations=planned.invitations_sent(connection),
        feed_requests=feeds.waiting_feed_requests(connection),
    )
    waiting = {programme_of(one) for one in (*state.planned, *state.stranded, *state.unreachable)}
    everybody = until is not None or any(day - LAPSES <= on for on in state.feed_requests.values())
    states, apart, written = {}, {}, planned.summary_instants(connection, before=day)
    after, last = (
        watermark or day - timedelta(days=1),
        day if until is None else until + timedelta(days=AHEAD),
    )
    for row in rows:
        key = row.programme.key
        try:
            concerned = everybody or key in waiting or key in behind or _is_concerned(connection, row, state)
            if concerned:
                # What waits to be sent goes, for all that is planned: what did not is taken back before.
                one = load_state(connection, row)
                one = replace(one, summary_at=written.get(key), unsent=frozenset())
                apart[key] = [stage for stage in stages_apart(one, after) if stage.send_on <= last]
                states[key] = one
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not keep other programmes back
            faults = {**faults, key: type(error).__name__}
    state = replace(state, stages=_with_apart(state.stages, apart))
    occurrences = None if until else _mentioned(state, states)
    return replace(
        state,
        states=states,
        known=planned.known_keys(connection, occurrences),
        sent=planned.sent_counts(connection, occurrences=occurrences),
        failed=planned.failed_keys(connection) if state.stranded or state.unreachable else frozenset(),
        readdressed=planned.keys_of_readdressed(connection) if state.planned else frozenset(),
        faults=faults,
    )


def _stages(
    connection: Connection,
    rows: Iterable[ProgrammeRow],
    after: date,
    day: date,
    until: date | None,
    behind: Mapping[str, date | None],
) -> Mapping[str, StagesByDay]:
    """Return the stages after the watermark by programme: up to ``day``, or as far as anything looks ahead.

    Ahead of its day a run looks where readers have a day of their own; behind the watermark, where a
    programme could not be planned up to it.
    """
    found: dict[str, list[Stage]] = {row.programme.key: [] for row in rows}
    for n in range((day - after).days if until is None else 0):
        for stage in programmes.stages_of_day(connection, after + timedelta(days=n + 1)):
            found.setdefault(OccurrenceID.parse(stage.occurrence).programme, []).append(stage)
    for row in rows:
        key = row.programme.key
        if key in behind and (begin := behind[key] or row.started_on) and begin < after:
            found[key] += programmes.stages_between(connection, key, begin, after)
        if until is not None:
            found[key] += programmes.stages_between(connection, key, after, until + timedelta(days=AHEAD))
        elif row.started_on and people.preferences_of_programme(connection, key):
            found[key] += programmes.stages_between(connection, key, day, day + timedelta(days=AHEAD))
        for checkpoint in checkpoint_occurrences(row.programme).values():
            stage = checkpoint_stage(checkpoint, row.policy.workdays)
            if after < stage.send_on and (until is not None or stage.send_on <= day):
                found[key].append(stage)
        for asking in unset_series(row.programme).values():
            for stage in stages_of_row(asking, row.policy.workdays, row.policy):
                if after < stage.send_on and (until is not None or stage.send_on <= day):
                    found[key].append(stage)
    return {key: by_day(stages) for key, stages in found.items()}


def _with_apart(
    stages: Mapping[str, StagesByDay], apart: Mapping[str, Collection[Stage]]
) -> Mapping[str, StagesByDay]:
    """Return the stages with those that units have on days of their own."""
    found = dict(stages)
    for key, own in apart.items():
        if own:
            found[key] = by_day((*(stage for ones in found[key].values() for stage in ones), *own))
    return found


def _changed(
    connection: Connection,
    rows: Iterable[ProgrammeRow],
    since: datetime,
    since_when: Mapping[str, datetime],
    watermark: date,
) -> Mapping[str, frozenset[str]]:
    """Return the occurrences of started programmes that are new or changed since the last planning.

    Those too of which a setting moved a stage behind the ``watermark``. What a hand-over changed is left to
    ``resumed``, which does not escalate anew. ``since_when`` are the instants from which a programme could
    not be planned.
    """
    found: dict[str, frozenset[str]] = {}
    for row in rows:
        key = row.programme.key
        own = since_when.get(key, since)
        if not row.started_on:
            continue
        if changed := programmes.changed_since(connection, key, own):
            handed = answers.handovers_of(connection, key, own)
            found[key] = frozenset(one for one in changed if OccurrenceID.parse(one).action not in handed)
        if moved := _moved_by_settings(connection, row, own, watermark):
            found[key] = found.get(key, frozenset()) | moved
    return found


def _moved_by_settings(
    connection: Connection, row: ProgrammeRow, since: datetime, watermark: date
) -> frozenset[str]:
    """Return the occurrences with a stage that lay ahead by the settings of ``since``, and now does not."""
    history = programmes.setting_history(connection, row.programme.key)
    if all(one.at <= since for one in history):
        return frozenset()
    before = policy_with({one.name: one.value for one in history if one.at <= since})
    stored = programmes.stored_occurrences(connection, row.programme.key)
    return frozenset(
        str(one.row.id)
        for one in stored
        if moved_behind(one.row, before, row.policy, watermark, one.anchor_on)
    )


def _resumed(
    connection: Connection, rows: Iterable[ProgrammeRow], since: datetime, watermark: date
) -> Mapping[str, Resumed]:
    """Return what people ended, took back or handed over in started programmes since the last planning."""
    found: dict[str, Resumed] = {}
    for row in rows:
        if row.started_on:
            key, actions = row.programme.key, row.programme.action_by_id
            moves = tuple(
                (actions[action], move)
                for action, ones in answers.handovers_of(connection, key, since).items()
                for move in ones
                if action in actions and move.effective_from <= watermark
            )
            found[key] = Resumed(
                answers.resumed_since(connection, key, since),
                moves,
                frozenset(collection.opened_again(connection, key, since)),
            )
    return found


def _is_concerned(connection: Connection, row: ProgrammeRow, state: PlannerState) -> bool:
    """Tell whether anything may change in a programme on the state's day, or be mailed about it.

    These are cheap questions, and "yes" in doubt: what then really happens the planner decides.
    """
    key, day = row.programme.key, state.day
    if not row.started_on:
        return not row.held
    return bool(
        state.stages[key]
        or state.changed.get(key)
        or state.resumed.get(key)
        or _goes_on(row.programme, answers.pauses_of(connection, key), state)
        or _is_apart(connection, key, state)
        or _comes(people.contacts_of(connection, key), state)
        or _has_own_people(connection, row.programme, day)
    ) or (not row.held and _may_be_told(connection, row, day, state.last_digest.get(key)))


def _is_apart(connection: Connection, key: str, state: PlannerState) -> bool:
    """Tell whether a unit may be told on a day of its own: asked anew, promised, its answer over."""
    after = state.watermark or state.day - timedelta(days=1)
    return (
        planned.asked_anew_since(connection, key, after - _LOOK_BACK)
        or planned.names_day(connection, key, after, state.day)
        or any(one.answer in {"late", "on-track"} for one in answers.answers_of(connection, key))
    )


def _goes_on(programme: Programme, pauses: Iterable[Pause], state: PlannerState) -> bool:
    """Tell whether a hand-over takes hold or a pause runs out after the watermark, up to the state's day."""
    last, day = state.watermark, state.day
    return last is not None and bool(taking_hold(programme, last, day) or ran_out(pauses, last, day))


def _comes(contacts: Iterable[Contact], state: PlannerState) -> bool:
    """Tell whether somebody is there after the watermark, up to the state's day, who was not before."""
    return state.watermark is not None and comes(contacts, state.watermark, state.day)


def _has_own_people(connection: Connection, programme: Programme, day: date) -> bool:
    """Tell whether a unit has people of its own on a day, of which only others were told of something."""
    units = planned.units_without_contact(connection, programme.key)
    return bool(units) and any(map(partial(people_of(connection, programme).own_unit, day=day), units))


def _may_be_told(connection: Connection, row: ProgrammeRow, day: date, last_digest: date | None) -> bool:
    """Tell whether a digest, the lists of a year or invitations may go on ``day``."""
    if row.closed_on is not None and last_digest is not None:
        return last_digest < row.closed_on <= day
    if row.policy.invitations or (row.policy.year_letter and day.month == JANUARY) or last_digest is None:
        return True
    since, meetings = last_digest + timedelta(days=1), row.programme.meetings
    return bool(
        digest_days(since, day, meetings, row.policy.workdays, row.policy)
        or people.preferences_of_programme(connection, row.programme.key)
    )


def _mentioned(state: PlannerState, states: Mapping[str, ProgrammeState]) -> frozenset[str]:
    """Return the occurrences that a run on the state's day may plan reminders of."""
    found = {one.occurrence for one in (*state.planned, *state.stranded, *state.unreachable)}
    after = state.watermark or state.day - timedelta(days=1)
    for key, one in states.items():
        starts = key not in state.started
        found.update(occurrence for occurrence, _ in answers_over(one, after, state.day))
        goes_on = state.resumed.get(key) or _goes_on(one.programme, one.pauses.values(), state)
        if starts or goes_on or _comes(one.people.all, state):
            found.update(one.occurrences)
        found.update(state.changed.get(key, ()))
        found.update(stage.occurrence for stage in stages_for_own_people(one, state.day))
        found.update(stage.occurrence for stages in state.stages[key].values() for stage in stages)
    return frozenset(found)


def caught_up(connection: Connection, settings: Settings, today: date) -> Mapping[date, date]:
    """Return the dates before ``today`` planned late, each with the day that caught it up; days off too."""
    instants = planned.planned_since(connection, date.min)
    days = {day: at.astimezone(settings.zone).date() for day, at in instants.items()}
    return {day: on for day, on in days.items() if max(day, today - _LOOK_BACK) < on}

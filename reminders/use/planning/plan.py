"""Transaction 1: civil dates, in order from the watermark to today, become planned reminders.

After a dead address, or for whoever follows: reminders go on to the next in the chain.

``People`` passes dead addresses over, so the next in the chain is whoever gets the item now, on
the same day where that is possible. A later run goes on where one died; a bounce is caught up by
the next run, and so is a contact who left while a reminder waited.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from reminders.errors import ClockError
from reminders.planning.due import AHEAD, due_reminders, early_stages, first_start, newest, slot_of, still_due
from reminders.planning.reroute import for_new_reader, latest, lost_readers
from reminders.planning.resume import resumed
from reminders.planning.state import ProgrammeState
from reminders.planning.targets import checkpoint_stages
from reminders.store import Connection, Database, outbox, people, planned
from reminders.store import planned as store
from reminders.store import programmes as repository
from reminders.store.planned import PlannedReminder
from reminders.use.planning.load_state import (
    changed_behind,
    dates_resume,
    load_state,
    load_states,
    resumed_of,
    stages_behind,
)
from reminders.use.programme.store_programme import store_stages
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.workdays import standard_workdays

# -- After a dead address, or for whoever follows: reminders go on to the next in the chain


def readdress(connection: Connection, states: Mapping[str, ProgrammeState], today: date) -> int:
    """Plan the reminders of dead addresses for the next in the chain; return how many went on.

    Where nobody was left, they go on when somebody is: another was entered, an address lives again.
    """
    known = [one for one in planned.at_dead_addresses(connection) if _key(one) in states]
    went_on = sum(_hand_on(connection, states[_key(old)], old, today) for old in known)
    lost = [one for one in planned.unreachable(connection) if _key(one) in states]
    return went_on + sum(_bring_back(connection, states[_key(old)], old, today) for old in lost)


def _key(one: PlannedReminder) -> str:
    return OccurrenceID.parse(one.reminder.occurrence).programme


def _hand_on(connection: Connection, state: ProgrammeState, old: PlannedReminder, today: date) -> bool:
    fresh = for_new_reader(state, old.reminder, today, today, {})
    store.add_planned(connection, fresh)
    planned.hand_on(connection, old, fresh)
    return bool(fresh)


def _bring_back(connection: Connection, state: ProgrammeState, old: PlannedReminder, today: date) -> bool:
    one = latest(state, old.reminder, today)
    fresh = for_new_reader(state, one, today, today, {}) if one else ()
    if not fresh:
        return False
    planned.take_up_again(connection, fresh)
    store.add_planned(connection, fresh)
    planned.hand_on(connection, old, fresh)
    return True


def reroute(connection: Connection, states: Mapping[str, ProgrammeState], today: date) -> None:
    """Plan what waits for somebody who does not get it any more for whoever does.

    The old one is cancelled, so that it is planned again should its address come back.
    """
    waiting = {one.reminder.key: one for one in store.planned(connection)}
    gone = lost_readers(states, (one.reminder for one in waiting.values()), today)
    if not gone:
        return
    sent = store.sent_counts(connection)
    store.cancel_planned(connection, [waiting[one.key].id for one in gone])
    for one in gone:
        state = states[OccurrenceID.parse(one.occurrence).programme]
        store.add_planned(connection, for_new_reader(state, one, one.due_on, today, sent))


# -- Transaction 1: civil dates, in order from the watermark to today, become planned reminders

MAX_GAP = timedelta(days=45)
RULE_VERSION = "1"


def check_clock(database: Database, today: date, *, accept: bool) -> None:
    """Stop when the clock has jumped far ahead and nobody has accepted that.

    Raises ``ClockError``: planning 400 days at once would mail what no one meant.
    """
    with database.read() as connection:
        last = store.watermark(connection)
    if last and today > last + MAX_GAP and not accept:
        raise ClockError(
            f"the last planned day is {last}, the clock says {today}: more than {MAX_GAP.days} days later. "
            "If the clock is right, run: reminders tick --accept-clock"
        )


def plan_days(database: Database, today: date, now: datetime) -> None:
    """Plan every day that is not planned yet, then start what was released.

    1. Messages of earlier days that were never tried are taken back; their items are mailed anew.
    2. For each civil date after the watermark: the stages of that date, for
       programmes that have started; one transaction a date.
    3. What a correction or a re-import brought behind the watermark, or what stood still
       until a pause, an answer or a former unit let go of it: its latest stage.
    4. Each released programme that has not started: its first start.
    5. What reaches a reader today because the reader's day comes before the stage's own.
    6. What failed at a dead address, or waits for somebody who left, goes on to who gets it now.
    7. Of several stages of one item for one address only the newest stays.
    """
    with database.read() as connection:
        last = store.watermark(connection)
    if last is not None and today < last:
        return
    day = last or today - timedelta(days=1)
    with database.write() as connection:
        _take_back(connection, today, now)
    with database.write() as connection:
        _plan_behind(connection, today)
        _plan_woken(connection, today)
    while day < today:
        day += timedelta(days=1)
        with database.write() as connection:
            _plan_day(connection, day, today)
            store.set_planned(connection, day, now, RULE_VERSION)
    with database.write() as connection:
        _start_released(connection, today)
        _plan_early(connection, today)
    replan(database, today)


def replan(database: Database, today: date) -> int:
    """Hand on what failed at a dead address or waits for who left, drop what is answered or overtaken.

    Returns how many dead addresses' reminders went on.
    """
    with database.write() as connection:
        known = load_states(connection)
        went_on = readdress(connection, known, today)
        reroute(connection, known, today)
        _tidy(connection, known, today)
    return went_on


def _take_back(connection: Connection, today: date, now: datetime) -> None:
    """Take back what was never tried on its day: a recipient gets one mail, today's."""
    for outbox_id in outbox.untried_before(connection, today):
        outbox.take_back(connection, outbox_id, now, "not tried on its day; what it says is mailed anew")


def _plan_day(connection: Connection, day: date, today: date) -> None:
    stages = repository.stages_of_day(connection, day)
    for row in repository.all_programmes(connection):
        prefix = f"{row.programme.key}:"
        mine = [stage for stage in stages if stage.occurrence.startswith(prefix)]
        mine += checkpoint_stages(row.programme, day, standard_workdays())
        if mine and row.started_on and row.started_on < day:
            sent = store.sent_counts(connection)
            store.add_planned(connection, due_reminders(mine, today, load_state(connection, row), sent))


def _plan_behind(connection: Connection, today: date) -> None:
    for row in repository.all_programmes(connection):
        if not changed_behind(connection, row):  # most days nothing has: no programme's world is read
            continue
        state = load_state(connection, row)
        stages = stages_behind(connection, row, state, today)
        store.add_planned(connection, due_reminders(stages, today, state, store.sent_counts(connection)))


def _plan_woken(connection: Connection, today: date) -> None:
    last = store.watermark(connection)
    for row in repository.all_programmes(connection):
        stirred = resumed_of(connection, row)
        if last is None or not (stirred or dates_resume(connection, row, last, today)):
            continue  # as above
        reminders = resumed(load_state(connection, row), last, today, store.sent_counts(connection), stirred)
        store.add_planned(connection, reminders)


def _start_released(connection: Connection, today: date) -> None:
    for row in repository.all_programmes(connection):
        if row.held or row.started_on or not repository.set_started(connection, row.programme.key, today):
            continue
        state = load_state(connection, row)
        start = first_start(state, today)
        repository.set_anchors(connection, dict(start.anchors))
        store_stages(connection, row)
        store.add_planned(
            connection, due_reminders(start.stages, today, state, store.sent_counts(connection))
        )


def _plan_early(connection: Connection, today: date) -> None:
    for row in repository.all_programmes(connection):
        # Most programmes have no reader with a day: neither their world nor their stages are read.
        if not row.started_on or not people.preferences_of_programme(connection, row.programme.key):
            continue
        state, sent = load_state(connection, row), store.sent_counts(connection)
        coming = repository.stages_between(
            connection, row.programme.key, today, today + timedelta(days=AHEAD)
        )
        store.add_planned(connection, due_reminders(early_stages(state, coming, today), today, state, sent))


def _tidy(connection: Connection, known: Mapping[str, ProgrammeState], today: date) -> None:
    """Supersede older stages, and cancel what is answered, paused or another's meanwhile."""
    waiting = store.planned(connection)
    ids = {one.reminder.key: one.id for one in waiting}
    kept, superseded = newest(one.reminder for one in waiting)
    newer = {slot_of(one): ids[one.key] for one in kept}
    store.supersede(connection, {ids[one.key]: newer[slot_of(one)] for one in superseded})
    untrue = [
        ids[one.key]
        for one in kept
        if not still_due(known[OccurrenceID.parse(one.occurrence).programme], one, today)
    ]
    store.cancel_planned(connection, untrue)

"""Transaction 1: civil dates, in order from the watermark to today, become planned reminders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from reminders.dispatch.load import save_stages
from reminders.dispatch.readdress import readdress, reroute
from reminders.dispatch.worlds import (
    changed_behind,
    dates_wake,
    stages_behind,
    stirred_of,
    world_of,
    worlds,
)
from reminders.due import World, due_reminders, first_start, newest, slot_of, still_due
from reminders.errors import ClockError
from reminders.pace import stages_on
from reminders.readers import AHEAD, early_stages
from reminders.store import Connection, Database, preferences, withdrawals
from reminders.store import programmes as repository
from reminders.store import reminders as store
from reminders.wake import woken
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.workdays import standard_workdays

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


def plan(database: Database, today: date, now: datetime) -> None:
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
        known = worlds(connection)
        went_on = readdress(connection, known, today)
        reroute(connection, known, today)
        _tidy(connection, known, today)
    return went_on


def _take_back(connection: Connection, today: date, now: datetime) -> None:
    """Take back what was never tried on its day: a recipient gets one mail, today's."""
    for outbox_id in withdrawals.untried_before(connection, today):
        withdrawals.take_back(connection, outbox_id, now, "not tried on its day; what it says is mailed anew")


def _plan_day(connection: Connection, day: date, today: date) -> None:
    stages = repository.stages_on(connection, day)
    for row in repository.all_programmes(connection):
        prefix = f"{row.programme.key}:"
        mine = [stage for stage in stages if stage.occurrence.startswith(prefix)]
        mine += stages_on(row.programme, day, standard_workdays())
        if mine and row.started_on and row.started_on < day:
            sent = store.sent_counts(connection)
            store.plan(connection, due_reminders(mine, today, world_of(connection, row), sent))


def _plan_behind(connection: Connection, today: date) -> None:
    for row in repository.all_programmes(connection):
        if not changed_behind(connection, row):  # most days nothing has: no programme's world is read
            continue
        world = world_of(connection, row)
        stages = stages_behind(connection, row, world, today)
        store.plan(connection, due_reminders(stages, today, world, store.sent_counts(connection)))


def _plan_woken(connection: Connection, today: date) -> None:
    last = store.watermark(connection)
    for row in repository.all_programmes(connection):
        stirred = stirred_of(connection, row)
        if last is None or not (stirred or dates_wake(connection, row, last, today)):
            continue  # as above
        reminders = woken(world_of(connection, row), last, today, store.sent_counts(connection), stirred)
        store.plan(connection, reminders)


def _start_released(connection: Connection, today: date) -> None:
    for row in repository.all_programmes(connection):
        if row.held or row.started_on or not repository.set_started(connection, row.programme.key, today):
            continue
        world = world_of(connection, row)
        start = first_start(world, today)
        repository.set_anchors(connection, dict(start.anchors))
        save_stages(connection, row)
        store.plan(connection, due_reminders(start.stages, today, world, store.sent_counts(connection)))


def _plan_early(connection: Connection, today: date) -> None:
    for row in repository.all_programmes(connection):
        # Most programmes have no reader with a day: neither their world nor their stages are read.
        if not row.started_on or not preferences.of_programme(connection, row.programme.key):
            continue
        world, sent = world_of(connection, row), store.sent_counts(connection)
        coming = repository.stages_between(
            connection, row.programme.key, today, today + timedelta(days=AHEAD)
        )
        store.plan(connection, due_reminders(early_stages(world, coming, today), today, world, sent))


def _tidy(connection: Connection, known: Mapping[str, World], today: date) -> None:
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
    store.cancel(connection, untrue)

"""Transaction 1: the planner's step, read, decided and written.

What is written is what ``planning.planner.step`` says, part by part, so that a run that was killed in
between is completed by the next one, and two runs at once give the result of one: reminders and
civil dates are inserted unless they stand already, everything else is a conditional update.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from structlog import get_logger

from reminders.errors import ClockError
from reminders.planning.due import DueReminder
from reminders.planning.planner import ProgrammeStart, Step, step
from reminders.service import Service
from reminders.store import Connection, Database, installation, outbox, planned, programmes, watch
from reminders.use.planning.load_state import load_planner
from reminders.use.programme.store_programme import store_stages
from reminders.use.watch.audit import record_act

log = get_logger()
RULE_VERSION: Final = "1"
_TAKEN_BACK: Final = "not delivered on its day; what it says is mailed anew"


def check_restored(service: Service, *, accept: bool) -> None:
    """Stop after a backup was restored until somebody has looked; ``accept`` is the answer, given once.

    Raises ``ClockError``: what was mailed since the backup is not known any more, and would be mailed again.
    """
    database, zone = service.database, service.settings.zone
    with database.read() as connection:
        backup_of = installation.restored_from(connection)
    if backup_of is None:
        return
    if not accept:
        raise ClockError(
            f"this database was restored from a backup of {backup_of.astimezone(zone):%Y-%m-%d %H:%M}. "
            "What was mailed or answered after that is not in it: mails of the days since may go out again. "
            "To see them, run: reminders tick --dry-run. To go on, run: reminders tick --accept-clock"
        )
    with database.write() as connection:
        installation.ask_about_restore(connection, None)
        record_act(connection, service, "clock-accepted", subject="restored")
    log.warning("mail goes on after a backup was restored", backup_of=backup_of.isoformat())


def plan_days(database: Database, today: date, now: datetime) -> Step:
    """Plan every day that is not planned yet, and start what was released; return the step with its mails.

    1. Messages of earlier days that nobody can have seen are taken back, tried or not: a recipient gets one
       mail, with what is true today. Where one may have arrived, today's waits until that is settled.
    2. Read all that planning looks at, as it is at one moment, and decide.
    3. Write, first what lies behind the watermark, then each civil date with its mark in a transaction
       of its own: killed in between, the next run goes on from the last date that is marked.
    4. Write the first starts, what is early, and what became of all that waits.
    5. Note which programmes could not be planned: the first run that can makes up for it.
    """
    with database.read() as connection:
        undelivered = outbox.undelivered_before(connection, today)
    if undelivered:
        with database.write() as connection:
            for outbox_id in outbox.undelivered_before(connection, today):
                outbox.take_back(connection, outbox_id, now, _TAKEN_BACK)
    with database.snapshot() as connection:
        state = load_planner(connection, today)
    decided = step(state, today)
    if decided.caught_up:
        with database.write() as connection:
            planned.add_planned(connection, decided.caught_up, now)
    for day, reminders in decided.dates:
        with database.write() as connection:
            planned.add_planned(connection, reminders, now)
            planned.set_planned(connection, day, now, RULE_VERSION)
    if decided.starts or decided.early:
        with database.write() as connection:
            for start in decided.starts:
                _start(connection, start, today, now)
            planned.add_planned(connection, decided.early, now)
    if decided.readdressings or decided.lost or decided.superseded or decided.untrue:
        with database.write() as connection:
            _readdress(connection, decided, now)
            planned.cancel_planned(connection, _ids(connection, decided.lost))
            planned.add_planned(connection, decided.rerouted, now)
            ids = {one.reminder.key: one.id for one in planned.planned(connection)}
            both = ((old, new) for old, new in decided.superseded.items() if old in ids and new in ids)
            planned.supersede(connection, {ids[old]: ids[new] for old, new in both})
            planned.cancel_planned(connection, _ids(connection, decided.untrue))
    if decided.faults or state.behind:
        for key, reason in decided.faults.items():
            log.error("programme not planned", programme=key, reason=reason)
        with database.write() as connection:
            watch.note_faults(connection, decided.faults, state.watermark, now)
    return decided


def _start(connection: Connection, start: ProgrammeStart, today: date, now: datetime) -> None:
    """Note a first start, unless another process has, or somebody holds the programme meanwhile.

    Its stages are worked out from what is stored now: an import may have come between.
    """
    row = programmes.stored_programme(connection, start.programme)
    if row.held or not programmes.set_started(connection, start.programme, today):
        return
    programmes.set_anchors(connection, dict(start.anchors))
    store_stages(connection, row)
    planned.add_planned(connection, start.reminders, now)


def _readdress(connection: Connection, decided: Step, now: datetime) -> None:
    """Let failed reminders go on; one that went on meanwhile, by another process, is left alone."""
    if not decided.readdressings:
        return
    rows = (*planned.stranded(connection), *planned.unreachable(connection))
    failed = {one.reminder.key: one for one in rows}
    for one in decided.readdressings:
        old = failed.get(one.old.key)
        if old is None:
            continue
        if one.again:
            planned.take_up_again(connection, one.new)
        planned.add_planned(connection, one.new, now)
        planned.hand_on(connection, old, one.new)


def _ids(connection: Connection, reminders: Iterable[DueReminder]) -> list[int]:
    keys = {one.key for one in reminders}
    return [one.id for one in planned.planned(connection) if one.reminder.key in keys] if keys else []

"""One idempotent run: plan, compose, deliver, sweep. cron and the alarm clock call the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from structlog import get_logger

from reminders.delivery.transport import Transport
from reminders.dispatch.bounces import Desk
from reminders.dispatch.deliver import Sender
from reminders.dispatch.mail import Post, compose
from reminders.dispatch.plan import check_clock, plan
from reminders.dispatch.worlds import local
from reminders.settings import Settings
from reminders.store import Database
from reminders.store import reminders as store

log = get_logger()


@dataclass(frozen=True)
class Service:
    """What every use case is handed: settings, database, transport, secret, and the clock of the door."""

    settings: Settings
    database: Database
    transport: Transport
    secret: str
    clock: Callable[[], datetime]
    pause: Callable[[float], None]


@dataclass(frozen=True)
class Result:
    """What a run did. ``outcomes`` counts messages by state; ``composed`` new ones."""

    composed: int
    outcomes: dict[str, int]
    may_send: bool


def tick(service: Service, *, accept_clock: bool = False, accept_count: bool = False) -> Result:
    """Run once.

    1. Stop if the clock jumped (``ClockError``).
    2. On a sending day, from TICK_AT inside the mail window: plan and compose.
    3. Sweep, and deliver what is due.
    4. Read the mailbox of returned mail.
    """
    now = service.clock()
    here = local(service.settings, now)
    check_clock(service.database, here.day, accept=accept_clock)
    with service.database.write() as connection:
        run_id = store.add_run(connection, now)
    composed = 0
    if here.may_compose and _not_behind(service, now):
        plan(service.database, here.day, now)
        post = Post(service.settings, service.secret, now)
        composed = compose(service.database, post, here.day, accept_count=accept_count)
    sender = Sender(
        service.database, service.settings, service.transport, service.clock, service.pause, service.secret
    )
    outcomes = {state: count for state, count in sender.run().items() if count}
    Desk(service.settings, service.database, service.secret, now).read_mailbox()
    result = Result(composed, outcomes, here.may_send)
    with service.database.write() as connection:
        store.finish_run(connection, run_id, service.clock(), {"composed": composed, **outcomes})
    log.info("run finished", composed=composed, **outcomes)
    return result


def _not_behind(service: Service, now: datetime) -> bool:
    """Tell that the clock has not gone back behind what is planned: then nothing is planned twice."""
    with service.database.read() as connection:
        last = store.watermark(connection)
    return last is None or local(service.settings, now).day >= last

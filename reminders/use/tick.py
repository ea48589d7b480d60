"""One idempotent run: plan, compose, deliver, sweep. cron and the alarm clock call the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from structlog import get_logger

from reminders.clock import CivilTime, civil_time
from reminders.errors import GuardError
from reminders.planning.planner import Step
from reminders.service import Service
from reminders.store import planned as store
from reminders.use.feeds.published import keep_up
from reminders.use.mail.bounces import BounceDesk
from reminders.use.mail.compose import MailContext, compose_mails
from reminders.use.mail.sender import Sender
from reminders.use.planning.plan import check_clock, check_restored, plan_days
from reminders.use.planning.sending_times import sending_times
from reminders.use.series.saves import take_out_over
from reminders.use.watch.evidence import begin_evidence

log = get_logger()


@dataclass(frozen=True)
class Result:
    """What a run did. ``outcomes`` counts messages by state; ``composed`` new ones.

    ``alarm`` is why the mail channel was found closed, else nothing.
    """

    composed: int
    outcomes: dict[str, int]
    may_send: bool
    alarm: str = ""


def tick(service: Service, *, accept_clock: bool = False, accept_count: bool = False) -> Result:
    """Run once.

    1. Stop if the clock jumped, or a backup was restored and nobody has looked (``ClockError``).
    2. On a sending day of a programme, from TICK_AT inside its window: plan, compose what is decided.
    3. Sweep, and deliver what is due; what was taken back, or met a dead address, is planned
       and composed anew and delivered.
    4. Read the mailbox of returned mail.

    Asked to stop, it ends between two of these steps, or two messages; the next run goes on from there.
    """
    now = service.clock()
    here = civil_time(service.settings, now)
    begin_evidence(service)
    check_clock(service.database, here.day, accept=accept_clock)
    check_restored(service.database, service.settings.zone, accept=accept_clock)
    with service.database.write() as connection:
        run_id = store.add_run(connection, now)
    take_out_over(service.database, here.day, now)
    keep_up(service.database, now)
    with service.database.read() as connection:
        last, times = store.watermark(connection), sending_times(connection, service.settings)
    # A clock that has gone back behind what is planned plans nothing twice.
    may_compose = times.may_compose(now) and (last is None or here.day >= last)
    decided = plan_days(service.database, here.day, now) if may_compose else None
    try:
        result = _mail(service, here, decided, accept_count=accept_count)
        result = replace(result, may_send=times.may_send(now))
    finally:
        if not service.stop.is_made:
            BounceDesk(service.settings, service.database, service.secret, now).read_mailbox()
    told = {"composed": result.composed, **result.outcomes}
    if service.stop.is_made:
        log.info("run stopped as asked", **told)
        return result
    with service.database.write() as connection:
        noted = {**told, **({"alarm": result.alarm} if result.alarm else {})}
        store.finish_run(connection, run_id, service.clock(), noted)
    log.info("run finished", **told)
    return result


def _mail(service: Service, here: CivilTime, decided: Step | None, *, accept_count: bool) -> Result:
    """Compose and deliver, again for as long as something has to go to another than it was meant for."""
    sender = Sender(
        service.database,
        service.settings,
        service.transport(),
        service.clock,
        service.pause,
        service.secret,
        service.real_time,
        service.stop,
    )
    post = MailContext(service.settings, service.secret, here.instant)
    outcomes: Counter[str] = Counter()
    composed, again = 0, True
    while again and not service.stop.is_made:
        if decided:
            try:
                composed += compose_mails(service.database, post, decided, accept_count=accept_count)
            except GuardError:  # asks about what is new; what was composed before goes on
                sender.run()
                raise
        told, went_on = sender.run(), 0
        if decided and (told["failed"] or told["taken back"]):
            decided = plan_days(service.database, here.day, here.instant)
            went_on = sum(bool(one.new) for one in decided.readdressings)
        outcomes += told + Counter({"re-addressed": went_on})
        again = bool(went_on or (decided and told["taken back"])) and not sender.alarm
    return Result(
        composed, {state: n for state, n in outcomes.items() if n}, may_send=True, alarm=sender.alarm
    )

"""One idempotent run: plan, compose, deliver, sweep. cron and the alarm clock call the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from structlog import get_logger

from reminders.clock import CivilTime, civil_time
from reminders.errors import CountError
from reminders.planning.planner import Step
from reminders.service import Service
from reminders.store import installation, planned as store
from reminders.use.feeds.published import keep_up
from reminders.use.mail.bounces import BounceDesk
from reminders.use.mail.compose import MailContext, compose_mails
from reminders.use.mail.sender import Sender
from reminders.use.people.dead_addresses import many_dead
from reminders.use.planning.clock_doubts import check_clock
from reminders.use.planning.plan import check_restored, plan_days
from reminders.use.planning.sending_times import sending_times
from reminders.use.programme.drafts import sweep_drafts
from reminders.use.series.saves import take_out_over
from reminders.use.watch.audit import record_act
from reminders.use.watch.channel import resting_reason
from reminders.use.watch.evidence import begin_evidence

log = get_logger()


@dataclass(frozen=True)
class Result:
    """What a run did. ``outcomes`` counts messages by state; ``composed`` new ones.

    ``alarm`` is why the mail channel was found closed, else nothing; ``resting`` why it was not tried;
    ``many_dead``: more addresses count as dead than is likely.
    """

    composed: int
    outcomes: dict[str, int]
    may_send: bool
    alarm: str = ""
    resting: str = ""
    many_dead: bool = False

    @property
    def has_failed(self) -> bool:
        """Tell whether the run could not do its work.

        There was no way to send, more has failed than was sent, or too many addresses are passed over.
        """
        is_worse = self.outcomes.get("failed", 0) > self.outcomes.get("sent", 0)
        return bool(self.alarm or self.resting or self.many_dead or is_worse)


def tick(service: Service, *, accept_clock: bool = False, accept_count: bool = False) -> Result:
    """Run once.

    1. Stop if the clock does not fit, or a backup was restored and nobody has looked (``ClockError``).
    2. On a sending day of a programme, from TICK_AT inside its window: plan, compose what is decided.
    3. Sweep, and deliver what is due; what was taken back, or met a dead address, is planned
       and composed anew and delivered.
    4. Read the mailbox of returned mail.

    Raises ``CountError`` in the end when more mails wait than may go unasked; what was composed before went.

    Asked to stop, it ends between two of these steps, or two messages; the next run goes on from there.
    """
    now = service.clock()
    here = civil_time(service.settings, now)
    begin_evidence(service)
    check_clock(service, now, accept=accept_clock)
    check_restored(service, accept=accept_clock)
    with service.database.write() as connection:
        run_id = store.add_run(connection, now)
    sweep_drafts(service.settings.uploads_folder, now)
    take_out_over(service.database, here.day, now)
    keep_up(service.database, now)
    with service.database.read() as connection:
        last, times = store.watermark(connection), sending_times(connection, service.settings)
    # A clock that has gone back behind what is planned plans nothing twice.
    may_compose = times.may_compose(now) and (last is None or here.day >= last)
    decided = plan_days(service.database, here.day, now) if may_compose else None
    try:
        result, asks = _mail(service, here, decided, accept_count=accept_count)
        result = replace(
            result,
            may_send=times.may_send(now),
            resting=resting_reason(service),
            many_dead=bool(many_dead(service)),
        )
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
    if asks:
        raise asks
    return result


def _mail(
    service: Service, here: CivilTime, decided: Step | None, *, accept_count: bool
) -> tuple[Result, CountError | None]:
    """Compose and deliver, again for as long as something has to go to another than it was meant for.

    With the result comes what is asked, where more mails wait than may go unasked.
    """
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
    composed, again, asks = 0, True, None
    while again and not service.stop.is_made:
        if decided:
            found, asks = _compose(service, post, decided, accept_count=accept_count)
            composed += found
        told, went_on = sender.run(), 0
        if decided and (told["failed"] or told["expired"] or told["taken back"]):
            decided = plan_days(service.database, here.day, here.instant)
            went_on = sum(bool(one.new) for one in decided.readdressings)
        outcomes += told + Counter({"re-addressed": went_on})
        again = bool(went_on or (decided and told["taken back"])) and not sender.alarm and not asks
    counts = {state: n for state, n in outcomes.items() if n}
    return Result(composed, counts, may_send=True, alarm=sender.alarm), asks


def _compose(
    service: Service, post: MailContext, decided: Step, *, accept_count: bool
) -> tuple[int, CountError | None]:
    """Compose what is decided, if it may go; else note that it waits for a yes."""
    count = len(decided.mails)
    with service.database.read() as connection:
        asked = installation.asked_count(connection)
    if asked and accept_count:
        with service.database.write() as connection:
            record_act(connection, service, "count-accepted", counts={"mails": asked.mails})
    said = bool(asked and asked.accepted_until and post.now < asked.accepted_until and count <= asked.mails)
    try:
        composed = compose_mails(service.database, post, decided, accept_count=accept_count or said)
    except CountError as error:  # asks about what is new; what was composed before goes on
        with service.database.write() as connection:
            installation.ask_count(connection, error.mails)
        return 0, error
    if asked:
        with service.database.write() as connection:
            installation.ask_count(connection, 0)
    return composed, None

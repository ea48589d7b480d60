"""The alarm: one mail a day, by another mail server, when runs, mail or the secretary are missing.

A run must have finished by an hour after TICK_AT.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from email.utils import parseaddr
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from structlog import get_logger

from email_templates.alarm import Alarm, MissingRun, NoSecretary, render_alarm
from reminders.clock import tomorrow
from reminders.delivery import Envelope, Transport
from reminders.delivery.smtp import smtp_to, with_tokens
from reminders.letters.message import MessageFacts, octets
from reminders.service import Service
from reminders.settings import Settings, SmtpTarget
from reminders.store import Connection, evidence, installation, planned, programmes, watch
from reminders.use.people.contacts import lapses
from reminders.use.people.dead_addresses import many_dead
from reminders.use.planning.clock_doubts import open_question
from reminders.use.watch.channel import standstill
from schedule_rules.workdays import standard_workdays

log = get_logger()
GRACE: Final = timedelta(hours=1)
RETRY: Final = timedelta(hours=1)
_LOOK_BACK: Final = 15
Route = Callable[[SmtpTarget], Transport]


def missed_run(
    last: datetime | None,
    now: datetime,
    zone: ZoneInfo,
    tick_at: time,
    is_working_day: Callable[[date], bool],
) -> date | None:
    """Return the working day whose run is missing, None when all is well.

    A day's run is one that finished at TICK_AT or later. It is missed from an hour after
    TICK_AT on, and stays so through nights and weekends until a run finishes.
    """
    here = now.astimezone(zone)
    for back in range(_LOOK_BACK):
        day = here.date() - timedelta(days=back)
        due = datetime.combine(day, tick_at, zone)
        if is_working_day(day) and now >= due + GRACE:
            return day if last is None or last < due else None
    return None


def missed(service: Service, last: datetime | None) -> date | None:
    """Return the working day whose run is missing now, given when the last one finished."""
    zone, tick_at = service.settings.zone, service.settings.tick_at
    return missed_run(last, service.clock(), zone, tick_at, standard_workdays().is_working_day)


def broken_parts(connection: Connection) -> Mapping[str, str]:
    """Return the programmes that cannot be planned, or whose letters of the last day could not be made.

    By key, each with the technical reason.
    """
    found = {one.programme: one.reason for one in watch.faults(connection)}
    found |= programmes.readable_programmes(connection)[1]
    last = planned.watermark(connection)
    for key, _, day in planned.sections_left_out(connection):
        if day == last:
            found.setdefault(key, "a letter could not be made")
    return dict(sorted(found.items()))


def missing_run(service: Service) -> MissingRun | None:
    """Return the run that is missing now, and when the last one finished; None when all is well."""
    with service.database.read() as connection:
        run = planned.last_run(connection)
    last = run[0].astimezone(service.settings.zone) if run else None
    day = missed(service, last)
    return MissingRun(day, last) if day else None


def troubles(service: Service) -> Alarm:
    """Return what is wrong, for the people who run the service; false when all is well."""
    settings, found = service.settings, standstill(service)
    with service.database.read() as connection:
        broken = broken_parts(connection)
        restored, other_key = installation.restored_from(connection), evidence.has_other_key(connection)
    return Alarm(
        clock=open_question(service),
        missing=missing_run(service),
        closed=(found.closed,) if found.closed else (),
        waiting=None if found.is_let_go else found.waiting,
        broken=tuple(broken.items()),
        without=tuple(NoSecretary(one.programme.name, one.since, one.kind) for one in lapses(service)),
        dead=many_dead(service),
        other_key=other_key,
        restored=restored.astimezone(settings.zone) if restored else None,
        host=urlsplit(settings.base_url).hostname or "localhost",
        link=settings.base_url,
    )


def send_alarm(service: Service, route: Route | None = None) -> bool:
    """Send the alarm if something is wrong and none was sent today; return whether one was sent.

    Never raises: an alarm that does not get out is logged, and tried again in an hour.
    """
    settings = service.settings
    if settings.alarm_smtp_url is None or settings.alarm_to is None:
        return False
    try:
        return _send_alarm(service, settings.alarm_smtp_url, settings.alarm_to, route)
    except Exception as error:  # noqa: BLE001 - the alarm must never stop what it watches
        log.error("alarm not sent", reason=type(error).__name__)  # noqa: TRY400 - no secret of the route
        return False


def _send_alarm(service: Service, target: SmtpTarget, to: str, route: Route | None) -> bool:
    found, now = troubles(service), service.clock()
    if not found:
        return False
    with service.database.write() as connection:
        if not watch.claim_turn(connection, watch.ALARM, now, tomorrow(service.settings, now)):
            return False
    transport = route(target) if route else smtp_to(with_tokens(target, None), service.settings.base_url)
    outcome = transport.deliver(_envelope(service.settings, to, found, now), lambda: True)
    transport.close()
    if outcome.kind == "accepted":
        log.warning(
            "alarm sent",
            run_missing=found.missing is not None,
            channels=len(found.closed),
            lapsed=len(found.without),
            many_dead=len(found.dead),
            other_key=found.other_key,
            restored=found.restored is not None,
            waits_for_yes=found.waiting is not None,
            clock=found.clock.kind if found.clock else "",
        )
        return True
    log.error("alarm not sent", phase=outcome.phase, code=outcome.code)
    with service.database.write() as connection:
        watch.retry_alarm(connection, now + RETRY)
    return False


def _envelope(settings: Settings, to: str, found: Alarm, now: datetime) -> Envelope:
    sender = parseaddr(settings.mail_from)[1]
    content = render_alarm(found)
    facts = MessageFacts(
        sender=sender,
        sender_name="",
        recipient=to,
        reply_to=(),
        subject=content.subject,
        text=content.text,
        html=content.html,
        content_language=content.content_language,
        message_id=f"<alarm.{secrets.token_hex(16)}@{sender.rpartition('@')[2]}>",
        date=now.astimezone(settings.zone),
        list_id=found.host if "." in found.host else "localhost.localdomain",
    )
    return Envelope(sender, to, facts.message_id, octets(facts), now.astimezone(settings.zone).date(), now)

"""What keeps mail from leaving: a mail server that cannot be used, or more mails at once than may go unasked.

What waits is looked at here for pages, alarm and health, and let go on: the next run does it. Why a server
cannot be used was noted by the run that met it.
"""

from __future__ import annotations

from dataclasses import dataclass

from structlog import get_logger

from email_templates.alarm import ClosedChannel, WaitingMails
from reminders.clock import tomorrow
from reminders.letters.channel_causes import is_serious
from reminders.letters.delivery_events import without_addresses
from reminders.service import Service
from reminders.store import installation, watch
from reminders.store.watch import Channel
from reminders.use.watch.audit import record_act

log = get_logger()


@dataclass(frozen=True, slots=True)
class Standstill:
    """What keeps mail back now: the ``closed`` way of sending, the mails that are ``waiting`` for a yes.

    ``rests``: the way of sending is not tried before a while has passed; ``is_let_go``: the yes was said.
    """

    closed: ClosedChannel | None = None
    waiting: WaitingMails | None = None
    rests: bool = False
    is_let_go: bool = False


def standstill(service: Service) -> Standstill:
    """Return what keeps mail from leaving now."""
    now = service.clock()
    with service.database.read() as connection:
        one, asked = _current(service, watch.channels(connection)), installation.asked_count(connection)
    return Standstill(
        closed=_closed(one) if one and is_serious(one.cause, one.failures) else None,
        waiting=WaitingMails(asked.mails, service.settings.mail_cap) if asked else None,
        rests=bool(one and one.open_until and one.open_until > now),
        is_let_go=bool(asked and asked.accepted_until and asked.accepted_until > now),
    )


def _current(service: Service, found: tuple[Channel, ...]) -> Channel | None:
    """Return the way of sending that is set now, if it ever failed."""
    name = "smtp" if service.settings.smtp_url else "folder"
    return next((one for one in found if one.name == name), None)


def _closed(one: Channel) -> ClosedChannel:
    return ClosedChannel(one.name == "folder", one.failures, without_addresses(one.reason), one.cause)


def resting_reason(service: Service) -> str:
    """Return why messages wait: the way of sending rests, or takes nothing again and again; else nothing."""
    now = service.clock()
    with service.database.read() as connection:
        one = _current(service, watch.channels(connection))
        if one is None or not watch.has_waiting_messages(connection):
            return ""
    rests = one.open_until is not None and one.open_until > now
    return one.reason if rests or is_serious(one.cause, one.failures) else ""


def try_again(service: Service) -> None:
    """Let the next run try a way of sending that rests."""
    with service.database.write() as connection:
        for one in watch.channels(connection):
            if one.open_until is not None:
                watch.set_breaker(connection, one.name, one.failures, None, one.reason, one.cause)
        record_act(connection, service, "mail-tried-again")
    log.info("mail channel is tried again as asked")


def let_go(service: Service) -> None:
    """Say yes to the mails that wait for it: as many as are waiting now may go today."""
    now = service.clock()
    with service.database.write() as connection:
        installation.accept_count(connection, tomorrow(service.settings, now))
        record_act(connection, service, "mail-let-go")
    log.info("more mails than MAIL_CAP are let go as asked")

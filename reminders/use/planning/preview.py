"""What would go out: dry runs, redirected mail, the forecast, the first page's preview, what a change does.

The planner's own steps, from what is stored. Nothing here writes; nothing is marked as sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from structlog import get_logger

from reminders.clock import civil_time
from reminders.delivery import Envelope
from reminders.letters.message import MessageFacts, octets
from reminders.letters.retry import Outcome
from reminders.planning.forecast import Difference, difference, forecast
from reminders.planning.mails import Mail, parts_about
from reminders.planning.planner import step
from reminders.service import Service
from reminders.store import Connection, planned
from reminders.use.mail.compose import MailContext, batch_of, compose_mail
from reminders.use.planning.load_state import load_planner
from reminders.use.planning.sending_times import sending_times
from schedule_rules.days import Span

log = get_logger()
Change = Callable[[Connection], object]
"""What a use case does inside its transaction."""


@dataclass(frozen=True)
class MailPreview:
    """The mails of the next sending day: when they go and their rendered facts.

    ``unmade`` are those whose letter cannot be made; they keep no other back.
    """

    at: datetime
    mails: tuple[tuple[Mail, MessageFacts], ...]
    unmade: tuple[Mail, ...] = ()


@dataclass(frozen=True, slots=True)
class NextMailing:
    """When mail goes: the first day not mailed yet; whether the programme has had its first start."""

    first_day: date
    started: bool


def forecast_window(connection: Connection, window: Span) -> Iterator[Mail]:
    """Yield every mail that would go out within ``window``, starting from what is stored."""
    return forecast(load_planner(connection, window.first, window.last), window)


def what_if(service: Service, change: Change, window: Span) -> Difference:
    """Return how ``change`` would alter the mails within ``window``; nothing stays stored.

    The answer is what saving would bring about. Errors of the change come through.
    """
    with service.database.trial() as connection:
        before = tuple(forecast_window(connection, window))
        change(connection)
        after = tuple(forecast_window(connection, window))
    return difference(before, after)


def next_sending(service: Service, programme: str = "") -> datetime:
    """Return the next moment at which mails are composed (now, if that is one and none went yet).

    Of one programme where it is named; of one that is held, as if it were released.
    """
    now = service.clock()
    with service.database.read() as connection:
        done = planned.watermark(connection) == civil_time(service.settings, now).day
        times = sending_times(connection, service.settings, held=bool(programme))
    return times.next_composing(now, done=done, key=programme)


def next_mailing(service: Service, *, started: bool, programme: str = "") -> NextMailing:
    """Return when mail about a programme goes; its first start waits for the next sending."""
    if not started:
        return NextMailing(next_sending(service, programme).date(), started=False)
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        mailed = planned.watermark(connection) == today
    return NextMailing(today + timedelta(days=1) if mailed else today, started=True)


def preview_next(service: Service, programme: str = "") -> MailPreview:
    """Render the mails of the next sending day, of one programme only its sections."""
    at = next_sending(service, programme)
    return preview_mails(service, at.date(), at, programme)


def preview_mails(service: Service, day: date, at: datetime, programme: str = "") -> MailPreview:
    """Render the mails of ``day`` as they would go, held programmes included; or one programme's part."""
    post = MailContext(service.settings, service.secret, at)
    with service.database.snapshot() as connection:
        decided = step(replace(load_planner(connection, day, day), held=frozenset()), day)
        batch = batch_of(connection, post, decided, sorted(decided.waiting, key=lambda one: one.due_on))
    mails = parts_about(decided.mails, programme) if programme else decided.mails
    made = [(mail, compose_mail(post, batch, mail)) for mail in mails]
    return MailPreview(
        at,
        tuple((one.mail, one.facts) for _, one in made if one),
        tuple(mail for mail, one in made if one is None),
    )


def preview_today(service: Service) -> MailPreview:
    """Render the mails of the clock's own day, whatever the hour and whoever is held: what is rehearsed."""
    now = service.clock()
    return preview_mails(service, civil_time(service.settings, now).day, now)


def redirect(service: Service, address: str) -> list[Outcome]:
    """Send the mails of ``preview_today`` to one address instead; nothing is marked as sent.

    The Message-IDs are none that will be sent: a mail server would take the mail
    itself, coming later to the same address, for a second copy and drop it.
    """
    now = service.clock()
    service = replace(service, secret=f"rehearsal at {now.isoformat()} {service.secret}")
    here, transport = civil_time(service.settings, now), service.transport()
    outcomes = []
    for _, facts in preview_today(service).mails:
        envelope = Envelope(facts.sender, address, facts.message_id, octets(facts), here.day, now)
        outcomes.append(transport.deliver(envelope, lambda: True))
    transport.close()
    return outcomes

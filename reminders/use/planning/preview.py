"""What would go out: dry runs, redirected mail, the forecast and the first page's preview.

Nothing here writes; nothing is marked as sent.

What a change would do to the mails of the coming months: done, forecast, and taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from structlog import get_logger

from reminders.clock import civil_time
from reminders.delivery import Envelope
from reminders.letters.compose import LetterContext
from reminders.letters.message import MessageFacts, octets
from reminders.letters.retry import Outcome
from reminders.planning.forecast import Difference, Run, difference, forecast
from reminders.planning.links import Links
from reminders.planning.mails import Mail
from reminders.service import Service
from reminders.store import Connection
from reminders.store import planned as store
from reminders.use.mail.compose import Batch, MailContext, facts_of, lists_of, sources_of
from reminders.use.planning.load_state import caught_up, outlook
from schedule_rules.days import Span
from schedule_rules.workdays import standard_workdays

# -- What would go out: dry runs, redirected mail, the forecast and the first page's preview

log = get_logger()


@dataclass(frozen=True)
class MailPreview:
    """The mails of the next sending day: when they go and their rendered facts.

    ``unmade`` are those whose letter cannot be made; they keep no other back.
    """

    at: datetime
    mails: tuple[tuple[Mail, MessageFacts], ...]
    unmade: tuple[Mail, ...] = ()


def forecast_window(connection: Connection, window: Span) -> Iterator[Mail]:
    """Yield every mail that would go out within ``window``, starting from what is stored."""
    return forecast(outlook(connection, window.first), window)


def next_sending(service: Service) -> datetime:
    """Return the next moment at which mails are composed (now, if that is one and none went yet)."""
    here = civil_time(service.settings, service.clock())
    workdays = standard_workdays()
    with service.database.read() as connection:
        done = store.watermark(connection) == here.day
    closes = service.settings.mail_window.closes
    late = here.instant.astimezone(service.settings.zone).time() >= closes
    day = workdays.on_or_after(here.day) if not (done or late) else workdays.after(here.day, 1)
    return datetime.combine(day, service.settings.tick_at, service.settings.zone)


def preview_mails(service: Service, day: date, at: datetime) -> MailPreview:
    """Render the mails of ``day`` as they would go, held programmes included."""
    with service.database.read() as connection:
        before = outlook(connection, day)
        run = Run(before)
        copies, drafts = run.step_with_copies(day)
        post = MailContext(service.settings, service.secret, at)
        around = LetterContext(
            base_url=service.settings.base_url,
            links=Links(service.secret),
            copies=copies,
            sent=before.sent,
            last_digest=before.last_digest,
            lists={
                key: lists_of(connection, state, before.last_digest.get(key), post)
                for key, state in run.states.items()
            },
            caught_up=caught_up(connection, service.settings, day),
        )
        sources = sources_of(connection, drafts, service.settings)
    batch = Batch(run.states, drafts, around, {}, sources)
    made = [(draft, _facts(post, batch, draft)) for draft in drafts]
    return MailPreview(
        at,
        tuple((draft, facts) for draft, facts in made if facts),
        tuple(draft for draft, facts in made if facts is None),
    )


def _facts(post: MailContext, batch: Batch, draft: Mail) -> MessageFacts | None:
    """Return what a mail would say; None when it cannot be made, as the run itself would find."""
    try:
        facts = facts_of(post, batch, draft)
        octets(facts)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other mails are shown
        log.warning("letter not made", kind=draft.kind, reason=type(error).__name__)
        return None
    return facts


def preview_next(service: Service) -> MailPreview:
    """Render the mails of the next sending day."""
    at = next_sending(service)
    return preview_mails(service, at.date(), at)


def redirect(service: Service, address: str) -> list[Outcome]:
    """Send today's mails to one address instead; nothing is marked as sent.

    The clock's own day is taken as it is, so that any date can be rehearsed. The
    Message-IDs are none that will be sent: a mail server would take the mail
    itself, coming later to the same address, for a second copy and drop it.
    """
    now = service.clock()
    service = replace(service, secret=f"rehearsal at {now.isoformat()} {service.secret}")
    here = civil_time(service.settings, now)
    outcomes = []
    for _, facts in preview_mails(service, here.day, now).mails:
        envelope = Envelope(facts.sender, address, facts.message_id, octets(facts), here.day, now)
        outcomes.append(service.transport.deliver(envelope, lambda: True))
    service.transport.close()
    return outcomes


# -- What a change would do to the mails of the coming months: done, forecast, and taken back


def what_if(service: Service, change: Callable[[Connection], object], window: Span) -> Difference:
    """Return how ``change`` would alter the mails within ``window``; nothing stays stored.

    The change is what its use case does inside its transaction, so that the answer is what
    saving would bring about. Errors of the change come through.
    """
    with service.database.trial() as connection:
        before = tuple(forecast_window(connection, window))
        change(connection)
        after = tuple(forecast_window(connection, window))
    return difference(before, after)

"""What would go out: dry runs, redirected mail, the forecast and the first page's preview.

Nothing here writes; nothing is marked as sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from structlog import get_logger

from reminders.delivery.transport import Envelope
from reminders.dispatch.downtime import caught_up
from reminders.dispatch.mail import Batch, Post, facts_of, lists_of
from reminders.dispatch.tick import Service
from reminders.dispatch.worlds import local, outlook
from reminders.dispatch.year_files import sources_of
from reminders.forecast import Run, forecast
from reminders.gather import Draft
from reminders.items import Surroundings
from reminders.links import Links
from reminders.message import MessageFacts, octets
from reminders.retry import Outcome
from reminders.store import Connection
from reminders.store import reminders as store
from schedule_rules.days import Span
from schedule_rules.workdays import standard_workdays

log = get_logger()


@dataclass(frozen=True)
class Preview:
    """The mails of the next sending day: when they go and their rendered facts.

    ``unmade`` are those whose letter cannot be made; they keep no other back.
    """

    at: datetime
    mails: tuple[tuple[Draft, MessageFacts], ...]
    unmade: tuple[Draft, ...] = ()


def forecast_window(connection: Connection, window: Span) -> Iterator[Draft]:
    """Yield every mail that would go out within ``window``, starting from what is stored."""
    return forecast(outlook(connection, window.first), window)


def next_sending(service: Service) -> datetime:
    """Return the next moment at which mails are composed (now, if that is one and none went yet)."""
    here = local(service.settings, service.clock())
    workdays = standard_workdays()
    with service.database.read() as connection:
        done = store.watermark(connection) == here.day
    closes = service.settings.mail_window.closes
    late = here.instant.astimezone(service.settings.zone).time() >= closes
    day = workdays.on_or_after(here.day) if not (done or late) else workdays.after(here.day, 1)
    return datetime.combine(day, service.settings.tick_at, service.settings.zone)


def preview(service: Service, day: date, at: datetime) -> Preview:
    """Render the mails of ``day`` as they would go, held programmes included."""
    with service.database.read() as connection:
        before = outlook(connection, day)
        run = Run(before)
        copies, drafts = run.step_with_copies(day)
        post = Post(service.settings, service.secret, at)
        around = Surroundings(
            base_url=service.settings.base_url,
            links=Links(service.secret),
            copies=copies,
            sent=before.sent,
            last_digest=before.last_digest,
            lists={
                key: lists_of(connection, world, before.last_digest.get(key), post)
                for key, world in run.worlds.items()
            },
            caught_up=caught_up(connection, service.settings, day),
        )
        sources = sources_of(connection, drafts, service.settings)
    batch = Batch(run.worlds, drafts, around, {}, sources)
    made = [(draft, _facts(post, batch, draft)) for draft in drafts]
    return Preview(
        at,
        tuple((draft, facts) for draft, facts in made if facts),
        tuple(draft for draft, facts in made if facts is None),
    )


def _facts(post: Post, batch: Batch, draft: Draft) -> MessageFacts | None:
    """Return what a mail would say; None when it cannot be made, as the run itself would find."""
    try:
        facts = facts_of(post, batch, draft)
        octets(facts)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other mails are shown
        log.warning("letter not made", kind=draft.kind, reason=type(error).__name__)
        return None
    return facts


def preview_next(service: Service) -> Preview:
    """Render the mails of the next sending day."""
    at = next_sending(service)
    return preview(service, at.date(), at)


def redirect(service: Service, address: str) -> list[Outcome]:
    """Send today's mails to one address instead; nothing is marked as sent.

    The clock's own day is taken as it is, so that any date can be rehearsed. The
    Message-IDs are none that will be sent: a mail server would take the mail
    itself, coming later to the same address, for a second copy and drop it.
    """
    now = service.clock()
    service = replace(service, secret=f"rehearsal at {now.isoformat()} {service.secret}")
    here = local(service.settings, now)
    outcomes = []
    for _, facts in preview(service, here.day, now).mails:
        envelope = Envelope(facts.sender, address, facts.message_id, octets(facts), here.day, now)
        outcomes.append(service.transport.deliver(envelope, lambda: True))
    service.transport.close()
    return outcomes

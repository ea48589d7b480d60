"""What watching programs ask: whether the service does its work, and numbers for Prometheus.

The health check is 503 when the last finished run is older than expected. Expected is a run by an
hour after TICK_AT on every working day, which a cron job once a day keeps too; and one every few
minutes while mail waits inside the mail window.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from reminders.clock import civil_time
from reminders.service import Service
from reminders.store import Connection, outbox, people, planned as runs, watch
from reminders.use.watch.alarm import missed
from reminders.web.page import Page, Pages

WHILE_MAIL_WAITS: Final = timedelta(minutes=30)
"""The scheduler ticks every five minutes; six in a row are missing after this."""
STATES: Final = ("queued", "sending", "sent", "failed", "uncertain", "expired", "cancelled")


class WatchPages(Pages):
    """The health check and the metrics: no personal data, nothing kept, never cached."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [*self.public("/health", self.health), *self.public("/metrics", self.metrics)]

    def health(self, page: Page) -> Response:
        """Answer for ``/health``: 503 with the reason when the service stands still."""
        now = page.service.clock()
        with page.read() as connection:
            last = runs.last_run(connection)
            waiting = outbox.waiting_messages(connection, now)
        reason = _reason(page.service, now, last[0] if last else None, waiting)
        body: dict[str, Any] = {
            "status": "failing" if reason else "ok",
            "last_run": last[0].astimezone(page.zone).isoformat() if last else None,
            "messages_waiting": waiting,
        }
        if reason:
            body["reason"] = reason
        return JSONResponse(body, 503 if reason else 200, {"Cache-Control": "no-store"})

    def metrics(self, page: Page) -> Response:
        """Answer for ``/metrics``: numbers for Prometheus, counted in the database at each request."""
        registry, now = CollectorRegistry(), page.service.clock()
        with page.read() as connection:
            _mail_gauges(registry, connection, now)
            last = runs.last_run(connection)
        finished = last[0] if last else None
        if finished:
            _gauge(registry, "last_run_age_seconds", "Since the last finished run.", _age(finished, now))
        late = missed(page.service, finished) is not None
        _gauge(registry, "run_missing", "1 when no run has finished in time on a working day.", late)
        headers = {"Cache-Control": "no-store", "Content-Type": CONTENT_TYPE_LATEST}
        return Response(generate_latest(registry), headers=headers)


def _reason(service: Service, now: datetime, last: datetime | None, waiting: int) -> str:
    """Say why the last finished run is older than expected; nothing when all is well."""
    if last is None:
        return "no run has finished yet"
    if day := missed(service, last):
        return f"no run has finished since {service.settings.tick_at:%H:%M} on {day:%Y-%m-%d}"
    overdue = waiting and civil_time(service.settings, now).may_send and now - last > WHILE_MAIL_WAITS
    minutes = WHILE_MAIL_WAITS.seconds // 60
    return f"mail waits, and the last run finished more than {minutes} minutes ago" if overdue else ""


def _mail_gauges(registry: CollectorRegistry, connection: Connection, now: datetime) -> None:
    counts = outbox.counts(connection)
    messages = Gauge("reminders_messages", "Messages by state.", ["state"], registry=registry)
    for state in STATES:
        messages.labels(state).set(counts.get(state, 0))
    oldest = outbox.oldest_unsent(connection)
    _gauge(registry, "oldest_unsent_seconds", "Age of the oldest message that waits.", _age(oldest, now))
    held = watch.programme_counts(connection)
    _gauge(registry, "programmes_held", "Programmes whose mail is held.", held[True])
    _gauge(registry, "programmes_released", "Programmes whose mail goes out.", held[False])
    _gauge(registry, "planned", "Reminders that wait to be mailed.", watch.planned_reminders(connection))
    _gauge(registry, "dead_addresses", "Addresses that take no mail.", len(people.dead_addresses(connection)))
    breaker = Gauge("reminders_breaker_open", "Whether a channel rests.", ["channel"], registry=registry)
    for one in watch.channels(connection):
        breaker.labels(one.name).set(one.open_until is not None and one.open_until > now)


def _age(instant: datetime | None, now: datetime) -> float:
    return (now - instant).total_seconds() if instant else 0.0


def _gauge(registry: CollectorRegistry, name: str, words: str, value: float) -> None:
    Gauge(f"reminders_{name}", words, registry=registry).set(value)

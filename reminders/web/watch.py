"""What watching programs ask: whether the service does its work, and numbers for Prometheus.

The health check is 503 when the last finished run is older than expected; ``use.watch.doctor.health``
says what is expected.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any, Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from reminders.settings import LOOPBACK_HOSTS
from reminders.use.watch.doctor import Figures, figures, health
from reminders.web.entrance import host_name
from reminders.web.page import Page, Pages
from reminders.web.page_cache import PageCache

FORWARDED: Final = frozenset(
    {"forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via"}
)
"""What proxies add to a request that they pass on."""
STATES: Final = ("queued", "sending", "sent", "failed", "uncertain", "expired", "cancelled")


class WatchPages(Pages):
    """The health check and the metrics: no personal data, nothing kept, never cached."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [*self.public("/health", self.health), *self.public("/metrics", self.metrics)]

    def health(self, page: Page) -> Response:
        """Answer for ``/health``: 503 with the reason when the service stands still."""
        found = health(page.service)
        body: dict[str, Any] = {
            "status": "failing" if found.reason else "ok",
            "last_run": found.last_run.astimezone(page.zone).isoformat() if found.last_run else None,
            "messages_waiting": found.messages_waiting,
        }
        if found.reason:
            body["reason"] = found.reason
        return JSONResponse(body, 503 if found.reason else 200, {"Cache-Control": "no-store"})

    def metrics(self, page: Page) -> Response:
        """Answer for ``/metrics``: numbers for Prometheus, counted in the database at each request.

        With METRICS_TOKEN whoever sends it is answered, without it this machine alone.
        """
        token = page.service.settings.metrics_token
        if token is None and not is_from_this_machine(page.request):
            return JSONResponse({"detail": "Set METRICS_TOKEN to read this from elsewhere."}, 403)
        if token is not None and not _bears(page.request, token.get_secret_value()):
            wanted = {"WWW-Authenticate": 'Bearer realm="metrics"'}
            return JSONResponse({"detail": "The token is missing or wrong."}, 401, wanted)
        registry = gauges(figures(page.service), page.service.clock())
        registry.register(PageCounts(page.site.page_cache))
        headers = {"Cache-Control": "no-store", "Content-Type": CONTENT_TYPE_LATEST}
        return Response(generate_latest(registry), headers=headers)


@dataclass(frozen=True)
class PageCounts(Collector):
    """Counts how often this process has shown a first page that was kept, and how often it made one."""

    cache: PageCache

    def collect(self) -> Iterator[Metric]:
        """Yield the two counters."""
        shown, made = "First pages shown to the public as they were kept.", "First pages made for the public."
        yield CounterMetricFamily("reminders_page_cache_hits", shown, self.cache.hits)
        yield CounterMetricFamily("reminders_page_cache_misses", made, self.cache.misses)


def is_from_this_machine(request: Request) -> bool:
    """Tell whether a program of this machine asks, and not a proxy on it for somebody elsewhere.

    Behind a proxy every client seems to be here. A proxy is known by the headers that it adds (RFC 7239,
    RFC 9110 section 7.6.3), and a browser that a foreign page led here by the name it asks for.
    """
    client = request.client.host if request.client else ""
    passed_on = any(name in request.headers for name in FORWARDED)
    return client in {"127.0.0.1", "::1"} and not passed_on and host_name(request.scope) in LOOPBACK_HOSTS


def _bears(request: Request, token: str) -> bool:
    """Compare the bearer token of a request in a time that tells nothing (RFC 6750 section 2.1)."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and compare_digest(given.strip().encode(), token.encode())


def gauges(found: Figures, now: datetime) -> CollectorRegistry:
    """Return the figures as gauges; ages are of ``now``."""
    registry = CollectorRegistry()

    def gauge(name: str, words: str, value: float) -> None:
        Gauge(f"reminders_{name}", words, registry=registry).set(value)

    def age(instant: datetime | None) -> float:
        return (now - instant).total_seconds() if instant else 0.0

    messages = Gauge("reminders_messages", "Messages by state.", ["state"], registry=registry)
    for state in STATES:
        messages.labels(state).set(found.messages.get(state, 0))
    gauge("oldest_unsent_seconds", "Age of the oldest message that waits.", age(found.oldest_unsent))
    gauge("programmes_held", "Programmes whose mail is held.", found.held)
    gauge("programmes_released", "Programmes whose mail goes out.", found.released)
    gauge("planned", "Reminders that wait to be mailed.", found.planned)
    gauge("dead_addresses", "Addresses that take no mail.", found.dead_addresses)
    breaker = Gauge("reminders_breaker_open", "Whether a channel rests.", ["channel"], registry=registry)
    for name, rests in found.channels.items():
        breaker.labels(name).set(rests)
    if found.last_run:
        gauge("last_run_age_seconds", "Since the last finished run.", age(found.last_run))
    gauge("run_missing", "1 when no run has finished in time on a working day.", found.run_missing)
    return registry

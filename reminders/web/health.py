"""Whether the service does its work: 503 when the last finished run is older than expected."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from reminders.store import outbox
from reminders.store import reminders as runs
from reminders.web.site import Site

EXPECTED_WITHIN: Final = timedelta(minutes=30)
"""A running scheduler ticks every five minutes; six in a row are missing after this."""


class Health:
    """The endpoint of the health check."""

    def __init__(self, site: Site) -> None:
        """Judge the service of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route("/health", self.check)]

    def check(self, request: Request) -> Response:
        """Answer for ``/health``: no personal data, never cached."""
        del request
        now = self.site.service.clock()
        with self.site.library.read() as connection:
            last = runs.last_run(connection)
            waiting = outbox.waiting(connection, now)
        reason = ""
        if last is None:
            reason = "no run has finished yet"
        elif now - last[0] > EXPECTED_WITHIN:
            reason = f"the last run finished more than {EXPECTED_WITHIN.seconds // 60} minutes ago"
        body: dict[str, Any] = {
            "status": "failing" if reason else "ok",
            "last_run": last[0].astimezone(self.site.service.settings.zone).isoformat() if last else None,
            "messages_waiting": waiting,
        }
        if reason:
            body["reason"] = reason
        return JSONResponse(body, 503 if reason else 200, {"Cache-Control": "no-store"})

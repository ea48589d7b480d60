"""Whether the service does its work: 503 when the last finished run is older than expected.

Expected is a run by an hour after TICK_AT on every working day, which a cron job once a day
keeps too; and one every few minutes while mail waits inside the mail window.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from reminders.dispatch.alarm import missed
from reminders.dispatch.worlds import local
from reminders.store import outbox
from reminders.store import reminders as runs
from reminders.web.site import Site

WHILE_MAIL_WAITS: Final = timedelta(minutes=30)
"""The scheduler ticks every five minutes; six in a row are missing after this."""


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
        reason = self._reason(now, last[0] if last else None, waiting)
        body: dict[str, Any] = {
            "status": "failing" if reason else "ok",
            "last_run": last[0].astimezone(self.site.service.settings.zone).isoformat() if last else None,
            "messages_waiting": waiting,
        }
        if reason:
            body["reason"] = reason
        return JSONResponse(body, 503 if reason else 200, {"Cache-Control": "no-store"})

    def _reason(self, now: datetime, last: datetime | None, waiting: int) -> str:
        """Say why the last finished run is older than expected; nothing when all is well."""
        service = self.site.service
        if last is None:
            return "no run has finished yet"
        if day := missed(service, last):
            return f"no run has finished since {service.settings.tick_at:%H:%M} on {day:%Y-%m-%d}"
        overdue = waiting and local(service.settings, now).may_send and now - last > WHILE_MAIL_WAITS
        minutes = WHILE_MAIL_WAITS.seconds // 60
        return f"mail waits, and the last run finished more than {minutes} minutes ago" if overdue else ""

"""The server of pages and feeds: uvicorn, which ends when the service is asked to stop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import uvicorn

from reminders.cli.connections import MOST_CONNECTIONS, PatientProtocol
from reminders.service import Service
from reminders.settings import Settings
from reminders.stop import StopRequest
from reminders.web.app import create_app

ANSWER_WITHIN: Final = 5
"""Seconds that open requests may still take."""
KEEP_ALIVE: Final = 75
"""Seconds that a connection may say nothing between two requests: longer than a proxy keeps one for its next
(60 in nginx), which would else send a request into one that is just being closed, and answer 502."""
_NOT_STARTED: Final = 3


class PageServer(uvicorn.Server):
    """A server that looks at the request to stop instead of at signals: these are for the whole process."""

    def __init__(self, config: uvicorn.Config, stop: StopRequest) -> None:
        super().__init__(config)
        self._stop = stop

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield

    async def on_tick(self, counter: int) -> bool:
        """Tell, ten times a second, whether to end."""
        return await super().on_tick(counter) or self._stop.is_made


def serve_pages(service: Service, host: str, port: int) -> None:
    """Serve until the service is asked to stop; exit where the port cannot be had."""
    server = PageServer(page_config(create_app(service), service.settings, host, port), service.stop)
    server.run()
    if not server.started:
        raise SystemExit(_NOT_STARTED)


def page_config(app: Any, settings: Settings, host: str, port: int) -> uvicorn.Config:  # noqa: ANN401 - an ASGI application
    """Return how pages are served: to whom a proxy speaks for, how patiently, to how many at once."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=ANSWER_WITHIN,
        timeout_keep_alive=KEEP_ALIVE,
        http=PatientProtocol,
        ws="none",
        server_header=False,
        forwarded_allow_ips=list(settings.forwarded_allow_ips),
        # Reached only where all of them are being answered: one that waits makes room for a new one.
        limit_concurrency=MOST_CONNECTIONS + 1,
    )

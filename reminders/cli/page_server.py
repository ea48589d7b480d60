"""The server of pages and feeds: uvicorn, which ends when the service is asked to stop."""

from __future__ import annotations

import errno
import gc
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import uvicorn

from reminders.cli.connections import MOST_CONNECTIONS, PatientProtocol
from reminders.errors import ListenError
from reminders.folders import own_name
from reminders.service import Service
from reminders.settings import Settings
from reminders.stop import StopRequest
from reminders.web.app import create_app

ANSWER_WITHIN: Final = 5
"""Seconds that open requests may still take."""
KEEP_ALIVE: Final = 75
"""Seconds that a connection may say nothing between two requests: longer than a proxy keeps one for its next
(60 in nginx), which would else send a request into one that is just being closed, and answer 502."""
_WAITING: Final = 2048
"""Connections that may wait to be taken."""


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


def listen(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen at every address of a host; raise ``ListenError`` where that cannot be."""
    found: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            one = socket.socket(family, kind, protocol)
            found.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(address)
            one.listen(_WAITING)
            one.set_inheritable(True)
    except OSError as failed:
        for one in found:
            one.close()
        raise ListenError(host, port, *_why_not(failed, port)) from failed
    return found


def _why_not(failed: OSError, port: int) -> tuple[str, str]:
    """Return why it cannot be listened there, and what to do."""
    if isinstance(failed, socket.gaierror) or failed.errno == errno.EADDRNOTAVAIL:
        return "this machine has no such address", "set HOST (--host) to one of its own, or 0.0.0.0 for all"
    if failed.errno == errno.EADDRINUSE:
        return "another program listens there", "stop it, or set another PORT (--port)"
    if failed.errno in {errno.EACCES, errno.EPERM}:
        return f"user {own_name()} may not listen on port {port}", "set PORT (--port) to 1024 or more"
    return str(failed.strerror), "set another HOST or PORT (--host, --port)"


def serve_pages(service: Service, sockets: list[socket.socket]) -> None:
    """Serve on sockets that listen, until the service is asked to stop."""
    settings = service.settings
    app = create_app(service)
    keep_from_collection()
    server = PageServer(page_config(app, settings, settings.host, settings.port), service.stop)
    server.run(sockets)
    if not server.started:
        raise SystemExit(1)


def keep_from_collection() -> None:
    """Have the garbage collector leave alone what is there now: modules, templates, routes stay for ever.

    A full collection walked them all, every few seconds, and held every answer up for more than 100 ms.
    """
    gc.collect()
    gc.freeze()


def page_config(app: Any, settings: Settings, host: str, port: int) -> uvicorn.Config:  # noqa: ANN401 - an ASGI application
    """Return how pages are served: to whom a proxy speaks for, how patiently, to how many at once."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        log_config=None,  # what is logged goes where the service's log goes
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

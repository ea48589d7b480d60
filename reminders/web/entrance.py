"""What a request passes on its way in and its answer on its way out: host, path of BASE_URL, headers.

The pages know nothing of the path below which they stand: an address begins with ``/`` wherever one is
written, in a template, in a redirect, in a form. ``BasePath`` alone puts the path before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import URL, Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reminders.settings import Settings
from reminders.web.catalogue import preferred, say

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
TRANSPORT_SECURITY: Final = "max-age=31536000"
"""HSTS (RFC 6797): for a year, for this host alone; what stands beside or below it belongs to others."""
PROBED: Final = frozenset({"/health", "/metrics"})
"""Answered under any name: probes ask by address, and what is said depends on no name."""
_HOST: Final = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9_.-]+?)\.?(?::\d{1,5})?", re.ASCII)
_ADDRESS: Final = re.compile(rb"""(\s(?:href|action|formaction|src)=")/(?!/)""")
"""Where an address begins in a page: an attribute that holds one. In text a quotation mark is escaped."""


def security_headers(settings: Settings) -> Mapping[str, str]:
    """Return the headers of every answer that does not say them itself."""
    if not settings.is_https:
        return HEADERS
    return {**HEADERS, "Strict-Transport-Security": TRANSPORT_SECURITY}


class EnteredApplication(Starlette):
    """An application behind the entrance: nothing reaches it and nothing leaves it by another way."""

    def __init__(self, settings: Settings, **parts: Any) -> None:  # noqa: ANN401 - as Starlette takes them
        """Make the application of these settings."""
        self.settings = settings
        super().__init__(**parts)

    def build_middleware_stack(self) -> ASGIApp:
        """Return the whole way in, the handling of errors included."""
        inner = AllowedHosts(super().build_middleware_stack(), self.settings)
        below = BasePath(SoundRequests(inner), self.settings.base_path)
        return SafeHeaders(below, security_headers(self.settings))


class SafeHeaders:
    """Puts the security headers on every answer that does not say them itself."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        """Wrap ``app``."""
        self.app = app
        self.encoded = tuple((name.lower().encode(), value.encode()) for name, value in headers.items())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer with the headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                known = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(pair for pair in self.encoded if pair[0] not in known),
                ]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class SoundRequests:
    """Refuses a request of two lengths, and forgets a network address that is none.

    1. Content-Length beside Transfer-Encoding: whoever passed it on may have seen another request end there
       (RFC 9112 section 6.1). 400, and the connection ends.
    2. What a proxy names as its client's address is text of whoever asked, until it is read as an address.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "http":
            if {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}:
                await PlainTextResponse("Bad Request", 400, {"Connection": "close"})(scope, receive, send)
                return
            host, port = scope.get("client") or ("", 0)
            known = network_address(host)
            scope = {**scope, "client": (known, port) if known else None}
        await self.app(scope, receive, send)


class AllowedHosts:
    """Answers only under the service's own names: 421 for another (RFC 9110 section 15.5.20), 400 for none.

    A page that is shown under a foreign name could be read by whoever owns that name (DNS rebinding), and
    kept by a cache for others.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Wrap ``app``."""
        self.app = app
        self.hosts = settings.hosts
        self.base_url = settings.base_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "http" and scope["path"] not in PROBED and "*" not in self.hosts:
            name = host_name(scope)
            if name not in self.hosts:
                lang = preferred(Headers(scope=scope).get("accept-language", ""))
                text = say(lang, "error.host", address=f"{self.base_url}/")
                await PlainTextResponse(text, 421 if name else 400)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def network_address(text: str) -> str:
    """Return a network address as it is written, without its zone; nothing for what is none."""
    try:
        return str(ip_address(text.partition("%")[0]))
    except ValueError:
        return ""


def host_name(scope: Scope) -> str:
    """Return the name under which a request was sent, without its port; nothing for none or several."""
    given = [value for name, value in scope["headers"] if name == b"host"]
    return _name_of(given[0]) if len(given) == 1 else ""


@lru_cache(maxsize=64)
def _name_of(host: bytes) -> str:
    found = _HOST.fullmatch(host.decode("latin-1").lower())
    return found["name"] if found else ""


class BasePath:
    """Takes the path of BASE_URL off what is asked for, and puts it before each address that is answered.

    A proxy may pass the path on or strip it: both are understood. Addresses stand in redirects and in the
    pages; cookies know the path, and what leaves the house (mails, feeds) has the whole BASE_URL in it.
    """

    def __init__(self, app: ASGIApp, path: str) -> None:
        """Wrap ``app``, which stands below ``path``."""
        self.app = app
        self.path = path
        self.encoded = path.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on as if the application stood at the root."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        inner = self._below(scope)
        start: Message = {}

        async def from_outside(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                status, headers = message["status"], MutableHeaders(raw=message["headers"])
                if status != HTTPStatus.NOT_MODIFIED:
                    if "location" in headers:
                        headers["location"] = self._outer(_relative(headers["location"], inner))
                    if self.path and headers.get("content-type", "").startswith("text/html"):
                        start = message
                        return
            elif start:  # a page comes in one piece
                body = _ADDRESS.sub(rb"\1%s/" % self.encoded, message.get("body", b""))
                MutableHeaders(raw=start["headers"])["content-length"] = str(len(body))
                await send(start)
                message = {**message, "body": body}
                start = {}
            await send(message)

        await self.app(inner, receive, from_outside)

    def _below(self, scope: Scope) -> Scope:
        """Return a request without the path; one that came without it, as it is."""
        path = scope["path"]
        if not self.path or not f"{path}/".startswith(f"{self.path}/"):
            return scope
        raw = scope.get("raw_path")
        return {
            **scope,
            "path": path.removeprefix(self.path) or "/",
            "raw_path": raw and (raw.removeprefix(self.encoded) or b"/"),
        }

    def _outer(self, address: str) -> str:
        return self.path + address if re.match("/(?!/)", address) else address


def _relative(address: str, scope: Scope) -> str:
    """Return a redirect without scheme and host where it leads to the same page with or without a slash.

    Starlette writes the whole address as it sees it, which is not the one that people see behind a proxy.
    """
    given, own = urlsplit(address), URL(scope=scope)
    if given.netloc == own.netloc and given.path.rstrip("/") == own.path.rstrip("/"):
        return given._replace(scheme="", netloc="").geturl()
    return address

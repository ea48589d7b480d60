"""Access tokens for a mail server that takes no password: client credentials (RFC 6749 section 4.4).

One POST, so urllib: a library for it would bring a second HTTP client. A token
is kept until shortly before it expires, and fetched anew when the server
refuses it. No token and no secret is ever logged or told in an error.
"""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, Final

from pydantic import SecretStr

from reminders.delivery.smtp.session import is_loopback
from reminders.delivery.smtp.wire import Refused, one_line
from reminders.errors import ConfigurationError
from reminders.servers import SmtpTarget

EARLY: Final = 120.0
PATIENCE: Final = 15.0
_MOST: Final = 1 << 16
_USUAL_LIFE: Final = 300.0
_NEEDED: Final = ("token_url", "client_id", "scope")


@dataclass(frozen=True, slots=True)
class TokenClient:
    """Who asks where: the token endpoint, the client and the scope it asks for."""

    url: str
    client_id: str
    scope: str
    secret: SecretStr = field(repr=False)


@dataclass
class TokenSource:
    """The token of a client, kept until ``EARLY`` seconds before its end."""

    client: TokenClient
    monotonic: Callable[[], float] = time.monotonic
    _token: str = field(default="", repr=False)
    _until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def token(self, patience: float = PATIENCE) -> str:
        """Return a token that holds for a while, within ``patience`` seconds (15 at most) in all.

        What goes wrong is the channel's: ``Refused`` at AUTH when the endpoint refuses the
        client, an OSError when it gives no answer.
        """
        with self._lock:
            if not self._token or self.monotonic() >= self._until:
                found = _within(min(patience, PATIENCE), self.client)
                self._token, life = _read(found)
                self._until = self.monotonic() + max(life - EARLY, life / 2)
            return self._token

    def forget(self, token: str) -> None:
        """Drop a token that the mail server refused; one that was fetched meanwhile stays."""
        with self._lock:
            if token == self._token:
                self._token = ""


@dataclass(frozen=True, slots=True)
class TokenTarget(SmtpTarget):
    """A mail server that takes tokens of ``tokens``."""

    tokens: TokenSource | None = field(default=None, repr=False, compare=False)


def with_tokens(target: SmtpTarget, secret: SecretStr | None) -> SmtpTarget:
    """Return ``target`` with its token source if its address says ``auth=xoauth2``, without those extras."""
    extras = dict(target.extras)
    if extras.pop("auth", "") != "xoauth2":
        return target
    found = {name: extras.pop(name, "") for name in _NEEDED}
    missing = [name for name, value in found.items() if not value]
    if missing:
        raise ConfigurationError("SMTP_URL", f"{', '.join(missing)} beside auth=xoauth2", "nothing")
    secret = secret or target.password
    if not secret.get_secret_value():
        raise ConfigurationError("SMTP_CLIENT_SECRET", "the client's secret for auth=xoauth2", "nothing")
    client = TokenClient(_checked(found["token_url"]), found["client_id"], found["scope"], secret)
    return TokenTarget(
        target.host,
        target.port,
        target.security,
        target.user,
        extras=tuple(extras.items()),
        tokens=TokenSource(client),
    )


def _checked(url: str) -> str:
    """Return the endpoint's address if no secret goes there in clear."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return url
    raise ConfigurationError("SMTP_URL", "an https address as token_url", url)


def _within(patience: float, client: TokenClient) -> bytes:
    """Ask the endpoint; TimeoutError when the whole answer is not there in time.

    urllib bounds each receive by itself: an endpoint that drips would hold the mail server's connection.
    """
    found: SimpleQueue[bytes | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            found.put(_fetch(client, patience))
        except Exception as error:  # noqa: BLE001 - raised where it is waited for
            found.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = found.get(timeout=patience)
    except Empty:
        raise TimeoutError("token endpoint: no whole answer within the time allowed") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _fetch(client: TokenClient, patience: float) -> bytes:
    """Ask the endpoint (RFC 6749 section 4.4.2); a refusal is told by its error code only (section 5.2)."""
    form = {
        "grant_type": "client_credentials",
        "client_id": client.client_id,
        "client_secret": client.secret.get_secret_value(),
        "scope": client.scope,
    }
    request = urllib.request.Request(  # noqa: S310 - its scheme is checked
        client.url, urllib.parse.urlencode(form).encode(), {"Accept": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=patience) as answer:  # noqa: S310 - as above
            octets: bytes = answer.read(_MOST)
            return octets
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(error.code, _error_code(error.read(_MOST))) from None
    except urllib.error.URLError as error:
        raise OSError(f"token endpoint: {one_line(str(error.reason))}") from None


def _refusal(status: int, code: str) -> Exception:
    if 400 <= status < 500 and status != 429:
        return Refused("auth", 535, f"5.7.8 the token endpoint refuses the client: {status} {code}".rstrip())
    return OSError(f"token endpoint: {status}")


def _error_code(octets: bytes) -> str:
    """Return the error code of a refusal; its description is not told, it may quote what was sent."""
    code = _json(octets).get("error", "")
    return code if isinstance(code, str) and code.isascii() and code.replace("_", "").isalnum() else ""


def _read(octets: bytes) -> tuple[str, float]:
    """Return the token and how many seconds it holds (RFC 6749 section 5.1)."""
    found = _json(octets)
    token, life = found.get("access_token"), found.get("expires_in", _USUAL_LIFE)
    if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
        raise OSError("token endpoint: an answer without a token")
    try:
        return token, float(life)
    except (TypeError, ValueError):
        return token, _USUAL_LIFE


def _json(octets: bytes) -> dict[str, Any]:
    try:
        found = json.loads(octets)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

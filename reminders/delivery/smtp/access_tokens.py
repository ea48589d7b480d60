"""Access tokens for a mail server that takes no password: client credentials (RFC 6749 section 4.4).

Authlib asks for it, as for the sign-in service. A token is kept until shortly before it expires, and fetched
anew when the server refuses it. No token and no secret is ever logged or told in an error.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit

from pydantic import SecretStr

from reminders.delivery.smtp.session import is_loopback
from reminders.delivery.smtp.wire import Refused, printable_line
from reminders.errors import ConfigurationError
from reminders.servers import SmtpTarget

if TYPE_CHECKING:
    from httpx2 import Response

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
                self._token, life = _within(min(patience, PATIENCE), self.client)
                self._until = self.monotonic() + max(life - EARLY, life / 2)
            return self._token

    def forget(self, token: str) -> None:
        """Drop a token that the mail server refused; one that was fetched meanwhile stays."""
        with self._lock:
            if token == self._token:
                self._token = ""


@dataclass(frozen=True, slots=True)
class TokenTarget(SmtpTarget):
    """A mail server that takes tokens of ``tokens`` for a password."""

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
    url = urlsplit(found["token_url"])
    if url.scheme != "https" and not (url.scheme == "http" and is_loopback(url.hostname or "")):
        # the secret would go there in clear
        raise ConfigurationError("SMTP_URL", "an https address as token_url", found["token_url"])
    client = TokenClient(found["token_url"], found["client_id"], found["scope"], secret)
    server = (target.host, target.port, target.security, target.user)
    return TokenTarget(*server, extras=tuple(extras.items()), tokens=TokenSource(client))


def _within(patience: float, client: TokenClient) -> tuple[str, float]:
    """Ask the endpoint; TimeoutError when the whole answer is not there in time.

    The client bounds each receive by itself: an endpoint that drips would hold the mail server's connection.
    """
    found: SimpleQueue[tuple[str, float] | Exception] = SimpleQueue()

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


def _fetch(client: TokenClient, patience: float) -> tuple[str, float]:
    """Return a token of the endpoint and how many seconds it holds (RFC 6749 sections 4.4.2 and 5.1)."""
    from authlib.common.errors import AuthlibBaseError
    from authlib.integrations.httpx_client import OAuth2Client
    from httpx2 import HTTPError

    session = OAuth2Client(
        client.client_id,
        client.secret.get_secret_value(),
        "client_secret_post",
        scope=client.scope,
        verify=ssl.create_default_context(),  # who this machine trusts, not a list that a library brings
        timeout=patience,
        event_hooks={"response": [_bound]},
    )
    session.register_compliance_hook("access_token_response", _accept)
    try:
        with session:
            found = session.fetch_token(client.url, grant_type="client_credentials")
        token, life = found["access_token"], found.get("expires_in")
    except HTTPError as error:
        raise OSError(f"token endpoint: {printable_line(str(error))}") from None
    except (AuthlibBaseError, KeyError, TypeError, ValueError, OverflowError):
        token, life = "", None
    if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
        raise OSError("token endpoint: an answer without a token")
    return token, _USUAL_LIFE if life is None else float(life)


def _bound(response: Response) -> None:
    """Read the answer here, or no more of it than a token can need."""
    from httpx2 import ByteStream, ReadError

    octets = bytearray()
    for part in cast("Iterable[bytes]", response.stream):
        octets += part
        if len(octets) > _MOST:
            raise ReadError("a longer answer than a token can need")
    response.stream = ByteStream(bytes(octets))


def _accept(response: Response) -> Response:
    """Return the answer of an endpoint that takes the client; redirects are not followed.

    A refusal is told by its error code only (section 5.2): its description may quote what was sent.
    """
    status = response.status_code
    if response.is_success:
        return response
    if not response.is_client_error or status == 429:
        raise OSError(f"token endpoint: {status}")
    code = ""
    with suppress(ValueError, LookupError, TypeError):
        code = str(response.json()["error"])
    told = code if code.isascii() and code.replace("_", "").isalnum() else ""
    raise Refused("auth", 535, f"5.7.8 the token endpoint refuses the client: {status} {told}".rstrip())

"""From nothing to a server that is ready for MAIL: connect, banner, EHLO, STARTTLS, AUTH.

What concerns the channel and no message (RFC 5321 sections 3.1, 3.2 and 4.1.1.1, RFC 3207, RFC 4954; XOAUTH2
as Exchange Online and Gmail have it). The message itself is left to `transport`. A probe is the same
conversation without a message: TLS, what is offered, whether we may sign in.
"""

from __future__ import annotations

import base64
import ipaddress
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from reminders.delivery.smtp.wire import Refused, Wire, ask_about, printable_line
from reminders.errors import ConfigurationError
from reminders.servers import SmtpTarget

ContextFactory = Callable[[], ssl.SSLContext]
PATIENCE: Final = 10.0
_REFUSED_TOKEN: Final = 535


class AccessTokens(Protocol):
    """Where access tokens come from."""

    def token(self, patience: float) -> str:
        """Return a token, within so many seconds."""

    def forget(self, token: str) -> None:
        """Drop a token that was refused."""


def trusting(ca_file: Path | None = None) -> ContextFactory:
    """Return a maker of TLS contexts that verify chain and name, by ``ca_file`` or the system's roots."""
    return lambda: ssl.create_default_context(cafile=ca_file)


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` names this machine, so that what is sent in clear stays on it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_secrecy(target: SmtpTarget) -> None:
    """Refuse a target that would show a password to the network (RFC 4954 section 4)."""
    if target.user and target.security == "plain" and not is_loopback(target.host):
        raise ConfigurationError(
            "SMTP_URL",
            "smtps:// or smtp+starttls:// where there is a password",
            f"smtp:// to {target.host}, which would send it in clear",
        )


def open_session(wire: Wire, target: SmtpTarget, hello: str, context: ContextFactory) -> None:
    """Make ``wire`` ready for MAIL.

    1. Connect, in TLS if the target says so, and read the banner.
    2. EHLO; with STARTTLS: secure the connection, then EHLO again (RFC 3207 section 4.2).
    3. AUTH, if the target has a user.
    """
    wire.phase = "connect"
    wire.open(target.host, target.port, context() if target.security == "implicit" else None)
    wire.answer("banner")
    _greet(wire, hello)
    if target.security == "starttls":
        if not wire.has_extn("starttls"):  # refused, never spoken to in clear
            raise Refused("starttls", 502, "5.7.10 refused here: the server does not offer STARTTLS")
        wire.ask("starttls", "STARTTLS")
        wire.secure(context(), target.host)
        _greet(wire, hello)
    if tokens := getattr(target, "tokens", None):
        _authenticate_by_token(wire, target.user, tokens)
    elif target.user:
        _authenticate(wire, target.user, target.password.get_secret_value())


def _greet(wire: Wire, hello: str) -> None:
    wire.phase = "ehlo"
    code, words = wire.ehlo(hello)
    if code != 250:
        raise Refused("ehlo", code, words.decode("utf-8", "replace"))


def _authenticate(wire: Wire, user: str, password: str) -> None:
    """Authenticate by PLAIN (RFC 4616), else by LOGIN; what the server answers never shows the password."""
    offered = wire.esmtp_features.get("auth", "").upper().split()
    proof, shown = _base64(f"\0{user}\0{password}"), _base64(password)
    if not {"PLAIN", "LOGIN"} & set(offered):
        what = " ".join(offered) or "nothing"
        raise Refused("auth", 504, f"5.5.4 refused here: AUTH PLAIN or LOGIN is needed, {what} is offered")
    try:
        if "PLAIN" in offered:
            wire.ask("auth", f"AUTH PLAIN {proof}")
        else:
            wire.ask("auth", "AUTH LOGIN", series=3)
            wire.ask("auth", _base64(user), series=3)
            wire.ask("auth", shown)
    except Refused as refused:
        outcome, text = refused.outcome, refused.outcome.text
        for secret in (proof, shown, password):
            text = text.replace(secret, "***")
        raise Refused(outcome.phase, outcome.code, text) from None


def _authenticate_by_token(wire: Wire, user: str, tokens: AccessTokens) -> None:
    """Authenticate by XOAUTH2; a token that is refused is fetched anew, once."""
    offered = wire.esmtp_features.get("auth", "").upper().split()
    if "XOAUTH2" not in offered:
        raise Refused("auth", 504, "5.5.4 refused here: AUTH XOAUTH2 is needed and not offered")
    wire.phase = "auth"
    token = tokens.token(wire.left())
    try:
        _show_token(wire, user, token)
    except Refused as refused:
        if refused.outcome.code != _REFUSED_TOKEN:
            raise
        tokens.forget(token)
        _show_token(wire, user, tokens.token(wire.left()))


def _show_token(wire: Wire, user: str, token: str) -> None:
    """Say AUTH XOAUTH2; a refusal may come as a question, which an empty line ends."""
    proof = _base64(f"user={user}\1auth=Bearer {token}\1\1")
    wire.send(f"AUTH XOAUTH2 {proof}\r\n")
    code, words = wire.getreply()
    if code == 334:
        wire.send("\r\n")
        code, words = wire.getreply()
    if code != 235:
        text = words.decode("utf-8", "replace").replace(proof, "***").replace(token, "***")
        raise Refused("auth", code, text)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@dataclass(frozen=True, slots=True)
class Probe:
    """How far it came: ``error`` nothing when MAIL could follow, or the mail asked about would be taken."""

    error: str = ""
    tls: str = ""
    certificate_until: datetime | None = None
    offers: tuple[str, ...] = ()


def probe(
    target: SmtpTarget,
    hello: str,
    context: ContextFactory,
    patience: float = PATIENCE,
    mail: tuple[str, str] | None = None,
) -> Probe:
    """Open a session as for a message, sign in where there is a user, and leave by QUIT.

    ``mail`` is from whom to whom: that is asked about as far as RCPT, and taken back by RSET.
    """
    wire = Wire(hello)
    wire.until = time.monotonic() + patience
    error = ""
    try:
        open_session(wire, target, hello, context)
        found = _seen(wire)
        if mail:
            ask_about(wire, *mail)
            wire.ask("rcpt", "RSET")
        wire.ask("mail", "QUIT")
    except Refused as refused:
        outcome = refused.outcome
        found, error = _seen(wire), f"{outcome.phase} {outcome.code}: {outcome.text}"
    except (OSError, ValueError) as failed:
        found, error = _seen(wire), f"{wire.phase}: {printable_line(str(failed))}"
    finally:
        wire.close()
    return replace(found, error=error)


def _seen(wire: Wire) -> Probe:
    mechanisms = " ".join(wire.esmtp_features.get("auth", "").upper().split())
    offers = sorted(name.upper() for name in wire.esmtp_features)
    shown = tuple(f"AUTH {mechanisms}" if one == "AUTH" else one for one in offers)
    sock = wire.sock
    if not isinstance(sock, ssl.SSLSocket):
        return Probe(offers=shown)
    until = str((sock.getpeercert() or {}).get("notAfter", ""))
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(until), UTC) if until else None
    return Probe(tls=sock.version() or "", certificate_until=ends, offers=shown)

"""A conversation with the mail server that sends nothing: TLS, what is offered, whether we may sign in."""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from reminders.delivery.session import ContextFactory, open_session
from reminders.delivery.wire import Refused, Wire, one_line
from reminders.targets import SmtpTarget

PATIENCE: Final = 10.0


@dataclass(frozen=True, slots=True)
class Probe:
    """How far it came: ``error`` nothing when MAIL could follow."""

    error: str = ""
    tls: str = ""
    certificate_until: datetime | None = None
    offers: tuple[str, ...] = ()


def probe(target: SmtpTarget, hello: str, context: ContextFactory, patience: float = PATIENCE) -> Probe:
    """Open a session as for a message, sign in where there is a user, and leave by QUIT."""
    wire = Wire(hello)
    wire.until = time.monotonic() + patience
    error = ""
    try:
        open_session(wire, target, hello, context)
        found = _seen(wire)
        wire.ask("mail", "QUIT")
    except Refused as refused:
        told = refused.outcome
        found, error = _seen(wire), f"{told.phase} {told.code}: {told.text}"
    except (OSError, ValueError) as failed:
        found, error = _seen(wire), f"{wire.phase}: {one_line(str(failed))}"
    finally:
        wire.close()
    return Probe(error, found.tls, found.certificate_until, found.offers)


def _seen(wire: Wire) -> Probe:
    """Return what is known of an open connection."""
    offers = tuple(sorted(name.upper() for name in wire.esmtp_features))
    sock = wire.sock
    if not isinstance(sock, ssl.SSLSocket):
        return Probe(offers=_with_mechanisms(wire, offers))
    certificate = sock.getpeercert() or {}
    until = str(certificate.get("notAfter", ""))
    seconds = ssl.cert_time_to_seconds(until) if until else None
    ends = datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
    return Probe(tls=sock.version() or "", certificate_until=ends, offers=_with_mechanisms(wire, offers))


def _with_mechanisms(wire: Wire, offers: tuple[str, ...]) -> tuple[str, ...]:
    mechanisms = wire.esmtp_features.get("auth", "").upper().split()
    return tuple(f"AUTH {' '.join(mechanisms)}" if one == "AUTH" else one for one in offers)

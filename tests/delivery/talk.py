"""What the conversations with the faulty server have in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from pydantic import SecretStr

from reminders.delivery import Envelope
from reminders.delivery.smtp.session import trusting
from reminders.delivery.smtp.transport import SmtpTransport
from reminders.settings import SmtpTarget
from tests.delivery.faulty_server import CERTIFICATE, OFFERS, PASSWORD, FaultyServer

RAW = b"Subject: x\r\n\r\n.hidden\r\n..\r\n.\r\nlast\r\n"
TOGETHER, IN_TURN = OFFERS, OFFERS[1:]


def envelope(raw: bytes = RAW, recipient: str = "anna@vaasa.example", message_id: str = "<1@x>") -> Envelope:
    """A message from the service."""
    return Envelope(
        "service@vaasa.example",
        recipient,
        message_id,
        raw,
        date(2026, 1, 12),
        datetime(2026, 1, 12, 7, tzinfo=UTC),
    )


def yes() -> bool:
    """The claim still holds."""
    return True


@contextmanager
def talking(server: FaultyServer, **wanted: Any) -> Iterator[SmtpTransport]:
    """A transport to ``server``, closed afterwards."""
    ca = wanted.pop("ca", CERTIFICATE)
    security, user = wanted.pop("security", "plain"), wanted.pop("user", "")
    password = SecretStr(wanted.pop("password", PASSWORD if user else ""))
    target = SmtpTarget(wanted.pop("host", "127.0.0.1"), server.port, security, user, password)
    options = {"total": 3.0, "before_body": 3.0} | wanted
    transport = SmtpTransport(target, hello="client.example", context=trusting(ca), **options)
    try:
        yield transport
    finally:
        transport.close()


def three() -> list[Envelope]:
    """Three messages to three recipients."""
    return [envelope(RAW, f"r{n}@vaasa.example", f"<{n}@x>") for n in range(3)]

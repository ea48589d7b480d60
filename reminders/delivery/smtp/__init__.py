"""The wing that speaks SMTP: only what is named here is for the rest of the house.

``wire`` bounds every wait, ``session`` opens a conversation, ``access_tokens`` signs in without a
password, ``transport`` hands over messages.
"""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

from reminders.delivery.smtp.access_tokens import with_tokens
from reminders.delivery.smtp.session import Probe, is_loopback, probe, trusting
from reminders.delivery.smtp.transport import SmtpTransport
from reminders.delivery.smtp.wire import printable_line
from reminders.errors import ConfigurationError
from reminders.servers import SmtpTarget

__all__ = [
    "Probe",
    "SmtpTransport",
    "ca_file",
    "hello_name",
    "is_loopback",
    "printable_line",
    "probe",
    "smtp_to",
    "trusting",
    "with_tokens",
]


def smtp_to(target: SmtpTarget, base_url: str) -> SmtpTransport:
    """Return a transport to a mail server."""
    return SmtpTransport(target, hello=hello_name(base_url), context=trusting(ca_file(target)))


def hello_name(base_url: str) -> str:
    """Return the name for EHLO: the service's, else this machine's, else an address (RFC 5321 4.1.4)."""
    for name in (urlsplit(base_url).hostname or "", socket.gethostname()):
        if "." in name and name.isascii() and not name.rpartition(".")[2].isdecimal():
            return name
    return "[127.0.0.1]"


def ca_file(target: SmtpTarget) -> Path | None:
    """Return the file of certificates named in the target's URL; other extras are mistakes."""
    extras = dict(target.extras)
    ca = extras.pop("ca", None)
    if extras:
        raise ConfigurationError("SMTP_URL", "no parameter but ca=FILE", ", ".join(sorted(extras)))
    if ca and not Path(ca).is_file():
        raise ConfigurationError("SMTP_URL", "a file of certificates in ca=", ca)
    return Path(ca) if ca else None

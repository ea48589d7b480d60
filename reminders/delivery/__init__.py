"""The only room that speaks SMTP: a message is handed to a mail server, a folder or a list.

Each transport says how far it got and what was answered (`Outcome`); what that
means for the message is decided by `retry`, written down by `store`.
"""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

from reminders.delivery.folder import FolderTransport
from reminders.delivery.memory import MemoryTransport
from reminders.delivery.smtp.session import trusting
from reminders.delivery.smtp.tokens import with_tokens
from reminders.delivery.smtp.transport import SmtpTransport
from reminders.delivery.transport import Envelope, Transport
from reminders.errors import ConfigurationError
from reminders.settings import Settings, SmtpTarget

__all__ = ["Envelope", "FolderTransport", "MemoryTransport", "SmtpTransport", "Transport", "transport_for"]


def transport_for(settings: Settings) -> Transport:
    """Return the transport that the settings name: SMTP_URL's server, else the folder MAIL_FOLDER.

    ``?ca=FILE`` in SMTP_URL names the certificates to trust instead of the system's;
    ``?auth=xoauth2&token_url=…&client_id=…&scope=…`` has a token take the password's place.
    """
    target = settings.smtp_url
    if target is None:
        return FolderTransport(settings.mail_folder)
    return smtp_to(with_tokens(target, settings.smtp_client_secret), settings.base_url)


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

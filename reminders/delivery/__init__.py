"""The only room that speaks SMTP: a message is handed to a mail server, a folder or a list.

Each transport says how far it got and what was answered (`Outcome`); what that
means for the message is decided by `retry`, written down by `store`.
"""

from __future__ import annotations

from reminders.delivery.smtp import SmtpTransport, smtp_to, with_tokens
from reminders.delivery.transport import Envelope, FolderTransport, MemoryTransport, Transport
from reminders.settings import Settings

__all__ = [
    "Envelope",
    "FolderTransport",
    "MemoryTransport",
    "SmtpTransport",
    "Transport",
    "smtp_to",
    "transport_for",
]


def transport_for(settings: Settings) -> Transport:
    """Return the transport that the settings name: SMTP_URL's server, else the folder MAIL_FOLDER.

    ``?ca=FILE`` in SMTP_URL names the certificates to trust instead of the system's;
    ``?auth=xoauth2&token_url=…&client_id=…&scope=…`` has a token take the password's place.
    """
    target = settings.smtp_url
    if target is None:
        return FolderTransport(settings.mail_folder)
    return smtp_to(with_tokens(target, settings.smtp_client_secret), settings.base_url)

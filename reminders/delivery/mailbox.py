"""The mailbox of returned mail, read over IMAP (RFC 9051): what is new, handled, put away.

Bounded in messages, octets and time; what a report means is left to the caller.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reminders.delivery.smtp import is_loopback
from reminders.errors import ChannelDown, ConfigurationError
from reminders.servers import ImapTarget

if TYPE_CHECKING:
    from imap_tools import BaseMailBox

MOST: Final = 100
LARGEST: Final = 2_000_000
TOTAL: Final = 60.0
PATIENCE: Final = 15.0


def drain(target: ImapTarget, handle: Callable[[bytes], None], *, most: int = MOST) -> int:
    """Hand each unseen message to ``handle``, then put it away; return how many.

    1. At most ``most`` messages, oldest first, and no new one after a minute.
    2. A message is read without a trace; what is too large is put away unread.
    3. Only what was handled is marked as seen, or moved (``?move=FOLDER``): a crash before
       that has it handled again.

    Raises ``ChannelDown`` when the mailbox cannot be read; its words hold no password.
    """
    import imap_tools  # noqa: PLC0415 - only where a mailbox is set

    until = time.monotonic() + TOTAL
    done = 0
    try:
        with _opened(target) as mailbox:
            for uid in mailbox.uids("UNSEEN")[:most]:
                if time.monotonic() > until:
                    break
                _take(mailbox, uid, handle, dict(target.extras).get("move", ""))
                done += 1
    except (imap_tools.ImapToolsError, OSError, _imap_error()) as error:
        # Without the password, however the server quoted it.
        words = " ".join(str(error).split())[:300] or type(error).__name__
        words = words.replace(target.password.get_secret_value(), "***")
        raise ChannelDown(f"BOUNCE_IMAP_URL: {target.host}: {words}") from None
    return done


def _take(mailbox: BaseMailBox, uid: str, handle: Callable[[bytes], None], move: str) -> None:
    head = next(iter(mailbox.fetch(uid_list=uid, mark_seen=False, headers_only=True)), None)
    if head is not None and head.size_rfc822 <= LARGEST:
        for message in mailbox.fetch(uid_list=uid, mark_seen=False):
            try:
                octets = message.obj.as_bytes()
            except (ValueError, LookupError, TypeError, AttributeError):
                octets = b""  # what cannot be written again is none that could be a report
            handle(octets)
    mailbox.flag(uid, "\\Seen", value=True)
    if move:
        mailbox.move(uid, move)


@contextmanager
def _opened(target: ImapTarget) -> Iterator[BaseMailBox]:
    """Sign in, and leave whatever happens; TLS is verified, no password leaves in clear (RFC 9051 11.1)."""
    import imap_tools  # noqa: PLC0415

    mailbox: BaseMailBox
    if target.security == "plain":
        if not is_loopback(target.host):
            raise ConfigurationError(
                "BOUNCE_IMAP_URL", "imaps:// or imap+starttls://", "imap:// to another host"
            )
        mailbox = imap_tools.MailBoxUnencrypted(target.host, target.port, timeout=PATIENCE)
    else:
        ca = dict(target.extras).get("ca")
        context = ssl.create_default_context(cafile=Path(ca) if ca else None)
        kind = imap_tools.MailBox if target.security == "implicit" else imap_tools.MailBoxStartTls
        mailbox = kind(target.host, target.port, timeout=PATIENCE, ssl_context=context)
    password = target.password.get_secret_value()
    try:
        sign_in = mailbox.login if f"{target.user}{password}".isascii() else mailbox.login_utf8
        sign_in(target.user, password, target.folder)
        yield mailbox
    finally:
        with suppress(OSError, _imap_error()):
            mailbox.client.shutdown()


def _imap_error() -> type[Exception]:
    import imaplib  # noqa: PLC0415

    return imaplib.IMAP4.error

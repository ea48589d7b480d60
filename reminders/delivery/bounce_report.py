"""A report of undeliverable mail, read: RFC 3464 in its envelope of RFC 6522, and what others write.

Which message it speaks of, and whether the report is to be believed, is decided
by ``use.mail.bounces``. Nothing of a report is ever logged.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from email.utils import getaddresses
from typing import Any, Final, Literal

from reminders.delivery.smtp import printable_line
from reminders.letters.retry import enhanced_code

Fate = Literal["dead", "slow", "failed", "delayed", "delivered"]

_STATUS_TYPES: Final = {"message/delivery-status", "message/global-delivery-status"}
_WORST: Final[tuple[Fate, ...]] = ("dead", "slow", "failed", "delayed", "delivered")
_SENT_TO: Final = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
_MESSAGE_ID: Final = re.compile(r"<[^<>\s@]+@[^<>\s@]+>")
_ID_LINE: Final = re.compile(r"^[>\s]*Message-ID:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
_REPLY: Final = re.compile(r"\b([45]\d\d)[ -](?:#?([45]\.\d{1,3}\.\d{1,3})\b)?[^\r\n]*")
_STATUS: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
# What Python's parser raises over messages that are made to be unreadable.
_UNREADABLE: Final = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
_XTEXT: Final = re.compile(r"\+([0-9A-F]{2})")
_MOST_TEXT: Final = 100_000
_ABOUT_ADDRESS: Final = frozenset({550, 551, 553})


@dataclass(frozen=True, slots=True)
class BounceReport:
    """What a report says. ``dead``: the address takes no mail; ``failed``: this mail did not arrive.

    ``slow``: it was tried for as long as its server does, as for a full mailbox; ``delayed``: it is tried
    still. ``status`` is the enhanced code, where there is one. The message is named by the address the report
    came to, by the Message-ID of what was returned, or by the envelope identifier. ``recipients`` are whom it
    says it is about, as they were mailed and as they were forwarded to.
    """

    fate: Fate
    code: int
    text: str
    sent_to: tuple[str, ...]
    message_ids: tuple[str, ...]
    envelope_ids: tuple[str, ...] = ()
    status: str = ""
    recipients: tuple[str, ...] = ()


def read_bounce_report(octets: bytes) -> BounceReport | None:
    """Read a message; None when it is no report of a delivery, or nothing that can be read."""
    try:
        message = email.message_from_bytes(octets)
        statuses = (part for part in message.walk() if part.get_content_type() in _STATUS_TYPES)
        fields = next((tuple(_messages(part.get_payload())) for part in statuses), ())
        return _standard(message, fields) if fields else _usual(message)
    except _UNREADABLE:
        return None


def _standard(message: Message, fields: tuple[Message, ...]) -> BounceReport:
    """Read the fields of RFC 3464: one group a message, then one a recipient."""
    groups = [group for group in fields if "Action" in group]
    fates = [_recipient(group) for group in groups]
    usual: tuple[Fate, int, str, str] = ("delayed", 0, "", "")
    fate, code, text, status = min(fates, key=lambda one: _WORST.index(one[0]), default=usual)
    envelope_ids = tuple(one for group in fields if (one := _text(group.get("Original-Envelope-Id"))))
    named = tuple(dict.fromkeys(one for group in groups for one in _addresses(group)))
    ids = _returned_ids(message)
    return BounceReport(fate, code, text, _sent_to(message), ids, envelope_ids, status, named)


def _addresses(group: Message) -> Iterable[str]:
    """Yield the addresses of a recipient: RFC 3464 section 2.3.1 and 2.3.2.

    Some servers leave them as they were announced, in xtext (RFC 3461 section 4).
    """
    for name in ("Original-Recipient", "Final-Recipient"):
        kind, _, address = _text(group.get(name)).partition(";")
        address = address.strip().strip("<>")
        if kind.strip().lower() in {"rfc822", "utf-8"} and "@" in address:
            yield address
            yield _XTEXT.sub(lambda found: chr(int(found[1], 16)), address)


def _recipient(group: Message) -> tuple[Fate, int, str, str]:
    """Return the fate of one recipient, with the code, words and status of the server that refused it.

    Action of RFC 3464 section 2.3.3, Status of section 2.3.4, Diagnostic-Code of section 2.3.6.
    """
    action, status = _text(group.get("Action")).lower(), _text(group.get("Status"))
    words = _text(group.get("Diagnostic-Code")).partition(";")[2].strip()
    found = _STATUS.match(status)
    status = found[0] if found else ""
    reply = _REPLY.search(words)
    code = int(reply[1]) if reply else 0
    text = printable_line(words or status)
    if action in {"delivered", "relayed", "expanded"}:
        return "delivered", code, text, status
    if action == "delayed":
        return "delayed", code, text, status
    if status.startswith("4") or (not status and 400 <= code < 500):
        return "slow" if action == "failed" else "delayed", code, text, status
    return _permanent(code, status), code, text, status


def _permanent(code: int, status: str) -> Fate:
    """Tell whether a refusal for good is about the address (RFC 3463 sections 3.2 and 3.3).

    A refusal for reasons of policy (x.7.x) or of our own address (5.1.7, 5.1.8) says nothing about it.
    """
    if status in {"5.1.7", "5.1.8"}:
        return "failed"
    if status.startswith("5.1.") or status == "5.2.1":  # unknown, or disabled
        return "dead"
    if status == "5.2.2":
        return "slow"
    subject = status[2:].partition(".")[0]
    return "dead" if code in _ABOUT_ADDRESS and subject in {"", "0"} else "failed"


def _usual(message: Message) -> BounceReport | None:
    """Read what is written by servers that know no RFC 3464."""
    from flufl.bounce import all_failures  # noqa: PLC0415 - two dozen detectors, for a report only

    try:
        temporary, permanent = all_failures(message)
    except Exception:  # noqa: BLE001 - a detector that stumbles over a message does not know it
        return None
    if not temporary and not permanent:
        return None
    texts = (_decoded(part) for part in message.walk() if part.get_content_maintype() == "text")
    text = "\n".join(texts)[:_MOST_TEXT]
    reply = _REPLY.search(text)
    code, status = (int(reply[1]), enhanced_code(reply[2] or "")) if reply else (0, "")
    words = printable_line(reply[0]) if reply else "undeliverable"
    # Without a code a server's own word for it counts: these formats are for unknown addresses.
    fate: Fate = "delayed" if not permanent else _permanent(code, status) if code else "dead"
    ids = tuple(dict.fromkeys((*_returned_ids(message), *_ID_LINE.findall(text))))
    named = (one.decode("ascii", "replace") for one in (*temporary, *permanent))
    recipients = tuple(sorted(one for one in named if "@" in one))
    return BounceReport(fate, code, words, _sent_to(message), ids, status=status, recipients=recipients)


def _messages(payload: Any) -> Iterable[Message]:  # noqa: ANN401 - what email.message has
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _returned_ids(message: Message) -> tuple[str, ...]:
    """Return the Message-ID of the returned message or headers (RFC 6522 section 3)."""
    for part in message.walk():
        kind = part.get_content_type()
        if part is message or kind not in {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"}:
            continue
        inner = next(iter(_messages(part.get_payload())), None)
        headers = inner or email.message_from_string(_decoded(part))
        return tuple(_MESSAGE_ID.findall(_text(headers.get("Message-ID"))))
    return ()


def _sent_to(message: Message) -> tuple[str, ...]:
    values = [_text(value) for name in _SENT_TO for value in message.get_all(name, [])]
    return tuple(dict.fromkeys(address for _, address in getaddresses(values) if address))


def _decoded(part: Message) -> str:
    octets = part.get_payload(decode=True)
    return octets.decode("utf-8", "replace") if isinstance(octets, bytes) else ""


def _text(value: object) -> str:
    return " ".join(str(value).split()) if value is not None else ""

"""What is said to a mail server for one message: MAIL, RCPT and DATA, and the body in its final form.

Whether the server offers what a message needs is looked at here; saying it and
hearing the answers is left to `smtp`.
"""

from __future__ import annotations

import re
from typing import Final

from reminders.delivery.transport import Envelope
from reminders.delivery.wire import Refused, Wire
from reminders.retry import Phase

Command = tuple[Phase, str]

_LONGEST_ENVID: Final = 100
_BARE_END: Final = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_SPLICED: Final = re.compile(r"[\0-\x20\x7f<>\\\"]")


def commands_for(wire: Wire, envelope: Envelope) -> tuple[Command, ...]:
    """Return MAIL, RCPT and DATA, with the parameters that the server's offer and the message call for.

    SIZE of RFC 1870, BODY of RFC 6152, SMTPUTF8 of RFC 6531, and the wish for a report that
    names the message (RFC 3461 section 4). A body or address that the server's offer does not
    cover is refused here, before it could be mangled on its way.
    """
    _check_address("mail", envelope.sender)
    _check_address("rcpt", envelope.recipient)
    parameters = [f"SIZE={len(envelope.raw)}"] if wire.has_extn("size") else []
    parameters += _eight_bit(wire, envelope)
    report, notify = _report(wire, envelope)
    parameters += report
    _check_size(wire, len(envelope.raw))
    mail = " ".join((f"MAIL FROM:<{envelope.sender}>", *parameters))
    return ("mail", mail), ("rcpt", f"RCPT TO:<{envelope.recipient}>{notify}"), ("data", "DATA")


def stuffed(raw: bytes) -> bytes:
    """Return ``raw`` with its leading dots doubled and the end of data after it (RFC 5321 section 4.5.2).

    A bare CR or LF becomes CRLF, so that no server sees an end that is none (section 2.3.8).
    """
    lines = _BARE_END.sub(b"\r\n", raw).replace(b"\r\n.", b"\r\n..")
    end = b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n"
    return (b"." if lines.startswith(b".") else b"") + lines + end


def _check_address(phase: Phase, address: str) -> None:
    """Refuse what is not one bare address: nothing else may be spliced into a command."""
    if not address or _SPLICED.search(address):
        raise Refused(phase, 553, "5.1.3 refused here: not one bare address")


def _eight_bit(wire: Wire, envelope: Envelope) -> list[str]:
    """Return the parameters for octets beyond ASCII in the addresses, the headers or the body."""
    if envelope.raw.isascii() and (envelope.sender + envelope.recipient).isascii():
        return []
    if not wire.has_extn("8bitmime"):
        raise Refused("data", 554, "5.6.3 refused here: the server does not offer 8BITMIME")
    head = envelope.raw.partition(b"\r\n\r\n")[0]
    if head.isascii() and (envelope.sender + envelope.recipient).isascii():
        return ["BODY=8BITMIME"]
    if not wire.has_extn("smtputf8"):
        raise Refused("rcpt", 553, "5.6.7 refused here: the server does not offer SMTPUTF8")
    return ["BODY=8BITMIME", "SMTPUTF8"]


def _report(wire: Wire, envelope: Envelope) -> tuple[list[str], str]:
    """Return the parameters of MAIL and RCPT that ask for a report naming the message, where DSN is offered.

    ENVID holds the Message-ID, a keyed hash (RFC 3461 section 4.4), ORCPT the recipient as we know it (4.2).
    """
    identifier = _xtext(envelope.message_id.strip("<>"))
    if not wire.has_extn("dsn") or len(identifier) > _LONGEST_ENVID:
        return [], ""
    original = f" ORCPT=rfc822;{_xtext(envelope.recipient)}" if envelope.recipient.isascii() else ""
    return ["RET=HDRS", f"ENVID={identifier}"], f" NOTIFY=FAILURE,DELAY{original}"


def _xtext(text: str) -> str:
    """Return ``text`` as xtext (RFC 3461 section 4)."""
    return "".join(c if "!" <= c <= "~" and c not in "+=" else f"+{ord(c):02X}" for c in text)


def _check_size(wire: Wire, size: int) -> None:
    """Refuse what is larger than the server says it takes (RFC 1870 section 6)."""
    limit = wire.esmtp_features.get("size", "").strip()
    if limit.isdecimal() and 0 < int(limit) < size:
        raise Refused("data", 552, f"5.3.4 refused here: {size} octets, the server takes {limit}")

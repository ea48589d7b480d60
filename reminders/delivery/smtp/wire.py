"""A connection to a mail server on which every wait is bounded by one deadline, and what is said on it.

`smtplib` bounds each read by itself: a server that sends an octet now and then would hold it
for ever. Whether the server offers what a message needs is looked at here; when commands are
sent and what the answers mean is left to `session` and `transport`.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from typing import TYPE_CHECKING, Final

from reminders.delivery.transport import Envelope
from reminders.letters.retry import Outcome, Phase

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


Command = tuple[Phase, str]

MAX_TEXT: Final = 500
_CHUNK: Final = 1 << 16
_LONGEST_ENVID: Final = 100
_BARE_END: Final = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_SPLICED: Final = re.compile(r"[\0-\x20\x7f<>\\\"]")


class Refused(Exception):
    """The server, or what it offers, stands against the message; the outcome says where and why."""

    def __init__(self, phase: Phase, code: int, text: str) -> None:
        super().__init__(text)
        self.outcome = Outcome("refused", phase, code, printable_line(text))


class Wire(smtplib.SMTP):
    """`smtplib.SMTP` that knows the phase it is in and the instant at which it must have ended."""

    def __init__(self, hello: str) -> None:
        super().__init__(local_hostname=hello)
        self.phase: Phase = "connect"
        self.until = 0.0

    def left(self) -> float:
        """Return the seconds until the deadline; TimeoutError once there are none."""
        seconds = self.until - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("no answer within the time allowed")
        return seconds

    def open(self, host: str, port: int, context: ssl.SSLContext | None) -> None:
        """Connect; with ``context`` TLS is spoken from the first octet (RFC 8314 section 3.3)."""
        self.sock = socket.create_connection((host, port), self.left())
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context:
            self.secure(context, host)

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Speak TLS from here on; what was sent in clear before is forgotten (RFC 3207 section 4.2)."""
        plain, self.file = self.socket(), None
        plain.settimeout(self.left())
        self.sock = context.wrap_socket(plain, server_hostname=host)
        self.esmtp_features = {}
        self.does_esmtp = False

    def socket(self) -> socket.socket:
        """Return the open socket; smtplib's own error when there is none."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        return self.sock

    def send(self, s: ReadableBuffer | str) -> None:
        """Send all of ``s`` before the deadline."""
        octets = memoryview(s.encode("utf-8") if isinstance(s, str) else s)
        for start in range(0, len(octets), _CHUNK):
            self.socket().settimeout(self.left())
            self.socket().sendall(octets[start : start + _CHUNK])

    def getreply(self) -> tuple[int, bytes]:
        """Read one reply before the deadline (RFC 5321 section 4.2.1)."""
        if self.file is None:
            self.file = _Lines(self)
        return super().getreply()

    def ask(self, phase: Phase, command: str, series: int = 2) -> str:
        """Send ``command`` and return the server's words, as ``answer`` does."""
        self.phase = phase
        self.send(f"{command}\r\n")
        return self.answer(phase, series)

    def answer(self, phase: Phase, series: int = 2) -> str:
        """Return the words of the next reply, which must be of ``series`` (2yz, 3yz).

        4yz and 5yz raise ``Refused``; anything else is out of step, which is as good as silence.
        """
        self.phase = phase
        code, words = self.getreply()
        text = printable_line(words.decode("utf-8", "replace"))
        if 400 <= code <= 599:
            raise Refused(phase, code, text)
        if code // 100 != series:
            raise smtplib.SMTPServerDisconnected(f"unexpected reply {code} {text}")
        return text


class _Lines:
    """The reading half of a wire: whole lines, each receive bounded by the deadline."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._buffer = b""

    def readline(self, limit: int) -> bytes:
        """Return the next line with its end, at most ``limit`` octets; nothing at the end of the stream."""
        while b"\n" not in self._buffer and len(self._buffer) < limit:
            self._wire.socket().settimeout(self._wire.left())
            if not (more := self._wire.socket().recv(4096)):
                break
            self._buffer += more
        end = self._buffer.find(b"\n") + 1 or len(self._buffer)
        line, self._buffer = self._buffer[: min(end, limit)], self._buffer[min(end, limit) :]
        return line

    def close(self) -> None:
        """Do nothing: the socket belongs to the wire."""


def printable_line(text: str) -> str:
    """Return ``text`` in one line of at most 500 printable characters."""
    shown = "".join(c if c.isprintable() else " " for c in text[: MAX_TEXT * 4])
    return " ".join(shown.split())[:MAX_TEXT]


def commands_for(wire: Wire, envelope: Envelope) -> tuple[Command, ...]:
    """Return MAIL, RCPT and DATA, with the parameters that the server's offer and the message call for.

    SIZE of RFC 1870, BODY of RFC 6152, SMTPUTF8 of RFC 6531, and the wish for a report that
    names the message (RFC 3461 section 4). A body or address that the server's offer does not
    cover is refused here, before it could be mangled on its way.
    """
    _check_address("mail", envelope.sender)
    _check_address("rcpt", envelope.recipient)
    size, notify = len(envelope.raw), ""
    parameters = [f"SIZE={size}"] if wire.has_extn("size") else []
    parameters += _eight_bit(wire, envelope)
    identifier = _xtext(envelope.message_id.strip("<>"))
    if wire.has_extn("dsn") and len(identifier) <= _LONGEST_ENVID:
        # ENVID holds the Message-ID, a keyed hash (section 4.4), ORCPT the recipient as we know it (4.2).
        original = f" ORCPT=rfc822;{_xtext(envelope.recipient)}" if envelope.recipient.isascii() else ""
        parameters += ["RET=HDRS", f"ENVID={identifier}"]
        notify = f" NOTIFY=FAILURE,DELAY{original}"
    limit = wire.esmtp_features.get("size", "").strip()
    if limit.isdecimal() and 0 < int(limit) < size:  # RFC 1870 section 6
        raise Refused("data", 552, f"5.3.4 refused here: {size} octets, the server takes {limit}")
    mail = " ".join((f"MAIL FROM:<{envelope.sender}>", *parameters))
    return ("mail", mail), ("rcpt", f"RCPT TO:<{envelope.recipient}>{notify}"), ("data", "DATA")


def ask_about(wire: Wire, sender: str, recipient: str) -> str:
    """Say MAIL and RCPT for a mail that is not meant, and return the answer to the latter."""
    _check_address("mail", sender)
    _check_address("rcpt", recipient)
    wire.ask("mail", f"MAIL FROM:<{sender}>")
    return wire.ask("rcpt", f"RCPT TO:<{recipient}>")


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


def _xtext(text: str) -> str:
    """Return ``text`` as xtext (RFC 3461 section 4)."""
    return "".join(c if "!" <= c <= "~" and c not in "+=" else f"+{ord(c):02X}" for c in text)

"""A message's final octets: RFC 5322 headers and two MIME alternatives, the same for the same facts.

Pure and quick: headers and parts are spliced by hand (`email.message` takes most
of its time for headers and invents a boundary at each call), so everything
spliced is made harmless first. What a mail says is left to `email_templates`.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
import string
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import format_datetime
from typing import Final

MAX_HEADER: Final = 255
_LINE: Final = 76

# Line and paragraph ends become a blank; other controls, bidi controls (they can show an address
# or title backwards), noncharacters, byte order marks and halves of surrogate pairs vanish.
_BLANKS: Final = re.compile("[ \t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_HIDDEN: Final = re.compile(
    "[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_ENCODED_WORD: Final = re.compile(r"=\?[^?\s]+\?[bq]\?[^?]*\?=", re.IGNORECASE)
_NEWLINE: Final = re.compile(r"\r\n|\r|\n")
_UNSENDABLE: Final = re.compile("[\0\ud800-\udfff]")

# dot-atom@domain (RFC 5322 section 3.4.1), or its letters beyond ASCII (RFC 6531 section 3.3).
_ATOM: Final = r"(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[^\W_])+"
_ADDRESS: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:[^\W_]|-)+(?:\.(?:[^\W_]|-)+)*")
_ID: Final = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+>")
_DOMAIN: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_LANGUAGES: Final = re.compile(
    r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*(?:, [A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)*"
)
# What stands for itself in an encoded word, in a phrase too (RFC 2047 section 5, rule 3).
_Q: Final = {c: c for c in string.ascii_letters + string.digits + "!*+-/"} | {" ": "_"}


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """All that a message's octets depend on.

    ``message_id`` and ``references`` have their angle brackets, ``date`` its
    offset; ``content_language`` is one language or two (``fi, sv``).
    """

    sender: str
    sender_name: str
    recipient: str
    reply_to: str
    subject: str
    text: str
    html: str
    content_language: str
    message_id: str
    date: datetime
    list_id: str
    references: tuple[str, ...] = ()


def message_id(
    secret: bytes, *, digest: str, recipient: str, local_date: date, kind: str, version: int, domain: str
) -> str:
    """Return the Message-ID of a mail: always the same, no personal data in it (RFC 5322 section 3.6.4)."""
    facts = "\0".join((digest, recipient, local_date.isoformat(), kind, str(version)))
    keyed = hmac.new(secret, facts.encode(), hashlib.sha256).hexdigest()[:40]
    return f"<{keyed}@{_checked(_DOMAIN, domain, 'a domain')}>"


def clean_header(text: str) -> str:
    """Return ``text`` fit for a header: one line, nothing hidden, no encoded word, at most 255 characters."""
    shown = _HIDDEN.sub("", _BLANKS.sub(" ", text))
    harmless = _ENCODED_WORD.sub("", shown).replace("=?", "= ?")
    line = _BLANKS.sub(" ", harmless).strip(" ")
    return line if len(line) <= MAX_HEADER else line[: MAX_HEADER - 1].rstrip(" ") + "…"


def octets(facts: MessageFacts) -> bytes:
    """Return the finished message, CRLF throughout; a wrong address or identifier is a ValueError.

    One of each header (RFC 5322 section 3.6), ``Auto-Submitted`` of RFC 3834 section 5,
    ``List-Id`` of RFC 2919, text before html (RFC 2046 section 5.1.4). ASCII, unless
    an address itself is not (RFC 6532).
    """
    boundary = "=_" + hashlib.sha256(facts.message_id.encode()).hexdigest()[:32]
    head = "\r\n".join(_headers(facts, boundary))
    parts = _part("plain", facts.text, boundary) + _part("html", facts.html, boundary)
    return b"%b\r\n\r\n%b--%b--\r\n" % (head.encode(), parts, boundary.encode())


def _part(subtype: str, text: str, boundary: str) -> bytes:
    """Return one alternative with its boundary, in quoted-printable with CRLF (RFC 2045 section 6.7)."""
    head = (
        f"--{boundary}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    # The last line end shows b2a_qp which ends to write; it belongs to the boundary (RFC 2046 section 5.1.1).
    whole = _NEWLINE.sub("\r\n", _UNSENDABLE.sub("", text)) + "\r\n"
    return head.encode() + binascii.b2a_qp(whole.encode(), istext=True)


def _headers(facts: MessageFacts, boundary: str) -> list[str]:
    """Return the header lines; ``=_`` cannot occur in a quoted-printable part (RFC 2045 section 6.7)."""
    ids = [_checked(_ID, reference, "a Message-ID") for reference in facts.references]
    return [
        f"From: {_mailbox(facts.sender_name, facts.sender)}",
        f"To: {address(facts.recipient)}",
        *([f"Reply-To: {address(facts.reply_to)}"] if facts.reply_to else []),
        f"Subject: {_unstructured(clean_header(facts.subject), len('Subject: '))}",
        f"Date: {format_datetime(facts.date)}",
        f"Message-ID: {_checked(_ID, facts.message_id, 'a Message-ID')}",
        *(["References: " + "\r\n ".join(ids)] if ids else []),
        f"List-Id: <{_checked(_DOMAIN, facts.list_id.strip('<>'), 'a list identifier')}>",
        f"Content-Language: {_checked(_LANGUAGES, facts.content_language, 'language tags')}",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: OOF, AutoReply",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"',
    ]


def address(text: str) -> str:
    """Return ``text`` if it is exactly one bare address, else raise ValueError: none is ever repaired."""
    if len(text) > 254:
        raise ValueError(f"expected an address of at most 254 characters; found {len(text)}")
    return _checked(_ADDRESS, text, "one bare e-mail address")


def _checked(pattern: re.Pattern[str], text: str, what: str) -> str:
    """Return ``text`` if all of it matches ``pattern``, else raise ValueError."""
    if not pattern.fullmatch(text):
        raise ValueError(f"expected {what}; found {text!r}")
    return text


def _mailbox(name: str, bare: str) -> str:
    """Return a mailbox with its display name (RFC 5322 section 3.4), on two lines."""
    clean, checked = clean_header(name), address(bare)
    if not clean:
        return checked
    quoted = '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'
    phrase = quoted if clean.isascii() and len(quoted) < _LINE - 6 else _encoded_words(clean, len("From: "))
    return f"{phrase}\r\n <{checked}>"


def _unstructured(text: str, used: int) -> str:
    """Return ``text`` as it is where it fits the line, else as encoded words."""
    return text if text.isascii() and used + len(text) <= _LINE else _encoded_words(text, used)


def _encoded_words(text: str, used: int) -> str:
    """Return ``text`` in encoded words of whole characters, one a line (RFC 2047 section 2)."""
    lines, line, room = [], "", _LINE - used - 12
    for character in text:
        piece = _Q.get(character) or "".join(f"={octet:02X}" for octet in character.encode())
        if len(line) + len(piece) > room:
            lines.append(line)
            line, room = "", _LINE - 1 - 12
        line += piece
    return "\r\n ".join(f"=?utf-8?q?{content}?=" for content in (*lines, line))

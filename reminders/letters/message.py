"""A message's final octets: RFC 5322 headers, MIME alternatives, attachments; the same for the same facts.

Pure and quick: headers and parts are spliced by hand (`email.message` takes most
of its time for headers and invents a boundary at each call), so everything
spliced is made harmless first. What a mail says is left to `email_templates`.

Its envelope has a return address that names the message and is signed (VERP):
bounces+17.<HMAC>@domain. The bounce of a mail comes to an address that nobody but this
service can have made (RFC 5321 section 4.4, RFC 5233 for the tag after ``+``). It names the epoch of the
database too (bounces+17.<epoch>.<HMAC>@domain): after a backup was restored numbers are given once more.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.utils import format_datetime
from typing import Final

from reminders.planning.addresses import in_ascii

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
_ATOM: Final = r"[\w!#$%&'*+/=?^`{|}~-]+"
_ADDRESS: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:[^\W_]|-)+(?:\.(?:[^\W_]|-)+)*")
_ID: Final = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+>")
_DOMAIN: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_LANGUAGES: Final = re.compile(
    r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*(?:, [A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)*"
)
_FILENAME: Final = re.compile(r"[A-Za-z0-9._-]+")
_MEDIA_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]+(?:; [a-z]+=[A-Za-z0-9-]+)*")
_OCTETS_A_LINE: Final = 57
# What stands for itself in an encoded word, in a phrase too (RFC 2047 section 5, rule 3).
_Q: Final = {c: c for c in string.ascii_letters + string.digits + "!*+-/"} | {" ": "_"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside the text: ``media_type`` with its parameters, ``filename`` of plain ASCII letters."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """All that a message's octets depend on.

    ``message_id`` and ``references`` have their angle brackets, ``date`` its offset; ``content_language`` is
    one language or two (``fi, sv``). No ``html``: the message is plain text only. An ``invitation`` is a
    third form of the same (RFC 6047 section 2.4), and a file too, for programs that do not know it.
    """

    sender: str
    sender_name: str
    recipient: str
    reply_to: tuple[str, ...]
    subject: str
    text: str
    html: str
    content_language: str
    message_id: str
    date: datetime
    list_id: str
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    invitation: Attachment | None = None


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
    ``List-Id`` of RFC 2919, text before html (RFC 2046 section 5.1.4), attachments after
    both. ASCII, unless an address itself is not (RFC 6532).
    """
    return "\r\n".join([*_headers(facts), ""]).encode() + _body(facts)


def plain_lines(text: str) -> str:
    """Return a text as it arrives: what cannot be sent is left out, each line ends with a line feed."""
    return _NEWLINE.sub("\n", _UNSENDABLE.sub("", text))


def _body(facts: MessageFacts) -> bytes:
    """Return the message's own Content-Type and what follows it: the text, its other forms, the files."""
    forms, files = [_part("plain", facts.text)], list(facts.attachments)
    if facts.html:
        forms.append(_part("html", facts.html))
    if facts.invitation:
        forms.append(_encoded(facts.invitation, ""))
        # The type that Google's and Apple's own invitations have; text/calendar twice shows it twice.
        files.insert(0, replace(facts.invitation, media_type="application/ics"))
    shown = _multipart("alternative", forms, _boundary(facts, "")) if len(forms) > 1 else forms[0]
    if not files:
        return shown
    return _multipart("mixed", [shown, *map(_attached, files)], _boundary(facts, "mixed"))


def _boundary(facts: MessageFacts, kind: str) -> str:
    """Return a boundary; ``=_`` cannot occur in quoted-printable or base64 (RFC 2045 section 6.7)."""
    return "=_" + hashlib.sha256((facts.message_id + kind).encode()).hexdigest()[:32]


def _multipart(subtype: str, parts: Iterable[bytes], boundary: str) -> bytes:
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'
    inside = b"".join(b"--%b\r\n%b" % (boundary.encode(), part) for part in parts)
    return b"%b%b--%b--\r\n" % (head.encode(), inside, boundary.encode())


def _part(subtype: str, text: str) -> bytes:
    """Return a text with its headers, in quoted-printable with CRLF (RFC 2045 section 6.7)."""
    head = (
        f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    # The last line end shows b2a_qp which ends to write; it belongs to the boundary (RFC 2046 section 5.1.1).
    whole = plain_lines(text).replace("\n", "\r\n") + "\r\n"
    return head.encode() + binascii.b2a_qp(whole.encode(), istext=True)


def _attached(one: Attachment) -> bytes:
    """Return a file with its headers, in base64 (RFC 2045 section 6.8; RFC 2183)."""
    name = _checked(_FILENAME, one.filename, "a plain file name")
    return _encoded(one, f'Content-Disposition: attachment; filename="{name}"\r\n')


def _encoded(one: Attachment, disposition: str) -> bytes:
    head = (
        f"Content-Type: {_checked(_MEDIA_TYPE, one.media_type, 'a media type')}\r\n"
        f"Content-Transfer-Encoding: base64\r\n{disposition}\r\n"
    )
    lines = (one.content[n : n + _OCTETS_A_LINE] for n in range(0, len(one.content), _OCTETS_A_LINE))
    return head.encode() + b"".join(binascii.b2a_base64(line, newline=False) + b"\r\n" for line in lines)


def _headers(facts: MessageFacts) -> list[str]:
    ids = [_checked(_ID, reference, "a Message-ID") for reference in facts.references]
    subject, used = clean_header(facts.subject), len("Subject: ")
    if not subject.isascii() or used + len(subject) > _LINE:
        subject = _encoded_words(subject, used)
    return [
        f"From: {_mailbox(facts.sender_name, facts.sender)}",
        f"To: {address(in_ascii(facts.recipient))}",
        *([f"Reply-To: {_folded_list(facts.reply_to)}"] if facts.reply_to else []),
        f"Subject: {subject}",
        f"Date: {format_datetime(facts.date)}",
        f"Message-ID: {_checked(_ID, facts.message_id, 'a Message-ID')}",
        *(["References: " + "\r\n ".join(ids)] if ids else []),
        f"List-Id: <{_checked(_DOMAIN, facts.list_id.strip('<>'), 'a list identifier')}>",
        f"Content-Language: {_checked(_LANGUAGES, facts.content_language, 'language tags')}",
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: OOF, AutoReply",
        "MIME-Version: 1.0",
    ]


def _folded_list(addresses: Iterable[str]) -> str:
    """Return addresses with commas, one a line (RFC 5322 section 2.2.3)."""
    return ",\r\n ".join(address(in_ascii(one)) for one in addresses)


def address(text: str) -> str:
    """Return ``text`` if it is exactly one bare address, else raise ValueError: none is ever repaired."""
    if len(text) > 254:
        raise ValueError(f"expected an address of at most 254 characters; found {len(text)}")
    return _checked(_ADDRESS, text, "one bare e-mail address")


def _checked(pattern: re.Pattern[str], text: str, what: str) -> str:
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


# -- return addresses -------------------------------------------------------------

_DIGITS: Final = 20
_TAG: Final = re.compile(
    r"\+(?P<id>[0-9]{1,18})\.(?:(?P<epoch>[0-9a-f]{8})\.)?(?P<signature>[0-9a-f]+)", re.ASCII
)


def return_path(bounce_address: str, outbox_id: int, secret: str, epoch: str = "") -> str:
    """Return the address that the bounce of a message comes to; the first epoch has no name."""
    local, _, domain = bounce_address.rpartition("@")
    named = f"{outbox_id}.{epoch}" if epoch else str(outbox_id)
    return f"{local}+{named}.{_signature(outbox_id, secret, epoch)}@{domain}"


def is_tagged(bounce_address: str, address: str) -> bool:
    """Tell whether an address claims to be one of ours, truly or not."""
    local, _, domain = bounce_address.lower().rpartition("@")
    found_local, _, found_domain = address.lower().rpartition("@")
    return found_domain == domain and found_local.startswith(f"{local}+")


def outbox_id_of(
    bounce_address: str, address: str, secret: str, epochs: Mapping[str, int | None]
) -> int | None:
    """Return the message that a return address names; None when its signature is not ours.

    ``epochs`` are those of the database, each with the last message that its addresses are good for; None:
    all of them.
    """
    local, tag = bounce_address.rpartition("@")[0], address.lower().rpartition("@")[0]
    found = _TAG.fullmatch(tag.removeprefix(local.lower()))
    if not is_tagged(bounce_address, address) or found is None:
        return None
    outbox_id, epoch = int(found["id"]), found["epoch"] or ""
    if not hmac.compare_digest(found["signature"], _signature(outbox_id, secret, epoch)):
        return None
    last = epochs.get(epoch, 0)
    return outbox_id if last is None or outbox_id <= last else None


def _signature(outbox_id: int, secret: str, epoch: str) -> str:
    facts = f"return path\0{epoch}\0{outbox_id}" if epoch else f"return path\0{outbox_id}"
    return hmac.new(secret.encode(), facts.encode(), hashlib.sha256).hexdigest()[:_DIGITS]

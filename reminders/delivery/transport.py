"""What every way of handing over a message offers: one envelope in, one outcome back; those without a server.

A folder takes one .eml file a message, in a folder a day; a list is for rehearsals and tests. How a message
is made is left to `message`, what an outcome means to `retry`, mail servers to `smtp`.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final, Literal, Protocol, Self

from structlog import get_logger

from reminders.letters.delivery_events import without_addresses
from reminders.letters.retry import Outcome, Phase

log = get_logger()
OnDot = Callable[[], bool]
Name = Literal["smtp", "folder", "memory"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """One frozen message, its two addresses (RFC 5321 2.3.1), its civil date; ``at`` is its run's instant."""

    sender: str
    recipient: str
    message_id: str
    raw: bytes
    local_date: date
    at: datetime


class Transport(Protocol):
    """A way of handing over messages; the server's doings are outcomes, never exceptions.

    ``is_idempotent``: handing a message over twice leaves one, so that no note of the dot is needed.
    """

    name: Name
    is_idempotent: bool

    def deliver(self, envelope: Envelope, on_dot: OnDot) -> Outcome:
        """Hand over ``envelope`` and return how far it got.

        ``on_dot`` is called once, before the first octet of the body leaves;
        False means that the claim was lost, and nothing is handed over.
        """

    def would_take(self, sender: str, recipient: str, until: Phase) -> Outcome:
        """Ask as far as RCPT, or DATA, whether a mail to ``recipient`` would be taken; hand over nothing."""

    def another(self) -> Self:
        """Return a transport to the same place that works beside this one."""

    def close(self) -> None:
        """End the connection, if there is one; the next message opens another."""


class Unconnected:
    """A transport without a connection: several may use it at once."""

    is_idempotent = True

    def would_take(self, sender: str, recipient: str, until: Phase) -> Outcome:  # noqa: ARG002 - nobody is asked
        """Return that it would be."""
        return Outcome("accepted", until, 250)

    def another(self) -> Self:
        """Return this one."""
        return self

    def close(self) -> None:
        """Do nothing."""


class MemoryTransport(Unconnected):
    """Keeps every envelope in ``envelopes``, in the order of delivery: for rehearsals and tests."""

    name: Name = "memory"

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    def deliver(self, envelope: Envelope, on_dot: OnDot) -> Outcome:
        """Keep ``envelope``, unless the claim was lost."""
        if not on_dot():
            return Outcome("claim-lost", "data")
        self.envelopes.append(envelope)
        return Outcome("accepted", "dot", 250, f"2.0.0 kept as number {len(self.envelopes)}")


_NOT_SLUG: Final = re.compile(r"[^a-z0-9]+")


class FolderTransport(Unconnected):
    """Writes each message to ``<path>/<local date>/<recipient>--<hash>.eml``.

    The name follows from the message, and a file appears whole or not at all: what a crash left behind is
    found written and settled. A file that holds something else is never replaced: the message is written
    beside it, under a name that follows from its octets, and the log says so.
    """

    name: Name = "folder"

    def __init__(self, path: Path) -> None:
        self.path = path

    def deliver(self, envelope: Envelope, on_dot: OnDot) -> Outcome:
        """Write the file of ``envelope``; the answer's text is its name below the folder."""
        name = file_name(envelope)
        target = self.path / name
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            target.parent.mkdir(mode=0o700, exist_ok=True)
            is_there = target.exists()
            if is_there and target.read_bytes() != envelope.raw:
                log.error("file of a message holds something else", file=without_addresses(f"/{name}"))
                name = file_name(envelope, beside=True)
                target = self.path / name
                is_there = target.exists() and target.read_bytes() == envelope.raw
        except OSError as error:
            return Outcome("no-answer", "connect", 0, _words(error))
        if not on_dot():
            return Outcome("claim-lost", "data")
        try:
            if not is_there:
                _write_whole(target, envelope.raw)
        except OSError as error:
            return Outcome("refused", "dot", 452, f"4.3.1 {_words(error)}")
        return Outcome("accepted", "dot", 250, name)


def file_name(envelope: Envelope, *, beside: bool = False) -> str:
    """Return the file's name below the folder: the same for the same message.

    ``beside``: that of its octets too, where the first is taken.
    """
    plain = unicodedata.normalize("NFKD", envelope.recipient).encode("ascii", "ignore").decode().lower()
    slug = _NOT_SLUG.sub("-", plain).strip("-")[:80]
    mark = name_mark(envelope.message_id, envelope.raw if beside else b"")
    return f"{envelope.local_date.isoformat()}/{slug}--{mark}.eml"


def name_mark(message_id: str, octets: bytes = b"") -> str:
    """Return the part of a file's name that says which mail it is; the rest says to whom."""
    return hashlib.sha256(message_id.encode() + octets).hexdigest()[:12]


def _write_whole(target: Path, octets: bytes) -> None:
    """Write ``octets`` beside ``target``, durably, then rename; what a crash left behind is replaced."""
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(octets)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
    handle = os.open(target.parent, os.O_RDONLY)
    try:  # the rename, durably
        os.fsync(handle)
    finally:
        os.close(handle)


def _words(error: OSError) -> str:
    return " ".join(str(error).split())[:480]

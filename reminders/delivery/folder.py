"""The transport without a mail server: one .eml file a message, in a folder a day.

The name follows from the message, and a file appears whole or not at all: a
crash and the retry after it leave one file.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from pathlib import Path

from reminders.delivery.transport import Envelope, Name, OnDot, Unconnected
from reminders.letters.retry import Outcome

_NOT_SLUG = re.compile(r"[^a-z0-9]+")


class FolderTransport(Unconnected):
    """Writes each message to ``<path>/<local date>/<recipient>--<hash>.eml``."""

    name: Name = "folder"

    def __init__(self, path: Path) -> None:
        self.path = path

    def deliver(self, envelope: Envelope, on_dot: OnDot, ahead: Envelope | None = None) -> Outcome:  # noqa: ARG002 - nothing is sent ahead
        """Write the file of ``envelope``; the answer's text is its name below the folder."""
        name = file_name(envelope)
        target = self.path / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            return Outcome("no-answer", "connect", 0, _words(error))
        if not on_dot():
            return Outcome("claim-lost", "data")
        try:
            _write_whole(target, envelope.raw)
        except OSError as error:
            return Outcome("refused", "dot", 452, f"4.3.1 {_words(error)}")
        return Outcome("accepted", "dot", 250, name)


def file_name(envelope: Envelope) -> str:
    """Return the file's name below the folder: the same for the same message."""
    plain = unicodedata.normalize("NFKD", envelope.recipient).encode("ascii", "ignore").decode().lower()
    slug = _NOT_SLUG.sub("-", plain).strip("-")[:80]
    digest = hashlib.sha256(envelope.message_id.encode()).hexdigest()[:12]
    return f"{envelope.local_date.isoformat()}/{slug}--{digest}.eml"


def _write_whole(target: Path, octets: bytes) -> None:
    """Write ``octets`` beside ``target``, durably, then rename; what a crash left behind is replaced."""
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as file:
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

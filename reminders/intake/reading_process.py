"""Read files in a process of its own, one at a time, so that no file can take the service down with it.

1. Whoever wants something read takes a place: one file is read at a time, a few may wait, the next hears
   ``BusyError`` at once. So imports never keep more than a few threads of the server from feeds and pages.
2. A child is started (``reading_child``) with an empty environment and no open file but its pipes. It bounds
   its own memory and processor time; here the clock on the wall is watched, and the length of its answer.
3. What it answers is JSON, checked (``exchange``), and becomes a reading or the error that it tells. A child
   that ends without an answer, or takes too long, is a problem of the file like any other.

A parser that a hostile file has taken over can lie about what the file says, which a person sees in the
preview before anything is stored. It knows no secret of the environment, can write no file, and dies with its
limits. It still runs as the service's user: it could read what that user may read and open connections.
Whoever must rule that out runs the service in a container or unit without a way out.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from reminders.errors import BusyError, InputError
from reminders.intake.choices import NO_CHOICES, ReadingChoices, RememberedChoices
from reminders.intake.contacts import ContactList
from reminders.intake.exchange import (
    ChildAnswer,
    ContactsJob,
    Job,
    ProgrammeJob,
    answer_adapter,
    error_of,
    job_adapter,
)
from reminders.intake.limits import MAX_ANSWER, MAX_MEMORY, MAX_SECONDS, MAX_WAIT, MAX_WAITING
from reminders.intake.messages import import_error
from reminders.intake.read import ProgrammeReading, Progress
from reminders.intake.words import file_label
from schedule_rules.programme import Organisation, Programme

CHILD: Final = ("-B", "-P", "-m", "reminders.intake.reading_child")
"""What the interpreter is told: write no compiled files, import nothing from the folder it stands in."""
_ROOT: Final = str(Path(__file__).parents[2])
_PIECE: Final = 65_536


class ReadingQueue:
    """The places of those who want a file read: one is read, a few wait."""

    def __init__(self, waiting: int = MAX_WAITING, patience: float = MAX_WAIT) -> None:
        """Let so many wait, each for so many seconds at most."""
        self._places = threading.BoundedSemaphore(1 + waiting)
        self._turn = threading.Lock()
        self._patience = patience

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn and have it; ``BusyError`` where too many wait already, or for too long."""
        if not self._places.acquire(blocking=False):
            raise BusyError
        try:
            if not self._turn.acquire(timeout=self._patience):
                raise BusyError
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._places.release()


_QUEUE: Final = ReadingQueue()


def read_programme_apart(
    paths: Sequence[Path],
    *,
    choices: ReadingChoices = NO_CHOICES,
    remembered: Sequence[RememberedChoices] = (),
    known: Programme | None = None,
    progress: Progress | None = None,
    year: int = 2000,
) -> ProgrammeReading:
    """Return what ``read_documents`` returns for the same, or raise what it raises, read in a child.

    ``InputError`` also where the child took too much memory or time; ``BusyError`` where others are waiting.
    """
    names = tuple(os.fsencode(path).decode("latin-1") for path in paths)
    file = file_label(paths[0].name) if paths else "import"
    answer = _answer(ProgrammeJob(names, choices, known, year, tuple(remembered)), file, progress)
    if answer.reading is None:
        raise _no_answer("import", "no reading")
    return answer.reading


def read_contacts_apart(data: bytes, source: str, organisations: Mapping[str, Organisation]) -> ContactList:
    """Return what ``read_contact_list`` returns for the same, or raise what it raises, read in a child."""
    answer = _answer(ContactsJob(data.decode("latin-1"), source, dict(organisations)), source, None)
    if answer.contacts is None:
        raise _no_answer(source, "no list")
    return answer.contacts


def _answer(job: Job, file: str, progress: Progress | None) -> ChildAnswer:
    """Return the child's answer to a job about ``file``; raise the error that it tells, or that it is."""
    with _QUEUE.turn(), tempfile.TemporaryFile() as question:
        question.write(job_adapter().dump_json(job))
        question.seek(0)
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and module  # nosec B603
            [sys.executable, *CHILD],
            stdin=question,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        try:
            answer = _last_line(child, file, progress)
        finally:
            child.kill()
            child.wait()
            assert child.stdout  # noqa: S101 - it is a pipe
            child.stdout.close()
    if error := error_of(answer, file):
        raise error
    return answer


def _environment() -> dict[str, str]:
    """Return what the child is told of the world: where its modules are."""
    folders = [_ROOT, *(one for one in sys.path if Path(one).is_absolute())]
    return {"PYTHONPATH": os.pathsep.join(dict.fromkeys(folders)), "PYTHONUTF8": "1"}


def _last_line(child: subprocess.Popen[bytes], file: str, progress: Progress | None) -> ChildAnswer:
    """Return what the child says last; each step before it is passed on."""
    for line in _lines(child, file):
        try:
            answer = answer_adapter().validate_json(line)
        except ValidationError:
            raise _no_answer(file, "answer") from None
        if answer.step is None:
            return answer
        if progress:
            progress(*answer.step)
    ended = -child.wait()
    if ended == signal.SIGXCPU:
        raise _too_long(file, MAX_SECONDS)
    if ended == signal.SIGKILL:  # by the system, which has no memory left
        raise import_error(file, "the file", "much-memory", "table-alone", mb=MAX_MEMORY // 2**20)
    raise _no_answer(file, signal.Signals(ended).name if ended > 0 else f"exit {-ended}")


def _lines(child: subprocess.Popen[bytes], file: str) -> Iterator[bytes]:
    """Yield the lines that the child writes until it ends; ``InputError`` for too late or too many."""
    assert child.stdout  # noqa: S101 - it is a pipe
    ends = time.monotonic() + MAX_WAIT
    left, rest = MAX_ANSWER, bytearray()
    with selectors.DefaultSelector() as ready:
        ready.register(child.stdout, selectors.EVENT_READ)
        while True:
            if not ready.select(max(0.0, ends - time.monotonic())):
                raise _too_long(file, MAX_WAIT)
            piece = os.read(child.stdout.fileno(), _PIECE)
            left -= len(piece)
            if left < 0:
                raise _no_answer(file, "long answer")
            *lines, tail = piece.split(b"\n")
            for line in lines:
                yield bytes(rest) + line
                rest.clear()
            rest += tail
            if not piece:
                return


def _too_long(file: str, seconds: int) -> InputError:
    return import_error(file, "the file", "long-reading", "table-alone", seconds=seconds)


def _no_answer(file: str, reason: str) -> InputError:
    return import_error(file, "the file", "reader-failure", "table-alone", reason=reason)

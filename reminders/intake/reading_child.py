"""The program of the process that reads files: bounded by the operating system, and nothing in its hands.

1. The modules that every reading needs are imported; then the process may not grow beyond its bounds any
   more: memory (``RLIMIT_AS``: what is mapped now and not used, and ``MAX_MEMORY``), processor time
   (``RLIMIT_CPU``), no byte written to any file (``RLIMIT_FSIZE``), no core.
2. The job comes on standard input, steps and the answer go to standard output, a line each.
3. Whatever goes wrong is said in the answer; where not even that can be done, the process ends, and the one
   that started it says so.

It is started by ``reading_process`` with an empty environment and none of the service's open files, so it
knows neither the secret key nor the mail server's password, and holds no connection to the database.
"""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from typing import BinaryIO

from reminders.errors import RemindersError
from reminders.intake.contacts import read_contact_list
from reminders.intake.exchange import ChildAnswer, ContactsJob, Job, answer_adapter, error_answer, job_adapter
from reminders.intake.limits import MAX_MEMORY, MAX_SECONDS
from reminders.intake.read import read_documents


def main() -> None:
    """Read the job on standard input and answer on standard output."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    answer_adapter(), job_adapter()
    set_bounds()
    try:
        job = job_adapter().validate_json(sys.stdin.buffer.read())
        answer = _done(job, out)
    except RemindersError as error:
        answer = error_answer(error)
    except MemoryError:
        answer = ChildAnswer(failure="memory")
    except Exception as error:  # noqa: BLE001 - a parser may fail in any way
        answer = ChildAnswer(failure=type(error).__name__)
    try:
        _say(answer, out)
    except Exception as error:  # noqa: BLE001 - a text that is none, or no memory for the answer
        _say(ChildAnswer(failure=type(error).__name__), out)


def set_bounds(memory: int = MAX_MEMORY, seconds: int = MAX_SECONDS) -> None:
    """Bound what this process may use from now on; bytes of memory in all, seconds of processor time."""
    _bound(resource.RLIMIT_CPU, seconds)
    _bound(resource.RLIMIT_FSIZE, 0)
    _bound(resource.RLIMIT_CORE, 0)
    statm = Path("/proc/self/statm")
    if statm.exists():  # only Linux tells, and holds to RLIMIT_AS
        mapped, used = (int(pages) * resource.getpagesize() for pages in statm.read_text().split()[:2])
        _bound(resource.RLIMIT_AS, mapped - used + memory)


def _bound(what: int, value: int) -> None:
    """Set a limit, or leave the one that is set already where that is lower.

    The hard one is a second more where seconds are bounded: at the soft one SIGXCPU says what it was.
    """
    _, hard = resource.getrlimit(what)
    most = value + (what == resource.RLIMIT_CPU)
    if hard != resource.RLIM_INFINITY:
        value, most = min(value, hard), min(most, hard)
    resource.setrlimit(what, (value, most))


def _done(job: Job, out: BinaryIO) -> ChildAnswer:
    if isinstance(job, ContactsJob):
        data = job.text.encode("latin-1")
        return ChildAnswer(contacts=read_contact_list(data, job.source, job.organisations))

    def report(done: int, total: int, file: str) -> None:
        _say(ChildAnswer(step=(done, total, file)), out)

    paths = [Path(os.fsdecode(path.encode("latin-1"))) for path in job.paths]
    return ChildAnswer(
        reading=read_documents(
            paths,
            choices=job.choices,
            remembered=job.remembered,
            known=job.known,
            progress=report,
            year=job.year,
        )
    )


def _say(answer: ChildAnswer, out: BinaryIO) -> None:
    out.write(answer_adapter().dump_json(answer, exclude_defaults=True) + b"\n")
    out.flush()


if __name__ == "__main__":
    main()

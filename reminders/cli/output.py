"""Printing: one JSON document, or a table for people.

Forecast and log items as --json prints them (design: interface.md, "Shapes").

A stage there is the trigger's offset or one of the words that the design names. Stages of our
own (the unit's year, a hand-over, a new link, an invitation) are told by their mail's distance
from the date, and by their name as the reason.

What an import found, in the reader's language: findings, changes, and what is wrong in a file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final, Literal

import typer

from reminders.errors import InputError
from reminders.intake.read import Progress
from reminders.planning.mails import Mail
from reminders.planning.policy import HANDOVER, INVITATION, LINK, OWN_FEED, YEAR, stage_name
from reminders.store.delivery_log import LogEntry
from reminders.use.programme.read_files import Import
from reminders.web.catalogue import say
from reminders.web.words import code_words, detail_words, place_words, problem_words
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.programme import Lang

# -- Printing: one JSON document, or a table for people

_PIPE_WIDTH = 400


def write_file(file: Path, octets: bytes) -> None:
    """Write a file; ``InputError`` where that cannot be done."""
    try:
        file.write_bytes(octets)
    except OSError as error:
        raise InputError(str(file), "file", str(error.strerror), "a file that can be written") from error


def print_json(document: object) -> None:
    """Print one JSON document on stdout and nothing else."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows as a table that fits the terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in header:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    # Through a pipe nothing is cut: an id is there to be copied.
    Console(soft_wrap=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH).print(table)


@contextmanager
def shown_progress() -> Iterator[Progress | None]:
    """Show a progress bar on a terminal; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading")

        def tell(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=what, refresh=True)

        yield tell


# -- Forecast and log items as --json prints them (design: interface.md, "Shapes")

_OWN: Final = frozenset({HANDOVER, INVITATION, LINK, OWN_FEED, YEAR})
Dues = Mapping[str, date]


def draft_json(draft: Mail, dues: Dues) -> dict[str, object]:
    """Return a mail to be as the forecast's item; ``dues`` are occurrences' dates by id."""
    return {
        "date": draft.day.isoformat(),
        "to": draft.recipient,
        "language": draft.language,
        "kind": draft.kind,
        "items": [_item(item.occurrence, item.stage, item.reason, draft.day, dues) for item in draft.items],
    }


def log_json(entry: LogEntry, dues: Dues) -> dict[str, object]:
    """Return a mail and its fate as the log's item; ``dues`` as in ``draft_json``."""
    return {
        "date": entry.day.isoformat(),
        "to": entry.to,
        "language": entry.language,
        "kind": entry.kind,
        "items": [
            _item(item["occurrence"], item["stage"], item["reason"], entry.day, dues) for item in entry.items
        ],
        "at": entry.at.isoformat(),
        "message_id": entry.message_id,
        "state": entry.state,
        "events": [
            {"at": event.at.isoformat(), "kind": event.kind, "code": event.code, "text": event.text}
            for event in entry.events
        ],
    }


def _item(occurrence: str, stage: str, reason: str, day: date, dues: Dues) -> dict[str, str]:
    if stage not in _OWN:
        return {"occurrence": occurrence, "stage": stage, "reason": reason}
    due = dues.get(occurrence) or OccurrenceID.parse(occurrence).recurrence_date or day
    own = stage if reason in {"first", "repeated"} else reason
    return {"occurrence": occurrence, "stage": stage_name((day - due).days), "reason": own}


# -- What an import found, in the reader's language: findings, changes, and what is wrong in a

State = Literal["dry", "new", "changed", "same"]
"""Only read; stored for the first time; stored with changes; nothing to store."""


@contextmanager
def told_in(lang: Lang) -> Iterator[None]:
    """Print what is wrong in a file in ``lang`` and end with the error's exit code."""
    try:
        yield
    except InputError as error:
        for one in error.problems:
            expected, found = problem_words(one.expected, lang), problem_words(one.found, lang)
            place = place_words(one.place, lang)
            line = say(lang, "import.problem", file=one.file, place=place, expected=expected, found=found)
            sys.stderr.write(f"reminders: {line}\n")
        sys.exit(error.exit_code)


def import_lines(found: Import, state: State, lang: Lang) -> list[str]:
    """Return what needs a person's eye, what would change, and what was done, a line each."""
    lines = [_finding(one, lang) for one in found.findings]
    if not found.is_new:
        lines += [
            f"{one.kind} {one.place} {one.field}: {one.before} -> {one.after}"
            if one.field
            else f"{one.kind} {one.place}"
            for one in found.changes
        ]
    count = len(found.programme.actions)
    return [*lines, say(lang, f"import.done-{state}", n=count, key=found.programme.key)]


def _finding(one: Mapping[str, str], lang: Lang) -> str:
    """Return file, place, what is unclear, the words, and what comes nearest."""
    told = f"{one['file']}, {place_words(one['place'], lang)}: {code_words(one['code'], lang)}"
    words = say(lang, "import.quoted", words=one["words"]) if one["words"] else ""
    return " ".join(filter(None, (told, words, detail_words(one["detail"], lang))))

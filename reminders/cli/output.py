"""Printing: one JSON document, a table for people, a file, a progress bar."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from email_templates.plain_text import counted
from reminders.errors import InputError

if TYPE_CHECKING:
    from reminders.intake.read import Progress

_PIPE_WIDTH = 400


def write_file(file: Path, octets: bytes) -> None:
    """Write a file; ``InputError`` where that cannot be done."""
    try:
        file.write_bytes(octets)
    except OSError as error:
        raise InputError(str(file), "file", str(error.strerror), "a file that can be written") from error


def print_copies(files: int, faults: Sequence[str]) -> None:
    """Print how many copies in the mail folder went; end with exit 1 where some could not be deleted."""
    if files:
        verb = "was" if files == 1 else "were"
        typer.echo(f"{counted(files, 'file')} in the mail folder {verb} deleted.")
    if faults:
        from reminders.cli.logs import say_error
    for fault in faults:
        say_error(f"a copy in the mail folder cannot be deleted: {fault}")
    if faults:
        raise typer.Exit(1)


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

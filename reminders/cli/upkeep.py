"""Commands that keep the service in order: bounce, purge, person, backup, restore."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from reminders.cli.opening import AtOption, DatabaseOption, open_service
from reminders.dispatch.bounces import Desk
from reminders.errors import InputError


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("bounce")(bounce)


def bounce(
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="The report; - is stdin.")] = "-",
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Record a report of undeliverable mail; one that is not signed by us is refused."""
    octets = _octets(file)
    service = open_service(database, at)
    found = Desk(service.settings, service.database, service.secret, service.clock()).record(octets)
    typer.echo(f"message {found.outbox_id}: {found.fate}, {found.news}.")


def _octets(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise InputError(file, "file", str(error.strerror), "a mail message") from error

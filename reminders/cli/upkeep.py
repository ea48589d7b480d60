"""Commands that keep the service in order: bounce, purge, person, backup, restore."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from reminders.cli.opening import AtOption, DatabaseOption, open_service
from reminders.cli.output import print_json
from reminders.dispatch import retention
from reminders.dispatch.bounces import Desk
from reminders.errors import InputError, UsageError


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("bounce")(bounce)
    app.command("purge")(purge)
    app.command("person")(person)


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


def purge(
    older_than: Annotated[
        int | None,
        typer.Option("--older-than", metavar="DAYS", min=0, help="Instead of KEEP_MAIL_DAYS."),
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Delete the octets of old mails, and the addresses of people who have left; the record stays."""
    found = retention.purge(open_service(database, at), older_than, dry_run=dry_run)
    told = "would be" if dry_run else "were"
    typer.echo(
        f"The octets of {found.mails} mails {told} deleted; {found.addresses} addresses {told} hashed."
    )


def person(
    address: Annotated[str, typer.Argument(metavar="ADDRESS")],
    act: Annotated[str, typer.Argument(metavar="export|remove")],
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Print everything that is held of a person, or remove the person."""
    if act not in {"export", "remove"}:
        raise UsageError(f"person: expected export or remove; found {act!r}")
    service = open_service(database, at)
    if act == "export":
        print_json(retention.export(service, address))
        return
    retention.remove(service, address)
    typer.echo(f"{address} was removed: no contact, no mail to come, a keyed hash in the record.")


def _octets(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise InputError(file, "file", str(error.strerror), "a mail message") from error

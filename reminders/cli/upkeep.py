"""Commands that keep the service in order: bounce, purge, person, backup, restore."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from reminders.cli.opening import AtOption, DatabaseOption, open_service
from reminders.cli.output import print_json
from reminders.errors import EvidenceError, InputError, UsageError
from reminders.settings import read_settings
from reminders.store import Database, delivery_log
from reminders.store.backup import restore_backup, write_backup
from reminders.use.mail.bounces import BounceDesk
from reminders.use.people import retention

FileArgument = Annotated[Path, typer.Argument(metavar="FILE")]


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("bounce")(bounce)
    app.command("purge")(purge)
    app.command("person")(person)
    app.command("backup")(backup)
    app.command("restore")(restore)


def bounce(
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="The report; - is stdin.")] = "-",
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Record a report of undeliverable mail; one that is not signed by us is refused."""
    octets = _octets(file)
    service = open_service(database, at)
    found = BounceDesk(service.settings, service.database, service.secret, service.clock()).record(octets)
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
    found = retention.purge_old(open_service(database, at), older_than, dry_run=dry_run)
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
        print_json(retention.export_everything_of(service, address))
        return
    retention.remove_everything_of(service, address)
    typer.echo(f"{address} was removed: no contact, no mail to come, a keyed hash in the record.")


def backup(file: FileArgument, database: DatabaseOption = None) -> None:
    """Write everything into one file; the service may run meanwhile."""
    service = open_service(database)
    found = write_backup(service.database, file, service.clock())
    typer.echo(f"{found.total} rows in {file}, readable by you only: it holds addresses and mails.")
    if service.settings.secret_key is None:
        typer.echo("The secret key is not in it: keep a copy of the file secret_key apart from it.")


def restore(
    file: FileArgument,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace everything in the database.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Fill an empty database from a backup, of SQLite or PostgreSQL; stop the service first."""
    settings = read_settings(**({"database_url": database} if database else {}))
    opened = Database(settings.database_url)
    opened.migrate()
    found = restore_backup(opened, file, force=force)
    with opened.read() as connection:
        broken = delivery_log.broken_links(connection)
    typer.echo(f"{found.total} rows of {found.at} restored.")
    typer.echo(
        "What was mailed after that is not in them and would go out again: see reminders tick --dry-run."
    )
    if broken:
        raise EvidenceError(f"the record in the backup was changed before: the chain breaks at {broken[0]}")


def _octets(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise InputError(file, "file", str(error.strerror), "a mail message") from error

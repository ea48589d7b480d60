"""Commands that keep the service in order: purge, backup, restore, doctor, db."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from email_templates.plain_text import counted
from reminders.cli.logs import configure_log, say_error
from reminders.cli.open_service import check_folders, command_origin, open_service, system_clock
from reminders.cli.options import AtOption, DatabaseOption, number_parser, parse_instant
from reminders.cli.output import print_copies, print_table
from reminders.errors import EvidenceError
from reminders.settings import ensure_secret_key, read_settings
from reminders.use.people.retention import purge_old
from reminders.use.watch import backup as use
from reminders.use.watch.alarm import send_alarm
from reminders.use.watch.doctor import examine
from reminders.use.watch.evidence import OTHER_KEY, accept_key

db = typer.Typer(help="The database.", no_args_is_help=True)
FileArgument = Annotated[Path, typer.Argument(metavar="FILE")]


def purge(
    older_than: Annotated[
        int | None,
        typer.Option(
            "--older-than",
            metavar="DAYS",
            parser=number_parser("--older-than", 0, 36_500),
            help="Instead of KEEP_MAIL_DAYS.",
        ),
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Delete the octets of old mails, and the addresses of people who have left; the record stays."""
    found = purge_old(open_service(database, at), older_than, dry_run=dry_run)
    mails, addresses = counted(found.mails, "mail"), counted(found.addresses, "address")
    if dry_run:
        typer.echo(f"The octets of {mails} would be deleted; {addresses} would be hashed.")
    else:
        verb = "was" if found.addresses == 1 else "were"
        typer.echo(f"The octets of {mails} were deleted; {addresses} {verb} hashed.")
        print_copies(found.copies.files, found.copies.faults)


def backup(
    file: FileArgument,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")] = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Write everything into one file; the service may run meanwhile."""
    service = open_service(database, at)
    found = use.back_up(service, file, force=force)
    typer.echo(
        f"{counted(found.total, 'row')} in {file}, readable by you only: it holds addresses and mails."
    )
    if service.settings.secret_key is None:
        typer.echo("The secret key is not in it: keep a copy of the file secret_key apart from it.")


def restore_command(
    file: FileArgument,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace everything in the database.")] = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Fill an empty database from a backup, of SQLite or PostgreSQL; stop the service first."""
    settings = read_settings(**({"database_url": database} if database else {}))
    configure_log(settings)
    check_folders(settings)
    now = parse_instant(at, settings.zone) if at else system_clock()
    secret = ensure_secret_key(settings)
    found = use.restore(settings.database_url, file, now, secret, command_origin(), force=force)
    typer.echo(f"{counted(found.backup.total, 'row')} of {found.backup.at} restored.")
    typer.echo(
        "What was mailed after that is not in them and may go out again: see reminders tick --dry-run.\n"
        "Nothing is sent until somebody says so: reminders tick --accept-clock."
    )
    if found.other_key:
        say_error(OTHER_KEY)
    if found.changed:
        raise EvidenceError(f"the record in the backup was changed before: {found.changed[0]}")


def doctor(
    *,
    alarm: Annotated[
        bool, typer.Option("--alarm", help="Mail ALARM_TO when something is wrong, once a day; for cron.")
    ] = False,
    takes_key: Annotated[
        bool,
        typer.Option(
            "--accept-key",
            help="The old secret key is lost: seal the record under today's, as it stands and unverified.",
        ),
    ] = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Check the set-up: database, secret key, file modes, clock, holidays, mail, contacts, evidence."""
    service = open_service(database, at)
    if takes_key:
        head = accept_key(service)
        typer.echo(f"The record was sealed under today's secret key: {counted(head.events, 'event')}.")
        return
    if alarm:
        typer.echo("Alarm sent." if send_alarm(service) else "No alarm sent.")
        return
    checks = examine(service)
    print_table(("check", "state", "what was found"), [(one.name, one.state, one.found) for one in checks])
    if any(one.state == "fails" for one in checks):
        raise typer.Exit(1)


@db.command("upgrade")
def db_upgrade(at: AtOption = None, database: DatabaseOption = None) -> None:
    """Bring the tables to the newest revision."""
    service = open_service(database, at)
    typer.echo(f"{service.database.url.render_as_string()} is up to date.")

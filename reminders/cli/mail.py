"""Commands about mail: forecast, digest, log, bounce."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from email_templates.plain_text import counted
from reminders.cli.open_service import open_service, say_damaged
from reminders.cli.options import (
    AtOption,
    DatabaseOption,
    FromOption,
    JsonOption,
    LangOption,
    OnlyProgrammeOption,
    ToOption,
    parse_lang,
    parse_window,
)
from reminders.cli.output import print_json, print_table, write_file
from reminders.errors import InputError, UsageError
from reminders.letters.evidence import HEAD_SHOWN
from reminders.service import Service
from reminders.use.mail import listing
from reminders.use.mail.bounces import BounceDesk
from reminders.use.mail.digests import FORMATS, digest_file, digest_now
from reminders.use.watch.audit import act_csv, act_documents, chosen_acts, record_reading
from reminders.use.watch.evidence import read_head, verify_log

_FORECAST_YEARS = 10


def forecast_command(
    first: FromOption,
    last: ToOption,
    programme: OnlyProgrammeOption = None,
    *,
    as_json: JsonOption = False,
    database: DatabaseOption = None,
) -> None:
    """Show every mail that would go out, if nobody answers."""
    window = parse_window(first, last)
    furthest = window.first.replace(year=window.first.year + _FORECAST_YEARS, day=min(window.first.day, 28))
    if window.last > furthest:
        raise UsageError(f"--to: expected a day until {furthest}, ten years at most; found {window.last}")
    service = open_service(database, f"{window.first}T00:00")
    say_damaged(service, programme)
    drafts = listing.forecast_mails(service, window, programme)
    if as_json:
        print_json(listing.draft_documents(service, drafts))
        return
    print_table(
        ("date", "to", "kind", "items"),
        [(draft.day, draft.recipient, draft.kind, len(draft.items)) for draft in drafts],
    )
    typer.echo(f"{counted(len(drafts), 'mail')}.")


def digest(
    lang: LangOption = "en",
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write all rows to FILE.csv or FILE.xlsx.")
    ] = None,
    programme: OnlyProgrammeOption = None,
    *,
    at: AtOption = None,
    as_json: JsonOption = False,
    database: DatabaseOption = None,
) -> None:
    """Show the secretary's digest as it would be now."""
    language = parse_lang(lang)
    if output and output.suffix not in FORMATS:
        raise UsageError(f"--output: expected a name that ends in .csv or .xlsx; found {str(output)!r}")
    service = open_service(database, at)
    say_damaged(service, programme)
    if output:
        record_reading(service, "list-export", programme or "", output.name)
        write_file(output, digest_file(service, output.suffix, language, programme))
        return
    document, text = digest_now(service, language, programme)
    if as_json:
        print_json(document)
    else:
        typer.echo(text)


def log(
    action: Annotated[str, typer.Option("--action", metavar="A", help="Only mails about this action.")] = "",
    programme: OnlyProgrammeOption = None,
    *,
    verify: Annotated[bool, typer.Option("--verify", help="Check that no record was changed.")] = False,
    head: Annotated[
        str | None,
        typer.Option("--head", metavar="COUNT:HASH", help="With --verify: a head that a digest printed."),
    ] = None,
    audit: Annotated[
        bool, typer.Option("--audit", help="Show who did what, when and from where, instead of mails.")
    ] = False,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a row for each item of each mail.")] = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Show the evidence: every mail and its fate, or with --audit every act of a person."""
    service = open_service(database, at)
    if head and not verify:
        raise UsageError("--head: only together with --verify")
    if audit and (verify or action or (as_csv and as_json)):
        raise UsageError("--audit: only together with --programme and with --json or --csv")
    if verify:
        found = verify_log(service, read_head(head) if head else None)
        typer.echo("Every record is as it was written.")
        typer.echo(f"{counted(found.events, 'event')}, head {found.events}:{found.hash[:HEAD_SHOWN]}")
    elif audit:
        _print_audit(service, programme, as_json=as_json, as_csv=as_csv)
    elif as_csv:
        record_reading(service, "record-export", programme or "", action)
        typer.echo(listing.log_csv(service, action, programme), nl=False)
    elif as_json:
        record_reading(service, "record-export", programme or "", action)
        print_json(listing.log_documents(service, action, programme))
    else:
        rows = listing.log_rows(service, action, programme)
        print_table(("date", "to", "kind", "items", "state", "message-id"), rows)


def _print_audit(service: Service, programme: str | None, *, as_json: bool, as_csv: bool) -> None:
    """Print the audit trail, the oldest act first; of a programme its own acts alone.

    As CSV it is the file of the page, and an act itself.
    """
    if as_csv:
        record_reading(service, "trail-export", programme or "")
        typer.echo(act_csv(service, chosen_acts(programme), "en"), nl=False)
        return
    found = act_documents(service, chosen_acts(programme))
    if as_json:
        print_json(found)
        return
    rows = [tuple(one[name] for name in ("at", "who", "from", "programme", "text")) for one in found]
    print_table(("at", "who", "from", "programme", "what"), rows)


def bounce(
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="The report; - is stdin.")] = "-",
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Record a report of undeliverable mail; one without this service's signature is refused."""
    try:
        octets = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise InputError(file, "file", str(error.strerror), "a mail message") from error
    service = open_service(database, at)
    found = BounceDesk(service.settings, service.database, service.secret, service.clock()).record(octets)
    typer.echo(f"message {found.outbox_id}: {found.fate}, {found.news}.")

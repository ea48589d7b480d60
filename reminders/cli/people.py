"""Commands about people: contacts, preferences, hand-over, person."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from email_templates.plain_text import counted
from reminders.cli.open_service import acting, open_service
from reminders.cli.options import AtOption, ByOption, DatabaseOption, JsonOption, ProgrammeOption, parse_day
from reminders.cli.output import print_copies, print_json, print_table
from reminders.errors import NotFoundError, UsageError
from reminders.use.people import preferences as people_preferences, retention, sign_in
from reminders.use.people.contacts import (
    ListPreview,
    LossError,
    changed_fields,
    export_contacts,
    import_contacts,
    loss_words,
    revive,
    revive_all,
)
from reminders.use.people.hand_over import HandOver, hand_over, preview_hand_over
from reminders.use.people.rights import decided_by
from reminders.use.programme.queries import chosen_programme
from reminders.use.watch.audit import record_reading

contacts = typer.Typer(help="The contact list.", no_args_is_help=True)
ContactsProgrammeOption = Annotated[
    str | None, typer.Option("--programme", metavar="KEY", help="The programme whose contacts they are.")
]
MailProgrammeOption = Annotated[
    str, typer.Option("--programme", metavar="KEY", help="The programme that the mail is about.")
]


@contacts.command("import")
def contacts_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or XLSX.")],
    programme: ContactsProgrammeOption = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change; store nothing.")
    ] = False,
    accept_loss: Annotated[
        bool,
        typer.Option(
            "--accept-loss", help="Store it even if a unit or the secretary's place would be left empty."
        ),
    ] = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Replace the contact list by a file's; what is added, changed and removed is printed."""
    service = open_service(database, at)
    key = chosen_programme(service, programme)
    try:
        found = import_contacts(service, key, file, accept_loss=accept_loss, dry_run=dry_run)
    except LossError as refused:
        _echo_changes(refused.preview)
        raise
    _echo_changes(found)
    for loss in found.losses:
        typer.echo(f"loss: {loss_words(found.programme, loss)}")
    does = "would be stored" if dry_run else "stored"
    typer.echo(f"{counted(len(found.contacts), 'contact')} {does} for {key}.")


def _echo_changes(found: ListPreview) -> None:
    for heading in found.unused:
        typer.echo(f"not used: the column {heading!r}")
    for place, formula, result in found.computed:
        typer.echo(f"computed: {place}: {formula}, saved as {result!r}")
    for change in found.changes:
        one = change.new or change.old
        assert one is not None  # noqa: S101 - a change has one of them
        words = "" if change.kind != "changed" else f"  {', '.join(changed_fields(change))}"
        typer.echo(f"{change.kind:<8} {one.organisation}  {one.role}  {one.email}{words}")


@contacts.command("revive")
def contacts_revive(
    address: Annotated[str | None, typer.Argument(metavar="ADDRESS")] = None,
    *,
    everybody: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Send mail again to an address that a mail server refused for good."""
    if (address is None) is not everybody:
        raise UsageError("contacts revive: expected an address, or --all")
    service = open_service(database, at)
    if address is None:
        for one in revive_all(service):
            typer.echo(f"{one} is mailed again.")
    else:
        revive(service, address)
        typer.echo(f"{address} is mailed again.")


@contacts.command("export")
def contacts_export(
    programme: ContactsProgrammeOption = None, at: AtOption = None, database: DatabaseOption = None
) -> None:
    """Print the contact list as CSV."""
    service = open_service(database, at)
    key = chosen_programme(service, programme)
    record_reading(service, "contacts-export", key)
    typer.echo(export_contacts(service, key), nl=False)


def preferences(
    address: Annotated[str, typer.Argument(metavar="ADDRESS")],
    *,
    weekday: Annotated[
        str | None, typer.Option("--weekday", metavar="mon…fri|any", help="Reminders on this weekday only.")
    ] = None,
    rhythm: Annotated[
        str | None,
        typer.Option(
            "--rhythm",
            metavar="daily|weekly|monthly",
            help="How often optional reminders are gathered into one mail.",
        ),
    ] = None,
    digest: Annotated[
        str | None,
        typer.Option("--digest", metavar="both|weekly|meetings", help="When the secretary's summary comes."),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="fi|sv|en|fi+sv|list", help="Instead of the contact list's."),
    ] = None,
    mail_format: Annotated[
        str | None, typer.Option("--format", metavar="html+text|text", help="How a mail is made.")
    ] = None,
    off: Annotated[
        list[str] | None, typer.Option("--off", metavar="STAGE", help="Switch an optional stage off.")
    ] = None,
    on: Annotated[
        list[str] | None, typer.Option("--on", metavar="STAGE", help="Switch an optional stage on again.")
    ] = None,
    programme: MailProgrammeOption = "",
    as_json: JsonOption = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Show or change what a reader wishes: weekday, rhythm, language, format, stages."""
    service = open_service(database, at)
    programme = chosen_programme(service, programme, address=address)
    wished = people_preferences.PreferenceChange(
        weekday, rhythm, digest, language, mail_format, tuple(off or ()), tuple(on or ())
    )
    if wished == people_preferences.PreferenceChange():
        wish = people_preferences.preferences_of(service, programme, address)
    else:
        wish = people_preferences.change_preferences(service, programme, address, wished)
    shown = {
        "weekday": people_preferences.ANY
        if wish.weekday is None
        else people_preferences.WEEKDAYS[wish.weekday],
        "rhythm": wish.rhythm,
        "digest": wish.digest,
        "language": wish.language or people_preferences.LISTED,
        "format": wish.format,
        "off": sorted(wish.off),
    }
    if as_json:
        print_json({"address": address, "programme": programme, **shown})
        return
    for name, value in shown.items():
        typer.echo(f"{name}: {', '.join(value) if isinstance(value, list) else value}")


def hand_over_command(
    giver: Annotated[str, typer.Argument(metavar="GIVER", help="The organisation that gives, by its key.")],
    taker: Annotated[str, typer.Argument(metavar="TAKER", help="The organisation that takes over.")],
    on: Annotated[str, typer.Option("--on", metavar="D", help="The day from which it holds, YYYY-MM-DD.")],
    action: Annotated[
        list[str] | None,
        typer.Option("--action", metavar="A", help="Only this action; may be repeated. Without it: all."),
    ] = None,
    programme: ProgrammeOption = "",
    by: ByOption = "",
    note: Annotated[str, typer.Option("--note", help="Why.")] = "",
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would move; store nothing.")] = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Hand over responsibility for actions in bulk; both sides are told, pending mail follows."""
    day, service = parse_day(on, "--on"), open_service(database, at)
    programme = chosen_programme(service, programme, organisations=(giver, taker))
    by = decided_by(service, programme, by)
    service = acting(service, by)
    wanted = HandOver(programme, giver, taker, day, tuple(action or ()), by, note)
    moving = preview_hand_over(service, wanted) if dry_run else hand_over(service, wanted)
    lines = [
        *(f"action      {one}" for one in moving.actions),
        *(f"unanswered  {one}" for one in moving.occurrences),
        *(f"mail        {address}  {occurrence}  {stage}" for address, occurrence, stage in moving.mails),
    ]
    typer.echo("\n".join(lines))
    does = "would move" if dry_run else "moves" if len(moving.actions) == 1 else "move"
    typer.echo(f"{counted(len(moving.actions), 'action')} of {giver} {does} to {taker} on {wanted.on}.")


def sign_in_link(
    address: Annotated[str, typer.Argument(metavar="ADDRESS")],
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Print a link that signs a secretary in; it works once, for 24 hours.

    Or whoever stands in for one today; with anybody else it ends with 1.
    """
    service = open_service(database, at)
    typer.echo(sign_in.issue_link(service, address))


def person(
    address: Annotated[str, typer.Argument(metavar="ADDRESS")],
    act: Annotated[str, typer.Argument(metavar="export|remove|unbind")],
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Print everything that is held of a person, remove the person, or let go of the city's account.

    With unbind the next account of the city's sign-in service that comes with the address is bound to it.
    """
    if act not in {"export", "remove", "unbind"}:
        raise UsageError(f"person: expected export, remove or unbind; found {act!r}")
    service = open_service(database, at)
    if act == "unbind":
        if not sign_in.unbind_account(service, address):
            raise NotFoundError(f"no account of the city's sign-in service is bound to {address}")
        typer.echo(f"{address} is bound to no account; the next one that signs in with it will be.")
        return
    if act == "export":
        found = retention.export_everything_of(service, address)
        record_reading(service, "person-export", person=address)
        print_json(found)
        return
    removed = retention.remove_everything_of(service, address)
    typer.echo(f"{address} was removed: no contact, no mail to come, a keyed hash in the record.")
    if removed.uploads:
        typer.echo(f"{counted(removed.uploads, 'upload')} that waited for a confirmation went too.")
    print_table(
        ("what stays", "why", "until"), [(one.what, one.why, one.until) for one in removed.remainders]
    )
    for fault in removed.faults:
        sys.stderr.write(f"reminders: {fault}\n")
    print_copies(removed.copies.files, removed.copies.faults)
    if removed.faults:
        raise typer.Exit(1)

"""Commands about people: contacts import, contacts export, contacts revive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reminders.cli.opening import DatabaseOption, open_service
from reminders.use.people.contacts import export_contacts, import_contacts, revive
from reminders.use.programme import store_programme

contacts = typer.Typer(help="The contact list.", no_args_is_help=True)
KeyOption = Annotated[
    str, typer.Option("--programme", metavar="KEY", help="The programme whose contacts they are.")
]


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.add_typer(contacts, name="contacts")


@contacts.command("import")
def contacts_import(
    file: Path, programme: KeyOption = store_programme.FIRST_PROGRAMME, database: DatabaseOption = None
) -> None:
    """Replace the contact list by a CSV file's."""
    count = import_contacts(open_service(database), programme, file)
    typer.echo(f"{count} contacts stored for {programme}.")


@contacts.command("revive")
def contacts_revive(
    address: Annotated[str, typer.Argument(metavar="ADDRESS")], database: DatabaseOption = None
) -> None:
    """Let an address be mailed again that a mail server refused for good."""
    revive(open_service(database), address)
    typer.echo(f"{address} is mailed again.")


@contacts.command("export")
def contacts_export(
    programme: KeyOption = store_programme.FIRST_PROGRAMME, database: DatabaseOption = None
) -> None:
    """Print the contact list as CSV."""
    typer.echo(export_contacts(open_service(database), programme), nl=False)

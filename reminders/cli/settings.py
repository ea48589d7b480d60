"""The command about a programme's settings."""

from __future__ import annotations

from typing import Annotated

import typer

from reminders.cli.opening import AtOption, DatabaseOption, JsonOption, open_service
from reminders.cli.output import print_json, print_table
from reminders.use.programme import store_programme
from reminders.use.programme.settings import SettingChange, change_setting, settings_of_programme


def register(app: typer.Typer) -> None:
    """Add this family's command."""
    app.command("settings")(settings)


def settings(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="What is to be changed.")] = "",
    value: Annotated[
        str | None, typer.Argument(metavar="[VALUE]", help="What shall hold; '': the default again.")
    ] = None,
    programme: Annotated[
        str, typer.Option("--programme", metavar="KEY", help="The programme.")
    ] = store_programme.FIRST_PROGRAMME,
    by: Annotated[str, typer.Option("--by", metavar="ADDRESS", help="Who decides.")] = "secretary",
    *,
    as_json: JsonOption = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Show what holds in a programme (dates, stages, escalation, meetings), or change one of it."""
    service = open_service(database, at)
    if value is not None:
        change_setting(service, SettingChange(programme, name, value, by))
    with service.database.read() as connection:
        found = [one for one in settings_of_programme(connection, programme) if name in {"", one.name}]
    if as_json:
        print_json([{"name": one.name, "value": one.text, "chosen": one.chosen} for one in found])
    else:
        basis = {True: "chosen", False: "default"}
        print_table(("name", "value", "basis"), [(one.name, one.text, basis[one.chosen]) for one in found])

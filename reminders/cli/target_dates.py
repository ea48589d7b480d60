"""The command held: dates that count towards a target are entered, taken back, listed."""

from __future__ import annotations

from typing import Annotated

import typer

from reminders.cli.open_service import acting, open_service
from reminders.cli.options import AtOption, DatabaseOption, OnlyProgrammeOption, parse_day
from reminders.cli.output import print_table
from reminders.use.answers import target_dates as use


def held(
    action: Annotated[str, typer.Argument(metavar="ACTION")],
    day: Annotated[
        str | None, typer.Argument(metavar="[DATE]", help="YYYY-MM-DD; without it the dates are listed.")
    ] = None,
    *,
    note: Annotated[str, typer.Option("--note", help="A note.")] = "",
    by: Annotated[
        str, typer.Option("--by", metavar="ADDRESS", help="Who enters it; without it, the secretary.")
    ] = "",
    organisation: Annotated[
        str, typer.Option("--organisation", metavar="KEY", help="Where several are responsible.")
    ] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take the date back.")] = False,
    programme: OnlyProgrammeOption = None,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Enter a date that counts towards an action's target; or list them."""
    service = open_service(database, at)
    if day is None:
        rows = use.entered_for(service, action, programme)
        print_table(("date", "organisation", "note"), [(one.on, one.organisation, one.note) for one in rows])
        return
    service = acting(service, by)
    entered = use.EnteredDate(action, parse_day(day, "DATE"), by, note, organisation, programme)
    found = use.take_back_date(service, entered) if remove else use.enter_date(service, entered)
    typer.echo(f"{action}: {found.entered} of at least {found.minimum} held in {found.year}.")

"""Commands about the annual data collection: collection, report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reminders.cli.opening import AtOption, DatabaseOption, JsonOption, open_service, parse_lang
from reminders.cli.output import print_json, print_table

YearArgument = Annotated[int, typer.Argument(metavar="YEAR", help="The year that is reported on.")]
KeyOption = Annotated[str | None, typer.Option("--programme", metavar="KEY", help="Only this programme.")]


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("collection")(collection)
    app.command("report")(report)


def collection(
    year: YearArgument,
    programme: KeyOption = None,
    at: AtOption = None,
    *,
    as_json: JsonOption = False,
    database: DatabaseOption = None,
) -> None:
    """Show who has answered the data collection of a year, and who has not."""
    from reminders.use.collection.rounds import read_round
    from reminders.web.api import round_json

    found = round_json(read_round(open_service(database, at), year, programme))
    if as_json:
        print_json(found)
        return
    rows = [
        (one["organisation"], one["state"], one["actions"], one["last_reminder"] or "")
        for one in found["units"]
    ]
    print_table(("organisation", "form", "actions", "last reminder"), rows)
    typer.echo(f"{found['answered']} of {found['expected']} have answered; {found['state']}.")


def report(
    year: YearArgument,
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="Ends in .pdf or .xlsx.")],
    lang: Annotated[str, typer.Option("--lang", metavar="L", help="Language: fi, sv or en.")] = "fi",
    programme: KeyOption = None,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Write the board's report of a year's data collection."""
    from reminders.use.collection.reports import write_report

    write_report(open_service(database, at), year, parse_lang(lang), output, programme)
    typer.echo(f"{output} is written.")

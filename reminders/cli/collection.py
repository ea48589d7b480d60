"""Commands about the annual data collection: collection, report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reminders.cli.open_service import open_service
from reminders.cli.options import (
    AtOption,
    DatabaseOption,
    JsonOption,
    OnlyProgrammeOption,
    number_parser,
    parse_day,
    parse_lang,
)
from reminders.cli.output import print_json, print_table
from schedule_rules.days import EARLIEST, LATEST

YearArgument = Annotated[
    int,
    typer.Argument(
        metavar="YEAR",
        parser=number_parser("YEAR", EARLIEST.year, LATEST.year),
        help="The year that is reported on.",
    ),
]


def collection(
    year: YearArgument,
    reopen_until: Annotated[
        str, typer.Option("--reopen-until", metavar="D", help="Open it again, or longer, until this day.")
    ] = "",
    programme: OnlyProgrammeOption = None,
    at: AtOption = None,
    *,
    as_json: JsonOption = False,
    database: DatabaseOption = None,
) -> None:
    """Show who has answered the data collection of a year, and who has not; or open it again."""
    from reminders.use.collection.rounds import read_round, reopen_round
    from reminders.web.api import round_json

    service = open_service(database, at)
    if reopen_until:
        until = parse_day(reopen_until, "--reopen-until")
        found = round_json(reopen_round(service, year, until, programme=programme))
    else:
        found = round_json(read_round(service, year, programme))
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
    programme: OnlyProgrammeOption = None,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Write the board's report of a year's data collection."""
    from reminders.use.collection.reports import write_report

    write_report(open_service(database, at), year, parse_lang(lang), output, programme)
    typer.echo(f"{output} is written.")

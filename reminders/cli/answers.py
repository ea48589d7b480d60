"""Commands of those who answer: answer, held."""

from __future__ import annotations

from typing import Annotated

import typer

from reminders.cli.options import (
    AtOption,
    DatabaseOption,
    OnlyProgrammeOption,
    open_service,
    parse_choice,
    parse_day,
)
from reminders.cli.output import print_table
from reminders.use.answers import target_dates
from reminders.use.answers.record import ANSWERS, AnswerGiven, asked_after, record_answer
from reminders.web.words import after_answer


def answer(
    occurrence: Annotated[str, typer.Argument(metavar="OCCURRENCE")],
    said: Annotated[str, typer.Argument(metavar="done|on-track|late|not-ours")],
    by: Annotated[
        str, typer.Option("--by", metavar="ADDRESS", help="Who answers; without it, for all.")
    ] = "",
    note: Annotated[str, typer.Option("--note", help="A note.")] = "",
    new_date: Annotated[
        str | None, typer.Option("--new-date", metavar="D", help="Late: the proposed date.")
    ] = None,
    *,
    whose: Annotated[
        str,
        typer.Option(
            "--whose", metavar="WHO", help="Not ours: an organisation's key, or words (or say it in --note)."
        ),
    ] = "",
    ended: Annotated[
        bool, typer.Option("--ended", help="Done, of a review: proposes that the action itself has ended.")
    ] = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Record an answer, and say when its unit is asked again, if it is."""
    day = parse_day(new_date, "--new-date") if new_date else None
    service = open_service(database, at)
    code = parse_choice("answer", said, ANSWERS)
    answers = record_answer(service, AnswerGiven(occurrence, code, by, note, day, whose, ended=ended))
    typer.echo(f"{occurrence}: {said}, for {', '.join(one.organisation for one in answers)}.")
    typer.echo(after_answer(asked_after(service, answers), "en"))


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
        rows = target_dates.entered_for(service, action, programme)
        print_table(("date", "organisation", "note"), [(one.on, one.organisation, one.note) for one in rows])
        return
    entered = target_dates.EnteredDate(action, parse_day(day, "DATE"), by, note, organisation, programme)
    found = (
        target_dates.take_back_date(service, entered) if remove else target_dates.enter_date(service, entered)
    )
    typer.echo(f"{action}: {found.entered} of at least {found.minimum} held in {found.year}.")

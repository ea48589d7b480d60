"""The command answer: what a unit says of an occurrence, and what follows from it."""

from __future__ import annotations

from typing import Annotated

import typer

from email_templates import words
from reminders.cli.open_service import acting, open_service
from reminders.cli.options import AtOption, DatabaseOption, parse_choice, parse_day
from reminders.use.answers.record import ANSWERS, AnswerGiven, asked_after, record_answer


def answer_command(
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
    """Record an answer, and say when its unit is asked again."""
    day = parse_day(new_date, "--new-date") if new_date else None
    service = acting(open_service(database, at), by)
    code = parse_choice("answer", said, ANSWERS)
    answers = record_answer(service, AnswerGiven(occurrence, code, by, note, day, whose, ended=ended))
    typer.echo(f"{occurrence}: {said}, for {', '.join(one.organisation for one in answers)}.")
    asked = asked_after(service, answers)
    if asked is None:
        typer.echo(words.after_answer("en", None))
        return
    typer.echo(
        words.after_answer(
            "en",
            asked.on,
            asked.head_on,
            is_early=asked.is_early,
            reader=asked.reader,
            head_hears=asked.head_hears,
        )
    )

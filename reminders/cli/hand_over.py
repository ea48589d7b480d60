"""The command hand-over: responsibility for actions moves to another organisation, on a date."""

from __future__ import annotations

from typing import Annotated

import typer

from reminders.cli.opening import AtOption, DatabaseOption, open_service, parse_day
from reminders.use.people.hand_over import HandOver, HandOverEffect, hand_over, preview_hand_over
from reminders.use.programme import store_programme


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("hand-over")(hand_over_command)


def hand_over_command(
    giver: Annotated[str, typer.Argument(metavar="GIVER", help="The organisation that gives, by its key.")],
    taker: Annotated[str, typer.Argument(metavar="TAKER", help="The organisation that takes over.")],
    on: Annotated[str, typer.Option("--on", metavar="D", help="The day from which it holds, YYYY-MM-DD.")],
    action: Annotated[
        list[str] | None,
        typer.Option("--action", metavar="A", help="Only this action; may be repeated. Without it: all."),
    ] = None,
    programme: Annotated[
        str, typer.Option("--programme", metavar="KEY", help="The programme.")
    ] = store_programme.FIRST_PROGRAMME,
    by: Annotated[str, typer.Option("--by", metavar="ADDRESS", help="Who decides.")] = "",
    note: Annotated[str, typer.Option("--note", help="Why.")] = "",
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would move; store nothing.")] = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Hand over responsibility for actions in bulk; both sides are told, pending mail follows."""
    asked = HandOver(programme, giver, taker, parse_day(on, "--on"), tuple(action or ()), by, note)
    service = open_service(database, at)
    moving = preview_hand_over(service, asked) if dry_run else hand_over(service, asked)
    typer.echo("\n".join(_told(moving)))
    does = "would move" if dry_run else "moves"
    typer.echo(f"{len(moving.actions)} of {giver} {does} to {taker} on {asked.on}.")


def _told(moving: HandOverEffect) -> list[str]:
    """Say exactly what moves, a line each."""
    return [
        *(f"action      {one}" for one in moving.actions),
        *(f"unanswered  {one}" for one in moving.occurrences),
        *(f"mail        {address}  {occurrence}  {stage}" for address, occurrence, stage in moving.mails),
    ]

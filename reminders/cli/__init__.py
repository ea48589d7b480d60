"""The commands: the composition root. Every command opens the service, calls one use case, prints.

The names, options and shapes are fixed points (design: interface.md). A
module and its libraries are loaded when one of its commands is called, so that
``--help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pkgutil import resolve_name
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from reminders.errors import RemindersError

COMMANDS = {
    "run": ("run:run", "Serve pages and feeds, and remind, in one process."),
    "web": (
        "run:web",
        "Serve pages and feeds only; with --at the clock stands still, and every page says so.",
    ),
    "worker": ("run:worker", "Remind only: plan, compose and deliver every few minutes."),
    "tick": (
        "run:tick_command",
        "Run once: plan, compose, deliver, sweep. Idempotent; what cron would call.",
    ),
    "normalise": ("normalise:normalise_command", "Say what a wording means, and which words say it."),
    "import": (
        "programme:import_command",
        "Read a programme; a new one is held until it is released, a new version asks what it leaves open.",
    ),
    "findings": ("programme:findings", "List what needs a decision: unclear wordings, what an import found."),
    "correct": ("programme:correct", "Correct how an action is read; the correction survives a re-import."),
    "programmes": (
        "programme:programmes",
        "List the stored programmes, and the built-in ones that can be imported.",
    ),
    "release": ("programme:release", "Start sending a programme's mail."),
    "close": (
        "programme:close",
        "End a programme: a last summary goes to its secretary; pages, feeds and the record stay.",
    ),
    "hold": ("programme:hold", "Put a programme's mail on hold."),
    "occurrences": ("programme:occurrences_command", "List every dated obligation and event."),
    "explain": ("programme:explain_command", "Explain an action: wording, rules, dates, who is told when."),
    "forecast": ("mail:forecast_command", "Show every mail that would go out, if nobody answers."),
    "answer": ("answers:answer_command", "Record an answer, and say when its unit is asked again."),
    "held": ("target_dates:held", "Enter a date that counts towards an action's target; or list them."),
    "feed": ("feeds:feed_command", "Print the octets of a calendar feed."),
    "feeds": ("feeds:feeds_command", "List the feeds."),
    "series": ("series:series", "Event series: their rule, dates, place; one date, this and later."),
    "private-feed": (
        "feeds:private_feed",
        "Make a private calendar for a contact and print its address once; or close one.",
    ),
    "private-feeds": (
        "feeds:private_feeds_command",
        "List the private calendars: whose, last use, by which program.",
    ),
    "digest": ("mail:digest", "Show the secretary's digest as it would be now."),
    "collection": (
        "collection:collection",
        "Show who has answered the data collection of a year, and who has not; or open it again.",
    ),
    "report": ("collection:report", "Write the board's report of a year's data collection."),
    "contacts": ("people:contacts", "The contact list."),
    "hand-over": (
        "people:hand_over_command",
        "Hand over responsibility for actions in bulk; both sides are told, pending mail follows.",
    ),
    "preferences": (
        "people:preferences",
        "Show or change what a reader wishes: weekday, rhythm, language, format, stages.",
    ),
    "settings": (
        "programme:settings_command",
        "Show the settings of a programme (dates, stages, escalation, meetings), or change one.",
    ),
    "log": ("mail:log", "Show the evidence: every mail and its fate, or with --audit every act of a person."),
    "bounce": (
        "mail:bounce",
        "Record a report of undeliverable mail; one without this service's signature is refused.",
    ),
    "purge": (
        "upkeep:purge",
        "Delete the octets of old mails, and the addresses of people who have left; the record stays.",
    ),
    "person": ("people:person", "Print everything that is held of a person, or remove the person."),
    "backup": ("upkeep:backup", "Write everything into one file; the service may run meanwhile."),
    "restore": (
        "upkeep:restore_command",
        "Fill an empty database from a backup, of SQLite or PostgreSQL; stop the service first.",
    ),
    "doctor": (
        "upkeep:doctor",
        "Check the set-up: database, secret key, file modes, clock, holidays, mail, contacts, evidence.",
    ),
    "db": ("upkeep:db", "The database."),
}
"""Name of each command: the module and function (or group) behind it, and the first line of its help."""


class Commands(TyperGroup):
    """The commands by name; a module is loaded only when one of its commands is called."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """Return the names in the order of the interface."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> TyperCommand | None:  # type: ignore[override]
        """Return a command's name and help; ``resolve_command`` loads the real one."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name][1])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - typer hides its click
        """Load the command that is called."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, load(name) if name and command else command, rest


def load(name: str) -> TyperCommand:
    """Return the real command of a name."""
    found = resolve_name(f"reminders.cli.{COMMANDS[name][0]}")
    family = typer.Typer()
    if isinstance(found, typer.Typer):
        family.add_typer(found, name=name)
    else:
        family.command(name)(found)
    command: TyperCommand = typer.main.get_group(family).commands[name]  # type: ignore[assignment]
    return command


app = typer.Typer(
    cls=Commands,
    help="Reminders and calendar feeds for a city's action programme.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(version("action-programme-reminders"))
        raise typer.Exit


@app.callback()
def reminders(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Reminders and calendar feeds for a city's action programme."""
    del show_version


def main() -> None:
    """Run the command line; an error of the service is one line on stderr and its exit code.

    Whatever a command writes, by whichever library, is its user's alone: it holds mails, addresses, keys.
    """
    os.umask(0o077)
    try:
        app()
    except RemindersError as error:
        problems = getattr(error, "problems", None) or (error,)
        for problem in problems:
            sys.stderr.write(f"reminders: {problem}\n")
        sys.exit(error.exit_code)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            # The reader (head, less) has gone; that is its right.
            sys.stderr.close()
            sys.exit(0)
        sys.stderr.write(f"reminders: {error.filename or 'output'}: {error.strerror or error}\n")
        sys.exit(1)

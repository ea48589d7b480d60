"""The commands: the composition root. Every command opens the service, calls one use case, prints.

The names, options and shapes are fixed points (design: interface.md). A
module and its libraries are loaded when one of its commands is called, so that
``--help`` answers at once.
"""

from __future__ import annotations

import os
import select
import sys
from pkgutil import resolve_name
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

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
    "sign-in-link": (
        "people:sign_in_link",
        "Print a link that signs a secretary in; it works once, for 24 hours.",
    ),
    "person": (
        "people:person",
        "Print everything that is held of a person, remove the person, or let go of the city's account.",
    ),
    "backup": ("upkeep:backup", "Write everything into one file; the service may run meanwhile."),
    "restore": (
        "upkeep:restore_command",
        "Fill an empty database from a backup, of SQLite or PostgreSQL; stop the service first.",
    ),
    "doctor": (
        "upkeep:doctor",
        "Check the set-up: database, secret key, file modes, clock, holidays, mail, contacts, evidence.",
    ),
    "health": (
        "health:health",
        "Say whether the half of the service that runs here is well; for a container's health check.",
    ),
    "db": ("upkeep:db", "The database."),
}
"""Name of each command: the module and function (or group) behind it, and the first line of its help."""


class _OutputClosed(Exception):
    """The reader of stdout has gone; that is its right."""


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
        words = COMMANDS[cmd_name][1]
        return TyperCommand(cmd_name, help=words, short_help=words)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer hides its click
        """Run the command; that nobody reads its output any more is told apart from other broken pipes."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as broken:
            if _output_is_closed():
                raise _OutputClosed from broken
            raise RuntimeError("a connection broke") from broken

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
    rich_markup_mode=None,  # Rich takes longer to load than all that is said takes to say
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("action-programme-reminders"))
        raise typer.Exit


def _debug(wanted: bool) -> None:
    if wanted:
        os.environ["REMINDERS_DEBUG"] = "1"


@app.callback()
def reminders(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", callback=_debug, is_eager=True, help="Show where an error comes from.")
    ] = False,
) -> None:
    """Reminders and calendar feeds for a city's action programme."""
    del show_version, debug


def main() -> None:
    """Run the command line; whatever goes wrong is one line on stderr and an exit code.

    0: done, also where the reader of stdout (head, less) has gone before the end; 1: it cannot be done;
    2: wrong use. Whatever a command writes, by whichever library, is its user's alone: it holds mails,
    addresses, keys.
    """
    os.umask(0o077)
    _give_streams()
    if code := _exit_code():
        sys.exit(code)


def _give_streams() -> None:
    """Let what is said go nowhere where the caller has closed stdin, stdout or stderr.

    Their numbers are taken too, so that no file that is opened later, such as the database, is written to
    by who believes that it is the output.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number: this one
            os.set_inheritable(number, True)
    for name, number in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            stream = open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)


def _exit_code() -> int:
    """Run the command that the arguments name; return its exit code."""
    output = _output()
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except _OutputClosed:
        _drop_output()
        return 0
    except SystemExit:
        # Where nobody reads any more, rich and typer end with 1, and rich has turned the output away.
        if not _output_is_closed() and _output() == output:
            raise
        _drop_output()
        return 0
    except TyperException as wrong_use:
        return _say_wrong_use(wrong_use)
    except Exception as error:  # noqa: BLE001 - one line, whatever it is
        if _output_is_closed() and not isinstance(error, RemindersError | typer.Abort):
            _drop_output()
            return 0
        return _say_failure(error)
    return code if isinstance(code, int) else 0


def _say_failure(error: Exception) -> int:
    """Say in one line why a command could not do what it should. Return the exit code."""
    from reminders.cli.logs import say_error, say_unforeseen, show_traceback

    if isinstance(error, typer.Abort):
        say_error("ended before it was done")
        return 1
    show_traceback(error)
    if isinstance(error, RemindersError):
        for problem in getattr(error, "problems", None) or (error,):
            say_error(str(problem))
        return error.exit_code
    if isinstance(error, OSError) and error.strerror:
        say_error(f"{error.filename or 'output'}: {error.strerror}")
    else:
        say_unforeseen(error)
    return 1


def _say_wrong_use(error: TyperException) -> int:
    """Show how the command is used; for machines in one line of JSON. Return the exit code."""
    from reminders.cli.logs import say_error
    from reminders.settings import logs_json

    if logs_json():
        say_error(getattr(error, "format_message", error.__str__)())
    else:
        from typer.rich_utils import rich_format_error

        rich_format_error(error)  # type: ignore[arg-type]
    return int(getattr(error, "exit_code", 2))


def _output() -> tuple[int, int] | None:
    """Return what stdout is, so that it can be told whether it has been turned away; None: no file."""
    try:
        found = os.fstat(sys.stdout.fileno())
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _output_is_closed() -> bool:
    """Tell whether nobody reads stdout any more."""
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        return any(found & (select.POLLERR | select.POLLHUP) for _, found in poll.poll(0))
    except (OSError, ValueError):  # it is no file, or closed already
        return False


def _drop_output() -> None:
    """Let what is still to be printed go nowhere, so that the process ends without a complaint."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)

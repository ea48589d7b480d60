"""The commands: the composition root. Every command opens the service, calls one use case, prints.

The names, options and shapes are fixed points (design: interface.md). Heavy
libraries are imported by the commands that use them.
"""

from __future__ import annotations

import sys

import typer

from reminders.cli import mail, people, programme, service, texts
from reminders.errors import RemindersError

app = typer.Typer(
    name="reminders",
    help="Reminders and calendar feeds for a city's action programme.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for family in (service, programme, mail, people, texts):
    family.register(app)


def main() -> None:
    """Run the command line; an error of the service is one line on stderr and its exit code."""
    try:
        app()
    except RemindersError as error:
        problems = getattr(error, "problems", None) or (error,)
        for problem in problems:
            sys.stderr.write(f"reminders: {problem}\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader (head, less) has gone; that is its right.
        sys.stderr.close()
        sys.exit(0)

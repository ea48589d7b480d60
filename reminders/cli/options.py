"""The options that commands share, and what may stand in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer

from email_templates.dates import is_far_day, is_no_day, two_readings, typed_date
from reminders.errors import UsageError
from schedule_rules.days import EARLIEST, LATEST, Span
from schedule_rules.programme import LANGUAGES, Lang, TextLang
from schedule_rules.reading import READ_LANGUAGES

DatabaseOption = Annotated[
    str | None, typer.Option("--database", metavar="URL", help="Database address (default: DATABASE_URL).")
]
AtOption = Annotated[
    str | None,
    typer.Option(
        "--at", metavar="T", help="The service's clock for this run, ISO 8601; without offset in TIMEZONE."
    ),
]
MOST_ROWS = 999_999_999
"""The highest number of a row that a command takes: every database has room for it."""
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
LangOption = Annotated[str, typer.Option("--lang", metavar="L", help="fi, sv or en.")]
FromOption = Annotated[str, typer.Option("--from", metavar="D", help="First day, YYYY-MM-DD.")]
ToOption = Annotated[str, typer.Option("--to", metavar="D", help="Last day, YYYY-MM-DD.")]
ByOption = Annotated[str, typer.Option("--by", metavar="ADDRESS", help="Who decides.")]
ProgrammeOption = Annotated[
    str, typer.Option("--programme", metavar="KEY", help="The programme; needed where several fit.")
]
OnlyProgrammeOption = Annotated[
    str | None, typer.Option("--programme", metavar="KEY", help="Only this programme.")
]

_Choice = TypeVar("_Choice", bound=str)


def parse_instant(text: str, zone: ZoneInfo) -> datetime:
    """Read ISO 8601; without an offset it is local time of ``zone``. Raise ``UsageError`` on nonsense."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"--at: expected an instant such as 2025-12-01T09:00+02:00; found {text!r}"
        ) from error
    if not EARLIEST.year <= instant.year < LATEST.year:
        raise UsageError(f"--at: expected a year from {EARLIEST.year} to {LATEST.year - 1}; found {text!r}")
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def parse_day(text: str, option: str) -> date:
    """Read a day, YYYY-MM-DD or as pages take it (13.8.2026); raise ``UsageError`` on anything else."""
    if day := typed_date(text):
        return day
    if either := two_readings(text):
        first, second = (str(day) for day in either)
        raise UsageError(f"{option}: {text!r} can be read in two ways; write {first} or {second}")
    if is_no_day(text):
        raise UsageError(f"{option}: expected a day such as 2025-12-01; found {text!r}, which does not exist")
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        if not is_far_day(text):
            raise UsageError(f"{option}: expected a day such as 2025-12-01; found {text!r}") from error
    else:
        if EARLIEST <= day <= LATEST:
            return day
    years = f"{EARLIEST.year} to {LATEST.year}"
    raise UsageError(f"{option}: expected a day of a year from {years}; found {text!r}")


def number_parser(option: str, least: int, most: int) -> Callable[[str], int]:
    """Return what reads a number from ``least`` to ``most``; ``UsageError`` names ``option`` for all else."""

    def read_number(text: str) -> int:
        digits = str(text).strip()
        sign = digits.removeprefix("-")
        number = int(digits) if sign.isascii() and sign.isdecimal() and len(sign) <= len(str(most)) else None
        if number is None or not least <= number <= most:
            raise UsageError(f"{option}: expected a number from {least} to {most}; found {digits[:40]!r}")
        return number

    return read_number


def parse_window(first: str, last: str) -> Span:
    """Read --from and --to; raise ``UsageError`` when they are no days in order."""
    span = Span(parse_day(first, "--from"), parse_day(last, "--to"))
    if span.last < span.first:
        raise UsageError(f"--to: expected a day from {span.first} on; found {span.last}")
    return span


def parse_lang(text: str) -> Lang:
    """Read fi, sv or en; raise ``UsageError`` on anything else."""
    return parse_choice("--lang", text, LANGUAGES)


def parse_reading_lang(text: str) -> TextLang:
    """Read the code of a language that is read; raise ``UsageError`` on anything else."""
    return parse_choice("--lang", text, READ_LANGUAGES)


def parse_choice(name: str, text: str, choices: tuple[_Choice, ...]) -> _Choice:
    """Return the one of ``choices`` that ``text`` names; raise ``UsageError`` on anything else."""
    for choice in choices:
        if choice == text:
            return choice
    raise UsageError(f"{name}: expected one of {', '.join(choices)}; found {text!r}")

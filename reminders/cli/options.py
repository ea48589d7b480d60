"""The options that commands share, what may stand in them, and the service that they work on."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import typer

from email_templates.dates import is_far_day, is_no_day, two_readings, typed_date
from reminders.cli.logs import configure_log, say_error
from reminders.delivery import transport_for
from reminders.errors import DamagedError, UsageError
from reminders.folders import check_folder, make_folder
from reminders.service import Actor, Service
from reminders.settings import Settings, ensure_secret_key, read_settings, unknown_settings
from reminders.stop import StopRequest
from reminders.use.programme.queries import damaged_programmes
from reminders.use.programme.store_programme import existing_database, open_database
from reminders.use.watch.evidence import begin_evidence
from reminders.use.watch.file_modes import close_files
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


def open_service(
    database: str | None = None,
    at: str | None = None,
    clock: Callable[[], datetime] | None = None,
    **others: Any,  # noqa: ANN401 - as Settings
) -> Service:
    """Open the service on a database that exists, or is made, migrated and loaded now.

    ``others`` are settings that the command line says. What keeps it from being opened changes nothing.
    """
    settings = read_settings(database_url=database or None, **others)
    configure_log(settings)
    say_unknown_settings()
    check_folders(settings)
    instant = parse_instant(at, settings.zone) if at else None
    now = clock or ((lambda: instant) if instant else system_clock)
    opened = open_database(settings.database_url, now(), held=settings.smtp_url is not None)
    make_folder(settings.mail_folder_setting, settings.mail_folder)
    close_files(settings)
    stop = StopRequest()
    service = Service(
        settings=settings,
        database=opened,
        transport=cache(partial(transport_for, settings)),
        secret=ensure_secret_key(settings),
        clock=now,
        pause=stop.wait,
        real_time=instant is None and clock is None,
        stop=stop,
        actor=Actor(origin=command_origin()),
    )
    begin_evidence(service)
    return service


def acting(service: Service, by: str) -> Service:
    """Return the service as whom ``--by`` names uses it; without an address as whoever runs the command."""
    return service.acting(Actor(by if "@" in by else "", service.actor.origin))


def command_origin() -> str:
    """Return where a command is given: *command*, with the operator's account where the machine knows it."""
    account = os.environ.get("SUDO_USER", "")
    with suppress(KeyError):
        account = account or pwd.getpwuid(os.getuid()).pw_name
    return f"command {account[:40]}".strip()


def look_at_service(settings: Settings) -> Service:
    """Open the service on its database as it stands, to read only: nothing is made or brought up to date."""
    return Service(
        settings=settings,
        database=existing_database(settings.database_url),
        transport=cache(partial(transport_for, settings)),
        secret="",
        clock=system_clock,
        pause=lambda _: None,
        actor=Actor(origin="command"),
    )


def check_folders(settings: Settings) -> None:
    """Raise ``FolderError`` where a folder of the service cannot be written or made; change nothing."""
    if settings.database_file:
        check_folder(settings.database_setting, settings.database_file.absolute().parent)
    if not settings.secret_key and not settings.secret_key_file.exists():
        check_folder("STATE_DIRECTORY", settings.secret_key_file.absolute().parent)
    check_folder(settings.mail_folder_setting, settings.mail_folder.absolute())


def say_unknown_settings() -> None:
    """Warn of each name in .env that is no setting, and of those in the environment that are nearly one."""
    for one in unknown_settings():
        say_error(str(one))


def say_damaged(service: Service, programme: str | None = None) -> None:
    """Say on stderr which programmes cannot be read and are left out, where none is named."""
    for key in () if programme else damaged_programmes(service):
        say_error(str(DamagedError(key)))


def system_clock() -> datetime:
    """Return the instant that it is: the one place where a command reads the clock."""
    return datetime.now(UTC)


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

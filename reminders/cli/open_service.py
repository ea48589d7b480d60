"""The service that a command works on: its settings, folders and database, opened and said what is odd."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from reminders.cli.logs import configure_log, say_error
from reminders.cli.options import parse_instant
from reminders.delivery import transport_for
from reminders.errors import DamagedError
from reminders.folders import check_folder, make_folder
from reminders.service import Actor, Service
from reminders.settings import Settings, ensure_secret_key, read_settings, unknown_settings
from reminders.stop import StopRequest
from reminders.use.programme.queries import damaged_programmes
from reminders.use.programme.store_programme import existing_database, open_database
from reminders.use.watch.evidence import begin_evidence
from reminders.use.watch.file_modes import close_files


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

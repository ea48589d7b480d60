"""Commands that run the service: run, web, worker, tick."""

from __future__ import annotations

import logging
import os
import re
import signal
import sys
import time
from dataclasses import replace
from socket import socket
from threading import Thread
from types import FrameType
from typing import Annotated, Final

import typer

from email_templates.plain_text import counted
from reminders.cli.logs import configure_log, say_error
from reminders.cli.open_service import open_service
from reminders.cli.options import AtOption, DatabaseOption, number_parser
from reminders.cli.output import print_json
from reminders.errors import UsageError
from reminders.folders import check_folder
from reminders.service import Service
from reminders.settings import read_settings
from reminders.stop import StopRequest
from reminders.use.mail.listing import draft_documents
from reminders.use.people.sessions import issue_links
from reminders.use.planning.held_back import held_back
from reminders.use.planning.preview import next_sending, preview_today, redirect
from reminders.use.tick import tick

END_WITHIN: Final = 9.0
"""Seconds from being asked to stop to the end, whatever is still under way: it is safe against a crash."""
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
HostOption = Annotated[str | None, typer.Option(help="Address to listen on (default: HOST).")]
PortOption = Annotated[
    int | None,
    typer.Option(
        metavar="N", parser=number_parser("--port", 1, 65_535), help="Port to listen on (default: PORT)."
    ),
]


def run(host: HostOption = None, port: PortOption = None, database: DatabaseOption = None) -> None:
    """Serve pages and feeds, and remind, in one process."""
    from reminders.scheduler import AlarmClock

    service, sockets = _open_pages(host, port, database)
    configure_log(service.settings, logging.INFO)
    end_at_signals(service.stop)
    _greet(service)
    alarm = AlarmClock(service)
    alarm.start()
    try:
        _serve(service, sockets)
    finally:
        alarm.stop()


def web(
    host: HostOption = None,
    port: PortOption = None,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Serve pages and feeds only; with --at the clock stands still, and every page says so."""
    opened, sockets = _open_pages(host, port, database, at)
    service = replace(opened, rehearses=at is not None)
    end_at_signals(service.stop)
    _greet(service)
    _serve(service, sockets)


def worker(database: DatabaseOption = None) -> None:
    """Remind only: plan, compose and deliver every few minutes."""
    from reminders.scheduler import AlarmClock

    service = open_service(database)
    configure_log(service.settings, logging.INFO)
    end_at_signals(service.stop)
    AlarmClock(service).run_forever()


def _open_pages(
    host: str | None, port: int | None, database: str | None, at: str | None = None
) -> tuple[Service, list[socket]]:
    """Return the service and sockets that listen; these come first, so that a taken port changes nothing."""
    from reminders.cli.page_server import listen

    settings = read_settings(host=host, port=port, database_url=database)
    check_folder(settings.mail_folder_setting, settings.uploads_folder.absolute())
    sockets = listen(settings.host, settings.port)
    service = open_service(database, at, host=host, port=port)
    return service, sockets


def _serve(service: Service, sockets: list[socket]) -> None:
    from reminders.cli.page_server import serve_pages

    serve_pages(service, sockets)


def end_at_signals(stop: StopRequest) -> None:
    """Ask to stop at SIGTERM or SIGINT; a second one, or the end of its time, ends the process at once.

    For the main thread, before anything is begun.
    """

    def heard(number: int, _: FrameType | None) -> None:
        if stop.is_made:
            os._exit(128 + number)
        stop.ask()

    def end_late() -> None:
        stop.wait()
        time.sleep(END_WITHIN)
        os._exit(1)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, heard)
    Thread(target=end_late, daemon=True).start()


def _greet(service: Service) -> None:
    base = service.settings.base_url
    at = next_sending(service)
    typer.echo(f"Pages and feeds:        {base}/")
    if service.settings.smtp_url is None or _is_read_by_a_person():
        _print_links(service)
    else:
        typer.echo("Sign in as secretary:   by mail; reminders sign-in-link ADDRESS prints a link")
    where = (
        f"by SMTP through {service.settings.smtp_url.host}"
        if service.settings.smtp_url
        else (f"written to {service.settings.mail_folder}/, nothing leaves this machine")
    )
    typer.echo(f"Mail:                   {where}")
    typer.echo(f"The next mails go:      {at:%A %d %B %Y at %H:%M} ({service.settings.timezone})")


def _is_read_by_a_person() -> bool:
    """Tell whether stdout is a terminal; else it is a log, which others read later and which is kept."""
    return sys.stdout is not None and sys.stdout.isatty()


def _print_links(service: Service) -> None:
    for link in (links := issue_links(service)):
        whose = f"works once, for 24 hours: {link.address}, {', '.join(link.programmes)}"
        typer.echo(f"Sign in as secretary:   {service.settings.base_url}/sign-in/{link.token}   ({whose})")
    if not links:
        typer.echo("Sign in as secretary:   nobody may: no contact list names a secretary who is there.")
        typer.echo("                        Name one: reminders contacts import FILE --programme KEY")


def tick_command(
    at: AtOption = None,
    *,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show the mails of the day, and what holds them back; write nothing."),
    ] = False,
    redirect_to: Annotated[
        str | None,
        typer.Option("--redirect-to", metavar="ADDRESS", help="Send all mail there; mark nothing as sent."),
    ] = None,
    accept_clock: Annotated[
        bool, typer.Option("--accept-clock", help="Confirm that the clock is right.")
    ] = False,
    accept_count: Annotated[
        bool, typer.Option("--accept-count", help="Confirm that more mails than MAIL_CAP may go out.")
    ] = False,
    database: DatabaseOption = None,
) -> None:
    """Run once: plan, compose, deliver, sweep. Idempotent; what cron would call."""
    service = open_service(database, at)
    if dry_run:
        mails = [mail for mail, _ in preview_today(service).mails]
        print_json(draft_documents(service, mails))
        for reason in held_back(service, mails):
            say_error(f"dry run: {reason}")
    elif redirect_to:
        if not _ADDRESS.fullmatch(redirect_to):
            raise UsageError(f"--redirect-to: expected an e-mail address; found {redirect_to!r}")
        outcomes = redirect(service, redirect_to)
        accepted = sum(outcome.kind == "accepted" for outcome in outcomes)
        total = counted(len(outcomes), "mail")
        typer.echo(f"{accepted} of {total} sent to {redirect_to}; nothing is marked as sent.")
    else:
        end_at_signals(service.stop)
        result = tick(service, accept_clock=accept_clock, accept_count=accept_count)
        delivered = (
            ", ".join(f"{count} {state}" for state, count in result.outcomes.items()) or "nothing to deliver"
        )
        typer.echo(f"{result.composed} composed; {delivered}.")
        if service.stop.is_made:
            typer.echo("Stopped as asked. What waits goes with the next run.")
            return
        if not result.may_send:
            typer.echo(f"No mail goes out now. The next mails go {next_sending(service):%Y-%m-%d at %H:%M}.")
        if reason := result.alarm or result.resting:
            say_error(f"mail cannot be sent: {reason}")
        if result.many_dead:
            say_error("too many addresses count as dead; look at: reminders doctor")
        if result.has_failed:
            raise typer.Exit(1)

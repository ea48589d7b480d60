"""Commands that run the service: run, web, worker, tick."""

from __future__ import annotations

import logging
import os
import re
import signal
import time
from dataclasses import replace
from threading import Thread
from types import FrameType
from typing import Annotated, Final

import typer

from email_templates.plain_text import counted
from reminders.cli.options import AtOption, DatabaseOption, configure_log, open_service
from reminders.cli.output import print_json
from reminders.clock import civil_time
from reminders.errors import UsageError
from reminders.service import Service
from reminders.stop import StopRequest
from reminders.use.mail.listing import draft_documents
from reminders.use.people.sessions import issue_links
from reminders.use.planning.preview import may_compose, next_sending, preview_mails, redirect
from reminders.use.tick import tick

END_WITHIN: Final = 9.0
"""Seconds from being asked to stop to the end, whatever is still under way: it is safe against a crash."""
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")
HostOption = Annotated[str, typer.Option(help="Address to listen on.")]
PortOption = Annotated[int, typer.Option(help="Port to listen on.")]


def run(host: HostOption = "127.0.0.1", port: PortOption = 8000, database: DatabaseOption = None) -> None:
    """Serve pages and feeds, and remind, in one process."""
    from reminders.scheduler import AlarmClock

    service = _at(open_service(database), host, port)
    configure_log(service.settings, logging.INFO)
    end_at_signals(service.stop)
    _greet(service)
    alarm = AlarmClock(service)
    alarm.start()
    try:
        _serve(service, host, port)
    finally:
        alarm.stop()


def web(
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Serve pages and feeds only; with --at the clock stands still, and every page says so."""
    service = replace(_at(open_service(database, at), host, port), rehearses=at is not None)
    end_at_signals(service.stop)
    _greet(service)
    _serve(service, host, port)


def worker(database: DatabaseOption = None) -> None:
    """Remind only: plan, compose and deliver every few minutes."""
    from reminders.scheduler import AlarmClock

    service = open_service(database)
    configure_log(service.settings, logging.INFO)
    end_at_signals(service.stop)
    AlarmClock(service).run_forever()


def _serve(service: Service, host: str, port: int) -> None:
    from reminders.cli.page_server import serve_pages

    serve_pages(service, host, port)


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


def _at(service: Service, host: str, port: int) -> Service:
    """Return the service with links that lead to where it listens, unless BASE_URL says otherwise.

    Where it listens for everybody and nobody has said what it is called, it answers under any name.
    """
    if "base_url" in service.settings.model_fields_set:
        return service
    everywhere = host in {"0.0.0.0", "::"}  # noqa: S104 - compared only
    name = "127.0.0.1" if everywhere else f"[{host}]" if ":" in host else host
    own: dict[str, object] = {"base_url": f"http://{name}:{port}"}
    if everywhere and service.settings.allowed_hosts is None:
        own["allowed_hosts"] = ("*",)
    return replace(service, settings=service.settings.model_copy(update=own))


def _greet(service: Service) -> None:
    base = service.settings.base_url
    at = next_sending(service)
    typer.echo(f"Pages and feeds:        {base}/")
    for link in (links := issue_links(service)):
        whose = f"works once, for 24 hours: {link.address}, {', '.join(link.programmes)}"
        typer.echo(f"Sign in as secretary:   {base}/sign-in/{link.token}   ({whose})")
    if not links:
        typer.echo("Sign in as secretary:   nobody may: no contact list names a secretary who is there.")
        typer.echo("                        Name one: reminders contacts import FILE --programme KEY")
    where = (
        f"by SMTP through {service.settings.smtp_url.host}"
        if service.settings.smtp_url
        else (f"written to {service.settings.mail_folder}/, nothing leaves this machine")
    )
    typer.echo(f"Mail:                   {where}")
    typer.echo(f"The next mails go:      {at:%A %d %B %Y at %H:%M} ({service.settings.timezone})")


def tick_command(
    at: AtOption = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would go out; write nothing.")
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
        here = civil_time(service.settings, service.clock())
        mails = preview_mails(service, here.day, here.instant).mails if may_compose(service) else ()
        print_json(draft_documents(service, (draft for draft, _ in mails)))
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
            typer.echo(f"Mail cannot be sent: {reason}", err=True)
        if result.many_dead:
            typer.echo("Too many addresses count as dead. Look at: reminders doctor", err=True)
        if result.has_failed:
            raise typer.Exit(1)

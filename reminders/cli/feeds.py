"""Commands about calendars: feed, feeds, private-feed, private-feeds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from reminders.cli.open_service import open_service
from reminders.cli.options import (
    MOST_ROWS,
    AtOption,
    DatabaseOption,
    JsonOption,
    LangOption,
    OnlyProgrammeOption,
    ProgrammeOption,
    number_parser,
    parse_lang,
)
from reminders.cli.output import print_json, print_table, write_file
from reminders.errors import UsageError
from reminders.use.feeds import private_feeds
from reminders.use.feeds.feed_names import specs
from reminders.use.feeds.source import feed_of, read_source
from reminders.use.programme.queries import chosen_programme
from reminders.web.api import feed_json


def feed_command(
    name: str,
    lang: LangOption = "fi",
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write there.")] = None,
    programme: OnlyProgrammeOption = None,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Print the octets of a calendar feed."""
    language = parse_lang(lang)
    service = open_service(database, at)
    body = feed_of(read_source(service, programme), name, language, service.settings.base_url).body
    if output is None:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
        return
    write_file(output, body)


def feeds_command(
    *,
    programme: OnlyProgrammeOption = None,
    as_json: JsonOption = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """List the feeds."""
    service = open_service(database, at)
    source = read_source(service, programme)
    listed = [
        feed_json(spec, source.programme) for spec in specs(source.programme, service.settings.base_url)
    ]
    if as_json:
        print_json(listed)
    else:
        print_table(("name", "what"), [(one["name"], one["title"]["en"]) for one in listed])
        typer.echo("Of a theme or unit: KEY, also KEY.deadlines and KEY.events; several: KEY+KEY.events")


def private_feed(
    address: Annotated[str | None, typer.Argument(metavar="ADDRESS", help="Of a contact.")] = None,
    *,
    secretary: Annotated[bool, typer.Option("--secretary", help="Everything, with its basis.")] = False,
    alarm: Annotated[bool, typer.Option("--alarm", help="With alarms.")] = False,
    lang: Annotated[str, typer.Option("--lang", metavar="L")] = "fi",
    revoke: Annotated[
        int | None,
        typer.Option(
            "--revoke",
            metavar="NUMBER",
            parser=number_parser("--revoke", 1, MOST_ROWS),
            help="Close this one.",
        ),
    ] = None,
    programme: ProgrammeOption = "",
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Make a private calendar for a contact and print its address once; or close one."""
    service = open_service(database, at)
    if revoke is not None:
        private_feeds.revoke_feed(service, revoke)
        typer.echo(f"Private feed {revoke} is closed.")
        return
    if address is None:
        raise UsageError("private-feed: expected ADDRESS or --revoke NUMBER; found neither")
    issued = private_feeds.issue_feed(
        service,
        chosen_programme(service, programme, address=address),
        address,
        "secretary" if secretary else "own",
        alarm=alarm,
    )
    typer.echo(issued.address(service.settings.base_url, parse_lang(lang)))


def private_feeds_command(
    *,
    programme: OnlyProgrammeOption = None,
    as_json: JsonOption = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """List the private calendars: whose, last use, by which program."""
    service = open_service(database, at)
    key = chosen_programme(service, programme) if programme else None
    found = private_feeds.list_private_feeds(service, key)
    rows = [
        {
            "number": one.id,
            "programme": one.programme,
            "address": one.address,
            "feed": one.feed,
            "used_at": one.used_at.isoformat() if one.used_at else None,
            "client": one.client,
            "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
        }
        for one in found
    ]
    if as_json:
        print_json(rows)
    else:
        print_table(
            ("number", "programme", "address", "feed", "used", "client", "closed"),
            [tuple(row.values()) for row in rows],
        )

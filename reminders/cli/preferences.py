"""Commands of readers and units: preferences, held."""

from __future__ import annotations

from typing import Annotated

import typer

from reminders.cli.opening import AtOption, DatabaseOption, JsonOption, open_service, parse_day
from reminders.cli.output import print_json, print_table
from reminders.planning.preferences import Preferences
from reminders.use.answers import target_dates
from reminders.use.people import preferences as people_preferences
from reminders.use.programme import store_programme

KeyOption = Annotated[
    str, typer.Option("--programme", metavar="KEY", help="The programme that the mail is about.")
]


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("preferences")(preferences)
    app.command("held")(held)


def preferences(
    address: Annotated[str, typer.Argument(metavar="ADDRESS")],
    *,
    weekday: Annotated[
        str | None, typer.Option("--weekday", metavar="mon…fri|any", help="Reminders on this weekday only.")
    ] = None,
    rhythm: Annotated[
        str | None,
        typer.Option("--rhythm", metavar="daily|weekly|monthly", help="How what is no duty is gathered."),
    ] = None,
    digest: Annotated[
        str | None,
        typer.Option("--digest", metavar="both|weekly|meetings", help="When the secretary's summary comes."),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="fi|sv|en|fi+sv|list", help="Instead of the contact list's."),
    ] = None,
    mail_format: Annotated[
        str | None, typer.Option("--format", metavar="html+text|text", help="How a mail is made.")
    ] = None,
    off: Annotated[
        list[str] | None, typer.Option("--off", metavar="STAGE", help="Switch a stage off that is no duty.")
    ] = None,
    on: Annotated[
        list[str] | None, typer.Option("--on", metavar="STAGE", help="Switch a stage on again.")
    ] = None,
    programme: KeyOption = store_programme.FIRST_PROGRAMME,
    as_json: JsonOption = False,
    database: DatabaseOption = None,
) -> None:
    """Show or change what a reader wishes: weekday, rhythm, language, format, stages."""
    service = open_service(database)
    wished = people_preferences.PreferenceChange(
        weekday, rhythm, digest, language, mail_format, tuple(off or ()), tuple(on or ())
    )
    if wished == people_preferences.PreferenceChange():
        wish = people_preferences.preferences_of(service, programme, address)
    else:
        wish = people_preferences.change_preferences(service, programme, address, wished)
    shown = _shown(wish)
    if as_json:
        print_json({"address": address, "programme": programme, **shown})
        return
    for name, value in shown.items():
        typer.echo(f"{name}: {', '.join(value) if isinstance(value, list) else value}")


def _shown(wish: Preferences) -> dict[str, str | list[str]]:
    return {
        "weekday": people_preferences.ANY
        if wish.weekday is None
        else people_preferences.WEEKDAYS[wish.weekday],
        "rhythm": wish.rhythm,
        "digest": wish.digest,
        "language": wish.language or people_preferences.LISTED,
        "format": wish.format,
        "off": sorted(wish.off),
    }


def held(
    action: Annotated[str, typer.Argument(metavar="ACTION")],
    day: Annotated[
        str | None, typer.Argument(metavar="[DATE]", help="YYYY-MM-DD; without it the dates are listed.")
    ] = None,
    *,
    note: Annotated[str, typer.Option("--note", help="A note.")] = "",
    by: Annotated[
        str, typer.Option("--by", metavar="ADDRESS", help="Who enters it; without it, the secretary.")
    ] = "",
    organisation: Annotated[
        str, typer.Option("--organisation", metavar="KEY", help="Where several are responsible.")
    ] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take the date back.")] = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Enter a date that counts towards an action's target; or list them."""
    service = open_service(database, at)
    if day is None:
        rows = target_dates.entered_for(service, action)
        print_table(("date", "organisation", "note"), [(one.on, one.organisation, one.note) for one in rows])
        return
    entered = target_dates.EnteredDate(action, parse_day(day, "DATE"), by, note, organisation)
    found = (
        target_dates.take_back_date(service, entered) if remove else target_dates.enter_date(service, entered)
    )
    typer.echo(f"{action}: {found.entered} of at least {found.minimum} held in {found.year}.")

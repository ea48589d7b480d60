"""The command series: the rule, dates, place of event series; one date, this and later; earlier versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from typing import Annotated, Any

import typer

from reminders.cli.open_service import acting, open_service
from reminders.cli.options import (
    MOST_ROWS,
    AtOption,
    ByOption,
    DatabaseOption,
    JsonOption,
    ProgrammeOption,
    number_parser,
    parse_day,
)
from reminders.cli.output import print_json, print_table
from reminders.clock import civil_time
from reminders.errors import UsageError
from reminders.service import Service
from reminders.use.people.rights import decided_by
from reminders.use.programme.queries import chosen_programme, programme_row
from reminders.use.series.action_series import date_named, series_named, series_of
from reminders.use.series.changes import (
    DateAhead,
    SeriesPreview,
    date_shifts,
    days_after,
    fact_shifts,
    preview_series,
)
from reminders.use.series.edits import NEW, Edit
from reminders.use.series.saves import earlier_family, save_series, saves_of
from schedule_rules.days import Span
from schedule_rules.edited_series import dates_of, minutes_until
from schedule_rules.programme import LANGUAGES, DateChange, EditedSeries, Programme, SeriesState, Text

series = typer.Typer(
    help="Event series: their rule, dates, place; one date, this and later.", no_args_is_help=True
)
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the dates before and after; store nothing.")]
Place = Annotated[
    list[str] | None, typer.Option("--place", metavar="[LANG=]TEXT", help="Where, once a language.")
]
Time = Annotated[str | None, typer.Option("--time", metavar="HH:MM", help="Local time; without it all-day.")]
Minutes = Annotated[
    int | None,
    typer.Option(
        "--minutes",
        metavar="N",
        parser=number_parser("--minutes", 0, 525_600),
        help="How long; or give --end.",
    ),
]
End = Annotated[str | None, typer.Option("--end", metavar="HH:MM", help="Its end; before --time: next day.")]
Seen = Annotated[
    int | None,
    typer.Option(
        "--seen",
        metavar="SAVE",
        parser=number_parser("--seen", 0, MOST_ROWS),
        help="Refuse if there is a newer save (series saves).",
    ),
]
Video = Annotated[str | None, typer.Option("--video", metavar="URL", help="Where to join.")]
RuleDay = Annotated[
    bool, typer.Option("--rule-day", help="DAY is the day that the rule gives, wherever the date stands.")
]
_DAY = "--first"


@series.command("list")
def list_command(
    action: str,
    *,
    programme: ProgrammeOption = "",
    as_json: JsonOption = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """List the series of an action as they stand."""
    rows: list[dict[str, Any]] = [
        {
            "name": one.name,
            "rule": one.rrule,
            "dates": [day.isoformat() for day in one.dates],
            "first": one.first.isoformat(),
            "until": one.until.isoformat(),
            "time": f"{one.at:%H:%M}" if one.at else "",
            "minutes": one.minutes,
            "state": one.state,
            "place": one.place.as_dict(),
            "video": one.video,
            "description": one.description.as_dict(),
            "sign_up": one.sign_up,
        }
        for one in series_of(_of_action(open_service(database, at), programme, action), action)
    ]
    if as_json:
        print_json(rows)
    else:
        cells = [
            (r["name"], r["rule"] or ", ".join(r["dates"]), r["first"], r["until"], r["time"], r["state"])
            for r in rows
        ]
        print_table(("name", "rule", "first", "until", "time", "state"), cells)


@series.command("dates")
def dates_command(
    action: str,
    name: Annotated[str, typer.Argument(help="Of one series; without it of all.")] = "",
    *,
    programme: ProgrammeOption = "",
    as_json: JsonOption = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """List the dates of the series of an action where they stand; of a moved one the rule's day too."""
    found = _of_action(open_service(database, at), programme, action)
    own = [series_named(found, action, name)] if name else series_of(found, action)
    rows: list[dict[str, Any]] = [
        {
            "series": one.name,
            "day": standing.day.isoformat(),
            "time": f"{standing.at:%H:%M}" if standing.at else "",
            "minutes": standing.minutes if standing.at else 0,
            "state": standing.state,
            "rule_day": standing.on.isoformat(),
            "place": standing.place.as_dict(),
        }
        for one in own
        for standing in sorted(dates_of(one), key=lambda standing: standing.day)
    ]
    if as_json:
        print_json(rows)
    else:
        cells = [
            (r["series"], r["day"], r["time"], r["state"], r["rule_day"] if r["rule_day"] != r["day"] else "")
            for r in rows
        ]
        print_table(("series", "day", "time", "state", "moved from"), cells)


@series.command("keep")
def keep(
    action: str,
    name: Annotated[str, typer.Argument(help="Of an existing series; new: one more.")] = NEW,
    *,
    rule: Annotated[
        str | None, typer.Option("--rule", metavar="RRULE", help="FREQ=MONTHLY;BYDAY=-1TH")
    ] = None,
    dates: Annotated[str | None, typer.Option("--dates", metavar="D,D", help="Dates one by one.")] = None,
    first: Annotated[str | None, typer.Option(_DAY, metavar="D")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="D", help="Last day.")] = None,
    at: Time = None,
    minutes: Minutes = None,
    place: Place = None,
    end: End = None,
    video: Video = None,
    description: Annotated[
        list[str] | None, typer.Option("--description", metavar="[LANG=]TEXT", help="What it is about.")
    ] = None,
    sign_up: Annotated[
        str | None, typer.Option("--sign-up", metavar="URL", help="Where one signs up.")
    ] = None,
    title: Annotated[list[str] | None, typer.Option("--title", metavar="[LANG=]TEXT")] = None,
    months_off: Annotated[
        str | None, typer.Option("--not-in", metavar="7,8", help="Months without it.")
    ] = None,
    quiet: Annotated[
        list[str] | None, typer.Option("--quiet", metavar="D..D", help="Days without it.")
    ] = None,
    state: Annotated[str, typer.Option("--state", metavar="tentative|confirmed|cancelled")] = "confirmed",
    from_day: Annotated[
        str | None, typer.Option("--from", metavar="D", help="This date and later; without it from today on.")
    ] = None,
    seen: Seen = None,
    by: ByOption = "secretary",
    dry_run: DryRun = False,
    programme: ProgrammeOption = "",
    clock: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Set a series from today on: what is not given stays as it is, and so do dates that have been."""
    service = open_service(database, clock)
    found = _of_action(service, programme, action)
    programme = found.key
    if name == NEW:
        old = EditedSeries(action, NEW, found.period.first, found.period.last)
    else:
        old = series_named(found, action, name)
    begins = parse_time(at) if at else None
    given = {
        "rrule": "" if dates else rule,
        "dates": tuple(parse_day(day, "--dates") for day in dates.split(",")) if dates else None,
        "first": parse_day(first, _DAY) if first else None,
        "until": parse_day(until, "--until") if until else None,
        "at": begins,
        "minutes": _length(begins or old.at, end) if end else minutes,
        "place": _text(place) if place else None,
        "video": video,
        "description": _text(description) if description else None,
        "sign_up": sign_up,
        "title": _text(title) if title else None,
        "months_off": _months(months_off) if months_off is not None else None,
        "quiet": tuple(map(_span, quiet)) if quiet else None,
        "state": _state(state),
    }
    kept = replace(old, **{field: value for field, value in given.items() if value is not None})  # type: ignore[arg-type]
    day = parse_day(from_day, "--from") if from_day else None
    _do(service, Edit(programme, action, name, by, series=kept, at=day, seen=seen), dry_run=dry_run)


@series.command("move")
def move(
    action: str,
    name: str,
    day: str,
    *,
    to: Annotated[str | None, typer.Option("--to", metavar="D", help="The new day.")] = None,
    rule_day: RuleDay = False,
    at: Time = None,
    minutes: Minutes = None,
    place: Place = None,
    end: End = None,
    video: Video = None,
    seen: Seen = None,
    by: ByOption = "secretary",
    dry_run: DryRun = False,
    programme: ProgrammeOption = "",
    clock: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Move one date to another day, time or place: what is not given stays as the date stands now."""
    service = open_service(database, clock)
    old = series_named(_of_action(service, programme, action), action, name)
    on = date_named(old, parse_day(day, "DAY"), by_rule=rule_day)
    known = next((one for one in old.changes if one.on == on), DateChange(on))
    begins = parse_time(at) if at else known.at
    given = {
        "day": parse_day(to, "--to") if to else None,
        "at": begins,
        "minutes": _length(begins or old.at, end) if end else minutes,
        "place": _text(place) if place else None,
        "video": video,
    }
    kept = {field: value for field, value in given.items() if value is not None}
    change = replace(known, state="confirmed", all_day=known.all_day and not at, **kept)  # type: ignore[arg-type]
    _do(service, Edit(programme, action, name, by, change=change, seen=seen), dry_run=dry_run)


@series.command("cancel")
def cancel(
    action: str,
    name: str,
    day: str,
    by: ByOption = "secretary",
    *,
    rule_day: RuleDay = False,
    dry_run: DryRun = False,
    programme: ProgrammeOption = "",
    clock: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Cancel one date where it stands: calendars show it so until sixty days after it."""
    service = open_service(database, clock)
    on = _date_named(service, programme, action, name, day, by_rule=rule_day)
    change = DateChange(on, state="cancelled")
    _do(service, Edit(programme, action, name, by, change=change), dry_run=dry_run)


@series.command("restore")
def restore_date(
    action: str,
    name: str,
    day: str,
    by: ByOption = "secretary",
    *,
    rule_day: RuleDay = False,
    dry_run: DryRun = False,
    programme: ProgrammeOption = "",
    clock: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Let one date follow the rule again."""
    service = open_service(database, clock)
    on = _date_named(service, programme, action, name, day, by_rule=rule_day)
    _do(service, Edit(programme, action, name, by, restore=on), dry_run=dry_run)


@series.command("remove")
def remove(
    action: str,
    name: str,
    by: ByOption = "secretary",
    *,
    dry_run: DryRun = False,
    programme: ProgrammeOption = "",
    clock: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Take what is ahead out of every calendar at once; to announce it, set --state cancelled instead."""
    _do(open_service(database, clock), Edit(programme, action, name, by, remove=True), dry_run=dry_run)


@series.command("hold")
def hold_date(
    action: str,
    name: str,
    day: str,
    by: ByOption = "secretary",
    *,
    rule_day: RuleDay = False,
    dry_run: DryRun = False,
    programme: ProgrammeOption = "",
    clock: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Hold a cancelled date after all, where it was moved to."""
    service = open_service(database, clock)
    on = _date_named(service, programme, action, name, day, by_rule=rule_day)
    _do(service, Edit(programme, action, name, by, hold=on), dry_run=dry_run)


@series.command("saves")
def saves(
    action: str,
    *,
    programme: ProgrammeOption = "",
    as_json: JsonOption = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """List every save of an action's series, newest first."""
    service = open_service(database, at)
    found = saves_of(service, chosen_programme(service, programme, action), action)
    rows: list[dict[str, Any]] = [
        {
            "save": one.id,
            "at": one.at.isoformat(),
            "by": one.by,
            "series": [kept.name for kept in one.kept],
            "note": one.note,
        }
        for one in found
    ]
    if as_json:
        print_json(rows)
    else:
        cells = [(str(r["save"]), r["at"], r["by"], " ".join(r["series"]), r["note"]) for r in rows]
        print_table(("save", "at", "by", "series", "note"), cells)


@series.command("again")
def again(
    action: str,
    save: Annotated[int, typer.Argument(parser=number_parser("SAVE", 1, MOST_ROWS), metavar="SAVE")],
    by: ByOption = "secretary",
    *,
    dry_run: DryRun = False,
    programme: ProgrammeOption = "",
    clock: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Take an earlier save back up, with all that was cut from it since; what has been stays."""
    service = open_service(database, clock)
    found = _of_action(service, programme, action)
    own, family = earlier_family(service, found, save)
    if own != action:
        raise UsageError(f"SAVE: expected a save of {action}; found one of {own}")
    note = f"save {save} again"
    _do(service, Edit(found.key, action, family[0].name, by, earlier=family, note=note), dry_run=dry_run)


def _of_action(service: Service, programme: str, action: str | None) -> Programme:
    return programme_row(service, chosen_programme(service, programme, action or "")).programme


def _date_named(service: Service, programme: str, action: str, name: str, day: str, *, by_rule: bool) -> date:
    series = series_named(_of_action(service, programme, action), action, name)
    return date_named(series, parse_day(day, "DAY"), by_rule=by_rule)


def _do(service: Service, edit: Edit, *, dry_run: bool) -> None:
    """Show what subscribers will see, and store it unless it is a rehearsal."""
    today = civil_time(service.settings, service.clock()).day
    key = chosen_programme(service, edit.programme, edit.action)
    edit = replace(edit, programme=key, by=decided_by(service, key, edit.by))
    service = acting(service, edit.by)
    row = programme_row(service, edit.programme)
    seen = preview_series(row.programme, edit, today)
    typer.echo("\n".join(_changes(seen, row.programme)) or "Nothing changes for subscribers.")
    if dry_run:
        typer.echo("Nothing stored.")
        return
    made = save_series(service, edit)
    typer.echo(f"{edit.action}: {', '.join(one.name for one in made)} kept by {edit.by}.")


def _changes(seen: SeriesPreview, programme: Programme) -> Iterator[str]:
    """Yield what changes for subscribers, a line each: ``-`` goes, ``+`` comes, ``~`` was -> becomes."""
    shifts = date_shifts(seen.before, seen.after)
    for shift in shifts:
        if shift.was and shift.becomes:
            yield f"~ {_when(shift.was)} -> {_said(shift.becomes)}"
        elif one := shift.becomes or shift.was:
            yield f"{'+' if shift.becomes else '-'} {_said(one)}"
    for fact in fact_shifts(seen.before, seen.after):
        langs = [lang for lang in LANGUAGES if fact.was.get(lang) != fact.becomes.get(lang)]
        was, becomes = ({one.get(lang) for lang in langs} for one in (fact.was, fact.becomes))
        words = " -> ".join(" / ".join(sorted(one)) or "(none)" for one in (was - {""}, becomes - {""}))
        yield f"~ {fact.fact}: {words} ({fact.dates} dates from {fact.first})"
    if seen.left_out:
        yield f"Left out, closed days: {', '.join(map(str, seen.left_out))}"
    if beyond := days_after(shifts, programme.period.last):
        yield f"After the programme ends on {programme.period.last}: {len(beyond)} dates, last {max(beyond)}"


def _length(at: time | None, end: str) -> int:
    """Return the minutes from a time to an end, on the next day where that is earlier."""
    ends = parse_time(end, "--end")
    if at is None or ends == at:
        raise UsageError(f"--end: expected a time beside --time, and another one; found {end!r}")
    return minutes_until(at, ends)


def _said(one: DateAhead) -> str:
    return " ".join((_when(one), one.row.id.instance, *(f"[{kind}]" for kind in one.day_kinds)))


def _when(one: DateAhead) -> str:
    row = one.row
    when = f"{row.starts_at:%Y-%m-%d %H:%M}" if row.starts_at else row.due.isoformat()
    if row.starts_at and row.ends_at and row.ends_at.date() > row.due:
        when += f" (until {row.ends_at:%Y-%m-%d %H:%M})"
    return f"{when} {row.status}"


def parse_time(text: str, option: str = "--time") -> time:
    """Read HH:MM; ``UsageError`` on anything else."""
    try:
        return time.fromisoformat(text.replace(".", ":").zfill(5)).replace(
            second=0, microsecond=0, tzinfo=None
        )
    except ValueError as error:
        raise UsageError(f"{option}: expected a time such as 17:00; found {text!r}") from error


def _text(parts: list[str]) -> Text:
    """Read ``fi=…``; without a language it is the same in all."""
    found: dict[str, str] = {}
    for part in parts:
        lang, sign, text = part.partition("=")
        named = [lang] if sign and lang in LANGUAGES else list(LANGUAGES)
        found |= dict.fromkeys(named, text if sign and lang in LANGUAGES else part)
    return Text(**found)


def _months(text: str) -> tuple[int, ...]:
    found = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isdecimal() and 1 <= int(part) <= 12 for part in found):
        raise UsageError(f"--not-in: expected months 1 to 12 with commas between; found {text!r}")
    return tuple(sorted({int(part) for part in found}))


def _span(text: str) -> Span:
    first, dots, last = text.partition("..")
    if not dots:
        raise UsageError(f"--quiet: expected days such as 2025-06-01..2025-08-10; found {text!r}")
    span = Span(parse_day(first, "--quiet"), parse_day(last, "--quiet"))
    if span.last < span.first:
        raise UsageError(f"--quiet: expected a last day from {span.first} on; found {span.last}")
    return span


def _state(text: str) -> SeriesState:
    states: tuple[SeriesState, ...] = ("tentative", "confirmed", "cancelled")
    for state in states:
        if state == text:
            return state
    raise UsageError(f"--state: expected tentative, confirmed or cancelled; found {text!r}")

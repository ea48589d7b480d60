"""Commands about programmes: import, programmes, release, hold, occurrences, explain, feed, feeds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from reminders.cli.opening import (
    AtOption,
    DatabaseOption,
    FromOption,
    JsonOption,
    LangOption,
    ToOption,
    open_service,
    parse_lang,
    parse_window,
)
from reminders.cli.output import (
    State,
    import_lines,
    print_json,
    print_table,
    shown_progress,
    told_in,
    write_file,
)
from reminders.errors import UsageError
from reminders.intake.template import write_template
from reminders.service import Service
from reminders.store import programmes as repository
from reminders.use.feeds import published
from reminders.use.planning.load_state import load_state
from reminders.use.planning.preview import next_sending
from reminders.use.programme import correct as programme_correct
from reminders.use.programme import read_files, settings, store_programme
from reminders.use.programme.explain import explain
from reminders.web.api import feed_json, finding_rows, occurrence_json, programme_json

KeyOption = Annotated[str | None, typer.Option("--programme", metavar="KEY", help="Only this programme.")]


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("import")(import_command)
    app.command("findings")(findings)
    app.command("correct")(correct)
    app.command("programmes")(programmes)
    app.command("release")(release)
    app.command("hold")(hold)
    app.command("occurrences")(occurrences)
    app.command("explain")(explain_command)
    app.command("feed")(feed)
    app.command("feeds")(feeds_command)


def import_command(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE…", help="Files, or the key of a built-in programme.")
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang", metavar="L", help="Language of a single file (else recognised) and of what is printed."
        ),
    ] = None,
    programme: Annotated[
        str | None, typer.Option("--programme", metavar="KEY", help="The stored programme that they are of.")
    ] = None,
    template: Annotated[
        Path | None, typer.Option("--template", metavar="FILE.xlsx", help="Write a spreadsheet to fill in.")
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and show; store nothing.")] = False,
    as_json: JsonOption = False,
    database: DatabaseOption = None,
) -> None:
    """Read a programme; a new one is held until it is released."""
    if template is not None:
        if template.suffix.casefold() != ".xlsx":
            raise UsageError(f"--template: expected a name that ends in .xlsx; found {str(template)!r}")
        write_template(template)
        typer.echo(f"{template} is written; fill it in and: reminders import {template}")
        return
    if not files:
        raise UsageError("import: expected FILE… or --template FILE.xlsx; found neither")
    language = parse_lang(lang) if lang else None
    service = open_service(database)
    with told_in(language or "en"), shown_progress() as progress:
        found = read_files.read_import(service, files, language, programme, progress)
    state: State = "dry"
    if not dry_run:
        changed = read_files.store_import(service, found)
        state = "new" if found.is_new else "changed" if changed else "same"
    told = import_lines(found, state, language or "en")
    if as_json:
        print_json(found.document)
    typer.echo("\n".join(told), err=as_json)


def findings(*, as_json: JsonOption = False, database: DatabaseOption = None) -> None:
    """List what needs a decision: unclear wordings, what an import found."""
    service = open_service(database)
    with service.database.read() as connection:
        rows = [row for stored in repository.all_programmes(connection) for row in finding_rows(stored)]
    if as_json:
        print_json(rows)
    else:
        print_table(("programme", "where", "what", "words"), [tuple(row.values())[:4] for row in rows])


def correct(
    action: str,
    field: Annotated[str, typer.Argument(metavar="schedule|frequency|leads|partners|accepted")],
    value: str,
    by: Annotated[str, typer.Option("--by", metavar="ADDRESS", help="Who decides.")] = "secretary",
    note: Annotated[str, typer.Option("--note", help="Why.")] = "",
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Correct how an action is read; the correction survives a re-import."""
    chosen = next((one for one in programme_correct.FIELDS if one == field), None)
    if chosen is None:
        raise UsageError(f"correct: expected one of {', '.join(programme_correct.FIELDS)}; found {field!r}")
    service = open_service(database, at)
    programme_correct.correct_action(
        service, programme_correct.CorrectionDecision(action, chosen, value, by, note)
    )
    typer.echo(f"{action}: {field} is {value or 'none'}, corrected by {by}.")


def programmes(*, as_json: JsonOption = False, database: DatabaseOption = None) -> None:
    """List the stored programmes, and the built-in ones that can be imported."""
    service = open_service(database)
    with service.database.read() as connection:
        rows = repository.all_programmes(connection)
    listed = [programme_json(row) for row in rows]
    if as_json:
        print_json(listed)
        return
    cells = [
        (one["key"], one["name"]["en"], one["actions"], "held" if one["held"] else "released")
        for one in listed
    ]
    print_table(("key", "name", "actions", "state"), cells)
    known = {row.programme.key for row in rows}
    for key in store_programme.built_in_keys():
        if key not in known:
            typer.echo(f"Also built in: {key} (reminders import {key})")


def release(key: str, database: DatabaseOption = None) -> None:
    """Let a programme's mail out."""
    settings.release_programme(open_service(database), key)
    typer.echo(f"{key} is released.")


def hold(key: str, database: DatabaseOption = None) -> None:
    """Stop a programme's mail."""
    settings.hold_programme(open_service(database), key)
    typer.echo(f"{key} is held: nothing is sent.")


def occurrences(
    first: FromOption,
    last: ToOption,
    *,
    programme: KeyOption = None,
    as_json: JsonOption = False,
    database: DatabaseOption = None,
) -> None:
    """List every dated obligation and event."""
    window = parse_window(first, last)
    service = open_service(database)
    with service.database.read() as connection:
        keys = [programme] if programme else repository.programme_keys(connection)
        stored = [repository.stored_programme(connection, key).programme for key in keys]
        rows = [
            occurrence_json(one, each, repository.standing_answers_of(connection, each.key))
            for each in stored
            for one in repository.stored_occurrences(connection, each.key)
            if one.row.due in window
        ]
    rows.sort(key=lambda row: (row["due"], row["id"]))
    if as_json:
        print_json(rows)
    else:
        print_table(("due", "kind", "title", "status", "id"), [_cells(row) for row in rows])


def _cells(row: dict[str, object]) -> tuple[object, ...]:
    title = row["title"]
    shown = title["en"] if isinstance(title, dict) else title
    return row["due"], row["kind"], shown, row["status"], row["id"]


def explain_command(
    action: str, lang: LangOption = "en", at: AtOption = None, database: DatabaseOption = None
) -> None:
    """Explain an action: wording, rules, dates, who is told when."""
    language = parse_lang(lang)
    service = open_service(database, at)
    day = next_sending(service).date()
    with service.database.read() as connection:
        row = repository.programme_of_action(connection, action)
        state, chosen = load_state(connection, row), row.programme.action_by_id[action]
    typer.echo(explain(state, chosen, language, day, started=row.started_on is not None))


def feed(
    name: str,
    lang: LangOption = "fi",
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write there.")] = None,
    programme: KeyOption = None,
    database: DatabaseOption = None,
) -> None:
    """Print the octets of a calendar feed."""
    language = parse_lang(lang)
    service = open_service(database)
    body = published.feed_of(_source(service, programme), name, language, service.settings.base_url).body
    if output is None:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
        return
    write_file(output, body)


def _source(service: Service, programme: str | None) -> published.Source:
    with service.database.read() as connection:
        key = programme or published.main_key(repository.programme_keys(connection))
        return published.source_of(connection, key, service.settings)


def feeds_command(
    *, programme: KeyOption = None, as_json: JsonOption = False, database: DatabaseOption = None
) -> None:
    """List the feeds."""
    service = open_service(database)
    source = _source(service, programme)
    listed = [
        feed_json(spec, source.programme)
        for spec in published.specs(source.programme, service.settings.base_url, main=source.main)
    ]
    if as_json:
        print_json(listed)
    else:
        print_table(("name", "what"), [(one["name"], one["title"]["en"]) for one in listed])

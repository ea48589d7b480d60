"""Commands about programmes: import, findings, correct, programmes, release, hold, settings, and their dates.

What an import found is printed in the reader's language.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from reminders.cli.logs import say_error
from reminders.cli.open_service import acting, open_service, say_damaged
from reminders.cli.options import (
    AtOption,
    ByOption,
    DatabaseOption,
    FromOption,
    JsonOption,
    LangOption,
    OnlyProgrammeOption,
    ProgrammeOption,
    ToOption,
    parse_choice,
    parse_lang,
    parse_reading_lang,
    parse_window,
)
from reminders.cli.output import print_json, print_table, shown_progress
from reminders.errors import InputError, UsageError
from reminders.intake.choices import ReadingChoices, read_columns, read_rows, read_unit
from reminders.intake.pairing import ENDED, SameAnswers, likely_answers
from reminders.intake.template import write_template
from reminders.programmes import built_in_keys
from reminders.use.people.rights import decided_by
from reminders.use.programme import correct as programme_correct, read_files, settings
from reminders.use.programme.queries import (
    chosen_programme,
    damaged_programmes,
    explain_action,
    occurrences_within,
    programmes_now,
    stored_programmes,
)
from reminders.use.programme.read_files import Import
from reminders.web.account_words import entry_rows, first_lines, sum_lines
from reminders.web.api import finding_rows, occurrence_json, programme_json
from reminders.web.catalogue import say
from reminders.web.choice_words import choice_lines
from reminders.web.words import (
    ChangeRow,
    ChangeWords,
    calendar_change_rows,
    code_words,
    detail_words,
    joint_lines,
    loss_lines,
    place_words,
    problem_words,
    question_words,
)
from schedule_rules.programme import LANGUAGES, Action, Lang

State = Literal["dry", "new", "changed", "same"]
"""Only read; stored for the first time; stored with changes; nothing to store."""


@contextmanager
def shown_problems(lang: Lang) -> Iterator[None]:
    """Print what is wrong in a file in ``lang`` and end with the error's exit code."""
    try:
        yield
    except InputError as error:
        for one in error.problems:
            expected, found = problem_words(one.expected, lang), problem_words(one.found, lang)
            place = place_words(one.place, lang)
            line = say(lang, "import.problem", file=one.file, place=place, expected=expected, found=found)
            say_error(line)
        sys.exit(error.exit_code)


def import_lines(found: Import, state: State, lang: Lang) -> list[str]:
    """Return what the files are, what needs a person's eye, what would change, and what was done."""
    lines = [*choice_lines(found.choices, found.accounts, lang), *first_lines(found.accounts, lang)]
    lines += [_finding(one, lang) for one in (*found.findings, *found.notes)]
    if found.is_damaged:
        lines.append(say(lang, "import.damaged", key=found.programme.key))
    elif not found.is_new:
        rows = ChangeWords(found.before, found.programme, lang).rows(found.changes)
        lines += [_change(row, found.programme.action_by_id) for row in rows]
    if left := sum(len(account.left_over) for account in found.accounts):
        lines.append(say(lang, "account.command-left", n=left))
    count, key = len(found.programme.actions), found.programme.key
    lines.append(say(lang, f"import.done-{state}", n=count, key=key))
    if state == "changed" and not found.is_damaged:
        lines.append(say(lang, "import.can-be-taken-back", command=f"reminders import --take-back {key}"))
    return lines


def account_json(found: Import) -> list[dict[str, object]]:
    """Return what became of every piece, ready for JSON; of several files each place begins with its file."""
    rows = list[dict[str, object]]()
    for account in found.accounts:
        before = f"{account.file}, " if len(found.accounts) > 1 else ""
        for row in account.as_json():
            of = row["action"]
            rows.append({**row, "where": f"{before}{row['where']}", "action": of and f"{before}{of}"})
    return rows


def print_account(found: Import, lang: Lang) -> None:
    """Print what became of every piece of each file as a table, and the sums under it."""
    header = tuple(say(lang, one) for one in ("import.place", "account.words", "account.became"))
    for account, sums in zip(found.accounts, sum_lines(found.accounts, lang), strict=True):
        if len(found.accounts) > 1:
            typer.echo(account.file)
        print_table((*header, ""), entry_rows(account, lang))
        typer.echo(sums)


def _change(row: ChangeRow, known: Mapping[str, Action]) -> str:
    """Return what a change is about, what happens, and how it was and will be."""
    where = " ".join(filter(None, (row.action if row.action in known else "", row.where)))
    values = f": {row.before or '–'} → {row.after or '–'}" if row.before or row.after else ""
    return f"{where}: {row.what}{values}"


def refusal_lines(found: Import, command: Sequence[str], lang: Lang) -> list[str]:
    """Return what is asked before a new version is stored, each with the option that answers it.

    ``command`` is the one that was given; what it would have to be is said at the end.
    """
    asked, options = found.pairing.open, list[str]()
    lines = [say(lang, "import.questions", n=len(asked))] if asked else []
    likely = likely_answers(asked)
    exact = [one for one in asked if one.exact]
    if exact:
        options += ["--same", "titles"]
        lines.append(say(lang, "import.same-titles", n=len(exact), option="--same titles"))
    lines += joint_lines(asked, lang)
    for one in asked:
        lines.append(question_words(one, lang))
        lines += [
            f"    --same {one.key}={candidate.key}  {candidate.title.get(lang)}"
            for candidate in one.candidates
        ]
        lines.append(f"    --same {one.key}={ENDED}  {say(lang, f'import.ended-{one.subject}')}")
        if one not in exact:
            options += ["--same", f"{one.key}={likely[one.key]}"]
    if not asked:
        lines += loss_lines(found, lang)
        options.append("--accept-loss")
    how = "import.answer-with" if asked else "import.confirm-with"
    lines.append(say(lang, how, command=shlex.join([*command, *options])))
    return lines


def _finding(one: Mapping[str, str], lang: Lang) -> str:
    """Return file, place, what is unclear, the words, and what comes nearest."""
    where = ", ".join(filter(None, (one["file"], place_words(one["place"], lang))))
    found = f"{where}: {code_words(one['code'], lang)}"
    words = say(lang, "import.quoted", words=one["words"]) if one["words"] else ""
    return " ".join(filter(None, (found, words, detail_words(one["detail"], lang))))


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
    same: Annotated[
        list[str] | None,
        typer.Option(
            "--same",
            metavar="OLD=NEW",
            help="The new id of an action; OLD=-: it has ended; titles: all with exactly the same title.",
        ),
    ] = None,
    take_back: Annotated[
        str | None,
        typer.Option("--take-back", metavar="KEY", help="Restore the version before the newest one."),
    ] = None,
    template: Annotated[
        Path | None, typer.Option("--template", metavar="FILE.xlsx", help="Write a spreadsheet to fill in.")
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="HEADING=ROLE",
            help="What a column holds: action, goal, domain, schedule, start, end, responsible, partners, "
            "indicator, note or ignore. HEADING may be its place, #3.",
        ),
    ] = None,
    table: Annotated[int | None, typer.Option("--table", min=1, help="Read this table alone.")] = None,
    rows: Annotated[
        str | None, typer.Option("--rows", metavar="A-B", help="Read these rows of a table alone: 3-40, 3-.")
    ] = None,
    header_row: Annotated[
        int | None, typer.Option("--header-row", min=1, help="The row that holds the headings.")
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="row|card|bullet", help="What one action is.")
    ] = None,
    *,
    forget: Annotated[
        bool, typer.Option("--forget-choices", help="Read it as it seems; forget what was chosen before.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and show; store nothing.")] = False,
    with_account: Annotated[
        bool, typer.Option("--account", help="Show what became of every row, column and paragraph.")
    ] = False,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Remove actions even if they have answers or are many.")
    ] = False,
    is_new: Annotated[
        bool, typer.Option("--new", help="Store it as a new programme even if it looks like a stored one.")
    ] = False,
    as_json: JsonOption = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Read a programme; a new one is held until it is released, a new version asks what it leaves open."""
    if template is not None:
        if template.suffix.casefold() != ".xlsx":
            raise UsageError(f"--template: expected a name that ends in .xlsx; found {str(template)!r}")
        write_template(template)
        typer.echo(f"{template} is written; fill it in and: reminders import {template}")
        return
    if bool(files) == bool(take_back):
        raise UsageError("import: expected FILE…, --take-back KEY or --template FILE.xlsx, one of them")
    language = parse_reading_lang(lang) if lang else None
    reader: Lang = next((one for one in LANGUAGES if one == language), "en")
    first, last = read_rows(rows) if rows else (None, None)
    chosen = ReadingChoices(
        lang=language,
        columns=read_columns(columns or ()),
        table=table,
        header_row=header_row,
        first_row=first,
        last_row=last,
        unit=read_unit(unit) if unit else None,
    )
    _check_use(chosen, files or ())
    service, answers = open_service(database, at), SameAnswers.read(same or ())
    with shown_problems(reader), shown_progress() as progress:
        if take_back:
            found = read_files.read_version_before(service, take_back, answers)
        else:
            found = read_files.read_import(
                service, files or (), chosen, programme, progress, answers, is_new=is_new, forget=forget
            )
    if clash := next(iter(found.pairing.clashes.items()), None):
        new, keys = clash
        goes_on = new if new in keys else keys[0]
        options = (f"--same {key}={new if key == goes_on else ENDED}" for key in keys)
        raise UsageError(
            f"--same: expected one action that goes on as {new}; found {' and '.join(keys)}. "
            f"Of actions that become one, one goes on and the others end: {' '.join(options)}"
        )
    refused = found.refusal(accept_loss=accept_loss)
    state: State = "dry"
    if not (dry_run or refused):
        changed = read_files.store_import(service, found, accept_loss=accept_loss)
        state = "new" if found.is_new else "changed" if changed else "same"
    lines = import_lines(found, state, reader)
    if as_json:
        print_json({**found.document, "account": account_json(found)} if with_account else found.document)
    typer.echo("\n".join(lines), err=as_json)
    if with_account and not as_json:
        print_account(found, reader)
    if refused:
        command = ["reminders", "import", *(files or ("--take-back", take_back or ""))]
        numbers = (("--table", table), ("--header-row", header_row))
        for option, values in (
            ("--lang", [lang]),
            ("--programme", [programme]),
            ("--map", columns or ()),
            *((option, [str(number)]) for option, number in numbers if number),
            ("--rows", [rows]),
            ("--unit", [unit]),
            ("--same", same or ()),
        ):
            command += [word for value in values if value for word in (option, value)]
        flags = (("--accept-loss", accept_loss), ("--new", is_new), ("--forget-choices", forget))
        command += [option for option, is_set in flags if is_set]
        typer.secho("\n".join(refusal_lines(found, command, reader)), fg="red", err=True)
        if not dry_run:
            sys.exit(1)


def _check_use(choices: ReadingChoices, files: Sequence[str]) -> None:
    """Refuse choices about tables and rows of several files, and any of what is not read from a document."""
    of_one = (choices.table, choices.header_row, choices.first_row, choices.last_row)
    if len(files) > 1 and any(one is not None for one in of_one):
        raise UsageError("--table, --rows, --header-row: expected a single file; import it alone")
    chosen = replace(choices, lang=None)
    if chosen and (not files or (len(files) == 1 and files[0] in built_in_keys())):
        raise UsageError("--map, --table, --rows, --header-row, --unit: expected a document that is read")


def findings(
    programme: OnlyProgrammeOption = None,
    *,
    as_json: JsonOption = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """List what needs a decision: unclear wordings, what an import found."""
    service = open_service(database, at)
    say_damaged(service, programme)
    found = stored_programmes(service)
    rows = [
        row for stored in found if programme in {None, stored.programme.key} for row in finding_rows(stored)
    ]
    if as_json:
        print_json(rows)
    else:
        print_table(("programme", "where", "what", "words"), [tuple(row.values())[:4] for row in rows])


def correct(
    action: str,
    field: Annotated[
        str,
        typer.Argument(metavar="FIELD", help=f"One of {', '.join(programme_correct.FIELDS)}."),
    ],
    value: str,
    by: Annotated[str, typer.Option("--by", metavar="ADDRESS", help="Who decides.")] = "secretary",
    note: Annotated[str, typer.Option("--note", help="Why, and where in the document.")] = "",
    new: Annotated[
        str,
        typer.Option(
            "--new",
            metavar="NAMES",
            help="An organisation that is not there yet: 'fi: Kirjasto; sv: Biblioteket'.",
        ),
    ] = "",
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the dates that change; store nothing.")
    ] = False,
    programme: OnlyProgrammeOption = None,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Correct how an action is read; the correction survives a re-import."""
    chosen, service = parse_choice("correct", field, programme_correct.FIELDS), open_service(database, at)
    names = programme_correct.read_names(new)
    decision = programme_correct.CorrectionDecision(action, chosen, value, by, note, programme, names)
    by = decided_by(service, programme_correct.programme_meant(service, decision), by)
    service, decision = acting(service, by), replace(decision, by=by)
    if dry_run:
        rows = calendar_change_rows(programme_correct.preview_correction(service, decision), "en")
        typer.echo("\n".join(_change(row, {}) for row in rows) or "No date changes.")
        typer.echo("Nothing stored.")
        return
    made = programme_correct.new_key(service, decision)
    programme_correct.correct_action(service, decision)
    typer.echo(f"{action}: {field} is {value or 'none'}, corrected by {by}.")
    if made:
        typer.echo(f"Its key is {made}.")


def programmes(*, as_json: JsonOption = False, at: AtOption = None, database: DatabaseOption = None) -> None:
    """List the stored programmes, and the built-in ones that can be imported."""
    service = open_service(database, at)
    rows, damaged = programmes_now(service), damaged_programmes(service)
    say_damaged(service)
    listed = [programme_json(row, standing, counts) for row, standing, counts in rows]
    if as_json:
        print_json([*listed, *({"key": key, "standing": "damaged"} for key in damaged)])
        return
    cells = [
        (
            one["key"],
            one["name"]["en"],
            one["actions"],
            {"running": "released"}.get(one["standing"], one["standing"]),
        )
        for one in listed
    ]
    cells += [(key, "", "", "damaged") for key in damaged]
    print_table(("key", "name", "actions", "state"), cells)
    known = {row.programme.key for row, _, _ in rows} | set(damaged)
    for key in built_in_keys():
        if key not in known:
            typer.echo(f"Also built in: {key} (reminders import {key})")


def release(key: str, at: AtOption = None, database: DatabaseOption = None) -> None:
    """Start sending a programme's mail."""
    settings.release_programme(open_service(database, at), key)
    typer.echo(f"{key} is released.")


def hold(key: str, at: AtOption = None, database: DatabaseOption = None) -> None:
    """Put a programme's mail on hold."""
    settings.hold_programme(open_service(database, at), key)
    typer.echo(f"{key} is held: nothing is sent.")


def close(
    key: str,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write the last report (.pdf, .xlsx, …).")
    ] = None,
    lang: LangOption = "en",
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """End a programme: a last summary goes to its secretary; pages, feeds and the record stay."""
    service = open_service(database, at)
    language = parse_lang(lang)
    if output is not None:  # what cannot be written is said before anything ends
        from reminders.use.collection.reports import write_report
        from reminders.use.collection.rounds import newest_year

        write_report(service, newest_year(service, key), language, output, key)
    day = settings.close_programme(service, key)
    typer.echo(f"{key} is closed. Its last summary goes out from {day} on; nobody is asked any more.")
    if output is not None:
        typer.echo(f"{output} is written.")


def occurrences_command(
    first: FromOption,
    last: ToOption,
    *,
    programme: OnlyProgrammeOption = None,
    as_json: JsonOption = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """List every dated obligation and event."""
    window = parse_window(first, last)
    service = open_service(database, at)
    say_damaged(service, programme)
    found = occurrences_within(service, window, programme)
    rows = [occurrence_json(one, each, answers, standing) for each, one, answers, standing in found]
    rows.sort(key=lambda row: (row["due"], row["id"]))
    if as_json:
        print_json(rows)
    else:
        print_table(
            ("due", "kind", "title", "standing", "id"),
            [(row["due"], row["kind"], row["title"]["en"], row["standing"], row["id"]) for row in rows],
        )


def explain_command(
    action: str,
    lang: LangOption = "en",
    programme: OnlyProgrammeOption = None,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Explain an action: wording, rules, dates, who is told when."""
    language = parse_lang(lang)
    typer.echo(explain_action(open_service(database, at), action, language, programme))


def settings_command(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The setting to change.")] = "",
    value: Annotated[
        str | None, typer.Argument(metavar="[VALUE]", help="The new value; '': the default.")
    ] = None,
    programme: ProgrammeOption = "",
    by: ByOption = "secretary",
    *,
    as_json: JsonOption = False,
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Show the settings of a programme (dates, stages, escalation, meetings), or change one."""
    service = open_service(database, at)
    programme = chosen_programme(service, programme)
    if value is not None:
        by = decided_by(service, programme, by)
        change = settings.SettingChange(programme, name, value, by)
        settings.change_setting(acting(service, by), change)
    with service.database.read() as connection:
        found = [
            one for one in settings.settings_of_programme(connection, programme) if name in {"", one.name}
        ]
    if as_json:
        print_json([{"name": one.name, "value": one.text, "chosen": one.chosen} for one in found])
    else:
        basis = {True: "chosen", False: "default"}
        print_table(("name", "value", "basis"), [(one.name, one.text, basis[one.chosen]) for one in found])

"""Commands about mail: forecast, answer, digest, log, purge."""

from __future__ import annotations

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
    parse_day,
    parse_lang,
    parse_window,
)
from reminders.cli.output import draft_json, log_json, print_json, print_table, write_file
from reminders.errors import EvidenceError, UsageError
from reminders.planning.replies import AnswerCode
from reminders.service import Service
from reminders.store import delivery_log
from reminders.store import programmes as repository
from reminders.use.answers.record import ANSWERS, AnswerGiven, record_answer
from reminders.use.mail.digests import FORMATS, digest_file, digest_now
from reminders.use.mail.evidence import evidence_csv, evidence_rows
from reminders.use.planning.load_state import load_states
from reminders.use.planning.preview import forecast_window


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("forecast")(forecast)
    app.command("answer")(answer)
    app.command("digest")(digest)
    app.command("log")(log)


def forecast(
    first: FromOption, last: ToOption, *, as_json: JsonOption = False, database: DatabaseOption = None
) -> None:
    """Show every mail that would go out, if nobody answers."""
    window = parse_window(first, last)
    service = open_service(database, f"{first}T00:00")
    with service.database.read() as connection:
        drafts = list(forecast_window(connection, window))
        dues = repository.due_dates(connection)
    if as_json:
        print_json([draft_json(draft, dues) for draft in drafts])
        return
    print_table(
        ("date", "to", "kind", "items"),
        [(draft.day, draft.recipient, draft.kind, len(draft.items)) for draft in drafts],
    )
    typer.echo(f"{len(drafts)} mails.")


def answer(
    occurrence: Annotated[str, typer.Argument(metavar="OCCURRENCE")],
    said: Annotated[str, typer.Argument(metavar="done|on-track|late|not-ours")],
    by: Annotated[
        str, typer.Option("--by", metavar="ADDRESS", help="Who answers; without it, for all.")
    ] = "",
    note: Annotated[str, typer.Option("--note", help="A note.")] = "",
    new_date: Annotated[
        str | None, typer.Option("--new-date", metavar="D", help="Late: the proposed date.")
    ] = None,
    *,
    whose: Annotated[
        str, typer.Option("--whose", metavar="WHO", help="Not ours: an organisation's key, or words.")
    ] = "",
    at: AtOption = None,
    database: DatabaseOption = None,
) -> None:
    """Record an answer: it stops the unit's reminders for this occurrence."""
    day = parse_day(new_date, "--new-date") if new_date else None
    service = open_service(database, at)
    answers = record_answer(service, AnswerGiven(occurrence, _code(said), by, note, day, whose))
    typer.echo(f"{occurrence}: {said}, for {', '.join(one.organisation for one in answers)}.")


def _code(said: str) -> AnswerCode:
    for code in ANSWERS:
        if code == said:
            return code
    raise UsageError(f"answer: expected one of {', '.join(ANSWERS)}; found {said!r}")


def digest(
    lang: LangOption = "en",
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write all rows to FILE.csv or FILE.xlsx.")
    ] = None,
    *,
    at: AtOption = None,
    as_json: JsonOption = False,
    database: DatabaseOption = None,
) -> None:
    """Show the secretary's digest as it would be now."""
    language = parse_lang(lang)
    if output and output.suffix not in FORMATS:
        raise UsageError(f"--output: expected a name that ends in .csv or .xlsx; found {str(output)!r}")
    service = open_service(database, at)
    if output:
        write_file(output, digest_file(service, output.suffix, language))
        return
    document, text = digest_now(service, language)
    if as_json:
        print_json(document)
    else:
        typer.echo(text)


def log(
    action: Annotated[str, typer.Option("--action", metavar="A", help="Only mails about this action.")] = "",
    *,
    verify: Annotated[bool, typer.Option("--verify", help="Check that no record was changed.")] = False,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a row for each item of each mail.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Show the evidence: every mail and its fate."""
    service = open_service(database)
    if verify:
        _verify(service)
        return
    with service.database.read() as connection:
        entries = delivery_log.log_entries(connection, action)
        if action and not entries:
            repository.programme_of_action(connection, action)
        found = load_states(connection).values() if as_csv else ()
        dues = repository.due_dates(connection)
    if as_csv:
        occurrences = {key: row for state in found for key, row in state.occurrences.items()}
        typer.echo(evidence_csv(evidence_rows(entries, occurrences, "en", action)), nl=False)
        return
    if as_json:
        print_json([log_json(entry, dues) for entry in entries])
        return
    print_table(
        ("date", "to", "kind", "items", "state", "message-id"),
        [(one.day, one.to, one.kind, len(one.items), one.state, one.message_id) for one in entries],
    )


def _verify(service: Service) -> None:
    with service.database.snapshot() as connection:
        broken = delivery_log.broken_links(connection)
        altered = delivery_log.altered_mails(connection)
    if broken:
        raise EvidenceError(
            f"records were changed or removed: the chain breaks at {', '.join(map(str, broken[:10]))}"
        )
    if altered:
        raise EvidenceError(
            f"mails are not as the record says: {', '.join(map(str, altered[:10]))}; they were changed, "
            "or the end of the record was removed"
        )
    typer.echo("Every record is as it was written.")

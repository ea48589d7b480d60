"""The command about wordings alone: normalise."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TextIO

import typer

from reminders.cli.opening import DatabaseOption, parse_lang
from reminders.cli.output import print_json
from reminders.errors import InputError, UsageError
from schedule_rules.programme import LANGUAGES, Lang
from schedule_rules.reading import normalise
from schedule_rules.schedule import Schedule, Unclear, predict


def register(app: typer.Typer) -> None:
    """Add this family's commands."""
    app.command("normalise")(normalise_command)


def normalise_command(
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="A wording.")] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="L", help="fi, sv or en; recognised without it.")
    ] = None,
    jsonl: Annotated[
        str | None, typer.Option("--jsonl", metavar="IN", help="Batch: {id, lang, text} a line; - is stdin.")
    ] = None,
    output: Annotated[
        str, typer.Option("--output", metavar="OUT", help="Batch: {id, pred} a line; - is stdout.")
    ] = "-",
    database: DatabaseOption = None,
) -> None:
    """Say what a wording means, and which words say it."""
    del database  # every command takes it; a wording needs none
    language = parse_lang(lang) if lang else None
    if jsonl is not None:
        _batch(jsonl, output)
    elif text is not None:
        print_json(explained(normalise(text, language)))
    else:
        raise UsageError("normalise: expected a TEXT or --jsonl IN; found neither")


def explained(found: Schedule | Unclear) -> dict[str, object]:
    """Return a reading with its parts, certainty and the nearest other reading."""
    document: dict[str, object] = {"text": found.words, **predict(found)}
    if isinstance(found, Unclear):
        return {
            **document,
            "unclear": found.reason,
            "nearest": predict(found.nearest) if found.nearest else None,
        }
    return {
        **document,
        "certainty": found.certainty,
        "parts": [{"words": part.words, "meaning": part.meaning} for part in found.parts],
        "nearest": predict(found.nearest) if found.nearest else None,
    }


def _batch(source: str, target: str) -> None:
    try:
        with _reading(source) as lines:
            out = [json.dumps(row, ensure_ascii=False) for row in _predictions(lines, source)]
        text = "".join(f"{line}\n" for line in out)
        if target == "-":
            sys.stdout.write(text)
        else:
            Path(target).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            error.filename or source, "file", str(error.strerror), "a file that can be used"
        ) from error


def _reading(source: str) -> TextIO:
    return sys.stdin if source == "-" else Path(source).open(encoding="utf-8")


def _predictions(lines: TextIO, source: str) -> Iterator[dict[str, object]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            row = _row(line, source, number)
            yield {"id": row["id"], "pred": predict(normalise(str(row["text"]), _lang(row)))}


def _row(line: str, source: str, number: int) -> dict[str, object]:
    expected = 'a JSON object with "id" and "text"'
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(source, f"line {number}", str(error), expected) from error
    if not isinstance(row, dict) or not {"id", "text"} <= row.keys():
        raise InputError(source, f"line {number}", line.strip()[:80], expected)
    return row


def _lang(row: dict[str, object]) -> Lang | None:
    return next((lang for lang in LANGUAGES if lang == row.get("lang")), None)

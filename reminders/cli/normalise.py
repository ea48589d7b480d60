"""The command about wordings alone: normalise."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TextIO

import typer

from reminders.cli.options import DatabaseOption, parse_reading_lang
from reminders.cli.output import print_json
from reminders.errors import InputError, UsageError
from schedule_rules.days import FeastDay, MonthDay, WeekDay, YearDay
from schedule_rules.reading import READ_LANGUAGES, normalise
from schedule_rules.schedule import Schedule, Unclear, predict


def normalise_command(
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="A wording.")] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="L", help="fi, sv, en …; recognised without it.")
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
    language = parse_reading_lang(lang) if lang else None
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
        document |= {"unclear": found.reason}
    else:
        parts = [{"words": part.words, "meaning": part.meaning} for part in found.parts]
        document |= {"certainty": found.certainty, "parts": parts}
        if found.frequency and found.frequency.by:
            document["due_every_year"] = list(map(_day_of_year, found.frequency.days))
        if found.after_adoption:
            document["after_adoption"] = " ".join(map(str, found.after_adoption))
        if found.unused:
            document["unused"] = list(found.unused)
    return {**document, "nearest": predict(found.nearest) if found.nearest else None}


def _day_of_year(day: YearDay) -> str:
    """Return a day of every year as a code: *03-15*, *easter-7* (days), *W43-5*."""
    match day:
        case MonthDay():
            return f"{day.month:02d}-{day.day:02d}"
        case FeastDay():
            return f"{day.feast}{day.after:+d}" if day.after else day.feast
        case WeekDay():
            return f"W{day.week:02d}-{day.weekday}"


def _batch(source: str, target: str) -> None:
    try:
        with sys.stdin if source == "-" else Path(source).open(encoding="utf-8") as lines:
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


def _predictions(lines: TextIO, source: str) -> Iterator[dict[str, object]]:
    expected = 'a JSON object with "id" and "text"'
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(source, f"line {number}", str(error), expected) from error
        if not isinstance(row, dict) or not {"id", "text"} <= row.keys():
            raise InputError(source, f"line {number}", line.strip()[:80], expected)
        lang = next((lang for lang in READ_LANGUAGES if lang == row.get("lang")), None)
        yield {"id": row["id"], "pred": predict(normalise(str(row["text"]), lang))}

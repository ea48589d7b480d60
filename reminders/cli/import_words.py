"""What an import found, in the reader's language: findings, changes, and what is wrong in a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

from reminders.dispatch.importing import Import
from reminders.errors import InputError
from reminders.web.finding_list import code_words
from reminders.web.reading_words import detail_words, place_words, problem_words
from reminders.web.words import say
from schedule_rules.programme import Lang

State = Literal["dry", "new", "changed", "same"]
"""Only read; stored for the first time; stored with changes; nothing to store."""


@contextmanager
def told_in(lang: Lang) -> Iterator[None]:
    """Print what is wrong in a file in ``lang`` and end with the error's exit code."""
    try:
        yield
    except InputError as error:
        for one in error.problems:
            expected, found = problem_words(one.expected, lang), problem_words(one.found, lang)
            place = place_words(one.place, lang)
            line = say(lang, "import.problem", file=one.file, place=place, expected=expected, found=found)
            sys.stderr.write(f"reminders: {line}\n")
        sys.exit(error.exit_code)


def import_lines(found: Import, state: State, lang: Lang) -> list[str]:
    """Return what needs a person's eye, what would change, and what was done, a line each."""
    lines = [_finding(one, lang) for one in found.findings]
    if not found.is_new:
        lines += [
            f"{one.kind} {one.place} {one.field}: {one.before} -> {one.after}"
            if one.field
            else f"{one.kind} {one.place}"
            for one in found.changes
        ]
    count = len(found.programme.actions)
    return [*lines, say(lang, f"import.done-{state}", n=count, key=found.programme.key)]


def _finding(one: Mapping[str, str], lang: Lang) -> str:
    """Return file, place, what is unclear, the words, and what comes nearest."""
    told = f"{one['file']}, {place_words(one['place'], lang)}: {code_words(one['code'], lang)}"
    words = say(lang, "import.quoted", words=one["words"]) if one["words"] else ""
    return " ".join(filter(None, (told, words, detail_words(one["detail"], lang))))

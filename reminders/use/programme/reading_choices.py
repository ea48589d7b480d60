"""How people said that a programme's documents are to be read: remembered for the next version, or forgotten.

What a choice does to a document is left to ``intake``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from pydantic import TypeAdapter

from reminders.intake.choices import DocumentChoices, ReadingChoices, RememberedChoices, known_again
from reminders.service import Service
from reminders.store import Connection, programmes

_CHOICES: Final = TypeAdapter(ReadingChoices)


def remembered_choices(service: Service | None, key: str | None) -> tuple[RememberedChoices, ...]:
    """Return what is remembered of the documents of a programme, or of all where no ``key`` is given."""
    if service is None:
        return ()
    with service.database.read() as connection:
        rows = programmes.reading_choices(connection, key)
    return tuple(
        RememberedChoices(tuple(row.headings), _CHOICES.validate_python(row.choices), row.chosen_on)
        for row in rows
    )


def remember_choices(
    connection: Connection, key: str, documents: Iterable[DocumentChoices], day: date
) -> int:
    """Remember what documents were read with, in the place of what was for such ones; return how many."""
    count = 0
    for one in documents:
        if one.choices.lasting and one.chosen_on is None:
            forget_choices(connection, key, [one])
            choices = _CHOICES.dump_python(one.choices.lasting, mode="json")
            programmes.add_reading_choice(connection, key, one.headings, choices, day)
            count += 1
    return count


def forget_choices(connection: Connection, key: str, documents: Iterable[DocumentChoices]) -> int:
    """Forget what is remembered for documents of these headings; return how many choices that were."""
    known = {
        row.id: RememberedChoices(tuple(row.headings), _CHOICES.validate_python(row.choices), row.chosen_on)
        for row in programmes.reading_choices(connection, key)
    }
    found = {
        number for one in documents for number, each in known.items() if known_again(one.headings, [each])
    }
    programmes.remove_reading_choices(connection, found)
    return len(found)

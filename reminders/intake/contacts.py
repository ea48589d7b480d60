"""Contacts from a CSV file, strictly, and back to one.

Columns: organisation, role, name, email, language, valid_from, valid_until, deputy_of; separated by commas or
semicolons. Who of them is mailed on a day is left to ``recipients``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import zip_longest
from typing import cast, get_args

from reminders.collection.spreadsheet import harmless, is_formula
from reminders.errors import InputError, Problem
from reminders.intake.words import excerpt
from reminders.planning.recipients import Contact, MailLanguage, Role

COLUMNS = ("organisation", "role", "name", "email", "language", "valid_from", "valid_until", "deputy_of")
ROLES: tuple[str, ...] = get_args(Role)
MAIL_LANGUAGES: tuple[str, ...] = get_args(MailLanguage)
MAX_BYTES = 5_000_000

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,254}}$)(?=[^@]{{1,64}}@){_LOCAL}@{_LABEL}(\.{_LABEL})+", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_contacts(text: str, source: str, organisations: Collection[str]) -> tuple[Contact, ...]:
    """Return the contacts in ``text``; ``organisations`` are the keys that may be named."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise InputError(source, "row 1", "a larger file", f"a file of at most {MAX_BYTES // 1_000_000} MB")
    problems: list[Problem] = []
    contacts = [
        _Row(source, number, cells, problems).contact(organisations)
        for number, cells in _cells(text.removeprefix("\ufeff"), source)
    ]
    if problems:
        raise InputError.of(problems)
    return tuple(dict.fromkeys(contacts))


def read_contact(
    cells: Mapping[str, str], organisations: Collection[str]
) -> tuple[Contact, tuple[Problem, ...]]:
    """Return one contact of cells by column, and what is wrong with them: its ``place`` is the column."""
    problems: list[Problem] = []
    row = _Row("", 0, {name: cells.get(name, "").strip() for name in COLUMNS}, problems)
    contact = row.contact(organisations)
    return contact, tuple(replace(one, place=one.place.rpartition(" ")[2]) for one in problems)


def write_contacts(contacts: Iterable[Contact]) -> str:
    """Return the contacts as CSV; a cell that a spreadsheet would compute is prefixed with '."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for contact in contacts:
        values = (getattr(contact, column) for column in COLUMNS)
        writer.writerow([harmless("" if value is None else str(value)) for value in values])
    return out.getvalue()


def _cells(text: str, source: str) -> Iterator[tuple[int, dict[str, str]]]:
    header, _, _ = text.partition("\n")
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        columns = tuple(name.strip() for name in next(reader, ()))
        if columns != COLUMNS:
            raise InputError(source, "row 1", excerpt(", ".join(columns)) or "nothing", ", ".join(COLUMNS))
        line = reader.line_num + 1
        for row in reader:
            if any(cell.strip() for cell in row):
                if len(row) > len(COLUMNS):
                    raise InputError(source, f"row {line}", f"{len(row)} cells", f"{len(COLUMNS)} cells")
                # What ``write_contacts`` prefixed is undone; a spreadsheet may drop empty cells at the end.
                texts = (cell.strip() for cell in row)
                cells = (text[1:] if text[:1] == "'" and is_formula(text[1:]) else text for text in texts)
                yield line, dict(zip_longest(COLUMNS, cells, fillvalue=""))
            line = reader.line_num + 1
    except csv.Error as broken:
        raise InputError(source, f"row {line}", f"a mistake in it ({broken})", "CSV") from None


class _Row:
    def __init__(self, source: str, number: int, cells: dict[str, str], problems: list[Problem]) -> None:
        self.cells = cells
        self._source = source
        self._number = number
        self._problems = problems

    def wrong(self, column: str, expected: str) -> None:
        """Note that the cell in ``column`` is not what was expected."""
        cell = self.cells[column]
        found = f'"{excerpt(cell)}"' if cell else "nothing"
        self._problems.append(Problem(self._source, f"row {self._number}, {column}", found, expected))

    def contact(self, organisations: Collection[str]) -> Contact:
        """Return the contact; with problems noted, one that nobody will see."""
        cells = self.cells
        self._check_one_of("organisation", organisations, "the key of an organisation of the programme")
        self._check_one_of("role", ROLES, f"one of {', '.join(ROLES)}")
        self._check_one_of("language", MAIL_LANGUAGES, f"one of {', '.join(MAIL_LANGUAGES)}")
        if not cells["name"].isprintable():
            self.wrong("name", "a name in one line")
        if not _ADDRESS.fullmatch(cells["email"]):
            self.wrong("email", "an e-mail address")
        is_deputy = cells["role"] == "deputy"
        if is_deputy and not _ADDRESS.fullmatch(cells["deputy_of"]):
            self.wrong("deputy_of", "the address of the person that the deputy stands in for")
        if cells["deputy_of"] and not is_deputy:
            self.wrong("deputy_of", "nothing, unless the role is deputy")
        valid_from, valid_until = self._date("valid_from"), self._date("valid_until")
        if valid_from and valid_until and valid_until < valid_from:
            self.wrong("valid_until", f"a date on or after valid_from, {valid_from}")
        return Contact(
            organisation=cells["organisation"],
            role=cast("Role", cells["role"]),
            name=cells["name"],
            email=cells["email"],
            language=cast("MailLanguage", cells["language"]),
            valid_from=valid_from,
            valid_until=valid_until,
            deputy_of=cells["deputy_of"],
        )

    def _check_one_of(self, column: str, known: Collection[str], expected: str) -> None:
        if self.cells[column] not in known:
            self.wrong(column, expected)

    def _date(self, column: str) -> date | None:
        cell = self.cells[column]
        if not cell:
            return None
        try:
            if _DATE.fullmatch(cell):
                return date.fromisoformat(cell)
        except ValueError:
            pass  # the form is right, the day does not exist
        self.wrong(column, "a date such as 2025-01-31, or nothing")
        return None

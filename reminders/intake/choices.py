"""How a person says that a document is to be read, where it does not tell by itself.

Choices are remembered with a programme for its next version: a document is known again by its headings, not
by its name. Numbers in headings do not count: "Actions 2025" is "Actions 2026".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Final, Literal, get_args

from reminders.errors import InputError, Problem, UsageError
from reminders.intake.account import TableReading
from reminders.intake.headings import Role
from reminders.intake.words import plain_words
from schedule_rules.programme import Lang

ActionUnit = Literal["row", "card", "bullet"]
"""What one action is in a document: a row of a table, a card (a block that names its fields), a bullet."""
UNITS: Final[tuple[ActionUnit, ...]] = get_args(ActionUnit)

CHOSEN_ROLES: Final[Mapping[str, Role]] = {
    "action": "action", "goal": "goal", "domain": "domain", "schedule": "schedule", "start": "start",
    "end": "end", "responsible": "responsible", "partners": "partners", "indicator": "indicator",
    "note": "other", "ignore": "other",
}  # fmt: skip
"""The roles that a person can give a column, by their words."""

MAX_COLUMNS: Final = 200
"""Columns that one choice may name."""
MAX_ROW: Final = 1_000_000
_SAME_SHARE = 0.8
_POSITION = re.compile(r"#[1-9]\d{0,3}")
_ROWS = re.compile(r"(\d{0,7})\s*[-–]\s*(\d{0,7})|(\d{1,7})")


@dataclass(frozen=True, slots=True)
class ReadingChoices:
    """What a person chose; nothing chosen: as it seems.

    ``columns`` gives columns a role (``ignore`` is the role ``other``), each by its ``heading_key`` or by its
    place, ``#3``; ``table`` counts the tables of the document from 1; ``first_row`` and ``last_row`` bound
    what is read of a table, whose rows count as its places do; ``header_row`` is the row of its headings.
    """

    lang: Lang | None = None
    columns: Mapping[str, Role] = field(default_factory=dict)
    table: int | None = None
    header_row: int | None = None
    first_row: int | None = None
    last_row: int | None = None
    unit: ActionUnit | None = None

    def __bool__(self) -> bool:
        """Tell whether anything is chosen."""
        return self != ReadingChoices()

    def role(self, heading: str, number: int) -> Role | None:
        """Return the role that was chosen for the column of this heading and number, counted from 1."""
        return self.columns.get(f"#{number}") or self.columns.get(heading_key(heading))

    def over(self, earlier: ReadingChoices) -> ReadingChoices:
        """Return these choices, and what was chosen earlier where they say nothing."""
        mine = {
            one.name: value for one in fields(self) if (value := getattr(self, one.name)) not in (None, {})
        }
        return replace(earlier, **{**mine, "columns": {**earlier.columns, **self.columns}})

    @property
    def lasting(self) -> ReadingChoices:
        """What holds for the next version too: not which rows, of which it may have more."""
        return replace(self, first_row=None, last_row=None)


@dataclass(frozen=True, slots=True)
class RememberedChoices:
    """Choices that a programme's document was read with, and the headings by which the next one is known."""

    headings: tuple[str, ...]
    choices: ReadingChoices
    chosen_on: date


@dataclass(frozen=True, slots=True)
class DocumentChoices:
    """The choices that a file was read with; ``chosen_on`` is a day where they were remembered.

    ``headings`` are the keys of the headings that the file has.
    """

    file: str
    headings: tuple[str, ...]
    choices: ReadingChoices
    chosen_on: date | None = None
    tables: tuple[TableReading, ...] = ()
    """All tables of the file, without their columns: of them one may be chosen."""


NO_CHOICES: Final = ReadingChoices()
"""Nothing chosen: as it seems."""


class UnreadDocumentError(InputError):
    """A document in which no action was found as it was read, with its tables, so that a person can choose.

    ``document`` is what it was read with; there may be tables of which no column is known.
    """

    def __init__(
        self, problems: Sequence[Problem], tables: Sequence[TableReading], document: DocumentChoices
    ) -> None:
        first, *more = problems
        super().__init__(first.file, first.place, first.found, first.expected, more)
        self.tables = tuple(tables)
        self.document = document

    @property
    def has_columns(self) -> bool:
        """Whether there is anything to choose: a table with two headings or more and something under them."""
        return any(
            len({one.heading for one in table.columns if one.heading}) > 1
            and any(one.samples for one in table.columns)
            for table in self.tables
        )


def heading_key(heading: str) -> str:
    """Return the words of a heading for comparing: plain, without numbers unless there is nothing else."""
    words = plain_words(heading)
    return " ".join(word for word in words.split() if not word.isdigit()) or words


def read_columns(options: Sequence[str]) -> dict[str, Role]:
    """Return the roles of columns that options give, "Head of service=responsible"; ``UsageError`` else."""
    columns: dict[str, Role] = {}
    for option in options:
        heading, equals, word = option.rpartition("=")
        role = CHOSEN_ROLES.get(word.strip().casefold())
        if not equals or not heading.strip():
            raise UsageError(f'--map: expected "HEADING=ROLE"; found {option!r}')
        if role is None:
            raise UsageError(f"--map: expected one of the roles {', '.join(CHOSEN_ROLES)}; found {word!r}")
        columns[column_key(heading)] = role
    return columns


def column_key(heading: str) -> str:
    """Return the key of a column in choices: of its heading, or its place as it is ("#3")."""
    return heading.strip() if _POSITION.fullmatch(heading.strip()) else heading_key(heading)


def read_rows(text: str) -> tuple[int | None, int | None]:
    """Return the first and the last row of "3-40", "3-" or "-40"; ``UsageError`` for anything else."""
    found = _ROWS.fullmatch(text.strip())
    first, last = (found[1] or found[3], found[2] or found[3]) if found else ("", "")
    if not (first or last) or (first and last and int(first) > int(last)) or first == "0" or last == "0":
        raise UsageError(f"--rows: expected rows such as 3-40, 3- or -40; found {text!r}")
    return int(first) if first else None, int(last) if last else None


def read_unit(text: str) -> ActionUnit:
    """Return what one action is; ``UsageError`` for another word."""
    unit = next((one for one in UNITS if one == text), None)
    if unit is None:
        raise UsageError(f"--unit: expected one of {', '.join(UNITS)}; found {text!r}")
    return unit


def known_again(
    headings: Collection[str], remembered: Iterable[RememberedChoices]
) -> RememberedChoices | None:
    """Return the choices for a document of these headings (their keys): the newest of those that fit best.

    All columns that were mapped by a heading are there, and four fifths of all headings.
    """
    best, most = None, 0.0
    for one in sorted(remembered, key=lambda one: one.chosen_on, reverse=True):
        mapped = {key for key in one.choices.columns if not _POSITION.fullmatch(key)}
        share = sum(key in headings for key in one.headings) / len(one.headings) if one.headings else 0.0
        if mapped <= set(headings) and share >= _SAME_SHARE and share > most:
            best, most = one, share
    return best

"""The account of a document: what became of each row, cell, column, list item and paragraph.

It also says what holds for the file as a whole, and how that is known: language, name, period, tables and
their columns. How it is made is left to ``tracing``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from reminders.intake.headings import Role
from schedule_rules.days import Span
from schedule_rules.programme import Lang

Fate = Literal["action", "part", "heading", "total", "left-over", "not-used"]
"""What became of a piece: an action, a part of one, a heading (a title, a header again), a total,
left over (it may be an action and is not read), not used (a column without a role, prose)."""

FATES: Final[tuple[Fate, ...]] = get_args(Fate)

Basis = Literal["chosen", "headings", "content", "title", "file-name", "schedules", "stored", "assumed"]
"""How something about a file is known: a person chose it; headings, content, a title, the file's name or the
schedules tell; it is that of the stored programme; nothing tells, and it is assumed."""

PieceKind = Literal["row", "column", "cell", "text"]


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One piece of a document, its words, and what became of it; ``action`` is the place of its draft."""

    place: str
    text: str
    became: Fate
    action: str = ""
    kind: PieceKind = "row"


@dataclass(frozen=True, slots=True)
class TableReport:
    """What a shape found in a table: the places of its rows and of its header, the roles of its columns.

    ``offset`` is the column in which a table begins that stands beside another one; ``marks`` are columns,
    counted from there, that stand for a year or a part of one each; ``explains`` tells that the table shows
    how another one is filled in.
    """

    places: tuple[str, ...]
    roles: tuple[Role | None, ...] = ()
    header: tuple[str, ...] = ()
    marks: tuple[int, ...] = ()
    offset: int = 0
    explains: bool = False


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """What a column is read as (None: it is not used), and whether its heading or what stands in it tells."""

    number: int
    heading: str
    first_cell: str
    role: Role | None = None
    basis: Basis = "assumed"
    samples: tuple[str, ...] = ()
    """The texts of the first cells under the heading that are not the same."""


@dataclass(frozen=True, slots=True)
class TableReading:
    """A table that was found: where it begins and ends, how many actions were read in it, its columns."""

    place: str
    last: str
    rows: int
    actions: int
    name: str = ""
    columns: tuple[ColumnReading, ...] = ()

    @property
    def was_read(self) -> bool:
        """Whether it has actions."""
        return self.actions > 0

    @property
    def unused(self) -> tuple[ColumnReading, ...]:
        """The columns that are not used."""
        return tuple(column for column in self.columns if column.role is None)


@dataclass(frozen=True, slots=True)
class FileAccount:
    """What became of a file: its languages, name and period with how they are known, its tables and pieces.

    ``agreeing`` of ``schedules`` are the schedules that can be read in the file's language.
    """

    file: str
    languages: tuple[Lang, ...]
    language_basis: Basis
    name: str = ""
    name_basis: Basis = "file-name"
    period: Span | None = None
    period_basis: Basis = "assumed"
    schedules: int = 0
    agreeing: int = 0
    tables: tuple[TableReading, ...] = ()
    entries: tuple[AccountEntry, ...] = ()

    @property
    def counts(self) -> Mapping[Fate, int]:
        """How many pieces became what, columns and cells left out: the rows, list items and paragraphs."""
        found = Counter(entry.became for entry in self.entries if entry.kind in {"row", "text"})
        return {fate: found[fate] for fate in FATES}

    @property
    def left_over(self) -> tuple[AccountEntry, ...]:
        """The pieces that may be actions and are not read."""
        return tuple(entry for entry in self.entries if entry.became == "left-over")

    def as_json(self) -> list[dict[str, Any]]:
        """Return the pieces, ready for JSON."""
        return [
            {"where": one.place, "text": one.text, "became": one.became, "action": one.action or None}
            for one in self.entries
        ]

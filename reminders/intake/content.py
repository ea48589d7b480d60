"""The values between the readers of formats and the readers of shapes.

A format gives ``DocumentContent``: headings, lines and tables with their places. A shape makes
``ActionDraft``s of it. What needs a person's eye is an ``IntakeFinding`` anywhere on the way.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A title: ``level`` 1 is the highest."""

    level: int
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text as it stands, indentation included."""

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells of one row; ``spans`` tells that one text stands over all of its columns."""

    cells: tuple[str, ...]
    place: str
    spans: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that belong together; ``name`` is that of a sheet, where it has one."""

    rows: tuple[TableRow, ...]
    name: str = ""


Block = Heading | TextLine | Table


@dataclass(frozen=True, slots=True)
class IntakeFinding:
    """What needs a person's eye: a code, where it stands, the words and what was made of them."""

    code: str
    file: str
    place: str
    words: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """A document as read: its blocks from top to bottom and what the reader noticed.

    ``wraps`` tells that a line break inside a cell is the paper's, not the writer's; ``days`` are the ISO
    dates that stand for cells which hold a date and no words.
    """

    file: str
    blocks: tuple[Block, ...]
    title: str = ""
    wraps: bool = False
    findings: tuple[IntakeFinding, ...] = ()
    days: frozenset[str] = frozenset()

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables alone."""
        return tuple(block for block in self.blocks if isinstance(block, Table))


@dataclass(frozen=True, slots=True)
class ActionDraft:
    """One action as printed, before its words are read: what a row of the table says.

    ``yearly`` tells that its schedule is a part of the year that comes again each year: a month of a year
    clock.
    """

    place: str
    bullets: tuple[str, ...]
    domain: str = ""
    goal: str = ""
    schedule: str = ""
    responsible: str = ""
    partners: str = ""
    indicator: str = ""
    yearly: bool = False

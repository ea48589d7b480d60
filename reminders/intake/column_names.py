"""What the columns of a document are called, told to the shapes: chosen, known by stems, or assumed.

The shapes know a column by its heading. So a heading whose role is known otherwise is replaced by the plain
name of that role, in each header row and before the colon of a line that names a field; whatever shape the
document has, it is read as if it were called so. The account is made of the document as it is.

1. What a person chose holds.
2. A heading that is not known whole is known by the stems of its words (``headings.column_role``).
3. Of one that no word tells, what stands under it tells where that is clear: schedules, names of units or of
   known organisations, figures with what they count. That is an assumption, and a finding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from reminders.intake.account import Basis, ColumnReading, TableReading
from reminders.intake.choices import ReadingChoices, heading_key
from reminders.intake.chosen_part import FIELD_NAME, header_row
from reminders.intake.content import Block, DocumentContent, Heading, IntakeFinding, Table, TableRow, TextLine
from reminders.intake.headings import Role, column_role, exact_role, names_faintly, role_of
from reminders.intake.language import likely_language
from reminders.intake.parties import looks_like_parties
from reminders.intake.shapes import holds_cards, is_schedule
from reminders.intake.words import plain_words, squeeze
from schedule_rules.programme import TextLang

_NAMES: Final[Mapping[Role, str]] = {
    "number": "No", "domain": "Domain", "goal": "Goal", "action": "Action", "schedule": "Schedule",
    "start": "Start", "end": "End", "responsible": "Responsible", "partners": "Partners",
    "indicator": "Indicator", "other": "Notes",
}  # fmt: skip
_ALONE: Final[frozenset[Role]] = frozenset(("action", "goal", "domain", "schedule", "start", "end"))
"""Roles of one column: where a person gives one to a column, another loses it."""
_COUNTED: Final[frozenset[Role]] = frozenset(
    ("domain", "goal", "action", "schedule", "start", "end", "responsible", "partners", "indicator")
)
_WORDED: Final[frozenset[Role]] = frozenset(("action", "goal", "domain"))
"""Roles of columns that hold words, never dates alone."""
_FIELDS: Final = 2
_SAMPLES: Final = 3
_SAMPLE_ROWS: Final = 30
_LONGEST_SAMPLE: Final = 120
_LEAST_SHARE: Final = 0.6
_LEAST_TEXTS: Final = 2
_MOST_TEXTS: Final = 200
_LONGEST_HEADING: Final = 45
_LONGEST_PARTY: Final = 90
_ACTION_WORDS: Final = 2
_YEAR: Final = re.compile(r"(?<!\d)20\d\d(?!\d)")
_COUNTING: Final = re.compile(
    r"\d\s?(?:%|kpl\b|st\b|prosent|procent|percent|per cent)|^(?:number of|share of|antal|andel)\b"
    r"|\b(?:lukumäärä|määrä|osuus|lkm)\b",
    re.IGNORECASE,
)


def with_names(
    content: DocumentContent, choices: ReadingChoices, organisations: Collection[str] = ()
) -> tuple[DocumentContent, tuple[IntakeFinding, ...]]:
    """Return a document whose columns and fields are called by their roles, and what was assumed.

    ``organisations`` are plain names that are known.
    """
    blocks, findings = list[Block](), list[IntakeFinding]()
    for block in content.blocks:
        if isinstance(block, Table) and choices.unit == "card":
            blocks += _cards(block, choices)
        elif isinstance(block, Table) and not choices.columns and holds_cards(block.rows):
            blocks.append(block)
        elif isinstance(block, Table):
            header = _Header(block, choices, organisations)
            blocks.append(header.called())
            findings += header.findings(content.file)
        elif isinstance(block, TextLine):
            blocks.append(replace(block, text=_called_line(block.text, choices)))
        else:
            blocks.append(block)
    return replace(content, blocks=tuple(blocks)), tuple(findings)


class _Header:
    """The row of a table that holds its headings, and what each column holds."""

    def __init__(self, table: Table, choices: ReadingChoices, organisations: Collection[str]) -> None:
        self._table = table
        self._choices = choices
        self._organisations = organisations
        self._row = header_row(table, choices)
        self.assumed: dict[int, Role] = {}
        self.roles: list[Role | None] = []
        if self._row is not None:
            self._cells = table.rows[self._row].cells
            self._body = table.rows[self._row + 1 :]
            self.chosen = [choices.role(cell, number) for number, cell in enumerate(self._cells, 1)]
            self._name()

    def _name(self) -> None:
        """Give each column its role: as chosen, by its heading, by its content."""
        taken = _ALONE.intersection(filter(None, self.chosen))
        headings = [column_role(cell) for cell in self._cells]
        exact = {role for cell in self._cells if (role := exact_role(plain_words(cell)))}
        found: set[Role] = set()
        for mine, role, cell in zip(self.chosen, headings, self._cells, strict=True):
            known = role
            if mine is None and known in _ALONE:
                again = known in found or (known in exact and exact_role(plain_words(cell)) is None)
                known = "other" if known in taken else role_of(cell) if again else known
            self.roles.append(mine or known)
            found.update(filter(None, [mine or known]))
        if self._is_header(found):
            self._part_responsible()
            self._leave_dates()
            self._assume()
        elif not any(self.chosen):
            self.roles = [role_of(cell) for cell in self._cells]

    def _is_header(self, found: Collection[Role]) -> bool:
        """Tell whether the row names columns: two roles that count, in few words, and no schedule itself.

        Of several columns two are known whole, or one and half by stems, or all by stems. A row of two
        cells may name a field and what it says; it is a header where a person chose so.
        """
        filled = [cell for cell in self._cells if cell.strip()]
        words = [cell for cell in filled if plain_words(cell).strip("0123456789 ")]
        short = sum(map(len, filled)) <= _LONGEST_HEADING * len(filled)
        if not short or len(_COUNTED.intersection(found)) < _FIELDS:
            return False
        if any(self.chosen):
            return True
        if len(words) <= _FIELDS or any(
            role and is_schedule(cell) for role, cell in zip(self.roles, self._cells, strict=True)
        ):
            return False
        known = sum(role is not None for role in self.roles)
        whole = _COUNTED.intersection(filter(None, (exact_role(plain_words(cell)) for cell in words)))
        return len(whole) >= _FIELDS or (known * 2 >= len(words) if whole else known >= len(words))

    def _part_responsible(self) -> None:
        """Take a column that says but a kind of body, beside one of who is responsible, for something else.

        Before the actions, with few bodies for many rows, it is what they stand under; else it names others
        who take part.
        """
        named = [at for at, role in enumerate(self.roles) if role == "responsible"]
        weak = [at for at in named if self.chosen[at] is None and names_faintly(self._cells[at])]
        strong = [at for at in named if at not in weak]
        rows = [row.cells for row in self._body if any(map(str.strip, row.cells))]
        if not strong or not any(
            sum(at < len(cells) and bool(cells[at].strip()) for cells in rows) * 2 >= len(rows)
            for at in strong
        ):
            return
        first = next((at for at, role in enumerate(self.roles) if role in {"action", "goal"}), 0)
        for at in weak:
            texts = [squeeze(cells[at]) for cells in rows if at < len(cells) and cells[at].strip()]
            over = at < first and "domain" not in self.roles and len(set(texts)) * 3 <= len(texts) * 2
            self.roles[at] = "domain" if over else "partners"

    def _leave_dates(self) -> None:
        """Forget what a stem says of a column that holds dates: "I mål" over days is no goal."""
        for at, (role, heading) in enumerate(zip(self.roles, self._cells, strict=True)):
            if role not in _WORDED or self.chosen[at] or exact_role(plain_words(heading)):
                continue
            cells = [squeeze(row.cells[at]) for row in self._body[:_SAMPLE_ROWS] if at < len(row.cells)]
            texts = [cell for cell in cells if cell]
            if len(texts) >= _LEAST_TEXTS and all(map(is_schedule, texts)):
                self.roles[at] = None

    def _assume(self) -> None:
        """Give roles that no heading names to columns whose content is clear."""
        has = set(filter(None, self.roles))
        if not has & {"schedule", "start", "end"} and not self._has_periods():
            self._take("schedule", is_schedule)
        if "responsible" not in has:
            lang = likely_language(" ".join(cell for row in self._body[:_SAMPLE_ROWS] for cell in row.cells))
            self._take("responsible", lambda text: self._is_party(text, lang))
        if not has & {"action", "goal"}:
            self._take_action()
        if "indicator" not in has:
            self._take("indicator", lambda text: bool(_COUNTING.search(text)))

    def _has_periods(self) -> bool:
        """Tell whether several headings are years or parts of one: such columns hold marks."""
        return (
            sum(
                role is None and is_schedule(cell) for role, cell in zip(self.roles, self._cells, strict=True)
            )
            > 1
        )

    def _is_party(self, text: str, lang: TextLang) -> bool:
        if plain_words(text) in self._organisations:
            return True
        return len(text) <= _LONGEST_PARTY and looks_like_parties(text, lang)

    def _free(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the columns that nothing is known of, with their texts; half of their cells have some."""
        for at, (role, heading) in enumerate(zip(self.roles, self._cells, strict=True)):
            if role is not None or is_schedule(heading):
                continue
            cells = [row.cells[at] for row in self._body[:_MOST_TEXTS] if at < len(row.cells)]
            texts = [squeeze(cell) for cell in cells if cell.strip()]
            if len(texts) >= _LEAST_TEXTS and len(texts) * 2 >= len(cells):
                yield at, texts

    def _take(self, role: Role, tells: Callable[[str], bool]) -> None:
        shares = {at: sum(map(tells, texts)) / len(texts) for at, texts in self._free()}
        best = max(shares, key=shares.__getitem__, default=None)
        if best is not None and shares[best] >= _LEAST_SHARE:
            self.roles[best] = self.assumed[best] = role

    def _take_action(self) -> None:
        """Take the longest texts beside schedules for the actions: of several words, each another."""
        if not {"schedule", "start", "end"} & set(self.roles):
            return
        lengths = {
            at: sum(map(len, texts))
            for at, texts in self._free()
            if len(set(texts)) > len(texts) / 2
            and sum(len(text.split()) >= _ACTION_WORDS for text in texts) * 2 > len(texts)
        }
        if lengths:
            best = max(lengths, key=lengths.__getitem__)
            self.roles[best] = self.assumed[best] = "action"

    def called(self) -> Table:
        """Return the table whose header says the roles, wherever the header stands again."""
        if self._row is None:
            return self._table
        named = [
            _name(role, cell) if role and self._differs(cell, role) else cell
            for role, cell in zip(self.roles, self._cells, strict=True)
        ]
        if tuple(named) == self._cells and not self._choices.columns:
            return self._table
        return replace(
            self._table,
            rows=tuple(
                replace(row, cells=tuple(named))
                if row.cells == self._cells
                else _field(row, self._choices, is_header=number == self._row)
                for number, row in enumerate(self._table.rows)
            ),
        )

    def _differs(self, cell: str, role: Role) -> bool:
        """Tell whether the shapes would not take a heading for this role by themselves."""
        return role_of(cell) != role and exact_role(plain_words(cell)) != role

    def findings(self, file: str) -> Iterator[IntakeFinding]:
        """Yield what was assumed, a finding a column."""
        for at, role in self.assumed.items():
            assert self._row is not None  # noqa: S101 - a column has a heading
            place = self._table.rows[self._row].place
            yield IntakeFinding(
                "column-by-content", file, place, squeeze(self._cells[at]) or f"#{at + 1}", f"role {role}"
            )


def _name(role: Role, heading: str) -> str:
    """Return what a column is called; that of a schedule keeps its year: "Toteutus 2027" over its months."""
    year = _YEAR.search(heading) if role == "schedule" else None
    return f"{_NAMES[role]} {year[0]}" if year else _NAMES[role]


def _field(row: TableRow, choices: ReadingChoices, *, is_header: bool) -> TableRow:
    """Return a row that names a field in its first cell, called by its role; any other as it is."""
    is_field = len(row.cells) == _FIELDS and not is_header
    role = choices.columns.get(heading_key(row.cells[0].rstrip(": "))) if is_field else None
    return replace(row, cells=(_NAMES[role], row.cells[1])) if role else row


def _called_line(text: str, choices: ReadingChoices) -> str:
    """Return a line with the field that it names called by its role."""
    found = FIELD_NAME.match(text) if choices.columns else None
    role = choices.columns.get(heading_key(found[2])) if found else None
    return f"{found[1]}{_NAMES[role]}{found[3]}{text[found.end() :]}" if found and role else text


def _cards(table: Table, choices: ReadingChoices) -> Iterator[Block]:
    """Yield a table as lines that name their fields: of two columns, or under the headings of its header."""
    header = header_row(table, choices)
    for at, row in enumerate(table.rows):
        texts = [squeeze(cell) for cell in row.cells]
        if len(texts) == _FIELDS:
            yield TextLine(_called_line(f"{texts[0].rstrip(': ')}: {texts[1]}", choices), row.place)
        elif len(set(filter(None, texts))) == 1:
            yield Heading(3, next(filter(None, texts)), row.place)
        elif header is not None and at > header:
            for name, text in zip(table.rows[header].cells, texts, strict=False):
                if text:
                    yield TextLine(_called_line(f"{squeeze(name)}: {text}", choices), row.place)


def tables_of(content: DocumentContent, choices: ReadingChoices) -> tuple[TableReading, ...]:
    """Return the tables of a document in which nothing was read, with what their headings may mean."""
    return tuple(
        TableReading(
            place=table.rows[0].place,
            last=table.rows[-1].place,
            rows=len(table.rows),
            actions=0,
            name=table.name,
            columns=tuple(_columns(table, choices)),
        )
        for table in content.tables
        if table.rows
    )


def _columns(table: Table, choices: ReadingChoices) -> Iterator[ColumnReading]:
    header = header_row(table, choices)
    if header is None:
        return
    named = _Header(table, choices, ())
    for number, heading in enumerate(table.rows[header].cells, 1):
        samples = _samples(table, header, number)
        chosen, role = named.chosen[number - 1], named.roles[number - 1]
        basis: Basis = "chosen" if chosen else "content" if number - 1 in named.assumed else "headings"
        if heading.strip() or samples:
            yield ColumnReading(
                number=number,
                heading=squeeze(heading)[:_LONGEST_SAMPLE],
                first_cell=next(iter(samples), ""),
                role=None if role == "other" else role,
                basis=basis if role else "assumed",
                samples=samples,
            )


def _samples(table: Table, header: int, number: int, heading: str = "") -> tuple[str, ...]:
    """Return the first few texts under a heading, which is none of them."""
    found: dict[str, None] = {}
    for row in table.rows[header + 1 : header + _SAMPLE_ROWS]:
        text = squeeze(row.cells[number - 1])[:_LONGEST_SAMPLE] if number <= len(row.cells) else ""
        if text and text not in heading.split(" / ") and len(found) < _SAMPLES:
            found[text] = None
    return tuple(found)


def with_samples(
    tables: Sequence[TableReading], content: DocumentContent, choices: ReadingChoices
) -> tuple[TableReading, ...]:
    """Return tables as they were read, with sample cells; of one whose columns were not found all columns.

    A table of a document may hold several that were read, beside or under each other.
    """
    places = {row.place: (table, at) for table in content.tables for at, row in enumerate(table.rows)}
    made = []
    for reading in tables:
        table, first = places.get(reading.place, (Table(()), 0))
        columns = [
            replace(
                column,
                samples=_samples(table, first - 1, column.number, column.heading),
            )
            for column in reading.columns
        ]
        made.append(replace(reading, columns=tuple(columns or _columns(table, choices))))
    return tuple(made)

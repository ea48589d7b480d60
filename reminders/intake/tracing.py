"""What became of each piece of a document: traced by its words into the actions that were made of it.

1. A row at the place of a draft is an action; each of its cells must be found again in the draft. One that is
   not is left over, or not used where its column has no role.
2. Any other row or line is a part of a draft near it that has its words, or the heading over one. A total, a
   header again and the title of the document are known by their words.
3. What is in no draft is left over where it may be an action: any row among actions, a row or list item that
   has a schedule. Else it is not used: prose, a contact list, a budget.

What the shapes did is looked at as little as possible (the roles of columns, which tables were read), so that
what they lose is seen. Every step is linear in the size of the document.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import Final

from reminders.intake.account import (
    AccountEntry,
    Basis,
    ColumnReading,
    Fate,
    PieceKind,
    TableReading,
    TableReport,
)
from reminders.intake.choices import NO_CHOICES, ReadingChoices
from reminders.intake.content import (
    ActionDraft,
    DocumentContent,
    Heading,
    IntakeFinding,
    Table,
    TableRow,
    TextLine,
)
from reminders.intake.headings import Role, column_role, role_of
from reminders.intake.shapes import Outline, is_schedule, is_total
from reminders.intake.words import is_bullet, plain_words, squeeze, without_bullet

_MOST_CELLS: Final = 5_000
"""Cells of columns without a role that have an entry of their own; of more the columns alone tell."""
_MOST_CHECKS: Final = 1_000
"""Texts outside actions of which is asked whether they are a schedule."""
_MOST_HEADERS: Final = 1_000
"""Rows outside actions of which is asked whether they name columns."""
_MOST_TOLD: Final = 100
"""Pieces left over that have a finding of their own; the rest is one finding, and in the account."""
_LONGEST: Final = 300
_WORD: Final = re.compile(r"[^\W_]+")
_FIGURE: Final = re.compile(r"[-–—+\s\d.,'’%]*")
_CURRENCY: Final = re.compile(r"[€$£]|\b(?:eur|euro|euros|euroa|t€|k€|m€|tkr|mkr|kr|sek|nok|milj|mn|m)\b\.?")
_DAY: Final = re.compile(r"\d{1,2}\.\d{1,2}\.")
_YEAR: Final = re.compile(r"(?<!\d)20\d\d(?!\d)")
_NUMBER: Final = re.compile(
    r"\s*(?:\(?\d{1,2}(?:\.\d{1,2})*[.)]|\d{1,2}(?:\.\d{1,2})+|[a-z]\))\s+(?=[^\W\d_])"
)
_LEVEL: Final = re.compile(r"\s*(\d{1,2}(?:\.\d{1,2})+)(?!\d)")
_FIELD: Final = re.compile(r"\s*([^:(]{2,50}):\s+(?=\S)")
_LABELLED: Final = re.compile(r"([^:(]{2,50}?)\s*:\s*\S")
_BRACKET: Final = re.compile(r"[(\[]([^()\[\]]{4,120})[)\]]\.?$")
_PART_OF_ROW: Final = re.compile(r"(?:, column (\d+))?(?:, item \d+)?$")
_LONGEST_MARK: Final = 3
_LONGEST_HEADING: Final = 90
_ENDLESS: Final = 10**6
_ENOUGH: Final = 0.75
_AGAIN: Final = 4
_NEAR_BEFORE, _NEAR_AFTER = 10, 4
_RARE, _RAREST = 20, 3
_SHORT, _TITLE, _PROSE = 4, 12, 30
"""Words of what may be a schedule alone and of a title at most, and more than which are prose."""
_ACTING: Final[frozenset[Role]] = frozenset(("action", "schedule", "start", "end"))


def trace(
    content: DocumentContent, found: Outline, choices: ReadingChoices = NO_CHOICES
) -> tuple[tuple[AccountEntry, ...], tuple[TableReading, ...]]:
    """Return the account of a document that was read with ``choices``: its pieces in order, its tables."""
    tracer = _Tracer(content, found, choices)
    return tuple(tracer.entries()), tuple(tracer.tables)


def findings_of_account(
    file: str, entries: Sequence[AccountEntry], tables: Sequence[TableReading], told: Iterable[IntakeFinding]
) -> Iterator[IntakeFinding]:
    """Yield a finding for each column that is not used, once a heading, and for the pieces left over.

    A column that a person chose not to use is none. What is ``told`` already in the same words is not told
    again; of very many pieces the rest is counted.
    """
    known = {(one.place, squeeze(one.words)[:_LONGEST]) for one in told}
    headings = set[str]()
    under = {one.text: one.place for one in reversed(entries) if one.kind == "column"}
    for table in tables:
        for column in table.unused if table.was_read else ():
            words = column.heading or column.first_cell
            if plain_words(words) not in headings and column.basis != "chosen":
                headings.add(plain_words(words))
                place = under.get(words, f"{table.place}, {column_place(table.place, column.number)}")
                yield IntakeFinding("column-not-used", file, place, words)
    left = [one for one in entries if one.became == "left-over" and (one.place, one.text) not in known]
    for entry in left[:_MOST_TOLD]:
        yield IntakeFinding("left-over", file, entry.place, entry.text)
    if len(left) > _MOST_TOLD:
        yield IntakeFinding("more-left-over", file, "the file", str(len(left) - _MOST_TOLD))


def adds_up(content: DocumentContent, entries: Sequence[AccountEntry]) -> bool:
    """Tell whether every row, line and heading with a word has exactly one entry, and nothing else."""
    pieces = Counter(place for _, place in _pieces(content))
    return pieces == Counter(entry.place for entry in entries if entry.kind in {"row", "text"})


def _pieces(content: DocumentContent) -> Iterator[tuple[PieceKind, str]]:
    for block in content.blocks:
        if isinstance(block, Table):
            yield from (("row", row.place) for row in block.rows if any(map(str.strip, row.cells)))
        elif block.text.strip():
            yield "text", block.place


def column_place(place: str, number: int) -> str:
    """Return how a column is named: by its letters in a spreadsheet, else by its number, counted from 1."""
    if not place.startswith(("sheet ", "row ")):
        return f"column {number}"
    letters = ""
    while number:
        number, at = divmod(number - 1, 26)
        letters = chr(65 + at) + letters
    return f"column {letters}"


def _letters(text: str) -> str:
    """Return the letters and digits of a text alone, in which a break or hyphen of paper does not matter."""
    return "".join(_words(text))


@lru_cache(maxsize=64)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold().replace("\u00ad", "")))


def _item_words(text: str) -> str:
    """Return a line without its bullet or number."""
    return _NUMBER.sub("", without_bullet(text), count=1)


def _row_of(place: str) -> str:
    """Return the place of the row or line that a place is in: several actions may stand in one."""
    return _PART_OF_ROW.sub("", place)


@dataclass(slots=True, eq=False)
class _Trace:
    """The words of one draft: of its own texts, of what stands over it, and those not met yet."""

    draft: ActionDraft
    at: int
    place: str = ""
    column: int = 0
    own: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    over_words: frozenset[str] = frozenset()
    waiting: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        draft = self.draft
        self.place = _row_of(draft.place)
        begins = _PART_OF_ROW.search(draft.place)
        self.column = int(begins[1]) - 1 if begins and begins[1] else 0
        texts = (*draft.bullets, draft.schedule, draft.responsible, draft.partners, draft.indicator)
        self.own = (_letters(" ".join(draft.bullets)), *map(_letters, texts))
        self.over = tuple(filter(None, map(_letters, (draft.domain, draft.goal))))
        self.waiting = Counter(chain.from_iterable(map(_words, texts)))
        self.words = frozenset(self.waiting)
        self.over_words = frozenset(chain(_words(draft.domain), _words(draft.goal)))

    def quotes(self, text: str) -> bool:
        """Tell whether a text is one of the draft's own, or a piece of one."""
        letters = _letters(text)
        return any(letters in own for own in (*self.own, *self.over))

    def has(self, text: str) -> bool:
        """Tell whether a text is in one of the draft's own, or nearly all of its words are."""
        letters = _letters(text)
        if not letters or any(letters in own for own in self.own):
            return True
        words = _words(text)
        return sum(word in self.words for word in words) >= _ENOUGH * len(words)

    def stands_under(self, text: str) -> bool:
        """Tell whether a text is the domain or the goal of the draft, or a piece of one."""
        letters = _letters(text)
        return any(letters in over or over in letters for over in self.over)


class _Tracer:
    """Goes through the blocks once, beside the drafts in their order."""

    def __init__(self, content: DocumentContent, found: Outline, choices: ReadingChoices) -> None:
        self._content = content
        self._found = found
        self.choices = choices
        self._checks = _MOST_CHECKS
        self._cells = _MOST_CELLS
        self._header_checks = _MOST_HEADERS
        self.tables: list[TableReading] = []
        self._traces = [_Trace(draft, self._order(_row_of(draft.place))) for draft in found.drafts]
        self._traces.sort(key=lambda one: one.at)
        self._at_place: dict[str, list[_Trace]] = {}
        for one in self._traces:
            self._at_place.setdefault(one.place, []).append(one)
        self._over = frozenset(chain.from_iterable(one.over for one in self._traces))
        self._reports: dict[str, list[TableReport]] = {}
        for report in found.reports:
            for place in report.places:
                self._reports.setdefault(place, []).append(report)
        rows = (row.place for table in content.tables for row in table.rows)
        self._in_tables = any(place in self._at_place for place in rows)
        self._passed = 0
        self._torn = False
        self._numbered: dict[str, str] = {}
        self._apart = {
            one.place: _letters(one.words) for one in found.findings if one.code == "indicator-of-several"
        }
        self._apart_letters, self._apart_at = "", 0
        name = found.programme_name("")
        self._titles = frozenset(filter(None, (_letters(name), _letters(content.title))))
        self._opening = frozenset(map(_letters, found.titles))

    def entries(self) -> Iterator[AccountEntry]:
        for block in self._content.blocks:
            if isinstance(block, Table):
                tracer = _TableTracer(self, block)
                self.tables += tracer.tables()
                yield from tracer.entries()
                self._torn = False
            elif block.text.strip():
                yield self._text(block)
                self._torn = block.text.rstrip().endswith(("-", "\u00ad"))

    # tables

    def reports_at(self, place: str) -> Sequence[TableReport]:
        """Return the tables that a row is of."""
        return self._reports.get(place, ())

    def next_draft(self, place: str) -> Sequence[_Trace]:
        """Return the first draft behind a place, where there is one."""
        at = bisect_right(self._traces, self._order(place), key=lambda one: one.at)
        return self._traces[at : at + 1]

    def may_be_schedule(self, text: str) -> bool:
        """Tell whether a text is a schedule, as long as not too many were asked about."""
        if not any(map(str.isalnum, text)) or _is_money(text):
            return False
        self._checks -= 1
        return self._checks >= 0 and is_schedule(squeeze(text))

    def drafts_at(self, place: str) -> Sequence[_Trace]:
        """Return the drafts of a place."""
        return self._at_place.get(place, ())

    def is_over(self, text: str) -> bool:
        """Tell whether a text is the domain or the goal of an action."""
        return _letters(text) in self._over

    def is_title(self, text: str) -> bool:
        """Tell whether a text is the title of the document."""
        return _letters(text) in self._titles

    def take_header(self) -> bool:
        """Tell whether one more row may be asked whether it names columns."""
        self._header_checks -= 1
        return self._header_checks >= 0

    def take_cell(self) -> bool:
        """Tell whether one more cell may have an entry of its own."""
        self._cells -= 1
        return self._cells >= 0

    # lines

    def _text(self, block: Heading | TextLine) -> AccountEntry:
        became, action = self._line(block)
        return AccountEntry(block.place, squeeze(block.text)[:_LONGEST], became, action, "text")

    def _line(self, block: Heading | TextLine) -> tuple[Fate, str]:
        text = block.text
        own = self.drafts_at(block.place)
        while self._passed < len(self._traces) and self._traces[self._passed].at <= self._order(block.place):
            self._passed += 1
        label = _FIELD.match(text)
        words = self._whole_words(text[label.end() :] if label and role_of(label[1]) else text)
        level = _LEVEL.match(text)
        if own:
            self._meet(words, own)
            if level:
                self._numbered.setdefault(level[1], block.place)
            return "action", block.place
        if self._stands_apart(block):
            return "not-used", ""
        item = _item_words(text)
        if any(self.is_title(one) or self.is_over(one) for one in (text, item)) or _names_columns(text):
            return "heading", ""
        if not words:
            # Nothing but a piece of a word that paper broke belongs to the line before.
            near = self._traces[max(0, self._passed - 1) : self._passed]
            return ("part", near[0].place) if _words(text) and near else ("not-used", "")
        met = sum(word in self._postings for word in words)
        near = [] if self._in_tables or met < _ENOUGH * len(words) else self._near(words)
        if taker := self._meet(words, near):
            return "part", taker.place
        if any(one.over_words.issuperset(words) for one in near):
            return "heading", ""
        again = next((one for one in near if one.has(item)), None) if len(words) >= _AGAIN else None
        if again is not None:
            return "part", again.place
        if level and level[1] in self._numbered:
            return "part", self._numbered[level[1]]
        if isinstance(block, Heading):
            return ("left-over" if _names_action(text) else "heading"), ""
        return self._unread(text)

    def _stands_apart(self, block: Heading | TextLine) -> bool:
        """Tell whether a line is of an indicator that was given to no action."""
        if block.place in self._apart:
            self._apart_letters, self._apart_at = self._apart[block.place], 0
        letters = _letters(block.text)
        if not letters or not self._apart_letters.startswith(letters, self._apart_at):
            return False
        self._apart_at += len(letters)
        return True

    def _whole_words(self, text: str) -> Sequence[str]:
        """Return the words of a line without those that paper broke, at its end and at its begin."""
        words = _words(text)
        return words[self._torn : len(words) - text.rstrip().endswith(("-", "\u00ad"))]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {place: at for at, (_, place) in enumerate(_pieces(self._content))}

    def _order(self, place: str) -> int:
        return self._places.get(place, 0)

    @cached_property
    def _postings(self) -> dict[str, list[_Trace]]:
        found: dict[str, list[_Trace]] = {}
        for one in self._traces:
            for word in one.words | one.over_words:
                found.setdefault(word, []).append(one)
        return found

    def _near(self, words: Sequence[str]) -> list[_Trace]:
        """Return the drafts around a line, the last before it first, and those that have its rarest words."""
        before = self._traces[max(0, self._passed - _NEAR_BEFORE) : self._passed][::-1]
        after = self._traces[self._passed : self._passed + _NEAR_AFTER]
        found = (self._postings.get(word, ()) for word in words if len(word) > 2)
        rarest = sorted((some for some in found if 0 < len(some) <= _RARE), key=len)[:_RAREST]
        return list(dict.fromkeys((*before, *after, *chain.from_iterable(rarest))))

    def _meet(self, words: Sequence[str], near: Sequence[_Trace]) -> _Trace | None:
        """Take words out of those that drafts wait for; return the one that had most, or None for too few."""
        taken: list[tuple[_Trace, str]] = []
        for word in words:
            one = next((one for one in near if one.waiting.get(word)), None)
            if one is not None:
                one.waiting[word] -= 1
                taken.append((one, word))
        if not taken or len(taken) < _ENOUGH * len(words):
            for one, word in taken:
                one.waiting[word] += 1
            return None
        return Counter(one for one, _ in taken).most_common(1)[0][0]

    def _unread(self, text: str) -> tuple[Fate, str]:
        """Return what becomes of a line that is in no action.

        It may be an action: a list item with a year or a schedule, a field of one, words that end with their
        schedule in brackets. Where actions are lines, any list item may be one, and a schedule alone.
        """
        item = squeeze(without_bullet(text))
        count = len(item.split())
        is_item = is_bullet(text) or bool(_NUMBER.match(text))
        label = _LABELLED.match(item)
        bracket = _BRACKET.search(item)
        if is_item:
            dated = bool(_YEAR.search(item)) or any(map(self.may_be_schedule, _tails(item)))
            return ("left-over" if dated or not self._in_tables else "not-used"), ""
        if count > _PROSE:
            return "not-used", ""
        if label and role_of(label[1]) in _ACTING:
            return "left-over", ""
        parts = bracket[1].split(", ") if bracket and not _YEAR.fullmatch(bracket[1]) else ()
        if any(map(self.may_be_schedule, parts)):
            return "left-over", ""
        if count <= _TITLE and item[-1:] not in ".,;" and _letters(text) in self._opening:
            return "heading", ""
        alone = count <= _SHORT and not item[:1].islower() and item[-1:] != "."
        is_lost = alone and not self._in_tables and self.may_be_schedule(item)
        return ("left-over" if is_lost else "not-used"), ""


def _names_action(text: str) -> bool:
    """Tell whether a title says that it is an action: "Toimenpide 3: …"."""
    found = re.match(r"([^\W\d_]+)\s+\d", text)
    return found is not None and role_of(found[1]) == "action"


def _tails(item: str) -> Iterator[str]:
    """Yield the words of a list item that may be its schedule: in brackets, before a colon, behind a dash."""
    if bracket := _BRACKET.search(item):
        yield from bracket[1].split(", ")
    yield from re.split(r"\s[–—|-]\s|[;:]\s", item)[:4]


def _names_columns(text: str) -> bool:
    """Tell whether a line is a header that was flattened: every word or two of it names a column."""
    if not text.isupper():
        return False
    words = [word for word in plain_words(text).split() if word not in {"ja", "och", "and"}]
    known = sum(role_of(word) is not None for word in words)
    return 2 <= len(words) <= _TITLE and known * 2 > len(words)


def _is_money(text: str) -> bool:
    """Tell whether a text is a figure, with a currency or without, and neither a year nor a day."""
    plain = squeeze(text).casefold()
    figure = _CURRENCY.sub("", plain)
    is_figure = _FIGURE.fullmatch(figure) is not None and any(map(str.isdigit, figure))
    return is_figure and (figure != plain or not (_YEAR.search(plain) or _DAY.search(plain)))


def _is_figure(text: str) -> bool:
    """Tell whether a text may stand beside a sum: an amount, a year, or nothing but signs."""
    return _is_money(text) or not _letters(text) or _YEAR.fullmatch(text.strip()) is not None


@dataclass(frozen=True, slots=True)
class _Layout:
    """The columns of some rows: those with a role, those that stand for periods, those that are not used."""

    roles: Mapping[int, Role | None]
    marks: frozenset[int]
    was_read: bool

    def is_unused(self, column: int) -> bool:
        """Tell whether a column of a table that was read has no role."""
        return self.was_read and column not in self.marks and self.roles.get(column) in {None, "other"}


class _TableTracer:
    """Goes through the rows of one block, in which several tables may stand."""

    def __init__(self, tracer: _Tracer, table: Table) -> None:
        self._tracer = tracer
        self._table = table
        reports = chain.from_iterable(tracer.reports_at(row.place) for row in table.rows)
        self._reports = list({id(report): report for report in reports}.values())
        self._read = {id(one): any(map(tracer.drafts_at, one.places)) for one in self._reports}
        self._readings = [tuple(self._columns(report)) for report in self._reports]
        self._layouts: dict[tuple[int, ...], _Layout] = {}
        self._headers = frozenset(chain.from_iterable(report.header for report in self._reports))
        self._header_cells = {
            tuple(map(_letters, row.cells)) for row in table.rows if row.place in self._headers
        }
        self._above = frozenset(
            place
            for report in self._reports
            if report.header
            for place in report.places[: report.places.index(report.header[0])]
        )
        self._last: Sequence[_Trace] = ()

    def tables(self) -> Iterator[TableReading]:
        """Yield each table of the block; the whole block where none has columns that were found."""
        name, drafts_at = self._table.name, self._tracer.drafts_at
        for report, columns in zip(self._reports, self._readings, strict=True):
            after = report.offset + len(report.roles) if report.roles else _ENDLESS
            actions = sum(
                report.offset <= one.column < after for place in report.places for one in drafts_at(place)
            )
            first, last = report.places[0], report.places[-1]
            yield TableReading(first, last, len(report.places), actions, name, columns)
        rows = self._table.rows
        if rows and not self._reports:
            actions = sum(len(drafts_at(row.place)) for row in rows)
            yield TableReading(rows[0].place, rows[-1].place, len(rows), actions, name)

    def _columns(self, report: TableReport) -> Iterator[ColumnReading]:
        """Yield what each column of a table is read as."""
        places, header = frozenset(report.places), frozenset(report.header)
        rows = [row for row in self._table.rows if row.place in places]
        above = frozenset(report.places[: report.places.index(report.header[0])]) if header else frozenset()
        first: dict[int, str] = {}
        for row in rows:
            if row.place not in header and row.place not in above:
                for column, cell in enumerate(row.cells):
                    if column not in first and cell.strip():
                        first[column] = squeeze(cell)[:_LONGEST]
        heads = [row for row in rows if row.place in header]
        for at, own in enumerate(report.roles):
            column = report.offset + at
            cells = (row.cells[column] for row in heads if column < len(row.cells))
            headings = [text for text in dict.fromkeys(map(squeeze, cells)) if text]
            if not headings and column not in first:
                continue
            is_mark = at in report.marks
            role: Role | None = "schedule" if is_mark and own in {None, "other"} else own
            told = role is not None and role in {column_role(" ".join(headings)), *map(column_role, headings)}
            heading = " / ".join(headings)[:_LONGEST]
            basis: Basis = "headings" if told or is_mark else "content" if role else "assumed"
            yield ColumnReading(
                number=column + 1,
                heading=heading,
                first_cell=first.get(column, ""),
                role=None if role == "other" else role,
                basis="chosen" if self._tracer.choices.role(heading, column + 1) else basis,
            )

    def entries(self) -> Iterator[AccountEntry]:
        """Yield the account of every row, and of the columns under their header."""
        ends = {
            report.header[-1]: columns
            for report, columns in zip(self._reports, self._readings, strict=True)
            if report.header and self._read[id(report)]
        }
        for row in self._table.rows:
            texts = {at: cell for at, cell in enumerate(row.cells) if cell.strip()}
            if texts:
                yield from self._row_entries(row, texts)
            for column in ends.get(row.place, ()):
                heading = column.heading or column.first_cell
                where = f"{row.place}, {column_place(row.place, column.number)}"
                yield AccountEntry(where, heading, "part" if column.role else "not-used", kind="column")

    def _row_entries(self, row: TableRow, texts: Mapping[int, str]) -> Iterator[AccountEntry]:
        layout = self._layout(row)
        became, action = self._row(row, texts, layout)
        is_body = became in {"action", "part"}
        used = [cell for at, cell in texts.items() if not (is_body and layout.is_unused(at))]
        text = " | ".join(dict.fromkeys(map(squeeze, used or texts.values())))[:_LONGEST]
        yield AccountEntry(row.place, text, became, action)
        if is_body and layout.roles:
            yield from self._cells(row, texts, layout, action)

    def _layout(self, row: TableRow) -> _Layout:
        """Return the columns that hold for a row."""
        reports = self._tracer.reports_at(row.place)
        some = tuple(map(id, reports))
        if some not in self._layouts:
            roles, marks = dict[int, Role | None](), set[int]()
            for report in reports:
                roles.update({report.offset + at: role for at, role in enumerate(report.roles)})
                marks.update(report.offset + at for at in report.marks)
            self._layouts[some] = _Layout(roles, frozenset(marks), any(self._read[report] for report in some))
        return self._layouts[some]

    def _cells(
        self, row: TableRow, texts: Mapping[int, str], layout: _Layout, action: str
    ) -> Iterator[AccountEntry]:
        """Yield the cells of an action's row whose words are in no draft of it."""
        drafts = [*self._tracer.drafts_at(row.place), *self._last]

        def is_met(text: str, at: int) -> bool:
            if layout.is_unused(at):
                return any(one.quotes(text) for one in drafts)
            return any(one.has(text) or one.stands_under(text) for one in drafts)

        for at, cell in texts.items():
            short = at in layout.marks and len(_letters(cell)) <= _LONGEST_MARK
            if short or layout.roles.get(at) == "number" or is_met(cell, at):
                continue
            if "\n" in cell and all(is_met(line, at) for line in cell.split("\n")):
                continue
            is_unused = layout.is_unused(at) and not self._acts(row, at)
            if not is_unused or self._tracer.take_cell():
                where = f"{row.place}, {column_place(row.place, at + 1)}"
                became: Fate = "not-used" if is_unused else "left-over"
                yield AccountEntry(where, squeeze(cell)[:_LONGEST], became, action, "cell")

    def _acts(self, row: TableRow, column: int) -> bool:
        """Tell whether a cell of a column without a role stands under a heading of actions or schedules.

        A column that a person chose not to use is none.
        """
        reports = set(map(id, self._tracer.reports_at(row.place)))
        return any(
            one.number == column + 1 and one.basis != "chosen" and role_of(one.heading) in _ACTING
            for report, columns in zip(self._reports, self._readings, strict=True)
            if id(report) in reports
            for one in columns
            if one.heading
        )

    def _row(self, row: TableRow, texts: Mapping[int, str], layout: _Layout) -> tuple[Fate, str]:
        tracer, cells = self._tracer, list(texts.values())
        if own := tracer.drafts_at(row.place):
            self._last = own
            return "action", row.place
        if row.place in self._headers or self._is_header(row):
            return "heading", ""
        if any(report.explains for report in tracer.reports_at(row.place)):
            return "not-used", ""
        used = [cell for at, cell in texts.items() if not layout.is_unused(at)] or cells
        different = list(dict.fromkeys(used))
        if not layout.roles and len(different) == 2 and role_of(different[0]):
            different = different[1:]  # a field of a card: its name and what it says
        if is_total(row) and all(_is_figure(cell) for cell in cells if cell != cells[0]):
            return "total", ""
        if all(tracer.is_over(cell) or tracer.is_title(cell) for cell in different):
            return "heading", ""
        for one in (*self._last, *(() if layout.roles else tracer.next_draft(row.place))):
            if all(one.has(cell) or one.stands_under(cell) for cell in different):
                return "part", one.place
        if row.place in self._above:
            dated = len(set(cells)) > 2 and any(map(tracer.may_be_schedule, cells))
            return ("left-over" if dated else "heading" if len(set(cells)) == 1 else "not-used"), ""
        if layout.was_read:
            return "left-over", ""
        if not layout.roles and self._has_drafts:
            return "not-used", ""  # a field of a card that has no place in an action
        return ("left-over" if self._may_act(cells, layout) else "not-used"), ""

    @cached_property
    def _has_drafts(self) -> bool:
        return any(self._tracer.drafts_at(row.place) for row in self._table.rows)

    def _is_header(self, row: TableRow) -> bool:
        """Tell whether a row is the header again, or names columns as one does."""
        if tuple(map(_letters, row.cells)) in self._header_cells:
            return True
        filled = [cell for cell in row.cells if cell.strip()]
        if len(filled) < 3 or any(len(cell) > _LONGEST_HEADING for cell in filled):
            return False
        if not self._tracer.take_header():
            return False
        unknown = (True for cell in filled if role_of(cell) is None)
        return len(list(islice(unknown, len(filled) // 4 + 1))) * 4 <= len(filled)

    def _may_act(self, cells: Sequence[str], layout: _Layout) -> bool:
        """Tell whether a row of a table that was not read may be an action: words beside a schedule.

        Under a heading of actions words are enough, unless figures alone stand beside them.
        """
        words = [cell for cell in dict.fromkeys(cells) if len(_letters(cell)) > 2 and not _is_money(cell)]
        years = sum(_YEAR.fullmatch(cell.strip()) is not None for cell in cells)
        is_field = len(set(cells)) == 2 and role_of(cells[0]) not in {None, "action"}
        if not words or is_field or (years > 1 and years + 1 >= len(cells)):
            return False  # nothing, a field of a form, or the years over a budget
        if len(cells) > 1 and any(map(self._tracer.may_be_schedule, words)):
            return len(words) > 1
        has_actions = "action" in layout.roles.values() if layout.roles else self._has_actions
        return has_actions and not (len(words) == 1 and len(cells) > 1)

    @cached_property
    def _has_actions(self) -> bool:
        cells = (cell for row in self._table.rows[:3] for cell in row.cells)
        return any(role_of(cell) == "action" for cell in cells if cell.strip())

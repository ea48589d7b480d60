"""Tables as drafts of actions.

1. A table that stands on its side (names on the left, what they say on the right) is one action; it is
   turned.
2. Rows before the header are titles; rows with one text are sections: a domain, or a goal under it.
3. Each other row is a draft; empty domains and goals are those of the row above, a row without an action goes
   on with the row above it.
4. What stands over a table (the name of its sheet, headings, a title) is the domain of rows that name none.

Which column holds what is left to ``columns``, what the words of a draft mean to ``interpret``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reminders.intake.account import TableReport
from reminders.intake.content import (
    ActionDraft,
    DocumentContent,
    Heading,
    IntakeFinding,
    Table,
    TableRow,
)
from reminders.intake.headings import Role, role_of
from reminders.intake.shapes.columns import Columns, find_header
from reminders.intake.words import bullet_lines, plain_words, squeeze, unwrap

_EMPTY_NAMES = ("sheet", "taul", "blad", "taulukko", "tabelle")
_EXPLAINING = ("readme", "ohje", "ohjeet", "instructions", "anvisningar", "info", "lists", "listat")
_COVER = 8
_TOTALS = ("total", "sum", "yhteensa", "summa", "totalt")
_SECTION_NAME = re.compile(r"([^\W\d_]+)\s+\d{1,2}(?:\.\d{1,2})*\s*[.:–—-]")
_BRACKETS = re.compile(r"(?:(?<!\s)\s+)?\(([^()]*)\)")
_LEAST_FIELDS = 3


_Reading = tuple[tuple[ActionDraft, ...], tuple[str, ...], tuple[IntakeFinding, ...], tuple[TableReport, ...]]


def read_tables(content: DocumentContent) -> _Reading:
    """Return the drafts of tables with a schedule, the titles, findings, and what became of each table.

    There is a finding for each other table of actions.
    """
    return _Walk(content).reading()


class _Walk:
    """Goes through blocks from top to bottom with the headings that hold at each."""

    def __init__(self, content: DocumentContent) -> None:
        self._content = content
        self._headings: dict[int, str] = {}
        self._first_heading = next((block.text for block in content.blocks if isinstance(block, Heading)), "")
        self._single = sum(bool(find_header(turned(one).rows)) for one in content.tables) == 1
        self._like: Columns | None = None
        self._drafts: list[ActionDraft] = []
        self._cover: list[str] = []
        self._titles: list[str] = []
        self._findings: list[IntakeFinding] = []
        self._reports: list[TableReport] = []

    def reading(self) -> _Reading:
        """Read every table; the titles of covers come first."""
        for block in self._content.blocks:
            if isinstance(block, Heading):
                above = {level: text for level, text in self._headings.items() if level < block.level}
                self._headings = {**above, block.level: block.text}
            elif isinstance(block, Table):
                explains = plain_words(block.name) in _EXPLAINING
                self._reports.append(
                    TableReport(explains=True) if explains else self._table(block, self._over(block))
                )
        drafts = tuple(draft for draft in self._drafts if draft.bullets)
        return drafts, (*self._cover, *self._titles), tuple(self._findings), tuple(self._reports)

    def _over(self, table: Table) -> _Section:
        if table.name and not plain_words(table.name).rstrip("0123456789 ").startswith(_EMPTY_NAMES):
            return _Section("" if self._single else table.name)
        names = [self._headings[level] for level in sorted(self._headings)]
        if not names or (self._single and names == [self._first_heading]):
            return _Section()
        if len(names) > 2 and names[-2] != self._first_heading:
            return _Section(names[-2], names[-1])
        return _Section(names[-1])

    def _table(self, block: Table, over: _Section) -> TableReport:
        """Read a table and return what became of it.

        One that begins without a header goes on with the columns of the one before it.
        """
        table = turned(block)
        columns = header = find_header(table.rows)
        like = self._like
        if header is None and like is not None and table.rows and len(table.rows[0].cells) == len(like.roles):
            columns = replace(like, first=0, after=0)
        if columns is None:
            self._cover += filter(None, map(_one_text, table.rows[:_COVER]))
            return TableReport()
        self._like = header or like
        titles = list(dict.fromkeys(filter(None, map(_one_text, table.rows[: columns.first]))))
        rows = _Rows(columns, wraps=self._content.wraps, over=over)
        drafts = list(rows.drafts(table.rows[columns.after :]))
        if not columns.has("schedule", "start", "end"):
            if drafts:
                place, words = table.rows[0].place, ", ".join(filter(None, table.rows[0].cells))[:200]
                self._findings.append(IntakeFinding("no-schedule-column", self._content.file, place, words))
            return _report(columns, was_read=False)
        self._titles += titles[:1]
        # The title right above the header stands over rows that have nothing else over them.
        if len(titles) > 1 or (titles and not self._single and not over.domain):
            if names_goal(titles[-1]):
                drafts = [replace(draft, goal=draft.goal or titles[-1]) for draft in drafts]
            else:
                own = {"", table.name}
                drafts = [replace(one, domain=titles[-1]) if one.domain in own else one for one in drafts]
        self._drafts += drafts
        return _report(columns, was_read=True) if table is block else TableReport(was_read=True)


def _report(columns: Columns, *, was_read: bool) -> TableReport:
    marks = tuple(column for column, _ in columns.years)
    return TableReport(was_read, columns.roles, columns.first, columns.after, marks)


def turned(table: Table) -> Table:
    """Return a table of names and values as one of a header and a row; any other as it is."""
    pairs = [(row.cells[0].strip(), row.cells[1].strip()) for row in table.rows if len(row.cells) == 2]
    if len(pairs) < _LEAST_FIELDS or len(pairs) != len(table.rows):
        return table
    known = [role for name, _ in pairs if (role := role_of(name))]
    # A second name of a role means rows of a list, not the fields of one action.
    few = len(known) * 4 < len(pairs) * 3
    if few or not {"action", "schedule"} <= set(known) or known.count("action") > 1:
        return table
    place = table.rows[0].place
    return Table(tuple(TableRow(tuple(texts), place) for texts in zip(*pairs, strict=True)), table.name)


def names_goal(title: str) -> bool:
    """Tell whether a title says that it is a goal: "Goal 2: Clean water"."""
    found = _SECTION_NAME.match(title)
    return bool(found and role_of(found[1]) == "goal")


def _one_text(row: TableRow) -> str:
    texts = {squeeze(cell) for cell in row.cells if cell.strip()}
    return texts.pop() if len(texts) == 1 else ""


@dataclass(frozen=True, slots=True)
class _Section:
    domain: str = ""
    goal: str = ""


class _Rows:
    """Reads rows in order; what stands over a row is remembered from those above it."""

    def __init__(self, columns: Columns, *, wraps: bool, over: _Section) -> None:
        self._columns = columns
        self._wraps = wraps
        self._over = over
        self._above: dict[Role, str] = {}
        self._opens = False

    def drafts(self, rows: Sequence[TableRow]) -> Iterator[ActionDraft]:
        """Yield the drafts; a row that goes on is put to the one before it."""
        last: ActionDraft | None = None
        for number, row in enumerate(rows):
            after = rows[number + 1] if number + 1 < len(rows) else None
            if self._skip(row) or self._section(row, after):
                continue
            draft = self._draft(row)
            # A page may tear a row: the rest has no action, or begins in the middle of one.
            torn = self._wraps and bool(draft.bullets) and draft.bullets[0][:1].islower()
            if last and (not draft.bullets or (torn and last.schedule and not draft.schedule)):
                last = _with_rest(last, draft)
                continue
            if last:
                yield last
            last = draft
        if last:
            yield last

    def _skip(self, row: TableRow) -> bool:
        """Tell whether a row is blank, a header again (its columns are taken over) or a total."""
        if again := self._columns.again(row):
            self._columns = again
            return True
        first = next((cell for cell in row.cells if cell.strip()), "")
        return not first or squeeze(first).casefold() in _TOTALS

    def _section(self, row: TableRow, after: TableRow | None) -> bool:
        """Take a row with one text over all columns, or before all others, as what stands over the next.

        The first is a domain, one right under another a goal of it. Return whether the row is one.
        """
        text = _one_text(row)
        filled = [column for column, cell in enumerate(row.cells) if cell.strip()]
        if not text:
            return False
        if not row.spans:
            role = self._columns.role(filled[0])
            first = filled[0] == 0 or role in {"number", None}
            heads = after is not None and role not in {"domain", "goal"} and first
            if len(row.cells) <= 2 or len(filled) > 1 or not heads:
                return False
        is_last = after is not None and not _one_text(after)
        self._above.clear()
        if names_goal(text):
            self._over = replace(self._over, goal=text)
            return True
        if self._opens and is_last and not self._columns.has("goal"):
            self._over = replace(self._over, goal=text)
        else:
            self._over = _Section(text)
        self._opens = not is_last
        return True

    def _draft(self, row: TableRow) -> ActionDraft:
        cells = self._columns.cells(row)
        if domain := unwrap(cells.get("domain", "")):
            if domain != self._above.get("domain"):
                self._above.pop("goal", None)
            self._above["domain"] = domain
        if goal := unwrap(cells.get("goal", "")):
            self._above["goal"] = goal
        # The line breaks of a cell are the paper's, or they were meant and stay.
        text = {
            role: unwrap(cell) if self._wraps else "\n".join(filter(None, map(squeeze, cell.split("\n"))))
            for role, cell in cells.items()
        }
        responsible, partners = text.get("responsible", ""), text.get("partners", "")
        if self._columns.partners_in_brackets:
            partners = ", ".join(filter(None, (partners, *_BRACKETS.findall(responsible))))
            responsible = _BRACKETS.sub("", responsible)
        return ActionDraft(
            place=row.place,
            bullets=bullet_lines(cells.get("action", ""), wraps=self._wraps),
            domain=self._above.get("domain") or self._over.domain,
            goal=self._above.get("goal") or self._over.goal,
            schedule=_schedule(text),
            responsible=responsible,
            partners=partners,
            indicator=text.get("indicator", ""),
        )


def _schedule(text: Mapping[Role, str]) -> str:
    """Return the schedule, put together where start and end have columns of their own."""
    whole, start, end = (text.get(role, "") for role in ("schedule", "start", "end"))
    if whole and (start or end) and whole not in {start, end}:
        return f"{whole} {start}".strip()
    if start and end:
        return start if start == end else f"{start}–{end}"
    return whole or start or end


def _with_rest(draft: ActionDraft, more: ActionDraft) -> ActionDraft:
    def both(first: str, second: str) -> str:
        return first if not second or second == first else unwrap(f"{first}\n{second}")

    bullets = draft.bullets
    if bullets and more.bullets:
        bullets = (*bullets[:-1], both(bullets[-1], more.bullets[0]), *more.bullets[1:])
    names = ("schedule", "responsible", "partners", "indicator")
    texts = {name: both(getattr(draft, name), getattr(more, name)) for name in names}
    return replace(draft, bullets=bullets, **texts)

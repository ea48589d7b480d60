"""Tables as drafts of actions.

1. A table is taken apart where several stand in it (``parts``); one of names and what they say is a card or
   a form (``cards``).
2. Rows before the header are titles; rows with one text are sections: a domain, or a goal under it.
3. Each other row is a draft; empty domains and goals are those of the row above, a row without an action goes
   on with the row above it.
4. What stands over a table (the name of its sheet, headings, a title) is the domain of rows that name none,
   or their schedule where it is a period and the table has no column for one.
5. Tables of money, indicators, risks or people are no actions (``other_tables``).

Which column holds what is left to ``columns``, what the words of a draft mean to ``interpret``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

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
from reminders.intake.shapes.cards import Card, read_cards
from reminders.intake.shapes.columns import Columns, find_header
from reminders.intake.shapes.in_sentences import schedule_in
from reminders.intake.shapes.other_tables import is_note, is_other_table, is_total
from reminders.intake.shapes.parts import table_parts
from reminders.intake.shapes.periods import in_year, is_period, names_day, period_words, years_in
from reminders.intake.shapes.schedule_words import is_schedule, sure_schedule
from reminders.intake.words import bullet_lines, capitalised, plain_words, squeeze, unwrap

_EMPTY_NAMES = ("sheet", "taul", "blad", "taulukko", "tabelle", "ark")
_EXPLAINING = ("readme", "ohje", "ohjeet", "instructions", "anvisningar", "info", "lists", "listat")
_COVER = 8
_SECTION_NAME = re.compile(r"([^\W\d_]+)\s+\d{1,2}(?:\.\d{1,2})*\s*[.:–—-]")
_BRACKETS = re.compile(r"(?:(?<!\s)\s+)?\(([^()]*)\)")
_BEGINS = re.compile(r", column (\d+)$")
"""Where a table beside another one begins: its places say so."""
_LEAST_SHARE = 0.5
_LEAST_COLUMNS = 3
_LEAST_ANSWERED = 3
_MOST_SENTENCES = 2_000
_LEAST_MERGED = 2
_REPEATED: tuple[Role, ...] = ("schedule", "start", "end", "responsible", "partners")
_SAME = frozenset(
    (
        "ditto", "dito", "do", "d o", "id", "idem", "sama", "samat", "samoin", "sama kuin ylla", "ks ylla",
        "sama kuin edella", "same", "same as above", "see above", "samma", "samma som ovan", "se ovan",
    )
)  # fmt: skip
_DITTO = frozenset(
    ('"', "”", "“", "''", "’’", "〃", "-”-", '-"-', "–”–", "—”—", '—"—', "- ” -", '- " -', "„")
)
_WHEN: tuple[Role, ...] = ("schedule", "start", "end")


_Reading = tuple[tuple[ActionDraft, ...], tuple[str, ...], tuple[IntakeFinding, ...], tuple[TableReport, ...]]


def explains(table: Table) -> bool:
    """Tell whether a sheet only explains others, by its name: instructions, lists to choose from."""
    return plain_words(table.name) in _EXPLAINING


def read_tables(content: DocumentContent, *, unscheduled: bool = False) -> _Reading:
    """Return the drafts of tables with a schedule, the titles, findings, and what became of each table.

    There is a finding for each other table of actions; where ``unscheduled``, one that names by its headings
    what is to be done and who is responsible, and does so in most rows, is read too.
    """
    return _Walk(content, unscheduled=unscheduled).reading()


@dataclass(frozen=True, slots=True)
class _Part:
    """The drafts of one table, and whether its header names no goals in the place of actions."""

    drafts: tuple[ActionDraft, ...]
    explicit: bool


class _Walk:
    """Goes through blocks from top to bottom with the headings that hold at each."""

    def __init__(self, content: DocumentContent, *, unscheduled: bool) -> None:
        self._content = content
        self._unscheduled = unscheduled
        self._headings: dict[int, str] = {}
        self._first_heading = next((block.text for block in content.blocks if isinstance(block, Heading)), "")
        self._parts_of = [tuple(table_parts(one)) for one in content.tables]
        self._headers = {id(one): find_header(one.rows) for some in self._parts_of for one in some}
        read = [
            any(self._headers[id(one)] or read_cards(one.rows) for one in some) for some in self._parts_of
        ]
        self._single = sum(read) == 1
        self._like: Columns | None = None
        self._form: tuple[int, Card] | None = None
        self._parts: list[_Part] = []
        self._cover: list[str] = []
        self._titles: list[str] = []
        self._findings: list[IntakeFinding] = []
        self._reports: list[TableReport] = []

    def reading(self) -> _Reading:
        """Read every table; the titles of covers come first."""
        parts_of = iter(self._parts_of)
        for block in self._content.blocks:
            parts = next(parts_of) if isinstance(block, Table) else ()
            if isinstance(block, Heading):
                if self._form and block.level <= self._form[0]:
                    self._end_form()
                above = {level: text for level, text in self._headings.items() if level < block.level}
                self._headings = {**above, block.level: block.text}
            elif isinstance(block, Table) and not explains(block):
                for number, part in enumerate(parts):
                    columns = self._table(part, self._over(block), number, alone=len(parts) == 1)
                    self._reports += _report(part, columns)
            elif isinstance(block, Table):
                places = tuple(row.place for row in block.rows)
                self._reports.append(TableReport(places, explains=True))
        self._end_form()
        # Where tables name actions by that word, one that names but goals is of something else.
        named = any(part.explicit and part.drafts for part in self._parts)
        taken = [part for part in self._parts if part.explicit or not named]
        drafts = tuple(draft for part in taken for draft in part.drafts if draft.bullets)
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

    def _table(self, table: Table, over: _Section, number: int, *, alone: bool) -> Columns | None:
        """Read the ``number``-th table of a sheet; one that begins without a header may go on with the last.

        Return its columns, where it has any. What the form above it says holds for each of its rows.
        """
        if cards := read_cards(table.rows):
            self._cards(cards, over)
            return None
        columns = header = self._headers[id(table)]
        if header is None and self._like is not None and _goes_on(table, self._like):
            columns = replace(self._like, first=0, after=0)
        if columns is None:
            if number == 0:
                self._cover += filter(None, map(_one_text, table.rows[:_COVER]))
            return None
        titles = list(dict.fromkeys(filter(None, map(_one_text, table.rows[: columns.first]))))
        if is_other_table(columns, table.rows, [*titles[-1:], over.goal or over.domain]):
            return columns
        self._like = header or self._like
        years = years_in([*reversed(titles), table.name, *self._names_above(), self._content.title])
        columns = replace(columns, periods=in_year(columns.periods, years))
        rows = _Rows(columns, wraps=self._content.wraps, over=over, table=table, year=_one_year(years))
        drafts = list(rows.drafts(table.rows[columns.after :]))
        forms = read_cards(table.rows[: columns.first])
        titles = [forms[0].title] if forms and forms[0].title else titles
        form = forms[0] if forms else self._form[1] if self._form else None
        if form is not None:
            drafts = [_with_form(draft, form) for draft in drafts]
        if not columns.has("schedule", "start", "end"):
            drafts = self._scheduled(drafts, [*reversed(titles), table.name, *self._names_above()], years)
        explicit = not _names_goals_alone(columns, table)
        is_scheduled = columns.has("schedule", "start", "end") or any(draft.schedule for draft in drafts)
        if not is_scheduled and not (self._unscheduled and explicit and _are_answered(drafts)):
            if drafts:
                place, words = table.rows[0].place, ", ".join(filter(None, table.rows[0].cells))[:200]
                self._findings.append(IntakeFinding("no-schedule-column", self._content.file, place, words))
            return columns
        self._form = None
        self._titles += titles[:1] if number == 0 else []
        titles = [title for title in titles if not names_day(title)]
        # The title right above the header stands over rows that have nothing else over them.
        stands_over = number or (not self._single and not over.domain) or (not alone and not years_in(titles))
        if len(titles) > 1 or (titles and stands_over):
            if names_goal(titles[-1]):
                drafts = [replace(draft, goal=draft.goal or titles[-1]) for draft in drafts]
            else:
                own = {"", table.name, *([over.domain] if number else [])}
                drafts = [replace(one, domain=titles[-1]) if one.domain in own else one for one in drafts]
        self._parts.append(_Part(tuple(drafts), explicit=explicit))
        return columns

    def _names_above(self) -> list[str]:
        """Return the headings that hold, the nearest first."""
        return [self._headings[level] for level in sorted(self._headings, reverse=True)]

    def _scheduled(
        self, drafts: Sequence[ActionDraft], names: Sequence[str], years: Sequence[int]
    ) -> list[ActionDraft]:
        """Give drafts without a schedule the period over their table, else the one in their own words."""
        year = _one_year(years)
        words = next((found for name in names if (found := period_words(name, year))), "")
        if words:
            return [_in_period(draft, words) for draft in drafts]
        if len(drafts) > _MOST_SENTENCES:
            return list(drafts)
        made = [replace(draft, schedule=schedule_in(" ".join(draft.bullets))) for draft in drafts]
        if sum(bool(draft.schedule) for draft in made) >= _LEAST_SHARE * len(made):
            return [one if one.schedule else draft for one, draft in zip(made, drafts, strict=True)]
        named = next((name for name in names if schedule_in(name)), "")
        return [replace(draft, schedule=draft.schedule or schedule_in(named)) for draft in drafts]

    def _cards(self, cards: Sequence[Card], over: _Section) -> None:
        """Take cards as actions; a lone one may be the form over a table of them."""
        self._end_form()
        level = max(self._headings, default=0)
        if len(cards) == 1:
            self._form = (level, cards[0])
        else:
            self._add_cards(cards, over)

    def _end_form(self) -> None:
        """Take a form that no table of actions followed as an action."""
        if self._form:
            card, self._form = self._form[1], None
            self._add_cards([card], _Section())

    def _add_cards(self, cards: Sequence[Card], over: _Section) -> None:
        names = [name for name in reversed(self._names_above()) if name != self._first_heading]
        drafts = []
        for card in cards:
            above = list(names)
            bullets = bullet_lines(card.text("action") or card.title, wraps=self._content.wraps)
            if not bullets and len(cards) == 1 and above:
                bullets = (above.pop(),)
            elif bullets and above and plain_words(above[-1]) == plain_words(bullets[0]):
                above.pop()
            domain = card.text("domain") or next(iter(above[-2:]), "") or over.domain
            goal = card.text("goal") or (above[-1] if len(above) > 1 and above[-1] != domain else "")
            texts: dict[Role, str] = {role: card.text(role) for role in _WHEN}
            drafts.append(
                ActionDraft(
                    place=card.place,
                    bullets=bullets,
                    domain=unwrap(domain),
                    goal=unwrap(goal),
                    schedule=_schedule({role: text for role, text in texts.items() if text}),
                    responsible=card.text("responsible"),
                    partners=card.text("partners"),
                    indicator=card.text("indicator"),
                )
            )
        self._parts.append(_Part(tuple(drafts), explicit=True))


def _report(part: Table, columns: Columns | None) -> Iterator[TableReport]:
    """Yield what became of a table, where its columns were found."""
    if columns is not None:
        offset = _BEGINS.search(part.rows[0].place) if part.rows else None
        places = tuple(_BEGINS.sub("", row.place) for row in part.rows)
        marks = tuple(one.column for one in columns.periods)
        header = places[columns.first : columns.after]
        yield TableReport(places, columns.roles, header, marks, int(offset[1]) - 1 if offset else 0)


def _names_goals_alone(columns: Columns, table: Table) -> bool:
    """Tell whether the heading over what is read as an action names but a goal."""
    at = columns.roles.index("action") if "action" in columns.roles else None
    if at is None:
        return False
    heads = [row.cells[at] for row in table.rows[columns.first : columns.after] if at < len(row.cells)]
    roles = set(map(role_of, heads))
    return "goal" in roles and "action" not in roles


def _are_answered(drafts: Sequence[ActionDraft]) -> bool:
    """Tell whether most of several drafts name who is responsible."""
    answered = sum(bool(draft.responsible and draft.bullets) for draft in drafts)
    return answered >= max(_LEAST_ANSWERED, _LEAST_SHARE * len(drafts))


def _goes_on(table: Table, like: Columns) -> bool:
    """Tell whether a table without a header goes on with the columns of another: as wide, with schedules."""
    if not table.rows or len(table.rows[0].cells) != len(like.roles):
        return False
    first = [cell for cell in table.rows[0].cells if cell.strip()]
    if sum(bool(role_of(cell)) or is_period(cell) for cell in first) * 2 > len(first) or len(first) < 2:
        return False
    ats = [at for at, role in enumerate(like.roles) if role in {"schedule", "start", "end"}]
    cells = [squeeze(row.cells[at]) for row in table.rows for at in ats if at < len(row.cells)]
    filled = [cell for cell in cells if cell]
    return sum(map(is_schedule, filled)) >= _LEAST_SHARE * len(filled)


def _with_form(draft: ActionDraft, form: Card) -> ActionDraft:
    """Return a draft with what a form over its table says, where the row itself says nothing."""
    schedule = form.text("schedule") or _schedule({"start": form.text("start"), "end": form.text("end")})
    partners = draft.partners if draft.responsible or draft.partners else form.text("partners")
    return replace(
        draft,
        domain=draft.domain or form.text("domain") or form.title,
        goal=draft.goal or form.text("goal"),
        schedule=draft.schedule or schedule,
        responsible=draft.responsible or form.text("responsible"),
        partners=partners,
    )


def _in_period(draft: ActionDraft, words: str) -> ActionDraft:
    """Return a draft with the period that its table is of; a month without a year comes each year."""
    if draft.schedule:
        return draft
    return replace(draft, schedule=words, yearly=sure_schedule(words) is None)


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

    def __init__(self, columns: Columns, *, wraps: bool, over: _Section, table: Table, year: str) -> None:
        self._columns = columns
        self._wraps = wraps
        self._over = over
        self._above: dict[Role, str] = {}
        self._last: dict[Role, str] = {}
        self._opens = False
        self._header = {row.cells for row in table.rows[columns.first : columns.after]}
        self._spanning = columns.has("start") and columns.has("end")
        body = table.rows[columns.after :]
        self._merged = frozenset(_merged_roles(columns, body))
        self._year = year
        self._by_month = _is_by_month(columns, body)
        self._numbered = _are_numbered(columns, body)

    def drafts(self, rows: Sequence[TableRow]) -> Iterator[ActionDraft]:
        """Yield the drafts; a row that goes on is put to the one before it."""
        last: ActionDraft | None = None
        rows = rows[: len(rows) - _notes(rows)]
        for number, row in enumerate(rows):
            after = rows[number + 1] if number + 1 < len(rows) else None
            if self._skip(row) or self._section(row, after):
                continue
            if self._columns.actions_by_period:
                yield from self._period_drafts(row)
                continue
            draft = self._draft(row)
            if self._by_month:
                yield from self._month_drafts(draft)
                continue
            # A page may tear a row: the rest has no action, or begins in the middle of one.
            torn = self._wraps and bool(draft.bullets) and draft.bullets[0][:1].islower()
            goes_on = not draft.bullets or (torn and last and last.schedule and not draft.schedule)
            if last and (goes_on or _differ_in_indicator(last, draft)):
                last = _with_rest(last, draft)
                continue
            if last:
                yield last
            last = draft
        if last:
            yield last

    def _period_drafts(self, row: TableRow) -> Iterator[ActionDraft]:
        """Yield what stands under each period of a row, an item each."""
        draft = self._draft(row)
        for one in self._columns.periods:
            text = row.cells[one.column] if one.column < len(row.cells) else ""
            for number, item in enumerate(bullet_lines(text, wraps=self._wraps), start=1):
                place = f"{row.place}, column {one.column + 1}" + (f", item {number}" if number > 1 else "")
                yield _in_period(replace(draft, place=place, bullets=(item,), schedule=""), one.words)

    def _month_drafts(self, draft: ActionDraft) -> Iterator[ActionDraft]:
        """Yield each item of a month as an action of its own."""
        month = draft.schedule
        words = period_words(month, self._year) or month
        for number, bullet in enumerate(draft.bullets, start=1):
            place = draft.place + (f", item {number}" if number > 1 else "")
            yield _in_period(replace(draft, place=place, bullets=(bullet,), schedule=""), words)

    def _skip(self, row: TableRow) -> bool:
        """Tell whether a row is blank, a header again (its columns are taken over) or a total."""
        if row.cells in self._header:
            return True
        if again := self._columns.again(row):
            self._columns = again
            return True
        return not any(cell.strip() for cell in row.cells) or is_total(row) or self._is_pair(row)

    def _is_pair(self, row: TableRow) -> bool:
        """Tell whether a row is a name and what it says over all other columns: a form goes on there."""
        rest = {cell for cell in row.cells[1:] if cell.strip()}
        return len(row.cells) > 2 and len(rest) == 1 and all(row.cells[1:]) and not row.spans

    def _section(self, row: TableRow, after: TableRow | None) -> bool:
        """Take a row with one text over all columns, or before all others, as what stands over the next.

        The first is a domain, one right under another a goal of it. Return whether the row is one.
        """
        text = _one_text(row)
        filled = [column for column, cell in enumerate(row.cells) if cell.strip()]
        if not text and after is not None and (text := _numbered_title(row, after, filled)):
            self._above.clear()
            self._over = _Section(text)
            self._opens = False
            return True
        if not text:
            return False
        if self._merged and len(filled) == 1 and self._columns.role(filled[0]) == "action":
            return False
        if not row.spans:
            role = self._columns.role(filled[0])
            first = filled[0] == 0 or role in {"number", None} or self._lacks_number(row, after, filled[0])
            heads = after is not None and role not in {"domain", "goal"} and first
            if len(self._columns.roles) <= 2 or len(filled) > 1 or not heads:
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

    def _lacks_number(self, row: TableRow, after: TableRow | None, at: int) -> bool:
        """Tell whether a row with one text has no number, where actions have one before them: a title."""
        roles = self._columns.roles
        number = roles.index("number") if "number" in roles else len(roles)
        action = roles.index("action") if "action" in roles else 0
        if not self._numbered or after is None or not number < at <= action:
            return False
        below = [column for column, cell in enumerate(after.cells) if cell.strip()]
        return capitalised(squeeze(row.cells[at])) and {number, at} < set(below)

    def _draft(self, row: TableRow) -> ActionDraft:
        cells = self._with_above(self._columns.cells(row))
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
            schedule=self._when(text),
            yearly=self._is_yearly(text),
            responsible=responsible,
            partners=partners,
            indicator=text.get("indicator", ""),
        )

    def _with_above(self, cells: Mapping[Role, str]) -> dict[Role, str]:
        """Return the cells of a row, with those above it where a mark or a merged cell says the same."""
        made = dict(cells)
        for role in _REPEATED:
            text = made.get(role, "")
            is_same = plain_words(text) in _SAME or squeeze(text) in _DITTO if text else role in self._merged
            if is_same and role in self._last:
                made[role] = self._last[role]
            elif made.get(role):
                self._last[role] = made[role]
            elif role not in self._merged:
                self._last.pop(role, None)
        return made

    def _when(self, text: Mapping[Role, str]) -> str:
        """Return the schedule; with a column for the end, a start without one stays open."""
        start, end = text.get("start", ""), text.get("end", "")
        if self._spanning and start and not end and not text.get("schedule"):
            found = sure_schedule(squeeze(start))
            if found is not None and found.kind == "single":
                return f"{start}–"
        return _schedule(text)

    def _is_yearly(self, text: Mapping[Role, str]) -> bool:
        """Tell whether the schedule is a part of each year: marks under months without a year."""
        marked = bool(self._columns.periods) and bool(text.get("schedule"))
        return marked and sure_schedule(squeeze(text["schedule"])) is None


def _numbered_title(row: TableRow, after: TableRow, filled: Sequence[int]) -> str:
    """Return the number and title of a row, where the next row is numbered under it: 1 and 1.1."""
    if len(filled) != 2 or len(row.cells) < _LEAST_COLUMNS:
        return ""
    number, title = (squeeze(row.cells[at]) for at in filled)
    below = after.cells[filled[0]].strip() if filled[0] < len(after.cells) else ""
    bare = number.rstrip(".")
    is_under = bare.isdigit() and re.match(rf"{bare}[.\s]\s?[\da-z]", below)
    return f"{number} {title}" if is_under else ""


def _merged_roles(columns: Columns, rows: Sequence[TableRow]) -> Iterator[Role]:
    """Yield the roles of columns that are filled where a goal or domain begins, and nowhere else.

    So a table looks whose merged cells were written as one filled cell and empty ones under it.
    """
    over = next((at for at, role in enumerate(columns.roles) if role in {"goal", "domain"}), None)
    if over is None:
        return
    filled = [[bool(cell.strip()) for cell in row.cells] for row in rows if any(row.cells)]
    filled = [cells for cells in filled if len(cells) == len(columns.roles)]
    begins = [cells[over] for cells in filled]
    if begins.count(False) < _LEAST_MERGED or not begins[0]:
        return
    for at, role in enumerate(columns.roles):
        alike = [cells[at] for cells in filled] == begins
        if role in _REPEATED and alike and columns.roles.count(role) == 1:
            yield role


def _are_numbered(columns: Columns, rows: Sequence[TableRow]) -> bool:
    """Tell whether most rows of a table have a number in its column, whatever else they say."""
    at = columns.roles.index("number") if "number" in columns.roles else None
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    numbers = [row for row in filled if at is not None and at < len(row.cells) and row.cells[at].strip()]
    return len(numbers) > _LEAST_SHARE * len(filled)


def _is_by_month(columns: Columns, rows: Sequence[TableRow]) -> bool:
    """Tell whether rows are months of no year, before what is to be done in each, and nobody is named."""
    roles = list(columns.roles)
    if "schedule" not in roles or "action" not in roles or columns.periods:
        return False
    when = roles.index("schedule")
    texts = [squeeze(row.cells[when]) for row in rows if when < len(row.cells) and row.cells[when].strip()]
    months = [text for text in texts if period_words(text) and sure_schedule(text) is None]
    return len(months) > 1 and len(months) * 4 >= len(texts) * 3


def _one_year(years: Sequence[int]) -> str:
    return str(years[0]) if years and years[0] == years[-1] else ""


def _notes(rows: Sequence[TableRow]) -> int:
    """Return how many of the last rows are notes under the table: one text that says so."""
    count = 0
    while count < len(rows) and (text := _one_text(rows[-1 - count])) and is_note(text):
        count += 1
    return count


def _schedule(text: Mapping[Role, str]) -> str:
    """Return the schedule, put together where start and end have columns of their own."""
    whole, start, end = (text.get(role, "") for role in ("schedule", "start", "end"))
    if whole and (start or end) and whole not in {start, end}:
        return " ".join(filter(None, (whole, start, end)))
    if start and end:
        return start if start == end else f"{start}–{end}"
    return whole or start or end


def _differ_in_indicator(first: ActionDraft, second: ActionDraft) -> bool:
    """Tell whether two rows are one action, merged over them, with an indicator each."""
    indicators = first.indicator, second.indicator
    names = ("bullets", "domain", "goal", "schedule", "responsible", "partners")
    same = all(getattr(first, name) == getattr(second, name) for name in names)
    return same and all(indicators) and second.indicator not in first.indicator.split("\n")


def _with_rest(draft: ActionDraft, more: ActionDraft) -> ActionDraft:
    def both(first: str, second: str) -> str:
        return first if not second or second == first else unwrap(f"{first}\n{second}")

    bullets = draft.bullets
    if bullets and more.bullets:
        bullets = (*bullets[:-1], both(bullets[-1], more.bullets[0]), *more.bullets[1:])
    names = ("schedule", "responsible", "partners", "indicator")
    texts: dict[str, Any] = {name: both(getattr(draft, name), getattr(more, name)) for name in names}
    return replace(draft, bullets=bullets, **texts)

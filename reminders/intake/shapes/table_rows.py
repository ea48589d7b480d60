"""The rows of a table as drafts of actions.

1. Find the header (one row or two); columns without a known name are known by
   what stands in them.
2. Rows before it are titles; rows with one text are sections: a domain, or a
   goal under it.
3. Each other row is a draft; empty domains and goals are those of the row
   above, a row without an action goes on with the row above it.

What the words of a draft mean is left to ``interpret``.

A table that stands on its side: names on the left, what they say on the right, one action each.

What the names mean is left to ``headers``, the rows to ``table_rows``.

Which column of a table holds what: found in its header, else in what stands under it.

The names of headers are kept in ``headers``; the rows are left to
``table_rows``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from reminders.intake.headings import Role, role_of
from reminders.intake.table import ActionDraft, Table, TableRow
from reminders.intake.words import bullet_lines, plain_words, squeeze, unwrap
from schedule_rules.reading import normalise
from schedule_rules.schedule import Schedule

# -- Which column of a table holds what: found in its header, else in what stands under it

_DEEPEST_HEADER = 40
_LEAST_SHARE = 0.6
_LONGEST_SCHEDULE = 80
_LONGEST_NAME = 45
_SURE_ROLES = 3
_ALSO_INDICATORS = ("measure", "measures", "deliverable", "deliverables", "output")
_USABLE = ("single", "range", "open_range", "continuous", "recurring")
_COUNTED = frozenset(
    ("domain", "goal", "action", "schedule", "start", "end", "responsible", "partners", "indicator")
)


_YEAR = re.compile(r"20\d\d")
_LONGEST_MARK = 3
_LONGEST_PERIOD = 16
_BRACKETED = re.compile(r"\(([^()]{3,40})\)")
_PARTNERS = re.compile(r"kumppan|muut|yhteisty|partner|samarbet|samverk|ovriga|others?\b|support|cooperat")


@dataclass(frozen=True, slots=True)
class Columns:
    """The role of each column; ``first`` is the row of the header, ``after`` the row under it.

    ``years`` are columns that stand for a year or a part of one each and hold marks.
    """

    roles: tuple[Role | None, ...]
    first: int
    after: int
    years: tuple[tuple[int, str], ...] = ()
    partners_in_brackets: bool = False
    """The header of the responsible says so: "Vastuutaho (muut toimijat)"."""

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.roles)

    def has(self, role: Role) -> bool:
        """Tell whether a column has this role."""
        return role in self.roles or (role == "schedule" and bool(self.years))

    def role(self, column: int) -> Role | None:
        """Return the role of a column."""
        return self.roles[column] if column < len(self.roles) else None

    def cells(self, row: TableRow) -> Mapping[Role, str]:
        """Return the cells of a row by role, those of one role together."""
        found: dict[Role, str] = {}
        for role, cell in zip(self.roles, row.cells, strict=False):
            if role and cell.strip() and cell not in found.get(role, "").split("\n"):
                found[role] = f"{found[role]}\n{cell}" if role in found else cell
        if marked := self._marked(row):
            found.setdefault("schedule", marked)
        return found

    def _marked(self, row: TableRow) -> str:
        """Return the years that a row marks: from the first to the last."""
        cells = dict(enumerate(row.cells))
        years = [
            year for column, year in self.years if 0 < len(cells.get(column, "").strip()) <= _LONGEST_MARK
        ]
        return years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}" if years else ""

    def again(self, row: TableRow) -> Columns | None:
        """Return the columns of a row that is a header again, else None."""
        roles = _roles(row)
        filled = [cell for cell in row.cells if cell.strip()]
        sure = len(filled) >= _SURE_ROLES and sum(role is not None for role in roles) * 4 >= len(filled) * 3
        return replace(self, roles=_settled(roles, row)) if sure and _is_header(roles, row) else None

    def without_header(self) -> Columns:
        """Return the same columns for a table that begins without a header."""
        return replace(self, first=0, after=0)


def find_header(rows: Sequence[TableRow]) -> Columns | None:
    """Return the columns of the best header among the first rows, or None."""
    best: Columns | None = None
    most = 0
    for number, row in enumerate(rows[:_DEEPEST_HEADER]):
        for depth in (1, 2):
            roles = _roles(row) if depth == 1 else _two_rows(row, rows[number + 1 : number + 2])
            count = _weight(roles)
            if _is_header(roles, row) and count > most:
                best, most = Columns(_settled(roles, row), number, number + depth), count
        if best and number > best.after + 2:
            break
    return _completed(_with_brackets(_with_years(best, rows), rows), rows) if best else _by_content(rows)


def _with_brackets(columns: Columns, rows: Sequence[TableRow]) -> Columns:
    """Note that the header of the responsible names the partners in brackets."""
    header = " ".join(
        cell
        for row in rows[columns.first : columns.after]
        for role, cell in zip(columns.roles, row.cells, strict=False)
        if role == "responsible"
    )
    found = _BRACKETED.search(header)
    return replace(columns, partners_in_brackets=bool(found and _PARTNERS.search(plain_words(found[1]))))


def _with_years(columns: Columns, rows: Sequence[TableRow]) -> Columns:
    """Note the columns whose header is a year or a part of one, where there are several."""
    header = rows[columns.after - 1].cells
    years = tuple((at, squeeze(cell)) for at, cell in enumerate(header) if _is_period(squeeze(cell)))
    return replace(columns, years=years) if len(years) > 1 else columns


def _is_period(header: str) -> bool:
    """Tell whether a header is a year, or a quarter, month or half of one: such columns hold marks."""
    if _YEAR.fullmatch(header):
        return True
    return bool(_YEAR.search(header)) and len(header) <= _LONGEST_PERIOD and is_schedule(header)


def _roles(row: TableRow) -> tuple[Role | None, ...]:
    return tuple(role_of(cell) for cell in row.cells)


def _two_rows(upper: TableRow, lower: Sequence[TableRow]) -> tuple[Role | None, ...]:
    """Return the roles of a header of two rows: the lower one counts where it names anything."""
    texts = {cell for cell in upper.cells if cell}
    if not lower or len(texts) < 2 or len(lower[0].cells) != len(upper.cells):
        return ()
    under = lower[0]
    known = [
        role_of(cell) for above, cell in zip(upper.cells, under.cells, strict=True) if cell and cell != above
    ]
    if not known or None in known:
        return ()
    return tuple(
        role_of(cell) or role_of(above) for above, cell in zip(upper.cells, under.cells, strict=True)
    )


def _weight(roles: Sequence[Role | None]) -> int:
    return len(_COUNTED.intersection(role for role in roles if role))


def _is_header(roles: Sequence[Role | None], row: TableRow) -> bool:
    """Tell whether a row names an action or a goal and something else that counts, in few words."""
    named = {role for role in roles if role}
    filled = [cell for cell in row.cells if cell.strip()]
    short = sum(map(len, filled)) <= _LONGEST_NAME * len(filled)
    known = sum(role is not None for role in roles) * 2 >= sum(not _is_period(cell) for cell in filled)
    return bool(named & {"action", "goal"}) and len(named & _COUNTED) >= 2 and short and known


def _settled(roles: Sequence[Role | None], row: TableRow) -> tuple[Role | None, ...]:
    """Make sense of a header as a whole: no action but two goals, two actions, no one responsible."""
    settled = list(roles)
    if "action" not in settled:
        # Only goals are named: what is to be done stands in the last of them.
        settled[len(settled) - 1 - settled[::-1].index("goal")] = "action"
    actions = [column for column, role in enumerate(settled) if role == "action"]
    for column in actions[1:]:
        measures = plain_words(row.cells[column]) in _ALSO_INDICATORS and "indicator" not in settled
        settled[column] = "indicator" if measures else "other"
    goals = [column for column, role in enumerate(settled) if role == "goal"]
    for column in goals[1:]:
        if column > settled.index("action") and "indicator" not in settled:
            settled[column] = "indicator"  # a target behind the action, beside the goal before it
    if "responsible" not in settled and "partners" in settled:
        settled[settled.index("partners")] = "responsible"
    return tuple(settled)


# -- columns without a known name -------------------------------------------------


def _completed(columns: Columns, rows: Sequence[TableRow]) -> Columns:
    """Give the schedule's role to a column that holds schedules, where no header names one."""
    if columns.has("schedule") or columns.has("start") or columns.has("end"):
        return columns
    body = rows[columns.after :]
    free = [column for column, role in enumerate(columns.roles) if role in {None, "other"}]
    best = max(free, key=lambda column: _share(body, column), default=None)
    if best is None or _share(body, best) < _LEAST_SHARE:
        return columns
    roles = (*columns.roles[:best], "schedule", *columns.roles[best + 1 :])
    return replace(columns, roles=roles)


def _by_content(rows: Sequence[TableRow]) -> Columns | None:
    """Return the columns of a table whose header has unknown names, by what stands in them."""
    if len(rows) < 3:
        return None
    width = max(len(row.cells) for row in rows)
    body = rows[1:]
    shares = [_share(body, column) for column in range(width)]
    when = max(range(width), key=shares.__getitem__)
    others = [column for column in range(width) if column != when]
    if shares[when] < _LEAST_SHARE or not others:
        return None
    longest = max(others, key=lambda column: _length(body, column))
    roles: list[Role | None] = [_role_in(rows[0], column) for column in range(width)]
    roles[when], roles[longest] = "schedule", "action"
    return Columns(tuple(roles), 0, 1)


def _role_in(row: TableRow, column: int) -> Role | None:
    role = role_of(row.cells[column]) if column < len(row.cells) else None
    return None if role in {"action", "schedule"} else role


def _share(rows: Sequence[TableRow], column: int) -> float:
    texts = [
        squeeze(row.cells[column]) for row in rows if column < len(row.cells) and row.cells[column].strip()
    ]
    return sum(map(is_schedule, texts)) / len(texts) if len(texts) * 2 >= len(rows) and texts else 0.0


def _length(rows: Sequence[TableRow], column: int) -> int:
    return sum(len(row.cells[column]) for row in rows if column < len(row.cells))


@lru_cache(maxsize=8192)
def is_schedule(text: str) -> bool:
    """Tell whether a short text is a schedule and hardly anything else."""
    if not text or len(text) > _LONGEST_SCHEDULE:
        return False
    found = normalise(text)
    return isinstance(found, Schedule) and found.kind in _USABLE and found.certainty >= 0.8


# -- The rows of a table as drafts of actions

_KEPT: tuple[Role, ...] = ("domain", "goal")
_SECTION_NAME = re.compile(r"([^\W\d_]+)\s+\d{1,2}(?:\.\d{1,2})*\s*[.:–—-]")
_TOTALS = ("total", "sum", "yhteensa", "summa", "totalt")


@dataclass(frozen=True, slots=True)
class TableSection:
    """What stands over rows: a domain and a goal."""

    domain: str = ""
    goal: str = ""


@dataclass(frozen=True, slots=True)
class TableReading:
    """The drafts of a table, the titles above its header and what stood over its last row."""

    drafts: tuple[ActionDraft, ...]
    titles: tuple[str, ...]
    has_schedule: bool


def read_table(
    table: Table, *, wraps: bool, over: TableSection, like: Columns | None = None
) -> TableReading | None:
    """Return the drafts of a table, or None where it has no header that names actions.

    ``over`` is what stands over the table; ``like`` are the columns of the
    table before it, for one that goes on without a header.
    """
    found = find_header(table.rows)
    if found is None and like is not None and table.rows and len(table.rows[0].cells) == like.width:
        found = like.without_header()
    if found is None:
        return None
    titles = tuple(dict.fromkeys(_one_text(row) for row in table.rows[: found.first] if _one_text(row)))
    reader = _Rows(found, wraps=wraps, over=over)
    drafts = tuple(reader.drafts(table.rows[found.after :]))
    return TableReading(drafts, titles, found.has("schedule") or found.has("end") or found.has("start"))


def names_goal(title: str) -> bool:
    """Tell whether a title says that it is a goal: "Goal 2: Clean water"."""
    named = _SECTION_NAME.match(title)
    return bool(named and role_of(named[1]) == "goal")


def lone_texts(rows: Sequence[TableRow]) -> list[str]:
    """Return the texts of rows that have only one: what a cover says."""
    return [text for row in rows if (text := _one_text(row))]


def _one_text(row: TableRow) -> str:
    """Return the text of a row that has only one, else nothing."""
    texts = {squeeze(cell) for cell in row.cells if cell.strip()}
    return texts.pop() if len(texts) == 1 else ""


class _Rows:
    """Reads rows in order; what stands over a row is remembered from those above it."""

    def __init__(self, columns: Columns, *, wraps: bool, over: TableSection) -> None:
        self._columns = columns
        self._wraps = wraps
        self._over = over
        self._kept: dict[Role, str] = {}
        self._sections = 0

    def drafts(self, rows: Sequence[TableRow]) -> Iterator[ActionDraft]:
        """Yield the drafts; a row that goes on is put to the one before it."""
        last: ActionDraft | None = None
        for number, row in enumerate(rows):
            if self._skip(row):
                continue
            if self._section(row, rows[number + 1] if number + 1 < len(rows) else None):
                continue
            draft = self._draft(row)
            if last and (self._goes_on(row, draft) or self._is_torn(last, draft)):
                last = _extended(last, draft)
                continue
            if last:
                yield last
            last = draft
        if last:
            yield last

    def _skip(self, row: TableRow) -> bool:
        """Tell whether a row is blank, a header again (its columns are taken over) or a total."""
        again = self._columns.again(row)
        if again:
            self._columns = again
        first = next((cell for cell in row.cells if cell.strip()), "")
        return bool(again) or not first or squeeze(first).casefold() in _TOTALS

    def _section(self, row: TableRow, after: TableRow | None) -> bool:
        """Take a row with one text over all columns, or before all others, as what stands over the next."""
        text = _one_text(row)
        filled = [number for number, cell in enumerate(row.cells) if cell.strip()]
        if not text or not filled:
            return False
        alone = row.spans or (len(row.cells) > 2 and len(filled) == 1 and self._may_head(filled[0], after))
        if not alone:
            return False
        self._take_section(text, is_last=after is not None and not _one_text(after))
        return True

    def _may_head(self, column: int, after: TableRow | None) -> bool:
        role = self._columns.role(column)
        if role in {"domain", "goal"} or after is None:
            return False
        return column == 0 or role in {"number", None}

    def _take_section(self, text: str, *, is_last: bool) -> None:
        """Take a first section as a domain, one right under another as a goal of it."""
        self._kept.clear()
        if names_goal(text):
            self._over = replace(self._over, goal=text)
            return
        if self._sections and is_last and not self._columns.has("goal"):
            self._over = replace(self._over, goal=text)
        else:
            self._over = TableSection(text)
        self._sections = 0 if is_last else 1

    def _goes_on(self, row: TableRow, draft: ActionDraft) -> bool:
        """Tell whether a row has no action of its own: the rest of the row above, broken by a page."""
        return not draft.bullets and any(cell.strip() for cell in row.cells)

    def _is_torn(self, last: ActionDraft, draft: ActionDraft) -> bool:
        """Tell whether a page tore a row: in the middle of the action, what was said of it said above."""
        begins_small = bool(draft.bullets) and draft.bullets[0][:1].islower()
        return self._wraps and begins_small and bool(last.schedule) and not draft.schedule

    def _draft(self, row: TableRow) -> ActionDraft:
        cells = self._columns.cells(row)
        for role in _KEPT:
            self._keep(role, cells)
        text = {role: unwrap(cell) if self._wraps else squeeze_lines(cell) for role, cell in cells.items()}
        if self._columns.partners_in_brackets:
            text.update(_unbracketed(text.get("responsible", ""), text.get("partners", "")))
        return ActionDraft(
            place=row.place,
            bullets=bullet_lines(cells.get("action", ""), wraps=self._wraps),
            domain=self._kept.get("domain") or self._over.domain,
            goal=self._kept.get("goal") or self._over.goal,
            schedule=_schedule(text),
            responsible=text.get("responsible", ""),
            partners=text.get("partners", ""),
            indicator=text.get("indicator", ""),
            number=text.get("number", ""),
        )

    def _keep(self, role: Role, cells: Mapping[Role, str]) -> None:
        value = unwrap(cells.get(role, ""))
        if not value:
            return
        if role == "domain" and value != self._kept.get("domain"):
            self._kept.pop("goal", None)
        self._kept[role] = value


def squeeze_lines(text: str) -> str:
    """Return a cell whose line breaks were meant: one blank inside lines, the breaks kept."""
    return "\n".join(filter(None, (squeeze(line) for line in text.split("\n"))))


_BRACKETS = re.compile(r"\s*\(([^()]*)\)")


def _unbracketed(responsible: str, partners: str) -> dict[Role, str]:
    """Return leads and partners of a cell whose header says that the partners stand in brackets."""
    inside = _BRACKETS.findall(responsible)
    return {
        "responsible": _BRACKETS.sub("", responsible),
        "partners": ", ".join(filter(None, (partners, *inside))),
    }


def _schedule(text: Mapping[Role, str]) -> str:
    """Return the schedule, put together where start and end have columns of their own."""
    whole = text.get("schedule", "")
    start, end = text.get("start", ""), text.get("end", "")
    if whole and (start or end) and whole not in {start, end}:
        return f"{whole} {start or ''}".strip()
    if start and end:
        return start if start == end else f"{start}–{end}"
    return whole or start or end


def _extended(draft: ActionDraft, more: ActionDraft) -> ActionDraft:
    """Return ``draft`` with the texts of the row that goes on with it."""

    def both(first: str, second: str) -> str:
        return first if not second or second == first else unwrap(f"{first}\n{second}")

    bullets = draft.bullets
    if bullets and more.bullets:
        bullets = (*bullets[:-1], both(bullets[-1], more.bullets[0]), *more.bullets[1:])
    return replace(
        draft,
        bullets=bullets,
        schedule=both(draft.schedule, more.schedule),
        responsible=both(draft.responsible, more.responsible),
        partners=both(draft.partners, more.partners),
        indicator=both(draft.indicator, more.indicator),
    )


# -- A table that stands on its side: names on the left, what they say on the right, one action

_LEAST = 3
_NEEDED: frozenset[Role] = frozenset(("action", "schedule"))


def as_row(table: Table) -> Table | None:
    """Return a table of names and values as one of a header and a row, or None where it is none."""
    pairs = [(row.cells[0].strip(), row.cells[1].strip()) for row in table.rows if len(row.cells) == 2]
    if len(pairs) < _LEAST or len(pairs) != len(table.rows):
        return None
    roles = [role_of(name) for name, _ in pairs]
    known = [role for role in roles if role]
    # A second name of a role means rows of a list, not the fields of one action.
    if _NEEDED - set(known) or len(known) * 4 < len(pairs) * 3 or known.count("action") > 1:
        return None
    place = table.rows[0].place
    cells = zip(*pairs, strict=True)
    return Table(tuple(TableRow(tuple(texts), place) for texts in cells), table.name)

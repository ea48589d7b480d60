"""The rows of a table as drafts of actions.

1. Find the header (one row or two); columns without a known name are known by
   what stands in them.
2. Rows before it are titles; rows with one text are sections: a domain, or a
   goal under it.
3. Each other row is a draft; empty domains and goals are those of the row
   above, a row without an action goes on with the row above it.

What the words of a draft mean is left to ``interpret``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reminders.intake.columns_known import Columns, find_header
from reminders.intake.headers import Role, role_of
from reminders.intake.table import Draft, Row, Table
from reminders.intake.words import bullets, squeeze, unwrap

_KEPT: tuple[Role, ...] = ("domain", "goal")
_SECTION_NAME = re.compile(r"([^\W\d_]+)\s+\d{1,2}(?:\.\d{1,2})*\s*[.:–—-]")
_TOTALS = ("total", "sum", "yhteensa", "summa", "totalt")


@dataclass(frozen=True, slots=True)
class Section:
    """What stands over rows: a domain and a goal."""

    domain: str = ""
    goal: str = ""


@dataclass(frozen=True, slots=True)
class TableReading:
    """The drafts of a table, the titles above its header and what stood over its last row."""

    drafts: tuple[Draft, ...]
    titles: tuple[str, ...]
    has_schedule: bool


def read_table(
    table: Table, *, wraps: bool, over: Section, like: Columns | None = None
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


def lone_texts(rows: Sequence[Row]) -> list[str]:
    """Return the texts of rows that have only one: what a cover says."""
    return [text for row in rows if (text := _one_text(row))]


def _one_text(row: Row) -> str:
    """Return the text of a row that has only one, else nothing."""
    texts = {squeeze(cell) for cell in row.cells if cell.strip()}
    return texts.pop() if len(texts) == 1 else ""


class _Rows:
    """Reads rows in order; what stands over a row is remembered from those above it."""

    def __init__(self, columns: Columns, *, wraps: bool, over: Section) -> None:
        self._columns = columns
        self._wraps = wraps
        self._over = over
        self._kept: dict[Role, str] = {}
        self._sections = 0

    def drafts(self, rows: Sequence[Row]) -> Iterator[Draft]:
        """Yield the drafts; a row that goes on is put to the one before it."""
        last: Draft | None = None
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

    def _skip(self, row: Row) -> bool:
        """Tell whether a row is blank, a header again (its columns are taken over) or a total."""
        again = self._columns.again(row)
        if again:
            self._columns = again
        first = next((cell for cell in row.cells if cell.strip()), "")
        return bool(again) or not first or squeeze(first).casefold() in _TOTALS

    def _section(self, row: Row, after: Row | None) -> bool:
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

    def _may_head(self, column: int, after: Row | None) -> bool:
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
            self._over = Section(text)
        self._sections = 0 if is_last else 1

    def _goes_on(self, row: Row, draft: Draft) -> bool:
        """Tell whether a row has no action of its own: the rest of the row above, broken by a page."""
        return not draft.bullets and any(cell.strip() for cell in row.cells)

    def _is_torn(self, last: Draft, draft: Draft) -> bool:
        """Tell whether a page tore a row: in the middle of the action, what was said of it said above."""
        begins_small = bool(draft.bullets) and draft.bullets[0][:1].islower()
        return self._wraps and begins_small and bool(last.schedule) and not draft.schedule

    def _draft(self, row: Row) -> Draft:
        cells = self._columns.cells(row)
        for role in _KEPT:
            self._keep(role, cells)
        text = {role: unwrap(cell) if self._wraps else squeeze_lines(cell) for role, cell in cells.items()}
        if self._columns.partners_in_brackets:
            text.update(_unbracketed(text.get("responsible", ""), text.get("partners", "")))
        return Draft(
            place=row.place,
            bullets=bullets(cells.get("action", ""), wraps=self._wraps),
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


def _extended(draft: Draft, more: Draft) -> Draft:
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

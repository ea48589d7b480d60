"""Which column of a table holds what: found in its header, else in what stands under it.

The names of headers are kept in ``headers``; the rows are left to
``table_rows``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from reminders.intake.headers import Role, role_of
from reminders.intake.table import Row
from reminders.intake.words import plain, squeeze
from schedule_rules.reading import normalise
from schedule_rules.schedule import Schedule

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

    def cells(self, row: Row) -> Mapping[Role, str]:
        """Return the cells of a row by role, those of one role together."""
        found: dict[Role, str] = {}
        for role, cell in zip(self.roles, row.cells, strict=False):
            if role and cell.strip() and cell not in found.get(role, "").split("\n"):
                found[role] = f"{found[role]}\n{cell}" if role in found else cell
        if marked := self._marked(row):
            found.setdefault("schedule", marked)
        return found

    def _marked(self, row: Row) -> str:
        """Return the years that a row marks: from the first to the last."""
        cells = dict(enumerate(row.cells))
        years = [
            year for column, year in self.years if 0 < len(cells.get(column, "").strip()) <= _LONGEST_MARK
        ]
        return years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}" if years else ""

    def again(self, row: Row) -> Columns | None:
        """Return the columns of a row that is a header again, else None."""
        roles = _roles(row)
        filled = [cell for cell in row.cells if cell.strip()]
        sure = len(filled) >= _SURE_ROLES and sum(role is not None for role in roles) * 4 >= len(filled) * 3
        return replace(self, roles=_settled(roles, row)) if sure and _is_header(roles, row) else None

    def without_header(self) -> Columns:
        """Return the same columns for a table that begins without a header."""
        return replace(self, first=0, after=0)


def find_header(rows: Sequence[Row]) -> Columns | None:
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


def _with_brackets(columns: Columns, rows: Sequence[Row]) -> Columns:
    """Note that the header of the responsible names the partners in brackets."""
    header = " ".join(
        cell
        for row in rows[columns.first : columns.after]
        for role, cell in zip(columns.roles, row.cells, strict=False)
        if role == "responsible"
    )
    found = _BRACKETED.search(header)
    return replace(columns, partners_in_brackets=bool(found and _PARTNERS.search(plain(found[1]))))


def _with_years(columns: Columns, rows: Sequence[Row]) -> Columns:
    """Note the columns whose header is a year or a part of one, where there are several."""
    header = rows[columns.after - 1].cells
    years = tuple((at, squeeze(cell)) for at, cell in enumerate(header) if _is_period(squeeze(cell)))
    return replace(columns, years=years) if len(years) > 1 else columns


def _is_period(header: str) -> bool:
    """Tell whether a header is a year, or a quarter, month or half of one: such columns hold marks."""
    if _YEAR.fullmatch(header):
        return True
    return bool(_YEAR.search(header)) and len(header) <= _LONGEST_PERIOD and is_schedule(header)


def _roles(row: Row) -> tuple[Role | None, ...]:
    return tuple(role_of(cell) for cell in row.cells)


def _two_rows(upper: Row, lower: Sequence[Row]) -> tuple[Role | None, ...]:
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


def _is_header(roles: Sequence[Role | None], row: Row) -> bool:
    """Tell whether a row names an action or a goal and something else that counts, in few words."""
    named = {role for role in roles if role}
    filled = [cell for cell in row.cells if cell.strip()]
    short = sum(map(len, filled)) <= _LONGEST_NAME * len(filled)
    known = sum(role is not None for role in roles) * 2 >= sum(not _is_period(cell) for cell in filled)
    return bool(named & {"action", "goal"}) and len(named & _COUNTED) >= 2 and short and known


def _settled(roles: Sequence[Role | None], row: Row) -> tuple[Role | None, ...]:
    """Make sense of a header as a whole: no action but two goals, two actions, no one responsible."""
    settled = list(roles)
    if "action" not in settled:
        # Only goals are named: what is to be done stands in the last of them.
        settled[len(settled) - 1 - settled[::-1].index("goal")] = "action"
    actions = [column for column, role in enumerate(settled) if role == "action"]
    for column in actions[1:]:
        measures = plain(row.cells[column]) in _ALSO_INDICATORS and "indicator" not in settled
        settled[column] = "indicator" if measures else "other"
    goals = [column for column, role in enumerate(settled) if role == "goal"]
    for column in goals[1:]:
        if column > settled.index("action") and "indicator" not in settled:
            settled[column] = "indicator"  # a target behind the action, beside the goal before it
    if "responsible" not in settled and "partners" in settled:
        settled[settled.index("partners")] = "responsible"
    return tuple(settled)


# -- columns without a known name -------------------------------------------------


def _completed(columns: Columns, rows: Sequence[Row]) -> Columns:
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


def _by_content(rows: Sequence[Row]) -> Columns | None:
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


def _role_in(row: Row, column: int) -> Role | None:
    role = role_of(row.cells[column]) if column < len(row.cells) else None
    return None if role in {"action", "schedule"} else role


def _share(rows: Sequence[Row], column: int) -> float:
    texts = [
        squeeze(row.cells[column]) for row in rows if column < len(row.cells) and row.cells[column].strip()
    ]
    return sum(map(is_schedule, texts)) / len(texts) if len(texts) * 2 >= len(rows) and texts else 0.0


def _length(rows: Sequence[Row], column: int) -> int:
    return sum(len(row.cells[column]) for row in rows if column < len(row.cells))


@lru_cache(maxsize=8192)
def is_schedule(text: str) -> bool:
    """Tell whether a short text is a schedule and hardly anything else."""
    if not text or len(text) > _LONGEST_SCHEDULE:
        return False
    found = normalise(text)
    return isinstance(found, Schedule) and found.kind in _USABLE and found.certainty >= 0.8

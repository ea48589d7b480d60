"""Which column of a table holds what: found in its header, else in what stands under it.

A header is one row or two. Columns may stand for a year each and hold marks.
What headings mean is left to ``headings``, the rows to ``tables``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from reminders.intake.content import TableRow
from reminders.intake.headings import Role, role_of
from reminders.intake.words import plain_words, squeeze
from schedule_rules.programme import TextLang
from schedule_rules.reading import normalise
from schedule_rules.schedule import Schedule

_DEEPEST_HEADER = 40
_LEAST_SHARE = 0.6
_LONGEST_SCHEDULE = 80
_LONGEST_NAME = 45
_LONGEST_MARK = 3
_LONGEST_PERIOD = 16
_SURE_ROLES = 3
_SURE = 0.8
_ALSO_INDICATORS = ("measure", "measures", "deliverable", "deliverables", "output")
_USABLE = ("single", "range", "open_range", "continuous", "recurring")
_COUNTED = frozenset(
    ("domain", "goal", "action", "schedule", "start", "end", "responsible", "partners", "indicator")
)
_YEAR = re.compile(r"20\d\d")
_BRACKETED = re.compile(r"\(([^()]{3,40})\)")
_PARTNERS = re.compile(r"kumppan|muut|yhteisty|partner|samarbet|samverk|ovriga|others?\b|support|cooperat")

_Roles = tuple[Role | None, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """The role of each column; ``first`` is the row of the header, ``after`` the row under it.

    ``years`` are columns that stand for a year or a part of one each and hold marks.
    """

    roles: _Roles
    first: int
    after: int
    years: tuple[tuple[int, str], ...] = ()
    partners_in_brackets: bool = False
    """The header of the responsible says so: "Vastuutaho (muut toimijat)"."""

    def has(self, *roles: Role) -> bool:
        """Tell whether a column has one of these roles; years with marks are a schedule."""
        return not set(roles).isdisjoint(self.roles) or ("schedule" in roles and bool(self.years))

    def role(self, column: int) -> Role | None:
        """Return the role of a column."""
        return self.roles[column] if column < len(self.roles) else None

    def cells(self, row: TableRow) -> Mapping[Role, str]:
        """Return the cells of a row by role, those of one role together."""
        found: dict[Role, str] = {}
        for role, cell in zip(self.roles, row.cells, strict=False):
            if role and cell.strip() and cell not in found.get(role, "").split("\n"):
                found[role] = f"{found[role]}\n{cell}" if role in found else cell
        # Marks under years are a schedule: from the first year that is marked to the last.
        marks = {at: len(cell.strip()) for at, cell in enumerate(row.cells)}
        years = [year for column, year in self.years if 0 < marks.get(column, 0) <= _LONGEST_MARK]
        if years:
            found.setdefault("schedule", years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}")
        return found

    def again(self, row: TableRow) -> Columns | None:
        """Return the columns of a row that is a header again, else None."""
        roles = _roles(row)
        filled = [cell for cell in row.cells if cell.strip()]
        sure = len(filled) >= _SURE_ROLES and sum(role is not None for role in roles) * 4 >= len(filled) * 3
        return replace(self, roles=_sensible(roles, row)) if sure and _is_header(roles, row) else None


def find_header(rows: Sequence[TableRow]) -> Columns | None:
    """Return the columns of the best header among the first rows, else by what stands in them, or None."""
    best: Columns | None = None
    most = 0
    for number, row in enumerate(rows[:_DEEPEST_HEADER]):
        for depth in (1, 2):
            roles = _roles(row) if depth == 1 else _roles_of_two(row, rows[number + 1 : number + 2])
            count = len(_COUNTED.intersection(filter(None, roles)))
            if _is_header(roles, row) and count > most:
                best, most = Columns(_sensible(roles, row), number, number + depth), count
        if best and number > best.after + 2:
            break
    if best is None:
        return _by_content(rows)
    period_row = map(squeeze, rows[best.after - 1].cells)
    years = tuple((at, heading) for at, heading in enumerate(period_row) if _is_period(heading))
    responsible = " ".join(
        cell
        for row in rows[best.first : best.after]
        for role, cell in zip(best.roles, row.cells, strict=False)
        if role == "responsible"
    )
    bracket = _BRACKETED.search(responsible)
    in_brackets = bool(bracket and _PARTNERS.search(plain_words(bracket[1])))
    best = replace(best, years=years if len(years) > 1 else (), partners_in_brackets=in_brackets)
    return _with_schedule(best, rows)


def _roles(row: TableRow) -> _Roles:
    return tuple(map(role_of, row.cells))


def _roles_of_two(upper: TableRow, lower: Sequence[TableRow]) -> _Roles:
    """Return the roles of a header of two rows: the lower one counts where it names anything."""
    if not lower or len(set(filter(None, upper.cells))) < 2 or len(lower[0].cells) != len(upper.cells):
        return ()
    pairs = list(zip(upper.cells, lower[0].cells, strict=True))
    known = [role_of(cell) for above, cell in pairs if cell and cell != above]
    if not known or None in known:
        return ()
    return tuple(role_of(cell) or role_of(above) for above, cell in pairs)


def _is_header(roles: _Roles, row: TableRow) -> bool:
    """Tell whether a row names an action or a goal and something else that counts, in few words."""
    named = set(filter(None, roles))
    filled = [cell for cell in row.cells if cell.strip()]
    short = sum(map(len, filled)) <= _LONGEST_NAME * len(filled)
    known = sum(role is not None for role in roles) * 2 >= sum(not _is_period(cell) for cell in filled)
    return bool(named & {"action", "goal"}) and len(named & _COUNTED) >= 2 and short and known


def _is_period(heading: str) -> bool:
    """Tell whether a heading is a year, or a quarter, month or half of one: such columns hold marks."""
    if _YEAR.fullmatch(heading):
        return True
    return bool(_YEAR.search(heading)) and len(heading) <= _LONGEST_PERIOD and is_schedule(heading)


def _sensible(roles: _Roles, row: TableRow) -> _Roles:
    """Make sense of a header as a whole: no action but two goals, two actions, no one responsible."""
    made = list(roles)
    if "action" not in made:
        # Only goals are named: what is to be done stands in the last of them.
        made[len(made) - 1 - made[::-1].index("goal")] = "action"
    actions = [column for column, role in enumerate(made) if role == "action"]
    for column in actions[1:]:
        measures = plain_words(row.cells[column]) in _ALSO_INDICATORS and "indicator" not in made
        made[column] = "indicator" if measures else "other"
    goals = [column for column, role in enumerate(made) if role == "goal"]
    for column in goals[1:]:
        if column > made.index("action") and "indicator" not in made:
            made[column] = "indicator"  # a target behind the action, beside the goal before it
    if "responsible" not in made and "partners" in made:
        made[made.index("partners")] = "responsible"
    return tuple(made)


def _with_schedule(columns: Columns, rows: Sequence[TableRow]) -> Columns:
    """Give the schedule's role to a column that holds schedules, where no heading names one."""
    if columns.has("schedule", "start", "end"):
        return columns
    body = rows[columns.after :]
    free = [column for column, role in enumerate(columns.roles) if role in {None, "other"}]
    best = max(free, key=lambda column: _share_of_schedules(body, column), default=None)
    if best is None or _share_of_schedules(body, best) < _LEAST_SHARE:
        return columns
    return replace(columns, roles=(*columns.roles[:best], "schedule", *columns.roles[best + 1 :]))


def _by_content(rows: Sequence[TableRow]) -> Columns | None:
    """Return the columns of a table whose header has unknown names: of the longest texts, the action."""
    if len(rows) < 3:
        return None
    width = max(len(row.cells) for row in rows)
    header, body = rows[0], rows[1:]
    shares = [_share_of_schedules(body, column) for column in range(width)]
    when = max(range(width), key=shares.__getitem__)
    others = [column for column in range(width) if column != when]
    if shares[when] < _LEAST_SHARE or not others:
        return None
    lengths = [sum(len(row.cells[at]) for row in body if at < len(row.cells)) for at in range(width)]
    named = [role if role not in {"action", "schedule"} else None for role in _roles(header)]
    roles: list[Role | None] = [*named, *[None] * (width - len(named))]
    roles[when], roles[max(others, key=lengths.__getitem__)] = "schedule", "action"
    return Columns(tuple(roles), 0, 1)


def _share_of_schedules(rows: Sequence[TableRow], column: int) -> float:
    """Return which part of the texts in a column are schedules; nothing where most cells are empty."""
    cells = [row.cells[column] for row in rows if column < len(row.cells)]
    texts = [squeeze(cell) for cell in cells if cell.strip()]
    return sum(map(is_schedule, texts)) / len(texts) if len(texts) * 2 >= len(rows) and texts else 0.0


def is_schedule(text: str) -> bool:
    """Tell whether a short text is a schedule and hardly anything else."""
    return 0 < len(text) <= _LONGEST_SCHEDULE and sure_schedule(text) is not None


@lru_cache(maxsize=16384)
def sure_schedule(text: str, lang: TextLang | None = None) -> Schedule | None:
    """Return the reading of words that are certainly a schedule, else None."""
    found = normalise(text, lang)
    return (
        found if isinstance(found, Schedule) and found.kind in _USABLE and found.certainty >= _SURE else None
    )

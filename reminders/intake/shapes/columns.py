"""Which column of a table holds what: found in its header, else in what stands under it.

A header is one row, two or three. Columns may stand for a period each and hold marks (``periods``), or for a
start and an end. What headings mean is left to ``headings``, the rows to ``tables``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from reminders.intake.content import TableRow
from reminders.intake.headings import Role, exact_role, role_of
from reminders.intake.shapes.periods import (
    PeriodColumn,
    find_periods,
    hold_actions,
    hold_marks,
    may_be_period,
    names_bare,
    schedule_of_marks,
)
from reminders.intake.shapes.schedule_words import is_schedule, sure_schedule
from reminders.intake.words import plain_words, squeeze

_DEEPEST_HEADER = 40
_LEAST_SHARE = 0.6
_LONGEST_NAME = 45
_SURE_ROLES = 3
_MOST_ROWS = 3
_LEAST_ROWS = 3
_FEW_OWN = 0.6
_MOST_OWN = 0.9
_SHORTEST_TEXT = 6
_ALSO_INDICATORS = ("measure", "measures", "deliverable", "deliverables", "output")
_COUNTED = frozenset(
    ("domain", "goal", "action", "schedule", "start", "end", "responsible", "partners", "indicator")
)
_PARTIES: tuple[Role, ...] = ("responsible", "partners")
_BRACKETED = re.compile(r"\(([^()]{3,40})\)")
_NUMBERING = re.compile(
    r"(?:[^\W\d_]{1,3}[ .-]?)?\d{1,3}(?:[.-]\d{1,3})*[a-z]?[.)]?|[a-z][.)]|[IVX]{1,5}[.)]?"
)
_FIGURE = re.compile(r"[^\w]*\d[\d\s.,:/%–+-]*(?:[^\W\d_]{1,6}\d?)?[.)%]?")
_MOST_FIGURES = 0.5
_MOSTLY = 0.8
_PARTNERS = re.compile(r"kumppan|muut|yhteisty|partner|samarbet|samverk|ovriga|others?\b|support|cooperat")

Roles = tuple[Role | None, ...]
"""The role of each column."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The role of each column; ``first`` is the row of the header, ``after`` the row under it.

    ``periods`` are columns that stand for a year or a part of one each and hold marks or, where
    ``actions_by_period``, what is to be done then.
    """

    roles: Roles
    first: int
    after: int
    periods: tuple[PeriodColumn, ...] = ()
    actions_by_period: bool = False
    partners_in_brackets: bool = False
    """The header of the responsible says so: "Vastuutaho (muut toimijat)"."""

    def has(self, *roles: Role) -> bool:
        """Tell whether a column has one of these roles; periods are a schedule."""
        return not set(roles).isdisjoint(self.roles) or ("schedule" in roles and bool(self.periods))

    def role(self, column: int) -> Role | None:
        """Return the role of a column."""
        return self.roles[column] if column < len(self.roles) else None

    def cells(self, row: TableRow) -> Mapping[Role, str]:
        """Return the cells of a row by role, those of one role together; parties stay apart."""
        texts: dict[Role, dict[str, None]] = {}
        for role, cell in zip(self.roles, row.cells, strict=False):
            if role and cell.strip():
                texts.setdefault(role, {})[cell] = None
        found = {role: (";\n" if role in _PARTIES else "\n").join(cells) for role, cells in texts.items()}
        if not self.actions_by_period and (marked := schedule_of_marks(self.periods, row)):
            found.setdefault("schedule", marked)
        return found

    def again(self, row: TableRow) -> Columns | None:
        """Return the columns of a row that is a header again, else None."""
        if self.actions_by_period and (periods := _all_periods(row)):
            year = self.periods[0].year
            named = tuple(replace(one, year=one.year or year) for one in periods)
            return replace(self, periods=named)
        if not may_be_header(row):
            return None
        roles = roles_of(row)
        filled = [cell for cell in row.cells if cell.strip()]
        sure = len(filled) >= _SURE_ROLES and sum(role is not None for role in roles) * 4 >= len(filled) * 3
        return replace(self, roles=_sensible(roles, row)) if sure and _is_header(roles, row) else None


def find_header(rows: Sequence[TableRow]) -> Columns | None:
    """Return the columns of the best header among the first rows, else by what stands in them, or None."""
    best: Columns | None = None
    most = 0
    for number, row in enumerate(rows[:_DEEPEST_HEADER]):
        for depth in range(1, _MOST_ROWS + 1):
            roles = _roles_of_several(rows[number : number + depth])
            count = len(_COUNTED.intersection(filter(None, roles)))
            if len(roles) and _is_header(roles, row) and count > most:
                best, most = Columns(roles, number, number + depth), count
        if best and number > best.after + 2:
            break
    if best is None:
        return _by_periods(rows) or _by_content(rows)
    best = _with_periods(best, rows)
    if not best.actions_by_period:
        best = replace(best, roles=_beside_numbers(best.roles, rows[best.after :]))
        roles = _each_its_own(best, rows[best.after :])
        best = replace(best, roles=_sensible(roles, rows[best.first]))
    responsible = " ".join(
        cell
        for row in rows[best.first : best.after]
        for role, cell in zip(best.roles, row.cells, strict=False)
        if role == "responsible"
    )
    bracket = _BRACKETED.search(responsible)
    in_brackets = bool(bracket and _PARTNERS.search(plain_words(bracket[1])))
    return _with_end(_with_schedule(replace(best, partners_in_brackets=in_brackets), rows), rows)


def may_be_header(row: TableRow) -> bool:
    """Tell at little cost whether a row may be a header: short texts, one of them a known heading's."""
    filled = [cell for cell in row.cells if cell.strip()]
    return len(filled) > 1 and any(
        len(cell) <= _LONGEST_NAME and exact_role(plain_words(cell)) for cell in filled
    )


def names_header(row: TableRow) -> bool:
    """Tell whether a row is a header: it names an action or a goal and something else, in few words."""
    return _is_header(roles_of(row), row)


def roles_of(row: TableRow) -> Roles:
    """Return the role that each cell names, as if the row were a header."""
    return tuple(map(role_of, row.cells))


def _roles_of_several(rows: Sequence[TableRow]) -> Roles:
    """Return the roles of a header of some rows: a lower one counts where it names anything new.

    Nothing where a lower row has a text that is neither a role nor a period.
    """
    upper, *lower = rows
    roles = list(roles_of(upper))
    if lower and len(set(filter(None, upper.cells))) < 2:
        return ()
    for above, row in pairwise(rows):
        if len(row.cells) != len(above.cells):
            return ()
        new = [(at, cell) for at, cell in enumerate(row.cells) if cell.strip() and cell != above.cells[at]]
        named = {at: role for at, cell in new if (role := _role_under(roles[at], cell))}
        if not named or any(at not in named and not may_be_period(cell) for at, cell in new):
            return ()
        for at, role in named.items():
            roles[at] = role
    return tuple(roles)


def _role_under(above: Role | None, cell: str) -> Role | None:
    """Return the role of a heading under another: "Others" under "Responsible" are partners."""
    if above == "responsible" and _PARTNERS.search(plain_words(cell)):
        return "partners"
    return role_of(cell)


def _is_header(roles: Roles, row: TableRow) -> bool:
    """Tell whether a row names an action or a goal and something else that counts, in few words.

    Beside an action, periods count too.
    """
    named = set(filter(None, roles))
    filled = [cell for cell in row.cells if cell.strip()]
    short = sum(map(len, filled)) <= _LONGEST_NAME * len(filled)
    periods = sum(role is None and may_be_period(cell) for role, cell in zip(roles, row.cells, strict=True))
    known = sum(role is not None for role in roles) * 2 >= len(filled) - periods
    beside = len(named & _COUNTED) >= 2 or periods > 1
    return bool(named & {"action", "goal"}) and beside and short and known


def _with_periods(columns: Columns, rows: Sequence[TableRow]) -> Columns:
    """Find the periods of a header, and what stands under them."""
    header = find_periods(rows, columns.first, columns.after)
    body = rows[header.after :]
    periods = header.columns
    own = {one.column for one in periods}
    roles = tuple(None if at in own else role for at, role in enumerate(columns.roles))
    if not periods or not {"action", "goal", "domain", "responsible"} & set(roles):
        return columns
    by_period = "action" not in roles and hold_actions(body, periods)
    if not by_period and not hold_marks(body, periods):
        return columns
    return replace(
        columns,
        roles=roles,
        first=header.first,
        after=header.after,
        periods=periods,
        actions_by_period=by_period,
    )


def _beside_numbers(roles: Roles, rows: Sequence[TableRow]) -> Roles:
    """Return roles in which an action or goal is what stands beside its number, under one heading."""
    made = list(roles)
    rows = [row for row in rows if sum(bool(cell.strip()) for cell in row.cells) > 1]  # no titles
    for at, role in enumerate(roles[:-1]):
        if role not in {"action", "goal"} or made[at] != role or roles[at + 1] not in {role, "other", None}:
            continue
        texts = _texts(rows, at)
        numbers = sum(bool(_NUMBERING.fullmatch(text)) for text in texts)
        if texts and numbers >= _MOSTLY * len(texts) and _texts(rows, at + 1) and _holds_texts(rows, at + 1):
            made[at], made[at + 1] = ("other" if "number" in made else "number"), role
    return tuple(made)


def holds_figures(rows: Sequence[TableRow], column: int) -> bool:
    """Tell whether most texts of a column are figures, perhaps with their unit: "38,4", "12 %"."""
    texts = _texts(rows, column)
    return sum(bool(_FIGURE.fullmatch(text)) for text in texts) > _MOST_FIGURES * len(texts)


def _texts(rows: Sequence[TableRow], column: int) -> list[str]:
    cells = (squeeze(row.cells[column]) for row in rows if column < len(row.cells))
    return [cell for cell in cells if cell]


def _each_its_own(columns: Columns, rows: Sequence[TableRow]) -> Roles:
    """Return roles in which the action is what each row has of its own, not what is merged over several.

    One text over several rows, each with its own schedule, is their goal; what is to be done stands beside
    it: in a second column of actions, or of what is delivered.
    """
    roles = list(columns.roles)
    first = roles.index("action") if "action" in roles else None
    if first is None or len(rows) < _LEAST_ROWS or _share_of_own(rows, first) > _FEW_OWN:
        return columns.roles
    when = [at for at, role in enumerate(roles) if role in {"schedule", "start", "end", "responsible"}]
    apart = columns.periods or any(_share_of_own(rows, at) > _FEW_OWN for at in when)
    usable: tuple[Role | None, ...] = ("action", "indicator", None) if apart else ("action",)
    beside = [at for at, role in enumerate(roles) if role in usable and at != first]
    beside.sort(key=lambda at: usable.index(roles[at]))
    for at in beside:
        if _share_of_own(rows, at) >= _MOST_OWN and _holds_texts(rows, at):
            over = roles.index("goal") if "goal" in roles else None
            if over is not None and over < first and "domain" not in roles:
                roles[over] = "domain"  # the goal over what is merged
            roles[first], roles[at] = (None if "goal" in roles else "goal"), "action"
            return tuple(roles)
    return columns.roles


def _share_of_own(rows: Sequence[TableRow], column: int) -> float:
    """Return which part of the rows has a text in a column that the row above has not."""
    cells = [row.cells[column].strip() if column < len(row.cells) else "" for row in rows]
    return sum(bool(cell) and cell != above for above, cell in pairwise(["", *cells])) / len(rows)


def _holds_texts(rows: Sequence[TableRow], column: int) -> bool:
    """Tell whether most cells of a column are words, no figures, dates or marks."""
    cells = [
        squeeze(row.cells[column]) for row in rows if column < len(row.cells) and row.cells[column].strip()
    ]
    words = [cell for cell in cells if len(cell) >= _SHORTEST_TEXT and not cell[0].isdigit()]
    longer = [cell for cell in words if not is_schedule(cell)]
    return len(longer) * 3 >= len(cells) * 2


def _sensible(roles: Roles, row: TableRow) -> Roles:
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
        # What is to be reached may say by when: "Complete by March 2027".
        begin = columns.roles.index("action") if "action" in columns.roles else len(columns.roles)
        free = [at for at, role in enumerate(columns.roles) if role in {"goal", "indicator"} and at > begin]
        best = max(free, key=lambda column: _share_of_schedules(body, column), default=None)
    if best is None or _share_of_schedules(body, best) < _LEAST_SHARE:
        return columns
    return replace(columns, roles=(*columns.roles[:best], "schedule", *columns.roles[best + 1 :]))


def _with_end(columns: Columns, rows: Sequence[TableRow]) -> Columns:
    """Give start and end to two columns of schedules of which one never ends before the other begins."""
    if columns.has("end") or columns.periods:
        return columns
    body = rows[columns.after :]
    begin = next((at for at, role in enumerate(columns.roles) if role in {"start", "schedule"}), None)
    if begin is None:
        return columns
    for at, role in enumerate(columns.roles):
        is_free = role is None or (role == "schedule" and columns.roles[begin] == "start")
        if is_free and at != begin and _follows(body, begin, at):
            roles: list[Role | None] = list(columns.roles)
            roles[begin], roles[at] = "start", "end"
            return replace(columns, roles=tuple(roles))
    return columns


def _follows(rows: Sequence[TableRow], first: int, second: int) -> bool:
    """Tell whether two columns hold schedules, the second never ending before the first begins."""
    pairs = [
        (squeeze(row.cells[first]), squeeze(row.cells[second]))
        for row in rows
        if max(first, second) < len(row.cells) and row.cells[second].strip()
    ]
    found = [(sure_schedule(begin), sure_schedule(end)) for begin, end in pairs if begin]
    spans = [(begin.start, end.end) for begin, end in found if begin and end]
    ordered = [begin <= end for begin, end in spans if begin and end]
    return len(ordered) >= max(1, len(pairs) * _LEAST_SHARE) and all(ordered)


def _by_periods(rows: Sequence[TableRow]) -> Columns | None:
    """Return the columns of a table whose header is nothing but periods, with texts under them."""
    top = rows[:_DEEPEST_HEADER]
    found = next(((at, periods) for at, row in enumerate(top) if (periods := _all_periods(row))), None)
    if found is None or not hold_actions(rows[found[0] + 1 :], found[1]):
        return None
    at, periods = found
    own = {one.column for one in periods}
    width = range(len(rows[at].cells))
    roles: Roles = tuple("domain" if not column and column not in own else None for column in width)
    return Columns(roles, at, at + 1, periods, actions_by_period=True)


def _all_periods(row: TableRow) -> tuple[PeriodColumn, ...]:
    """Return the periods of a row that names two or more and nothing else, but for a first heading."""
    found = find_periods([row], 0, 1).columns
    filled = [at for at, cell in enumerate(row.cells) if at and cell.strip()]
    return found if {one.column for one in found} >= set(filled) and not names_bare(found) else ()


def _by_content(rows: Sequence[TableRow]) -> Columns | None:
    """Return the columns of a table whose header has unknown names: of the longest texts, the action."""
    wide = (at for at, row in enumerate(rows[:_DEEPEST_HEADER]) if len(set(filter(None, row.cells))) > 2)
    top = next(wide, 0)
    if len(rows) - top < 3:
        return None
    width = max(len(row.cells) for row in rows)
    # A row of a name and what it says, as in a form, tells nothing of the columns.
    header, body = (
        rows[top],
        [row for row in rows[top + 1 :] if len(set(filter(None, row.cells))) > 2 or width < 3],
    )
    shares = [_share_of_schedules(body, column) for column in range(width)]
    when = max(range(width), key=shares.__getitem__)
    others = [column for column in range(width) if column != when]
    if shares[when] < _LEAST_SHARE or not others:
        return None
    lengths = [sum(len(row.cells[at]) for row in body if at < len(row.cells)) for at in range(width)]
    named = [role if role not in {"action", "schedule"} else None for role in roles_of(header)]
    roles: list[Role | None] = [*named, *[None] * (width - len(named))]
    when = roles.index("start") if "start" in roles else when
    others = [column for column in range(width) if column != when and roles[column] not in {"start", "end"}]
    if roles[when] != "start":
        roles[when] = "schedule"
    action = max(others, key=lengths.__getitem__)
    if not lengths[action] or holds_figures(body, action):
        return None
    roles[action] = "action"
    return _with_end(Columns(tuple(roles), top, top + 1), rows)


def _share_of_schedules(rows: Sequence[TableRow], column: int) -> float:
    """Return which part of the texts in a column are schedules; nothing where most cells are empty."""
    cells = [row.cells[column] for row in rows if column < len(row.cells)]
    texts = [squeeze(cell) for cell in cells if cell.strip()]
    return sum(map(is_schedule, texts)) / len(texts) if len(texts) * 2 >= len(rows) and texts else 0.0

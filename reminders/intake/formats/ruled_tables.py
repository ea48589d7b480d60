"""Tables of a PDF that are drawn with rules, as a grid whose cells may reach over several rows and columns.

1. Rules of one level that touch are one; rules that cross belong to one grid.
2. Between two places of the grid stands a wall where a rule does; places without a wall are one cell.
3. A row ends where any of its cells does, not where the tallest does: what reaches further is in each row.
4. A line or a level at which no cell ends, such as an underline, makes neither row nor column.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reminders.intake.content import TableRow
from reminders.intake.formats.pdf_pages import Box, Line, PageMarks, Word, cell_text, lines_of, text_of
from reminders.intake.limits import MAX_COLUMNS

_NEAR = 3.0  # points between rules that are meant to touch or to be one
_SHARE = 0.7  # of a side that a rule must cover to be a wall
_STICKS_OUT = 8.0  # points that rules reach beyond the last one across them, where a side is open
_MOST_RULES = 1000  # along each axis, after joining: a drawing has more
_NARROW = 6.0  # points: a column without words that is no wider is a double rule
_LEAST_SHADES = 4
_LEAST_ROWS = 3
_FEW = 3
_CUT = 5.0  # of a word's size: how far below a grid a text may go on
_LINE = 1.7  # of a word's size: how far below another line of a text stands

_Cell = tuple[int, int, int, int]  # first row, first column, and the last ones
_Rule = tuple[float, float, float]  # its level, its begin, its end


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid: its levels from left to right and from top to bottom, and the cell of each place."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[tuple[_Cell, ...], ...]

    @property
    def box(self) -> Box:
        """Return what the grid takes up of the page."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    @property
    def is_table(self) -> bool:
        """Tell whether it has columns, and rows or more columns than two."""
        return len(self.xs) > 2 and (len(self.ys) > 2 or len(self.xs) > 3)

    def holds(self, box: Box) -> bool:
        """Tell whether the middle of a place is in the grid."""
        x, y = box.middle
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def cell_of(self, box: Box) -> _Cell:
        """Return the cell in which the middle of a place is."""
        x, y = box.middle
        row = min(max(bisect_right(self.ys, y) - 1, 0), len(self.cells) - 1)
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.cells[0]) - 1)
        return self.cells[row][column]

    def overflow(self, words: Sequence[Word], free: Sequence[Word]) -> list[Word]:
        """Return the free words below the grid that go on with a text of its last row."""
        found: list[Word] = []
        left, _, right, bottom = self.box
        under = [word for word in free if left <= word.box.left and word.box.right <= right and not word.turn]
        last = [word for word in words if self.cell_of(word.box)[2] == len(self.cells) - 1]
        lowest: dict[_Cell, float] = {}
        for word in last:
            lowest[self.cell_of(word.box)] = max(lowest.get(self.cell_of(word.box), 0.0), word.box.bottom)
        for line in lines_of([word for word in under if 0 < word.box.middle[1] - bottom < _CUT * word.size]):
            cells = {self.cell_of(word.box) for word in line}
            if all(
                cell in lowest and line[0].box.bottom - lowest[cell] < _LINE * line[0].size for cell in cells
            ):
                found += line
                lowest |= dict.fromkeys(cells, line[0].box.bottom)
        return found

    def header_above(self, free: Sequence[Word]) -> Line | None:
        """Return the free words right above that name each column, where the rules begin under the header."""
        left, top, right, _ = self.box
        over = [word for word in free if not word.turn and 0 < top - word.box.middle[1] < _LINE * word.size]
        lines = lines_of(
            [word for word in over if left - _NEAR <= word.box.left and word.box.right <= right + _NEAR]
        )
        if not lines or len(self.xs) <= _FEW:
            return None
        columns = [
            (bisect_right(self.xs, one.box.left + 1), bisect_right(self.xs, one.box.right - 1))
            for one in lines[-1]
        ]
        whole = all(begin == end for begin, end in columns)
        return lines[-1] if whole and len(set(columns)) == len(self.xs) - 1 else None

    def named(self, header: Line) -> tuple[str, ...]:
        """Return the words of a header by column."""
        columns = [bisect_right(self.xs, word.box.left + 1) for word in header]
        return tuple(
            text_of([word for word, column in zip(header, columns, strict=True) if column == at])
            for at in range(1, len(self.xs))
        )

    def rows(self, words: Iterable[Word], page: int) -> Iterator[TableRow]:
        """Yield the rows in which a cell with words begins; what reaches over several is in each of them."""
        within: dict[_Cell, list[Word]] = {}
        for word in words:
            within.setdefault(self.cell_of(word.box), []).append(word)
        texts = {cell: cell_text(some) for cell, some in within.items()}
        columns = self._columns(within)
        number = 0
        for row, cells in enumerate(self.cells):
            if any(cell[0] == row and cell in texts for cell in cells):
                number += 1
                filled = tuple(texts.get(cells[column], "") for column in columns)
                yield TableRow(
                    filled, f"page {page}, row {number}", len(columns) > 1 and len(set(cells)) == 1
                )

    def _columns(self, within: dict[_Cell, list[Word]]) -> list[int]:
        """Return the columns that are none between two rules of a double one."""
        filled = {column for cell in within for column in range(cell[1], cell[3] + 1)}
        widths = [right - left for left, right in pairwise(self.xs)]
        return [at for at, width in enumerate(widths) if at in filled or width > _NARROW]


def find_grids(page: PageMarks) -> list[Grid]:
    """Return the grids of a page: of its rules, and where they make no table of the sides of its shades."""
    grids = _grids(page.across, page.down)
    tables = [grid for grid in grids if grid.is_table]
    shades = [box for box in page.shades if not any(grid.holds(box) for grid in tables)]
    if len(shades) >= _LEAST_SHADES:
        across = [Box(left, y, right, y) for left, top, right, bottom in shades for y in (top, bottom)]
        down = [Box(x, top, x, bottom) for left, top, right, bottom in shades for x in (left, right)]
        grids = grids + [grid for grid in _grids(across, down) if grid.is_table and _is_even(grid)]
    return _outermost(grids)


def _is_even(grid: Grid) -> bool:
    """Tell whether rows have columns: shades of every second row make none for the others."""
    if len(grid.cells) < _LEAST_ROWS:
        return False
    plain = sum(len(set(cells)) == 1 for cells in grid.cells)
    return plain <= 1 or plain * 5 <= len(grid.cells)


def _outermost(grids: Sequence[Grid]) -> list[Grid]:
    """Return grids without those that stand in one cell of a table; words of a smaller one come first."""
    tables = [grid for grid in grids if grid.is_table and len(grid.xs) > 3]
    kept = [
        grid
        for grid in grids
        if not any(
            outer is not grid and outer.holds(grid.box) and _within(grid.box, outer) for outer in tables
        )
    ]
    return sorted(kept, key=lambda grid: (grid.xs[-1] - grid.xs[0]) * (grid.ys[-1] - grid.ys[0]))


def _within(box: Box, grid: Grid) -> bool:
    row, column, last_row, last_column = grid.cell_of(box)
    fits_across = grid.xs[column] <= box.left and box.right <= grid.xs[last_column + 1]
    return fits_across and grid.ys[row] <= box.top and box.bottom <= grid.ys[last_row + 1]


def _grids(across: Sequence[Box], down: Sequence[Box]) -> list[Grid]:
    levels = _joined([(box.top, box.left, box.right) for box in across])
    sides = _joined([(box.left, box.top, box.bottom) for box in down])
    if max(len(levels), len(sides)) > _MOST_RULES:
        return []
    found = (_grid(some_levels, some_sides) for some_levels, some_sides in _crossing(levels, sides))
    return [grid for grid in found if grid]


def _joined(rules: Sequence[_Rule]) -> list[_Rule]:
    """Return rules with those of one level that touch made one."""
    joined: list[_Rule] = []
    for level, some in _by_level(rules):
        begun: _Rule | None = None
        for _, begin, end in sorted(some, key=lambda rule: rule[1]):
            if begun and begin <= begun[2] + _NEAR:
                begun = (level, begun[1], max(begun[2], end))
                continue
            if begun:
                joined.append(begun)
            begun = (level, begin, end)
        if begun:
            joined.append(begun)
    return joined


def _by_level(rules: Sequence[_Rule]) -> Iterator[tuple[float, list[_Rule]]]:
    group: list[_Rule] = []
    for rule in sorted(rules):
        if group and rule[0] - group[0][0] > _NEAR:
            yield sum(one[0] for one in group) / len(group), group
            group = []
        group.append(rule)
    if group:
        yield sum(one[0] for one in group) / len(group), group


def _crossing(levels: Sequence[_Rule], sides: Sequence[_Rule]) -> Iterator[tuple[list[_Rule], list[_Rule]]]:
    """Yield the rules of each grid: those that cross one another, and those that cross these."""
    left_levels, left_sides = set(levels), set(sides)
    while left_levels:
        wave_levels, wave_sides = {left_levels.pop()}, set[_Rule]()
        all_levels, all_sides = set(wave_levels), set[_Rule]()
        while wave_levels:
            wave_sides = {side for side in left_sides if any(_cross(level, side) for level in wave_levels)}
            left_sides -= wave_sides
            all_sides |= wave_sides
            wave_levels = {level for level in left_levels if any(_cross(level, side) for side in wave_sides)}
            left_levels -= wave_levels
            all_levels |= wave_levels
        if all_sides:
            yield sorted(all_levels), sorted(all_sides)


def _cross(level: _Rule, side: _Rule) -> bool:
    return level[1] - _NEAR <= side[0] <= level[2] + _NEAR and side[1] - _NEAR <= level[0] <= side[2] + _NEAR


def _grid(levels: Sequence[_Rule], sides: Sequence[_Rule]) -> Grid | None:
    xs, ys = _stops(sides, levels), _stops(levels, sides)
    if len(xs) < 2 or len(ys) < 2 or len(xs) > MAX_COLUMNS + 1:
        return None
    right = _walls(sides, xs, ys)
    below = _walls(levels, ys, xs)
    labels = _cells(right, below, len(xs) - 1, len(ys) - 1)
    columns = [0, *(at for at in range(1, len(xs) - 1) if any(row[at - 1] != row[at] for row in labels))]
    rows = [0, *(at for at in range(1, len(ys) - 1) if labels[at - 1] != labels[at])]
    places = [[labels[row][column] for column in columns] for row in rows]
    return Grid(
        tuple(xs[at] for at in (*columns, len(xs) - 1)),
        tuple(ys[at] for at in (*rows, len(ys) - 1)),
        tuple(map(tuple, _extents(places))),
    )


def _stops(rules: Sequence[_Rule], crossing: Sequence[_Rule]) -> list[float]:
    """Return the levels of rules, and of an open side the level at which those across them end."""
    stops = [level for level, _ in _by_level(rules)]
    for end, at in ((1, 0), (2, -1)):
        reach = sorted(rule[end] for rule in crossing)
        reach = reach if end == 1 else reach[::-1]
        sticks_out = (stops[at] - reach[1] if end == 1 else reach[1] - stops[at]) if len(reach) > 1 else 0
        if sticks_out > _STICKS_OUT:
            stops.insert(0, reach[0]) if end == 1 else stops.append(reach[0])
    return stops


def _walls(rules: Sequence[_Rule], stops: Sequence[float], along: Sequence[float]) -> set[tuple[int, int]]:
    """Return where a rule stands: which of the stops, and between which two of those along it."""
    found: set[tuple[int, int]] = set()
    for level, begin, end in rules:
        stop = min(range(len(stops)), key=lambda at: abs(stops[at] - level))
        first = max(bisect_right(along, begin) - 1, 0)
        for at in range(first, len(along) - 1):
            low, high = along[at], along[at + 1]
            if low >= end:
                break
            if min(high, end) - max(low, begin) >= _SHARE * (high - low):
                found.add((stop, at))
    return found


def _cells(
    right: set[tuple[int, int]], below: set[tuple[int, int]], width: int, height: int
) -> list[list[int]]:
    """Return which cell each place is of; one that is no rectangle falls apart into its rows."""
    labels = [[-1] * width for _ in range(height)]
    label = 0
    for row in range(height):
        for column in range(width):
            if labels[row][column] < 0:
                places = _reached(row, column, right, below, labels, label)
                label = _label(places, labels, label)
    return labels


def _reached(
    row: int, column: int, right: set[tuple[int, int]], below: set[tuple[int, int]],
    labels: list[list[int]], label: int,
) -> list[tuple[int, int]]:  # fmt: skip
    """Return the places that no wall parts from one, and mark them."""
    labels[row][column] = label
    places = [(row, column)]
    for at, across in places:
        for next_row, next_column, walls, wall in (
            (at, across + 1, right, (across + 1, at)),
            (at, across - 1, right, (across, at)),
            (at + 1, across, below, (at + 1, across)),
            (at - 1, across, below, (at, across)),
        ):
            inside = 0 <= next_row < len(labels) and 0 <= next_column < len(labels[0])
            if inside and wall not in walls and labels[next_row][next_column] < 0:
                labels[next_row][next_column] = label
                places.append((next_row, next_column))
    return places


def _label(places: Sequence[tuple[int, int]], labels: list[list[int]], label: int) -> int:
    """Give places of one cell its number, or those of each row one of its own; return the next number."""
    rows, columns = {row for row, _ in places}, {column for _, column in places}
    if len(rows) * len(columns) == len(places):
        return label + 1
    before: tuple[int, int] | None = None
    for row, column in sorted(places):
        if before and before != (row, column - 1):
            label += 1
        labels[row][column] = label
        before = (row, column)
    return label + 1


def _extents(places: Sequence[Sequence[int]]) -> Iterator[list[_Cell]]:
    """Yield for each row the cells of its places, by their first and last row and column."""
    ends: dict[int, _Cell] = {}
    for row, labels in enumerate(places):
        for column, label in enumerate(labels):
            first = ends.get(label, (row, column, row, column))
            ends[label] = (first[0], min(first[1], column), row, max(first[3], column))
    for labels in places:
        yield [ends[label] for label in labels]

"""Tables of a PDF that have no rules around their cells: columns and rows from the places of the words.

1. A table begins at a header of known names, between rules across that part its rows, or at the top of a page
   where the columns of the page before go on.
2. Two columns part where fewest words stand across and most begin; rules downwards say where.
3. A row ends at a rule or at the edge of a shade, where its lines are parted so; else at a gap that is wider
   than those inside rows; else each line is one that fills the column which every row fills.
4. Lines across the columns end the table, one alone is a title over the next rows; what stands at the top or
   the bottom of a page with a page number is a line.

What is in no table is a line: none is dropped.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reminders.intake.content import Block, Heading, Table, TableRow, TextLine
from reminders.intake.formats.pdf_pages import Box, Line, PageMarks, Word, lines_of, text_of
from reminders.intake.headings import role_of
from schedule_rules.reading import normalise
from schedule_rules.schedule import Schedule

_TITLE_RATIO = 1.15  # how much larger than usual the text of a title is
_CHAPTER_RATIO = 1.5
_LONGEST_TITLE = 90
_LEAST_ROLES = 3
_WIDER = 1.2  # how much wider than inside rows a gap between them is
_LEADING = 1.35  # of the words' size: lines of one text are no further apart
_CLOSE = 0.95
_APART = 1.9  # further apart are rows of one line each
_FAR = 4.0  # of the words' size: what is further below a table is not of it
_MARGIN = 0.09  # of the page, where running titles and page numbers stand
_ALIGNED = 2.5  # points
_LEAST_BANDS = 3
_LEAST_RIVER = 5.0  # points between columns that nothing but a river of white tells
_TABLE_WIDTH = 0.5  # of the lines: a rule that is no longer parts no rows
_FIRST_LINES = 3  # of a page, where a table of the page before may go on
_TRIES = 20  # lines of a page from which columns are looked for by what stands in them
_LOOKED_AT = 40  # lines
_LONGEST_SCHEDULE = 60
_SURE = 0.8
_LEAST_PROSE = 6
_PROSE_WORDS = 4
_PAGE_NUMBER = re.compile(
    r"(?:^|[\s|–-])(?:page|sivu|sida|side|s\.|p\.)?\s*\d{1,3}(?:\s*(?:/|of|av|\()\s*\d{1,3}\)?)?$"
    r"|^\d{1,3}(?:\s*\(\d{1,3}\))?(?:\s|$)",
    re.IGNORECASE,
)

PlacedBlock = tuple[float, Block]
"""A block and its height on the page."""
Columns = tuple[float, ...]
"""Where each column but the first begins."""


class WordColumns:
    """Reads the words of pages that are in no ruled table; columns go on from page to page."""

    def __init__(self) -> None:
        self._columns: Columns | None = None
        self.running: list[TextLine] = []
        """The page numbers and running titles so far: they stand between the lines of a text that goes on."""

    def blocks(self, words: Sequence[Word], page: PageMarks) -> list[PlacedBlock]:
        """Return the tables, lines and headings of a page's words, from top to bottom."""
        upright = [word for word in words if not word.turn]
        blocks = _PageColumns(page, lines_of(upright), self._columns)
        found = list(blocks.read())
        # A page without any table ends the one before.
        self._columns = blocks.columns if any(isinstance(block, Table) for _, block in found) else None
        self.running += blocks.running
        aside = [word for word in words if word.turn]
        for turn in sorted({word.turn for word in aside}):
            text = text_of([word for word in aside if word.turn == turn])
            found.append((page.height, TextLine(text, f"page {page.number}, turned text")))
        return found


def rows_of_columns(words: Sequence[Word], columns: Columns, page: PageMarks) -> list[TableRow]:
    """Return the rows of words in known columns that no rule parts; none where that is unsure.

    It is sure where the first line of each row fills most of the columns.
    """
    lines = lines_of([word for word in words if not word.turn])
    if len(lines) < _LEAST_BANDS or any(word.turn for word in words):
        return []
    rows = _Rows(columns, _levels(page, lines), lines, page.number)
    firsts = [len(_cells(some[0], columns)) for some in rows.parted(lines)]
    sure = sum(count * 2 > len(columns) + 1 for count in firsts) * 10 >= len(firsts) * 9
    return rows.rows(lines, 1) if sure else []


class _PageColumns:
    """Goes through the lines of one page."""

    def __init__(self, page: PageMarks, lines: Sequence[Line], columns: Columns | None) -> None:
        self._page = page
        self._lines = lines
        self.columns = columns
        self.running: list[TextLine] = []
        self._usual = page.usual_size
        self._levels = _levels(page, lines)
        self._tries = _TRIES
        self._headers: dict[int, bool] = {}

    def read(self) -> Iterator[PlacedBlock]:
        at, loose = 0, list[int]()
        begun = False
        while at < len(self._lines):
            if self._is_running(at):
                place = f"page {self._page.number}, line {at + 1}"
                self.running.append(TextLine(text_of(self._lines[at]), place))
                at += 1
                continue
            end = self._table_end(at, may_go_on=not begun and len(loose) < _FIRST_LINES)
            if end is None:
                loose.append(at)
                at += 1
                continue
            yield from self._loose(loose)
            loose, begun = [], True
            yield from self._table(at, end)
            at = end
        yield from self._loose(loose)

    def _table_end(self, at: int, *, may_go_on: bool) -> int | None:
        """Return the line after the table that begins at a line, and take its columns; None for no table."""
        if depth := self._header(at):
            groups = _header_groups(self._lines[at : at + depth])
            end = self._fitting(at + depth, _by_groups(groups, self._lines[at : self._reach(at + depth)]))
            self.columns = _by_groups(groups, self._lines[at:end])
            return end
        if self._tries > 0 and (end := self._bands(at)):
            self._tries -= 1
            if columns := _by_rivers(self._lines[at:end]):
                self.columns = columns
                return end
        if columns := self._by_content(at):
            self.columns = columns
            return self._fitting(at + 1, columns)
        if may_go_on and self.columns:
            end = self._fitting(at, self.columns)
            filled = [len(_cells(line, self.columns)) for line in self._lines[at:end]]
            if sum(count > 1 for count in filled) * 2 >= len(filled) and max(filled, default=0) > 2:
                return end
        return None

    def _header(self, at: int) -> int:
        """Return of how many lines the header is that begins at a line; 0 for none."""
        if self._names_columns(at):
            return self._header_depth(at)
        near = self._lines[at : at + 2]
        if len(near) > 1 and _gap(*near) < _APART * near[0][0].size and len(near[0].texts) > 1:
            return 2 if _is_header(_header_groups(near)) and not self._names_columns(at + 1) else 0
        return 0

    def _names_columns(self, at: int) -> bool:
        """Tell whether a line by itself is a header."""
        if at not in self._headers:
            self._headers[at] = _is_header(self._lines[at].texts)
        return self._headers[at]

    def _header_depth(self, at: int) -> int:
        """Return how many lines a header has: those close to it that a rule or a gap parts from rows."""
        depth = 1
        while at + depth + 1 < len(self._lines) and depth < 3:
            line, after = self._lines[at + depth], self._lines[at + depth + 1]
            gap = _gap(self._lines[at + depth - 1], line)
            close = gap < _APART * line[0].size
            parted = _gap(line, after) > _WIDER * gap or self._parted(at + depth)
            same = all(word.bold for word in line) and all(word.bold for word in self._lines[at])
            bold_only = same and not all(word.bold for word in after)
            few = len(line.texts) < len(self._lines[at].texts)
            if not (close and few and (bold_only or (parted and not self._parted(at + depth - 1)))):
                break
            depth += 1
        return depth

    def _parted(self, at: int) -> bool:
        """Tell whether a rule stands under a line."""
        return at + 1 < len(self._lines) and _is_parted(self._lines[at], self._lines[at + 1], self._levels)

    def _reach(self, at: int) -> int:
        """Return the line at which a table ends at the latest: a title, a header, a footer, a wide gap."""
        parted = [level for level in self._levels if self._lines[at - 1][0].box.top < level] if at else []
        last_rule = parted[-1] if len(parted) >= _LEAST_BANDS else None
        own = self._lines[at - 1] if at else []
        usual = max(self._usual, *(word.size for word in own), 0.0)
        for end in range(at, len(self._lines)):
            line = self._lines[end]
            is_title = all(word.size > usual * _TITLE_RATIO for word in line)
            far = end > at and _gap(self._lines[end - 1], line) > _FAR * max(line[0].size, 1)
            apart = end == at or _gap(self._lines[end - 1], line) > _APART * line[0].size
            below = last_rule is not None and line[0].box.middle[1] > last_rule
            below = below and apart and len(line.texts) < _LEAST_BANDS
            new_header = self._names_columns(end)
            if (
                is_title
                or new_header
                or self._is_running(end)
                or below
                or (far and not self._parted(end - 1))
            ):
                return end
        return len(self._lines)

    def _fitting(self, at: int, columns: Columns) -> int:
        """Return the line before which lines stop to fit into columns: two after another stand across."""
        last = self._reach(at)
        across = 0
        for end in range(at, last):
            across = across + 1 if _stands_across(self._lines[end], columns) else 0
            if across > 1:
                return end - 1
        return last - across if across and last > at + 1 else last

    def _bands(self, at: int) -> int:
        """Return the line after those that rules across part into rows, from a line on; 0 for none."""
        if len(self._levels) < _LEAST_BANDS or len(self._lines[at].texts) < 2:
            return 0
        top = self._lines[at][0].box.middle[1]
        below = [level for level in self._levels if level > top]
        if len(below) < _LEAST_BANDS - 1:
            return 0
        end = next(
            (
                number
                for number in range(at, len(self._lines))
                if self._lines[number][0].box.middle[1] > below[-1]
            ),
            len(self._lines),
        )
        # A table without a rule at its end: what fits behind the last one is its last row.
        if end < len(self._lines) and len(self._lines[end].texts) > 2 and not self._is_running(end):
            end = self._reach(end) if end else end
        lines = self._lines[at:end]
        several = sum(len(line.texts) > 2 for line in lines)
        parted = sum(_is_parted(*pair, self._levels) for pair in pairwise(lines))
        return end if several * 2 >= len(lines) and parted * 4 >= len(lines) - 1 and several > 1 else 0

    def _by_content(self, at: int) -> Columns | None:
        """Return the columns of lines under headings of unknown names, where one of them holds schedules."""
        if self._tries <= 0 or len(self._lines[at].texts) < _LEAST_ROLES:
            return None
        self._tries -= 1
        lines = self._lines[at : self._reach(at + 1)]
        columns = _by_rivers(lines[:_LOOKED_AT])
        if columns is None or len(lines) < _LEAST_BANDS:
            return None
        lines = self._lines[at : self._fitting(at + 1, columns)]
        rows = _Rows(columns, self._levels, lines, self._page.number).rows(lines[:_LOOKED_AT], 1)[1:]
        cells = [[row.cells[column] for row in rows] for column in range(len(columns) + 1)]
        dated = any(sum(map(_is_schedule, some)) * 5 >= len(rows) * 3 for some in cells)
        return columns if dated and len(rows) > 1 else None

    def _is_running(self, at: int) -> bool:
        """Tell whether a line in the margin stands apart and has a page's number."""
        line, margin = self._lines[at], self._page.height * _MARGIN
        middle = line[0].box.middle[1]
        if margin < middle < self._page.height - margin or len(line.texts) > 3:
            return False
        beside = self._lines[at + 1 : at + 2] if middle <= margin else self._lines[max(at - 1, 0) : at]
        apart = all(abs(_gap(line, other)) > _APART * line[0].size for other in beside)
        return apart and bool(_PAGE_NUMBER.search(text_of(line)))

    def _table(self, at: int, end: int) -> Iterator[PlacedBlock]:
        columns = self.columns or ()
        lines = self._lines[at:end]
        depth = self._header(at)
        number = self._page.number
        rows = []
        if depth:
            cells = [_cells(line, columns) for line in lines[:depth]]
            groups = _header_groups(lines[:depth])
            whole = (
                tuple(map(_lines_text, groups))
                if len(groups) == len(columns) + 1
                else _row_texts(cells, columns)
            )
            rows.append(TableRow(whole, f"page {number}, line {at + 1}"))
        body = lines[depth:]
        rows += _Rows(columns, self._levels, lines, number).rows(body, at + depth + 1)
        yield lines[0][0].box.top, Table(tuple(rows))

    def _loose(self, numbers: Sequence[int]) -> Iterator[PlacedBlock]:
        """Yield lines outside tables, of prose in two columns one column after the other."""
        run = list(numbers)
        while run:
            count, part = self._prose(run)
            if not count:
                yield self._line(self._lines[run[0]], run[0])
                run = run[1:]
                continue
            top = self._lines[run[0]][0].box.top
            for left in (True, False):
                for number in run[:count]:
                    some = Line(word for word in self._lines[number] if (word.box.left < part) == left)
                    if some:
                        yield top, self._line(some, number)[1]
            run = run[count:]

    def _prose(self, numbers: Sequence[int]) -> tuple[int, float]:
        """Return how many lines from here are prose in two columns, and where the second one begins."""
        lines = [self._lines[number] for number in numbers]
        segments = [line.texts for line in lines]
        if len(segments[0]) != 2 and (len(segments) < 2 or len(segments[1]) != 2):
            return 0, 0.0
        first = next(some for some in segments if len(some) == 2)
        part = first[1][0].box.left - _ALIGNED
        gutter = first[0][-1].box.right
        count = 0
        for number, line in enumerate(lines):
            far = number and _gap(lines[number - 1], line) > _FAR * line[0].size
            if far or any(word.box.left < part < word.box.right for word in line):
                break
            count += 1
        both = [
            some
            for some in segments[:count]
            if len(some) == 2 and abs(some[1][0].box.left - part) < 3 * _ALIGNED
        ]
        if len(both) < _LEAST_PROSE or len(both) * 2 < count:
            return 0, 0.0
        for side in (0, 1):
            texts = [some[side] for some in both]
            width = max(text[-1].box.right for text in texts) - min(text[0].box.left for text in texts)
            wide = sum(text[-1].box.right - text[0].box.left > 0.7 * width for text in texts)
            words = sum(map(len, texts))
            if wide * 5 < len(texts) * 3 or words < _PROSE_WORDS * len(texts):
                return 0, 0.0
        return (count, part) if gutter < part else (0, 0.0)

    def _line(self, line: Line, number: int) -> PlacedBlock:
        place, text = f"page {self._page.number}, line {number + 1}", text_of(line)
        size = max(word.size for word in line)
        bold = all(word.bold for word in line)
        if size > self._usual * _TITLE_RATIO or (bold and len(text) < _LONGEST_TITLE):
            return line[0].box.top, Heading(1 if size > self._usual * _CHAPTER_RATIO else 2, text, place)
        return line[0].box.top, TextLine(text, place)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Parts lines into rows."""

    columns: Columns
    levels: Sequence[float]
    table: Sequence[Line]
    page: int

    def rows(self, lines: Sequence[Line], first: int) -> list[TableRow]:
        """Return the rows of lines; ``first`` is the number of the first of them."""
        rows: list[TableRow] = []
        for some in self.parted(lines):
            place = f"page {self.page}, line {first}"
            first += len(some)
            if len(some) == 1 and _stands_across(some[0], self.columns):
                rows.append(TableRow((text_of(some[0]),) * (len(self.columns) + 1), place, spans=True))
                continue
            cells = [_cells(line, self.columns) for line in some]
            rows.append(TableRow(_row_texts(cells, self.columns), place))
        return rows

    def parted(self, lines: Sequence[Line]) -> list[list[Line]]:
        """Return the lines of each row."""
        return [some for band in self._banded(lines) for some in self._split(band)]

    def _banded(self, lines: Sequence[Line]) -> list[list[Line]]:
        """Return lines parted by rules and by lines across the columns."""
        bands: list[list[Line]] = []
        for number, line in enumerate(lines):
            before = lines[number - 1] if number else None
            across = _stands_across(line, self.columns) or bool(
                before and _stands_across(before, self.columns)
            )
            if before is None or across or _is_parted(before, line, self.levels):
                bands.append([])
            bands[-1].append(line)
        return bands

    def _split(self, lines: Sequence[Line]) -> list[list[Line]]:
        """Return the lines of each row between two rules."""
        if not lines:
            return []
        gaps = [_gap(*pair) for pair in pairwise(lines)]
        all_gaps = [gap for pair in pairwise(self.table) if (gap := _gap(*pair)) > 0]
        least, size = min(all_gaps, default=0.0), max(min(word.size for word in lines[0]), 1.0)
        # Lines that are closer than their letters are high stand beside one another, set in the middle.
        widest = least * _WIDER if least > _CLOSE * size else _LEADING * size
        if any(gap > widest for gap in all_gaps[1:]):
            starts = [gap > widest for gap in gaps]
        elif least > _APART * size:
            starts = [True] * len(gaps)
        else:
            starts = self._starts(lines)[1:]
        rows = [[lines[0]]]
        for begins, line in zip(starts, lines[1:], strict=True):
            if begins:
                rows.append([line])
            else:
                rows[-1].append(line)
        return rows

    def _starts(self, lines: Sequence[Line]) -> list[bool]:
        """Tell of each line set equally close whether a row begins there.

        One does that fills most of the columns, and either all of them or one that the line before left.
        """
        cells = [_cells(line, self.columns) for line in lines]
        filled = [set(columns) for columns in cells]
        most = max(map(len, filled))
        starts = []
        for number, (columns, texts) in enumerate(zip(filled, cells, strict=True)):
            again = columns - filled[number - 1] if number else columns
            first = texts[min(texts)][0].text[:1]
            full = len(columns) == most and most > 1
            starts.append(len(columns) * 2 > most and not first.islower() and (bool(again) or full))
        return starts


def _lines_text(words: Line) -> str:
    return "\n".join(text_of(line) for line in lines_of(words))


def _row_texts(cells: Sequence[dict[int, Line]], columns: Columns) -> tuple[str, ...]:
    texts: list[list[str]] = [[] for _ in range(len(columns) + 1)]
    for line in cells:
        for column, words in line.items():
            texts[column].append(text_of(words))
    return tuple("\n".join(some) for some in texts)


def _cells(line: Line, columns: Columns) -> dict[int, Line]:
    """Return the words of a line by column; a run of words that begins in a column goes on in it."""
    found: dict[int, Line] = {}
    for word in line:
        found.setdefault(bisect_right(columns, word.box.left + _ALIGNED), Line()).append(word)
    return found


def _stands_across(line: Line, columns: Columns) -> bool:
    """Tell whether a line is one text that stands over the begin of a column."""
    groups = line.texts
    if len(groups) != 1 or not columns:
        return False
    left, right = line[0].box.left, line[-1].box.right
    crossed = bisect_left(columns, right - 2 * _ALIGNED) - bisect_right(columns, left + _ALIGNED)
    inside = any(
        word.box.left + _ALIGNED < stop < word.box.right - _ALIGNED for word in line for stop in columns
    )
    return crossed > 1 or (crossed == 1 and (inside or left > columns[0] or len(columns) > 1))


def _gap(line: Line, after: Line) -> float:
    """Return how far apart the middles of two lines are."""
    return min(word.box.top for word in after) - min(word.box.top for word in line)


def _header_groups(lines: Sequence[Line]) -> list[Line]:
    """Return the texts of a header, those of its lines that stand over one another together."""
    columns: list[Line] = []
    for group in (group for line in lines for group in line.texts):
        left, right = group[0].box.left, group[-1].box.right
        over = [
            one for one in columns
            if min(word.box.left for word in one) < right and left < max(word.box.right for word in one)
        ]  # fmt: skip
        if len(over) == 1:
            over[0].extend(group)
        else:
            columns.append(Line(group))
    return sorted(columns, key=lambda one: min(word.box.left for word in one))


def _is_header(groups: Sequence[Line]) -> bool:
    if len(groups) < _LEAST_ROLES:
        return False
    roles = {role_of(_lines_text(group).replace("\n", " ")) for group in groups} - {None, "other", "number"}
    return (
        len(roles) >= _LEAST_ROLES
        and bool({"schedule", "start", "end"} & roles)
        and bool({"action", "goal"} & roles)
    )


def _by_groups(groups: Sequence[Line], lines: Sequence[Line]) -> Columns:
    """Return where the columns of a header begin: between two names where fewest texts stand across."""
    texts = [group for line in lines for group in line.texts]
    lefts = sorted(text[0].box.left for text in texts)
    rights = sorted(text[-1].box.right for text in texts)
    columns = []
    for before, after in pairwise(groups):
        own = min(word.box.left for word in after)
        low = min(word.box.left for word in before)
        high = max(word.box.right for word in after)
        centre = (low + max(word.box.right for word in before)) / 2
        candidates = {
            own,
            *(left for left in lefts[bisect_left(lefts, centre) : bisect_right(lefts, (own + high) / 2)]),
        }

        def cost(at: float, own: float = own) -> tuple[int, int, float]:
            crossing = bisect_left(lefts, at - 1) - bisect_right(rights, at)
            aligned = bisect_right(lefts, at + _ALIGNED) - bisect_left(lefts, at - _ALIGNED)
            return crossing, -aligned, abs(at - own)

        columns.append(min(candidates, key=cost))
    return tuple(columns)


def _by_rivers(lines: Sequence[Line]) -> Columns | None:
    """Return where columns begin that rivers of white part, through all lines of several texts."""
    wide = [groups for line in lines if len(groups := line.texts) > 1]
    spans = sorted((group[0].box.left, group[-1].box.right) for groups in wide for group in groups)
    columns: list[float] = []
    reach = spans[0][1] if spans else 0.0
    for left, right in spans:
        if left - reach > _LEAST_RIVER:
            columns.append(left)
        reach = max(reach, right)
    return tuple(columns) if len(columns) > 1 else None


def _is_schedule(text: str) -> bool:
    """Tell whether a short text is a schedule and nothing else."""
    if not 0 < len(text) <= _LONGEST_SCHEDULE:
        return False
    found = normalise(text.replace("\n", " "))
    return isinstance(found, Schedule) and found.certainty >= _SURE


def _levels(page: PageMarks, lines: Sequence[Line]) -> list[float]:
    """Return the levels at which rules across or edges of shades stand over half of the lines' width."""
    if not lines:
        return []
    left, right = min(line[0].box.left for line in lines), max(line[-1].box.right for line in lines)
    edges = [*page.across]
    edges += [Box(box.left, y, box.right, y) for box in page.shades for y in (box.top, box.bottom)]
    found: list[float] = []
    group: list[Box] = []
    for edge in [*sorted(edges, key=lambda box: box.top), None]:
        if group and (edge is None or edge.top - group[0].top > _ALIGNED):
            if _covered(group, left, right) >= _TABLE_WIDTH * (right - left):
                found.append(group[0].top)
            group = []
        if edge is not None:
            group.append(edge)
    return found


def _covered(boxes: Sequence[Box], left: float, right: float) -> float:
    total, reach = 0.0, left
    for box in sorted(boxes):
        begin, end = max(box.left, reach), min(box.right, right)
        total += max(end - begin, 0.0)
        reach = max(reach, end)
    return total


def _is_parted(line: Line, after: Line, levels: Sequence[float]) -> bool:
    """Tell whether a rule stands between two lines."""
    low, high = line[0].box.middle[1], after[0].box.middle[1]
    return bisect_left(levels, high) > bisect_right(levels, low)

"""Columns that stand for a period each, a year or a part of one, and the marks under them.

1. A heading is a period where it reads as one with its year: "Q1", "tammi", "VT", "jan–jun". The year stands
   in the same cell, in a row above it, or over the table.
2. Bare numbers and letters are periods where a year has just so many: four quarters, twelve months.
3. Any mark under a period counts; sums of money and other figures are no marks.
4. Marks without a gap between them are one span: "Q1–Q2 2024, Q4 2025".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from reminders.intake.content import TableRow
from reminders.intake.shapes.schedule_words import sure_schedule
from reminders.intake.words import plain_words, squeeze

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_DAY = r"(?:\d{1,2}[./-]\d{1,2}[./-]20\d\d|20\d\d-\d\d-\d\d|\d{1,2}\.? [^\W\d_]{3,12},? 20\d\d)(?!\d)"
_LONE_DAY = re.compile(rf"(?<!\d)(?<![–—-])(?<![–—-] ){_DAY}(?! ?[–—-] ?\d)")
"""A day that ends or begins no span: when a plan was decided, not when it is carried out."""
_YEAR_NAMES = frozenset(
    ("vuosi", "vuonna", "ar", "aret", "year", "fy", "cy", "verksamhetsar", "toimintavuosi")
)
_BARE = re.compile(r"(?:\d{1,2}|[IVX]{1,4}|[A-ZÅÄÖ])\.?")
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_LONGEST = 24
_LONGEST_OVER = 60
_MOST_WORDS = 4
_LONGEST_MARK = 60
_SHORTEST_ACTION = 4
_PROBE = "2025"
_MOST_ROWS = 3
_FIGURE = re.compile(r"[-+±~<>≤≥€$]?\s?\d")
_NO_MARK = frozenset(("", "-", "–", "—", "0", "no", "ei", "nej", "n/a", "."))
_INITIALS = {
    "THMHTKHESLMJ": "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu "
    "marraskuu joulukuu",
    "JFMAMJJASOND": "jan feb mar apr maj jun jul aug sep okt nov dec",
}
_PARTS = {2: "H", 3: "T", 4: "Q"}


@dataclass(frozen=True, slots=True)
class PeriodColumn:
    """A column that stands for a period: its ``part`` of a year (empty: all of it) and the year, if known."""

    column: int
    part: str
    year: str = ""

    @property
    def words(self) -> str:
        """The period in words; a month that is a number stands before its year: 3/2026."""
        joint = "/" if self.part.isdigit() else " "
        return f"{self.part}{joint}{self.year}" if self.part and self.year else self.part or self.year


@dataclass(frozen=True, slots=True)
class PeriodHeader:
    """The columns of periods under the rows from ``first`` to the one before ``after``."""

    columns: tuple[PeriodColumn, ...]
    first: int
    after: int


def is_period(heading: str) -> bool:
    """Tell whether a heading is a year, or a part of one that is named with it."""
    return year_of(heading) != "" and len(heading) <= _LONGEST and _period(heading) is not None


def year_of(text: str) -> str:
    """Return the one year that a text names, else nothing."""
    years = set(_YEAR.findall(text))
    return years.pop() if len(years) == 1 else ""


def names_day(text: str) -> bool:
    """Tell whether a title names a day by itself: when somebody decided, not what stands under it."""
    return bool(_LONE_DAY.search(text))


def years_in(names: Iterable[str]) -> tuple[int, ...]:
    """Return the first and last year of the first of some titles that names years: one, or a range.

    A day by itself is when somebody decided, and names no year.
    """
    for name in names:
        years = sorted(set(map(int, _YEAR.findall(_LONE_DAY.sub(" ", name)))))
        if len(years) in {1, 2}:
            return years[0], years[-1]
    return ()


def period_words(text: str, year: str = "") -> str:
    """Return the words of a title that is nothing but a period ("Januari", "Kevät 2026"), else nothing.

    ``year`` is the one that holds where the title names none.
    """
    squeezed = squeeze(text).strip(" .:")
    found = _period(squeezed)
    if found is None:
        return ""
    part, own = found
    return squeezed if own or not year else f"{part} {year}"


@lru_cache(maxsize=8192)
def _period(heading: str) -> tuple[str, str] | None:
    """Return the part of the year and the year that a heading names, each perhaps empty; None for others."""
    text = squeeze(heading)
    if not text or len(text) > _LONGEST or len(text.split()) > _MOST_WORDS:
        return None
    if year := year_of(text):
        rest = plain_words(text.replace(year, " "))
        if not rest or rest in _YEAR_NAMES:
            return "", year
        return (text, year) if _within(text, year) else None
    if _YEAR.search(text) or not any(map(str.isalpha, text)):
        return None
    return (text, "") if _within(f"{text} {_PROBE}", _PROBE) else None


def _within(text: str, year: str) -> bool:
    """Tell whether words are a part of that year, or one that ends in the next."""
    found = sure_schedule(text)
    if found is None or found.kind not in {"single", "range"} or not (found.start and found.end):
        return False
    days = (found.end - found.start).days
    return found.start.year == int(year) and days < 330 and found.end.year <= int(year) + 1


def find_periods(rows: Sequence[TableRow], first: int, after: int) -> PeriodHeader:
    """Return the periods of a header from row ``first`` to ``after``, with rows of it beside those."""
    while (
        after < len(rows) and after - first < _MOST_ROWS and _continues_header(rows[first:after], rows[after])
    ):
        after += 1
    top = first
    while top > 0 and first - top < _MOST_ROWS - 1 and _names_years(rows[top - 1], rows[first]):
        top -= 1
    found = list(_columns(rows[top:after]))
    found = _counted(found)
    if len(found) < 2:
        return PeriodHeader((), first, after)
    return PeriodHeader(tuple(found), top, after)


def _continues_header(header: Sequence[TableRow], row: TableRow) -> bool:
    """Tell whether a row under a header is periods and nothing else new."""
    above = header[-1].cells
    new = [
        cell for at, cell in enumerate(row.cells) if cell.strip() and (at >= len(above) or cell != above[at])
    ]
    return len(new) > 1 and all(_period(cell) or _BARE.fullmatch(squeeze(cell)) for cell in new)


def _names_years(row: TableRow, header: TableRow) -> bool:
    """Tell whether a row above a header names years, or parts of one, over columns that have a heading."""
    filled = [(at, squeeze(cell)) for at, cell in enumerate(row.cells) if cell.strip()]
    periods = [at for at, cell in filled if _period(cell) or _year_over(cell)]
    others = [
        cell
        for at, cell in filled
        if at not in periods and (at >= len(header.cells) or cell != squeeze(header.cells[at]))
    ]
    return bool(periods) and periods[0] > 0 and len(others) <= 2 and len(header.cells) > periods[0]


def _year_over(heading: str) -> str:
    """Return the year of a heading over several periods: "Toteutus 2024 (kuukausi)"; nothing of a day."""
    return year_of(_LONE_DAY.sub(" ", heading)) if len(heading) <= _LONGEST_OVER else ""


def _columns(rows: Sequence[TableRow]) -> Iterator[PeriodColumn]:
    """Yield the columns whose lowest heading is a period; a year holds to its right until the next."""
    width = max(len(row.cells) for row in rows)
    years = [""] * width
    for row in rows:
        named = ""
        for at in range(width):
            cell = squeeze(row.cells[at]) if at < len(row.cells) else ""
            found = _period(cell)
            if found and found[1]:
                named = found[1]
            elif cell and row is not rows[-1] and not found:
                named = _year_over(cell)
            if named:
                years[at] = named
    for at in range(width):
        stack = [squeeze(row.cells[at]) for row in rows if at < len(row.cells) and row.cells[at].strip()]
        if not stack:
            continue
        found = _period(stack[-1])
        if found is None and _BARE.fullmatch(stack[-1]):
            yield PeriodColumn(at, stack[-1], years[at])
        elif found and found[0] and found[1]:
            yield PeriodColumn(at, found[0])
        elif found:
            yield PeriodColumn(at, found[0], years[at] or found[1])


def _counted(columns: Sequence[PeriodColumn]) -> list[PeriodColumn]:
    """Name bare numbers and letters by how many a year has of them; those that fit no count are left out."""
    named: list[PeriodColumn] = []
    for bare, group in groupby(columns, key=lambda one: (bool(_BARE.fullmatch(one.part)), one.year)):
        some = list(group)
        named += some if not bare[0] else _numbered(some)
    return named


def _numbered(group: Sequence[PeriodColumn]) -> list[PeriodColumn]:
    count = len(group)
    names = _INITIALS.get("".join(one.part.upper() for one in group), "").split()
    if names:
        named = zip(range(1, count + 1), names, group, strict=True)
        return [replace(one, part=str(number) if one.year else name) for number, name, one in named]
    numbers = [_number(one.part) for one in group]
    if numbers != list(range(1, count + 1)) or not (count in _PARTS or (count == 12 and group[0].year)):
        return []
    letter = _PARTS.get(count, "")
    return [replace(one, part=f"{letter}{number}") for number, one in zip(numbers, group, strict=True)]


def _number(part: str) -> int:
    """Return the number that a digit or a Roman numeral writes, else 0."""
    bare = part.rstrip(".")
    return int(bare) if bare.isdigit() else _ROMAN.index(bare) if bare in _ROMAN else 0


def may_be_period(heading: str) -> bool:
    """Tell whether a heading may stand for a period where enough others beside it do."""
    return _period(heading) is not None or bool(_BARE.fullmatch(squeeze(heading)))


def names_bare(columns: Sequence[PeriodColumn]) -> bool:
    """Tell whether the periods are but numbers made into quarters and the like."""
    return all(one.part[:1] in _PARTS.values() and not one.year for one in columns)


def hold_marks(rows: Sequence[TableRow], columns: Sequence[PeriodColumn]) -> bool:
    """Tell whether most of what stands under the periods are marks: no sums of money, no figures."""
    filled = _filled(rows, columns)
    figures = {cell for cell in filled if _FIGURE.match(cell)}
    marks = sum(is_mark(cell) and (cell != "1" or figures == {"1"}) for cell in filled)
    return marks * 2 > len(filled)


def hold_actions(rows: Sequence[TableRow], columns: Sequence[PeriodColumn]) -> bool:
    """Tell whether most of what stands under the periods are texts, each of them something to do."""
    filled = [cell for cell in _filled(rows, columns) if not may_be_period(cell)]
    texts = sum(len(cell) >= _SHORTEST_ACTION and not _FIGURE.match(cell) for cell in filled)
    return texts * 2 > len(filled)


def _filled(rows: Sequence[TableRow], columns: Sequence[PeriodColumn]) -> list[str]:
    ats = [one.column for one in columns]
    cells = [squeeze(row.cells[at]) for row in rows for at in ats if at < len(row.cells)]
    return [cell for cell in cells if cell.casefold() not in _NO_MARK]


def is_mark(cell: str) -> bool:
    """Tell whether a cell under a period says that it counts."""
    text = squeeze(cell)
    is_figure = text != "1" and _FIGURE.match(text)
    return text.casefold() not in _NO_MARK and len(text) <= _LONGEST_MARK and not is_figure


def in_year(columns: Sequence[PeriodColumn], years: Sequence[int]) -> tuple[PeriodColumn, ...]:
    """Return the periods with their year where a title names it, ``years`` being the first and last.

    Of several years each takes its turn where the parts begin again: Q1 to Q4, and Q1 to Q4.
    """
    if not years or not columns or any(one.year or year_of(one.part) for one in columns):
        return tuple(columns)
    first, last = years[0], years[-1]
    turns = sum(one.part == columns[0].part for one in columns)
    if turns != last - first + 1:
        return tuple(columns)
    turn, made = -1, []
    for one in columns:
        turn += one.part == columns[0].part
        made.append(replace(one, year=str(first + turn)))
    return tuple(made)


def schedule_of_marks(columns: Sequence[PeriodColumn], row: TableRow) -> str:
    """Return the schedule that the marks of a row make, in words; nothing where there are none."""
    marked = [at < len(row.cells) and is_mark(row.cells[at]) for at in (one.column for one in columns)]
    runs = [
        [one for one, _ in group]
        for is_marked, group in groupby(zip(columns, marked, strict=True), key=lambda pair: pair[1])
        if is_marked
    ]
    return ", ".join(_run_words(run[0], run[-1]) for run in runs)


def _run_words(first: PeriodColumn, last: PeriodColumn) -> str:
    if first == last:
        return first.words
    whole = f"{first.words}–{last.words}"
    if first.year and first.year == last.year and not first.part.isdigit():
        short = f"{first.part}–{last.words}"
        long_reading, short_reading = sure_schedule(whole), sure_schedule(short)
        if long_reading and short_reading:
            same = (long_reading.start, long_reading.end) == (short_reading.start, short_reading.end)
            return short if same else whole
    return whole

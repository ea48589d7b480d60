"""Count the XML of an archive while it streams by, and leave out of a workbook what nobody reads.

A sheet is kept up to the end of its cells, with its merged areas behind them, clipped to what is there:
openpyxl would make a cell of everything that a merged area, a link or a comment names. What belongs to
drawings, comments, charts and pivot tables goes with the relations of the sheets.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pyexpat import XMLParserType
from typing import Final
from xml.parsers import expat
from xml.parsers.expat import errors

from reminders.intake.limits import (
    MAX_AREAS,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_ROWS,
    MAX_SHEET_ROWS,
)
from reminders.intake.messages import import_error

_ENCODINGS: Final = frozenset(
    errors.codes[text] for text in (errors.XML_ERROR_UNKNOWN_ENCODING, errors.XML_ERROR_INCORRECT_ENCODING)
)
_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_LARGEST: Final = (1_048_576, 16_384)
"""Rows and columns of the largest sheet that there is."""
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


class ElementCount:
    """The XML elements of an archive's parts; feed it each part piece by piece."""

    def __init__(self, file: str) -> None:
        """Begin to count the elements of ``file``."""
        self._file = file
        self._count = 0
        self._depth = 0
        self._parser: XMLParserType | None = None
        self._part = ""

    def start(self, part: str) -> None:
        """Begin with another part."""
        self._part, self._depth = part, 0
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        self._parser = parser

    def feed(self, piece: bytes) -> None:
        """Count the elements of a piece; what is no XML is left to whoever reads it, and not counted."""
        if self._parser is None:
            return
        try:
            self._parser.Parse(piece, False)  # noqa: FBT003 - it takes no keyword
        except expat.ExpatError as broken:
            self._parser = None
            if broken.code in _ENCODINGS:
                raise import_error(self._file, self._part, "xml-entity", "plain-xml") from None
        except ValueError:  # an encoding in which an entity could hide
            raise import_error(self._file, self._part, "xml-entity", "plain-xml") from None

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        del name, attributes
        self._count += 1
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise import_error(self._file, self._part, "deep-elements", "plain-xml", count=MAX_DEPTH)
        if self._count > MAX_ELEMENTS:
            raise import_error(self._file, self._part, "many-elements", "most", count=MAX_ELEMENTS)

    def _end(self, name: str) -> None:
        del name
        self._depth -= 1

    def _doctype(self, *declared: object) -> None:
        del declared
        raise import_error(self._file, self._part, "xml-entity", "plain-xml")


@dataclass(slots=True)
class _Area:
    """A merged area: its first and last row and column, counted from one."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def reference(self) -> str:
        return f"{_letters(self.left)}{self.top}:{_letters(self.right)}{self.bottom}"

    @property
    def cells(self) -> int:
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


@dataclass(slots=True)
class _Sheet:
    """What stands in one sheet: how far its cells go, its merged areas, and where its bytes may be cut."""

    rows: int = 0
    columns: int = 0
    row_elements: int = 0
    cells: int = 0
    areas: list[_Area] = field(default_factory=list)
    cut_from: int = -1
    cut_to: int = -1
    root: str = ""


def without_extras(data: bytes, file: str) -> bytes:
    """Return a workbook whose sheets hold cells and merged areas alone; ``InputError`` for too many."""
    out, cells = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            name = member.filename
            if _is_extra(name):
                continue
            content = old.read(member)
            if "sheet" in name and name.endswith(".xml"):
                content = _in_utf_8(content)
                sheet = _measured(content, file, name)
                cells += sheet.cells
                if cells > MAX_CELLS:
                    raise import_error(file, name, "many-cells", "most", count=MAX_CELLS)
                content = _cut(content, sheet, file, name)
            new.writestr(name, content)
    return out.getvalue()


def _is_extra(name: str) -> bool:
    """Tell whether a part belongs to a sheet's drawings, comments and the like, or is a sheet of a chart."""
    folder, _, last = name.rpartition("/")
    own_relations = folder.endswith("_rels") and last.startswith(("sheet", "chart", "drawing", "comments"))
    return own_relations or "worksheets/_rels/" in name or "chartsheets/" in name or "/media/" in name


def _in_utf_8(content: bytes) -> bytes:
    """Return XML in UTF-16 as UTF-8, so that what is put in fits the rest."""
    if not content.startswith(_UTF_16):
        return content
    return re.sub(r"^<\?xml[^>]*\?>", "", content.decode("utf-16", "replace")).encode()


def _measured(content: bytes, file: str, part: str) -> _Sheet:
    """Return how much a sheet holds; of one that is no XML what stands before the fault."""
    sheet, parser, depth, data_ended = _Sheet(), expat.ParserCreate(), 0, False

    def begin(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1
        local = name.rpartition(":")[2]
        if depth == 1:
            sheet.root = name
        elif depth == 2 and data_ended and sheet.cut_from < 0:
            sheet.cut_from = parser.CurrentByteIndex
        if local == "c":
            _add_cell(sheet, attributes.get("r", ""))
        elif local == "row":
            sheet.row_elements += 1
        elif local == "mergeCell":
            sheet.areas += _areas(attributes.get("ref", ""))
        if sheet.row_elements > MAX_SHEET_ROWS:
            raise import_error(file, part, "many-lines", "most", count=MAX_SHEET_ROWS)
        if len(sheet.areas) > MAX_AREAS:
            raise import_error(file, part, "many-areas", "most", count=MAX_AREAS)

    def end(name: str) -> None:
        nonlocal depth, data_ended
        data_ended = data_ended or name.rpartition(":")[2] == "sheetData"
        if depth == 1:
            sheet.cut_to = parser.CurrentByteIndex
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    try:
        parser.Parse(content, True)  # noqa: FBT003 - it takes no keyword
    except expat.ExpatError:
        sheet.cut_from = -1
    return sheet


def _add_cell(sheet: _Sheet, reference: str) -> None:
    sheet.cells += 1
    if found := _REFERENCE.fullmatch(reference):
        sheet.rows = max(sheet.rows, int(found[2]))
        sheet.columns = max(sheet.columns, _number(found[1]))
    else:
        sheet.rows = max(sheet.rows, sheet.row_elements)


def _areas(reference: str) -> list[_Area]:
    """Return the merged area that a reference names, none for one that names no area."""
    first, _, last = reference.partition(":")
    top_left, bottom_right = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
    if not top_left or not bottom_right:
        return []
    area = _Area(int(top_left[2]), _number(top_left[1]), int(bottom_right[2]), _number(bottom_right[1]))
    inside = 0 < area.top <= area.bottom <= _LARGEST[0] and area.left <= area.right <= _LARGEST[1]
    return [area] if inside else []


def _cut(content: bytes, sheet: _Sheet, file: str, part: str) -> bytes:
    """Return a sheet with nothing behind its cells but its merged areas."""
    if not 0 <= sheet.cut_from < sheet.cut_to:
        return content
    areas = _clipped(sheet)
    if sum(area.cells for area in areas) > MAX_CELLS:
        raise import_error(file, part, "many-cells", "most", count=MAX_CELLS)
    prefix = sheet.root.rpartition(":")[0]
    own = f"{prefix}:" if prefix else ""
    merged = "".join(f'<{own}mergeCell ref="{area.reference}"/>' for area in areas)
    inserted = f"<{own}mergeCells>{merged}</{own}mergeCells>" if areas else ""
    return content[: sheet.cut_from] + inserted.encode() + content[sheet.cut_to :]


def _clipped(sheet: _Sheet) -> list[_Area]:
    """Return the merged areas, clipped to the cells that are there where they would make the sheet too large.

    A title merged over all columns of the sheet is a habit; it says nothing about columns without cells.
    """
    rows = max([sheet.rows, *(area.bottom for area in sheet.areas)])
    columns = max([sheet.columns, *(area.right for area in sheet.areas)])
    if rows <= MAX_ROWS and columns <= MAX_COLUMNS and rows * columns <= MAX_CELLS:
        return sheet.areas
    return [
        _Area(area.top, area.left, min(area.bottom, sheet.rows), min(area.right, sheet.columns))
        for area in sheet.areas
        if area.top <= sheet.rows and area.left <= sheet.columns
    ]


def _number(letters: str) -> int:
    """Return the number of a column, counted from one."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    """Return the letters of a column."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

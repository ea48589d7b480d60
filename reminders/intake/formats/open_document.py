"""OpenDocument files, ODT texts and ODS spreadsheets, as blocks: what somebody sees who opens them.

Both are one XML part (``content.xml``), read once. In a text, deleted passages, notes, comments, hidden text
and tables of contents are no text; what tables are is left to ``flow``. In a spreadsheet a cell is what it
shows, a date its ISO date, a formula its stored result; cells and rows that are said to be repeated are
counted before they are made, and empty ones are not made at all.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from reminders.errors import InputError
from reminders.intake.content import DocumentContent, IntakeFinding, Table, TableRow
from reminders.intake.formats.content_size import ContentSize, check_table_size
from reminders.intake.formats.flow import (
    BULLET,
    LOWEST_LEVEL,
    FlowCell,
    FlowPart,
    FlowTable,
    FlowText,
    flow_blocks,
)
from reminders.intake.formats.left_out import LeftOut
from reminders.intake.formats.typed_titles import is_footnote_mark, is_typed_title
from reminders.intake.formats.values import FORMULA, NO_RESULT, Area, grid_rows, is_whole_day, value_text
from reminders.intake.limits import MAX_AREAS, MAX_COLUMNS, MAX_LINE, MAX_SHEET_ROWS
from reminders.intake.messages import import_error

if TYPE_CHECKING:
    from lxml.etree import _Element as Node

_LAST_LEVEL: Final = 9
_LONGEST_SHOWN: Final = 200
_SKIPPED: Final = frozenset(
    ("note", "annotation", "annotation-end", "tracked-changes", "forms", "hidden-text", "hidden-paragraph",
     "placeholder", "ruby-text", "title", "desc", "shapes", "label", "table-of-content", "alphabetical-index",
     "illustration-index", "table-index", "object-index", "user-index", "bibliography", "event-listeners")
)  # fmt: skip
_TITLE_STYLE: Final = re.compile(r"(title|otsikko|rubrik)$", re.IGNORECASE)
_HEADING_STYLE: Final = re.compile(r"(?:heading|otsikko|rubrik)[ _](?:20_)?(\d)$", re.IGNORECASE)
_HIDDEN_ROWS: Final = ("collapse", "filter")
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def read_odt(data: bytes, file: str) -> DocumentContent:
    """Return the blocks of an ODT text."""
    try:
        package = _Package(data, file, "odt")
        reader = _TextReader(package.styles)
        parts = reader.parts(package.body("text"))
        blocks = tuple(flow_blocks(parts, ContentSize(file)))
    except (InputError, MemoryError):
        raise
    except Exception as broken:  # noqa: BLE001 - many kinds of error mean a broken document
        reason = " ".join(str(broken).split())[:80] or type(broken).__name__
        raise import_error(file, "the document", "broken-document", "odt", reason=reason) from None
    return DocumentContent(file, blocks, title=package.title, findings=reader.left_out.findings(file))


def read_ods(data: bytes, file: str) -> DocumentContent:
    """Return the visible sheets of an ODS spreadsheet."""
    try:
        package = _Package(data, file, "ods")
        reader = _SheetsReader(package.styles, file)
        tables = tuple(filter(None, map(reader.table, _children(package.body("spreadsheet"), "table"))))
    except (InputError, MemoryError):
        raise
    except Exception as broken:  # noqa: BLE001 - many kinds of error mean a broken workbook
        reason = " ".join(str(broken).split())[:80] or type(broken).__name__
        raise import_error(file, "the workbook", "broken-workbook", "ods", reason=reason) from None
    findings = (*reader.formulas, *reader.left_out.findings(file))
    return DocumentContent(file, tables, package.title, findings=findings, days=frozenset(reader.days))


class _Package:
    """The parts of an OpenDocument archive that are read."""

    def __init__(self, data: bytes, file: str, kind: str) -> None:
        from lxml import etree

        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
        )
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
            if b"encryption-data" in manifest:
                raise import_error(file, "the file", "locked-file", "open-file")

            def root(name: str) -> Node:
                return (
                    etree.fromstring(archive.read(name), parser) if name in names else etree.Element("none")
                )

            self._content = root("content.xml")
            self.styles = _Styles((root("styles.xml"), self._content))
            meta = root("meta.xml")
        self._file, self._kind = file, kind
        titles = (one.text for one in meta.iter() if _name(one) == "title" and one.text)
        self.title = next(titles, "").strip()

    def body(self, name: str) -> Node:
        """Return the body of a document; ``InputError`` where it is one of another kind."""
        bodies = [one for one in self._content if _name(one) == "body"]
        found = [one for body in bodies for one in body if _name(one) == name]
        if not found:
            raise import_error(self._file, "the archive", "other-kind", self._kind)
        return found[0]


@dataclass(slots=True)
class _Style:
    """What a style says of a text or a sheet."""

    name: str = ""
    level: int = 0
    is_bold: bool = False
    is_hidden: bool = False
    is_struck: bool = False
    is_raised: bool = False


class _Styles:
    """The styles of a document by family and name, and the levels of its lists."""

    def __init__(self, roots: tuple[Node, ...]) -> None:
        self._elements: dict[tuple[str, str], Node] = {}
        self._lists: dict[str, dict[int, Node]] = {}
        self._known: dict[tuple[str, str], _Style] = {}
        for root in roots:
            for group in root:
                if _name(group) in {"styles", "automatic-styles"}:
                    self._take(group)

    def _take(self, group: Node) -> None:
        for one in group:
            if _name(one) == "style":
                self._elements[_get(one, "family"), _get(one, "name")] = one
            elif _name(one) == "list-style":
                self._lists[_get(one, "name")] = {_whole(_get(level, "level")): level for level in one}

    def of(self, family: str, name: str) -> _Style:
        """Return what a style means; the styles that it stands on are asked in turn, each once."""
        if (family, name) not in self._known:
            chain: dict[str, Node] = {}
            at = name
            while (element := self._elements.get((family, at))) is not None and at not in chain:
                chain[at] = element
                at = _get(element, "parent-style-name")
            # The last one may be a built-in style, which is named and not described.
            found = _Style(at or name)
            for own, element in reversed(chain.items()):
                found = self._with(found, own, element)
            self._known[family, name] = replace(found, level=found.level or _level_by_name(found.name))
        return self._known[family, name]

    def _with(self, base: _Style, name: str, element: Node) -> _Style:
        level = _whole(_get(element, "default-outline-level"))
        shown = _get(element, "display-name") or name
        found = replace(base, level=level or base.level or _level_by_name(shown))
        for properties in element:
            kind = _name(properties)
            if kind == "text-properties":
                weight, line = _get(properties, "font-weight"), _get(properties, "text-line-through-style")
                hidden, position = _get(properties, "display"), _get(properties, "text-position")
                found = replace(
                    found,
                    is_bold=weight in {"bold", "600", "700", "800", "900"} if weight else found.is_bold,
                    is_hidden=hidden == "none" if hidden else found.is_hidden,
                    is_struck=line != "none" if line else found.is_struck,
                    is_raised=position.startswith("super") if position else found.is_raised,
                )
            elif kind in {"table-properties", "section-properties"}:
                found = replace(found, is_hidden=_get(properties, "display") in {"false", "none"})
        return found

    def label(self, name: str, depth: int, number: int) -> str:
        """Return what a list of this style puts in front of an item: its bullet, or its number."""
        level = self._lists.get(name, {}).get(depth)
        if level is None or _name(level) != "list-level-style-number":
            return BULLET
        if not _get(level, "num-format"):
            return f"{_get(level, 'num-prefix')}{_get(level, 'num-suffix')}".strip()
        start = max(_whole(_get(level, "start-value")), 1)
        return f"{_get(level, 'num-prefix')}{number + start - 1}{_get(level, 'num-suffix')}".strip()


@dataclass(slots=True)
class _Lists:
    """The lists that a paragraph stands in: the style of the outermost that names one, the numbers so far."""

    style: str = ""
    depth: int = 0


@dataclass(slots=True)
class _Paragraph:
    """What has been gathered of a paragraph: its pieces, whether all are bold, and boxes that hang on it."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[FlowPart] = field(default_factory=list)
    bold: bool = True


class _TextReader:
    """Goes through the body of a text once."""

    def __init__(self, styles: _Styles) -> None:
        self.left_out = LeftOut()
        self._styles = styles
        self._numbers: dict[tuple[str, int], int] = {}

    def parts(self, element: Node, *, inside: bool = False) -> list[FlowPart]:
        """Return the paragraphs and tables of an element, ``inside`` a cell or in the body itself."""
        found: list[FlowPart] = []
        self._gather(element, found, _Lists(), inside=inside)
        return found

    def _gather(self, element: Node, found: list[FlowPart], lists: _Lists, *, inside: bool) -> None:
        for child in element:
            name = _name(child)
            if name in {"p", "h"}:
                found += self._paragraph(child, "", inside=inside)
            elif name == "table":
                found.append(self._table(child))
            elif name == "list":
                self._list(child, found, lists, inside=inside)
            elif name == "frame":
                self._boxes(child, found)
            elif name == "section" and self._is_hidden_section(child):
                self.left_out.finding("hidden-text", _all_text(child))
            elif name not in _SKIPPED and name:
                self._gather(child, found, lists, inside=inside)

    def _is_hidden_section(self, section: Node) -> bool:
        style = self._styles.of("section", _get(section, "style-name"))
        return _get(section, "display") in {"none", "condition"} or style.is_hidden

    def _list(self, element: Node, found: list[FlowPart], outer: _Lists, *, inside: bool) -> None:
        own = _Lists(_get(element, "style-name") or outer.style, outer.depth + 1)
        key = (own.style, own.depth)
        if _get(element, "continue-numbering") != "true" and not _get(element, "continue-list"):
            self._numbers[key] = 0
        for item in element:
            first = True
            if _name(item) == "list-item":
                self._numbers[key] += 1
            for child in item:
                name = _name(child)
                if name in {"p", "h"}:
                    mark = self._styles.label(own.style, own.depth, self._numbers[key]) if first else ""
                    found += self._paragraph(child, mark if _name(item) == "list-item" else "", inside=inside)
                    first = False
                elif name == "list":
                    self._list(child, found, own, inside=inside)
                elif name not in _SKIPPED and name:
                    self._gather([child], found, own, inside=inside)

    def _paragraph(self, element: Node, mark: str, *, inside: bool) -> Iterator[FlowPart]:
        style = self._styles.of("paragraph", _get(element, "style-name"))
        here = _Paragraph()
        if style.is_hidden:
            self.left_out.finding("hidden-text", _all_text(element))
            return
        self._inline(element, here, style)
        text = "".join(here.pieces)
        level = _whole(_get(element, "outline-level")) or 1 if _name(element) == "h" else style.level
        if _get(element, "is-list-header") == "true" or not 0 <= level <= _LAST_LEVEL:
            level = 0
        if not level and not mark and not inside and here.bold and is_typed_title(text):
            level = LOWEST_LEVEL
        yield FlowText(text.strip(), level, "" if level else mark)
        yield from here.boxes

    def _inline(self, element: Node, here: _Paragraph, style: _Style) -> None:
        """Gather the text of an element with all that is in it; what follows each child is the parent's."""
        self._piece(element.text, here, style)
        for child in element:
            name = _name(child)
            if name == "s":
                here.pieces.append(" " * max(1, min(_whole(_get(child, "c")), MAX_LINE)))
            elif name == "tab":
                here.pieces.append("\t")
            elif name == "line-break":
                here.pieces.append("\n")
            elif name == "frame":
                self._boxes(child, here.boxes)
            elif name == "span":
                self._inline(child, here, self._span(child, style))
            elif name not in _SKIPPED and name:
                self._inline(child, here, style)
            self._piece(child.tail, here, style)

    def _span(self, element: Node, style: _Style) -> _Style:
        own = self._styles.of("text", _get(element, "style-name"))
        return replace(
            style,
            is_bold=own.is_bold or style.is_bold,
            is_hidden=own.is_hidden or style.is_hidden,
            is_struck=own.is_struck or style.is_struck,
            is_raised=own.is_raised,
        )

    def _piece(self, text: str | None, here: _Paragraph, style: _Style) -> None:
        if not text:
            return
        shown = re.sub(r"[ \t\r\n]+", " ", text)
        if style.is_hidden:
            self.left_out.finding("hidden-text", shown)
        elif style.is_struck:
            self.left_out.finding("struck-text", shown)
        elif not (style.is_raised and is_footnote_mark(shown, "".join(here.pieces[-3:]))):
            here.pieces.append(shown)
            here.bold = here.bold and (style.is_bold or not shown.strip())

    def _boxes(self, frame: Node, found: list[FlowPart]) -> None:
        """Read the text boxes of a frame; a picture has none."""
        for child in frame:
            if _name(child) == "text-box":
                found += self.parts(child)

    def _table(self, element: Node) -> FlowTable:
        table = FlowTable()
        for row in _table_rows(element):
            cells = [one for one in row if _name(one) in {"table-cell", "covered-table-cell"}]
            if _get(row, "visibility") in _HIDDEN_ROWS:
                self.left_out.finding("hidden-text", _all_text(row))
                continue
            made = list[FlowCell]()
            for cell in cells:
                if _name(cell) == "table-cell":
                    parts = self.parts(cell, inside=True)
                    columns = max(1, min(_whole(_get(cell, "number-columns-spanned")), MAX_COLUMNS))
                    rows = max(1, min(_whole(_get(cell, "number-rows-spanned")), MAX_SHEET_ROWS))
                    again = max(1, min(_whole(_get(cell, "number-columns-repeated")), MAX_COLUMNS))
                    made += [FlowCell(parts, columns, rows)] * again
            table.rows.append(made)
        return table


class _SheetsReader:
    """Reads the sheets of a spreadsheet, one after the other."""

    def __init__(self, styles: _Styles, file: str) -> None:
        self.left_out = LeftOut()
        self.formulas: list[IntakeFinding] = []
        self.days: set[str] = set()
        self._styles = styles
        self._file = file
        self._size = ContentSize(file)

    def table(self, element: Node) -> Table | None:
        """Return a sheet as a table; None for a hidden one, which is said."""
        name = _get(element, "name")
        if self._styles.of("table", _get(element, "style-name")).is_hidden:
            self.left_out.finding("hidden-sheet", _all_text(element), f"sheet {name}")
            return None
        grid, areas = self._grid(element, name)
        rows: Iterator[TableRow] = grid_rows(grid, areas, f"sheet {name}", self._size)
        return Table(tuple(rows), name)

    def _grid(self, element: Node, name: str) -> tuple[dict[int, list[str]], list[Area]]:
        """Return the rows that have a text, by number, and the merged areas."""
        grid, areas = dict[int, list[str]](), list[Area]()
        hidden_columns = _hidden_columns(element)
        number, made = 1, 0
        for row in _table_rows(element):
            again = max(1, _whole(_get(row, "number-rows-repeated")))
            texts = self._row(row, f"sheet {name}, row {number}", number, areas)
            if texts:
                made += again
                check_table_size(made, len(texts), self._file, f"sheet {name}")
                if _get(row, "visibility") in _HIDDEN_ROWS:
                    self.left_out.finding("hidden-rows", " ".join(texts), f"sheet {name}")
                for at in hidden_columns & set(range(len(texts))):
                    self.left_out.finding("hidden-columns", texts[at], f"sheet {name}")
                grid |= {number + at: list(texts) for at in range(again)}
            number += again
        if len(areas) > MAX_AREAS:
            raise import_error(self._file, f"sheet {name}", "many-areas", "most", count=MAX_AREAS)
        return grid, areas

    def _row(self, row: Node, place: str, number: int, areas: list[Area]) -> list[str]:
        """Return the texts of a row up to its last one; ``InputError`` where they go too far."""
        texts, column = list[str](), 0
        for cell in row:
            if _name(cell) not in {"table-cell", "covered-table-cell"}:
                continue
            again = max(1, _whole(_get(cell, "number-columns-repeated")))
            text = self._text(cell, f"{place}, column {column + 1}") if len(cell) or cell.attrib else ""
            if text and _name(cell) == "table-cell":
                check_table_size(1, column + again, self._file, place)
                texts += [""] * (column - len(texts)) + [text] * again
                spanned = [_whole(_get(cell, f"number-{one}-spanned")) or 1 for one in ("rows", "columns")]
                if max(spanned) > 1:
                    areas.append((number, column, number + spanned[0] - 1, column + spanned[1] - 1))
            column += again
        return texts

    def _text(self, cell: Node, place: str) -> str:
        """Return what a cell shows; a whole day as its ISO date."""
        kind, formula = _get(cell, "value-type"), _get(cell, "formula")
        shown = "\n".join(filter(None, (_shown(one).strip() for one in _children(cell, "p"))))
        text = shown
        if kind == "date":
            day = _get(cell, "date-value")[:10]
            if is_whole_day(shown, day):
                self.days.add(day)
                text = day
        elif kind == "boolean":
            text = value_text(_get(cell, "boolean-value") == "true")
        elif kind == "string" and (stored := _get(cell, "string-value")).split() == shown.split():
            # The lines of a cell, where its one paragraph has them as blanks.
            text = stored.strip() if "\n" in stored and "\n" not in shown else shown
        elif kind == "float" and _NUMBER.fullmatch(value := _get(cell, "value")):
            text = value_text(float(value))
        if formula:
            text = self._result(text, formula.partition(":")[2] or formula, place, known=bool(kind))
        return text

    def _result(self, text: str, formula: str, place: str, *, known: bool) -> str:
        """Return the stored result of a formula, and say that it is one; the formula where there is none."""
        if not known or text.startswith(("#", "Err:")):
            self.formulas.append(IntakeFinding(NO_RESULT, self._file, place, formula[:_LONGEST_SHOWN]))
            return formula
        self.formulas.append(IntakeFinding(FORMULA, self._file, place, formula[:_LONGEST_SHOWN], text))
        return text


def _table_rows(element: Node) -> Iterator[Node]:
    """Yield the rows of a table, those that are headings or in a group among them."""
    for child in element:
        name = _name(child)
        if name == "table-row":
            yield child
        elif name in {"table-header-rows", "table-rows", "table-row-group"}:
            yield from _table_rows(child)


def _hidden_columns(element: Node) -> set[int]:
    """Return the columns of a sheet that are hidden, counted from 0; those beyond a table are none."""
    hidden, at = set[int](), 0
    for one in element.iter():
        if _name(one) == "table-row":
            break
        if _name(one) == "table-column":
            again = max(1, _whole(_get(one, "number-columns-repeated")))
            if _get(one, "visibility") in _HIDDEN_ROWS:
                hidden |= set(range(at, min(at + again, MAX_COLUMNS)))
            at += again
    return hidden


def _shown(element: Node) -> str:
    """Return the text of a paragraph in a cell."""
    here = _Paragraph()
    _TextReader(_NO_STYLES)._inline(element, here, _Style())  # noqa: SLF001 - a reader that knows no styles
    return "".join(here.pieces)


_NO_STYLES: Final = _Styles(())


def _all_text(element: Node) -> str:
    """Return the first words of all that is in an element."""
    words, size = list[str](), 0
    for text in element.itertext():
        words.append(text)
        size += len(text)
        if size > _LONGEST_SHOWN * 2:
            break
    return " ".join(words)


def _level_by_name(name: str) -> int:
    shown = name.replace("_20_", " ")
    found = _HEADING_STYLE.search(shown)
    return int(found[1]) if found else int(bool(_TITLE_STYLE.fullmatch(shown)))


def _children(element: Node, name: str) -> Iterator[Node]:
    return (child for child in element if _name(child) == name)


def _name(element: Node) -> str:
    """Return the name of an element without its namespace; nothing for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


_SPACES: Final = tuple(
    f"{{urn:oasis:names:tc:opendocument:xmlns:{one}}}"
    for one in ("text:1.0", "table:1.0", "office:1.0", "style:1.0", "xsl-fo-compatible:1.0")
)


def _get(element: Node, name: str) -> str:
    """Return an attribute, in whichever of OpenDocument's namespaces it stands."""
    for space in _SPACES:
        if (value := element.get(space + name)) is not None:
            return str(value)
    return ""


def _whole(text: str) -> int:
    """Return a whole number; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

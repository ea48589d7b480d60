"""A Word document as paragraphs and tables: what somebody sees who accepts all changes that are tracked.

Inserted text counts, deleted text does not, nor what is struck out or hidden (which is said). Content
controls are what they hold, placeholders nothing. A heading is one by its style or its outline level; the
number of a list stands in front of its text. What tables are is left to ``flow``.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from reminders.errors import InputError
from reminders.intake.content import DocumentContent
from reminders.intake.formats.content_size import ContentSize
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
from reminders.intake.limits import MAX_COLUMNS
from reminders.intake.messages import import_error

if TYPE_CHECKING:
    from docx.document import Document
    from lxml.etree import _Element as Node

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVEL: Final = re.compile(r"(?:heading|otsikko|rubrik)\s*(\d)", re.IGNORECASE)
_TITLES: Final = ("title", "otsikko", "rubrik")
_LISTS: Final = ("list", "luettelo")
_CONTENTS: Final = re.compile(r"toc (?:\d|heading)", re.IGNORECASE)
_LAST_LEVEL: Final = 9
_OFF: Final = ("0", "false", "off", "none")
_GONE: Final = frozenset(("del", "moveFrom", "sdtPr", "rPr", "pPr"))
_SYMBOLS: Final = {
    "f0fc": "✓", "f0fb": "✗", "f0fd": "☒", "f0fe": "☑", "f0a8": "☐", "f06f": "☐", "f0b7": "•",
    "f0a7": "•", "f06c": "•", "f0e0": "→",
}  # fmt: skip
_SYMBOL_FONTS: Final = ("wingdings", "symbol", "webdings")


def read_docx(data: bytes, file: str) -> DocumentContent:
    """Return the blocks of a Word document's body."""
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        reader = _BodyReader(document)
        parts = reader.parts(document.element.body)
        blocks = tuple(flow_blocks(parts, ContentSize(file)))
        title = document.core_properties.title
    except (InputError, MemoryError):
        raise
    except Exception as broken:  # noqa: BLE001 - many kinds of error mean a broken document
        reason = " ".join(str(broken).split())[:80]
        raise import_error(file, "the document", "broken-document", "docx", reason=reason) from None
    return DocumentContent(file, blocks, title=title or "", findings=reader.left_out.findings(file))


@dataclass(slots=True)
class _Paragraph:
    """What has been gathered of a paragraph: its pieces, whether all are bold, and boxes that hang on it."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[FlowPart] = field(default_factory=list)
    bold: bool = True

    @property
    def text(self) -> str:
        return "".join(self.pieces)


class _BodyReader:
    """Goes through a body once; what each style means is looked up once."""

    def __init__(self, document: Document) -> None:
        self.left_out = LeftOut()
        self._styles = _Styles(document)
        self._numbers = _Numbers(document)
        self._started = ""
        """The text of a paragraph whose end was deleted: it goes on in the next one."""

    def parts(self, element: Node, *, inside: bool = False) -> list[FlowPart]:
        """Return the paragraphs and tables of an element, ``inside`` a cell or in the body itself."""
        found: list[FlowPart] = []
        self._gather(element, found, inside=inside)
        return found

    def _gather(self, element: Node, found: list[FlowPart], *, inside: bool) -> None:
        for child in element:
            name = _name(child)
            if name == "p":
                found += self._paragraph(child, inside=inside)
            elif name == "tbl":
                found.append(self._table(child))
            elif name == "sdt":
                if (content := _content(child)) is not None:
                    self._gather(content, found, inside=inside)
            elif name == "AlternateContent":
                self._gather(child[:1], found, inside=inside)
            elif name in {"ins", "moveTo", "customXml", "Choice", "Fallback"}:
                self._gather(child, found, inside=inside)

    def _paragraph(self, element: Node, *, inside: bool) -> Iterator[FlowPart]:
        properties = element.find(f"{_W}pPr")
        style = self._styles.of(properties)
        if style.is_contents:
            return
        here = _Paragraph()
        self._inline(element, here, style)
        text, self._started = self._started + here.text, ""
        mark = properties.find(f"{_W}rPr") if properties is not None else None
        if mark is not None and mark.find(f"{_W}del") is not None:
            self._started = text
            yield from here.boxes
            return
        level = _outline_level(properties, style)
        label = self._numbers.label(properties, style)
        if style.is_list and not label and not level:
            label = BULLET
        if not level and not label and not inside and here.bold and is_typed_title(text):
            level = LOWEST_LEVEL
        yield FlowText(text.strip(), level, label)
        yield from here.boxes

    def _inline(self, element: Node, here: _Paragraph, style: _Style) -> None:
        for child in element:
            name = _name(child)
            if name == "r":
                self._run(child, here, style)
            elif name == "sdt":
                if (content := _content(child)) is not None:
                    self._inline(content, here, style)
            elif name == "AlternateContent":
                self._inline(child[:1], here, style)
            elif name == "t":  # of a formula
                here.pieces.append(child.text or "")
            elif name not in _GONE and isinstance(child.tag, str):
                self._inline(child, here, style)

    def _run(self, run: Node, here: _Paragraph, style: _Style) -> None:
        looks = self._styles.of_run(run.find(f"{_W}rPr"), style)
        pieces = list[str]()
        for child in run:
            name = _name(child)
            if name == "t":
                pieces.append(_symbols(child.text or "") if looks.has_symbols else child.text or "")
            elif name in {"tab", "ptab"}:
                pieces.append("\t")
            elif name in {"br", "cr"}:
                pieces.append("\n")
            elif name == "noBreakHyphen":
                pieces.append("-")
            elif name == "sym":
                pieces.append(_SYMBOLS.get(_value(child, "char").lower(), ""))
            elif name == "fldChar":
                pieces.append(_field_value(child))
            elif name in {"drawing", "pict", "object", "AlternateContent"}:
                self._boxes(child, here)
        text = "".join(pieces)
        if looks.is_placeholder:
            return
        if looks.is_hidden:
            self.left_out.finding("hidden-text", text)
        elif looks.is_struck:
            self.left_out.finding("struck-text", text)
        elif not (looks.is_raised and is_footnote_mark(text, "".join(here.pieces[-3:]))):
            here.pieces.append(text)
            here.bold = here.bold and (looks.is_bold or not text.strip())

    def _boxes(self, drawing: Node, here: _Paragraph) -> None:
        """Read the text boxes of a drawing, one that is given twice for older programs once."""
        twice = drawing[0] if _name(drawing) == "AlternateContent" and len(drawing) else drawing
        if _name(twice) == "txbxContent":
            here.boxes += self.parts(twice)
            return
        for child in twice:
            if isinstance(child.tag, str):
                self._boxes(child, here)

    def _table(self, element: Node) -> FlowTable:
        grid = element.find(f"{_W}tblGrid")
        table = FlowTable(width=min(len(grid), MAX_COLUMNS) if grid is not None else 0)
        for row in _unwrapped(element, "tr"):
            properties = row.find(f"{_W}trPr")
            if properties is not None and properties.find(f"{_W}del") is not None:
                continue
            if properties is not None and _is_on(properties.find(f"{_W}hidden")):
                self.left_out.finding("hidden-text", " ".join(one.text or "" for one in row.iter(f"{_W}t")))
                continue
            before = _count(properties, "gridBefore")
            cells = [FlowCell([], before)] if before else []
            table.rows.append([*cells, *map(self._cell, _unwrapped(row, "tc"))])
        return table

    def _cell(self, element: Node) -> FlowCell:
        properties = element.find(f"{_W}tcPr")
        merged = properties.find(f"{_W}vMerge") if properties is not None else None
        goes_on = merged is not None and _value(merged, "val") in {"", "continue"}
        gone = properties is not None and properties.find(f"{_W}cellDel") is not None
        parts = [] if gone else self.parts(element, inside=True)
        return FlowCell(parts, max(1, _count(properties, "gridSpan")), goes_on=goes_on)


@dataclass(frozen=True, slots=True)
class _Style:
    """What a paragraph's style says of it."""

    level: int = 0
    is_list: bool = False
    is_contents: bool = False
    is_bold: bool = False
    is_hidden: bool = False
    is_placeholder: bool = False
    numbering: tuple[str, int] = ("", 0)


@dataclass(frozen=True, slots=True)
class _Looks:
    """How a run looks, as far as it changes what it says."""

    is_bold: bool
    is_hidden: bool
    is_struck: bool = False
    is_raised: bool = False
    has_symbols: bool = False
    is_placeholder: bool = False


class _Styles:
    """The styles of a document: each says what it does not say itself by the one that it is based on."""

    def __init__(self, document: Document) -> None:
        styles = document.styles.element.findall(f"{_W}style")
        self._elements = {_value(style, "styleId"): style for style in styles}
        default = (_value(one, "styleId") for one in styles if _is_default(one))
        self._default = next(default, "")
        self._known: dict[str, _Style] = {}

    def of(self, properties: Node | None) -> _Style:
        """Return the style of a paragraph with these properties."""
        own = properties.find(f"{_W}pStyle") if properties is not None else None
        return self._style(_value(own, "val") if own is not None else self._default)

    def of_run(self, properties: Node | None, style: _Style) -> _Looks:
        """Return how a run of a paragraph in ``style`` looks."""
        if properties is None:
            return _Looks(style.is_bold, style.is_hidden)
        named = properties.find(f"{_W}rStyle")
        base = self._style(_value(named, "val")) if named is not None else style
        raised = properties.find(f"{_W}vertAlign")
        fonts = properties.find(f"{_W}rFonts")
        names = " ".join(fonts.attrib.values()).lower() if fonts is not None else ""
        return _Looks(
            is_bold=_is_on(properties.find(f"{_W}b"), otherwise=base.is_bold or style.is_bold),
            is_hidden=_is_on(properties.find(f"{_W}vanish"), otherwise=base.is_hidden),
            is_struck=_is_on(properties.find(f"{_W}strike")) or _is_on(properties.find(f"{_W}dstrike")),
            is_raised=raised is not None and _value(raised, "val") == "superscript",
            has_symbols=any(font in names for font in _SYMBOL_FONTS),
            is_placeholder=named is not None and base.is_placeholder,
        )

    def _style(self, name: str) -> _Style:
        if name not in self._known:
            self._known[name] = self._read(name)
        return self._known[name]

    def _read(self, name: str) -> _Style:
        """Return what a style means; the styles that it is based on are asked in turn, each once."""
        chain: dict[str, Node] = {}
        while (element := self._elements.get(name)) is not None and name not in chain:
            chain[name] = element
            base = element.find(f"{_W}basedOn")
            name = _value(base, "val") if base is not None else ""
        found = _Style()
        for element in reversed(chain.values()):
            found = self._with(found, element)
        return found

    def _with(self, base: _Style, element: Node) -> _Style:
        """Return a style that says what ``base`` does and what its own element says."""
        title = _value(element.find(f"{_W}name"), "val") if element.find(f"{_W}name") is not None else ""
        looks, properties = element.find(f"{_W}rPr"), element.find(f"{_W}pPr")
        outline = properties.find(f"{_W}outlineLvl") if properties is not None else None
        level = _LEVEL.match(title)
        own = int(level[1]) if level else int(title.lower() in _TITLES)
        if not own and outline is not None:
            own = _level_of(outline)
        numbering = _numbering(properties)
        return _Style(
            level=own if own or outline is not None else base.level,
            is_list=base.is_list or any(word in title.lower() for word in _LISTS),
            is_contents=bool(_CONTENTS.match(title)),
            is_placeholder=title.lower() == "placeholder text",
            is_bold=_is_on(looks.find(f"{_W}b") if looks is not None else None, otherwise=base.is_bold),
            is_hidden=_is_on(
                looks.find(f"{_W}vanish") if looks is not None else None, otherwise=base.is_hidden
            ),
            numbering=(numbering[0] or base.numbering[0], max(numbering[1], base.numbering[1])),
        )


class _Numbers:
    """The numbers of lists, counted as paragraphs come."""

    def __init__(self, document: Document) -> None:
        parts = [
            relation.target_part
            for relation in document.part.rels.values()
            if relation.reltype.endswith("/numbering") and not relation.is_external
        ]
        root = getattr(parts[0], "element", None) if parts else None
        lists = root.findall(f"{_W}abstractNum") if root is not None else []
        self._levels = {_value(one, "abstractNumId"): _list_levels(one) for one in lists}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, list[int]] = {}
        self._restarts: set[str] = set()
        for one in root.findall(f"{_W}num") if root is not None else []:
            own = one.find(f"{_W}abstractNumId")
            self._lists[_value(one, "numId")] = _value(own, "val") if own is not None else ""
            if one.find(f"{_W}lvlOverride/{_W}startOverride") is not None:
                self._restarts.add(_value(one, "numId"))

    def label(self, properties: Node | None, style: _Style) -> str:
        """Return what stands in front of a paragraph, and count it; nothing where it is in no list."""
        own = _numbering(properties)
        number, depth = own if own[0] else style.numbering
        levels = self._levels.get(self._lists.get(number, ""), {})
        if number in {"", "0"} or depth not in levels:
            return ""
        key = self._lists[number]
        if number in self._restarts:
            self._restarts.discard(number)
            self._counts.pop(key, None)
        counts = self._counts.setdefault(key, [])
        if len(counts) <= depth:
            counts += [levels[at].start - 1 if at in levels else 0 for at in range(len(counts), depth + 1)]
            counts[:depth] = [max(count, 1) for count in counts[:depth]]
        counts[depth] += 1
        del counts[depth + 1 :]
        return levels[depth].label(counts, levels)


@dataclass(frozen=True, slots=True)
class _ListLevel:
    """How a level of a list is numbered: the kind of number, the text around it, the first one."""

    kind: str
    text: str
    start: int

    def label(self, counts: list[int], levels: Mapping[int, _ListLevel]) -> str:
        """Return the label of a paragraph whose numbers are ``counts``, from the highest level down."""
        if self.kind == "bullet":
            return BULLET
        if self.kind == "none":
            return re.sub(r"%\d", "", self.text).strip()

        def number(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            return _written(counts[at], levels[at].kind) if at < len(counts) and at in levels else ""

        return re.sub(r"%([1-9])", number, self.text).strip()


def _list_levels(element: Node) -> dict[int, _ListLevel]:
    found = dict[int, _ListLevel]()
    for one in element.findall(f"{_W}lvl"):
        kind, text, start = (one.find(f"{_W}{name}") for name in ("numFmt", "lvlText", "start"))
        found[_integer(_value(one, "ilvl"))] = _ListLevel(
            _value(kind, "val") if kind is not None else "decimal",
            _value(text, "val") if text is not None else "",
            _integer(_value(start, "val")) if start is not None else 1,
        )
    return found


def _written(number: int, kind: str) -> str:
    """Return a number as a list writes it."""
    if kind in {"lowerLetter", "upperLetter"} and number > 0:
        letter = chr(ord("a") + (number - 1) % 26)
        return letter if kind == "lowerLetter" else letter.upper()
    if kind in {"lowerRoman", "upperRoman"} and 0 < number < 50:
        text = (
            "x" * (number // 10) + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[number % 10]
        )
        text = text.replace("xxxx", "xl")
        return text if kind == "lowerRoman" else text.upper()
    return str(number)


def _outline_level(properties: Node | None, style: _Style) -> int:
    """Return the level of a heading, 0 for a paragraph that is none."""
    own = properties.find(f"{_W}outlineLvl") if properties is not None else None
    return _level_of(own) if own is not None else style.level


def _level_of(outline: Node) -> int:
    level = _integer(_value(outline, "val"), _LAST_LEVEL) + 1
    return level if 0 < level <= _LAST_LEVEL else 0


def _numbering(properties: Node | None) -> tuple[str, int]:
    """Return the list that paragraph properties name, and the level in it."""
    own = properties.find(f"{_W}numPr") if properties is not None else None
    if own is None:
        return "", 0
    number, level = own.find(f"{_W}numId"), own.find(f"{_W}ilvl")
    depth = _integer(_value(level, "val")) if level is not None else 0
    return _value(number, "val") if number is not None else "", min(max(depth, 0), _LAST_LEVEL)


def _content(control: Node) -> Node | None:
    """Return what a content control holds; None for its placeholder, and for a table of contents."""
    properties = control.find(f"{_W}sdtPr")
    if properties is not None:
        if _is_on(properties.find(f"{_W}showingPlcHdr")):
            return None
        gallery = properties.find(f"{_W}docPartObj/{_W}docPartGallery")
        if gallery is not None and _value(gallery, "val") == "Table of Contents":
            return None
    return control.find(f"{_W}sdtContent")


def _unwrapped(element: Node, name: str) -> Iterator[Node]:
    """Yield the rows of a table, or the cells of a row, those in content controls among them."""
    for child in element:
        own = _name(child)
        if own == name:
            yield child
        elif own == "sdt":
            if (content := _content(child)) is not None:
                yield from _unwrapped(content, name)
        elif own in {"ins", "moveTo", "customXml"}:
            yield from _unwrapped(child, name)


def _field_value(begin: Node) -> str:
    """Return what an older form field shows that has no text: the choice of a list, the tick of a box."""
    choices = begin.find(f"{_W}ffData/{_W}ddList")
    if choices is not None:
        entries = [_value(entry, "val") for entry in choices.findall(f"{_W}listEntry")]
        chosen = choices.find(f"{_W}result")
        chosen = choices.find(f"{_W}default") if chosen is None else chosen
        at = _integer(_value(chosen, "val")) if chosen is not None else 0
        return entries[at] if 0 <= at < len(entries) else ""
    box = begin.find(f"{_W}ffData/{_W}checkBox")
    if box is None:
        return ""
    ticked = box.find(f"{_W}checked")
    return "☒" if _is_on(box.find(f"{_W}default") if ticked is None else ticked) else "☐"


def _symbols(text: str) -> str:
    """Return letters that were typed in a font of symbols as the symbols."""
    return "".join(_SYMBOLS.get(f"f0{ord(letter) & 0xFF:02x}", letter) for letter in text)


def _name(element: Node) -> str:
    """Return the name of an element without its namespace; nothing for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _value(element: Node, name: str) -> str:
    """Return an attribute of Word's own."""
    return str(element.get(f"{_W}{name}", ""))


def _count(properties: Node | None, name: str) -> int:
    """Return how many columns a cell spans, or a row leaves out; no more than a table may have."""
    own = properties.find(f"{_W}{name}") if properties is not None else None
    return min(max(_integer(_value(own, "val")), 0), MAX_COLUMNS) if own is not None else 0


def _integer(text: str, otherwise: int = 0) -> int:
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else otherwise


def _is_on(switch: Node | None, *, otherwise: bool = False) -> bool:
    """Tell whether a property is set: it is there and does not say that it is off."""
    return otherwise if switch is None else _value(switch, "val").lower() not in _OFF


def _is_default(style: Node) -> bool:
    return _value(style, "type") == "paragraph" and _value(style, "default").lower() in {"1", "true"}

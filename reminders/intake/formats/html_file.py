"""A web page as paragraphs and tables: from the web, saved by Word or Excel, or a fragment that was pasted.

The page's elements are counted before a tree is made of them. What a reader of the page does not see
(scripts, menus, hidden elements, deleted text) is no text; of a form it is what was filled in. What tables
are is left to ``flow``.
"""

from __future__ import annotations

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
from reminders.intake.headings import role_of
from reminders.intake.limits import MAX_CELLS, MAX_COLUMNS, MAX_DEPTH, MAX_ELEMENTS, MAX_SHEET_ROWS
from reminders.intake.messages import import_error

if TYPE_CHECKING:
    from lxml.etree import _Element as Node

_SKIPPED: Final = frozenset(
    (
        "script", "style", "template", "head", "nav", "noscript", "svg", "math", "object", "iframe", "audio",
        "video", "canvas", "map", "datalist", "dialog", "colgroup", "col", "title", "xml", "meta",
        "link", "footer",
    )
)  # fmt: skip
_BLOCKS: Final = frozenset(
    (
        "p", "div", "section", "article", "main", "header", "aside", "blockquote", "pre", "address",
        "figure", "figcaption", "form", "fieldset", "legend", "details", "summary", "center", "body", "html",
        "hr", "ul", "ol", "menu", "dl", "li", "dt", "dd", "table", "h1", "h2", "h3", "h4", "h5", "h6",
        "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "hgroup", "search",
    )
)  # fmt: skip
_TITLES: Final = {f"h{level}": level for level in range(1, 7)}
_BOLD: Final = frozenset(("b", "strong"))
_GONE: Final = frozenset(("del", "s", "strike"))
_HIDDEN: Final = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.IGNORECASE)
_LIST_MARK: Final = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_BOLD_STYLE: Final = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_LIST_ITEM: Final = re.compile(r"mso-list\s*:\s*l\d", re.IGNORECASE)
_WORD_LEVEL: Final = re.compile(r"mso-outline-level\s*:\s*(\d)", re.IGNORECASE)
_WORD_TITLE: Final = re.compile(r"(?:^|\s)(?:mso)?title(?:\s|$)", re.IGNORECASE)
_CLASS_RULE: Final = re.compile(r"(?:^|[},])\s*(?:[a-z0-9]{1,10})?\.([\w-]{1,60})\s*\{([^{}]{0,2000})\}")
_LOOKS: Final = re.compile(r"font-weight\s*:\s*\w+|text-decoration[^;]{0,40}line-through", re.IGNORECASE)
_OPENS: Final = ("aria-controls", "data-target", "data-bs-target", "href")
_OPENED: Final = re.compile(r"collaps|accordion|panel|tab", re.IGNORECASE)
_DECLARED: Final = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_CLIPBOARD: Final = re.compile(r"^Version:[\d.]+\s.{0,600}?(?=<)", re.DOTALL)
_BLANKS: Final = re.compile(r"[ \t\r\n\f]+")
_CELL: Final = re.compile(rb"<t[dh][\s>/]", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d{1,6}")


def read_html(text: str, file: str) -> DocumentContent:
    """Return the blocks of a web page."""
    from lxml import html

    text = _CLIPBOARD.sub("", _DECLARED.sub("", text))
    data = text.encode("utf-8", "replace")
    _count_elements(data, file)
    try:
        parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
        root = html.document_fromstring(data, parser=parser)
        reader = _PageReader(root)
        parts = reader.page(root)
        blocks = tuple(flow_blocks(parts, ContentSize(file)))
        title = root.findtext(".//title") if root.find(".//h1") is None else ""
    except (InputError, MemoryError):
        raise
    except Exception as broken:  # noqa: BLE001 - many kinds of error mean a broken page
        reason = " ".join(str(broken).split())[:80] or type(broken).__name__
        raise import_error(file, "the document", "broken-document", "html", reason=reason) from None
    findings = reader.left_out.findings(file)
    return DocumentContent(file, blocks, _BLANKS.sub(" ", title or "").strip(), findings=findings)


def _count_elements(data: bytes, file: str) -> None:
    """Refuse a page of too many elements, or of ones nested too deep, before any is made."""
    from lxml import etree

    if len(_CELL.findall(data)) > MAX_CELLS:
        raise import_error(file, "the file", "many-cells", "most", count=MAX_CELLS)
    if data.count(b"<") > MAX_ELEMENTS:
        raise import_error(file, "the file", "many-elements", "most", count=MAX_ELEMENTS)
    count = _Depth(file)
    parser = etree.HTMLParser(target=count, encoding="utf-8", huge_tree=True)
    try:
        parser.feed(data)
        parser.close()
    except etree.LxmlError:
        return  # whoever reads it says what is wrong


class _Depth:
    """How deep the elements of a page are nested; told of each as it begins and ends."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        del tag, attributes
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise import_error(self._file, "the file", "deep-elements", "plain-html", count=MAX_DEPTH)

    def end(self, tag: str) -> None:
        del tag
        self._depth -= 1

    def close(self) -> None:
        """Return nothing: no tree is made."""


@dataclass(slots=True)
class _Line:
    """What has been gathered of a paragraph, its level as a heading, and the mark of its list."""

    level: int = 0
    mark: str = ""
    pieces: list[str] = field(default_factory=list)
    bold: bool = True

    @property
    def text(self) -> str:
        lines = (_BLANKS.sub(" ", line).strip() for line in "".join(self.pieces).split("\v"))
        return "\n".join(lines).strip()


class _PageReader:
    """Goes through a page once: text between blocks is a paragraph like any other."""

    def __init__(self, root: Node) -> None:
        self.left_out = LeftOut()
        self._looks: dict[str, str] = {}
        for sheet in root.iter("style"):
            for name, rules in _CLASS_RULE.findall(sheet.text_content()):
                self._looks[name] = ";".join(_LOOKS.findall(rules))
        links = (one.get(name, "") for one in root.iter("a", "button", "div", "h2", "h3") for name in _OPENS)
        self._opened = {link.lstrip("#") for link in links if link}

    def _style(self, element: Node) -> str:
        """Return how an element looks, by its own style and those of its classes."""
        own = str(element.get("style", ""))
        named = (self._looks.get(name, "") for name in element.get("class", "").split())
        return ";".join((own, *named)) if self._looks else own

    def _is_hidden(self, element: Node) -> bool:
        """Tell whether an element is never seen; a tab or a part of an accordion is, after a click."""
        if element.get("hidden") is None and not _HIDDEN.search(element.get("style", "")):
            return False
        opened = element.get("id", "") in self._opened or element.get("role") in {"tabpanel", "region"}
        return not (opened or _OPENED.search(element.get("class", "")))

    def page(self, root: Node) -> list[FlowPart]:
        """Return what a page holds: its main part and the title over that, where it says which part it is."""
        mains = [one for one in root.iter("main", "article", "div") if _is_main(one)]
        if not mains:
            return self.parts(root)
        inside = set(mains[0].iter("h1"))
        titles = [one for one in root.iter("h1") if one not in inside]
        over = [FlowText(_BLANKS.sub(" ", one.text_content()).strip(), 1) for one in titles[:1]]
        return [*over, *self.parts(mains[0])]

    def parts(self, element: Node, *, inside: bool = False) -> list[FlowPart]:
        """Return the paragraphs and tables of an element, ``inside`` a cell or on the page itself."""
        found: list[FlowPart] = []
        self._block(element, _Line(), found, inside=inside)
        return found

    def _block(self, element: Node, line: _Line, found: list[FlowPart], *, inside: bool) -> None:
        """Gather a block: its own text in ``line``, which ends where another block begins."""
        line = self._children(element, line, found, inside=inside, bold=False)
        self._end(line, found, inside=inside)

    def _children(
        self, element: Node, line: _Line, found: list[FlowPart], *, inside: bool, bold: bool
    ) -> _Line:
        """Gather what is in an element; return the line that goes on behind it."""
        self._piece(element.text, line, bold=bold)
        for child in element:
            tag = child.tag if isinstance(child.tag, str) else ""
            tag = tag.rpartition(":")[2].lower() if tag.startswith("html:") else tag
            style = self._style(child) if tag else ""
            if not tag or tag in _SKIPPED or (tag == "button" and not line.level and not _opens(child)):
                pass
            elif self._is_hidden(child):
                self.left_out.finding("hidden-text", child.text_content())
            elif tag in _GONE or "line-through" in style:
                self.left_out.finding("struck-text", child.text_content())
            elif tag == "br":
                line.pieces.append("\v")
            elif tag in _BLOCKS or (tag == "button" and not line.level):
                begun = self._end(line, found, inside=inside)
                line = _Line(line.level, "" if begun else line.mark)
                self._inner_block(child, tag, style, line, found, inside=inside)
                line.mark = ""
            elif tag in {"select", "input", "textarea"}:
                self._piece(f" {_field_value(child, tag)} ", line, bold=bold)
            elif _LIST_MARK.search(style):
                mark = child.text_content().strip()
                line.mark = mark if any(map(str.isalnum, mark)) and len(mark) > 1 else BULLET
            elif tag == "sup" and is_footnote_mark(child.text_content(), "".join(line.pieces[-3:])):
                pass
            else:
                heavy = bold or tag in _BOLD or bool(_BOLD_STYLE.search(style))
                line = self._children(child, line, found, inside=inside, bold=heavy)
            self._piece(child.tail, line, bold=bold)
        return line

    def _inner_block(
        self, child: Node, tag: str, style: str, outer: _Line, found: list[FlowPart], *, inside: bool
    ) -> None:
        if tag == "table":
            if (caption := child.find("caption")) is not None:
                self._block(caption, _Line(0 if inside else LOWEST_LEVEL), found, inside=inside)
            found.append(self._table(child))
        elif tag in {"ul", "ol", "menu"}:
            self._list(child, tag, found, inside=inside)
        elif tag == "dl":
            self._definitions(child, found, inside=inside)
        else:
            level = _TITLES.get(tag, LOWEST_LEVEL if tag in {"summary", "button"} else outer.level)
            if word := _WORD_LEVEL.search(style):
                level = int(word[1])
            elif not level and tag == "p" and _WORD_TITLE.search(child.get("class", "")):
                level = 1
            mark = BULLET if tag == "li" or _LIST_ITEM.search(style) else outer.mark
            self._block(child, _Line(level, mark), found, inside=inside)

    def _list(self, element: Node, tag: str, found: list[FlowPart], *, inside: bool) -> None:
        number = int(element.get("start")) if _NUMBER.fullmatch(element.get("start", "")) else 1
        for child in element:
            if child.tag == "li":
                own = child.get("value", "")
                number = int(own) if _NUMBER.fullmatch(own) else number
                self._block(child, _Line(0, f"{number}." if tag == "ol" else BULLET), found, inside=inside)
                number += 1
            elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
                self._block(child, _Line(), found, inside=inside)

    def _definitions(self, element: Node, found: list[FlowPart], *, inside: bool) -> None:
        """Read a list of names and what they say: a field on a line, else a title and what is under it."""
        names, said = list[str](), list[FlowPart]()
        for child in (*element, None):
            tag = child.tag if child is not None else ""
            if tag == "dd":
                said += self.parts(child, inside=True)
            elif tag == "div":
                self._definitions(child, found, inside=inside)
            elif tag in {"dt", ""}:
                if said:
                    found += _defined(" / ".join(names), said, inside=inside)
                    names, said = [], []
                if child is not None:
                    texts = (
                        part.text for part in self.parts(child, inside=True) if isinstance(part, FlowText)
                    )
                    names.append(" ".join(texts).rstrip(":"))

    def _table(self, element: Node) -> FlowTable:
        table = FlowTable()
        for row in _rows(element):
            if self._is_hidden(row):
                self.left_out.finding("hidden-text", row.text_content())
                continue
            cells = list[FlowCell]()
            for cell in row:
                if cell.tag in {"td", "th"} and not self._is_hidden(cell):
                    columns, rows = (
                        _span(cell, "colspan", MAX_COLUMNS),
                        _span(cell, "rowspan", MAX_SHEET_ROWS),
                    )
                    cells.append(FlowCell(self.parts(cell, inside=True), columns, rows))
            table.rows.append(cells)
        return table

    def _piece(self, text: str | None, line: _Line, *, bold: bool) -> None:
        if text:
            line.pieces.append(text.replace("\v", " "))
            line.bold = line.bold and (bold or not text.strip())

    def _end(self, line: _Line, found: list[FlowPart], *, inside: bool) -> bool:
        """Put a paragraph to what was found, where it has a text; return whether it has one."""
        text = line.text
        if not text:
            return False
        level = line.level
        if not level and not line.mark and not inside and line.bold and is_typed_title(text):
            level = LOWEST_LEVEL
        found.append(FlowText(text, level, "" if level else line.mark))
        return True


def _defined(name: str, said: list[FlowPart], *, inside: bool) -> list[FlowPart]:
    """Return a name of a list of definitions and what is said of it."""
    texts = [part.text for part in said if isinstance(part, FlowText) and part.text]
    if len(texts) == len(said) and name and (inside or role_of(name)):
        return [FlowText(f"{name}: {', '.join(texts)}")]
    title = [FlowText(name, 0 if inside else LOWEST_LEVEL)] if name else []
    return [*title, *said]


def _is_main(element: Node) -> bool:
    return bool(element.tag == "main" or element.get("role") == "main")


def _opens(button: Node) -> bool:
    """Tell whether a button opens a part of the page, and is the title of that."""
    return any(button.get(name) for name in (*_OPENS, "aria-expanded")) or bool(
        _OPENED.search(button.get("class", ""))
    )


def _rows(table: Node) -> Iterator[Node]:
    """Yield the rows of a table as they are shown: its head first, its foot last."""
    order = {"thead": 0, "tr": 1, "tbody": 1, "tfoot": 2}
    groups = [child for child in table if child.tag in order]
    for group in sorted(groups, key=lambda one: order[one.tag]):
        yield from [group] if group.tag == "tr" else (child for child in group if child.tag == "tr")


def _span(cell: Node, name: str, most: int) -> int:
    """Return over how many columns or rows a cell stands, no more than there may be."""
    text = (cell.get(name) or "").strip()
    digits = re.match(r"\d{1,9}", text)
    return max(1, min(int(digits[0]), most)) if digits else 1


def _field_value(element: Node, tag: str) -> str:
    """Return what was filled in or chosen in a field of a form."""
    if tag == "textarea":
        return str(element.text_content())
    if tag == "input":
        kind = element.get("type", "text").lower()
        if kind in {"checkbox", "radio"}:
            return "☒" if element.get("checked") is not None else "☐"
        return str(element.get("value", "")) if kind in {"text", "date", "month", "number", "search"} else ""
    options = list(element.iter("option"))
    chosen = [one for one in options if one.get("selected") is not None] or options[:1]
    return ", ".join(one.text_content().strip() for one in chosen)

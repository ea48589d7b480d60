"""Paper: headings, tables and plots as a PDF (A4, landscape), by reportlab and the font that it brings.

Pure: values in, octets out; the same values give the same octets. Bitstream Vera holds the
letters of Finnish, Swedish and English; what it lacks is shown as ``?`` and stays whole on
the page and in the spreadsheet.

A plot of a trend says where its points lie, for paper and for SVG on a page. Its scale begins at
nought unless a number lies below it, so that a small change looks small. Coordinates run right
and down from the upper left corner.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

from reportlab import __file__ as _reportlab
from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, String
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

WIDTH: Final = 260
HEIGHT: Final = 96
_LEFT, _RIGHT, _TOP, _BOTTOM = 26.0, 26.0, 20.0, 20.0

_FONT, _BOLD = "Vera", "VeraBd"
_TEXT, _MUTED, _LINE, _ACCENT = "#1B232C", "#4A5563", "#D8DEE6", "#0B4F8F"
_MARGIN: Final = 14 * mm
_WIDTH: Final = landscape(A4)[0] - 2 * _MARGIN
_PLOTS_A_ROW: Final = 3
_ALIKE: Final = {"\N{NON-BREAKING HYPHEN}": "-", "\N{SOFT HYPHEN}": "", "\N{WORD JOINER}": ""}


@dataclass(frozen=True, slots=True)
class Dot:
    """A year's point: where it lies, and the number."""

    x: float
    y: float
    year: int
    number: Decimal


@dataclass(frozen=True, slots=True)
class Plot:
    """The plot: its points in order of years, and the height of nought."""

    dots: tuple[Dot, ...]
    base: float
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def line(self) -> str:
        """The points as SVG's ``polyline`` takes them."""
        return " ".join(f"{dot.x:g},{dot.y:g}" for dot in self.dots)


def plot(points: Sequence[tuple[int, Decimal]]) -> Plot:
    """Return the plot of two or more (year, number), years rising."""
    low = min(Decimal(0), *(number for _, number in points))
    high = max(Decimal(0), *(number for _, number in points))
    span = high - low or Decimal(1)
    first, last = points[0][0], points[-1][0]
    inner, tall = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM

    def height(number: Decimal) -> float:
        return round(_TOP + tall * float((high - number) / span), 1)

    dots = tuple(
        Dot(round(_LEFT + inner * (year - first) / (last - first), 1), height(number), year, number)
        for year, number in points
    )
    return Plot(dots, height(Decimal(0)))


@dataclass(frozen=True, slots=True)
class PaperPlot:
    """A plot with its caption; ``labels`` are its numbers in words, in order of its dots."""

    caption: str
    plot: Plot
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperPart:
    """A heading, a table under it (``widths`` are shares of the page), plots under that."""

    title: str
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[float, ...] = ()
    plots: tuple[PaperPlot, ...] = ()
    plots_title: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: title, author, language, a sentence, facts (name, value), parts; ``foot`` on each page."""

    title: str
    author: str
    lang: str
    lede: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[PaperPart, ...]
    foot: str = ""


def as_pdf(paper: Paper) -> bytes:
    """Return a document as PDF."""
    _fonts()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=landscape(A4),
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=paper.title,
        author=paper.author,
        lang=paper.lang,
        invariant=1,
    )

    def foot(canvas: Any, _: Any) -> None:  # noqa: ANN401 - reportlab's canvas
        canvas.setFont(_FONT, 7)
        canvas.setFillColor(HexColor(_MUTED))
        canvas.drawString(_MARGIN + 6, 8 * mm, fit(paper.foot))
        canvas.drawRightString(_MARGIN + _WIDTH - 6, 8 * mm, str(canvas.getPageNumber()))

    document.build(list(_story(paper)), onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def fit(text: str) -> str:
    """Return a text in letters that the font has."""
    known = _fonts()
    plain = "".join(_ALIKE.get(letter, letter) for letter in text)
    return "".join(letter if ord(letter) in known or letter.isspace() else "?" for letter in plain)


@cache
def _fonts() -> frozenset[int]:
    """Register the fonts once; return the code points that the plain one has."""
    folder = Path(_reportlab).parent / "fonts"
    plain, bold = (TTFont(name, str(folder / f"{name}.ttf")) for name in (_FONT, _BOLD))
    for font in (plain, bold):
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(_FONT, normal=_FONT, bold=_BOLD, italic=_FONT, boldItalic=_BOLD)
    return frozenset(plain.face.charToGlyph)


def _style(size: float, *, bold: bool = False, colour: str = _TEXT, before: float = 0) -> ParagraphStyle:
    return ParagraphStyle(
        f"{size}{bold}{colour}",
        fontName=_BOLD if bold else _FONT,
        fontSize=size,
        leading=size * 1.35,
        textColor=HexColor(colour),
        spaceBefore=before,
        splitLongWords=1,
    )


def _words(text: str, style: ParagraphStyle) -> Paragraph:
    """Return a paragraph of plain words: nothing in them is markup."""
    return Paragraph(escape(fit(text), quote=False).replace("\n", "<br/>"), style)


def _story(paper: Paper) -> Iterable[Any]:
    yield _words(paper.title, _style(18, bold=True))
    yield Spacer(0, 2 * mm)
    yield _words(paper.lede, _style(10, colour=_MUTED))
    yield Spacer(0, 4 * mm)
    if paper.facts:
        name_style, value_style = _style(9), _style(9, bold=True)
        rows = [[_words(name, name_style), _words(value, value_style)] for name, value in paper.facts]
        facts = Table(rows, colWidths=[90 * mm, 40 * mm], hAlign="LEFT")
        facts.setStyle(_ruled())
        yield facts
    for part in paper.parts:
        yield from _part(part)


def _ruled() -> TableStyle:
    return TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, HexColor(_LINE)),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 6),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ]
    )


def _part(part: PaperPart) -> Iterable[Any]:
    yield Spacer(0, 7 * mm)
    heading = _words(part.title, _style(13, bold=True))
    yield heading
    if part.rows:
        heading.keepWithNext = True
        yield Spacer(0, 1.5 * mm)
        yield _table(part)
    if part.plots:
        yield Spacer(0, 4 * mm)
        yield KeepTogether([_words(part.plots_title, _style(10, bold=True)), *_plots(part.plots[:3])])
        yield from _plots(part.plots[3:])


def _table(part: PaperPart) -> Table:
    body, head = _style(7.5), _style(7, bold=True, colour=_MUTED)
    rows = [[_words(name, head) for name in part.header]]
    rows += [[_words(cell, body) for cell in row] for row in part.rows]
    widths = [share * _WIDTH for share in part.widths]
    table = Table(rows, colWidths=widths, repeatRows=1, splitInRow=1, hAlign="LEFT")
    table.setStyle(_ruled())
    return table


def _plots(plots: tuple[PaperPlot, ...]) -> Iterable[Any]:
    cell, caption = _WIDTH / _PLOTS_A_ROW, _style(7, colour=_MUTED)
    for start in range(0, len(plots), _PLOTS_A_ROW):
        row = [[_drawing(one), _words(one.caption, caption)] for one in plots[start : start + _PLOTS_A_ROW]]
        row += [[]] * (_PLOTS_A_ROW - len(row))
        table = Table([row], colWidths=[cell] * _PLOTS_A_ROW, hAlign="LEFT")
        table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
        yield table


def _drawing(one: PaperPlot) -> Drawing:
    """Draw a plot as lines; reportlab counts upwards, the plot downwards."""
    plot = one.plot
    drawing = Drawing(plot.width, plot.height)
    base = plot.height - plot.base
    drawing.add(Line(0, base, plot.width, base, strokeColor=HexColor(_LINE)))
    flat = [place for dot in plot.dots for place in (dot.x, plot.height - dot.y)]
    drawing.add(PolyLine(flat, strokeColor=HexColor(_ACCENT), strokeWidth=1.6))
    for dot, label in zip(plot.dots, one.labels, strict=True):
        drawing.add(Circle(dot.x, plot.height - dot.y, 2.4, fillColor=HexColor(_ACCENT), strokeColor=None))
        drawing.add(_label(dot.x, plot.height - dot.y + 5, label))
        drawing.add(_label(dot.x, 3, str(dot.year)))
    return drawing


def _label(x: float, y: float, text: str) -> String:
    return String(x, y, fit(text), fontName=_FONT, fontSize=7, fillColor=HexColor(_TEXT), textAnchor="middle")

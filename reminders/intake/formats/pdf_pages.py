"""What stands on a page of a PDF: its words and its rules, turned so that most of its words stand upright.

1. The letters that are drawn one after another make words; pieces of a word that touch are put together.
2. A page whose letters run down, up or upside down is turned; words that run otherwise than most keep how.
3. What is drawn along one axis is a rule; an area that is filled is a shade, and its sides are no rules yet.

Places are in points from the top left corner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.utils import apply_matrix_pt, mult_matrix

from reminders.intake.formats.pdf_contents import ContentInterpreter

if TYPE_CHECKING:
    from pdfminer.pdfcolor import PDFColorSpace
    from pdfminer.pdfdevice import PDFTextSeq
    from pdfminer.pdffont import PDFFont
    from pdfminer.pdfinterp import PDFGraphicState, PDFTextState
    from pdfminer.pdfpage import PDFPage
    from pdfminer.utils import Matrix, PathSegment

_BLANK = 0.18  # of a letter's size: a wider gap parts words
_OVERLAP = 0.5  # of a letter's size: how far a letter may reach back into the word before it
_THIN = 3.0  # points: an area that is no wider is a rule
_WHOLE = 0.95  # of the page: a larger area is its ground
_SLANT = 0.09  # more is a text on a slant, such as a watermark
_RAISED = 0.35  # of a letter's size: a letter further up or down is another word
_SAME_LINE = 3.0  # points between the middles of words in one line
_CORNERS = 4
_JOINS = 0.6  # of a word's height: a narrower gap is a blank
_UNUSED = frozenset((127, 129, 141, 143, 144, 157))  # codes of Windows letters: each is a bullet in a PDF
_LEAST_DOT, _MOST_DOT = 1.5, 8.0  # points: a dot of such a size may be a bullet
_MOST_DOTS = 500  # more are a drawing
_BESIDE = 2.5  # of a word's size: how far before a text its bullet stands
_SPACE = 32
_NEAR = 4.0  # points: words in the middle of whose height a dot stands
_LIGATURES = str.maketrans({
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st",
})  # fmt: skip


SLANTED: Final = 4
"""The turn of a text on a slant."""


class Box(NamedTuple):
    """A place on a page."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        """The point in the middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


class Word(NamedTuple):
    """A word and its place; ``turn`` counts how many quarters it is turned, 4 is a text on a slant.

    ``after_blank`` and ``before_blank`` tell that a blank is drawn beside it.
    """

    text: str
    box: Box
    size: float
    bold: bool = False
    turn: int = 0
    after_blank: bool = True
    before_blank: bool = True


class Line(list[Word]):
    """Words beside each other, from left to right."""

    @cached_property
    def texts(self) -> list[Line]:
        """Its texts: words with no more than a blank between."""
        texts: list[Line] = []
        for word in self:
            if texts and word.box.left - texts[-1][-1].box.right < _JOINS * (word.box.bottom - word.box.top):
                texts[-1].append(word)
            else:
                texts.append(Line((word,)))
        return texts


@dataclass(slots=True)
class PageMarks:
    """The words of a page, its rules along each axis and its shades."""

    number: int
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    across: list[Box] = field(default_factory=list)
    down: list[Box] = field(default_factory=list)
    shades: list[Box] = field(default_factory=list)
    letters: int = 0

    @property
    def usual_size(self) -> float:
        """The size of most words."""
        sizes = sorted(word.size for word in self.words for _ in word.text)
        return sizes[len(sizes) // 2] if sizes else 0.0


class PageReader:
    """Reads pages of one document one after another; fonts are read once."""

    def __init__(self, most_letters: int, most_rules: int) -> None:
        """``most_letters`` are read of a page, one more tells that it has too many; so for ``most_rules``."""
        manager = PDFResourceManager()
        self._device = _Recorder(manager, most_letters, most_rules)
        self._interpreter = ContentInterpreter(manager, self._device)

    def marks(self, page: PDFPage, number: int) -> PageMarks:
        """Return what stands on a page."""
        self._interpreter.process_page(page)
        return _upright(self._device, number)


_Letter = tuple[str, float, float, float, float, float, float, bool]
"""Text, left, top, right, bottom, where the next one stands, size, bold: as the letter itself stands."""


class _Recorder(PDFTextDevice):
    """Takes down the letters, by the way they stand, and the rules that are drawn."""

    def __init__(self, manager: PDFResourceManager, most_letters: int, most_rules: int) -> None:
        super().__init__(manager)
        self._most_letters = most_letters
        self._most_rules = most_rules
        self._glyphs: dict[PDFFont, dict[int, tuple[str, float]]] = {}
        self.width = self.height = 0.0
        self.letters: tuple[list[_Letter], ...] = ()
        self.count = 0
        self.across: list[Box] = []
        self.down: list[Box] = []
        self.shades: list[Box] = []
        self.dots: list[Box] = []

    def begin_page(self, page: PDFPage, ctm: Matrix) -> None:  # noqa: ARG002 - the interpreter sets it
        """Forget the page before."""
        left, bottom, right, top = page.mediabox
        self.width, self.height = abs(right - left), abs(top - bottom)
        if page.rotate in {90, 270}:
            self.width, self.height = self.height, self.width
        self.letters, self.count = ([], [], [], [], []), 0
        self.across, self.down, self.shades, self.dots = [], [], [], []

    def render_string(
        self, textstate: PDFTextState, seq: PDFTextSeq, ncs: PDFColorSpace, graphicstate: PDFGraphicState
    ) -> None:
        """Take down the letters of a text."""
        font = textstate.font
        if font is None or self.ctm is None:
            return
        if font.is_vertical():
            super().render_string(textstate, seq, ncs, graphicstate)
            return
        size, scaling = textstate.fontsize, textstate.scaling * 0.01
        spacing = textstate.charspace * scaling
        word_spacing = 0.0 if font.is_multibyte() else textstate.wordspace * scaling
        x, y = textstate.linematrix
        known = self._glyphs.setdefault(font, {})
        runs: list[tuple[str, float, float]] = []
        spaced = False
        for item in seq:
            if not isinstance(item, bytes):
                if isinstance(item, (int, float)):
                    x -= item * 0.001 * size * scaling
                    spaced = True
                continue
            for code in font.decode(item):
                if spaced:
                    x += spacing
                glyph = known.get(code)
                if glyph is None:
                    glyph = known[code] = _glyph(font, code)
                begin, x = x, x + glyph[1] * size * scaling
                runs.append((glyph[0], begin, x))
                if code == _SPACE:
                    x += word_spacing
                spaced = True
        textstate.linematrix = (x, y)
        self._take(runs, y, mult_matrix(textstate.matrix, self.ctm), font, size, textstate.rise, spacing)

    def render_char(
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        *_: object,
    ) -> float:
        """Take down a letter of a text that is written downwards; return how far it leads."""
        text = _glyph(font, cid)[0]
        self._take([(text, 0.0, fontsize)], -fontsize, matrix, font, fontsize, rise, 0.0)
        return float(font.char_width(cid) * fontsize * scaling)

    def _take(
        self,
        runs: list[tuple[str, float, float]],
        y: float,
        matrix: Matrix,
        font: PDFFont,
        size: float,
        rise: float,
        spacing: float,
    ) -> None:
        self.count += len(runs)
        if self.count > self._most_letters:
            return
        a, b, c, d, e, f = matrix
        low = font.get_descent() * size + rise + y
        high = low + size
        bold = "bold" in str(getattr(font, "fontname", "")).lower()
        along, beside = abs(a) + abs(b), abs(c) + abs(d)
        turn = _turn(a, b)
        letters = self.letters[turn]
        if turn == 0:
            bottom, top = sorted((self.height - (d * low + f), self.height - (d * high + f)), reverse=True)
            drawn = bottom - top
            for text, begin, end in runs:
                left, right = a * begin + e, a * end + e
                letters.append((text, left, top, right, bottom, right + spacing * along, drawn, bold))
            return
        for text, begin, end in runs:
            corners = [apply_matrix_pt(matrix, (x, level)) for x in (begin, end) for level in (low, high)]
            xs, ys = [x for x, _ in corners], [self.height - level for _, level in corners]
            box = _turned(Box(min(xs), min(ys), max(xs), max(ys)), turn % SLANTED, self.width, self.height)
            after = box.right + spacing * along
            letters.append((text, *box, after, abs(size) * beside, bold))

    def paint_path(
        self,
        graphicstate: object,  # noqa: ARG002 - pdfminer hands it over
        stroke: bool,  # noqa: FBT001 - pdfminer's order
        fill: bool,  # noqa: FBT001 - as above
        evenodd: bool,  # noqa: ARG002, FBT001 - as above
        path: Sequence[PathSegment],
    ) -> None:
        """Take down the straight lines of a drawing, and its rectangles."""
        drawn = len(self.across) + len(self.down) + len(self.shades)
        if drawn > self._most_rules or self.ctm is None:
            return
        points: list[tuple[float, float]] = []
        straight = True
        for kind, *values in (*path, ("m",)):
            if kind == "m":
                self._outline(points, fill=fill, straight=straight)
                points, straight = [], True
            if kind == "h" and points:
                points.append(points[0])
            elif values:
                x, y = apply_matrix_pt(self.ctm, (float(values[-2]), float(values[-1])))
                points.append((x, self.height - y))
                if kind not in {"m", "l"}:
                    straight = False
            if stroke and straight and len(points) > 1:
                self._rule(*points[-2:])

    def _rule(self, begin: tuple[float, float], end: tuple[float, float]) -> None:
        box = _box((begin, end))
        if box.bottom - box.top <= 1 < box.right - box.left:
            self.across.append(box)
        elif box.right - box.left <= 1 < box.bottom - box.top:
            self.down.append(box)

    def _outline(self, points: list[tuple[float, float]], *, fill: bool, straight: bool) -> None:
        """Take an area that is filled as a rule where it is thin, else as a shade."""
        if not fill or len(points) < _CORNERS:
            return
        box = _box(points)
        width, height = box.right - box.left, box.bottom - box.top
        if min(width, height) > _LEAST_DOT and max(width, height) < _MOST_DOT and abs(width - height) < 1:
            self.dots.append(box)
            return
        if not straight or any(min(abs(x - box.left), abs(x - box.right)) > 1 for x, _ in points):
            return  # no rectangle
        if height <= _THIN < width:
            self.across.append(Box(box.left, box.middle[1], box.right, box.middle[1]))
        elif width <= _THIN < height:
            self.down.append(Box(box.middle[0], box.top, box.middle[0], box.bottom))
        elif width > _THIN and (width < _WHOLE * self.width or height < _WHOLE * self.height):
            self.shades.append(box)


def _glyph(font: PDFFont, code: int) -> tuple[str, float]:
    try:
        text = font.to_unichr(code)
    except PDFUnicodeNotDefined:
        is_bullet = code in _UNUSED and not font.is_multibyte()
        text = "•" if is_bullet else f"(cid:{code})"
    return text.translate(_LIGATURES), font.char_width(code)


def _box(points: Sequence[tuple[float, float]]) -> Box:
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def _turn(along: float, up: float) -> int:
    """Return how many quarters a text is turned to the left, by the way that it runs."""
    if min(abs(along), abs(up)) > _SLANT * max(abs(along), abs(up)):
        return SLANTED
    if abs(along) >= abs(up):
        return 0 if along >= 0 else 2
    return 1 if up > 0 else 3


def _turned(box: Box, turn: int, width: float, height: float) -> Box:
    """Return a place on a page of that size after the page was turned so that a text of that turn stands."""
    left, top, right, bottom = box
    if turn == 1:
        return Box(height - bottom, left, height - top, right)
    if turn == 2:
        return Box(width - right, height - bottom, width - left, height - top)
    if turn == 3:
        return Box(top, width - right, bottom, width - left)
    return box


def _upright(found: _Recorder, number: int) -> PageMarks:
    """Return the page as most of its letters stand."""
    width, height = found.width, found.height
    turn = max(range(SLANTED), key=lambda one: len(found.letters[one]))
    size = (height, width) if turn % 2 else (width, height)
    words: list[Word] = []
    for own, letters in enumerate(found.letters):
        back = -own % SLANTED
        own_size = (height, width) if own in {1, 3} else (width, height)
        for word in _words(letters, own):
            box = word.box
            if own != turn:
                box = _turned(_turned(box, back, *own_size), turn, width, height)
            further = own if own == SLANTED else (own - turn) % SLANTED
            words.append(word._replace(box=box, turn=further))
    across, down, shades = (
        [_turned(box, turn, width, height) for box in boxes]
        for boxes in (found.across, found.down, found.shades)
    )
    if turn % 2:
        across, down = down, across
    dots = [_turned(box, turn, width, height) for box in found.dots]
    words += _bullets(dots, words) if len(dots) <= _MOST_DOTS else []
    return PageMarks(number, *size, words, across, down, shades, found.count)


def _bullets(dots: Sequence[Box], words: Sequence[Word]) -> list[Word]:
    """Return dots that are drawn before a text, with nothing between, as bullets."""
    if not dots:
        return []
    level: dict[int, list[Word]] = {}
    for word in words:
        if not word.turn:
            level.setdefault(round(word.box.middle[1] / _NEAR), []).append(word)
    found = []
    for dot in dots:
        at = round(dot.middle[1] / _NEAR)
        beside = [word for near in (at - 1, at, at + 1) for word in level.get(near, ())]
        after = min(
            (word for word in beside if word.box.left >= dot.right - 1), key=lambda one: one.box, default=None
        )
        if after is None or after.box.left - dot.right > _BESIDE * after.size:
            continue
        if all(word.box.right < dot.left - 1 or word.box.left >= dot.right - 1 for word in beside):
            box = Box(dot.left, after.box.top, dot.right, after.box.bottom)
            found.append(Word("•", box, after.size, after.bold))
    return found


def _words(letters: Sequence[_Letter], turn: int) -> list[Word]:
    """Return letters as words, in the order in which they are drawn; what is drawn twice counts once."""
    made = _WordMaker(turn)
    for letter in letters:
        made.take(letter)
    made.end(before_blank=True)
    return made.words


class _WordMaker:
    """Puts letters together as long as each stands where the one before ends."""

    def __init__(self, turn: int) -> None:
        self.words: list[Word] = []
        self._turn = turn
        self._seen: set[tuple[str, int, int]] = set()
        self._letters: list[_Letter] = []
        self._after_blank = True

    def take(self, letter: _Letter) -> None:
        """Take the next letter; a blank, or one that stands elsewhere, ends a word."""
        text = letter[0]
        if not text or text.isspace():
            self.end(before_blank=True)
            return
        if self._letters:
            last = self._letters[-1]
            gap, size = letter[1] - last[5], max(letter[6], last[6])
            apart = gap > _BLANK * size or gap < -_OVERLAP * size or abs(letter[4] - last[4]) > _RAISED * size
            if apart and self._turn != SLANTED:
                self.end(before_blank=False)
        self._letters.append(letter)

    def end(self, *, before_blank: bool) -> None:
        """End the word at hand."""
        letters, self._letters = self._letters, []
        if letters:
            text, begin = "".join([letter[0] for letter in letters]), letters[0]
            top, bottom = min([one[2] for one in letters]), max([one[4] for one in letters])
            key = (text, round(begin[1] / 2), round(top / 2))
            if key not in self._seen:
                self._seen.add(key)
                box = Box(begin[1], top, letters[-1][3], bottom)
                self.words.append(
                    Word(text, box, begin[6], begin[7], self._turn, self._after_blank, before_blank)
                )
        self._after_blank = before_blank


def lines_of(words: Sequence[Word]) -> list[Line]:
    """Return upright words as lines from top to bottom; pieces of a word that touch are one."""
    lines: list[Line] = []
    level = 0.0
    for word in sorted(words, key=lambda word: word.box.middle[1]):
        middle = word.box.middle[1]
        if lines and middle - level < max(_SAME_LINE, word.size * 0.3):
            lines[-1].append(word)
        else:
            lines.append(Line((word,)))
            level = middle
    return [_mended(Line(sorted(line, key=lambda word: word.box.left))) for line in lines]


def _mended(line: Line) -> Line:
    """Return a line with the pieces of its words put together."""
    mended = Line()
    for word in line:
        before = mended[-1] if mended else None
        if before and not (before.before_blank or word.after_blank):
            gap = word.box.left - before.box.right
            if -_OVERLAP * word.size <= gap <= _BLANK * word.size:
                box = Box(
                    before.box.left,
                    min(before.box.top, word.box.top),
                    word.box.right,
                    max(before.box.bottom, word.box.bottom),
                )
                mended[-1] = before._replace(
                    text=before.text + word.text, box=box, before_blank=word.before_blank
                )
                continue
        mended.append(word)
    return mended


def text_of(words: Sequence[Word]) -> str:
    """Return words with a blank between them."""
    return " ".join(word.text for word in words)


def cell_text(words: Sequence[Word]) -> str:
    """Return the words of a cell, a line a line; turned ones follow in the order in which they are drawn."""
    lines = [text_of(line) for line in lines_of([word for word in words if not word.turn])]
    turned = [word for word in words if word.turn]
    return "\n".join((*lines, text_of(turned))) if turned else "\n".join(lines)

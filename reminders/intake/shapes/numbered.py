"""Numbered measures: sets "2. …" and their measures "2.1 …", each perhaps told twice.

1. Sets and measures are the lines that begin with such numbers; a bare list of
   sets is a table of contents, its lines name themes.
2. The first telling of a measure is its text; parties and indicators stand
   where a header names them, mostly in a second telling. What the first one tells
   besides the measures is goals: said again, they are no indicators.
3. Between two numbers parties are shared out in order (``_end_group``), indicators page by page
   (``indicator_column``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Final, Literal

from reminders.intake.content import ActionDraft, IntakeFinding, TextLine
from reminders.intake.headings import Role, role_of
from reminders.intake.language import likely_language
from reminders.intake.parties import is_complete_name, looks_like_parties
from reminders.intake.shapes.indicator_column import (
    ColumnPiece,
    WordWeights,
    counts,
    joined_indicators,
    share_indicators,
)
from reminders.intake.words import capitalised, is_bullet, plain_words, squeeze, unwrap, without_bullet
from schedule_rules.programme import TextLang

_MEASURE = re.compile(r"^\s*(\d{1,2})\.(\d{1,2})\.?\s+(\S.*)$")
_SET = re.compile(r"^\s*(\d{1,2})\.\s+([^\W\d_].*)$")
_YEARS = re.compile(r"\b20\d\d\s*[-–—]\s*20\d\d\b")
_PART = re.compile(r"(?<!\s)\s+\d/\d$")
_MOST_TOLD: Final = 100
"""Indicators given to none that have a finding of their own; the rest is one finding."""
_LEAST = 6
_LIKE_THEME = 0.75
_REACHING = re.compile(
    r"%|\bper cent\b|\b(?:has|have) (?:been|become)\b|\bon (?:laadittu|luotu|tehty)\b|\bhar \w+ts\b"
)
_ONLY_COUNT = re.compile(r"\d+ \S+$")
_RUN = 3
_AGAIN = 0.6

_Number = tuple[int, int]
_LineBlock = list[TextLine]


@dataclass(slots=True)
class _Set:
    titles: list[str]
    place: str
    domain: str
    texts: list[str] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Measure:
    """A measure; ``parties`` and ``indicators`` come from the telling that has columns for them."""

    text: str
    place: str
    parties: list[str] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)


def read_numbered(
    lines: Sequence[TextLine], file: str
) -> tuple[tuple[ActionDraft, ...], tuple[IntakeFinding, ...]]:
    """Return the measures of a numbered programme, or none, and the indicators that are given to none."""
    measured = [found for line in lines if (found := _MEASURE.match(line.text))]
    if len(measured) < _LEAST or len({found[1] for found in measured}) < 2:
        return (), ()
    reader = _MeasureReader(_without_running_lines(lines))
    drafts = tuple(reader.drafts())
    told = [
        IntakeFinding("indicator-of-several", file, one.place, unwrap(one.text))
        for one in reader.apart[:_MOST_TOLD]
    ]
    if more := len(reader.apart[_MOST_TOLD:]):
        told.append(IntakeFinding("more-left-over", file, "the file", str(more)))
    return drafts, tuple(told)


def _without_running_lines(lines: Sequence[TextLine]) -> list[TextLine]:
    """Return lines without those that stand on many pages with another number only."""

    def shape(line: TextLine) -> str:
        return re.sub(r"\d+", "#", squeeze(line.text))

    counts = Counter(shape(line) for line in lines if re.search(r"[^\d]\s+\d{1,3}$", line.text))
    return [line for line in lines if counts[shape(line)] < 3 or _MEASURE.match(line.text)]


def _blocks_of(lines: Iterable[TextLine]) -> list[_LineBlock]:
    """Return lines as blocks: cut at blank lines, at numbers and at lines that begin a page.

    A lone name after a finished sentence begins a block too: it is the next column's text.
    """
    blocks: list[_LineBlock] = [[]]
    for line in lines:
        is_blank = not line.text.strip()
        is_set = _SET.match(line.text) is not None
        ended = bool(blocks[-1]) and blocks[-1][-1].text.rstrip().endswith(".")
        next_column = ended and not is_blank and _is_single_name(squeeze(line.text))
        if is_blank or is_set or next_column or line.text.startswith(" ") or _MEASURE.match(line.text):
            blocks.append([])
        if not is_blank:
            blocks[-1].append(line)
            if is_set:
                blocks.append([])
    return [block for block in blocks if block]


def _themes_of(blocks: list[_LineBlock]) -> list[_LineBlock]:
    """Return the longest run of three sets or more with nothing between: a list of the themes."""
    runs: list[list[_LineBlock]] = [[]]
    for block in blocks:
        first = block[0].text
        is_set = _SET.match(first) and not _MEASURE.match(first)
        short = len(block) == 1 and len(first) < 40 and not first[:1].isdigit() and runs[-1]
        if is_set:
            runs[-1].append(block)
        elif not (short and first[:1].islower()):
            runs.append([])
    longest = max(runs, key=len)
    return longest if len(longest) >= 3 else []


class _MeasureReader:
    """Goes through the blocks once and remembers which set and measures they follow."""

    def __init__(self, lines: Sequence[TextLine]) -> None:
        self._blocks = _blocks_of(lines)
        self._text = " ".join(line.text for line in lines)
        self._lang = likely_language(self._text)
        self._themes = _themes_of(self._blocks)
        names = (plain_words(re.sub(r"^\s*\d+\.\s+", "", theme[0].text)) for theme in self._themes)
        self._theme_names = [SequenceMatcher(None, "", name) for name in names]
        self._sets: dict[int, _Set] = {}
        self._measures: dict[_Number, _Measure] = {}
        self._set: _Set | None = None
        self._has_columns = False
        self._paged = False
        self._domain = ""
        self._group: list[_Measure] = []
        self._parties: list[str] = []
        self._column: list[ColumnPiece] = []
        self._goals: set[tuple[str, ...]] = set()
        self._header = self._of_parties = ""
        self._weights = WordWeights(" ".join(line.text for line in block) for block in self._blocks)
        numbers = Counter(
            block[0].text.split()[0].rstrip(".") for block in self._blocks if _MEASURE.match(block[0].text)
        )
        self._twice = 2 * sum(count > 1 for count in numbers.values()) > len(numbers)
        self._known: set[str] = set()
        self._names = Counter(
            text for block in self._blocks if role_of(text := squeeze(block[0].text)) == "indicator"
        )
        self.apart: list[ColumnPiece] = []

    def drafts(self) -> Iterator[ActionDraft]:
        """Read every block, then yield the measures of each set; a set without any is a measure itself."""
        themes = {id(block) for block in self._themes}
        for block in self._blocks:
            if id(block) in themes:
                continue
            first, known = block[0], {*self._sets, max(self._sets, default=0) + 1}
            text = unwrap("\n".join(line.text for line in block))
            if found := _MEASURE.match(first.text):
                self._measure((int(found[1]), int(found[2])), text, first.place)
                self._header = ""
            elif (found := _SET.match(first.text)) and int(found[1]) in known:
                self._begin_set(int(found[1]), squeeze(found[2]), first.place)
            else:
                self._other(block, text)
        self._end_group()
        self._end_column()
        for number, a_set in sorted(self._sets.items()):
            own = {key: value for key, value in self._measures.items() if key[0] == number}
            parties = {tuple(dict.fromkeys(one.parties)) for one in own.values() if one.parties}
            inherited = list(parties.pop()) if len(parties) == 1 else []
            for measure in [own[key] for key in sorted(own)] or [self._whole(a_set)]:
                yield ActionDraft(
                    place=measure.place,
                    bullets=(measure.text,),
                    domain=a_set.domain,
                    goal=next(iter(a_set.titles), ""),
                    schedule=next(
                        (found[0] for title in a_set.titles if (found := _YEARS.search(title))), ""
                    ),
                    responsible="\n".join(dict.fromkeys(measure.parties or inherited)),
                    indicator=joined_indicators(measure.indicators or a_set.indicators),
                )

    def _whole(self, a_set: _Set) -> _Measure:
        """Return a set without measures as one: its longest text, all its parties."""
        parties = [text for text in a_set.texts if looks_like_parties(text, self._lang) and len(text) < 120]
        longest = max(a_set.texts, key=len, default=next(iter(a_set.titles), ""))
        others = [text for text in a_set.texts if text not in parties and text != longest]
        indicators = [text for text in others if _indicates(text)]
        return _Measure(longest, a_set.place, list(dict.fromkeys(parties)), a_set.indicators or indicators)

    def _begin_set(self, number: int, title: str, place: str) -> None:
        self._end_group()
        self._end_column()
        self._has_columns = self._paged = False
        name = _PART.sub("", title)
        self._set = self._sets.setdefault(number, _Set([], place, self._domain))
        if name not in self._set.titles:
            self._set.titles.append(name)

    def _measure(self, number: _Number, text: str, place: str) -> None:
        if self._parties:
            self._end_group()
        if number[0] not in self._sets:
            self._begin_set(number[0], "", place)
        if self._set is not self._sets[number[0]]:
            self._end_column()
        self._set = self._sets[number[0]]
        words = re.sub(r"^\s*\d+\.\d+\.?\s+", "", text)
        measure = self._measures.setdefault(number, _Measure(words, place))
        self._group.append(measure)
        if self._has_columns:
            self._column.append(ColumnPiece("measure", words, place, number[1], measure.text))

    def _end_group(self) -> None:
        """Give the measures since the last that had some the parties after them.

        As many of both: in order. Else each goes to the measure whose text names
        most of it; where none does, one party is that of all, more go to the last.
        """
        measures, parties = self._group, self._parties
        self._group, self._parties = [], []
        if not measures:
            return
        for at, party in enumerate(parties):
            others = [one for one in parties if one != party]
            if len(parties) == len(measures):
                receivers = [measures[at]]
            elif named := _named_in(party, others, measures):
                receivers = [named]
            else:
                receivers = measures if len(parties) == 1 else measures[-1:]
            for measure in receivers:
                measure.parties.append(party)

    def _end_column(self) -> None:
        """Give the indicators since the last header of columns to the measures of their set."""
        pieces, self._column = self._column, []
        if self._set is None or not pieces:
            return
        number = next(key for key, one in self._sets.items() if one is self._set)
        shares = share_indicators(pieces, self._weights, self._set.indicators)
        self._set.indicators = list(dict.fromkeys(shares.of_set))
        self.apart += shares.apart
        for at, items in shares.own.items():
            self._measures[number, at].indicators += items

    def _other(self, block: _LineBlock, text: str) -> None:
        """Take a block without a number: a title, a header, parties, an indicator, more of the set's text."""
        role = self._role(text)
        if title := self._title(block):
            self._domain = title
        self._paged = self._paged or block[0].text.startswith(" ")
        self._begin_columns(squeeze(block[0].text), role)
        if self._set is None or role:
            return
        if not self._paged:
            self._set.texts.append(text)
        if not self._has_columns:
            self._goals |= _runs(text)
        if not self._has_columns or (is_bullet(text) and not counts(without_bullet(text))):
            return
        kind: Literal["indicator", "party", "goal"]
        is_party = looks_like_parties(text, self._lang) or _is_single_name(text)
        if is_party and not counts(text):
            names = [unwrap(part) for part in _whole_names(block, self._lang)]
            self._known.update(plain_words(name) for part in names for name in part.split(","))
            self._parties.append("\n".join(names))
            kind = "party"
        elif known := self._known_names(text):
            self._parties.append("\n".join(known))
            kind = "party"
        elif self._is_indicator(text):
            kind = "indicator"
        else:
            kind = "goal"
        lines = "\n".join(line.text for line in block)
        self._column.append(ColumnPiece(kind, lines, block[0].place))

    def _role(self, text: str) -> Role | None:
        """Return what a header names; a party may be called like one, among the columns and alone."""
        role = role_of(text)
        if role == "responsible" and self._has_columns and not self._header and text != self._of_parties:
            return None
        if role == "responsible":
            self._of_parties = text
        return role

    def _known_names(self, text: str) -> list[str]:
        """Return the names before the first comma that is no end of one: parties that stood before."""
        *names, _ = text.split(",")
        return [name.strip() for name in takewhile(lambda name: plain_words(name) in self._known, names)]

    def _begin_columns(self, name: str, role: Role | None) -> None:
        """Begin a page of columns at the header of parties; a table of indicators alone ends them all."""
        if role == "responsible":
            self._end_column()
            self._has_columns = True
        elif role_of(name) == "indicator" and self._has_columns and not self._header:
            (usual, count), *_ = self._names.most_common(1)
            if count > 1 and name != usual and not _ONLY_COUNT.match(name):
                self._end_group()
                self._end_column()
                self._set, self._has_columns = None, False
        self._header = role or ""

    def _is_indicator(self, text: str) -> bool:
        """Tell whether a text of the columns counts, or says what is reached and is no goal told before."""
        if counts(without_bullet(text)):
            return True
        if not self._column:
            return False
        runs = _runs(text)
        if not self._twice:
            return self._column[-1].kind == "measure" or bool(_REACHING.search(text.casefold()))
        known = len(runs & self._goals)
        return bool(_REACHING.search(text.casefold()) or text.endswith(".")) and known < _AGAIN * len(runs)

    def _title(self, block: _LineBlock) -> str:
        """Return the first line if it is like one of the themes, else a lone short line that comes again."""
        text = squeeze(block[0].text)
        if len(text) > 90 or text.endswith(".") or not capitalised(text) or role_of(text):
            return ""
        if self._theme_names:
            plain = plain_words(text)
            return text if any(_is_like(plain, name) for name in self._theme_names) else ""
        if self._has_columns or len(block) > 1:
            return ""
        return text if len(text.split()) < 8 or self._text.count(text) > 1 else ""


def _is_like(plain: str, theme: SequenceMatcher[str]) -> bool:
    theme.set_seq1(plain)
    # The first two are upper bounds of the third, and quick.
    measures = (theme.real_quick_ratio, theme.quick_ratio, theme.ratio)
    return all(measure() >= _LIKE_THEME for measure in measures)


def _indicates(text: str) -> bool:
    return counts(text) or bool(_REACHING.search(text.casefold()))


def _runs(text: str) -> set[tuple[str, ...]]:
    """Return each three words that follow each other."""
    words = plain_words(text).split()
    return set(zip(words, words[1:], words[2:], strict=False))


def _is_single_name(text: str) -> bool:
    """Tell whether a block is one or two capitalised words: a name that no kind tells."""
    return len(text.split()) <= 2 and capitalised(text) and text[-1].isalpha() and not role_of(text)


def _whole_names(block: _LineBlock, lang: TextLang) -> list[str]:
    """Return the lines of a block of parties, those together that one name goes over."""
    parts: list[str] = []
    for line in block:
        text = squeeze(line.text)
        before = parts[-1] if parts else ""
        last = before.rpartition(", ")[2]
        one_word = "," in before and len(last.split()) == 1 and capitalised(last)
        ends = before[-1:] not in ".,-&/" and is_complete_name(before, lang)
        if parts and not (capitalised(text) and (ends or (one_word and is_complete_name(text, lang)))):
            parts[-1] += "\n" + text
        else:
            parts.append(text)
    return parts


def _named_in(party: str, others: list[str], measures: list[_Measure]) -> _Measure | None:
    """Return the measure whose text names most words of ``party``: first those that no other party has."""
    words = _proper_words(party)
    for some in (words.difference(*map(_proper_words, others)), words):
        counts = [len(some & _proper_words(measure.text)) for measure in measures]
        if max(counts) and counts.count(max(counts)) == 1:
            return measures[counts.index(max(counts))]
    return None


def _proper_words(text: str) -> set[str]:
    return {plain_words(word) for word in re.findall(r"[A-ZÅÄÖ][\w-]{2,}", text)} - {"the"}

"""Numbered measures: sets "2. …" and their measures "2.1 …", each perhaps told twice.

1. Sets and measures are the lines that begin with such numbers; a bare list of
   sets is a table of contents, its lines name themes.
2. The first telling of a measure is its text; parties and indicators stand
   where a header names them, mostly in a second telling.
3. Between two numbers parties are shared out in order (``_end_group``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from reminders.intake.content import ActionDraft, TextLine
from reminders.intake.headings import role_of
from reminders.intake.language import likely_language
from reminders.intake.parties import is_complete_name, looks_like_parties
from reminders.intake.words import capitalised, is_bullet, plain_words, squeeze, unwrap
from schedule_rules.programme import TextLang

_MEASURE = re.compile(r"^\s*(\d{1,2})\.(\d{1,2})\.?\s+(\S.*)$")
_SET = re.compile(r"^\s*(\d{1,2})\.\s+([^\W\d_].*)$")
_YEARS = re.compile(r"\b20\d\d\s*[-–—]\s*20\d\d\b")
_PART = re.compile(r"(?<!\s)\s+\d/\d$")
_LEAST = 6
_LIKE_THEME = 0.75
_INDICATING = re.compile(
    r"^(?:the )?(?:number|proportion|percentage|share|amount|range|relative|participation)\b|%"
    r"|\b(?:has|have) been\b"
    r"|määrä|osuus|antal|andel"
)

_Number = tuple[int, int]
_LineBlock = list[TextLine]


@dataclass(slots=True)
class _Set:
    titles: list[str]
    place: str
    domain: str
    texts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Measure:
    """A measure; ``parties`` and ``indicators`` come from the telling that has columns for them."""

    text: str
    place: str
    parties: list[str] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)


def read_numbered(lines: Sequence[TextLine]) -> tuple[ActionDraft, ...]:
    """Return the measures of a numbered programme, or none."""
    measured = [found for line in lines if (found := _MEASURE.match(line.text))]
    if len(measured) < _LEAST or len({found[1] for found in measured}) < 2:
        return ()
    return tuple(_MeasureReader(_without_running_lines(lines)).drafts())


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
        self._sets: dict[int, _Set] = {}
        self._measures: dict[_Number, _Measure] = {}
        self._set: _Set | None = None
        self._has_columns = False
        self._paged = False
        self._domain = ""
        self._group: list[_Measure] = []
        self._parties: list[str] = []

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
            elif (found := _SET.match(first.text)) and int(found[1]) in known:
                self._begin_set(int(found[1]), squeeze(found[2]), first.place)
            else:
                self._other(block, text)
        self._end_group()
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
                    indicator=" ".join(measure.indicators),
                )

    def _whole(self, a_set: _Set) -> _Measure:
        """Return a set without measures as one: its longest text, all its parties."""
        parties = [text for text in a_set.texts if looks_like_parties(text, self._lang) and len(text) < 120]
        longest = max(a_set.texts, key=len, default=next(iter(a_set.titles), ""))
        others = [text for text in a_set.texts if text not in parties and text != longest]
        indicators = [text for text in others if _INDICATING.search(text.casefold())]
        return _Measure(longest, a_set.place, list(dict.fromkeys(parties)), indicators)

    def _begin_set(self, number: int, title: str, place: str) -> None:
        self._end_group()
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
        self._set = self._sets[number[0]]
        words = re.sub(r"^\s*\d+\.\d+\.?\s+", "", text)
        self._group.append(self._measures.setdefault(number, _Measure(words, place)))

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

    def _other(self, block: _LineBlock, text: str) -> None:
        """Take a block without a number: a title, a header, parties, an indicator, more of the set's text."""
        role = role_of(text)
        if title := self._title(block):
            self._domain = title
        self._paged = self._paged or block[0].text.startswith(" ")
        self._has_columns = self._has_columns or role == "responsible"
        if self._set is None or role:
            return
        if not self._paged:
            self._set.texts.append(text)
        if not self._has_columns or is_bullet(text):
            return
        if looks_like_parties(text, self._lang) or _is_single_name(text):
            self._parties.append("\n".join(unwrap(part) for part in _whole_names(block, self._lang)))
        elif _INDICATING.search(text.casefold()) and self._group:
            self._group[-1].indicators.append(text)

    def _title(self, block: _LineBlock) -> str:
        """Return the first line if it is like one of the themes, else a lone short line that comes again."""
        text = squeeze(block[0].text)
        if len(text) > 90 or text.endswith(".") or not capitalised(text) or role_of(text):
            return ""
        plain = plain_words(text)
        names = [plain_words(re.sub(r"^\s*\d+\.\s+", "", theme[0].text)) for theme in self._themes]
        if names:
            likenesses = (SequenceMatcher(None, plain, name).ratio() for name in names)
            return text if any(likeness >= _LIKE_THEME for likeness in likenesses) else ""
        lone = len(block) == 1 and (self._text.count(text) > 1 or len(text.split()) < 8)
        return text if lone and not self._has_columns else ""


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

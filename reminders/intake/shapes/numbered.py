"""Numbered measures: sets "2. …" and their measures "2.1 …", each perhaps told twice.

1. Sets and measures are the lines that begin with such numbers; a bare list of
   sets is a table of contents, its lines name themes.
2. The first telling of a measure is its text; parties and indicators stand
   where a header names them, mostly in a second telling.
3. Between two numbers parties are shared out in order (``_shared_out``).

Lists that name their fields are left to ``labelled``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from reminders.intake.headings import role_of
from reminders.intake.language import likely_language
from reminders.intake.parties.cells import is_complete_name, looks_like_parties
from reminders.intake.table import ActionDraft, TextLine
from reminders.intake.words import capitalised, is_bullet, plain_words, squeeze, unwrap
from schedule_rules.programme import Lang

_MEASURE = re.compile(r"^\s*(\d{1,2})\.(\d{1,2})\.?\s+(\S.*)$")
_SET = re.compile(r"^\s*(\d{1,2})\.\s+([^\W\d_].*)$")
_YEARS = re.compile(r"\b20\d\d\s*[-–—]\s*20\d\d\b")
_PART = re.compile(r"\s+\d/\d$")
_LEAST = 6
_LIKE_THEME = 0.75
_INDICATING = re.compile(
    r"^(?:the )?(?:number|proportion|percentage|share|amount|range|relative|participation)\b|%"
    r"|\b(?:has|have) been\b"
    r"|määrä|osuus|antal|andel"
)

Number = tuple[int, int]


@dataclass(slots=True)
class _Set:
    """A set: its titles in the order told, its lines, what stands over it."""

    number: int
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
    reader = _Reader(_without_running_lines(lines))
    reader.run()
    return tuple(reader.drafts())


def _without_running_lines(lines: Sequence[TextLine]) -> list[TextLine]:
    """Return lines without those that stand on many pages with another number only."""

    def shape(line: TextLine) -> str:
        return re.sub(r"\d+", "#", squeeze(line.text))

    counts = Counter(shape(line) for line in lines if re.search(r"[^\d]\s+\d{1,3}$", line.text))
    return [line for line in lines if counts[shape(line)] < 3 or _MEASURE.match(line.text)]


def _blocks(lines: Iterable[TextLine]) -> list[list[TextLine]]:
    """Return lines as blocks: cut at blank lines, at numbers and at lines that begin a page."""
    blocks: list[list[TextLine]] = [[]]
    for line in lines:
        numbered = _MEASURE.match(line.text) or _SET.match(line.text)
        page = line.text.startswith(" ")
        if not line.text.strip() or numbered or page or _names_after_sentence(blocks[-1], line):
            blocks.append([])
        if line.text.strip():
            blocks[-1].append(line)
            if numbered and _SET.match(line.text):
                blocks.append([])
    return [block for block in blocks if block]


def _names_after_sentence(block: list[TextLine], line: TextLine) -> bool:
    """Tell whether a lone name follows a finished sentence: the next column's text."""
    ended = bool(block) and block[-1].text.rstrip().endswith(".")
    return ended and bool(line.text.strip()) and _is_single_name(squeeze(line.text))


class _Reader:
    """Goes through the blocks once and remembers which set and measures they follow."""

    def __init__(self, lines: Sequence[TextLine]) -> None:
        self._blocks = _blocks(lines)
        self._text = " ".join(line.text for line in lines)
        self._lang = likely_language(self._text)
        self._themes = _themes(self._blocks)
        self._sets: dict[int, _Set] = {}
        self._measures: dict[Number, _Measure] = {}
        self._set: _Set | None = None
        self._columns = False
        self._paged = False
        self._domain = ""
        self._group: list[Number] = []
        self._shared: list[str] = []

    def run(self) -> None:
        """Read every block."""
        themes = {id(block) for block in self._themes}
        for block in self._blocks:
            if id(block) not in themes:
                self._block(block)
        self._end_group()

    def _block(self, block: list[TextLine]) -> None:
        first = block[0]
        measure, a_set = _MEASURE.match(first.text), _SET.match(first.text)
        text = unwrap("\n".join(line.text for line in block))
        if measure:
            self._measure((int(measure[1]), int(measure[2])), text, first.place)
        elif a_set and self._next_set(int(a_set[1])):
            self._begin_set(int(a_set[1]), squeeze(a_set[2]), first.place)
        else:
            self._other(block, text)

    # -- sets --------------------------------------------------------------------------

    def _next_set(self, number: int) -> bool:
        """Tell whether a set was told before or is the next one."""
        return number in self._sets or number == max(self._sets, default=0) + 1

    def _begin_set(self, number: int, title: str, place: str) -> None:
        self._end_group()
        self._columns = self._paged = False
        name = _PART.sub("", title)
        self._set = self._sets.setdefault(number, _Set(number, [], place, self._domain))
        if name not in self._set.titles:
            self._set.titles.append(name)

    # -- measures ------------------------------------------------------------------------

    def _measure(self, number: Number, text: str, place: str) -> None:
        if self._shared:
            self._end_group()
        if number[0] not in self._sets:
            self._begin_set(number[0], "", place)
        if self._set is None or self._set.number != number[0]:
            self._set = self._sets[number[0]]
        told = re.sub(r"^\s*\d+\.\d+\.?\s+", "", text)
        self._measures.setdefault(number, _Measure(told, place))
        self._group.append(number)

    def _end_group(self) -> None:
        """Share the parties out among the measures since the last that had some."""
        measures = [self._measures[number] for number in self._group]
        for measure, parties in _shared_out(measures, self._shared):
            measure.parties += parties
        self._group, self._shared = [], []

    def _other(self, block: list[TextLine], text: str) -> None:
        title = self._title(block)
        if title:
            self._domain = title
            self._paged = self._paged or block[0].text.startswith(" ")
        elif block[0].text.startswith(" "):
            self._paged = True
        role = role_of(text)
        if role == "responsible":
            self._columns = True
        if self._set is None or role:
            return
        if not self._paged:
            self._set.texts.append(text)
        if self._columns and not is_bullet(text):
            self._columned(block, text)

    def _columned(self, block: list[TextLine], text: str) -> None:
        if looks_like_parties(text, self._lang) or _is_single_name(text):
            lines = [unwrap(part) for part in _cut_lines(block, self._lang)]
            self._shared.append("\n".join(lines))
        elif _INDICATING.search(text.casefold()) and self._group:
            self._measures[self._group[-1]].indicators.append(text)

    def _title(self, block: list[TextLine]) -> str:
        """Return the first line if it is like one of the themes, else a lone short line that comes again."""
        text = squeeze(block[0].text)
        if len(text) > 90 or text.endswith(".") or not capitalised(text) or role_of(text):
            return ""
        names = [re.sub(r"^\s*\d+\.\s+", "", theme[0].text) for theme in self._themes]
        if names:
            return text if any(_alike(text, name) >= _LIKE_THEME for name in names) else ""
        lone = len(block) == 1 and (self._text.count(text) > 1 or len(text.split()) < 8)
        return text if lone and not self._columns else ""

    # -- what came of it ---------------------------------------------------------------

    def drafts(self) -> Iterable[ActionDraft]:
        """Yield the measures of each set; a set without any is a measure itself."""
        for number, a_set in sorted(self._sets.items()):
            own = {key: value for key, value in self._measures.items() if key[0] == number}
            for key, measure in sorted(own.items()) or [((number, 0), self._whole(a_set))]:
                yield self._draft(a_set, key, measure, own.values())

    def _draft(self, a_set: _Set, key: Number, measure: _Measure, others: Iterable[_Measure]) -> ActionDraft:
        years = next((found[0] for title in a_set.titles if (found := _YEARS.search(title))), "")
        told = {tuple(dict.fromkeys(one.parties)) for one in others if one.parties}
        inherited = list(told.pop()) if len(told) == 1 else []
        title = next(iter(a_set.titles), "")
        return ActionDraft(
            place=measure.place,
            bullets=(measure.text,),
            domain=a_set.domain,
            goal=title,
            schedule=years,
            responsible="\n".join(dict.fromkeys(measure.parties or inherited)),
            indicator=" ".join(measure.indicators),
            number=f"{key[0]}.{key[1]}" if key[1] else f"{key[0]}",
        )

    def _whole(self, a_set: _Set) -> _Measure:
        """Return a set without measures as one: its longest text, all its parties."""
        parties = [text for text in a_set.texts if looks_like_parties(text, self._lang) and len(text) < 120]
        indicators = [
            text for text in a_set.texts if _INDICATING.search(text.casefold()) and text not in parties
        ]
        longest = max(a_set.texts, key=len, default=next(iter(a_set.titles), ""))
        kept = [text for text in indicators if text != longest]
        return _Measure(longest, a_set.place, list(dict.fromkeys(parties)), kept)


def _alike(first: str, second: str) -> float:
    return SequenceMatcher(None, plain_words(first), plain_words(second)).ratio()


def _themes(blocks: list[list[TextLine]]) -> list[list[TextLine]]:
    """Return the longest run of three sets or more with nothing between: a list of the themes."""
    runs: list[list[list[TextLine]]] = [[]]
    for block in blocks:
        is_set = _SET.match(block[0].text) and not _MEASURE.match(block[0].text)
        short = len(block) == 1 and len(block[0].text) < 40 and not block[0].text[:1].isdigit() and runs[-1]
        if is_set:
            runs[-1].append(block)
        elif not (short and block[0].text[:1].islower()):
            runs.append([])
    longest = max(runs, key=len)
    return longest if len(longest) >= 3 else []


def _is_single_name(text: str) -> bool:
    """Tell whether a block is one or two capitalised words: a name that no kind tells."""
    return len(text.split()) <= 2 and capitalised(text) and text[-1].isalpha() and not role_of(text)


def _cut_lines(block: list[TextLine], lang: Lang) -> list[str]:
    """Return the lines of a block of parties, those together that one name goes over."""
    parts: list[str] = []
    for line in block:
        text = squeeze(line.text)
        ends = bool(parts) and _ends_there(parts[-1], text, lang)
        if parts and not (ends and capitalised(text)):
            parts[-1] += "\n" + text
        else:
            parts.append(text)
    return parts


def _ends_there(before: str, after: str, lang: Lang) -> bool:
    """Tell whether a name is complete at the end of a line."""
    if before[-1] not in ".,-&/" and is_complete_name(before, lang):
        return True
    last = before.rpartition(", ")[2]
    return "," in before and len(last.split()) == 1 and capitalised(last) and is_complete_name(after, lang)


def _shared_out(measures: list[_Measure], parties: list[str]) -> list[tuple[_Measure, list[str]]]:
    """Pair measures with the parties after them.

    As many of both: in order. Else each goes to the measure whose text names
    most of it; where none does, one party is that of all, more go to the last.
    """
    if not measures or not parties:
        return []
    if len(parties) == len(measures):
        return [(measure, [parties[at]]) for at, measure in enumerate(measures)]
    pairs = []
    for party in parties:
        named = _naming(party, [one for one in parties if one != party], measures)
        if named is not None:
            pairs.append((named, [party]))
        elif len(parties) == 1:
            pairs += [(measure, [party]) for measure in measures]
        else:
            pairs.append((measures[-1], [party]))
    return pairs


def _naming(party: str, others: list[str], measures: list[_Measure]) -> _Measure | None:
    """Return the measure whose text names most words of ``party``: first those that no other party has."""
    words = _proper(party)
    own = words - set().union(*map(_proper, others)) if others else words
    for some in (own, words):
        counts = [len(some & _proper(measure.text)) for measure in measures]
        if max(counts) and counts.count(max(counts)) == 1:
            return measures[counts.index(max(counts))]
    return None


def _proper(text: str) -> set[str]:
    return {plain_words(word) for word in re.findall(r"[A-ZÅÄÖ][\w-]{2,}", text)} - {"the"}

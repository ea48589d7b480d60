"""The column of indicators of a flattened text, given back to the measures that it stood beside.

1. Flattened, a page is told piece by piece: measures, indicators, parties and goals, row by row as long as
   their cells end together; what a long cell holds besides comes later.
2. Indicators before the first measure are those of the set. One right behind a measure is its own.
3. Later ones go to the measure whose words they share, or in order to the last measures where they run on
   after goals; else to the last.
4. Where most measures have none behind them, the column is not in rows: as many indicators as measures go in
   order, else those of the set hold, and the column is nobody's; without such ones each goes by its words,
   or to all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from math import log
from typing import Final, Literal

from reminders.intake.words import capitalised, is_bullet, plain_words, unwrap, without_bullet

_SHORTEST: Final = 4
_STEM: Final = 7
"""Letters that a word is compared by: endings differ."""
_COMMON: Final = 20
"""A stem that more measures of a page have tells nothing."""
_LONGEST_OF_ALL: Final = 2_000
"""Letters of the indicators that all measures of a set are given at most."""
_LEAST: Final = 0.2
_CLEARLY: Final = 1.5
"""How many times more than the next one the best measure shares."""
_FARTHER: Final = 0.9
"""What a share counts less for each measure between its own and the last."""
_COUNTING: Final = re.compile(
    r"^(?:the )?(?:total |average |mean |annual )?(?:number|proportion|percentage|share|amount|range|rate"
    r"|level|degree|reali[sz]ation|achievement|participation|results?|relative|trainee|indicators?|kilomet\w+|hours"
    r"|tonnes|average|mean|median)\b|\b(?:level|number|share|rate)\b[^.(]{0,60}\("
    r"|määr[äi]t?\b|osuu(?:s|det)\b|keskiarvo\b|toteutu(?:minen|misaste)\b|indeksi\b|tyytyväisyys\b"
    r"|(?:työllisyys|työttömyys|käyttö|osallistumis|täyttö)aste\b|^(?:keskimääräi|prosenttia)"
    r"|^(?:antal|andel|mängd|medelvärde)(?:et|en|t)?\b|\b(?:antalet|andelen|mängden|medelvärdet)\b"
    r"|\w{3}grad(?:en)?\b|utfall(?:et)?\b|nöjdhet(?:en)?\b"
)
_PROPER: Final = re.compile(r"(?<=[\w,;] )[A-ZÅÄÖÆØ][\w-]{3,}")
_NAME: Final = re.compile(r"(?=\b([A-ZÅÄÖÆØ][\w-]{1,30} [A-ZÅÄÖÆØ][\w-]{1,30}))")
_SILENT: Final = frozenset(
    {
        *(
            "number",
            "share",
            "have",
            "been",
            "than",
            "these",
            "those",
            "other",
            "their",
            "with",
            "that",
            "into",
        ),
        *("more", "created", "made", "completed", "received"),
        *("maara", "osuus", "ovat", "ollut", "seka", "niiden", "joka", "jotka", "muut", "luotu", "tehty"),
        *("laadittu", "toteutettu"),
        *("antal", "andel", "antalet", "andelen", "blivit", "dessa", "andra", "deras", "samt", "skapats"),
        *("gjorts", "genomforts"),
    }
)
"""Words that are in what is counted or reached, of whatever measure."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_ENDED: Final = (".", ")", ";", "!")


@dataclass(frozen=True, slots=True)
class ColumnPiece:
    """A block of one column of a flattened page; ``number`` tells which measure it is, where it is one."""

    kind: Literal["measure", "indicator", "party", "goal"]
    text: str
    place: str
    number: int = -1
    told: str = ""
    """What the document tells of the measure elsewhere."""


@dataclass(slots=True)
class IndicatorShares:
    """Indicators by the number of their measure, those of the whole set, and those that are nobody's."""

    own: dict[int, list[str]] = field(default_factory=dict)
    of_set: list[str] = field(default_factory=list)
    apart: list[ColumnPiece] = field(default_factory=list)


@dataclass(slots=True)
class _Stretch:
    """Measures that follow each other, and the pieces behind them."""

    measures: list[ColumnPiece] = field(default_factory=list)
    behind: list[ColumnPiece] = field(default_factory=list)

    @property
    def indicators(self) -> list[ColumnPiece]:
        return [piece for piece in self.behind if piece.kind == "indicator"]


def counts(text: str) -> bool:
    """Tell whether a text names what is counted: a number, a share, an average, how far something is."""
    return bool(_COUNTING.search(text.casefold()))


def indicator_items(lines: Sequence[str]) -> list[str]:
    """Return the indicators of a block: one begins at a bullet, at what it counts, or behind an end."""
    items: list[list[str]] = []
    for line in filter(str.strip, lines):
        before = items[-1][-1].rstrip() if items else "."
        starts = capitalised(line) or line.strip()[:1].isdigit()
        if is_bullet(line) or (starts and (before.endswith(_ENDED) or counts(line))):
            items.append([])
        items[-1].append(without_bullet(line) if is_bullet(line) else line)
    return [text for item in items if (text := unwrap("\n".join(item)).strip())]


def joined_indicators(items: Iterable[str]) -> str:
    """Return indicators as one text: each ends as a sentence before the next one begins."""
    texts = list(dict.fromkeys(items))
    ended = (one if one[-1] in ".!?;:" else f"{one}." for one in texts[:-1])
    return " ".join((*ended, *texts[-1:]))


class WordWeights:
    """How much a word tells: a rare one of the document all, one that every block has nothing."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._blocks, self._counts = 0, Counter[str]()
        for text in texts:
            self._blocks += 1
            self._counts.update(_stems(text))

    def of(self, stem: str) -> float:
        """Return the weight of a stem, from 0 to 1."""
        return (1 - log(max(self._counts[stem], 1)) / log(max(self._blocks, 2))) ** 2


def share_indicators(
    pieces: Sequence[ColumnPiece], weights: WordWeights, of_set: Sequence[str] = ()
) -> IndicatorShares:
    """Return whose the indicators of a page are; ``of_set`` are those that hold for its set already."""
    stretches = list(_stretches(pieces))
    shares = IndicatorShares(of_set=list(of_set))
    for piece in stretches[0].indicators:
        if _few_letters((*shares.of_set, piece.text)):
            shares.of_set += indicator_items(piece.text.split("\n"))
        else:
            shares.apart.append(piece)
    rows = [stretch for stretch in stretches if stretch.measures]
    words = _MeasureWords(weights)
    if 2 * sum(bool(row.indicators) for row in rows) >= sum(len(row.measures) for row in rows):
        for row in rows:
            _share_row(row, words, shares)
    else:
        _share_list(rows, words, shares)
    return shares


def _few_letters(texts: Iterable[str]) -> bool:
    return sum(map(len, texts)) <= _LONGEST_OF_ALL


def _share_list(rows: Sequence[_Stretch], words: _MeasureWords, shares: IndicatorShares) -> None:
    """Give a column that is not in rows: in order, by words or to all; to none where the set has its own."""
    measures = [measure for row in rows for measure in row.measures]
    found = [piece for row in rows for piece in row.indicators]
    if len(found) == len(measures):
        for measure, piece in zip(measures, found, strict=True):
            _give(shares, words, measure.number, piece)
        return
    if shares.of_set or not _few_letters(piece.text for piece in found):
        shares.apart += found
        return
    for measure in measures:
        words.add(measure.number, f"{measure.told} {measure.text}")
    for item in (one for piece in found for one in indicator_items(piece.text.split("\n"))):
        taker = words.clearly(item)
        for number in words.numbers if taker is None else [taker]:
            shares.own.setdefault(number, []).append(item)


def _stretches(pieces: Iterable[ColumnPiece]) -> Iterator[_Stretch]:
    """Yield what stands before the first measure, then each run of measures with what follows it."""
    stretch = _Stretch()
    for piece in pieces:
        if piece.kind == "measure":
            parted = any(one.kind in {"indicator", "party"} for one in stretch.behind)
            if parted or not stretch.measures:
                yield stretch
                stretch = _Stretch()
            stretch.measures.append(piece)
        else:
            stretch.behind.append(piece)
    yield stretch


def _share_row(row: _Stretch, words: _MeasureWords, shares: IndicatorShares) -> None:
    """Give what stands behind the measures of a row: the first to a lone one, the rest by words or order."""
    for measure in row.measures:
        words.add(measure.number, f"{measure.told} {measure.text}")
    last = row.measures[-1].number
    blocks = row.indicators
    if len(row.measures) == 1:
        _give(shares, words, last, blocks[0]) if blocks else None
        blocks = blocks[1:]
    elif len(blocks) == len(row.measures) and not _elsewhere(row, words):
        for measure, piece in zip(row.measures, blocks, strict=True):
            _give(shares, words, measure.number, piece)
        return
    late = _after_goals(row, blocks)
    after_goals = set(map(id, late))
    for piece in blocks:
        if id(piece) in after_goals:
            continue
        taker = None
        for item in indicator_items(piece.text.split("\n")):
            found = words.clearly(item)
            taker = found if found is not None else last if taker is None else taker
            _give_item(shares, words, taker, item)
    takers = words.numbers[-len(late) :] if 1 < len(late) <= len(words.numbers) else [last] * len(late)
    in_order = sum(
        words.shared(piece.text).get(number, 0) for piece, number in zip(late, takers, strict=True)
    )
    with_last = sum(words.shared(piece.text).get(last, 0) for piece in late)
    for piece, number in zip(late, takers if in_order >= with_last else [last] * len(late), strict=True):
        _give(shares, words, number, piece)


def _elsewhere(row: _Stretch, words: _MeasureWords) -> bool:
    """Tell whether an indicator clearly is of a measure before those of the row."""
    numbers = {measure.number for measure in row.measures}
    takers = {words.clearly(piece.text) for piece in row.indicators} - {None}
    return not takers <= numbers


def _after_goals(row: _Stretch, blocks: Sequence[ColumnPiece]) -> list[ColumnPiece]:
    """Return those of ``blocks`` that stand behind the last goal which stands behind another piece."""
    goals = [at for at, piece in enumerate(row.behind) if piece.kind == "goal" and at]
    behind = {id(piece) for piece in row.behind[goals[-1] :]} if goals else set()
    return [piece for piece in blocks if id(piece) in behind]


def _give(shares: IndicatorShares, words: _MeasureWords, number: int, piece: ColumnPiece) -> None:
    for item in indicator_items(piece.text.split("\n")):
        _give_item(shares, words, number, item)


def _give_item(shares: IndicatorShares, words: _MeasureWords, number: int, item: str) -> None:
    shares.own.setdefault(number, []).append(item)
    words.add(number, item)


class _MeasureWords:
    """The stems that each measure of a page has, in its own text and in the indicators it was given."""

    def __init__(self, weights: WordWeights) -> None:
        self._weights = weights
        self._takers: dict[str, set[int]] = {}
        self._order: dict[int, int] = {}
        self.numbers: list[int] = []

    def add(self, number: int, text: str) -> None:
        """Remember the stems of a measure."""
        if number not in self._order:
            self._order[number] = len(self.numbers)
            self.numbers.append(number)
        for stem in _stems(text):
            self._takers.setdefault(stem, set()).add(number)

    def shared(self, text: str) -> dict[int, float]:
        """Return how much of a text each measure shares: more for what few others have, twice for a name."""
        shares = dict.fromkeys(self.numbers[-1:], 0.0)
        names = _stems(" ".join(_PROPER.findall(text)))
        for stem in _stems(text):
            takers = self._takers.get(stem, set())
            if len(takers) <= min(_COMMON, max(1, len(self.numbers) - 1)):
                weight = self._weights.of(stem) * (1 + (stem in names))
                for number in takers:
                    shares[number] = shares.get(number, 0) + weight / len(takers)
        return shares

    def clearly(self, text: str) -> int | None:
        """Return the measure that shares clearly more of a text than any other, or None."""
        last = len(self.numbers) - 1
        near = {
            number: share * _FARTHER ** (last - self._order[number])
            for number, share in self.shared(text).items()
        }
        best = nlargest(2, near, key=near.__getitem__)
        if not best or self.shared(text)[best[0]] < _LEAST:
            return None
        return best[0] if len(best) == 1 or near[best[0]] >= _CLEARLY * near[best[1]] else None


def _stems(text: str) -> set[str]:
    """Return the stems of the words that tell something, and each two words of a name."""
    words = (plain_words(word) for word in _WORD.findall(text) if len(word) >= _SHORTEST)
    pairs = map(plain_words, _NAME.findall(text))
    return {word.rstrip("s")[:_STEM] for word in words if word not in _SILENT}.union(pairs)

"""Flattened lines as pieces: headers, domains, bullets, schedules, parties, indicators, other words.

A line may hold several columns; they are cut where a schedule stands, and
after the parties that follow it. Which row a piece belongs to is left to
``flat``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from reminders.intake.headers import Role, named_role, role_of
from reminders.intake.parties import looks_like_parties, split_names
from reminders.intake.party_words import HANDOVER
from reminders.intake.table import Line
from reminders.intake.words import capitalised, is_bullet, plain, squeeze, without_bullet
from schedule_rules.programme import Lang
from schedule_rules.reading import normalise
from schedule_rules.schedule import Schedule

Kind = Literal["header", "domain", "bullet", "schedule", "parties", "indicator", "words"]
_USABLE = ("single", "range", "open_range", "continuous", "recurring")
_INNER_BULLET = re.compile(r"(?<=\S)\s+[•●▪■◦‣\uf0b7»«]\s*(?=\S)|\s+\*\s+(?=\S)")
_PHONE = re.compile(r"\b0\d{1,3}[ -]?\d{3}[ -]?\d{2,4}\b|\+\d{2,3}[ \d-]{7,}")
_ADDRESS = re.compile(r"\S+@\S+|\bwww\.|https?://", re.IGNORECASE)
_MOST_WORDS = 8
_FEW_WORDS = 3
_NOISE = 4
_TORN = 6
_TABLE_ROLES = frozenset(("goal", "action", "schedule", "responsible", "partners", "indicator", "domain"))


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one kind; ``roles`` are those that a header names."""

    kind: Kind
    text: str
    place: str
    roles: frozenset[Role] = frozenset()


def pieces_of(lines: Sequence[Line], lang: Lang) -> list[Piece]:
    """Return the pieces from the first header on."""
    cutter = _Cutter(lines, lang)
    pieces = list(cutter.pieces())
    first = next((at for at, piece in enumerate(pieces) if piece.kind == "header"), None)
    if first is None:
        return pieces if any(piece.kind == "bullet" for piece in pieces) else []
    start = first - 1 if first and pieces[first - 1].kind == "domain" else first
    return pieces[start:]


def header_roles(text: str) -> frozenset[Role]:
    """Return the roles of a line that is nothing but names of columns, else none."""
    words = [word for word in plain(text).split() if word not in {"och", "ja", "and"}]
    if not words or len(words) > 12:
        return frozenset()
    shouted = text.isupper()
    roles: list[Role] = []
    at = 0
    while at < len(words):
        for length in (3, 2, 1):
            name = " ".join(words[at : at + length])
            role = (named_role(name) if length > 1 else role_of(name)) if at + length <= len(words) else None
            if role in _TABLE_ROLES:
                roles.append(role)
                at += length
                break
        else:
            return frozenset()
    return frozenset(roles) if shouted or len(roles) > 2 else frozenset()


class _Cutter:
    """Cuts lines; ``_kind`` is the column that an unmarked line goes on in."""

    def __init__(self, lines: Sequence[Line], lang: Lang) -> None:
        self._lines = [
            line for line in lines if not _PHONE.search(line.text) and not _ADDRESS.search(line.text)
        ]
        self._lang = lang
        self._phrases = _phrases(self._lines)
        self._open: Piece | None = None
        self._begins = True
        self._goal_open = False

    def pieces(self) -> Iterator[Piece]:
        """Yield the pieces in order."""
        for at, line in enumerate(self._lines):
            if not line.text.strip():
                yield from self._flush()
                self._begins = True
                continue
            yield from self._line(line, before_header=self._header_follows(at))
            self._begins = False
        yield from self._flush()

    def _flush(self) -> Iterator[Piece]:
        if self._open is not None:
            yield self._open
        self._open = None

    def _begin(self, kind: Kind, text: str, line: Line) -> Iterator[Piece]:
        yield from self._flush()
        self._open = Piece(kind, text, line.place)

    def _header_follows(self, at: int) -> bool:
        """Tell whether the next line with words is a header that begins a table."""
        following = next((line.text for line in self._lines[at + 1 :] if line.text.strip()), "")
        roles = header_roles(squeeze(following))
        return bool(roles & {"goal", "action"}) and not (self._goal_open and "goal" not in roles)

    def _line(self, line: Line, *, before_header: bool) -> Iterator[Piece]:
        text = squeeze(line.text)
        roles = header_roles(text)
        if roles:
            yield from self._flush()
            yield Piece("header", text, line.place, roles)
            self._goal_open = "goal" in roles or (self._goal_open and "action" not in roles)
            if "action" in roles:
                self._goal_open = False
            self._begins = True
        elif before_header and self._may_be_domain(line, text):
            yield from self._begin("domain", text, line)
            yield from self._flush()
        else:
            yield from self._columns(line)

    def _may_be_domain(self, line: Line, text: str) -> bool:
        return (
            len(text.split()) <= 8
            and capitalised(text)
            and not is_bullet(line.text)
            and text[-1] not in ".,-"
        )

    def _columns(self, line: Line) -> Iterator[Piece]:
        """Cut a line at an inner bullet and at a schedule."""
        text = line.text
        inner = _INNER_BULLET.search(text)
        before = squeeze(text[: inner.start()]) if inner else ""
        if inner and not is_bullet(text) and (capitalised(before) or len(before) <= _NOISE):
            if len(before) > _NOISE:
                yield from self._words(before, line)
            text = "• " + text[inner.end() :]
        if is_bullet(text):
            yield from self._bullet(without_bullet(text), line)
        elif self._lost_bullet(text):
            yield from self._bullet(squeeze(text), line)
        else:
            yield from self._unmarked(squeeze(text), line)

    def _lost_bullet(self, text: str) -> bool:
        """Tell whether a line set in by one blank has lost its bullet."""
        return self._begins and text[:1] == " " and text[1:2].isupper() and not text[1:].isupper()

    def _bullet(self, text: str, line: Line) -> Iterator[Piece]:
        cut = _inner_schedule(text, self._lang)
        if cut is None:
            yield from self._begin("bullet", squeeze(text), line)
            return
        before, schedule, rest = cut
        yield from self._begin("bullet", before, line)
        yield from self._scheduled(schedule, rest, line)

    def _unmarked(self, text: str, line: Line) -> Iterator[Piece]:
        schedule, rest = leading_schedule(text, self._lang)
        if schedule and self._may_schedule(text, rest):
            yield from self._scheduled(schedule, rest, line)
        else:
            yield from self._words(text, line)

    def _may_schedule(self, text: str, rest: str) -> bool:
        """Tell whether a schedule may stand here: at a block's begin, after a bullet or parties."""
        if text[:1].islower() or (rest and not capitalised(rest)):
            return False
        return self._begins or self._open is None or self._open.kind in {"bullet", "parties", "schedule"}

    def _scheduled(self, schedule: str, rest: str, line: Line) -> Iterator[Piece]:
        yield from self._begin("schedule", schedule, line)
        if not rest:
            return
        parties, indicator = self._parted(rest)
        yield from self._begin("parties", parties, line)
        if indicator:
            yield from self._begin("indicator", indicator, line)

    def _words(self, text: str, line: Line) -> Iterator[Piece]:
        """Take unmarked words: more of what is open, else words of their own."""
        if self._open is not None and not self._begins:
            self._open = Piece(self._open.kind, f"{self._open.text}\n{text}", self._open.place)
        else:
            yield from self._begin("words", text, line)

    # -- parties and indicator on one line ------------------------------------------------

    def _parted(self, text: str) -> tuple[str, str]:
        """Cut the words after a schedule into parties and the begin of an indicator, where both are there."""
        words = text.split()
        torn = next((at for at in range(1, len(words)) if _is_torn(words[at - 1], words[at])), 0)
        if torn:
            return " ".join(words[:torn]), " ".join(words[torn:])
        cuts = [at for at in range(1, len(words)) if _may_part(words, at)]
        best = 0
        for at in cuts:
            left = " ".join(words[:at])
            right = " ".join(words[at:])
            if self._are_parties(left) and not self._may_be_parties(right):
                best = best if best and not self._is_phrase(left) else at
        return (" ".join(words[:best]), " ".join(words[best:])) if best else (text, "")

    def _may_be_parties(self, text: str) -> bool:
        """Tell whether words are parties, or several short names of which nothing else is known."""
        names = split_names(text, self._lang)
        short = len(names) > 1 and all(capitalised(name) and len(name.split()) <= 2 for name in names)
        return short or looks_like_parties(text, self._lang)

    def _are_parties(self, text: str) -> bool:
        return looks_like_parties(text, self._lang) or self._is_phrase(text)

    def _is_phrase(self, text: str) -> bool:
        """Tell whether the last of some names comes again elsewhere as a phrase."""
        names = split_names(text, self._lang)
        return bool(names) and self._phrases[plain(names[-1])] > 1 and len(names[-1].split()) > 1


def _is_torn(word: str, after: str) -> bool:
    """Tell whether a column ends after a word: paper broke it, and a capital follows on the same line."""
    return len(word) >= _TORN and word[-1] == "-" and word[-2].islower() and after[:1].isupper()


def _may_part(words: list[str], at: int) -> bool:
    before = plain(words[at - 1])
    if HANDOVER.search(plain(" ".join(words[:at])) + " "):
        return False
    open_ended = words[at - 1][-1] in ",-–&/" or before in {
        "ja",
        "och",
        "and",
        "seka",
        "samt",
        "med",
        "with",
        "of",
    }
    return words[at][:1].isupper() and not open_ended


def _phrases(lines: Sequence[Line]) -> Counter[str]:
    """Count the pairs of capitalised words of a text."""
    found: Counter[str] = Counter()
    for line in lines:
        words = squeeze(without_bullet(line.text)).split()
        pairs = pairwise(words)
        found.update(plain(f"{one} {two}") for one, two in pairs if one[:1].isupper() and two[:1].isupper())
    return found


def _inner_schedule(text: str, lang: Lang) -> tuple[str, str, str] | None:
    """Find a schedule inside a line: words before it, after it the end or a capital."""
    words = squeeze(text).split()
    for at in range(1, len(words)):
        if not _may_begin(words[at], lang):
            continue
        schedule, rest = leading_schedule(" ".join(words[at:]), lang)
        if schedule and (not rest or capitalised(rest)) and words[at - 1][-1] not in ",(":
            return " ".join(words[:at]), schedule, rest
    return None


def _may_begin(word: str, lang: Lang) -> bool:
    """Tell whether a word may begin a schedule inside a line: a year, or a word of going on."""
    return bool(re.match(r"20\d\d", word)) or (word[:1].isupper() and _reading(word, lang) is not None)


@lru_cache(maxsize=8192)
def leading_schedule(text: str, lang: Lang) -> tuple[str, str]:
    """Return the schedule that a text begins with and the rest; nothing where it begins with none."""
    words = text.split()
    best, last = 0, None
    dated = any(char.isdigit() for word in words[:_MOST_WORDS] for char in word)
    for count in range(1, min(len(words), _MOST_WORDS if dated else _FEW_WORDS) + 1):
        reading = _reading(" ".join(words[:count]), lang)
        if reading is None:
            continue
        meaning = (reading.kind, reading.start, reading.end, reading.frequency)
        if meaning != last and (count == best + 1 or _adds(words, best, count)):
            best, last = count, meaning
    if best and plain(words[best - 1]) in {"ja", "och", "and"}:
        best -= 1
    return " ".join(words[:best]), " ".join(words[best:])


def _adds(words: list[str], best: int, count: int) -> bool:
    """Tell whether the words between two readings may be part of the later one."""
    between = words[best : count - 1]
    return len(between) <= 3 and not any(word[:1].isupper() for word in between[1:])


@lru_cache(maxsize=8192)
def _reading(text: str, lang: Lang) -> Schedule | None:
    """Return the reading of words as a schedule; a rate counts only as one word ("Annually")."""
    found = normalise(text, lang)
    if not isinstance(found, Schedule) or found.kind not in _USABLE or found.certainty < 0.8:
        return None
    rate_only = found.kind == "recurring" and found.start is None and found.end is None
    return None if rate_only and (len(text.split()) > 1 or text[:1].isdigit()) else found

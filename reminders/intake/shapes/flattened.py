"""A table whose columns were flattened into lines, as PDF viewers and OCR give it.

1. Lines become pieces: headers, domains, bullets, schedules, other words
   (``flat_pieces``).
2. Pieces go to rows in the order of the print (``_Rows``): a bullet begins a
   row; a run of so many schedules belongs to as many of the last rows without
   one; other words are parties, then an indicator of the rows at hand, then the
   goal of what follows.
3. A row with several schedules is as many actions; one with nothing but
   bullets goes on with the row above it.

What the words mean is left to ``interpret``.

Flattened lines as pieces: headers, domains, bullets, schedules, parties, indicators, other words.

A line may hold several columns; they are cut where a schedule stands, and
after the parties that follow it. Which row a piece belongs to is left to
``flat``.

The rows of a flattened table while they are filled, and the drafts that they become.

Which piece goes to which row is left to ``flat``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import Literal

from reminders.intake.headings import Role, named_role, role_of
from reminders.intake.language import likely_language
from reminders.intake.parties.cells import HANDOVER, is_complete_name, looks_like_parties, split_names
from reminders.intake.table import ActionDraft, IntakeFinding, TextLine
from reminders.intake.words import capitalised, is_bullet, plain_words, squeeze, unwrap, without_bullet
from schedule_rules.programme import Lang
from schedule_rules.reading import normalise
from schedule_rules.schedule import Schedule

# -- Flattened lines as pieces: headers, domains, bullets, schedules, parties, indicators, othe

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


def pieces_of(lines: Sequence[TextLine], lang: Lang) -> list[Piece]:
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
    words = [word for word in plain_words(text).split() if word not in {"och", "ja", "and"}]
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

    def __init__(self, lines: Sequence[TextLine], lang: Lang) -> None:
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

    def _begin(self, kind: Kind, text: str, line: TextLine) -> Iterator[Piece]:
        yield from self._flush()
        self._open = Piece(kind, text, line.place)

    def _header_follows(self, at: int) -> bool:
        """Tell whether the next line with words is a header that begins a table."""
        following = next((line.text for line in self._lines[at + 1 :] if line.text.strip()), "")
        roles = header_roles(squeeze(following))
        return bool(roles & {"goal", "action"}) and not (self._goal_open and "goal" not in roles)

    def _line(self, line: TextLine, *, before_header: bool) -> Iterator[Piece]:
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

    def _may_be_domain(self, line: TextLine, text: str) -> bool:
        return (
            len(text.split()) <= 8
            and capitalised(text)
            and not is_bullet(line.text)
            and text[-1] not in ".,-"
        )

    def _columns(self, line: TextLine) -> Iterator[Piece]:
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

    def _bullet(self, text: str, line: TextLine) -> Iterator[Piece]:
        cut = _inner_schedule(text, self._lang)
        if cut is None:
            yield from self._begin("bullet", squeeze(text), line)
            return
        before, schedule, rest = cut
        yield from self._begin("bullet", before, line)
        yield from self._scheduled(schedule, rest, line)

    def _unmarked(self, text: str, line: TextLine) -> Iterator[Piece]:
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

    def _scheduled(self, schedule: str, rest: str, line: TextLine) -> Iterator[Piece]:
        yield from self._begin("schedule", schedule, line)
        if not rest:
            return
        parties, indicator = self._parted(rest)
        yield from self._begin("parties", parties, line)
        if indicator:
            yield from self._begin("indicator", indicator, line)

    def _words(self, text: str, line: TextLine) -> Iterator[Piece]:
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
        return bool(names) and self._phrases[plain_words(names[-1])] > 1 and len(names[-1].split()) > 1


def _is_torn(word: str, after: str) -> bool:
    """Tell whether a column ends after a word: paper broke it, and a capital follows on the same line."""
    return len(word) >= _TORN and word[-1] == "-" and word[-2].islower() and after[:1].isupper()


def _may_part(words: list[str], at: int) -> bool:
    before = plain_words(words[at - 1])
    if HANDOVER.search(plain_words(" ".join(words[:at])) + " "):
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


def _phrases(lines: Sequence[TextLine]) -> Counter[str]:
    """Count the pairs of capitalised words of a text."""
    found: Counter[str] = Counter()
    for line in lines:
        words = squeeze(without_bullet(line.text)).split()
        pairs = pairwise(words)
        found.update(
            plain_words(f"{one} {two}") for one, two in pairs if one[:1].isupper() and two[:1].isupper()
        )
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
    if best and plain_words(words[best - 1]) in {"ja", "och", "and"}:
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


# -- The rows of a flattened table while they are filled, and the drafts that they become


@dataclass(slots=True, eq=False)
class FlatRow:
    """A row being filled; texts keep their line breaks until the end."""

    place: str
    section: int
    goal: str
    bullets: list[str] = field(default_factory=list)
    schedules: list[str] = field(default_factory=list)
    parties: list[str] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)


def merged(rows: list[FlatRow]) -> list[FlatRow]:
    """Put a row that has neither schedule nor parties to the one above it under the same goal."""
    kept: list[FlatRow] = []
    for row in rows:
        above = kept[-1] if kept else None
        bare = not row.schedules and not row.parties
        if bare and above and (above.section, above.goal) == (row.section, row.goal):
            above.bullets += row.bullets
            above.indicators += row.indicators
        else:
            kept.append(row)
    return kept


def drafts(row: FlatRow, domain: str) -> Iterator[ActionDraft]:
    """Yield a row's drafts: one for each of its schedules."""
    count = max(1, len(row.schedules))
    schedules = row.schedules or [""]
    bullets = _dealt(row.bullets, count)
    parties = row.parties if len(row.parties) == count else ["\n".join(row.parties)] * count
    indicators = _indicators(row.indicators, count)
    for at in range(count):
        yield ActionDraft(
            place=row.place,
            bullets=tuple(unwrap(bullet) for bullet in bullets[at]),
            domain=domain,
            goal=row.goal,
            schedule=unwrap(schedules[at]),
            responsible=unwrap(parties[at]),
            indicator=unwrap(indicators[at]),
        )


def _dealt(bullets: list[str], count: int) -> list[list[str]]:
    """Return bullets dealt to ``count`` actions; what is over goes to the last."""
    if count == 1:
        return [bullets]
    return [[bullet] for bullet in bullets[: count - 1]] + [bullets[count - 1 :]]


def _indicators(texts: list[str], count: int) -> list[str]:
    """Return an indicator for each action: as printed, or one text cut after its sentences."""
    if len(texts) == count:
        return texts
    whole = "\n".join(texts)
    if count == 1:
        return [whole]
    cut: list[str] = []
    for line in whole.split("\n"):
        begins = not cut or (cut[-1].rstrip().endswith(".") and capitalised(line) and len(cut) < count)
        if begins:
            cut.append(line)
        else:
            cut[-1] += "\n" + line
    return cut if len(cut) == count else [whole] * count


# -- A table whose columns were flattened into lines, as PDF viewers and OCR give it

_LONGEST_DOMAIN = 7


def read_flat(
    lines: Sequence[TextLine], file: str
) -> tuple[tuple[ActionDraft, ...], tuple[IntakeFinding, ...]]:
    """Return the actions of flattened lines and what could not be placed."""
    lang = likely_language(" ".join(line.text for line in lines))
    pieces = pieces_of(lines, lang)
    if sum(piece.kind == "schedule" for piece in pieces) < 2:
        return (), ()
    rows = _Rows(lang, file)
    rows.fill(pieces)
    return tuple(rows.drafts()), tuple(rows.findings)


class _Rows:
    """Fills rows from pieces in order."""

    def __init__(self, lang: Lang, file: str) -> None:
        self._lang = lang
        self._file = file
        self._rows: list[FlatRow] = []
        self._domains: dict[int, str] = {}
        self._section = self._goal_section = 0
        self._goals: list[tuple[int, Piece]] = []
        self._goal: dict[int, str] = {}
        self._stray = ""
        self._last = self._torn = ""
        self._target: list[str] | None = None
        self._group: list[FlatRow] = []
        self._due: list[FlatRow] = []
        self.findings: list[IntakeFinding] = []

    def fill(self, pieces: Sequence[Piece]) -> None:
        """Give each piece to its row."""
        lengths = _run_lengths(pieces)
        for at, piece in enumerate(pieces):
            if piece.kind == "schedule" and not self._due:
                self._begin_run(lengths[at])
            getattr(self, f"_take_{piece.kind}")(piece)
            continued = piece.kind == "words" and self._rows and self._target is self._rows[-1].bullets
            self._last = "bullet" if continued else piece.kind

    def _begin_run(self, length: int) -> None:
        """Choose the rows that the schedules up to the next bullet belong to."""
        lacking = list(takewhile(lambda row: not row.schedules, reversed(self._rows)))[:length][::-1]
        spare = length - len(lacking)
        if lacking and spare:
            lacking += [lacking[-1]] * min(spare, max(0, len(lacking[-1].bullets) - 1))
        self._due = lacking
        if lacking:
            self._group = list(dict.fromkeys(lacking))

    # -- headers and what stands over rows --------------------------------------------

    def _take_header(self, piece: Piece) -> None:
        if "goal" in piece.roles:
            self._goal_section += 1
        if "action" in piece.roles:
            self._section = self._goal_section = max(self._goal_section, self._section + 1)
            if self._stray and self._section not in self._domains:
                self._domains[self._section] = self._stray
            self._stray = ""
        if {"goal", "action"} <= piece.roles:
            self._group = []
        self._target = None

    def _take_domain(self, piece: Piece) -> None:
        self._domains[max(self._goal_section, self._section) + 1] = unwrap(piece.text)
        self._stray = ""

    def _next_goal(self) -> str:
        """Return the goal of a new row: what was left over, a lone short line kept aside as a domain."""
        own = [piece for section, piece in self._goals if section <= self._section]
        torn = [piece.text for piece in own if piece.text.endswith("-")]
        self._torn = torn[-1] if torn else ""
        own = [piece for piece in own if not piece.text.endswith("-")]
        self._goals = [(section, piece) for section, piece in self._goals if section > self._section]
        if len(own) > 1 and _is_short(own[-1]) and capitalised(own[-1].text):
            self._stray = unwrap(own.pop().text)
        text = unwrap("\n".join(piece.text for piece in own))
        if text and (capitalised(text) or len(text) > 12):
            self._goal[self._section] = text
        return self._goal.get(self._section, "")

    # -- rows --------------------------------------------------------------------------

    def _take_bullet(self, piece: Piece) -> None:
        again = self._last == "bullet" and self._rows and self._rows[-1].section == self._section
        if not again:
            self._rows.append(FlatRow(piece.place, self._section, self._next_goal()))
            self._rows[-1].indicators += [self._torn] if self._torn else []
        self._rows[-1].bullets.append(piece.text)
        self._target = self._rows[-1].bullets
        self._group, self._due = self._rows[-1:], []

    def _take_schedule(self, piece: Piece) -> None:
        row = self._due.pop(0) if self._due else None
        if row is None and self._goals and self._complete():
            row = self._row_without_bullet()
        if row is None:
            self._lost(piece)
            return
        row.schedules.append(piece.text)
        self._target = row.schedules

    def _complete(self) -> bool:
        return not self._rows or bool(self._rows[-1].indicators)

    def _row_without_bullet(self) -> FlatRow:
        """Begin a row whose bullet was lost: its goal and action stand on one line, or it is all action."""
        _, last = self._goals.pop()
        goal, dash, action = last.text.partition(" - ")
        if dash:
            self._goals.append((self._section, Piece("words", goal, last.place)))
        row = FlatRow(last.place, self._section, self._next_goal(), [action if dash else last.text])
        self._rows.append(row)
        self._group = [row]
        self.findings.append(
            IntakeFinding("action-without-bullet", self._file, last.place, squeeze(last.text))
        )
        return row

    def _lost(self, piece: Piece) -> None:
        self.findings.append(IntakeFinding("not-placed", self._file, piece.place, squeeze(piece.text)[:200]))

    # -- other words -------------------------------------------------------------------

    def _take_parties(self, piece: Piece) -> None:
        """Parties on the line of their schedule belong to the row that has just got it."""
        row = next((row for row in self._rows if row.schedules is self._target), None)
        row = row or next((row for row in self._group if not row.parties), None)
        if row is None:
            self._lost(piece)
            return
        name, _, rest = piece.text.partition("\n")
        torn = row.indicators and row.indicators[-1].endswith("-") and rest[:1].islower()
        if torn and is_complete_name(name, self._lang):
            row.indicators[-1] += "\n" + rest
        else:
            name = piece.text
        row.parties.append(name)
        self._target = row.parties

    def _take_indicator(self, piece: Piece) -> None:
        row = next((row for row in self._group if self._wants_indicator(row)), None)
        if row is None:
            self._lost(piece)
            return
        row.indicators.append(piece.text)
        self._target = row.indicators

    def _take_words(self, piece: Piece) -> None:
        if self._goes_on(piece):
            return
        row = self._wanting_parties(piece)
        if row is not None:
            row.parties.append(piece.text)
            self._target = row.parties
            return
        row = next((row for row in self._group if self._wants_indicator(row)), None)
        if row is not None:
            row.indicators.append(piece.text)
            self._target = row.indicators
            return
        self._goals.append((self._goal_section, piece))
        self._target = None

    def _goes_on(self, piece: Piece) -> bool:
        """Put words that begin small to what stands before them."""
        begins_small = piece.text[:1].islower() or piece.text[:1] == "("
        broken = next((row for row in self._rows[-2:] if _is_broken(row.parties)), None)
        if begins_small and broken and not _is_broken(self._target or ()):
            broken.parties[-1] += "\n" + piece.text
            return True
        goals = self._goals and self._target is None and self._last == "words"
        if goals and (begins_small or self._goals[-1][1].text.endswith("-")):
            section, last = self._goals[-1]
            self._goals[-1] = (section, Piece("words", f"{last.text}\n{piece.text}", last.place))
            return True
        if self._target and (begins_small or self._target[-1].rstrip().endswith("-")):
            self._target[-1] += "\n" + piece.text
            return True
        return False

    def _wanting_parties(self, piece: Piece) -> FlatRow | None:
        """Return the row that these words lead: the first that has a schedule and no one yet, if they may."""
        named = looks_like_parties(unwrap(piece.text), self._lang)
        first = next((row for row in self._group if row.schedules and not row.parties), None)
        if first is not None:
            return first
        if not named:
            return None
        several = next((row for row in self._group if 0 < len(row.parties) < len(row.schedules)), None)
        if several is not None and not several.indicators:
            return several
        return next((row for row in self._group if not row.parties and not row.schedules), None)

    def _wants_indicator(self, row: FlatRow) -> bool:
        if not row.indicators:
            return True
        return len(row.schedules) > 1 and len(row.indicators) < len(row.parties)

    # -- what came of it -----------------------------------------------------------------

    def drafts(self) -> Iterator[ActionDraft]:
        """Yield the drafts of every row."""
        for row in merged(self._rows):
            yield from drafts(row, self._domains.get(row.section, ""))


def _run_lengths(pieces: Sequence[Piece]) -> list[int]:
    """Return for each piece how many schedules stand from it on before the next bullet."""
    lengths: list[int] = []
    length = 0
    for piece in reversed(pieces):
        length = 0 if piece.kind == "bullet" else length + (piece.kind == "schedule")
        lengths.append(length)
    return lengths[::-1]


def _is_broken(parties: Sequence[str]) -> bool:
    """Tell whether the last parties end in a broken word."""
    return bool(parties) and parties[-1].rstrip().endswith("-")


def _is_short(piece: Piece) -> bool:
    return "\n" not in piece.text.strip() and len(piece.text.split()) <= _LONGEST_DOMAIN

"""A table whose columns were flattened into lines, as PDF viewers and OCR give it.

1. Lines become pieces: headers, domains, bullets, schedules, parties, indicators, other words. A line may
   hold several columns; it is cut where a schedule stands, and after the parties that follow it
   (``_Cutter``).
2. Pieces go to rows in the order of the print: a bullet begins a row; a run of so many schedules belongs to
   as many of the last rows without one; other words are parties, then an indicator of the rows at hand, then
   the goal of what follows (``_Rows``).
3. A row with several schedules is as many actions; one with nothing but bullets goes on with the row above
   it.

What the words mean is left to ``interpret``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import Literal

from reminders.intake.content import ActionDraft, IntakeFinding, TextLine
from reminders.intake.headings import Role, exact_role, role_of
from reminders.intake.language import likely_language
from reminders.intake.parties import is_complete_name, looks_like_parties, names_handover, split_names
from reminders.intake.shapes.schedule_words import sure_schedule
from reminders.intake.words import capitalised, is_bullet, plain_words, squeeze, unwrap, without_bullet
from schedule_rules.programme import TextLang
from schedule_rules.schedule import Schedule

_Kind = Literal["header", "domain", "bullet", "schedule", "parties", "indicator", "words"]
_TABLE_ROLES = frozenset(("goal", "action", "schedule", "responsible", "partners", "indicator", "domain"))
_INNER_BULLET = re.compile(r"(?<=\S)\s+[•●▪■◦‣\uf0b7»«]\s*(?=\S)|\s+\*\s+(?=\S)")
_PHONE = re.compile(r"\b0\d{1,3}[ -]?\d{3}[ -]?\d{2,4}\b|\+\d{2,3}[ \d-]{7,}")
_ADDRESS = re.compile(r"\S@\S|\bwww\.|https?://", re.IGNORECASE)
_MOST_WORDS = 8
_FEW_WORDS = 3
_NOISE = 4
_TORN = 6
_LONGEST_DOMAIN = 7
_JOINING = frozenset(("ja", "och", "and", "seka", "samt", "med", "with", "of"))


def read_flattened(
    lines: Sequence[TextLine], file: str
) -> tuple[tuple[ActionDraft, ...], tuple[IntakeFinding, ...]]:
    """Return the actions of flattened lines and what could not be placed."""
    lang = likely_language(" ".join(line.text for line in lines))
    pieces = list(_Cutter(lines, lang).pieces())
    kinds = [piece.kind for piece in pieces]
    if "header" in kinds:
        # What stands before the first header but the domain right before it is no row.
        first = kinds.index("header")
        pieces = pieces[first - 1 if first and kinds[first - 1] == "domain" else first :]
    elif "bullet" not in kinds:
        return (), ()
    if sum(piece.kind == "schedule" for piece in pieces) < 2:
        return (), ()
    rows = _Rows(lang, file)
    rows.fill(pieces)
    return tuple(rows.drafts()), tuple(rows.findings)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words of one kind; ``roles`` are those that a header names."""

    kind: _Kind
    text: str
    place: str
    roles: frozenset[Role] = frozenset()


def _header_roles(text: str) -> frozenset[Role]:
    words = [word for word in plain_words(text).split() if word not in {"och", "ja", "and"}]
    if not words or len(words) > 12:
        return frozenset()
    roles: list[Role] = []
    at = 0
    while at < len(words):
        for length in (3, 2, 1):
            name = " ".join(words[at : at + length])
            role = (exact_role(name) if length > 1 else role_of(name)) if at + length <= len(words) else None
            if role in _TABLE_ROLES:
                roles.append(role)
                at += length
                break
        else:
            return frozenset()
    return frozenset(roles) if text.isupper() or len(roles) > 2 else frozenset()


class _Cutter:
    """Cuts lines; ``_open`` is the piece that an unmarked line goes on with."""

    def __init__(self, lines: Sequence[TextLine], lang: TextLang) -> None:
        self._lines = [
            line for line in lines if not _PHONE.search(line.text) and not _ADDRESS.search(line.text)
        ]
        self._lang = lang
        self._phrases = _phrases(self._lines)
        self._open: _Piece | None = None
        self._begins = True
        self._goal_open = False

    def pieces(self) -> Iterator[_Piece]:
        for at, line in enumerate(self._lines):
            text = squeeze(line.text)
            if not line.text.strip():
                yield from self._flush()
                self._begins = True
                continue
            if roles := _header_roles(text):
                yield from self._flush()
                yield _Piece("header", text, line.place, roles)
                self._goal_open = "action" not in roles and ("goal" in roles or self._goal_open)
            elif self._is_domain(at, text):
                yield from self._begin("domain", text, line)
                yield from self._flush()
            else:
                yield from self._columns(line)
            self._begins = False
        yield from self._flush()

    def _flush(self) -> Iterator[_Piece]:
        if self._open is not None:
            yield self._open
        self._open = None

    def _begin(self, kind: _Kind, text: str, line: TextLine) -> Iterator[_Piece]:
        yield from self._flush()
        self._open = _Piece(kind, text, line.place)

    def _is_domain(self, at: int, text: str) -> bool:
        """Tell whether a line is a title and the next line with words a header that begins a table."""
        is_title = len(text.split()) <= 8 and capitalised(text) and text[-1] not in ".,-"
        if not is_title or is_bullet(self._lines[at].text):
            return False
        following = next((line.text for line in self._lines[at + 1 :] if line.text.strip()), "")
        roles = _header_roles(squeeze(following))
        return bool(roles & {"goal", "action"}) and not (self._goal_open and "goal" not in roles)

    def _columns(self, line: TextLine) -> Iterator[_Piece]:
        """Cut a line at an inner bullet and at a schedule."""
        text = line.text
        inner = _INNER_BULLET.search(text)
        before = squeeze(text[: inner.start()]) if inner else ""
        if inner and not is_bullet(text) and (capitalised(before) or len(before) <= _NOISE):
            if len(before) > _NOISE:
                yield from self._words(before, line)
            text = "• " + text[inner.end() :]
        # A line set in by one blank has lost its bullet.
        set_in = self._begins and text[:1] == " " and text[1:2].isupper() and not text[1:].isupper()
        if is_bullet(text) or set_in:
            text = squeeze(without_bullet(text))
            bullet, schedule, rest = self._inner_schedule(text)
            yield from self._begin("bullet", bullet, line)
        else:
            text = squeeze(text)
            schedule, rest = _leading_schedule(text, self._lang)
            # A schedule may stand at a block's begin, after a bullet or parties.
            may_stand = (
                self._begins or self._open is None or self._open.kind in {"bullet", "parties", "schedule"}
            )
            if not schedule or not may_stand or text[:1].islower() or (rest and not capitalised(rest)):
                yield from self._words(text, line)
                return
        if schedule:
            yield from self._begin("schedule", schedule, line)
        if schedule and rest:
            parties, indicator = self._parties_and_indicator(rest)
            yield from self._begin("parties", parties, line)
            if indicator:
                yield from self._begin("indicator", indicator, line)

    def _words(self, text: str, line: TextLine) -> Iterator[_Piece]:
        """Take unmarked words: more of what is open, else words of their own."""
        if self._open is not None and not self._begins:
            self._open = _Piece(self._open.kind, f"{self._open.text}\n{text}", self._open.place)
        else:
            yield from self._begin("words", text, line)

    def _inner_schedule(self, text: str) -> tuple[str, str, str]:
        """Return the words before a schedule inside a line, the schedule, and the end or a capital after it.

        It begins with a year or a word of going on; nothing but words where there is none.
        """
        words = text.split()
        for at in range(1, len(words)):
            word = words[at]
            if not re.match(r"20\d\d", word) and not (word[:1].isupper() and _reading(word, self._lang)):
                continue
            schedule, rest = _leading_schedule(" ".join(words[at:]), self._lang)
            if schedule and (not rest or capitalised(rest)) and words[at - 1][-1] not in ",(":
                return " ".join(words[:at]), schedule, rest
        return text, "", ""

    def _parties_and_indicator(self, text: str) -> tuple[str, str]:
        """Cut the words after a schedule into parties and the begin of an indicator, where both are there."""
        words = text.split()
        for at, (word, after) in enumerate(pairwise(words), start=1):
            # Paper broke the last word of a column, and a capital follows on the same line.
            if len(word) >= _TORN and word[-1] == "-" and word[-2].islower() and after[:1].isupper():
                return " ".join(words[:at]), " ".join(words[at:])
        best = 0
        for at in range(1, len(words)):
            left, right = " ".join(words[:at]), " ".join(words[at:])
            is_open = left[-1] in ",-–&/" or plain_words(words[at - 1]) in _JOINING
            if is_open or not right[:1].isupper() or names_handover(left):
                continue
            is_phrase = self._ends_in_phrase(left)
            if (is_phrase or looks_like_parties(left, self._lang)) and not self._may_be_parties(right):
                best = at if is_phrase or not best else best
        return (" ".join(words[:best]), " ".join(words[best:])) if best else (text, "")

    def _may_be_parties(self, text: str) -> bool:
        """Tell whether words are parties, or several short names of which nothing else is known."""
        names = split_names(text, self._lang)
        short = len(names) > 1 and all(capitalised(name) and len(name.split()) <= 2 for name in names)
        return short or looks_like_parties(text, self._lang)

    def _ends_in_phrase(self, text: str) -> bool:
        """Tell whether the last of some names comes again elsewhere as a phrase."""
        names = split_names(text, self._lang)
        return bool(names) and self._phrases[plain_words(names[-1])] > 1 and len(names[-1].split()) > 1


def _phrases(lines: Sequence[TextLine]) -> Counter[str]:
    found: Counter[str] = Counter()
    for line in lines:
        pairs = pairwise(squeeze(without_bullet(line.text)).split())
        found.update(plain_words(f"{a} {b}") for a, b in pairs if a[:1].isupper() and b[:1].isupper())
    return found


@lru_cache(maxsize=8192)
def _leading_schedule(text: str, lang: TextLang) -> tuple[str, str]:
    """Return the schedule that a text begins with and the rest; nothing where it begins with none.

    Longer words count where they mean something else, and no name stands in what they add.
    """
    words = text.split()
    best, last = 0, None
    dated = any(char.isdigit() for word in words[:_MOST_WORDS] for char in word)
    for count in range(1, min(len(words), _MOST_WORDS if dated else _FEW_WORDS) + 1):
        reading = _reading(" ".join(words[:count]), lang)
        if reading is None:
            continue
        meaning = (reading.kind, reading.start, reading.end, reading.frequency)
        between = words[best : count - 1]
        if meaning != last and len(between) <= 3 and not any(word[:1].isupper() for word in between[1:]):
            best, last = count, meaning
    if best and plain_words(words[best - 1]) in {"ja", "och", "and"}:
        best -= 1
    return " ".join(words[:best]), " ".join(words[best:])


def _reading(text: str, lang: TextLang) -> Schedule | None:
    """Return the reading of words as a schedule; a rate counts only as one word ("Annually")."""
    found = sure_schedule(text, lang)
    rate_only = found and found.kind == "recurring" and found.start is None and found.end is None
    return None if rate_only and (len(text.split()) > 1 or text[:1].isdigit()) else found


@dataclass(slots=True, eq=False)
class _Row:
    """A row being filled; texts keep their line breaks until the end."""

    place: str
    section: int
    goal: str
    bullets: list[str] = field(default_factory=list)
    schedules: list[str] = field(default_factory=list)
    parties: list[str] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)

    def drafts(self, domain: str) -> Iterator[ActionDraft]:
        """Yield a draft for each of the schedules, a bullet each; what is over goes to the last."""
        count = max(1, len(self.schedules))
        bullets = [[bullet] for bullet in self.bullets[: count - 1]] + [self.bullets[count - 1 :]]
        parties = self.parties if len(self.parties) == count else ["\n".join(self.parties)] * count
        indicators = self._indicators(count)
        for at, schedule in enumerate(self.schedules or [""]):
            yield ActionDraft(
                place=self.place,
                bullets=tuple(map(unwrap, bullets[at])),
                domain=domain,
                goal=self.goal,
                schedule=unwrap(schedule),
                responsible=unwrap(parties[at]),
                indicator=unwrap(indicators[at]),
            )

    def _indicators(self, count: int) -> list[str]:
        """Return an indicator for each action: as printed, or one text cut after its sentences."""
        if len(self.indicators) == count:
            return self.indicators
        whole = "\n".join(self.indicators)
        if count == 1:
            return [whole]
        parts: list[str] = []
        for line in whole.split("\n"):
            if not parts or (parts[-1].rstrip().endswith(".") and capitalised(line) and len(parts) < count):
                parts.append(line)
            else:
                parts[-1] += "\n" + line
        return parts if len(parts) == count else [whole] * count


class _Rows:
    """Fills rows from pieces in order.

    ``_group`` are the rows at hand, ``_waiting`` those of them whose schedule
    comes next; ``_target`` are the texts that a line goes on with.
    """

    def __init__(self, lang: TextLang, file: str) -> None:
        self._lang = lang
        self._file = file
        self._rows: list[_Row] = []
        self._domains: dict[int, str] = {}
        self._section = self._goal_section = 0
        self._goals: list[tuple[int, _Piece]] = []
        self._goal: dict[int, str] = {}
        self._next_domain = ""
        self._last_kind = ""
        self._target: list[str] | None = None
        self._group: list[_Row] = []
        self._waiting: list[_Row] = []
        self.findings: list[IntakeFinding] = []

    def fill(self, pieces: Sequence[_Piece]) -> None:
        runs = [0]  # how many schedules stand from a piece on before the next bullet
        for piece in reversed(pieces):
            runs.append(0 if piece.kind == "bullet" else runs[-1] + (piece.kind == "schedule"))
        for piece, run in zip(pieces, runs[:0:-1], strict=True):
            if piece.kind == "schedule" and not self._waiting:
                # The schedules up to the next bullet belong to as many of the last rows without one.
                lacking = list(takewhile(lambda row: not row.schedules, reversed(self._rows)))[:run][::-1]
                if lacking and len(lacking) < run:
                    spare = min(run - len(lacking), max(0, len(lacking[-1].bullets) - 1))
                    lacking += [lacking[-1]] * spare
                self._waiting = lacking
                self._group = list(dict.fromkeys(lacking)) or self._group
            getattr(self, f"_take_{piece.kind}")(piece)
            continued = piece.kind == "words" and self._rows and self._target is self._rows[-1].bullets
            self._last_kind = "bullet" if continued else piece.kind

    def drafts(self) -> Iterator[ActionDraft]:
        """Yield the drafts of every row; one with nothing but bullets goes on with the row above it."""
        rows: list[_Row] = []
        for row in self._rows:
            above = rows[-1] if rows else None
            bare = not row.schedules and not row.parties
            if bare and above and (above.section, above.goal) == (row.section, row.goal):
                above.bullets += row.bullets
                above.indicators += row.indicators
            else:
                rows.append(row)
        for row in rows:
            yield from row.drafts(self._domains.get(row.section, ""))

    def _not_placed(self, piece: _Piece) -> None:
        self.findings.append(IntakeFinding("not-placed", self._file, piece.place, squeeze(piece.text)[:200]))

    def _take_header(self, piece: _Piece) -> None:
        if "goal" in piece.roles:
            self._goal_section += 1
        if "action" in piece.roles:
            self._section = self._goal_section = max(self._goal_section, self._section + 1)
            if self._next_domain and self._section not in self._domains:
                self._domains[self._section] = self._next_domain
            self._next_domain = ""
        if {"goal", "action"} <= piece.roles:
            self._group = []
        self._target = None

    def _take_domain(self, piece: _Piece) -> None:
        self._domains[max(self._goal_section, self._section) + 1] = unwrap(piece.text)
        self._next_domain = ""

    def _begin_row(self, place: str, bullets: Sequence[str] = ()) -> _Row:
        """Begin a row; its goal is what was left over, of which a lone short line is a domain to come.

        Of words that end in a hyphen the last are the begin of the indicator of a row with a bullet.
        """
        own = [piece for section, piece in self._goals if section <= self._section]
        self._goals = [(section, piece) for section, piece in self._goals if section > self._section]
        broken = [piece.text for piece in own if piece.text.endswith("-")]
        own = [piece for piece in own if not piece.text.endswith("-")]
        if len(own) > 1 and capitalised(own[-1].text):
            text = own[-1].text
            if "\n" not in text.strip() and len(text.split()) <= _LONGEST_DOMAIN:
                self._next_domain = unwrap(own.pop().text)
        text = unwrap("\n".join(piece.text for piece in own))
        if text and (capitalised(text) or len(text) > 12):
            self._goal[self._section] = text
        row = _Row(place, self._section, self._goal.get(self._section, ""), list(bullets))
        if not bullets:
            row.indicators += broken[-1:]
        self._rows.append(row)
        self._group = [row]
        return row

    def _take_bullet(self, piece: _Piece) -> None:
        again = self._last_kind == "bullet" and self._rows and self._rows[-1].section == self._section
        row = self._rows[-1] if again else self._begin_row(piece.place)
        row.bullets.append(piece.text)
        self._target = row.bullets
        self._group, self._waiting = [row], []

    def _take_schedule(self, piece: _Piece) -> None:
        row = self._waiting.pop(0) if self._waiting else None
        if row is None and self._goals and (not self._rows or self._rows[-1].indicators):
            row = self._row_without_bullet()
        if row is None:
            self._not_placed(piece)
            return
        row.schedules.append(piece.text)
        self._target = row.schedules

    def _row_without_bullet(self) -> _Row:
        """Begin a row whose bullet was lost: its goal and action stand on one line, or it is all action."""
        _, last = self._goals.pop()
        goal, dash, action = last.text.partition(" - ")
        if dash:
            self._goals.append((self._section, _Piece("words", goal, last.place)))
        words = squeeze(last.text)
        self.findings.append(IntakeFinding("action-without-bullet", self._file, last.place, words))
        return self._begin_row(last.place, [action if dash else last.text])

    def _take_parties(self, piece: _Piece) -> None:
        """Parties on the line of their schedule belong to the row that has just got it."""
        row = next((row for row in self._rows if row.schedules is self._target), None)
        row = row or next((row for row in self._group if not row.parties), None)
        if row is None:
            self._not_placed(piece)
            return
        name, _, rest = piece.text.partition("\n")
        is_broken = row.indicators and row.indicators[-1].endswith("-") and rest[:1].islower()
        if is_broken and is_complete_name(name, self._lang):
            row.indicators[-1] += "\n" + rest
        else:
            name = piece.text
        row.parties.append(name)
        self._target = row.parties

    def _take_indicator(self, piece: _Piece) -> None:
        if not self._add_indicator(piece):
            self._not_placed(piece)

    def _take_words(self, piece: _Piece) -> None:
        if self._goes_on(piece):
            return
        row = self._row_wanting_parties(piece)
        if row is not None:
            row.parties.append(piece.text)
            self._target = row.parties
        elif not self._add_indicator(piece):
            self._goals.append((self._goal_section, piece))
            self._target = None

    def _add_indicator(self, piece: _Piece) -> bool:
        """Give an indicator to the first row that wants one; return whether there was any."""
        for row in self._group:
            if not row.indicators or (len(row.schedules) > 1 and len(row.indicators) < len(row.parties)):
                row.indicators.append(piece.text)
                self._target = row.indicators
                return True
        return False

    def _goes_on(self, piece: _Piece) -> bool:
        """Put words that begin small to what stands before them; return whether they do."""
        begins_small = piece.text[:1].islower() or piece.text[:1] == "("
        broken = next((row for row in self._rows[-2:] if _ends_broken(row.parties)), None)
        if begins_small and broken and not _ends_broken(self._target):
            broken.parties[-1] += "\n" + piece.text
            return True
        goals = self._goals and self._target is None and self._last_kind == "words"
        if goals and (begins_small or self._goals[-1][1].text.endswith("-")):
            section, last = self._goals[-1]
            self._goals[-1] = (section, _Piece("words", f"{last.text}\n{piece.text}", last.place))
            return True
        if self._target and (begins_small or _ends_broken(self._target)):
            self._target[-1] += "\n" + piece.text
            return True
        return False

    def _row_wanting_parties(self, piece: _Piece) -> _Row | None:
        """Return the row that these words lead: the first that has a schedule and no one yet, if they may."""
        first = next((row for row in self._group if row.schedules and not row.parties), None)
        if first is not None:
            return first
        if not looks_like_parties(unwrap(piece.text), self._lang):
            return None
        several = next((row for row in self._group if 0 < len(row.parties) < len(row.schedules)), None)
        if several is not None and not several.indicators:
            return several
        return next((row for row in self._group if not row.parties and not row.schedules), None)


def _ends_broken(texts: Sequence[str] | None) -> bool:
    return (texts or [""])[-1].rstrip().endswith("-")

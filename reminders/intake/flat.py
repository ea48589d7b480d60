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
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from reminders.intake.flat_pieces import Piece, pieces_of
from reminders.intake.flat_rows import Row, drafts, merged
from reminders.intake.language import language_of
from reminders.intake.parties import is_complete_name, looks_like_parties
from reminders.intake.table import Draft, IntakeFinding, Line
from reminders.intake.words import capitalised, squeeze, unwrap
from schedule_rules.programme import Lang

_LONGEST_DOMAIN = 7


def read_flat(lines: Sequence[Line], file: str) -> tuple[tuple[Draft, ...], tuple[IntakeFinding, ...]]:
    """Return the actions of flattened lines and what could not be placed."""
    lang = language_of(" ".join(line.text for line in lines))
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
        self._rows: list[Row] = []
        self._domains: dict[int, str] = {}
        self._section = self._goal_section = 0
        self._goals: list[tuple[int, Piece]] = []
        self._goal: dict[int, str] = {}
        self._stray = ""
        self._last = self._torn = ""
        self._target: list[str] | None = None
        self._group: list[Row] = []
        self._due: list[Row] = []
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
            self._rows.append(Row(piece.place, self._section, self._next_goal()))
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

    def _row_without_bullet(self) -> Row:
        """Begin a row whose bullet was lost: its goal and action stand on one line, or it is all action."""
        _, last = self._goals.pop()
        goal, dash, action = last.text.partition(" - ")
        if dash:
            self._goals.append((self._section, Piece("words", goal, last.place)))
        row = Row(last.place, self._section, self._next_goal(), [action if dash else last.text])
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

    def _wanting_parties(self, piece: Piece) -> Row | None:
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

    def _wants_indicator(self, row: Row) -> bool:
        if not row.indicators:
            return True
        return len(row.schedules) > 1 and len(row.indicators) < len(row.parties)

    # -- what came of it -----------------------------------------------------------------

    def drafts(self) -> Iterator[Draft]:
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

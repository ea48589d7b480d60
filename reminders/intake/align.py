"""Language versions of one programme, row beside row, however rows are missing or have slid.

The version with most rows is the base; each other one is laid along it so
that what the rows share (schedule, names, numbers, counts, place) is most.
What the rows disagree on is left to ``disagree``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from reminders.intake.interpret import ReadAction
from reminders.intake.parties.cells import Parties
from reminders.intake.words import plain_words
from schedule_rules.programme import LANGUAGES, Lang

_GAP = -0.6
_NAME = re.compile(r"[^\W\d_]*[A-ZÅÄÖ][\w-]*|\d+")
_MOST_SHARED = 3


@dataclass(frozen=True, slots=True)
class Joined:
    """The same action in each language that has it."""

    versions: Mapping[Lang, ReadAction]

    @property
    def bullets(self) -> dict[Lang, tuple[str, ...]]:
        """What is to be done, by language."""
        return {lang: action.draft.bullets for lang, action in self.versions.items()}


_Rows = list[dict[Lang, ReadAction]]


def align(versions: Mapping[Lang, Sequence[ReadAction]]) -> tuple[Joined, ...]:
    """Return the rows of all versions, those of one action together, in the order of the base."""
    langs = [lang for lang in LANGUAGES if versions.get(lang)]
    base = max(langs, key=lambda lang: len(versions[lang]))
    rows: list[dict[Lang, ReadAction]] = [{base: action} for action in versions[base]]
    for lang in langs:
        if lang != base:
            rows = _without_repeats(_parted(_laid(rows, base, versions[lang], lang), base, lang), base, lang)
    return tuple(Joined(row) for row in rows)


def _laid(rows: _Rows, base: Lang, actions: Sequence[ReadAction], lang: Lang) -> _Rows:
    """Put each action to its row, or between rows where it has none."""
    based = [row.get(base) for row in rows]
    first = [_Traits.of(action, at / max(1, len(rows))) for at, action in enumerate(based)]
    second = [_Traits.of(action, at / max(1, len(actions))) for at, action in enumerate(actions)]
    pairs = _best_path(first, second)
    laid = []
    for row_at, action_at in pairs:
        row = dict(rows[row_at]) if row_at is not None else {}
        if action_at is not None:
            row[lang] = actions[action_at]
        laid.append(row)
    return laid


def _parted(rows: _Rows, base: Lang, lang: Lang) -> _Rows:
    """Give the last bullets of a row to the row after it, where the base has them as a row of its own."""
    for row, after in pairwise(rows):
        if base not in row or lang not in row or base not in after or lang in after:
            continue
        ours, theirs = row[base].draft.bullets, row[lang].draft.bullets
        if 0 < len(ours) < len(theirs) and len(theirs) - len(ours) == len(after[base].draft.bullets):
            after[lang] = _bullets_only(row[lang], theirs[len(ours) :])
            row[lang] = replace(row[lang], draft=replace(row[lang].draft, bullets=theirs[: len(ours)]))
    return rows


def _bullets_only(action: ReadAction, bullets: tuple[str, ...]) -> ReadAction:
    """Return an action of which its version says nothing but what is to be done."""
    draft = replace(action.draft, bullets=bullets, schedule="", responsible="", partners="", indicator="")
    return ReadAction(draft, action.lang, None, Parties(), ())


def _without_repeats(rows: _Rows, base: Lang, lang: Lang) -> _Rows:
    """Leave out a row that the base lacks and that says again what the row beside it says."""

    def repeats(at: int) -> bool:
        near = [
            rows[beside] for beside in (at - 1, at + 1) if 0 <= beside < len(rows) and lang in rows[beside]
        ]
        own = rows[at][lang].draft.bullets
        return base not in rows[at] and any(base in row and row[lang].draft.bullets == own for row in near)

    return [row for at, row in enumerate(rows) if lang not in row or not repeats(at)]


@dataclass(frozen=True, slots=True)
class _Traits:
    """What an action shows in any language."""

    at: float
    schedule: tuple[object, ...] | None
    counts: tuple[int, int, int]
    rates: frozenset[object]
    names: frozenset[str]

    @classmethod
    def of(cls, action: ReadAction | None, at: float) -> _Traits:
        """Return the traits of an action, or those of a row that the base lacks."""
        if action is None:
            return cls(at, None, (0, 0, 0), frozenset(), frozenset())
        found, parties = action.schedule, action.parties
        return cls(
            at=at,
            schedule=(found.kind, found.start, found.end) if found else None,
            counts=(len(action.draft.bullets), len(parties.leads), len(parties.partners)),
            rates=frozenset((rate.times_min, rate.times_max, rate.per) for rate in action.frequencies),
            names=_names(action),
        )

    def like(self, other: _Traits) -> float:
        """Return how well two rows go together."""
        points = 2.0 if self.schedule == other.schedule else -1.0
        points += sum(0.5 for one, two in zip(self.counts, other.counts, strict=True) if one == two)
        points += 1.0 if self.rates == other.rates and self.rates else 0.0
        points += min(_MOST_SHARED, len(self.names & other.names))
        return points - 8.0 * abs(self.at - other.at)


def _names(action: ReadAction) -> frozenset[str]:
    """Return proper names and numbers of a row: capitalised words that do not begin a text, and digits."""
    draft = action.draft
    return frozenset(
        plain_words(word)
        for text in (*draft.bullets, draft.responsible, draft.indicator)
        for word in _inner_names(text)
        if len(word) > 1
    )


@lru_cache(maxsize=4096)
def _inner_names(text: str) -> tuple[str, ...]:
    return tuple(_NAME.findall(text))


def _best_path(first: Sequence[_Traits], second: Sequence[_Traits]) -> list[tuple[int | None, int | None]]:
    """Return the pairs of the best alignment (Needleman and Wunsch); None stands for a row that lacks."""
    best = [[_GAP * (one + two) for two in range(len(second) + 1)] for one in range(len(first) + 1)]
    for one in range(1, len(first) + 1):
        for two in range(1, len(second) + 1):
            both = best[one - 1][two - 1] + first[one - 1].like(second[two - 1])
            best[one][two] = max(both, best[one - 1][two] + _GAP, best[one][two - 1] + _GAP)
    return _traced(best, first, second)


def _traced(
    best: list[list[float]], first: Sequence[_Traits], second: Sequence[_Traits]
) -> list[tuple[int | None, int | None]]:
    one, two = len(first), len(second)
    path: list[tuple[int | None, int | None]] = []
    while one or two:
        if one and two and best[one][two] == best[one - 1][two - 1] + first[one - 1].like(second[two - 1]):
            one, two = one - 1, two - 1
            path.append((one, two))
        elif one and best[one][two] == best[one - 1][two] + _GAP:
            one -= 1
            path.append((one, None))
        else:
            two -= 1
            path.append((None, two))
    return path[::-1]

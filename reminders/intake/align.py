"""Language versions of one programme, row beside row, and what they disagree on.

The version with most rows is the base; each other one is laid along it so that what the rows share (schedule,
names, numbers, counts, place) is most, however rows are missing or have slid. What one version alone says
wrong is left to ``interpret``, which parties are the same to ``party_directory``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from reminders.intake.content import IntakeFinding
from reminders.intake.interpret import ActionRow, ReadAction, describe
from reminders.intake.parties import Parties
from reminders.intake.party_directory import PartyDirectory
from reminders.intake.words import plain_words
from schedule_rules.programme import TextLang
from schedule_rules.reading import READ_LANGUAGES

_GAP = -0.6
_names_in = lru_cache(maxsize=4096)(re.compile(r"[^\W\d_]*[A-ZÅÄÖ][\w-]*|\d+").findall)
_MOST_SHARED = 3

_Rows = list[dict[TextLang, ReadAction]]


def align(versions: Mapping[TextLang, Sequence[ReadAction]]) -> tuple[ActionRow, ...]:
    """Return the rows of all versions, those of one action together, in the order of the base."""
    langs = [lang for lang in READ_LANGUAGES if versions.get(lang)]
    base = max(langs, key=lambda lang: len(versions[lang]))
    rows: _Rows = [{base: action} for action in versions[base]]
    for lang in langs:
        if lang != base:
            rows = _beside(rows, base, versions[lang], lang)
            _split_long_rows(rows, base, lang)
            rows = _without_repeats(rows, base, lang)
    return tuple(map(ActionRow, rows))


def _beside(rows: _Rows, base: TextLang, actions: Sequence[ReadAction], lang: TextLang) -> _Rows:
    """Put each action to its row, or between rows where it has none."""
    first = [_Traits.of(row.get(base), at / max(1, len(rows))) for at, row in enumerate(rows)]
    second = [_Traits.of(action, at / max(1, len(actions))) for at, action in enumerate(actions)]
    beside = []
    for row_at, action_at in _best_path(first, second):
        row = dict(rows[row_at]) if row_at is not None else {}
        if action_at is not None:
            row[lang] = actions[action_at]
        beside.append(row)
    return beside


def _split_long_rows(rows: _Rows, base: TextLang, lang: TextLang) -> None:
    """Give the last bullets of a row to the row after it, where the base has them as a row of its own."""
    for row, after in pairwise(rows):
        if base not in row or lang not in row or base not in after or lang in after:
            continue
        count, action = len(row[base].draft.bullets), row[lang]
        bullets = action.draft.bullets
        if 0 < count < len(bullets) and len(bullets) - count == len(after[base].draft.bullets):
            # Of the second row this version says nothing but what is to be done.
            rest = replace(
                action.draft, bullets=bullets[count:], schedule="", responsible="", partners="", indicator=""
            )
            after[lang] = ReadAction(rest, action.lang, None, Parties(), ())
            row[lang] = replace(action, draft=replace(action.draft, bullets=bullets[:count]))


def _without_repeats(rows: _Rows, base: TextLang, lang: TextLang) -> _Rows:
    """Leave out a row that the base lacks and that says again what the row beside it says."""

    def repeats(at: int) -> bool:
        near = (rows[beside] for beside in (at - 1, at + 1) if 0 <= beside < len(rows))
        own = rows[at][lang].draft.bullets
        return any(base in row and lang in row and row[lang].draft.bullets == own for row in near)

    return [row for at, row in enumerate(rows) if lang not in row or base in row or not repeats(at)]


@dataclass(frozen=True, slots=True)
class _Traits:
    at: float
    schedule: tuple[object, ...] | None = None
    counts: tuple[int, int, int] = (0, 0, 0)
    rates: frozenset[object] = frozenset()
    names: frozenset[str] = frozenset()
    """Proper names and numbers: capitalised words that do not begin a text, and digits."""

    @classmethod
    def of(cls, action: ReadAction | None, at: float) -> _Traits:
        """Return the traits of an action, or those of a row that the base lacks."""
        if action is None:
            return cls(at)
        draft, parties = action.draft, action.parties
        texts = (*draft.bullets, draft.responsible, draft.indicator)
        return cls(
            at=at,
            schedule=action.meaning,
            counts=(len(draft.bullets), len(parties.leads), len(parties.partners)),
            rates=action.rates,
            names=frozenset(plain_words(word) for text in texts for word in _names_in(text) if len(word) > 1),
        )

    def like(self, other: _Traits) -> float:
        """Return how well two rows go together."""
        points = 2.0 if self.schedule == other.schedule else -1.0
        points += sum(0.5 for one, two in zip(self.counts, other.counts, strict=True) if one == two)
        points += 1.0 if self.rates == other.rates and self.rates else 0.0
        points += min(_MOST_SHARED, len(self.names & other.names))
        return points - 8.0 * abs(self.at - other.at)


def _best_path(first: Sequence[_Traits], second: Sequence[_Traits]) -> list[tuple[int | None, int | None]]:
    """Return the pairs of the best alignment (Needleman and Wunsch); None stands for a row that lacks."""
    best = [[_GAP * (one + two) for two in range(len(second) + 1)] for one in range(len(first) + 1)]
    for one in range(1, len(first) + 1):
        for two in range(1, len(second) + 1):
            both = best[one - 1][two - 1] + first[one - 1].like(second[two - 1])
            best[one][two] = max(both, best[one - 1][two] + _GAP, best[one][two - 1] + _GAP)
    one, two = len(first), len(second)
    path: list[tuple[int | None, int | None]] = []
    while one or two:
        if one and two and best[one][two] == best[one - 1][two - 1] + first[one - 1].like(second[two - 1]):
            one, two = one - 1, two - 1
            path.append((one, two))
        elif not two or (one and best[one][two] == best[one - 1][two] + _GAP):
            one -= 1
            path.append((one, None))
        else:
            two -= 1
            path.append((None, two))
    return path[::-1]


def repeated_rows(
    versions: Mapping[TextLang, Sequence[ReadAction]],
    rows: Sequence[ActionRow],
    files: Mapping[TextLang, str],
) -> Iterator[IntakeFinding]:
    """Yield the rows of a version that have no row of their own: they say again what one beside them says."""
    own = {(lang, action.draft.place) for row in rows for lang, action in row.versions.items()}
    for lang, actions in versions.items():
        for action in actions:
            if (lang, action.draft.place) not in own:
                words = action.draft.responsible
                yield IntakeFinding("row-repeated", files[lang], action.draft.place, action.title, words)


def disagreements(
    rows: Sequence[ActionRow], parties: PartyDirectory, files: Mapping[TextLang, str]
) -> Iterator[IntakeFinding]:
    """Yield what the versions of each row disagree on, in the order of the rows, naming both places."""
    langs = [lang for lang in READ_LANGUAGES if any(lang in row.versions for row in rows)]
    for at, row in enumerate(rows):
        there = next(lang for lang in READ_LANGUAGES if lang in row.versions)
        first = row.versions[there]
        for lang in langs:
            if lang not in row.versions:
                where = f"{files[there]}, {first.draft.place}"
                yield IntakeFinding("row-missing", files[lang], "the file", first.title, where)
        for lang in langs[1:]:
            if langs[0] in row.versions and lang in row.versions:
                yield from _compared(rows, at, (langs[0], lang), parties, files)


def _compared(
    rows: Sequence[ActionRow],
    at: int,
    langs: tuple[TextLang, TextLang],
    parties: PartyDirectory,
    files: Mapping[TextLang, str],
) -> Iterator[IntakeFinding]:
    """Compare two versions of a row; one that fits a neighbour's other version has slid."""
    one, other = langs
    left, right = rows[at].versions[one], rows[at].versions[other]

    def finding(code: str, words: str, detail: str) -> IntakeFinding:
        place = f"{right.draft.place} ({files[one]}, {left.draft.place})"
        return IntakeFinding(code, files[other], place, words, detail)

    if not right.draft.schedule and not right.draft.responsible:
        yield finding("row-merged", right.title, left.title)
        return
    same_parties = parties.agree(rows[at], one, other)
    if not same_parties:
        theirs = parties.keys_in(rows[at], other)
        near = (rows[number] for number in (at - 1, at + 1) if 0 <= number < len(rows))
        if any(parties.keys_in(row, one) == theirs for row in near if one in row.versions):
            yield finding("row-slid", right.title, left.title)
    if left.meaning != right.meaning:
        words = describe(left.schedule) if left.schedule else left.draft.schedule
        yield finding("languages-disagree-schedule", right.draft.schedule, words)
    if not same_parties:
        yield finding("languages-disagree-parties", right.draft.responsible, left.draft.responsible)
    if len(left.draft.bullets) != len(right.draft.bullets):
        counts = f"{len(right.draft.bullets)} / {len(left.draft.bullets)}"
        yield finding("languages-disagree-bullets", right.title, counts)
    if left.rates != right.rates:
        ours, others = (one.draft.indicator or one.title for one in (right, left))
        yield finding("languages-disagree-frequency", ours, others)

"""How much of a document came in right: rows against what they should say, field by field.

Texts count as the same where they are alike enough to be told from all others;
parties count as organisations, so that an inflected or damaged name is right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from reminders.intake.parties import NameDirectory
from reminders.intake.words import plain_words
from schedule_rules.programme import Lang, Programme

FIELDS = ("domain", "goal", "schedule", "leads", "partners", "indicator", "recurrences")


def alike(first: str | None, second: str | None, least: float) -> bool:
    """Tell whether two texts are the same but for blanks, punctuation and a little damage."""
    one, other = plain_words(first or "").replace(" ", ""), plain_words(second or "").replace(" ", "")
    return one == other or SequenceMatcher(None, one, other, autojunk=False).ratio() >= least


@dataclass
class Score:
    """Right answers by field, of so many rows."""

    name: str
    rows: int
    found: int = 0
    right: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def share(self, what: str) -> float:
        """The share of rows that are right in a field; of ``rows`` those that were found."""
        return (self.found if what == "rows" else self.right[what]) / self.rows

    def line(self) -> str:
        """One line of the table."""
        shares = " ".join(f"{100 * self.share(one):6.1f}" for one in ("rows", *FIELDS))
        return f"{self.name:<16}{self.rows:>4} {shares}"


def header() -> str:
    """The first line of the table."""
    return f"{'':<20} " + " ".join(f"{one[:6]:>6}" for one in ("rows", *FIELDS))


def title(action: Mapping[str, Any]) -> str:
    """The title of a neutral action, its bullets in one."""
    return " ".join(action["title"]) if isinstance(action["title"], list) else action["title"]


def schedule(action: Mapping[str, Any]) -> tuple[Any, ...]:
    """Kind and dates of a neutral action."""
    return action["kind"], action["start"], action["end"]


def rates(found: Collection[Mapping[str, Any]]) -> set[tuple[Any, ...]]:
    """Recurrences as a set."""
    return {(one["times_min"], one["times_max"], one["per"]) for one in found}


def _ratio(first: str, second: str) -> float:
    return SequenceMatcher(None, plain_words(first)[:200], plain_words(second)[:200], autojunk=False).ratio()


def paired(
    rows: Sequence[Mapping[str, Any]], expected: Sequence[Mapping[str, Any]], least: float
) -> list[tuple[Mapping[str, Any] | None, Mapping[str, Any]]]:
    """Each expected row with the row found that is most like it by title and place; each row once."""
    scored = sorted(
        (
            (-_ratio(title(row), title(want)),
             abs(at / len(rows) - number / len(expected)), at, number)
            for at, row in enumerate(rows)
            for number, want in enumerate(expected)
        ),
    )  # fmt: skip
    found: dict[int, int] = {}
    for ratio, _, at, number in scored:
        if -ratio >= least and number not in found and at not in found.values():
            found[number] = at
    return [(rows[found[n]] if n in found else None, want) for n, want in enumerate(expected)]


def measure(
    name: str,
    rows: Sequence[Mapping[str, Any]],
    expected: Sequence[Mapping[str, Any]],
    same_parties: Callable[[Sequence[str], Sequence[str]], bool],
    least: float,
) -> Score:
    """Compare the rows that were read with those expected."""
    score = Score(name, len(expected))
    for row, want in paired(rows, expected, least * 0.75):
        if row is None:
            score.wrong.append(f"{title(want)[:50]}: not found")
            continue
        score.found += 1
        checks = {
            "domain": alike(row["domain"], want["domain"], least),
            "goal": alike(row["goal"], want["goal"], least),
            "schedule": schedule(row) == schedule(want),
            "leads": same_parties(row["leads"], want["leads"]),
            "partners": same_parties(row["partners"], want["partners"]),
            "indicator": alike(row["indicator"], want["indicator"], least),
            "recurrences": rates(row["recurrences"]) == rates(want["recurrences"]),
        }
        score.right.update(what for what, is_right in checks.items() if is_right)
        score.wrong += [
            f"{title(want)[:40]}: {what}: {row.get(what)!r} for {want.get(what)!r}"
            for what, is_right in checks.items()
            if not is_right
        ]
    return score


def by_organisation(programme: Programme, lang: Lang) -> Callable[[Sequence[str], Sequence[str]], bool]:
    """Compare parties as the organisations of ``programme``."""
    directory = NameDirectory(programme.organisations)

    def keys(names: Sequence[str]) -> set[str]:
        found = [directory.find(name, lang) for name in names]
        return {
            match.key if match.likeness >= 0.8 else plain_words(name)
            for match, name in zip(found, names, strict=True)
        }

    return lambda ours, theirs: keys(ours) == keys(theirs)

"""What the language versions of a programme disagree on, row by row, as findings that name both places.

Which rows belong together is left to ``align``; what one version alone says
wrong to ``interpret``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reminders.intake.align import Joined
from reminders.intake.interpret import ReadAction, describe
from reminders.intake.party_directory import PartyDirectory
from reminders.intake.table import IntakeFinding
from schedule_rules.programme import LANGUAGES, Lang


def disagreements(
    rows: Sequence[Joined], people: PartyDirectory, files: Mapping[Lang, str]
) -> Iterator[IntakeFinding]:
    """Yield the findings of every row, in the order of the rows."""
    langs = [lang for lang in LANGUAGES if any(lang in row.versions for row in rows)]
    for at, row in enumerate(rows):
        yield from _missing(row, langs, files)
        for other in langs[1:]:
            if langs[0] in row.versions and other in row.versions:
                yield from _pair(rows, at, langs[0], other, people, files)


def repeated(
    versions: Mapping[Lang, Sequence[ReadAction]], rows: Sequence[Joined], files: Mapping[Lang, str]
) -> Iterator[IntakeFinding]:
    """Yield the rows of a version that have no row of their own: they say again what one beside them says."""
    kept = {(lang, action.draft.place) for row in rows for lang, action in row.versions.items()}
    for lang, actions in versions.items():
        for action in actions:
            if (lang, action.draft.place) not in kept:
                words = action.draft.responsible
                yield IntakeFinding("row-repeated", files[lang], action.draft.place, action.title, words)


def _missing(row: Joined, langs: Sequence[Lang], files: Mapping[Lang, str]) -> Iterator[IntakeFinding]:
    for lang in langs:
        if lang not in row.versions:
            there = next(one for one in LANGUAGES if one in row.versions)
            first = row.versions[there]
            where = f"{files[there]}, {first.draft.place}"
            yield IntakeFinding("row-missing", files[lang], "the file", first.title, where)


def _pair(
    rows: Sequence[Joined], at: int, one: Lang, other: Lang, people: PartyDirectory, files: Mapping[Lang, str]
) -> Iterator[IntakeFinding]:
    """Compare two versions of a row; one that fits a neighbour's other version has slid."""
    left, right = rows[at].versions[one], rows[at].versions[other]

    def finding(code: str, words: str, detail: str) -> IntakeFinding:
        place = f"{right.draft.place} ({files[one]}, {left.draft.place})"
        return IntakeFinding(code, files[other], place, words, detail)

    if not right.draft.schedule and not right.draft.responsible:
        yield finding("row-merged", right.title, left.title)
        return
    differing = list(_differences(left, right, same_parties=people.agree(rows[at], one, other)))
    if any(code == "parties" for code, _, _ in differing) and _fits_neighbour(rows, at, one, other, people):
        yield finding("row-slid", right.title, left.title)
    for code, words, detail in differing:
        yield finding(f"languages-disagree-{code}", words, detail)


def _differences(
    left: ReadAction, right: ReadAction, *, same_parties: bool
) -> Iterator[tuple[str, str, str]]:
    if _meaning(left) != _meaning(right):
        yield "schedule", right.draft.schedule, _told(left)
    if not same_parties:
        yield "parties", right.draft.responsible, left.draft.responsible
    if len(left.draft.bullets) != len(right.draft.bullets):
        yield "bullets", right.title, f"{len(right.draft.bullets)} / {len(left.draft.bullets)}"
    if _rates(left) != _rates(right):
        yield "frequency", right.draft.indicator or right.title, left.draft.indicator or left.title


def _meaning(action: ReadAction) -> tuple[object, ...] | None:
    found = action.schedule
    return (found.kind, found.start, found.end) if found else None


def _told(action: ReadAction) -> str:
    return describe(action.schedule) if action.schedule else action.draft.schedule


def _rates(action: ReadAction) -> frozenset[tuple[object, ...]]:
    return frozenset((rate.times_min, rate.times_max, rate.per) for rate in action.frequencies)


def _fits_neighbour(rows: Sequence[Joined], at: int, one: Lang, other: Lang, people: PartyDirectory) -> bool:
    """Tell whether the parties of a row are those that the other version has a row above or below."""
    theirs = people.keys_in(rows[at], other)
    near = (rows[number] for number in (at - 1, at + 1) if 0 <= number < len(rows))
    return any(people.keys_in(row, one) == theirs for row in near if one in row.versions)

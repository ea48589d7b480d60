"""What a language is for the reader of documents: words as data, no code.

All but ``every_year`` and ``with_partners`` stand in small letters without accents, as ``fold`` makes them:
print loses accents. What is a pattern is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from schedule_rules.programme import TextLang

Role = Literal[
    "number", "domain", "goal", "action", "schedule", "start", "end", "responsible", "partners",
    "indicator", "other",
]  # fmt: skip
"""What a column holds; ``other`` is what a programme has no place for: money, notes, state."""


@dataclass(frozen=True, slots=True)
class HeadingWords:
    """The words of one language.

    ``names`` are whole headings, cut at bars. ``decisive`` stems say what a heading is about wherever they
    stand ("how is success measured"), ``plain`` ones in their turn, ``faint`` ones where nothing else does
    ("date", "unit"). ``joints`` are words at which a heading is cut into its parts, ``silent`` ones add
    nothing, ``others`` make partners of who would be responsible. ``per_year`` ends the heading of a column
    of amounts ("EUR per year"): these are no dates.
    """

    names: Mapping[Role, str]
    decisive: Mapping[Role, str]
    plain: Mapping[Role, str]
    faint: Mapping[Role, str]
    joints: str
    silent: str
    others: str
    per_year: str


@dataclass(frozen=True, slots=True)
class DocumentWords:
    """The words of one language beside those of its schedules.

    Of organisations: ``heads`` are how names of bodies end, ``upper_heads`` those under which others stand,
    ``groups`` people without being a body, ``fields`` of a city's work (``fields_too``: heads that are fields
    as well), ``kinds`` plurals before names, ``titles`` of people, ``determiners`` what begins a party of its
    own, ``tails`` what adds nothing to a name. ``plural`` and ``inflected`` are patterns: how plurals end,
    and what may follow the common beginning of two forms of a word.

    Inside a cell: ``conjunctions``, ``together`` what stands between leads and partners, the labels of both,
    ``after_project`` and ``from_year`` of a hand-over, ``open_ends`` after which a line goes on, ``counting``
    words that no party's name has. ``deadline`` words before a date make it an end. ``every_year`` and
    ``with_partners`` are written by the service: the first into a schedule, the second before partners.
    """

    lang: TextLang
    headings: HeadingWords
    every_year: str
    with_partners: str
    conjunctions: tuple[str, ...]
    larger: tuple[str, ...] = ()
    heads: str = ""
    upper_heads: str = ""
    groups: str = ""
    fields: str = ""
    fields_too: str = ""
    kinds: str = ""
    titles: str = ""
    governing: str = ""
    determiners: str = ""
    prepositions: str = ""
    pairs: tuple[tuple[str, str], ...] = ()
    tails: tuple[str, ...] = ()
    plural: str = "$^"
    inflected: str = ""
    stem_share: float = 0.7
    together: tuple[str, ...] = ()
    partner_labels: tuple[str, ...] = ()
    lead_labels: tuple[str, ...] = ()
    after_project: tuple[str, ...] = ()
    from_year: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    open_ends: tuple[str, ...] = ()
    counting: str = ""
    small: str = ""
    deadline: tuple[str, ...] = ()
    naming: tuple[str, ...] = ()

"""A responsible cell as parties: who leads, who takes part, who takes over.

1. What follows "after the project" is a handover.
2. What stands before a word of cooperation leads, what stands after it takes
   part; without one all lead.
3. Each side is cut at commas, breaks and conjunctions, but not inside a name.

The words are kept in ``party_words``; which organisation a party is, is left
to ``organisations``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from reminders.intake import party_words as data
from reminders.intake.party_cut import cut, fold_all, is_head
from reminders.intake.words import capitalised, is_bullet, plain, squeeze, without_bullet
from schedule_rules.programme import Lang


@dataclass(frozen=True, slots=True)
class Parties:
    """Parties as printed; ``takers`` follow the first lead at ``when`` (words), from ``year`` on if named."""

    leads: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    takers: tuple[str, ...] = ()
    when: str = ""
    year: int | None = None


def split_parties(cell: str, lang: Lang, known: Collection[str] = ()) -> Parties:
    """Return the parties of a cell; ``known`` are plain names that are one party whatever they hold."""
    names = frozenset(known)
    text = _lined(cell)
    folded = fold_all(text)
    middle = _first_cut(folded)
    lead_end, partner_at = middle or (len(text), len(text))
    lead_text, partner_text = text[:lead_end], text[partner_at:]
    moved = data.HANDOVER.search(fold_all(lead_text))
    year = _year(moved)
    takers = lead_text[moved.end() :] if moved else ""
    when = text[moved.start() : lead_end].strip(" ,;") if moved else ""
    lead_text = lead_text[: moved.start()] if moved else lead_text
    label = data.LABEL_LEADS.match(fold_all(lead_text))
    return Parties(
        leads=tuple(cut(lead_text[label.end() if label else 0 :], lang, names)),
        partners=tuple(cut(_without_with(partner_text), lang, names)),
        takers=tuple(cut(takers, lang, names)),
        when=when,
        year=year,
    )


def split_names(cell: str, lang: Lang, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the parties of a cell that holds one side only, such as a column of partners."""
    found = split_parties(cell, lang, known)
    return tuple(dict.fromkeys((*found.leads, *found.partners)))


def has_cooperation(text: str) -> bool:
    """Tell whether a text has words of cooperation."""
    return _first_cut(fold_all(squeeze(text))) is not None


def _lined(cell: str) -> str:
    """Return a cell on one line: a break between items as a semicolon, one inside an item as a blank."""
    lines = [line for line in cell.split("\n") if line.strip()]
    text = ""
    for line in lines:
        item = squeeze(without_bullet(line))
        parted = is_bullet(line) or (capitalised(item) and text[-1:] not in {",", "-", "&", "/"})
        joint = "; " if parted and not _open_ended(text) else " "
        text = f"{text}{joint}{item}" if text else item
    return text


_OPEN = re.compile(r"(?:\b(?:ja|seka|och|samt|and|with|med|of|for|av|the|yhteistyossa|i)|:)$")


def _open_ended(text: str) -> bool:
    return bool(_OPEN.search(fold_all(text)))


def _year(moved: re.Match[str] | None) -> int | None:
    """Return the year from which a handover holds, where it names one."""
    if moved is None:
        return None
    written = moved["year"] or moved["fi"]
    if not written:
        return None
    return int(written) + (1 if moved["when"].startswith(("after", "efter")) else 0)


def _first_cut(folded: str) -> tuple[int, int] | None:
    """Return where the leads end and the partners begin."""
    found = [
        match
        for pattern in (data.COOPERATION, data.COOPERATION_FI, data.LABEL_PARTNERS)
        if (match := pattern.search(folded))
    ]
    first = min(found, key=lambda match: match.start(), default=None)
    if first is None:
        return None
    return first.start(), first.end()


def _without_with(text: str) -> str:
    """Return partners without the Finnish word after them and without further words of cooperation."""
    folded = fold_all(text)
    for pattern in (data.WITH_FI, data.COOPERATION, data.LABEL_PARTNERS):
        while found := pattern.search(folded):
            rest = text[found.end() :].strip()
            text = f"{text[: found.start()]}, {rest}" if rest else text[: found.start()]
            folded = fold_all(text)
    return text


# -- is it a party at all ----------------------------------------------------------

_COUNTING = re.compile(
    r"\b(?:number|numbers|share|amount|percentage|percent|proportion|maara|osuus|lukumaara|antal|antalet|andel|andelen"
    r"|carried out|realised|completed|toteutuneet|genomforda|created|launched|done|developed|implemented"
    r"|is|are|has|have|been|be|was|were|will|on|ovat|ole|har|ska|skall|blir)\b|[%:]"
)
_LONGEST_PARTY = 14
_LONGEST_CELL = 40


def looks_like_parties(text: str, lang: Lang, seen: Collection[str] = ()) -> bool:
    """Tell whether loose words name parties: words of cooperation, a name seen before, heads of names."""
    words = squeeze(text)
    names = split_names(words, lang)
    if not names or _COUNTING.search(fold_all(words)) or len(words.split()) > _LONGEST_CELL:
        return False
    if has_cooperation(words) or any(plain(name) in seen for name in names):
        return capitalised(words)
    short = capitalised(names[0]) and words[-1] != "." and all(map(_is_short, names))
    return short and any(_has_head(name, lang) for name in names)


def _is_short(name: str) -> bool:
    return 0 < len(plain(name).split()) <= _LONGEST_PARTY


def _has_head(name: str, lang: Lang) -> bool:
    return any(is_head(word, lang) for word in plain(name).split()[-3:])


def is_complete_name(text: str, lang: Lang) -> bool:
    """Tell whether the last word names a kind of organisation, so that nothing is missing after it."""
    bare = re.sub(r"\s*\([^()]*\)$", "", text)
    return is_head((plain(bare).split() or [""])[-1], lang)

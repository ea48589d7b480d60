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
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from reminders.intake import party_words as data
from reminders.intake.words import capitalised, is_bullet, plain, squeeze, without_bullet
from schedule_rules.programme import Lang
from schedule_rules.repair import fold


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
    folded = _folded(text)
    cut = _first_cut(folded)
    lead_end, partner_at = cut or (len(text), len(text))
    lead_text, partner_text = text[:lead_end], text[partner_at:]
    moved = data.HANDOVER.search(_folded(lead_text))
    year = _year(moved)
    takers = lead_text[moved.end() :] if moved else ""
    when = text[moved.start() : lead_end].strip(" ,;") if moved else ""
    lead_text = lead_text[: moved.start()] if moved else lead_text
    label = data.LABEL_LEADS.match(_folded(lead_text))
    return Parties(
        leads=tuple(_cut(lead_text[label.end() if label else 0 :], lang, names)),
        partners=tuple(_cut(_without_with(partner_text), lang, names)),
        takers=tuple(_cut(takers, lang, names)),
        when=when,
        year=year,
    )


def split_names(cell: str, lang: Lang, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the parties of a cell that holds one side only, such as a column of partners."""
    found = split_parties(cell, lang, known)
    return tuple(dict.fromkeys((*found.leads, *found.partners)))


def has_cooperation(text: str) -> bool:
    """Tell whether a text has words of cooperation."""
    return _first_cut(_folded(squeeze(text))) is not None


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
    return bool(_OPEN.search(_folded(text)))


def _folded(text: str) -> str:
    """Return a text folded letter by letter, its length kept."""
    return "".join(_fold_letter(char) for char in text)


@lru_cache(maxsize=2048)
def _fold_letter(char: str) -> str:
    folded = fold(char)
    return folded if len(folded) == 1 else char.lower() if len(char.lower()) == 1 else char


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
    folded = _folded(text)
    for pattern in (data.WITH_FI, data.COOPERATION, data.LABEL_PARTNERS):
        while found := pattern.search(folded):
            rest = text[found.end() :].strip()
            text = f"{text[: found.start()]}, {rest}" if rest else text[: found.start()]
            folded = _folded(text)
    return text


# -- one side ---------------------------------------------------------------------


def _cut(text: str, lang: Lang, known: frozenset[str]) -> Iterator[str]:
    """Yield the parties of one side."""
    seen = set()
    text = _without_more(text)
    for piece in _kind_taken_off(_rejoined(list(_at_commas(text)), lang), lang):
        for party in _at_conjunctions(piece, lang, known):
            name = _clean(party)
            if name and plain(name) and name not in seen:
                seen.add(name)
                yield name


def _without_more(text: str) -> str:
    """Return a list of parties without its "and others"."""
    found = data.MORE.search(_folded(text))
    return text[: found.start()] if found else text


def _clean(party: str) -> str:
    """Return a name without the punctuation and conjunction around it."""
    name = party.strip(" \t,;:.–—/").removeprefix("- ").strip()
    if name.count("(") != name.count(")"):
        name = name.strip("()")
    return re.sub(r"^(?:and|och|samt|ja|sekä|&|\+)\s+", "", name, flags=re.IGNORECASE).strip()


def _at_commas(text: str) -> Iterator[str]:
    """Yield the pieces between commas, semicolons and spaced slashes outside brackets."""
    depth = start = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        slash = char == "/" and text[at - 1 : at] == " " and text[at + 1 : at + 2] == " "
        if depth <= 0 and (char in ",;" or slash):
            yield text[start:at]
            start = at + 1
    yield text[start:]


_LISTED = re.compile(r"\b(?:departments|units|divisions|offices|heads|representatives) of\b")


def _rejoined(pieces: list[str], lang: Lang) -> list[str]:
    """Join pieces of one name: "the Division's Communications, Marketing and Development Services"."""
    joined = pieces[:1]
    for piece in pieces[1:]:
        left, right = plain(joined[-1]).split(), plain(piece).split()
        possessed = re.search(r"['’]s?\s", joined[-1]) and left[-1] in data.FIELDS[lang]
        listed = (
            lang == "en" and _LISTED.search(plain(joined[-1])) and not capitalised(piece) and len(right) < 4
        )
        if listed or (possessed and right and right[0] in data.FIELDS[lang]):
            joined[-1] += "," + piece
        else:
            joined.append(piece)
    return joined


def _kind_taken_off(pieces: list[str], lang: Lang) -> list[str]:
    """Take a plural kind off the first of several names: "Institutions Alma, Efo"."""
    first = pieces[0].split()
    named = len(pieces) > 1 and len(first) > 1 and plain(first[0]) in data.KINDS[lang]
    if named and capitalised(first[1]) and not set(map(plain, first[1:])) & data.HEADS[lang]:
        return [" ".join(first[1:]), *pieces[1:]]
    return pieces


@lru_cache(maxsize=8)
def _conjunction(lang: Lang) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in data.CONJUNCTIONS[lang])
    return re.compile(rf"\s(?:{words})\s")


def _at_conjunctions(piece: str, lang: Lang, known: frozenset[str]) -> Iterator[str]:
    """Yield the parties of a piece: cut at each conjunction that does not stand inside a name."""
    start = 0
    for found in _conjunction(lang).finditer(_folded(piece)):
        before, after = piece[start : found.start()], piece[found.end() :]
        if "(" in before and before.count("(") > before.count(")"):
            continue
        following = _conjunction(lang).split(_folded(after), maxsplit=1)[0]
        if not _one_name(before, after[: len(following)], lang, known):
            yield before
            start = found.end()
    yield piece[start:]


def _one_name(before: str, after: str, lang: Lang, known: frozenset[str]) -> bool:
    """Tell whether a conjunction stands inside one name."""
    left, right = plain(before).split(), plain(after).split()
    if not left or not right or (lang == "en" and _LISTED.search(" ".join(left))):
        return True
    if " ".join((*left, lang_and(lang), *right)) in known or _hangs(before):
        return True
    if " ".join(left) in known or " ".join(right) in known:
        return False
    pair = (" ".join(left), " ".join(right))
    return pair in data.PAIRS or _shares_head(left, right, lang) or _possessed(before, after)


# What begins a party of its own after a conjunction.
_DETERMINERS = frozenset(
    ("the", "other", "all", "possible", "local", "various", "different", "muut", "muiden", "andra", "ovriga")
)
_ADJECTIVES = ("al", "ive", "ary", "ic")


def lang_and(lang: Lang) -> str:
    """Return the usual conjunction of a language, folded."""
    return data.CONJUNCTIONS[lang][0]


def _hangs(before: str) -> bool:
    """Tell whether a word waits for its end: "kulttuuri- ja kirjastopalvelut"."""
    return before.rstrip()[-1:] in {"-", "–", "—"}


def _is_head(word: str, lang: Lang) -> bool:
    """Tell whether a word names a kind of organisation; in Finnish and Swedish its end does."""
    if word in data.HEADS[lang]:
        return True
    return lang != "en" and any(word.endswith(head) for head in data.HEADS[lang] if len(head) > 3)


def _shares_head(left: list[str], right: list[str], lang: Lang) -> bool:
    """Tell whether the name of a kind after the conjunction belongs to both sides."""
    if right[0] in _DETERMINERS:
        return False
    heads = [word for word in right if _is_head(word, lang)]
    fields = data.FIELDS[lang]
    if lang == "en" and heads and left[-1].endswith(_ADJECTIVES) and left[-1] not in data.HEADS[lang]:
        return True
    if left[-1] in fields and (heads or right[-1] in fields):
        return lang != "sv" or bool(heads)
    upper = next((word for word in reversed(right) if word in data.UPPER_HEADS[lang]), "")
    if lang == "en" and upper and left[-1] in {"services", "affairs"} and right[0] in fields:
        return left[0] in {"the", "social"} and len(right) > 1
    return (
        lang == "fi"
        and len(left) == 1
        and left[0].endswith("n")
        and right[-1] in data.UPPER_HEADS[lang]
        and (not _is_head(left[0], lang) and len(right) > 1)
    )


def _possessed(before: str, after: str) -> bool:
    """Tell whether both are parts of one proper name: "Sveriges Kommuner och Regioner"."""
    words, single = before.split(), after.split()
    genitive = len(words) == 2 and words[0].endswith("s") and capitalised(words[0]) and capitalised(words[1])
    return genitive and len(single) == 1 and capitalised(single[0])


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
    if not names or _COUNTING.search(_folded(words)) or len(words.split()) > _LONGEST_CELL:
        return False
    if has_cooperation(words) or any(plain(name) in seen for name in names):
        return capitalised(words)
    short = capitalised(names[0]) and words[-1] != "." and all(map(_is_short, names))
    return short and any(_has_head(name, lang) for name in names)


def _is_short(name: str) -> bool:
    return 0 < len(plain(name).split()) <= _LONGEST_PARTY


def _has_head(name: str, lang: Lang) -> bool:
    return any(_is_head(word, lang) for word in plain(name).split()[-3:])


def is_complete_name(text: str, lang: Lang) -> bool:
    """Tell whether the last word names a kind of organisation, so that nothing is missing after it."""
    bare = re.sub(r"\s*\([^()]*\)$", "", text)
    return _is_head((plain(bare).split() or [""])[-1], lang)

"""One side of a responsible cell cut into names: at commas and conjunctions, but not inside a name.

Which words end the leads and begin the partners is left to ``parties``; the
words themselves are kept in ``party_words``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from reminders.intake import party_words as data
from reminders.intake.words import capitalised, plain
from schedule_rules.programme import Lang
from schedule_rules.reading import fold


def fold_all(text: str) -> str:
    """Return a text folded letter by letter, its length kept."""
    return "".join(_fold_letter(char) for char in text)


@lru_cache(maxsize=2048)
def _fold_letter(char: str) -> str:
    folded = fold(char)
    return folded if len(folded) == 1 else char.lower() if len(char.lower()) == 1 else char


def cut(text: str, lang: Lang, known: frozenset[str]) -> Iterator[str]:
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
    found = data.MORE.search(fold_all(text))
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
    for found in _conjunction(lang).finditer(fold_all(piece)):
        before, after = piece[start : found.start()], piece[found.end() :]
        if "(" in before and before.count("(") > before.count(")"):
            continue
        following = _conjunction(lang).split(fold_all(after), maxsplit=1)[0]
        if not _one_name(before, after[: len(following)], lang, known):
            yield before
            start = found.end()
    yield piece[start:]


def _one_name(before: str, after: str, lang: Lang, known: frozenset[str]) -> bool:
    """Tell whether a conjunction stands inside one name."""
    left, right = plain(before).split(), plain(after).split()
    if not left or not right or (lang == "en" and _LISTED.search(" ".join(left))):
        return True
    if " ".join((*left, lang_and(lang), *right)) in known or _hangs(before) or _is_adjective(left, lang):
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
_COMPARATIVES = frozenset(("higher", "upper", "lower"))


def lang_and(lang: Lang) -> str:
    """Return the usual conjunction of a language, folded."""
    return data.CONJUNCTIONS[lang][0]


def _is_adjective(left: list[str], lang: Lang) -> bool:
    """Tell whether one English word waits for its noun: "higher and secondary education institutions"."""
    alone = lang == "en" and len(left) == 1 and left[0] not in data.HEADS[lang]
    return alone and (left[0].endswith(_ADJECTIVES) or left[0] in _COMPARATIVES)


def _hangs(before: str) -> bool:
    """Tell whether a word waits for its end: "kulttuuri- ja kirjastopalvelut"."""
    return before.rstrip()[-1:] in {"-", "–", "—"}


def is_head(word: str, lang: Lang) -> bool:
    """Tell whether a word names a kind of organisation; in Finnish and Swedish its end does."""
    if word in data.HEADS[lang]:
        return True
    return lang != "en" and any(word.endswith(head) for head in data.HEADS[lang] if len(head) > 3)


def _shares_head(left: list[str], right: list[str], lang: Lang) -> bool:
    """Tell whether the name of a kind after the conjunction belongs to both sides."""
    if right[0] in _DETERMINERS:
        return False
    heads = [word for word in right if is_head(word, lang)]
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
        and (not is_head(left[0], lang) and len(right) > 1)
    )


def _possessed(before: str, after: str) -> bool:
    """Tell whether both are parts of one proper name: "Sveriges Kommuner och Regioner"."""
    words, single = before.split(), after.split()
    genitive = len(words) == 2 and words[0].endswith("s") and capitalised(words[0]) and capitalised(words[1])
    return genitive and len(single) == 1 and capitalised(single[0])

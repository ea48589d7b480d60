"""The name of an organisation chosen from its printed forms: as a list would give it.

Finnish puts a partner into the genitive ("yhteistyössä yhdistysten kanssa");
its nominative is another printed form, else made from the genitive. Letters
that print lost in one form are taken from the others. Which forms are of one
organisation is left to ``people``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from reminders.intake.parties.organisations import word_likeness
from reminders.intake.words import capitalised, plain_words
from schedule_rules.programme import Lang
from schedule_rules.reading import fold

# The end of a genitive and that of its nominative, the longest first. Only ends that have one reading
# among the words that organisations are called by; a word with none of them stays as it is printed.
_NOMINATIVE: tuple[tuple[str, str], ...] = (
    ("laitosten", "laitokset"),
    ("ijoiden", "ijat"), ("ijöiden", "ijät"), ("ioiden", "iot"), ("iöiden", "iöt"),
    ("neiden", "neet"), ("ueiden", "ueet"), ("iden", "t"), ("kuntien", "kunnat"), ("ritysten", "ritykset"),
    ("ysten", "ykset"), ("usten", "ukset"), ("osten", "okset"), ("eisten", "eiset"), ("isten", "iset"),
    ("senten", "senet"), ("seurojen", "seurat"), ("kirjastojen", "kirjastot"), ("ojen", "ot"), ("öjen", "öt"),
    ("ujen", "ut"), ("yjen", "yt"), ("kkeiden", "kkeet"), ("keskuksen", "keskus"), ("uksen", "us"),
    ("yksen", "ys"), ("oksen", "os"), ("ueen", "ue"), ("nnan", "nta"), ("nnän", "ntä"), ("ikön", "ikkö"),
    ("iston", "isto"), ("uston", "usto"), ("oston", "osto"), ("aston", "asto"), ("koston", "kosto"),
    ("liiton", "liitto"), ("kaupungin", "kaupunki"), ("alan", "ala"), ("uran", "ura"), ("oulun", "oulu"),
    ("palvelun", "palvelu"), ("iön", "iö"), ("ion", "io"), ("toimen", "toimi"),
    ("huollon", "huolto"),
    ("poliisin", "poliisi"), (":n", ""),
)  # fmt: skip
# Whole words: those that are short or change inside.
_WORDS: Mapping[str, str] = {
    "muiden": "muut", "kaikkien": "kaikki", "alueiden": "alueet", "hankkeiden": "hankkeet",
    "kumppaneiden": "kumppanit", "kumppanien": "kumppanit", "asukkaiden": "asukkaat", "koulujen": "koulut",
    "vanhempien": "vanhemmat", "nuorten": "nuoret", "lasten": "lapset", "osastojen": "osastot",
    "virastojen": "virastot", "verkostojen": "verkostot", "yliopistojen": "yliopistot",
}  # fmt: skip
# What stands before a word in the plural and agrees with it.
_AGREEING = ("isten", "muiden", "kaikkien")


def nominative(name: str) -> str:
    """Return a Finnish name in the genitive as a list would give it; one that is not known stays."""
    words = name.split()
    words[-1] = _word(words[-1])
    at = len(words) - 2
    while at >= 0 and words[at].casefold().endswith(_AGREEING):
        words[at] = _word(words[at])
        at -= 1
    return " ".join(words)


def _word(word: str) -> str:
    small = word.casefold()
    if small in _WORDS:
        return word[:1] + _WORDS[small][1:]
    for ending, instead in _NOMINATIVE:
        if small.endswith(ending) and len(small) >= len(ending):
            return word[: len(word) - len(ending)] + instead
    return word


_ARTICLE = re.compile(r"^(?:the|The) (?=\w)")
_DASH = re.compile(r" [–-](?=(?:ja|och) )")


def name_of(forms: Mapping[str, bool], lang: Lang) -> str:
    """Return the name among printed ``forms``; each tells whether it stands where a nominative does."""
    told = [form for form, direct in forms.items() if direct] or list(forms)
    named = next((form for form in told if capitalised(form)), told[0])
    if not forms[named] and lang == "fi":
        named = nominative(named)
    return restored_name(_DASH.sub("- ", _ARTICLE.sub("", named)), tuple(forms), lang)


# -- letters that print lost ------------------------------------------------------------

_LETTER = re.compile(r"[åäöÅÄÖ]")


def restored_name(name: str, forms: Sequence[str], lang: Lang) -> str:
    """Return a Swedish name with the accents that most of its prints kept: print loses them, it adds none."""
    same = [form for form in forms if _bare(form) == _bare(name)]
    if lang != "sv" or len(same) < 2:
        return name
    return "".join(_letter(char, [form[at] for form in same]) for at, char in enumerate(name))


def _bare(name: str) -> str:
    return re.sub(r"[åäöéo]", "a", name.casefold())


def _letter(char: str, others: Sequence[str]) -> str:
    """Return the accented letter most often printed here; of equals ä, since é was read as ö by rule."""
    kept = Counter(other.casefold() for other in others if _LETTER.fullmatch(other))
    if not kept:
        return char
    best = max(kept, key=lambda one: (kept[one], one == "ä"))
    return best.upper() if char.isupper() else best


# -- one name and another -----------------------------------------------------------------

_TAILS: Mapping[Lang, tuple[str, ...]] = {
    "fi": ("palvelut", "palveluiden", "palvelujen", "toiminta", "toiminnan", "yksikko", "yksikon"),
    "sv": ("tjanster", "tjansterna", "tjansten", "verksamhet", "verksamheten", "enheten", "natverk"),
    "en": ("services", "service", "activities", "activity", "unit", "office"),
}
_STEM = 6


def is_grown(short: str, long: str, lang: Lang) -> bool:
    """Tell whether ``long`` is ``short`` and a word that adds nothing: "TNO", "TNO services"."""
    one, other = plain_words(short), plain_words(long)
    rest = other.removeprefix(one)
    if rest != other and rest.startswith(" ") and all(word in _TAILS[lang] for word in rest.split()):
        return True
    heads = (
        other.removesuffix(tail).strip() for tail in _TAILS[lang] if other.endswith(tail) and other != tail
    )
    return any(len(head) >= _STEM and word_likeness(one, head, lang) > 0.9 for head in heads)


def shares_stem(first: str, second: str) -> bool:
    """Tell whether two names have a word in common, or the beginning of a long one."""
    left, right = (plain_words(name).split() for name in (first, second))
    return any(_one_stem(one, other) for one in left for other in right)


def _one_stem(one: str, other: str) -> bool:
    shortest = min(len(one), len(other))
    return one == other if shortest < _STEM else one[:_STEM] == other[:_STEM]


# -- bodies that are not each other ---------------------------------------------------------

# What a city's two highest bodies are called: a name of the one is never a translation of the other.
_BODIES: tuple[frozenset[str], ...] = (
    frozenset(("kaupunginvaltuusto", "kunnanvaltuusto", "stadsfullmaktige", "kommunfullmaktige",
               "city council", "municipal council")),
    frozenset(("kaupunginhallitus", "kunnanhallitus", "stadsstyrelsen", "kommunstyrelsen",
               "city board", "city executive board", "municipal board")),
)  # fmt: skip


def are_different_bodies(first: str, second: str) -> bool:
    """Tell whether two names are of the council and of the board, which one printer or another mixes up."""
    one, other = (next((at for at, body in enumerate(_BODIES) if fold(name).strip() in body), None)
                  for name in (first, second))  # fmt: skip
    return one is not None and other is not None and one != other

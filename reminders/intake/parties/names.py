"""Names of organisations: how alike two are, which organisation one is, and what it is called in a list.

Two names are one where their likeness reaches ``SAME``; from ``DOUBTFUL`` on a person is asked. Inflected
forms and damaged print of a name are nearly as good as the name itself.

Finnish puts a partner into the genitive ("yhteistyössä yhdistysten kanssa"); its nominative is another
printed form, else made from the genitive. Letters that print lost in one form are taken from the others.
Which forms are of one organisation is left to ``party_directory``, cutting a cell into parties to ``cells``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from reminders.intake.languages import FURTHER
from reminders.intake.words import capitalised, plain_words
from schedule_rules.programme import Organisation, TextLang
from schedule_rules.reading import READ_LANGUAGES, fold

SAME = 0.86  # from this likeness on two names are the same organisation
DOUBTFUL = 0.74  # from this on the two may be the same: listed as a finding, kept apart

_ARTICLES = frozenset(("the", "den", "de", "det", "a", "an"))
_INFLECTED = 0.95
# What may follow the common beginning of two forms of a word, how much of the longer form that beginning is.
_ENDINGS: dict[TextLang, tuple[re.Pattern[str], float]] = {
    "fi": (re.compile(r"[aeiouyntdjksl]{0,6}"), 0.5),
    "sv": (re.compile(r"[aeinrts]{0,4}"), 0.7),
    "en": (re.compile(r"(?:e?s)?"), 0.7),
    **{lang: (re.compile(one.inflected), one.stem_share) for lang, one in FURTHER.items()},
}
_SHORTEST_STEM = 4


def likeness(first: str, second: str, lang: TextLang) -> float:
    """Return how alike two names are: 1 the same words, 0 nothing in common."""
    left, right = _words(first), _words(second)
    if not left or not right:
        return 0.0
    if left == right:
        return 1.0
    whole = _ratio(" ".join(left), " ".join(right))
    if len(left) != len(right):
        return whole * 0.98
    pairs = [
        (word_likeness(one, two, lang), len(one) + len(two)) for one, two in zip(left, right, strict=True)
    ]
    if min(alike for alike, _ in pairs) < 0.6:
        return min(whole, DOUBTFUL - 0.01)
    return sum(alike * weight for alike, weight in pairs) / sum(weight for _, weight in pairs)


def _words(name: str) -> tuple[str, ...]:
    words = plain_words(name).split()
    return tuple(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)


@lru_cache(maxsize=65536)
def _ratio(first: str, second: str) -> float:
    if abs(len(first) - len(second)) > max(len(first), len(second)) // 2:
        return 0.0
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


@lru_cache(maxsize=65536)
def word_likeness(first: str, second: str, lang: TextLang) -> float:
    """Return how alike two words are; forms of one word are nearly the same."""
    if first == second:
        return 1.0
    pairs = enumerate(zip(first, second, strict=False))
    stem = next((at for at, (one, other) in pairs if one != other), min(len(first), len(second)))
    endings, share = _ENDINGS[lang]
    longest = max(len(first), len(second))
    inflected = endings.fullmatch(first[stem:]) and endings.fullmatch(second[stem:])
    if inflected and stem >= max(_SHORTEST_STEM, longest * share):
        return _INFLECTED
    return _ratio(first, second)


@dataclass(frozen=True, slots=True)
class NameMatch:
    """The key of the organisation that is most alike and how alike; no key where none is."""

    key: str
    likeness: float
    name: str = ""


class NameDirectory:
    """Names of organisations by language; grows with what it is told."""

    def __init__(self, organisations: Iterable[Organisation] = ()) -> None:
        self._names: dict[TextLang, dict[str, str]] = {lang: {} for lang in READ_LANGUAGES}
        for organisation in organisations:
            for lang in READ_LANGUAGES:
                own = organisation.name.own(lang)
                for name in (own, *organisation.aliases.get(lang, ())):
                    self.add(organisation.key, name, lang)

    def add(self, key: str, name: str, lang: TextLang) -> None:
        """Note another printed form of an organisation."""
        if plain_words(name):
            self._names[lang].setdefault(plain_words(name), key)

    def find(self, name: str, lang: TextLang) -> NameMatch:
        """Return the organisation most alike in ``lang``; a proper name is one in all languages."""
        own = self._names[lang]
        if key := own.get(plain_words(name)):
            return NameMatch(key, 1.0, name)
        best = max(own, key=lambda known: likeness(known, name, lang), default="")
        found = NameMatch(own[best], likeness(best, name, lang), best) if best else NameMatch("", 0.0)
        elsewhere = next(
            (names[plain_words(name)] for names in self._names.values() if plain_words(name) in names), ""
        )
        return NameMatch(elsewhere, 1.0, name) if elsewhere and found.likeness < SAME else found

    def plain_names(self, lang: TextLang) -> frozenset[str]:
        """Return all names in ``lang``, plain."""
        return frozenset(self._names[lang])


# -- one name and another ----------------------------------------------------------------

_TAILS: Mapping[TextLang, tuple[str, ...]] = {
    "fi": ("palvelut", "palveluiden", "palvelujen", "toiminta", "toiminnan", "yksikko", "yksikon"),
    "sv": ("tjanster", "tjansterna", "tjansten", "verksamhet", "verksamheten", "enheten", "natverk"),
    "en": ("services", "service", "activities", "activity", "unit", "office"),
    **{lang: one.tails for lang, one in FURTHER.items()},
}
_STEM = 6
# What a city's two highest bodies are called: a name of the one is never a translation of the other.
_BODIES: tuple[frozenset[str], ...] = (
    frozenset(("kaupunginvaltuusto", "kunnanvaltuusto", "stadsfullmaktige", "kommunfullmaktige",
               "city council", "municipal council")),
    frozenset(("kaupunginhallitus", "kunnanhallitus", "stadsstyrelsen", "kommunstyrelsen",
               "city board", "city executive board", "municipal board")),
)  # fmt: skip


def adds_nothing(short: str, long: str, lang: TextLang) -> bool:
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
    return any(
        one == other or (min(len(one), len(other)) >= _STEM and one[:_STEM] == other[:_STEM])
        for one in plain_words(first).split()
        for other in plain_words(second).split()
    )


def are_different_bodies(first: str, second: str) -> bool:
    """Tell whether two names are of the council and of the board, which one printer or another mixes up."""
    bodies = [
        {at for at, body in enumerate(_BODIES) if fold(name).strip() in body} for name in (first, second)
    ]
    return all(bodies) and bodies[0] != bodies[1]


# -- what an organisation is called ------------------------------------------------------

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
_ARTICLE = re.compile(r"^(?:the|The) (?=\w)")
_DASH = re.compile(r" [–-](?=(?:ja|och) )")
_LETTER = re.compile(r"[åäöÅÄÖ]")


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


def name_of(forms: Mapping[str, bool], lang: TextLang) -> str:
    """Return the name among printed ``forms``; each tells whether it stands where a nominative does."""
    direct = [form for form, is_direct in forms.items() if is_direct] or list(forms)
    name = next((form for form in direct if capitalised(form)), direct[0])
    if not forms[name] and lang == "fi":
        name = nominative(name)
    return _with_accents(_DASH.sub("- ", _ARTICLE.sub("", name)), tuple(forms), lang)


def _with_accents(name: str, forms: Sequence[str], lang: TextLang) -> str:
    """Return a Swedish name with the accents that most of its prints have: print loses them, it adds none.

    Of equally frequent letters it is ä, since é was read as ö by rule.
    """
    same = [form for form in forms if _bare(form) == _bare(name)]
    if lang != "sv" or len(same) < 2:
        return name
    letters = list(name)
    for at, char in enumerate(name):
        accented = Counter(form[at].casefold() for form in same if _LETTER.fullmatch(form[at]))
        if accented:
            best = max(accented, key=lambda one: (accented[one], one == "ä"))
            letters[at] = best.upper() if char.isupper() else best
    return "".join(letters)


def _bare(name: str) -> str:
    return re.sub(r"[åäöéo]", "a", name.casefold())

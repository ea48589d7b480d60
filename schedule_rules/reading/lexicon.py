"""Look words up: one index a language, damaged and glued words included.

A language is a :class:`Vocabulary`: tables of words, no code.  What may have
happened to a damaged word is left to ``typos``, what is a time only beside
another word to ``ambiguous``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from schedule_rules.programme import Lang
from schedule_rules.reading import english, finnish, swedish, typos
from schedule_rules.reading.codes import NAMES, Code, letters, table_rows
from schedule_rules.reading.typos import candidates, fold, is_slip, key, shorter, skeleton

Unit = tuple[str, int]
LowHigh = tuple[int, int]
Rate = tuple[int, str, int]
Value = int | str | Unit | LowHigh | Rate | None


@dataclass(frozen=True, slots=True)
class VocabularyWord:
    """The codes that a word stands for (mostly one) and the value of the last."""

    codes: str
    value: Value = None


@dataclass(frozen=True)
class Vocabulary:
    """One language: its table of words, whether its prepositions come after the noun, its amounts."""

    lang: Lang
    table: str
    amounts: tuple[str, ...]
    endings: tuple[str, ...] = ("",)
    clitics: tuple[str, ...] = ()
    postpositive: bool = False

    @cached_property
    def forms(self) -> Mapping[str, VocabularyWord]:
        """Every wording of the table as it is written, inflected; the first row of two wins."""
        found: dict[str, VocabularyWord] = {}
        for head, forms in table_rows(self.table):
            word = _word(head)
            for form in forms.split("|"):
                for ending in self.endings if "~" in form else ("",):
                    found.setdefault(form.strip().replace("~", ending), word)
        return found


def _word(head: str) -> VocabularyWord:
    """Read a row's head: the names of its codes and a value.

    That is a number, a name, a range (``1..2``), a unit (``month/3``) or a rate (``1/month/3``).

    >>> _word("from+month=3"), _word("once=1..2").value, _word("rate=1/month/3").value
    (VocabularyWord(codes='Fm', value=3), (1, 2), (1, 'month', 3))
    """
    names, _, text = head.partition("=")
    codes = "".join(NAMES[name.upper()] for name in names.split("+"))
    parts = text.split("/")
    if ".." in text:
        low, high = map(int, text.split(".."))
        return VocabularyWord(codes, (low, high))
    if len(parts) == 3:
        return VocabularyWord(codes, (int(parts[0]), parts[1], int(parts[2])))
    if len(parts) == 2:
        return VocabularyWord(codes, (parts[0], int(parts[1])))
    return VocabularyWord(codes, int(text) if text.lstrip("-").isdigit() else text or None)


VOCABULARIES: Mapping[Lang, Vocabulary] = {
    "fi": Vocabulary(
        "fi",
        finnish.WORDS + finnish.DECLINED + "\n" + finnish.IDIOMS,
        tuple(finnish.AMOUNTS.split()),
        endings=("", "n", "ssa", "ta", "a", "lla", "lle", "na", "ksi", "t", "n:", "sa", "ssä"),
        clitics=("kin", "kaan", "kään"),
        postpositive=True,
    ),
    "sv": Vocabulary("sv", swedish.WORDS + swedish.IDIOMS, tuple(swedish.AMOUNTS.split())),
    "en": Vocabulary("en", english.WORDS + english.IDIOMS, tuple(english.AMOUNTS.split())),
}

_WORD = re.compile(r"[^\W\d_]{2,60}")
_SHORTEST_REPAIRED = 4
_SHORTEST_GLUED = 7
_SHORTEST_PART = 3
_SHORTEST_PLAN = 8
# names of months with a slip: of the shorter ones a letter is doubled, missing inside or changes places
_SHORTEST_MONTH, _LONG_MONTH = 5, 7
_LONGEST_BLURRED = 24
_MEMO = 16384
# a word that may be cut off a glued one must say something by itself
_GLUE = letters(
    "MONTH SEASON QUARTER HALF_YEAR TERM SEASON_TERM SCHOOL_YEAR COUNCIL_TERM WEEK UNIT IN_A_UNIT NUMBER"
    " ORDINAL TIMES ONCE PER EVERY INTERVALS RATE AT_LEAST AT_MOST BY FROM END ANY_PART CONTINUOUS RELATIVE"
    " UNDECIDED FILLER"
)
# what a blurred word may be taken for: a word that has no neighbour of another meaning
_BLURRED = letters("CONTINUOUS RATE MONTH SEASON QUARTER HALF_YEAR SEASON_TERM SCHOOL_YEAR")
_BOUND = letters("BY")
_UNITS = letters("UNIT IN_A_UNIT WEEK QUARTER HALF_YEAR TERM SCHOOL_YEAR COUNCIL_TERM FINANCIAL_YEAR")
_LIKE_DIGITS = str.maketrans("lI|O", "1110")

Phrases = tuple[tuple[tuple[str, ...], VocabularyWord], ...]


class Index:
    """The words of one language, for look-up."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Sort the entries of ``vocabulary`` into single words and phrases by first word."""
        self.postpositive = vocabulary.postpositive
        self.clitics = vocabulary.clitics
        self.amounts = frozenset(word for word in vocabulary.amounts if word[0] != "~")
        self.amount_ends = tuple(word[1:] for word in vocabulary.amounts if word[0] == "~")
        entries: dict[tuple[str, ...], VocabularyWord] = {}
        for form, word in vocabulary.forms.items():
            entries.setdefault(tuple(key(part) for part in form.split()), word)
        self.words: dict[str, VocabularyWord] = {}
        heads: dict[str, list[tuple[tuple[str, ...], VocabularyWord]]] = {}
        for parts, word in entries.items():
            if len(parts) == 1:
                self.words[parts[0]] = word
            else:
                bare = tuple(map(skeleton, parts))
                heads.setdefault(bare[0], []).append((bare[1:], word))
        self.phrases: Mapping[str, Phrases] = {
            head: tuple(sorted(rests, key=lambda rest: -len(rest[0]))) for head, rests in heads.items()
        }
        # "var" is "each", "vår" is "spring": the accent decides where it was printed
        self.exact = {form: word for form, word in vocabulary.forms.items() if " " not in form}
        self.joined = {"".join(parts): word for parts, word in entries.items() if len(parts) > 1}
        plans = (form for form, word in self.words.items() if word.codes == Code.PLAN)
        self.plans = tuple(form for form in plans if len(form) >= _SHORTEST_PLAN)
        # words met before that are one token and begin no phrase: the quick way through a text
        self.plain: dict[str, tuple[str, Value]] = {}
        # words met before that may begin a phrase
        self.heads: dict[str, tuple[Phrases, tuple[VocabularyWord, ...]]] = {}
        # words met before that are in no vocabulary, and what they may have been
        self.unclear: dict[str, tuple[VocabularyWord, ...]] = {}
        self.near_months: dict[str, VocabularyWord | None] = {}

    def look_up(self, raw: str) -> tuple[VocabularyWord, ...]:
        """Return what ``raw`` means: mostly one word, several if glued, none if unknown.

        Tried are the word itself, then its repairs, then its parts.

        >>> swedish = index("sv")
        >>> swedish.look_up("årligen") == swedish.look_up("ärligen") == (VocabularyWord("j", (1, "year", 1)),)
        True
        >>> index("en").look_up("everyyear"), index("en").look_up("polling")
        ((VocabularyWord(codes='v', value=1), VocabularyWord(codes='U', value=('year', 1))), ())
        """
        plain = key(raw)
        word = self.exact.get(raw.lower()) or self.words.get(plain)
        if word is not None:
            return (word,)
        if (found := self.unclear.get(raw)) is None:
            found = self._repaired(raw, plain)
            if len(self.unclear) < _MEMO:
                self.unclear[raw] = found
        return found

    def _repaired(self, raw: str, plain: str) -> tuple[VocabularyWord, ...]:
        """Return what a word that is not in the vocabulary may have been, the likeliest damage first."""
        if len(plain) >= _SHORTEST_REPAIRED:
            for candidate in candidates(raw):
                if word := self.words.get(key(candidate)):
                    return (word,)
        # "keväälläkin" without its "also"
        bare = next((plain.removesuffix(end) for end in self.clitics if plain.endswith(end)), "")
        clear = self.words.get(bare) if len(bare) >= _SHORTEST_REPAIRED else None
        if joined := self.joined.get(plain) or clear:
            return (joined,)
        parts = self._glued(plain) if len(plain) >= _SHORTEST_GLUED else ()
        if found := parts or self._blurred(raw, plain):
            return found
        # a plan, for a compound of one: "östersjöstrategin"
        return (VocabularyWord(Code.PLAN),) if plain.endswith(self.plans) else ()

    def _glued(self, plain: str) -> tuple[VocabularyWord, ...]:
        """Split a word whose spaces were lost, if every part is a word of this language."""
        for cut in range(len(plain) - 2, 0, -1):
            head = self.words.get(plain[:cut])
            if head is None or not _GLUE.issuperset(head.codes) or cut < _SHORTEST_PART:
                continue
            rest = plain[cut:]
            tail = self.words.get(rest)
            if tail is not None and len(rest) >= _SHORTEST_PART and _GLUE.issuperset(tail.codes):
                return (head, tail)
            if len(rest) >= _SHORTEST_GLUED and (more := self._glued(rest)):
                return (head, *more)
        return ()

    def _blurred(self, raw: str, plain: str) -> tuple[VocabularyWord, ...]:
        """Return what a word that is none may have been: a rate without its slash, a look-alike."""
        if (parts := typos.numbered(raw)) and (times := self._times(parts[1])):
            return (VocabularyWord(Code.NUMBER, int(parts[0].translate(_LIKE_DIGITS))), *times)
        if times := self._times(plain):
            return times
        if not typos.SHORTEST_BOUND <= len(plain) <= _LONGEST_BLURRED:
            return ()
        if len(plain) < typos.SHORTEST:
            return self._first_of(typos.near(plain), _BOUND)
        return self._first_of(typos.near(plain), _BLURRED | _BOUND) or self._first_of(
            typos.misspelt(plain), _BLURRED - {Code.MONTH}
        )

    def _first_of(self, others: Iterable[str], codes: frozenset[str]) -> tuple[VocabularyWord, ...]:
        """Return the first of ``others`` that is a word with none but ``codes``."""
        found = map(self.words.get, others)
        return next(((word,) for word in found if word and codes.issuperset(word.codes)), ())

    def _times(self, plain: str) -> tuple[VocabularyWord, ...]:
        """Return "times" alone or with its unit behind a slash that was lost or read as a letter."""
        if (word := self.words.get(key(plain))) and word.codes == Code.TIMES:
            return (word,)
        for left, right in typos.halves(plain):
            times, unit = self.words.get(key(left)), self.words.get(key(right))
            if times and times.codes == Code.TIMES and unit and _UNITS.issuperset(unit.codes):
                return (times, VocabularyWord(Code.SLASH), unit)
        return ()

    def learn(self, raw: str, words: tuple[VocabularyWord, ...], rests: Phrases | None) -> None:
        """Remember a word that may begin a phrase, is one token or unknown, as long as there is room."""
        if rests is not None:
            if len(self.heads) < _MEMO:
                self.heads[raw] = (rests, words)
        elif len(self.plain) < _MEMO:
            if not words:
                self.plain[raw] = (Code.WORD, None)
            elif len(words) == 1 and len(words[0].codes) == 1:
                self.plain[raw] = (words[0].codes, words[0].value)

    def is_amount(self, raw: str) -> bool:
        """Tell whether ``raw`` is an amount, a person by post or, with its capital, a newspaper."""
        return raw in self.amounts or raw.lower() in self.amounts or raw.lower().endswith(self.amount_ends)

    @cached_property
    def months(self) -> Mapping[str, tuple[str, ...]]:
        """The names of months that are long enough to be told from other words, by name less one letter."""
        named = {name: word.value for name, word in self.words.items() if word.codes[-1:] == Code.MONTH}
        short = {
            name
            for name, month in named.items()
            if any(other != name and other.startswith(name) and named[other] == month for other in named)
        }
        found: dict[str, list[str]] = {}
        for name in named:
            if len(name) >= _SHORTEST_MONTH and (name not in short or len(name) >= _LONG_MONTH):
                for part in {name, *shorter(name)}:
                    found.setdefault(part, []).append(name)
        return {part: tuple(names) for part, names in found.items()}

    def near_month(self, plain: str) -> VocabularyWord | None:
        """Return the month whose name is one slip away from ``plain``, if there is only one.

        >>> index("en").near_month("oktober").value, index("en").near_month("febuary").value
        (10, 2)
        >>> index("en").near_month("match")
        """
        if plain not in self.near_months:
            if len(self.near_months) >= _MEMO:
                self.near_months.clear()
            self.near_months[plain] = self._near_month(plain)
        return self.near_months[plain]

    def near_short_month(self, plain: str) -> VocabularyWord | None:
        """Return the month whose short name has all letters of ``plain`` but one, if there is only one.

        >>> index("en").near_short_month("aau").value
        8
        """
        near = {
            name: word
            for name, word in self.words.items()
            if word.codes == Code.MONTH and len(name) == len(plain) < _SHORTEST_MONTH and name[0] == plain[0]
            if sum((Counter(name) & Counter(plain)).values()) == len(name) - 1
        }
        return next(iter(near.values())) if len({word.value for word in near.values()}) == 1 else None

    def _near_month(self, plain: str) -> VocabularyWord | None:
        if not _SHORTEST_PART < len(plain) <= _LONGEST_BLURRED:
            return None
        parts = {plain, *shorter(plain)}
        names = sorted({name for part in parts for name in self.months.get(part, ())})
        near = [name for name in names if is_slip(plain, name, any_letter=len(name) >= _LONG_MONTH)]
        found = [self.words[name] for name in near]
        # "syyskussa" may be the month in several of its cases
        return found[0] if len({word.value for word in found}) == 1 else None


@lru_cache(maxsize=len(VOCABULARIES))
def index(lang: Lang) -> Index:
    """Return the index of ``lang``, built on first use."""
    return Index(VOCABULARIES[lang])


def guess_language(words: list[str], accents: str) -> Lang:
    """Return the language whose vocabulary knows most of ``words``; ``accents`` decides a tie.

    >>> guess_language(["senast", "till", "sommaren"], "")
    'sv'
    """
    hits = {lang: sum(_is_known(lang, word) for word in words) for lang in VOCABULARIES}
    best = max(hits.values())
    tied = [lang for lang in VOCABULARIES if hits[lang] == best]
    if "å" in accents and "sv" in tied:
        return "sv"
    return tied[0] if any(char in accents for char in "äö") or "en" not in tied else "en"


def words_known(text: str) -> dict[Lang, float]:
    """Return how many words of ``text`` the vocabulary of each language knows; a word of several is shared.

    A word that all languages know ("max") tells nothing.

    >>> found = words_known("våren 2025")
    >>> max(found, key=lambda lang: found[lang])
    'sv'
    """
    points = dict.fromkeys(VOCABULARIES, 0.0)
    for word in _WORD.findall(text):
        knowing = [lang for lang in VOCABULARIES if _is_known(lang, word)]
        if len(knowing) < len(VOCABULARIES):
            for lang in knowing:
                points[lang] += 1 / len(knowing)
    return points


@lru_cache(maxsize=8192)
def _is_known(lang: Lang, word: str) -> bool:
    own = index(lang)
    plain = fold(word)
    return plain in own.words or plain in own.phrases

"""The codes of tokens: what each means, with an example in each language, and patterns made of their names.

A wording becomes a row of tokens, each with a code of one letter, so that one
grammar reads all languages.  Nobody need know the letters: vocabularies,
patterns and examples say the names, and this is the table of them.  ``Steps``
are the form of whatever rewrites codes.

>>> spell("N-NkpU")
'NUMBER DASH NUMBER TIMES PER UNIT'
>>> bool(pattern("NUMBER (DASH NUMBER)? TIMES").match("N-NkpU"))
True

A value tells words of one code apart where only some of them make a year or a rate no schedule:
``NUMBERED`` place, spot, page, closed, others, decade; ``SOURCE`` source, born; ``AMOUNT`` money,
dose; ``MORE_THAN``, ``LESS_THAN`` than; ``RELATIVE`` attribute, adoption, next; ``BY`` before, eve, pre;
``FROM`` pre, since, start; ``AFTER`` after, before, post; ``AT_MOST`` until; ``PER`` ahead; ``AND`` then;
``TURN`` pair; ``WITHIN`` next; ``WORD`` plain (says what is done or how far it is, no time).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, NamedTuple

from schedule_rules.programme import TextLang


class CodeRow(NamedTuple):
    """A code in the table: its letter, what its tokens are, a wording with one in each language."""

    letter: str
    meaning: str
    finnish: str
    swedish: str
    english: str


TABLE: list[CodeRow] = []


def _code(letter: str, meaning: str, *examples: str) -> str:
    """Put a code into the table; one example is that of all languages, as digits and marks are."""
    TABLE.append(CodeRow(letter, meaning, *(examples if len(examples) > 1 else examples * 3)))
    return letter


# in place of an example: the language has no such word
NONE = ""


class Code:
    """The letter of each code by its name; what it means, and examples in Finnish, Swedish and English."""

    # stretches of time
    MONTH = _code("m", "a month", "maaliskuu", "mars", "March")
    SEASON = _code("s", "a season", "kevät", "våren", "spring")
    QUARTER = _code("q", "the word quarter", "kvartaali", "kvartal", "quarter")
    HALF_YEAR = _code("h", "the word half-year", "puolivuosi", "halvår", "half-year")
    THIRD_OF_YEAR = _code("%", "the word for four months of a year", "tertiaali", "tertial", NONE)
    TERM = _code("t", "the word term", "lukukausi", "termin", "term")
    SEASON_TERM = _code("T", "a term that names its season", "syyslukukausi", "höstterminen", "autumn term")
    SCHOOL_YEAR = _code("S", "the word school year", "lukuvuosi", "läsår", "school year")
    FINANCIAL_YEAR = _code("f", "the word financial year", "tilikausi", "budgetår", "financial year")
    COUNCIL_TERM = _code("C", "the word for years between elections", "valtuustokausi", "mandatperiod",
                         "council term")  # fmt: skip
    WEEK = _code("w", "the word week", "viikko", "vecka", "week")
    UNIT = _code("U", "the word day, month or year", "vuosi", "år", "year")
    IN_A_UNIT = _code("W", "a unit in the case that says in each", "vuodessa", NONE, NONE)
    WEEKDAY = _code("7", "a day of the week", "tiistai", "tisdag", "Tuesday")
    DECADE = _code("J", "what makes a year a decade", "2030-luvulla", "2030-talet", "the 2030s")
    TURN = _code("9", "the turn of a year", "vuodenvaihde", "årsskiftet", "turn of the year")
    HALF_TURN = _code(
        ")", "the turn of the half-years", "puolivuodenvaihde", "halvårsskiftet", "half-year turn"
    )
    FEAST = _code("<", "a feast or holiday", "pääsiäinen", "påsk", "Easter")
    PRESENT = _code("@", "the present, as the end of a span", "nykyhetki", "nutid", "present")
    # dates and labels as they are printed
    YEAR = _code("Y", "a year", "2025")
    YEAR_PAIR = _code("Z", "two years in one", "2025/26")
    SHORT_PAIR = _code("2", "two years of two digits each", "lv 25-26", "läsåret 25-26", "school year 25-26")
    DATE = _code("D", "a whole date", "31.12.2025", "31.12.2025", "2025-12-31")
    DAY_AND_MONTH = _code("d", "a date without its year", "31.12.")
    MONTH_AND_YEAR = _code("O", "a month and its year in digits", "11/2025")
    WEEK_AND_YEAR = _code("5", "a week and its year", "viikko 34/2025", "vecka 34/2025", "week 34/2025")
    QUARTER_LABEL = _code("Q", "a quarter by its number", "Q3")
    HALF_LABEL = _code("H", "a half-year by its number", "alkupuolisko", "H2", "H2")
    THIRD_LABEL = _code("3", "four months of a year by their number", "T1 2025")
    WEEK_LABEL = _code("8", "a week by its number", "W12")
    FIRST_MONTHS = _code("=", "so many months at the begin or end of a year",
                         "kolme ensimmäistä kuukautta 2026", "tre första månaderna 2026",
                         "first three months of 2026")  # fmt: skip
    # numbers
    NUMBER = _code("N", "a small number, in digits or as a word", "kolme", "tre", "three")
    ONE_OR_LETTER = _code("l", "a Roman one, or a letter like a one", "I puolivuosi", "I halvåret", "half I")
    ORDINAL = _code("o", "an ordinal number", "toinen", "andra", "second")
    OTHER_NUMBER = _code("X", "a number that says nothing of time", "12 345")
    # how often
    TIMES = _code("k", "the word times", "kertaa", "gånger", "times")
    ONCE = _code("K", "so many times, in one word", "kahdesti", "engång", "twice")
    PER = _code("p", "per", "per", "per", "per")
    EVERY = _code("v", "every, every other", "joka", "varannan", "every")
    INTERVALS = _code("V", "at intervals of what stands before it", "välein", "mellanrum", "intervals")
    RATE = _code("j", "a rate in one word", "vuosittain", "årligen", "annually")
    HABIT = _code("4", "a weekday or a season as a habit", "keväisin", "tisdagar", "Tuesdays")
    VAGUE = _code("z", "regular, with no period named", "säännöllisesti", "regelbundet", "regularly")
    AT_LEAST = _code("A", "at least", "vähintään", "minst", "at least")
    AT_MOST = _code("a", "at most", "enintään", "högst", "at most")
    LESS_THAN = _code("L", "less than", "alle", "färre än", "fewer than")
    MORE_THAN = _code("n", "more than", "yli", "fler än", "more than")
    # what bounds or moves a point of time
    BY = _code("B", "by, until, before: the span ends here", "mennessä", "senast", "by")
    TO = _code("R", "to", "kolmesta viiteen", "till", "to")
    FROM = _code("F", "from: the span begins here", "alkaen", "från", "from")
    AFTER = _code("b", "after: the span begins the day after", "jälkeen", "efter", "after")
    END = _code("E", "the end of", "loppuun", "slutet på året", "end of")
    EARLY = _code("g", "early in", "alkuvuosi", "början av", "early")
    MIDDLE = _code("i", "in the middle of", "puoliväli", "mitten av", "mid")
    LATE = _code("G", "late in", "loppuvuosi", "slutet av", "late")
    WITHIN = _code("~", "within, coming: a length counted from something", "kuluessa", "inom", "within")
    AND = _code("&", "and, or, then", "ja", "och", "and")
    # whole wordings that name no date
    CONTINUOUS = _code("c", "going on without an end", "jatkuva", "löpande", "ongoing")
    RELATIVE = _code("r", "tied to something that has no date here", "heti", "snarast", "as soon as possible")
    UNDECIDED = _code("u", "left open", "tarvittaessa", "vid behov", "to be confirmed")
    # what a number or a year beside it is not a time of
    NUMBERED = _code("#", "what has a number: a grade, a page, a room", "sivu", "sidan", "page")
    LAW = _code("y", "what is named with a year: a law, a vision", "laki", "lagen", "act")
    PLAN = _code("P", "a plan or project, which may be named with a year", "hanke", "projektet", "project")
    SOURCE = _code("?", "what a year only dates: statistics, a birth, a source", "tilasto", "statistik",
                   "statistics")  # fmt: skip
    BASELINE = _code("I", "what is compared with", "lähtötaso", "utgångsläge", "baseline")
    PEOPLE = _code("$", "what is counted", "henkilöä", "personer", "people")
    AMOUNT = _code("e", "what is measured: money, hours, doses", "euroa", "kronor", "euros")
    # words that mean a time only beside another; settled by ``ambiguous``, none is left after it
    MONTH_OR_WORD = _code("M", "a month or season spelt like another word", NONE, NONE, "may")
    JUNE_OR_SUMMER = _code("6", "June or summer", "kesä", NONE, NONE)
    SHORT_OR_LONG = _code("1", "short, long: a length if it is the whole cell", "lyhyt", "kort", "short")
    BUDGET_ROUND = _code("!", "with the budget: relative beside a date, else yearly",
                         "talousarvion yhteydessä", NONE, "as part of the annual budget")  # fmt: skip
    # all other words, and marks
    WORD = _code("x", "any other word", "malli", "modell", "model")
    FILLER = _code("_", "a word that means nothing; its token is dropped", "noin", "cirka", "about")
    DASH = _code("-", "a dash", "2024 - 2026")
    SLASH = _code("/", "a slash", "1/kk", "1/mån", "1/month")
    COMMA = _code(",", "a comma or semicolon", "2024, 2026")
    COLON = _code(":", "a colon", "2024: Q3")
    PLUS = _code("+", "a plus", "2030+")
    ARROW = _code(">", "an arrow", "2025 ->")
    BRACKET = _code("(", "an opening bracket", "2025 (Q1)")
    # what later steps put over tokens
    MASKED = _code("0", "no time after all", "sivu 12", "sidan 12", "page 12")
    TAKEN = _code("*", "part of a frequency", "vuosittain", "årligen", "annually")


NAMES: dict[str, str] = {name: letter for name, letter in vars(Code).items() if name.isupper()}
_SPELT = {letter: name for name, letter in NAMES.items()}
# names for several codes, inside the square brackets of a pattern and in sets
_GROUPS = {
    "ANY_NUMBER": "NUMBER ORDINAL ONE_OR_LETTER",
    "ANY_YEAR": "YEAR YEAR_PAIR",
    "ANY_DATE": "YEAR YEAR_PAIR DATE MONTH_AND_YEAR",
    "ANY_UNIT": "UNIT WEEK QUARTER HALF_YEAR TERM SCHOOL_YEAR COUNCIL_TERM FINANCIAL_YEAR THIRD_OF_YEAR",
    "ANY_LENGTH": "UNIT WEEK QUARTER HALF_YEAR",
    "ANY_PART": "EARLY MIDDLE LATE",
}
_COMMENT = re.compile(r"\s#.*")
_NAME = re.compile(r"[A-Z][A-Z_]+")
_SET = re.compile(r"\[[^\]]*\]")
_GROUP = re.compile(r"(?<!\\)\((?!\?)")


def pattern(template: str) -> re.Pattern[str]:
    r"""Compile a regular expression over codes in which each code stands by its name.

    Blanks, lines and comments mean nothing, in sets neither; ``[YEAR DATE]`` is one of two codes,
    ``[ANY_DATE]`` one of several, ``\w`` one that is no mark.  A bracket keeps what it holds only if it
    has a name, in small letters.

    >>> pattern("NUMBER ([SLASH TO] (?P<last>NUMBER))?  # 4/5").pattern
    'N(?:[/R](?P<last>N))?'
    """
    named = _SET.sub(
        lambda one: _NAME.sub(lambda name: _GROUPS.get(name[0], name[0]), one[0]), _COMMENT.sub("", template)
    )
    coded = _NAME.sub(lambda name: re.escape(NAMES[name[0]]), named)
    return re.compile(_GROUP.sub("(?:", "".join(coded.split())))


def finder(template: str) -> Callable[[str], tuple[re.Match[str], ...]]:
    """Return what finds the matches of ``pattern(template)`` in codes; cells of one shape share them."""
    compiled = pattern(template)
    return lru_cache(maxsize=4096)(lambda codes: tuple(compiled.finditer(codes)))


def letters(names: str) -> frozenset[str]:
    """Return the codes of some names and groups."""
    return frozenset(NAMES[one] for name in names.split() for one in _GROUPS.get(name, name).split())


def spell(codes: str) -> str:
    """Return the names of some codes, as the examples show them."""
    return " ".join(_SPELT[code] for code in codes)


def table_rows(table: str) -> Iterator[tuple[str, str]]:
    """Yield the rows of a table of words: the names of codes and a value, and the wordings.

    A row that is too long for its line goes on in the next, indented; short ones share a line, with
    semicolons between.

    >>> list(table_rows("month=3: march ; month=4: april"))
    [('month=3', 'march'), ('month=4', 'april')]
    """
    for row in table.strip().replace("\n  ", " ").replace(" ; ", "\n").splitlines():
        head, _, words = row.partition(": ")
        yield head, words


@dataclass(slots=True)
class TokenRow:
    """A wording as codes; ``values``, ``begins`` and ``stops`` run beside them.

    ``slips`` are the places in the text of words that were read as the month a letter away.
    """

    text: str
    lang: TextLang
    postpositive: bool
    codes: str
    values: list[Any]
    begins: list[int]
    stops: list[int]
    slips: tuple[int, ...] = ()

    def words(self, first: int, last: int) -> str:
        """Return the original words of tokens ``first``..``last`` - 1."""
        return self.text[self.begins[first] : self.stops[last - 1]]


Reader = Callable[[TokenRow, re.Match[str]], str]


class Steps:
    """Small rewritings of codes, in the order in which they stand.

    Each is a pattern and a reader, which returns as many codes for a match and may put the values right.
    """

    def __init__(self) -> None:
        self._steps: list[tuple[re.Pattern[str], Reader]] = []
        # cells of one shape share the answer, whatever their words and numbers
        self._first = lru_cache(maxsize=16384)(self._first_match)

    def step(self, template: str) -> Callable[[Reader], Reader]:
        """Add the function below as the reader of the pattern ``template``."""

        def add(reader: Reader) -> Reader:
            self._steps.append((pattern(template), reader))
            return reader

        return add

    def run(self, codes: str, tokens: TokenRow) -> str:
        """Return ``codes`` after all steps; most wordings need none."""
        at = self._first(codes, 0)
        while at is not None:
            found, reader = self._steps[at]
            codes = found.sub(partial(reader, tokens), codes)
            at = self._first(codes, at + 1)
        return codes

    def _first_match(self, codes: str, begin: int) -> int | None:
        """Return the first step from ``begin`` on whose pattern is somewhere in ``codes``."""
        steps = range(begin, len(self._steps))
        return next((at for at in steps if self._steps[at][0].search(codes)), None)

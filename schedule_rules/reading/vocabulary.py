"""What the words of a programme do in a schedule, in any language.

Every word of a vocabulary gets a *code* of one letter, so that a wording
becomes a short string of codes and one grammar reads all languages.  A
language is a :class:`Vocabulary`: a table of words, no code.  The tables
themselves are left to ``vocabulary_*``, damaged words to ``lexicon``.

The codes of the tables::

    m month            s season          q quarter        h half-year
    t term             T season's term   S school year    f financial year
    C council term     w week            U other unit     W "in a <unit>"
    N number word      o ordinal         k times          K once, twice
    p per              v every           V intervals      j adverb or adjective
    A at least         a at most         L less than      n more than
    B by, until        R to              F from, after    E end of
    g early            i middle          G late           9 turn of the year
    c continuous       r relative        u left open      z regular, no period
    ~ within           & and, then       7 weekday        _ filler (dropped)
    # before a number that is no date (grades, pages)     y a law's or plan's name
    $ what is counted (people)           e what is measured (money, hours)
    J decade         M month or plain word
    P project, plan (after a name's year)         @ present, as an open end
    6 month or season  Q quarter label   H half label     b before, after a span
    % third of a year  3 third label
    ? what the year beside it only dates (born, statistics)
    I what is compared with (a base year)   1 short, long: a term if the whole cell

A value tells words of one code apart where only some of them make a year or a rate no schedule:
``#`` place, spot, page, closed, others; ``?`` source, born; ``e`` money, dose; ``n``, ``L`` than;
``r`` attribute.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from schedule_rules.programme import Lang

# the codes that later steps put over tokens: no time after all, part of a frequency
NEUTRAL, TAKEN = "0", "*"

Unit = tuple[str, int]
LowHigh = tuple[int, int]
Rate = tuple[int, str, int]
Value = int | str | Unit | LowHigh | Rate | None


@dataclass(frozen=True, slots=True)
class Word:
    """The codes that a word stands for (mostly one) and the value of the last."""

    codes: str
    value: Value = None


@dataclass(frozen=True)
class Vocabulary:
    """One language: its table of words, whether its prepositions come after the noun, its amounts."""

    lang: Lang
    table: str
    endings: tuple[str, ...] = ("",)
    clitics: tuple[str, ...] = ()
    postpositive: bool = False
    amounts: tuple[str, ...] = ()

    @cached_property
    def forms(self) -> Mapping[str, Word]:
        """Every wording of the table as it is written, inflected; the first row of two wins."""
        found: dict[str, Word] = {}
        for head, forms in _rows(self.table):
            word = _word(head)
            for form in forms:
                for inflected in self._inflect(form):
                    found.setdefault(inflected, word)
        return found

    def _inflect(self, form: str) -> Iterator[str]:
        """Yield ``form``, its mark ``~`` replaced by each ending of the language."""
        if "~" not in form:
            yield form
            return
        for ending in self.endings:
            yield form.replace("~", ending)


def _rows(table: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the head and the forms of each row of ``table``."""
    # a row that is too long for its line goes on in the next, indented
    for line in table.strip().replace("\n  ", " ").splitlines():
        head, _, forms = line.partition(": ")
        yield head, [form.strip() for form in forms.split("|")]


def _word(head: str) -> Word:
    """Read a row's head, such as ``m=3`` or ``j=1/month/3``."""
    codes, _, value = head.partition("=")
    return Word(codes, _value(value) if value else None)


def _value(text: str) -> Value:
    """Read a value: a number, a name, a range (``1..2``), a unit (``month/3``) or a rate (``1/month/3``)."""
    parts = text.split("/")
    if ".." in text:
        low, high = map(int, text.split(".."))
        return low, high
    if len(parts) == 1:
        return int(text) if text.lstrip("-").isdigit() else text
    if len(parts) == 2:
        return parts[0], int(parts[1])
    return int(parts[0]), parts[1], int(parts[2])

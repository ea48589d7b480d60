"""What a language is for the parser: tables of words, no code.

How words are looked up is left to ``lexicon``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from schedule_rules.programme import TextLang
from schedule_rules.reading.codes import NAMES, table_rows

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
    """One language: its table of words, whether its prepositions come after the noun, its amounts.

    ``letters`` tell it from others in a tie; ``collection`` are words by which an action names the yearly
    collection of data; ``examples`` name a wording for each code that the language has, for a test.
    """

    lang: TextLang
    table: str
    amounts: tuple[str, ...]
    endings: tuple[str, ...] = ("",)
    clitics: tuple[str, ...] = ()
    postpositive: bool = False
    letters: str = ""
    collection: tuple[str, ...] = ()
    examples: str = ""

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

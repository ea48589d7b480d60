"""A long blurred word is read, and no real word becomes another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schedule_rules.reading import typos
from schedule_rules.reading.lexicon import index

if TYPE_CHECKING:
    from schedule_rules.programme import Lang


@pytest.mark.parametrize(
    ("lang", "damaged", "codes"),
    [
        ("fi", "vuosiltain", "j"),
        ("fi", "Jaikuva", "c"),
        ("fi", "vuositain", "j"),
        ("sv", "Fortiöpande", "c"),
        ("sv", "ggrlår", "k/U"),
        ("fi", "krtlvuosi", "k/U"),
        ("fi", "lOkrt", "Nk"),
        ("en", "annualy", "j"),
    ],
)
def test_blurred_word_is_read(lang: Lang, damaged: str, codes: str) -> None:
    """One look-alike letter, a lost double or a thin slash leaves the word what it was."""
    assert "".join(word.codes for word in index(lang).look_up(damaged)) == codes


@pytest.mark.parametrize(
    ("lang", "word"),
    [
        ("en", "Finnish"),
        ("en", "manually"),
        ("en", "polling"),
        ("en", "sanding"),
        ("en", "starling"),
        ("fi", "jatkavat"),
        ("sv", "köpande"),
        ("sv", "stilar"),
    ],
)
def test_real_word_stays_unknown(lang: Lang, word: str) -> None:
    """A word of the language that only resembles a term is not taken for it."""
    assert index(lang).look_up(word) == ()


def test_near_words_grow_with_the_word() -> None:
    """A word twice as long has twice as many neighbours."""
    assert len(list(typos.near("abcdefgh" * 2))) == 2 * len(list(typos.near("abcdefgh")))


def test_number_needs_a_word_behind_it() -> None:
    """Letters are a number only before a word."""
    assert typos.numbered("lOkrt") == ("lO", "krt")
    assert typos.numbered("lO") is None

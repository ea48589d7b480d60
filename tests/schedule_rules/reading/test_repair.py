"""Print and OCR damage is undone, at the length of the original, and sense is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from schedule_rules.reading.typos import candidates, fold, key, mend


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        ("2O25", "2025"),
        ("l0 visits", "10 visits"),
        ("3l.l2.2025", "31.12.2025"),
        ("2023·2024", "2023-2024"),
        ("2022_2026", "2022-2026"),
        ("2024—2025", "2024-2025"),
        ("２０２５", "2025"),
        ("2 9gr/ar", "2 ggr/ar"),
        ("2025²", "2025 "),
        ("2025→", "2025>"),
        ("I/2025", "I/2025"),
        ("III kvartaali", "III kvartaali"),
        ("Ilo ja Olli", "Ilo ja Olli"),
        ("snake_case", "snake_case"),
    ],
)
def test_text_is_mended(damaged: str, whole: str) -> None:
    """Digits, dashes and arrows are put right where the damage is plain, and nowhere else."""
    assert mend(damaged) == whole


@given(st.text(max_size=80))
def test_mending_keeps_the_length(text: str) -> None:
    """A mended text is as long as the original, so that places agree."""
    assert len(mend(text)) == len(text)


@given(st.text(max_size=80))
def test_mending_twice_is_mending_once(text: str) -> None:
    """What has been mended needs no more of it."""
    assert mend(mend(text)) == mend(text)


@pytest.mark.parametrize(
    ("word", "folded"),
    [("Jat-\nkuva", "jatkuva"), ("fortlöp\u00adande", "fortlopande"), ("A\u030ar", "ar"), ("MÅN", "man")],
)
def test_word_is_folded(word: str, folded: str) -> None:
    """Case, accents, soft hyphens and broken lines make no other word."""
    assert fold(word) == folded


def test_key_drops_dots_and_hyphens() -> None:
    """Abbreviations are kept under one form, however they are dotted."""
    assert [key(word) for word in ("t.o.m.", "on-going", "kk:n")] == ["tom", "ongoing", "kkn"]


@pytest.mark.parametrize(
    ("damaged", "meant"), [("Fortlépande", "fortlopande"), ("rnars", "mars"), ("infoéras", "inforas")]
)
def test_damaged_word_has_its_candidate(damaged: str, meant: str) -> None:
    """What the word was before the damage is among the candidates."""
    assert meant in list(candidates(damaged))

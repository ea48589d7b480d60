"""Indicator values: read as people write them, stored in one form, shown as the reader writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from reminders.collection.indicator import Kind
from reminders.collection.measures import NOT_MEASURED, NotAValueError, shown_value, stored_value, with_unit
from schedule_rules.programme import LANGUAGES, Lang


@pytest.mark.parametrize(
    ("written", "lang", "text"),
    [
        ("2,5", "fi", "2.5"),
        ("2.5", "fi", "2.5"),
        ("2,5", "sv", "2.5"),
        ("2.5", "en", "2.5"),
        ("2,5", "en", "2.5"),
        ("10 000", "fi", "10000"),
        ("10\u00a0000", "sv", "10000"),
        ("10\u202f000,50", "fi", "10000.5"),
        ("10,000", "en", "10000"),
        ("1,234,567.5", "en", "1234567.5"),
        ("2,125", "fi", "2.125"),
        ("  7  ", "fi", "7"),
        ("007", "fi", "7"),
        ("0", "fi", "0"),
        ("-0", "fi", "0"),
        ("\u22123,0", "fi", "-3"),
        ("", "fi", ""),
        ("   ", "en", ""),
    ],
)
def test_a_number_is_read_as_people_write_it(written: str, lang: Lang, text: str) -> None:
    """Decimal comma or point, blanks between thousands, English commas: one stored form."""
    assert stored_value(written, "number", lang) == text


@pytest.mark.parametrize(
    ("written", "kind", "lang", "code"),
    [
        ("noin 20", "number", "fi", "number"),
        ("12 ja 14", "number", "fi", "number"),
        ("1 2", "number", "fi", "number"),
        ("1 0000", "number", "fi", "number"),
        ("2,5,1", "number", "fi", "number"),
        ("1e5", "number", "en", "number"),
        ("nan", "number", "en", "number"),
        ("²", "number", "fi", "number"),
        ("1234567890123456", "number", "fi", "number"),
        ("1.000", "number", "fi", "thousands"),
        ("1.000", "number", "sv", "thousands"),
        ("ehkä", "yes-no", "fi", "yes-no"),
        ("x" * 301, "text", "fi", "long"),
    ],
)
def test_what_is_no_value_says_what_was_expected(written: str, kind: Kind, lang: Lang, code: str) -> None:
    """A wrong value raises with the code of what was expected."""
    with pytest.raises(NotAValueError) as raised:
        stored_value(written, kind, lang)
    assert raised.value.args == (code,)


@pytest.mark.parametrize(
    ("written", "text"), [("Kyllä", "yes"), ("nej", "no"), ("YES", "yes"), ("ei.", "no")]
)
def test_yes_and_no_in_three_languages(written: str, text: str) -> None:
    """The words of any of the three languages are taken."""
    assert stored_value(written, "yes-no", "fi") == text


@given(number=st.decimals(-(10**9), 10**9, places=3), lang=st.sampled_from(LANGUAGES))
def test_what_is_shown_is_read_back(number: Decimal, lang: Lang) -> None:
    """A stored number that is shown in a language and typed so again is the same number."""
    text = stored_value(f"{number:f}".replace(".", ","), "number", "fi")
    assert Decimal(text) == number
    assert stored_value(shown_value(text, "number", lang), "number", lang) == text


def test_shown_in_each_language() -> None:
    """Numbers with the language's separators, yes and no in its words."""
    assert [shown_value("12345.5", "number", lang) for lang in LANGUAGES] == ["12\u00a0345,5"] * 2 + [
        "12,345.5"
    ]
    assert [shown_value("yes", "yes-no", lang) for lang in LANGUAGES] == ["kyllä", "ja", "yes"]
    assert [shown_value("", "number", lang) for lang in LANGUAGES] == [""] * 3


def test_not_measured_is_neither_nought_nor_nothing() -> None:
    """Stored as such whatever stands beside it, shown in words, without a unit."""
    assert stored_value("", NOT_MEASURED, "fi") == NOT_MEASURED
    said = [with_unit(NOT_MEASURED, NOT_MEASURED, "osallistujaa", lang) for lang in LANGUAGES]
    assert said == ["ei mitattu", "inte mätt", "not measured"]
    assert [with_unit(text, "number", "h", "en") for text in ("0", "7")] == ["0\u00a0h", "7\u00a0h"]

"""Dates, times and numbers in the three languages (design: language.md, §1 and check 6)."""

from __future__ import annotations

import re
from datetime import date, datetime, time

import pytest
from hypothesis import given, strategies as st

from email_templates import dates
from schedule_rules.programme import LANGUAGES, Lang

DAY = date(2025, 1, 14)
NB = "\u00a0"


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("fi", ["tiistaina 14.1.2025", "tiistai 14.1.2025", "ti 14.1.2025", "14.1.2025", "14.1."]),
        ("sv", ["tisdag 14.1.2025", "tisdag 14.1.2025", "tis 14.1.2025", "14.1.2025", "14.1"]),
        (
            "en",
            [
                f"Tuesday 14{NB}January 2025",
                f"Tuesday 14{NB}January 2025",
                f"Tue 14{NB}Jan 2025",
                f"14{NB}Jan 2025",
                f"14{NB}January",
            ],
        ),
    ],
)
def test_a_day(lang: Lang, expected: list[str]) -> None:
    """In a sentence, named, in a table, without weekday, without year."""
    forms = [dates.in_sentence, dates.named_day, dates.in_table, dates.short, dates.no_year]
    assert [form(DAY, lang) for form in forms] == expected


def test_every_finnish_weekday_is_in_the_essive() -> None:
    """In a sentence each day of the week says *on*, Sunday too; as a heading none does."""
    week = [date(2026, 2, 9 + n) for n in range(7)]
    assert [dates.in_sentence(day, "fi").split()[0][-2:] for day in week] == ["na"] * 7
    assert dates.in_sentence(week[6], "fi") == "sunnuntaina 15.2.2026"
    assert dates.named_day(week[6], "fi") == "sunnuntai 15.2.2026"


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        (date(2025, 1, 2), ["2.–14.1.2025", "2–14.1.2025", f"2–14{NB}January 2025"]),
        (
            date(2024, 12, 2),
            ["2.12.2024–14.1.2025", "2.12.2024–14.1.2025", f"2{NB}December 2024 – 14{NB}January 2025"],
        ),
        (DAY, ["14.1.2025", "14.1.2025", f"14{NB}January 2025"]),
    ],
)
def test_a_range(first: date, expected: list[str]) -> None:
    """An en dash without spaces, unless the parts have spaces."""
    assert [dates.span(first, DAY, lang) for lang in LANGUAGES] == expected


def test_a_range_over_months() -> None:
    """The year stands once."""
    said = [dates.span(date(2025, 1, 28), date(2025, 2, 3), lang) for lang in LANGUAGES]
    assert said == ["28.1.–3.2.2025", "28.1–3.2.2025", f"28{NB}January – 3{NB}February 2025"]


def test_the_clock() -> None:
    """Twenty-four hours, no leading zero of the hour."""
    assert [dates.at(time(9), lang) for lang in LANGUAGES] == [f"klo{NB}9.00", f"kl.{NB}9.00", "9:00"]
    said = [dates.between(time(9), time(13, 30), lang) for lang in LANGUAGES]
    assert said == [f"klo{NB}9.00–13.30", f"kl.{NB}9.00–13.30", "9:00–13:30"]
    said = [dates.moment(datetime(2025, 1, 14, 9, 5), lang) for lang in LANGUAGES]
    assert said == [f"ti 14.1.2025 klo{NB}9.05", f"tis 14.1.2025 kl.{NB}9.05", f"Tue 14{NB}Jan 2025, 9:05"]


def test_numbers_and_quotes() -> None:
    """No-break spaces in thousands and before the per cent sign."""
    assert [dates.number(10000, lang) for lang in LANGUAGES] == [f"10{NB}000", f"10{NB}000", "10,000"]
    assert [dates.number(2.5, lang) for lang in LANGUAGES] == ["2,5", "2,5", "2.5"]
    assert [dates.percent(0.25, lang) for lang in LANGUAGES] == [f"25{NB}%", f"25{NB}%", "25%"]
    assert [dates.quoted("a", lang) for lang in LANGUAGES] == ["”a”", "”a”", "‘a’"]


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from(LANGUAGES))
def test_never_a_leading_zero_nor_an_iso_date(day: date, lang: Lang) -> None:
    """Whatever the day."""
    for form in (dates.in_sentence, dates.named_day, dates.in_table, dates.short, dates.no_year):
        assert not re.search(r"\b0\d|\d-\d", form(day, lang))

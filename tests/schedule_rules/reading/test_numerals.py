"""Numbers longer than any date are taken as they come."""

from __future__ import annotations

import pytest

from schedule_rules.reading import LONGEST, normalise
from schedule_rules.schedule import Schedule


@pytest.mark.parametrize("piece", ["1", "1,", "1.", "1/", "2025 "])
def test_long_number_is_no_date(piece: str) -> None:
    """Digits without end are read in time and without a failure."""
    reading = normalise((piece * LONGEST)[:LONGEST].strip())
    assert isinstance(reading, Schedule)
    assert reading.kind in {"none", "single"}


def test_roman_one_is_read_alike_whatever_was_read_before() -> None:
    """A wording in capitals, where an I is a word, teaches nothing about the I of the next wording."""
    normalise("I SAMARBETE MED STADEN 2026", "sv")
    reading = normalise("I halvåret 2026", "sv")
    assert isinstance(reading, Schedule)
    assert str(reading.end) == "2026-06-30"

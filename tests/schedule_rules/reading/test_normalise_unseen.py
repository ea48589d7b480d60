"""Phrases judged before the engine saw them, in rounds: the score that must not fall again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from schedule_rules.reading import normalise
from schedule_rules.schedule import predict
from tests.schedule_rules.reading import scoring

if TYPE_CHECKING:
    from schedule_rules.programme import Lang

_READING = re.compile(r"(\w+) (\S*)\.\.(\S*?)(?: (\d*)(\.\.)?(\d*)/(?:(\d+) )?([a-z]+)(?: m(\d+))?)?")


def expected(written: str) -> dict[str, Any]:
    """Return a reading such as ``recurring 2025-01-01.. 1..2/year m3`` in the collection's form."""
    found = _READING.fullmatch(written.strip())
    assert found, written
    kind, start, end, least, dots, most, interval, per, month = found.groups()
    frequency = per and {
        "times_min": int(least) if least else None,
        "times_max": int(most if dots else least) if (most or not dots) else None,
        "per": per, "interval": int(interval or 1), "month": int(month) if month else None,
    }  # fmt: skip
    return {"kind": kind, "start": start or None, "end": end or None, "frequency": frequency}


def rows() -> list[tuple[Lang, str, list[dict[str, Any]]]]:
    """Return language, wording and the readings that count as right, of all rounds."""
    found: list[Any] = []
    for file in sorted(Path(__file__).parent.glob("unseen_*.txt")):
        for row in file.read_text("utf-8").split("\n"):
            if row and not row.startswith("#"):
                lang, text, readings = row.split(" | ")
                found.append((lang, text.replace("\\n", "\n"), list(map(expected, readings.split(" or ")))))
    return found


ROWS = rows()


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_unseen_phrases_stay_read(lang: Lang) -> None:
    """At least 98 of 100 phrases get the right kind, bounds and frequency in each language."""
    own = [(text, readings) for language, text, readings in ROWS if language == lang]
    wrong = [
        text
        for text, (first, *others) in own
        if not scoring.core_is_right({"gold": first, "accept": others}, predict(normalise(text, lang)))
    ]
    assert len(own) >= 300
    assert len(wrong) <= 0.02 * len(own), wrong


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_unseen_traps_are_no_schedules(lang: Lang) -> None:
    """No phrase that can only be no schedule is taken for one."""
    traps = [
        text
        for language, text, gold in ROWS
        if language == lang and {one["kind"] for one in gold} == {"none"}
    ]
    taken = [text for text in traps if predict(normalise(text, lang))["kind"] not in scoring.NO_SCHEDULE]
    assert len(traps) >= 60
    assert taken == []

"""A battery of wordings, their readings written down before the first run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from schedule_rules.reading import normalise
from schedule_rules.schedule import Frequency, Schedule, predict

if TYPE_CHECKING:
    from schedule_rules.programme import Lang
    from schedule_rules.schedule import Unclear

ROWS: list[tuple[Lang, str, str]] = []
for battery in sorted(Path(__file__).parent.glob("battery*.txt")):
    for row in battery.read_text("utf-8").splitlines():
        if row and not row.startswith("#"):
            language, wording, readings = (part.strip() for part in row.split(" | "))
            ROWS.append((language, wording.replace("\\n", "\n"), readings))  # type: ignore[arg-type]


def spell(frequency: Frequency | None) -> str:
    """Return a frequency as the battery writes it."""
    if frequency is None:
        return ""
    least, most = frequency.times_min, frequency.times_max
    times = str(least) if least == most else f"{least or ''}..{most or ''}"
    unit = frequency.per if frequency.interval == 1 else f"{frequency.interval} {frequency.per}"
    return f" {times}/{unit}" + (f" m{frequency.month}" if frequency.month else "")


def spelt(reading: Schedule | Unclear) -> str:
    """Return a reading as the battery writes it."""
    plain = predict(reading)
    frequency = reading.frequency if isinstance(reading, Schedule) else None
    return f"{plain['kind']} {plain['start'] or ''}..{plain['end'] or ''}" + spell(frequency)


@pytest.mark.parametrize(("lang", "text", "readings"), ROWS)
def test_wording_is_read_as_expected(lang: Lang, text: str, readings: str) -> None:
    """Each wording of the battery gets one of the readings that it allows."""
    assert spelt(normalise(text, lang)) in [reading.strip() for reading in readings.split(" or ")]


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_battery_is_large_enough(lang: Lang) -> None:
    """The battery has at least sixty wordings of each language, none of them twice."""
    texts = [text for language, text, _ in ROWS if language == lang]
    assert len(texts) >= 60
    assert len(texts) == len(set(texts))

"""Which words are a schedule and hardly anything else: cells, headings and parts of sentences.

What a schedule means is left to ``schedule_rules``.
"""

from __future__ import annotations

from functools import lru_cache

from schedule_rules.programme import TextLang
from schedule_rules.reading import normalise
from schedule_rules.schedule import Schedule

_LONGEST_SCHEDULE = 80
_SURE = 0.8
_USABLE = ("single", "range", "open_range", "continuous", "recurring")


def is_schedule(text: str) -> bool:
    """Tell whether a short text is a schedule and hardly anything else."""
    return 0 < len(text) <= _LONGEST_SCHEDULE and sure_schedule(text) is not None


@lru_cache(maxsize=16384)
def sure_schedule(text: str, lang: TextLang | None = None) -> Schedule | None:
    """Return the reading of words that are certainly a schedule, else None."""
    found = normalise(text, lang)
    return (
        found if isinstance(found, Schedule) and found.kind in _USABLE and found.certainty >= _SURE else None
    )

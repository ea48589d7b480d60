"""Reading a schedule's wording, measured against its floor: `python -m benchmarks.normalise`.

The floor is one regular expression and one tuple a wording, over the same wordings, in the same run
(goals: at most 60 for a wording not seen before, 0.3 for one seen; 200 to 20 000 characters linear).
"""

# ruff: noqa: T201, SLF001 - it prints, and empties the memo between runs

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from schedule_rules import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from schedule_rules.programme import Lang

Wording = tuple[str, "Lang"]
_YEARS = re.compile(r"(\d{4})\s*[-\u2013]\s*(\d{4})|(\d{4})")
_BATTERIES = Path(__file__).parent.parent / "tests" / "schedule_rules" / "reading"
_RUNS, _PIECE = 9, 100


def wordings() -> list[Wording]:
    """Return every wording of the batteries once, with its language."""
    rows = [
        row for file in sorted(_BATTERIES.glob("battery*.txt")) for row in file.read_text("utf-8").split("\n")
    ]
    cut = [row.split(" | ") for row in rows if row and not row.startswith("#")]
    return list(dict.fromkeys((text, lang) for lang, text, _ in cut))  # type: ignore[misc]


def floor(items: list[Wording]) -> None:
    """Do the least that reading could be."""
    for text, lang in items:
        match = _YEARS.search(text)
        _ = (match and match[0], lang)


def read(items: list[Wording]) -> None:
    """Read all wordings."""
    for text, lang in items:
        reading.normalise(text, lang)


def read_anew(items: list[Wording]) -> None:
    """Read all wordings as if none had been seen; the words in them have been."""
    reading._memo.clear()
    read(items)


def each(work: Callable[[list[Wording]], None], items: list[Wording]) -> float:
    """Return microseconds of the processor a wording: the best of several runs, a few wordings at a time.

    Small pieces and processor time leave out what else the machine does meanwhile.
    """
    best = 0.0
    for at in range(0, len(items), _PIECE):
        piece, runs = items[at : at + _PIECE], []
        for _ in range(_RUNS):
            began = time.process_time()
            work(piece)
            runs.append(time.process_time() - began)
        best += min(runs)
    return best / len(items) * 1e6


def main() -> None:
    """Print the ratios."""
    items = wordings()
    began = time.process_time()
    read_anew(items)
    first = (time.process_time() - began) / len(items) * 1e6
    least = each(floor, items)
    cold = each(read_anew, items)
    seen = items[:2000]
    read_anew(seen)
    warm = each(read, seen)
    print(f"{len(items)} wordings, floor {least:.2f} us")
    print(f"first in the process  {first:6.1f} us, {first / least:5.1f} x the floor")
    print(f"not seen before       {cold:6.1f} us, {cold / least:5.1f} x (goal 60)")
    print(f"seen before           {warm:6.2f} us, {warm / least:5.2f} x (goal 0.3)")
    for piece in ("2024 and ", "every 2 ", "grades 7-9, ", "x "):
        short, long = ((piece * 20_000)[:size] for size in (200, 20_000))
        growth = each(read_anew, [(long, "en")]) / each(read_anew, [(short, "en")])
        print(f"200 to 20 000 characters of {piece!r}: {growth:.0f} x the time (100 is linear)")


if __name__ == "__main__":
    main()

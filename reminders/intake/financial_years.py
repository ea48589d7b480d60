"""Financial years in the schedules of an English document: "2026/27" and "FY26" in words that tell them.

1. A year such as 2026/27 is one financial year where the document speaks of financial years, divides one in
   quarters, or has its own period from one to another ("2026/27 to 2028/29"); else it is two years.
2. FY26 ends in 2026; when, the document must say: in March, as in Britain. Where it does not, the schedule is
   read as the calendar year and is not certain.

In Finland and Sweden the financial year of a municipality is the calendar year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reminders.intake.content import DocumentContent, Table

_PAIR_WORDS = r"(?<![\d/–-])(?P<first>20\d\d)/(?P<last>\d\d)(?![\d/])"
_PAIR = re.compile(_PAIR_WORDS)
_BARE = re.compile(
    r"(?<!year )(?<!years )(?<!FY)(?<!FY )(?<!winter )(?<!season )(?<!term )(?<!Q[1-4] )(?<!quarter )"
    rf"{_PAIR_WORDS}"
    r"(?! (?:academic|school|financial|fiscal|season|winter|budget))(?! ?Q[1-4])",
    re.IGNORECASE,
)
_SHORT = re.compile(r"\b(?:FY|(?:financial|fiscal) year) ?(?:20)?(?P<year>\d\d)(?![\d/–-])", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:financial|fiscal) years?\b|\bFY(?![a-z])")
_QUARTER = re.compile(r"\b(?:Q[1-4]|quarter [1-4]),? 20\d\d/\d\d(?!\d)", re.IGNORECASE)
_PERIOD = re.compile(r"(?<!\d)20\d\d/\d\d(?: to | until | ?[-–—] ?)20\d\d/\d\d(?!\d)")
_MARCH = re.compile(
    r"\b(?:financial|fiscal) years?\b[^.\n]{0,60}\b(?:april\b[^.\n]{0,30}\bmarch|31(?:st)? march)\b"
    r"|\bFY\b[^.\n]{0,60}\bapril\b[^.\n]{0,30}\bmarch\b"
    r"|\bapril\b[^.\n]{0,30}\bmarch\b[^.\n]{0,30}\b(?:financial|fiscal) year",
    re.IGNORECASE,
)
_TITLE = 200


class FinancialYears:
    """What a document says of its financial years: whether it has them, and whether they end in March."""

    def __init__(self, content: DocumentContent) -> None:
        self._has = self._march = False
        for text, is_cell in _texts(content):
            self._march = self._march or bool(_MARCH.search(text))
            titles = not is_cell and len(text) <= _TITLE
            signs = (_NAMED, _QUARTER, _PERIOD) if titles else (_NAMED, _QUARTER)
            self._has = self._has or any(sign.search(text) for sign in signs)

    def in_words(self, schedule: str) -> str:
        """Return a schedule whose financial years are called so, where the document tells which they are."""
        if self._has and "/" in schedule:
            pairs = list(_PAIR.finditer(schedule))
            if pairs and all(_follow(pair) for pair in pairs):
                schedule = _BARE.sub(r"FY \g<first>/\g<last>", schedule)
        if self._march:
            schedule = _SHORT.sub(lambda found: f"FY {1999 + int(found['year'])}/{found['year']}", schedule)
        return schedule


def _follow(pair: re.Match[str]) -> bool:
    return (int(pair["first"]) + 1) % 100 == int(pair["last"])


def _texts(content: DocumentContent) -> Iterator[tuple[str, bool]]:
    """Yield each text of a document, and whether it is a cell beside others."""
    yield content.title, False
    for block in content.blocks:
        if isinstance(block, Table):
            for row in block.rows:
                alone = sum(bool(cell.strip()) for cell in row.cells) == 1
                yield from ((cell, not alone) for cell in row.cells if cell.strip())
        else:
            yield block.text, False

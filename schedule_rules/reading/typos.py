"""Name what a long word may have been before print or OCR blurred it.

Only letters that look alike are changed, and only letters that stand twice
are doubled: "rolling" is no "polling".  Whether one of these is a word of the
language is left to ``lexicon``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# shorter words have neighbours that mean something else; those of a bound only shorter still
SHORTEST, SHORTEST_BOUND = 7, 6

_LOOK_ALIKE = {
    "i": "ltj", "l": "it", "t": "lif", "j": "i", "f": "t", "c": "eo", "e": "co", "o": "eca", "a": "o",
    "n": "u", "u": "nv", "v": "uy", "y": "v", "h": "b", "b": "h", "g": "q", "q": "g", "d": "o",
}  # fmt: skip
_TWICE = re.compile(r"([^\W\d_])\1")
# a slash printed thin
_THIN = "l1i|"
_NUMERAL = re.compile(r"([lIO|]{1,2})([^\W\d_]{3,})")


def near(plain: str) -> Iterator[str]:
    """Yield ``plain`` with one letter changed for one that looks like it."""
    for at, letter in enumerate(plain):
        for other in _LOOK_ALIKE.get(letter, ""):
            yield plain[:at] + other + plain[at + 1 :]


def misspelt(plain: str) -> Iterator[str]:
    """Yield ``plain`` with one letter doubled or a double one halved: rougher than ``near``."""
    for at, letter in enumerate(plain):
        yield plain[:at] + letter + plain[at:]
    for match in _TWICE.finditer(plain):
        yield plain[: match.start()] + plain[match.start() + 1 :]


def halves(plain: str) -> Iterator[tuple[str, str]]:
    """Yield the two words that a thin slash may have made one: "krtlvuosi", "ggrlar"."""
    for at in range(2, len(plain) - 1):
        if plain[at] in _THIN:
            yield plain[:at], plain[at + 1 :]


def numbered(raw: str) -> tuple[str, str] | None:
    """Return the letters that may be a number before a word of times, and that word: "lOkrt", "lggr"."""
    match = _NUMERAL.fullmatch(raw)
    return (match[1], match[2]) if match else None

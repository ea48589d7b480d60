"""Letters that were stored oddly: UTF-16 without its mark, and UTF-8 that was read once too often.

Whoever takes UTF-8 for an older encoding sees two letters or three for each one beyond ASCII ("Ã¶" for "ö",
"√∂" on a Mac); saved again they are in the file. Which older encoding a file is in is left to the front.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_READ_AS: Final = ("cp1252", "latin-1", "mac_roman", "cp850", "cp437")
_SURE: Final = "äöåÄÖÅéü"
"""Letters of these languages: their two wrong letters stand beside each other in no word."""
_ALSO: Final = "ÉÜèáàóíôøØæÆçñßõÕëê–—‘’‚“”„•…€£§°±½²³«»´·→✓\N{NO-BREAK SPACE}"
_SAMPLE: Final = 4096
_TIMES: Final = 2


def encoded_without_mark(data: bytes) -> str:
    """Return the UTF-16 that bytes without its mark are in, by where their zeros stand; else nothing."""
    sample = data[: min(len(data), _SAMPLE) // 2 * 2]
    half = len(sample) // 2
    if half < 2:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd * 10 > half * 7 and even * 20 <= half:
        return "utf-16-le"
    return "utf-16-be" if even * 10 > half * 7 and odd * 20 <= half else ""


def mend_letters(text: str) -> tuple[str, str]:
    """Return a text with each letter that was read once too often as it was, and the first word mended."""
    first = ""
    for _ in range(_TIMES):
        found = next((one for one in _READ_AS if _signs(one).search(text)), "")
        if not found:
            break
        letters = _letters(found)
        mended = _all_signs(found).sub(lambda sign: letters[sign[0]], text)  # noqa: B023 - used at once
        first = first or _word_at(text, _signs(found))
        text = mended
    return text, first


def _word_at(text: str, sign: re.Pattern[str]) -> str:
    found = sign.search(text)
    if found is None:
        return ""
    before = re.search(r"[^\s;,|\"]{0,40}$", text[max(found.start() - 40, 0) : found.start()])
    after = re.match(r"[^\s;,|\"]{0,40}", text[found.start() : found.start() + 40])
    return (before[0] if before else "") + (after[0] if after else "")


@lru_cache(maxsize=len(_READ_AS))
def _letters(encoding: str) -> dict[str, str]:
    """Return what each letter looks like after its UTF-8 was read in another encoding."""
    return {_read_as(letter, encoding): letter for letter in _SURE + _ALSO}


def _read_as(letter: str, encoding: str) -> str:
    """Return a letter's UTF-8 read in an encoding; bytes that it has not are read as they are."""
    return "".join(bytes((byte,)).decode(encoding, "ignore") or chr(byte) for byte in letter.encode())


@lru_cache(maxsize=len(_READ_AS))
def _signs(encoding: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(_read_as(letter, encoding)) for letter in _SURE))


@lru_cache(maxsize=len(_READ_AS))
def _all_signs(encoding: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_letters(encoding), key=len, reverse=True))))

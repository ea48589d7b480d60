"""Undo what print and OCR do to text, and never more than that.

Every repair of a whole text keeps its length, so that a place found in the
repaired text is the same place in the original.  What a damaged *word* may
have been is left to ``lexicon``, which asks :func:`candidates`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d\u02d7\u2500\u30fc\u223c\uff5e"
_BLANKS = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\f\v"
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
_ARROWS = "→⟶➔➜⇒►▶"


def _table() -> dict[int, str]:
    """Return the one-to-one replacements of odd characters."""
    table = {ord(dash): "-" for dash in _DASHES}
    table |= {ord(blank): " " for blank in _BLANKS}
    table |= {ord(mark): "'" for mark in "\u2019\u2018\u00b4\u02bc\uff07"}
    table |= {ord(arrow): ">" for arrow in _ARROWS}
    table |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if code != 0xFF0D}
    for digits in (_SUPERSCRIPTS, _SUBSCRIPTS):
        table |= {ord(char): str(number) for number, char in enumerate(digits)}
    return table | {ord("\uff5e"): "-", ord("\u00d7"): "x", ord("\u2044"): "/", ord("\u2215"): "/"}


_ODD = _table()
_ODDITIES = re.compile("[" + "".join(map(re.escape, map(chr, _ODD))) + "]")
# a note's mark after a whole year is not a fifth digit of it
_NOTE_MARK = re.compile(f"(?<=\\d\\d\\d\\d)[{_SUPERSCRIPTS}]")
# digits and letters that OCR takes for digits, in one cluster with separators
_CLUSTER = re.compile(
    r"(?<![^\W\d_])[\dlIO|](?:[\dlIOo|]|[./:-]{1,2}(?=[\dlIO|])){0,40}(?:(?![^\W\d_])|(?=(?:st|nd|rd|th)\b))"
)
_LIKE_DIGITS = str.maketrans("lI|Oo", "11100")
_LIKE_LETTERS = str.maketrans("01", "ol")
_ROMAN = re.compile(r"(I{1,3})([/-][\dOo]{4})")
_TIMES = re.compile(r"9(?=gr\b)")
_MID_DASH = re.compile(r"(?<=\d)([·•_~¬])(?=\s?\d)")
_NEEDS_DASH = re.compile(r"[·•_~¬]")
_NEEDS_DIGITS = re.compile(r"\d[./:-]?[lIOo|]|[lIO|][./:-]{0,2}\d")


# a nought or a one inside a word is the letter that looks like it
_IN_WORD = re.compile(r"(?<=[^\W\d_]{2})(?:11|[01])(?=[^\W\d_])|(?<!\w)0(?=[^\W\d_]{4})")


def mend(text: str) -> str:
    """Return ``text`` with odd characters, digits and dashes put right; the length stays."""
    if not text.isascii():
        text = _NOTE_MARK.sub(" ", text).translate(_ODD) if _ODDITIES.search(text) else text
    if _NEEDS_DIGITS.search(text):
        text = _CLUSTER.sub(_digits, text)
    if "0" in text or "1" in text:
        text = _IN_WORD.sub(lambda match: match[0].translate(_LIKE_LETTERS), text)
    if "9" in text:
        text = _TIMES.sub("g", text)
    return _MID_DASH.sub("-", text) if _NEEDS_DASH.search(text) else text


def _digits(match: re.Match[str]) -> str:
    """Read letters as digits in a cluster that has a digit; Roman numerals stay."""
    cluster = match[0]
    if cluster.isdigit() or not any(char.isdigit() for char in cluster):
        return cluster
    if roman := _ROMAN.fullmatch(cluster):
        return roman[1] + roman[2].translate(_LIKE_DIGITS)
    return cluster.translate(_LIKE_DIGITS)


_SPECIAL = str.maketrans({"ø": "o", "æ": "a", "ß": "ss", "đ": "d", "\u00ad": "", "'": ""})
_BREAK = re.compile(r"-\s*\n\s*")


@lru_cache(maxsize=16384)
def fold(word: str) -> str:
    """Return ``word`` in lower case, without accents, soft hyphens and broken lines."""
    lower = word.lower()
    if lower.isascii() and "-" not in lower and "'" not in lower:
        return lower
    lower = _BREAK.sub("", lower.translate(_SPECIAL))
    plain = unicodedata.normalize("NFKD", lower)
    return "".join(char for char in plain if not unicodedata.combining(char))


_JOINTS = str.maketrans("", "", "-.:")


def key(word: str) -> str:
    """Return the form under which a vocabulary keeps ``word``: folded, dots and hyphens gone."""
    return fold(word).translate(_JOINTS)


@lru_cache(maxsize=16384)
def skeleton(word: str) -> str:
    """Return the form in which the words of a phrase are compared: an "rn" may be an "m", an é an ö."""
    return key(word.lower().replace("é", "ö")).replace("rn", "m")


def candidates(word: str) -> Iterator[str]:
    """Yield what a damaged word may have been, folded, the likeliest first."""
    lower = word.lower()
    if "é" in lower or "6" in lower:
        yield fold(lower.replace("oé", "ö").replace("é", "ö").replace("6", "ö"))
    plain = fold(word)
    if "rn" in plain:
        yield plain.replace("rn", "m")
    if "1" in plain or "|" in plain:
        yield plain.replace("1", "l").replace("|", "l")
    if "0" in plain:
        yield plain.replace("0", "o")
    if "vv" in plain:
        yield plain.replace("vv", "w")
    yield from _single_swaps(plain)


def _single_swaps(plain: str) -> Iterator[str]:
    """Yield ``plain`` with one pair of look-alike letters swapped."""
    if plain[0] in "il":
        yield ("l" if plain[0] == "i" else "i") + plain[1:]
    for wrong, right in (("i", "l"), ("l", "i"), ("q", "g"), ("c", "e")):
        if plain.count(wrong) == 1:
            yield plain.replace(wrong, right)

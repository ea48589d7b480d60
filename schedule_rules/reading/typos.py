"""Undo what print and OCR do to text and words, and never more than that.

Every repair of a whole text keeps its length, so that a place found in the
repaired text is the same place in the original.  For a damaged *word* this
only names what it may have been: letters that look alike are changed, letters
that stand twice are doubled, so that "rolling" is no "polling".  Whether one
of these is a word of the language is left to ``lexicon``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d\u02d7\u2500\u30fc\u223c"
_BLANKS = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\f\v"
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
# full-width forms, then all that is written in many ways
_ODD = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_ODD |= dict.fromkeys(_DASHES + "\uff5e", "-") | dict.fromkeys(_BLANKS, " ")
_ODD |= dict.fromkeys("\u2019\u2018\u00b4\u02bc\uff07", "'") | dict.fromkeys("→⟶➔➜⇒►▶", ">")
_ODD |= dict(zip(_SUPERSCRIPTS + _SUBSCRIPTS, "0123456789" * 2, strict=True))
_ODD |= {"\u00d7": "x", "\u2044": "/", "\u2215": "/"}
_EVEN = str.maketrans(_ODD)
_ODDITIES = re.compile("[" + "".join(map(re.escape, _ODD)) + "]")
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
    """Return ``text`` with odd characters, digits and dashes put right; the length stays.

    >>> mend("3l.l2.2O25 — 2 9gr/år, fort1öpande")
    '31.12.2025 - 2 ggr/år, fortlöpande'
    """
    if not text.isascii():
        text = _NOTE_MARK.sub(" ", text).translate(_EVEN) if _ODDITIES.search(text) else text
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
    r"""Return ``word`` in lower case, without accents, soft hyphens and broken lines.

    >>> fold("Vuo-\nsittäin")
    'vuosittain'
    """
    lower = word.lower()
    if lower.isascii() and "-" not in lower and "'" not in lower:
        return lower
    plain = unicodedata.normalize("NFKD", _BREAK.sub("", lower.translate(_SPECIAL)))
    return "".join(char for char in plain if not unicodedata.combining(char))


_JOINTS = str.maketrans("", "", "-.:")


def key(word: str) -> str:
    """Return the form under which a vocabulary keeps ``word``: folded, dots and hyphens gone.

    >>> key("t.o.m."), key("Läsårs-")
    ('tom', 'lasars')
    """
    return fold(word).translate(_JOINTS)


@lru_cache(maxsize=16384)
def skeleton(word: str) -> str:
    """Return the form in which the words of a phrase are compared: an "rn" may be an "m", an é an ö.

    >>> skeleton("löpande") == skeleton("lépande"), skeleton("rnars")
    (True, 'mars')
    """
    return key(word.lower().replace("é", "ö")).replace("rn", "m")


def candidates(word: str) -> Iterator[str]:
    """Yield what a damaged word may have been, folded, the likeliest first.

    >>> list(candidates("Fortlépande"))[0], list(candidates("rnaj"))[0]
    ('fortlopande', 'maj')
    """
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
    if plain[0] in "il":
        yield ("l" if plain[0] == "i" else "i") + plain[1:]
    for wrong, right in (("i", "l"), ("l", "i"), ("q", "g"), ("c", "e")):
        if plain.count(wrong) == 1:
            yield plain.replace(wrong, right)


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
    """Yield ``plain`` with one letter changed for one that looks like it.

    >>> list(near("maj"))
    ['moj', 'mai']
    """
    for at, letter in enumerate(plain):
        for other in _LOOK_ALIKE.get(letter, ""):
            yield plain[:at] + other + plain[at + 1 :]


def misspelt(plain: str) -> Iterator[str]:
    """Yield ``plain`` with one letter doubled or a double one halved: rougher than ``near``.

    >>> list(misspelt("mall"))
    ['mmall', 'maall', 'malll', 'malll', 'mal']
    """
    for at, letter in enumerate(plain):
        yield plain[:at] + letter + plain[at:]
    for match in _TWICE.finditer(plain):
        yield plain[: match.start()] + plain[match.start() + 1 :]


def shorter(plain: str) -> Iterator[str]:
    """Yield ``plain`` without each of its letters.

    >>> list(shorter("maj"))
    ['aj', 'mj', 'ma']
    """
    for at in range(len(plain)):
        yield plain[:at] + plain[at + 1 :]


def is_slip(plain: str, name: str, *, any_letter: bool) -> bool:
    """Tell whether ``plain`` is ``name`` with one slip of the keyboard; the first letter is right.

    Two neighbours changed places, a letter is missing inside or stands twice; or (``any_letter``) is another.

    >>> [is_slip(word, "march", any_letter=False) for word in ("mrach", "mach", "marrch", "match")]
    [True, True, True, False]
    """
    if not plain or plain[0] != name[0] or plain == name:
        return False
    more = len(plain) - len(name)
    at = next((at for at, (one, other) in enumerate(zip(plain, name, strict=False)) if one != other), min(
        len(plain), len(name)
    ))  # fmt: skip
    if more == 0:
        swapped = plain[at : at + 2] == name[at : at + 2][::-1] and plain[at + 2 :] == name[at + 2 :]
        return swapped or (any_letter and plain[at + 1 :] == name[at + 1 :])
    if more == 1:
        return plain[at + 1 :] == name[at:] and (any_letter or plain[at] == plain[at - 1])
    inside = at < len(name) - 1
    return more == -1 and plain[at:] == name[at + 1 :] and (inside or any_letter)


def halves(plain: str) -> Iterator[tuple[str, str]]:
    """Yield the two words that a thin slash may have made one.

    >>> list(halves("krtlvuosi"))
    [('krt', 'vuosi')]
    """
    for at in range(2, len(plain) - 1):
        if plain[at] in _THIN:
            yield plain[:at], plain[at + 1 :]


def numbered(raw: str) -> tuple[str, str] | None:
    """Return the letters that may be a number before a word of times, and that word.

    >>> numbered("lOkrt")
    ('lO', 'krt')
    """
    match = _NUMERAL.fullmatch(raw)
    return (match[1], match[2]) if match else None

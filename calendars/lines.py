r"""Content lines: TEXT values escaped once, lines folded (RFC 5545 sections 3.1 and 3.3.11).

icalendar 7.3 writes the lines; two things are mended here. Its fold cuts an escaped backslash in two, and its
escape turns the characters ``\N`` of a text into a line break.
"""

from __future__ import annotations

import re
import unicodedata

from icalendar import Component, vText

from schedule_rules.programme import Lang

_LIMIT = 75
_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_JOINER = "\N{ZERO WIDTH JOINER}"
# Accents, variation selectors, and (Sk) the skin tones of emoji.
_MARKS = frozenset({"Mn", "Mc", "Me", "Sk"})


class PlainText(vText):
    """A TEXT value as it is meant: a backslash is a backslash, whatever follows it."""

    __slots__ = ()

    def to_ical(self) -> bytes:
        """Return the value escaped once, without control characters (section 3.3.11)."""
        return escape(str(self)).encode()


def plain(text: str, lang: Lang | None = None) -> PlainText:
    """Return ``text`` as a TEXT value, with LANGUAGE when ``lang`` is given (section 3.2.10)."""
    return PlainText(text, params={"LANGUAGE": lang} if lang else None)


def escape(text: str) -> str:
    """Escape backslash, semicolon, comma and line break, each once (section 3.3.11)."""
    text = _CONTROLS.sub("", _BREAKS.sub("\n", text)).replace("\\", "\\\\")
    return text.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def write(component: Component) -> list[bytes]:
    """Return the folded lines of ``component``, its BEGIN first and its END last."""
    return [fold_lines(line) for line in component.content_lines() if line]


def fold_lines(line: str) -> bytes:
    """Fold at 75 octets, between characters as a reader sees them, never inside an escape."""
    raw = line.encode()
    if len(raw) <= _LIMIT:
        return raw
    parts, begin, room = [], 0, _LIMIT
    while len(raw) - begin > room:
        stop = _cut(raw, begin, begin + room)
        parts.append(raw[begin:stop])
        begin, room = stop, _LIMIT - 1
    parts.append(raw[begin:])
    return b"\r\n ".join(parts)


def _cut(raw: bytes, begin: int, stop: int) -> int:
    """Return the last place up to ``stop`` where a line may be folded.

    A cluster longer than a line (a letter with forty accents) is cut between
    code points: the limit is the stronger rule.
    """
    last = place = _before_escape(raw, begin, _before_character(raw, stop))
    while place > begin and _inside_cluster(raw, place):
        place = _before_escape(raw, begin, _before_character(raw, place - 1))
    return place if place > begin else last


def _before_character(raw: bytes, place: int) -> int:
    while raw[place] & 0xC0 == 0x80:
        place -= 1
    return place


def _before_escape(raw: bytes, begin: int, place: int) -> int:
    """Step before a backslash that escapes what follows: one that ends an odd run."""
    run = place
    while run > begin and raw[run - 1] == 0x5C:
        run -= 1
    return place - 1 if (place - run) % 2 else place


def _inside_cluster(raw: bytes, place: int) -> bool:
    after = raw[place : place + 4].decode(errors="ignore")[:1]
    before = raw[_before_character(raw, place - 1) : place].decode(errors="ignore")
    return _JOINER in {before, after} or unicodedata.category(after or " ") in _MARKS

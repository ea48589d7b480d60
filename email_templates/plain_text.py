"""Plain text: one clean line, a cut between words, wrapped paragraphs, a table of characters.

Words are left to the catalogue, layout of whole mails to the templates.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

SUBJECT_LIMIT: Final = 70
DOT: Final = "\N{NO-BREAK SPACE}· "
WIDTH: Final = 76
_BESIDE: Final = 26
_NUMBER: Final = 4

_INVISIBLE: Final = re.compile("[\u00ad\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
_LOOSE_END: Final = " ,;:.–—-(/&"
_LOOSE_NUMBER: Final = re.compile(r"(?<!\s)\s+\d+([–-]\d+)?$")


def clean(text: str) -> str:
    """Return ``text`` on one line, without control characters and forced writing directions.

    Soft hyphens and other marks without width go too, no-break spaces stay, and
    all other white space becomes single spaces.
    """
    text = _INVISIBLE.sub("", text).replace("\N{NO-BREAK SPACE}", "\0")
    text = re.sub(r"[\s\u2028\u2029]+", " ", text).replace("\0", "\N{NO-BREAK SPACE}")
    return "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cs"}).strip()


def years_together(text: str) -> str:
    """Keep a range such as *2023–2026* on one line, and a hyphen that stands for a word with its word.

    For html, never for text or subjects: *oikeuksista ja -velvollisuuksista*.
    """
    text = re.sub(r"(?<=\d)[–-](?=\d)", "\N{WORD JOINER}\\g<0>\N{WORD JOINER}", text)
    return re.sub(r"(?<!\S)-(?=\w)", "-\N{WORD JOINER}", text)


def counted(n: int, noun: str) -> str:
    """Return how many of something in English, the language of commands: *1 mail*, *2 addresses*."""
    return f"{n} {noun}" + ("" if n == 1 else "es" if noun.endswith("s") else "s")


def capital(text: str) -> str:
    """Return ``text`` with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def cut(text: str, limit: int = SUBJECT_LIMIT) -> str:
    """Return ``text``, cut between words and ended with "…" where it is longer than ``limit``."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    if not text[limit - 1].isspace():
        head = head.rpartition(" ")[0] or head
    head = head.rstrip(_LOOSE_END)
    if (whole := _LOOSE_NUMBER.sub("", head).rstrip(_LOOSE_END)) and text[len(head)].isspace():
        head = whole  # a number without what it counts says nothing
    return head + "…"


def subject_line(text: str) -> str:
    """Return a subject: one line of at most 70 characters, ordinary spaces."""
    visible = "".join(c for c in clean(text) if unicodedata.category(c) != "Cf")
    return cut(" ".join(visible.split()).rstrip(" :"))


def fill(text: str, indent: str = "") -> str:
    """Wrap a paragraph; long words and links stay whole."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def with_query(url: str, **values: str) -> str:
    """Return ``url`` with plain values added to its query."""
    for name, value in values.items():
        url += f"{'&' if '?' in url else '?'}{name}={value}"
    return url


def underlined(text: str, mark: str = "-") -> str:
    """Return a heading with a line under it."""
    heading = fill(text)
    return f"{heading}\n{mark * min(max(map(len, heading.splitlines()), default=0), WIDTH)}"


def table(header: Sequence[str], groups: Iterable[tuple[str, Iterable[Sequence[str]]]]) -> str:
    """Draw a header and named groups of rows; the second column takes what the others leave, and wraps."""
    material = [(name, [tuple(row) for row in rows]) for name, rows in groups]
    lines = [tuple(header), *(row for _, rows in material for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(header))]
    widths[1] = max(24, min(widths[1], WIDTH - sum(widths) + widths[1] - 3 * (len(widths) - 1)))
    rule = "-+-".join("-" * width for width in widths)
    drawn = [_row(header, widths), rule]
    for name, rows in material:
        drawn += [fill(name), *(_row(row, widths) for row in rows), rule]
    return "\n".join(drawn)


def numbered_list(groups: Iterable[tuple[str, Iterable[tuple[str, str, str, str]]]]) -> str:
    """Draw named groups of rows: number, title, note, and what stands beside the title where it has room."""
    drawn = []
    for name, rows in groups:
        lines = [underlined(name), ""] if name else []
        for number, title, note, beside in rows:
            fits = len(beside) <= _BESIDE
            titles = textwrap.wrap(title, WIDTH - 4 - (_BESIDE + 2) * fits, break_on_hyphens=False) or [""]
            if fits:
                titles[0] = f"{titles[0]:<{WIDTH - 6 - _BESIDE}}  {beside}".rstrip()
            lines += [f"{number:<4}{titles[0]}" if len(number) < _NUMBER else f"{number} {titles[0]}"]
            lines += [f"    {one}" for one in titles[1:]]
            lines += [] if fits else [fill(beside, "    ")]
            lines += [fill(note, "    "), ""] if note else [""]
        drawn.append("\n".join(lines).rstrip())
    return "\n\n".join(drawn)


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    wrapped = [
        textwrap.wrap(cell, width, break_on_hyphens=False) or [""]
        for cell, width in zip(cells, widths, strict=True)
    ]
    height = max(map(len, wrapped))
    columns = [column + [""] * (height - len(column)) for column in wrapped]
    return "\n".join(
        " | ".join(part.ljust(width) for part, width in zip(line, widths, strict=True)).rstrip()
        for line in zip(*columns, strict=True)
    )

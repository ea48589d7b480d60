"""Text as people typed it and paper broke it, as running words: blanks, line breaks, bullets, mark-up.

What damaged words may have been is left to ``schedule_rules``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from reminders.intake.languages import FURTHER
from reminders.intake.vocabulary import DocumentWords
from schedule_rules.programme import TextLang
from schedule_rules.reading import fold

_BULLET = re.compile(r"^\s*(?:[•●▪■◦‣∙·»«\uf0b7]|[*=+](?=\s|[A-ZÅÄÖ])|[-–](?=\s))\s*")
_INNER = re.compile(r"(?:(?<!\s)\s+)?[•●▪■◦‣\uf0b7]\s*")
_BREAK = re.compile(r"<br\s*/?>|</(?:li|p|div|ul|ol)>", re.IGNORECASE)
_ITEM = re.compile(r"<li[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_LINK = re.compile(r"!?\[([^\]\[]{0,300})\]\([^()\s]{0,500}\)")
_STRONG = re.compile(r"(\*\*\*|\*\*|__)(?=\S)(.{1,300}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_\n]{1,300}?)(?<=[^\s*_])\1(?![\w*])")
_HYPHEN = re.compile(r"(?<=[^\W_])([\u00ad\u2010\u2011-])[ \t]*\n\s*(?=([^\W\d_]{1,20}))")
_LAST_WORD = re.compile(r"[^\W_]+$")
_WIDEST = 40
_PENDING = re.compile(
    r"(?<=[^\W_])[\u2010\u2011-] *\n\s*(?=(?:ja|tai|eli|och|eller|and|or|sekä|samt"
    + "".join(rf"|{word}" for one in FURTHER.values() for word in one.conjunctions if word.isalpha())
    + r")\b)"
)
_RANGE = re.compile(r"(?<=\d)(?:([–-])[ \t]*\n\s*|[ \t]*\n\s*([–-]))(?=\d)")

_VOWELS = frozenset("aeiouyåäöæø")
# Months and seasons as they stand before a hyphen in a range: "touko-kesäkuu", "maj-juni".
_MONTHS = (
    "tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu",
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
    "november", "december", "januar", "februar", "mai", "august", "desember", "kevät", "vår", "höst",
)  # fmt: skip
# First parts that a hyphen follows wherever they stand, and pairs that one stands between.
_PREFIXES = frozenset(("non", "self", "cross", "icke"))
_HYPHENED = re.compile(
    r"(?:long|short|medium|mid|near) term|(?:low|zero|net) (?:carbon|zero|emission)s?|well being"
    r"|multi (?:agency|year|use)|year (?:end|round)|follow up|part time|full time"
)

FEED_NAMES = ("all", "events", "deadlines", "meetings")
"""No domain or organisation has one of them as its key."""

_LONGEST_SHOWN = 60
_LONGEST_NAME = 120


def squeeze(text: str) -> str:
    """Return ``text`` on one line with single blanks."""
    return " ".join(text.replace("\u00ad", "").split())


def unwrap(text: str) -> str:
    """Join lines that paper broke: a hyphen goes where it only parted a word, a word's own stays."""
    text = _RANGE.sub(lambda found: found[1] or found[2], text)
    return squeeze(_HYPHEN.sub(_joint, _PENDING.sub("- ", text)))


def _joint(found: re.Match[str]) -> str:
    """Return what stands between the two parts of a word that a line ended in: a hyphen or nothing."""
    mark, after = found[1], found[2]
    before = _LAST_WORD.search(found.string[max(0, found.start() - _WIDEST) : found.start()])
    first = before[0] if before else ""
    if first.isdigit() and len(first) == len("2025"):
        return found[0]  # years: a range that goes on without an end, not a word
    return "-" if mark == "\u2011" or (mark != "\u00ad" and _has_hyphen(first, after)) else ""


def _has_hyphen(first: str, second: str) -> bool:
    """Tell whether a word of two parts is written with a hyphen, so that it is no mark of the paper's.

    It stands between two equal vowels ("vapaa-aika"), after a single letter, a number or letters for words
    ("e-tjänst", "70-vuotiaat", "ELY-keskus"), before a capital, between two months.
    """
    last = first[-1:].lower()
    if second[0].isupper() or len(first) < 2 or first[-1].isdigit() or first.isupper():
        return True
    if last == second[0] and last in _VOWELS:
        return True
    small = first.lower()
    months = small in _MONTHS and second.startswith(_MONTHS)
    return months or small in _PREFIXES or _HYPHENED.fullmatch(f"{small} {second}") is not None


def strip_markup(text: str) -> str:
    """Return the text of a Markdown or HTML cell; list items begin with a bullet on their own line."""
    text = _ITEM.sub("\n• ", text)
    text = _BREAK.sub("\n", text)
    text = _LINK.sub(r"\1", text)
    text = html.unescape(_TAG.sub("", text))
    text = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))
    return re.sub(r"\\([\\`*_{}\[\]()#+.!|-])", r"\1", text).replace("• • ", "• ")


def is_bullet(line: str) -> bool:
    """Tell whether a line begins with the mark of a list."""
    return bool(_BULLET.match(line))


def without_bullet(line: str) -> str:
    """Return a line without the mark of a list."""
    return _BULLET.sub("", line, count=1).strip()


def bullet_lines(text: str, *, wraps: bool) -> tuple[str, ...]:
    """Return the items of a cell: cut at bullets or, where it has none, at the writer's own line breaks.

    ``wraps`` tells that a line break is the paper's, not the writer's.
    """
    lines = _INNER.sub("\n• ", text).strip().split("\n")
    has_bullets = any(map(is_bullet, lines))
    items: list[str] = []
    for line in lines:
        before, first = items[-1].rstrip() if items else "", line.strip()[:1]
        if has_bullets:
            goes_on = not is_bullet(line)
        else:
            goes_on = wraps or not first or first.islower() or before[-1:] in {"-", ",", ""}
        if items and goes_on:
            items[-1] += "\n" + line
        else:
            items.append(line)
    return tuple(filter(None, (unwrap(without_bullet(item)) for item in items)))


@lru_cache(maxsize=8192)
def plain_words(text: str) -> str:
    """Return words for comparing: folded, punctuation to blanks, single blanks."""
    return " ".join(re.findall(r"[^\W_]+", fold(text.replace("’", "'"))))


def excerpt(text: str) -> str:
    """Return a text from a file that is safe and short enough to be shown in one line."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return printable if len(printable) <= _LONGEST_SHOWN else f"{printable[:_LONGEST_SHOWN]}…"


def file_label(name: str) -> str:
    """Return a file's name as it can be shown: in one line, without control characters, not endless."""
    shown = "".join(char if char.isprintable() else "?" for char in name)
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[: _LONGEST_NAME - 1]}…"


def word_sets(
    fi: str, sv: str, en: str, further: Callable[[DocumentWords], str]
) -> Mapping[TextLang, frozenset[str]]:
    """Return the words of each language as sets; they are given with blanks between.

    ``further`` takes those of a further language from its vocabulary.
    """
    texts = {"fi": fi, "sv": sv, "en": en, **{lang: further(one) for lang, one in FURTHER.items()}}
    return {lang: frozenset(text.split()) for lang, text in texts.items()}


def capitalised(text: str) -> bool:
    """Tell whether the first letter is a capital."""
    return next((char for char in text if char.isalpha()), "").isupper()

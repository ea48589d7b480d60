"""What an entry and a feed say, in one language (design: language.md section 4).

Plain text without markup. Escaping and folding are left to ``lines``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from calendars.event import Entry, localised
from calendars.words import WORDS, Words
from schedule_rules.programme import Lang, Text

# White space but the no-break ones, which keep dates and numbers together.
_BLANKS = re.compile(r"[^\S\u00a0\u202f]+")


def one_line(text: str) -> str:
    """Return ``text`` on one line, its runs of blanks and line breaks as single blanks."""
    return _BLANKS.sub(" ", text).strip()


def summary(entry: Entry, lang: Lang) -> str:
    """Return the SUMMARY: what it is, then the title; provisional and cancelled are said."""
    words = WORDS[lang]
    tentative = entry.kind == "event" and entry.status == "tentative"
    pattern: str = words.tentative if tentative else getattr(words, entry.kind)
    text = pattern.format(title=one_line(entry.title.get(lang)), year=entry.year)
    text = f"✓ {text}" if entry.done else text
    return words.cancelled.format(title=text) if entry.status == "cancelled" else text


def description(entry: Entry, lang: Lang) -> str:
    """Return the DESCRIPTION, a line each: who, the programme's words, how sure, the link."""
    return "\n".join(line for line in _lines(entry, lang) if line)


def place(entry: Entry, lang: Lang) -> str:
    """Return the LOCATION: the place, and the link of a webinar for clients without CONFERENCE."""
    return ", ".join(part for part in (one_line(entry.location.get(lang)), entry.conference) if part)


def at_sentence_place(day: date, lang: Lang) -> str:
    """Return ``day`` as it stands in a sentence: tiistaina 14.1.2025, Tuesday 14 January 2025."""
    words = WORDS[lang]
    weekday, month = words.weekdays[day.weekday()], words.months[day.month - 1]
    return words.date.format(weekday=weekday, day=day.day, month=month, year=day.year)


def _lines(entry: Entry, lang: Lang) -> Iterator[str]:
    words = WORDS[lang]
    yield _names(entry.organisations, lang, words.responsible, words.responsibles)
    yield _names(entry.partners, lang, words.partner, words.partners)
    yield _quoted(entry.wording, lang, words.wording)
    yield _quoted(entry.indicator, lang, words.indicator)
    yield _form(entry, lang, words)
    yield words.assumed if entry.date_assumed and entry.status != "cancelled" else ""
    yield from (one_line(line.get(lang)) for line in entry.lines)
    yield localised(entry.url, lang)


def _names(names: tuple[Text, ...], lang: Lang, one: str, several: str) -> str:
    joined = ", ".join(one_line(name.get(lang)) for name in names)
    return (one if len(names) == 1 else several).format(names=joined) if joined else ""


def _quoted(text: Text, lang: Lang, pattern: str) -> str:
    words = one_line(text.get(lang))
    return pattern.format(words=words) if words else ""


def _form(entry: Entry, lang: Lang, words: Words) -> str:
    if entry.opens is None or entry.closes is None:
        return ""
    return words.form.format(
        opens=at_sentence_place(entry.opens, lang), closes=at_sentence_place(entry.closes, lang)
    )

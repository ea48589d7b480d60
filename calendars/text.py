"""What entries and feeds say in three languages (design: language.md 4), as text that ``lines`` escapes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from calendars.event import Entry, localised
from schedule_rules.programme import LANGUAGES, Lang, Text

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
    """Return the DESCRIPTION, a line each: what it is, who, the programme's words, how sure, the link."""
    words, form = WORDS[lang], ""
    if entry.opens is not None and entry.closes is not None:
        opens, closes = (day_in_sentence(day, lang) for day in (entry.opens, entry.closes))
        form = words.form.format(opens=opens, closes=closes)
    lines = (
        *map(one_line, entry.details.get(lang).splitlines()),
        words.sign_up.format(link=entry.sign_up) if entry.sign_up else "",
        _names(entry.organisations, lang, words.responsible, words.responsibles),
        _names(entry.partners, lang, words.partner, words.partners),
        _quoted(entry.wording, lang, words.wording),
        _corrected(entry, lang),
        _quoted(entry.indicator, lang, words.indicator),
        form,
        words.assumed if entry.date_assumed and entry.status != "cancelled" else "",
        *(one_line(line.get(lang)) for line in entry.lines),
        localised(entry.url, lang),
    )
    return "\n".join(line for line in lines if line)


def location(entry: Entry, lang: Lang) -> str:
    """Return the LOCATION: the place, and the link of a webinar for clients without CONFERENCE."""
    return ", ".join(part for part in (one_line(entry.location.get(lang)), entry.conference) if part)


def day_in_sentence(day: date, lang: Lang) -> str:
    """Return ``day`` as it stands in a sentence: tiistaina 14.1.2025, Tuesday 14 January 2025."""
    words = WORDS[lang]
    weekday, month = words.weekdays[day.weekday()], words.months[day.month - 1]
    return words.date.format(weekday=weekday, day=day.day, month=month, year=day.year)


def _names(names: tuple[Text, ...], lang: Lang, one: str, several: str) -> str:
    joined = ", ".join(one_line(name.get(lang)) for name in names)
    return (one if len(names) == 1 else several).format(names=joined) if joined else ""


def _corrected(entry: Entry, lang: Lang) -> str:
    if entry.corrected_on is None or not (to := one_line(entry.corrected.get(lang))):
        return ""
    return WORDS[lang].corrected.format(on=day_in_sentence(entry.corrected_on, lang), words=to)


def _quoted(text: Text, lang: Lang, pattern: str) -> str:
    words = one_line(text.get(lang))
    return pattern.format(words=words) if words else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The texts of one language, as its file in ``locale`` has them; those in braces are filled in."""

    milestone: str
    review: str
    collection: str
    event: str
    meeting: str
    tentative: str
    cancelled: str
    responsible: str
    responsibles: str
    partner: str
    partners: str
    wording: str
    corrected: str
    indicator: str
    form: str
    sign_up: str
    assumed: str
    deadlines: str
    events: str
    all: str
    about_deadlines: str
    about_events: str
    about_all: str
    empty: str
    date: str
    weekdays: tuple[str, ...]
    months: tuple[str, ...]


def _read(lang: Lang) -> Words:
    file = files("calendars") / "locale" / f"{lang}.toml"
    texts: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    return Words(**texts | {name: tuple(texts[name]) for name in ("weekdays", "months")})


WORDS: Mapping[Lang, Words] = {lang: _read(lang) for lang in LANGUAGES}

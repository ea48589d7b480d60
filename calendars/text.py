"""What entries and feeds say in three languages (design: language.md 4), as text that ``lines`` escapes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any, Final

from calendars.event import Entry, Kind, localised
from schedule_rules.programme import LANGUAGES, Lang, Programme, Text

# White space but the no-break ones, which keep dates and numbers together.
_BLANKS = re.compile(r"[^\S\u00a0\u202f]+")


SHORT: Final = 40
"""The most characters of a short name."""
_YEARS: Final = re.compile(r"(,? (för åren|for the years|for|vuosille|för))? \d{4}\s*[–—-]\s*\d{4}$")
_ARTICLE: Final = re.compile(r"^The ")
_MARKS: Final = " ,;:.–-(/+"
_JOINING: Final[Mapping[Lang, str]] = {
    "fi": "ja sekä tai eli että kuten",
    "sv": "och samt eller som för av i på med till från om",
    "en": "and or the a an of for in on at to with by from as",
}
"""Words that do not end a short name."""
_ENDS_NOTHING: Final = frozenset(word for words in _JOINING.values() for word in words.split()) | {""}
_PATTERNS: Final[Mapping[Kind, Callable[[Words], str]]] = {
    "milestone": lambda words: words.milestone,
    "review": lambda words: words.review,
    "collection": lambda words: words.collection,
    "event": lambda words: words.event,
    "meeting": lambda words: words.event,
}


def one_line(text: str) -> str:
    """Return ``text`` on one line, its runs of blanks and line breaks as single blanks."""
    return _BLANKS.sub(" ", text).strip()


def summary(entry: Entry, lang: Lang) -> str:
    """Return the SUMMARY: what it is, then the title; provisional and cancelled are said."""
    words = WORDS[lang]
    tentative = entry.kind == "event" and entry.status == "tentative"
    pattern: str = words.tentative if tentative else _PATTERNS[entry.kind](words)
    text = pattern.format(title=one_line((entry.short or entry.title).get(lang)), year=entry.year)
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
        _full_title(entry, lang),
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


def short_name(title: str) -> str:
    """Return a short name proposed for ``title``: at most ``SHORT`` characters, cut between words.

    A word that joins or points ahead (and, for, the), a comma or a bracket does not stand last; of a first
    word that is too long itself, only its beginning is left.
    """
    words = one_line(title)
    if len(words) <= SHORT:
        return words
    cut = words[:SHORT]  # one character of the name is the mark that something was left out
    kept = cut[: SHORT - 1].rpartition(" ")[0] if cut[-1] != " " else cut.rstrip()
    parts = kept[: SHORT - 1].split(" ")
    while len(parts) > 1 and parts[-1].strip(_MARKS).casefold() in _ENDS_NOTHING:
        parts.pop()
    return (" ".join(parts).rstrip(_MARKS) or words[: SHORT - 1]) + "…"


def without_years(name: str) -> str:
    """Return a programme's name without the years that it ends with, and without its article."""
    return _YEARS.sub("", _ARTICLE.sub("", one_line(name)))


def short_names(title: Text, chosen: Text) -> Text:
    """Return the short name in each language: the chosen one, else one proposed; nothing: the title."""
    proposed = {lang: short_name(words) for lang, words in title.as_dict().items()}
    short = Text(**{**proposed, **chosen.as_dict()})
    return Text() if short == title else short


def calendar_name(programme: Programme) -> Text:
    """Return the short name of a programme: the chosen one, else its name without the years, cut."""
    bare = Text(**{lang: without_years(name) for lang, name in programme.name.as_dict().items()})
    return short_names(bare, programme.short_name) or bare


def _full_title(entry: Entry, lang: Lang) -> str:
    """Return the whole title where the summary has a short name or none of it."""
    whole, short = (one_line(text.get(lang)) for text in (entry.title, entry.short))
    return whole if short and short != whole else ""


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
    what_deadlines: str
    what_events: str
    what_meetings: str
    what_all: str
    about_deadlines: str
    about_events: str
    about_meetings: str
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

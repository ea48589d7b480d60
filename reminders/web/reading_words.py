"""How a wording was read, in words: a schedule with its days, a frequency, a place in a file. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from email_templates import dates
from reminders.intake.said import Said
from reminders.web.words import catalogue, say
from schedule_rules.programme import Action, Lang
from schedule_rules.reading import normalise
from schedule_rules.schedule import Frequency, Kind, Schedule

_PLACE: Final = re.compile(r"(?<![^\s(,])(sheet|table|page|row|line|cell)(?= \S)")
_WHOLE: Final = re.compile(r"the (file|name|archive|document|workbook|command)\b")
_TOLD: Final = re.compile(r"([a-z_]+) (\d{4}-\d\d-\d\d|…)/(\d{4}-\d\d-\d\d|…)")
_AFTER: Final = re.compile(r"(\S+) after (\d{4}-\d\d-\d\d)")
_KINDS: Final[tuple[Kind, ...]] = (
    "single", "range", "open_range", "continuous", "recurring", "relative", "unspecified", "none",
)  # fmt: skip


def schedule_words(found: Schedule, lang: Lang) -> str:
    """Say what a schedule means: its kind, its days, how often."""
    often = frequency_words(found.frequency, lang) if found.frequency else ""
    return ", ".join(part for part in (_kind_words(found, lang), often) if part)


def _kind_words(found: Schedule, lang: Lang) -> str:
    start, end = found.start, found.end
    if start and end:
        # A date never breaks: a word joiner after the dash.
        days = dates.span(start, end, lang).replace("–", "–\N{WORD JOINER}")
        return say(lang, "reading.span", kind=_kind(found.kind, lang), days=days)
    if start:
        return say(lang, "reading.from", on=dates.short(start, lang))
    if end:
        return say(lang, "reading.by", on=dates.short(end, lang))
    return _kind(found.kind, lang)


def _kind(kind: Kind, lang: Lang) -> str:
    return say(lang, f"reading.kind.{kind.replace('_', '-')}")


def frequency_words(found: Frequency, lang: Lang) -> str:
    """Say how often: *4–5 krt/v*, *2 krt/kk*."""
    low, high = found.times_min, found.times_max
    if low is None or high is None:
        times = f"≥\N{NO-BREAK SPACE}{low}" if high is None else f"≤\N{NO-BREAK SPACE}{high}"
    else:
        times = str(low) if low == high else f"{low}–{high}"
    rate = say(lang, f"timeline.per-{found.per}", times=times)
    return say(lang, "reading.every", rate=rate, interval=found.interval) if found.interval > 1 else rate


def nearest_words(action: Action, lang: Lang) -> str:
    """Say how each language's schedule is read, or what comes nearest; equal readings together."""
    read: dict[str, list[str]] = {}
    for code, wording in action.schedule.as_dict().items():
        found = normalise(wording, code)
        nearest = found if isinstance(found, Schedule) else found.nearest
        if nearest:
            read.setdefault(schedule_words(nearest, lang), []).append(code)
    if len(read) == 1:
        return next(iter(read))
    return "; ".join(f"{', '.join(codes)}: {words}" for words, codes in read.items())


def detail_words(detail: str, lang: Lang) -> str:
    """Say what an import made of some words; what is not of a known form stays as it is."""
    told = _TOLD.fullmatch(detail)
    kind = next((one for one in _KINDS if told and one == told[1]), None)
    if told and kind:
        return schedule_words(Schedule("", kind, _day(told[2]), _day(told[3])), lang)
    if after := _AFTER.fullmatch(detail):
        day = dates.short(date.fromisoformat(after[2]), lang)
        return say(lang, "reading.after", written=after[1], on=day)
    return place_words(detail, lang) if _PLACE.search(detail) else detail


def problem_words(words: str, lang: Lang) -> str:
    """Say what is wrong in a file, or what was expected; what has no code is of the file and stays."""
    if not isinstance(words, Said):
        return words
    values = {
        name: problem_words(value, lang) if isinstance(value, str) else value
        for name, value in words.values.items()
    }
    return catalogue().say(lang, f"problem.{words.code}", None, **values)


def place_words(place: str, lang: Lang) -> str:
    """Say a place in a file: *rivi 12*, *taulukko 1, rivi 4*."""
    whole = _WHOLE.match(place)
    if whole:
        return say(lang, f"place.{whole[1]}") + place_words(place[whole.end() :], lang)
    return _PLACE.sub(lambda word: say(lang, f"place.{word[1]}"), place)


def _day(text: str) -> date | None:
    return None if text == "…" else date.fromisoformat(text)

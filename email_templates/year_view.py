"""The unit's year as its reader sees it: a heading, a line a date, a series or a target.

In a mail of its own or below the items of a day's mail. Words are left to the
catalogue, what a unit has to ``reminders``.
"""

from __future__ import annotations

from dataclasses import dataclass

from email_templates import dates, words
from email_templates.letters import YearList, YearRow
from email_templates.text import DOT, clean
from email_templates.words import say
from schedule_rules.programme import Lang


@dataclass(frozen=True, slots=True)
class YearLine:
    """When and what, then the action's title."""

    when: str
    title: str


@dataclass(frozen=True, slots=True)
class YearPart:
    """One list; ``heading`` is empty where the mail's own says it."""

    heading: str
    note: str
    rows: tuple[YearLine, ...]


def year_part(one: YearList, lang: Lang, *, alone: bool, named: bool) -> YearPart:
    """Return a list in ``lang``; ``alone``: it is the whole mail; ``named``: it says its programme."""
    heading = say(lang, "year.heading", year=one.year)
    if named:
        heading = f"{clean(one.programme.get(lang))}: {heading[:1].lower()}{heading[1:]}"
    rows = tuple(YearLine(_when(row, lang), clean(row.title.get(lang))) for row in one.rows)
    return YearPart("" if alone and not named else heading, say(lang, "year.note"), rows)


def _when(row: YearRow, lang: Lang) -> str:
    if row.on is None:
        return _target(row, lang)
    day = dates.in_table(row.on, lang).replace(" ", dates.NBSP)
    if row.times > 1:
        return say(lang, "year.series", row.times, first=day)
    kind = words.kind(lang, row.kind)
    if row.kind == "event" and row.provisional:
        kind = f"{kind} ({words.event_status(lang, 'tentative')})"
    return DOT.join((day, kind))


def _target(row: YearRow, lang: Lang) -> str:
    least = row.minimum or 0
    if row.maximum is None:
        return say(lang, "year.at-least", least)
    times = dates.number(least, lang)
    if row.maximum != least:
        times = f"{times}–{dates.number(row.maximum, lang)}"
    return say(lang, "year.target", row.maximum, times=times)

"""A target with the dates entered towards it, in one language; the fields of another date. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from email_templates import dates
from reminders.due import World
from reminders.pace import Standing, Target, standing, targets
from reminders.store.held import HeldDate
from reminders.typed_date import typed_date
from reminders.web.words import say
from schedule_rules.programme import Lang

LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One date that was entered: by whom, with what note; ``mine``: the reader may take it away."""

    on: date
    organisation: str
    note: str
    by: str
    mine: bool

    @property
    def key(self) -> str:
        """What names it in a form."""
        return f"{self.on.isoformat()} {self.organisation} {self.note}".strip()


@dataclass(frozen=True, slots=True)
class HeldYear:
    """A year of a target: its count (*3/4–5*) in words, and its dates."""

    count: str
    rows: tuple[HeldRow, ...]


@dataclass(frozen=True)
class Field:
    """What was typed for another date, and by field what is wrong with it."""

    date: str = ""
    note: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class HeldView:
    """A target's dates: years, the newest first; ``first`` and ``last`` bound what may be entered."""

    action: str
    title: str
    years: tuple[HeldYear, ...]
    first: date
    last: date
    url: str = ""


def held_view(
    world: World,
    target: Target,
    entered: Iterable[HeldDate],
    mine: Iterable[str],
    today: date,
    lang: Lang,
    url: str = "",
) -> HeldView:
    """Return a target with its dates up to this year; ``mine`` are the reader's organisations."""
    rule, own = targets(world.programme)[target], set(mine)
    rows = [one for one in entered if (one.action, one.rule) == target]
    last = max(min(today.year, rule.end.year), rule.start.year, *(one.on.year for one in rows))
    days = [one.on for one in rows]
    years = tuple(
        HeldYear(
            counted(standing(rule, days, year, today), lang),
            tuple(_row(one, own, lang) for one in rows if one.on.year == year),
        )
        for year in range(last, rule.start.year - 1, -1)
    )
    title = world.programme.action_by_id[rule.action].title.get(lang)
    return HeldView(rule.action, title, years, rule.start, rule.end, url)


def _row(one: HeldDate, mine: set[str], lang: Lang) -> HeldRow:
    by = one.by or say(lang, "held.secretary")
    return HeldRow(one.on, one.organisation, one.note, by, one.organisation in mine)


def counted(found: Standing, lang: Lang) -> str:
    """Say how often so far: *Toteutunut 3/4–5 (2025)*."""
    least, most = dates.number(found.minimum, lang), found.maximum
    aim = least if most in {None, found.minimum} else f"{least}–{dates.number(most or 0, lang)}"
    count = f"{dates.number(found.held, lang)}/{aim}"
    return say(lang, "held.count", count=count, year=found.year)


def checked(typed: Field, view: HeldView, lang: Lang) -> tuple[date | None, Field]:
    """Return the day that was typed, None with what is wrong."""
    day = typed_date(typed.date)
    wrong = {}
    if day is None:
        wrong["date"] = say(lang, "dates.wrong-date", example=dates.short(view.last, lang))
    elif not view.first <= day <= view.last:
        first, last = dates.short(view.first, lang), dates.short(view.last, lang)
        wrong["date"] = say(lang, "dates.wrong-year", first=first, last=last)
    if len(typed.note) > LONGEST:
        wrong["note"] = say(lang, "held.too-long", most=dates.number(LONGEST, lang))
    return (None if wrong else day), Field(typed.date, typed.note, wrong)

"""The fields in which a unit sets a series' dates, and what is wrong with them. Pure.

They are fewer than the secretary's; what is read of them is read by ``series_form``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from email_templates import dates
from reminders.dispatch.series import dates_of
from reminders.typed_date import typed_date
from reminders.web.series_form import Reading, fields_of, read_series
from reminders.web.words import say
from schedule_rules.programme import KeptSeries, Lang, Text

RULE: Final = ("days", "nth", "weekday", "month", "months-off")
MOST: Final = 14
"""So many dates are proposed one by one; of a weekly series none is."""
SPARE: Final = 2
_OF_RULE: Final = ("first", "until", "list", "interval", "quiet")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The days that may be set, and the language that they are typed in."""

    first: date
    last: date
    lang: Lang


def proposed(old: KeptSeries, bounds: Bounds) -> dict[str, list[str]]:
    """Return the fields as the page opens: the series as it is, its dates of the year one by one."""
    fields = fields_of(old)
    days = [one.day for one in dates_of(old) if bounds.first <= one.day <= bounds.last]
    days = days if len(days) <= MOST else []
    return {
        "how": ["dates" if not old.rrule else "rule"],
        **{name: fields[name] for name in (*RULE, "at", "minutes", "video")},
        "place": [old.place.get(bounds.lang)],
        "date": [day.isoformat() for day in days] + [""] * SPARE,
    }


def read_dates(
    posted: Mapping[str, Sequence[str]], old: KeptSeries, bounds: Bounds
) -> tuple[KeptSeries, dict[str, str]]:
    """Return the series that a form says, confirmed, and by field what is wrong with it."""
    one_by_one = _first(posted, "how") == "dates" or not old.rrule
    listed, wrong = _dates(posted.get("date", ()), bounds) if one_by_one else ((), {})
    now = fields_of(old)
    values: dict[str, Sequence[str]] = {
        **now,
        **{name: posted.get(name, ()) for name in RULE},
        **{name: posted.get(name, ()) for name in ("at", "minutes", "video")},
        **_place(old.place, _first(posted, "place"), bounds.lang),
        "how": ["dates" if one_by_one else now["how"][0]],
        "first": [max(old.first, bounds.first).isoformat()],
        "list": ["\n".join(day.isoformat() for day in listed)],
        "state": ["confirmed"],
    }
    reading = Reading(bounds.lang, values)
    made = read_series(reading, old)
    found = {_field(name): words for name, words in reading.wrong.items()} | wrong
    if one_by_one and not listed:
        found.pop("how", None)
        found.setdefault(next(iter(wrong), "date-0"), say(bounds.lang, "dates.wrong-none"))
    return made, found


def _field(name: str) -> str:
    """Return which of the page's fields stands for one of the series' own."""
    return "place" if name.startswith("place-") else "how" if name in _OF_RULE else name


def _dates(typed: Iterable[str], bounds: Bounds) -> tuple[tuple[date, ...], dict[str, str]]:
    """Return the days that were typed, in order, and what is wrong with which."""
    found, wrong = set[date](), dict[str, str]()
    for place, text in enumerate(typed):
        day = typed_date(text) if text.strip() else None
        if day and bounds.first <= day <= bounds.last:
            found.add(day)
        elif text.strip():
            wrong[f"date-{place}"] = _wrong_day(day, bounds)
    return tuple(sorted(found)), wrong


def _wrong_day(day: date | None, bounds: Bounds) -> str:
    first, last = dates.short(bounds.first, bounds.lang), dates.short(bounds.last, bounds.lang)
    if day is None:
        return say(bounds.lang, "dates.wrong-date", example=last)
    return say(bounds.lang, "dates.wrong-year", first=first, last=last)


def _place(old: Text, typed: str, lang: Lang) -> dict[str, Sequence[str]]:
    """Return the place in each language: a new one stands in the writer's only, and so for all."""
    place = old if typed == old.get(lang) else Text(**{lang: typed})
    return {f"place-{one}": [getattr(place, one)] for one in ("fi", "sv", "en")}


def _first(posted: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(posted.get(name, ())), "").strip()


def when(at: time | None, minutes: int, lang: Lang) -> str:
    """Say the time of day: *klo 17.00–19.00*, nothing for a whole day."""
    if at is None:
        return ""
    ends = (at.hour * 60 + at.minute + minutes) % (24 * 60)
    return dates.between(at, time(ends // 60, ends % 60), lang) if minutes else dates.at(at, lang)

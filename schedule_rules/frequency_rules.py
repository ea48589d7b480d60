"""Frequencies to rules: an event series, a target, or the annual data collection.

Per day, week or month, and once a year, make a series on assumed dates; two or
more a year, a range and "at least" make a target (design: behaviour.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from schedule_rules.days import Span
from schedule_rules.programme import LANGUAGES, Action, Lang, Programme, Text
from schedule_rules.reading import find_frequencies
from schedule_rules.rule import (
    Basis,
    CollectionRule,
    EventRule,
    Finding,
    RecurrenceSet,
    Rule,
    TargetRule,
    expand,
)
from schedule_rules.schedule import Frequency, Schedule

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_TWICE = ("week", "month")
_READING = {"day": "daily", "week": "weekly", "month": "monthly", "year": "yearly"}
# What the board calls its annual round; a yearly frequency beside it is that round, no event.
_COLLECTION: dict[Lang, tuple[str, ...]] = {
    "fi": ("tiedonkeruu", "tietojen keruu"),
    "sv": ("insamling av uppgifter", "uppgiftsinsamling", "datainsamling"),
    "en": ("data collection", "collection of data"),
}


def from_frequencies(
    programme: Programme, action: Action, schedule: Schedule | None
) -> Iterator[Rule | Finding]:
    """Yield the rules of an action's frequencies; a person's correction stands instead of the print."""
    correction = action.correction("frequency")
    if correction:
        found = {hit.frequency: correction.words for hit in find_frequencies(correction.value)}
    else:
        found = _printed(action, schedule)
    for frequency, words in found.items():
        for item in _of_frequency(programme, action, schedule, frequency, words):
            if correction is None or isinstance(item, Finding):
                yield item
            else:
                basis = replace(item.basis, provenance="corrected", by=correction.by, on=correction.on)
                yield replace(item, basis=basis)


def _printed(action: Action, schedule: Schedule | None) -> dict[Frequency, Text]:
    """Return the distinct frequencies in bullets, indicator and schedule, with their words."""
    found: dict[Frequency, dict[Lang, str]] = {}
    for lang in LANGUAGES:
        for text in (*action.bullets.get(lang, ()), getattr(action.indicator, lang)):
            for hit in find_frequencies(text, lang):
                found.setdefault(hit.frequency, {}).setdefault(lang, hit.words)
    if schedule and schedule.frequency:
        found.setdefault(schedule.frequency, {}).update(action.schedule.as_dict())
    return {frequency: Text(**words) for frequency, words in found.items()}


def _of_frequency(
    programme: Programme, action: Action, schedule: Schedule | None, frequency: Frequency, words: Text
) -> Iterator[Rule | Finding]:
    times, exact = frequency.times_min, frequency.times_min == frequency.times_max
    yearly = frequency.per == "year" and frequency.times_max == 1
    if yearly and any(_collection_bullet(action, lang) for lang in action.bullets):
        yield _collection(programme, action)
    elif exact and (times == 1 or (times == 2 and frequency.per in _TWICE)):
        yield from _series(programme, action, schedule, frequency, words)
    else:
        yield _target(programme, action, schedule, frequency, words)


def _collection_bullet(action: Action, lang: Lang) -> str:
    """Return the bullet that names the annual data collection, or nothing."""
    bullets = action.bullets.get(lang, ())
    return next((bullet for bullet in bullets for word in _COLLECTION[lang] if word in bullet.casefold()), "")


def _collection(programme: Programme, action: Action) -> CollectionRule:
    defaults = programme.defaults
    words = Text(**{lang: _collection_bullet(action, lang) for lang in action.bullets})
    return CollectionRule(
        action.id,
        tuple(programme.period.years()),
        defaults.collection_opens,
        defaults.collection_due,
        defaults.collection_closes,
        Basis("assumed", words, "collection"),
    )


def _series(
    programme: Programme, action: Action, schedule: Schedule | None, frequency: Frequency, words: Text
) -> Iterator[Rule | Finding]:
    span = _inside(programme, schedule)
    rrule = _rrule(programme, frequency)
    ends = schedule.end if schedule and schedule.end and schedule.end < programme.period.last else None
    recurrence = RecurrenceSet(span.first, rrule, until=programme.period.last)
    if days := expand(recurrence):  # DTSTART is its first instance, as RFC 5545 section 3.8.2.4 wants it
        recurrence = replace(recurrence, dtstart=days[0])
    yield EventRule(
        action.id,
        _name(frequency),
        recurrence,
        frequency,
        Basis("assumed", words, _READING[frequency.per]),
        assumed_from=ends + timedelta(days=1) if ends else None,
    )
    if ends:
        yield Finding(action.id, "series-beyond-schedule", words, action.schedule.get("en"))


def _name(frequency: Frequency) -> str:
    """Return what tells an action's series apart: the period, and what is unusual about it."""
    often = f"{frequency.times_min}x" if frequency.times_min != 1 else ""
    every = str(frequency.interval) if frequency.interval != 1 else ""
    return f"{often}{every}{frequency.per}" + (f"{frequency.month:02d}" if frequency.month else "")


def _rrule(programme: Programme, frequency: Frequency) -> str:
    """Return the RRULE of the assumed dates (design: behaviour.md, "assumed dates")."""
    defaults = programme.defaults
    every = f";INTERVAL={frequency.interval}" if frequency.interval > 1 else ""
    monthly = f"{defaults.monthly_nth}{_DAYS[defaults.monthly_weekday]}"
    month = frequency.month or defaults.yearly_month
    twice = frequency.times_min == 2
    match frequency.per:
        case "day":
            return f"FREQ=DAILY{every};BYDAY=MO,TU,WE,TH,FR"
        case "week":
            days = "TU,TH" if twice else _DAYS[defaults.weekly_weekday]
            return f"FREQ=WEEKLY{every};BYDAY={days}"
        case "month":
            days = f"{monthly},4{_DAYS[defaults.monthly_weekday]}" if twice else monthly
            return f"FREQ=MONTHLY{every};BYDAY={days}"
        case "year":
            return f"FREQ=YEARLY{every};BYMONTH={month};BYDAY={monthly}"


def _target(
    programme: Programme, action: Action, schedule: Schedule | None, frequency: Frequency, words: Text
) -> TargetRule:
    span = _inside(programme, schedule)
    last = min(schedule.end, programme.period.last) if schedule and schedule.end else programme.period.last
    name = f"target-{frequency.per}"
    return TargetRule(action.id, name, frequency, span.first, last, Basis("printed", words, "target"))


def _inside(programme: Programme, schedule: Schedule | None) -> Span:
    start = schedule.start if schedule and schedule.start else programme.period.first
    return Span(max(start, programme.period.first), programme.period.last)

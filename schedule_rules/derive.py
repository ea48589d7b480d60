"""From wording to rules: every action gets rules, or a finding that needs a decision.

1. Read the schedule in every language and compare (``_read``).
2. The schedule gives milestone, start and review rules.
3. Phases in the indicator give milestones of their own.
4. Frequencies in bullets and indicator give event series, targets or the
   annual data collection.

The table that decides is in the design file behaviour.md; dates that no
wording names come from the programme's ``Defaults`` and are marked *assumed*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from schedule_rules.days import Span
from schedule_rules.normalise import find_frequencies, find_phases, find_vague, normalise
from schedule_rules.programme import LANGUAGES, Action, Lang, Programme, Text
from schedule_rules.rule import (
    Basis,
    CollectionRule,
    EventRule,
    Finding,
    MilestoneRule,
    RecurrenceSet,
    ReviewRule,
    Rule,
    StartRule,
    TargetRule,
    expand,
)
from schedule_rules.schedule import Frequency, Schedule, Unclear

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ONGOING = ("continuous", "recurring")
# What the board calls its annual round; a yearly frequency beside it is that round, no event.
_COLLECTION: dict[Lang, tuple[str, ...]] = {
    "fi": ("tiedonkeruu", "tietojen keruu"),
    "sv": ("insamling av uppgifter", "uppgiftsinsamling", "datainsamling"),
    "en": ("data collection", "collection of data"),
}


@dataclass(frozen=True, slots=True)
class Derived:
    """All rules of a programme, in the order of its actions, and what needs a decision."""

    rules: tuple[Rule, ...]
    findings: tuple[Finding, ...]

    def of(self, action_id: str) -> tuple[Rule, ...]:
        """Return the rules of one action."""
        return tuple(rule for rule in self.rules if rule.action == action_id)

    def findings_of(self, action_id: str) -> tuple[Finding, ...]:
        """Return what needs a decision about one action."""
        return tuple(finding for finding in self.findings if finding.action == action_id)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The schedule of an action as read, with what its languages disagree on."""

    schedule: Schedule | None
    nearest: str
    disagree: bool


@lru_cache(maxsize=8)
def derive(programme: Programme) -> Derived:
    """Return the rules and findings of every action of ``programme``."""
    rules: list[Rule] = []
    findings: list[Finding] = []
    for action in programme.actions:
        reading = _read(action.schedule, programme.languages)
        findings += _schedule_findings(action, reading)
        if reading.schedule is not None:
            rules += _from_schedule(programme, action, reading.schedule)
        rules += _from_phases(programme, action, reading.schedule)
        for item in _from_frequencies(programme, action, reading.schedule):
            (findings if isinstance(item, Finding) else rules).append(item)  # type: ignore[arg-type]
        findings += _vague(action)
    return Derived(tuple(rules), tuple(findings))


def _read(text: Text, languages: tuple[Lang, ...]) -> _Reading:
    readings = [normalise(words, lang) for lang, words in text.as_dict().items() if lang in languages]
    usable = [found for found in readings if isinstance(found, Schedule) and found.kind in _USABLE]
    meanings = {(found.kind, found.start, found.end, found.frequency) for found in usable}
    nearest = next((_nearest(found) for found in readings if found not in usable), "")
    disagree = len(meanings) > 1 or (bool(usable) and len(usable) < len(readings))
    return _Reading(usable[0] if usable else None, nearest, disagree)


_USABLE = ("single", "range", "open_range", "continuous", "recurring")


def _nearest(found: Schedule | Unclear) -> str:
    if isinstance(found, Schedule):
        return found.kind
    return found.nearest.kind if found.nearest else found.reason


def _schedule_findings(action: Action, reading: _Reading) -> Iterator[Finding]:
    if reading.schedule is None:
        code = "unclear-schedule" if action.schedule else "no-schedule"
        yield Finding(action.id, code, action.schedule, reading.nearest)
    elif reading.disagree:
        yield Finding(action.id, "languages-disagree", action.schedule, reading.schedule.kind)


def _from_schedule(programme: Programme, action: Action, schedule: Schedule) -> Iterator[Rule]:
    if schedule.kind in _ONGOING or (schedule.kind == "open_range" and schedule.end is None):
        code = "open-start" if schedule.kind == "open_range" else "continuous"
        first, last = schedule.start or programme.period.first, schedule.end or programme.period.last
        yield from _reviews(programme, action, Span(first, last), code)
        return
    if schedule.kind == "single" and schedule.start and schedule.start in programme.period:
        yield StartRule(action.id, schedule.start, Basis("printed", action.schedule, "first-day"))
    yield from _end(programme, action, schedule)


def _end(programme: Programme, action: Action, schedule: Schedule) -> Iterator[Rule]:
    if schedule.kind == "range" and schedule.start and schedule.end:
        # The range's last year has its milestone; a review there would ask twice.
        last_year = date(schedule.end.year - 1, 12, 31)
        yield from _reviews(programme, action, Span(schedule.start, last_year), "within-range")
    if schedule.end and schedule.end in programme.period:
        reading = "deadline" if schedule.kind == "open_range" else "last-day"
        basis = Basis("printed", action.schedule, reading)
        yield MilestoneRule(action.id, "end", schedule.end, basis)


def _reviews(programme: Programme, action: Action, span: Span, reading: str) -> Iterator[Rule]:
    day = programme.defaults.review
    years = tuple(
        year for year in span.years() if day.in_year(year) in span and day.in_year(year) in programme.period
    )
    if years:
        yield ReviewRule(action.id, years, day, Basis("assumed", action.schedule, reading))


def _from_phases(programme: Programme, action: Action, schedule: Schedule | None) -> Iterator[Rule]:
    """Yield a milestone for each dated phase that is not the schedule's own end."""
    found: set[tuple[str, date]] = set()
    for lang, indicator in action.indicator.as_dict().items():
        for phase in find_phases(indicator, lang):
            found.add((phase.written, phase.end))
    for written, end in sorted(found):
        if end in programme.period and not (schedule and schedule.end == end):
            basis = Basis("printed", action.indicator, "phase")
            yield MilestoneRule(action.id, f"phase-{written}", end, basis)


def _from_frequencies(
    programme: Programme, action: Action, schedule: Schedule | None
) -> Iterator[Rule | Finding]:
    found = _frequencies(action)
    if schedule and schedule.frequency:
        found.setdefault(schedule.frequency, {}).update(action.schedule.as_dict())
    for frequency, words in found.items():
        texts = Text(**words)
        if _is_collection(action, frequency):
            yield _collection(programme, action)
        elif _is_series(frequency):
            yield from _series(programme, action, schedule, frequency, texts)
        else:
            yield _target(programme, action, schedule, frequency, texts)


def _frequencies(action: Action) -> dict[Frequency, dict[Lang, str]]:
    """Return the distinct frequencies in bullets and indicator, with their words by language."""
    found: dict[Frequency, dict[Lang, str]] = {}
    for lang in LANGUAGES:
        for text in (*action.bullets.get(lang, ()), getattr(action.indicator, lang)):
            for hit in find_frequencies(text, lang):
                found.setdefault(hit.frequency, {}).setdefault(lang, hit.words)
    return found


def _is_collection(action: Action, frequency: Frequency) -> bool:
    yearly = frequency.per == "year" and frequency.times_max == 1
    return yearly and any(_collection_bullet(action, lang) for lang in action.bullets)


def _collection_bullet(action: Action, lang: Lang) -> str:
    """Return the bullet that names the annual data collection, or nothing."""
    bullets = action.bullets.get(lang, ())
    return next(
        (bullet for bullet in bullets for word in _COLLECTION[lang] if word in bullet.casefold()), ""
    )


def _is_series(frequency: Frequency) -> bool:
    exact = frequency.times_min == frequency.times_max
    return exact and (frequency.times_min == 1 or (frequency.times_min == 2 and frequency.per in _TWICE))


_TWICE = ("week", "month")
_SERIES_READING = {"day": "daily", "week": "weekly", "month": "monthly", "year": "yearly"}


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
    recurrence = _first_instance(RecurrenceSet(span.first, rrule, until=programme.period.last))
    name = frequency.per if frequency.interval == 1 else f"{frequency.interval}{frequency.per}"
    yield EventRule(
        action.id,
        name,
        recurrence,
        frequency,
        Basis("assumed", words, _SERIES_READING[frequency.per]),
        assumed_from=ends + timedelta(days=1) if ends else None,
    )
    if ends:
        yield Finding(action.id, "series-beyond-schedule", words, action.schedule.get("en"))


def _first_instance(recurrence: RecurrenceSet) -> RecurrenceSet:
    """Return the set with DTSTART on its first instance, as RFC 5545 section 3.8.2.4 wants it."""
    days = expand(recurrence)
    return replace(recurrence, dtstart=days[0]) if days else recurrence


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


def _vague(action: Action) -> Iterator[Finding]:
    """Yield a finding for "regular" without a period."""
    words: dict[Lang, str] = {}
    for lang in LANGUAGES:
        for text in (*action.bullets.get(lang, ()), getattr(action.indicator, lang)):
            hits = find_vague(text, lang)
            if hits:
                words.setdefault(lang, hits[0])
    if words:
        yield Finding(action.id, "vague-frequency", Text(**words))

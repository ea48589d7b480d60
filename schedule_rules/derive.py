"""From wording to rules: every action gets rules, or a finding that needs a decision.

1. Read the schedule in every language and compare (``_read``).
2. The schedule gives milestone, start and review rules.
3. Phases in the indicator give milestones of their own.
4. Frequencies give event series, targets or the annual data collection: per day, week or month, and once a
   year, make a series on assumed dates; two or more a year, a range and "at least" make a target.

A person's correction stands instead of the printed words and says so; a series that people keep stands
instead of the derived one (``edited_series``).

The table that decides is in the design file behaviour.md; dates that no wording names come from the
programme's ``Defaults`` and are marked *assumed*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from schedule_rules.days import MonthDay, Span
from schedule_rules.edited_series import ended_series, with_edited
from schedule_rules.programme import Action, EndedAction, Programme, Text, TextLang
from schedule_rules.reading import (
    READ_LANGUAGES,
    collection_words,
    find_frequencies,
    find_phases,
    find_vague,
    normalise,
)
from schedule_rules.recurrence import in_phase
from schedule_rules.rule import (
    Basis,
    CollectionRule,
    EventRule,
    Finding,
    MilestoneRule,
    Provenance,
    RecurrenceSet,
    ReviewRule,
    Rule,
    StartRule,
    TargetRule,
    expand,
)
from schedule_rules.schedule import Frequency, Phase, Schedule, Unclear

_ONGOING = ("continuous", "recurring")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_TWICE = ("week", "month")
_READING = {"day": "daily", "week": "weekly", "month": "monthly", "year": "yearly"}


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


@lru_cache(maxsize=8)
def derive(programme: Programme) -> Derived:
    """Return the rules and findings of every action of ``programme``."""
    rules: list[Rule] = []
    findings: list[Finding] = []
    for action in programme.actions:
        schedule, unclear = _read(action, programme.languages, programme.approved_on)
        findings += unclear
        if schedule is not None:
            rules += _from_schedule(programme, action, schedule)
        rules += _from_phases(programme, action, schedule)
        for item in with_edited(programme, action, _from_frequencies(programme, action, schedule)):
            if isinstance(item, Finding):
                findings.append(item)
            else:
                rules.append(item)
        findings += _vague(action)
    if programme.ended:
        rules = [found for rule in rules if (found := _as_ended(rule, programme.ended.get(rule.action)))]
    decided = ((action.id, one) for action in programme.actions for one in action.corrections)
    accepted = {(action_id, one.value) for action_id, one in decided if one.field == "accepted"}
    return Derived(tuple(rules), tuple(one for one in findings if (one.action, one.code) not in accepted))


def _as_ended(rule: Rule, ended: EndedAction | None) -> Rule | None:
    """Return a rule as it is when its action has ended; None when nothing of it is left.

    Deadlines and reviews stay, for their dates are told to be cancelled; rounds are not one action's.
    """
    match rule:
        case StartRule() if ended and rule.on > ended.on:
            return None
        case TargetRule() if ended:
            return replace(rule, end=min(rule.end, ended.on)) if rule.start <= ended.on else None
        case EventRule() if ended:
            return ended_series(rule, ended)
        case _:
            return rule


def _read(
    action: Action, languages: tuple[TextLang, ...], adopted: date | None
) -> tuple[Schedule | None, list[Finding]]:
    """Return the schedule of an action as read, and that it is unclear or its languages disagree."""
    if correction := action.correction("schedule"):
        readings = [normalise(correction.value)]
    else:
        printed = action.schedule.as_dict().items()
        readings = [normalise(words, lang) for lang, words in printed if lang in languages]
    readings = [found.dated(adopted) if isinstance(found, Schedule) else found for found in readings]
    usable = [found for found in readings if isinstance(found, Schedule) and found.kind in _USABLE]
    if not usable:
        code = "unclear-schedule" if action.schedule else "no-schedule"
        return None, [Finding(action.id, code, action.schedule, next(map(_nearest, readings), ""))]
    schedule = usable[0]
    meanings = {(found.kind, found.start, found.end, found.frequency) for found in usable}
    if len(meanings) == 1 and len(usable) == len(readings):
        return schedule, []
    return schedule, [Finding(action.id, "languages-disagree", action.schedule, schedule.kind)]


_USABLE = ("single", "range", "open_range", "continuous", "recurring")


def _nearest(found: Schedule | Unclear) -> str:
    if isinstance(found, Schedule):
        return found.kind
    return found.nearest.kind if found.nearest else found.reason


def _from_schedule(programme: Programme, action: Action, schedule: Schedule) -> Iterator[Rule]:
    if schedule.frequency and schedule.frequency.by:
        yield from _yearly(programme, action, schedule, schedule.frequency)
        return
    if schedule.kind in _ONGOING or (schedule.kind == "open_range" and schedule.end is None):
        code = "open-start" if schedule.kind == "open_range" else "continuous"
        first, last = schedule.start or programme.period.first, schedule.end or programme.period.last
        yield from _reviews(programme, action, Span(first, last), code)
        return
    is_day = schedule.start == schedule.end  # its milestone says it all
    if schedule.kind == "single" and schedule.start and schedule.start in programme.period and not is_day:
        yield StartRule(action.id, schedule.start, _basis(action, "printed", "first-day"))
    if apart := _phases_apart(schedule):
        for phase in apart:
            if phase.end in programme.period and phase.end != schedule.end:
                basis = _basis(action, "printed", "phase")
                yield MilestoneRule(action.id, f"phase-{phase.written}", phase.end, basis)
    elif schedule.kind == "range" and schedule.start and schedule.end:
        # The range's last year has its milestone; a review there would ask twice.
        last_year = date(schedule.end.year - 1, 12, 31)
        yield from _reviews(programme, action, Span(schedule.start, last_year), "within-range")
    if schedule.end and schedule.end in programme.period:
        reading = "deadline" if schedule.kind == "open_range" else "last-day"
        yield MilestoneRule(action.id, "end", schedule.end, _basis(action, "printed", reading))


def _phases_apart(schedule: Schedule) -> tuple[Phase, ...]:
    """Return the phases of a wording that names several with time between them: "2025, 2027 and 2029"."""
    gaps = (later.start - earlier.end for earlier, later in pairwise(schedule.phases))
    return schedule.phases if any(gap > timedelta(days=1) for gap in gaps) else ()


def _yearly(programme: Programme, action: Action, schedule: Schedule, frequency: Frequency) -> Iterator[Rule]:
    """Yield a milestone for each year on the days that the wording names as deadlines."""
    span = _inside(programme, schedule)
    last = min(span.last, schedule.end or span.last)
    first_year = schedule.start.year if schedule.start else span.first.year
    for year in span.years():
        if (year - first_year) % frequency.interval:
            continue
        for number, day in enumerate(sorted(one.in_year(year) for one in frequency.days), 1):
            if span.first <= day <= last:
                name = f"yearly-{year}" if number == 1 else f"yearly-{year}-{number}"
                yield MilestoneRule(action.id, name, day, _basis(action, "printed", "every-year"))


def _basis(action: Action, provenance: Provenance, reading: str) -> Basis:
    """Return the basis of a rule that the schedule gave, or the correction that stands instead of it."""
    if correction := action.correction("schedule"):
        return Basis("corrected", correction.words, reading, correction.by, correction.on)
    return Basis(provenance, action.schedule, reading)


def _reviews(programme: Programme, action: Action, span: Span, reading: str) -> Iterator[Rule]:
    day = programme.defaults.review
    years = tuple(
        year for year in span.years() if day.in_year(year) in span and day.in_year(year) in programme.period
    )
    if years:
        yield ReviewRule(action.id, years, day, _basis(action, "assumed", reading))


def _from_phases(programme: Programme, action: Action, schedule: Schedule | None) -> Iterator[Rule]:
    """Yield a milestone for each dated phase of the indicator that the schedule does not have itself."""
    phases = (one for lang, text in action.indicator.as_dict().items() for one in find_phases(text, lang))
    own = {schedule.end, *(phase.end for phase in _phases_apart(schedule))} if schedule else set()
    for written, end in sorted({(phase.written, phase.end) for phase in phases}):
        if end in programme.period and end not in own:
            basis = Basis("printed", action.indicator, "phase")
            yield MilestoneRule(action.id, f"phase-{written}", end, basis)


def _from_frequencies(
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
    found: dict[Frequency, dict[TextLang, str]] = {}
    for lang in READ_LANGUAGES:
        for text in (*action.bullets.get(lang, ()), action.indicator.own(lang)):
            for hit in find_frequencies(text, lang):
                found.setdefault(hit.frequency, {}).setdefault(lang, hit.words)
    if schedule and schedule.frequency and schedule.frequency.by:
        # its days are milestones: what the other words say of them makes no series beside
        due = _rate(schedule.frequency)
        found = {frequency: words for frequency, words in found.items() if _rate(frequency) != due}
    elif schedule and schedule.frequency:
        found.setdefault(schedule.frequency, {}).update(action.schedule.as_dict())
    return {frequency: Text(**words) for frequency, words in found.items()}


def _rate(frequency: Frequency) -> tuple[object, ...]:
    return frequency.times_min, frequency.times_max, frequency.per, frequency.interval


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


def _collection_bullet(action: Action, lang: TextLang) -> str:
    """Return the bullet that names the annual data collection, or nothing."""
    bullets = action.bullets.get(lang, ())
    return next(
        (bullet for bullet in bullets for word in collection_words(lang) if word in bullet.casefold()), ""
    )


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
    ends = schedule.end if schedule and schedule.end and schedule.end < programme.period.last else None
    recurrence = _recurrence(programme, schedule, frequency, span)
    if recurrence is None:
        return
    yield EventRule(
        action.id,
        _name(frequency),
        recurrence,
        frequency,
        Basis("printed" if frequency.days else "assumed", words, _READING[frequency.per]),
        assumed_from=ends + timedelta(days=1) if ends else None,
    )
    if ends:
        yield Finding(action.id, "series-beyond-schedule", words, action.schedule.get("en"))


def _recurrence(
    programme: Programme, schedule: Schedule | None, frequency: Frequency, span: Span
) -> RecurrenceSet | None:
    """Return the dates of a series: on the days that the wording names, else on assumed ones.

    A cycle of several years counts from its first one. None where a feast or week has no date in the span.
    """
    own = schedule if schedule and schedule.frequency == frequency else None
    anchor = own.start if own and frequency.per == "year" and frequency.interval > 1 else None
    if frequency.days and not all(isinstance(day, MonthDay) for day in frequency.days):
        first = (anchor or span.first).year
        years = [year for year in span.years() if not (year - first) % frequency.interval]
        dates = tuple(day.in_year(year) for year in years for day in frequency.days)
        inside = tuple(sorted(day for day in dates if day in span))
        return RecurrenceSet(inside[0], rdates=inside[1:], until=span.last) if inside else None
    if anchor and own and own.granularity != "year" and not frequency.month:
        frequency = replace(frequency, month=anchor.month)
    rrule, start = _rrule(programme, frequency), span.first
    if anchor and anchor < span.first:
        rrule, start = in_phase(rrule, anchor, span.first)
    recurrence = RecurrenceSet(start, rrule, until=span.last)
    # DTSTART is its first instance, as RFC 5545 section 3.8.2.4 wants it
    first_day = next((day for day in expand(recurrence) if day in span), None)
    return replace(recurrence, dtstart=first_day) if first_day else recurrence


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
            return f"FREQ=DAILY{every}" if every else "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
        case "week":
            days = "TU,TH" if twice else _DAYS[defaults.weekly_weekday]
            return f"FREQ=WEEKLY{every};BYDAY={days}"
        case "month":
            days = f"{monthly},4{_DAYS[defaults.monthly_weekday]}" if twice else monthly
            return f"FREQ=MONTHLY{every};BYDAY={days}"
        case "year" if frequency.days and isinstance(day := frequency.days[0], MonthDay):
            last = day == MonthDay(2, 29)
            return f"FREQ=YEARLY{every};BYMONTH={day.month};BYMONTHDAY={-1 if last else day.day}"
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
    """Yield a finding for "regular" without a period, unless a person has said how often."""
    if action.correction("frequency"):
        return
    words: dict[TextLang, str] = {}
    for lang in READ_LANGUAGES:
        for text in (*action.bullets.get(lang, ()), action.indicator.own(lang)):
            if hits := find_vague(text, lang):
                words.setdefault(lang, hits[0])
    if words:
        yield Finding(action.id, "vague-frequency", Text(**words))

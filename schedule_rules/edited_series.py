"""Event series as people keep them, over those that the wording gives: EditedSeries -> EventRule.

What stands when is decided here once; mail, pages and feeds read the occurrences. Who may change a series,
and when a cancelled date is taken out, are left to ``reminders``.

On the days on which the clock is changed a local time that comes twice is its first occurrence (RFC 5545
section 3.3.5), as in ``zoneinfo``; ical.js and libical show the same local time and mean the second. One that
is skipped is read differently by each (sections 3.3.5 and 3.3.10 disagree), so no series may have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final, Literal
from zoneinfo import ZoneInfo

from schedule_rules.programme import (
    Action,
    DateChange,
    DateState,
    EditedSeries,
    EndedAction,
    Programme,
    Text,
)
from schedule_rules.recurrence import PER, in_phase, interval_of, is_frequent, parts_of, rule_problem
from schedule_rules.rule import Basis, EventRule, Finding, RecurrenceSet, Rule, expand
from schedule_rules.schedule import Frequency
from schedule_rules.workdays import OutOfRangeError, Workdays

MOST_DATES: Final = 1500
"""The most dates that a series may have: daily on working days through a term of office."""
WITHOUT_DATES: Final = "series-without-dates"
"""The finding of a series that is too frequent to assume its dates, and whose dates nobody has set."""
PEOPLE: Final = Basis("corrected", Text(), "event")
"""Where a series comes from that no wording names."""


@dataclass(frozen=True, slots=True)
class SeriesDate:
    """One date of a series as it stands; ``on`` is the date that the rule gives."""

    on: date
    day: date
    at: time | None
    minutes: int
    place: Text
    video: str
    state: Literal["tentative", "confirmed", "cancelled"]
    changed: bool
    title: Text


def with_edited(
    programme: Programme, action: Action, found: Iterable[Rule | Finding]
) -> Iterator[Rule | Finding]:
    """Yield what an action's frequencies gave, with the series that people keep in place of derived ones.

    A series that somebody keeps settles the question how long it goes on. One that stands nowhere because
    nobody has set its dates is a question of its own.
    """
    for item in _with_kept(programme, action, found):
        yield item
        if isinstance(item, EventRule) and not item.announced and action.id not in programme.ended:
            yield Finding(action.id, WITHOUT_DATES, item.basis.words)


def _with_kept(
    programme: Programme, action: Action, found: Iterable[Rule | Finding]
) -> Iterator[Rule | Finding]:
    own = {one.name: one for one in programme.series if one.action == action.id}
    kept = dict(own)
    workdays = programme.workdays
    for item in found:
        if isinstance(item, EventRule) and item.name in kept:
            yield from _rules(kept.pop(item.name), item.basis, workdays)
        elif isinstance(item, EventRule):
            yield from filter(None, [assumed_series(item, workdays)])
        elif not (own and isinstance(item, Finding) and item.code == "series-beyond-schedule"):
            yield item
    for one in kept.values():
        yield from _rules(one, Basis("corrected", action.schedule, "event"), workdays)


def _rules(kept: EditedSeries, basis: Basis, workdays: Workdays) -> Iterator[Rule]:
    rule = event_rule(kept, basis)
    rule = rule and assumed_series(rule, workdays)
    if rule is not None and expand(rule.recurrence):
        yield rule


def assumed_series(rule: EventRule, workdays: Workdays) -> EventRule | None:
    """Return a series as it stands while nobody has set its dates; None when no date is left.

    No assumed date is on a closed day or in a quiet period (left out, as EXDATE). One that is more frequent
    than monthly has no occurrences but the dates that somebody set (behaviour.md, "recurring events").
    """
    if rule.confirmed or rule.cancelled or not rule.regular or rule.frequency.days:
        # the wording itself names the days
        return rule
    usual, own = rule.recurrence, {one.on for one in rule.changes}
    days = expand(usual)
    if is_frequent(usual.rrule):
        set_days = tuple(day for day in days if day in own)
        if not set_days:
            return replace(rule, announced=False)
        single = RecurrenceSet(set_days[0], rdates=set_days, at=usual.at, minutes=usual.minutes)
        return replace(rule, recurrence=single)
    standing = [day for day in days if day in own or is_open(day, workdays)]
    if not standing:
        return None
    gone = {*usual.exdates, *days}.difference(standing)
    exdates = tuple(day for day in sorted(gone) if day > standing[0])
    return replace(rule, recurrence=replace(usual, dtstart=standing[0], exdates=exdates))


def is_open(day: date, workdays: Workdays) -> bool:
    """Tell whether an event may be assumed on ``day``: any may of years without a known calendar."""
    try:
        return workdays.is_sending_day(day)
    except OutOfRangeError:
        return True


def event_rule(kept: EditedSeries, basis: Basis) -> EventRule | None:
    """Return the rule of a kept series; None when it was removed or has no date.

    What does not stand (quiet months and periods, dates taken out) is an EXDATE of a regular
    series (RFC 5545 section 3.8.5.1); DTSTART is its first instance that stands.
    """
    recurrence = _recurrence(kept)
    if kept.state == "removed" or recurrence is None:
        return None
    days = set(expand(replace(recurrence, exdates=())))
    return EventRule(
        kept.action,
        kept.name,
        recurrence,
        _frequency(kept),
        replace(basis, provenance="corrected", by=kept.by, on=kept.on),
        confirmed=kept.state == "confirmed",
        cancelled=kept.state == "cancelled",
        title=kept.title,
        place=kept.place,
        video=kept.video,
        changes=tuple(one for one in kept.changes if one.on in days and one.state != "gone"),
        description=kept.description,
        sign_up=kept.sign_up,
    )


def _recurrence(kept: EditedSeries) -> RecurrenceSet | None:
    gone = {one.on for one in kept.changes if one.state == "gone"}
    if not kept.rrule:
        days = tuple(sorted(day for day in set(kept.dates) if day not in gone))
        return RecurrenceSet(days[0], rdates=days, at=kept.at, minutes=kept.minutes) if days else None
    whole = RecurrenceSet(kept.first, kept.rrule, kept.until, at=kept.at, minutes=kept.minutes)
    days = rule_days(kept)
    out = {day for day in days if day in gone or is_quiet(kept, day)}
    standing = [day for day in days if day not in out]
    if not standing:
        return None
    exdates = tuple(day for day in sorted(out) if day > standing[0])
    return replace(whole, dtstart=standing[0], exdates=exdates)


def rule_days(kept: EditedSeries) -> tuple[date, ...]:
    """Return the days that a series' rule gives, pauses and changes left aside."""
    if not kept.rrule:
        return tuple(sorted(set(kept.dates)))
    rule, start = in_phase(kept.rrule, kept.anchor or kept.first, kept.first)
    days = expand(RecurrenceSet(start, rule, kept.until))
    return tuple(day for day in days if day >= kept.first)


def is_quiet(kept: EditedSeries, day: date) -> bool:
    """Tell whether a series pauses on ``day``: a month or a stretch of days without it."""
    return day.month in kept.months_off or any(day in span for span in kept.quiet)


def _frequency(kept: EditedSeries) -> Frequency:
    if not kept.rrule:
        return Frequency(1, 1, "year")
    return Frequency(1, 1, PER[parts_of(kept.rrule)["FREQ"]], interval=interval_of(kept.rrule))


def problem(kept: EditedSeries) -> str:
    """Return the code of what is wrong with a series, nothing when it can be kept.

    ``rule`` or what ``rule_problem`` says of its rule; ``order``: the last date is before the first;
    ``none``: no date stands; ``many``: more dates than ``MOST_DATES``; ``length``: a time without a duration;
    ``overlap``: a date that lasts into the next one, which Outlook does not hold.
    """
    if kept.state == "removed":
        return ""
    if kept.rrule and kept.until < kept.first:
        return "order"
    if kept.rrule and (found := _rule_problem(kept)):
        return found
    if kept.at is not None and not 0 < kept.minutes <= 7 * 24 * 60:
        return "length"
    rule = event_rule(kept, PEOPLE)
    days = expand(rule.recurrence) if rule else ()
    if not days:
        return "none"
    if len(days) > MOST_DATES:
        return "many"
    least = min(((after - day).days for day, after in pairwise(days)), default=0)
    return "overlap" if kept.at and kept.rrule and least and kept.minutes > least * 24 * 60 else ""


def _rule_problem(kept: EditedSeries) -> str:
    if found := rule_problem(kept.rrule):
        return found
    if kept.until > kept.first + timedelta(days=366 * 30):
        return "many"
    try:
        rule_days(kept)
    except ValueError:
        return "rule"
    return ""


def dates_of(kept: EditedSeries) -> tuple[SeriesDate, ...]:
    """Return the dates of a series as they stand, in the order of its rule."""
    rule = event_rule(kept, PEOPLE)
    return instances(rule) if rule else ()


def instances(rule: EventRule) -> tuple[SeriesDate, ...]:
    """Return the dates of a series as they stand, in the order of the rule."""
    return tuple(_instance(rule, day) for day in expand(rule.recurrence))


def _instance(rule: EventRule, day: date) -> SeriesDate:
    usual, change = rule.recurrence, rule.change_of(day)
    own = change or DateChange(day)
    state: Literal["tentative", "confirmed", "cancelled"]
    if rule.cancelled or own.state == "cancelled":
        state = "cancelled"
    else:  # whoever sets one date's day, time or place has confirmed it
        is_set = change is not None and change.state != "tentative"
        state = "confirmed" if (rule.confirmed and own.state != "tentative") or is_set else "tentative"
    return SeriesDate(
        on=day,
        day=own.day or day,
        at=None if own.all_day else own.at or usual.at,
        minutes=usual.minutes if own.minutes is None else own.minutes,
        place=rule.place if own.place is None else own.place,
        video=rule.video if own.video is None else own.video,
        state=state,
        changed=change is not None,
        title=rule.title if own.title is None else own.title,
    )


def ended_series(rule: EventRule, ended: EndedAction) -> EventRule | None:
    """Return a series whose action has ended; None when no date of it is left.

    Of its dates after the last day those that somebody set are cancelled. Assumed ones go without a word:
    they never were (behaviour.md, "From wording to rules").
    """
    if rule.cancelled:
        return rule
    later = [one for one in instances(rule) if one.day > ended.on]
    changes, gone = {one.on: one for one in rule.changes}, set[date]()
    for one in later:
        over = ended.gone_before is not None and one.day < ended.gone_before
        if one.state == "tentative" or over:
            gone.add(one.on)
        elif one.state == "confirmed":
            changes[one.on] = replace(changes.get(one.on, DateChange(one.on)), state="cancelled")
    standing = [day for day in expand(rule.recurrence) if day not in gone]
    if not standing:
        return None
    kept = tuple(changes[day] for day in sorted(changes) if day not in gone)
    return replace(rule, recurrence=_only(rule.recurrence, standing, gone), changes=kept)


def _only(whole: RecurrenceSet, standing: list[date], gone: set[date]) -> RecurrenceSet:
    """Return a recurrence set that has the ``standing`` ones of its dates only."""
    if not gone:
        return whole
    if not whole.rrule:
        return replace(whole, dtstart=standing[0], rdates=tuple(standing))
    first, last = standing[0], standing[-1]
    exdates = tuple(day for day in sorted({*whole.exdates, *gone}) if first < day < last)
    return replace(whole, dtstart=first, until=last, exdates=exdates)


def changed_series(kept: EditedSeries, change: DateChange) -> EditedSeries:
    """Return the series with one date changed; an earlier change of the same date is replaced."""
    own = replace(change, as_before=False)
    others = [one for one in kept.changes if one.on != change.on]
    return replace(kept, changes=tuple(sorted((*others, own), key=lambda one: one.on)))


def cancelled_date(kept: EditedSeries, on: date) -> DateChange:
    """Return the change that cancels one date where it stands: the day, time and place that people hold."""
    return replace(_change_of(kept, on), state="cancelled")


def taken_back(kept: EditedSeries, on: date) -> EditedSeries:
    """Return the series with one date that was cancelled standing again, wherever it was moved to."""
    change = replace(_change_of(kept, on), state="confirmed")
    if change == DateChange(on) and kept.state != "tentative":
        return restored_series(kept, on)
    return changed_series(kept, change)


def _change_of(kept: EditedSeries, on: date) -> DateChange:
    return next((one for one in kept.changes if one.on == on), DateChange(on))


def restored_series(kept: EditedSeries, on: date) -> EditedSeries:
    """Return the series with one date as its rule has it."""
    return replace(kept, changes=tuple(one for one in kept.changes if one.on != on))


def tidied(kept: EditedSeries) -> EditedSeries:
    """Return the series without changes of dates that its rule no longer gives."""
    days = set(rule_days(kept))
    return replace(kept, changes=tuple(one for one in kept.changes if one.on in days))


def next_name(programme: Programme, action: str, name: str) -> str:
    """Return a name that no series of the action has or had: ``month-2`` after ``month``."""
    stem, _, number = name.rpartition("-")
    stem = stem if stem and number.isdecimal() else name
    taken = {one.name for one in programme.series if one.action == action}
    return next(new for n in range(2, len(taken) + 3) if (new := f"{stem}-{n}") not in taken)


def with_series(rule: EventRule, until: date, workdays: Workdays) -> EditedSeries:
    """Return a rule as a series that people can change: what a form starts with.

    Days on which nothing is assumed are left out, until somebody names them.
    """
    recurrence = rule.recurrence
    gone = set(recurrence.exdates)
    if not rule.announced:
        gone |= {day for day in expand(recurrence) if not is_open(day, workdays)}
    return EditedSeries(
        action=rule.action,
        name=rule.name,
        first=recurrence.dtstart,
        until=recurrence.until or until,
        rrule=recurrence.rrule,
        at=recurrence.at,
        minutes=recurrence.minutes,
        changes=tuple(DateChange(day, state="gone") for day in sorted(gone)),
        state="confirmed" if rule.confirmed else "tentative",
    )


def over_since(kept: EditedSeries, before: date) -> EditedSeries:
    """Return the series with what was cancelled and stood before ``before`` taken out.

    A series that was cancelled whole goes when its last date is that old (calendar.md, point 10).
    """
    rule = event_rule(kept, PEOPLE)
    if rule is None:
        return kept
    standing = instances(rule)
    if kept.state == "cancelled":
        return replace(kept, state="removed") if max(one.day for one in standing) < before else kept
    old = {one.on for one in standing if one.state == "cancelled" and one.day < before}
    gone: DateState = "gone"
    changes = (replace(one, state=gone) if one.on in old else one for one in kept.changes)
    return replace(kept, changes=tuple(changes))


def minutes_until(at: time, ends: time) -> int:
    """Return how long something lasts from a time to an end, which is on the next day where it is earlier."""
    begin, end = (datetime.combine(date.min, one) for one in (at, ends))
    return (end - begin) // timedelta(minutes=1) % (24 * 60)


def skips(moment: datetime, zone: str) -> bool:
    """Tell whether the clock of ``zone`` skips a naive local time when it is put forward."""
    aware = moment.replace(tzinfo=ZoneInfo(zone))
    return aware.astimezone(UTC).astimezone(aware.tzinfo).replace(tzinfo=None) != moment


def skipped(kept: EditedSeries, zone: str) -> datetime | None:
    """Return the first local time that the clock skips and at which a date would begin or end.

    The times that the rule gives count too where a date was moved or taken out: RECURRENCE-ID and
    EXDATE name them.
    """
    rule = event_rule(kept, PEOPLE)
    return min((moment for moment in _moments(rule) if skips(moment, zone)), default=None) if rule else None


def _moments(rule: EventRule) -> Iterator[datetime]:
    usual = rule.recurrence
    if usual.at is not None:
        for day in expand(replace(usual, exdates=())):
            yield datetime.combine(day, usual.at)
    for one in instances(rule):
        if one.at is not None:
            begins = datetime.combine(one.day, one.at)
            yield begins
            yield begins + timedelta(minutes=one.minutes)

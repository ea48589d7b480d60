"""Edits of event series: the whole, this and later dates, one date, a new series; or why it cannot be.

Pure decisions on values; ``saves`` keeps what is decided here, ``changes`` shows it before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from reminders.errors import NotFoundError, SeriesProblemError, SkippedTimeError, UsageError
from reminders.use.series.action_series import family_names, series_named, series_of, with_edited_series
from schedule_rules import edited_series as rules
from schedule_rules.edited_series import SeriesDate, dates_of, skipped
from schedule_rules.programme import DateChange, EditedSeries, Programme
from schedule_rules.recurrence import rule_problem
from schedule_rules.series_edits import (
    EditScope,
    announced_dates,
    counting_from,
    cut_series,
    given_twice,
    has_been,
    left_out,
    removed_series,
    rewritten,
    taken_up,
    without_closed,
)

_OF_RULE: Final = frozenset({"rule", "as-weekly", "as-pauses", "as-last", "as-dates", "as-until"})
SPARE_YEARS: Final = 10
"""So many years before and after its programme may a series have dates."""
NEW: Final = "new"
"""What stands for the name of a series that there is not yet."""
_EXPECTED: Final = {
    "order": "a last date on or after the first",
    "rule": "a rule such as FREQ=MONTHLY;BYDAY=-1TH",
    "as-weekly": "a rule that Outlook holds; say weekdays weekly, such as FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "as-pauses": "a rule that Outlook holds; leave months out with --not-in",
    "as-last": "a rule that Outlook holds; the last day of a month is BYMONTHDAY=-1",
    "as-dates": "a rule that Outlook holds; give the dates one by one with --dates",
    "as-until": "a rule without COUNT and UNTIL; give the last day with --until",
    "overlap": "an end before the next date begins",
    "length": "a duration of 1 minute to 7 days beside a time of day",
    "none": "at least one date that stands",
    "closed": "a rule that gives days that are not closed; give closed ones one by one with --dates",
    "many": f"{rules.MOST_DATES} dates at most",
}
_PAST: Final = {
    "past": "expected a date that is still to come, past dates stay as they are",
    "into-past": "expected a day from today on",
}


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody does to a series of an action.

    ``series`` is the series as it shall be, from ``at`` on (None: as far as it may be changed: what has been
    stays); or ``change`` is what shall hold for one date, ``restore`` the date that shall follow its rule
    again, ``hold`` the one that is not cancelled after all. With ``remove`` what is ahead goes from every
    calendar; ``earlier`` are the series of a family as they shall be again (``earlier_family``). ``seen`` is
    the newest save that its maker knew (None: whatever it was).
    """

    programme: str
    action: str
    name: str
    by: str
    series: EditedSeries | None = None
    at: date | None = None
    change: DateChange | None = None
    restore: date | None = None
    remove: bool = False
    note: str = ""
    hold: date | None = None
    earlier: tuple[EditedSeries, ...] = ()
    seen: int | None = None


def decide_series(programme: Programme, edit: Edit, today: date) -> tuple[EditedSeries, ...]:
    """Return the series to keep for an edit; ``UsageError`` says what was expected instead."""
    if edit.action not in programme.action_by_id:
        raise NotFoundError(f"no action {edit.action!r}; reminders occurrences shows the ids")
    known = {one.name: one for one in series_of(programme, edit.action)}
    _check_rule(edit, known.get(edit.name))
    made = tuple(replace(one, by=edit.by, on=today) for one in _decided(programme, edit, today))
    if edit.series and not edit.earlier:
        made = _without_closed(programme, edit, made, today)
    for one in made:
        problem = rules.problem(one)
        old = known.get(edit.name)
        if problem in _OF_RULE and (edit.earlier or (old and _had_rule(one, old, edit))):
            problem = ""
        # An earlier part without a date of its own has simply gone.
        is_earlier = bool(edit.earlier) or (len(made) > 1 and one is made[0])
        if problem == "none" and not is_earlier and left_out(one, programme.workdays):
            problem = "closed"
        if problem and not (problem in {"none", "order"} and is_earlier):
            raise SeriesProblemError(problem, f"series: expected {_EXPECTED[problem]}")
        if moment := skipped(one, programme.timezone):
            raise SkippedTimeError(moment)
    if not edit.earlier:
        _check_days(programme, edit, made, today)
    return made


def _without_closed(
    programme: Programme, edit: Edit, made: tuple[EditedSeries, ...], today: date
) -> tuple[EditedSeries, ...]:
    """Return series without the closed days that their rules give, but those that somebody set before."""
    if edit.name == NEW:
        return tuple(without_closed(one, frozenset(), date.min, programme.workdays) for one in made)
    old = series_named(programme, edit.action, edit.name)
    stands = frozenset(one.on for one in announced_dates(old) if one.state != "tentative")
    begins = max(today, edit.at or today)
    return tuple(without_closed(one, stands, begins, programme.workdays) for one in made)


def _check_days(programme: Programme, edit: Edit, made: tuple[EditedSeries, ...], today: date) -> None:
    """Refuse days far from the programme, and a date where another of its series begins at that time."""
    first, last = day_limits(programme)
    known = {one.day for old in series_of(programme, edit.action) for one in dates_of(old)}
    for one in made:
        if far := {row.day for row in dates_of(one) if not first <= row.day <= last} - known:
            said = f"series: expected dates from {first} to {last}; found {min(far)}"
            raise SeriesProblemError("far", said, last if max(far) > last else first)
    names = family_names(programme, edit.action, [one.name for one in made])
    was = [one for one in series_of(programme, edit.action) if one.name in names]
    now = {one.name: one for one in (*was, *made)}.values()
    if twice := given_twice(now, today) - given_twice(was, today):
        day = min(day for day, _ in twice)
        said = f"series: expected another day or time; the series has a date on {day} already"
        raise SeriesProblemError("twice", said, day)


def day_limits(programme: Programme) -> tuple[date, date]:
    """Return the first and the last day that a date of a series may have."""
    period, workdays = programme.period, programme.workdays
    first = max(date(period.first.year - SPARE_YEARS, 1, 1), workdays.first)
    return first, min(date(period.last.year + SPARE_YEARS, 12, 31), workdays.last)


def _check_rule(edit: Edit, old: EditedSeries | None) -> None:
    """Refuse a new rule that calendars do not hold before anything expands it."""
    rrule = edit.series.rrule if edit.series else ""
    if rrule and (old is None or old.rrule != rrule) and (code := rule_problem(rrule)):
        raise SeriesProblemError(code, f"series: expected {_EXPECTED[code]}")


def _had_rule(one: EditedSeries, old: EditedSeries, edit: Edit) -> bool:
    """Tell whether a rule that no series may get any more stands already, and is not confirmed now."""
    stands = edit.series is None or old.state == "confirmed" or one.state == "tentative"
    return one.rrule == old.rrule and stands


def _decided(programme: Programme, edit: Edit, today: date) -> tuple[EditedSeries, ...]:
    if edit.earlier:
        return _taken_up(programme, edit, today)
    if edit.name == NEW:
        if edit.series is None:
            raise UsageError("series: expected a series to keep")
        name = rules.next_name(programme, edit.action, "own")
        made = edit.series if edit.series.anchor else counting_from(edit.series, edit.series.first)
        return (replace(made, action=edit.action, name=name),)
    old = series_named(programme, edit.action, edit.name)
    if edit.remove:
        return (removed_series(old, today),)
    if on := edit.change.on if edit.change else edit.hold or edit.restore:
        standing = _date_of(old, on)
        if edit.change and edit.change.state == "confirmed" and on in left_out(old, programme.workdays):
            standing = _date_of(rules.restored_series(old, on), on)  # a closed day, named one by one
        if standing is None:  # a date in a quiet month is none
            raise UsageError(f"series: expected one of its dates; found {on}")
        _check_past("past", standing.day, today)
        made = _with_date(old, edit)
        moved = _date_of(made, on)
        _check_past("into-past", moved.day if moved else today, today)
        return (made,)
    if edit.series is None:
        raise UsageError("series: expected a series, a date to change, or its removal")
    later = rules.next_name(programme, old.action, old.name)
    return rewritten(old, edit.series, EditScope(today, edit.at, later))


def _date_of(kept: EditedSeries, on: date) -> SeriesDate | None:
    return next((one for one in dates_of(kept) if one.on == on), None)


def _check_past(code: Literal["past", "into-past"], day: date, today: date) -> None:
    """Refuse to change a date that has been, and to move one among those: they stay as they were held."""
    if day < today:
        raise SeriesProblemError(code, f"series: {_PAST[code]}; {day} has been", day)


def _with_date(old: EditedSeries, edit: Edit) -> EditedSeries:
    """Return a series with one date changed; a moved one is cancelled where it was moved to."""
    if edit.restore:
        return rules.restored_series(old, edit.restore)
    if edit.hold:
        return rules.taken_back(old, edit.hold)
    change = edit.change
    if change and change == DateChange(change.on, state="cancelled"):
        change = rules.cancelled_date(old, change.on)
    return rules.changed_series(old, change) if change else old


def _taken_up(programme: Programme, edit: Edit, today: date) -> tuple[EditedSeries, ...]:
    """Return a family's series as they were, as far as they are ahead; what has been stays as it is."""
    made: list[EditedSeries] = []
    wanted = {one.name: one for one in edit.earlier}
    now = {one.name: one for one in programme.series if one.action == edit.action}
    family = sorted(wanted.keys() | (family_names(programme, edit.action, wanted) & now.keys()))
    been = {
        name: {one.on for one in announced_dates(now[name]) if has_been(one, today)}
        for name in family
        if name in now
    }
    for name in family:
        old, again = now.get(name), wanted.get(name)
        if again is None or again.state == "removed":
            made += [cut_series(old, today)] if old else []
        else:
            known = with_edited_series(programme, tuple(made))
            later = rules.next_name(known, edit.action, name)
            elsewhere = {on for other, days in been.items() if other != name for on in days}
            made += taken_up(old, again, EditScope(today, None, later, back=True), elsewhere)
    return tuple(sorted(made, key=lambda one: one.name))

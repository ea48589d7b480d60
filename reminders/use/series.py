"""Event series are changed: the whole, this and later dates, one date; and by the unit that holds them.

Read, decide, write. The secretary edits a series by page or command. A unit sets the dates of a
provisional series: it confirms the rule, or names the dates of the year; what is past stays as it was,
and the years after stay provisional, so that the unit is asked for them in their turn. What was
cancelled leaves the calendars sixty days after it would have been.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from calendars.left_over import SHOWN_FOR
from reminders.clock import civil_time
from reminders.errors import (
    EditedMeanwhileError,
    NotFoundError,
    SeriesProblemError,
    SkippedTimeError,
    UsageError,
)
from reminders.planning.links import SeriesYear
from reminders.service import Service
from reminders.store import Connection, Database, programmes, series as stored_series
from reminders.store.series import SeriesVersion
from reminders.use.planning.load_state import ended_at
from reminders.use.programme.store_programme import rework, rework_ended
from schedule_rules import edited_series as rules
from schedule_rules.derive import derive
from schedule_rules.edited_series import (
    PEOPLE,
    SeriesDate,
    dates_of,
    event_rule,
    next_name,
    over_since,
    skipped,
)
from schedule_rules.occurrence import Occurrence, of_rule
from schedule_rules.programme import DateChange, EditedSeries, Programme, Text
from schedule_rules.recurrence import rule_problem
from schedule_rules.rule import EventRule
from schedule_rules.series_edits import (
    EditScope,
    announced_dates,
    counted_from,
    counting_from,
    given_twice,
    left_out,
    removed_series,
    rewritten,
    without_closed,
)
from schedule_rules.workdays import Workdays

Clash = Literal["holiday", "closed", "weekend", "quiet", "meeting"]
_OF_RULE: Final = frozenset({"rule", "as-weekly", "as-pauses", "as-last", "as-dates", "as-until"})
TAKEN_OUT: Final = "cancelled dates taken out"
"""The note of saves by which the tick takes out what was cancelled long ago."""
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


@dataclass(frozen=True, slots=True)
class DateAhead:
    """One date as subscribers see it, and what it falls on; ``family`` is its series', cut or not."""

    row: Occurrence
    clashes: tuple[Clash, ...]
    family: str
    place: Text
    video: str
    description: Text
    sign_up: str


@dataclass(frozen=True, slots=True)
class SeriesPreview:
    """The dates of an action's series before and after an edit, by date; ``left_out``: closed days ahead."""

    before: tuple[DateAhead, ...]
    after: tuple[DateAhead, ...]
    left_out: tuple[date, ...]


def series_of(programme: Programme, action: str) -> tuple[EditedSeries, ...]:
    """Return the series of an action as people could keep them, derived ones too, removed ones not."""
    own = [one for one in programme.series if one.action == action and one.state != "removed"]
    names = {one.name for one in programme.series if one.action == action}
    derived = [
        rules.with_series(rule, programme.period.last, programme.workdays)
        for rule in derive(programme).of(action)
        if isinstance(rule, EventRule) and rule.name not in names
    ]
    return tuple(sorted((*own, *derived), key=lambda one: (one.first, one.name)))


def series_named(programme: Programme, action: str, name: str) -> EditedSeries:
    """Return a series by name; ``NotFoundError`` when the action has none of it."""
    found = {one.name: one for one in series_of(programme, action)}
    if name not in found:
        known = ", ".join(found) or "none"
        raise NotFoundError(f"{action} has no series {name!r}; there are {known}")
    return found[name]


def date_named(series: EditedSeries, day: date, *, by_rule: bool = False) -> date:
    """Return the date of a series' rule that a day names: the day on which it stands, or that of the rule.

    ``by_rule``: of the rule only. ``UsageError`` where it names none, or several dates.
    """
    dates = dates_of(series)
    found = [one for one in dates if one.on == day or (one.day == day and not by_rule)]
    if not found and day in rules.rule_days(series):  # left out, as on a closed day, it may still be set
        return day
    if not found:
        raise UsageError(
            f"series: expected one of its dates; found {day} (reminders series dates lists them)"
        )
    if len(found) > 1:
        each = "; ".join(f"that of {one.on} stands on {one.day}" for one in found)
        raise UsageError(f"series: expected one date, but {day} names {len(found)}: {each}. Give --rule-day")
    return found[0].on


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
    for name in sorted(wanted.keys() | (family_names(programme, edit.action, wanted) & now.keys())):
        old, again = now.get(name), wanted.get(name)
        if again is None or again.state == "removed":
            made += [removed_series(old, today)] if old else []
        elif old is None or not announced_dates(old):
            made.append(again)
        else:
            known = with_edited_series(programme, tuple(made))
            later = rules.next_name(known, edit.action, name)
            made += rewritten(old, again, EditScope(today, None, later, back=True))
    return tuple(sorted(made, key=lambda one: one.name))


def family_names(programme: Programme, action: str, names: Iterable[str]) -> frozenset[str]:
    """Return the names of all series that were cut from one another with those of some names."""
    roots = {_root(one) for one in programme.series if one.action == action and one.name in names}
    roots |= set(names)
    return frozenset(
        one.name for one in programme.series if one.action == action and _root(one) in roots
    ).union(names)


def _root(one: EditedSeries) -> str:
    """Return the name of the series that one was cut from, its own if it is whole."""
    if one.part_of:
        return one.part_of
    return one.name if _family(one.name) == "own" else _family(one.name)


def with_edited_series(programme: Programme, made: tuple[EditedSeries, ...]) -> Programme:
    """Return the programme as it would be with edited series; nothing is stored."""
    series = {(one.action, one.name): one for one in (*programme.series, *made)}
    return replace(programme, series=tuple(series[key] for key in sorted(series)))


def preview_series(programme: Programme, edit: Edit, today: date) -> SeriesPreview:
    """Return the dates of the action's series before and after an edit; nothing is stored."""
    made = decide_series(programme, edit, today)
    after = with_edited_series(programme, made)
    before, later = (shown_dates(one, edit.action) for one in (programme, after))
    out = closed_dates(made, today, programme.workdays) if edit.series else ()
    return SeriesPreview(before, later, out)


def closed_dates(made: Iterable[EditedSeries], since: date, workdays: Workdays) -> tuple[date, ...]:
    """Return the days from ``since`` on that rules give and that are left out because they are closed."""
    series = tuple(made)
    standing = {row.on for one in series for row in announced_dates(one)}  # by another part
    days = {day for one in series for day in left_out(one, workdays) if day >= since}
    return tuple(sorted(days - standing))


def shown_dates(programme: Programme, action: str) -> tuple[DateAhead, ...]:
    """Return the dates of an action's series as subscribers see them, with what they fall on."""
    families = {one.name: _root(one) for one in programme.series if one.action == action}
    found = [
        DateAhead(
            row,
            clashes(row, programme),
            families.get(rule.name, rule.name),
            one.place,
            one.video,
            rule.description,
            rule.sign_up,
        )
        for rule in derive(programme).of(action)
        if isinstance(rule, EventRule) and rule.announced
        for row, one in zip(of_rule(programme, rule), rules.instances(rule), strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (one.row.due, str(one.row.id))))


def clashes(row: Occurrence, programme: Programme) -> tuple[Clash, ...]:
    """Return what a date falls on: holiday or eve, closed day, weekend, quiet period, meeting."""
    day, workdays, found = row.due, programme.workdays, list[Clash]()
    if row.status == "cancelled":
        return ()
    if day in workdays.holidays:
        found.append("holiday")
    elif day in workdays.closed:
        found.append("closed")
    elif not workdays.is_working_day(day):
        found.append("weekend")
    if workdays.is_quiet(day):
        found.append("quiet")
    if day in programme.meetings:
        found.append("meeting")
    return tuple(found)


def save_series(service: Service, edit: Edit) -> tuple[EditedSeries, ...]:
    """Keep what an edit makes of a series; return it. Errors as ``decide_series``.

    Raises ``EditedMeanwhileError`` where somebody has saved the series since the edit's maker saw it.
    """
    now = service.clock()
    today = civil_time(service.settings, now).day
    with service.database.write() as connection:
        row = programmes.stored_programme(connection, edit.programme)
        history = stored_series.series_history(connection, edit.programme, edit.action)
        if done := _done_already(history, row.programme, edit, lambda then: decide_series(then, edit, today)):
            return done
        if (
            edit.seen is not None
            and not edit.earlier
            and (since := _saved_since(history, row.programme, edit))
        ):
            raise EditedMeanwhileError(edit.name, since[-1].kept.by, since[-1].at)
        made = decide_series(row.programme, edit, today)
        write_series(connection, edit.programme, made, now, edit.note)
    return made


def is_saved(service: Service, programme: Programme, edit: Edit) -> bool:
    """Tell whether an edit stands already: sent once more from the same form, as by a second press."""
    if edit.seen is None:
        return False
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        history = stored_series.series_history(connection, edit.programme, edit.action)
    return bool(_done_already(history, programme, edit, lambda then: decide_series(then, edit, today)))


def _done_already(
    history: tuple[SeriesVersion, ...],
    programme: Programme,
    edit: Edit,
    decide: Callable[[Programme], tuple[EditedSeries, ...]],
) -> tuple[EditedSeries, ...]:
    """Return the series that stand as an edit makes them of what its maker saw; nothing where they do not.

    Only what was saved since then counts: an edit that changes nothing has not been saved before.
    """
    since = tuple(one for one in history if edit.seen is not None and one.id > edit.seen)
    if not since:
        return ()
    try:
        made = decide(_without(programme, since))
    except (UsageError, NotFoundError):
        return ()
    stands = {one.kept.name: one.kept for one in since}
    if edit.name == NEW:  # what a colleague added meanwhile may have its name
        added = {one.kept.name for one in since if one.before is None}
        return tuple(stands[name] for name in sorted(added) if _is_same(stands[name], made[0]))[:1]
    return made if all(one.name in stands and _is_same(stands[one.name], one) for one in made) else ()


def _is_same(one: EditedSeries, other: EditedSeries) -> bool:
    """Tell whether two series say the same, whoever saved them and by whatever name."""
    plain = (replace(each, name="", part_of="", by="", on=None, anchor=None) for each in (one, other))
    return len(set(plain)) == 1 and rules.rule_days(one) == rules.rule_days(other)


def _without(programme: Programme, versions: Iterable[SeriesVersion]) -> Programme:
    """Return the programme as it was before some saves, the newest ones of their series."""
    series = {(one.action, one.name): one for one in programme.series}
    for version in reversed(tuple(versions)):
        key = (version.kept.action, version.kept.name)
        if version.before is None:
            series.pop(key, None)
        else:
            series[key] = version.before
    return replace(programme, series=tuple(series[key] for key in sorted(series)))


def _saved_since(
    history: tuple[SeriesVersion, ...], programme: Programme, edit: Edit
) -> tuple[SeriesVersion, ...]:
    names = family_names(programme, edit.action, [edit.name])
    own = (one for one in history if one.kept.name in names)
    return tuple(one for one in own if edit.seen is not None and one.id > edit.seen)


@dataclass(frozen=True, slots=True)
class SavedMeanwhile:
    """What others saved of a series since somebody saw it: by whom, when last, the programme before it."""

    by: str
    at: datetime
    names: tuple[str, ...]
    before: Programme


def saved_meanwhile(service: Service, programme: Programme, edit: Edit) -> SavedMeanwhile | None:
    """Return what was saved of an edit's series since its maker saw it; None where nothing was."""
    if edit.seen is None:
        return None
    with service.database.read() as connection:
        history = stored_series.series_history(connection, edit.programme, edit.action)
    versions = _saved_since(history, programme, edit)
    if not versions:
        return None
    before = _without(programme, versions)
    names = tuple(dict.fromkeys(one.kept.name for one in versions))
    return SavedMeanwhile(versions[-1].kept.by, versions[-1].at, names, before)


def newest_save(service: Service, programme: str, action: str) -> int:
    """Return the number of the newest save of an action's series; 0: there is none."""
    return max((one.id for one in saves_of(service, programme, action)), default=0)


def write_series(
    connection: Connection, programme: str, made: Iterable[EditedSeries], now: datetime, note: str = ""
) -> None:
    """Keep series inside the caller's transaction, with all that follows from them."""
    act: int | None = None
    for one in made:
        act = stored_series.add_series(connection, programme, one, now, note, act)
    programmes.touch_programme(connection, programme, now)
    rework(connection, programme, now)


@dataclass(frozen=True, slots=True)
class SeriesSave:
    """What one edit kept, all parts of a series; its number is what ``earlier_family`` asks for.

    ``before`` is what stood instead; of a series that nobody had edited, nothing.
    """

    id: int
    at: datetime
    by: str
    note: str
    kept: tuple[EditedSeries, ...]
    before: tuple[EditedSeries, ...]


def saves_of(service: Service, programme: str, action: str) -> tuple[SeriesSave, ...]:
    """Return every save of the series of an action, newest first: what ``restore_version`` takes up again."""
    with service.database.read() as connection:
        history = stored_series.series_history(connection, programme, action)
    return tuple(
        SeriesSave(
            own[-1].id,
            own[-1].at,
            own[-1].kept.by,
            own[-1].note,
            tuple(one.kept for one in own),
            tuple(one.before for one in own if one.before is not None),
        )
        for own in reversed(_edits(history))
    )


def _edits(history: Iterable[SeriesVersion]) -> list[list[SeriesVersion]]:
    """Return saves by the act that made them, oldest first."""
    found: dict[int, list[SeriesVersion]] = {}
    for one in history:
        found.setdefault(one.act, []).append(one)
    return list(found.values())


def earlier_family(
    service: Service, programme: Programme, version: int
) -> tuple[str, tuple[EditedSeries, ...]]:
    """Return the action of a save, and its series with all that were cut from it as they were after it.

    Raises ``NotFoundError`` when there is no save of this number in the programme.
    """
    with service.database.read() as connection:
        found = stored_series.version(connection, programme.key, version)
        if found is None:
            raise NotFoundError(f"no save {version} of a series in {programme.key}")
        history = stored_series.series_history(connection, programme.key, found.action)
    last = next(own[-1].id for own in _edits(history) if any(one.id == version for one in own))
    names = family_names(programme, found.action, [found.name])
    then = {one.kept.name: one.kept for one in history if one.id <= last and one.kept.name in names}
    return found.action, tuple(then.values())


def restore_version(service: Service, programme: str, version: int, by: str) -> tuple[EditedSeries, ...]:
    """Keep an earlier save of a series again, with all that was cut from it; what has been stays as it is.

    Raises ``NotFoundError`` when there is no save of this number.
    """
    with service.database.read() as connection:
        row = programmes.stored_programme(connection, programme)
    action, family = earlier_family(service, row.programme, version)
    note = f"save {version} again"
    return save_series(service, Edit(programme, action, family[0].name, by, earlier=family, note=note))


def take_out_over(database: Database, today: date, now: datetime) -> int:
    """Take out what was cancelled and is over for sixty days; return how many series changed.

    What is cancelled because its action has ended is not counted.
    """

    def changed(connection: Connection) -> list[tuple[str, EditedSeries]]:
        known = stored_series.with_cancelled(connection)
        return [(key, over) for key, one in known if (over := over_since(one, today - SHOWN_FOR)) != one]

    _take_out_ended(database, now)
    with database.read() as connection:
        if not changed(connection):
            return 0
    with database.write() as connection:
        found = changed(connection)
        acts: dict[tuple[str, str], int] = {}
        for key, over in found:
            own = key, over.action
            acts[own] = stored_series.add_series(connection, key, over, now, TAKEN_OUT, acts.get(own))
        for key in dict.fromkeys(key for key, _ in found):
            programmes.touch_programme(connection, key, now)
            rework(connection, key, now)
    return len(found)


def _take_out_ended(database: Database, now: datetime) -> None:
    with database.read() as connection:
        keys = programmes.programme_keys(connection)
        ending = [key for key in keys if ended_at(connection, key) or programmes.ended_of(connection, key)]
    for key in ending:
        with database.write() as connection:
            rework_ended(connection, key, now)


@dataclass(frozen=True, slots=True)
class YearDates:
    """What a unit sets for a year: the series as it shall be from ``since`` on; ``by``: its address."""

    programme: str
    year: SeriesYear
    series: EditedSeries
    since: date
    by: str
    seen: int | None = None


def series_of_year(programme: Programme, year: SeriesYear, since: date) -> EditedSeries:
    """Return the series, or the part that it was cut into, with the year's dates from ``since`` on.

    Raises ``NotFoundError`` when the action has none of it any more.
    """
    family = family_names(programme, year.action, [year.name])
    own = [one for one in series_of(programme, year.action) if one.name in family]
    own.sort(key=lambda one: one.name != year.name)
    for one in own:
        if any(since <= row.day and row.day.year == year.year for row in dates_of(one)):
            return one
    if not own:
        raise NotFoundError(f"{year.action} has no series {year.name!r}")
    return own[0]


def _family(name: str) -> str:
    """Return what the parts of a series that was cut share: ``month`` of ``month-2``."""
    stem, _, number = name.rpartition("-")
    return stem if stem and number.isdecimal() else name


def decide_year(programme: Programme, wanted: YearDates, today: date) -> tuple[EditedSeries, ...]:
    """Return the series to keep; errors as ``decide_series``."""
    old, action = series_of_year(programme, wanted.year, wanted.since), wanted.year.action
    at = max(wanted.since, old.first)
    edit = Edit(programme.key, action, old.name, wanted.by, series=wanted.series, at=at)
    made = decide_series(programme, edit, today)
    if wanted.series.rrule or not old.rrule:
        return made
    # Days were named instead of a rule: the years after keep the old one, and are asked for in turn.
    name = next_name(with_edited_series(programme, made), old.action, old.name)
    first = max(old.first, date(wanted.year.year + 1, 1, 1))
    rest = replace(old, name=name, first=first, anchor=counted_from(old), part_of=old.part_of or old.name)
    if rest.first > old.until or not event_rule(rest, PEOPLE):
        return made
    return (*made, replace(rest, by=wanted.by, on=today))


def preview_year(
    programme: Programme, wanted: YearDates, today: date
) -> tuple[tuple[DateAhead, ...], tuple[date, ...]]:
    """Return the year's dates as subscribers will see them and the closed days left out; store nothing."""
    made = decide_year(programme, wanted, today)
    after = with_edited_series(programme, made)
    ahead = dates_of_year(after, wanted.year, wanted.since)
    out = closed_dates(made, wanted.since, programme.workdays)
    return ahead, tuple(day for day in out if wanted.series.rrule and day.year == wanted.year.year)


def dates_of_year(programme: Programme, year: SeriesYear, since: date) -> tuple[DateAhead, ...]:
    """Return the year's dates of a series from ``since`` on, as subscribers see them."""
    family = family_names(programme, year.action, [year.name])
    return tuple(
        one
        for one in shown_dates(programme, year.action)
        if since <= one.row.due and one.row.due.year == year.year and one.row.id.series in family
    )


def is_year_saved(service: Service, programme: Programme, wanted: YearDates) -> bool:
    """Tell whether a unit's dates stand already: sent once more from the same form."""
    today = civil_time(service.settings, service.clock()).day
    edit = Edit(wanted.programme, wanted.year.action, wanted.year.name, wanted.by, seen=wanted.seen)
    with service.database.read() as connection:
        history = stored_series.series_history(connection, wanted.programme, wanted.year.action)
    return bool(_done_already(history, programme, edit, lambda then: decide_year(then, wanted, today)))


def set_year_dates(service: Service, wanted: YearDates) -> tuple[EditedSeries, ...]:
    """Keep what a unit sets; its mails stop asking. Errors as ``decide_series``."""
    now = service.clock()
    with service.database.write() as connection:
        row = programmes.stored_programme(connection, wanted.programme)
        edit = Edit(wanted.programme, wanted.year.action, wanted.year.name, wanted.by, seen=wanted.seen)
        history = stored_series.series_history(connection, wanted.programme, wanted.year.action)
        today = civil_time(service.settings, now).day
        if done := _done_already(history, row.programme, edit, lambda then: decide_year(then, wanted, today)):
            return done
        if since := _saved_since(history, row.programme, edit):
            raise EditedMeanwhileError(edit.name, since[-1].kept.by, since[-1].at)
        made = decide_year(row.programme, wanted, today)
        write_series(connection, wanted.programme, made, now)
    return made

"""Edits of a series: what has been stays as it was held, what subscribers hold keeps its UID.

1. Dates before the day from which an edit holds, and all that have been, stay (``rewritten``).
2. Where the new rule gives their days too, it is one series, and they are changed dates of it; else it is cut
   in two: the earlier part keeps its name, and so its UID, the later one is new to every calendar.
3. To cancel from a date on is to cancel each date where it stands, under the UID that subscribers hold.
4. The interval of a rule counts on from where it counted, unless somebody chooses another week.

Who may edit, and what is stored, are left to ``reminders``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from schedule_rules.edited_series import (
    SeriesDate,
    cancelled_date,
    changed_series,
    dates_of,
    is_quiet,
    rule_days,
    taken_back,
    tidied,
)
from schedule_rules.programme import DateChange, EditedSeries, SeriesState
from schedule_rules.recurrence import interval_of, is_frequent, parts_of
from schedule_rules.workdays import Workdays


@dataclass(frozen=True, slots=True)
class EditScope:
    """From when an edit holds: ``at`` (None: as much as may be changed), never before ``today``.

    ``later`` names the part that the edit makes, where a series is cut. With ``back`` an earlier version is
    taken up: what people changed of single dates, and the weeks of its interval, are those of that version.
    """

    today: date
    at: date | None
    later: str
    back: bool = False

    @property
    def begins(self) -> date:
        """The first day that may change."""
        return max(self.today, self.at or self.today)


def announced_dates(kept: EditedSeries) -> tuple[SeriesDate, ...]:
    """Return the dates of a series that calendars show: of a frequent one that nobody set, none."""
    dates = dates_of(kept)
    if kept.state == "tentative" and is_frequent(kept.rrule):
        return tuple(one for one in dates if one.changed)
    return dates


def state_from(kept: EditedSeries, begins: date) -> SeriesState:
    """Return the state that the dates of a series from a day on have in common."""
    ahead = [one for one in announced_dates(kept) if one.day >= begins]
    return "cancelled" if ahead and all(one.state == "cancelled" for one in ahead) else kept.state


def rewritten(old: EditedSeries, new: EditedSeries, scope: EditScope) -> tuple[EditedSeries, ...]:
    """Return what stands instead of ``old`` when it is ``new`` within a scope: one series, or two."""
    stays = {one.on: one for one in announced_dates(old) if one.day < scope.today or one.on < scope.begins}
    if new.state == "cancelled":
        return (_cancelled(old, new, stays),)
    new = replace(new, action=old.action, name=old.name, part_of=old.part_of)
    if scope.back:
        new = replace(new, anchor=counted_from(new) if interval_of(new.rrule) > 1 else None)
        old = replace(old, changes=_changes_back(old, new, stays, scope.begins))
    else:
        if state_from(old, scope.begins) == "cancelled" and old.state != "cancelled":
            old = _uncancelled(old, scope.begins)
        own = tuple(one for one in old.changes if one.on in stays or not one.as_before)
        old = replace(old, changes=own)
        new = _counting_on(old, new, scope.begins)
    if not stays:
        dates = tuple(day for day in new.dates if day >= scope.begins)
        whole = _from(new, scope.begins)
        return (tidied(replace(whole, dates=dates, changes=old.changes)),)
    joined = _joined(old, new, stays, scope)
    return (joined,) if joined else _parted(old, new, stays, scope)


def _changes_back(
    old: EditedSeries, new: EditedSeries, stays: Mapping[date, SeriesDate], begins: date
) -> tuple[DateChange, ...]:
    """Return what was changed of the dates that stay or have been, and ahead that of the version taken up."""
    return (
        *(one for one in old.changes if one.on in stays or one.on < begins),
        *(one for one in new.changes if one.on not in stays and one.on >= begins),
    )


def has_been(one: SeriesDate, today: date) -> bool:
    """Tell whether an earlier version leaves a date as it is: by its rule or where it stands it is past."""
    return one.day < today or one.on < today


def taken_up(
    old: EditedSeries | None, again: EditedSeries, scope: EditScope, elsewhere: Iterable[date]
) -> tuple[EditedSeries, ...]:
    """Return what stands instead of ``old`` when an earlier version of it holds again: only what is ahead.

    Dates that have been ``elsewhere``, in another part of the family, don't come again, and none comes to
    a day that has passed.
    """
    own = {one.on: one for one in again.changes}
    days = {day for day in rule_days(again) if day >= scope.begins}
    gone = days.intersection(elsewhere)
    gone |= {on for on in days & own.keys() if (own[on].day or on) < scope.begins}
    for on in gone:
        again = changed_series(again, DateChange(on, state="gone"))
    if old is not None and announced_dates(old):
        return rewritten(old, again, scope)
    ahead = replace(
        _from(again, scope.begins),
        dates=tuple(day for day in again.dates if day >= scope.begins),
        changes=tuple(one for one in again.changes if one.on >= scope.begins),
    )
    return (tidied(ahead),)


def given_twice(family: Iterable[EditedSeries], today: date) -> frozenset[tuple[date, time | None]]:
    """Return the days and times from ``today`` on at which a series that was cut or not stands twice."""
    begins = [
        (one.day, one.at)
        for kept in family
        for one in announced_dates(kept)
        if one.day >= today and one.state != "cancelled"
    ]
    return frozenset(moment for moment, times in Counter(begins).items() if times > 1)


def without_closed(
    kept: EditedSeries, stands: frozenset[date], begins: date, workdays: Workdays
) -> EditedSeries:
    """Return a confirmed series without the closed days that its rule gives from a day on.

    Those that ``stands`` names, or that somebody changed, stay.
    """
    if not kept.rrule or kept.state != "confirmed":
        return kept
    known = {one.on for one in kept.changes} | stands
    for day in rule_days(kept):
        if day >= begins and day not in known and workdays.is_closed(day):
            kept = changed_series(kept, DateChange(day, state="gone"))
    return kept


def left_out(kept: EditedSeries, workdays: Workdays) -> tuple[date, ...]:
    """Return the days that a series' rule gives and that are left out because they are closed."""
    if not kept.rrule or kept.state == "removed":
        return ()
    gone = {one.on for one in kept.changes if one.state == "gone"}
    days = (day for day in rule_days(kept) if day in gone and not is_quiet(kept, day))
    return tuple(day for day in days if workdays.is_closed(day))


def removed_series(old: EditedSeries, today: date) -> EditedSeries:
    """Return a series of which nothing is ahead: what has been stays, a series without that goes."""
    return _only(old, {one.on: one for one in announced_dates(old) if one.day < today}, today)


def cut_series(old: EditedSeries, today: date) -> EditedSeries:
    """Return a part that an earlier version had not: what has been by its rule stays too, moved or not."""
    return _only(old, {one.on: one for one in announced_dates(old) if has_been(one, today)}, today)


def _only(old: EditedSeries, stays: Mapping[date, SeriesDate], today: date) -> EditedSeries:
    return _earlier(old, stays, today) if stays else replace(old, state="removed")


def counted_from(old: EditedSeries) -> date:
    """Return a day of a week, month or year in which a series' interval has its dates."""
    return old.anchor or old.first


def counting_from(kept: EditedSeries, begins: date) -> EditedSeries:
    """Return a series whose interval counts from its rule's first day on or after a day, not from its week.

    Weeks begin on Monday (RFC 5545 section 3.3.10): every other Wednesday from a Thursday on would else begin
    two weeks later.
    """
    interval = interval_of(kept.rrule)
    if interval == 1:
        return kept
    every = ";".join(part for part in kept.rrule.split(";") if not part.startswith("INTERVAL="))
    days = rule_days(replace(kept, rrule=every, first=begins, anchor=None))
    return replace(kept, anchor=next(iter(days), begins))


def phases(kept: EditedSeries, begins: date) -> tuple[date, ...]:
    """Return by their first date from a day on the phases that a rule may have: this week, the other one.

    Nothing for a rule without an interval. The first is the one that it has.
    """
    interval = interval_of(kept.rrule)
    if interval == 1:
        return ()
    step = {"DAILY": 1, "WEEKLY": 7}.get(parts_of(kept.rrule)["FREQ"], 0)
    found: list[date] = []
    for n in range(interval):
        anchor = counted_from(kept)
        if step:
            anchor += timedelta(days=step * n)
        else:
            months = anchor.month - 1 + n * (12 if parts_of(kept.rrule)["FREQ"] == "YEARLY" else 1)
            anchor = date(anchor.year + months // 12, months % 12 + 1, min(anchor.day, 28))
        long = replace(kept, anchor=anchor, first=max(kept.first, begins))
        own = [day for day in rule_days(long) if not is_quiet(long, day)]
        if own and own[0] not in found:
            found.append(own[0])
    return tuple(found)


def _counting_on(old: EditedSeries, new: EditedSeries, begins: date) -> EditedSeries:
    """Return the new series with its interval counted as the old one's, where it is the same."""
    if not new.rrule or interval_of(new.rrule) == 1:
        return replace(new, anchor=None)
    same = bool(old.rrule) and _pace(old.rrule) == _pace(new.rrule)
    if new.anchor != old.anchor and new.anchor is not None:
        return new
    return replace(new, anchor=counted_from(old)) if same else counting_from(new, max(new.first, begins))


def _pace(rrule: str) -> tuple[str, int]:
    return parts_of(rrule).get("FREQ", ""), interval_of(rrule)


def _cancelled(old: EditedSeries, new: EditedSeries, stays: Mapping[date, SeriesDate]) -> EditedSeries:
    """Return a series whose dates are cancelled, each where it stands, but those that stay."""
    named = replace(old, title=new.title, description=new.description, sign_up=new.sign_up)
    if not announced_dates(old):
        return replace(old, state="removed")
    if not stays:
        return replace(named, state="cancelled")
    for one in announced_dates(old):
        if one.on not in stays:
            old = changed_series(old, cancelled_date(old, one.on))
    return old


def _uncancelled(old: EditedSeries, begins: date) -> EditedSeries:
    for one in dates_of(old):
        if one.day >= begins and one.state == "cancelled":
            old = taken_back(old, one.on)
    return old


def _joined(
    old: EditedSeries, new: EditedSeries, stays: Mapping[date, SeriesDate], scope: EditScope
) -> EditedSeries | None:
    """Return the new series with what stays as changed dates of it; None where it cannot be one series."""
    if bool(old.rrule) != bool(new.rrule):
        return None
    if new.rrule and any(one.day >= scope.today and not one.changed for one in stays.values()):
        return None  # a date ahead stays as the old rule has it
    dates = {*stays, *(day for day in new.dates if day >= scope.begins)} if not new.rrule else set[date]()
    first = min(old.first, new.first)
    anchor = new.anchor or (new.first if interval_of(new.rrule) > 1 else None)
    base = replace(new, first=first, anchor=anchor, dates=tuple(sorted(dates)), changes=())
    days = rule_days(base)
    if not stays.keys() <= set(days) or (new.rrule and any(is_quiet(base, on) for on in stays)):
        return None
    kept = {one.on: one for one in old.changes if one.on in days and one.on not in stays}
    ahead = {one.on for one in announced_dates(old) if one.on not in stays}
    said = {one.on for one in old.changes if not one.as_before}
    for day in days:
        if day in stays:
            change = _as_held(stays[day], base)
            if change is None:
                return None
            is_set = stays[day].changed and stays[day].state == "confirmed"
            if change != DateChange(day) or (is_set and base.state == "tentative"):
                kept[day] = replace(change, as_before=day not in said)
        elif (day < scope.begins and day not in ahead) or (new.rrule and day < new.first):
            kept[day] = DateChange(day, state="gone")
    return replace(base, changes=tuple(kept[day] for day in sorted(kept)))


def _as_held(one: SeriesDate, base: EditedSeries) -> DateChange | None:
    """Return how a date differs from what the series says; None where no change of a date could say it."""
    timed = one.at is not None
    if base.rrule and timed != (base.at is not None):
        return None  # calendars read days and times in one series each in their own way
    if base.state == "cancelled" or (base.rrule and "tentative" == one.state != base.state):
        return None
    change = DateChange(
        one.on,
        day=one.day if one.day != one.on else None,
        at=one.at if one.at != base.at else None,
        minutes=one.minutes if timed and one.minutes != base.minutes else None,
        place=one.place if one.place != base.place else None,
        video=one.video if one.video != base.video else None,
        title=one.title if one.title != base.title else None,
        all_day=not timed and base.at is not None,
    )
    if one.state == base.state and (one.state != "tentative" or change == DateChange(one.on)):
        return change  # a change of an assumed date would confirm it otherwise
    return replace(change, state=one.state)


def _parted(
    old: EditedSeries, new: EditedSeries, stays: Mapping[date, SeriesDate], scope: EditScope
) -> tuple[EditedSeries, ...]:
    """Return the series as it was up to a day, and the new one from then on under another name."""
    before = _earlier(old, stays, scope.begins)
    after = replace(
        _from(new, scope.begins),
        name=scope.later,
        part_of=old.part_of or old.name,
        dates=tuple(day for day in new.dates if day >= scope.begins and day not in stays),
        changes=(
            *(one for one in old.changes if one.on >= scope.begins and one.on not in stays),
            *(DateChange(day, state="gone") for day in sorted(stays) if day >= scope.begins),
        ),
    )
    if new.rrule and new.until < scope.begins:
        return (before,)
    return before, tidied(after)


def _from(new: EditedSeries, begins: date) -> EditedSeries:
    """Return a series with no date before a day; its interval counts as before."""
    anchor = new.anchor or (new.first if interval_of(new.rrule) > 1 else None)
    return replace(new, first=max(new.first, begins), anchor=anchor)


def _earlier(old: EditedSeries, stays: Mapping[date, SeriesDate], begins: date) -> EditedSeries:
    """Return the series with those of its dates only that stay."""
    until = min(old.until, max(begins - timedelta(days=1), *stays))
    cut = replace(old, until=until, dates=tuple(day for day in old.dates if day in stays))
    kept = {one.on: one for one in old.changes if one.on in stays}
    if old.rrule:
        out = (day for day in rule_days(cut) if day not in stays and not is_quiet(cut, day))
        kept |= {day: DateChange(day, state="gone") for day in out}
    return replace(cut, changes=tuple(kept[day] for day in sorted(kept)))

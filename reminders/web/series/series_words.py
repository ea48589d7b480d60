"""Event series in words: how one recurs, its dates and what they fall on, what a colleague changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from calendars.event import Entry
from email_templates import dates
from reminders.planning.state import ProgrammeRow
from reminders.use.series.action_series import series_of
from reminders.use.series.changes import (
    DateAhead,
    FactShift,
    date_shifts,
    days_after,
    fact_shifts,
    kinds_of_day,
    shown_dates,
)
from reminders.use.series.saves import SavedMeanwhile
from reminders.web.catalogue import say
from reminders.web.site import machine_time
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.programme import LANGUAGES, EditedSeries, Lang, Programme, Text
from schedule_rules.recurrence import PER, interval_of, parts_of
from schedule_rules.series_edits import counted_from, left_out, state_from

OTHER: Final = 2
"""The interval that has words of its own: every other week."""
MOST_CLOSED: Final = 12
"""So many closed days are named one by one."""


def rule_words(series: EditedSeries, lang: Lang) -> str:
    """Say how a series recurs: *Kuukausittain, viimeinen torstai*; *Every other week, Wednesday*."""
    parts = parts_of(series.rrule)
    if not parts:
        return say(lang, "series.how-dates")
    per, interval = PER[parts["FREQ"]], interval_of(series.rrule)
    words = [say(lang, f"series.every-{per}", interval)]
    if interval == OTHER:
        words = [say(lang, f"series.other-{per}")]
    day, month = counted_from(series), parts.get("BYMONTH", "")
    if months := [one for one in month.split(",") if one]:
        words.append(", ".join(say(lang, f"series.month-{one}") for one in months))
    elif per == "year":
        words.append(say(lang, f"series.month-{day.month}"))
    if days := parts.get("BYDAY", ""):
        words += [_weekday(one, lang) for one in days.split(",")]
    elif numbers := parts.get("BYMONTHDAY", ""):
        words += [_month_day(one, lang) for one in numbers.split(",")]
    elif per == "week":
        words.append(say(lang, f"series.day-{('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')[day.weekday()]}"))
    elif per in {"month", "year"}:
        words.append(_month_day(str(day.day), lang))
    return ", ".join(words)


def _weekday(code: str, lang: Lang) -> str:
    nth, day = code[:-2].removeprefix("+"), say(lang, f"series.day-{code[-2:]}")
    if not nth:
        return day
    return f"{say(lang, f'series.nth-{nth}')} {day}" if nth in {"1", "2", "3", "4", "-1"} else f"{nth}. {day}"


def _month_day(number: str, lang: Lang) -> str:
    return say(lang, "series.month-end") if number == "-1" else say(lang, "series.month-day", day=number)


def time_words(series: EditedSeries, lang: Lang) -> str:
    """Say from when to when the dates of a series last; nothing for whole days."""
    return date_time_words(series.at, series.minutes, lang)


def date_time_words(at: time | None, minutes: int, lang: Lang) -> str:
    """Say from when to when what begins ``at`` a time lasts; nothing for whole days."""
    if at is None:
        return ""
    if not minutes:
        return dates.at(at, lang)
    begins = datetime.combine(date.min, at)
    return _between(begins, begins + timedelta(minutes=minutes), lang)


def _pauses(series: EditedSeries, lang: Lang) -> Iterable[str]:
    for month in series.months_off:
        yield say(lang, f"series.month-{month}")
    for span in series.quiet:
        yield dates.span(span.first, span.last, lang)


def _between(begins: datetime, ends: datetime, lang: Lang) -> str:
    """Say from when to when something lasts: *22:00–01:00 (ends on the next day)*."""
    words, later = dates.between(begins.time(), ends.time(), lang), (ends.date() - begins.date()).days
    note = say(lang, "series.ends-later", n=later) if later else ""
    return f"{words} ({note})" if later else words


@dataclass(frozen=True, slots=True)
class DateView:
    """One date in words; ``on`` names it in its series, ``clash`` says what it falls on.

    ``stamp`` is its begin for machines.
    """

    on: str
    day: date
    stamp: str
    when: str
    state: str
    tentative: bool
    clash: str


@dataclass(frozen=True, slots=True)
class SeriesView:
    """One series in words, with its dates to come and those that are past; ``unset``: in no calendar yet.

    ``left_out`` are closed days to come on which its rule falls.
    """

    name: str
    title: str
    rule: str
    when: str
    place: str
    state: str
    unset: bool
    details: str
    sign_up: str
    ahead: tuple[DateView, ...]
    past: tuple[DateView, ...]
    left_out: tuple[LeftOutDay, ...]


@dataclass(frozen=True, slots=True)
class LeftOutDay:
    """A closed day on which a rule falls, and why it is closed."""

    on: date
    when: str
    why: str


def date_view(one: DateAhead, lang: Lang, zone: str) -> DateView:
    """Return one date in words; ``zone`` is its programme's."""
    row = one.row
    when = dates.in_table(row.due, lang)
    if row.starts_at and row.ends_at and row.ends_at > row.starts_at:
        when += f" {_between(row.starts_at, row.ends_at, lang)}"
    elif row.starts_at:
        when += f" {dates.at(row.starts_at.time(), lang)}"
    return DateView(
        on=row.id.instance[-10:],
        day=row.due,
        stamp=machine_time(row.starts_at or row.due, zone),
        when=when,
        state=say(lang, f"series.state-{row.status}"),
        tentative=row.status == "tentative",
        clash=", ".join(say(lang, f"series.clash-{kind}") for kind in one.day_kinds),
    )


def series_views(
    row: ProgrammeRow, action: str, entries: Iterable[Entry], today: date, lang: Lang
) -> tuple[SeriesView, ...]:
    """Return the series of an action; ``entries`` are its dates in calendars, which keep some of before."""
    programme = row.programme
    by_name: dict[str, list[DateView]] = {}
    shown = shown_dates(programme, action)
    for one in shown:
        by_name.setdefault(one.row.id.series, []).append(date_view(one, lang, programme.timezone))
    known = {str(one.row.id) for one in shown}
    for entry in entries:
        if entry.kind == "event" and entry.day < today and entry.occurrence not in known:
            row_id = OccurrenceID.parse(entry.occurrence)
            by_name.setdefault(row_id.series, []).append(_kept_view(entry, row_id, lang, programme.timezone))
    return tuple(
        SeriesView(
            name=series.name,
            title=series.title.get(lang),
            rule=rule_words(series, lang),
            when=time_words(series, lang),
            place=series.place.get(lang),
            state=say(lang, f"series.state-{state_from(series, today)}"),
            unset=series.state == "tentative" and series.name not in by_name,
            details=series.description.get(lang),
            sign_up=series.sign_up,
            ahead=tuple(row for row in by_name.get(series.name, ()) if row.day >= today),
            past=tuple(sorted((row for row in by_name.get(series.name, ()) if row.day < today), key=_by_day)),
            left_out=tuple(
                LeftOutDay(day, dates.in_table(day, lang), closed_because(day, programme, lang))
                for day in left_out(series, programme.workdays)
                if day >= today
            ),
        )
        for series in series_of(programme, action)
    )


def closed_because(day: date, programme: Programme, lang: Lang) -> str:
    """Say what a closed day is: *public holiday or eve*, *closed day*, *quiet period*."""
    return ", ".join(say(lang, f"series.clash-{kind}") for kind in kinds_of_day(day, programme))


def _by_day(one: DateView) -> date:
    return one.day


def _kept_view(entry: Entry, row_id: OccurrenceID, lang: Lang, zone: str) -> DateView:
    """Return a date in words that calendars keep from before."""
    when, ends = dates.in_table(entry.day, lang), entry.finish
    if isinstance(entry.start, datetime):
        if isinstance(ends, datetime):
            when += f" {_between(entry.start, ends, lang)}"
        else:
            when += f" {dates.at(entry.start.time(), lang)}"
    return DateView(
        on=row_id.instance[-10:],
        day=entry.day,
        stamp=machine_time(entry.start, zone),
        when=when,
        state=say(lang, f"series.state-{entry.status}"),
        tentative=entry.status == "tentative",
        clash="",
    )


@dataclass(frozen=True, slots=True)
class ShiftView:
    """One date before and after an edit in words; None: in no calendar."""

    was: DateView | None
    becomes: DateView | None


@dataclass(frozen=True, slots=True)
class ChangesView:
    """What an edit changes: dates by what happens to them; facts as label, was, becomes, dates."""

    changed: tuple[ShiftView, ...]
    added: tuple[DateView, ...]
    gone: tuple[DateView, ...]
    facts: tuple[tuple[str, str, str, str], ...]
    notes: tuple[str, ...]


def changes_view(
    programme: Programme,
    before: Iterable[DateAhead],
    after: Iterable[DateAhead],
    lang: Lang,
    left_out: Sequence[date] = (),
) -> ChangesView:
    """Return in words what differs between the dates before and after an edit, and what to note about it."""
    was, now, zone = tuple(before), tuple(after), programme.timezone
    shifts = date_shifts(was, now)
    views = [
        ShiftView(*(date_view(one, lang, zone) if one else None for one in (shift.was, shift.becomes)))
        for shift in shifts
    ]
    notes = [closed_words(left_out, lang)] if left_out else []
    if beyond := days_after(shifts, programme.period.last):
        words = {"end": dates.short(programme.period.last, lang), "last": dates.short(max(beyond), lang)}
        notes.append(say(lang, "series.beyond", len(beyond), **words))
    return ChangesView(
        changed=tuple(one for one in views if one.was and one.becomes),
        added=tuple(one.becomes for one in views if one.becomes and not one.was),
        gone=tuple(one.was for one in views if one.was and not one.becomes),
        facts=tuple(_fact_words(one, lang) for one in fact_shifts(was, now)),
        notes=tuple(notes),
    )


def closed_words(days: Sequence[date], lang: Lang) -> str:
    """Say which days of a rule are left out because they are closed: so many, the first of them by name."""
    named = ", ".join(dates.short(day, lang) for day in days[:MOST_CLOSED])
    more = " …" if len(days) > MOST_CLOSED else ""
    return say(lang, "series.left-out", len(days), days=named + more)


def _fact_words(one: FactShift, lang: Lang) -> tuple[str, str, str, str]:
    """Return a changed fact in the reader's language; in the first that differs where that one does not."""
    shown, label = lang, say(lang, f"series.{one.fact}")
    if one.was.get(lang) == one.becomes.get(lang):
        shown = next((code for code in LANGUAGES if one.was.get(code) != one.becomes.get(code)), lang)
        label += f" ({shown})"
    since = say(lang, "series.dates-from", one.dates, day=dates.short(one.first, lang))
    return label, one.was.get(shown), one.becomes.get(shown), since


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What others saved while a form was open: by whom and when, what was and what is now, by field."""

    by: str
    at: datetime
    fields: tuple[tuple[str, str, str], ...]
    changes: ChangesView


def meanwhile_words(
    found: SavedMeanwhile | None, row: ProgrammeRow, action: str, lang: Lang, zone: tzinfo
) -> Meanwhile | None:
    """Return what was saved of a series since somebody saw it; None where nothing was."""
    if found is None:
        return None
    both = (found.before, row.programme)
    was, now = (shown_dates(one, action) for one in both)
    old, new = ({one.name: one for one in series_of(programme, action)} for programme in both)
    fields = [
        difference
        for name in found.names
        if name in old and name in new
        for difference in differences(old[name], new[name], lang)
    ]
    changes = changes_view(row.programme, was, now, lang)
    return Meanwhile(found.by, found.at.astimezone(zone), tuple(fields), changes)


def differences(old: EditedSeries, new: EditedSeries, lang: Lang) -> list[tuple[str, str, str]]:
    """Return in which fields two series differ: the field's name, what was, what is."""

    def said(one: EditedSeries) -> dict[str, str]:
        texts: dict[str, Text] = {"name": one.title, "place": one.place, "details": one.description}
        return {
            "how": rule_words(one, lang),
            "until": dates.short(one.until, lang) if one.rrule else "",
            "pauses": ", ".join(_pauses(one, lang)),
            "time": time_words(one, lang),
            **{name: text.get(lang) for name, text in texts.items()},
            "video": one.video,
            "sign-up": one.sign_up,
            "state": say(lang, f"series.state-{one.state}") if one.state != "removed" else "",
        }

    was, now = said(old), said(new)
    return [(say(lang, f"series.{name}"), was[name], now[name]) for name in was if was[name] != now[name]]

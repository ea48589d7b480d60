"""Earlier versions of an action's series in words: what was done in each save, by whom, when."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Final

from email_templates import dates
from reminders.use.series.saves import TAKEN_OUT, SeriesSave
from reminders.web.catalogue import say
from reminders.web.series.series_words import date_time_words, differences, rule_words, time_words
from schedule_rules.edited_series import SeriesDate, dates_of
from schedule_rules.programme import EditedSeries, Lang
from schedule_rules.series_edits import state_from

FEW_DATES: Final = 3
"""So many dates are named one by one; more are counted."""
_AGAIN: Final = re.compile(r"save \d+ again")
_KINDS: Final = ("moved", "cancelled", "held", "time", "place", "confirmed", "other", "added", "gone")


@dataclass(frozen=True, slots=True)
class SaveRow:
    """One save in the list of earlier versions: what was done, by whom and in which role."""

    id: int
    at: datetime
    by: str
    role: str
    words: tuple[str, ...]
    note: str


def save_rows(
    saves: Iterable[SeriesSave],
    derived: Iterable[EditedSeries],
    role_of: Callable[[str, date], str],
    lang: Lang,
    zone: tzinfo,
) -> tuple[SaveRow, ...]:
    """Return saves in words, in their order.

    ``derived`` are the series as the wording gives them, ``role_of`` the role of an address on a day.
    """
    first = {one.name: one for one in derived}
    return tuple(
        SaveRow(
            one.id,
            at := one.at.astimezone(zone),
            one.by,
            role_of(one.by, at.date()),
            _done(one, first, lang),
            _note(one, lang),
        )
        for one in saves
    )


def _done(save: SeriesSave, derived: Mapping[str, EditedSeries], lang: Lang) -> tuple[str, ...]:
    """Return what a save did, in a few sentences; what stands since then where nothing can be told."""
    before = {**derived, **{one.name: one for one in save.before}}
    found = list[str]()
    later = [one for one in save.kept if one.name not in before and one.part_of]
    cut = {one.part_of for one in later}
    for one in save.kept:
        was = before.get(one.name)
        if one.state == "removed":
            found += [say(lang, "series.state-removed")] if was and was.state != "removed" else []
        elif one in later:
            family = [old for old in save.before if one.part_of in {old.name, old.part_of}]
            whole = next(iter(family), derived.get(one.part_of))
            words = "; ".join(_fields(whole, one, lang)) if whole else ""
            words = words or _stands(one, lang)
            found.append(say(lang, "series.done-from", day=dates.in_table(one.first, lang), words=words))
        elif was is None or was.state == "removed":
            found.append(say(lang, "series.done-new", words=_stands(one, lang)))
        elif one.name not in cut and one.part_of not in cut:
            fields = _fields(was, one, lang)
            found += fields
            found += _dates_done(was, one, lang) if not fields or not one.rrule else []
    if not found and not _note(save, lang):
        found = [_stands(max(save.kept, key=lambda one: one.first), lang)]
    return tuple(dict.fromkeys(found))


def _fields(was: EditedSeries, now: EditedSeries, lang: Lang) -> list[str]:
    return [
        say(lang, "series.done-field", what=what, was=old or "–", now=new or "–")
        for what, old, new in differences(was, now, lang)
    ]


def _stands(one: EditedSeries, lang: Lang) -> str:
    words = (one.title.get(lang), rule_words(one, lang), time_words(one, lang), one.place.get(lang))
    return ", ".join(filter(None, (*words, say(lang, f"series.state-{state_from(one, one.first)}"))))


def _dates_done(was: EditedSeries, now: EditedSeries, lang: Lang) -> list[str]:
    """Say by kind what was done to which dates: *Moved: Wed 18 Mar 2026 → Thu 19 Mar 2026*."""
    old, new = ({one.on: one for one in dates_of(series)} for series in (was, now))
    found: dict[str, list[str]] = {}
    for on in sorted(old.keys() | new.keys()):
        for kind, words in _date_done(old.get(on), new.get(on), lang):
            found.setdefault(kind, []).append(words)
    said = list[str]()
    for kind in sorted(found, key=_KINDS.index):
        days = "; ".join(found[kind][:FEW_DATES])
        if more := len(found[kind][FEW_DATES:]):
            days = say(lang, "series.done-more", more, days=days)
        said.append(say(lang, f"series.done-{kind}", days=days))
    return said


def _date_done(was: SeriesDate | None, now: SeriesDate | None, lang: Lang) -> Iterable[tuple[str, str]]:
    if was == now:
        return
    if was is None or now is None:
        one = now or was
        yield "added" if now else "gone", dates.in_table(one.day, lang) if one else ""
        return
    day = dates.in_table(now.day, lang)
    if was.title != now.title and _same_but_title(was, now):
        yield "other", day
    if was.day != now.day:
        yield "moved", f"{dates.in_table(was.day, lang)} → {day}"
    if (was.at, was.minutes) != (now.at, now.minutes):
        yield "time", " ".join(filter(None, (day, date_time_words(now.at, now.minutes, lang))))
    if (was.place, was.video) != (now.place, now.video):
        yield "place", f"{day}: {now.place.get(lang) or now.video or '–'}"
    if was.state != now.state:
        kind = "held" if was.state == "cancelled" else now.state
        yield "other" if kind == "tentative" else kind, day


def _same_but_title(was: SeriesDate, now: SeriesDate) -> bool:
    return replace(was, title=now.title, changed=now.changed) == now


def _note(save: SeriesSave, lang: Lang) -> str:
    if _AGAIN.fullmatch(save.note):
        return say(lang, "series.note-again")
    return say(lang, "series.note-out") if save.note == TAKEN_OUT else save.note

"""Event series as a page shows them: rule in words, dates and what they fall on, a preview. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from email_templates import dates
from reminders.dispatch.series import DateAhead, Preview
from reminders.web.series_form import rule_words
from reminders.web.words import say
from schedule_rules.programme import KeptSeries, Lang


@dataclass(frozen=True, slots=True)
class DateView:
    """One date in words; ``on`` names it in its series, ``clash`` says what it falls on."""

    on: str
    day: date
    when: str
    state: str
    tentative: bool
    clash: str


@dataclass(frozen=True, slots=True)
class SeriesView:
    """One series in words, with its dates to come and those that are past."""

    name: str
    rule: str
    when: str
    place: str
    state: str
    ahead: tuple[DateView, ...]
    past: tuple[DateView, ...]


@dataclass(frozen=True, slots=True)
class PreviewView:
    """What an edit changes for subscribers."""

    added: tuple[DateView, ...]
    gone: tuple[DateView, ...]


def series_view(
    kept: Iterable[KeptSeries], found: Iterable[DateAhead], today: date, lang: Lang
) -> tuple[SeriesView, ...]:
    """Return the series of an action."""
    by_name: dict[str, list[DateView]] = {}
    for one in found:
        name = one.row.id.instance[:-11]
        by_name.setdefault(name, []).append(date_view(one, lang))
    return tuple(
        SeriesView(
            name=one.name,
            rule=rule_words(one, lang),
            when=dates.at(one.at, lang) if one.at else "",
            place=one.place.get(lang),
            state=say(lang, f"series.state-{one.state}"),
            ahead=tuple(row for row in by_name.get(one.name, ()) if row.day >= today),
            past=tuple(row for row in by_name.get(one.name, ()) if row.day < today),
        )
        for one in kept
    )


def date_view(one: DateAhead, lang: Lang) -> DateView:
    """Return one date in words."""
    row = one.row
    when = dates.in_table(row.due, lang)
    if row.starts_at:
        when += f" {dates.at(row.starts_at.time(), lang)}"
    return DateView(
        on=row.id.instance[-10:],
        day=row.due,
        when=when,
        state=say(lang, f"series.state-{row.status}"),
        tentative=row.status == "tentative",
        clash=", ".join(say(lang, f"series.clash-{clash}") for clash in one.clashes),
    )


def preview_view(seen: Preview, lang: Lang) -> PreviewView:
    """Return the dates that come or change, and those that go or were otherwise."""
    before = {str(one.row.id): one for one in seen.before}
    after = {str(one.row.id): one for one in seen.after}
    return PreviewView(
        tuple(date_view(one, lang) for key, one in after.items() if _said(before.get(key)) != _said(one)),
        tuple(date_view(one, lang) for key, one in before.items() if _said(after.get(key)) != _said(one)),
    )


def _said(one: DateAhead | None) -> tuple[object, ...]:
    return (one.row.due, one.row.starts_at, one.row.ends_at, one.row.status) if one else ()

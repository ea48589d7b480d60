"""The columns of the forecast's map: twelve months, or thirteen weeks of them. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from babel.dates import format_date

from email_templates import dates
from reminders.web.heat import Column
from reminders.web.words import say
from schedule_rules.days import Span
from schedule_rules.programme import Lang
from schedule_rules.workdays import Workdays

MONTHS: Final = 12
WEEKS: Final = 13


def window_of(today: date) -> Span:
    """Return the twelve months that a forecast shows: from today to the end of the eleventh after this."""
    return Span(today, month(today, MONTHS) - timedelta(days=1))


def month(day: date, ahead: int) -> date:
    """Return the first day of the month that is ``ahead`` months after that of ``day``."""
    years, month = divmod(day.month - 1 + ahead, 12)
    return date(day.year + years, month + 1, 1)


def month_key(day: date) -> str:
    """Return the month's key: *2025-01*."""
    return f"{day.year}-{day.month:02}"


def week_key(day: date) -> str:
    """Return the week's key (ISO 8601): *2025-W03*."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def month_name(day: date, lang: Lang, *, short: bool = False) -> str:
    """Return a month's own name: *tammikuu*, *januari*, *January*; short *tammi*, *jan*, *Jan*."""
    name: str = format_date(day, "LLL" if short else "LLLL", locale=dates.LOCALES[lang])
    return name.rstrip(".")


def months(window: Span, workdays: Workdays, lang: Lang) -> tuple[Column, ...]:
    """Return a column for each month of the window."""
    firsts = [month(window.first, ahead) for ahead in range(MONTHS)]
    return tuple(
        Column(
            month_key(first),
            month_name(first, lang, short=True),
            f"{month_name(first, lang)} {first.year}",
            quiet=not workdays.between(Span(first, month(first, 1) - timedelta(days=1))),
        )
        for first in firsts
    )


def first_week(wanted: date | None, window: Span) -> date:
    """Return the Monday that the weeks begin with, never outside the window."""
    begin = min(max(wanted or window.first, window.first), window.last)
    return begin - timedelta(days=begin.weekday())


def weeks(wanted: date | None, window: Span, workdays: Workdays, lang: Lang) -> tuple[Column, ...]:
    """Return a column for each of the weeks from the one of ``wanted`` on."""
    begin = first_week(wanted, window)
    mondays = [begin + timedelta(weeks=n) for n in range(WEEKS)]
    return tuple(
        Column(
            week_key(monday),
            str(monday.isocalendar().week),
            say(
                lang,
                "forecast.week",
                week=monday.isocalendar().week,
                days=dates.span(monday, monday + timedelta(days=6), lang),
            ),
            quiet=not workdays.between(Span(monday, monday + timedelta(days=6))),
        )
        for monday in mondays
    )


def shifted(begin: date, by: int, window: Span) -> str:
    """Return the first Monday of the weeks before or after; nothing where the forecast ends."""
    day = begin + timedelta(weeks=by)
    outside = day > window.last if by > 0 else begin <= window.first
    return "" if outside else day.isoformat()

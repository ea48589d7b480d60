"""A feed as a page: a month and a list, for people without a calendar program and for notice boards.

A feed's entries as a month and as a list: the same dates as in a calendar program. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from calendars.event import Entry
from calendars.feed import select, title
from calendars.text import place, summary
from email_templates import dates
from reminders.errors import NotFoundError
from reminders.use.feeds.published import Source, specs
from reminders.web.catalogue import say
from reminders.web.site import Site
from schedule_rules.programme import Lang
from schedule_rules.rule import expand

# -- A feed's entries as a month and as a list: the same dates as in a calendar program. Pure

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One date of an entry: day, time and title in words, place, and whether it stands."""

    day: date
    when: str
    time: str
    title: str
    place: str
    url: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day of a month's grid; ``own`` tells whether it belongs to the month."""

    day: date
    own: bool
    today: bool
    rows: tuple[CalendarRow, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday, the addresses' form of the months beside it, and its rows."""

    title: str
    before: str
    after: str
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[CalendarDay, ...], ...]
    rows: tuple[CalendarRow, ...]


def rows_of(entries: Iterable[Entry], lang: Lang) -> tuple[CalendarRow, ...]:
    """Return every date of entries in order; of a series those that no override replaces."""
    found = list(entries)
    replaced = {(entry.uid, entry.recurrence_id) for entry in found if entry.recurrence_id is not None}
    rows = [(start, row) for entry in found for start, row in _rows(entry, replaced, lang)]
    return tuple(row for _, row in sorted(rows, key=lambda pair: (pair[1].day, pair[0], pair[1].title)))


def _rows(entry: Entry, replaced: set[tuple[str, date]], lang: Lang) -> Iterator[tuple[str, CalendarRow]]:
    start = entry.start
    days = expand(entry.recurrence) if entry.recurrence else (_day(start),)
    title, where = summary(entry, lang), place(entry, lang)
    for day in days:
        moment = datetime.combine(day, start.time()) if isinstance(start, datetime) else day
        if entry.recurrence and (entry.uid, moment) in replaced:
            continue
        time = dates.at(start.time(), lang) if isinstance(start, datetime) else ""
        when = " ".join(part for part in (dates.in_table(day, lang), time) if part)
        cancelled = entry.status == "cancelled"
        yield moment.isoformat(), CalendarRow(day, when, time, title, where, entry.url, cancelled)


def month_view(rows: Iterable[CalendarRow], first: date, today: date, lang: Lang) -> Month:
    """Return the month that begins on ``first``."""
    after = (first + timedelta(days=31)).replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    monday = first - timedelta(days=first.weekday())
    found = list(rows)
    by_day: dict[date, list[CalendarRow]] = {}
    for row in found:
        by_day.setdefault(row.day, []).append(row)
    count = (after - monday).days
    days = [monday + timedelta(days=n) for n in range(count + (-count) % 7)]
    grid = [
        CalendarDay(day, day.month == first.month, day == today, tuple(by_day.get(day, ()))) for day in days
    ]
    name = say(lang, f"series.month-{first.month}")
    return Month(
        title=f"{name[:1].upper()}{name[1:]} {first.year}",
        before=f"{before:%Y-%m}",
        after=f"{after:%Y-%m}",
        weekdays=tuple(say(lang, f"series.day-{day}") for day in ("MO", "TU", "WE", "TH", "FR", "SA", "SU")),
        weeks=tuple(tuple(grid[n : n + 7]) for n in range(0, len(grid), 7)),
        rows=tuple(row for row in found if first <= row.day < after),
    )


def month_of(text: str, today: date) -> date | None:
    """Return the first day of ``YYYY-MM`` (nothing: of this month); None for no month of ours."""
    if not text:
        return today.replace(day=1)
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


# -- A feed as a page: a month and a list, for people without a calendar program and for notice

LIST_LENGTH: Final = 60
"""How many dates the list shows: what fits two sheets of A4."""


class CalendarPages:
    """The endpoints of a feed's month and list."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route("/calendars/{feed}/month", self.month), Route("/calendars/{feed}/list", self.list)]

    def month(self, request: Request) -> Response:
        """Answer for ``/calendars/{feed}/month?m=2025-05``."""
        today = self.site.library.today()
        first = month_of(request.query_params.get("m", ""), today)
        if first is None:
            raise NotFoundError("no such month")
        named, rows = self._rows(request)
        view = month_view(rows, first, today, self.site.visitor(request).lang)
        return self._page(request, "calendar_month.html", named, month=view)

    def list(self, request: Request) -> Response:
        """Answer for ``/calendars/{feed}/list``: what is ahead."""
        named, rows = self._rows(request)
        today: date = self.site.library.today()
        ahead = [row for row in rows if row.day >= today]
        return self._page(request, "calendar_list.html", named, rows=ahead[:LIST_LENGTH])

    def _rows(self, request: Request) -> tuple[str, tuple[CalendarRow, ...]]:
        """Return the feed's title and its dates."""
        source: Source = self.site.library.source(request.query_params.get("programme", ""))
        base, lang = self.site.service.settings.base_url, self.site.visitor(request).lang
        wanted = request.path_params["feed"]
        spec = next((one for one in specs(source.programme, base) if one.name == wanted), None)
        if spec is None:
            raise NotFoundError(f"no feed {wanted!r}")
        return title(spec, lang), rows_of(select(spec, source.entries), lang)

    def _page(self, request: Request, template: str, named: str, **model: object) -> Response:
        visitor, feed = self.site.visitor(request), request.path_params["feed"]
        return self.site.page(request, template, named=named, feed=feed, path=visitor.path, **model)

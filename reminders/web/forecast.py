"""The forecast: every mail of the coming twelve months, before any of it goes (design: pages.md).

Signed in only. The mails are worked out once for each state of the database and day.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates
from reminders.dispatch.rehearse import forecast_window
from reminders.due import World
from reminders.gather import Draft
from reminders.spreadsheet import CSV_TYPE, XLSX_TYPE, as_csv, as_xlsx
from reminders.store import views
from reminders.web.books import Standing
from reminders.web.forecast_columns import window_of
from reminders.web.forecast_view import KINDS, Wish, sheet, view
from reminders.web.form_data import as_file
from reminders.web.guard import refuse
from reminders.web.kept import Asked
from reminders.web.site import Site
from reminders.web.words import say
from schedule_rules.programme import Lang


class ForecastPages:
    """The endpoints of the forecast."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route("/forecast", self.page), Route("/forecast.{form:str}", self.table)]

    def page(self, request: Request) -> Response:
        """Answer for ``/forecast``."""
        if refused := refuse(self.site, request):
            return refused
        standing, lang = self._standing(request), self.site.visitor(request).lang
        drafts, wish = self._drafts(), _wish(request)
        first = [draft for draft in drafts if draft.day == drafts[0].day]
        return self.site.page(
            request,
            "forecast.html",
            view=view(drafts, _worlds(standing), self.site.library.today(), wish, lang),
            wish=wish,
            kinds=KINDS,
            held=standing.book.row.held,
            first=(dates.in_sentence(first[0].day, lang), len(first)) if first else None,
            over=self._over(drafts, lang),
        )

    def table(self, request: Request) -> Response:
        """Answer for ``/forecast.csv`` and ``/forecast.xlsx``: all items, whatever the page filters."""
        if refused := refuse(self.site, request):
            return refused
        standing, lang = self._standing(request), self.site.visitor(request).lang
        made = sheet(self._drafts(), _worlds(standing), lang)
        if request.path_params["form"] == "xlsx":
            return as_file(as_xlsx([made], self.site.service.clock()), XLSX_TYPE, "forecast.xlsx")
        return as_file(as_csv(made), CSV_TYPE, "forecast.csv")

    def _standing(self, request: Request) -> Standing:
        with self.site.library.read() as connection:
            book = self.site.book(connection, self.site.visitor(request))
            return self.site.library.standing(connection, book)

    def _drafts(self) -> tuple[Draft, ...]:
        with self.site.library.read() as connection:
            state = views.state(connection)
        return _kept(Asked(self.site), (state, self.site.library.today()))

    def _over(self, drafts: tuple[Draft, ...], lang: Lang) -> str:
        """Say on which day more would go than one run may send (MAIL_CAP), nothing where none is."""
        settings = self.site.service.settings
        counts: dict[date, int] = {}
        for draft in drafts:
            counts[draft.day] = counts.get(draft.day, 0) + 1
        over = [(day, n) for day, n in counts.items() if n > settings.mail_cap]
        if not over or not settings.smtp_url:
            return ""
        day, n = over[0]
        return say(lang, "forecast.over-text", on=dates.in_sentence(day, lang), n=n, cap=settings.mail_cap)


@lru_cache(maxsize=2)
def _kept(asked: Asked, state: tuple[object, date]) -> tuple[Draft, ...]:
    with asked.site.library.read() as connection:
        return tuple(forecast_window(connection, window_of(state[1])))


def _worlds(standing: Standing) -> dict[str, World]:
    return {standing.book.programme.key: standing.world}


def _wish(request: Request) -> Wish:
    query = request.query_params
    return Wish(
        unit=query.get("u", ""),
        to=query.get("to", ""),
        kind=query.get("k", ""),
        on=query.get("on", ""),
        by="weeks" if query.get("by") == "weeks" else "months",
        first=_day(query.get("from", "")),
        whole="all" in query,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

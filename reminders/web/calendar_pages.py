"""A feed as a page: a month and a list, for people without a calendar program and for notice boards."""

from __future__ import annotations

from datetime import date
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from calendars.feed import select, title
from reminders.dispatch.feeds import Source, specs
from reminders.errors import NotFoundError
from reminders.web.calendar_view import Row, month_of, month_view, rows_of
from reminders.web.site import Site

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

    def _rows(self, request: Request) -> tuple[str, tuple[Row, ...]]:
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

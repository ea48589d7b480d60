"""The list of what needs a decision. Signed in only."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reminders.web.finding_list import finding_list
from reminders.web.guard import refuse
from reminders.web.site import Site


class FindingPages:
    """The endpoint of the list."""

    def __init__(self, site: Site) -> None:
        """Serve the page of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route("/findings", self.page)]

    def page(self, request: Request) -> Response:
        """Answer for ``/findings``: every programme, or the one that the address names."""
        if refused := refuse(self.site, request):
            return refused
        visitor = self.site.visitor(request)
        wanted = visitor.query.get("programme")
        with self.site.library.read() as connection:
            books = self.site.library.books(connection)
        lists = [
            (book.programme.key, book.programme.name.get(visitor.lang), finding_list(book.row, visitor.lang))
            for book in books
            if wanted in {None, "", book.programme.key}
        ]
        return self.site.page(
            request, "findings.html", lists=lists, count=sum(len(rows) for _, _, rows in lists)
        )

"""The list of what needs a decision, and a button for what is about no single action. Signed in only."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from reminders.dispatch.correcting import Decision, correct
from reminders.errors import NotFoundError, UsageError
from reminders.web.finding_list import finding_list
from reminders.web.form_data import read_form, text_of
from reminders.web.guard import refuse
from reminders.web.site import Site

_LIMIT = 20_000


class FindingPages:
    """The endpoints of the list."""

    def __init__(self, site: Site) -> None:
        """Serve the page of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route("/findings", self.page), Route("/findings", self.accept, methods=["POST"])]

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

    async def accept(self, request: Request) -> Response:
        """Answer for the button: what an import found may stand as it is. What is gone is no error."""
        if refused := refuse(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT)
        await run_in_threadpool(self._accepted, text_of(form, "key"), text_of(form, "finding"))
        lang = request.query_params.get("lang")
        return RedirectResponse(f"/findings?{urlencode({'lang': lang})}" if lang else "/findings", 303)

    def _accepted(self, key: str, finding: str) -> None:
        # Pressed twice, or settled by a new import meanwhile: nothing is left to accept.
        with suppress(NotFoundError, UsageError):
            correct(self.site.service, Decision(key, "accepted", finding, self._by(key)))

    def _by(self, key: str) -> str:
        """Return who decides: the address of the programme's secretary, else the role."""
        with self.site.library.read() as connection:
            book = next(
                (one for one in self.site.library.books(connection) if one.programme.key == key), None
            )
            people = self.site.library.standing(connection, book).world.people if book else None
        found = people.secretary(self.site.library.today()) if people else ()
        return next((contact.email for contact in found if contact.role == "secretary"), "secretary")

"""The secretary's digest as it would be now, in a closed frame: the same letter as the mail."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates
from email_templates.letters import BoardDigest, LetterContent
from email_templates.render import render
from reminders.collection.spreadsheet import CSV_TYPE, XLSX_TYPE, as_csv, as_xlsx
from reminders.store import planned
from reminders.use.mail.digests import digest_letter, digest_sheet
from reminders.web.forms import as_file
from reminders.web.mail.outbox import framed
from reminders.web.session import refuse_request
from reminders.web.site import Site


class DigestPages:
    """The endpoints of the digest."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/digest", self.page),
            Route("/digest/html", self.html),
            Route("/digest.{form:str}", self.table),
        ]

    def page(self, request: Request) -> Response:
        """Answer for ``/digest``."""
        if refused := refuse_request(self.site, request):
            return refused
        content = self._content(request)
        visitor = self.site.visitor(request)
        now = self.site.service.clock().astimezone(self.site.service.settings.zone)
        key = visitor.query.get("programme")
        frame = f"/digest/html?lang={visitor.lang}" + (f"&programme={key}" if key else "")
        return self.site.page(
            request, "digest.html", letter=content, now=dates.moment(now, visitor.lang), frame=frame
        )

    def html(self, request: Request) -> Response:
        """Answer for ``/digest/html``."""
        if refused := refuse_request(self.site, request):
            return refused
        return framed(self._content(request).html)

    def table(self, request: Request) -> Response:
        """Answer for ``/digest.csv`` and ``/digest.xlsx``: the same rows as a table."""
        if refused := refuse_request(self.site, request):
            return refused
        made = digest_sheet(self._letter(request), self.site.visitor(request).lang)
        if request.path_params["form"] == "xlsx":
            return as_file(as_xlsx([made], self.site.service.clock()), XLSX_TYPE, "digest.xlsx")
        return as_file(as_csv(made), CSV_TYPE, "digest.csv")

    def _content(self, request: Request) -> LetterContent:
        """Render the digest in the reader's language."""
        return render(self._letter(request), self.site.visitor(request).lang)

    def _letter(self, request: Request) -> BoardDigest:
        """Return the digest of the programme that the address names, as it would be now."""
        visitor, service, today = self.site.visitor(request), self.site.service, self.site.library.today()
        with self.site.library.read() as connection:
            book = self.site.book(connection, visitor)
            state = self.site.library.standing(connection, book).state
            last = planned.last_digests(connection, before=today).get(book.programme.key)
            return digest_letter(connection, state, today, last, service.settings)

"""The secretary's digest as it would be now, in a closed frame: the same letter as the mail."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from email_templates import dates
from email_templates.letters import BoardDigest
from email_templates.render import render
from reminders.collection.spreadsheet import CSV_TYPE, XLSX_TYPE, as_csv, as_xlsx
from reminders.store import planned
from reminders.use.mail.digests import digest_letter, digest_sheet
from reminders.web.mail.outbox import mail_frame
from reminders.web.page import Page, Pages


class DigestPages(Pages):
    """The digest as a page, as the letter alone, and as a table."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *self.secretary("/digest", self.show),
            *self.secretary("/digest/html", self.html),
            *self.secretary("/digest.{form:str}", self.table),
        ]

    def show(self, page: Page) -> Response:
        """Show the digest in a frame."""
        key = page.query.get("programme")
        return page.render(
            "digest.html",
            letter=render(_digest(page), page.lang),
            now=dates.moment(page.service.clock().astimezone(page.zone), page.lang),
            frame=f"/digest/html?lang={page.lang}" + (f"&programme={key}" if key else ""),
        )

    def html(self, page: Page) -> Response:
        """Show the letter alone."""
        return mail_frame(render(_digest(page), page.lang).html)

    def table(self, page: Page) -> Response:
        """Answer for ``/digest.csv`` and ``/digest.xlsx``: the same rows as a table."""
        sheet = digest_sheet(_digest(page), page.lang)
        if page.path("form") == "xlsx":
            return page.file(as_xlsx([sheet], page.service.clock()), XLSX_TYPE, "digest.xlsx")
        return page.file(as_csv(sheet), CSV_TYPE, "digest.csv")


def _digest(page: Page) -> BoardDigest:
    """Return the digest of the programme that the address names, as it would be now."""
    today, state = page.today, page.current.state
    with page.read() as connection:
        last = planned.last_digests(connection, before=today).get(page.key)
        return digest_letter(connection, state, today, last, page.service.settings)

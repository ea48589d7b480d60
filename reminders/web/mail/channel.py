"""The two buttons of the notice that mail does not leave: try the mail server again, let many mails go.

What they ask for is done by the next run; the notice stands on every page that the secretary sees (``site``).
"""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import Route

from reminders.use.watch.channel import let_go, try_again
from reminders.web.page import Page, Pages


class ChannelPages(Pages):
    """Acts on what keeps mail back; both lead to the first page, which shows how it stands."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *self.secretary("/mail-channel/try-again", None, self.try_again),
            *self.secretary("/mail-channel/let-go", None, self.let_go),
        ]

    def try_again(self, page: Page) -> Response:
        """Let the next run try the mail server."""
        try_again(page.service)
        return page.redirect(f"/{page.visitor.programme_query}")

    def let_go(self, page: Page) -> Response:
        """Say yes to the mails that wait for it."""
        let_go(page.service)
        return page.redirect(f"/{page.visitor.programme_query}")

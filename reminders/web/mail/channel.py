"""The two buttons of the notice that mail does not leave: try the mail server again, let many mails go.

What they ask for is done by the next run; the notice stands on every page that a secretary sees (``site``).
Both are about the mail of all programmes. To try again can harm none of them: any secretary of a programme
that is running may. To let many mails go says yes to those of every running programme: only who is the
secretary of all of them may (``Site.running``); else whoever runs the service does, by command. While no
programme is running nobody's mail waits, and neither does anything.
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
            *self.person("/mail-channel/try-again", None, self.try_again),
            *self.person("/mail-channel/let-go", None, self.let_go),
        ]

    def try_again(self, page: Page) -> Response:
        """Let the next run try the mail server."""
        running = page.site.running()
        if not running:
            return _nothing_runs(page)
        if page.visitor.manages.isdisjoint(running):
            return page.not_yours(running[0])
        try_again(page.service)
        return page.redirect(f"/{page.visitor.programme_query}")

    def let_go(self, page: Page) -> Response:
        """Say yes to the mails that wait for it."""
        running = page.site.running()
        if not running:
            return _nothing_runs(page)
        if foreign := [key for key in running if not page.may_act_in(key)]:
            return page.not_yours(foreign[0])
        let_go(page.service)
        return page.redirect(f"/{page.visitor.programme_query}")


def _nothing_runs(page: Page) -> Response:
    return page.error(409, page.say("error.nothing-runs"), page.say("error.nothing-runs-text"))

"""The sign-ins of a person: in which browsers, since when, and a button that ends one, or all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response
from starlette.routing import Route

from reminders.use.people.sessions import Session, open_sessions, sign_out, sign_out_everywhere
from reminders.web.page import Page, Pages
from reminders.web.sessions import signed_out


@dataclass(frozen=True, slots=True)
class SignInRow:
    """One sign-in: its number, browser and way in, since when, when last seen, whether it is this one."""

    id: int
    browser: str
    how: str
    opened: datetime
    seen: datetime
    is_this: bool


class SignInPages(Pages):
    """Where a person is signed in; one is ended, or all are."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return self.person("/sign-ins", self.show, self.change)

    def show(self, page: Page) -> Response:
        """Show the open sessions of whoever is signed in, the newest first."""
        rows = [_row(page, one) for one in open_sessions(page.service, page.visitor.person)]
        return page.render("sign_ins.html", rows=rows)

    def change(self, page: Page) -> Response:
        """End the session of the form, or all; whoever has ended the own one is shown the first page."""
        if page.text("step") == "everywhere":
            sign_out_everywhere(page.service, page.visitor.person)
            return signed_out(page)
        known = {str(one.id): one.id for one in open_sessions(page.service, page.visitor.person)}
        if number := known.get(page.text("session")):  # one that is ended already is as it should be
            sign_out(page.service, page.visitor.person, number)
        if number == page.visitor.session:
            return signed_out(page)
        return page.redirect(f"/sign-ins{page.visitor.programme_query}")


def _row(page: Page, one: Session) -> SignInRow:
    return SignInRow(
        one.id,
        one.browser or page.say("session.unknown"),
        page.say(f"session.by-{one.how}"),
        one.opened_at.astimezone(page.zone),
        one.seen_at.astimezone(page.zone),
        one.id == page.visitor.session,
    )

"""Signing in by a link that works once, and signing out.

Links are stored by ``store.people``; the cookie is made by ``site.Seal``.
"""

from __future__ import annotations

import secrets

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from reminders.store import people
from reminders.web.page import Page, Pages
from reminders.web.site import COOKIE, VALID_FOR, Site


class SessionPages(Pages):
    """The way into the secretary's session, and out of it."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *self.public("/sign-in/{token}", self.sign_in),
            *self.secretary("/sign-out", None, self.sign_out),
        ]

    def sign_in(self, page: Page) -> Response:
        """Use a link up and open a session; a HEAD, as link checkers send it, changes nothing."""
        if page.request.method == "HEAD":
            return Response(headers={"Cache-Control": "no-store"})
        with page.service.database.write() as connection:
            opened = people.use_sign_in(connection, page.path("token"), page.service.clock())
        if not opened:
            return page.error(410, page.say("session.used"), page.say("session.used-text"))
        return begin_session(page.site)

    def sign_out(self, page: Page) -> Response:
        """Close the session, here and for whoever has a copy of its cookie."""
        with page.service.database.write() as connection:
            people.end_session(connection, page.request.cookies[COOKIE], page.service.clock())
        response = page.redirect("/")
        response.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return response


def begin_session(site: Site) -> Response:
    """Return the first page with a new session's cookie."""
    response = RedirectResponse("/", 303, {"Cache-Control": "no-store"})
    response.set_cookie(
        COOKIE,
        site.seal.issue(site.service.clock(), secrets.token_hex(8)),
        max_age=int(VALID_FOR.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=site.is_https,
    )
    return response

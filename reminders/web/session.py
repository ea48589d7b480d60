"""Signing in by a link that works once, and signing out.

Links are stored by ``store.sessions``, the cookie is made by ``seal``.

What pages with mail, contacts or acts ask first: the session, and where a POST comes from.
"""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from reminders.store import sessions
from reminders.web.catalogue import say
from reminders.web.seal import COOKIE, VALID_FOR, is_our_own
from reminders.web.site import Site

# -- What pages with mail, contacts or acts ask first: the session, and where a POST comes from


def refuse_request(site: Site, request: Request) -> Response | None:
    """Return the refusal of a request that is not the secretary's own, None when it is."""
    visitor = site.visitor(request)
    if not visitor.signed_in:
        return site.refusal(request)
    if request.method == "POST" and not is_our_own(request.headers, site.service.settings.base_url):
        lang = visitor.lang
        return site.error(request, 403, say(lang, "error.foreign"), say(lang, "error.foreign-text"))
    return None


# -- Signing in by a link that works once, and signing out


class SessionPages:
    """The endpoints of the secretary's session."""

    def __init__(self, site: Site) -> None:
        """Open and close sessions of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/sign-in/{token}", self.sign_in),
            Route("/sign-out", self.sign_out, methods=["POST"]),
        ]

    def sign_in(self, request: Request) -> Response:
        """Use a link up and open a session; a HEAD, as link checkers send it, changes nothing."""
        if request.method == "HEAD":
            return Response(headers={"Cache-Control": "no-store"})
        now = self.site.service.clock()
        with self.site.service.database.write() as connection:
            opened = sessions.use_sign_in(connection, request.path_params["token"], now)
        if not opened:
            lang = self.site.visitor(request).lang
            return self.site.error(request, 410, say(lang, "session.used"), say(lang, "session.used-text"))
        return begin_session(self.site)

    def sign_out(self, request: Request) -> Response:
        """Close the session, here and for whoever has a copy of its cookie."""
        refused = refuse_request(self.site, request)
        if refused:
            return refused
        service = self.site.service
        with service.database.write() as connection:
            sessions.end_session(connection, request.cookies[COOKIE], service.clock())
        response = RedirectResponse("/", 303)
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
        secure=site.service.settings.base_url.startswith("https:"),
    )
    return response

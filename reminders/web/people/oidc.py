"""The way to the city's own sign-in service and back (OpenID Connect).

What is said to the service, and what is believed of it, is left to ``use.people.oidc``; who may sign in to
``use.people.sign_in``. Nothing is stored of an attempt but what its browser keeps, sealed, for ten minutes.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from structlog import get_logger

from reminders.errors import SignInError
from reminders.use.people.oidc import Provider, SignInAttempt
from reminders.use.people.sign_in import decide_sign_in
from reminders.use.watch.audit import note_refused_sign_in
from reminders.web.page import Page, Pages
from reminders.web.sessions import begin_session, safe_local
from reminders.web.site import Site

_COOKIE: Final = "sign-in"
_COOKIE_AGE: Final = 600
_PATH: Final = "/sign-in"

log = get_logger()


class OidcPages(Pages):
    """The way to the city's sign-in service and back."""

    def __init__(self, site: Site) -> None:
        """Sign in through the service that the settings name."""
        super().__init__(site)
        self.provider = Provider.of(site.service.settings)
        self.sealer = URLSafeTimedSerializer(site.service.secret, salt="reminders.oidc")

    def routes(self) -> list[Route]:
        """Return the routes; none where no service is named."""
        if self.provider is None:
            return []
        return [*self.public(f"{_PATH}/service", self.begin), *self.public(f"{_PATH}/return", self.back)]

    def begin(self, page: Page) -> Response:
        """Send the browser to the sign-in service; what it comes back with has to fit to what it keeps."""
        assert self.provider  # noqa: S101 - without one there is no route
        try:
            address, attempt = self.provider.begin(
                page.service.clock(), safe_local(page.query.get("next", ""))
            )
        except SignInError as error:
            return self._refused(page, error, 502)
        response = RedirectResponse(address, 303, {"Cache-Control": "no-store"})
        page.site.set_cookie(response, _COOKIE, self.sealer.dumps(asdict(attempt)), _COOKIE_AGE)
        return response

    def back(self, page: Page) -> Response:
        """Open the session of whom the service vouches for, where that is somebody who may sign in."""
        assert self.provider  # noqa: S101 - as above
        try:
            cookie = self.sealer.loads(page.site.cookie(page.request, _COOKIE) or "", max_age=_COOKIE_AGE)
            attempt = SignInAttempt.of(cookie)
            identity = self.provider.finish(attempt, page.query, page.service.clock())
        except BadData:
            return self._refused(page, SignInError("nothing was begun in this browser"), 403)
        except SignInError as error:
            return self._refused(page, error, 403)
        found = decide_sign_in(page.service, identity)
        if not found.address:
            log.warning("sign-in refused", reason=found.why)
            title, text = page.say("oidc.stranger"), page.say("oidc.stranger-text")
            if found.why == "account":
                title, text = page.say("oidc.other-account"), page.say("oidc.other-account-text")
            return self._over(page.error(403, title, text), page)
        return self._over(begin_session(page, found.address, "oidc", attempt.next_path), page)

    def _refused(self, page: Page, error: SignInError, status: int) -> Response:
        log.warning("sign-in refused", reason=str(error))
        note_refused_sign_in(page.service, "oidc")
        title, text = page.say("oidc.refused"), page.say("oidc.refused-text")
        return self._over(page.render("error.html", status, title=title, text=text, sign_in="/sign-in"), page)

    def _over(self, response: Response, page: Page) -> Response:
        """Return an answer after which nothing is left of the attempt in the browser."""
        response.headers["Cache-Control"] = "no-store"
        page.site.delete_cookie(response, _COOKIE)
        return response

"""Signing in through the city's own service, where the settings name one (see ``provider``).

Whoever the service vouches for gets the secretary's session when the contact list
names that address as a secretary today; anybody else is told so.
"""

from __future__ import annotations

from typing import Any, Final

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from structlog import get_logger

from reminders.errors import SignInError
from reminders.provider import Begun, Provider
from reminders.web.session import open_session
from reminders.web.site import Site
from reminders.web.words import say

log = get_logger()
_COOKIE: Final = "sign-in"
_PATIENCE: Final = 600
_PATH: Final = "/sign-in"


class OidcPages:
    """The endpoints of the city's sign-in."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site
        self.provider = Provider.of(site.service.settings)

    def routes(self) -> list[Route]:
        """Return the routes; none where no service is named."""
        if self.provider is None:
            return []
        return [Route(_PATH, self.begin), Route(f"{_PATH}/return", self.back)]

    def begin(self, request: Request) -> Response:
        """Answer for ``/sign-in``: send the browser to the sign-in service."""
        try:
            address, begun = self._known().begin()
        except SignInError as error:
            return self._refused(request, error, 502)
        response = RedirectResponse(address, 303, {"Cache-Control": "no-store"})
        response.set_cookie(
            _COOKIE,
            self._sealer().dumps(begun.as_dict()),
            max_age=_PATIENCE,
            path=_PATH,
            httponly=True,
            samesite="lax",
            secure=self._secure,
        )
        return response

    def back(self, request: Request) -> Response:
        """Answer for ``/sign-in/return``: who the service vouches for, and whether that is a secretary."""
        now = self.site.service.clock()
        try:
            begun = Begun.of(self._kept(request))
            address = self._known().finish(begun, str(request.url), now)
        except SignInError as error:
            return self._refused(request, error, 403)
        if not self._is_secretary(address):
            lang = self.site.visitor(request).lang
            return self.site.error(request, 403, say(lang, "oidc.stranger"), say(lang, "oidc.stranger-text"))
        response = open_session(self.site)
        response.delete_cookie(_COOKIE, path=_PATH, httponly=True, samesite="lax", secure=self._secure)
        return response

    @property
    def _secure(self) -> bool:
        return self.site.service.settings.base_url.startswith("https:")

    def _known(self) -> Provider:
        if self.provider is None:
            raise SignInError("no sign-in service is named")
        return self.provider

    def _sealer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.site.service.secret, salt="reminders.oidc")

    def _kept(self, request: Request) -> dict[str, Any]:
        try:
            found = self._sealer().loads(request.cookies.get(_COOKIE, ""), max_age=_PATIENCE)
        except BadData as error:
            raise SignInError("nothing was begun in this browser") from error
        return found if isinstance(found, dict) else {}

    def _is_secretary(self, address: str) -> bool:
        site, today = self.site, self.site.library.today()
        with site.library.read() as connection:
            worlds = [
                site.library.standing(connection, book).world for book in site.library.books(connection)
            ]
        return any(
            contact.role == "secretary" and contact.email.casefold() == address.casefold()
            for world in worlds
            for contact in world.people.secretary(today)
        )

    def _refused(self, request: Request, error: SignInError, status: int) -> Response:
        log.warning("sign-in refused", reason=str(error))
        lang = self.site.visitor(request).lang
        return self.site.error(request, status, say(lang, "oidc.refused"), say(lang, "oidc.refused-text"))

"""Signing in and out: by a link that works once, or through the city's own service (OpenID Connect).

Whoever comes in by either way gets a session by ``begin_session``; how long it holds is left to
``use.people.sessions``. The service is one that the settings name. Authorization code with PKCE (RFC 6749,
RFC 7636):

1. ``Provider.begin`` gives the address to send the browser to, and what must be kept until it is back.
2. ``Provider.finish`` trades the code for an ID token and checks its signature, issuer, audience, times
   and nonce (OpenID Connect Core 1.0 section 3.1.3.7); what comes out is an e-mail address.

Whoever the service vouches for gets a session when a contact list names that address as a secretary today,
or as who stands in for one; anybody else is told so. No token is kept, none is logged.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final, Self

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from httpx2 import HTTPError
from itsdangerous import BadData, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from structlog import get_logger

from reminders.errors import SignInError
from reminders.settings import Settings
from reminders.use.people.sessions import HowOpened, open_session, sign_out, use_link
from reminders.use.watch.audit import note_refused_sign_in
from reminders.web.page import Page, Pages
from reminders.web.site import COOKIE, Site


class SessionPages(Pages):
    """The way into a session by a link, and out of it."""

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            *self.public("/sign-in/{token}", self.sign_in),
            *self.person("/sign-out", None, self.sign_out),
        ]

    def sign_in(self, page: Page) -> Response:
        """Use a link up and open a session; a HEAD, as link checkers send it, changes nothing."""
        if page.request.method == "HEAD":
            return Response(headers={"Cache-Control": "no-store"})
        address = use_link(page.service, page.path("token"))
        if address is None:
            return page.error(410, page.say("session.used"), page.say("session.used-text"))
        return begin_session(page, address, "link")

    def sign_out(self, page: Page) -> Response:
        """Close the session, here and for whoever has a copy of its cookie."""
        sign_out(page.service, page.visitor.person, page.visitor.session)
        return signed_out(page)


def begin_session(page: Page, address: str, how: HowOpened) -> Response:
    """Open a session for a person who has shown to be the one at ``address``, and go on to a page.

    That is the safe local page that the address or the form names as ``next``, else the first one. The token
    is new, whatever the browser had. An address that may not sign in today is told so (403).
    """
    with page.read() as connection:
        may_sign_in = bool(page.site.snapshots.managed_by(connection, address))
        address = page.site.snapshots.as_listed(connection, address)
    if not may_sign_in:
        note_refused_sign_in(page.service, "stranger", address)
        return page.error(403, page.say("oidc.stranger"), page.say("oidc.stranger-text"))
    request, site = page.request, page.site
    browser = browser_name(request.headers.get("user-agent", ""))
    as_person = page.service.acting(replace(page.service.actor, address=address))
    token = open_session(as_person, address, how, browser, site.cookie(request, COOKIE) or "")
    following = safe_local(page.text("next") or page.query.get("next", ""))
    response = RedirectResponse(following, 303, {"Cache-Control": "no-store"})
    site.set_cookie(response, COOKIE, token, int(page.service.settings.session_longest.total_seconds()))
    return response


def signed_out(page: Page) -> Response:
    """Return the first page, the session's cookie taken away."""
    response = page.redirect("/")
    page.site.delete_cookie(response, COOKIE)
    return response


_LOCAL: Final = re.compile(r"/(?![/\\])[\x21-\x7e]*")
_BROWSERS: Final = {
    "Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox",
    "FxiOS": "Firefox", "CriOS": "Chrome", "HeadlessChrome": "Chrome", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
"""What names a browser in its User-Agent, those first that name others beside themselves."""
_SYSTEMS: Final = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")


def safe_local(address: str) -> str:
    r"""Return an address where it is a page of this service, else the first page.

    Browsers take ``//host`` and ``/\host`` for another site (WHATWG URL, "relative slash state").
    """
    return address if _LOCAL.fullmatch(address) and not address.startswith("/sign-") else "/"


def browser_name(user_agent: str) -> str:
    """Return the short name of a browser and its system: *Firefox, Windows*; nothing for one not known."""
    name = next((name for mark, name in _BROWSERS.items() if f"{mark}/" in user_agent), "")
    system = next((one for one in _SYSTEMS if one in user_agent), "")
    return ", ".join(filter(None, (name, system.replace("Macintosh", "Mac"))))


# Signatures that an ID token may have: asymmetric ones only, never none, never our own secret.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
_PATIENCE: Final = 10.0
"""Seconds that the sign-in service may take for an answer."""
_LEEWAY: Final = 60
_DISCOVERY: Final = "/.well-known/openid-configuration"
_COOKIE: Final = "sign-in"
_COOKIE_AGE: Final = 600
_PATH: Final = "/sign-in"

log = get_logger()


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """What is kept, sealed, in the browser while it is away at the sign-in service."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def of(cls, cookie: Mapping[str, Any]) -> Self:
        """Read it back; ``SignInError`` for anything else."""
        try:
            return cls(str(cookie["state"]), str(cookie["nonce"]), str(cookie["verifier"]))
        except (KeyError, TypeError) as error:
            raise SignInError("nothing was begun in this browser") from error


@dataclass(frozen=True)
class Provider:
    """A sign-in service that knows this one as ``client_id`` and sends browsers back to ``redirect_uri``."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """Return the service that the settings name, None where they name none."""
        if not (settings.oidc_issuer and settings.oidc_client_id and settings.oidc_client_secret):
            return None
        return cls(
            settings.oidc_issuer.rstrip("/"),
            settings.oidc_client_id,
            settings.oidc_client_secret.get_secret_value(),
            f"{settings.base_url}/sign-in/return",
        )

    def begin(self) -> tuple[str, SignInAttempt]:
        """Return where the browser goes, and what to keep; ``SignInError`` when the service is away."""
        attempt = SignInAttempt(
            secrets.token_urlsafe(16), secrets.token_urlsafe(16), secrets.token_urlsafe(48)
        )
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self._about(client)["authorization_endpoint"],
                state=attempt.state,
                code_verifier=attempt.verifier,
                nonce=attempt.nonce,
            )
        return str(address), attempt

    def finish(self, attempt: SignInAttempt, answer: str, now: datetime) -> str:
        """Return the address that the service vouches for; ``answer`` is the whole address called back.

        Raises ``SignInError`` when state, code, token or claims are not as they must be.
        """
        try:
            with self._client(attempt.state) as client:
                about = self._about(client)
                token = client.fetch_token(
                    about["token_endpoint"], authorization_response=answer, code_verifier=attempt.verifier
                )
                keys = client.request("GET", about["jwks_uri"], withhold_token=True).json()
            claims = jwt.decode(token["id_token"], KeySet.import_key_set(keys), list(ALGORITHMS)).claims
            registry = JWTClaimsRegistry(
                now=int(now.timestamp()),
                leeway=_LEEWAY,
                iss={"essential": True, "values": [self.issuer, f"{self.issuer}/"]},
                aud={"essential": True, "value": self.client_id},
                exp={"essential": True},
                nonce={"essential": True, "value": attempt.nonce},
            )
            registry.validate(claims)
        except (AuthlibBaseError, JoseError, HTTPError, ValueError, KeyError, TypeError) as error:
            raise SignInError(f"the sign-in service's answer was refused ({type(error).__name__})") from error
        address = claims.get("email")
        # An address that the service itself has not checked is none.
        if not isinstance(address, str) or not address or claims.get("email_verified") is False:
            raise SignInError("the sign-in service vouches for no address")
        if claims.get("azp", self.client_id) != self.client_id:
            raise SignInError("the token was made for another service")
        return address

    def _client(self, state: str | None = None) -> Any:  # noqa: ANN401 - Authlib publishes no types
        return OAuth2Client(
            self.client_id,
            self.client_secret,
            scope="openid email",
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            state=state,
            timeout=_PATIENCE,
        )

    def _about(self, client: Any) -> Mapping[str, str]:  # noqa: ANN401 - as above
        """Return the service's own description (OpenID Connect Discovery 1.0 section 4)."""
        try:
            found = client.request("GET", self.issuer + _DISCOVERY, withhold_token=True)
            about: Mapping[str, str] = found.raise_for_status().json()
            wanted = {"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"}
            if not wanted <= about.keys() or about["issuer"].rstrip("/") != self.issuer:
                raise SignInError("the sign-in service describes itself as another")
        except (HTTPError, ValueError, AttributeError) as error:
            raise SignInError(f"the sign-in service cannot be reached ({type(error).__name__})") from error
        return about


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
        return [*self.public(_PATH, self.begin), *self.public(f"{_PATH}/return", self.back)]

    def begin(self, page: Page) -> Response:
        """Answer for ``/sign-in``: send the browser to the sign-in service."""
        assert self.provider  # noqa: S101 - without one there is no route
        try:
            address, attempt = self.provider.begin()
        except SignInError as error:
            return _refused(page, error, 502)
        response = RedirectResponse(address, 303, {"Cache-Control": "no-store"})
        page.site.set_cookie(response, _COOKIE, self.sealer.dumps(asdict(attempt)), _COOKIE_AGE)
        return response

    def back(self, page: Page) -> Response:
        """Answer for ``/sign-in/return``: open a session for whom the service vouches for."""
        assert self.provider  # noqa: S101 - as above
        try:
            cookie = self.sealer.loads(page.site.cookie(page.request, _COOKIE) or "", max_age=_COOKIE_AGE)
            attempt = SignInAttempt.of(cookie)
            address = self.provider.finish(attempt, str(page.request.url), page.service.clock())
        except BadData:
            return _refused(page, SignInError("nothing was begun in this browser"), 403)
        except SignInError as error:
            return _refused(page, error, 403)
        response = begin_session(page, address, "oidc")
        page.site.delete_cookie(response, _COOKIE)
        return response


def _refused(page: Page, error: SignInError, status: int) -> Response:
    log.warning("sign-in refused", reason=str(error))
    note_refused_sign_in(page.service, "oidc")
    return page.error(status, page.say("oidc.refused"), page.say("oidc.refused-text"))

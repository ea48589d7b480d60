"""Signing in through the city's own service, where the settings name one (see ``provider``).

Whoever the service vouches for gets the secretary's session when the contact list
names that address as a secretary today; anybody else is told so.

The city's own sign-in service: OpenID Connect, authorization code with PKCE (RFC 6749, RFC 7636).

1. ``begin`` gives the address to send the browser to, and what must be kept until it is back.
2. ``finish`` trades the code for an ID token and checks its signature, issuer, audience, times
   and nonce (OpenID Connect Core 1.0 section 3.1.3.7); what comes out is an e-mail address.

Who that address may be is decided by the caller. No token is kept, none is logged.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
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
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from structlog import get_logger

from reminders.errors import SignInError
from reminders.planning.speakers import is_secretary
from reminders.settings import Settings
from reminders.web.catalogue import say
from reminders.web.session import begin_session
from reminders.web.site import Site

# -- The city's own sign-in service: OpenID Connect, authorization code with PKCE (RFC 6749, RF

# Signatures that an ID token may have: asymmetric ones only, never none, never our own secret.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
_PATIENCE_provider: Final = 10.0
_LEEWAY: Final = 60
_DISCOVERY: Final = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Begun:
    """What is kept, sealed, in the browser while it is away at the sign-in service."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Read it back; ``SignInError`` for anything else."""
        try:
            return cls(str(kept["state"]), str(kept["nonce"]), str(kept["verifier"]))
        except (KeyError, TypeError) as error:
            raise SignInError("nothing was begun in this browser") from error

    def as_dict(self) -> dict[str, str]:
        """Return it for sealing."""
        return asdict(self)


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

    def begin(self) -> tuple[str, Begun]:
        """Return where the browser goes, and what to keep; ``SignInError`` when the service is away."""
        begun = Begun(secrets.token_urlsafe(16), secrets.token_urlsafe(16), secrets.token_urlsafe(48))
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self._about(client)["authorization_endpoint"],
                state=begun.state,
                code_verifier=begun.verifier,
                nonce=begun.nonce,
            )
        return str(address), begun

    def finish(self, begun: Begun, answer: str, now: datetime) -> str:
        """Return the address that the service vouches for; ``answer`` is the whole address called back.

        Raises ``SignInError`` when state, code, token or claims are not as they must be.
        """
        try:
            with self._client(begun.state) as client:
                about = self._about(client)
                token = client.fetch_token(
                    about["token_endpoint"], authorization_response=answer, code_verifier=begun.verifier
                )
                keys = client.request("GET", about["jwks_uri"], withhold_token=True).json()
            claims = jwt.decode(token["id_token"], KeySet.import_key_set(keys), list(ALGORITHMS)).claims
            self._registry(begun, now).validate(claims)
        except (AuthlibBaseError, JoseError, HTTPError, ValueError, KeyError, TypeError) as error:
            raise SignInError(f"the sign-in service's answer was refused ({type(error).__name__})") from error
        return self._address(claims)

    def _client(self, state: str | None = None) -> Any:  # noqa: ANN401 - Authlib publishes no types
        return OAuth2Client(
            self.client_id,
            self.client_secret,
            scope="openid email",
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            state=state,
            timeout=_PATIENCE_provider,
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

    def _registry(self, begun: Begun, now: datetime) -> JWTClaimsRegistry:
        return JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True, "values": [self.issuer, f"{self.issuer}/"]},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            nonce={"essential": True, "value": begun.nonce},
        )

    def _address(self, claims: Mapping[str, Any]) -> str:
        """Return the address; one that the service itself has not checked is none."""
        address = claims.get("email")
        azp = claims.get("azp", self.client_id)
        if not isinstance(address, str) or not address or claims.get("email_verified") is False:
            raise SignInError("the sign-in service vouches for no address")
        if azp != self.client_id:
            raise SignInError("the token was made for another service")
        return address


# -- Signing in through the city's own service, where the settings name one (see ``provider``)

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
        response = begin_session(self.site)
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
            states = [
                site.library.standing(connection, book).state for book in site.library.books(connection)
            ]
        return any(is_secretary(state.people, address, today) for state in states)

    def _refused(self, request: Request, error: SignInError, status: int) -> Response:
        log.warning("sign-in refused", reason=str(error))
        lang = self.site.visitor(request).lang
        return self.site.error(request, status, say(lang, "oidc.refused"), say(lang, "oidc.refused-text"))

"""The city's own sign-in service (OpenID Connect): whom it vouches for, and what it says about itself.

Authorization code with PKCE (RFC 6749, RFC 7636) at the one issuer that the settings name:

1. ``Provider.begin`` gives the address to send the browser to, and what must be kept until it is back.
2. ``Provider.finish`` compares the state, refuses an ``error`` and another issuer (RFC 9207), all before it
   asks for anything; then it trades the code for an ID token and checks its signature, issuer, audience,
   times and nonce (OpenID Connect Core 1.0 section 3.1.3.7).
3. Where the ID token says no address, or not that the service has checked it, UserInfo is asked with the
   access token (sections 5.3 and 5.4), and must speak of the same subject.

What comes out is an account and an address; who may sign in is left to ``sign_in``. No token is stored, and
neither token, code nor secret stands in an error or a log. The service's description and keys are kept for an
hour; keys that do not fit a signature are fetched anew, once.
"""

from __future__ import annotations

import re
import secrets
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from threading import Lock
from typing import Any, Final, Self
from urllib.parse import quote_plus

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from httpx2 import HTTPError, InvalidURL
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from reminders.errors import SignInError
from reminders.settings import Settings, is_safe_address

# Signatures that an ID token may have: asymmetric ones only, never none, never our own secret.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
FRESH_FOR: Final = timedelta(hours=1)
"""How long the service's description and keys are kept."""
_PATIENCE: Final = 10.0
"""Seconds that the sign-in service may take for an answer."""
_LEEWAY: Final = 60
"""Seconds that the service's clock and ours may differ."""
_DISCOVERY: Final = "/.well-known/openid-configuration"
_NEEDED: Final = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
_ERROR_CODE: Final = re.compile(r"[a-z_]{1,40}")
_FAULTS: Final = (AuthlibBaseError, JoseError, HTTPError, InvalidURL, ValueError, KeyError, TypeError)


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """What is kept, sealed, in the browser while it is away at the sign-in service.

    ``next_path`` is the page that was asked for.
    """

    state: str
    nonce: str
    verifier: str
    next_path: str = "/"

    @classmethod
    def of(cls, cookie: Mapping[str, Any]) -> Self:
        """Read it back; ``SignInError`` for anything else."""
        try:
            return cls(*(str(cookie[name]) for name in ("state", "nonce", "verifier", "next_path")))
        except (KeyError, TypeError) as error:
            raise SignInError("nothing was begun in this browser") from error


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the sign-in service vouches for: the account, unique at its issuer, and its checked address."""

    issuer: str
    subject: str
    address: str


@dataclass(frozen=True, slots=True)
class ProviderDescription:
    """What a sign-in service says about itself (OpenID Connect Discovery 1.0 section 3).

    ``names_itself``: its answers carry ``iss`` (RFC 9207). ``challenges`` are its PKCE methods, None where it
    says nothing of them.
    """

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    names_itself: bool
    challenges: tuple[str, ...] | None
    client_authentication: str

    @classmethod
    def of(cls, document: Mapping[str, Any], issuer: str) -> Self:
        """Read the document of ``issuer``; ``SignInError`` where it is another's or lacks something."""
        own = document.get("issuer")
        if isinstance(own, str) and "{" in own:
            raise SignInError(
                f"the sign-in service at {issuer} serves many organisations (its issuer is {own}): "
                "set OIDC_ISSUER to the address of your own organisation's tenant"
            )
        if not isinstance(own, str) or own.rstrip("/") != issuer.rstrip("/"):
            raise SignInError(f"the sign-in service describes itself as {own}, not as {issuer}")
        found = {name: document.get(name) for name in (*_NEEDED, "userinfo_endpoint")}
        for name, address in found.items():
            if address is None and name not in _NEEDED:
                continue
            if not isinstance(address, str) or not is_safe_address(address):
                raise SignInError(f"the sign-in service says no https address as {name}")
        methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        challenges = document.get("code_challenge_methods_supported")
        return cls(
            **{name: str(address or "") for name, address in found.items()},
            names_itself=document.get("authorization_response_iss_parameter_supported") is True,
            challenges=tuple(map(str, challenges)) if isinstance(challenges, list) else None,
            client_authentication="client_secret_basic"
            if "client_secret_basic" in methods
            else "client_secret_post",
        )


@dataclass
class Provider:
    """A sign-in service that knows this one as ``client_id`` and sends browsers back to ``redirect_uri``.

    ``claim`` names the address; ``verified_claim`` is what has to be true beside it.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    scopes: str = "openid email"
    claim: str = "email"
    verified_claim: str = "email_verified"
    _description: tuple[datetime, ProviderDescription] | None = field(default=None, repr=False)
    _keys: tuple[datetime, KeySet] | None = field(default=None, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """Return the service that the settings name, None where they name none."""
        if not (settings.oidc_issuer and settings.oidc_client_id and settings.oidc_client_secret):
            return None
        return cls(
            settings.oidc_issuer,
            settings.oidc_client_id,
            settings.oidc_client_secret.get_secret_value(),
            f"{settings.base_url}/sign-in/return",
            settings.oidc_scopes,
            settings.oidc_claim,
            settings.oidc_verified_claim,
        )

    def begin(self, now: datetime, next_path: str = "/") -> tuple[str, SignInAttempt]:
        """Return where the browser goes, and what to keep; ``SignInError`` when the service is away."""
        about = self.description(now)
        attempt = SignInAttempt(
            secrets.token_urlsafe(16), secrets.token_urlsafe(16), secrets.token_urlsafe(48), next_path
        )
        with self._client() as client:
            address, _ = client.create_authorization_url(
                about.authorization_endpoint,
                state=attempt.state,
                code_verifier=attempt.verifier,
                nonce=attempt.nonce,
            )
        return str(address), attempt

    def finish(self, attempt: SignInAttempt, answer: Mapping[str, str], now: datetime) -> Identity:
        """Return whom the service vouches for; ``answer`` is what the browser brought back.

        Raises ``SignInError`` when state, issuer, code, token or claims are not as they must be.
        """
        if not compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
            raise SignInError("the answer belongs to another attempt")
        if error := answer.get("error"):
            raise SignInError(f"the sign-in service declined ({_code(error)})")
        about = self.description(now)
        named = answer.get("iss")
        if named != about.issuer if named is not None else about.names_itself:
            raise SignInError("the answer comes from another sign-in service")
        if not (code := answer.get("code")):
            raise SignInError("the answer holds no code")
        with _refusing("the sign-in service's answer"), self._client(about) as client:
            token = client.fetch_token(
                about.token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=attempt.verifier,
                **self._authentication(about),
            )
            claims = self._claims(str(token["id_token"]), about, now)
            self._check(claims, about, attempt, now)
            if not self._vouches(claims) and about.userinfo_endpoint:
                claims = _user_info(client, about, str(token["access_token"]), str(claims["sub"]))
            subject = str(claims["sub"])
        return Identity(about.issuer, subject, self._address(claims))

    def description(self, now: datetime) -> ProviderDescription:
        """Return what the service says about itself; ``SignInError`` where that is not as it must be."""
        with self._lock:
            if self._description is None or not _is_fresh(self._description[0], now):
                with _refusing("the sign-in service's description"), self._client() as client:
                    document = _document(client, self.issuer.rstrip("/") + _DISCOVERY)
                self._description = now, ProviderDescription.of(document, self.issuer)
            return self._description[1]

    def keys(self, about: ProviderDescription, now: datetime, *, anew: bool = False) -> KeySet:
        """Return the keys that the service signs with; ``SignInError`` where there are none."""
        with self._lock:
            if anew or self._keys is None or not _is_fresh(self._keys[0], now):
                with _refusing("the sign-in service's keys"), self._client() as client:
                    found: Any = _document(client, about.jwks_uri)
                    self._keys = now, KeySet.import_key_set(found)
            return self._keys[1]

    def _claims(self, token: str, about: ProviderDescription, now: datetime) -> Mapping[str, Any]:
        """Return the claims of a signed token; keys are fetched anew, once, when none of them fits."""
        had_keys = self._keys is not None
        try:
            return jwt.decode(token, self.keys(about, now), list(ALGORITHMS)).claims
        except (InvalidKeyIdError, BadSignatureError):
            if not had_keys:
                raise
            return jwt.decode(token, self.keys(about, now, anew=True), list(ALGORITHMS)).claims

    def _check(
        self, claims: Mapping[str, Any], about: ProviderDescription, attempt: SignInAttempt, now: datetime
    ) -> None:
        JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY,
            iss={"essential": True, "value": about.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": attempt.nonce},
        ).validate(dict(claims))
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self.client_id) != self.client_id:
            raise SignInError("the token was made for another service")

    def _authentication(self, about: ProviderDescription) -> dict[str, tuple[str, str]]:
        """Return id and secret, each encoded as a form's field, where they go into a header.

        RFC 6749 section 2.3.1 wants it so, Authlib leaves it out; a secret with a plus or a per cent sign
        would come as another one.
        """
        if about.client_authentication != "client_secret_basic":
            return {}
        return {"auth": (quote_plus(self.client_id), quote_plus(self.client_secret))}

    def _vouches(self, claims: Mapping[str, Any]) -> bool:
        return self.claim in claims and self.verified_claim in claims

    def _address(self, claims: Mapping[str, Any]) -> str:
        """Return the address; one that the service does not say to have checked is none."""
        address = claims.get(self.claim)
        if not isinstance(address, str) or "@" not in address:
            raise SignInError(f"the sign-in service says no address ({self.claim})")
        # Some services write the boolean as a text or a number.
        if claims.get(self.verified_claim) not in (True, "true", "1"):
            raise SignInError(
                f"the sign-in service does not say that it has checked the address ({self.verified_claim})"
            )
        return address.strip()

    def _client(self, about: ProviderDescription | None = None) -> Any:  # noqa: ANN401 - it publishes no types
        return OAuth2Client(
            self.client_id,
            self.client_secret,
            about.client_authentication if about else None,
            scope=self.scopes,
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            verify=ssl.create_default_context(),  # who this machine trusts, not a list that a library brings
            timeout=_PATIENCE,
        )


def _document(client: Any, url: str, **headers: str) -> Mapping[str, Any]:  # noqa: ANN401 - as above
    """Return a JSON object from ``url``; a redirect is not followed."""
    answer = client.request("GET", url, withhold_token=True, headers=headers)
    found = answer.raise_for_status().json()
    if not isinstance(found, dict):
        raise TypeError(url)
    return found


def _user_info(
    client: Any,  # noqa: ANN401 - as above
    about: ProviderDescription,
    token: str,
    subject: str,
) -> Mapping[str, Any]:
    """Return what UserInfo says of the subject of an ID token (Core section 5.3.2: of no other)."""
    found = _document(client, about.userinfo_endpoint, Authorization=f"Bearer {token}")
    if not compare_digest(str(found.get("sub", "")).encode(), subject.encode()):
        raise SignInError("UserInfo speaks of somebody else")
    return found


@contextmanager
def _refusing(what: str) -> Iterator[None]:
    """Say in one line, without a secret, what was wrong with an answer of the service."""
    try:
        yield
    except HTTPError as error:
        raise SignInError(f"{what} could not be fetched ({type(error).__name__})") from error
    except _FAULTS as error:
        code = _code(getattr(error, "error", ""))
        why = f"{type(error).__name__}: {code}" if code else type(error).__name__
        raise SignInError(f"{what} was refused ({why})") from error


def _code(text: object) -> str:
    """Return an error code (RFC 6749 section 5.2) as it may be shown; anything else is hidden."""
    return text if isinstance(text, str) and _ERROR_CODE.fullmatch(text) else ""


def _is_fresh(since: datetime, now: datetime) -> bool:
    return timedelta() <= now - since < FRESH_FOR

"""A sign-in service for tests: discovery, keys, codes and ID tokens over HTTP; it can lie."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "reminders", "a made-up + secret of the sign-in service, 100 %"
ACCESS = "a made-up access token"
KEY, FOREIGN = RSAKey.generate_key(2048, {"kid": "a"}), RSAKey.generate_key(2048, {"kid": "a"})
NEXT_KEY = RSAKey.generate_key(2048, {"kid": "b"})


@dataclass
class Idp:
    """What the service says next; ``changes`` are claims that differ from right ones, None leaves one out.

    ``user_info`` is what UserInfo says, None where there is none; ``about`` changes its description.
    ``requests`` are the paths that were asked for. ``key`` signs; ``shown`` are the keys that it publishes.
    """

    issuer: str = ""
    now: int = 0
    address: str = "board-secretary@vaasa.example"
    changes: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: KEY)
    shown: list[RSAKey] = field(default_factory=lambda: [KEY])
    about: dict[str, Any] = field(default_factory=dict)
    user_info: dict[str, Any] | None = None
    answer: dict[str, str] = field(default_factory=dict)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def authorize(self, address: str) -> str:
        """Do what a person does at the service: return where the browser is sent back to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.asked)}"
        self.asked[code] = query
        answer = {"code": code, "state": query["state"]} | self.answer
        return f"{query['redirect_uri']}?{urlencode({name: one for name, one in answer.items() if one})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, str] | None:
        """Trade a code once, for whoever knows the client's secret and the code's verifier."""
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{quote_plus(SECRET)}".encode()).decode()
        if "client_secret_post" in self.about.get("token_endpoint_auth_methods_supported", ()):
            authorization, expected = form.get("client_secret", ""), SECRET
        asked = self.asked.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or authorization != expected or asked["code_challenge"] != challenge:
            return None
        claims = {
            "iss": self.issuer,
            "sub": "1",
            "aud": CLIENT,
            "iat": self.now,
            "exp": self.now + 300,
            "nonce": asked["nonce"],
            "email": self.address,
            "email_verified": True,
        } | self.changes
        claims = {name: one for name, one in claims.items() if one is not None}
        signed = jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)
        return {"access_token": ACCESS, "token_type": "Bearer", "id_token": signed}

    def description(self) -> dict[str, Any]:
        """What the service says about itself."""
        user_info = {"userinfo_endpoint": f"{self.issuer}/me"} if self.user_info is not None else {}
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "code_challenge_methods_supported": ["S256"],
            **user_info,
            **self.about,
        }


class _Handler(BaseHTTPRequestHandler):
    idp: Idp

    def do_GET(self) -> None:
        self.idp.requests.append(self.path)
        documents: dict[str, object] = {
            "/.well-known/openid-configuration": self.idp.description(),
            "/keys": {"keys": [one.as_dict(private=False) for one in self.idp.shown]},
        }
        if self.headers.get("Authorization") == f"Bearer {ACCESS}":
            documents["/me"] = self.idp.user_info
        self._answer(documents.get(self.path))

    def do_POST(self) -> None:
        self.idp.requests.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._answer(self.idp.token(form, self.headers.get("Authorization", "")))

    def _answer(self, document: object) -> None:
        self.send_response(200 if document else 400)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(document or {"error": "invalid_grant"}).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running(now: int) -> Iterator[Idp]:
    """Run the service on a port of its own."""
    idp = Idp(now=now)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"idp": idp}))
    idp.issuer = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield idp
    finally:
        server.shutdown()
        server.server_close()

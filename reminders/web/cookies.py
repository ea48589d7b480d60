"""The cookies: what they are called in browsers, and how they are given, read and taken away.

``__Host-`` and ``__Secure-`` are promises that browsers keep (RFC 6265bis section 4.1.3): a cookie of that
name came over an encrypted connection, and ``__Host-`` from this very host, for its whole path. Neither a
neighbour below the same domain nor a plain connection can write one.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from reminders.settings import Settings


@dataclass(frozen=True, slots=True)
class Cookies:
    """The cookies of a service at an address; a name is what the pages call it, such as ``session``."""

    path: str
    secure: bool

    @classmethod
    def of(cls, settings: Settings) -> Cookies:
        """Return the cookies of the service at BASE_URL."""
        return cls(settings.base_path or "/", settings.is_https)

    def name(self, name: str) -> str:
        """Return what a cookie is called in the browser."""
        if not self.secure:
            return name
        return f"__Host-{name}" if self.path == "/" else f"__Secure-{name}"

    def read(self, request: Request, name: str) -> str | None:
        """Return what the browser sent; a cookie under another name than its own is not looked at."""
        return request.cookies.get(self.name(name))

    def give(self, response: Response, name: str, value: str, seconds: int) -> None:
        """Give the browser a cookie that no script reads and no form of another site sends."""
        response.set_cookie(
            self.name(name), value, seconds, path=self.path, httponly=True, samesite="lax", secure=self.secure
        )

    def take(self, response: Response, name: str) -> None:
        """Have the browser forget a cookie."""
        response.delete_cookie(
            self.name(name), path=self.path, httponly=True, samesite="lax", secure=self.secure
        )

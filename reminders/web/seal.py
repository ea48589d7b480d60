"""The cookie of a session, and the proof that a POST comes from our own page.

Pure: instants and headers are arguments. Signing in and out is left to ``session``, what is
stored of a session that was ended to ``store.access``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from itsdangerous import BadSignature, URLSafeSerializer

COOKIE: Final = "session"
VALID_FOR: Final = timedelta(hours=12)


@dataclass(frozen=True)
class Seal:
    """Makes and reads the cookie: instant of signing in and a number, signed with the service's secret."""

    secret: str

    def issue(self, now: datetime, number: str = "") -> str:
        """Return the value of a new session's cookie; ``number`` is the session's own."""
        return str(self._serializer().dumps([int(now.timestamp()), number]))

    def holds(self, value: str | None, now: datetime) -> bool:
        """Tell whether ``value`` is a session of ours that is not too old on the service's clock."""
        try:
            issued, _ = self._serializer().loads(value or "")
        except (BadSignature, TypeError):  # TypeError: a cookie of an earlier version
            return False
        age = now - datetime.fromtimestamp(issued, UTC)
        return timedelta(seconds=-1) <= age <= VALID_FOR

    def _serializer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret, salt="reminders.session")


def is_our_own(headers: Mapping[str, str], base_url: str) -> bool:
    """Tell whether a POST was sent from a page of this site; without a sign of that it was not.

    Browsers say so in Sec-Fetch-Site (W3C Fetch Metadata) or at least in Origin (RFC 6454 section 7).
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = urlsplit(headers.get("origin", ""))
    ours = {headers.get("host", ""), urlsplit(base_url).netloc}
    return bool(origin.netloc) and origin.netloc in ours

"""A request for a feed and its answer, as values (RFC 9110 sections 8.8, 12.5.3 and 13).

Which feed an address names, tokens, 404 and 410 are left to ``feeds``. The same octets go to any client.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qs

from starlette.types import Scope

from calendars.feed import Feed

ALLOW = "GET, HEAD"
_MAX_AGE = 900
_WEIGHT = re.compile(r"[qQ]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.ASCII)


class FeedReply(NamedTuple):
    """Status, headers and body of an answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """A request as far as it decides on the answer; a header that came twice is one list (RFC 9110, 5.2)."""

    method: str
    params: Mapping[str, str]
    query: str
    headers: Mapping[bytes, str]

    @classmethod
    def of(cls, scope: Scope) -> FeedRequest:
        """Read a request."""
        headers: dict[bytes, str] = {}
        for name, value in scope["headers"]:
            text = value.decode("latin-1")
            headers[name] = f"{headers[name]}, {text}" if name in headers else text
        return cls(scope["method"], scope["path_params"], scope["query_string"].decode("latin-1"), headers)

    @property
    def reads(self) -> bool:
        """Tell whether a method was used that feeds answer."""
        return self.method in {"GET", "HEAD"}

    @property
    def programme(self) -> str:
        """The programme that the address names, in its path or its query; nothing: none."""
        if "programme" in self.params:
            return self.params["programme"]
        return parse_qs(self.query).get("programme", [""])[0] if self.query else ""

    @property
    def client(self) -> str:
        """What a calendar program calls itself, without controls, short enough for a list."""
        return "".join(sign for sign in self.headers.get(b"user-agent", "") if sign.isprintable())[:100]

    def answer(self, feed: Feed) -> FeedReply:
        """Return the answer when ``feed`` is what was asked for."""
        header = self.headers.get
        conditions = header(b"if-none-match"), header(b"if-modified-since"), header(b"accept-encoding")
        return respond(feed, self.method, *conditions)


def respond(
    feed: Feed,
    method: str = "GET",
    if_none_match: str | None = None,
    if_modified_since: str | None = None,
    accept_encoding: str | None = None,
) -> FeedReply:
    """Return the answer to a request for ``feed``; each header as it came, None when absent.

    1. Only GET and HEAD: 405 for the rest (section 15.5.6).
    2. gzip when asked for; it has its own tag.
    3. What the client has is still right: 304 (section 15.4.5).
    4. Else 200; HEAD has the same headers without the body.
    """
    if method not in {"GET", "HEAD"}:
        return FeedReply(405, (("Allow", ALLOW), ("Content-Length", "0")), b"")
    zipped = wants_gzip(accept_encoding)
    etag = feed.gzip_etag if zipped else feed.etag
    if is_current(etag, feed.last_modified, if_none_match, if_modified_since):
        return FeedReply(304, _caching(etag, feed.last_modified, public=feed.public), b"")
    body = feed.gzipped if zipped else feed.body
    headers = (
        *_caching(etag, feed.last_modified, public=feed.public),
        ("Content-Type", "text/calendar; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Content-Disposition", f'inline; filename="{feed.filename}"'),
        ("Content-Language", feed.lang),
    )
    if zipped:
        headers += (("Content-Encoding", "gzip"),)
    return FeedReply(200, headers, b"" if method == "HEAD" else body)


def is_current(
    etag: str, last_modified: datetime, if_none_match: str | None, if_modified_since: str | None
) -> bool:
    """Tell whether the client's copy is still right; If-None-Match wins (section 13.2.2)."""
    if if_none_match is not None:
        return matches(if_none_match, etag)
    since = parse_date(if_modified_since or "")
    return since is not None and last_modified.replace(microsecond=0) <= since


def matches(if_none_match: str, etag: str) -> bool:
    """Compare weakly with ``*`` or a list of tags (sections 8.8.3.2 and 13.1.2).

    Our tags hold no comma, so cutting the list at commas finds exactly them.
    """
    if if_none_match.strip(" \t") == "*":
        return True
    return any(tag.strip(" \t").removeprefix("W/") == etag for tag in if_none_match.split(","))


def parse_date(text: str) -> datetime | None:
    """Return an HTTP-date in any of its three forms, or None for anything else (section 5.6.7).

    The parser of mail also reads what is no HTTP-date, so the moment that it finds must be
    spelt exactly as given, but for the weekday, which may be wrong. A year of two digits is
    its guess, 1969 to 2068: the rule of "fifty years ahead" would need a clock.
    """
    given = text.strip(" \t")
    try:
        moment = parsedate_to_datetime(given).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    forms = (format_date(moment), f"{moment:%A, %d-%b-%y %H:%M:%S GMT}", moment.ctime())
    return moment if given.partition(" ")[2] in {form.partition(" ")[2] for form in forms} else None


def format_date(moment: datetime) -> str:
    """Return ``moment`` as an IMF-fixdate, whatever the locale (section 5.6.7)."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


@lru_cache(maxsize=64)
def wants_gzip(accept_encoding: str | None) -> bool:
    """Tell whether gzip is named and wanted at least as much as no coding (section 12.5.3).

    ``*`` alone does not ask for gzip, but with ``identity;q=0`` it leaves nothing else.
    """
    weights: dict[str, float] = {}
    for part in (accept_encoding or "").lower().split(","):
        coding, _, parameter = part.partition(";")
        found = _WEIGHT.fullmatch(parameter.strip(" \t")) if parameter else None
        if coding.strip(" \t"):  # what is no weight (``q=2``) refuses it
            weights[coding.strip(" \t")] = float(found[1]) if found else float(not parameter)
    anything = weights.get("*", 0) if weights.get("identity") == 0 else 0
    gzip = weights.get("gzip", weights.get("x-gzip", anything))
    return gzip > 0 and gzip >= weights.get("identity", 0)


@lru_cache(maxsize=512)
def _caching(etag: str, last_modified: datetime, *, public: bool) -> tuple[tuple[str, str], ...]:
    """Return what a 304 carries too (section 15.4.5)."""
    reach = "public" if public else "private"
    return (
        ("ETag", etag),
        ("Last-Modified", format_date(last_modified)),
        ("Cache-Control", f"{reach}, max-age={_MAX_AGE}"),
        ("Vary", "Accept-Encoding"),
        ("X-Robots-Tag", "noindex"),
    )

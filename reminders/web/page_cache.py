"""The first page as the public sees it, made once and shown to all until it changes.

Nothing of a person is in it: whoever is signed in is shown a page of their own, which is never kept here.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from threading import Lock
from time import monotonic
from typing import Final, NamedTuple

from starlette.responses import Response

Place = tuple[object, ...]
"""What names a page: the language, the address, the programme, the minute."""

LAG: Final = 5.0
"""Seconds by which the page may lag behind in how far the mail of a run has got."""
MOST_OCTETS: Final = 4 << 20
_ONCE: Final = frozenset({"set-cookie", "content-length"})
"""Headers that belong to one answer."""


class CachedPage(NamedTuple):
    """A page's octets and headers, with what the database was when it was made."""

    body: bytes
    headers: Mapping[str, str]
    version: object
    stamp: object
    made: float

    def response(self) -> Response:
        """Return an answer with the page."""
        return Response(self.body, headers=dict(self.headers))


@dataclass(eq=False)
class PageCache:
    """Keeps pages while nothing changes; the longest unused go. Safe to share between threads.

    1. No commit since a page was made: it is right.
    2. Commits, but nobody acted: only mail went out. The page is right, or behind by ``LAG`` seconds.
    3. Else it is made anew, by one thread; the others that ask for it wait.
    """

    version: Callable[[], object]
    stamp: Callable[[], object]
    hits: int = 0
    misses: int = 0
    _pages: OrderedDict[Place, CachedPage] = field(default_factory=OrderedDict)
    _size: int = 0
    _last_stamp: tuple[object, object] | None = None
    _lock: Lock = field(default_factory=Lock)
    _making: Lock = field(default_factory=Lock)

    def get(self, place: Place, make: Callable[[], Response]) -> Response:
        """Return the page at a place, made now unless the one that is kept is right.

        It has an ETag and no cookies; what is no page (a redirect, an error) is as it was made.
        """
        if found := self._right(place):
            return found.response()
        with self._making:
            if found := self._right(place):
                return found.response()
            # Asked before the page is made: what happens meanwhile makes it old, never new.
            version, stamp, made = self.version(), self.stamp(), monotonic()
            response = make()
            if response.status_code != HTTPStatus.OK:
                return response
            body = bytes(response.body)
            headers = {name: value for name, value in response.headers.items() if name not in _ONCE}
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            page = CachedPage(body, headers, version, stamp, made)
            self._put(place, page)
        return page.response()

    def _right(self, place: Place) -> CachedPage | None:
        with self._lock:
            found = self._pages.get(place)
        if found is None or not self._is_right(found):
            return None
        with self._lock:
            self.hits += 1
            if place in self._pages:
                self._pages.move_to_end(place)
        return found

    def _is_right(self, found: CachedPage) -> bool:
        version = self.version()
        if found.version == version:
            return True
        return monotonic() - found.made < LAG and found.stamp == self._stamp_at(version)

    def _stamp_at(self, version: object) -> object:
        """Return the stamp of acts, asked once a version."""
        with self._lock:
            last = self._last_stamp
        if last is None or last[0] != version:
            last = version, self.stamp()
            with self._lock:
                self._last_stamp = last
        return last[1]

    def _put(self, place: Place, page: CachedPage) -> None:
        with self._lock:
            self.misses += 1
            old = self._pages.pop(place, None)
            self._size += len(page.body) - (len(old.body) if old else 0)
            self._pages[place] = page
            while self._size > MOST_OCTETS:
                self._size -= len(self._pages.popitem(last=False)[1].body)

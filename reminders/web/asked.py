"""What a signed-in page is asked about: one programme as it stands, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from reminders.web.books import Standing
from reminders.web.secretary import secretary_of
from reminders.web.site import Site
from schedule_rules.programme import Lang


@dataclass(frozen=True)
class Asked:
    """The programme that the address names, the reader's language, and who acts."""

    standing: Standing
    lang: Lang
    by: str

    @property
    def key(self) -> str:
        """The programme's key."""
        return self.standing.book.programme.key

    def home(self, path: str) -> str:
        """Return the address of a page of this programme."""
        return f"{path}?{urlencode({'programme': self.key})}"


def asked_of(site: Site, request: Request) -> Asked:
    """Return what a request asks about; ``NotFoundError`` for a programme that there is not."""
    visitor = site.visitor(request)
    with site.library.read() as connection:
        standing = site.library.standing(connection, site.book(connection, visitor))
    return Asked(standing, visitor.lang, secretary_of(standing, site.library.today()))

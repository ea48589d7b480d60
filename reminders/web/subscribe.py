"""The page where calendars are subscribed to. Public: no session, no personal data."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from calendars.feed import FeedSpec
from reminders.dispatch.feeds import main_key, specs
from reminders.errors import NotFoundError
from reminders.web.site import OWN_NAMES, Site, Visitor
from reminders.web.subscribe_view import feed_address, subscribe_view
from reminders.web.words import known
from schedule_rules.programme import Programme


class SubscribePages:
    """The endpoint of the subscribe page."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the route."""
        return [Route("/calendars/", self.page)]

    def page(self, request: Request) -> Response:
        """Answer for ``/calendars/``; feed and language are chosen by a GET form."""
        site, visitor = self.site, self.site.visitor(request)
        with site.library.read() as connection:
            programme = site.book(connection, visitor).programme
            first = main_key(site.library.revisions(connection))
        feed_lang = known(visitor.query.get("feed-lang")) or visitor.lang
        spec = self._spec(programme, visitor)
        address = feed_address(spec, feed_lang, "" if programme.key == first else programme.key)
        source = site.library.source(programme.key)
        view = subscribe_view(
            programme, spec, source.entries, address, visitor.lang, feed_lang, site.library.today()
        )
        return site.page(
            request,
            "subscribe.html",
            view=view,
            feed_lang=feed_lang,
            feed_languages=[(code, OWN_NAMES[code]) for code in programme.languages],
            asked=visitor.query.get("programme", ""),
            qr=qr_code(address),
        )

    def _spec(self, programme: Programme, visitor: Visitor) -> FeedSpec:
        wanted = visitor.query.get("feed", "all")
        for spec in specs(programme, self.site.service.settings.base_url):
            if spec.name == wanted:
                return spec
        raise NotFoundError(f"no feed {wanted!r}")


def qr_code(address: str) -> Markup:
    """Return a QR code (ISO/IEC 18004) as inline SVG, black on white in any colour scheme."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", scale=4, border=4, xmldecl=False, svgns=False, omitsize=True, light="#FFFFFF"
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - made here, of an address of ours

"""The page where calendars are subscribed to, and asked for by mail. Public: no session, no personal data."""

from __future__ import annotations

import io
from typing import Final

import segno
from markupsafe import Markup
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from calendars.feed import FeedSpec
from reminders.dispatch.asked_feeds import ask_for_feed
from reminders.dispatch.feeds import main_key, specs
from reminders.errors import NotFoundError
from reminders.message import address
from reminders.web.form_data import read_form, text_of
from reminders.web.own_pages import refuse_foreign
from reminders.web.site import OWN_NAMES, Site, Visitor
from reminders.web.subscribe_view import clients, feed_address, subscribe_view
from reminders.web.words import known, say
from schedule_rules.programme import Programme

_LIMIT: Final = 4096


class SubscribePages:
    """The endpoint of the subscribe page."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route("/calendars/", self.page), Route("/calendars/", self.post, methods=["POST"])]

    async def post(self, request: Request) -> Response:
        """Answer for a POST: have somebody's own calendar sent to an address.

        The answer is the same whether the address is known or not; what is done is done after it.
        """
        form = await read_form(request, limit=_LIMIT, fields=5)
        return await run_in_threadpool(self._ask, request, text_of(form, "address"))

    def _ask(self, request: Request, typed: str) -> Response:
        if refused := refuse_foreign(self.site, request):
            return refused
        lang = self.site.visitor(request).lang
        try:
            address(typed)
        except ValueError:
            return self.page(request, wrong=say(lang, "bymail.wrong"), typed=typed)
        task = BackgroundTask(ask_for_feed, self.site.service, typed)
        return RedirectResponse(f"/calendars/?lang={lang}&sent=1#by-mail", 303, background=task)

    def page(self, request: Request, wrong: str = "", typed: str = "") -> Response:
        """Answer for ``/calendars/``; feed and language are chosen by a GET form."""
        site, visitor = self.site, self.site.visitor(request)
        with site.library.read() as connection:
            programme = site.book(connection, visitor).programme
            first = main_key(site.library.revisions(connection))
        feed_lang = known(visitor.query.get("feed-lang")) or visitor.lang
        spec = self._spec(programme, visitor)
        stands_at = feed_address(spec, feed_lang, "" if programme.key == first else programme.key)
        source = site.library.source(programme.key)
        view = subscribe_view(
            programme, spec, source.entries, stands_at, visitor.lang, feed_lang, site.library.today()
        )
        return site.page(
            request,
            "subscribe.html",
            422 if wrong else 200,
            view=view,
            feed_lang=feed_lang,
            feed_languages=[(code, OWN_NAMES[code]) for code in programme.languages],
            asked=visitor.query.get("programme", ""),
            qr=qr_code(stands_at),
            clients=clients(visitor.lang),
            sent="sent" in visitor.query,
            wrong=wrong,
            typed=typed,
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

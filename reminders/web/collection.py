"""The annual data collection's pages: a round's progress; for the secretary who is missing, and her acts."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from reminders.dispatch.rounds import Round, newest_year, nudge, read_round, set_open, years_of
from reminders.errors import GuardError, NotFoundError
from reminders.web.collection_view import round_page
from reminders.web.form_data import read_form, text_of
from reminders.web.guard import refuse
from reminders.web.site import Site
from reminders.web.words import say

_LIMIT = 10_000


class CollectionPages:
    """The endpoints of rounds."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/collection", self.latest),
            Route("/collection/{year:int}", self.page),
            Route("/collection/{year:int}", self.post, methods=["POST"]),
        ]

    def latest(self, request: Request) -> Response:
        """Answer for ``/collection``: the round that opened last, else the first."""
        lang, service = self.site.visitor(request).lang, self.site.service
        try:
            year = newest_year(service, self.site.visitor(request).query.get("programme"))
        except NotFoundError:
            text = say(lang, "collection.no-round-text")
            return self.site.error(request, 404, say(lang, "collection.no-round"), text)
        return self._page(request, year)

    def page(self, request: Request) -> Response:
        """Answer for ``/collection/{year}``: in public only how many have answered."""
        return self._page(request, request.path_params["year"])

    def _page(self, request: Request, year: int) -> Response:
        found = self._round(request, year)
        visitor = self.site.visitor(request)
        told = request.query_params.get("planned", "")
        with self.site.library.read() as connection:
            years = years_of(found.stored, connection)
        return self.site.page(
            request,
            "collection.html",
            page=round_page(found, visitor.lang, self.site.service.settings.zone),
            years=years,
            planned=say(visitor.lang, "collection.remind-done", n=int(told))
            if visitor.signed_in and told.isdecimal() and len(told) < 6
            else "",
        )

    async def post(self, request: Request) -> Response:
        """Answer for the secretary's acts: remind, close, open again."""
        if refused := refuse(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT)
        return await run_in_threadpool(self._act, request, text_of(form, "step"))

    def _act(self, request: Request, step: str) -> Response:
        found, service = self._round(request, request.path_params["year"]), self.site.service
        year, key, by = found.year, found.stored.programme.key, self._by(found)
        more = {}
        if step == "remind":
            try:
                more["planned"] = str(nudge(service, year, by, key))
            except GuardError:
                return RedirectResponse(f"/collection/{year}{_kept(request)}", 303)
        elif step in {"close", "open"}:
            set_open(service, year, is_open=step == "open", by=by, programme=key)
        else:
            raise NotFoundError(f"no step {step!r}")
        return RedirectResponse(f"/collection/{year}{_kept(request, **more)}", 303)

    def _round(self, request: Request, year: int) -> Round:
        return read_round(self.site.service, year, self.site.visitor(request).query.get("programme"))

    def _by(self, found: Round) -> str:
        """Return who acts: the address of the programme's secretary, else the role."""
        known = [one for one in found.world.people.secretary(found.today) if one.role == "secretary"]
        return known[0].email if known else "secretary"


def _kept(request: Request, **more: str) -> str:
    """Return the query that keeps the programme, with more added."""
    kept = {name: value for name in ("programme",) if (value := request.query_params.get(name))}
    return f"?{urlencode(kept | more)}" if kept | more else ""

"""The secretary's page of private calendars: make one, see who fetches it, close it.

An address is shown once, in the answer to the POST that made it: it is in no log, URL or table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from reminders.dispatch.private_feeds import NAMES, FeedName, issue, revoke
from reminders.errors import NotFoundError, UsageError
from reminders.store import private_feeds
from reminders.store import programmes as repository
from reminders.web.form_data import read_form, text_of
from reminders.web.guard import refuse
from reminders.web.site import OWN_NAMES, Site
from reminders.web.words import known, say
from schedule_rules.programme import LANGUAGES

_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class PrivateRow:
    """One private calendar in the list; ``used`` and ``closed`` are local instants."""

    id: int
    address: str
    what: str
    used: datetime | None
    client: str
    closed: datetime | None


class PrivatePages:
    """The endpoints of the page of private calendars."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/calendars/private", self.page),
            Route("/calendars/private", self.post, methods=["POST"]),
        ]

    def page(self, request: Request) -> Response:
        """Answer for ``/calendars/private``: who has which calendar."""
        return refuse(self.site, request) or self._shown(request)

    async def post(self, request: Request) -> Response:
        """Answer for a POST: make a calendar, or close one."""
        if refused := refuse(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT, fields=20)
        return await run_in_threadpool(self._do, request, form)

    def _do(self, request: Request, form: FormData) -> Response:
        if number := text_of(form, "revoke"):
            if not number.isdecimal() or len(number) > 9:
                raise NotFoundError("no such calendar")
            revoke(self.site.service, int(number))
            return RedirectResponse(request.url.include_query_params(), 303)
        lang = self.site.visitor(request).lang
        name: FeedName = "secretary" if text_of(form, "feed") == "secretary" else "own"
        alarm = bool(text_of(form, "alarm"))
        try:
            made = issue(self.site.service, self._key(request), text_of(form, "address"), name, alarm=alarm)
        except (NotFoundError, UsageError):
            wrong = say(lang, "private.wrong-secretary" if name == "secretary" else "private.wrong")
            return self._shown(request, wrong=wrong, address=text_of(form, "address"))
        feed_lang = known(text_of(form, "feed-lang")) or lang
        return self._shown(request, made=made.address(self.site.service.settings.base_url, feed_lang))

    def _key(self, request: Request) -> str:
        with self.site.library.read() as connection:
            return self.site.book(connection, self.site.visitor(request)).programme.key

    def _shown(self, request: Request, made: str = "", wrong: str = "", address: str = "") -> Response:
        lang, key = self.site.visitor(request).lang, self._key(request)
        zone = self.site.service.settings.zone
        with self.site.library.read() as connection:
            found = private_feeds.all_of(connection, key)
            contacts = repository.contacts_of(connection, key)
        rows = [
            PrivateRow(
                one.id,
                one.address,
                say(lang, f"private.{one.feed}"),
                one.used_at.astimezone(zone) if one.used_at else None,
                one.client,
                one.revoked_at.astimezone(zone) if one.revoked_at else None,
            )
            for one in found
        ]
        response = self.site.page(
            request,
            "private.html",
            422 if wrong else 200,
            rows=rows,
            made=made,
            wrong=wrong,
            address=address,
            known=sorted({contact.email for contact in contacts}),
            names=NAMES,
            feed_languages=[(code, OWN_NAMES[code]) for code in LANGUAGES],
        )
        response.headers["Cache-Control"] = "no-store"
        return response

"""The base of every page: who may see it, the form within bounds, the thread that it runs in, its answers.

A subject's file keeps its routes, what it reads, what it shows and what a POST does::

    class SettingsPages(Pages):
        def routes(self) -> list[Route]:
            return self.secretary("/settings/{name}", self.form, self.change)

        def form(self, page: Page) -> Response:
            return page.render("settings_form.html", name=page.path("name"))

        def change(self, page: Page) -> Response:
            wish = SettingChange(page.key, page.path("name"), page.text("value"), page.by)
            change_setting(page.service, wish)
            return page.redirect(page.home("/settings"))

There are four kinds of pages:

* ``public``: anybody may see them.
* ``secretary``: only for whoever is signed in and may act in the programme that the page is about, as
  its secretary or meanwhile in that person's place; a POST must come from our own page.
* ``person``: for whoever is signed in, whatever the programme; the page itself says what is whose.
* ``linked``: behind the link of a mail. The token in the address is what authorises, so a POST needs no
  session and no cookie: whoever could forge one would have to know the token, and could then as well open
  the page. No cache keeps such a page, no search finds it and no other page hears of it.

A POST to a public or linked page that a browser says came from another site is refused (``Sec-Fetch-Site``,
else ``Origin``). ``Origin: null`` and none at all pass: with ``Referrer-Policy: no-referrer`` browsers send
``null`` from our own form (Fetch, "append a request Origin header"), and so do browsers inside mail programs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, tzinfo
from functools import cached_property
from http import HTTPStatus
from typing import Any, Final, Literal, Protocol, TypeVar
from unicodedata import normalize
from urllib.parse import quote, urlencode, urlsplit

from python_multipart.exceptions import FormParserError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, QueryParams, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Message

from email_templates import dates, words as shared
from reminders.errors import NotYoursError
from reminders.letters.message import address
from reminders.service import Actor, Connection, Service
from reminders.use.answers.links import ClosedLink, request_new_link
from reminders.web.bounds import check_form_headers, clean_form
from reminders.web.catalogue import say
from reminders.web.feeds.http import matches
from reminders.web.page_cache import Place
from reminders.web.site import COOKIE, Site, Visitor
from reminders.web.snapshot import CurrentState, ProgrammeSnapshot
from schedule_rules.programme import Action, Lang


class OfProgramme(Protocol):
    """What a link opens: a matter, a form, all that waits for a reader."""

    @property
    def programme_key(self) -> str:
        """The key of the programme that it is about; nothing where it is about several."""


Opened = TypeVar("Opened", bound=OfProgramme)

PRIVATE: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
_TYPED: Final = re.compile(
    r"(?:\w+-)?(?:why|date|other|value|note|reason|until|at|place|link|url)|(?:note|value)-.+"
)
"""The names of fields in which people write."""
_CLOSED_STATUS: Final = {"unknown": 404, "expired": 410, "left": 403, "gone": 410, "moved": 200, "ended": 410}


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file: the name that its sender gave it, its octets, its field of the form."""

    name: str
    data: bytes
    field: str = ""


@dataclass(frozen=True, slots=True)
class LostText:
    """Something that was written and could be stored nowhere: where it was written, and the words."""

    where: str
    words: str


@dataclass(frozen=True, slots=True)
class FormLimits:
    """The most that a form may hold: bytes in all, fields, files."""

    size: int = 20_000
    fields: int = 200
    files: int = 0


@dataclass(eq=False)
class Page:
    """One request for a page: who asks for what, what was posted, and the answers that can be given."""

    site: Site
    request: Request
    private: bool = False
    form: FormData = field(default_factory=FormData)
    uploads: tuple[Upload, ...] = ()

    @cached_property
    def service(self) -> Service:
        """The service whose page it is, as whoever is looking uses it."""
        client = self.request.client
        return self.site.service.acting(Actor(self.visitor.person, client.host if client else ""))

    @cached_property
    def visitor(self) -> Visitor:
        """Who is looking."""
        return self.site.visitor(self.request)

    @property
    def is_anonymous(self) -> bool:
        """Tell whether nobody is signed in, without a look at anything where there is no cookie."""
        return self.site.cookie(self.request, COOKIE) is None or not self.visitor.person

    @property
    def lang(self) -> Lang:
        """The reader's language."""
        return self.visitor.lang

    @property
    def query(self) -> QueryParams:
        """The query of the address."""
        return self.request.query_params

    @property
    def zone(self) -> tzinfo:
        """The service's time zone."""
        return self.service.settings.zone

    @property
    def today(self) -> date:
        """The civil date of the service's clock."""
        return self.site.snapshots.today()

    def path(self, name: str) -> str:
        """Return a part of the address's path."""
        return str(self.request.path_params[name])

    def read(self) -> AbstractContextManager[Connection]:
        """Open a transaction that only reads."""
        return self.service.database.read()

    @cached_property
    def snapshot(self) -> ProgrammeSnapshot:
        """The programme that the page is about (``Site.find``); ``NotFoundError`` for none."""
        with self.read() as connection:
            return self.site.find(connection, self.request, self.visitor.manages)

    @cached_property
    def current(self) -> CurrentState:
        """The programme as it stands now; ``NotFoundError`` for none."""
        snapshot = self.snapshot
        with self.read() as connection:
            return self.site.snapshots.current(connection, snapshot)

    @property
    def key(self) -> str:
        """The programme's key."""
        return self.snapshot.programme.key

    @property
    def action(self) -> Action:
        """The action that the path names."""
        return self.snapshot.programme.action_by_id[self.path("action")]

    @property
    def by(self) -> str:
        """Who acts: the address of whoever is signed in, which all that is stored of the act carries."""
        return self.visitor.person

    def may_act_in(self, key: str) -> bool:
        """Tell whether whoever is signed in may act in the programme of that key."""
        return key in self.visitor.manages

    def check_own(self, key: str) -> None:
        """Raise ``NotYoursError`` unless whoever is signed in may act in the programme of that key."""
        if not self.may_act_in(key):
            raise NotYoursError(key)

    def be_about(self, key: str) -> None:
        """Show the page as one of the programme of that key, whatever its address names."""
        visitor = self.visitor
        if not key:
            return
        visitor = replace(visitor, here=key, signed_in=self.may_act_in(key))
        if (named := visitor.query.get("programme")) or visitor.programme:
            query = {**visitor.query, "programme": key} if named else visitor.query
            visitor = replace(visitor, programme=key, query=query)
        self.visitor = visitor

    def home(self, path: str) -> str:
        """Return the address of a page of this programme."""
        return f"{path}?{urlencode({'programme': self.key})}"

    def text(self, name: str) -> str:
        """Return a posted field's text, nothing for a file or an absent field."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def address(self, name: str) -> str | None:
        """Return a posted mail address, composed (Unicode NFC) as lists have it; None where it is none."""
        try:
            return address(normalize("NFC", self.text(name)))
        except ValueError:
            return None

    def ticked(self, name: str) -> list[str]:
        """Return the texts of a field that may stand several times."""
        return [one for one in self.form.getlist(name) if isinstance(one, str)]

    @property
    def lists(self) -> dict[str, list[str]]:
        """All posted texts by field, each as often as it stands; not which button was pressed."""
        return {name: self.ticked(name) for name in self.form if name != "step"}

    @property
    def fields(self) -> dict[str, str]:
        """All posted texts by field, as they came."""
        return {name: value for name, value in self.form.items() if isinstance(value, str)}

    async def read_form(self, limits: FormLimits) -> None:
        """Read the posted form and its files; 413 for a larger one, before it is read to its end.

        400 for one that is broken off or has another shape, 415 for another type.
        """
        left = limits.size

        async def counted() -> Message:
            nonlocal left
            message = await self.request.receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413)
            return message

        check_form_headers(self.request.headers, limits.size)
        bounded = Request(self.request.scope, counted)
        try:
            self.form = await bounded.form(
                max_files=limits.files, max_fields=limits.fields, max_part_size=100_000
            )
        except (ClientDisconnect, FormParserError) as error:
            raise HTTPException(400) from error
        except HTTPException as error:  # a field that is too long is starlette's 400
            too_long = "exceeded maximum size" in error.detail
            raise HTTPException(413 if too_long else error.status_code) from error
        self.form = clean_form(self.form)
        if limits.files:
            self.uploads = tuple(
                [
                    Upload(value.filename or "", await value.read(), name)
                    for name, value in self.form.multi_items()
                    if isinstance(value, UploadFile)
                ]
            )
            await self.form.close()

    def say(self, text_id: str, /, n: int | None = None, **variables: object) -> str:
        """Return a text of the pages in the reader's language."""
        return say(self.lang, text_id, n, **variables)

    def render(self, template: str, status: int = 200, /, **model: Any) -> Response:  # noqa: ANN401 - the template's variables
        """Return a page in the reader's language."""
        response = self.site.page(self.visitor, template, status, **model)
        if self.private:
            response.headers.update(PRIVATE)
        return response

    def cached(self, place: Place, make: Callable[[], Response]) -> Response:
        """Return a public page that is kept while nothing changes; 304 to whoever has it already."""
        response = self.site.page_cache.get(place, make)
        if response.status_code != HTTPStatus.OK:
            return response
        if matches(self.request.headers.get("if-none-match", ""), response.headers["etag"]):
            response = Response(status_code=304, headers=dict(response.headers))
            del response.headers["content-length"]
        if self.query:
            self.site.remember(response, self.visitor)
        return response

    def error(self, status: int, title: str, text: str) -> Response:
        """Return a page that says what went wrong and what to do."""
        return self.render("error.html", status, title=title, text=text)

    def too_often(self, title: str, text: str, seconds: int) -> Response:
        """Refuse what was asked for too often (429), by the words ``text``, which name the minutes ``n``."""
        response = self.error(429, title, self.say(text, n=seconds // 60))
        response.headers["Retry-After"] = str(seconds)
        return response

    def redirect(self, address: str) -> Response:
        """Return another page by GET, so that reloading posts nothing twice."""
        return RedirectResponse(address, 303)

    def back(self, **query: str) -> Response:
        """Return to the same linked page by GET, so that reloading posts nothing twice."""
        if named := self.visitor.query.get("programme"):
            query = {"programme": named, **query}
        tail = "".join(f"&{name}={value}" for name, value in query.items())
        return RedirectResponse(f"{self.request.url.path}?lang={self.lang}{tail}", 303, PRIVATE)

    def file(self, octets: bytes, media_type: str, name: str) -> Response:
        """Return octets as a file to keep, which no cache does."""
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(octets, media_type=media_type, headers=headers)

    def closed(self, found: ClosedLink) -> Response:
        """Answer for a link that opens nothing: what to do next; of what it was about the unit at most.

        The button of an expired link's page asks for a new one. A form that was open while its
        link expired is not taken for such a request.
        """
        if self.request.method == "POST" and found.why == "expired" and self.text("step") == "new":
            request_new_link(self.service, self.path("token"), self.query.get("programme", ""))
            # The same whether or not there will be one.
            return self._about_link(self.say("link.asked"), self.say("link.asked-text"))
        known = found.state.programme.organisation_by_key if found.state else {}
        org = shared.names(self.lang, (known[key].name for key in found.to if key in known))
        lost = self.lost_texts if self.request.method == "POST" else ()
        title = self.say("link.moved", org=org) if found.why == "moved" else self.say(f"link.{found.why}")
        text, may_ask = self.say(f"link.{found.why}-text"), found.why == "expired"
        if found.why == "left" and org:
            text = self.say("link.left-unit", unit=org)
        if found.why == "expired" and org:  # the form of a round that takes no answers: no new link helps
            text, may_ask = self.say("link.expired-form", unit=org), False
        return self._about_link(title, text, _CLOSED_STATUS[found.why], may_ask=may_ask, lost=lost)

    @property
    def lost_texts(self) -> tuple[LostText, ...]:
        """What was written into a form that can be stored nowhere, to be shown and copied."""
        written = (text.strip() for name, text in self.fields.items() if _TYPED.fullmatch(name))
        return tuple(LostText("", text) for text in written if text not in {"", "yes", "no"})

    def _about_link(
        self,
        title: str,
        text: str,
        status: int = 200,
        *,
        may_ask: bool = False,
        lost: tuple[LostText, ...] = (),
    ) -> Response:
        return self.render("link_closed.html", status, title=title, text=text, may_ask=may_ask, lost=lost)

    def refuse_anonymous(self) -> Response | None:
        """Return the refusal of a request that is no signed-in person's own, None when it is."""
        if not self.visitor.person:
            how = self.say("error.how-to-sign-in")
            title = self.say("error.sign-in")
            if self.site.cookie(self.request, COOKIE):  # of a session that has ended
                title, how = self.say("error.ended"), self.say("error.ended-text")
            link = f"/sign-in?{urlencode({'next': self._asked_for()})}"
            return self.render("error.html", 403, title=title, text=how, sign_in=link)
        if self.request.method == "POST" and self._origin() != "ours":
            return self.error(403, self.say("error.foreign"), self.say("error.foreign-text"))
        return None

    def _asked_for(self) -> str:
        """Return the page that a GET asked for, as it comes after signing in; of a POST the first page."""
        if self.request.method != "GET":
            return "/"
        url = self.request.url
        return quote(url.path) + (f"?{url.query}" if url.query else "")

    def refuse_stranger(self) -> Response | None:
        """Return the refusal of who may not act in the page's programme, None for who may."""
        if refused := self.refuse_anonymous():
            return refused
        return None if self.visitor.signed_in else self.not_yours(self.visitor.here)

    def not_yours(self, key: str) -> Response:
        """Say who decides in a programme in which whoever is signed in does not; no person is named."""
        with self.read() as connection:
            known = {one.programme.key: one.programme.name for one in self.site.snapshots.all(connection)}
        name = dates.quoted(known[key].get(self.lang) if key in known else key, self.lang)
        title, text = self.say("error.not-yours"), self.say("error.not-yours-text", name=name)
        if self.request.method == "POST":  # who only looks has not tried to change anything
            text = " ".join((text, self.say("error.nothing-changed")))
        return self.error(403, title, text)

    def _origin(self) -> Literal["ours", "foreign", "unsaid"]:
        return origin_of(self.request.headers, self.service.settings.base_url)

    def refuse_foreign(self) -> Response | None:
        """Return the refusal of a POST that another site sent, None where it is ours or does not say."""
        if self.request.method != "POST" or self._origin() != "foreign":
            return None
        response = self._about_link(self.say("error.foreign"), self.say("error.foreign-text"), 403)
        response.headers.update(PRIVATE)
        return response


Handler = Callable[[Page], Response]
Guard = Callable[[Page], Response | None]


class Pages:
    """A subject's pages: hands each request to its function, guarded, in a thread, with the form read."""

    def __init__(self, site: Site) -> None:
        """Serve the pages of ``site``."""
        self.site = site

    def routes(self) -> list[Route]:
        """Return the routes."""
        raise NotImplementedError

    def public(
        self,
        path: str,
        show: Handler | None,
        post: Handler | None = None,
        limits: FormLimits = FormLimits(),
        *,
        private: bool = False,
    ) -> list[Route]:
        """Return the routes of a page that anybody may see; ``private``: nobody else learns its address."""
        return self._routes(path, Page.refuse_foreign, show, post, limits, private=private)

    def secretary(
        self,
        path: str,
        show: Handler | None,
        post: Handler | None = None,
        limits: FormLimits = FormLimits(),
        *,
        too_large: Handler | None = None,
    ) -> list[Route]:
        """Return the routes of a page that only a programme's secretary sees, signed in.

        ``too_large`` answers for a form that cannot be read, instead of the page of errors.
        """
        return self._routes(path, Page.refuse_stranger, show, post, limits, too_large=too_large)

    def person(
        self,
        path: str,
        show: Handler | None,
        post: Handler | None = None,
        limits: FormLimits = FormLimits(),
        *,
        too_large: Handler | None = None,
    ) -> list[Route]:
        """Return the routes of a page for whoever is signed in; ``too_large`` as of ``secretary``."""
        return self._routes(path, Page.refuse_anonymous, show, post, limits, too_large=too_large)

    def linked(
        self,
        path: str,
        link: Callable[[Page], Opened | ClosedLink],
        show: Callable[[Page, Opened], Response],
        post: Callable[[Page, Opened], Response],
        limits: FormLimits = FormLimits(),
    ) -> list[Route]:
        """Return the routes of a page behind a mail's link; ``link`` opens it, for ``show`` and ``post``."""
        shown, posted = behind_link(link, show), behind_link(link, post)
        return self._routes(path, Page.refuse_foreign, shown, posted, limits, private=True)

    def _routes(
        self,
        path: str,
        guard: Guard,
        show: Handler | None,
        post: Handler | None,
        limits: FormLimits,
        *,
        private: bool = False,
        too_large: Handler | None = None,
    ) -> list[Route]:
        def get(request: Request) -> Response:  # no coroutine: it runs in a thread
            page = Page(self.site, request, private)
            assert show  # noqa: S101 - the route is made only where there is one
            return guard(page) or show(page)

        async def submit(request: Request) -> Response:
            page = Page(self.site, request, private)
            assert post  # noqa: S101 - as above
            if refused := await run_in_threadpool(guard, page):
                return refused
            try:
                await page.read_form(limits)
            except HTTPException:
                if too_large is None:
                    raise
                return await run_in_threadpool(too_large, page)
            return await run_in_threadpool(post, page)

        routes = [Route(path, get)] if show else []
        return [*routes, Route(path, submit, methods=["POST"])] if post else routes


def behind_link(
    link: Callable[[Page], Opened | ClosedLink], handler: Callable[[Page, Opened], Response]
) -> Handler:
    """Return a page that gets what a link opens; a closed link says why it is closed."""

    def answer(page: Page) -> Response:
        found = link(page)
        if isinstance(found, ClosedLink):
            return page.closed(found)
        page.be_about(found.programme_key)
        return handler(page, found)

    return answer


def origin_of(headers: Mapping[str, str], base_url: str) -> Literal["ours", "foreign", "unsaid"]:
    """Tell where a browser says that a request comes from: a page of this site, another site, or nothing.

    Browsers say so in Sec-Fetch-Site (W3C Fetch Metadata) or at least in Origin (RFC 6454 section 7).
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return "ours" if site == "same-origin" else "unsaid" if site == "none" else "foreign"
    origin = urlsplit(headers.get("origin", "")).netloc
    if not origin:
        return "unsaid"
    return "ours" if origin in {headers.get("host", ""), urlsplit(base_url).netloc} else "foreign"

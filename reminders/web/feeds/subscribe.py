"""The page where calendars are subscribed to, and asked for by mail. Public: no session, no personal data.

The subscribe page as values: feeds to choose, addresses for each calendar, the next entries. Pure.

The secretary's page of private calendars: make one, see who fetches it, close it.

An address is shown once, in the answer to the POST that made it: it is in no log, URL or table.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from urllib.parse import quote, urlencode

import segno
from markupsafe import Markup
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from calendars.event import Entry
from calendars.feed import FeedSpec, filename, select, title
from calendars.text import summary
from email_templates import dates
from reminders.errors import NotFoundError, UsageError
from reminders.letters.message import address
from reminders.store import feeds
from reminders.store import programmes as repository
from reminders.use.feeds.private_feeds import NAMES, FeedName, ask_for_feed, issue_feed, revoke_feed
from reminders.use.feeds.published import main_key, specs
from reminders.web.catalogue import known, say
from reminders.web.forms import read_form, refuse_foreign, text_of
from reminders.web.session import refuse_request
from reminders.web.site import OWN_NAMES, Site, Visitor
from schedule_rules.programme import LANGUAGES, Lang, Programme
from schedule_rules.rule import expand

# -- The subscribe page as values: feeds to choose, addresses for each calendar, the next entri

_NEXT = 6
CLIENTS: Final = (
    "outlook-new",
    "outlook-classic",
    "google",
    "iphone",
    "mac",
    "thunderbird",
    "nextcloud",
    "android",
)
_GOOGLE = "https://calendar.google.com/calendar/r?"
_OUTLOOK = "https://outlook.office.com/calendar/0/addfromweb?"


@dataclass(frozen=True, slots=True)
class FeedChoice:
    """A feed in the list to choose from."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Client:
    """A calendar program and the steps that subscribe in it."""

    name: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ahead:
    """An entry to come: day and time in words, the title, whether its date is provisional."""

    on: date
    when: str
    title: str
    tentative: bool


@dataclass(frozen=True, slots=True)
class SubscribeView:
    """All that the subscribe page says about the chosen feed."""

    groups: tuple[tuple[str, tuple[FeedChoice, ...]], ...]
    chosen: str
    title: str
    address: str
    webcal: str
    google: str
    outlook: str
    next: tuple[Ahead, ...]
    count: int


def subscribe_view(
    programme: Programme,
    spec: FeedSpec,
    entries: Iterable[Entry],
    address: str,
    lang: Lang,
    feed_lang: Lang,
    today: date,
) -> SubscribeView:
    """Return the page's values for the feed ``spec`` in ``feed_lang``."""
    found = [_instances(entry, today, lang, feed_lang) for entry in select(spec, entries)]
    # A weekly series would fill the list: each entry shows its next date.
    ahead = sorted((instances[0] for instances in found if instances), key=lambda one: one.on)
    named = title(spec, feed_lang)
    bare = address.partition("://")[2]
    return SubscribeView(
        groups=tuple(_groups(programme, lang)),
        chosen=spec.name,
        title=named,
        address=address,
        webcal=f"webcal://{bare}",
        google=_GOOGLE + urlencode({"cid": f"webcal://{bare}"}, quote_via=quote),
        outlook=_OUTLOOK + urlencode({"url": address, "name": named}, quote_via=quote),
        next=tuple(ahead[:_NEXT]),
        count=sum(map(len, found)),
    )


def clients(lang: Lang) -> tuple[Client, ...]:
    """Return the steps for each calendar program; the last one says how soon changes show."""
    return tuple(
        Client(say(lang, f"client.{name}.name"), tuple(say(lang, f"client.{name}.steps").splitlines()))
        for name in CLIENTS
    )


def feed_address(spec: FeedSpec, lang: Lang, programme: str = "") -> str:
    """Return where a feed stands; ``programme`` names one that is not the first."""
    return f"{spec.url.rstrip('/')}/{filename(spec, lang)}" + (f"?programme={programme}" if programme else "")


def _groups(programme: Programme, lang: Lang) -> Iterable[tuple[str, tuple[FeedChoice, ...]]]:
    whole = tuple(FeedChoice(name, say(lang, f"subscribe.{name}")) for name in ("all", "events", "deadlines"))
    yield say(lang, "subscribe.whole"), whole
    yield (
        say(lang, "subscribe.domains"),
        tuple(FeedChoice(domain.key, domain.name.get(lang)) for domain in programme.domains),
    )
    parties = [FeedChoice(one.key, one.name.get(lang)) for one in programme.organisations]
    yield say(lang, "subscribe.parties"), tuple(sorted(parties, key=lambda one: one.label.casefold()))


def _instances(entry: Entry, today: date, lang: Lang, feed_lang: Lang) -> list[Ahead]:
    """Return an entry's dates from today on; a series has one for each instance."""
    start = entry.start
    first = start.date() if isinstance(start, datetime) else start
    days = expand(entry.recurrence) if entry.recurrence else (first,)
    if entry.status == "cancelled":
        return []
    # That the date is provisional is said by a chip of its own.
    titled = summary(replace(entry, status="confirmed"), feed_lang)
    return [
        Ahead(day, _when(day, start, lang), titled, entry.status == "tentative")
        for day in days
        if day >= today
    ]


def _when(day: date, start: date, lang: Lang) -> str:
    written = dates.in_table(day, lang)
    return f"{written} {dates.at(start.time(), lang)}" if isinstance(start, datetime) else written


# -- The page where calendars are subscribed to, and asked for by mail. Public: no session, no

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


# -- The secretary's page of private calendars: make one, see who fetches it, close it

_LIMIT_private_pages = 20_000


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
        return refuse_request(self.site, request) or self._shown(request)

    async def post(self, request: Request) -> Response:
        """Answer for a POST: make a calendar, or close one."""
        if refused := refuse_request(self.site, request):
            return refused
        form = await read_form(request, limit=_LIMIT_private_pages, fields=20)
        return await run_in_threadpool(self._do, request, form)

    def _do(self, request: Request, form: FormData) -> Response:
        if number := text_of(form, "revoke"):
            if not number.isdecimal() or len(number) > 9:
                raise NotFoundError("no such calendar")
            revoke_feed(self.site.service, int(number))
            return RedirectResponse(request.url.include_query_params(), 303)
        lang = self.site.visitor(request).lang
        name: FeedName = "secretary" if text_of(form, "feed") == "secretary" else "own"
        alarm = bool(text_of(form, "alarm"))
        try:
            made = issue_feed(
                self.site.service, self._key(request), text_of(form, "address"), name, alarm=alarm
            )
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
            found = feeds.private_feeds_of(connection, key)
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

"""What every page shares: who is looking, the frame around it, its headers, templates and stylesheet.

What stands on a page is left to its own file, how a request comes to it to ``page``, signing in and out to
``sessions``; how long a session holds to ``use.people.sessions``, what its person may do to
``planning.speakers``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property, partial
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import escape
from starlette.requests import Request
from starlette.responses import Response

from email_templates import dates, words as shared
from email_templates.alarm import channel_words, clock_words, many_dead_words, waiting_words
from reminders.errors import NotFoundError
from reminders.planning.recipients import Role
from reminders.planning.standing import programme_standing
from reminders.planning.state import ProgrammeRow
from reminders.service import Connection, Service
from reminders.use.mail.digests import last_summary
from reminders.use.people.contacts import lapse
from reminders.use.people.dead_addresses import many_dead
from reminders.use.people.sessions import Session, drop_session, find_session
from reminders.use.planning.clock_doubts import open_question
from reminders.use.watch.alarm import missing_run
from reminders.use.watch.backup import restored_from
from reminders.use.watch.channel import standstill
from reminders.use.watch.evidence import has_other_key
from reminders.web.catalogue import as_language, preferred, say, shown_text
from reminders.web.cookies import Cookies
from reminders.web.page_cache import PageCache
from reminders.web.snapshot import ProgrammeSnapshot, Snapshots
from schedule_rules.programme import LANGUAGES, Lang

COOKIE: Final = "session"
OWN_NAMES: Final[Mapping[Lang, str]] = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
LANG_COOKIE: Final = "lang"
PROGRAMME_COOKIE: Final = "programme"
"""Which of several programmes was looked at last."""
_FOR_SECRETARY: Final = (
    ("/decisions", "nav.decisions"),
    ("/findings", "nav.findings"),
    ("/forecast", "nav.forecast"),
    ("/digest", "nav.digest"),
    ("/contacts", "nav.contacts"),
    ("/import", "nav.import"),
    ("/settings", "nav.settings"),
    ("/audit", "nav.audit"),
)
"""The pages under *More*, and what each is called."""


@dataclass(frozen=True)
class Visitor:
    """Who is looking: the language, who is signed in, and at which address.

    ``signed_in``: whoever it is may act in the programme of this page. ``person`` is the address of who is
    signed in, nothing where nobody is; ``manages`` are the programmes in which that person may act today.
    """

    lang: Lang
    signed_in: bool
    path: str
    query: Mapping[str, str]
    programme: str = ""
    here: str = ""
    """The key of the programme that the page is about, also where there is but one."""
    person: str = ""
    manages: frozenset[str] = frozenset()
    session: int = 0
    """The number of the session."""

    @property
    def programme_query(self) -> str:
        """The query that names the page's programme; nothing where there is but one and no need to."""
        wanted = self.programme or self.query.get("programme")
        return f"?{urlencode({'programme': wanted})}" if wanted else ""

    def link(self, **changes: str | None) -> str:
        """Return this page's address with some of its query changed (None takes a part out)."""
        merged = {**({"programme": self.programme} if self.programme else {}), **self.query, **changes}
        query = urlencode({name: value for name, value in merged.items() if value is not None})
        return f"{self.path}?{query}" if query else self.path


@dataclass(frozen=True, eq=False)
class Site:
    """What the pages of one service share; one an application, so that caches may be kept by it."""

    service: Service
    snapshots: Snapshots

    @cached_property
    def cookies(self) -> Cookies:
        """How browsers get cookies, under which names and for which path."""
        return Cookies.of(self.service.settings)

    @cached_property
    def page_cache(self) -> PageCache:
        """The first page as the public sees it."""
        return PageCache(self.service.database.version, self.snapshots.acts_stamp)

    def cookie(self, request: Request, name: str) -> str | None:
        """Return a cookie that the browser sent."""
        return self.cookies.read(request, name)

    def visitor(self, request: Request) -> Visitor:
        """Read who is looking: language from the address, the cookie, the browser; session."""
        session = self.session(request)
        with self.snapshots.read() as connection:
            known = self.snapshots.all(connection)
        manages = self.snapshots.managed_by(known, session.address) if session else frozenset()
        try:
            here = self._find(known, request, manages).programme.key
        except NotFoundError:
            here = ""
        if session and not manages:  # the person has left: the session is not open again with a new list
            drop_session(self.service, session)
            session = None
        return Visitor(
            lang=self.language(request),
            signed_in=session is not None and (here in manages or not here),
            path=request.url.path,
            query=dict(request.query_params),
            programme=here if len(known) > 1 else "",
            here=here,
            person=session.address if session else "",
            manages=manages,
            session=session.id if session else 0,
        )

    def language(self, request: Request) -> Lang:
        """Return the reader's language: that of the address, the cookie, the browser."""
        chosen = as_language(request.query_params.get("lang"))
        return (
            chosen
            or as_language(self.cookie(request, LANG_COOKIE))
            or preferred(request.headers.get("accept-language", ""))
        )

    def session(self, request: Request) -> Session | None:
        """Return the open session of a browser; whether its person may still sign in is not looked at."""
        token = self.cookie(request, COOKIE)
        return find_session(self.service, token) if token else None

    def find(self, connection: Connection, request: Request, own: Collection[str]) -> ProgrammeSnapshot:
        """Return the programme that a page is about; ``NotFoundError`` for none.

        The address names it, else it is the running one, of one's ``own`` where there are any; of several
        that which was looked at last. Where the path has an ``{action}``, it is one that has this action.
        """
        return self._find(self.snapshots.all(connection), request, own)

    def _find(
        self, known: Iterable[ProgrammeSnapshot], request: Request, own: Collection[str]
    ) -> ProgrammeSnapshot:
        part = request.path_params
        key = part.get("programme") or part.get("key") or request.query_params.get("programme")
        last = self.cookie(request, PROGRAMME_COOKIE)
        return self.snapshots.chosen(known, key or None, part.get("action"), last, own)

    def role(self, known: tuple[ProgrammeSnapshot, ...], visitor: Visitor, key: str) -> Role:
        """Return in which role whoever is signed in acts in a programme: as its secretary, or a deputy."""
        people = self.snapshots.people(known)[key].people
        return "deputy" if people.stands_in_for(visitor.person, self.snapshots.today()) else "secretary"

    def running(self) -> tuple[str, ...]:
        """Return the keys of the programmes whose mail goes out."""
        with self.snapshots.read() as connection:
            return self._running(one.row for one in self.snapshots.all(connection))

    def _running(self, rows: Iterable[ProgrammeRow]) -> tuple[str, ...]:
        today = self.snapshots.today()
        return tuple(row.programme.key for row in rows if programme_standing(row, today) == "running")

    def page(self, visitor: Visitor, template: str, status: int = 200, /, **model: Any) -> Response:  # noqa: ANN401 - the template's variables
        """Return a page in the reader's language, with the headers that every page has."""
        body = page_templates().get_template(template).render(**self._frame(visitor), **model)
        response = Response(body, status, media_type="text/html; charset=utf-8")
        response.headers["Content-Language"] = visitor.lang
        response.headers["Vary"] = "Accept-Language, Cookie"
        response.headers["Cache-Control"] = "no-store" if visitor.person else "private, no-cache"
        self.remember(response, visitor)
        return response

    def remember(self, response: Response, visitor: Visitor) -> None:
        """Have the browser keep the language and the programme that an address chose."""
        if as_language(visitor.query.get("lang")):
            self.set_cookie(response, LANG_COOKIE, visitor.lang, 31_536_000)
        if visitor.programme and visitor.programme == visitor.query.get("programme"):
            self.set_cookie(response, PROGRAMME_COOKIE, visitor.programme, 31_536_000)

    def set_cookie(self, response: Response, name: str, value: str, seconds: int) -> None:
        """Give the browser a cookie that no script reads and no form of another site sends."""
        self.cookies.give(response, name, value, seconds)

    def delete_cookie(self, response: Response, name: str) -> None:
        """Have the browser forget a cookie."""
        self.cookies.take(response, name)

    def _frame(self, visitor: Visitor) -> dict[str, Any]:
        lang, settings = visitor.lang, self.service.settings
        with self.snapshots.read() as connection:
            known = self.snapshots.all(connection)
        rows = [one.row for one in known]
        programmes, policies = (
            [one.programme for one in rows],
            {one.programme.key: one.policy for one in rows},
        )
        wanted = visitor.programme or visitor.query.get("programme")
        here = next((one for one in programmes if one.key == wanted), None)
        here = here or (programmes[0] if len(programmes) == 1 else None)
        shown = next((one for one in rows if here and one.programme.key == here.key), None)
        window = (policies[here.key].window if here else None) or settings.mail_window
        return {
            "lang": lang,
            "visitor": visitor,
            "signed_in": visitor.signed_in,
            "programme_query": visitor.programme_query,
            "programme": here,
            "programme_name": here.name.get(lang) if here else say(lang, "site.service"),
            "several": len(programmes) > 1,
            "nav": navigation(visitor),
            "languages": [(code, OWN_NAMES[code], visitor.link(lang=code)) for code in LANGUAGES],
            "absolute": settings.base_url,
            "style": f"/static/style.{style_hash()}.css",
            "clock": self.service.clock().astimezone(settings.zone) if self.service.rehearses else None,
            "ended": ended_words(self.service, shown, self.snapshots.today(), lang),
            "doubt": doubt_words(self.service, lang) if visitor.signed_in else "",
            "restored": restored_words(self.service, lang) if visitor.signed_in else "",
            "other_key": visitor.signed_in and has_other_key(self.service),
            "late": late_words(self.service, rows, lang) if visitor.signed_in else "",
            "standing": standstill_notices(self.service, visitor, self._running(rows))
            if visitor.signed_in
            else (),
            "lapsed": lapse_words(self.service, here.key, lang) if visitor.signed_in and here else "",
            "acts_as": shared.role(lang, self.role(known, visitor, here.key))
            if visitor.signed_in and here
            else "",
            "sending_hours": dates.between(*window, lang),
            # What a template says: own texts, shared words, dates, numbers.
            "t": partial(say, lang),
            "status_word": partial(shared.status, lang),
            "answer_word": partial(shared.answer, lang),
            "kind_word": partial(shared.kind, lang),
            "role_word": partial(shared.role, lang),
            "day": lambda day: dates.in_table(day, lang),
            "day_month": lambda day: dates.no_year(day, lang),
            "moment": lambda instant: dates.moment(instant, lang),
            "short": lambda day: dates.short(day, lang),
            "number": lambda value: dates.number(value, lang),
            "quoted": lambda text: dates.quoted(text, lang),
        }


def ended_words(service: Service, row: ProgrammeRow | None, today: date, lang: Lang) -> str:
    """Say that a programme has ended, and what that means; nothing while it runs."""
    if row is None or programme_standing(row, today) != "ended":
        return ""
    if row.closed_on is not None:
        return say(lang, "notice.closed-text")
    on = dates.in_table(row.programme.period.last, lang)
    if sent := last_summary(service, row.programme.key):
        return say(lang, "notice.ended-over", on=on, last=dates.in_table(sent, lang))
    return say(lang, "notice.ended-held" if row.held else "notice.ended-text", on=on)


def doubt_words(service: Service, lang: Lang) -> str:
    """Say what does not fit about the clock; nothing while it is believed."""
    question = open_question(service)
    return clock_words(question, lang) if question else ""


def restored_words(service: Service, lang: Lang) -> str:
    """Say that a backup was restored, and that nothing is sent until somebody has looked."""
    backup_of = restored_from(service)
    at = backup_of.astimezone(service.settings.zone) if backup_of else None
    return say(lang, "notice.restored-text", at=dates.moment(at, lang)) if at else ""


def late_words(service: Service, rows: Iterable[ProgrammeRow], lang: Lang) -> str:
    """Say that no run has finished in time on a working day, and when the last one did.

    Before the first one nothing is late, as long as no programme was ever let out.
    """
    missing = missing_run(service)
    if missing is None or (missing.last is None and all(row.is_draft for row in rows)):
        return ""
    if missing.last is None:
        return say(lang, "notice.never")
    return say(lang, "notice.late-text", at=dates.moment(missing.last, lang))


@dataclass(frozen=True, slots=True)
class StandstillNotice:
    """That mail does not leave: what, why, and the button that helps; none once it was pressed.

    ``is_page``: the button is a link to a page where it is looked at first.
    """

    heading: str
    text: str
    technical: str
    action: str
    button: str
    is_page: bool = False


def standstill_notices(
    service: Service, visitor: Visitor, running: Collection[str]
) -> tuple[StandstillNotice, ...]:
    """Say what keeps mail from people, each with what whoever is looking can do (``mail.channel``).

    The mail server cannot be used; mails wait for a yes; more addresses count as dead than is likely.
    ``running`` are the programmes whose mail goes out.
    """
    found, notices, lang = standstill(service), [], visitor.lang
    if found.closed:
        reason = say(lang, "notice.reason", reason=found.closed.reason)
        button = say(lang, "notice.try-again") if found.rests and running else ""
        text = _with_next_run(channel_words(found.closed, lang), button, lang)
        heading, action = say(lang, "notice.channel"), "/mail-channel/try-again"
        notices.append(StandstillNotice(heading, text, reason, action, button))
    if found.waiting:
        button = "" if found.is_let_go else say(lang, "notice.let-go")
        text = _with_next_run(waiting_words(found.waiting, lang), button, lang)
        if button and not (running and visitor.manages.issuperset(running)):
            button, text = "", " ".join((text, say(lang, "notice.let-go-by-command")))
        notices.append(StandstillNotice(say(lang, "notice.cap"), text, "", "/mail-channel/let-go", button))
    for many in many_dead(service, visitor.manages):
        heading, button = say(lang, "notice.dead"), say(lang, "notice.to-dead")
        text = many_dead_words(many, lang)
        notices.append(StandstillNotice(heading, text, "", "/contacts/dead", button, is_page=True))
    return tuple(notices)


def _with_next_run(text: str, button: str, lang: Lang) -> str:
    return text if button else " ".join((text, say(lang, "notice.next-run")))


def lapse_words(service: Service, key: str, lang: Lang) -> str:
    """Say that a programme which is running has no secretary, since when, and whom its mail goes to."""
    found = lapse(service, key)
    if found is None:
        return ""
    if found.secretary and found.kind in {"secretary-away", "secretary-dead"}:
        return say(lang, f"notice.{found.kind}", address=found.secretary.email)
    if found.last is None or found.since is None:
        return say(lang, "notice.no-secretary-ever")
    on = dates.short(found.since, lang)
    return say(lang, "notice.no-secretary-text", on=on, address=found.last.email)


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """A link of the menu; ``here``: the reader is on it (*page*), on a page below it (*true*), or not."""

    url: str
    name: str
    here: str


@dataclass(frozen=True, slots=True)
class Navigation:
    """The menu: links of the first rank, of which a phone shows two, and the rest under *More*."""

    first: tuple[NavigationLink, ...]
    more: tuple[NavigationLink, ...]


def navigation(visitor: Visitor) -> Navigation:
    """Return the menu of whoever is looking; the public has no pages but those of the first rank."""
    first = [("/", "nav.glance"), ("/actions", "nav.actions")]
    first += [("/outbox", "nav.outbox")] if visitor.signed_in else []
    first += [("/collection", "nav.collection"), ("/calendars/", "nav.calendars")]
    more = [*_FOR_SECRETARY] if visitor.signed_in else []
    more += [("/sign-ins", "session.title")] if visitor.person else []

    def link(path: str, text: str) -> NavigationLink:
        below = len(path) > 1 and visitor.path.startswith(path.rstrip("/") + "/")
        here = "page" if visitor.path == path else "true" if below else ""
        return NavigationLink(path + visitor.programme_query, say(visitor.lang, text), here)

    return Navigation(tuple(link(*one) for one in first), tuple(link(*one) for one in more))


def machine_time(moment: date | datetime, zone: str) -> str:
    """Return a day, or a naive local time of ``zone`` with its offset, as ``<time datetime>`` takes it."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return moment.replace(tzinfo=ZoneInfo(zone)).isoformat(timespec="minutes")


@cache
def page_templates() -> Environment:
    """Return the one template environment: escaped, strict; templates stand beside their pages."""
    folders = [one for one in files("reminders.web").iterdir() if one.is_dir()]
    own = [one.name for one in folders if any(part.name.endswith(".html") for part in one.iterdir())]
    env = Environment(
        loader=ChoiceLoader([PackageLoader("reminders.web", name) for name in sorted(own)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["choice"] = lambda value, t, stem: (value, t(stem + value))
    env.filters["shown"] = lambda text: escape(shown_text(str(text)))
    return env


@cache
def stylesheet() -> bytes:
    """Return the stylesheet: ``style.css``, those of page families, then the places in percent by class.

    Inline styles would need a weaker Content-Security-Policy.
    """
    sheets = [one for one in (files("reminders.web") / "static").iterdir() if one.name.endswith(".css")]
    ordered = sorted(sheets, key=lambda one: (one.name != "style.css", one.name))
    written = "\n".join(one.read_text(encoding="utf-8") for one in ordered)
    places = [f".{name}{n}{{--{name}:{n}}}" for name in "plr" for n in range(101)]
    places += [f".y{n}{{--n:{n}}}" for n in range(1, 31)]
    return (written + "\n" + "".join(places) + "\n").encode()


@cache
def style_hash() -> str:
    """Return what names this very stylesheet, so that it may be kept for ever."""
    return hashlib.sha256(stylesheet()).hexdigest()[:12]

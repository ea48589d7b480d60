"""Hostile requests: a walk finds the pages and forms that a reader has, and each answer is judged.

1. Crawl from the first page, or from the links of the mails, and note addresses and forms by route.
2. Ask once by every route and method, with a known address where the crawl has found one.
3. Then, by the dice: a form with good or hostile values, an address, headers or a method that nobody expects.

A request that fails is printed so that it can be sent again; the same seed makes the same walk.
"""

from __future__ import annotations

import asyncio
import re
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from random import Random
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

import httpx
from starlette.routing import Match, Route

from tests.web.conftest import Reader
from tests.web.forms import OWN

BASE: Final = "http://127.0.0.1:8000"
HOSTILE: Final = (
    "",
    " ",
    "\0",
    "a\0b",
    "\x0b\x0c\x1b[31m",
    "\ufffe\uffff\u202e\u200f",
    "ä" * 3_000,
    "x" * 12_000,
    "9" * 5_000,
    "1" + "0" * 400,
    "-1",
    "0",
    "3",
    "2147483648",
    "999999999",
    "9223372036854775808",
    "99999999999999999999",
    "1e400",
    "-1e-400",
    "NaN",
    "Infinity",
    "٣",
    "²",
    "0x10",
    "1_000",
    "9999-12-31",
    "31.12.9999",
    "0001-01-01",
    "1.1.0001",
    "1.1.1",
    "30.2.2026",
    "12/3/2026",
    "1.6.2026–31.12.9999",
    "2026-W01-1",
    "9999-12",
    "0000-00",
    "25:99",
    "24.00",
    "[]",
    "{}",
    "null",
    "[" * 9_000,
    '{"a":' * 2_000,
    '[["a", "b", [1, null, {}]]]',
    "'; DROP TABLE outbox; --",
    "%00%ff%",
    "{{ 7 * 7 }}",
    "<script>alert(1)</script>",
    "../../../etc/passwd",
    "\r\nSet-Cookie: session=x",
    "=cmd|' /C calc'!A1",
    "FREQ=DAILY;INTERVAL=0",
    "FREQ=YEARLY;COUNT=99999999",
    "a@b",
    "a" * 300 + "@vaasa.example",
    "vaasa-2023-2026",
    "undefined",
)
GOOD: Final = (
    "14.1.2026",
    "28.2.2026",
    "2026-03-02",
    "1.6.2026–10.8.2026",
    "12",
    "2,5",
    "9.30",
    "17:00",
    "Kevään tapaamiset siirtyvät",
    "welfare-unit@vaasa.example",
    "https://video.example/room",
    "2025–2026",
    "yes",
)
NAMES: Final = (
    *("programme", "lang", "name", "on", "m", "from", "to", "u", "k", "by", "all", "unit", "done", "planned"),
    *("feed", "feeds", "kind", "d", "org", "what", "theme", "year", "saved", "seen", "version", "others"),
    *("step", "date", "code", "state", "action"),
)
"""Names that queries and forms have, and some that none has."""
HEADERS: Final = (
    ("accept-language", ("de, " * 2_500) + "fi"),
    ("accept-language", "sv;q=9.9e999, en;q=--, *;q=0"),
    ("if-none-match", '"' * 999),
    ("if-none-match", "*"),
    ("if-modified-since", "Fri, 31 Dec 9999 23:59:59 GMT"),
    ("if-modified-since", "Mon, 99 Foo 0000 99:99:99 +9999"),
    ("if-modified-since", "1" * 5_000),
    ("range", "bytes=9999999999999999999-,-1,a"),
    ("accept-encoding", "gzip;q=1e9,,;q=;,br"),
    ("accept", "\u00ff" * 200),
    ("host", "evil.example:99999"),
    ("origin", "http://[::1"),
    ("origin", "null"),
    ("sec-fetch-site", "?"),
    ("cookie", "session=x; lang=%00; programme=\\000; session"),
    ("cookie", 'programme="\\000\\777"; lang="' + "x" * 4_000),
    ("cookie", "session=" + "a.b." * 900),
    ("user-agent", "\u00e4\u0000".replace("\0", "") * 500),
    ("content-type", "application/json"),
    ("content-type", "multipart/form-data"),
    ("content-type", 'multipart/form-data; boundary="'),
    ("content-type", "multipart/form-data; boundary=" + "x" * 300),
    ("content-type", "multipart/form-data; charset=utf-7; boundary=x"),
    ("content-type", "multipart/form-data; charset=idna; boundary=x"),
    ("content-type", "application/x-www-form-urlencoded; charset=undefined"),
    ("content-type", "text/plain"),
    ("content-length", "-5"),
    ("content-length", "abc"),
    ("content-length", "+5"),
    ("content-length", "9" * 5_000),
    ("x-forwarded-for", "not an address"),
)
METHODS: Final = ("HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW")
ENDS: Final = ("/sign-out", "/close")
"""What ends the walk's own session or programme: asked once, last."""


@dataclass(frozen=True)
class FormField:
    """A field of a form: its name, its kind, what stands in it, what may."""

    name: str
    kind: str
    value: str
    choices: tuple[str, ...] = ()


@dataclass
class FormSeen:
    """A form as a page has it: where it goes, how, its fields and its buttons."""

    action: str
    method: str
    fields: list[FormField] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    multipart: bool = False


class _Markup(HTMLParser):
    """Reads links and forms."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.links, self.forms = address, list[str](), list[FormSeen]()
        self._named: dict[str, FormSeen] = {}
        self._in: FormSeen | None = None
        self._select: FormField | None = None
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a link, a form or a field."""
        own = {name: value or "" for name, value in attrs}
        name, value = own.get("name", ""), own.get("value", "")
        form = self._named.get(own.get("form", ""), self._in)
        match tag:
            case "a" | "iframe":
                self.links.append(urljoin(self.address, own.get("href") or own.get("src", "")))
            case "form":
                action = urljoin(self.address, own.get("action", "") or self.address)
                self._in = FormSeen(action, own.get("method", "get").upper())
                self._in.multipart = "multipart" in own.get("enctype", "")
                self._named[own.get("id", "?")] = self._in
                self.forms.append(self._in)
            case "input" if form and name:
                form.fields.append(FormField(name, own.get("type", "text"), value))
            case "button" if form:
                form.buttons.append((name, value))
            case "select" if form:
                self._select = FormField(name, "select", "")
            case "option" if self._select:
                chosen = value if "selected" in own or not self._select.value else self._select.value
                self._select = FormField(self._select.name, "select", chosen, (*self._select.choices, value))
            case "textarea" if form:
                self._text = []
                form.fields.append(FormField(name, "textarea", ""))
            case _:
                pass

    def handle_endtag(self, tag: str) -> None:
        """End a form, a list or a text."""
        if tag == "form":
            self._in = None
        elif tag == "select" and self._select and self._in:
            self._in.fields.append(self._select)
            self._select = None
        elif tag == "textarea" and self._text is not None and self._in:
            last = self._in.fields.pop()
            self._in.fields.append(FormField(last.name, last.kind, "".join(self._text)))
            self._text = None

    def handle_data(self, data: str) -> None:
        """Take the text of a field."""
        if self._text is not None:
            self._text.append(data)


@dataclass(frozen=True)
class Attempt:
    """One request as it can be sent again."""

    who: str
    method: str
    url: str
    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str, bytes], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """Return it in a few lines; what is very long is cut."""
        parts = (f"{name}={value!r}" for name, value in (*self.headers, *self.fields))
        files = (f"{name}={file!r} ({len(data)} bytes)" for name, file, data in self.files)
        return f"{self.who}: {self.method} {self.url[:600]}\n  " + "\n  ".join(
            one[:300] for one in (*parts, *files)
        )


@dataclass
class Walk:
    """A walk of some requests with one seed: what it asked, what was accepted, what failed."""

    reader: Reader
    starts: tuple[str, ...]
    seed: int
    most: int
    accepted: Counter[str] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)
    met: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        """Find the routes of the application."""
        self.dice = Random(self.seed)
        self.routes = [one for one in self.reader.app.routes if isinstance(one, Route)]
        self.pages: dict[tuple[str, str], list[str]] = {}
        self.forms: dict[tuple[str, str], list[tuple[str, int, FormSeen]]] = {}

    @property
    def posts(self) -> set[str]:
        """The paths of all routes that take a POST."""
        return {one.path for one in self.routes if "POST" in (one.methods or ())}

    async def go(self) -> Walk:
        """Walk."""
        transport = httpx.ASGITransport(app=self.reader.app, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as self.client:
            for who, starts in (("anonymous", ("/",)), ("linked", self.starts), ("secretary", ("/",))):
                await self._crawl(who, starts)
            for attempt in self._once():
                await self.send(attempt)
            while self.count < self.most:
                await self._throw()
            for end in ENDS:
                for key, known in self.forms.items():
                    if key[1].endswith(end) or end in known[0][2].action:
                        await self.send(self._filled(key[0], known[0][2], hostile=0))
        return self

    async def send(self, attempt: Attempt) -> httpx.Response | None:
        """Send a request and judge its answer."""
        self.count += 1
        headers = dict(attempt.headers)
        if attempt.method == "POST":
            headers = {**OWN, **headers}
        if attempt.who == "secretary" and "cookie" not in headers:
            headers["cookie"] = "; ".join(f"{k}={v}" for k, v in self.reader.cookies.items())
        encoded = {name: value.encode("latin-1", "replace") for name, value in headers.items()}
        body: dict[str, object] = {}
        if attempt.files:
            parts = [(name, (None, value.encode())) for name, value in attempt.fields]
            body["files"] = [*parts, *((name, (file, data)) for name, file, data in attempt.files)]
        elif attempt.method == "POST":
            body["content"] = urlencode(attempt.fields)
            encoded.setdefault("content-type", b"application/x-www-form-urlencoded")
        route = self.route_of(attempt.method, urlsplit(attempt.url).path)
        if attempt.method == "POST" and route:
            self.met.add(route)
        try:
            response = await self.client.request(attempt.method, attempt.url, headers=encoded, **body)  # type: ignore[arg-type]
        except Exception:  # noqa: BLE001 - whatever it is, it would be a 500
            lines = traceback.format_exc().splitlines()
            self.failed.append(f"request {self.count}, {attempt}\n" + "\n".join(lines[-14:]))
            self.answered[500] += 1
            return None
        self.client.cookies.clear()
        self.answered[response.status_code] += 1
        if response.status_code >= 500:
            words = f"{response.status_code} {response.text[:300]}"
            self.failed.append(f"request {self.count}, {attempt}\n{words}")
        if attempt.method == "POST" and route and response.status_code in {200, 303}:
            self.accepted[route] += 1
        return response

    def route_of(self, method: str, path: str) -> str:
        """Return the route that takes a request; nothing where none does."""
        scope = {"type": "http", "method": method, "path": path, "headers": []}
        return next((one.path for one in self.routes if one.matches(scope)[0] is Match.FULL), "")

    async def _crawl(self, who: str, starts: Iterable[str], most: int = 2) -> None:
        waiting, known = list(starts), set(starts)
        while waiting and self.count < self.most // 4:
            url = waiting.pop(0)
            route = self.route_of("GET", urlsplit(url).path)
            seen = self.pages.setdefault((who, route), [])
            if not route or len(seen) >= most or route == "/sign-in/{token}":
                continue
            seen.append(url)
            response = await self.send(Attempt(who, "GET", url))
            if response is None or "html" not in response.headers.get("content-type", ""):
                continue
            links = self._note(who, url, response)
            fresh = [one for one in links if one not in known]
            self.dice.shuffle(fresh)
            known.update(fresh)
            waiting += fresh

    def _note(self, who: str, url: str, response: httpx.Response) -> list[str]:
        markup = _Markup(url)
        markup.feed(response.text)
        for place, form in enumerate(markup.forms):
            route = self.route_of(form.method, urlsplit(form.action).path)
            if route:
                self.forms.setdefault((who, f"{form.method} {route}"), []).append((url, place, form))
        return [one.partition("#")[0] for one in markup.links if one.startswith("/")]

    def _once(self) -> Iterator[Attempt]:
        """Give a request for every route and method, some with an address that exists."""
        for route in self.routes:
            for who in ("anonymous", "secretary"):
                known = self.pages.get((who, route.path)) or [self._address(route, 1)]
                for method in sorted(route.methods or ("GET",)):
                    crawled = (who, route.path) in self.pages and method == "GET"
                    if method != "HEAD" and not crawled and not route.path.endswith(ENDS):
                        yield Attempt(who, method, known[0])

    async def _throw(self) -> None:
        who = self.dice.choices(("anonymous", "linked", "secretary"), (2, 4, 5))[0]
        kind = self.dice.choices(("form", "address", "headers", "method"), (80, 10, 7, 3))[0]
        forms = [key for key in self.forms if key[0] == who and not key[1].endswith(ENDS)]
        route = self.dice.choice(self.routes)
        if kind == "form" and forms:
            await self._fill(*self.dice.choice(forms))
        elif kind == "address":
            await self.send(Attempt(who, "GET", self._address(route, self.dice.random())))
        elif kind == "headers":
            pages = self.pages.get((who, route.path)) or [self._address(route, 0.2)]
            methods = sorted(route.methods or ("GET",))
            headers = tuple(self.dice.sample(HEADERS, self.dice.randint(1, 3)))
            fields = (("a", "b"),)
            await self.send(
                Attempt(who, self.dice.choice(methods), pages[0], fields, headers=dict(headers).items())  # type: ignore[arg-type]
            ) if not route.path.endswith(ENDS) else None
        else:
            await self.send(Attempt(who, self.dice.choice(METHODS), self._address(route, 0.2)))

    async def _fill(self, who: str, name: str) -> None:
        """Open the page of a form again, fill the form in and send it; a step further where it leads on."""
        url, place, form = self.dice.choice(self.forms[who, name])
        page = await self.send(Attempt(who, "GET", url))
        if page is not None and page.status_code == 200:
            markup = _Markup(url)
            markup.feed(page.text)
            form = markup.forms[place] if place < len(markup.forms) else form
        elif page is not None and page.status_code == 403 and who == "secretary":
            await asyncio.to_thread(self.reader.sign_in)  # it has a loop of its own
        for _ in range(3):
            hostile = self.dice.choice((0, 0, 0.1, 0.3, 1))
            response = await self.send(self._filled(who, form, hostile))
            if response is None or "html" not in response.headers.get("content-type", ""):
                return
            markup = _Markup(str(response.url.raw_path, "ascii"))
            markup.feed(response.text)
            same = [one for one in markup.forms if urlsplit(one.action).path == urlsplit(form.action).path]
            if not same or form.method == "GET":
                return
            form = same[0]

    def _filled(self, who: str, form: FormSeen, hostile: float) -> Attempt:
        fields: list[tuple[str, str]] = []
        files: list[tuple[str, str, bytes]] = []
        dice = self.dice
        for one in form.fields:
            if one.kind == "file":
                data = dice.choice((b"", b"\0\1\2", b"organisation;role\n\xff;x", b"PK\3\4", b"%PDF-1.7"))
                files.append((one.name, dice.choice(("a.csv", "a.xlsx", "\0.pdf", "", "x.docx")), data))
            elif dice.random() < hostile:
                fields.append((one.name, dice.choice(HOSTILE)))
            elif one.kind in {"checkbox", "radio"}:
                fields += [(one.name, one.value)] if dice.random() < 0.5 else []
            elif one.kind == "select" and one.choices:
                fields.append((one.name, dice.choice(one.choices)))
            elif one.kind in {"hidden", "submit"} or dice.random() < 0.5:
                fields.append((one.name, one.value))
            else:
                fields.append((one.name, dice.choice(GOOD)))
        if form.buttons and dice.random() < 0.95:
            fields += [one for one in (dice.choice(form.buttons),) if one[0]]
        if dice.random() < hostile:
            self._spoil(fields, files)
        if form.method == "GET":
            query = urlencode(fields)[:30_000]
            return Attempt(who, "GET", f"{form.action.partition('?')[0]}?{query}")
        if form.multipart and not files:
            files.append(("file", "", b""))
        return Attempt(who, form.method, form.action, tuple(fields), tuple(files))

    def _spoil(self, fields: list[tuple[str, str]], files: list[tuple[str, str, bytes]]) -> None:
        """Leave a field out, send one twice, one too many, thousands, or a file where a text is expected."""
        name, value = self.dice.choice(fields) if fields else ("step", "save")
        match self.dice.randrange(6):
            case 0 if fields:
                fields.remove((name, value))
            case 1:
                fields.append((name, self.dice.choice(HOSTILE)))
            case 2:
                fields.append((self.dice.choice(NAMES), self.dice.choice(HOSTILE)))
            case 3:
                fields += [(name, "x")] * 1_200
            case 4:
                files.append((name, "text.txt", b"\0\xff"))
            case _:
                fields.clear()

    def _address(self, route: Route, hostile: float) -> str:
        """Return an address of a route: what a crawl found in its place, or something hostile."""
        dice = self.dice
        found = [url for (_, path), urls in self.pages.items() if path == route.path for url in urls]
        path, query = route.path, list[tuple[str, str]]()
        if found and dice.random() > hostile / 2:
            parts = urlsplit(dice.choice(found))
            path, query = parts.path, parse_qsl(parts.query)
        else:
            values = (*HOSTILE[2:], "fi", "all-fi", "vaasa-2023-2026", "work-job-coaching", "2025", "1")
            path = re.sub(r"\{[^}]*\}", lambda _: quote(dice.choice(values)[:6_000], safe=""), path)
        for _ in range(dice.choice((0, 1, 1, 2, 4))):
            query.append((dice.choice(NAMES), dice.choice((*HOSTILE, *GOOD))[:6_000]))
        tail = dice.choice(("", "", "", "%ff%00", "&&==;%zz%", "=" * 50)) if dice.random() < hostile else ""
        return f"{path}?{urlencode(query)}{tail}" if query or tail else path

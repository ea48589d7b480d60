"""The way in and out: the path of BASE_URL, cookies, names of the host, headers on every answer."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from reminders.errors import ConfigurationError
from reminders.service import Service
from reminders.settings import OWN_NAMES, Settings
from reminders.web.app import create_app
from reminders.web.entrance import HEADERS, host_name
from reminders.web.site import COOKIE
from tests.web.conftest import KEY, TUESDAY, Reader, open_service
from tests.web.test_answer_pages import answer_link, unit_link
from tests.web.test_collection_pages import form_link
from tests.web.test_series_dates import series_link

ROOT = "https://reminders.vaasa.example"
BELOW = "https://city.example/reminders"
ADDRESSES = ("href", "action", "formaction", "src")
"""Attributes that hold an address."""
OTHER_ADDRESSES = re.compile(
    r"""\b(?:srcset|poster|data|cite|background|ping|manifest|http-equiv|style)\s*=|"""
    r"""\b(?:href|action|formaction|src)=(?!")|\burl\(""",
)
"""Ways to write an address that the entrance does not know."""
MOST_PAGES = 150


class Addresses(HTMLParser):
    """Collects every address that a page holds, and those of its links apart."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the addresses of a tag."""
        for name, value in attrs:
            if name in ADDRESSES and value is not None:
                self.all.append(value)
                if name in {"href", "src"}:
                    self.links.append(value)


@dataclass
class Outside:
    """A browser before a proxy that passes the path of BASE_URL on, or strips it, to 127.0.0.1:8000."""

    app: ASGIApp
    service: Service
    strips: bool = False
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def base_url(self) -> str:
        """The address of the service."""
        return self.service.settings.base_url

    @property
    def path(self) -> str:
        """The path below which everything stands."""
        return urlsplit(self.base_url).path

    async def proxy(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on as nginx does; what is not below the path is another's."""
        path = scope["path"]
        assert path.startswith(f"{self.path}/"), f"{path} is not below {self.path}"
        if self.strips:
            path = path.removeprefix(self.path)
        headers = [(b"host", b"127.0.0.1:8000"), *(one for one in scope["headers"] if one[0] != b"host")]
        await self.app(
            {**scope, "path": path, "raw_path": path.encode(), "headers": headers, "scheme": "http"},
            receive,
            send,
        )

    def ask(self, url: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Send one request to a whole address, or one of this host."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.proxy, raise_app_exceptions=False)
            async with httpx.AsyncClient(
                transport=transport, base_url=ROOT if not self.path else BELOW, cookies=self.cookies
            ) as client:
                return await client.request(method, urljoin(self.base_url, url), headers=dict(headers or {}))

        return asyncio.run(send())


@pytest.fixture(params=[True, False], ids=["stripped", "passed on"])
def below(service: Service, request: pytest.FixtureRequest) -> Iterator[Outside]:
    """The service below a path, with the secretary's session."""
    folder = Path(service.settings.database_file or "").parent
    here = open_service(folder, lambda: TUESDAY, base_url=BELOW)
    session = Reader(service).sign_in().cookies[COOKIE]
    yield Outside(create_app(here), here, request.param, {f"__Secure-{COOKIE}": session})
    here.database.close()


def crawl(outside: Outside, *starts: str) -> Mapping[str, httpx.Response]:
    """Open pages from some on, each link once, a page a route; return what was answered by address."""
    waiting, answers, kinds = list(starts), dict[str, httpx.Response](), dict[str, int]()
    while waiting and len(answers) < MOST_PAGES:
        url = waiting.pop(0)
        kind = re.sub(r"/[^/]*(?:\d|--|-)[^/]*", "/*", url.partition("?")[0])
        if url in answers or kinds.get(kind, 0) > 2:
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = answers[url] = outside.ask(url)
        if answer.headers.get("content-type", "").startswith("text/html"):
            found = Addresses()
            found.feed(answer.text)
            targets = (urljoin(url, one.partition("#")[0]) for one in found.links if not one.startswith("#"))
            waiting += [one for one in targets if is_own(one, outside.base_url)]
    return answers


def is_own(address: str, base_url: str) -> bool:
    """Tell whether an address is one of the service: on its host, whatever its path."""
    return urlsplit(address)[:2] in {("", ""), urlsplit(base_url)[:2]}


def test_below_a_path_no_page_names_an_address_outside_it(below: Outside, service: Service) -> None:
    """All pages that links lead to, and those of mails: links, forms, frames, redirects, cookies."""
    mails = (answer_link(), unit_link(), form_link(service), series_link(), "/sign-in/unknown", "/nowhere")
    starts = ("/", "/programmes", "/api/docs", "/actions", f"/?programme={KEY}&lang=sv", *mails)
    answers = crawl(below, *(f"{below.path}{one}" for one in starts))
    outside = [
        (url, address)
        for url, answer in answers.items()
        for address in addresses_of(answer)
        if is_own(address, BELOW) and not urlsplit(urljoin(url, address)).path.startswith(f"{below.path}/")
    ]
    assert outside == []
    assert {url: answer.status_code for url, answer in answers.items() if answer.status_code >= 500} == {}
    missing = {urlsplit(url).path for url, answer in answers.items() if answer.status_code == 404}
    assert missing == {f"{below.path}/nowhere"}
    kinds = {urlsplit(url).path.removeprefix(below.path).split("/")[1] for url in answers}
    assert {
        "",
        "actions",
        "outbox",
        "forecast",
        "contacts",
        "calendars",
        "static",
        "api",
        "settings",
    } <= kinds
    cookies = [one for answer in answers.values() for one in answer.headers.get_list("set-cookie")]
    assert cookies
    assert [one for one in cookies if "Path=/reminders" not in one or "Secure" not in one] == []
    assert len(answers) > 60


def addresses_of(answer: httpx.Response) -> list[str]:
    """Return every address of a page, or of a redirect."""
    found = Addresses()
    if answer.headers.get("content-type", "").startswith("text/html"):
        found.feed(answer.text)
    return [*found.all, *([answer.headers["location"]] if "location" in answer.headers else [])]


def test_no_template_writes_an_address_that_the_entrance_does_not_know() -> None:
    """An address stands in href, action, formaction or src, between quotation marks, or in no template."""
    folder = Path("reminders/web")
    written = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.html")}
    found = [(path.name, one) for path, text in written.items() for one in OTHER_ADDRESSES.findall(text)] + [
        (path.name, one)
        for path in folder.rglob("*.css")
        for one in re.findall(r"url\(|@import", path.read_text(encoding="utf-8"))
    ]
    assert found == []
    assert len(written) > 50


@pytest.mark.parametrize("url", ["/calendars", "/actions/"])
def test_a_redirect_names_no_host(below: Outside, url: str) -> None:
    """That of the router too, which adds or takes a slash."""
    answer = below.ask(f"{below.path}{url}")
    assert answer.status_code == 307
    assert answer.headers["location"] == f"{below.path}{url.rstrip('/')}{'' if url.endswith('/') else '/'}"


def test_what_programs_read_names_the_path(below: Outside) -> None:
    """The OpenAPI document, the list of feeds, a calendar."""
    assert below.ask(f"{below.path}/api/openapi.json").json()["servers"] == [{"url": BELOW}]
    feeds = below.ask(f"{below.path}/api/v1/feeds").json()
    assert {urlsplit(feed["url"]["fi"]).path.rpartition("/")[0] for feed in feeds} == {
        f"{below.path}/calendars/{KEY}"
    }
    calendar = below.ask(f"{below.path}/calendars/{KEY}/all-fi.ics")
    assert f"SOURCE;VALUE=URI:{BELOW}/calendars/{KEY}/all-fi.ics" in calendar.text.replace("\r\n ", "")
    tag = {"if-none-match": calendar.headers["etag"]}
    assert below.ask(f"{below.path}/calendars/{KEY}/all-fi.ics", headers=tag).status_code == 304


def test_the_path_alone_is_the_first_page(service: Service) -> None:
    """Without a slash behind it; a longer name that begins like it is another's."""
    folder = Path(service.settings.database_file or "").parent
    here = open_service(folder, lambda: TUESDAY, base_url=BELOW)
    reader = Reader(here)
    assert reader.get("/reminders").status_code == 200
    assert reader.get("/remindersx").status_code == 404
    assert reader.get("/reminders/remindersx").status_code == 404
    here.database.close()


@pytest.mark.parametrize("path", ["/calendars", "/actions/city", "/static"])
def test_a_path_like_an_own_address_is_refused(path: str) -> None:
    """Nobody could tell whether a proxy has stripped it; by every command, for all of them write links."""
    with pytest.raises(ConfigurationError, match="BASE_URL"):
        Settings(base_url=f"https://city.example{path}")


def test_the_settings_know_how_own_addresses_begin(tmp_path: Path) -> None:
    """Of every route, with and without a sign-in service; and no name that is none."""
    oidc = {"oidc_issuer": "https://x.example", "oidc_client_id": "a", "oidc_client_secret": "b"}
    here = open_service(tmp_path, lambda: TUESDAY, **oidc)
    begins = {route.path.split("/")[1] for route in create_app(here).routes if isinstance(route, Route)}
    here.database.close()
    whole = {one for one in begins if one and "{" not in one}
    stems = {one.partition("{")[0] for one in begins if "{" in one}
    assert whole <= OWN_NAMES
    assert {one for one in OWN_NAMES - whole if not one.startswith(tuple(stems))} == set()


@pytest.mark.parametrize(
    ("base_url", "name", "path", "secure"),
    [
        ("http://127.0.0.1:8000", "lang", "/", False),
        ("http://city.example/reminders", "lang", "/reminders", False),
        (ROOT, "__Host-lang", "/", True),
        (BELOW, "__Secure-lang", "/reminders", True),
    ],
)
def test_cookies(service: Service, base_url: str, name: str, path: str, secure: bool) -> None:
    """Their names promise what they are; one under another name is not read."""
    folder = Path(service.settings.database_file or "").parent
    reader = Reader(open_service(folder, lambda: TUESDAY, base_url=base_url))
    given = reader.get("/?lang=en").headers["set-cookie"]
    words = {one.strip().lower() for one in given.split(";")}
    assert given.startswith(f"{name}=en;")
    assert {f"path={path}", "httponly", "samesite=lax"} <= words
    assert ("secure" in words) is secure
    assert "domain" not in given.lower()
    reader.cookies[name] = "en"
    assert 'lang="en"' in reader.get("/").text
    for other in {"lang", "__Host-lang", "__Secure-lang"} - {name}:
        reader.cookies = {other: "en"}
        assert '<html lang="fi">' in reader.get("/").text
    reader.service.database.close()


@pytest.mark.parametrize("base_url", [ROOT, BELOW])
def test_a_session_of_an_https_service_has_the_name_that_promises_it(service: Service, base_url: str) -> None:
    """The plain name opens nothing there."""
    folder = Path(service.settings.database_file or "").parent
    reader = Reader(open_service(folder, lambda: TUESDAY, base_url=base_url))
    session = Reader(service).sign_in().cookies[COOKIE]
    reader.cookies = {COOKIE: session}
    assert reader.get("/outbox").status_code == 403
    reader.cookies = {("__Host-" if base_url == ROOT else "__Secure-") + COOKIE: session}
    assert reader.get("/outbox").status_code == 200
    reader.service.database.close()


@pytest.mark.parametrize(
    ("settings", "host", "status"),
    [
        ({}, "127.0.0.1:8000", 200),
        ({}, "localhost", 200),
        ({}, "[::1]:8000", 200),
        ({}, "LOCALHOST.:80", 200),
        ({}, "evil.example", 421),
        ({}, "127.0.0.1.evil.example", 421),
        ({}, "evil.example:127.0.0.1", 400),
        ({}, "127.0.0.1@evil.example", 400),
        ({}, "", 400),
        ({"base_url": ROOT}, "reminders.vaasa.example", 200),
        ({"base_url": ROOT}, "vaasa.example", 421),
        ({"base_url": "https://[2001:db8::1]"}, "[2001:db8::1]", 200),
        ({"allowed_hosts": ("one.example", "two.example")}, "two.example:8443", 200),
        ({"base_url": ROOT, "allowed_hosts": ("one.example",)}, "reminders.vaasa.example", 421),
        ({"allowed_hosts": ("*",)}, "anything.example", 200),
    ],
)
def test_the_names_that_are_answered(
    service: Service, settings: dict[str, object], host: str, status: int
) -> None:
    """Those of the settings and loopback; probes ask by address and are answered under any."""
    folder = Path(service.settings.database_file or "").parent
    reader = Reader(open_service(folder, lambda: TUESDAY, **settings))
    answer = reader.get("/", host=host, accept_language="en")
    assert answer.status_code == status
    if status != 200:
        assert str(reader.service.settings.base_url) in answer.text
        assert "evil" not in answer.text
        assert answer.headers["content-security-policy"]
    assert reader.get("/health", host=host).status_code in {200, 503}
    reader.service.database.close()


def test_probes_below_a_path(below: Outside) -> None:
    """A probe asks by address there too, with the path or without it."""
    reader = Reader(below.service)
    for url in ("/health", f"{below.path}/health"):
        assert reader.get(url, host="10.0.0.7:8000").status_code in {200, 503}
    assert reader.get(f"{below.path}/", host="10.0.0.7:8000").status_code == 421


def test_two_host_lines_name_no_host() -> None:
    """Two servers in a row could take another one each (RFC 9112 section 3.2)."""
    lines = [(b"host", b"localhost"), (b"host", b"evil.example")]
    assert host_name({"headers": lines}) == ""
    assert host_name({"headers": lines[:1]}) == "localhost"


@pytest.mark.parametrize(
    ("method", "url", "headers", "status"),
    [
        ("GET", "/", {}, 200),
        ("HEAD", "/", {}, 200),
        ("GET", "/nowhere", {}, 404),
        ("GET", "/static/nothing.css", {}, 404),
        ("GET", "/static/icon.svg", {}, 200),
        ("DELETE", "/", {}, 405),
        ("POST", f"/calendars/{KEY}/all-fi.ics", {}, 405),
        ("GET", f"/calendars/{KEY}/all-fi.ics", {"if_none_match": "*"}, 304),
        ("GET", f"/calendars/{KEY}/nothing-fi.ics", {}, 404),
        ("GET", "/outbox", {}, 403),
        ("GET", "/api/v1/nothing", {}, 404),
        ("GET", "/api/v1/occurrences?from=nonsense", {}, 422),
        ("GET", "/health", {}, 200),
        ("GET", "/calendars", {}, 307),
        ("GET", "/", {"host": "evil.example"}, 421),
        ("POST", "/calendars/", {"content_length": "100000000"}, 413),
        ("GET", "/sign-in/nothing", {}, 410),
    ],
)
def test_every_answer_has_the_headers(
    service: Service, method: str, url: str, headers: dict[str, str], status: int
) -> None:
    """Errors, redirects, nothing new and refusals too; HSTS where people come by https, for this host."""
    folder = Path(service.settings.database_file or "").parent
    reader = Reader(open_service(folder, lambda: TUESDAY, base_url=ROOT))
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = reader.ask(method, url, sent)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in HEADERS if name != "Referrer-Policy"} == {
        name: value for name, value in HEADERS.items() if name != "Referrer-Policy"
    }
    assert answer.headers["referrer-policy"] in {"same-origin", "no-referrer"}
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    reader.service.database.close()


def test_a_page_that_breaks_has_the_headers(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the handling of errors answers passes the same way out."""
    reader = Reader(service)
    monkeypatch.setattr("reminders.web.site.Site.visitor", lambda *_: 1 / 0)
    answer = reader.get("/")
    assert answer.status_code == 500
    assert {name: answer.headers.get(name) for name in HEADERS} == dict(HEADERS)
    assert "strict-transport-security" not in answer.headers


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("https://city.example", ""),
        ("https://city.example/", ""),
        ("https://city.example/reminders/", "/reminders"),
        ("https://city.example/a/b.c~d_e-f", "/a/b.c~d_e-f"),
    ],
)
def test_the_path_of_base_url(value: str, path: str) -> None:
    """A slash at the end says nothing."""
    assert Settings(base_url=value).base_path == path

"""Every page, in every language: it answers, its html holds together, it shows only what it may."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.web.conftest import Reader

PUBLIC = [
    "/",
    "/actions",
    "/actions?status=soon",
    "/actions?unit=welfare-unit&year=2025&theme=work",
    "/actions/work-digihyva-juttu",
    "/actions/social-cultural-cafe",
    "/actions/follow-up-data-collection",
    "/collection",
    "/collection/2023",
    "/calendars/",
    "/calendars/?feed=welfare-unit&feed-lang=sv",
    "/api/docs",
]
PROTECTED = ["/outbox", "/outbox/1", "/outbox/1/html", "/outbox/next", "/digest", "/digest/html"]
VOID = {"meta", "link", "input", "br", "col", "img", "hr", "path", "rect", "circle", "use"}
LANGS = ["fi", "sv", "en"]


class Checker(HTMLParser):
    """Reads a page and notes what does not hold: open elements, doubled ids, inline style and script."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.h1 = 0
        self.lang = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if len(values) != len(attrs):
            self.faults.append(f"<{tag}> has an attribute twice")
        if "id" in values:
            self.ids.append(values["id"] or "")
        if "style" in values or any(name.startswith("on") for name in values):
            self.faults.append(f"<{tag}> has inline style or script")
        if tag == "script":
            self.faults.append("a script")
        self.h1 += tag == "h1"
        self.lang = (values["lang"] or "") if tag == "html" else self.lang
        self.targets += [values[name] or "" for name in ("href", "src", "action") if name in values]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")


def checked(html: str) -> Checker:
    """Return what a page holds."""
    checker = Checker()
    checker.feed(html)
    checker.close()
    return checker


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("url", PUBLIC)
def test_public_pages(reader: Reader, url: str, lang: str) -> None:
    """A page answers in the language asked for, whole, and without any address of a person."""
    response = reader.get(f"{url}{'&' if '?' in url else '?'}lang={lang}")
    page = checked(response.text)
    assert response.status_code == 200
    assert (page.faults, page.open, page.h1, page.lang) == ([], [], 1, lang)
    assert len(page.ids) == len(set(page.ids))
    assert "@" not in response.text
    assert not re.search(r"\bNone\b|\{\{|Undefined", response.text)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("url", [*PUBLIC, "/outbox", "/outbox/1", "/outbox/next", "/digest"])
def test_pages_of_the_secretary(secretary: Reader, url: str, lang: str) -> None:
    """Signed in, every page answers and is whole."""
    response = secretary.get(f"{url}{'&' if '?' in url else '?'}lang={lang}")
    page = checked(response.text)
    assert response.status_code == 200
    assert (page.faults, page.open, page.h1) == ([], [], 1)
    assert len(page.ids) == len(set(page.ids))
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("url", PROTECTED)
def test_protected_pages(reader: Reader, url: str) -> None:
    """Without a session a page says how to sign in, and nothing else."""
    response = reader.get(url, accept_language="sv")
    assert response.status_code == 403
    assert "Sidan kräver inloggning" in response.text
    assert "@" not in response.text


def test_every_link_leads_somewhere(secretary: Reader) -> None:
    """No link of a page is dead, fragments included."""
    seen: dict[str, int] = {}
    for url in ("/", "/actions/social-cultural-cafe", "/outbox", "/outbox/next", "/calendars/", "/api/docs"):
        page = checked(secretary.get(url).text)
        for target in set(page.targets):
            path, _, fragment = target.partition("#")
            if fragment and not path:
                assert fragment in page.ids or fragment.startswith("i-")
            if (
                path.startswith("/")
                and path not in seen
                and not path.startswith(("/programmes/", "/sign-out"))
            ):
                seen[path] = secretary.get(path).status_code
    assert {path: status for path, status in seen.items() if status != 200} == {}


def test_nothing_comes_from_elsewhere(secretary: Reader) -> None:
    """No stylesheet, picture or frame of another host; the policy forbids them too."""
    response = secretary.get("/")
    assert re.findall(r'(?:src|href)="(?:https?:)?//(?!127\.0\.0\.1:8000)', response.text) == []
    assert "default-src 'none'" in response.headers["content-security-policy"]


@pytest.mark.parametrize(
    "url", ["/", "/nothing", "/health", "/api/v1/feeds", "/calendars/all-fi.ics", "/outbox"]
)
def test_headers(reader: Reader, url: str) -> None:
    """Every answer carries the security headers; feeds, health and API set no cookie."""
    headers = reader.get(url).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "set-cookie" not in headers


def test_the_language_is_kept(reader: Reader) -> None:
    """The switch wins over the cookie, the cookie over the browser, the browser over Finnish."""
    switched = reader.get("/?lang=sv", accept_language="en")
    assert 'lang="sv"' in switched.text
    assert "lang=sv" in switched.headers["set-cookie"]
    reader.cookies["lang"] = "sv"
    assert 'html lang="sv"' in reader.get("/", accept_language="en").text
    del reader.cookies["lang"]
    assert 'html lang="en"' in reader.get("/", accept_language="de, en;q=0.8, sv;q=0.5").text
    assert 'html lang="fi"' in reader.get("/", accept_language="de").text


def test_the_switch_keeps_the_page(reader: Reader) -> None:
    """The three words of the switch lead to the same page with the same filter."""
    text = reader.get("/actions?status=soon&lang=fi").text
    assert 'href="/actions?status=soon&amp;lang=sv" lang="sv" hreflang="sv"' in text


@pytest.mark.parametrize(
    ("method", "url", "status", "words"),
    [
        ("GET", "/nothing", 404, "Sivua ei löydy"),
        ("GET", "/actions/nothing", 404, "Sivua ei löydy"),
        ("GET", "/?programme=nothing", 404, "Ohjelma puuttuu"),
        ("GET", "/calendars/?feed=nothing", 404, "Sivua ei löydy"),
        ("POST", "/", 405, "Toiminto ei ole mahdollinen"),
        ("GET", "/sign-in/nothing", 410, "Linkki ei ole enää voimassa"),
    ],
)
def test_errors_are_pages(reader: Reader, method: str, url: str, status: int, words: str) -> None:
    """An error says in the reader's language what happened and what to do."""
    response = reader.ask(method, url)
    assert response.status_code == status
    assert words in response.text.replace("\u00ad", "")
    assert checked(response.text).faults == []


def test_a_fault_is_a_page_too(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """What breaks inside gives 500 in the reader's language, without its insides."""
    monkeypatch.setattr("reminders.web.programme.glance.glance", lambda *args, **kwargs: 1 / 0)
    response = reader.get("/", accept_language="en")
    assert response.status_code == 500
    assert "Something is wrong with the service" in response.text
    assert "division" not in response.text


def test_the_stylesheet_may_be_kept_for_ever(reader: Reader) -> None:
    """Its name is made of its content; another name is not there."""
    url = re.search(r'href="(/static/style\.[0-9a-f]{12}\.css)"', reader.get("/").text)
    assert url
    assert "immutable" in reader.get(url[1]).headers["cache-control"]
    assert reader.get("/static/style.000000000000.css").status_code == 404


def test_mail_stands_in_a_closed_frame(secretary: Reader) -> None:
    """A mail's html runs nothing and loads nothing; its links open outside."""
    response = secretary.get("/outbox/1/html")
    policy = response.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert '<base target="_blank">' in response.text
    assert 'sandbox="allow-popups' in secretary.get("/outbox/1").text

"""Behind a real nginx with TLS, at the root and below a path: sign in, answer from a mail, subscribe, 304.

In chromium, which goes to the address that the mails name; nginx strips the path or passes it on. What goes
beside the path nginx answers itself, and the test finds it in its log.
"""

from __future__ import annotations

import email
import email.policy
import shutil
import ssl
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

from reminders.cli.page_server import PageServer, page_config
from reminders.service import Service
from reminders.store import answers, delivery_log
from reminders.use.people.sessions import issue_links
from reminders.use.programme.store_programme import make_ready
from reminders.use.tick import tick
from reminders.web.app import create_app
from tests.acceptance.conftest import PATIENCE, patient_context
from tests.acceptance.nginx import NOT_OURS, Nginx
from tests.conftest import ROOT, _tool
from tests.web.conftest import KEY, NOVEMBER, open_service

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
SECONDS = 300.0
PLACES = {
    "root": ("https://reminders.vaasa.example", True),
    "path, stripped": ("https://city.example/reminders", True),
    "path, passed on": ("https://city.example/reminders", False),
}


@dataclass
class Town:
    """The service behind nginx, and a browser in front of it."""

    service: Service
    nginx: Nginx
    context: BrowserContext

    @property
    def base(self) -> str:
        """The address of the service, as people see it."""
        return self.service.settings.base_url

    def mails(self) -> list[tuple[str, EmailMessage]]:
        """All mails that went out, with their recipients."""
        with self.service.database.read() as connection:
            rows = delivery_log.log_entries(connection)
            raws = [(one.to, (delivery_log.mail_raw(connection, one.id) or (None,))[0]) for one in rows]
        return [(to, email.message_from_bytes(raw, policy=email.policy.default)) for to, raw in raws if raw]

    def ask(self, url: str, **headers: str) -> httpx.Response:
        """Send one request of a program that trusts nginx' certificate, and nobody else's."""
        trusting = ssl.create_default_context(cafile=str(self.nginx.certificate))
        name = urlsplit(self.base).hostname or ""
        sent = {"host": name, **{key.replace("_", "-"): value for key, value in headers.items()}}
        address = url.replace(name, f"127.0.0.1:{self.nginx.port}", 1)
        with httpx.Client(verify=trusting, timeout=SECONDS) as client:
            return client.get(address, headers=sent, extensions={"sni_hostname": name})


def started(service: Service) -> tuple[PageServer, threading.Thread]:
    """Serve a service as ``reminders web`` does."""
    server = PageServer(page_config(create_app(service), service.settings, "127.0.0.1", 0), service.stop)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    return server, thread


@pytest.fixture(params=list(PLACES.values()), ids=list(PLACES))
def town(request: pytest.FixtureRequest, tmp_path: Path, chromium: str) -> Iterator[Town]:
    """The service after its first mails, at each of its places."""
    base_url, strips = request.param
    room = ROOT / "build" / "nginx"
    if not (room / ".unpacked").exists():
        _tool("nginx, unpacked by .ci/tools,")
    service = open_service(tmp_path, lambda: NOVEMBER, base_url=base_url)
    make_ready(service.database, NOVEMBER, held=False)
    tick(service)
    server, thread = started(service)
    behind = server.servers[0].sockets[0].getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="reminders-nginx-"))
    parts = urlsplit(base_url)
    nginx = Nginx(room / "usr/sbin/nginx", folder, parts.hostname or "", parts.path, behind, strips)
    nginx.start()
    where = f"--host-resolver-rules=MAP {parts.hostname}:443 127.0.0.1:{nginx.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", where], timeout=PATIENCE
        )
        context = patient_context(browser, ignore_https_errors=True, locale="en-GB")
        yield Town(service, nginx, context)
        browser.close()
    nginx.stop()
    service.stop.ask()
    thread.join(SECONDS)
    service.database.close()
    bad = [line for line, status in nginx.statuses if status == NOT_OURS or status >= 500]
    shutil.rmtree(folder)
    assert bad == []


def complaints(page: Page) -> list[str]:
    """Collect what the browser complains about from now on."""
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text) if one.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def test_sign_in_hold_and_sign_out(town: Town) -> None:
    """By the printed link: the cookie's name and path, the stylesheet, every link of the menu, a button."""
    page = town.context.new_page()
    said = complaints(page)
    page.goto(f"{town.base}/sign-in/{issue_links(town.service)[0].token}")
    page.locator("main form button").click()
    assert page.url == f"{town.base}/"
    assert page.evaluate("getComputedStyle(document.querySelector('header.top')).borderTopWidth") == "4px"
    path = town.nginx.path
    session = next(one for one in town.context.cookies() if one["name"].endswith("session"))
    shown = {name: session.get(name) for name in ("name", "path", "secure", "httpOnly", "sameSite")}
    assert shown == {
        "name": "__Secure-session" if path else "__Host-session",
        "path": path or "/",
        "secure": True,
        "httpOnly": True,
        "sameSite": "Lax",
    }
    links = page.locator("nav.main a").evaluate_all("found => [...new Set(found.map(one => one.href))]")
    assert len(links) > 8
    for link in links:
        assert link.startswith(f"{town.base}/")
        answer = page.goto(link)
        assert answer is not None
        assert answer.status == 200
    page.goto(f"{town.base}/?lang=en")
    page.get_by_role("button", name="Stop").or_(page.get_by_role("button", name="Hold")).first.click()
    assert urlsplit(page.url)[:3] == urlsplit(f"{town.base}/")[:3]
    assert page.locator(f'form[action="{path}/programmes/{KEY}/release"]').count() == 1
    page.locator("nav.main button").last.click()
    assert page.url == f"{town.base}/sign-in?out=1"
    assert [one for one in town.context.cookies() if one["name"].endswith("session")] == []
    assert page.goto(f"{town.base}/outbox").status == 403  # type: ignore[union-attr]
    assert [one for one in said if "403" not in one] == []


def test_an_answer_from_a_mail(town: Town) -> None:
    """The mail's button opens the page, the page's button stores the answer, and leads on below the path."""
    sent = [
        (to, str(body.get_content()))
        for to, mail in town.mails()
        if (body := mail.get_body(("html",))) is not None
    ]
    assert {
        one for _, html in sent for one in addresses_in(html) if not one.startswith(f"{town.base}/")
    } == set()
    html = next(html for _, html in sent if f"{town.base}/answer/" in html)
    page = town.context.new_page()
    page.set_content(html)
    said = complaints(page)
    page.goto(next(one for one in addresses_in(html) if "/answer/" in one))
    assert page.url.startswith(f"{town.base}/answer/")
    page.locator("input[type=radio]").first.check()
    page.locator("form button.btn").first.click()
    page.wait_for_url(f"{town.base}/answer/**")
    with town.service.database.read() as connection:
        assert len(answers.answers_of(connection, KEY)) == 1
    assert said == []


def addresses_in(html: str) -> list[str]:
    """Return the links of a mail to us, in order."""
    found = [part.partition('"')[0].replace("&amp;", "&") for part in html.split('href="')[1:]]
    return [one for one in found if one.startswith("http")]


def test_subscribe_and_nothing_new(town: Town) -> None:
    """The address that is shown is the feed; asked again it has not changed; the app's link names it too."""
    page = town.context.new_page()
    said = complaints(page)
    page.goto(f"{town.base}/calendars/?lang=en")
    address = page.locator(".addr").inner_text().strip()
    assert address == f"{town.base}/calendars/{KEY}/all-en.ics"
    apple = page.locator("a[href^='webcal:']").get_attribute("href")
    assert apple == address.replace("https://", "webcal://")
    page.locator("select#feed").select_option("welfare-unit")
    page.locator("form.pick button").click()
    assert page.url.startswith(f"{town.base}/calendars/?")
    feed = town.ask(address)
    assert (feed.status_code, feed.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert feed.headers["strict-transport-security"] == "max-age=31536000"
    unfolded = feed.text.replace("\r\n ", "")
    assert f"SOURCE;VALUE=URI:{address}" in unfolded
    urls = {line.partition(":")[2] for line in unfolded.splitlines() if line.startswith("URL")}
    assert {one for one in urls if not one.startswith(f"{town.base}/")} == set()
    assert urls
    again = town.ask(address, if_none_match=feed.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["strict-transport-security"] == "max-age=31536000"
    assert town.ask(f"{town.base}/metrics").status_code == 403
    assert town.ask(f"{town.base}/health").status_code in {200, 503}
    assert said == []

"""From the mail to the answer in a browser on a phone; a scanner that opens every link changes nothing."""

from __future__ import annotations

import asyncio
import email
import email.policy
import re
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from reminders.service import Service
from reminders.store import delivery_log, planned
from reminders.use.planning.preview import redirect
from reminders.use.tick import tick
from reminders.web.app import create_app
from schedule_rules.workdays import standard_workdays
from tests.acceptance.conftest import PATIENCE, patient_context
from tests.use.office import envelopes
from tests.web.conftest import KEY, TUESDAY, history, open_service
from tests.web.snapshot import rows_of

__all__ = ["history"]  # the fixture of the page tests is used here too

pytestmark = [
    pytest.mark.browser,
    # Playwright and uvicorn run threads and sockets of their own.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
BASE = "http://127.0.0.1:8000"
LINK = re.compile(r"http://127\.0\.0\.1:8000/[^\s\"<>]*")
POINTS = f"{KEY}:work-open-digital-points:milestone:end"
MODEL = f"{KEY}:work-welcome-steps-segmentation:milestone:end"
LONE = "welcome-steps-contact@vaasa.example"
"""Who has one item that day, and so a mail with its four buttons; the welfare unit has six in a table."""
UNIT, HEAD = "welfare-unit-contact@vaasa.example", "welfare-unit-head@vaasa.example"


@dataclass
class Office:
    """A service whose clock a test moves, its pages on a port of this machine."""

    service: Service
    clock: list[datetime]
    port: int

    def mails(self, day: date) -> list[tuple[str, EmailMessage]]:
        """The mails of a day, parsed, with their addresses."""
        with self.service.database.read() as connection:
            rows = delivery_log.log_entries(connection, day=day)
            raws = [(one.to, (delivery_log.mail_raw(connection, one.id) or (None,))[0]) for one in rows]
        return [(to, email.message_from_bytes(raw, policy=email.policy.default)) for to, raw in raws if raw]

    def go_to(self, day: date) -> None:
        """Run every sending day up to and with ``day``."""
        while self.clock[0].date() < day:
            self.clock[0] += timedelta(days=1)
            if standard_workdays().is_sending_day(self.clock[0].date()):
                tick(self.service)

    def told(self, day: date, about: str = POINTS) -> set[tuple[str, str]]:
        """Who was mailed about the digital points, or another occurrence, on a day, and at which stage."""
        with self.service.database.read() as connection:
            found = [one.reminder for one in planned.mailed_on(connection, day)]
        return {(one.recipient, one.stage) for one in found if one.occurrence == about}


@pytest.fixture
def office(history: Path, tmp_path: Path) -> Iterator[Office]:
    """The service on Tuesday 7 January 2025, after its mails of the day."""
    shutil.copytree(history, tmp_path, dirs_exist_ok=True)
    clock = [TUESDAY]
    service = open_service(tmp_path, lambda: clock[0])
    server = uvicorn.Server(uvicorn.Config(create_app(service), port=0, log_level="critical", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield Office(service, clock, server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    thread.join(10)
    service.database.close()


@pytest.fixture
def browser(office: Office) -> Iterator[Browser]:
    """Chromium, for which the address in the mails is where the pages are; a failure under CI without it."""
    from tests.conftest import _tool

    executable = _tool("chromium", "chromium-browser", "google-chrome")
    here = f"--host-resolver-rules=MAP 127.0.0.1:8000 127.0.0.1:{office.port}"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu", here], timeout=PATIENCE
        )
        yield opened
        opened.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A phone of 360 × 740 pixels that is tapped."""
    context = patient_context(
        browser, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, locale="fi-FI"
    )
    yield context.new_page()
    context.close()


def html(mail: EmailMessage) -> str:
    """The html part of a mail."""
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def open_mail(phone: Page, office: Office, reader: str = UNIT) -> None:
    """Show a unit's mail of the day, as a mail program does."""
    mail = next(mail for to, mail in office.mails(TUESDAY.date()) if to == reader)
    phone.set_content(html(mail))


def follow(phone: Page, link: Locator) -> None:
    """Tap a link or button that leads elsewhere, and wait for the page."""
    with phone.expect_navigation():
        link.tap()


def test_two_taps_from_the_mail(phone: Page, office: Office) -> None:
    """The mail's button, the page's button: nobody of the unit hears of it again, nor does its head."""
    assert {to for to, _ in office.told(TUESDAY.date(), MODEL)} == {LONE}
    open_mail(phone, office, LONE)
    follow(phone, phone.get_by_role("link", name="Done"))
    assert phone.locator("#f-a").is_checked()
    button = phone.get_by_role("button", name="Send answer")
    box = button.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 740
    assert box["height"] >= 44
    follow(phone, button)
    assert phone.get_by_role("heading", level=1).inner_text() == "Thank you, your answer is saved"
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    for _ in range(25):
        office.go_to(office.clock[0].date() + timedelta(days=1))
        assert office.told(office.clock[0].date(), MODEL) == set()


def test_without_an_answer_the_promise_is_kept(phone: Page, office: Office) -> None:
    """The head of unit is told on the very date that the unit's mail printed, and on no earlier one."""
    open_mail(phone, office)
    said = phone.locator("tr.row", has_text="digipisteiden").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    found = re.search(r"muuten asiasta ilmoitetaan esihenkilölle (\d+)\.(\d+)\.(\d+)\.", said)
    assert found is not None
    day, month, year = map(int, found.groups())
    promised = date(year, month, day)
    office.go_to(promised - timedelta(days=1))
    assert office.told(office.clock[0].date()) == set()
    office.go_to(promised)
    assert office.told(promised) == {(HEAD, "escalation")}


def test_late_on_the_phone(phone: Page, office: Office) -> None:
    """The fields of the chosen answer show, others do not; what is missing is said, what was typed stays."""
    open_mail(phone, office, LONE)
    address = phone.get_by_role("link", name="Late").get_attribute("href")
    assert address
    phone.goto(address.replace("lang=en", "lang=fi"))
    assert phone.locator("#f-why").is_visible()
    assert not phone.locator("#f-value").is_visible()
    phone.locator("#f-note").fill("pidä tämä")
    follow(phone, phone.get_by_role("button", name="Lähetä vastaus"))
    assert phone.title().startswith("Virhe:")
    assert phone.evaluate("document.activeElement.getAttribute('role')") == "alert"
    phone.get_by_role("link", name="Kirjoita, miksi toimenpide viivästyy.").tap()
    assert phone.evaluate("document.activeElement.id") == "f-why"
    assert phone.locator("#f-note").input_value() == "pidä tämä"
    phone.locator("#f-why").fill("Rahoitus puuttuu")
    phone.locator("#f-date").fill("30 June 2025")
    follow(phone, phone.get_by_role("button", name="Lähetä vastaus"))
    assert "30.6.2025 (odottaa sihteerin päätöstä)" in phone.locator("main").inner_text()


def test_the_units_page_on_the_phone(phone: Page, office: Office) -> None:
    """All that waits is answered at once, paused and taken back, without scripts."""
    open_mail(phone, office)
    follow(phone, phone.get_by_role("link", name="Vastaa kaikkiin"))
    matters = phone.locator(".matter", has=phone.locator("[role=radiogroup]"))
    count = matters.count()
    assert count > 2
    for place in range(2):
        matters.nth(place).locator("input[value=on-track]").check()
    follow(phone, phone.get_by_role("button", name="Lähetä vastaukset"))
    assert phone.get_by_role("heading", level=1).inner_text() == "Kiitos, 2 vastausta on tallennettu"
    assert matters.count() == count - 2
    matters.first.get_by_text("Lykkää muistutusta").first.tap()
    matters.first.locator("[name$=until]").fill("20.1.2025")
    matters.first.locator("[name$=reason]").fill("Henkilö vaihtuu")
    follow(phone, matters.first.get_by_role("button", name="Lykkää muistutusta"))
    assert phone.get_by_role("heading", level=1).inner_text() == "Muistutusta on lykätty"
    assert "Lykkäyksen viimeinen päivä: 20.1.2025." in matters.first.inner_text()
    follow(phone, matters.first.get_by_role("button", name="Jatka muistutuksia"))
    assert "Lykkäyksen viimeinen päivä" not in matters.first.inner_text()
    follow(phone, phone.get_by_role("button", name="Peru vastaus").first)
    assert matters.count() == count - 1
    assert phone.evaluate("document.documentElement.scrollWidth") == 360


# -- scanners --------------------------------------------------------------------------


def links_of(office: Office, wanted: set[str] | None = None) -> list[str]:
    """Every address in the mails of the day (to some readers), from both parts."""
    found: dict[str, None] = {}
    for to, mail in office.mails(TUESDAY.date()):
        if wanted is None or to in wanted:
            text = mail.get_body(("plain",))
            assert text is not None
            found |= dict.fromkeys(LINK.findall(str(text.get_content())))
            found |= dict.fromkeys(link.replace("&amp;", "&") for link in LINK.findall(html(mail)))
    return list(found)


def test_a_scanner_that_fetches_every_link_changes_nothing(office: Office) -> None:
    """Every address in every mail of the day by GET and by HEAD, a unit's with each choice: all rows stay."""
    before = rows_of(office.service)
    links = {link.partition("?")[0]: link for link in links_of(office)}
    assert len(links) > 100
    statuses = asyncio.run(_fetch(office, [*links.values(), *links_of(office, {UNIT})]))
    assert {link.partition("?")[0] for _, link, status in statuses if status != 200} == {f"{BASE}/digest"}
    assert rows_of(office.service) == before


async def _fetch(office: Office, links: list[str]) -> list[tuple[str, str, int]]:
    found = []
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{office.port}") as client:
        for link in links:
            for method in ("GET", "HEAD"):
                answer = await client.request(method, link.removeprefix(BASE), follow_redirects=True)
                found.append((method, link, answer.status_code))
    return found


def test_a_scanner_with_a_browser_changes_nothing(browser: Browser, office: Office) -> None:
    """A browser that opens every link of units' and the secretary's mails, and runs what it finds."""
    before = rows_of(office.service)
    context = patient_context(browser)
    page = context.new_page()
    readers = {UNIT, HEAD, "board-secretary@vaasa.example", "alma-contact@vaasa.example"}
    links = {link.partition("?")[0]: link for link in links_of(office, readers)}.values()
    assert len(links) > 20
    for link in links:
        answer = page.goto(link, wait_until="load")
        assert answer is not None
        assert answer.status == (403 if link.partition("?")[0] == f"{BASE}/digest" else 200), link
    context.close()
    assert rows_of(office.service) == before


def test_links_of_a_rehearsal_open_nothing(office: Office) -> None:
    """Mail that was redirected for a rehearsal lets nobody answer for a unit."""
    redirect(office.service, "tester@city.example")
    sent = envelopes(office.service)
    texts = [email.message_from_bytes(one.raw, policy=email.policy.default) for one in sent]
    links = {link for mail in texts for link in LINK.findall(html(mail)) if "/answer/" in link}
    assert {one[2] for one in asyncio.run(_fetch(office, sorted(links)[:3]))} <= {404}

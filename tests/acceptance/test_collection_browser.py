"""The data collection's form in a browser on a phone, from its link: a wrong number, a draft, an answer."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page, sync_playwright

from reminders.service import Service
from reminders.web.app import create_app
from tests.acceptance.conftest import PATIENCE, patient_context
from tests.web.conftest import TUESDAY, history, open_service
from tests.web.test_collection_pages import FIRST, HEAD, SECOND, form_link, rows, state_of

__all__ = ["history"]  # the fixture of the page tests is used here too

pytestmark = [
    pytest.mark.browser,
    # Playwright and uvicorn run threads and sockets of their own.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


@dataclass
class Phone:
    """A page on a phone-sized screen without scripts, and the service behind it."""

    page: Page
    service: Service
    base: str

    def open(self, address: str) -> None:
        """Follow the link of a mail to an address."""
        self.page.goto(self.base + address)

    def press(self, name: str) -> None:
        """Tap a button and wait for the page."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).tap()

    def unfold(self, action: str) -> None:
        """Tap what unfolds the note of an action."""
        self.page.locator(f"section[aria-labelledby=title-{action}] .note summary").tap()

    @property
    def is_too_wide(self) -> bool:
        """Whether the page scrolls sideways."""
        width = self.page.locator("html").bounding_box()
        return width is None or width["width"] > 360


@pytest.fixture
def phone(history: Path, tmp_path: Path, chromium: str) -> Iterator[Phone]:
    """A phone in front of the service on 7 January 2025."""
    shutil.copytree(history, tmp_path, dirs_exist_ok=True)
    service = open_service(tmp_path, lambda: TUESDAY)
    server = uvicorn.Server(uvicorn.Config(create_app(service), port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"], timeout=PATIENCE)
        screen = {"width": 360, "height": 740}
        context = patient_context(
            browser, viewport=screen, has_touch=True, java_script_enabled=False, locale="fi"
        )
        yield Phone(context.new_page(), service, base)
        browser.close()
    server.should_exit = True
    thread.join()
    service.database.close()


def test_from_the_link_to_the_answer(phone: Phone) -> None:
    """A wrong number is said beside its field and keeps the rest; a colleague continues and sends."""
    page = phone.page
    phone.open(form_link(phone.service))
    assert not phone.is_too_wide
    page.locator(f'input[name="status-{FIRST}"][value="on-track"]').check()
    page.fill(f"#value-{FIRST}-1", "noin 20")
    phone.unfold(FIRST)
    page.fill(f"#note-{FIRST}", "Luku tarkistetaan")
    phone.press("Lähetä")
    assert page.title().startswith("Virhe:")
    assert page.locator(".errors li").count() == 2
    assert "Kirjoita arvo lukuna" in page.locator(f"#value-{FIRST}-1-wrong").inner_text()
    assert "Valitse toimenpiteen tilanne." in page.locator(f"#status-{SECOND}-wrong").inner_text()
    assert page.input_value(f"#note-{FIRST}") == "Luku tarkistetaan"
    assert not phone.is_too_wide
    page.fill(f"#value-{FIRST}-1", "20 rekrytointia")
    phone.press("Tallenna")
    assert "Tallennettu" in page.locator("[role=status]").inner_text()
    assert "1 / 2 valmiina" in page.locator(".bar3").inner_text()
    assert state_of(phone.service) == "draft"

    phone.open(form_link(phone.service, HEAD))
    assert page.input_value(f"#value-{FIRST}-1") == "20"
    page.locator(f'input[name="status-{SECOND}"][value="done"]').check()
    page.locator(f'input[name="none-{SECOND}-2"]').check()
    phone.press("Lähetä")
    assert "Kiitos, vastaukset on tallennettu." in page.locator("[role=status]").inner_text()
    stored = [("20",), ("not-measured",)]
    assert (state_of(phone.service), rows(phone.service, "indicator_value", "text")) == ("sent", stored)
    assert not phone.is_too_wide

    phone.press("Muuta vastauksia")
    page.locator(f"section[aria-labelledby=title-{FIRST}] > details > summary").tap()
    page.fill(f"#value-{FIRST}-1", "21")
    phone.press("Lähetä")
    assert rows(phone.service, "indicator_value", "text") == [*stored, ("21",)]


def test_two_colleagues_and_a_choice(phone: Phone) -> None:
    """Both typed another number: the second sees both, with whose and when, and chooses by a tap."""
    page, context = phone.page, phone.page.context
    other = context.new_page()
    phone.open(form_link(phone.service))
    other.goto(phone.base + form_link(phone.service, HEAD))
    page.fill(f"#value-{FIRST}-1", "14")
    phone.press("Tallenna")
    other.fill(f"#value-{FIRST}-1", "16")
    with other.expect_navigation():
        other.get_by_role("button", name="Tallenna").tap()
    part = other.locator(f"section[aria-labelledby=title-{FIRST}]")
    assert "Työkaveri täytti tämän samaan aikaan." in part.inner_text()
    assert "hr-unit-contact@vaasa.example" in part.inner_text()
    part.get_by_text("14 rekrytointia").tap()
    with other.expect_navigation():
        other.get_by_role("button", name="Tallenna").tap()
    assert other.input_value(f"#value-{FIRST}-1") == "14"
    assert other.evaluate("document.documentElement.scrollWidth") <= 360

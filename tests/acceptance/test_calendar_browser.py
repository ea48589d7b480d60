"""The calendar pages in a real browser: subscribe, month, list, series and private, on a phone and a desk.

Light, dark and paper; three languages; no complaint in the console, no sideways scroll.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.acceptance.conftest import patient_context, session_at
from tests.acceptance.test_pages_browser import WIDER, Scheme, address, browser, pytestmark, visit
from tests.web.conftest import history

__all__ = ["address", "browser", "history", "pytestmark"]

CAFE = "/actions/social-cultural-cafe/series"
PAGES = [
    "/calendars/",
    "/calendars/?sent=1",
    "/calendars/all/month",
    "/calendars/all/month?m=2025-10",
    "/calendars/all/list",
    "/calendars/welfare-unit/list",
    CAFE,
    f"{CAFE}/edit?name=month",
    "/calendars/private",
]
WIDTHS = (320, 1280)


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A signed-in window of a colour scheme."""
    scheme: Scheme = request.param
    context = patient_context(browser, color_scheme=scheme)
    context.add_cookies([{"name": "session", "value": session_at(address), "url": address}])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
@pytest.mark.parametrize("url", PAGES)
def test_calendar_pages_fit_and_keep_quiet(page: Page, address: str, url: str, lang: str) -> None:
    """At 320 and 1280 pixels, with every folded part open too."""
    said = visit(page, f"{address}{url}{'&' if '?' in url else '?'}lang={lang}")
    assert page.locator("h1").count() == 1
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(WIDER) <= 0, width
    assert said == []


@pytest.mark.parametrize("url", ["/calendars/all/month", "/calendars/all/list"])
def test_a_notice_board_gets_the_calendar_and_nothing_to_press(page: Page, address: str, url: str) -> None:
    """On paper: dark text on white whatever the scheme, the table, neither menu nor button nor form."""
    page.set_viewport_size({"width": 720, "height": 1000})
    page.goto(f"{address}{url}?lang=fi")
    page.emulate_media(media="print")
    assert page.evaluate(WIDER) <= 0
    for selector in ("nav.main", ".langs", "form", ".btn"):
        found = page.locator(selector)
        assert [one for one in range(found.count()) if found.nth(one).is_visible()] == []
    assert page.locator("main table").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in {
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    }
    assert page.evaluate("getComputedStyle(document.body).color.match(/\\d+/g).every(one => one < 80)")


def test_a_calendar_is_asked_for_by_hand(page: Page, address: str) -> None:
    """Type an address, press the button: the page says what happens, whoever it was."""
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{address}/calendars/?lang=sv")
    page.get_by_label("E-postadress").fill("ingen@annanstans.example")
    page.get_by_role("button", name="Be om en egen kalender").click()
    assert "sent=1" in page.url
    assert page.get_by_role("status").inner_text().startswith("Om adressen finns i kontaktlistan")


def test_one_tap_selects_the_address(page: Page, address: str) -> None:
    """The address is selected whole, ready to be copied."""
    page.goto(f"{address}/calendars/?lang=en")
    page.locator(".addr").click(click_count=1)
    assert page.evaluate("getSelection().toString()") == page.locator(".addr").inner_text()


def test_the_steps_open_by_keyboard(page: Page, address: str) -> None:
    """A folded program opens with Enter, without a script."""
    page.goto(f"{address}/calendars/?lang=en")
    page.locator("summary", has_text="Thunderbird").focus()
    page.keyboard.press("Enter")
    assert page.get_by_text("Paste the address in the field Location").is_visible()

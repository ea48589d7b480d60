"""The pages in a real browser: no complaints, no sideways scroll, keyboard, both schemes, three languages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.acceptance.conftest import PATIENCE, patient_context, serve, session_at
from tests.web.conftest import TUESDAY, history, open_service

__all__ = ["history"]  # the fixture of the page tests is used here too

pytestmark = [
    pytest.mark.browser,
    # Playwright and uvicorn run threads and sockets of their own.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
PAGES = [
    "/",
    "/actions",
    "/actions?status=overdue&year=2024",
    "/actions/work-digihyva-juttu",
    "/actions/follow-up-data-collection",
    "/actions/children-family-school",
    "/outbox",
    "/outbox/1",
    "/outbox/next",
    "/digest",
    "/decisions",
    "/actions/social-cultural-cafe/answer?occurrence=vaasa-2023-2026:social-cultural-cafe:milestone:end",
    "/calendars/",
    "/calendars/?feed=health-wellbeing",
    "/api/docs",
]
Scheme = Literal["light", "dark"]
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OUTLINE = "(style => style.outlineStyle + style.outlineWidth)(getComputedStyle(document.activeElement))"


@pytest.fixture(scope="module")
def address(history: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages on a port of this machine, on Tuesday 7 January 2025."""
    folder = tmp_path_factory.mktemp("pages")
    shutil.copytree(history, folder, dirs_exist_ok=True)
    service = open_service(folder, lambda: TUESDAY)
    with serve(service) as base:
        yield base
    service.database.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; skipped where there is none, a failure under CI."""
    from tests.conftest import _tool

    executable = _tool("chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"], timeout=PATIENCE
        )
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """A signed-in browser window, with a session of its own: signing out in one test ends no other's."""
    opened = patient_context(browser, viewport={"width": 1280, "height": 900})
    opened.add_cookies([{"name": "session", "value": session_at(address), "url": address}])
    yield opened
    opened.close()


def visit(page: Page, url: str) -> list[str]:
    """Open a page and return what the browser complained about."""
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(url)
    return said


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
@pytest.mark.parametrize("url", PAGES)
def test_pages_fit_and_keep_quiet(context: BrowserContext, address: str, url: str, lang: str) -> None:
    """No complaint in the console and no sideways scroll, from 320 to 1280 pixels."""
    page = context.new_page()
    said = visit(page, f"{address}{url}{'&' if '?' in url else '?'}lang={lang}")
    for width in (320, 360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(WIDER) <= 0, width
    assert said == []


def test_twice_as_large_text_fits(context: BrowserContext, address: str) -> None:
    """At 200 % text no page scrolls sideways."""
    page = context.new_page()
    page.set_viewport_size({"width": 640, "height": 800})
    for url in PAGES:
        page.goto(address + url)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate(WIDER) <= 0, url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_keyboard(browser: Browser, address: str, scheme: Scheme) -> None:
    """Tab reaches the link over the menu first; it leads to the content; focus can be seen."""
    opened = patient_context(browser, color_scheme=scheme)
    page = opened.new_page()
    page.goto(f"{address}/?lang=fi")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Siirry sisältöön"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(OUTLINE) == "solid3px"
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    opened.close()


def test_colour_schemes(browser: Browser, address: str) -> None:
    """The page follows the system's light or dark."""
    grounds = {}
    schemes: tuple[Scheme, ...] = get_args(Scheme)
    for scheme in schemes:
        opened = patient_context(browser, color_scheme=scheme)
        page = opened.new_page()
        page.goto(address)
        grounds[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        opened.close()
    assert grounds == {"light": "rgb(255, 255, 255)", "dark": "rgb(19, 24, 30)"}


def test_everything_works_by_hand(context: BrowserContext, address: str) -> None:
    """Filter, action, feed and sign out, as a person clicks them."""
    page = context.new_page()
    page.goto(f"{address}/?lang=en")
    page.get_by_role("link", name="deadlines passed").first.click()
    assert page.url.endswith("#overdue")
    assert page.locator("#overdue").is_visible()
    page.get_by_role("link", name="on schedule").click()
    assert "status=track" in page.url
    page.get_by_label("Theme", exact=True).select_option("work")
    page.get_by_role("button", name="Filter").click()
    assert "theme=work" in page.url
    assert page.get_by_label("Status", exact=True).input_value() == "track"
    page.locator("#timeline tbody a").first.click()
    assert page.get_by_role("heading", name="What happens next").is_visible()
    page.get_by_role("link", name="Calendars").click()
    page.get_by_label("Programme, theme or responsible party").select_option("welfare-unit")
    page.get_by_role("button", name="Show the address").click()
    assert page.locator(".addr").inner_text() == (
        "http://127.0.0.1:8000/calendars/vaasa-2023-2026/welfare-unit-en.ics"
    )
    page.get_by_role("button", name="Sign out").click()
    assert page.get_by_role("status").inner_text() == "You have signed out."


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_menu_takes_one_row_on_a_phone(context: BrowserContext, address: str, lang: str) -> None:
    """Two links and More beside each other; More opens by keyboard and shows all the rest."""
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{address}/?lang={lang}")
    row = page.locator("nav.main > ul > li").filter(visible=True)
    boxes = [box for box in (one.bounding_box() for one in row.all()) if box]
    assert len(boxes) == 3
    assert max(box["y"] for box in boxes) - min(box["y"] for box in boxes) < boxes[0]["height"] / 2
    assert page.locator("nav.main").evaluate("e => e.getBoundingClientRect().height") < 60
    more = page.locator("nav.main summary")
    more.focus()
    assert page.evaluate(OUTLINE) == "solid3px"
    page.keyboard.press("Enter")
    shown = page.locator("nav.main details a, nav.main details button").filter(visible=True)
    expect(shown).to_have_count(13)
    assert min(one.evaluate("e => e.getBoundingClientRect().height") for one in shown.all()) >= 44
    assert page.evaluate(WIDER) <= 0
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/outbox**")


def test_a_busy_action_is_short_on_a_phone(context: BrowserContext, address: str) -> None:
    """With a mail to each of 38 addresses its page stays under 6 000 pixels, what happens next first."""
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{address}/actions/follow-up-data-collection?lang=fi")
    assert page.evaluate("document.documentElement.scrollHeight") < 6000
    tops = [
        page.get_by_role("heading", name=name).evaluate("e => e.getBoundingClientRect().top")
        for name in ("Mitä tapahtuu seuraavaksi", "Aikajana")
    ]
    assert tops == sorted(tops)


def test_tap_targets_are_large_enough(context: BrowserContext, address: str) -> None:
    """Links and buttons outside running text are at least 24 pixels high on a phone."""
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(address)
    small = page.evaluate(
        "[...document.querySelectorAll('nav a, summary, .langs a, .keys a, .jump a, button')]"
        ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24).map(e => e.textContent)"
    )
    assert small == []


def test_print_shows_no_navigation(context: BrowserContext, address: str) -> None:
    """On paper there is no menu, form or filter."""
    page = context.new_page()
    page.goto(address)
    page.emulate_media(media="print")
    for selector in ("nav.main", ".langs", "form", ".jump"):
        assert not page.locator(selector).first.is_visible()
    assert page.locator("table.tl").first.is_visible()

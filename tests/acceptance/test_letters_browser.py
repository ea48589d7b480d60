"""Letters as a phone shows them: how high a mail is, and that nothing is wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from email_templates.letters import MailLang
from email_templates.render import render
from tests.acceptance.conftest import PATIENCE, patient_context
from tests.conftest import _tool
from tests.email_templates.letters_of_size import LETTERS_OF_SIZE

HEIGHTS: Final = {1: 900, 3: 2000, 11: 3200}
"""So high at most, in pixels at a width of 360 (behaviour.md, "The letters")."""
TARGET: Final = 44
"""So high a button is at least, in pixels, for a thumb."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; skipped where there is none, a failure under CI."""
    executable = _tool("chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"], timeout=PATIENCE
        )
        yield opened
        opened.close()


def _opened(browser: Browser, kind: str, n: int, lang: MailLang, width: int) -> Page:
    page = patient_context(browser, viewport={"width": width, "height": 100}).new_page()
    page.set_content(render(LETTERS_OF_SIZE[kind](n), lang).html)
    return page


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
@pytest.mark.parametrize("n", HEIGHTS)
@pytest.mark.parametrize("kind", LETTERS_OF_SIZE)
def test_a_mail_is_short_on_a_phone(browser: Browser, kind: str, n: int, lang: MailLang) -> None:
    """One item in less than two screens, eleven in less than five; each button is a thumb high."""
    page = _opened(browser, kind, n, lang, 360)
    assert page.evaluate("document.documentElement.scrollHeight") < HEIGHTS[n]
    buttons = page.locator("td.button a")
    heights = [buttons.nth(k).evaluate("one => one.offsetHeight") for k in range(buttons.count())]
    assert all(height >= TARGET for height in heights)
    page.context.close()


@pytest.mark.parametrize("width", [320, 360, 600, 1280])
@pytest.mark.parametrize("kind", LETTERS_OF_SIZE)
def test_nothing_is_wider_than_the_screen(browser: Browser, kind: str, width: int) -> None:
    """Of one item and of forty, in the language with the longest words."""
    for n in (1, 40):
        page = _opened(browser, kind, n, "fi", width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.context.close()

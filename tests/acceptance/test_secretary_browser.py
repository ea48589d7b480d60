"""Findings, a correction and an import in a real browser, as the secretary clicks them."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.acceptance.test_pages_browser import WIDER, address, browser, context, visit
from tests.web.conftest import history
from tests.web.test_import_pages import CSV

__all__ = ["address", "browser", "context", "history"]  # the fixtures of the page tests are used here too

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
CAFE = "/actions/social-cultural-cafe"


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
@pytest.mark.parametrize("url", ["/findings?", f"{CAFE}/correct?field=leads&", f"{CAFE}?", "/import?"])
def test_pages_fit_and_keep_quiet(context: BrowserContext, address: str, url: str, lang: str) -> None:
    """No complaint and no sideways scroll, from 320 pixels and at twice the text."""
    page = context.new_page()
    said = visit(page, f"{address}{url}lang={lang}")
    for width, size in ((320, "100%"), (1280, "100%"), (640, "200%")):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(f"document.documentElement.style.fontSize = '{size}'")
        assert page.evaluate(WIDER) <= 0, (width, size)
    assert said == []


def test_a_correction_by_keyboard(context: BrowserContext, address: str) -> None:
    """From the list to the form, a mistake, its repair, the preview, the saved correction."""
    page = context.new_page()
    page.goto(f"{address}/?lang=en")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Findings", exact=True).click()
    page.get_by_role("row", name="Cultural café").get_by_role("link", name="Correct the reading").click()
    field = page.get_by_label("The schedule in words")
    field.fill("sometime")
    field.press("Enter")
    assert page.title().startswith("Error: Correct the reading")
    assert page.evaluate("document.activeElement.className") == "errors"
    assert field.input_value() == "sometime"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "schedule-value"
    field.fill("2023–2026")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What the correction changes")
    expect(page.get_by_role("row", name="Deadline: the date moves")).to_contain_text("Thu 31 Dec 2026")
    page.get_by_role("button", name="Save the correction").click()
    assert page.url.endswith("#corrections")
    expect(page.locator("#corrections")).to_contain_text("board-secretary@vaasa.example")
    expect(page.locator(".prov.corrected").first).to_contain_text(
        "corrected to ‘2023–2026’: board-secretary@vaasa.example"
    )
    page.goto(f"{address}/findings")
    assert page.get_by_text("Cultural café").count() == 0


def test_an_import(context: BrowserContext, address: str, tmp_path: Path) -> None:
    """Upload a small CSV, read what it brings, store it, see it held with its finding."""
    file = tmp_path / "ilmasto.csv"
    file.write_bytes(CSV)
    page = context.new_page()
    said = visit(page, f"{address}/import?lang=en")
    page.get_by_label("Files").set_input_files(file)
    page.get_by_role("button", name="Read the files").click()
    expect(page.get_by_text("3 new actions.")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate(WIDER) <= 0
    page.get_by_role("button", name="Save the programme").click()
    expect(page.get_by_text("Sending is on hold")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Findings").click()
    expect(page.get_by_role("row", name="Pyöräparkit asemille")).to_contain_text("‘joskus’")
    assert said == []

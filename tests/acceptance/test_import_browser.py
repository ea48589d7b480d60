"""An unknown spreadsheet, mapped by hand in a real browser; the next year's needs no mapping."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.acceptance.test_pages_browser import WIDER, address, browser, context, visit
from tests.web.conftest import history

__all__ = ["address", "browser", "context", "history"]  # the fixtures of the page tests are used here too

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
HEADINGS = ("Heading", "Stuff", "Moment", "Folks", "Buddies", "Proof", "t€")
ROLES = {
    "Heading": "theme", "Stuff": "action", "Moment": "schedule", "Folks": "responsible party",
    "Buddies": "partner", "Proof": "indicator",
}  # fmt: skip
ROWS = (
    ("Welcome", "Open a welcome desk", "by then", "Integration Services", "Red Cross", "Desk open", 12),
    ("Welcome", "Print a guide", "later on", "Communications", "", "Guide printed", 3),
    ("Work", "Train all employers", "as agreed", "Employment Services", "Chamber", "Employers trained", 40),
)


def spreadsheet(path: Path, year: int, columns: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)) -> Path:
    """Write the city's own spreadsheet of a year, its columns in some order."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([f"Newcomers {year}–{year + 1}"])
    for row in (HEADINGS, *ROWS, ("Work", f"Fair of {year}", str(year), "Library", "", "Fair held", 5)):
        sheet.append([row[at] for at in columns])
    book.save(path)
    return path


def bring(page: Page, address: str, path: Path) -> None:
    """Upload a file on the page *Import*."""
    page.goto(f"{address}/import?lang=en")
    page.get_by_label("Files").set_input_files(path)
    page.get_by_role("button", name="Read the files").click()


def test_an_unknown_spreadsheet_is_mapped_by_hand(
    context: BrowserContext, address: str, tmp_path: Path
) -> None:
    """Six choices and one button; the next version is read the same way, and that is said."""
    page = context.new_page()
    bring(page, address, spreadsheet(tmp_path / "newcomers.xlsx", 2027))
    for heading, role in ROLES.items():
        page.get_by_label(f"What does the column ‘{heading}’ hold?").select_option(label=role)
    page.get_by_role("button", name="Read again").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("4 actions were read")
    assert page.get_by_label("What does the column ‘Folks’ hold?").input_value() == "responsible"
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(WIDER) <= 0, width
    page.get_by_role("button", name="Save the programme").click()
    expect(page.get_by_text("The programme has been saved")).to_be_visible()

    bring(page, address, spreadsheet(tmp_path / "another name.xlsx", 2027, (1, 0, 3, 2, 4, 5, 6)))
    expect(page.get_by_role("heading", name="Columns as chosen on")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("4 actions were read")
    for heading, role in ROLES.items():
        chosen = page.get_by_label(f"What does the column ‘{heading}’ hold?")
        assert chosen.evaluate("one => one.selectedOptions[0].text") == role


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_form_keeps_quiet(context: BrowserContext, address: str, tmp_path: Path, lang: str) -> None:
    """No complaint of the browser, in any language, with a mistake beside its field."""
    page = context.new_page()
    said = visit(page, f"{address}/import?lang={lang}")
    page.locator("#files").set_input_files(spreadsheet(tmp_path / "newcomers.xlsx", 2027))
    page.locator("form[action*='/import'] .btn").first.click()
    page.locator("#rows").fill("many")
    page.locator("button[value=again]").click()
    expect(page.locator("#rows-wrong")).to_be_visible()
    assert page.evaluate("document.activeElement.className") == "errors"
    assert [one for one in said if "422" not in one] == []

"""Tables that leave the house: what is in them comes out again, and nothing in them runs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given, strategies as st

from reminders.collection.spreadsheet import Sheet, as_csv, as_xlsx, harmless, is_formula

MADE = datetime(2025, 1, 7, 9, 0, 30, tzinfo=UTC)
SHEET = Sheet(
    "Summary",
    ("Action", "Date", "Count"),
    (("=1+1", date(2025, 1, 31), 3), ("Välitavoite, ”suora”", None, 2.5)),
)


def test_csv_holds_every_cell_as_text() -> None:
    """A byte order mark, CRLF, dates as ISO 8601, an apostrophe before what would be a formula."""
    assert as_csv(SHEET).decode("utf-8") == (
        '\ufeffAction,Date,Count\r\n\'=1+1,2025-01-31,3\r\n"Välitavoite, ”suora”",,2.5\r\n'
    )


def test_a_workbook_gives_back_what_was_put_in() -> None:
    """Numbers stay numbers, dates dates, texts texts; no cell is a formula; the header stays in sight."""
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx([SHEET, Sheet("Empty", ("A",), ())], MADE)))
    assert book.sheetnames == ["Summary", "Empty"]
    rows = list(book["Summary"].iter_rows(values_only=True))
    assert rows == [
        ("Action", "Date", "Count"),
        ("'=1+1", datetime(2025, 1, 31), 3),
        ("Välitavoite, ”suora”", None, 2.5),
    ]
    assert {cell.data_type for row in book["Summary"].iter_rows() for cell in row} == {"s", "d", "n"}
    assert book["Summary"].freeze_panes == "A2"
    assert book.properties.created == datetime(2025, 1, 7, 9, 0, 30)


@pytest.mark.parametrize("text", ["=A1", " +1", "-1", "@x", "\t=1", "|x", "%x"])
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    """An apostrophe makes it a text."""
    assert (is_formula(text), harmless(text)) == (True, f"'{text}")


@given(st.text(max_size=40))
def test_nothing_harmless_is_a_formula(text: str) -> None:
    """Whatever a text is, what leaves is no formula, and it is the text itself with at most one sign more."""
    assert not is_formula(harmless(text))
    assert harmless(text).removeprefix("'") in {text, text.removeprefix("'")}


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=20), min_size=1))
def test_csv_reads_back(texts: list[str]) -> None:
    """A CSV reader finds the same cells."""
    octets = as_csv(Sheet("t", tuple(texts), ()))
    (row,) = csv.reader(io.StringIO(octets.decode("utf-8-sig"), newline=""))
    assert row == [harmless(text) for text in texts]

"""The secretary's digest as a table: the page's own rows, in the reader's language, for her alone."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from reminders.service import Service
from reminders.use.mail.digests import digest_letters, digest_sheet
from tests.web.conftest import Reader


def test_only_the_secretary(reader: Reader) -> None:
    """Without a session 403."""
    assert [reader.get(f"/digest.{form}").status_code for form in ("csv", "xlsx")] == [403, 403]


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_rows_are_those_of_the_digest(secretary: Reader, service: Service, lang: str) -> None:
    """CSV and XLSX hold the same rows as the letter of today."""
    ((_, letter),) = digest_letters(service)
    made = digest_sheet(letter, lang)  # type: ignore[arg-type]
    text = secretary.get(f"/digest.csv?lang={lang}").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert (tuple(rows[0]), len(rows) - 1) == (made.header, len(made.rows))
    assert [row[2] for row in rows[1:]] == [str(row[2]) for row in made.rows]
    book = openpyxl.load_workbook(io.BytesIO(secretary.get(f"/digest.xlsx?lang={lang}").content))
    page = book.worksheets[0]
    assert [page.cell(1, n + 1).value for n in range(len(made.header))] == list(made.header)
    assert page.max_row == len(rows)

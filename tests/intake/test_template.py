"""The spreadsheet to fill in."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from reminders.collection.spreadsheet import harmless
from reminders.errors import InputError
from reminders.intake.read import read_documents
from reminders.intake.template import write_template


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """The template as written."""
    path = tmp_path / "template.xlsx"
    write_template(path)
    return path


FILLED = (
    ("Energy", "Less energy used", "Survey of the heating of schools", "2027", "Facility Services", "",
     "Survey ready"),
    ("Energia", "Puhdas liikenne", "Pyöräparkkien rakentaminen asemille", "2027–2028", "Kaupunkitekniikka",
     "Liikennepalvelut, asukasyhdistykset", "Parkkien määrä"),
    ("Energi", "Kunniga invånare", "Energirådgivning en gång i månaden", "Fortlöpande", "Energibyrån",
     "biblioteket", "Antal besökare"),
)  # fmt: skip


def filled(template: Path, *rows: tuple[str, ...]) -> Path:
    """The template with rows that a secretary has written."""
    book = openpyxl.load_workbook(template)
    for number, row in enumerate(rows, start=2):
        for column, text in enumerate(row, start=1):
            book["Ohjelma"].cell(number, column, text)
    book.save(template)
    return template


def test_what_is_filled_in_is_read_and_the_examples_are_not(template: Path) -> None:
    """Each row that was written comes in with its schedule and parties, and nothing else."""
    actions = read_documents([filled(template, *FILLED)]).documents[0].as_json()["actions"]
    assert [
        (one["domain"], one["schedule_text"], one["kind"], one["leads"], one["partners"]) for one in actions
    ] == [
        ("Energy", "2027", "single_year", ["Facility Services"], []),
        ("Energia", "2027–2028", "year_range", ["Kaupunkitekniikka"],
         ["Liikennepalvelut", "asukasyhdistykset"]),
        ("Energi", "Fortlöpande", "continuous", ["Energibyrån"], ["biblioteket"]),
    ]  # fmt: skip
    assert actions[2]["recurrences"] == [{"times_min": 1, "times_max": 1, "per": "month"}]


@pytest.mark.parametrize(("row", "lang"), list(zip(FILLED, ("en", "fi", "sv"), strict=True)))
def test_one_filled_row_tells_its_language(template: Path, row: tuple[str, ...], lang: str) -> None:
    """A single action is enough to know whether it is Finnish, Swedish or English."""
    assert read_documents([filled(template, row)]).programme.languages == (lang,)


def test_an_empty_template_is_refused_by_what_it_lacks(template: Path) -> None:
    """Nothing filled in is no programme, and the message says so."""
    with pytest.raises(InputError) as raised:
        read_documents([template])
    assert str(raised.value) == (
        "template.xlsx, sheet Ohjelma, row 1: expected at least one action; "
        "found a table with headings and no action under them"
    )


def test_a_programme_without_years_has_none_in_its_key(tmp_path: Path) -> None:
    """Its period is the current year, and the finding says so."""
    path = tmp_path / "vuosikello.csv"
    path.write_text("Toimenpide;Aikataulu;Vastuu\nJuhlan järjestäminen;Jatkuva;Kulttuuripalvelut\n")
    found = read_documents([path], year=2026)
    assert found.programme.key == "vuosikello"
    assert (found.programme.period.first.year, found.programme.period.last.year) == (2026, 2026)
    assert [(one.code, one.detail) for one in found.findings if one.code == "no-period"] == [
        ("no-period", "2026")
    ]


def test_it_offers_choices_and_explains_itself(template: Path) -> None:
    """Drop-downs stand on schedules and themes; a sheet explains in three languages."""
    book = openpyxl.load_workbook(template)
    areas = {str(one.sqref) for one in book["Ohjelma"].data_validations.dataValidation}
    assert areas == {"D2:D500", "A2:A500"}
    assert [row[0] for row in book["Ohje"].values][:9] == ["fi"] * 3 + ["sv"] * 3 + ["en"] * 3
    assert [row[2] for row in book["Ohje"].values][10] == "Toimenpide / Åtgärd / Action"


def test_no_cell_begins_a_formula(template: Path) -> None:
    """Texts that a spreadsheet would compute are marked as texts."""
    book = openpyxl.load_workbook(template)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert [harmless(text) for text in ("=1+1", "+1", "-1", "@A", "2027")] == [
        "'=1+1",
        "'+1",
        "'-1",
        "'@A",
        "2027",
    ]

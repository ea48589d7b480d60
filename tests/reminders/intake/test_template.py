"""The spreadsheet to fill in."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from reminders.intake.read import read_documents
from reminders.intake.template import write_template
from reminders.spreadsheet import harmless


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """The template as written."""
    path = tmp_path / "template.xlsx"
    write_template(path)
    return path


def test_what_it_holds_is_read_back(template: Path) -> None:
    """The examples come in as actions, each with its schedule and parties."""
    actions = read_documents([template]).documents[0].as_json()["actions"]
    assert [
        (one["domain"], one["schedule_text"], one["kind"], one["leads"], one["partners"]) for one in actions
    ] == [
        ("Energy", "2027", "single_year", ["Facility Services"], []),
        (
            "Energia",
            "2027–2028",
            "year_range",
            ["Kaupunkitekniikka"],
            ["Liikennepalvelut", "asukasyhdistykset"],
        ),
        ("Energi", "Fortlöpande", "continuous", ["Energibyrån"], ["biblioteket"]),
    ]
    assert actions[2]["recurrences"] == [{"times_min": 1, "times_max": 1, "per": "month"}]


def test_it_offers_choices_and_explains_itself(template: Path) -> None:
    """Drop-downs stand on schedules and themes; a sheet explains in three languages."""
    book = openpyxl.load_workbook(template)
    areas = {str(one.sqref) for one in book["Ohjelma"].data_validations.dataValidation}
    assert areas == {"D2:D500", "A2:A500"}
    assert {row[0] for row in book["Ohje"].values} == {"fi", "sv", "en"}


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

"""The spreadsheet that a secretary can fill in: headers in three languages, drop-downs, examples.

What is filled in is read back by ``read`` like any other workbook. The examples stand on the sheet that
explains, which is never read as actions. Nothing that it writes begins a formula.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reminders.collection.spreadsheet import harmless

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_HEADERS = (
    "Teema / Tema / Theme", "Tavoite / Mål / Goal", "Toimenpide / Åtgärd / Action",
    "Aikataulu / Tidtabell / Schedule", "Vastuutaho / Ansvarig / Responsible",
    "Kumppanit / Samarbetsparter / Partners", "Mittari / Mätare / Indicator",
)  # fmt: skip
_WIDTHS = (22, 30, 48, 22, 30, 34, 44)
_EXAMPLES = (
    ("Energy", "Less energy used", "Survey of the heating of schools", "2027", "Facility Services",
     "", "Survey ready"),
    ("Energia", "Puhdas liikenne", "Pyöräparkkien rakentaminen asemille", "2027–2028", "Kaupunkitekniikka",
     "Liikennepalvelut, asukasyhdistykset", "Parkkien määrä"),
    ("Energi", "Kunniga invånare", "Energirådgivning en gång i månaden", "Fortlöpande", "Energibyrån",
     "biblioteket", "Antal besökare"),
)  # fmt: skip
_CHOICES = (
    "Jatkuva", "Fortlöpande", "Continuous", "2027", "2027–2028", "2028 loppuun mennessä", "senast 2028",
    "by 2028",
)  # fmt: skip
_EXPLANATION = (
    ("fi", "Yksi rivi on yksi toimenpide. Esimerkkejä on alla; ne eivät tule ohjelmaan."),
    ("fi", "Aikataulu: vuosi (2027), väli (2027–2028), määräaika (2028 loppuun mennessä) tai Jatkuva."),
    (
        "fi",
        "Vastuutahot ja kumppanit erotetaan pilkulla. Toistuvuus (4 krt vuodessa) kuuluu toimenpiteeseen.",
    ),
    ("sv", "En rad är en åtgärd. Exempel finns nedan; de kommer inte med i programmet."),
    ("sv", "Tidtabell: ett år (2027), en period (2027–2028), en tidsfrist (senast 2028) eller Fortlöpande."),
    ("sv", "Ansvariga och partner skiljs åt med kommatecken. Hur ofta (4 ggr per år) skrivs i åtgärden."),
    ("en", "One row is one action. Examples are below; they do not become part of the programme."),
    ("en", "Schedule: a year (2027), a range (2027–2028), a deadline (by 2028) or Continuous."),
    ("en", "Parties are separated by commas. How often (4 times a year) stands in the action."),
)
EXPLANATION_SHEET = "Ohje"
_ROWS = 500


def write_template(path: Path) -> None:
    """Write the spreadsheet to ``path``."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.create_sheet("Ohjelma", 0)
    del book["Sheet"]
    sheet.append([harmless(text) for text in _HEADERS])
    # Texts stay texts: a year is not made a number, 1–2 no date.
    for cells in sheet.iter_rows(min_row=2, max_row=_ROWS, max_col=len(_HEADERS)):
        for cell in cells:
            cell.number_format = "@"
    _lay_out(sheet, 1)
    sheet.freeze_panes = "A2"
    _add_choices(book, sheet)
    explanation = book.create_sheet(EXPLANATION_SHEET)
    for row in (*_EXPLANATION, (), _HEADERS, *_EXAMPLES):
        explanation.append([harmless(text) for text in row])
    _lay_out(explanation, len(_EXPLANATION) + 2)
    book.save(path)


def _lay_out(sheet: Worksheet, header: int) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for column, width in zip("ABCDEFG", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    for cells in sheet.iter_rows(min_row=header):
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[header]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE6F0")


def _add_choices(book: Workbook, sheet: Worksheet) -> None:
    """Offer wordings of schedules, and the themes written so far; others may be typed."""
    from openpyxl.worksheet.datavalidation import DataValidation

    lists = book.create_sheet("Lists")
    for text in _CHOICES:
        lists.append([text])
    lists.sheet_state = "hidden"
    for area, source in (("D2:D500", f"Lists!$A$1:$A${len(_CHOICES)}"), ("A2:A500", "$A$2:$A$500")):
        choices = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
        sheet.add_data_validation(choices)
        choices.add(area)

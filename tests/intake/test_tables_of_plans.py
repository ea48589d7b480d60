# ruff: noqa: E501 - a row of a table stays on one line
"""Tables of plans: which year marks are of, which column is the action, where the schedule stands, financial years."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from reminders.intake.content import DocumentContent, Table, TableRow, TextLine
from reminders.intake.financial_years import FinancialYears
from reminders.intake.formats import read_content
from reminders.intake.read import read_documents
from tests.intake.test_layouts import EVERY_YEAR, Layout, Row, part, read_rows, span, write, year

MONTHS = ("Jan", "Feb", "Mar", "Apr", "Maj", "Jun")
QUARTERS = ("Q1", "Q2", "Q3", "Q4")

LAYOUTS = [
    # the year of marks
    Layout("the year stands over the months, the day of the decision in the title", {"Årshjul": [
        ("Årshjul för personalarbetet 2026",), ("Beslutad av personalutskottet 2025-11-12 § 40",), (None,),
        ("Område", "Åtgärd", "Ansvarig", "Genomförande 2026 (månad)"), (None, None, None, *MONTHS),
        ("Hälsa", "Medarbetarenkät", "Personalenheten", None, "x", "x"), ("Hälsa", "Skyddsrond", "Kommunstyrelsens kansli", *[None] * 4, "x"),
        ("Lön", "Löneöversyn", "Personalenheten", "x"),
    ]}, [
        Row("Medarbetarenkät", span("2026-02-01", "2026-03-31"), "Personalenheten", "Hälsa"),
        Row("Skyddsrond", part("2026-05-01", "2026-05-31"), "Kommunstyrelsens kansli", "Hälsa"),
        Row("Löneöversyn", part("2026-01-01", "2026-01-31"), "Personalenheten", "Lön"),
    ], ("A4:A5", "B4:B5", "C4:C5", "D4:I4")),
    Layout("the year stands in the title over the day of approval", {"Calendar": [
        ("Staff wellbeing plan 2026",), ("Approved 14 November 2025",),
        ("Action", "Responsible", "January", "February", "March", "April"),
        ("Survey all staff", "Personnel unit", "x", "x"), ("Train supervisors", "Personnel unit", None, None, None, "x"),
    ]}, [
        Row("Survey all staff", span("2026-01-01", "2026-02-28"), "Personnel unit"),
        Row("Train supervisors", part("2026-04-01", "2026-04-30"), "Personnel unit"),
    ]),
    Layout("the year stands over the quarters", {"Vuosikello": [
        ("Työsuojelun vuosikello",), ("Hyväksytty yhteistyötoimikunnassa 3.12.2026",),
        ("Toimenpide", "Vastuu", "Toteutus 2027"), (None, None, *QUARTERS),
        ("Työpaikkaselvitykset", "Työsuojelu", "x", "x"), ("Turvallisuuskävelyt", "Tilapalvelut", None, None, None, "x"),
    ]}, [
        Row("Työpaikkaselvitykset", span("2027-01-01", "2027-06-30"), "Työsuojelu"),
        Row("Turvallisuuskävelyt", part("2027-10-01", "2027-12-31"), "Tilapalvelut"),
    ], ("A3:A4", "B3:B4", "C3:F3")),
    # figures are no actions
    Layout("a table of figures beside cards", "# Klimatprogram 2026\n\n| År | kton CO2e |\n|---|---|\n| 2022 | 41,2 |\n| 2023 | 39,8 |\n| 2024 | 37,5 |\n\n## Byta belysning\n\nAnsvarig: Tekniska kontoret\n\nTidplan: 2026\n\n## Sänka värmen\n\nAnsvarig: Fastighetsenheten\n\nTidplan: hösten 2026\n", [
        Row("Byta belysning", year(2026), "Tekniska kontoret"), Row("Sänka värmen", part("2026-09-01", "2026-11-30"), "Fastighetsenheten"),
    ]),
    Layout("counts of actions beside a table of actions", "# Plan\n\n| Vuosi | Toimenpiteet | Vastuu |\n|---|---|---|\n| 2022 | 12 kpl | Kaikki |\n| 2023 | 15 kpl | Kaikki |\n| 2024 | 9 kpl | Kaikki |\n\nLuku\n\n| Toimenpide | Vastuu | Aikataulu |\n|---|---|---|\n| Vaihdetaan valot | Tilapalvelut | 2026 |\n| Lasketaan lämpöä | Tilapalvelut | 2027 |\n", [
        Row("Vaihdetaan valot", year(2026), "Tilapalvelut", "Plan"), Row("Lasketaan lämpöä", year(2027), "Tilapalvelut", "Plan"),
    ]),
    # numbers beside actions under one heading
    Layout("one heading over number and action", {"Plan": [
        ("Mål", "Åtgärder", None, "Tidplan", "Ansvarig"),
        ("Tryggare skolvägar", "A1", "Bygga gångbana vid skolan", "2026", "Tekniska kontoret"), (None, "A2", "Sänka hastigheten", "2027", "Trafikenheten"),
        (None, "A3", "Utbilda skolpatruller", "varje år", "Skolkontoret"),
    ]}, [
        Row("Bygga gångbana vid skolan", year(2026), "Tekniska kontoret", "Tryggare skolvägar"),
        Row("Sänka hastigheten", year(2027), "Trafikenheten", "Tryggare skolvägar"),
        Row("Utbilda skolpatruller", EVERY_YEAR, "Skolkontoret", "Tryggare skolvägar"),
    ], ("B1:C1", "A2:A4")),
    Layout("a heading over the number alone", "Toimenpide;;Vastuutaho;Aikataulu\n1.1;Avataan neuvontapiste;Asiakaspalvelu;2026\n1.2;Koulutetaan neuvojat;Henkilöstöpalvelut;2027\n2.1;Kootaan palaute;Asiakaspalvelu;vuosittain\n", [
        Row("Avataan neuvontapiste", year(2026), "Asiakaspalvelu"), Row("Koulutetaan neuvojat", year(2027), "Henkilöstöpalvelut"),
        Row("Kootaan palaute", EVERY_YEAR, "Asiakaspalvelu"),
    ]),
    # the schedule in the target, titles between numbered rows
    Layout("the schedule stands in the target", {"Seuranta": [
        ("Kestävyysohjelman seuranta, syksy 2026",), ("Nro", "Tehtävä", "Vastuu", "Tavoite", "Rahoitus"),
        (None, "Rakennukset"), ("1.1", "Lasketaan päästöt", "Tilapalvelut", "Valmis 31.10.2026 mennessä", "Talousarvio"),
        ("1.2", "Uusitaan valaistus", "Kuntatekniikka", "Valmis keväällä 2027", "Avustus"),
        (None, "Jätteet"), ("2.1", "Lajitellaan biojäte", "Jätehuolto", "Jatkuva", "Maksut"),
    ]}, [
        Row("Lasketaan päästöt", "year_range /2026-10-31", "Tilapalvelut", "Rakennukset"),
        Row("Uusitaan valaistus", part("2027-03-01", "2027-05-31"), "Kuntatekniikka", "Rakennukset"),
        Row("Lajitellaan biojäte", "continuous /", "Jätehuolto", "Jätteet"),
    ]),
    Layout("titles between rows numbered in letters", {"Uppföljning": [
        ("Nr", "Aktivitet", "Ansvarig", "Mål"), (None, "Bostäder"),
        ("a)", "Inventera lägenheter", "Bostadsbolaget", "Klart senast 30 juni 2026"), ("b)", "Bygga hissar", "Tekniska kontoret", "Klart 2027"),
        (None, "Mötesplatser"), ("c)", "Öppna café", "Fritidsenheten", "Pågår löpande"),
    ]}, [
        Row("Inventera lägenheter", "year_range /2026-06-30", "Bostadsbolaget", "Bostäder"),
        Row("Bygga hissar", year(2027), "Tekniska kontoret", "Bostäder"),
        Row("Öppna café", "continuous /", "Fritidsenheten", "Mötesplatser"),
    ]),
    Layout("titles between rows with two numbers", "# Nature plan\n\n| Ref | Action | | Target | Owner |\n|---|---|---|---|---|\n| | Woodland | | | |\n| 1 | W1 | Survey ancient trees | Survey finished by 31 May 2026 | Parks unit |\n| 2 | W2 | Plant hedges | 400 m by 2027 | Highways |\n| | Water | | | |\n| 3 | R1 | Restore the brook | Ongoing | Drainage team |\n", [
        Row("Survey ancient trees", "year_range /2026-05-31", "Parks unit", "Woodland"),
        Row("Plant hedges", "year_range /2027-12-31", "Highways", "Woodland"),
        Row("Restore the brook", "continuous /", "Drainage team", "Water"),
    ]),
    # financial years
    Layout("years of two halves in a document with financial years", "# Nature plan 2026/27 to 2028/29\n\n| Action | Lead | Timescale |\n|---|---|---|\n| Map the hedgerows | Parks unit | 2026/27 |\n| Plant trees | Parks unit | by end of 2027/28 |\n| Hold workshops | Library | 2026–2028 |\n", [
        Row("Map the hedgerows", part("2026-04-01", "2027-03-31"), "Parks unit"),
        Row("Plant trees", "year_range /2028-03-31", "Parks unit"), Row("Hold workshops", year(2026, 2028), "Library"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: str(layout.name))
def test_a_table_of_a_plan_is_read(tmp_path: Path, layout: Layout) -> None:
    """Each action with its schedule, its leads and what stands over it."""
    assert read_rows(write(layout, tmp_path)) == layout.rows


MARCH = "Financial years (FY) run from 1 April to 31 March."


@pytest.mark.parametrize(
    ("said", "schedule", "words"),
    [
        (MARCH, "By end of FY26", "By end of FY 2025/26"), (MARCH, "FY2027", "FY 2026/27"), (MARCH, "2026/27", "FY 2026/27"),
        ("Our financial year ends on 31 March", "FY26", "FY 2025/26"), ("The budget of the financial year", "FY26", "FY26"),
        ("The budget of the financial year", "2025/26 and 2026/27", "FY 2025/26 and FY 2026/27"),
        ("Plan 2025/26–2027/28", "2026/27", "FY 2026/27"), ("Due Q4 2025/26", "during 2026/27", "during FY 2026/27"),
        (MARCH, "winter 2025/26", "winter 2025/26"), (MARCH, "academic year 2026/27", "academic year 2026/27"),
        (MARCH, "2026/27 academic year", "2026/27 academic year"), (MARCH, "Q4 2025/26", "Q4 2025/26"),
        (MARCH, "directive 2010/31", "directive 2010/31"), ("A plan", "2026/27", "2026/27"), ("A plan", "FY26", "FY26"),
    ],
)  # fmt: skip
def test_financial_years_are_called_so(said: str, schedule: str, words: str) -> None:
    """Where a document tells which years are financial ones, its schedules say it; else they stay."""
    blocks = (TextLine(said, "line 1"), Table((TableRow(("Action", schedule), "row 1"),)))
    assert FinancialYears(DocumentContent("plan.docx", blocks)).in_words(schedule) == words


def test_a_financial_year_of_unknown_end_is_doubtful(tmp_path: Path) -> None:
    """A finding asks for what the document does not say: when FY26 ends."""
    path = tmp_path / "plan.md"
    path.write_text(
        "# Nature plan\n\n| Action | Lead | Timescale |\n|---|---|---|\n"
        "| Map the hedgerows | Parks unit | By end of FY26 |\n| Plant trees | Parks unit | 2026 |\n",
        encoding="utf-8",
    )
    found = [(one.code, one.words) for one in read_documents([path]).findings]
    assert [one for one in found if one[0] == "doubtful-schedule"] == [
        ("doubtful-schedule", "By end of FY26")
    ]


SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


@pytest.mark.parametrize(
    ("stored", "shown", "text"),
    [
        ("Welfare unit&#10;Library", "Welfare unit\nLibrary", "Welfare unit\nLibrary"),
        ("Welfare  unit", "Welfare unit", "Welfare unit"), ("something else&#10;", "Welfare unit", "Welfare unit"),
    ],
)  # fmt: skip
def test_lines_of_a_cell_stay(tmp_path: Path, stored: str, shown: str, text: str) -> None:
    """Some programs write the lines of a cell as one paragraph, and keep them beside it."""
    cell = f'<table:table-cell office:value-type="string" office:string-value="{stored}"><text:p>{shown}</text:p></table:table-cell>'
    body = f'<table:table table:name="Plan"><table:table-row>{cell}{cell}</table:table-row></table:table>'
    whole = f"<office:document-content {SPACES}><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", whole)
    path = tmp_path / "plan.ods"
    path.write_bytes(out.getvalue())
    (table,) = read_content(path).tables
    assert table.rows[0].cells == (text, text)

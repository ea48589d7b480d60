# ruff: noqa: E501 - a row of a table stays on one line
"""Layouts that planners use: what is an action in tables, lists, cards, forms and year clocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from reminders.intake.content import Block, DocumentContent, Heading, Table, TableRow, TextLine
from reminders.intake.interpret import interpret
from reminders.intake.read import read_documents
from reminders.intake.shapes import outline
from tests.intake.measure import title

Rows = Sequence[Sequence[object]]


class Row(NamedTuple):
    """What an action says: title, kind and bounds of its schedule, leads, and what stands over it."""

    title: str
    when: str
    leads: str = ""
    over: str = ""


class Layout(NamedTuple):
    """A document and its rows; a text is Markdown, sheets are a workbook with merged areas on its first."""

    name: str
    source: str | dict[str, Rows]
    rows: list[Row]
    merged: tuple[str, ...] = ()
    title: str = ""


def write(layout: Layout, folder: Path) -> Path:
    """Write the file of a layout."""
    if isinstance(layout.source, str):
        ending = "csv" if layout.source.count("\n") and ";" in layout.source.split("\n", 1)[0] else "md"
        path = folder / f"plan.{ending}"
        path.write_text(layout.source, encoding="utf-8")
        return path
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, rows in layout.source.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for area in layout.merged:
        book.worksheets[0].merge_cells(area)
    book.properties.title = layout.title
    book.save(folder / "plan.xlsx")
    return folder / "plan.xlsx"


def read_rows(path: Path) -> list[Row]:
    """Return the actions of a file as rows."""
    return [as_row(action) for action in read_documents([path]).documents[0].as_json()["actions"]]


def as_row(action: dict[str, Any]) -> Row:
    """Return a neutral action as a row; what stands over it are its domain and goal."""
    when = f"{action['kind']} {action['start'] or ''}/{action['end'] or ''}"
    over = " / ".join(filter(None, (action["domain"], action["goal"])))
    return Row(title(action), when, "; ".join(action["leads"]), over)


def year(first: int, last: int | None = None) -> str:
    """Return one year, or several."""
    kind = "single_year" if last is None else "year_range"
    return f"{kind} {first}-01-01/{last or first}-12-31"


def span(first: str, last: str) -> str:
    """Return a span of days."""
    return f"year_range {first}/{last}"


def part(first: str, last: str) -> str:
    """Return one part of a year."""
    return f"single_year {first}/{last}"


EVERY_YEAR = "continuous /"
NONE = "programme_period /"

LAYOUTS = [
    # start and end
    Layout("start and end of any name", "Toimenpide;Vastuutaho;Alkupvm;Loppupvm\nAvataan toimisto;Yksikkö A;2024-03-01;2025-06-30\nSuljetaan toimisto;Yksikkö B;1/2025;12/2025\nToimisto toimii;Yksikkö C;2026;\n", [
        Row("Avataan toimisto", span("2024-03-01", "2025-06-30"), "Yksikkö A"),
        Row("Suljetaan toimisto", span("2025-01-01", "2025-12-31"), "Yksikkö B"),
        Row("Toimisto toimii", "continuous 2026-01-01/", "Yksikkö C"),
    ]),
    Layout("dates of unknown headings", {"Plan": [
        ("Uppgift", "Ansvarig", "Igång", "I mål"),
        ("Skriva manual", "Enhet A", date(2025, 1, 15), date(2025, 3, 31)),
        ("Granska manual", "Enhet B", date(2025, 4, 1), date(2025, 5, 31)),
    ]}, [
        Row("Skriva manual", span("2025-01-15", "2025-03-31"), "Enhet A"),
        Row("Granska manual", span("2025-04-01", "2025-05-31"), "Enhet B"),
    ]),
    Layout("start and end under a merged header", {"Plan": [
        ("Action", "Responsible", "Schedule", None), (None, None, "Start", "End"),
        ("Open a desk", "Unit A", "2025", "2026"), ("Close a desk", "Unit B", None, "2027"),
    ]}, [
        Row("Open a desk", year(2025, 2026), "Unit A"), Row("Close a desk", year(2027), "Unit B"),
    ], ("C1:D1", "A1:A2", "B1:B2")),
    Layout("a header of three rows", {"Ohjelma": [
        ("Tavoite", "Toimenpide", "Toteutus", None, None, None, "Mittari"),
        (None, None, "Vastuu", None, "Aikataulu", None, None),
        (None, None, "Päävastuu", "Muut", "Alkaa", "Päättyy", None),
        ("Työ", "Messut", "Työllisyyspalvelut", "Kauppakamari", "1/2025", "12/2026", "Määrä"),
        ("Työ", "Mentorointi", "Hyvinvointiyksikkö", "Opisto", "2026", None, "Parit"),
    ]}, [
        Row("Messut", span("2025-01-01", "2026-12-31"), "Työllisyyspalvelut", "Työ"),
        Row("Mentorointi", "continuous 2026-01-01/", "Hyvinvointiyksikkö", "Työ"),
    ], ("C1:F1", "C2:D2", "E2:F2", "A1:A3", "B1:B3", "G1:G3")),
    # marks under periods
    Layout("crosses under quarters with the years above", {"Tidplan": [
        ("Handlingsplan digitalisering 2024-2025",), (None, None, "2024", None, None, None, "2025"),
        ("Aktivitet", "Ansvarig", "Q1", "Q2", "Q3", "Q4", "Q1", "Q2", "Q3", "Q4"),
        ("Upphandla e-arkiv", "IT-enheten", "X", "X"), ("Utbilda registratorer", "Kanslienheten", *[None] * 5, "X", None, "X"),
        ("Utvärdera", "IT-enheten", *[None] * 7, "X"),
    ]}, [
        Row("Upphandla e-arkiv", span("2024-01-01", "2024-06-30"), "IT-enheten"),
        Row("Utbilda registratorer", span("2025-04-01", "2025-12-31"), "Kanslienheten"),
        Row("Utvärdera", part("2025-10-01", "2025-12-31"), "IT-enheten"),
    ], ("C2:F2", "G2:J2")),
    Layout("marks under months, the year in the title", {"Aikataulu": [
        ("Digiohjelman aikataulu 2026",), ("Toimenpide", "Vastuu", "Tammi", "Helmi", "Maalis", "Huhti", "Touko", "Kesä"),
        ("Kysely henkilöstölle", "Henkilöstöpalvelut", "x", "x"), ("Verkkosivut uusitaan", "Viestintä", None, None, "■", "■", "■"),
    ]}, [
        Row("Kysely henkilöstölle", span("2026-01-01", "2026-02-28"), "Henkilöstöpalvelut"),
        Row("Verkkosivut uusitaan", span("2026-03-01", "2026-05-31"), "Viestintä"),
    ]),
    Layout("months without a year come each year", {"Årshjul": [
        ("Aktivitet", "Ansvar", *"JFMAMJJASOND"), ("Bokslut", "Ekonomienheten", "x", "x"), ("Julfest", "Kansliet", *[None] * 11, "x"),
    ]}, [Row("Bokslut", EVERY_YEAR, "Ekonomienheten"), Row("Julfest", EVERY_YEAR, "Kansliet")]),
    Layout("half-years under years", {"Plan": [
        (None, None, "2025", None, "2026", None), ("Action", "Lead", "H1", "H2", "H1", "H2"),
        ("Hire a coach", "HR unit", None, None, "●"), ("Publish a report", "Planning unit", None, "●", "●", "●"),
    ]}, [
        Row("Hire a coach", part("2026-01-01", "2026-06-30"), "HR unit"),
        Row("Publish a report", span("2025-07-01", "2026-12-31"), "Planning unit"),
    ], ("C1:D1", "E1:F1")),
    Layout("tertials and years in one heading", "Åtgärd;Ansvarig;T1 2025;T2 2025;T3 2025;T1 2026\nKartlägga behov;Socialförvaltningen;x;x;;\nUtbilda personal;Personalenheten;;;x;x\n", [
        Row("Kartlägga behov", span("2025-01-01", "2025-08-31"), "Socialförvaltningen"),
        Row("Utbilda personal", span("2025-09-01", "2026-04-30"), "Personalenheten"),
    ]),
    Layout("numbers under a year are its quarters", {"Plan": [
        ("Toimenpide", "Vastuu", "2025", None, None, None), (None, None, "1", "2", "3", "4"),
        ("Rakennetaan silta", "Tekninen toimi", "x", "x"), ("Avataan tori", "Kaupunkisuunnittelu", None, None, None, "x"),
    ]}, [
        Row("Rakennetaan silta", span("2025-01-01", "2025-06-30"), "Tekninen toimi"),
        Row("Avataan tori", part("2025-10-01", "2025-12-31"), "Kaupunkisuunnittelu"),
    ], ("A1:A2", "B1:B2", "C1:F1")),
    Layout("words under years", "Toimenpide;Vastuutaho;2025;2026;2027\nLiikuntaneuvonta;Liikuntapalvelut;Suunnittelu;Pilotti;Käytössä\nKesätyöseteli;Nuorisopalvelut;;Valmistelu;Toteutus\n", [
        Row("Liikuntaneuvonta", year(2025, 2027), "Liikuntapalvelut"), Row("Kesätyöseteli", year(2026, 2027), "Nuorisopalvelut"),
    ]),
    Layout("what is to be done under years", "Tavoite;Vastuu;2025;2026\nTyöllisyys paranee;Työllisyyspalvelut;Rekrytointimessut järjestetään;Mentorointi käynnistyy\nLapset voivat hyvin;Perhekeskus;Perhekahvila avataan;\n", [
        Row("Rekrytointimessut järjestetään", year(2025), "Työllisyyspalvelut", "Työllisyys paranee"),
        Row("Mentorointi käynnistyy", year(2026), "Työllisyyspalvelut", "Työllisyys paranee"),
        Row("Perhekahvila avataan", year(2025), "Perhekeskus", "Lapset voivat hyvin"),
    ]),
    # year clocks
    Layout("a sheet a month", {
        "Tammikuu": [("Tehtävä", "Vastuu"), ("Tilinpäätös tehdään", "Talousyksikkö"), ("Toimintakertomus kirjoitetaan", "Hallinto")],
        "Helmikuu": [("Tehtävä", "Vastuu"), ("Vuosikokous pidetään", "Johtokunta")],
    }, [
        Row("Tilinpäätös tehdään", part("2026-01-01", "2026-01-31"), "Talousyksikkö", "Tammikuu"),
        Row("Toimintakertomus kirjoitetaan", part("2026-01-01", "2026-01-31"), "Hallinto", "Tammikuu"),
        Row("Vuosikokous pidetään", part("2026-02-01", "2026-02-28"), "Johtokunta", "Helmikuu"),
    ], title="Vuosikello 2026"),
    Layout("month headings with items", "# Årsklocka för styrelsen\n\nEn årsklocka underlättar arbetet.\n\n## Januari\n\n- Bokslutsarbete\n- Planering av årsmötet (datum, plats, kallelse)\n\n## Februari\n\n- Styrelsen godkänner bokslutet\n\n## Mars\n\n- Föreningens årsmöte\n", [
        Row("Bokslutsarbete", EVERY_YEAR, "", "Januari"), Row("Planering av årsmötet (datum, plats, kallelse)", EVERY_YEAR, "", "Januari"),
        Row("Styrelsen godkänner bokslutet", EVERY_YEAR, "", "Februari"), Row("Föreningens årsmöte", EVERY_YEAR, "", "Mars"),
    ]),
    Layout("items with the lead in brackets, and a date", "# Vuosikello 2026\n\n## Tammikuu\n- 15.1. Tilinpäätös aloitetaan (talouspalvelut)\n- Kysely henkilöstölle (henkilöstöpalvelut)\n\n## Helmikuu\n- Toimintakertomus kirjoitetaan (hallinto)\n", [
        Row("Tilinpäätös aloitetaan", part("2026-01-15", "2026-01-15"), "talouspalvelut", "Tammikuu"),
        Row("Kysely henkilöstölle", part("2026-01-01", "2026-01-31"), "henkilöstöpalvelut", "Tammikuu"),
        Row("Toimintakertomus kirjoitetaan", part("2026-02-01", "2026-02-28"), "hallinto", "Helmikuu"),
    ]),
    Layout("nested items under months", "# Annual cycle of the integration board\n\n- January\n  - Approve the work plan (Integration board)\n  - Report to the council (Welfare unit)\n- June\n  - Review of the first half (Integration board)\n", [
        Row("Approve the work plan", EVERY_YEAR, "Integration board", "January"), Row("Report to the council", EVERY_YEAR, "Welfare unit", "January"),
        Row("Review of the first half", EVERY_YEAR, "Integration board", "June"),
    ]),
    Layout("a calendar's grid", {"Årshjul": [
        ("Januari", "Februari", "Mars"), ("Bokslutet görs\nÅrsberättelsen skrivs", "Årsmötet förbereds", "Årsmötet hålls"),
        ("April", "Maj", "Juni"), ("Deklarationen lämnas in", "Vårfest", "Sommarplan"),
    ]}, [
        Row("Bokslutet görs", EVERY_YEAR), Row("Årsberättelsen skrivs", EVERY_YEAR), Row("Årsmötet förbereds", EVERY_YEAR), Row("Årsmötet hålls", EVERY_YEAR),
        Row("Deklarationen lämnas in", EVERY_YEAR), Row("Vårfest", EVERY_YEAR), Row("Sommarplan", EVERY_YEAR),
    ]),
    # several actions under one text
    Layout("a goal over what is delivered", {"Plan": [
        ("Action", "Deliverable", "Deadline", "Lead"), ("Better service", "Contact centre opened", "June 2025", "Customer services"),
        (None, "Staff of the desk trained", "2026", "HR unit"), (None, "Website in use", "2027", "IT unit"), ("Greener city", "500 trees planted", "2025", "Parks unit"),
    ]}, [
        Row("Contact centre opened", part("2025-06-01", "2025-06-30"), "Customer services", "Better service"),
        Row("Staff of the desk trained", year(2026), "HR unit", "Better service"), Row("Website in use", year(2027), "IT unit", "Better service"),
        Row("500 trees planted", year(2025), "Parks unit", "Greener city"),
    ], ("A2:A4",)),
    Layout("two levels over an activity", {"Plan": [
        ("Mål", "Åtgärd", "Aktivitet", "Ansvarig", "När"), ("Fler i arbete", "Matchning", "Ordna mässa", "Näringslivsenheten", "2025"),
        (None, None, "Starta mentorprogram", "Näringslivsenheten", "2026"), (None, "Språk", "Språkkafé", "Biblioteket", "löpande"), (None, None, "Yrkessvenska", "Komvux", "2026"),
    ]}, [
        Row("Ordna mässa", year(2025), "Näringslivsenheten", "Fler i arbete / Matchning"), Row("Starta mentorprogram", year(2026), "Näringslivsenheten", "Fler i arbete / Matchning"),
        Row("Språkkafé", "continuous /", "Biblioteket", "Fler i arbete / Språk"), Row("Yrkessvenska", year(2026), "Komvux", "Fler i arbete / Språk"),
    ], ("A2:A5", "B2:B3", "B4:B5")),
    # several tables
    Layout("two tables side by side", {"Plan": [
        ("Action", "Responsible party", "Schedule", None, "Action", "Responsible party", "Schedule"),
        ("Recruitment fair", "Employment services", "2025", None, "Family café", "Family centre", "2026"),
        ("Mentoring", "Welfare unit", "Continuous", None, "School coach", "Basic education", "by the end of 2026"),
    ]}, [
        Row("Recruitment fair", year(2025), "Employment services"), Row("Mentoring", "continuous /", "Welfare unit"),
        Row("Family café", year(2026), "Family centre"), Row("School coach", "year_range /2026-12-31", "Basic education"),
    ]),
    Layout("tables under each other, a budget and risks at the end", {"Ohjelma": [
        ("Toimenpideohjelma 2025–2027",), (), ("1 Työllisyys",), ("Toimenpide", "Vastuutaho", "Aikataulu"), ("Messut", "Työllisyyspalvelut", "2025"), (),
        ("2 Kotoutuminen",), ("Aikataulu", "Toimenpide", "Mittari", "Vastuu"), ("jatkuva", "Kielikahvila", "kävijät", "Kirjasto"), (),
        ("Budjetti",), ("Toimenpide", "2025", "2026", "2027"), ("Messut", "10 000", "11 000", "12 000"), ("Yhteensä", "10 000", "11 000", "12 000"), (),
        ("Riskit",), ("Riski", "Todennäköisyys", "Vaikutus", "Toimenpide", "Vastuu", "Aikataulu"), ("Rahoitus loppuu", "2", "3", "Haetaan lisää", "Talousyksikkö", "2026"),
    ]}, [
        Row("Messut", year(2025), "Työllisyyspalvelut", "1 Työllisyys"), Row("Kielikahvila", "continuous /", "Kirjasto", "2 Kotoutuminen"),
    ]),
    # rows that go on, and rows that are no actions
    Layout("numbered themes between the rows, a note at the end", {"Ohjelma": [
        ("Nr", "Toimenpide", "Vastuu", "Aikataulu"), ("1", "Työllisyys"), ("1.1", "Rekrytointimessut", "Työllisyyspalvelut", "2025"),
        ("1.2", "Mentorointi", "Opisto", "jatkuva"), ("2", "Kotoutuminen"), ("2.1", "Kielikahvila", "Kirjasto", "2026"), ("* Riippuu rahoituksesta",),
    ]}, [
        Row("Rekrytointimessut", year(2025), "Työllisyyspalvelut", "1 Työllisyys"), Row("Mentorointi", "continuous /", "Opisto", "1 Työllisyys"),
        Row("Kielikahvila", year(2026), "Kirjasto", "2 Kotoutuminen"),
    ]),
    Layout("marks for the same as above, a sum at the end", {"Plan": [
        ("Tema", "Åtgärd", "Ansvarig", "Tid"), ("Miljö", "Laddstolpar", "Tekniska kontoret", "2026"), (None, "Cykelkampanj", '"', '"'),
        (None, "Energirådgivning", "samma", "2027"), ("Skola", "Läxhjälp", "Skolkontoret", "2025"), ("Summa", "4 åtgärder"),
    ]}, [
        Row("Laddstolpar", year(2026), "Tekniska kontoret", "Miljö"), Row("Cykelkampanj", year(2026), "Tekniska kontoret", "Miljö"),
        Row("Energirådgivning", year(2027), "Tekniska kontoret", "Miljö"), Row("Läxhjälp", year(2025), "Skolkontoret", "Skola"),
    ]),
    Layout("merged cells written as one and empty ones", "Goal;Action;Lead;When\nJobs;Fair;Unit A;2025\n;Mentoring;;\nChildren;Café;Unit B;2026\n;Coach;;\n;Club;;\n", [
        Row("Fair", year(2025), "Unit A", "Jobs"), Row("Mentoring", year(2025), "Unit A", "Jobs"), Row("Café", year(2026), "Unit B", "Children"),
        Row("Coach", year(2026), "Unit B", "Children"), Row("Club", year(2026), "Unit B", "Children"),
    ]),
    # a schedule without a column
    Layout("the schedule in the action", "Action;Responsible\nOpen a desk by June 2026;Customer services\nTrain 40 volunteers during 2025;HR unit\nPublish the results in autumn 2026;Planning unit\n", [
        Row("Open a desk by June 2026", "year_range /2026-06-30", "Customer services"), Row("Train 40 volunteers during 2025", year(2025), "HR unit"),
        Row("Publish the results in autumn 2026", part("2026-09-01", "2026-11-30"), "Planning unit"),
    ]),
    Layout("the schedule in the title", {"Plan": [
        ("Åtgärder under 2025",), ("Åtgärd", "Ansvarig", "Uppföljning"), ("Språkkafé", "Biblioteket", "Antal"), ("Mässa", "Näringslivsenheten", "Besökare"),
    ]}, [Row("Språkkafé", year(2025), "Biblioteket"), Row("Mässa", year(2025), "Näringslivsenheten")]),
    Layout("a row a month, an item an action", {"Vuosikello": [
        ("Kuukausi", "Tehtävät"), ("Tammikuu", "• Tilinpäätös tehdään\n• Toimintakertomus kirjoitetaan"), ("Helmikuu", "• Vuosikokous pidetään"), ("Maaliskuu", "• Veroilmoitus annetaan"),
    ]}, [
        Row("Tilinpäätös tehdään", EVERY_YEAR), Row("Toimintakertomus kirjoitetaan", EVERY_YEAR), Row("Vuosikokous pidetään", EVERY_YEAR), Row("Veroilmoitus annetaan", EVERY_YEAR),
    ]),
    # cards in tables
    Layout("names and values in four columns", {"Kortit": [
        ("Toimenpide", "Perhekahvila", "Vastuutaho", "Perhekeskus"), ("Aikataulu", "2025–2026", "Mittari", "Kävijät"),
        ("Toimenpide", "Koulucoach", "Vastuutaho", "Perusopetus"), ("Aikataulu", "2026", "Mittari", "Oppilaat"),
    ]}, [Row("Perhekahvila", year(2025, 2026), "Perhekeskus"), Row("Koulucoach", year(2026), "Perusopetus")]),
    Layout("a title over the names and values of each", {"Kort": [
        ("Familjekafé", None), ("Ansvarig", "Familjecentret"), ("Tidplan", "2025"), ("Indikator", "Besökare"),
        ("Läxhjälp", None), ("Ansvarig", "Skolkontoret"), ("Tidplan", "2026"), ("Indikator", "Elever"),
    ]}, [Row("Familjekafé", year(2025), "Familjecentret"), Row("Läxhjälp", year(2026), "Skolkontoret")], ("A1:B1", "A5:B5")),
    # lists
    Layout("sentences that say who and when", "# Integration action plan 2025–2027\n\n1. Open a welcome desk. Responsible: HR unit. By June 2026.\n2. Train 40 volunteers. The HR unit is responsible. In 2025.\n3. Review the plan. Responsible: Planning unit. Annually.\n", [
        Row("Open a welcome desk", "year_range /2026-06-30", "HR unit"), Row("Train 40 volunteers", year(2025), "The HR unit"), Row("Review the plan", "continuous /", "Planning unit"),
    ]),
    Layout("a date in the sentence and the lead behind a comma", "# Toimintasuunnitelma 2026\n\n- Kevätkokous pidetään maaliskuussa 2026, vastuu: johtokunta\n- Jäsenkysely toteutetaan 1.4.–30.4.2026, vastuu: sihteeri\n- Talkoot järjestetään 15.5.2026, vastuu: pihatoimikunta\n", [
        Row("Kevätkokous pidetään maaliskuussa 2026", part("2026-03-01", "2026-03-31"), "johtokunta"),
        Row("Jäsenkysely toteutetaan 1.4.–30.4.2026", span("2026-04-01", "2026-04-30"), "sihteeri"),
        Row("Talkoot järjestetään 15.5.2026", part("2026-05-15", "2026-05-15"), "pihatoimikunta"),
    ]),
    Layout("items under items", "# Klimatplan 2025–2028\n\n- Transporter\n  - Bygga laddstolpar\n    - Ansvarig: Tekniska kontoret\n    - Tid: 2026\n  - Cykelkampanj\n    - Ansvarig: Kommunikationsenheten\n    - Tid: 2027\n- Byggnader\n  - Energikartläggning av skolor\n    - Ansvarig: Fastighetsavdelningen\n    - Tid: 2025–2026\n", [
        Row("Bygga laddstolpar", year(2026), "Tekniska kontoret", "Transporter"), Row("Cykelkampanj", year(2027), "Kommunikationsenheten", "Transporter"),
        Row("Energikartläggning av skolor", year(2025, 2026), "Fastighetsavdelningen", "Byggnader"),
    ]),
    Layout("actions of one year, the lead in brackets", "# Työllisyysohjelma 2025\n\n## Toimenpiteet vuonna 2025\n\n- Rekrytointitapahtuma (työllisyyspalvelut)\n- Oppisopimuskampanja (elinkeinopalvelut)\n- Kesätyöseteli nuorille (nuorisopalvelut)\n", [
        Row("Rekrytointitapahtuma", year(2025), "työllisyyspalvelut", "Toimenpiteet vuonna 2025"), Row("Oppisopimuskampanja", year(2025), "elinkeinopalvelut", "Toimenpiteet vuonna 2025"),
        Row("Kesätyöseteli nuorille", year(2025), "nuorisopalvelut", "Toimenpiteet vuonna 2025"),
    ]),
    Layout("a pasted table with a line for each cell", "Toimenpide\nVastuutaho\nAikataulu\nRekrytointimessut\nTyöllisyyspalvelut\n2025\nMentorointi\nOpisto\njatkuva\nKielikahvila\nKirjasto\n2026–2027\n", [
        Row("Rekrytointimessut", year(2025), "Työllisyyspalvelut"), Row("Mentorointi", "continuous /", "Opisto"), Row("Kielikahvila", year(2026, 2027), "Kirjasto"),
    ]),
    # two columns of who is responsible
    Layout("departments before actions with persons", "Förvaltning;Åtgärd;Ansvarig tjänsteperson;Tidplan\nTeknik;Byta belysning;fastighetschef;2026\nTeknik;Laga vägar;gatuchef, trafikchef;2027\nKultur;Ta fram konstplan;kulturchef;2027–2028\n", [
        Row("Byta belysning", year(2026), "fastighetschef", "Teknik"), Row("Laga vägar", year(2027), "gatuchef; trafikchef", "Teknik"), Row("Ta fram konstplan", year(2027, 2028), "kulturchef", "Kultur"),
    ]),
    Layout("a department behind who is responsible takes part", "Toimenpide;Vastuutaho;Osasto;Aikataulu\nUusitaan katuvalot;kaupungininsinööri;kunnallistekniikka;2026\nKouluruokakysely;ruokapalvelupäällikkö;ruokapalvelut;2027\n", [
        Row("Uusitaan katuvalot", year(2026), "kaupungininsinööri"), Row("Kouluruokakysely", year(2027), "ruokapalvelupäällikkö"),
    ]),
    Layout("a unit and a person are two", {"Plan": [
        ("Action", "Responsible unit", "Responsible person", "Schedule"), ("Replace lights", "Streets", "city engineer", "2026"), ("Survey meals", "Food services", "catering manager", "2027"),
    ]}, [Row("Replace lights", year(2026), "Streets; city engineer"), Row("Survey meals", year(2027), "Food services; catering manager")]),
    # no schedules
    Layout("labels without any schedule", "# Aktivitetsplan 2025–2028\n\n## Tillsyn\n\nAktivitet: 1. Erbjuda metodstöd\nAnsvarig: Länsstyrelsen\nSamverkanspartner: Kommunerna\nAktivitet: 2. Utbilda förtroendevalda i ansvarsfull tillståndsgivning under 2027\nAnsvarig: Länsstyrelsen\nAktivitet: 3. Samordna kontrollköp\nAnsvarig: Länsstyrelsen, Kommunerna\n", [
        Row("Erbjuda metodstöd", NONE, "Länsstyrelsen", "Tillsyn"), Row("Utbilda förtroendevalda i ansvarsfull tillståndsgivning under 2027", year(2027), "Länsstyrelsen", "Tillsyn"),
        Row("Samordna kontrollköp", NONE, "Länsstyrelsen; Kommunerna", "Tillsyn"),
    ]),
    Layout("leads in brackets without any schedule", "# Hyvinvointisuunnitelma 2026–2028\n\n## Nuoret\n\n- Järjestetään kerhoja (sivistyspalvelut)\n- Laajennetaan perhetyötä (Sosiaalipalvelut)\n- Kartoitetaan liikunta (Liikuntapalvelut, seurat)\n- Lainataan välineitä (esim. kirjastot)\n", [
        Row("Järjestetään kerhoja", NONE, "sivistyspalvelut", "Nuoret"), Row("Laajennetaan perhetyötä", NONE, "Sosiaalipalvelut", "Nuoret"), Row("Kartoitetaan liikunta", NONE, "Liikuntapalvelut; seurat", "Nuoret"),
    ]),
    Layout("headings with leads without any schedule", "# Accessibility plan 2025–2027\n\n## Buildings\n\n### Fit ramps at the town hall\nLead: Property Services\n\n### Audit signage\nLead: Library Service\n\n### Train reception staff\nLead: HR Team\n", [
        Row("Fit ramps at the town hall", NONE, "Property Services", "Buildings"), Row("Audit signage", NONE, "Library Service", "Buildings"), Row("Train reception staff", NONE, "HR Team", "Buildings"),
    ]),
    Layout("a table without any schedule", {"Ohjelma": [
        ("Toimenpide", "Vastuutaho", "Mittari"), ("Kerhojen lisääminen", "Sivistyspalvelut", "Kerhot"), ("Perhetyö", "Sosiaalipalvelut", "Asiakkaat"), ("Etsivä vanhustyö", "Hyvinvointialue", "Tavoitetut"),
    ]}, [Row("Kerhojen lisääminen", NONE, "Sivistyspalvelut"), Row("Perhetyö", NONE, "Sosiaalipalvelut"), Row("Etsivä vanhustyö", NONE, "Hyvinvointialue")]),
    Layout("one bullet without a schedule among others", "# Program 2025–2028\n\n- Inventera hinder (Tekniska nämnden, 2026)\n- Ledsagning till aktiviteter (Socialnämnden, 2027)\n- Praktikplatser (Arbetsmarknadsenheten)\n- Utbildning av personal (HR-avdelningen, årligen)\n", [
        Row("Inventera hinder", year(2026), "Tekniska nämnden"), Row("Ledsagning till aktiviteter", year(2027), "Socialnämnden"), Row("Praktikplatser", NONE, "Arbetsmarknadsenheten"), Row("Utbildning av personal", "continuous /", "HR-avdelningen"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: str(layout.name))
def test_a_layout_is_read(tmp_path: Path, layout: Layout) -> None:
    """Each action with its schedule, its leads and what stands over it."""
    assert read_rows(write(layout, tmp_path)) == layout.rows


def table(*rows: Sequence[str], number: int = 1) -> Table:
    """Return a table of a Word document."""
    places = (f"table {number}, row {at}" for at in range(1, len(rows) + 1))
    return Table(tuple(TableRow(tuple(cells), place) for cells, place in zip(rows, places, strict=True)))


def drafts_of(*blocks: Block) -> list[tuple[str, str, str, str]]:
    """Return title, schedule, responsible and domain of each draft."""
    found = outline(DocumentContent("plan.docx", blocks)).drafts
    return [(" ".join(one.bullets), one.schedule, one.responsible, one.domain) for one in found]


def heading(level: int, text: str) -> Heading:
    """Return a heading."""
    return Heading(level, text, "paragraph 1")


def test_a_form_tells_what_holds_for_the_table_under_it() -> None:
    """Lead and partners of a commitment are those of its milestones."""
    drafts = drafts_of(
        heading(1, "Open Government National Action Plan 2022–2024"),
        heading(2, "Commitment 1: Open contracting"),
        table(
            ("Number and name of commitment", "Commitment 1: Open contracting"),
            ("Commitment start and end date", "1 January 2022 - 30 June 2024"),
            ("Lead implementing agency", "Ministry of Finance"),
            ("What is the commitment?", "A short description in two sentences. It helps people."),
        ),
        table(
            ("Milestone activity with a verifiable deliverable", "New or ongoing", "Start date", "End date"),
            ("1.1 Publish all contracts", "New", "1 January 2022", "31 December 2022"),
            ("1.2 Train 200 buyers", "New", "1 March 2022", "30 June 2024"),
        ),
        heading(2, "Commitment 2: Register of owners"),
        table(
            ("Number and name of commitment", "Commitment 2: Register of owners"),
            ("Commitment start and end date", "2023–2024"),
            ("Lead implementing agency", "Ministry of Justice"),
        ),
    )
    assert drafts == [
        ("1.1 Publish all contracts", "1 January 2022–31 December 2022", "Ministry of Finance", "Commitment 1: Open contracting"),
        ("1.2 Train 200 buyers", "1 March 2022–30 June 2024", "Ministry of Finance", "Commitment 1: Open contracting"),
        ("Commitment 2: Register of owners", "2023–2024", "Ministry of Justice", ""),
    ]  # fmt: skip


def test_a_form_goes_over_into_its_milestones() -> None:
    """In one table: fields, a header, rows, and fields again; the rows alone are actions."""
    milestones = "Milestone Activity with a verifiable deliverable"
    drafts = drafts_of(
        heading(1, "National Action Plan 2023–2025"),
        table(
            ("1. Open budgets",) * 4,
            ("Commitment Start and End Date", *["1 January 2023 – 31 December 2025"] * 3),
            ("Lead implementing agency/actor", *["Ministry of Finance"] * 3),
            ("Commitment description",) * 4,
            ("What is the public problem?", *["People do not know the budget."] * 3),
            (milestones, "Start Date:", "End Date:", "Status"),
            ("Publish the budget", "1 March 2023", "30 June 2023", "ongoing"),
            ("Train journalists", "1 September 2023", "31 May 2024", "new"),
            ("Name of responsible person", *["The head of the unit"] * 3),
        ),
    )
    assert [(what, who, over) for what, _, who, over in drafts] == [
        ("Publish the budget", "Ministry of Finance", "1. Open budgets"),
        ("Train journalists", "Ministry of Finance", "1. Open budgets"),
    ]


def test_a_frame_around_cards_is_no_table() -> None:
    """A cell whose lines name fields is a card."""
    drafts = drafts_of(
        heading(1, "Toimenpideohjelma"),
        table(
            ("Toimenpide: Perhekahvila\nVastuu: Perhekeskus\nAikataulu: 2025",),
            ("Toimenpide: Koulucoach\nVastuu: Perusopetus\nAikataulu: 2026",),
        ),
    )
    assert drafts == [("Perhekahvila", "2025", "Perhekeskus", ""), ("Koulucoach", "2026", "Perusopetus", "")]


def test_cards_beside_a_table_of_indicators_are_the_actions() -> None:
    """A table of goals and figures is none."""
    cards: list[Block] = []
    for name, who, when in (("Messut", "Työllisyyspalvelut", "2025"), ("Kielikahvila", "Kirjasto", "2026")):
        cards += [heading(3, name), TextLine("Kuvataan tässä lyhyesti.", "paragraph 4")]
        cards += [
            TextLine(f"Vastuu: {who}", "paragraph 5"),
            TextLine(f"Aikataulu: {when}", "paragraph 6"),
        ]
    indicators = table(
        ("Tavoite", "Mittari", "Lähtötaso 2024", "Tavoitetaso 2027"), ("Työ", "Työttömät %", "14", "10"), ("Kieli", "Kurssilaiset", "200", "300")
    )  # fmt: skip
    drafts = drafts_of(
        heading(1, "Kotoutumisohjelma"),
        heading(2, "Mittarit"),
        indicators,
        heading(2, "Toimenpiteet"),
        *cards,
    )
    assert drafts == [
        ("Messut", "2025", "Työllisyyspalvelut", "Toimenpiteet"),
        ("Kielikahvila", "2026", "Kirjasto", "Toimenpiteet"),
    ]


def test_a_description_is_a_field_of_its_card() -> None:
    """The heading of a card is the action, whatever its description says."""
    lines = ["Kuvaus: Toimenpiteellä tuetaan laatua.", "Vastuuhenkilö: Varhaiskasvatusjohtaja", "Aikataulu: 2024–2025", "Kustannukset: 5 000 €"]  # fmt: skip
    card = [TextLine(line, f"paragraph {at}") for at, line in enumerate(lines, start=2)]
    drafts = drafts_of(
        heading(1, "Kehittämissuunnitelma 2024–2026"),
        heading(1, "Pedagogiikka"),
        heading(2, "Toimenpide 1: Vertaisryhmät"),
        *card,
        heading(2, "Toimenpide 2: Arviointimalli"),
        *card,
    )
    assert drafts == [
        ("Vertaisryhmät", "2024–2025", "Varhaiskasvatusjohtaja", "Pedagogiikka"),
        ("Arviointimalli", "2024–2025", "Varhaiskasvatusjohtaja", "Pedagogiikka"),
    ]


def test_a_month_of_a_year_clock_comes_each_year() -> None:
    """What is printed stays; what is meant is each January."""
    draft = outline(
        DocumentContent(
            "clock.md",
            (
                heading(1, "January"),
                TextLine("- Approve the plan", "line 2"),
                heading(1, "March"),
                TextLine("- Annual meeting", "line 4"),
                TextLine("- Report", "line 5"),
            ),
        )
    ).drafts[0]
    action = interpret(draft, "en")
    assert (draft.schedule, action.schedule and action.schedule.kind) == ("January", "recurring")
    assert action.schedule is not None
    assert action.schedule.frequency is not None
    assert action.schedule.frequency.month == 1

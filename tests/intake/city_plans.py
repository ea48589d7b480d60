# ruff: noqa: E501 - a row of a table stays on one line
"""Plans as cities lay them out, none of them made with the reader in mind, and what each of them says.

Each function writes one file; ``PLANS`` holds its rows as a person reads them: title, kind and bounds of
the schedule, leads, partners, domain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import docx
import openpyxl
from docx.document import Document
from docx.table import Table as WordTable

from tests.intake.pages import Paper, xlsx


class Want(NamedTuple):
    """What a row says; ``when`` is kind and bounds as in ``start/end``."""

    title: str
    when: str
    leads: str
    partners: str = ""
    domain: str = ""


PLANS: dict[Callable[[Path], Path], list[Want]] = {}


def plan(*wanted: Want) -> Callable[[Callable[[Path], Path]], Callable[[Path], Path]]:
    """Register a document with what it says."""

    def register(make: Callable[[Path], Path]) -> Callable[[Path], Path]:
        PLANS[make] = list(wanted)
        return make

    return register


def grid(document: Document, rows: Sequence[Sequence[str]]) -> WordTable:
    """A table in a Word document."""
    table: WordTable = document.add_table(rows=0, cols=len(rows[0]))
    table.style = "Table Grid"
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    return table


@plan(
    Want(
        "Kouluruokailun hävikin mittaaminen kahdesti vuodessa",
        "year_range 2025-01-01/2026-12-31",
        "Ruokapalvelut",
        "",
        "Arjen hyvinvointi",
    ),
    Want("Perhekerhot lähiöihin", "continuous /", "Varhaiskasvatus", "", "Arjen hyvinvointi"),
    Want(
        "Liikuntaneuvonnan laajentaminen",
        "year_range /2027-12-31",
        "Liikuntapalvelut; Terveysneuvonta",
        "",
        "Arjen hyvinvointi",
    ),
    Want("Nuorten kesätyösetelit", "continuous /", "Nuorisopalvelut", "", "Nuorten osallisuus"),
    Want(
        "Nuorisovaltuuston toimintasääntö uusitaan",
        "single_year 2025-01-01/2025-12-31",
        "Nuorisovaltuusto",
        "",
        "Nuorten osallisuus",
    ),
)
def wellbeing_xlsx(folder: Path) -> Path:
    """Finnish: title rows, a header of two lines on rows three and four, merged priorities, a status column."""
    rows = [
        ("Hyvinvointisuunnitelma 2025–2028", None, None, None, None, None, None),
        ("Hyväksytty kaupunginvaltuustossa 16.6.2025 § 45", None, None, None, None, None, None),
        ("Painopiste", "Tavoite", "Toimenpide", "Toteutus", None, "Mittari", "Tilanne 12/2025"),
        (None, None, None, "Aikataulu", "Vastuutaho", None, None),
        ("Arjen hyvinvointi", "Terveelliset ruokatottumukset", "Kouluruokailun hävikin mittaaminen kahdesti vuodessa", "2025–2026", "Ruokapalvelut", "Hävikki kg/oppilas", "kesken"),
        (None, "Vanhemmuuden tuki", "Perhekerhot lähiöihin", "jatkuva", "Varhaiskasvatus", "Kerhojen määrä", "kesken"),
        (None, "Liikunta lisääntyy", "Liikuntaneuvonnan laajentaminen", "vuoden 2027 loppuun mennessä", "Liikuntapalvelut ja Terveysneuvonta", "Asiakkaat", None),
        ("Nuorten osallisuus", "Nuoret töihin", "Nuorten kesätyösetelit", "vuosittain", "Nuorisopalvelut", "Setelit kpl", "valmis"),
        (None, "Nuoret vaikuttavat", "Nuorisovaltuuston toimintasääntö uusitaan", 2025, "Nuorisovaltuusto", "Sääntö hyväksytty", None),
    ]  # fmt: skip
    return xlsx(
        folder / "hyvinvointisuunnitelma.xlsx",
        {"Suunnitelma": rows},
        ["A1:G1", "A2:G2", "D3:E3", "A3:A4", "B3:B4", "C3:C4", "F3:F4", "G3:G4", "A5:A7", "A8:A9"],
    )


@plan(
    Want(
        "Ta fram en cykelplan",
        "single_year 2026-06-30/2026-06-30",
        "Tekniska förvaltningen",
        "",
        "Transporter",
    ),
    Want(
        "Byta ut dieselbilar", "single_year 2027-12-31/2027-12-31", "Upphandlingsenheten", "", "Transporter"
    ),
    Want("Informera om kollektivtrafik", "continuous /", "Kommunikationsenheten", "", "Transporter"),
    Want(
        "Energikartlägga skolor",
        "single_year 2026-03-31/2026-03-31",
        "Fastighetsavdelningen",
        "",
        "Byggnader",
    ),
    Want(
        "Solceller på ishallen", "single_year 2028-12-31/2028-12-31", "Fastighetsavdelningen", "", "Byggnader"
    ),
)
def sheets_xlsx(folder: Path) -> Path:
    """Swedish: a sheet a theme, "Klart senast" with real dates and words, a status column, a cover sheet."""
    book = openpyxl.Workbook()
    cover = book.worksheets[0]
    cover.title = "Om planen"
    cover.append(["Klimat- och energiplan 2025–2028"])
    cover.append(["Antagen av kommunfullmäktige 2025-02-24"])
    themes: dict[str, list[tuple[object, ...]]] = {
        "Transporter": [
            ("Ta fram en cykelplan", "Tekniska förvaltningen", date(2026, 6, 30), "Plan antagen", "Pågår"),
            ("Byta ut dieselbilar", "Upphandlingsenheten", datetime(2027, 12, 31), "Antal bilar", "Ej påbörjad"),
            ("Informera om kollektivtrafik", "Kommunikationsenheten", "Löpande", "Antal insatser", "Pågår"),
        ],
        "Byggnader": [
            ("Energikartlägga skolor", "Fastighetsavdelningen", date(2026, 3, 31), "Andel skolor", "Pågår"),
            ("Solceller på ishallen", "Fastighetsavdelningen", date(2028, 12, 31), "kW", "Ej påbörjad"),
        ],
    }  # fmt: skip
    for name, rows in themes.items():
        sheet = book.create_sheet(name)
        sheet.append(["Åtgärd", "Ansvarig", "Klart senast", "Uppföljning", "Status"])
        for row in rows:
            sheet.append(list(row))
    path = folder / "klimatplan.xlsx"
    book.save(path)
    return path


@plan(
    Want("Kartlägga lönerna", "continuous /", "Personalavdelningen", "", "Personal"),
    Want(
        "Utbilda cheferna i likabehandling",
        "year_range 2025-01-01/2026-12-31",
        "Personalavdelningen",
        "",
        "Personal",
    ),
    Want(
        "Granska bilderna på webbplatsen",
        "single_year 2025-09-01/2025-11-30",
        "Kommunikation",
        "",
        "Service till invånarna",
    ),
    Want(
        "Lättläst information om småbarnspedagogiken",
        "year_range /2026-12-31",
        "Småbarnspedagogiken; Kommunikation",
        "",
        "Service till invånarna",
    ),
)
def themes_docx(folder: Path) -> Path:
    """Swedish: a table under each heading, the schedule in the second column, numbered, with text between."""
    document = docx.Document()
    document.add_heading("Jämställdhets- och likabehandlingsplan 2025–2027", 0)
    document.add_paragraph("Planen har godkänts av stadsstyrelsen. Genomförandet följs upp årligen.")
    document.add_heading("Personal", 1)
    document.add_paragraph("Personalen ska behandlas lika.")
    head = ("Nr", "Tidsplan", "Åtgärd", "Ansvarig", "Uppföljning")
    grid(
        document,
        [
            head,
            ("1", "Årligen", "Kartlägga lönerna", "Personalavdelningen", "Kartläggningen gjord"),
            ("2", "2025–2026", "Utbilda cheferna i likabehandling", "Personalavdelningen", "Antal deltagare"),
        ],
    )
    document.add_heading("Service till invånarna", 1)
    grid(document, [head,
        ("3", "hösten 2025", "Granska bilderna på webbplatsen", "Kommunikation", "Granskningen gjord"),
        ("4", "senast 2026", "Lättläst information om småbarnspedagogiken", "Småbarnspedagogiken, Kommunikation", "Sidorna publicerade")])  # fmt: skip
    path = folder / "plan.docx"
    document.save(str(path))
    return path


@plan(
    Want(
        "Open a youth space in the old library",
        "single_year 2025-01-01/2025-12-31",
        "Youth Services",
        "Housing Association",
        "Young people",
    ),
    Want(
        "Hold a forum with the youth council twice a year",
        "continuous /",
        "Democracy Unit",
        "",
        "Young people",
    ),
    Want(
        "Train reception staff in plain language",
        "year_range 2025-01-01/2026-12-31",
        "Human Resources",
        "",
        "Access",
    ),
    Want(
        "Install hearing loops in all public halls",
        "year_range /2027-12-31",
        "Facilities Department",
        "Disability Council",
        "Access",
    ),
    Want(
        "Review signage at health centres",
        "single_year 2026-04-01/2026-06-30",
        "Facilities Department",
        "",
        "Access",
    ),
)
def pages_pdf(folder: Path) -> Path:
    """English: a ruled table over two pages, its header again on the second, page numbers below."""
    paper, edges = Paper(), (30, 100, 270, 350, 460, 565)
    head = ("Theme", "Action", "Timeline", "Lead", "Partners")
    paper.page()
    paper.text(30, 40, "Inclusive City Action Plan 2025-2027", 16)
    paper.ruled(
        60,
        edges,
        [
            head,
            (
                "Young people",
                "Open a youth space in the\nold library",
                "2025",
                "Youth Services",
                "Housing\nAssociation",
            ),
            ("", "Hold a forum with the youth\ncouncil twice a year", "Ongoing", "Democracy Unit", ""),
            ("Access", "Train reception staff in plain\nlanguage", "2025-2026", "Human Resources", ""),
        ],
    )
    paper.text(280, 810, "Page 1 of 2", 8)
    paper.page()
    paper.ruled(
        40,
        edges,
        [
            head,
            (
                "Access",
                "Install hearing loops in all\npublic halls",
                "by the end\nof 2027",
                "Facilities\nDepartment",
                "Disability\nCouncil",
            ),
            ("", "Review signage at health\ncentres", "Q2 2026", "Facilities\nDepartment", ""),
        ],
    )
    paper.text(280, 810, "Page 2 of 2", 8)  # fmt: skip
    return paper.save(folder / "inclusive.pdf")


@plan(
    Want(
        "Lähiluontoreittien merkitseminen Opastaulujen uusiminen",
        "year_range 2025-01-01/2026-12-31",
        "Viheralueyksikkö",
        "luontoyhdistykset",
        "Luonto",
    ),
    Want(
        "Vieraslajitalkoot joka kevät",
        "continuous /",
        "Ympäristönsuojelu",
        "asukasyhdistykset; seurakunta",
        "Luonto",
    ),
    Want("Hulevesiohjelman laatiminen", "year_range /2026-12-31", "Kuntatekniikka", "", "Vesi"),
)
def cells_md(folder: Path) -> Path:
    """Finnish Markdown: bullets and breaks inside cells, bold headers, a table under each heading."""
    path = folder / "lumo.md"
    head = "| **Toimenpide** | **Vastuu** | **Yhteistyötahot** | **Aikataulu** | **Mittari** |\n|:--|:--|:--|:-:|:--|\n"
    path.write_text(
        "# Luonnon monimuotoisuusohjelma 2025–2027\n\nOhjelmaa päivitetään vuosittain.\n\n## Luonto\n\n" + head
        + "| • Lähiluontoreittien merkitseminen<br>• Opastaulujen uusiminen | Viheralueyksikkö | luontoyhdistykset | 2025–2026 | Reittien pituus (km) |\n"
        "| Vieraslajitalkoot joka kevät | Ympäristönsuojelu | asukasyhdistykset,<br>seurakunta | jatkuvaa | Talkoot (kpl) |\n\n## Vesi\n\n" + head
        + "| Hulevesiohjelman laatiminen | Kuntatekniikka | | 2026 mennessä | Ohjelma hyväksytty |\n",
        encoding="utf-8",
    )  # fmt: skip
    return path


@plan(
    Want("Hembesök till alla som fyller 80", "continuous /", "Hemvården", "Pensionärsrådet"),
    Want(
        "Digital handledning på biblioteken, en gång i veckan",
        "year_range 2025-01-01/2026-12-31",
        "Biblioteket",
        "Föreningar",
    ),
    Want("Utreda behovet av bänkar", "single_year 2025-04-01/2025-06-30", "Tekniska verket"),
    Want("Matlag i byarna", "continuous 2026-01-01/", "Äldreomsorgen", "Byaföreningar; Församlingen"),
)
def old_csv(folder: Path) -> Path:
    """Swedish CSV of an old spreadsheet: semicolons, Windows letters, a title line, a break inside a cell."""
    path = folder / "aldre.csv"
    path.write_bytes(
        "Äldreprogram 2025–2027;;;;;\n"
        ";;;;;\n"
        "Målområde;Åtgärd;Ansvarig instans;Samarbetspartner;Tidtabell;Uppföljning\n"
        ";Hembesök till alla som fyller 80;Hemvården;Pensionärsrådet;Fortgående;Antal besök\n"
        ';"Digital handledning på biblioteken,\nen gång i veckan";Biblioteket;Föreningar;2025-2026;Antal tillfällen\n'
        ";Utreda behovet av bänkar;Tekniska verket;;kvartal 2/2025;Utredning klar\n"
        ';Matlag i byarna;Äldreomsorgen;"Byaföreningar, Församlingen";från 2026;Antal matlag\n'.encode(
            "cp1252"
        )
    )
    return path


@plan(
    Want(
        "Launch a single point of contact for newcomers",
        "year_range /2025-12-31",
        "Customer Services",
        "Employment Office; Migration Agency",
        "Welcome",
    ),
    Want("Language cafés once a week", "continuous /", "City Library", "Red Cross", "Welcome"),
    Want(
        "Anti-racism training for managers",
        "year_range 2025-01-01/2026-12-31",
        "Human Resources",
        "",
        "Equality at work",
    ),
)
def cards_docx(folder: Path) -> Path:
    """English: each action a small table of its own, names on the left and what they say on the right."""
    document = docx.Document()
    document.add_heading("Integration Action Plan 2025–2027", 0)
    cards = [
        ("Welcome", "1.1", "Launch a single point of contact for newcomers", "Customer Services", "Employment Office, Migration Agency", "By end of 2025", "Number of visits"),
        ("Welcome", "1.2", "Language cafés once a week", "City Library", "Red Cross", "Ongoing", "Participants"),
        ("Equality at work", "2.1", "Anti-racism training for managers", "Human Resources", "", "2025–2026", "Share trained"),
    ]  # fmt: skip
    heading = ""
    for theme, number, action, lead, partners, when, measure in cards:
        if theme != heading:
            document.add_heading(theme, 1)
            heading = theme
        grid(
            document,
            [
                ("No.", number),
                ("Action", action),
                ("Lead", lead),
                ("Partners", partners),
                ("Timeframe", when),
                ("Measure of success", measure),
            ],
        )
        document.add_paragraph("")
    path = folder / "cards.docx"
    document.save(str(path))
    return path


@plan(
    Want(
        "Retrofit street lights to LED",
        "year_range 2025-04-01/2026-03-31",
        "Head of Highways",
        "Energy Trust",
        "Energy",
    ),
    Want(
        "Heat network feasibility study", "year_range 2025-09-01/2025-12-15", "Head of Estates", "", "Energy"
    ),
    Want(
        "Electric pool cars", "year_range 2026-01-01/2028-12-31", "Fleet Manager", "Procurement", "Transport"
    ),
    Want("Car-free day", "continuous /", "Transport Planning", "Schools; Police", "Transport"),
)
def register_tsv(folder: Path) -> Path:
    """English register with tabs: start and end columns in British dates, a RAG status, references."""
    rows = [
        ("Ref", "Priority area", "Action", "Lead officer", "Supporting partners", "Start date", "End date", "KPI", "RAG status"),
        ("E1", "Energy", "Retrofit street lights to LED", "Head of Highways", "Energy Trust", "01/04/2025", "31/03/2026", "Lights replaced", "Green"),
        ("E2", "Energy", "Heat network feasibility study", "Head of Estates", "", "01/09/2025", "15/12/2025", "Study published", "Amber"),
        ("T1", "Transport", "Electric pool cars", "Fleet Manager", "Procurement", "01/01/2026", "31/12/2028", "Share of cars", "Red"),
        ("T2", "Transport", "Car-free day", "Transport Planning", "Schools, Police", "Annual", "", "Visitors", "Green"),
    ]  # fmt: skip
    path = folder / "register.tsv"
    path.write_text("\n".join("\t".join(row) for row in rows), encoding="utf-8")
    return path


@plan(
    Want(
        "Turvallisuuskävelyt kaupunginosissa 4 krt vuodessa",
        "continuous /",
        "Turvallisuuspäällikkö",
        "poliisi; asukasyhdistykset",
        "Turvallinen arki",
    ),
    Want(
        "Valvontakameroiden uusiminen",
        "year_range 2025-01-01/2026-12-31",
        "Tilapalvelut",
        "",
        "Turvallinen arki",
    ),
    Want(
        "Varautumisharjoitus",
        "single_year 2026-09-01/2026-11-30",
        "Kaupunginjohtaja",
        "pelastuslaitos",
        "Varautuminen",
    ),
    Want("Väestönsuojien kuntokartoitus", "year_range /2025-12-31", "Tilapalvelut", "", "Varautuminen"),
)
def questions_docx(folder: Path) -> Path:
    """Finnish: headers are questions, themes are rows over all columns, the schedule comes last."""
    document = docx.Document()
    document.add_heading("Kaupungin turvallisuussuunnitelma 2025–2028", 0)
    rows = [
        ("Mitä tehdään?", "Kuka vastaa?", "Kenen kanssa?", "Miten seurataan?", "Milloin?"),
        ("Turvallinen arki", "", "", "", ""),
        ("Turvallisuuskävelyt kaupunginosissa 4 krt vuodessa", "Turvallisuuspäällikkö", "poliisi, asukasyhdistykset", "Kävelyiden määrä", "Jatkuvaa toimintaa"),
        ("Valvontakameroiden uusiminen", "Tilapalvelut", "", "Uusitut kamerat", "2025 - 2026"),
        ("Varautuminen", "", "", "", ""),
        ("Varautumisharjoitus", "Kaupunginjohtaja", "pelastuslaitos", "Harjoitus pidetty", "syksyllä 2026"),
        ("Väestönsuojien kuntokartoitus", "Tilapalvelut", "", "Kartoitus valmis", "31.12.2025 mennessä"),
    ]  # fmt: skip
    table = grid(document, rows)
    for index in (1, 4):
        cells = table.rows[index].cells
        cells[0].merge(cells[-1])
    path = folder / "turvallisuus.docx"
    document.save(str(path))
    return path


@plan(
    Want(
        "Koulupihojen kunnostus",
        "year_range 2025-01-01/2027-12-31",
        "Tekninen toimi",
        "Sivistystoimi",
        "Lapset ja nuoret",
    ),
    Want(
        "Harrastuspassi kaikille viidesluokkalaisille",
        "single_year 2025-08-01/2026-07-31",
        "Vapaa-aikapalvelut",
        "",
        "Lapset ja nuoret",
    ),
    Want(
        "Ikäystävällinen asuminen -selvitys",
        "single_year 2026-01-01/2026-06-30",
        "Kaavoitus",
        "Vanhusneuvosto",
        "Ikäihmiset",
    ),
    Want("Etsivä vanhustyö", "continuous /", "Ikäihmisten palvelut", "", "Ikäihmiset"),
)
def gaps_xlsx(folder: Path) -> Path:
    """Finnish: an empty first column, blank rows between, header in the fourth row, totals and a note below."""
    rows = [
        (None, "Kuntastrategian toimeenpano-ohjelma 2025–2027", None, None, None, None, None),
        (None, None, None, None, None, None, None),
        (None, None, None, None, None, None, None),
        (None, "Painopistealue", "Aikataulu", "Toimenpiteet", "Vastuutaho (muut toimijat)", "Kustannukset €", "Seurantamittarit"),
        (None, "Lapset ja nuoret", "2025-2027", "Koulupihojen kunnostus", "Tekninen toimi (Sivistystoimi)", 120000, "Pihojen määrä"),
        (None, None, "lukuvuosi 2025–2026", "Harrastuspassi kaikille viidesluokkalaisille", "Vapaa-aikapalvelut", 15000, "Passien määrä"),
        (None, None, None, None, None, None, None),
        (None, "Ikäihmiset", "1. vuosipuolisko 2026", "Ikäystävällinen asuminen -selvitys", "Kaavoitus (Vanhusneuvosto)", 0, "Selvitys valmis"),
        (None, None, "toistaiseksi", "Etsivä vanhustyö", "Ikäihmisten palvelut", 30000, "Kontaktit"),
        (None, "Yhteensä", None, None, None, 165000, None),
    ]  # fmt: skip
    return xlsx(folder / "toimeenpano.xlsx", {"Taul1": rows})


@plan(
    Want(
        "Skapa en lots för nyanlända",
        "year_range 2025-01-01/2026-12-31",
        "Integrationstjänsten",
        "Röda Korset",
        "Bemötande",
    ),
    Want("Fadderverksamhet", "continuous /", "Medborgarinstitutet", "", "Bemötande"),
    Want(
        "Praktikplatser i stadens enheter, minst 10 per år",
        "year_range 2025-01-01/2027-12-31",
        "Personalservicen",
        "Arbetskraftsbyrån",
        "Arbete",
    ),
)
def numbered_md(folder: Path) -> Path:
    """Swedish Markdown: numbered measures in running text, what they say behind labels in one line."""
    path = folder / "integration.md"
    path.write_text(
        "# Integrationsprogram 2025–2027\n\n## Bemötande\n\n"
        "1. Skapa en lots för nyanlända\n   *Ansvarig:* Integrationstjänsten. *Samarbetsparter:* Röda Korset. *Tidsplan:* 2025–2026.\n"
        "2. Fadderverksamhet\n   *Ansvarig:* Medborgarinstitutet. *Tidsplan:* fortlöpande.\n\n## Arbete\n\n"
        "3. Praktikplatser i stadens enheter, minst 10 per år\n   *Ansvarig:* Personalservicen. *Samarbetsparter:* Arbetskraftsbyrån. *Tidsplan:* 2025–2027.\n",
        encoding="utf-8",
    )
    return path


@plan(
    Want("Kävelykatukokeilu torin ympärillä", "year_range 2025-01-01/2026-12-31", "Kaupunkisuunnittelu"),
    Want("Talvikunnossapidon laatuluokat", "single_year 2025-01-01/2025-12-31", "Kunnallistekniikka"),
    Want("Pyöräpysäköinnin lisääminen", "year_range 2026-01-01/2028-12-31", "Kunnallistekniikka; VR"),
)
def years_xlsx(folder: Path) -> Path:
    """Finnish: a column for the first year and one for the last, as numbers, an owner, a level to be reached."""
    rows = [
        ("Nro", "Toimenpide ja kuvaus", "Omistaja", "Alkaa", "Päättyy", "Resurssit", "Tavoitetaso"),
        (
            1,
            "Kävelykatukokeilu torin ympärillä",
            "Kaupunkisuunnittelu",
            2025,
            2026,
            "htv 0,5",
            "Kokeilu arvioitu",
        ),
        (2, "Talvikunnossapidon laatuluokat", "Kunnallistekniikka", 2025, 2025, None, "Luokat käytössä"),
        (3, "Pyöräpysäköinnin lisääminen", "Kunnallistekniikka, VR", 2026, 2028, "200 000 €", "500 paikkaa"),
    ]
    return xlsx(folder / "liikkuminen 2025-2028.xlsx", {"Toimenpiteet": rows})


@plan(
    Want("Renovera lekparkerna", "year_range 2025-01-01/2027-12-31", "Grönområdesenheten", "", "Barn"),
    Want(
        "Barnkonsekvensanalys i nämndernas beslut",
        "continuous /",
        "Stadskansliet",
        "Barnombudsmannen",
        "Barn",
    ),
    Want("Ungdomsbudget", "continuous /", "Ungdomsväsendet", "Ungdomsfullmäktige", "Unga"),
)
def split_docx(folder: Path) -> Path:
    """Swedish: the theme merged down the left, partners in the cell of the responsible, the schedule in brackets of its header."""
    document = docx.Document()
    document.add_paragraph("Barn- och ungdomspolitiskt program 2025–2027", style="Title")
    rows = [
        ("Tema", "Åtgärd", "Ansvarig (+ samarbetspart)", "Tidtabell (år)", "Mätare"),
        ("Barn", "Renovera lekparkerna", "Grönområdesenheten", "2025–2027", "Antal parker"),
        ("", "Barnkonsekvensanalys i nämndernas beslut", "Stadskansliet i samarbete med Barnombudsmannen", "Fortlöpande", "Antal analyser"),
        ("Unga", "Ungdomsbudget", "Ungdomsväsendet i samarbete med Ungdomsfullmäktige", "Varje år", "Antal röstande"),
    ]  # fmt: skip
    table = grid(document, rows)
    table.cell(1, 0).merge(table.cell(2, 0))
    path = folder / "barn.docx"
    document.save(str(path))
    return path


@plan(
    Want("Publish an accessibility map", "year_range /2025-06-30", "GIS Team"),
    Want("Quiet hour in swimming halls every week", "continuous /", "Sports Services", "Autism Association"),
    Want(
        "Translate the ten most used forms",
        "single_year 2026-01-01/2026-12-31",
        "Communications; Customer Services",
    ),
)
def asked_md(folder: Path) -> Path:
    """English Markdown: headers are questions, links and emphasis inside cells."""
    path = folder / "access.md"
    path.write_text(
        "# Accessibility plan 2025-2026\n\n| What will we do? | By whom? | With whom? | By when? | How will we know? |\n|---|---|---|---|---|\n"
        "| Publish an [accessibility map](https://example.org/map) | **GIS Team** | | End of June 2025 deadline | Map online |\n"
        "| Quiet hour in swimming halls *every week* | Sports Services | Autism Association | Ongoing | Visitors |\n"
        "| Translate the ten most used forms | Communications and Customer Services | | During 2026 | Forms translated |\n",
        encoding="utf-8",
    )
    return path


@plan(
    Want(
        "Adopt a procurement policy for fair trade",
        "single_year 2025-01-01/2025-12-31",
        "Procurement Unit",
        "",
        "Fair trade",
    ),
    Want("Fair trade week in schools", "continuous /", "Education Department", "NGOs", "Fair trade"),
    Want(
        "Twin city exchange",
        "year_range 2025-01-01/2027-12-31",
        "International Affairs; Culture Department",
        "Universities",
        "Partnerships",
    ),
)
def marked_csv(folder: Path) -> Path:
    """English CSV with a byte order mark, commas inside quotes, its headers in the words of consultants."""
    path = folder / "global.csv"
    path.write_text(
        "Strategic theme,Proposed action,Delivery lead(s),Delivery partners,Delivery timescale,Success measure,Budget\n"
        'Fair trade,Adopt a procurement policy for fair trade,Procurement Unit,,2025,"Policy adopted, published",0\n'
        "Fair trade,Fair trade week in schools,Education Department,NGOs,Annually,Schools,5000\n"
        'Partnerships,Twin city exchange,"International Affairs, Culture Department",Universities,2025 to 2027,Exchanges,10000\n',
        encoding="utf-8-sig",
    )
    return path


@plan(
    Want(
        "Omaishoitajien vertaisryhmät",
        "continuous /",
        "Seniorikeskus",
        "Omaishoitajat ry",
        "Tukea omaishoitoon",
    ),
    Want(
        "Kotiin vietävä kulttuuri",
        "year_range 2025-01-01/2026-12-31",
        "Kulttuuripalvelut",
        "",
        "Tukea omaishoitoon",
    ),
    Want(
        "Asuntojen esteettömyyskorjaukset",
        "year_range /2027-12-31",
        "Asuntotoimi",
        "Vanhustyön keskusliitto",
        "Koti turvalliseksi",
    ),
)
def goals_docx(folder: Path) -> Path:
    """Finnish: goals as headings, and only the first table has a header."""
    document = docx.Document()
    document.add_heading("Ikäohjelma 2025–2028", 0)
    document.add_heading("Tukea omaishoitoon", 1)
    grid(
        document,
        [
            ("Toimenpide", "Vastuutaho ja yhteistyökumppanit", "Ajankohta", "Seuranta"),
            (
                "Omaishoitajien vertaisryhmät",
                "Seniorikeskus yhteistyössä: Omaishoitajat ry",
                "Jatkuva",
                "Ryhmien määrä",
            ),
            ("Kotiin vietävä kulttuuri", "Kulttuuripalvelut", "v. 2025-26", "Käynnit"),
        ],
    )
    document.add_heading("Koti turvalliseksi", 1)
    grid(document, [("Asuntojen esteettömyyskorjaukset", "Asuntotoimi yhteistyössä: Vanhustyön keskusliitto", "v. 2027 mennessä", "Korjaukset")])  # fmt: skip
    path = folder / "ika.docx"
    document.save(str(path))
    return path


@plan(
    Want("Restore the river meadow", "year_range 2025-01-01/2026-12-31", "Parks Department", "", "Nature"),
    Want(
        "Survey bats in old buildings",
        "single_year 2025-01-01/2025-12-31",
        "Environment Office",
        "",
        "Nature",
    ),
    Want(
        "Mow verges later in the season in order to let the flowers seed",
        "continuous /",
        "Highways Department",
        "",
        "Nature",
    ),
    Want("Plant a community orchard", "year_range /2027-12-31", "Parks Department", "", "Community"),
)
def torn_pdf(folder: Path) -> Path:
    """English: a ruled table over two pages without its header on the second, a row torn by the page."""
    paper, edges = Paper(), (30, 100, 300, 390, 565)
    paper.page()
    paper.text(30, 40, "Biodiversity Action Plan 2025-2028", 16)
    paper.ruled(
        60,
        edges,
        [
            ("Theme", "Action", "When", "Responsible"),
            ("Nature", "Restore the river meadow", "2025-26", "Parks Department"),
            ("", "Survey bats in old buildings", "2025", "Environment Office"),
            ("", "Mow verges later in the season in", "Ongoing", "Highways"),
        ],
    )
    paper.page()
    paper.ruled(40, edges, [
        ("", "order to let the flowers seed", "", "Department"),
        ("Community", "Plant a community orchard", "By end of 2027", "Parks Department")])  # fmt: skip
    return paper.save(folder / "nature.pdf")


@plan(
    Want("Ny webbplats på lätt språk", "year_range 2025-04-01/2025-12-31", "Kommunikation"),
    Want("Tolkning vid fullmäktiges möten", "year_range 2025-10-01/2026-06-30", "Stadskansliet"),
    Want("Utvärdering", "single_year 2026-04-01/2026-06-30", "Stadskansliet"),
)
def quarters_xlsx(folder: Path) -> Path:
    """Swedish: a plan of quarters with crosses instead of words."""
    rows = [
        ("Språkprogram 2025–2026", None, None, None, None, None, None, None, None),
        ("Åtgärd", "Ansvarig", "Mätare", "Q2 2025", "Q3 2025", "Q4 2025", "Q1 2026", "Q2 2026", "Anmärkning"),
        ("Ny webbplats på lätt språk", "Kommunikation", "Sidor", "x", "x", "x", None, None, None),
        ("Tolkning vid fullmäktiges möten", "Stadskansliet", "Möten", None, None, "x", "x", "x", None),
        ("Utvärdering", "Stadskansliet", "Rapport", None, None, None, None, "x", "till fullmäktige"),
    ]
    return xlsx(folder / "sprak.xlsx", {"Blad1": rows}, ["A1:I1"])

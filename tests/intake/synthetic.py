# ruff: noqa: E501 - a row of a table stays on one line
"""Plans of invented cities in many shapes, and what each of them says.

Each function writes one file and returns its path; ``EXPECTED`` holds the rows:
title, domain, goal, kind, start, end, leads, partners, times a period.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from tests.intake.pages import Paper, word, xlsx

Row = tuple[Any, ...]


def row(
    title: str,
    domain: str | None,
    goal: str | None,
    when: str,
    leads: str,
    partners: str = "",
    rate: str = "",
) -> Row:
    """An expected row; ``when`` is kind and bounds, parties and the rate are separated by semicolons."""
    kind, _, bounds = when.partition(" ")
    start, _, end = bounds.partition("/")
    return (title, domain, goal, (kind, start or None, end or None), _split(leads), _split(partners), rate)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def year(first: int, last: int | None = None) -> str:
    """One year, or several."""
    kind = "single_year" if last is None else "year_range"
    return f"{kind} {first}-01-01/{last or first}-12-31"


def merged_xlsx(folder: Path) -> Path:
    """A Swedish climate plan: merged areas of action, title rows, columns in an order of their own."""
    rows = [
        ("Klimatplan för Lillstad 2026–2030", None, None, None, None, None),
        (None, None, None, None, None, None),
        ("Insatsområde", "Åtgärd", "Ansvarig nämnd", "Tidplan", "Samverkansparter", "Indikator"),
        ("Transporter", "Bygga ut laddinfrastruktur vid kommunens fastigheter", "Tekniska nämnden", "2026–2028", "Lillstads Energi AB", "Antal laddplatser"),
        (None, "Cykelkampanj för kommunens anställda 2 ggr per år", "Kommunstyrelsen", "Löpande", None, "Antal deltagare"),
        (None, "Ta fram en resepolicy", "Kommunstyrelsen", "senast 2026", "Personalavdelningen och fackförbunden", "Policyn antagen"),
        ("Byggnader", "Energieffektivisera skolorna", "Fastighetsnämnden", 2027, None, "kWh per kvadratmeter"),
        (None, "Solceller på simhallen", "Fastighetsnämnden, Fritidsnämnden", "2028-2029", None, "Installerad effekt"),
    ]  # fmt: skip
    return xlsx(folder / "klimatplan.xlsx", {"Plan": rows}, ["A1:F1", "A4:A6", "A7:A8"])


MERGED_XLSX = [
    row("Bygga ut laddinfrastruktur vid kommunens fastigheter", "Transporter", None, year(2026, 2028), "Tekniska nämnden", "Lillstads Energi AB"),
    row("Cykelkampanj för kommunens anställda 2 ggr per år", "Transporter", None, "continuous", "Kommunstyrelsen", "", "2-2/year"),
    row("Ta fram en resepolicy", "Transporter", None, "year_range /2026-12-31", "Kommunstyrelsen", "Personalavdelningen; fackförbunden"),
    row("Energieffektivisera skolorna", "Byggnader", None, year(2027), "Fastighetsnämnden"),
    row("Solceller på simhallen", "Byggnader", None, year(2028, 2029), "Fastighetsnämnden; Fritidsnämnden"),
]  # fmt: skip


def semicolon_csv(folder: Path) -> Path:
    """A Finnish equality plan in CSV with semicolons, saved by an old spreadsheet."""
    path = folder / "yhdenvertaisuus.csv"
    path.write_bytes(
        "Toteutusaika;Toimenpide;Vastuuyksikkö;Kumppanit;Tavoite;Mittari\n"
        "2026;Palkkakartoituksen tekeminen;Henkilöstöpalvelut;pääluottamusmiehet;Tasa-arvoinen palkkaus;Kartoitus tehty\n"
        "Jatkuva;Anonyymi rekrytointi käyttöön;Henkilöstöpalvelut;;Tasa-arvoinen palkkaus;Rekrytointien osuus\n"
        '2026-2027;"Esteettömyyskartoitukset, vähintään 4 kohdetta vuodessa";Tilapalvelut ja Vammaisneuvosto;;Esteetön kaupunki;Kohteiden määrä\n'
        "vuoden 2027 loppuun mennessä;Selkokielinen verkkosivusto;Viestintä;Kehitysvammaliitto ry;Esteetön kaupunki;Sivusto julkaistu\n"
        "kevät 2026;Koulutus esihenkilöille;Henkilöstöpalvelut yhteistyössä työterveyshuollon kanssa;;Esteetön kaupunki;Osallistujat\n"
        .encode("cp1252")
    )  # fmt: skip
    return path


SEMICOLON_CSV = [
    row("Palkkakartoituksen tekeminen", None, "Tasa-arvoinen palkkaus", year(2026), "Henkilöstöpalvelut", "pääluottamusmiehet"),
    row("Anonyymi rekrytointi käyttöön", None, "Tasa-arvoinen palkkaus", "continuous", "Henkilöstöpalvelut"),
    row("Esteettömyyskartoitukset, vähintään 4 kohdetta vuodessa", None, "Esteetön kaupunki", year(2026, 2027), "Tilapalvelut; Vammaisneuvosto", "", "4-None/year"),
    row("Selkokielinen verkkosivusto", None, "Esteetön kaupunki", "year_range /2027-12-31", "Viestintä", "Kehitysvammaliitto ry"),
    row("Koulutus esihenkilöille", None, "Esteetön kaupunki", "single_year 2026-03-01/2026-05-31", "Henkilöstöpalvelut", "työterveyshuollon"),
]  # fmt: skip


def sectioned_docx(folder: Path) -> Path:
    """An English plan in Word: themes as rows over all columns, two lines in a cell."""
    rows = [
        ("No.", "Action", "Lead department", "Partners", "Timeline", "Measure of success"),
        ("Theme 1: Green streets",),
        ("1", "Plant 500 street trees", "Parks and Recreation Department", "residents' associations", "2025–2026", "Trees planted"),
        ("2", "Map heat islands", "Planning Department", "University of Northport", "by June 2025", "Map published"),
        ("Theme 2: Clean water",),
        ("3", "Test wells once a month", "Environmental Health Unit", "", "Ongoing", "Tests carried out"),
        ("4", "Rain gardens at schools", "Education Department\nPublic Works Department", "", "Q3 2026", "Gardens in use"),
    ]  # fmt: skip
    return word(folder / "green plan.docx", ["Northport Green Action Plan 2025–2027"], rows)


SECTIONED_DOCX = [
    row("Plant 500 street trees", "Theme 1: Green streets", None, year(2025, 2026), "Parks and Recreation Department", "residents' associations"),
    row("Map heat islands", "Theme 1: Green streets", None, "year_range /2025-06-30", "Planning Department", "University of Northport"),
    row("Test wells once a month", "Theme 2: Clean water", None, "continuous", "Environmental Health Unit", "", "1-1/month"),
    row("Rain gardens at schools", "Theme 2: Clean water", None, "single_year 2026-07-01/2026-09-30", "Education Department; Public Works Department"),
]  # fmt: skip


def labelled_markdown(folder: Path) -> Path:
    """A Finnish climate programme as a Markdown list with labels."""
    path = folder / "ilmasto-ohjelma.md"
    path.write_text(
        "# Kivilän ilmasto-ohjelma 2025–2029\n\nJohdanto: kaupunki haluaa olla hiilineutraali.\n\n"
        "## Liikenne\n\n### Tavoite: Päästötön joukkoliikenne\n\n"
        "- **Toimenpide:** Sähköbussien hankinta\n  - Aikataulu: 2025–2027\n  - Vastuu: Joukkoliikennejaosto\n"
        "  - Kumppanit: Kivilän Liikenne Oy\n  - Mittari: Sähköbussien osuus\n"
        "- **Toimenpide:** Liikkumisviikko kerran vuodessa\n  - Aikataulu: jatkuva\n  - Vastuu: Ympäristöpalvelut\n\n"
        "## Rakennukset\n\n### Tavoite: Vähemmän energiaa\n\n"
        "- **Toimenpide:** Öljylämmityksestä luopuminen\n  - Aikataulu: vuoteen 2028 mennessä\n"
        "  - Vastuu: Tilapalvelut ja Kivilän Asunnot Oy\n  - Mittari: Luovutut kohteet\n",
        encoding="utf-8",
    )
    return path


LABELLED_MARKDOWN = [
    row("Sähköbussien hankinta", "Liikenne", "Päästötön joukkoliikenne", year(2025, 2027), "Joukkoliikennejaosto", "Kivilän Liikenne Oy"),
    row("Liikkumisviikko kerran vuodessa", "Liikenne", "Päästötön joukkoliikenne", "continuous", "Ympäristöpalvelut", "", "1-1/year"),
    row("Öljylämmityksestä luopuminen", "Rakennukset", "Vähemmän energiaa", "year_range /2028-12-31", "Tilapalvelut; Kivilän Asunnot Oy"),
]  # fmt: skip


def headed_markdown(folder: Path) -> Path:
    """A Swedish equality plan: every measure a heading of its own, its fields under it."""
    path = folder / "jämställdhetsplan.md"
    path.write_text(
        "# Jämställdhetsplan för Ekenäs 2024-2026\n\n## Lika lön\n\n"
        "### Åtgärd 1: Årlig lönekartläggning\n\n**Ansvarig:** Personalenheten\n\n**Tidtabell:** Fortlöpande\n\n"
        "**Uppföljning:** Kartläggningen genomförd\n\n"
        "### Åtgärd 2: Utbilda chefer i löneprocessen\n\n**Ansvarig:** Personalenheten i samarbete med facken\n\n"
        "**Tidtabell:** hösten 2025\n\n"
        "## Trygg arbetsplats\n\n"
        "### Åtgärd 3: Rutin mot trakasserier\n\n**Ansvarig:** Stadsstyrelsen, Arbetarskyddskommissionen\n\n"
        "**Tidtabell:** 2024\n",
        encoding="utf-8",
    )
    return path


HEADED_MARKDOWN = [
    row("Årlig lönekartläggning", "Lika lön", None, "continuous", "Personalenheten", "", "1-1/year"),
    row("Utbilda chefer i löneprocessen", "Lika lön", None, "single_year 2025-09-01/2025-11-30", "Personalenheten", "facken"),
    row("Rutin mot trakasserier", "Trygg arbetsplats", None, year(2024), "Stadsstyrelsen; Arbetarskyddskommissionen"),
]  # fmt: skip

INCLUSION = [
    ("Goal", "Measure", "When", "Who", "How measured"),
    ("Everybody can take part", "Ramps at three libraries", "2026", "Library Services", "Ramps built"),
    ("", "Sign language at council\nmeetings four times a year", "Continuous", "City Council Office", "Meetings\ninterpreted"),
    ("Nobody is left alone", "Meeting places in each\ndistrict", "2026–2028", "Social Services and\nYouth Services", "Places open"),
    ("", "Phone line for older people", "from 2027", "Social Services in\ncooperation with the\nRed Cross", "Calls answered"),
]  # fmt: skip


def ruled_pdf(folder: Path) -> Path:
    """An English inclusion plan: a ruled table over two pages, cells broken over lines."""
    paper = Paper()
    edges = (40, 150, 300, 370, 470, 560)
    paper.page()
    paper.text(40, 50, "Inclusion Plan of Eastfield 2026-2028", 18)
    paper.ruled(90, edges, INCLUSION[:3])
    paper.text(40, 800, "Page 1")
    paper.page()
    paper.ruled(60, edges, [INCLUSION[0], *INCLUSION[3:]])
    paper.text(40, 800, "Page 2")
    return paper.save(folder / "inclusion.pdf")


RULED_PDF = [
    row("Ramps at three libraries", None, "Everybody can take part", year(2026), "Library Services"),
    row("Sign language at council meetings four times a year", None, "Everybody can take part", "continuous", "City Council Office", "", "4-4/year"),
    row("Meeting places in each district", None, "Nobody is left alone", year(2026, 2028), "Social Services; Youth Services"),
    row("Phone line for older people", None, "Nobody is left alone", "continuous 2027-01-01/", "Social Services", "the Red Cross"),
]  # fmt: skip


def unruled_pdf(folder: Path) -> Path:
    """A Swedish plan set in columns without rules."""
    paper = Paper()
    paper.page()
    paper.text(40, 50, "Folkhälsoprogram 2025-2027", 18)
    columns = (40, 230, 310, 450)
    rows = [
        ("Åtgärd", "Tidtabell", "Ansvarig", "Mätare"),
        ("Motionsgrupper för seniorer\nen gång i veckan", "Fortlöpande", "Idrottsenheten", "Antal deltagare"),
        ("Hälsofrämjande skollunch", "2025-2026", "Utbildningsnämnden", "Nöjda elever"),
        ("Kartläggning av ensamhet", "2026", "Socialnämnden och\nVälfärdsområdet", "Rapporten klar"),
    ]
    top = 100.0
    for cells in rows:
        for left, cell in zip(columns, cells, strict=True):
            for number, line in enumerate(cell.split("\n")):
                paper.text(left, top + 11 * number, line)
        top += 11 * max(len(cell.split("\n")) for cell in cells) + 12
    return paper.save(folder / "folkhälsa.pdf")


UNRULED_PDF = [
    row(
        "Motionsgrupper för seniorer en gång i veckan",
        None,
        None,
        "continuous",
        "Idrottsenheten",
        "",
        "1-1/week",
    ),
    row("Hälsofrämjande skollunch", None, None, year(2025, 2026), "Utbildningsnämnden"),
    row("Kartläggning av ensamhet", None, None, year(2026), "Socialnämnden; Välfärdsområdet"),
]


def flattened_text(folder: Path) -> Path:
    """An English table whose columns a PDF viewer flattened."""
    path = folder / "housing.txt"
    path.write_text(
        "City of Westbrook\nHOUSING PROGRAMME\n2025–2028\n\nForeword of the mayor. We build homes for all.\n\n"
        "Affordable homes\nGOAL ACTION SCHEDULE RESPONSIBLE INDICATOR\n\n"
        "More homes to rent •\tBuild 300 rental homes 2025–2027 Housing Agency Homes com-\npleted\n\n"
        "•\tSurvey of vacant buildings\n\n2025 Planning Department in \ncooperation with property \nowners\n\n"
        "Survey published\n\n"
        "Fair letting\n\n•\tAdvice for tenants twice a \nmonth\n\nContinuous Tenants’ Advice Centre \nand Legal Office\n\n"
        "Number of tenants advised\n\n"
        "Good neighbourhoods\nGOAL ACTION SCHEDULE RESPONSIBLE INDICATOR\n\n"
        "Safe courtyards\n\n•\tLighting of courtyards\n•\tBetter signs\n\n2026 Technical Services\n\nCourtyards lit\n\n"
        "•\tCourtyard festival\n\n2027 Culture Office\n\nFestival held\n",
        encoding="utf-8",
    )
    return path


FLATTENED_TEXT = [
    row("Build 300 rental homes", "Affordable homes", "More homes to rent", year(2025, 2027), "Housing Agency"),
    row("Survey of vacant buildings", "Affordable homes", "More homes to rent", year(2025), "Planning Department", "property owners"),
    row("Advice for tenants twice a month", "Affordable homes", "Fair letting", "continuous", "Tenants’ Advice Centre; Legal Office", "", "2-2/month"),
    row("Lighting of courtyards Better signs", "Good neighbourhoods", "Safe courtyards", year(2026), "Technical Services"),
    row("Courtyard festival", "Good neighbourhoods", "Safe courtyards", year(2027), "Culture Office"),
]  # fmt: skip


def dated_xlsx(folder: Path) -> Path:
    """An English register: start and end in columns of their own, real dates, two sheets, headers in other words."""
    head = ("Ref", "Task", "Owner", "Start", "End", "Supporting", "KPI")
    return xlsx(
        folder / "register.xlsx",
        {
            "Digital services": [
                head,
                ("D1", "Online booking of day care", "IT Department", date(2026, 1, 15), date(2026, 9, 30), "Day Care Services", "Bookings"),
                ("D2", "Accessible web pages", "Communications", 2026, 2027, "", "Errors per page"),
            ],
            "Open data": [
                head,
                ("O1", "Publish budget data every quarter", "Finance Department", 2026, 2028, "", "Data sets"),
            ],
        },
    )  # fmt: skip


DATED_XLSX = [
    row("Online booking of day care", "Digital services", None, "year_range 2026-01-15/2026-09-30", "IT Department", "Day Care Services"),
    row("Accessible web pages", "Digital services", None, year(2026, 2027), "Communications"),
    row("Publish budget data every quarter", "Open data", None, year(2026, 2028), "Finance Department", "", "4-4/year"),
]  # fmt: skip


def numbered_text(folder: Path) -> Path:
    """A Finnish text of numbered measures with labels under each."""
    path = folder / "lapsiystävällinen.txt"
    path.write_text(
        "Lapsiystävällinen Rantala 2025–2026\ntoimintasuunnitelma\n\n"
        "1. Lapset mukaan päätöksiin\n\n"
        "1.1 Lasten parlamentin kokoukset 4 krt vuodessa\nAikataulu: jatkuva\nVastuutaho: Nuorisopalvelut\n\n"
        "1.2 Lapsivaikutusten arviointi kaikkiin esityksiin\nAikataulu: 2025\nVastuutaho: Kaupunginkanslia\n"
        "Mittari: Arvioitujen esitysten osuus\n\n"
        "2. Turvallinen koulutie\n\n"
        "2.1 Koulureittien kartoitus\nAikataulu: syksy 2025\nVastuutaho: Tekninen toimi yhteistyössä koulujen kanssa\n\n"
        "2.2 Hidasteet koulujen lähelle\nAikataulu: 2025–2026\nVastuutaho: Tekninen toimi\n",
        encoding="utf-8",
    )
    return path


NUMBERED_TEXT = [
    row("Lasten parlamentin kokoukset 4 krt vuodessa", "Lapset mukaan päätöksiin", None, "continuous", "Nuorisopalvelut", "", "4-4/year"),
    row("Lapsivaikutusten arviointi kaikkiin esityksiin", "Lapset mukaan päätöksiin", None, year(2025), "Kaupunginkanslia"),
    row("Koulureittien kartoitus", "Turvallinen koulutie", None, "single_year 2025-09-01/2025-11-30", "Tekninen toimi", "koulujen"),
    row("Hidasteet koulujen lähelle", "Turvallinen koulutie", None, year(2025, 2026), "Tekninen toimi"),
]  # fmt: skip


def inline_markdown(folder: Path) -> Path:
    """A short English list: schedule and unit in brackets behind each action."""
    path = folder / "short list.md"
    path.write_text(
        "# Age-friendly Millbrook 2026–2027\n\n## Getting around\n\n"
        "- Benches along the main street (2026, Public Works)\n"
        "- Free bus for pupils (Continuous, Transport Office)\n\n"
        "## Being together\n\n"
        "* Dance afternoons once a week (2026–2027; Culture Office)\n"
        "* Visiting service (by 2027, Social Services in cooperation with churches)\n",
        encoding="utf-8",
    )
    return path


INLINE_MARKDOWN = [
    row("Benches along the main street", "Getting around", None, year(2026), "Public Works"),
    row("Free bus for pupils", "Getting around", None, "continuous", "Transport Office"),
    row(
        "Dance afternoons once a week",
        "Being together",
        None,
        year(2026, 2027),
        "Culture Office",
        "",
        "1-1/week",
    ),
    row("Visiting service", "Being together", None, "year_range /2027-12-31", "Social Services", "churches"),
]


def grid_text(folder: Path) -> Path:
    """A Finnish table drawn with signs, cells over lines."""
    path = folder / "kotoutuminen.txt"
    path.write_text(
        "Kotoutumisohjelma 2025-2026\n\n"
        "+----------------------+-------------+------------------------+\n"
        "| Toimenpide           | Aikataulu   | Vastuutaho             |\n"
        "+======================+=============+========================+\n"
        "| Kielikahvila kerran  | Jatkuva     | Kansalaisopisto ja     |\n"
        "| viikossa             |             | kirjasto               |\n"
        "+----------------------+-------------+------------------------+\n"
        "| Opas uusille         | 2025        | Neuvontapiste          |\n"
        "| asukkaille           |             |                        |\n"
        "+----------------------+-------------+------------------------+\n",
        encoding="utf-8",
    )
    return path


GRID_TEXT = [
    row(
        "Kielikahvila kerran viikossa", None, None, "continuous", "Kansalaisopisto; kirjasto", "", "1-1/week"
    ),
    row("Opas uusille asukkaille", None, None, year(2025), "Neuvontapiste"),
]


def marked_csv(folder: Path) -> Path:
    """A Swedish plan with a column for each year, crosses in them, and a description beside each measure."""
    path = folder / "tillgänglighet.csv"
    path.write_text(
        "Nr,Åtgärd,Beskrivning,Ansvarig,2025,2026,2027,Kostnad\n"
        "1,Ramper vid stationen,Två nya ramper,Tekniska kontoret,x,x,,liten\n"
        "2,Hörslinga i fullmäktigesalen,Fast installation,Fastighetskontoret,,X,,liten\n"
        "3,Ledsagarservice,Utökad tid,Socialkontoret,x,x,x,stor\n",
        encoding="utf-8",
    )
    return path


MARKED_CSV = [
    row("Ramper vid stationen", None, None, year(2025, 2026), "Tekniska kontoret"),
    row("Hörslinga i fullmäktigesalen", None, None, year(2026), "Fastighetskontoret"),
    row("Ledsagarservice", None, None, year(2025, 2027), "Socialkontoret"),
]


def questions_markdown(folder: Path) -> Path:
    """A Swedish plan whose headers are questions, a table under each numbered heading."""
    path = folder / "mångfald.md"
    path.write_text(
        "# Plan för biologisk mångfald 2024–2028\n\n## 1. Skogar\n\n"
        "| Vad ska göras? | Vem gör? | När? | Hur följer vi upp? |\n|---|---|---|---|\n"
        "| Inventera gammelskog | Skogsavdelningen | 2024 | Rapport |\n"
        "| Lämna död ved | Skogsbolaget tillsammans med markägare | fortlöpande | Kubikmeter |\n\n## 2. Vatten\n\n"
        "| Vad ska göras? | Vem gör? | När? | Hur följer vi upp? |\n|---|---|---|---|\n"
        "| Restaurera bäckar, minst 2 per år | Miljöenheten | 2025–2028 | Antal |\n",
        encoding="utf-8",
    )
    return path


QUESTIONS_MARKDOWN = [
    row("Inventera gammelskog", "1. Skogar", None, year(2024), "Skogsavdelningen"),
    row("Lämna död ved", "1. Skogar", None, "continuous", "Skogsbolaget", "markägare"),
    row(
        "Restaurera bäckar, minst 2 per år",
        "2. Vatten",
        None,
        year(2025, 2028),
        "Miljöenheten",
        "",
        "2-None/year",
    ),
]

EXPECTED: dict[Callable[[Path], Path], list[Row]] = {
    merged_xlsx: MERGED_XLSX,
    semicolon_csv: SEMICOLON_CSV,
    sectioned_docx: SECTIONED_DOCX,
    labelled_markdown: LABELLED_MARKDOWN,
    headed_markdown: HEADED_MARKDOWN,
    ruled_pdf: RULED_PDF,
    unruled_pdf: UNRULED_PDF,
    flattened_text: FLATTENED_TEXT,
    dated_xlsx: DATED_XLSX,
    numbered_text: NUMBERED_TEXT,
    inline_markdown: INLINE_MARKDOWN,
    grid_text: GRID_TEXT,
    marked_csv: MARKED_CSV,
    questions_markdown: QUESTIONS_MARKDOWN,
}

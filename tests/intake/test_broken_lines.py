"""Lines that paper or a writer broke: words with hyphens, and parties on lines of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from reminders.errors import InputError
from reminders.intake.parties import split_parties
from reminders.intake.read import read_documents
from reminders.intake.shapes.in_sentences import schedule_in
from reminders.intake.words import unwrap
from schedule_rules.programme import TextLang
from tests.intake.measure import title
from tests.intake.pages import Paper, word, xlsx


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        # the paper's own
        ("toimen-\npide", "toimenpide"),
        ("kesä-\nkuu", "kesäkuu"),
        ("ansvars-\nfördelning", "ansvarsfördelning"),
        ("inter-\nnational", "international"),
        ("vapaa\u00ad\naikana", "vapaaaikana"),
        # the word's
        ("Kulttuuri- ja vapaa-\naikapalvelut", "Kulttuuri- ja vapaa-aikapalvelut"),
        ("linja-\nautot", "linja-autot"),
        ("meri-\nilmasto", "meri-ilmasto"),
        ("ELY-\nkeskus", "ELY-keskus"),
        ("EU-\nprojektet", "EU-projektet"),
        ("e-\ntjänster", "e-tjänster"),
        ("yli 70-\nvuotiaat", "yli 70-vuotiaat"),
        ("CO2-\nutsläpp", "CO2-utsläpp"),
        ("Etelä-\nSuomi", "Etelä-Suomi"),
        ("hanke\u2011\nhaku", "hanke-haku"),
        ("long-\nterm plan", "long-term plan"),
        ("co-\noperation", "co-operation"),
        ("non-\nprofit", "non-profit"),
        # what is left out
        ("sosiaali-\nja terveystoimi", "sosiaali- ja terveystoimi"),
        ("helse-\nog omsorg", "helse- og omsorg"),
        ("5-\nja 6-vuotiaat", "5- ja 6-vuotiaat"),
        # ranges
        ("touko-\nkesäkuu 2025", "touko-kesäkuu 2025"),
        ("maj-\njuni", "maj-juni"),
        ("2025-\n2027", "2025-2027"),
        ("2025-\nalkaen", "2025- alkaen"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line(broken: str, whole: str) -> None:
    """One that only parted a word goes, one that the word has stays."""
    assert unwrap(broken) == whole


@pytest.mark.parametrize(
    ("lang", "cell", "leads", "is_asked"),
    [
        ("fi", "varustamot\nvesihuoltolaitos", ("varustamot", "vesihuoltolaitos"), False),
        ("fi", "vanhemmat\nkoulut\nnuorisopalvelut", ("vanhemmat", "koulut", "nuorisopalvelut"), False),
        ("fi", "Kaupungin\nympäristöpalvelut", ("Kaupungin ympäristöpalvelut",), False),
        ("fi", "etniset\nyhdistykset", ("etniset yhdistykset",), False),
        ("fi", "tekninen\njohtaja", ("tekninen johtaja",), False),
        ("fi", "sivistysjohtaja, koulujen\nrehtorit", ("sivistysjohtaja", "koulujen rehtorit"), False),
        ("sv", "Länsstyrelsen\nmarkägare", ("Länsstyrelsen", "markägare"), False),
        ("sv", "polisen\nskolorna", ("polisen", "skolorna"), False),
        ("sv", "Kommunens\nmiljöenhet", ("Kommunens miljöenhet",), False),
        ("sv", "Tekniska\nförvaltningen", ("Tekniska förvaltningen",), False),
        ("en", "town council\nlandowners", ("town council", "landowners"), True),
        ("en", "Facilities\nmanager", ("Facilities manager",), False),
        ("en", "Head of\nplace", ("Head of place",), False),
    ],
)
def test_a_line_in_small_letters(
    lang: TextLang, cell: str, leads: tuple[str, ...], *, is_asked: bool
) -> None:
    """It is a party where the line above is whole; where that is not sure, it is asked."""
    found = split_parties(cell, lang)
    assert found.leads == leads
    assert bool(found.doubts) is is_asked


@pytest.mark.parametrize(
    ("lang", "cell", "leads"),
    [
        (
            "fi",
            "Työsuojelupäällikkö, yksiköiden esihenkilöt",
            ("Työsuojelupäällikkö", "yksiköiden esihenkilöt"),
        ),
        ("sv", "gatuchef, trafikingenjör", ("gatuchef", "trafikingenjör")),
        ("en", "Director, Waste Officer", ("Director", "Waste Officer")),
        ("en", "Director, People and Culture", ("Director, People and Culture",)),
        ("sv", "Chef, kultur och fritid", ("Chef, kultur och fritid",)),
    ],
)
def test_persons_behind_a_title(lang: TextLang, cell: str, leads: tuple[str, ...]) -> None:
    """After a comma behind a title another title is another person, a field of work is the title's."""
    assert split_parties(cell, lang).leads == leads


def test_words_before_a_year_are_no_part_of_a_schedule() -> None:
    """Of a sentence only the words that change the meaning of its year are taken."""
    assert schedule_in("Utbilda nyvalda i ansvarsfull tillståndsgivning under 2027.") == "under 2027"
    assert schedule_in("Selvitys valmistuu vuoden 2026 loppuun mennessä") == "vuoden 2026 loppuun"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("# Plan\n\n- Utbilda personalen\n- Ta fram information\n", ["line 3", "line 4"]),
        ("Toimenpide;Mittari\nKerhojen lisääminen;Kerhot\nPerhetyö;Asiakkaat\n", ["row 2", "row 3"]),
        ("Kommunen är en bra plats att bo på.\n", []),
    ],
)
def test_what_may_be_an_action_is_said_of_a_refused_document(
    tmp_path: Path, text: str, places: list[str]
) -> None:
    """Behind what is missing stand the lines and rows that may be actions, with their words."""
    path = tmp_path / ("plan.csv" if ";" in text else "plan.md")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_documents([path])
    told = raised.value.problems[1:]
    assert [one.place for one in told] == places
    assert all("may be an action: " in one.found for one in told)


def test_hyphens_of_a_narrow_pdf_table(tmp_path: Path) -> None:
    """Words and names are as they are written elsewhere, whatever the width of their column."""
    paper = Paper()
    paper.page()
    paper.ruled(
        40,
        (30, 230, 330, 430),
        [
            ("Toimenpide", "Aikataulu", "Vastuutaho"),
            (
                "Avataan matka-\napuri yli 70-\nvuotiaille",
                "touko-\nkesäkuu 2026",
                "Vapaa-\naikapalvelut, ELY-\nkeskus",
            ),
            ("Parannetaan toimin-\ntaedellytyksiä", "2026-\n2027", "Sosiaali-\nja terveys-\ntoimi"),
        ],
    )
    actions = read_documents([paper.save(tmp_path / "plan.pdf")]).documents[0].as_json()["actions"]
    assert [title(one) for one in actions] == [
        "Avataan matka-apuri yli 70-vuotiaille",
        "Parannetaan toimintaedellytyksiä",
    ]
    assert [one["leads"] for one in actions] == [
        ["Vapaa-aikapalvelut", "ELY-keskus"],
        ["Sosiaali- ja terveystoimi"],
    ]
    assert [(one["start"], one["end"]) for one in actions] == [
        ("2026-05-01", "2026-06-30"),
        ("2026-01-01", "2027-12-31"),
    ]


def test_partners_on_lines_of_a_cell(tmp_path: Path) -> None:
    """In a workbook and in a Word document each line is a partner, whatever letter it begins with."""
    rows = [
        ("Åtgärd", "Ansvarig", "Medverkande", "Tidplan"),
        ("Bilda naturreservat", "Kommunstyrelsen", "Länsstyrelsen\nmarkägare", "2027"),
        ("Rensa stränder", "Miljönämnden", "skolorna\nföreningar\nRegion Väst", "2026"),
        ("Inventera brunnar", "Miljönämnden", "Kommunens\nvatteningenjör", "2026"),
    ]
    for path in (
        xlsx(tmp_path / "plan.xlsx", {"Plan": rows}),
        word(tmp_path / "plan.docx", ["Miljöplan 2026–2027"], rows),
    ):
        actions = read_documents([path]).documents[0].as_json()["actions"]
        assert [one["partners"] for one in actions] == [
            ["Länsstyrelsen", "markägare"],
            ["skolorna", "föreningar", "Region Väst"],
            ["Kommunens vatteningenjör"],
        ]

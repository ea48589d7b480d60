"""Indicators of flattened tables go back to their measures: by rows, order or words, or to all of a set."""

from __future__ import annotations

from pathlib import Path

import pytest

from reminders.intake.read import read_documents
from reminders.intake.shapes.indicator_column import (
    ColumnPiece,
    WordWeights,
    counts,
    indicator_items,
    joined_indicators,
    share_indicators,
)

HEADERS = {
    "fi": ("Tavoitteet", "Toimenpiteet", "Mittarit", "Vastuutaho"),
    "sv": ("Mål", "Åtgärder", "Indikatorer", "Ansvarig"),
    "en": ("Objectives", "Actions", "Indicators", "Responsible"),
}
FINNISH = (
    ("1. Lasten ja nuorten hyvinvointi", (
        "Lapsilla on turvallinen arki ja harrastus\nkoulupäivän yhteydessä.",
        "1.1 Harrastamisen mallia laajennetaan peruskouluihin ja\nlukioihin yhdessä seurojen kanssa.",
        "Harrastavien oppilaiden osuus (%)", "Vapaa-aikapalvelut",
        "1.2 Kouluvalmentajat aloittavat työnsä yläkouluissa.",
        "Kouluvalmentajien määrä", "Perusopetus", "Koulupoissaolojen määrä",
        "1.3 Perheiden varhainen tuki kootaan perhekeskukseen.", "Perhekeskus on avattu", "Perhepalvelut",
    )),
    ("2. Ikääntyneiden osallisuus", (
        "Ikääntyneet osallistuvat ja liikkuvat.",
        (
            "2.1 Liikuntaryhmiä perustetaan jokaiseen kaupunginosaan.\n"
            "2.2 Kulttuurikaveritoiminta vakinaistetaan.\n2.3 Digiopastusta annetaan kirjastoissa."
        ),
        "Liikuntaryhmien määrä", "Kulttuurikaverien määrä", "Opastettujen määrä kirjastoissa",
        "Liikuntapalvelut", "Kulttuuripalvelut", "Kirjasto",
    )),
    ("3. Turvallisuus", (
        "Keskusta koetaan turvalliseksi.", "Turvallisuuskyselyn keskiarvo",
        "3.1 Valaistusta parannetaan puistoissa.", "Tekniset palvelut",
        "3.2 Jalkautuvaa nuorisotyötä tehdään keskustassa iltaisin.", "Nuorisopalvelut",
    )),
)  # fmt: skip
SWEDISH = (
    ("1. Trafik", (
        "Utsläppen från trafiken minskar.",
        (
            "1.1 Gång- och cykelvägarna byggs ut i centrum.\n1.2 Busslinjerna elektrifieras.\n"
            "1.3 Samåkning främjas bland de anställda.\n1.4 Laddstationer byggs vid stadens fastigheter."
        ),
        "Antalet kilometer cykelväg i centrum\nKoldioxidutsläppen per invånare och andelen elbilar",
        "Kommuntekniken",
    )),
    ("2. Byggande", (
        "Stadens byggnader är energisnåla.",
        "2.1 Nya skolor byggs i trä.", "Andelen träbyggnader (%)", "Fastighetsenheten",
        "2.2 Oljepannor byts ut mot jordvärme.", "Antalet oljepannor som har bytts ut", "Fastighetsenheten",
    )),
    ("3. Konsumtion", (
        "Matsvinnet halveras.",
        "3.1 Skolornas matsvinn mäts varje vecka.", "Mängden matsvinn per portion", "Kostservicen",
        "3.2 Återbruk av möbler ordnas inom staden.", "Antalet möbler som återbrukats", "Upphandlingsenheten",
        "Antalet enheter som deltar i återbruket",
    )),
)  # fmt: skip
ENGLISH = (
    ("1. Walking and cycling", (
        "More people walk and cycle every day.",
        "1.1 A network of cycle lanes will be built between the suburbs and the centre.",
        "Kilometres of cycle lane built", "Transport Department",
        "1.2 Bicycle parking will be provided at every railway station.",
        "The number of bicycle parking places", "Urban Environment Division",
        "1.3 Winter maintenance of main routes will be improved.",
        "All main routes are cleared by 7 am.", "Maintenance Unit",
    )),
    ("2. Sport for all", (
        "Everyone can find a sport near home.",
        "2.1 School halls will be opened to clubs in the evenings.",
        "Number of hours booked", "Sports Services",
        "2.2 A swimming pass for pensioners will be introduced.", "The pass is in use.", "Sports Services",
        "Children take part whatever their family's income.", "The number of pensioners who bought a pass",
        "2.3 A fund for equipment will be set up.",
        "Number of children who received equipment", "Education Division",
    )),
)  # fmt: skip


def flattened(folder: Path, lang: str, sets: tuple[tuple[str, tuple[str, ...]], ...]) -> Path:
    """Write a programme as a page whose columns follow each other."""
    pages = [
        "\n\n".join((f"{title}\n{HEADERS[lang][0]}", *HEADERS[lang][1:], *pieces)) for title, pieces in sets
    ]
    path = folder / "plan.txt"
    path.write_text("\n\n".join(pages), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("lang", "sets", "wanted"),
    [
        ("fi", FINNISH, [
            "Harrastavien oppilaiden osuus (%)",
            "Kouluvalmentajien määrä. Koulupoissaolojen määrä",
            "Perhekeskus on avattu",
            "Liikuntaryhmien määrä", "Kulttuurikaverien määrä", "Opastettujen määrä kirjastoissa",
            "Turvallisuuskyselyn keskiarvo", "Turvallisuuskyselyn keskiarvo",
        ]),
        ("sv", SWEDISH, [
            "Antalet kilometer cykelväg i centrum. Koldioxidutsläppen per invånare och andelen elbilar",
            *["Koldioxidutsläppen per invånare och andelen elbilar"] * 3,
            "Andelen träbyggnader (%)", "Antalet oljepannor som har bytts ut",
            "Mängden matsvinn per portion",
            "Antalet möbler som återbrukats. Antalet enheter som deltar i återbruket",
        ]),
        ("en", ENGLISH, [
            "Kilometres of cycle lane built", "The number of bicycle parking places",
            "All main routes are cleared by 7 am.", "Number of hours booked",
            "The pass is in use. The number of pensioners who bought a pass",
            "Number of children who received equipment",
        ]),
    ],
)  # fmt: skip
def test_a_page_told_column_by_column_keeps_its_indicators(
    tmp_path: Path, lang: str, sets: tuple[tuple[str, tuple[str, ...]], ...], wanted: list[str]
) -> None:
    """Rows, lists in order, a late cell, an indicator of the whole set; parties stay parties."""
    actions = read_documents([flattened(tmp_path, lang, sets)]).documents[0].as_json()["actions"]
    assert [one["indicator"] for one in actions] == wanted
    assert [one["leads"] for one in actions if len(one["leads"]) != 1] == []


def test_what_counts_is_told_from_who_acts() -> None:
    """A number or a share counts; a cooperative, a school and a sentence of what is done do not."""
    counting = ("The number of groups", "Osallistujien määrä", "Andelen nöjda kunder", "Käyttöaste (%)")
    others = ("Andelslaget Ria", "Länsi-Vaasan yläaste", "Osuuskunta Toivo", "The work goes on", "Antalya")
    assert [text for text in counting if not counts(text)] == []
    assert [text for text in others if counts(text)] == []


def test_items_of_a_cell_are_parted_and_joined() -> None:
    """A line that begins anew begins an item; a joined text has its ends."""
    lines = ["The number of groups", "that meet weekly", "Share of members (%)", "• A survey is", "done."]
    items = indicator_items(lines)
    assert items == ["The number of groups that meet weekly", "Share of members (%)", "A survey is done."]
    assert joined_indicators(items) == (
        "The number of groups that meet weekly. Share of members (%). A survey is done."
    )


def piece(kind: str, text: str, number: int = -1) -> ColumnPiece:
    """Return a piece of a column; its place is its text."""
    return ColumnPiece(kind, text, text, number)  # type: ignore[arg-type]


def test_late_cells_go_to_the_last_measures_in_their_order() -> None:
    """Two cells that run on after goals are of the last two measures; one that shares words goes by them."""
    texts = ("Bus lines", "Tram lines", "Ferry lines")
    pieces = [one for at, text in enumerate(texts, 1) for one in (
        piece("measure", text, at), piece("indicator", f"Number of day {at}."), piece("party", "Transport"),
    )]  # fmt: skip
    late = [piece("goal", "A city moves."), piece("indicator", "First."), piece("indicator", "Second.")]
    weights = WordWeights(one.text for one in (*pieces, *late))
    own = share_indicators([*pieces, *late], weights).own
    assert own == {
        1: ["Number of day 1."],
        2: ["Number of day 2.", "First."],
        3: ["Number of day 3.", "Second."],
    }
    again = share_indicators([*pieces, piece("indicator", "Share of trams on time.")], weights).own
    assert again[2] == ["Number of day 2.", "Share of trams on time."]


def test_an_endless_column_is_given_to_none() -> None:
    """What would be written a hundred times over is left beside, whole."""
    pieces = [piece("measure", f"Measure {at}", at) for at in range(1, 100)]
    column = [piece("indicator", "Number of x " * 400), piece("indicator", "Number of y")]
    shares = share_indicators([*pieces, *column], WordWeights(()))
    assert (shares.own, shares.apart) == ({}, column)


def test_very_many_indicators_of_none_are_counted(tmp_path: Path) -> None:
    """A hundred have a finding of their own, the rest is one."""
    many = [f"Number of {chr(97 + at % 26)}{chr(97 + at // 26)}x days" for at in range(130)]
    measures = [f"1.{at} A measure builds house {at}." for at in range(1, 9)]
    path = flattened(tmp_path, "en", (("1. Houses", ("Homes for all.", *measures, *many)), ("2. Homes", ())))
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\n2.1 A home is built.\n", encoding="utf-8")
    findings = read_documents([path]).findings
    own = [one for one in findings if one.code == "indicator-of-several"]
    assert [one.words for one in own] == many[:100]
    assert [one.words for one in findings if one.code == "more-left-over"] == ["30"]

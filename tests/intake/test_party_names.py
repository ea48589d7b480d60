"""What an organisation is called, from the ways in which it is printed."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import pytest

from reminders.intake.choices import ReadingChoices
from reminders.intake.parties import adds_nothing, are_different_bodies, name_of, nominative, split_parties
from reminders.intake.read import read_documents
from reminders.intake.reimport import slug
from schedule_rules.programme import Lang
from tests.intake.conftest import Report

HEADINGS: Mapping[Lang, tuple[str, str, str, str]] = {
    "fi": ("Toimenpide", "Vastuutaho", "Aikataulu", "Toteutetaan asia numero"),
    "sv": ("Åtgärd", "Ansvarig", "Tidtabell", "Åtgärden genomförs som planerat nummer"),
    "en": ("Action", "Responsible", "Schedule", "Carry out the piece of work number"),
}
ASKED = {"one-or-two-units", "two-or-one-units"}


@pytest.mark.parametrize(
    ("printed", "listed"),
    [
        ("etnisten yhdistysten", "etniset yhdistykset"),
        ("toisen asteen oppilaitosten", "toisen asteen oppilaitokset"),
        ("kaupungin hallintokuntien", "kaupungin hallintokunnat"),
        ("mahdollisten muiden toimijoiden", "mahdolliset muut toimijat"),
        ("urheiluseurojen", "urheiluseurat"),
        ("Pohjanmaan ETNO:n", "Pohjanmaan ETNO"),
        ("hyvinvointiyksikön", "hyvinvointiyksikkö"),
        ("kriisikeskuksen", "kriisikeskus"),
        ("Alman", "Alman"),
    ],
)
def test_a_genitive_becomes_a_nominative(printed: str, listed: str) -> None:
    """By the end of the word; a proper name, whose end says nothing, stays."""
    assert nominative(printed) == listed


def test_a_form_that_stands_as_a_list_names_it_is_preferred() -> None:
    """Another print in the nominative is better than one made from the genitive."""
    assert name_of({"Alman": False, "Alma": True}, "fi") == "Alma"
    assert name_of({"yhdistysten": False}, "fi") == "yhdistykset"
    assert name_of({"the Crisis Centre": True}, "en") == "Crisis Centre"


def test_letters_that_print_lost_come_back_from_other_prints() -> None:
    """Each of two damaged prints has kept what the other lost; é was read as ö, so ä wins a tie."""
    assert name_of({"Välfardsenheten": True, "valfärdsenheten": True}, "sv") == "Välfärdsenheten"
    assert name_of({"Valfördsenheten": True, "Valfärdsenheten": True}, "sv") == "Valfärdsenheten"
    assert name_of({"Rad": True}, "sv") == "Rad"


@pytest.mark.parametrize(
    ("short", "long", "lang", "same"),
    [
        ("TNO", "TNO services", "en", True),
        ("Perhekeskus", "Perhekeskus toiminta", "fi", True),
        ("Familjecentret", "Familjecenterverksamhet", "sv", True),
        ("associations", "ethnic associations", "en", False),
        ("Employment services", "Employment services for migrants", "en", False),
    ],
)
def test_a_word_that_adds_nothing(short: str, long: str, lang: Lang, *, same: bool) -> None:
    """Services, activities and the like do; what narrows a name does not."""
    assert adds_nothing(short, long, lang) is same


def test_the_council_is_not_the_board() -> None:
    """City Council is no translation of Kaupunginhallitus, City Board is."""
    assert are_different_bodies("City Council", "Kaupunginhallitus")
    assert not are_different_bodies("City Board", "Kaupunginhallitus")
    assert not are_different_bodies("Multiculturalism Board", "Monikulttuurisuusneuvosto")


@pytest.mark.parametrize("known", [(), ("higher", "secondary education institutions in the region")])
def test_an_adjective_alone_is_no_party(known: tuple[str, ...]) -> None:
    """The word higher waits for its noun, whatever names are known."""
    names = split_parties(
        "Vamia, higher and secondary education institutions in the region", "en", known
    ).leads
    assert names == ("Vamia", "higher and secondary education institutions in the region")


def test_a_hyphen_inside_a_word_makes_no_small_word() -> None:
    """On-going keeps its on."""
    assert slug("the on-going projects of the city") == "on-going-projects-city"


def plan(folder: Path, lang: Lang, cells: Sequence[str]) -> Path:
    """Write a small plan with these responsible cells."""
    action, responsible, schedule, title = HEADINGS[lang]
    rows = ((f"{title} {at}", cell, "2026") for at, cell in enumerate(cells, 1))
    path = folder / "plan.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(((action, responsible, schedule), *rows))
    return path


def read_leads(folder: Path, row: Mapping[str, str]) -> tuple[list[str], bool]:
    """Return who leads the first action of a name's document, and whether it is asked about a cut."""
    lang = cast("Lang", row["lang"])
    known = None
    if row["stored"]:
        stored = plan(folder, lang, row["stored"].split(" | "))
        known = read_documents([stored], choices=ReadingChoices(lang=lang)).programme
    cells = [row["cell"], *filter(None, row["others"].split(" | "))]
    reading = read_documents([plan(folder, lang, cells)], choices=ReadingChoices(lang=lang), known=known)
    asked = any(finding.code in ASKED for finding in reading.findings)
    return reading.documents[0].as_json()["actions"][0]["leads"], asked


def test_names_with_conjunctions_commas_and_titles(tmp_path: Path, root: Path, report: Report) -> None:
    """At least nine of ten are one party or several as they are; the rest is asked, and few others."""
    path = root / "tests" / "data" / "party_names.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    read = [(row, *read_leads(tmp_path, row)) for row in rows]
    wrong = [(row["cell"], found, asked) for row, found, asked in read if found != row["right"].split(" | ")]
    doubts = sum(asked for _, _, asked in read)
    report("names with and, och, ja", f"{len(rows) - len(wrong)} of {len(rows)} right, {doubts} asked")
    assert len(rows) >= 45
    assert len(wrong) <= 0.1 * len(rows), wrong
    assert [cell for cell, _, asked in wrong if not asked] == []
    assert doubts <= 0.2 * len(rows)


@pytest.mark.parametrize(
    ("cells", "leads", "code"),
    [
        (["Streets and Sanitation", "Fleet Unit"], ["Streets and Sanitation"], set[str]()),
        (["Quays and Harbours", "Fleet Unit"], ["Quays and Harbours"], {"one-or-two-units"}),
        (["Fleet Unit and Quays", "Harbour Board"], ["Fleet Unit", "Quays"], {"two-or-one-units"}),
        (["Quays and Harbours", "Quays", "Harbours"], ["Quays", "Harbours"], set[str]()),
        (["Quays and Harbours", "Quays, Harbours"], ["Quays", "Harbours"], set[str]()),
    ],
)
def test_what_is_not_sure_is_asked(
    tmp_path: Path, cells: list[str], leads: list[str], code: set[str]
) -> None:
    """Both pieces stand elsewhere, or the words tell; else there is a finding with the two pieces."""
    reading = read_documents([plan(tmp_path, "en", cells)], choices=ReadingChoices(lang="en"))
    assert reading.documents[0].as_json()["actions"][0]["leads"] == leads
    found = [finding for finding in reading.findings if finding.code in ASKED]
    assert {finding.code for finding in found} == code
    assert {(finding.words, finding.detail) for finding in found} == (
        {(cells[0], "; ".join(cells[0].split(" and ")))} if code else set()
    )


def test_a_name_that_is_repeated_is_no_evidence_for_its_pieces(tmp_path: Path) -> None:
    """However often a cell stands there, its pieces stand nowhere else."""
    reading = read_documents(
        [plan(tmp_path, "sv", ["Kultur och fritid"] * 4)], choices=ReadingChoices(lang="sv")
    )
    assert {tuple(one["leads"]) for one in reading.documents[0].as_json()["actions"]} == {
        ("Kultur och fritid",)
    }


def test_a_heading_tells_a_name(tmp_path: Path) -> None:
    """A theme that is called like a unit is one name, though both pieces stand elsewhere."""
    path = tmp_path / "plan.csv"
    path.write_text(
        "Theme,Action,Responsible,Schedule\n"
        "Quays and Harbours,Mend the old pier,Quays and Harbours,2026\n"
        "Quays and Harbours,Paint the boathouse,Fleet Unit,2027\n",
        encoding="utf-8",
    )
    reading = read_documents([path], choices=ReadingChoices(lang="en"))
    assert reading.documents[0].as_json()["actions"][0]["leads"] == ["Quays and Harbours"]
    assert not [finding for finding in reading.findings if finding.code in ASKED]

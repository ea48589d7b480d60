"""The programmes of Vaasa and Helsinki come in right, measured against the built-in data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reminders.intake.choices import ReadingChoices
from reminders.intake.document import neutral_document
from reminders.intake.formats import read_programme
from reminders.intake.read import ProgrammeReading, read_documents
from reminders.programmes import built_in_text
from schedule_rules.programme import Lang, Programme
from tests.intake.conftest import Report
from tests.intake.measure import FIELDS, Score, by_organisation, header, measure

FOLDER = Path(__file__).parents[1] / "data" / "programmes"
VAASA = "vaasa-2023-2026"
HELSINKI = "helsinki-2017-2021"

# Where the English table prints something else than the Finnish one: its rows slid down by one,
# and some name other parties. By action of the built-in programme: what the English row says.
SLID: dict[str, dict[str, Any]] = {
    "education-traineeships": {
        "title": "Positive communication, success stories, skills marketing",
        "kind": "year_range", "start": "2023-01-01", "end": "2026-12-31",
        "leads": ["Entire city organisation"], "partners": [],
    },
    "education-positive-communication": {
        "title": "Information on training programmes for companies",
        "kind": "single_year", "start": "2023-01-01", "end": "2023-12-31",
        "leads": ["Vamia"], "partners": ["Communication Services"],
    },
    "education-programme-info-for-companies": {
        "title": "Dialogue with working life using the Tiitus application",
        "kind": "year_range", "start": "2023-01-01", "end": "2026-12-31",
        "leads": ["Novia (VIT)"], "partners": ["higher and secondary education institutions in the region"],
    },
    "health-popup-info": {"partners": ["Welfare Unit", "visiting experts"]},
    "children-family-school": {"leads": ["Basic education"], "partners": ["Family Centre"]},
    "safety-ethical-principles": {"leads": ["City Council"]},
}  # fmt: skip
ENGLISH_GOALS = {"health-culture-buddy", "health-popup-info"}


@pytest.fixture(scope="module")
def vaasa() -> Programme:
    """The built-in programme: the truth."""
    return read_programme(built_in_text(VAASA), VAASA)


@pytest.fixture(scope="module")
def helsinki() -> Programme:
    """The second built-in programme."""
    return read_programme(built_in_text(HELSINKI), HELSINKI)


@pytest.fixture
def table(report: Report) -> Callable[[Score], None]:
    """Puts a line into the table at the end of the run."""
    return lambda score: report(header(), score.line())


def expected(programme: Programme, lang: Lang) -> list[dict[str, Any]]:
    """What the document in ``lang`` should give."""
    rows = neutral_document(programme, lang)["actions"]
    if lang == "en" and programme.key == VAASA:
        for row, action in zip(rows, programme.actions, strict=True):
            row.update(SLID.get(action.id, {}))
            if action.id in ENGLISH_GOALS:
                row["goal"] = "Promoting good community relations"
    if programme.key == HELSINKI:
        for row in rows:
            # The document prints no schedule for these: the programme's own period holds.
            if row["start"] == "2017-01-01":
                row.update(kind="programme_period", start=None, end=None)
    return list(rows)


def scored(file: str, programme: Programme, lang: Lang, least: float) -> Score:
    """Read a document as somebody would who has nothing else, and compare."""
    reading = read_documents([FOLDER / file], choices=ReadingChoices(lang=lang))
    same = by_organisation(programme, lang)
    return measure(file, reading.documents[0].as_json()["actions"], expected(programme, lang), same, least)


def test_the_english_document_is_read_as_printed(vaasa: Programme, table: Callable[[Score], None]) -> None:
    """Every row with schedule, leads, partners and recurrences."""
    score = scored("vaasa.en.md", vaasa, "en", 0.8)
    table(score)
    assert score.found == 62, score.wrong
    for what in ("schedule", "leads", "partners", "recurrences", "domain", "goal"):
        assert score.share(what) == 1, (what, score.wrong)


def test_the_finnish_text_is_read(vaasa: Programme, table: Callable[[Score], None]) -> None:
    """At least 98 % of the rows and of each field."""
    score = scored("vaasa.fi.txt", vaasa, "fi", 0.9)
    table(score)
    for what in ("rows", *FIELDS):
        assert score.share(what) >= 0.98, (what, score.wrong)


def test_the_damaged_swedish_text_is_read(vaasa: Programme, table: Callable[[Score], None]) -> None:
    """At least 92 % of the rows and of each field."""
    score = scored("vaasa.sv-ocr.txt", vaasa, "sv", 0.75)
    table(score)
    for what in ("rows", *FIELDS):
        assert score.share(what) >= 0.92, (what, score.wrong)


def test_helsinkis_measures_are_read(helsinki: Programme, table: Callable[[Score], None]) -> None:
    """All 64 measures, and every field of at least 98 % of them."""
    score = scored("helsinki.en.txt", helsinki, "en", 0.85)
    table(score)
    assert score.found == 64
    for what in FIELDS:
        assert score.share(what) >= 0.98, (what, score.wrong)


def test_an_indicator_of_a_whole_column_is_said() -> None:
    """The plan for education has one indicator of all its 28 measures; those beside many are in findings."""
    reading = read_documents([FOLDER / "helsinki.en.txt"], choices=ReadingChoices(lang="en"))
    apart = [one for one in reading.findings if one.code == "indicator-of-several"]
    assert [one.place for one in apart] == [f"line {at}" for at in (1226, 1233, 1267, 1304, 1348)]
    assert apart[0].words.startswith("The participation of 3–6-year-olds in early childhood education")
    became = {one.place: one.became for one in reading.accounts[0].entries}
    assert {became[f"line {at}"] for at in (1226, 1229, 1233, 1240, 1267, 1348)} == {"not-used"}


# -- the three languages together --------------------------------------------------------


@pytest.fixture(scope="module")
def trilingual() -> ProgrammeReading:
    """The three documents of Vaasa, read as one programme that nobody knows yet."""
    files = ("vaasa.en.md", "vaasa.fi.txt", "vaasa.sv-ocr.txt")
    return read_documents([FOLDER / name for name in files])


def test_three_languages_make_one_programme(trilingual: ProgrammeReading) -> None:
    """Every action has its bullets in all three languages."""
    programme = trilingual.programme
    assert programme.languages == ("fi", "sv", "en")
    assert len(programme.actions) == 62
    assert [action.id for action in programme.actions if len(action.bullets) < 3] == []
    assert (programme.period.first.year, programme.period.last.year) == (2023, 2026)
    assert [len(programme.domains), len(programme.goals)] == [8, 25]


def test_the_rows_that_slid_are_named(trilingual: ProgrammeReading) -> None:
    """The findings name the English rows that stand one below where the Finnish ones do."""
    codes = ("row-merged", "row-slid", "row-repeated")
    slid = [(one.code, one.file, one.place) for one in trilingual.findings if one.code in codes]
    assert sorted(slid, key=lambda one: one[2]) == [
        ("row-merged", "vaasa.en.md", "line 76 (vaasa.fi.txt, line 314)"),
        ("row-slid", "vaasa.en.md", "line 77 (vaasa.fi.txt, line 338)"),
        ("row-slid", "vaasa.en.md", "line 78 (vaasa.fi.txt, line 347)"),
        ("row-repeated", "vaasa.en.md", "line 79"),
    ]


def test_only_true_disagreements_on_parties_are_named(trilingual: ProgrammeReading) -> None:
    """Each named row names other parties in print: slid, council for board, torn by OCR."""
    code = "languages-disagree-parties"
    places = [(one.file, one.place.split(" (")[0]) for one in trilingual.findings if one.code == code]
    assert places == [
        ("vaasa.en.md", "line 77"),
        ("vaasa.en.md", "line 78"),
        ("vaasa.sv-ocr.txt", "line 540"),
        ("vaasa.en.md", "line 91"),
        ("vaasa.en.md", "line 120"),
        ("vaasa.en.md", "line 131"),
        ("vaasa.sv-ocr.txt", "line 950"),
    ]


def test_each_organisation_stands_once(
    trilingual: ProgrammeReading, vaasa: Programme, report: Report
) -> None:
    """Leads and partners of every row are those of the built-in programme, one for one."""
    pairs = list(zip(trilingual.programme.actions, vaasa.actions, strict=True))
    used: dict[str, Counter[str]] = {}
    for ours, theirs in pairs:
        for mine, yours in ((ours.leads, theirs.leads), (ours.partners, theirs.partners)):
            for key, other in zip(mine, yours, strict=False):
                used.setdefault(key, Counter())[other] += 1
    of = {key: counts.most_common(1)[0][0] for key, counts in used.items()}
    heading = (
        "vaasa in three languages: organisations, leads, partners (read / built in, rows that are right)"
    )
    right = {}
    for part in ("leads", "partners"):
        rows = [
            ({of.get(key, key) for key in getattr(ours, part)}, set(getattr(theirs, part)))
            for ours, theirs in pairs
        ]
        right[part] = sum(mine == yours for mine, yours in rows)
        sizes = [len({key for pair in pairs for key in getattr(pair[side], part)}) for side in (0, 1)]
        report(heading, f"{part:<14} {sizes[0]:>3} / {sizes[1]:>3}   {right[part]} of {len(pairs)} rows")
    truth = {key for _, action in pairs for key in (*action.leads, *action.partners)}
    report(heading, f"{'organisations':<14} {len(of):>3} / {len(truth):>3}")
    assert len({key for ours, _ in pairs for key in ours.leads}) == 39
    assert len(set(of.values())) == len(of), of
    assert set(of.values()) - truth == set()
    assert truth - set(of.values()) == set()
    assert right["leads"] == 62
    assert right["partners"] >= 61


def test_an_organisation_is_called_as_a_list_would_call_it(trilingual: ProgrammeReading) -> None:
    """Finnish names stand in the nominative and Swedish ones with the letters that print lost."""
    names = {one.key: one.name for one in trilingual.programme.organisations}
    assert names["alma"].fi == "Alma"
    assert names["welcome-office"].fi == "Welcome Office"
    assert names["ethnic-associations"].fi == "etniset yhdistykset"
    assert names["welfare-region"].as_dict() == {
        "fi": "hyvinvointialue", "sv": "valfardsomradet", "en": "welfare region",
    }  # fmt: skip
    assert names["welfare-unit"].sv == "Välfärdsenheten"
    genitives = [one.fi for one in names.values() if one.fi.endswith(("sten", "iden", "jen", "tien", "ksen"))]
    assert genitives == []


def test_a_known_programme_keeps_its_keys(vaasa: Programme) -> None:
    """Read with the built-in programme known, the documents give its ids, goals and organisations."""
    files = ("vaasa.fi.txt", "vaasa.en.md", "vaasa.sv-ocr.txt")
    found = read_documents([FOLDER / name for name in files], known=vaasa)
    programme = found.programme
    assert programme.key == VAASA
    assert [action.id for action in programme.actions] == [action.id for action in vaasa.actions]
    assert programme.organisations == vaasa.organisations
    leads = [(ours.id, ours.leads) for ours in programme.actions]
    wrong = [one for one, action in zip(leads, vaasa.actions, strict=True) if one[1] != action.leads]
    assert len(wrong) <= 1, wrong
    assert "City Council" in {finding.words for finding in found.findings}


def test_an_indicator_past_its_schedule_is_named() -> None:
    """The clinic runs in 2023 and its indicator speaks of 2024."""
    found = read_documents([FOLDER / "vaasa.fi.txt"]).findings
    late = [finding for finding in found if finding.code == "indicator-past-schedule"]
    assert [finding.detail for finding in late] == ["2024 after 2023-12-31"]

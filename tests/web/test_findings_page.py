"""The list of what needs a decision: its rows, their words, what settles them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from email_templates.catalogue import catalogue
from reminders.errors import UsageError
from reminders.planning.state import ProgrammeRow
from reminders.service import Service
from reminders.store import programmes, programmes as repository
from reminders.use.programme.correct import CorrectionDecision, correct_action
from reminders.use.programme.store_programme import store_programme
from reminders.web.programme.findings import finding_list
from reminders.web.words import code_words, detail_words, place_words, schedule_words
from schedule_rules.programme import LANGUAGES, Correction, Lang
from schedule_rules.reading import normalise
from schedule_rules.schedule import Schedule
from tests.use.town import action, programme
from tests.web.codes import CODES, of_intake
from tests.web.conftest import KEY, Reader
from tests.web.forms import FOREIGN, plain, send

CAFE, DIALOGUE = "social-cultural-cafe", "health-regular-dialogue"
SCHOOL = "children-family-school"


@pytest.fixture
def row(service: Service) -> ProgrammeRow:
    """The stored programme."""
    with service.database.read() as connection:
        return repository.all_programmes(connection)[0]


def imported(code: str, words: str = "", detail: str = "") -> dict[str, str]:
    """A finding as the store keeps it."""
    return {"code": code, "file": "a.csv", "place": "row 4", "words": words, "detail": detail}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_every_code_has_words(code: str, lang: Lang) -> None:
    """Whatever an import or a wording can give is said in the reader's language."""
    assert catalogue("reminders.web").has(lang, f"code.{code}")


def test_the_codes_are_found_in_the_source() -> None:
    """The list of codes is not empty by a mistake of the test."""
    assert {"unclear-schedule", "row-slid", "formula", "languages-disagree-parties"} <= of_intake()
    assert {"series-without-dates", "vague-frequency", "languages-disagree"} <= set(CODES)


def test_an_unknown_code_stands_as_it_is(row: ProgrammeRow) -> None:
    """A code of another version is shown, not an error."""
    found = finding_list(replace(row, imported_findings=(imported("odd-thing", "words"),)), "fi")
    assert [(one.code, one.what) for one in found][-1] == ("odd-thing", "odd-thing")
    assert code_words("no-lead", "sv") == "Ansvarspart saknas."


def test_rows_of_the_wordings(row: ProgrammeRow) -> None:
    """The dialogue, the café, the school: words in the reader's language first, the nearest reading."""
    found = {one.action: one for one in finding_list(row, "sv")}
    assert set(found) == {CAFE, DIALOGUE, SCHOOL}
    assert found[SCHOOL].what == "Seriens datum är inte bekräftade, så serien syns inte i kalendrarna."
    assert (found[SCHOOL].quotes[0], found[SCHOOL].nearest) == (("sv", "varje vecka"), "")
    assert found[DIALOGUE].quotes[0] == ("sv", "Regelbunden")
    assert found[CAFE].nearest.replace("\N{WORD JOINER}", "") == "en period 1.1–31.12.2023"


def test_rows_of_the_import(row: ProgrammeRow) -> None:
    """Words that one action alone holds name it; else the place stands alone, without acts."""
    title = row.programme.action_by_id[CAFE].title.get("fi")
    found = imported("no-lead", title), imported("not-placed", "Loose words")
    one, other = finding_list(replace(row, imported_findings=found), "fi")[3:]
    assert (one.action, one.place, one.what) == (CAFE, "a.csv, rivi 4", "Vastuutaho puuttuu.")
    assert one.correct.endswith("field=leads")
    assert (other.action, other.correct, other.accept) == ("", "", "")
    assert (one.finding, other.finding) == ("", "not-placed: Loose words")


def test_a_finding_about_no_action_is_accepted(service: Service) -> None:
    """One button settles it, for the next import too; from elsewhere it does nothing."""
    found = [imported("not-placed", "Loose words"), imported("row-missing", "Other words")]
    with service.database.write() as connection:
        programmes.set_findings(connection, KEY, found)
    secretary = Reader(service).sign_in()
    assert "Loose words" in secretary.get("/findings?lang=en").text
    fields = {"key": KEY, "finding": "not-placed: Loose words"}
    assert send(secretary, "/findings", fields, headers=FOREIGN).status_code == 403
    assert "Loose words" in secretary.get("/findings?lang=en").text
    answers = [send(secretary, "/findings?lang=en", fields) for _ in range(2)]
    there = (303, "/findings?programme=vaasa-2023-2026&lang=en")
    assert [(one.status_code, one.headers["location"]) for one in answers] == [there] * 2
    page = secretary.get("/findings?lang=en").text
    assert ("Loose words" in page, "Other words" in page) == (False, True)
    with service.database.write() as connection:
        programmes.set_findings(connection, KEY, [{**found[0], "place": "row 9"}, found[1]])
        kept = programmes.corrections_of(connection, KEY)[""]
        still = repository.all_programmes(connection)[0].findings
    assert [(one.field, one.value) for one in kept] == [("accepted", "not-placed: Loose words")]
    assert [one["words"] for one in still] == ["Other words"]


def test_what_is_no_finding_cannot_be_accepted(service: Service) -> None:
    """The message names the findings that are there."""
    with service.database.write() as connection:
        programmes.set_findings(connection, KEY, [imported("row-missing", "Other words")])
    with pytest.raises(UsageError) as raised:
        correct_action(service, CorrectionDecision(KEY, "accepted", "row-slid", "secretary@vaasa.example"))
    assert str(raised.value) == (
        "accepted: expected the code of a finding, or one of: row-missing: Other words; found 'row-slid'"
    )


@pytest.mark.parametrize(("field", "value"), [("leads", "welfare-unit"), ("accepted", "no-lead")])
def test_a_correction_settles_what_the_import_found(row: ProgrammeRow, field: str, value: str) -> None:
    """Corrected or accepted, it stands on the list no more."""
    title = row.programme.action_by_id[CAFE].title.get("fi")
    made = Correction(field, value, "secretary", date(2025, 1, 7))  # type: ignore[arg-type] # parametrised
    settled = replace(
        row, programme=row.printed.corrected({CAFE: (made,)}), imported_findings=(imported("no-lead", title),)
    )
    assert "no-lead" not in {one.code for one in finding_list(settled, "fi")}


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ("single 2024-01-01/2024-12-31", "one period, 1 January – 31 December 2024"),
        ("open_range …/2025-12-31", "by 31 Dec 2025"),
        ("2028 after 2026-12-31", "2028, the schedule ends on 31 Dec 2026"),
        ("Welfare Unit", "Welfare Unit"),
        ("strange 1/2", "strange 1/2"),
    ],
)
def test_details_in_words(detail: str, words: str) -> None:
    """What an import made of words is said; what has no known form stays."""
    assert plain(detail_words(detail, "en")) == words


def test_places_in_words() -> None:
    """Rows, sheets and pages by their names."""
    assert place_words("sheet Ohjelma, cell B3", "fi") == "taulukkosivu Ohjelma, solu B3"
    assert place_words("line 12 (vaasa.fi.txt, line 40)", "sv") == "rad 12 (vaasa.fi.txt, rad 40)"
    assert place_words("the file", "sv") == "filen"


def test_readings_in_words() -> None:
    """A deadline, an open start, a frequency."""
    found = [normalise(text, "fi") for text in ("viimeistään 2026", "Jatkuva", "2 krt vuodessa")]
    said = [schedule_words(one, "fi") for one in found if isinstance(one, Schedule)]
    assert said == ["viimeistään 31.12.2026", "jatkuva", "toistuva, 2 krt/v"]


def test_the_page(reader: Reader, secretary: Reader) -> None:
    """Signed in only; linked from the menu; each row leads to its action."""
    assert reader.get("/findings").status_code == 403
    page = secretary.get("/findings?lang=en")
    assert (page.status_code, page.text.count("3 unclear wordings.")) == (200, 1)
    assert f'href="/actions/{CAFE}/correct?programme=vaasa-2023-2026&amp;field=schedule"' in page.text
    series = f'<a href="/actions/{SCHOOL}/series?programme=vaasa-2023-2026">Change the series<'
    assert series in page.text
    assert series in secretary.get("/decisions?lang=en").text
    assert secretary.get("/").text.count('href="/findings"') == 1
    assert 'href="/findings"' not in reader.get("/").text


def test_the_empty_state(secretary: Reader) -> None:
    """Nothing open is said in words, of a programme in which all is clear."""
    with secretary.service.database.write() as connection:
        clear = programme(action("fair", "2025", "library"))
        store_programme(connection, clear, secretary.service.clock())
    assert "Yksikään kohta ei ole epäselvä." in secretary.get("/findings?programme=town&lang=fi").text

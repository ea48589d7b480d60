"""Everything that is read can be corrected by a person, and a new version of the document keeps it.

Seen: of an action only schedule, frequency and parties could be corrected; a line that was no action, one
that the document had and the reading lacked, or two that were read as one, could be mended in the file alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import select

from reminders.errors import UsageError
from reminders.intake.choices import ReadingChoices
from reminders.intake.pairing import SameAnswers
from reminders.letters.acts import ActFilter
from reminders.planning.programme_diff import finding_name
from reminders.planning.state import ProgrammeRow
from reminders.store import people, programmes, tables
from reminders.use.feeds.source import dates_of_action, source_of
from reminders.use.programme.correct import CorrectionDecision, correct_action, new_key
from reminders.use.programme.read_files import Import, read_import, read_version_before, store_import
from reminders.use.programme.units import answer_units
from reminders.use.watch.audit import act_documents
from reminders.use.watch.evidence import verify_log
from schedule_rules.programme import Action, CorrectedField, Text
from tests.issues.test_new_versions import ALL, FAIR, GUIDE, SECRETARY, TRAIN, UNITS, City, as_row
from tests.web.conftest import Reader


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """A running programme of six actions."""
    made = City(tmp_path)
    yield made
    assert verify_log(made.service).events > 0
    made.service.database.close()


def row(city: City) -> ProgrammeRow:
    """The programme as stored."""
    with city.service.database.read() as connection:
        return programmes.stored_programme(connection, "city")


def actions(city: City) -> Mapping[str, Action]:
    """The actions that hold, by id."""
    return row(city).programme.action_by_id


def correct(
    city: City, action: str, field: CorrectedField, value: str, *, note: str = "", new: Text | None = None
) -> str:
    """Decide as the secretary; return the key that it makes."""
    decision = CorrectionDecision(action, field, value, SECRETARY, note, "city", new or Text())
    made = new_key(city.service, decision)
    correct_action(city.service, decision)
    return made


def due(city: City, action: str) -> list[str]:
    """The deadlines of an action that stand."""
    with city.service.database.read() as connection:
        found = dates_of_action(source_of(connection, "city", city.service.settings), action)
    return [one.day.isoformat() for one in found if one.state == "stands"]


def findings(city: City) -> list[tuple[str, str, str]]:
    """Code, action or organisation, and words of what waits for a decision."""
    return [(one["code"], one["place"], one["words"]) for one in row(city).findings]


# -- texts -----------------------------------------------------------------------------------


def test_title_and_indicator_in_a_language(city: City) -> None:
    """They hold everywhere, survive the next version, and an empty one is the printed one again."""
    correct(city, "1-1", "title-en", "Publish a guide\nTranslate it")
    correct(city, "1-1", "indicator-en", "10 guides a year")
    for _ in range(2):
        assert actions(city)["1-1"].bullets == {"en": ("Publish a guide", "Translate it")}
        assert actions(city)["1-1"].indicator.en == "10 guides a year"
        city.bring([*ALL[:5], as_row(ALL[5], schedule="by 30 June 2027")])
    assert findings(city) == []
    assert "Publish a guide" in Reader(city.service).get("/actions/1-1?programme=city&lang=en").text
    correct(city, "1-1", "title-en", "")
    assert actions(city)["1-1"].title.en == GUIDE[1]


def test_goal_and_theme_that_are_there_or_new(city: City) -> None:
    """A new one gets a key; a goal under another theme stands there with its name."""
    correct(city, "1-1", "theme", "en: Culture and leisure")
    theme = row(city).programme.domain_of(actions(city)["1-1"])
    assert (theme.key, theme.name.en) == ("culture-leisure", "Culture and leisure")
    assert row(city).programme.goal_by_key[actions(city)["1-1"].goal].name.en == "Goal"
    correct(city, "1-2", "goal", "en: More readers")
    assert row(city).programme.goal_by_key[actions(city)["1-2"].goal].name.en == "More readers"
    correct(city, "1-2", "theme", "culture-leisure")
    city.bring([*ALL[:5], as_row(ALL[5], schedule="by 30 June 2027")])
    assert {row(city).programme.domain_of(actions(city)[key]).key for key in ("1-1", "1-2", "1-3")} == {
        "culture-leisure",
        "dom",
    }
    correct(city, "1-1", "theme", "dom")
    assert actions(city)["1-1"].goal == "goal"
    with pytest.raises(UsageError, match="theme: expected a key"):
        correct(city, "1-1", "theme", "nowhere")


def test_a_wording_that_changes_under_any_correction_is_a_finding(city: City) -> None:
    """Title, and that it is no action; what is corrected is no change of the version."""
    correct(city, "1-1", "title-en", "Publish the guide for newcomers")
    correct(city, "1-2", "no-action", "yes")
    correct(city, "1-3", "schedule", "by 30 April 2027")
    found = city.bring(
        [
            as_row(GUIDE, title="Publish guides for newcomers"),
            as_row(TRAIN, title="Train teachers and the librarians"),
            as_row(ALL[2], schedule="2026"),
            *ALL[3:],
        ]
    )
    assert [one for one in found.changes if one.place in {"1-1", "1-2", "1-3"}] == []
    assert findings(city) == [
        ("corrected-wording", "1-1", "Publish guide for newcomers → Publish guides for newcomers"),
        ("corrected-wording", "1-2", "Train teachers and librarians → Train teachers and the librarians"),
        ("corrected-wording", "1-3", "continuous → 2026"),
    ]
    correct(city, "1-1", "title-en", "Publish the guides for newcomers")
    assert [place for _, place, _ in findings(city)] == ["1-2", "1-3"]


# -- which actions there are -----------------------------------------------------------------


def test_what_is_no_action_stays_away(city: City) -> None:
    """Its dates are cancelled, a new version does not bring it back, and it can be taken back."""
    assert "2026-06-30" in due(city, "1-2")
    correct(city, "1-2", "no-action", "yes", note="A heading")
    assert "1-2" not in actions(city)
    assert Reader(city.service).get("/actions/1-2?programme=city&lang=en").status_code == 404
    found = city.bring([*ALL[:5], as_row(ALL[5], schedule="by 30 June 2027")])
    assert "1-2" not in actions(city)
    assert [one for one in found.changes if one.place.startswith("1-2")] == []
    city.run(3)
    correct(city, "1-2", "no-action", "")
    assert "2026-06-30" in due(city, "1-2")


def test_a_missing_action_is_added_by_hand(city: City) -> None:
    """It stands behind the action named, under its goal, with dates, lead and mail as any."""
    key = correct(city, "1-2", "new-action", "en: Open a reading room", note="Page 3, row 7")
    assert key == "open-reading-room"
    correct(city, key, "schedule", "by 31 August 2026")
    correct(city, key, "leads", "beta")
    correct(city, key, "indicator-en", "One room")
    assert list(actions(city))[1:3] == ["1-2", key]
    assert due(city, key) == ["2026-08-31"]
    city.bring([*ALL[:5], as_row(ALL[5], schedule="by 30 June 2027")])
    assert due(city, key) == ["2026-08-31"]
    city.run(60, every=4)
    assert f"city:{key}:milestone:end" in reminded(city)
    correct(city, key, "new-action", "")
    assert key not in actions(city)


def reminded(city: City) -> set[str]:
    """The occurrences that somebody was reminded of."""
    with city.service.database.read() as connection:
        return {*connection.execute(select(tables.reminder.c.occurrence_id)).scalars()}


def test_a_missing_action_that_the_document_has_by_now(city: City) -> None:
    """Under another id, with its title: it is asked, and what was said of it goes on there."""
    key = correct(city, "1-2", "new-action", "en: Open a reading room")
    correct(city, key, "schedule", "by 31 August 2026")
    rows = [*ALL, ("4-1", "Open a reading room", "by 31 December 2026", "beta")]
    assert [one.key for one in city.read(rows).pairing.open] == [key]
    city.bring(rows, f"{key}=4-1")
    assert key not in actions(city)
    assert due(city, "4-1") == ["2026-08-31"]
    assert ("corrected-wording", "4-1") in {one[:2] for one in findings(city)}


def test_one_that_is_two(city: City) -> None:
    """The first gets its own title, the second its own with the schedule and lead of both."""
    key = correct(city, "1-2", "second-action", "en: Train librarians")
    correct(city, "1-2", "title-en", "Train teachers")
    assert [actions(city)[one].title.en for one in ("1-2", key)] == ["Train teachers", "Train librarians"]
    assert due(city, key) == due(city, "1-2") == ["2026-06-30"]
    assert actions(city)[key].leads == ("alpha",)
    city.bring([as_row(GUIDE, id="1-9"), *ALL[1:]], "titles")
    assert actions(city)[key].leads == ("alpha",)


def test_two_that_are_one(city: City) -> None:
    """The points of the second stand behind those of the first, and its old address leads there."""
    correct(city, "1-2", "part-of", "1-1")
    assert actions(city)["1-1"].bullets["en"] == (GUIDE[1], TRAIN[1])
    assert "1-2" not in actions(city)
    answer = Reader(city.service).get("/actions/1-2?programme=city")
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/actions/1-1")
    city.bring([as_row(GUIDE, id="1-9"), *ALL[1:]], "1-1=1-9")
    assert actions(city)["1-9"].bullets["en"] == (GUIDE[1], TRAIN[1])
    with pytest.raises(UsageError, match="part-of: expected the id of another action"):
        correct(city, "1-3", "part-of", "1-2")


# -- organisations ---------------------------------------------------------------------------


def test_a_new_organisation_leads(city: City) -> None:
    """Named in the languages of the programme, a key is made; the next version keeps it."""
    correct(city, "1-1", "leads", "alpha", new=Text(en="Reading Room Unit"))
    assert actions(city)["1-1"].leads == ("alpha", "reading-room-unit")
    city.bring([*ALL[:5], as_row(ALL[5], schedule="by 30 June 2027")])
    assert row(city).programme.organisation_by_key["reading-room-unit"].name.en == "Reading Room Unit"
    assert actions(city)["1-1"].leads == ("alpha", "reading-room-unit")


def test_an_organisation_is_named_anew(city: City) -> None:
    """The old name stays an alias, and a name that changes underneath is a finding."""
    correct(city, "city", "organisation", "alpha = en: Library")
    unit = row(city).programme.organisation_by_key["alpha"]
    assert (unit.name.en, unit.aliases) == ("Library", {"en": ("Unit alpha",)})
    with pytest.raises(UsageError, match="organisation: expected names"):
        correct(city, "city", "organisation", "nobody = en: Library")


def test_two_organisations_are_one(city: City) -> None:
    """Duties, contacts and answers of the one go on with the other, now and in the next version."""
    city.answer("2-1:milestone:end", "beta@city.example")
    correct(city, "city", "party", "beta = alpha")
    assert {key for one in actions(city).values() for key in one.leads} == {"alpha"}
    assert "beta" not in row(city).programme.organisation_by_key
    assert row(city).programme.successors == {"beta": "alpha"}
    assert city.answered() == {"2-1:milestone:end": ["alpha"]}
    with city.service.database.read() as connection:
        assert {one.organisation for one in people.contacts_of(connection, "city")} == {"alpha", "board"}
    city.bring([*ALL[:5], as_row(ALL[5], schedule="by 30 June 2027")])
    assert {key for one in actions(city).values() for key in one.leads} == {"alpha"}
    city.run(5)


def test_one_organisation_is_two(city: City) -> None:
    """Both lead what it led; its people go on with the first, and a renamed key is followed."""
    correct(city, "city", "organisation", "en: Gamma")
    correct(city, "city", "party", "beta = beta gamma")
    assert actions(city)[FAIR[0]].leads == ("beta", "gamma")
    city.bring([as_row(one, lead="delta") if one[3] == "beta" else one for one in ALL], "beta=delta",
               units=("alpha", "delta", "board"))  # fmt: skip
    assert actions(city)[FAIR[0]].leads == ("delta", "gamma")
    assert set(UNITS) - {"beta"} <= set(row(city).programme.organisation_by_key)


def test_each_decision_is_an_act(city: City) -> None:
    """Who decided what stands in the trail; a version that is taken back leaves corrections."""
    correct(city, "1-2", "no-action", "yes", note="A heading")
    key = correct(city, "1-1", "new-action", "en: Open a reading room")
    acts = [one for one in act_documents(city.service, ActFilter()) if one["act"] == "correct"]
    assert [(one["who"], one["subject"]) for one in acts] == [
        (SECRETARY, "1-2 no-action: yes"),
        (SECRETARY, "1-1 new-action: en: Open a reading room"),
    ]
    city.bring([*ALL[:5], as_row(ALL[5], schedule="by 30 June 2027")])
    store_import(city.service, read_version_before(city.service, "city"))
    assert "1-2" not in actions(city)
    assert key in actions(city)


# -- one party or two ------------------------------------------------------------------------


def sheet(city: City, *rows: str) -> Import:
    """Read and store a table of actions as a version of the programme "harbour"."""
    path = city.folder / "harbour.csv"
    path.write_text("\n".join(("Action,Responsible,Schedule", *rows, "")), encoding="utf-8")
    found = read_import(
        city.service, [str(path)], ReadingChoices(lang="en"), "harbour", same=SameAnswers(titles=True)
    )
    store_import(city.service, found, accept_loss=True)
    return found


def leads(city: City) -> list[list[str]]:
    """The names of who leads the actions of the harbour."""
    with city.service.database.read() as connection:
        programme = programmes.stored_programme(connection, "harbour").programme
    names = programme.organisation_by_key
    return [[names[key].name.en for key in one.leads] for one in programme.actions]


def asked(city: City) -> list[str]:
    """What is asked about the harbour, by its name."""
    with city.service.database.read() as connection:
        return [finding_name(one) for one in programmes.stored_programme(connection, "harbour").findings]


PIER, BOATS, LIGHT = (
    "Mend the old pier,Quays and Harbours,2026", "Paint the boathouse,Fleet Unit,2027",
    "Light the breakwater at night,Quays and Harbours,2027",
)  # fmt: skip


@pytest.mark.parametrize("is_one", [True, False])
def test_the_answer_holds_in_the_next_version(city: City, *, is_one: bool) -> None:
    """For the row that was asked about, and for a new row with the same words; unchanged, nothing changes."""
    sheet(city, PIER, BOATS)
    (name,) = [one for one in asked(city) if one.startswith("one-or-two")]
    wanted = ["Quays and Harbours"] if is_one else ["Quays", "Harbours"]
    answer_units(city.service, "harbour", name, SECRETARY, is_one=is_one)
    assert leads(city) == [wanted, ["Fleet Unit"]]
    again = sheet(city, PIER, BOATS)
    assert [one for one in again.changes if one.field != "organisations"] == []
    sheet(city, PIER, BOATS, LIGHT)
    assert leads(city) == [wanted, ["Fleet Unit"], wanted]
    assert not [one for one in asked(city) if one.startswith(("one-or-two", "two-or-one"))]


def test_a_name_by_people_is_known_to_the_reader(city: City) -> None:
    """A version that prints the new name means the unit that was renamed."""
    sheet(city, PIER, BOATS)
    with city.service.database.read() as connection:
        unit = programmes.stored_programme(connection, "harbour").programme.actions[1].leads[0]
    decision = CorrectionDecision("harbour", "organisation", f"{unit} = en: Boats of the City", SECRETARY)
    correct_action(city.service, decision)
    sheet(city, PIER, BOATS.replace("Fleet Unit", "Boats of the City"))
    assert leads(city)[1] == ["Boats of the City"]
    with city.service.database.read() as connection:
        assert programmes.stored_programme(connection, "harbour").programme.actions[1].leads == (unit,)

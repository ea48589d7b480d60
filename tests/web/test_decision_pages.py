"""The secretary decides on proposed dates and matters that are not a unit's, and answers for units."""

from __future__ import annotations

from datetime import date

import pytest

from reminders.letters.digest import board_digest
from reminders.planning.replies import Answer
from reminders.service import Service
from reminders.store import answers as store_answers, programmes as repository, tables
from reminders.use.answers import record as use
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.use.planning.load_state import load_states
from tests.web.conftest import KEY, SECRETARY, Reader
from tests.web.forms import FOREIGN, OWN, fields_of_page, plain, send
from tests.web.snapshot import rows_of

POINTS = f"{KEY}:work-open-digital-points:milestone:end"
CAFE = f"{KEY}:social-cultural-cafe:milestone:end"
UNIT = "welfare-unit-contact@vaasa.example"
NEW = date(2025, 6, 30)
URL = "/decisions?lang=en"


def due(service: Service, occurrence: str = POINTS) -> date:
    """The date of an occurrence as it is stored."""
    with service.database.read() as connection:
        stored = repository.stored_occurrences(connection, KEY)
    return next(one.row.due for one in stored if str(one.row.id) == occurrence)


def said(service: Service, occurrence: str = POINTS) -> list[Answer]:
    """What counts as answered."""
    with service.database.read() as connection:
        return [one for one in store_answers.answers_of(connection, KEY) if one.occurrence == occurrence]


@pytest.fixture
def proposal(service: Service) -> dict[str, str]:
    """The form of a date that the unit has proposed."""
    record_answer(service, AnswerGiven(POINTS, "late", by=UNIT, note="Funding is missing", new_date=NEW))
    return {"answer": str(said(service)[-1].id), "programme": KEY}


@pytest.fixture
def foreign(service: Service) -> dict[str, str]:
    """The form of a matter that the unit says is Alma's."""
    record_answer(service, AnswerGiven(POINTS, "not-ours", by=UNIT, whose="alma"))
    answer = str(said(service)[-1].id)
    return {"answer": answer, "programme": KEY, "action": "work-open-digital-points", "giver": "welfare-unit"}


def test_only_the_secretary(
    reader: Reader, secretary: Reader, service: Service, proposal: dict[str, str]
) -> None:
    """Without a session, or from another site, nothing is shown and nothing moves."""
    before = rows_of(service)
    approving = {**proposal, "step": "approve"}
    assert reader.get(URL).status_code == 403
    assert send(reader, URL, approving).status_code == 403
    assert send(secretary, URL, approving, headers=FOREIGN).status_code == 403
    assert rows_of(service) == before


def test_a_date_is_approved(secretary: Reader, service: Service, proposal: dict[str, str]) -> None:
    """The page says who proposed what and why; one button moves the date; then nothing waits."""
    page = plain(secretary.get(URL).text)
    for words in (
        "4 items need your decision.",
        "Tue 31 Dec 2024",
        "Mon 30 Jun 2025",
        "Funding is missing",
        UNIT,
    ):
        assert words in page, words
    for _ in range(2):  # a second press of the button is no mistake
        assert send(secretary, URL, {**proposal, "step": "approve"}).status_code == 303
    assert due(service) == NEW
    assert "3 items need your decision." in secretary.get(URL).text


def test_a_date_is_refused(secretary: Reader, service: Service, proposal: dict[str, str]) -> None:
    """The date stays, the answer stands; deciding twice is said, not done."""
    assert (
        send(secretary, URL, {**proposal, "step": "refuse", "note": "Not before the summer"}).status_code
        == 303
    )
    assert due(service) == date(2024, 12, 31)
    assert [one.answer for one in said(service)] == ["late"]
    again = send(secretary, URL, {**proposal, "step": "approve"})
    assert again.status_code == 422
    assert "The decision could not be saved." in again.text
    assert due(service) == date(2024, 12, 31)


def test_a_matter_is_handed_over(secretary: Reader, service: Service, foreign: dict[str, str]) -> None:
    """The unit's own word is chosen; from the day on the other party is responsible and asked."""
    page = plain(secretary.get(URL).text)
    assert '<option value="alma" selected>' in page
    handing = {**foreign, "step": "hand", "taker": "alma", "on": "2025-01-07"}
    for _ in range(2):
        assert send(secretary, URL, handing).status_code == 303
    with service.database.read() as connection:
        programme = repository.all_programmes(connection)[0].programme
    assert programme.action_by_id["work-open-digital-points"].leads_on(date(2025, 1, 7)) == ("alma",)
    assert "3 items need your decision." in secretary.get(URL).text


@pytest.mark.parametrize("fields", [{"taker": "", "on": "2025-01-07"}, {"taker": "alma", "on": "soon"}])
def test_a_hand_over_needs_party_and_day(
    secretary: Reader, service: Service, foreign: dict[str, str], fields: dict[str, str]
) -> None:
    """Said on the page; nothing is handed over."""
    before = rows_of(service)
    assert send(secretary, URL, {**foreign, "step": "hand", **fields}).status_code == 422
    assert rows_of(service) == before


def test_a_matter_is_given_back(secretary: Reader, service: Service, foreign: dict[str, str]) -> None:
    """The answer counts no more: the unit is asked again."""
    assert send(secretary, URL, {**foreign, "step": "back"}).status_code == 303
    assert said(service) == []
    assert "3 items need your decision." in secretary.get(URL).text


def test_no_reminder_is_announced_after_an_answer(secretary: Reader, proposal: dict[str, str]) -> None:
    """The action stays behind its deadline, but its page promises no mail that will not come."""
    page = plain(secretary.get("/actions/work-open-digital-points?lang=en").text)
    assert "No reminders are planned." in page
    assert "If nobody in the unit answers" not in page


def test_the_digest_leads_there(service: Service, proposal: dict[str, str]) -> None:
    """What waits for a decision is linked to where it is made."""
    with service.database.read() as connection:
        state = load_states(connection)[KEY]
    rows = board_digest(state, date(2025, 1, 7), None, "https://x.example").proposals
    assert [row.url for row in rows] == [f"https://x.example/decisions?programme={KEY}"]


def test_the_first_page_leads_there(secretary: Reader, reader: Reader, proposal: dict[str, str]) -> None:
    """For the secretary only."""
    assert f'href="/decisions?programme={KEY}"' in secretary.get("/?lang=en").text
    assert "/decisions" not in reader.get("/?lang=en").text


# -- an answer for a unit ------------------------------------------------------------------

BEHALF = f"/actions/social-cultural-cafe/answer?programme={KEY}&occurrence={CAFE}&lang=en"


def test_an_answer_for_one_unit(secretary: Reader, service: Service) -> None:
    """The action's page leads to the form; the answer is that unit's, booked under who is signed in."""
    page = secretary.get("/actions/social-cultural-cafe?lang=en").text
    assert f"/actions/social-cultural-cafe/answer?programme={KEY}&amp;occurrence=" in page
    assert secretary.get(BEHALF).status_code == 200
    answer = send(secretary, BEHALF, {"a": "done", "organisation": "alma", "note": "By phone"})
    assert answer.status_code == 303
    row = said(service, CAFE)[0]
    assert (row.organisation, row.answer, row.by, row.note) == ("alma", "done", SECRETARY, "By phone")
    assert len(said(service, CAFE)) == 1


def test_an_answer_for_all_units(secretary: Reader, service: Service) -> None:
    """Without a choice it counts for every responsible party."""
    send(secretary, BEHALF, {"a": "on-track"})
    assert {one.organisation for one in said(service, CAFE)} == {"welfare-unit", "alma"}


def test_what_is_wrong_is_said(secretary: Reader, service: Service) -> None:
    """Nothing is recorded."""
    answer = send(secretary, BEHALF, {"a": "late", "why": "", "note": "kept"})
    assert answer.status_code == 422
    assert "Write why the action is late." in answer.text
    assert "kept" in answer.text
    assert said(service, CAFE) == []


def test_nobody_else_answers_for_a_unit(reader: Reader, secretary: Reader, service: Service) -> None:
    """A session and one's own page are needed; another action's date is not found."""
    before = rows_of(service)
    assert reader.get(BEHALF).status_code == 403
    assert send(reader, BEHALF, {"a": "done"}, headers=OWN).status_code == 403
    assert secretary.get(BEHALF.replace("social-cultural-cafe/", "work-cv/")).status_code == 404
    assert rows_of(service) == before


# -- what was typed ------------------------------------------------------------------------


def test_a_decision_keeps_what_was_typed_about_the_others(
    secretary: Reader, service: Service, proposal: dict[str, str]
) -> None:
    """The page is one form: a note about another matter stays when one is decided."""
    record_answer(service, AnswerGiven(CAFE, "not-ours", by=UNIT, whose="alma"))
    other = str(said(service, CAFE)[-1].id)
    fields = fields_of_page(secretary.get(URL).text, -1)
    approve = {"step": f"approve {proposal['answer']}", f"note-{other}": "Ask Alma first"}
    page = send(secretary, URL, fields | approve)
    assert (page.status_code, due(service)) == (200, NEW)
    assert ">Ask Alma first<" in page.text
    assert f'value="approve {proposal["answer"]}"' not in page.text


def test_a_note_goes_with_an_approval(secretary: Reader, service: Service, proposal: dict[str, str]) -> None:
    """It is kept with the decision, as it is with a refusal."""
    send(secretary, URL, {**proposal, "step": "approve", "note": "Until the funding is there"})
    with service.database.read() as connection:
        found = connection.execute(tables.proposal_decision.select()).one()
    assert (found.approved, found.note) == (True, "Until the funding is there")


def test_a_note_about_what_is_decided_already_is_shown(
    secretary: Reader, service: Service, proposal: dict[str, str]
) -> None:
    """Another tab has decided: nothing is done, and what was written can be copied."""
    use.refuse_proposal(service, int(proposal["answer"]), "", "")
    page = send(secretary, URL, {**proposal, "step": "refuse", "note": "A long explanation"})
    assert page.status_code == 422
    assert "A long explanation" in page.text


def test_an_answer_for_a_unit_that_has_answered_meanwhile(secretary: Reader, service: Service) -> None:
    """The secretary's open page does not overwrite it unseen; sent again it does."""
    fields = fields_of_page(secretary.get(BEHALF).text, -1)
    record_answer(service, AnswerGiven(CAFE, "done", by=UNIT))
    typed = fields | {"a": "on-track", "note": "By phone on Monday"}
    page = send(secretary, BEHALF, typed)
    assert (page.status_code, [one.answer for one in said(service, CAFE)]) == (422, ["done"])
    assert ">By phone on Monday<" in page.text
    again = fields_of_page(page.text, -1)
    assert send(secretary, BEHALF, again).status_code == 303
    assert [one.answer for one in said(service, CAFE)][-1] == "on-track"

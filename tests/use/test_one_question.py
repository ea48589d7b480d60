"""Several open occurrences of one action are one question: recorded for each, taken back for all; an end."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.event import listen

from reminders.errors import NotFoundError, UsageError
from reminders.planning.due import asked_again
from reminders.planning.replies import Answer
from reminders.planning.state import unanswered
from reminders.store import Database, answers
from reminders.use.answers.record import (
    AnswerGiven,
    Measured,
    PauseRequest,
    Proposal,
    approve_proposal,
    asked_after,
    find_question,
    pause_reminders,
    pending_proposals,
    record_answer,
    refuse_proposal,
    undo_answer,
)
from reminders.use.planning.load_state import load_question, load_state
from tests.use.office import Office
from tests.use.town import LIBRARY, LIBRARY_HEAD, MUSEUM, SECRETARY, TOWN, action, mails, run, town

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
REVIEW, END = f"{TOWN}:plan:review:2024", f"{TOWN}:plan:milestone:end"
CHOIR = f"{TOWN}:choir:review:2025"
NOON, LATER = "2026-01-12T12:00", date(2026, 6, 30)


@pytest.fixture
def plan_town(database: Database) -> Office:
    """A plan of 2024–2025 of two units, and a choir that goes on; started in January 2026."""
    actions = action("plan", "2024–2025", "library", "museum"), action("choir", "Continuous", "library")
    return town(database, *actions, on="2026-01-08")


def standing(office: Office) -> list[tuple[str, str, str, date | None]]:
    """What counts: occurrence, organisation, answer, proposed date."""
    return [(one.occurrence, one.organisation, one.answer, one.new_date) for one in given(office)]


def given(office: Office) -> tuple[Answer, ...]:
    """The answers that count."""
    with office.database.read() as connection:
        return answers.answers_of(connection, TOWN)


def waiting(office: Office) -> tuple[Proposal, ...]:
    """What the secretary has to decide on."""
    with office.database.read() as connection:
        return pending_proposals(connection, TOWN)


@SQLITE
@pytest.mark.parametrize("ended", [False, True])
def test_a_question_is_read_as_its_whole_programme(plan_town: Office, ended: bool) -> None:
    """Who is asked, and when again: the same from the rows of one action as from all there are."""
    if ended:
        record_answer(plan_town.service(NOON), AnswerGiven(REVIEW, "done", LIBRARY, ended=True))
        approve_proposal(plan_town.service(NOON), waiting(plan_town)[0].answer_id, SECRETARY)
    record_answer(plan_town.service(NOON), AnswerGiven(END, "late", MUSEUM, also=(REVIEW,), new_date=LATER))
    pause_reminders(plan_town.service(NOON), PauseRequest(CHOIR, date(2026, 1, 30), "Loma", LIBRARY))
    today, seen = date(2026, 1, 12), []
    with plan_town.database.read() as connection:
        for about in ((END, REVIEW), (CHOIR,)):
            row, stored = find_question(connection, about)
            part, whole = load_question(connection, row, stored), load_state(connection, row)
            part = replace(part, people=whole.people)
            asked = [unanswered(part, one.row, today) for one in stored]
            again = asked_again(part, part.occurrences.values(), ["museum"], today)
            assert asked == [unanswered(whole, one.row, today) for one in stored]
            assert again == asked_again(whole, [one.row for one in stored], ["museum"], today)
            assert part.pauses == {key: one for key, one in whole.pauses.items() if key[0] in about}
            seen.append((asked, again and again.on))
    left = () if ended else ("library",)
    assert seen == [([left, left], None if ended else date(2026, 8, 3)), ([("library",)], None)]


@SQLITE
def test_an_answer_reads_what_its_question_needs(plan_town: Office) -> None:
    """The secretary's *done* asks for no contact, wish or calendar; the unit's for its contacts.

    Of the record it reads the end, to which the act is added.
    """
    asked: list[str] = []

    def note(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        asked.append(sql)

    listen(plan_town.database.engine, "before_cursor_execute", note)
    answered = record_answer(plan_town.service(NOON), AnswerGiven(END, "done"))
    assert asked_after(plan_town.service(NOON), answered) is None
    tables = {name for sql in asked for name in re.findall(r"FROM (\w+)", sql)}
    own = {"correction", "handover", "choice", "series", "ended_action"}
    record = {"audit", "outbox", "delivery_event", "evidence_head", "installation"}
    assert tables == {"programme", *own, "occurrence", *record}
    asked.clear()
    record_answer(plan_town.service(NOON), AnswerGiven(REVIEW, "done", LIBRARY))
    assert {name for sql in asked for name in re.findall(r"FROM (\w+)", sql)} - tables == {
        "contact",
        "dead_address",
    }


def test_one_answer_is_recorded_for_each(plan_town: Office) -> None:
    """Done of the library, for milestone and review; the value it gives is kept once, of the last year."""
    said = AnswerGiven(END, "done", LIBRARY, also=(REVIEW,), measured=Measured("12"))
    record_answer(plan_town.service(NOON), said, seen=0)
    assert standing(plan_town) == [(END, "library", "done", None), (REVIEW, "library", "done", None)]
    assert plan_town.look("indicator_value", "organisation", "year", "text") == [("library", 2025, "12")]


def test_late_proposes_its_date_for_the_milestone(plan_town: Office) -> None:
    """The review is answered with it; the secretary has one date to decide on, and it moves the milestone."""
    said = AnswerGiven(REVIEW, "late", LIBRARY, "Tilat puuttuvat", LATER, also=(END,))
    record_answer(plan_town.service(NOON), said)
    assert standing(plan_town) == [(REVIEW, "library", "late", None), (END, "library", "late", LATER)]
    (proposal,) = waiting(plan_town)
    assert (proposal.occurrence, proposal.new_date) == (END, LATER)
    approve_proposal(plan_town.service("2026-01-13T12:00"), proposal.answer_id, SECRETARY)
    dues = dict(plan_town.look("occurrence", "id", "due"))
    assert (dues[END], dues[REVIEW]) == (LATER, date(2024, 10, 31))


def test_what_was_given_together_is_taken_back_together(plan_town: Office) -> None:
    """By anyone of the unit, whichever of the answers is named; the museum's own stays; only once."""
    record_answer(plan_town.service(NOON), AnswerGiven(END, "on-track", MUSEUM))
    record_answer(plan_town.service(NOON), AnswerGiven(END, "on-track", LIBRARY, also=(REVIEW,)))
    newest = given(plan_town)[-1]
    undo_answer(plan_town.service("2026-01-12T13:00"), newest.id, LIBRARY_HEAD)
    assert standing(plan_town) == [(END, "museum", "on-track", None)]
    with pytest.raises(UsageError, match="taken back before"):
        undo_answer(plan_town.service("2026-01-12T13:00"), newest.id, LIBRARY)


def test_a_colleagues_answer_to_one_of_them_stops_the_rest(plan_town: Office) -> None:
    """Whoever did not know of it records nothing at all."""
    record_answer(plan_town.service("2026-01-12T11:00"), AnswerGiven(REVIEW, "done", LIBRARY_HEAD))
    both = AnswerGiven(END, "late", LIBRARY, "Tilat", also=(REVIEW,))
    assert record_answer(plan_town.service(NOON), both, seen=0) == ()
    assert standing(plan_town) == [(REVIEW, "library", "done", None)]


@pytest.mark.parametrize("other", [CHOIR, f"{TOWN}:plan:review:2031", "nonsense"])
def test_only_what_is_of_the_same_action_is_answered_with_it(plan_town: Office, other: str) -> None:
    """Nothing is recorded where it is not."""
    with pytest.raises(NotFoundError):
        record_answer(plan_town.service(NOON), AnswerGiven(END, "done", LIBRARY, also=(other,)))
    assert given(plan_town) == ()


@pytest.mark.parametrize(("whose", "note"), [("", ""), (" ", "-"), ("", "?!")])
def test_not_ours_says_whose_or_a_word(plan_town: Office, whose: str, note: str) -> None:
    """Neither: refused, with the options that answer; nothing is recorded."""
    with pytest.raises(UsageError, match=r"--whose WHO .* --note"):
        record_answer(plan_town.service(NOON), AnswerGiven(END, "not-ours", LIBRARY, note, whose=whose))
    assert given(plan_town) == ()


@pytest.mark.parametrize(("whose", "note"), [("museum", ""), ("kirjasto?", ""), ("", "Kysykää museolta")])
def test_either_is_enough(plan_town: Office, whose: str, note: str) -> None:
    """An organisation, words, or a word in the note."""
    record_answer(plan_town.service(NOON), AnswerGiven(END, "not-ours", LIBRARY, note, whose=whose))
    assert [one.answer for one in given(plan_town)] == ["not-ours"]


# -- an action that has ended ------------------------------------------------------


def propose(office: Office) -> int:
    """The library is done with the choir's review, and says that the choir has ended."""
    record_answer(office.service(NOON), AnswerGiven(CHOIR, "done", LIBRARY, "Kuoro lopetti", ended=True))
    (proposal,) = waiting(office)
    assert (proposal.occurrence, proposal.new_date, proposal.note) == (CHOIR, None, "Kuoro lopetti")
    return proposal.answer_id


def autumn(office: Office) -> list[str]:
    """The items about the choir that the library gets from September to December 2026."""
    run(office, "2026-01-13", "2026-12-11")
    found = [one for one in mails(office, LIBRARY) if one[0] >= "2026-09-01"]
    return [item for _, _, items in found for item in items if item.startswith("choir")]


@SQLITE
def test_an_ended_action_is_asked_about_no_more(plan_town: Office) -> None:
    """Approved: no reminder of the next review, and none of it is overdue."""
    run(plan_town, "2026-01-08", "2026-01-12")
    answer = propose(plan_town)
    assert approve_proposal(plan_town.service("2026-01-12T14:00"), answer, SECRETARY) is None
    assert waiting(plan_town) == ()
    assert autumn(plan_town) == []


@SQLITE
@pytest.mark.parametrize("decided", ["refused", "undone", "waits"])
def test_an_action_that_was_not_ended_goes_on(plan_town: Office, decided: str) -> None:
    """Refused, taken back after it was approved, or not decided on: its next review comes as ever."""
    run(plan_town, "2026-01-08", "2026-01-12")
    answer, service = propose(plan_town), plan_town.service("2026-01-12T14:00")
    if decided == "refused":
        refuse_proposal(service, answer, SECRETARY, "Kuoro jatkaa keväällä")
    elif decided == "undone":
        approve_proposal(service, answer, SECRETARY)
        undo_answer(plan_town.service("2026-01-12T15:00"), answer, LIBRARY)
    assert len(waiting(plan_town)) == (decided == "waits")
    assert [item.split()[1] for item in autumn(plan_town)][:2] == ["review", "review"]


def test_who_may_end_what(plan_town: Office) -> None:
    """It goes with *done*, and with a review."""
    for wrong in (AnswerGiven(END, "done", LIBRARY, ended=True), AnswerGiven(CHOIR, "late", ended=True)):
        with pytest.raises(UsageError, match="--ended"):
            record_answer(plan_town.service(NOON), wrong)
    record_answer(plan_town.service(NOON), AnswerGiven(END, "done", LIBRARY, also=(REVIEW,), ended=True))
    record_answer(plan_town.service(NOON), AnswerGiven(END, "done", MUSEUM, also=(REVIEW,), ended=True))
    assert [(one.occurrence, one.organisation) for one in waiting(plan_town)] == [
        (REVIEW, "library"),
        (REVIEW, "museum"),
    ]
    approve_proposal(plan_town.service(NOON), waiting(plan_town)[0].answer_id, SECRETARY)
    assert waiting(plan_town) == ()

"""How occurrences and actions stand: each rule of the status file."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from reminders.planning.replies import Answer, AnswerCode, Reply
from reminders.web.programme.timeline import Facts, Mark, next_date, status_marks, status_of_action
from reminders.web.snapshot import CurrentState
from tests.web.conftest import KEY

TODAY = date(2025, 1, 7)
POINTS = f"{KEY}:work-open-digital-points:milestone:end"
CRISIS = f"{KEY}:safety-crisis-communication:milestone:end"
REVIEW = f"{KEY}:social-multidisciplinary-network:review:2024"


def answer_of(occurrence: str, organisation: str, answer: AnswerCode) -> Answer:
    """An answer of an organisation on Tuesday."""
    return Answer(occurrence, organisation, answer, "", datetime(2025, 1, 7, 8, tzinfo=UTC))


def code(current: CurrentState, row: str, answers: tuple[Answer, ...], *, secretary: bool = True) -> str:
    """How ``row`` stands on Tuesday with ``answers`` and no others."""
    pairs = frozenset((one.occurrence, one.organisation) for one in answers)
    replies = {(one.occurrence, one.organisation): Reply(one.answer, one.by, one.at) for one in answers}
    state = replace(current.state, answers=pairs, replies=replies)
    return status_marks(state, answers, TODAY, secretary=secretary)[row].code


def test_overdue_until_all_have_answered(current: CurrentState) -> None:
    """One of three is not enough; done is done when all say so."""
    keys = ("reception-centre", "integration-services", "tno-services")
    assert code(current, CRISIS, ()) == "overdue"
    assert code(current, CRISIS, (answer_of(CRISIS, keys[0], "done"),)) == "overdue"
    assert code(current, CRISIS, tuple(answer_of(CRISIS, key, "done") for key in keys)) == "done"


@pytest.mark.parametrize(
    ("answer", "secretary", "public"),
    [
        ("done", "done", "done"),
        ("on-track", "track", "track"),
        ("late", "decide", "track"),
        ("not-ours", "decide", "track"),
    ],
)
def test_answers(current: CurrentState, answer: AnswerCode, secretary: str, public: str) -> None:
    """What is late or not ours is for the secretary to decide; the public sees that it goes on."""
    answers = (answer_of(REVIEW, "welfare-unit", answer),)
    assert code(current, REVIEW, answers) == secretary
    assert code(current, REVIEW, answers, secretary=False) == public


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("done", "done"), ("on-track", "overdue"), ("late", "overdue"), ("not-ours", "overdue")],
)
def test_a_deadline_has_passed_until_it_is_done(
    current: CurrentState, answer: AnswerCode, expected: str
) -> None:
    """Whoever answered what: of all that holds a row shows its worst."""
    answers = (answer_of(POINTS, "welfare-unit", answer),)
    assert code(current, POINTS, answers) == code(current, POINTS, answers, secretary=False) == expected


def test_soon_is_thirty_days(current: CurrentState) -> None:
    """The round of 31 January is near on 7 January, the one of next year is coming."""
    found = status_marks(current.state, (), TODAY, secretary=False)
    assert found[f"{KEY}:follow-up-data-collection:collection:2024"].code == "soon"
    assert found[f"{KEY}:follow-up-data-collection:collection:2025"].code == "coming"


def test_an_overtaken_review_is_not_overdue(current: CurrentState) -> None:
    """The review of 2024 stands for the one of 2023, whose answer is missing."""
    found = status_marks(current.state, (), TODAY, secretary=False)
    assert found[f"{KEY}:safety-civic-skills:review:2023"] == Mark("coming", missing=True)
    assert found[f"{KEY}:safety-civic-skills:review:2024"] == Mark("overdue")


@pytest.mark.parametrize(
    ("codes", "unclear", "begun", "status"),
    [
        (("overdue", "soon", "done"), True, True, "overdue"),
        (("soon", "done"), True, True, "decide"),
        (("decide", "soon"), False, True, "decide"),
        (("soon", "coming"), False, True, "soon"),
        (("done", "done"), False, True, "done"),
        (("done", "coming"), False, True, "track"),
        (("track", "coming"), False, False, "track"),
        (("coming",), False, True, "track"),
        (("coming",), False, False, "coming"),
        ((), True, True, "decide"),
        ((), False, True, "track"),
    ],
)
def test_the_worst_shows(codes: tuple[str, ...], unclear: bool, begun: bool, status: str) -> None:
    """The worst of all: overdue > decide > soon > done (all) > track > coming."""
    facts = Facts(tuple(Mark(one) for one in codes), (), unclear, begun)  # type: ignore[arg-type]
    assert status_of_action(facts, secretary=True) == status


def test_a_finished_action_is_done() -> None:
    """Its deadline is met; that a review on the way said *on track* does not keep it open."""
    done, track, coming = Mark("done"), Mark("track"), Mark("coming")
    assert status_of_action(Facts((track, done), (done,), False, True), secretary=True) == "done"
    assert (
        status_of_action(Facts((track, done, coming), (done, coming), False, True), secretary=True) == "track"
    )
    assert status_of_action(Facts((track, track), (), False, True), secretary=True) == "track"


def test_the_public_sees_no_decisions() -> None:
    """An unclear wording is the secretary's matter."""
    assert status_of_action(Facts((), (), unclear=True, begun=True), secretary=False) == "track"


def test_the_next_date(current: CurrentState) -> None:
    """What is overdue comes first, else the next ahead that is not done."""
    found = status_marks(current.state, (), TODAY, secretary=False)
    rows = [row for row in current.snapshot.occurrences if row.id.action == "safety-civic-skills"]
    assert next_date(rows, found, TODAY) == date(2024, 10, 31)
    ahead = [row for row in rows if row.due > TODAY]
    assert next_date(ahead, found, TODAY) == date(2025, 10, 31)
    assert next_date([], found, TODAY) is None

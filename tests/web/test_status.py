"""How occurrences stand in colour and shape; how they stand at all is tested with ``planning.standing``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from reminders.planning.due import first_start
from reminders.planning.replies import AnswerCode, Reply
from reminders.planning.standing import overview
from reminders.planning.state import ProgrammeState
from reminders.web.programme.timeline import Mark, mark_words, next_date, status_marks
from reminders.web.snapshot import CurrentState
from tests.web.conftest import KEY

TODAY = date(2025, 1, 7)
POINTS = f"{KEY}:work-open-digital-points:milestone:end"
CRISIS = f"{KEY}:safety-crisis-communication:milestone:end"
REVIEW = f"{KEY}:social-multidisciplinary-network:review:2024"


def answered(current: CurrentState, *said: tuple[str, str, AnswerCode]) -> ProgrammeState:
    """Vaasa as if it had been followed from its beginning, with these answers of Tuesday and no others."""
    at = datetime(2025, 1, 7, 8, tzinfo=UTC)
    replies = {(row, key): Reply(answer, "x", at) for row, key, answer in said}
    return replace(
        current.state,
        answers=frozenset(replies),
        replies=replies,
        anchors={},
        requests={},
        started_on=date.min,
    )


def marks(state: ProgrammeState, *, secretary: bool = False) -> Mapping[str, Mark]:
    """How everything stands on Tuesday."""
    return status_marks(state, overview(state, TODAY), TODAY, secretary=secretary)


def code(current: CurrentState, row: str, *said: tuple[str, AnswerCode], secretary: bool = True) -> str:
    """The colour of ``row`` on Tuesday with these answers."""
    state = answered(current, *((row, key, answer) for key, answer in said))
    return marks(state, secretary=secretary)[row].code


def test_overdue_until_all_have_answered(current: CurrentState) -> None:
    """One of three is not enough; done is done when all say so."""
    keys = ("reception-centre", "integration-services", "tno-services")
    assert code(current, CRISIS) == "overdue"
    assert code(current, CRISIS, (keys[0], "done")) == "overdue"
    assert code(current, CRISIS, *((key, "done") for key in keys)) == "done"


@pytest.mark.parametrize(
    ("answer", "secretary", "public"),
    [
        ("done", "done", "done"),
        ("on-track", "track", "track"),
        ("late", "track", "track"),
        ("not-ours", "decide", "track"),
    ],
)
def test_answers(current: CurrentState, answer: AnswerCode, secretary: str, public: str) -> None:
    """What is not ours is for the secretary to decide; the public sees that it goes on."""
    assert code(current, REVIEW, ("welfare-unit", answer)) == secretary
    assert code(current, REVIEW, ("welfare-unit", answer), secretary=False) == public


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("done", "done"), ("on-track", "overdue"), ("late", "overdue"), ("not-ours", "overdue")],
)
def test_a_deadline_has_passed_until_it_is_done(
    current: CurrentState, answer: AnswerCode, expected: str
) -> None:
    """Whoever answered what: of all that holds a row shows its worst."""
    said = ("welfare-unit", answer)
    assert code(current, POINTS, said) == code(current, POINTS, said, secretary=False) == expected


def test_soon_is_thirty_days(current: CurrentState) -> None:
    """The round of 31 January is near on 7 January, the one of next year is coming."""
    found = marks(answered(current))
    assert found[f"{KEY}:follow-up-data-collection:collection:2024"].code == "soon"
    assert found[f"{KEY}:follow-up-data-collection:collection:2025"].code == "coming"


def test_a_review_is_never_overdue(current: CurrentState) -> None:
    """The review of 2024, not answered, stands for the one of 2023 too, whose answer is missing."""
    found = marks(answered(current))
    assert found[f"{KEY}:safety-civic-skills:review:2023"] == Mark("unknown", "not-known", overtaken=True)
    assert found[f"{KEY}:safety-civic-skills:review:2024"] == Mark("review", "not-answered")


def test_an_overtaken_review_that_nobody_was_asked_about_is_not_known(current: CurrentState) -> None:
    """A fresh start asks about the review of 2024 alone; nobody owes an answer about the one of 2023."""
    state = replace(answered(current), started_on=TODAY)
    state = replace(state, anchors=first_start(replace(state, started_on=None), TODAY).anchors)
    found = marks(state)
    old, row = found[f"{KEY}:safety-civic-skills:review:2023"], f"{KEY}:safety-civic-skills:review:2023"
    assert old == Mark("unknown", "not-known", overtaken=True, unasked=True)
    assert (
        mark_words(state.occurrences[row], old, "en") == "31\N{NO-BREAK SPACE}Oct 2023 review: not known yet"
    )
    followed = answered(current)  # from the beginning: it was asked about in its time
    assert (
        mark_words(followed.occurrences[row], marks(followed)[row], "en")
        == "31\N{NO-BREAK SPACE}Oct 2023 review: no answer yet"
    )


def test_the_next_date(current: CurrentState) -> None:
    """What is overdue comes first, else the next ahead that is not done."""
    found = marks(answered(current))
    rows = [row for row in current.snapshot.occurrences if row.id.action == "safety-civic-skills"]
    assert next_date(rows, found, TODAY) == date(2025, 10, 31)
    crisis = [row for row in current.snapshot.occurrences if str(row.id) == CRISIS]
    assert next_date(crisis, found, TODAY) == date(2023, 12, 31)
    ahead = [row for row in rows if row.due > TODAY]
    assert next_date(ahead, found, TODAY) == date(2025, 10, 31)
    assert next_date([], found, TODAY) is None

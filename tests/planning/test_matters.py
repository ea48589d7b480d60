"""What waits for a reader as questions: what of one action is answered together, and what a date is for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from reminders.planning.matters import (
    Matter,
    matters_of,
    one_question_each,
    question_of,
)
from reminders.planning.replies import Reply, with_proposed_date
from schedule_rules.occurrence import Occurrence
from tests.conftest import HELSINKI
from tests.planning.states import town_state
from tests.use.town import LIBRARY, TOWN, action

DAY = date(2025, 12, 1)
PLAN = action("plan", "2024–2025", "library", "museum")
REVIEW, END = f"{TOWN}:plan:review:2024", f"{TOWN}:plan:milestone:end"


def ids(group: tuple[Matter, ...]) -> list[str]:
    """The occurrences of a question, without their programme."""
    return [str(one.occurrence.id).removeprefix(f"{TOWN}:") for one in group]


def test_what_is_of_one_action_is_one_question() -> None:
    """The milestone first, though the review is earlier; another action asks for itself."""
    state = town_state(PLAN, action("fair", "2/2025", "library"))
    found = one_question_each(matters_of(state, LIBRARY, DAY))
    assert [ids(group) for group in found] == [
        ["plan:milestone:end", "plan:review:2024"],
        ["fair:milestone:end"],
    ]


def test_a_round_stands_alone() -> None:
    """It is answered on its own form, whatever else of its row waits."""
    state = town_state(PLAN)
    milestone, review = one_question_each(matters_of(state, LIBRARY, DAY))[0]
    row_id = replace(review.occurrence.id, kind="collection", instance="2024")
    round_of_2024 = replace(review, occurrence=replace(review.occurrence, id=row_id))
    found = one_question_each((round_of_2024, review, milestone))
    assert [ids(group) for group in found] == [
        ["plan:collection:2024"],
        ["plan:milestone:end", "plan:review:2024"],
    ]


@pytest.mark.parametrize(
    ("about", "answered", "together"),
    [
        (REVIEW, (), ["plan:milestone:end", "plan:review:2024"]),
        (END, (), ["plan:milestone:end", "plan:review:2024"]),
        (END, (REVIEW,), ["plan:milestone:end"]),  # what is answered is not asked about again
        (REVIEW, (REVIEW,), ["plan:milestone:end", "plan:review:2024"]),  # the link's own stays
    ],
)
def test_a_link_to_one_of_them_asks_about_all_that_wait(
    about: str, answered: tuple[str, ...], together: list[str]
) -> None:
    """Whichever of the two the link is for."""
    said = Reply("on-track", LIBRARY, datetime(2025, 11, 3, 9, tzinfo=HELSINKI))
    pairs = {(one, "library"): said for one in answered}
    state = town_state(PLAN, action("fair", "2/2025", "library"), replies=pairs, answers=frozenset(pairs))
    found = question_of(state, state.occurrences[about], ("library",), DAY)
    assert ids(found) == together
    assert all(one.organisations == ("library",) for one in found)


def test_what_was_not_asked_yet_is_not_asked_with_it() -> None:
    """A year before, the milestone's first reminder is far away: the review is asked about alone."""
    state = town_state(PLAN)
    found = question_of(state, state.occurrences[REVIEW], ("museum",), date(2024, 11, 5))
    assert ids(found) == ["plan:review:2024"]


@pytest.mark.parametrize(
    ("kinds", "proposed", "moved"),
    [
        ("r2024-10-31 m2024-12-31", "2026-03-31", ["2024-12-31"]),
        ("m2024-12-31 m2025-12-31", "2026-03-31", ["2024-12-31", "2025-12-31"]),
        ("m2024-12-31 m2026-12-31", "2026-03-31", ["2024-12-31"]),
        ("m2026-06-30 m2026-12-31", "2026-03-31", ["2026-06-30"]),  # earlier than all: for the first
        ("r2024-10-31 r2025-10-31", "2026-03-31", ["2025-10-31"]),
    ],
)
def test_a_proposed_date_is_for_the_milestones(kinds: str, proposed: str, moved: list[str]) -> None:
    """Of what one answer is about; a review alone has it itself."""
    state = town_state(PLAN)
    made = {"r": state.occurrences[REVIEW], "m": state.occurrences[END]}
    found = [_due(made[one[0]], one[1:]) for one in kinds.split()]
    moves = with_proposed_date(found, date.fromisoformat(proposed))
    assert [one.due.isoformat() for one in moves] == moved


def _due(row: Occurrence, on: str) -> Occurrence:
    return replace(row, due=date.fromisoformat(on))

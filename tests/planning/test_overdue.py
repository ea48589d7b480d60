"""What is overdue, and whose part of it is not done: tables over the small town."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from reminders.planning.overdue import not_done, overdue_list
from reminders.planning.replies import AnswerCode, Reply
from tests.planning.states import CHOIR, FAIR, GARDEN, town_state
from tests.use.town import action

AT = datetime(2025, 3, 3, tzinfo=UTC)


def test_the_oldest_first_from_the_day_after() -> None:
    """On its own day a date is not overdue yet."""
    days = {date(2025, 2, 28): [], date(2025, 3, 1): [FAIR], date(2025, 4, 1): [FAIR, GARDEN]}
    for day, expected in days.items():
        assert [str(one.occurrence.id) for one in overdue_list(town_state(), day)] == expected


@pytest.mark.parametrize(
    ("said", "open_milestone", "open_review"),
    [("done", False, False), ("on-track", True, False), ("late", True, False), ("not-ours", True, False)],
)
def test_a_milestone_is_done_when_they_say_so_a_review_when_they_answer(
    said: AnswerCode, open_milestone: bool, open_review: bool
) -> None:
    """Whatever is said about a review answers it."""
    state = town_state(action("fair", "2/2025", "library"), action("choir", "Jatkuva", "library"))
    for occurrence, is_open in ((FAIR, open_milestone), (f"{CHOIR}2024", open_review)):
        one = town_state(
            *state.programme.actions,
            answers={(occurrence, "library")},
            replies={(occurrence, "library"): Reply(said, "x", AT)},
        )
        waiting = not_done(one, one.occurrences[occurrence], date(2025, 3, 3))
        assert waiting == (("library",) if is_open else ())


def test_what_is_closed_is_not_overdue_and_each_unit_stands_for_itself() -> None:
    """Of two units the one that said nothing is waited for."""
    state = town_state(
        answers={(GARDEN, "library")}, replies={(GARDEN, "library"): Reply("done", "x", AT)}, closed={FAIR}
    )
    assert [(str(one.occurrence.id), one.waiting) for one in overdue_list(state, date(2025, 4, 1))] == [
        (GARDEN, ("museum",))
    ]

"""What has come due, for whom and why: tables over the small town."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from reminders.planning.due import (
    behind,
    due_reminders,
    early_stages,
    first_start,
    goes,
    is_true,
    newest,
    stages_of,
)
from reminders.planning.policy import Stage
from reminders.planning.preferences import Preferences
from reminders.planning.replies import Pause
from tests.planning.states import CHOIR, FAIR, GARDEN, reminder, told, town_state
from tests.use.town import ANNA, BERTIL, DEPUTY, LIBRARY, LIBRARY_HEAD, MUSEUM, SECRETARY, action

DAY = date(2025, 2, 21)
WEEK = Stage(FAIR, "-P7D", "unit", DAY, -7)


def test_each_address_of_each_responsible_unit_is_told_once() -> None:
    """Two units, one with two contacts, the second of whom is away in March."""
    state = town_state(action("fair", "2/2025", "spring", "museum"))
    assert [one[2] for one in told(due_reminders([WEEK], DAY, state, {}))] == [ANNA, BERTIL, MUSEUM]
    march = date(2025, 3, 3)
    assert [one[2] for one in told(due_reminders([WEEK], march, state, {}))] == [ANNA, DEPUTY, MUSEUM]


@pytest.mark.parametrize(
    ("stage", "history", "reason", "waits", "reader"),
    [
        (WEEK, 0, "first", False, LIBRARY),
        (WEEK, 2, "repeated", False, LIBRARY),
        (replace(WEEK, name="escalation", role="head", order=1010), 2, "escalated", False, LIBRARY_HEAD),
        (replace(WEEK, name="escalation", role="secretary", order=1020), 2, "escalated", True, SECRETARY),
    ],
)
def test_the_reason_says_what_came_before(
    stage: Stage, history: int, reason: str, waits: bool, reader: str
) -> None:
    """What is the secretary's own list waits for her digest."""
    counts = {(FAIR, LIBRARY): history}
    (one,) = due_reminders([stage], DAY, town_state(), counts)
    assert (one.reason, one.waits, one.recipient) == (reason, waits, reader)


def test_who_has_answered_or_paused_is_not_reminded() -> None:
    """Of the garden's two units one has answered, and the other's pause runs."""
    pause = Pause(GARDEN, "museum", DAY, "x", "x", datetime(2025, 2, 1, tzinfo=UTC), date(2025, 3, 31))
    state = town_state(answers={(GARDEN, "library")}, pauses={(GARDEN, "museum"): pause})
    stage = replace(WEEK, occurrence=GARDEN)
    assert due_reminders([stage], DAY, state, {}) == ()
    assert told(due_reminders([stage], date(2025, 2, 24), state, {})) == [
        ("garden:milestone:end", "-P7D", MUSEUM)
    ]


def test_a_first_start_asks_for_the_latest_review_only() -> None:
    """Of the reviews of two years the older is overtaken; the one to come is not reached yet."""
    start = first_start(town_state(action("choir", "Jatkuva", "spring")), date(2026, 1, 7))
    assert [(one.occurrence, one.name) for one in start.stages] == [(f"{CHOIR}2025", "first-start")]
    assert start.anchors == {f"{CHOIR}2025": date(2026, 1, 7)}


def test_behind_the_watermark_only_what_was_reached_and_changed() -> None:
    """The fair changed and its last week has begun; the garden did not; on its eve nothing had."""
    found = behind(town_state(), {FAIR}, DAY, date(2025, 2, 24))
    assert [(one.name, one.send_on) for one in found] == [("-P7D", date(2025, 2, 24))]
    assert behind(town_state(), {FAIR}, date(2025, 1, 28), date(2025, 1, 29)) == ()


def test_the_newest_stage_of_an_item_stays_and_news_beside_it() -> None:
    """By day, then by order; a hand-over's news is an item of its own."""
    old, news = reminder(stage="-P30D", due_on=date(2025, 1, 29)), reminder(stage="handover", order=0)
    stay, older = newest([reminder(), old, news])
    assert (stay, older) == ([reminder(), news], [old])


@pytest.mark.parametrize(
    ("answered", "true"), [((), True), (("library",), True), (("library", "museum"), False)]
)
def test_an_item_is_true_while_one_of_its_units_is_waited_for(answered: tuple[str, ...], true: bool) -> None:
    """Also when the other one has answered."""
    state = town_state(answers={(GARDEN, key) for key in answered})
    assert is_true(state, GARDEN, "-P7D", ("library", "museum"), DAY) is true


def test_a_reader_with_a_day_gets_what_is_no_duty_on_it() -> None:
    """The last week of the fair begins on a Friday; who reads on Wednesdays gets it two days before."""
    state = town_state(preferences={LIBRARY: Preferences(weekday=2)})
    week = next(one for one in stages_of(state, state.occurrences[FAIR]) if one.name == "-P7D")
    assert early_stages(state, [week], date(2025, 2, 18)) == ()
    assert early_stages(state, [week], date(2025, 2, 19)) == (week,)
    assert not goes(state, reminder(), date(2025, 2, 20))
    assert goes(state, reminder(), date(2025, 2, 19))
    assert goes(state, reminder(stage="P0D", order=0), date(2025, 2, 20))

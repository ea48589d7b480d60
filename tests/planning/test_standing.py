"""How things stand, and how many: tables over the small town, and over Vaasa's first start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from reminders.planning.due import first_start
from reminders.planning.mails import end_of_follow_up
from reminders.planning.policy import answer_date
from reminders.planning.replies import AnswerCode, Reply
from reminders.planning.standing import (
    Standing,
    action_standing,
    decisions,
    not_done,
    overview,
    programme_standing,
    round_count,
    running_first,
    standing_of,
    unit_standing,
)
from reminders.planning.state import ProgrammeRow, ProgrammeState, waiting_for
from schedule_rules.occurrence import OccurrenceID
from schedule_rules.programme import Handover, Text
from tests.planning.states import CHOIR, FAIR, GARDEN, town_state
from tests.use.town import TOWN, action

AT = datetime(2025, 3, 3, tzinfo=UTC)
CLUB = action("fair", "2/2025", "library"), action("choir", "Jatkuva", "library")


def said(occurrence: str, answer: AnswerCode, key: str = "library", **values: Any) -> dict[str, Any]:
    """The fields of a state in which one organisation has answered."""
    reply = replace(Reply(answer, "x", AT), **values)
    return {"answers": {(occurrence, key)}, "replies": {(occurrence, key): reply}}


def stands(state: ProgrammeState, occurrence: str, day: str) -> Standing:
    """How an occurrence stands on a day."""
    return standing_of(state, state.occurrences[occurrence], date.fromisoformat(day))


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        ("2025-01-28", "on-schedule"),
        ("2025-01-29", "due-soon"),
        ("2025-02-28", "due-soon"),
        ("2025-03-01", "passed"),
    ],
)
def test_a_milestone_nobody_answered(day: str, standing: Standing) -> None:
    """It is due soon in the thirty days before, on its own day too, and passed from the day after."""
    assert stands(town_state(), FAIR, day) == standing


@pytest.mark.parametrize(
    ("day", "standing"),
    [("2024-10-01", "coming"), ("2024-10-31", "coming"), ("2024-11-01", "not-answered")],
)
def test_a_review_is_never_passed(day: str, standing: Standing) -> None:
    """Its date is ours, not the board's."""
    assert stands(town_state(*CLUB), f"{CHOIR}2024", day) == standing


@pytest.mark.parametrize(
    ("answer", "of_milestone", "of_review"),
    [
        ("done", "done", "answered"),
        ("on-track", "passed", "answered"),
        ("late", "passed", "answered"),
        ("not-ours", "passed", "answered"),
    ],
)
def test_a_milestone_is_done_when_they_say_so_a_review_when_they_answer(
    answer: AnswerCode, of_milestone: Standing, of_review: Standing
) -> None:
    """Whatever is said about a review answers it."""
    for occurrence, expected in ((FAIR, of_milestone), (f"{CHOIR}2024", of_review)):
        state = town_state(*CLUB, **said(occurrence, answer))
        row = state.occurrences[occurrence]
        assert stands(state, occurrence, "2025-03-03") == expected
        waiting = not_done(state, row, date(2025, 3, 3))
        assert waiting == (() if expected in {"done", "answered"} else ("library",))


def test_late_until_the_date_whether_it_waits_or_was_approved() -> None:
    """A proposal that waits and one that was approved hold until their day; one that was refused does not."""
    until = date(2025, 4, 30)
    for proposal in ("pending", "approved"):
        state = town_state(**said(FAIR, "late", new_date=until, proposal=proposal))
        assert [stands(state, FAIR, day) for day in ("2025-03-01", "2025-04-30", "2025-05-01")] == [
            "late",
            "late",
            "passed",
        ]
    refused = town_state(**said(FAIR, "late", new_date=until, proposal="refused"))
    assert stands(refused, FAIR, "2025-03-01") == "passed"
    rows = dict(town_state().occurrences)
    rows[FAIR] = replace(rows[FAIR], due=until)  # its date has moved, so that the answer is none to it
    moved = town_state(occurrences=rows, approved_dates={(FAIR, "library"): until})
    assert [stands(moved, FAIR, day) for day in ("2025-03-15", "2025-05-01")] == ["late", "passed"]


def test_several_organisations_stand_each_for_itself_and_together_as_the_worst() -> None:
    """Of two units the one that said nothing is waited for."""
    state = town_state(**said(GARDEN, "done"))
    garden, day = state.occurrences[GARDEN], date(2025, 4, 1)
    assert unit_standing(state, garden, "library", day) == "done"
    assert unit_standing(state, garden, "museum", day) == "passed"
    assert standing_of(state, garden, day) == "passed"
    assert [(one.occurrence, one.waiting) for one in overview(state, day).passed] == [
        (state.occurrences[FAIR], ("library",)),
        (garden, ("museum",)),
    ]


def test_nobody_is_late_before_being_asked() -> None:
    """Not before sending starts, nor until the answer date of the status request; the day after they are."""
    state, start = town_state(*CLUB, started_on=None), date(2025, 3, 10)
    assert {stands(state, one, "2025-03-10") for one in (FAIR, f"{CHOIR}2024")} == {"not-known"}
    assert overview(state, start).counts.not_known == 2
    asked = replace(state, started_on=start, anchors=first_start(state, start).anchors)
    by = answer_date(start, state.workdays, state.policy)
    for day, of_fair, of_choir in (
        (by, "not-known", "not-known"),
        (date(2025, 3, 25), "passed", "not-answered"),
    ):
        assert (day == by) == (of_fair == "not-known")
        assert stands(asked, FAIR, day.isoformat()) == of_fair
        assert stands(asked, f"{CHOIR}2024", day.isoformat()) == of_choir
    assert by == date(2025, 3, 24)  # ten sending days after Monday the 10th


def test_a_review_that_a_later_one_overtook_is_asked_no_more() -> None:
    """Only the latest of an action counts as not answered."""
    state, day = town_state(*CLUB), date(2025, 11, 3)
    assert stands(state, f"{CHOIR}2024", "2025-11-03") == "not-known"
    assert [str(one.occurrence.id) for one in overview(state, day).not_answered] == [f"{CHOIR}2025"]
    for review in (f"{CHOIR}2024", f"{CHOIR}2025"):
        asked = waiting_for(state, state.occurrences[review], day)
        assert bool(asked) is (review == f"{CHOIR}2025")


def test_a_review_that_was_moved_on_still_overtakes_the_one_before() -> None:
    """Its date was approved to come later; the one before was never asked about, and is not now."""
    rows = dict(town_state(*CLUB).occurrences)
    rows[f"{CHOIR}2025"] = replace(rows[f"{CHOIR}2025"], due=date(2026, 3, 2))
    moved = town_state(
        *CLUB, occurrences=rows, approved_dates={(f"{CHOIR}2025", "library"): date(2026, 3, 2)}
    )
    assert stands(moved, f"{CHOIR}2024", "2025-12-01") == "not-known"
    view = overview(moved, date(2025, 12, 1))
    assert (view.not_answered, view.not_known) == ((), ())


def test_what_waits_for_the_secretary() -> None:
    """Proposed dates, what is not the unit's; a decision, or a hand-over on its way, ends it."""
    day, until = date(2025, 3, 3), date(2025, 4, 30)

    def kinds(state: ProgrammeState) -> list[str]:
        return [one.kind for one in decisions(state, day)]

    assert kinds(town_state(**said(FAIR, "late", new_date=until, proposal="pending"))) == ["proposal"]
    assert kinds(town_state(**said(FAIR, "late", new_date=until, proposal="refused"))) == []
    assert kinds(town_state(**said(FAIR, "not-ours"))) == ["not-ours"]
    move = Handover("library", "museum", date(2025, 6, 1), Text())
    leaving = replace(action("fair", "2/2025", "library"), handovers=(move,))
    assert kinds(town_state(leaving, **said(FAIR, "not-ours"))) == []
    unclear = town_state(action("fair", "sometime", "library"))
    assert kinds(unclear) == ["unclear"]
    assert overview(unclear, day).counts.decisions == 1


@pytest.mark.parametrize(
    ("values", "secretary", "day", "standing"),
    [
        ({}, True, "2025-03-03", "passed"),
        ({}, True, "2025-02-03", "due-soon"),
        (said(FAIR, "done"), True, "2025-03-03", "done"),
        (said(FAIR, "on-track"), True, "2025-02-03", "on-schedule"),
        (said(FAIR, "not-ours"), True, "2025-02-03", "decide"),
        (said(FAIR, "not-ours"), False, "2025-02-03", "on-schedule"),
        ({"started_on": None}, True, "2025-03-03", "not-known"),
    ],
)
def test_an_action_shows_its_worst(
    values: Mapping[str, Any], secretary: bool, day: str, standing: Standing
) -> None:
    """A decision is the secretary's matter: the public sees what stands next to it."""
    state, today = town_state(**values), date.fromisoformat(day)
    own = [row for row in state.occurrences.values() if row.id.action == "fair"]
    view = overview(state, today)
    assert action_standing(state, view, "fair", own, today, secretary=secretary, begun=True) == standing


ROUND = f"{TOWN}:fair:collection:2024"


def test_a_round_is_one_line_that_opens_and_closes() -> None:
    """It is open on its first and on its last day; who is missing is counted once each."""
    fair = town_state().occurrences[FAIR]
    row = replace(
        fair,
        id=OccurrenceID.parse(ROUND),
        opens=date(2024, 12, 2),
        due=date(2025, 1, 31),
        closes=date(2025, 2, 14),
        year=2024,
    )
    state = town_state(occurrences={FAIR: fair, ROUND: row}, answers={(ROUND, "museum")})
    days = ("2024-12-01", "2024-12-02", "2025-02-01", "2025-02-14", "2025-02-15")
    assert [stands(state, ROUND, day) for day in days] == ["coming", "open", "open", "open", "closed"]
    assert stands(replace(state, closed={ROUND}), ROUND, "2025-01-01") == "closed"
    count = round_count(state, row, date(2025, 2, 1))
    assert (len(count.expected), count.missing) == (2, ("library",))
    view = overview(state, date(2025, 2, 1))
    assert view.counts.missing == {ROUND: 1}
    assert view.counts.passed == 0  # a round's last day is no deadline of the board


def test_a_programme_is_held_runs_and_ends() -> None:
    """Its last day is a day of it; a closed one has ended whatever its dates say."""
    state = town_state()
    last = state.programme.period.last
    assert programme_standing(replace(state, held=True), last) == "held"
    assert programme_standing(state, last) == "running"
    assert programme_standing(state, last.replace(year=last.year + 1, month=1, day=1)) == "ended"
    assert programme_standing(replace(state, closed_on=AT.date()), AT.date()) == "ended"
    assert end_of_follow_up(state, last) is None


def test_readers_find_what_runs_first() -> None:
    """The longest running, then what is held; a closed programme is among those that have ended."""
    programme, today = town_state().programme, AT.date()

    def row(key: str, **values: Any) -> ProgrammeRow:
        own = replace(programme, key=key)
        return replace(
            ProgrammeRow(own, own, built_in=False, held=False, started_on=today, loaded_at=AT), **values
        )

    rows = [
        row("closed", started_on=date(2025, 1, 1), closed_on=today),
        row("held", held=True),
        row("later"),
        row("first", started_on=date(2025, 2, 1)),
    ]
    assert [one.programme.key for one in running_first(rows, today)] == ["first", "later", "held", "closed"]

"""Who is asked anew, as at a first start, and when the escalation comes then: values in, values out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from reminders.planning.due import (
    due_reminders,
    own_stages,
    request_of,
    request_stage,
    requests_in,
    stages_for_own_people,
    with_told,
)
from reminders.planning.policy import ESCALATION, FIRST_START, Stage, answer_date
from reminders.planning.recipients import Contact, People
from reminders.planning.replies import AnswerCode, ProposalState, Reply
from reminders.planning.state import ProgrammeState, Request, answer_by, stopped_until
from schedule_rules.workdays import standard_workdays
from tests.planning.states import FAIR, town_state
from tests.use.town import LIBRARY, LIBRARY_HEAD, PEOPLE

LATE = date(2025, 3, 17)
WEEK_AFTER = Stage(FAIR, "P7D", "unit", LATE, 7)
HEAD_STAGE = Stage(FAIR, ESCALATION, "head", LATE, 1010)
PAIR = (FAIR, "library")


def answered(
    code: AnswerCode, on: datetime, new_date: date | None = None, proposal: ProposalState = ""
) -> ProgrammeState:
    """The library has answered about its fair, due on 28 February 2025."""
    reply = Reply(code, LIBRARY, on, new_date=new_date, proposal=proposal)
    return town_state(answers=frozenset({PAIR}), replies={PAIR: reply})


@pytest.mark.parametrize("stage", [WEEK_AFTER, HEAD_STAGE], ids=["unit", "head"])
@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (None, False),  # not known: as if told
        ({}, True),
        ({(FAIR, 0, "library"): frozenset({LIBRARY})}, False),
        ({(FAIR, 1, "library"): frozenset({LIBRARY})}, True),  # of another date
        ({(FAIR, 0, "museum"): frozenset({LIBRARY})}, True),  # for another unit
    ],
)
def test_whoever_hears_after_the_date_is_asked_anew(
    stage: Stage, told: dict[tuple[str, int, str], frozenset[str]] | None, *, asked: bool
) -> None:
    """Whichever stage has come, the unit gets a status request in its place, and its head nothing."""
    (one,) = due_reminders([stage], LATE, town_state(told=told), {})
    if asked:
        assert (one.stage, one.recipient, one.sequence) == (FIRST_START, LIBRARY, LATE.toordinal())
        assert request_of(one) == Request(LATE, date(2025, 2, 28))
    else:
        assert (one.stage, one.role) == (stage.name, stage.role)


def test_who_had_nobody_is_told_by_the_chain_and_not_anew() -> None:
    """Without a contact of its own what went to the head was told to the unit."""
    people = [one for one in PEOPLE if one.email != LIBRARY]
    (first,) = due_reminders([WEEK_AFTER], LATE, town_state(people=people), {})
    assert (first.recipient, first.without_contact) == (LIBRARY_HEAD, ("library",))
    state = with_told(town_state(people=people, told={}), [first])
    (one,) = due_reminders([WEEK_AFTER], LATE, state, {})
    assert (one.stage, one.recipient) == ("P7D", LIBRARY_HEAD)
    assert stages_for_own_people(state, LATE) == ()
    new = People([*people, Contact("library", "contact", "", "new@town.example", "fi")], "board")
    found = stages_for_own_people(replace(state, people=new), LATE)
    assert found == (request_stage(state.occurrences[FAIR], "library", LATE),)
    for stage in (*found, WEEK_AFTER, HEAD_STAGE):
        (one,) = due_reminders([stage], LATE, replace(state, people=new), {})
        assert (one.stage, one.recipient, one.without_contact) == (FIRST_START, "new@town.example", ())
    told = with_told(replace(state, people=new, requests=requests_in([one])), [one])
    assert stages_for_own_people(told, date(2025, 3, 18)) == ()


def test_whoever_comes_before_the_date_gets_its_latest_stage() -> None:
    """Whoever stood in is not asked again, and the former secretary is no contact of the unit's."""
    day = date(2025, 2, 24)
    key = (FAIR, 0, "library")
    state = town_state(told={}, told_to_others=frozenset({key}))
    (stage,) = stages_for_own_people(state, day)
    assert (stage.name, stage.role, stage.send_on) == ("-P7D", "unit", day)
    (one,) = due_reminders([stage], day, state, {})
    assert one.recipient == LIBRARY
    assert stages_for_own_people(with_told(state, [one]), day) == ()


def test_later_stages_count_from_the_request() -> None:
    """Ten sending days to answer, ten more for the head, ten for the list; repeated once after 30 days."""
    request = Request(LATE, date(2025, 2, 28))
    state = town_state(requests={PAIR: request})
    row = state.occurrences[FAIR]
    assert answer_by(state, row, "library") == date(2025, 3, 31)
    assert [(one.role, one.name, one.send_on) for one in own_stages(state, row, "library")] == [
        ("head", ESCALATION, date(2025, 4, 14)),
        ("unit", "P30D", date(2025, 4, 16)),
        ("secretary", ESCALATION, date(2025, 4, 30)),
    ]
    moved = replace(row, due=date(2025, 3, 10))  # past already when it was asked about
    assert answer_by(state, moved, "library") == date(2025, 3, 31)
    assert answer_by(state, replace(row, due=LATE), "library") is None  # of another date


@pytest.mark.parametrize(
    ("values", "head", "listed"),
    [
        ({}, "2025-03-14", "2025-03-28"),
        ({"promised": {PAIR: date(2025, 3, 24)}}, "2025-03-24", "2025-04-07"),
        ({"promised": {PAIR: date(2025, 3, 10)}}, "2025-03-14", "2025-03-28"),
        (  # the head was told: what was named then is the day of the list
            {"promised": {PAIR: date(2025, 4, 2)}, "escalated": {(FAIR, 0, "library")}},
            "2025-03-14",
            "2025-04-02",
        ),
    ],
)
def test_no_escalation_comes_before_the_day_that_a_mail_named(
    values: dict[str, Any], head: str, listed: str
) -> None:
    """The list keeps its distance from a head who is told later."""
    state = town_state(**values)
    own = own_stages(state, state.occurrences[FAIR], "library")
    days = {one.role: one.send_on.isoformat() for one in own if one.name == ESCALATION}
    assert days == {"head": head, "secretary": listed}


@pytest.mark.parametrize(
    ("state", "until"),
    [
        (answered("done", datetime(2025, 2, 1, tzinfo=UTC)), date.max),
        (answered("not-ours", datetime(2025, 3, 5, tzinfo=UTC)), date.max),
        (answered("on-track", datetime(2025, 2, 27, 21, 59, tzinfo=UTC)), date(2025, 2, 27)),
        (answered("on-track", datetime(2025, 2, 27, 22, 1, tzinfo=UTC)), date(2025, 3, 30)),  # the 28th here
        (answered("late", datetime(2025, 3, 5, tzinfo=UTC), date(2025, 6, 1), "pending"), date(2025, 6, 1)),
        (answered("late", datetime(2025, 3, 5, tzinfo=UTC), date(2025, 6, 1), "refused"), date(2025, 4, 4)),
    ],
)
def test_how_long_an_answer_holds(state: ProgrammeState, until: date) -> None:
    """Before the date until it is asked about; later until the date that it proposes, else for 30 days."""
    assert stopped_until(state, state.occurrences[FAIR], "library") == until


def test_while_a_date_awaits_the_secretary_the_head_waits_too() -> None:
    """Twenty sending days at most; the due day and the first stage after it stay."""
    said = datetime(2025, 2, 10, tzinfo=UTC)
    days = {}
    proposals: tuple[ProposalState, ...] = ("pending", "refused")
    for proposal in proposals:
        state = answered("late", said, date(2025, 6, 1), proposal)
        own = own_stages(state, state.occurrences[FAIR], "library")
        assert [one.name for one in own if one.role == "unit"] == ["P0D", "P1D"]
        days[proposal] = next(one.send_on for one in own if one.role == "head")
    assert days == {"pending": date(2025, 4, 11), "refused": date(2025, 3, 14)}


def test_what_is_planned_counts_as_told() -> None:
    """So that the fold of the forecast and the next run see the same."""
    state = town_state(told={})
    asked = due_reminders([request_stage(state.occurrences[FAIR], "library", LATE)], LATE, state, {})
    after = with_told(state, asked)
    assert after.told == {(FAIR, LATE.toordinal(), "library"): frozenset({LIBRARY})}
    assert answer_date(LATE, standard_workdays(), state.policy) == date(2025, 3, 31)

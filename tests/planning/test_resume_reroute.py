"""What goes on after it stood still, and who gets what waits for who left: tables over the small town."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from reminders.planning.recipients import Contact, People
from reminders.planning.replies import Pause
from reminders.planning.reroute import for_new_reader, is_anothers, latest, lost_readers, somebody_again
from reminders.planning.resume import Resumed, ran_out, resumed
from reminders.planning.state import ProgrammeState
from schedule_rules.programme import Handover
from tests.planning.states import FAIR, reminder, told, town_state
from tests.use.town import LIBRARY, LIBRARY_HEAD, MUSEUM, PEOPLE, TOWN, action

DAY, NEXT = date(2025, 2, 24), date(2025, 2, 25)
PAUSE = Pause(FAIR, "library", DAY, "x", "x", datetime(2025, 2, 10, tzinfo=UTC), date(2025, 2, 28))


@pytest.mark.parametrize(
    ("after", "today", "over"),
    [
        (date(2025, 2, 21), DAY, False),  # its last day
        (DAY, NEXT, True),
        (date(2025, 2, 21), date(2025, 2, 26), True),  # a day was missed
        (NEXT, date(2025, 2, 26), False),  # was told already
    ],
)
def test_a_pause_runs_out_between_two_planned_days(after: date, today: date, over: bool) -> None:
    """Once, whichever days were missed."""
    assert ran_out([PAUSE], after, today) == ({(FAIR, "library")} if over else frozenset())


def test_of_what_was_reached_meanwhile_the_latest_goes() -> None:
    """The last week has begun: nothing of the month before."""
    state = town_state(pauses={(FAIR, "library"): PAUSE})
    assert told(resumed(state, DAY, NEXT, {})) == [("fair:milestone:end", "-P7D", LIBRARY)]


def handed(on: date) -> ProgrammeState:
    """The town whose library gives the fair to the museum."""
    state = town_state()
    move = Handover("library", "museum", on, by="secretary")
    return replace(state, programme=state.programme.handed_over({"fair": (move,)}))


def test_a_hand_over_that_takes_hold_asks_the_taker_and_tells_both() -> None:
    """The museum gets the stage and the news, the library the news alone; its former head nothing."""
    assert told(resumed(handed(NEXT), DAY, NEXT, {})) == [
        ("fair:milestone:end", "-P7D", MUSEUM),
        ("fair:milestone:end", "handover", LIBRARY),
        ("fair:milestone:end", "handover", MUSEUM),
    ]
    assert resumed(handed(NEXT), NEXT, date(2025, 2, 26), {}) == ()


def test_a_hand_over_entered_late_is_told_when_it_is_entered() -> None:
    """Its date lies behind the watermark."""
    state = handed(date(2025, 2, 3))
    ((action, (move,)),) = ((one, one.handovers) for one in state.programme.actions if one.id == "fair")
    found = resumed(state, DAY, NEXT, {}, Resumed(moves=((action, move),)))
    assert [one[1:] for one in told(found)] == [("-P7D", MUSEUM), ("handover", LIBRARY), ("handover", MUSEUM)]


def test_only_what_another_gets_now_has_lost_its_reader() -> None:
    """An address that left, while somebody is there; where nobody is, the item stays with who had it."""
    gone = reminder(to="left@town.example")
    assert lost_readers({TOWN: town_state()}, [reminder(), gone], DAY) == [gone]
    assert lost_readers({TOWN: town_state(people=())}, [gone], DAY) == []
    assert is_anothers(town_state(), LIBRARY, ("library",), "head", DAY)


def test_it_goes_on_to_whoever_gets_it_of_the_same_units() -> None:
    """The library's successor, not the museum that leads with it."""
    successor = Contact("library", "contact", "", "new@town.example", "fi")
    people = [successor if one.email == LIBRARY else one for one in PEOPLE]
    state = town_state(action("fair", "2/2025", "library", "museum"), people=people)
    assert told(for_new_reader(state, reminder(), DAY, DAY, {})) == [
        ("fair:milestone:end", "-P7D", "new@town.example")
    ]
    assert told(for_new_reader(town_state(dead={LIBRARY}), reminder(), DAY, DAY, {})) == [
        ("fair:milestone:end", "-P7D", LIBRARY_HEAD)
    ]


def test_what_nobody_could_get_comes_back_at_its_latest_stage() -> None:
    """A month before was missed, the last week has begun; what has left the programme stays away."""
    old = reminder(stage="-P30D", order=-30)
    assert latest(town_state(), old, DAY) == replace(old, stage="-P7D", order=-7)
    assert latest(town_state(), replace(old, occurrence=f"{TOWN}:gone:milestone:end"), DAY) is None


# -- when somebody is there again ---------------------------------------------------------------

LEFT = Contact("board", "secretary", "", "left@town.example", "fi", None, date(2025, 1, 31))
NEW = Contact("board", "secretary", "", "new@town.example", "fi")
OWN = Contact("library", "contact", "", "own@town.example", "fi")


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ((LEFT,), (LEFT, NEW), [("fair:milestone:end", "-P7D", "new@town.example")]),
        ((LEFT,), (NEW,), [("fair:milestone:end", "-P7D", "new@town.example")]),
        ((LEFT,), (LEFT, OWN), [("fair:milestone:end", "-P7D", "own@town.example")]),
        ((LEFT, OWN), (NEW, OWN), []),  # the unit was told
        ((LEFT,), (LEFT,), []),
        ((NEW,), (NEW, OWN), []),  # the secretary was told
    ],
)
def test_what_reached_nobody_is_told_when_somebody_is_there(
    before: tuple[Contact, ...], now: tuple[Contact, ...], expected: list[tuple[str, str, str]]
) -> None:
    """The latest stage of what only the last secretary got, to whoever gets it now."""
    state = town_state(action("fair", "2/2025", "library"), people=now)
    assert told(somebody_again(state, People(before, "board"), DAY, DAY, {})) == expected

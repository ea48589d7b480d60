"""What comes if nobody answers, and who is on the follow-up list since when: values in, values out."""

from __future__ import annotations

from datetime import date

from reminders.planning.stages_ahead import is_listed, listed_on, next_ahead, stages_ahead
from tests.planning.states import FAIR, GARDEN, town_state
from tests.use.town import LIBRARY_HEAD, PEOPLE

HEAD_DAY, LIST_DAY = date(2025, 3, 14), date(2025, 3, 28)
"""Ten and twenty sending days after 28 February 2025."""
HEADLESS = [one for one in PEOPLE if one.email != LIBRARY_HEAD]


def test_the_list_comes_after_the_head() -> None:
    """A unit with a head is on the list on the last of its stages."""
    state = town_state()
    row = state.occurrences[FAIR]
    assert listed_on(state, row, "library") == LIST_DAY
    assert not is_listed(state, row, "library", HEAD_DAY)
    assert is_listed(state, row, "library", LIST_DAY)


def test_without_a_head_the_list_comes_in_its_place_and_once() -> None:
    """It is on the list when a head would be told; no later stage puts it there again."""
    state = town_state(people=HEADLESS)
    row = state.occurrences[FAIR]
    assert listed_on(state, row, "library") == HEAD_DAY
    ahead = stages_ahead(state, row, ("library",), date(2025, 3, 1))
    assert [one.stage.send_on for one in ahead if one.listed] == [HEAD_DAY]
    found = next_ahead(state, row, ("library",), HEAD_DAY)
    assert found is not None
    assert (found[1].stage.role, found[1].stage.name) == ("unit", "P30D")


def test_equal_stages_of_several_units_are_one_step() -> None:
    """Both units are reminded on one day; the head of one is told on the day on which the other is listed."""
    state = town_state(people=[one for one in PEOPLE if one.organisation != "museum" or one.role != "head"])
    row = state.occurrences[GARDEN]
    found = stages_ahead(state, row, ("library", "museum"), date(2025, 4, 1))
    assert found[0].organisations == ("library", "museum")
    told = {(one.stage.role, one.listed): one.organisations for one in found if one.stage.role != "unit"}
    assert told[("head", True)] == ("museum",)
    assert told[("head", False)] == ("library",)

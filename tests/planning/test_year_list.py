"""What a unit has in a year, and who is sent the list when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reminders.planning.policy import Policy
from reminders.planning.preferences import Preferences
from reminders.planning.recipients import Contact, People
from reminders.planning.state import ProgrammeState
from reminders.planning.targets import checkpoint_occurrences
from reminders.planning.year_list import YearShare, lines_of, list_of, lists_due
from schedule_rules.occurrence import occurrences
from schedule_rules.programme import Programme
from schedule_rules.workdays import standard_workdays

KEY = "vaasa-2023-2026"
UNIT, HEAD, SECRETARY = "unit@vaasa.example", "head@vaasa.example", "secretary@vaasa.example"
WELFARE = YearShare(KEY, 2025, ("welfare-unit",))
JANUARY, BEFORE = date(2025, 1, 7), {KEY: date(2024, 12, 2)}


@pytest.fixture
def state(vaasa: Programme) -> ProgrammeState:
    """The built-in programme, one unit with a contact; everybody else has nobody."""
    contacts = [
        Contact("welfare-unit", "contact", "", UNIT, "fi"),
        Contact("welfare-unit", "head", "", HEAD, "fi"),
        Contact(vaasa.monitored_by, "secretary", "", SECRETARY, "fi"),
    ]
    rows = {str(row.id): row for row in occurrences(vaasa)}
    return ProgrammeState(
        vaasa,
        {**rows, **checkpoint_occurrences(vaasa)},
        People(contacts, vaasa.monitored_by),
        standard_workdays(),
    )


def test_the_year_of_a_unit(state: ProgrammeState) -> None:
    """Dates in order, of the monthly series the first and how many, the target last; starts are left out."""
    found = [(str(line.row.id).removeprefix(f"{KEY}:"), line.times) for line in lines_of(state, WELFARE)]
    assert found == [
        ("social-cultural-cafe:event:month-2025-01-09", 11),
        ("follow-up-data-collection:collection:2024", 1),
        ("health-dark-season-webinar:review:2025", 1),
        ("social-multidisciplinary-network:review:2025", 1),
        ("social-welcome-to-vaasa:review:2025", 1),
        ("health-dark-season-webinar:event:year-2025-11-13", 1),
        ("social-voting-rights-info:milestone:end", 1),
        ("social-welcome-to-vaasa:event:pace-target-year-2025-11-30", 1),
    ]
    target = list_of(state, WELFARE).rows[-1]
    assert (target.kind, target.on, target.minimum, target.maximum) == ("target", None, 2, 4)


def test_who_gets_it(state: ProgrammeState) -> None:
    """The unit's own readers; a unit that has nobody has no list, nor has the secretary in its place."""
    assert lists_due({KEY: state}, JANUARY, BEFORE, ()) == {UNIT: (WELFARE,)}


@pytest.mark.parametrize(
    ("day", "started", "had"),
    [
        (date(2024, 12, 31), BEFORE, ()),
        (date(2025, 2, 3), BEFORE, ()),
        (JANUARY, BEFORE, {(KEY, UNIT, 2025)}),
        (JANUARY, {KEY: JANUARY}, ()),
        (JANUARY, {}, ()),
    ],
)
def test_when_nothing_is_sent(
    state: ProgrammeState, day: date, started: dict[str, date], had: set[tuple[str, str, int]]
) -> None:
    """Outside January, a second time, on the day of the first start and before it."""
    assert lists_due({KEY: state}, day, started, had) == {}


def test_a_missed_day_is_caught_up_in_january(state: ProgrammeState) -> None:
    """Whoever had last year's list only gets this year's."""
    late = date(2025, 1, 30)
    assert lists_due({KEY: state}, late, BEFORE, {(KEY, UNIT, 2024)}) == {UNIT: (WELFARE,)}


def test_the_switches(state: ProgrammeState) -> None:
    """A programme may leave it out, and a reader."""
    without = replace(state, policy=Policy(year_letter=False))
    unwanted = replace(state, preferences={UNIT: Preferences(off=frozenset({"year"}))})
    assert [lists_due({KEY: one}, JANUARY, BEFORE, ()) for one in (without, unwanted)] == [{}, {}]

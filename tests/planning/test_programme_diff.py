"""What a re-import would change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reminders.planning.programme_diff import ProgrammeChange, programme_changes
from reminders.use.programme.store_programme import read_built_in
from schedule_rules.programme import Programme, Text


@pytest.fixture(scope="module")
def programme() -> Programme:
    """Read the built-in programme."""
    return read_built_in("vaasa-2023-2026")[0]


def with_schedule(programme: Programme, action_id: str, schedule: str) -> Programme:
    """Return the programme with another schedule for one action."""
    actions = tuple(
        replace(action, schedule=Text(schedule, schedule, schedule)) if action.id == action_id else action
        for action in programme.actions
    )
    return replace(programme, actions=actions)


def test_nothing_changes_in_the_same(programme: Programme) -> None:
    """A programme against itself has no changes."""
    assert programme_changes(programme, programme) == ()


def test_a_new_programme_adds_every_action(programme: Programme) -> None:
    """Against nothing, each action is added."""
    assert [one.kind for one in programme_changes(None, programme)] == ["added"] * 62


def test_a_schedule_moves_its_dates(programme: Programme) -> None:
    """From 2023 to 2024 the wording changes, the milestone and the start move, nothing else."""
    action = "safety-ethical-principles"
    assert programme_changes(programme, with_schedule(programme, action, "2024")) == (
        ProgrammeChange("changed", action, "schedule", "2023", "2024"),
        ProgrammeChange("moved", f"vaasa-2023-2026:{action}:start:start", "due", "2023-01-01", "2024-01-01"),
        ProgrammeChange(
            "moved", f"vaasa-2023-2026:{action}:milestone:end", "due", "2023-12-31", "2024-12-31"
        ),
    )


def test_an_action_that_goes_takes_its_dates_with_it(programme: Programme) -> None:
    """A removed action is named, and so is each date that goes."""
    fewer = replace(programme, actions=programme.actions[1:])
    found = programme_changes(programme, fewer)
    assert found[0] == ProgrammeChange("removed", "work-cv-clinic")
    assert [one.place.split(":", 2)[2] for one in found[1:]] == [
        "start:start",
        "milestone:end",
        "milestone:phase-2024",
    ]

"""States of the small town as values, for tables of the pure core: no database, no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from reminders.planning.due import DueReminder, all_stages
from reminders.planning.planner import PlannerState, by_day
from reminders.planning.policy import Policy
from reminders.planning.recipients import Contact, People
from reminders.planning.state import ProgrammeState
from schedule_rules.occurrence import occurrences
from schedule_rules.programme import Action
from schedule_rules.workdays import standard_workdays
from tests.use.town import LIBRARY, PEOPLE, TOWN, action, programme

FAIR, GARDEN, CHOIR = f"{TOWN}:fair:milestone:end", f"{TOWN}:garden:milestone:end", f"{TOWN}:choir:review:"
"""Due on 28 February 2025; on 31 March 2025; each 31 October."""


def town_state(
    *actions: Action, people: Iterable[Contact] = PEOPLE, dead: Collection[str] = (), **values: Any
) -> ProgrammeState:
    """The town with a fair and a garden of the library, or with other actions; without letters of a year."""
    made = programme(
        *(actions or (action("fair", "2/2025", "library"), action("garden", "3/2025", "library", "museum")))
    )
    rows = {str(row.id): row for row in occurrences(made)}
    own = ProgrammeState(
        made, rows, People(people, "board", dead), standard_workdays(), Policy(year_letter=False)
    )
    return replace(own, **values)


def planner_state(state: ProgrammeState, day: str, **values: Any) -> PlannerState:
    """A town that started on 7 January 2025 and was planned up to the day before ``day``."""
    today = date.fromisoformat(day)
    return replace(
        PlannerState(
            today,
            {TOWN: state},
            started={TOWN: date(2025, 1, 7)},
            watermark=date.fromordinal(today.toordinal() - 1),
            stages={TOWN: by_day(all_stages(state, state.occurrences.values()))},
            last_digest={TOWN: date(2025, 12, 30)},  # no digest comes between
        ),
        **values,
    )


def reminder(occurrence: str = FAIR, stage: str = "-P7D", to: str = LIBRARY, **values: Any) -> DueReminder:
    """A reminder to the library of a stage that was reached on 21 February 2025."""
    one = DueReminder(occurrence, stage, to, ("library",), "unit", date(2025, 2, 21), -7)
    return replace(one, **values)


def told(reminders: Iterable[DueReminder]) -> list[tuple[str, str, str]]:
    """Occurrence (without its programme), stage and address."""
    return [(one.occurrence.removeprefix(f"{TOWN}:"), one.stage, one.recipient) for one in reminders]

"""What happens about an occurrence if nobody answers, with which units, and what is on the follow-up list.

Pure. Which stages a unit has is decided in ``due``; here they are told apart as their readers know them: a
stage for the head is the secretary's list where the unit has no head.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reminders.planning.due import next_stage, own_stages, request_stage
from reminders.planning.policy import Stage
from reminders.planning.state import ProgrammeState, own_request, pause_of, unanswered
from schedule_rules.occurrence import Occurrence


@dataclass(frozen=True, slots=True)
class StageAhead:
    """A stage that lies ahead and the ``organisations`` whose it is; ``listed``: it puts them on the list."""

    stage: Stage
    organisations: tuple[str, ...]
    listed: bool = False


def reaches_list(state: ProgrammeState, stage: Stage, organisation: str) -> bool:
    """Tell whether a stage puts a unit's item on the follow-up list: it is the last, or there is no head."""
    if stage.role == "head":
        return not state.people.escalated_heads(organisation, stage.send_on)
    return stage.role == "secretary"


def listed_on(state: ProgrammeState, row: Occurrence, organisation: str) -> date | None:
    """Return the day on which a unit's item comes onto the follow-up list if nobody answers; None: never."""
    own = own_stages(state, row, organisation)
    return min((one.send_on for one in own if reaches_list(state, one, organisation)), default=None)


def is_listed(state: ProgrammeState, row: Occurrence, organisation: str, today: date) -> bool:
    """Tell whether a unit's item stands on the follow-up list: its day has come, and nothing holds it."""
    on = listed_on(state, row, organisation)
    is_waiting = organisation in unanswered(state, row, today)
    return bool(on and on <= today and is_waiting and not pause_of(state, row, organisation, today))


def stages_ahead(
    state: ProgrammeState, row: Occurrence, organisations: Iterable[str], first: date
) -> tuple[StageAhead, ...]:
    """Return what happens from the day ``first`` on, equal stages of several units as one.

    A status request that they get anew is among it. A unit comes onto the list once.
    """
    found: dict[tuple[date, int, str, bool], StageAhead] = {}
    for key in organisations:
        on_list = listed_on(state, row, key)
        asked = own_request(state, row, key)
        request = (request_stage(row, key, asked.on),) if asked else ()
        for stage in (*request, *own_stages(state, row, key)):
            listed = reaches_list(state, stage, key)
            if stage.send_on < first or (listed and stage.send_on != on_list):
                continue
            place = (stage.send_on, stage.order if not listed else 0, stage.role, listed)
            one = found.get(place)
            found[place] = StageAhead(stage, (*(one.organisations if one else ()), key), listed)
    return tuple(sorted(found.values(), key=lambda one: (one.stage.send_on, one.stage.order)))


def next_ahead(
    state: ProgrammeState, row: Occurrence, organisations: tuple[str, ...], day: date, reader: str = ""
) -> tuple[date, StageAhead] | None:
    """Return what comes after ``day`` if nobody answers (``due.next_stage``), but no list they are on."""
    after = day
    while found := next_stage(state, row, organisations, after, reader):
        on, stage = found
        listed = stage.role != "unit" and all(reaches_list(state, stage, key) for key in organisations)
        days = [listed_on(state, row, key) for key in organisations] if listed else []
        if not days or any(one is None or one > day for one in days):
            return on, StageAhead(stage, organisations, listed)
        after = on
    return None

"""What waits for a reader: the occurrences that have been asked of the units of an address.

Pure. Whose units those are is left to ``speakers``, words and pages to ``web``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from reminders.planning.due import stages_of
from reminders.planning.replies import Pause, Reply
from reminders.planning.speakers import is_secretary, units_of
from reminders.planning.standing import Standing, standing_of, unit_standing, worst
from reminders.planning.state import (
    ProgrammeState,
    in_order,
    needs_answer,
    past_obligations,
    pause_of,
    reply_of,
    responsible,
    unanswered,
)
from schedule_rules.occurrence import Occurrence

SHOWN_FOR: Final = timedelta(days=90)
"""How long an answered matter stays on its unit's page."""


@dataclass(frozen=True, slots=True)
class Matter:
    """An occurrence as it stands with a reader's units (``organisations``); ``waiting``: those still asked.

    ``replies`` and ``pauses`` hold what each unit said and paused, by organisation; ``standing`` is the worst
    of how it stands with them.
    """

    occurrence: Occurrence
    organisations: tuple[str, ...]
    waiting: tuple[str, ...]
    replies: tuple[tuple[str, Reply], ...]
    pauses: tuple[tuple[str, Pause], ...]
    standing: Standing = "on-schedule"


def matter(state: ProgrammeState, row: Occurrence, organisations: tuple[str, ...], today: date) -> Matter:
    """Return how an occurrence stands with some of its organisations."""
    replies = ((key, reply_of(state, row, key)) for key in organisations)
    pauses = ((key, pause_of(state, row, key, today)) for key in organisations)
    return Matter(
        row,
        organisations,
        tuple(key for key in unanswered(state, row, today) if key in organisations),
        tuple((key, reply) for key, reply in replies if reply),
        tuple((key, pause) for key, pause in pauses if pause),
        worst(unit_standing(state, row, key, today) for key in organisations)
        if organisations
        else standing_of(state, row, today),
    )


def matters_of(state: ProgrammeState, reader: str, today: date) -> tuple[Matter, ...]:
    """Return what a reader's units have been asked: open, paused, or answered lately; by date.

    Asked is what is past (an older review gives way to a later one, as in the first
    status request) and what has reached its first stage; a round after its last day takes no
    answer any more. The secretary is asked for the units that have no contact of their own.
    """
    mine = units_of(state.people, reader, today)
    if is_secretary(state.people, reader, today):
        leads = state.programme.lead_organisations(today)
        mine |= {key for key in leads if not state.people.has_own_contact(key, today)}
    asking = (row for row in state.occurrences.values() if needs_answer(row))
    rows = [row for row in asking if row.closes is None or row.closes >= today]
    later = (row for row in rows if row.due >= today)
    ahead = [row for row in later if any(stage.send_on <= today for stage in stages_of(state, row))]
    found = [
        matter(state, row, own, today)
        for row in past_obligations(rows, today) + in_order(ahead)
        if (own := tuple(key for key in responsible(state, row, today) if key in mine))
    ]
    return tuple(
        one
        for one in found
        if one.waiting or any(today - reply.at.date() <= SHOWN_FOR for _, reply in one.replies)
    )

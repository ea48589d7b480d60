"""What waits for a reader: the occurrences that have been asked of the units of an address.

Several of one action are one question: whoever answers it answers all of them. Pure. Whose units those
are is left to ``speakers``, words and pages to ``web``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from reminders.planning.due import stages_of
from reminders.planning.replies import Pause, Reply
from reminders.planning.speakers import is_secretary, units_of
from reminders.planning.standing import Standing, latest_until, standing_of, unit_standing, worst
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
    of how it stands with them, ``until`` the latest date of those that are late.
    """

    occurrence: Occurrence
    organisations: tuple[str, ...]
    waiting: tuple[str, ...]
    replies: tuple[tuple[str, Reply], ...]
    pauses: tuple[tuple[str, Pause], ...]
    standing: Standing = "on-schedule"
    until: date | None = None


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
        latest_until(state, row, organisations),
    )


def asked_occurrences(state: ProgrammeState, today: date) -> list[Occurrence]:
    """Return what units have been asked about by ``today``, answered or not.

    That is what is past (an older review gives way to a later one, as in the first status request) and
    what has reached its first stage; a round after its last day takes no answer any more.
    """
    asking = (row for row in state.occurrences.values() if needs_answer(row))
    rows = [row for row in asking if row.closes is None or row.closes >= today]
    later = (row for row in rows if row.due >= today)
    ahead = [row for row in later if any(stage.send_on <= today for stage in stages_of(state, row))]
    return past_obligations(state, today, rows) + in_order(ahead)


def matters_of(state: ProgrammeState, reader: str, today: date) -> tuple[Matter, ...]:
    """Return what a reader's units have been asked: open, paused, or answered lately; by date.

    The secretary is asked for the units that have no contact of their own.
    """
    mine = units_of(state.people, reader, today)
    if is_secretary(state.people, reader, today):
        leads = state.programme.lead_organisations(today)
        mine |= {key for key in leads if not state.people.has_own_contact(key, today)}
    found = [
        matter(state, row, own, today)
        for row in asked_occurrences(state, today)
        if (own := tuple(key for key in responsible(state, row, today) if key in mine))
    ]
    return tuple(
        one
        for one in found
        if one.waiting or any(today - reply.at.date() <= SHOWN_FOR for _, reply in one.replies)
    )


def one_question_each(matters: Iterable[Matter]) -> tuple[tuple[Matter, ...], ...]:
    """Return matters as questions, in the order of their first: those of one action together.

    In a question a milestone comes before a review, the earlier before the later. A round has its own form
    and stands alone.
    """
    groups: dict[tuple[str, str], list[Matter]] = {}
    for one in matters:
        row = one.occurrence.id
        alone = str(row) if one.occurrence.kind == "collection" else ""
        groups.setdefault((f"{row.programme}:{row.action}", alone), []).append(one)
    return tuple(tuple(sorted(group, key=_weight)) for group in groups.values())


def _weight(one: Matter) -> tuple[bool, date, str]:
    row = one.occurrence
    return row.kind != "milestone", row.due, str(row.id)


def question_of(
    state: ProgrammeState, row: Occurrence, organisations: tuple[str, ...], today: date
) -> tuple[Matter, ...]:
    """Return an occurrence as some of its organisations see it, with what one answer is about beside it.

    That is what else of its action waits for one of them, and what was answered with it.
    """
    own = matter(state, row, organisations, today)
    others = (
        matter(state, other, organisations, today)
        for other in asked_occurrences(state, today)
        if other.id != row.id and other.id.action == row.id.action and other.kind != "collection"
    )
    both = (own, *(one for one in others if one.waiting or were_together(own, one)))
    return one_question_each(both)[0]


def were_together(one: Matter, other: Matter) -> bool:
    """Tell whether two matters of an action were answered by the same act: by one person, at one moment."""
    return any(_act(pair) in map(_act, other.replies) for pair in one.replies)


def _act(pair: tuple[str, Reply]) -> tuple[str, str, datetime]:
    organisation, reply = pair
    return organisation, reply.by, reply.at


def answered_together(matters: Iterable[Matter]) -> tuple[tuple[Matter, ...], ...]:
    """Return answered matters as questions: those of one action that one act answered together."""
    groups: list[list[Matter]] = []
    for one in matters:
        row = one.occurrence.id
        for group in groups:
            first = group[0].occurrence.id
            same = (first.programme, first.action) == (row.programme, row.action)
            if same and were_together(group[0], one):
                group.append(one)
                break
        else:
            groups.append([one])
    return tuple(tuple(sorted(group, key=_weight)) for group in groups)

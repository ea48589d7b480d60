"""What a reader is asked for: the units that an address speaks for, and the matters that wait for them.

Pure. A reader speaks for a unit while a contact row of it with that address is
valid; the board secretary also for every unit without an own contact. Words and
pages are left to ``web``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from reminders.planning.due import stages_of
from reminders.planning.replies import Pause, Reply
from reminders.planning.state import (
    ProgrammeState,
    needs_answer,
    past_obligations,
    pause_of,
    reply_of,
    responsible,
    unanswered,
)
from reminders.planning.targets import is_pace
from schedule_rules.occurrence import Occurrence

SHOWN_FOR: Final = timedelta(days=90)
"""How long an answered matter stays on its unit's page."""


@dataclass(frozen=True, slots=True)
class Matter:
    """An occurrence as it stands with a reader's units (``organisations``); ``waiting``: those still asked.

    ``replies`` and ``pauses`` hold what each unit said and paused, by organisation.
    """

    occurrence: Occurrence
    organisations: tuple[str, ...]
    waiting: tuple[str, ...]
    replies: tuple[tuple[str, Reply], ...]
    pauses: tuple[tuple[str, Pause], ...]


@dataclass(frozen=True, slots=True)
class SeriesYear:
    """An event series of an action, by name, and a year whose dates its unit is asked to set."""

    action: str
    name: str
    year: int


def series_subject(row: Occurrence) -> str:
    """Return what a link to the dates of a series' year is for; it outlives a change of its dates."""
    return f"{row.id.seed}:{row.due.year}"


def series_years(state: ProgrammeState) -> Mapping[str, SeriesYear]:
    """Return the years of all series, those that people took away included, by ``series_subject``."""
    programme = state.programme
    rows = (row for row in state.occurrences.values() if row.kind == "event" and not is_pace(row.id))
    derived = {(row.id.action, row.id.instance[:-11]) for row in rows}
    years = range(programme.period.first.year, programme.period.last.year + 1)
    return {
        f"{programme.key}:{action}:event:{name}:{year}": SeriesYear(action, name, year)
        for action, name in derived | {(one.action, one.name) for one in programme.series}
        for year in years
    }


def valid_addresses(states: Iterable[ProgrammeState], today: date) -> tuple[str, ...]:
    """Return the addresses of all contacts that are valid on ``today``."""
    return tuple(
        dict.fromkeys(one.email for state in states for one in state.people.all if one.is_valid(today))
    )


def units_of(state: ProgrammeState, reader: str, today: date) -> frozenset[str]:
    """Return the organisations that a reader belongs to on ``today``."""
    return frozenset(
        one.organisation
        for one in state.people.all
        if one.email.lower() == reader.lower() and one.is_valid(today)
    )


def is_secretary(state: ProgrammeState, reader: str, today: date) -> bool:
    """Tell whether a reader is the board's secretary on ``today``."""
    return any(one.email.lower() == reader.lower() for one in state.people.secretary(today))


def responsible_spoken_for(
    state: ProgrammeState, row: Occurrence, reader: str, today: date
) -> tuple[str, ...]:
    """Return the responsible organisations that a reader speaks for: own ones, else all for the secretary."""
    return speaks_for(state, responsible(state, row, today), reader, today)


def speaks_for(state: ProgrammeState, keys: tuple[str, ...], reader: str, today: date) -> tuple[str, ...]:
    """Return which of some organisations a reader speaks for (see ``asked_of``)."""
    mine = units_of(state, reader, today)
    own = tuple(key for key in keys if key in mine)
    return own if own or not is_secretary(state, reader, today) else keys


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
    )


def matters_of(state: ProgrammeState, reader: str, today: date) -> tuple[Matter, ...]:
    """Return what a reader's units have been asked: open, paused, or answered lately; by date.

    Asked is what is past (an older review gives way to a later one, as in the first
    status request) and what has reached its first stage.
    """
    mine = _asked_units(state, reader, today)
    found = [
        matter(state, row, own, today)
        for row in _reached(state, today)
        if (own := tuple(key for key in responsible(state, row, today) if key in mine))
    ]
    return tuple(one for one in found if one.waiting or _is_fresh(one, today))


def _asked_units(state: ProgrammeState, reader: str, today: date) -> frozenset[str]:
    own = units_of(state, reader, today)
    if not is_secretary(state, reader, today):
        return own
    leads = state.programme.lead_organisations(today)
    return own | {key for key in leads if not state.people.has_own_contact(key, today)}


def _reached(state: ProgrammeState, today: date) -> list[Occurrence]:
    rows = [row for row in state.occurrences.values() if needs_answer(row) and not _is_closed(row, today)]
    ahead = [row for row in rows if row.due >= today and _is_reached(state, row, today)]
    return past_obligations(rows, today) + sorted(ahead, key=lambda row: (row.due, str(row.id)))


def _is_closed(row: Occurrence, today: date) -> bool:
    """Tell whether an occurrence takes no answer any more: a round after its last day."""
    return row.closes is not None and row.closes < today


def _is_reached(state: ProgrammeState, row: Occurrence, today: date) -> bool:
    return any(stage.send_on <= today for stage in stages_of(state, row))


def _is_fresh(one: Matter, today: date) -> bool:
    return any(today - reply.at.date() <= SHOWN_FOR for _, reply in one.replies)

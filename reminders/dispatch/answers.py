"""An answer is recorded: it stops the unit's reminders for that occurrence and its escalation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from reminders.dispatch.tick import Service
from reminders.dispatch.worlds import local, world_of
from reminders.due import World, needs_answer, responsible
from reminders.errors import NotFoundError, UsageError
from reminders.store import programmes as repository
from reminders.store.programmes import Answer
from schedule_rules.occurrence import Occurrence, OccurrenceID, OccurrenceIDError

AnswerCode = Literal["done", "on-track", "late", "not-ours"]
ANSWERS: tuple[AnswerCode, ...] = get_args(AnswerCode)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says about an occurrence; ``by`` an address, nothing: the secretary."""

    occurrence: str
    answer: AnswerCode
    by: str = ""
    note: str = ""
    new_date: date | None = None


def record(service: Service, said: Said) -> tuple[Answer, ...]:
    """Record an answer for each organisation that it speaks for.

    Raises ``NotFoundError`` for an unknown occurrence or address, ``UsageError``
    for an occurrence that takes no answer or a proposed date that is no future
    day of the programme.
    """
    try:
        occurrence_id = OccurrenceID.parse(said.occurrence)
    except OccurrenceIDError as error:
        raise NotFoundError(str(error)) from error
    now = service.clock()
    today = local(service.settings, now).day
    with service.database.write() as connection:
        rows = {row.programme.key: row for row in repository.all_programmes(connection)}
        row = rows.get(occurrence_id.programme)
        world = world_of(connection, row) if row else None
        occurrence = world.occurrences.get(said.occurrence) if world else None
        if world is None or occurrence is None:
            raise NotFoundError(f"no occurrence {said.occurrence}")
        _check(world, occurrence, said, today)
        answers = tuple(
            Answer(said.occurrence, key, said.answer, said.by, now, said.note, said.new_date)
            for key in _speaks_for(world, occurrence, said.by, today)
        )
        for answer in answers:
            repository.add_answer(connection, answer)
    return answers


def _check(world: World, occurrence: Occurrence, said: Said, today: date) -> None:
    if not needs_answer(occurrence):
        raise UsageError(f"{said.occurrence} is a {occurrence.kind}: it takes no answer")
    if said.new_date is None:
        return
    if said.answer != "late":
        raise UsageError("--new-date goes with the answer late only")
    if not today < said.new_date <= world.programme.period.last:
        raise UsageError(
            f"--new-date: expected a day after {today} within the programme "
            f"(until {world.programme.period.last}); found {said.new_date}"
        )


def _speaks_for(world: World, occurrence: Occurrence, by: str, today: date) -> tuple[str, ...]:
    """Return the organisations an address answers for: its own, or all when it is the secretary's."""
    keys = responsible(world, occurrence, today)
    if not by:
        return keys
    known = [contact for contact in world.people.all if contact.email == by]
    if not known:
        raise NotFoundError(f"no contact with the address {by}")
    own = tuple(key for key in keys if any(contact.organisation == key for contact in known))
    if own:
        return own
    if any(contact.role == "secretary" for contact in known):
        return keys
    raise NotFoundError(f"{by} is not responsible for {occurrence.id}")

"""*Not ours* about one action of a collection form: it waits for the secretary as such an answer does.

It is kept as the unit's answer about the action's own nearest deadline or review, so that decisions,
summary and hand-over know it without knowing forms; another status takes it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from reminders.due import World, in_order, is_answered, needs_answer, past_obligations, reply_of
from reminders.store import Connection
from reminders.store import programmes as repository
from reminders.store.programmes import Answer
from reminders.store.rounds import StatusRow
from schedule_rules.occurrence import Occurrence


def disown(
    connection: Connection, world: World, said: Mapping[str, StatusRow], today: date, now: datetime
) -> None:
    """Record what a unit's form says is not the unit's, by action, and take back what it says is."""
    stood = {
        (one.occurrence, one.organisation): one
        for one in repository.answers_of(connection, world.programme.key)
    }
    for action, one in said.items():
        declined = [
            answer
            for answer in stood.values()
            if answer.organisation == one.organisation
            and answer.answer == "not-ours"
            and answer.occurrence.split(":")[1] == action
        ]
        if one.status != "not-ours":
            for answer in declined:
                repository.undo_answer(connection, answer.id, one.by, now)
        elif not declined and (row := matter_of(world, action, one.organisation, today)):
            repository.add_answer(connection, _answer(world, row, one, now))


def _answer(world: World, row: Occurrence, one: StatusRow, now: datetime) -> Answer:
    sequence = world.sequences.get(str(row.id), 0)
    return Answer(str(row.id), one.organisation, "not-ours", one.by, now, one.note, sequence=sequence)


def matter_of(world: World, action: str, unit: str, today: date) -> Occurrence | None:
    """Return the deadline or review that *not ours* about an action is said of.

    The latest that is past and not answered, else the next one, else the last that was not *done*.
    """
    rows = in_order(
        row
        for row in world.occurrences.values()
        if row.id.action == action and needs_answer(row) and row.kind != "collection"
    )
    past = [row for row in past_obligations(rows, today) if not is_answered(world, row, unit)]
    ahead = [row for row in rows if row.due >= today]
    undone = [row for row in rows if (reply := reply_of(world, row, unit)) and reply.answer != "done"]
    return next(iter((*past[-1:], *ahead[:1], *undone[-1:])), None)

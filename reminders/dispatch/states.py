"""What answers make of an occurrence: its status, and who said what last. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from reminders.store.programmes import Answer
from schedule_rules.occurrence import Occurrence, Status
from schedule_rules.programme import Action, Programme


def status_of(programme: Programme, row: Occurrence, answers: Iterable[Answer]) -> Status:
    """Return the status that answers give an occurrence (RFC 5545 section 3.8.1.11).

    Completed when every responsible organisation has answered, of a milestone
    only when each said *done*; in-process when some have answered. Events,
    starts and what was cancelled keep their own.
    """
    if row.kind in {"event", "start"} or row.status == "cancelled":
        return row.status
    said = last_answers(programme, row, answers)
    if not said:
        return "needs-action"
    everybody = set(row.organisations) <= set(said)
    ready = row.kind != "milestone" or all(answer.answer == "done" for answer in said.values())
    return "completed" if everybody and ready else "in-process"


def last_answers(programme: Programme, row: Occurrence, answers: Iterable[Answer]) -> dict[str, Answer]:
    """Return each responsible organisation's newest answer about ``row``.

    Where responsibility moves, an answer of either side counts for both, but *not ours*.
    """
    action = programme.action_by_id[row.id.action]
    own = [answer for answer in answers if answer.occurrence == str(row.id)]
    said: dict[str, Answer] = {}
    sides = {key: _sides(action, key) for key in row.organisations}
    for answer in sorted(own, key=lambda one: one.at):
        for key in row.organisations:
            if answer.organisation == key or (
                answer.organisation in sides[key] and answer.answer != "not-ours"
            ):
                said[key] = answer
    return said


def _sides(action: Action, key: str) -> set[str]:
    givers = {move.giver for move in action.handovers if move.taker == key}
    takers = {move.taker for move in action.handovers if move.giver == key}
    return {key} | givers | takers

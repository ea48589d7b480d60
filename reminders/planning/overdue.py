"""What is overdue, and on which day the board's secretary is told of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from reminders.planning.policy import digest_days
from reminders.planning.state import ProgrammeState, is_answered, past_obligations, reply_of, responsible
from schedule_rules.occurrence import Occurrence


@dataclass(frozen=True, slots=True)
class Overdue:
    """An occurrence whose date has passed and that is not done; ``waiting`` are the organisations.

    A milestone is done when they said *done*, a review or a round when they answered.
    """

    occurrence: Occurrence
    waiting: tuple[str, ...]


def overdue_list(state: ProgrammeState, today: date) -> list[Overdue]:
    """Return what is overdue on ``today``, oldest first."""
    past = past_obligations(state.occurrences.values(), today)
    return [one for one in (Overdue(row, not_done(state, row, today)) for row in past) if one.waiting]


def not_done(state: ProgrammeState, row: Occurrence, today: date) -> tuple[str, ...]:
    """Return the responsible organisations whose part of ``row`` is not done."""
    if str(row.id) in state.closed:
        return ()
    found = []
    for key in responsible(state, row, today):
        reply = reply_of(state, row, key)
        says_done = row.kind != "milestone" or reply is None or reply.answer == "done"
        if not (is_answered(state, row, key) and says_done):
            found.append(key)
    return tuple(found)


def meeting_of(state: ProgrammeState, today: date, last: date | None) -> tuple[bool, date | None]:
    """Tell whether a digest goes out on ``today``, and the meeting it comes before.

    The first digest goes with the first mails, whatever the weekday. A day of the digest that was
    missed since the ``last`` one is made up for: due means reached and not yet sent.
    """
    first = last + timedelta(days=1) if last else today
    days = digest_days(first, today, state.programme.meetings, state.workdays, state.policy)
    ahead = [meeting for meeting in days.values() if meeting and meeting >= today]
    return last is None or bool(days), min(ahead, default=None)

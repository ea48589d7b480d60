"""The day by which an item is to be answered, as its mails give it: pages give the same day.

Pure.
"""

from __future__ import annotations

from datetime import date

from reminders.letters.compose import promise_of
from reminders.planning.state import ProgrammeState, answer_by
from schedule_rules.occurrence import Occurrence


def day_to_answer(
    state: ProgrammeState, row: Occurrence, organisations: tuple[str, ...], today: date, reader: str = ""
) -> date | None:
    """Return the day by which some organisations are to answer an item; None: their mails give none.

    That is the day of their status request, else a round's own date; once it is past, the last day before
    somebody above them is told. A reminder that only another one follows gives no day.
    """
    days = [day for key in organisations if (day := answer_by(state, row, key))]
    if row.kind == "collection" and not days:
        days.append(row.due)
    ahead = [day for day in days if day >= today]
    promise = promise_of(state, row, organisations, today, reader) if organisations else None
    if not ahead and promise and promise.kind != "next" and promise.answer_by >= today:
        ahead.append(promise.answer_by)
    return min(ahead, default=None)

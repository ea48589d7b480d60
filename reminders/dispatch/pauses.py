"""A unit's reminders of one occurrence are paused for a while, with a reason; the deadline never moves.

What a pause holds is decided in ``due``; what goes on after it in ``wake``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reminders.dispatch.answers import find, speaks_for
from reminders.dispatch.tick import Service
from reminders.dispatch.worlds import local
from reminders.due import World, needs_answer, unanswered
from reminders.errors import UsageError
from reminders.standing import LONGEST_PAUSE, MOST_PAUSES, Pause
from reminders.store import Connection, answering
from schedule_rules.occurrence import Occurrence


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants which occurrence's reminders to wait until the end of which day, and why.

    ``by`` is an address of the unit; nothing: the secretary, for every unit that is asked.
    """

    occurrence: str
    until: date
    reason: str
    by: str = ""


def pause(service: Service, wish: Wish) -> tuple[Pause, ...]:
    """Pause the reminders of the units that ``wish.by`` speaks for; return the pauses.

    Raises ``NotFoundError`` for an unknown occurrence or address, ``UsageError`` for what
    cannot be paused: no reason, a day that is past or over 30 days away, a third pause.
    """
    now = service.clock()
    today = local(service.settings, now).day
    reason = wish.reason.strip()
    with service.database.write() as connection:
        world, occurrence = find(connection, wish.occurrence)
        _check(wish, reason, today)
        pauses = tuple(
            Pause(wish.occurrence, key, wish.until, reason, wish.by, now, occurrence.due)
            for key in _asked(world, occurrence, wish.by, today)
        )
        _check_count(connection, pauses)
        for one in pauses:
            answering.add_pause(connection, one)
    return pauses


def resume(service: Service, occurrence: str, by: str = "") -> int:
    """End the pauses of the units that ``by`` speaks for before their time; return how many.

    The latest stage that was reached meanwhile goes out with the next mail.
    Raises ``NotFoundError`` for an unknown occurrence or address.
    """
    now = service.clock()
    today = local(service.settings, now).day
    with service.database.write() as connection:
        world, found = find(connection, occurrence)
        keys = speaks_for(world, found, by, today)
        return sum(answering.end_pauses(connection, occurrence, key, by, now) for key in keys)


def _asked(world: World, occurrence: Occurrence, by: str, today: date) -> tuple[str, ...]:
    """Return the units that ``by`` speaks for and that are still asked."""
    own = set(speaks_for(world, occurrence, by, today))
    asked = tuple(key for key in unanswered(world, occurrence, today) if key in own)
    if not asked or not needs_answer(occurrence):
        raise UsageError(f"{occurrence.id}: no answer is awaited, so there is nothing to pause")
    return asked


def _check(wish: Wish, reason: str, today: date) -> None:
    last = today + LONGEST_PAUSE
    if not today < wish.until <= last:
        raise UsageError(f"until: expected a day after {today}, {last} at the latest; found {wish.until}")
    if not reason:
        raise UsageError("reason: expected why the reminders wait; found nothing")


def _check_count(connection: Connection, pauses: tuple[Pause, ...]) -> None:
    for one in pauses:
        if answering.count_pauses(connection, one.occurrence, one.organisation) >= MOST_PAUSES:
            raise UsageError(f"{one.occurrence}: paused {MOST_PAUSES} times before, which is the most")

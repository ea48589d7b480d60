"""After a dead address, or for whoever follows: reminders go on to the next in the chain.

``People`` passes dead addresses over, so the next in the chain is whoever gets the item now, on
the same day where that is possible. A later run goes on where one died; a bounce is caught up by
the next run, and so is a contact who left while a reminder waited.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from reminders.due import World
from reminders.reroute import anew, latest, strayed
from reminders.store import Connection, readdressed
from reminders.store import reminders as store
from reminders.store.reminders import PlannedReminder


def readdress(connection: Connection, worlds: Mapping[str, World], today: date) -> int:
    """Plan the reminders of dead addresses for the next in the chain; return how many went on.

    Where nobody was left, they go on when somebody is: another was entered, an address lives again.
    """
    known = [one for one in readdressed.stranded(connection) if _key(one) in worlds]
    went_on = sum(_hand_on(connection, worlds[_key(old)], old, today) for old in known)
    lost = [one for one in readdressed.unreachable(connection) if _key(one) in worlds]
    return went_on + sum(_bring_back(connection, worlds[_key(old)], old, today) for old in lost)


def _key(one: PlannedReminder) -> str:
    return one.reminder.occurrence.partition(":")[0]


def _hand_on(connection: Connection, world: World, old: PlannedReminder, today: date) -> bool:
    fresh = anew(world, old.reminder, today, today, {})
    store.plan(connection, fresh)
    readdressed.hand_on(connection, old, fresh)
    return bool(fresh)


def _bring_back(connection: Connection, world: World, old: PlannedReminder, today: date) -> bool:
    one = latest(world, old.reminder, today)
    fresh = anew(world, one, today, today, {}) if one else ()
    if not fresh:
        return False
    readdressed.revive(connection, fresh)
    store.plan(connection, fresh)
    readdressed.hand_on(connection, old, fresh)
    return True


def reroute(connection: Connection, worlds: Mapping[str, World], today: date) -> None:
    """Plan what waits for somebody who does not get it any more for whoever does.

    The old one is cancelled, so that it is planned again should its address come back.
    """
    waiting = {one.reminder.key: one for one in store.planned(connection)}
    gone = strayed(worlds, (one.reminder for one in waiting.values()), today)
    if not gone:
        return
    sent = store.sent_counts(connection)
    store.cancel(connection, [waiting[one.key].id for one in gone])
    for one in gone:
        world = worlds[one.occurrence.partition(":")[0]]
        store.plan(connection, anew(world, one, one.due_on, today, sent))

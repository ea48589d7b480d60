"""After a dead address, or for whoever follows: reminders go on to the next in the chain.

``People`` passes dead addresses over, so the next in the chain is whoever gets the item now, on
the same day where that is possible. A later run goes on where one died; a bounce is caught up by
the next run, and so is a contact who left while a reminder waited.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from reminders.dispatch.worlds import world_of
from reminders.due import World
from reminders.reroute import anew, strayed
from reminders.store import Connection, readdressed
from reminders.store import programmes as repository
from reminders.store import reminders as store


def readdress(connection: Connection, today: date) -> int:
    """Plan the reminders of dead addresses for the next in the chain; return how many went on."""
    stranded = readdressed.stranded(connection)
    if not stranded:
        return 0
    rows = {row.programme.key: row for row in repository.all_programmes(connection)}
    worlds: dict[str, World] = {}
    went_on = 0
    for old in stranded:
        key = old.reminder.occurrence.partition(":")[0]
        if key in rows and key not in worlds:
            worlds[key] = world_of(connection, rows[key])
        fresh = anew(worlds[key], old.reminder, today, today, {}) if key in worlds else ()
        store.plan(connection, fresh)
        readdressed.hand_on(connection, old, fresh)
        went_on += bool(fresh)
    return went_on


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

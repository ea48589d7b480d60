"""After a dead address: its reminders go on to the next in the chain, on the same day where that is possible.

``People`` passes dead addresses over, so the next in the chain is whoever gets the
item now. A later run goes on where one died; a bounce is caught up by the next run.
"""

from __future__ import annotations

from datetime import date

from reminders.dispatch.worlds import world_of
from reminders.due import DueReminder, World, due_reminders, still_due
from reminders.handover import move_of, news
from reminders.policy import HANDOVER, Stage
from reminders.store import Connection, readdressed
from reminders.store import programmes as repository
from reminders.store import reminders as store
from reminders.store.reminders import PlannedReminder


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
        fresh = _next(worlds[key], old, today) if key in worlds else ()
        store.plan(connection, fresh)
        readdressed.hand_on(connection, old, fresh)
        went_on += bool(fresh)
    return went_on


def _next(world: World, old: PlannedReminder, today: date) -> tuple[DueReminder, ...]:
    """Return the reminders for whoever gets the item now, of the same stage and organisations."""
    one = old.reminder
    if one.occurrence not in world.occurrences:
        return ()
    if one.stage == HANDOVER:
        action = world.programme.action_by_id[one.occurrence.split(":")[1]]
        found = news(world, [(action, move_of(world, one))], today) if still_due(world, one, today) else ()
    else:
        stage = Stage(one.occurrence, one.stage, one.role, today, one.order)
        found = due_reminders([stage], today, world, {})
    return tuple(new for new in found if set(new.organisations).intersection(one.organisations))

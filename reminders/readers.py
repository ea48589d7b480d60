"""Readers' days in a run: what goes out early for one of them, and what waits.

Pure. Plan, forecast and compose ask here alike, so that they cannot differ; what
a wish means is left to ``preferences``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from reminders.due import DueReminder, World, is_duty
from reminders.policy import Stage
from reminders.preferences import NO_WISHES, goes_on, readers_day

AHEAD = 45
"""Days that a run looks ahead for stages that some reader gets earlier (``preferences.REACH``)."""


def early_stages(world: World, ahead: Iterable[Stage], today: date) -> tuple[Stage, ...]:
    """Return the stages after ``today`` that some reader gets by ``today``, because of the reader's day."""
    waiting = [wish for wish in world.preferences.values() if wish.has_mail_days]
    before = (stage for stage in ahead if stage.order < 0) if waiting else ()
    return tuple(
        stage
        for stage in before
        if any(readers_day(wish, stage, world.workdays) <= today for wish in waiting)
        and not is_duty(world, stage)
    )


def goes(world: World, reminder: DueReminder, day: date) -> bool:
    """Tell whether a planned reminder may go out on ``day`` by what its reader wishes."""
    wish = world.preferences.get(reminder.recipient, NO_WISHES)
    stage = Stage(reminder.occurrence, reminder.stage, reminder.role, reminder.due_on, reminder.order)
    return not wish.has_mail_days or is_duty(world, stage) or goes_on(wish, stage, day, world.workdays)

"""Days on which the service did not run: known from when each civil date was planned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from reminders.settings import Settings
from reminders.store import Connection, planned_days

_LOOK_BACK = timedelta(days=120)
"""An escalation comes some weeks after the first reminder of its occurrence."""


def caught_up(connection: Connection, settings: Settings, today: date) -> Mapping[date, date]:
    """Return the civil dates before ``today`` that were planned late, each with the day that caught it up.

    Weekends and holidays are among them: no stage falls on one.
    """
    planned = planned_days.planned_since(connection, today - _LOOK_BACK)
    days = {day: at.astimezone(settings.zone).date() for day, at in planned.items()}
    return {day: on for day, on in days.items() if on > day}

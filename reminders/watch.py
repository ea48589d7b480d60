"""Whether the service runs as it should: a run must have finished by an hour after TICK_AT. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

GRACE: Final = timedelta(hours=1)
_LOOK_BACK: Final = 15


def missed_run(
    last: datetime | None,
    now: datetime,
    zone: ZoneInfo,
    tick_at: time,
    is_working_day: Callable[[date], bool],
) -> date | None:
    """Return the working day whose run is missing, None when all is well.

    A day's run is one that finished at TICK_AT or later. It is missed from an hour after
    TICK_AT on, and stays so through nights and weekends until a run finishes.
    """
    here = now.astimezone(zone)
    for back in range(_LOOK_BACK):
        day = here.date() - timedelta(days=back)
        due = datetime.combine(day, tick_at, zone)
        if is_working_day(day) and now >= due + GRACE:
            return day if last is None or last < due else None
    return None

"""What calendars go on showing of an entry that its programme has no more (design: calendar.md, point 10).

What has been stays as it was for the life of the programme. What was still to come is cancelled, and stands
so until sixty days after its date; an assumed date goes without a word, for it never was. Who takes a series
away decides on its dates to come (``edited_series``): of events only past dates stay here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from calendars.event import Entry

SHOWN_FOR: Final = timedelta(days=60)
"""How long a cancelled date is still shown after its day."""


def left_over(entry: Entry, today: date) -> Entry | None:
    """Return a single date as calendars show it on ``today``; None: no more."""
    if entry.status == "cancelled":
        return entry if entry.day >= today - SHOWN_FOR else None
    if entry.status == "tentative":
        return None
    if entry.day < today:
        return entry
    return None if entry.kind == "event" else replace(entry, status="cancelled")

"""How long a message is tried: until five sending days' worth of open window have passed. Pure.

Nights, weekends and quiet periods are no time in which it could have gone, so they do not count: what is put
off on 22 December has the same five windows before it as any other (delivery.md, "Full or slow").
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

Window = tuple[datetime, datetime]
PATIENCE: Final = 5
"""Windows of sending days."""


def patience_ends(since: datetime, windows: Iterable[Window]) -> datetime | None:
    """Return the instant by which windows were open for as long as five of them last, from ``since`` on.

    ``windows`` are in order, the first of them on the day of ``since``; its length is that of each. None when
    there are too few.
    """
    left: timedelta | None = None
    for opens, closes in windows:
        left = PATIENCE * (closes - opens) if left is None else left
        begins = max(opens, since)
        if closes <= begins:
            continue
        if closes - begins >= left:
            return begins + left
        left -= closes - begins
    return None

"""When an address counts as dead: passed over from then on, until somebody lets it be mailed again.

A refusal may be a server's mistake, and a mistake must silence nobody: only words that leave no doubt flag an
address at once, anything else when it comes again on another day. Who is the last to be told is never
flagged, only reported.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from structlog import get_logger

from reminders.letters.retry import Outcome, alike, is_dead_address
from reminders.store import Connection, outbox, people, programmes
from reminders.use.planning.load_state import people_of

log = get_logger()
WEEKS: Final = timedelta(days=30)
"""How far back before its own first refusal others' are looked at."""


def note_refusal(
    connection: Connection,
    address: str,
    now: datetime,
    day: date,
    code: int,
    text: str,
    shown: str = "",
) -> bool:
    """Flag an address that refused its mail of ``day``, where that is sure; return whether it is flagged now.

    ``shown`` are a report's words, where they are others than those that decide.

    1. Never a secretary, nor the last in the chain of a unit.
    2. At once when there is no such address (5.1.1, 5.1.10).
    3. Else when its mail of an earlier day was refused too, and none was taken since; not where others were
       refused alike in those weeks, as by a relay behind the mail server that is closed.
    """
    if not is_dead_address(code, text):
        own = Outcome("refused", "rcpt", code, shown or text)
        first = outbox.refused_on(connection, address, before=day)
        if first is None:
            return False
        if any(alike(own, one) for one in outbox.refusals_of_others(connection, address, first - WEEKS)):
            return False
    if is_last(connection, address, day):
        log.warning("the last in a chain takes no mail", code=code)
        return False
    return people.flag_address(connection, address, now, code, shown or text)


def is_last(connection: Connection, address: str, day: date) -> bool:
    """Tell whether an address is a secretary's, or a unit has nobody else, in any programme."""
    for key in programmes.programme_keys(connection):
        found = people_of(connection, programmes.stored_programme(connection, key).programme)
        if found.is_last(address, day):
            return True
    return False

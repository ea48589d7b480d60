"""When an address counts as dead: passed over from then on, until somebody lets it be mailed again.

A refusal may be a server's mistake, and a mistake must silence nobody: only words that leave no doubt flag an
address at once, anything else when it comes again on another day. Who is the last to be told is never
flagged, only reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Final

from structlog import get_logger

from email_templates.alarm import ManyDead
from reminders.clock import civil_time
from reminders.letters.delivery_events import refusal_reply
from reminders.letters.retry import Outcome, alike, is_crowd, is_dead_address
from reminders.planning.recipients import Contact
from reminders.service import Service
from reminders.store import Connection, outbox, people, programmes
from reminders.store.people import DeadAddress
from reminders.use.planning.load_state import people_of

log = get_logger()
LOOK_BACK: Final = timedelta(days=30)
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
        if any(alike(own, one) for one in outbox.refusals_of_others(connection, address, first - LOOK_BACK)):
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


def refusal_words(one: DeadAddress) -> str:
    """Return what a server said of an address, code and text, without the addresses in it."""
    return refusal_reply(one.code, one.text)


def all_dead(service: Service) -> tuple[DeadAddress, ...]:
    """Return the addresses that are passed over, the oldest first."""
    with service.database.read() as connection:
        return people.all_dead_addresses(connection)


def many_dead(service: Service, among: Collection[str] | None = None) -> tuple[ManyDead, ...]:
    """Return the running programmes of whose addresses more are dead than is likely (``is_crowd``).

    Of all, or of those ``among`` some keys.
    """
    today = civil_time(service.settings, service.clock()).day
    with service.database.read() as connection:
        flagged = {one.address: one for one in people.all_dead_addresses(connection)}
        found = [
            (row, _listed(people.contacts_of(connection, row.programme.key), today))
            for row in (programmes.all_programmes(connection) if flagged else ())
            if not row.held and (among is None or row.programme.key in among)
        ]
    counts = [
        (row, addresses, [flagged[one] for one in addresses if one in flagged]) for row, addresses in found
    ]
    return tuple(
        ManyDead(row.programme.name, len(dead), len(addresses), _most_frequent(dead))
        for row, addresses, dead in counts
        if is_crowd(len(dead), len(addresses))
    )


def _listed(contacts: Iterable[Contact], today: date) -> frozenset[str]:
    return frozenset(one.identity for one in contacts if one.is_valid(today))


def _most_frequent(dead: Collection[DeadAddress]) -> str:
    return Counter(refusal_words(one) for one in dead).most_common(1)[0][0]

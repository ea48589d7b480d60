"""Whoever gives an address on the public page has that address's own calendar sent there, once a day.

Whether the address is known is told by nothing: the page answers before this looks.
"""

from __future__ import annotations

from reminders.dispatch.tick import Service
from reminders.dispatch.worlds import local
from reminders.store import feed_requests
from reminders.store import programmes as repository


def ask_for_feed(service: Service, typed: str) -> None:
    """Let a contact's address, in any case, have its own calendar with the next mail; else do nothing."""
    today = local(service.settings, service.clock()).day
    with service.database.read() as connection:
        contacts = [
            one
            for row in repository.all_programmes(connection)
            for one in repository.contacts_of(connection, row.programme.key)
        ]
    known = {one.email for one in contacts if one.is_valid(today) and one.email.lower() == typed.lower()}
    if known:
        with service.database.write() as connection:
            feed_requests.ask(connection, min(known), today)

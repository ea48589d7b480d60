"""People as rows: contacts, what readers wish about their mail, addresses that take none.

An address is dead when it was refused for good at RCPT (RFC 5321 section 4.2.1) or by a bounce (RFC 3464); it
is passed over until somebody clears it. Which answer makes it so is decided by ``retry`` and ``bounces``.
Contacts are kept as they are written; wishes and dead addresses under the one form of all spellings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from reminders.planning.addresses import folded
from reminders.planning.preferences import NO_WISHES, Preferences
from reminders.planning.recipients import Contact
from reminders.store import tables
from reminders.store.tables import columns_of, from_row, insert_or_ignore, preference, values_of


@dataclass(frozen=True, slots=True)
class DeadAddress:
    """An address that takes no mail: since when, and the words that said so."""

    address: str
    since: datetime
    code: int
    text: str


ROLES: Final = select(
    *(tables.contact.c[name] for name in ("programme", "organisation", "role", "email")),
    *(tables.contact.c[name] for name in ("valid_from", "valid_until", "deputy_of")),
).order_by(tables.contact.c.id)
"""The contacts of all programmes as far as they decide on who may do what, for ``Database.ask``."""
DEAD: Final = select(tables.dead_address.c.address).order_by(tables.dead_address.c.address)
"""The addresses that take no mail, for ``Database.ask``."""


def save_contacts(connection: Connection, key: str, contacts: Iterable[Contact]) -> None:
    """Replace a programme's contacts."""
    table = tables.contact
    connection.execute(delete(table).where(table.c.programme == key))
    if rows := [{"programme": key, **columns_of(one)} for one in contacts]:
        connection.execute(insert(table), rows)


def contacts_of(connection: Connection, key: str) -> tuple[Contact, ...]:
    """Return a programme's contacts in the order of their list."""
    table = tables.contact
    return values_of(connection, Contact, select(table).where(table.c.programme == key).order_by(table.c.id))


def preferences_of_programme(connection: Connection, key: str) -> Mapping[str, Preferences]:
    """Return the wishes about a programme's mail, by address."""
    query = select(preference).where(preference.c.programme == key).order_by(preference.c.address)
    return {
        row["address"]: replace(
            from_row(Preferences, row), language=row["language"] or None, off=frozenset(row["off"])
        )
        for row in connection.execute(query).mappings()
    }


def save_preferences(
    connection: Connection, key: str, address: str, wish: Preferences, now: datetime
) -> None:
    """Put ``wish`` in the place of what an address wished before; one without any leaves no row."""
    identity = folded(address)
    own = (preference.c.programme == key, preference.c.address == identity)
    connection.execute(delete(preference).where(*own))
    if wish == NO_WISHES:
        return
    values = {**columns_of(wish), "language": wish.language or "", "off": sorted(wish.off)}
    connection.execute(insert(preference).values(programme=key, address=identity, at=now, **values))


def flag_address(connection: Connection, address: str, now: datetime, code: int, text: str) -> bool:
    """Note that an address takes no mail; False when it was known, whose first reason then stays."""
    table = tables.dead_address
    values = columns_of(DeadAddress(folded(address), now, code, text))
    statement = insert_or_ignore(connection, table).values(values).returning(table.c.address)
    return connection.execute(statement).scalar() is not None


def clear_flag(connection: Connection, addresses: Collection[str]) -> int:
    """Let addresses be mailed again; return how many were flagged."""
    table = tables.dead_address
    return connection.execute(delete(table).where(table.c.address.in_(list(map(folded, addresses))))).rowcount


def dead_addresses(connection: Connection) -> frozenset[str]:
    """Return the addresses that take no mail."""
    return frozenset(connection.execute(select(tables.dead_address.c.address)).scalars())


def all_dead_addresses(connection: Connection, since: datetime | None = None) -> tuple[DeadAddress, ...]:
    """Return the dead addresses (flagged from ``since`` on), the oldest first."""
    table = tables.dead_address
    query = select(table).order_by(table.c.since, table.c.address)
    if since is not None:
        query = query.where(table.c.since >= since)
    return values_of(connection, DeadAddress, query)

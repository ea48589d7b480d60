"""Contact lists in and out: checked as a whole, replaced as a whole."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from reminders.errors import InputError, NotFoundError
from reminders.intake.contacts import read_contacts, write_contacts
from reminders.planning.recipients import Contact, People
from reminders.service import Service
from reminders.store import Connection, people, programmes
from schedule_rules.programme import Programme


def import_contacts(service: Service, key: str, file: Path) -> int:
    """Replace a programme's contacts by a file's; nothing is taken from a file with a mistake.

    A dead address that was not in the list before is mailed again: somebody has just entered it.
    One that stood there already stays passed over (``revive`` lets it be mailed again).
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(str(file), f"octet {error.start}", "other octets", "a CSV file in UTF-8") from error
    except OSError as error:
        raise InputError(str(file), "file", str(error.strerror), "a CSV file") from error
    with service.database.write() as connection:
        programme = programmes.stored_programme(connection, key).programme
        keys = [organisation.key for organisation in programme.organisations]
        contacts = read_contacts(text, str(file), keys)
        _store(connection, key, contacts)
    return len(contacts)


def contacts_of_text(service: Service, key: str, text: str, source: str) -> tuple[Contact, ...]:
    """Return the contacts of a CSV text, checked against a programme; nothing is stored."""
    with service.database.read() as connection:
        programme = programmes.stored_programme(connection, key).programme
    return read_contacts(text, source, [organisation.key for organisation in programme.organisations])


def replace_contacts(service: Service, key: str, contacts: Collection[Contact]) -> None:
    """Replace a programme's contacts by checked ones."""
    with service.database.write() as connection:
        programmes.stored_programme(connection, key)
        _store(connection, key, contacts)


def change_contact(service: Service, key: str, old: Contact | None, new: Contact | None) -> None:
    """Put ``new`` in the place of ``old`` (None: none; at the end of the list, or taken out).

    Raises ``NotFoundError`` when ``old`` is not in the list any more: somebody has changed it.
    """
    with service.database.write() as connection:
        programmes.stored_programme(connection, key)
        rows = list(people.contacts_of(connection, key))
        if old is not None and old not in rows:
            raise NotFoundError(f"{old.email} of {old.organisation} was changed meanwhile")
        place = rows.index(old) if old else len(rows)
        rows[place : place + 1] = [new] if new else []
        _store(connection, key, tuple(dict.fromkeys(rows)))


def _store(connection: Connection, key: str, contacts: Collection[Contact]) -> None:
    """Replace a list; an address that is new in it is mailed again, should it have been dead."""
    before = {one.email for one in people.contacts_of(connection, key)}
    people.save_contacts(connection, key, contacts)
    people.clear_flag(connection, {one.email for one in contacts} - before)


def revive(service: Service, address: str) -> None:
    """Let a dead address be mailed again; ``NotFoundError`` when it is none."""
    with service.database.write() as connection:
        if not people.clear_flag(connection, [address]):
            raise NotFoundError(f"{address} is no dead address; reminders doctor lists them")


def addresses_to_revive(service: Service) -> frozenset[str]:
    """Return the dead addresses: they are passed over until ``revive`` lets them be mailed again."""
    with service.database.read() as connection:
        return people.dead_addresses(connection)


def export_contacts(service: Service, key: str) -> str:
    """Return a programme's contacts as CSV."""
    with service.database.read() as connection:
        programmes.stored_programme(connection, key)
        return write_contacts(people.contacts_of(connection, key))


def people_of(connection: Connection, programme: Programme) -> People:
    """Return the contacts of a programme, with the addresses that a mail server refused for good."""
    contacts = people.contacts_of(connection, programme.key)
    return People(contacts, programme.monitored_by, people.dead_addresses(connection))

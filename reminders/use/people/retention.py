"""Retention and a person's rights: purge, export, removal (delivery.md, "Evidence and personal data").

An address that has left becomes a keyed hash: whoever holds the key and the address can still show
that a mail went to it, nobody can read it from the record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from structlog import get_logger

from reminders.clock import civil_time, tomorrow
from reminders.delivery.copies import DeletedCopies, ErasedMail, delete_copies
from reminders.errors import GuardError, NotFoundError
from reminders.letters.evidence import LEFT, pseudonym
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import delivery_log, evidence, personal_data, programmes, sessions, watch
from reminders.use.mail.listing import events_json
from reminders.use.planning.load_state import people_of
from reminders.use.watch.audit import record_act

log = get_logger()


@dataclass(frozen=True, slots=True)
class Purged:
    """How many mails lost their octets, how many addresses became a hash, which copies in the folder went."""

    mails: int
    addresses: int
    copies: DeletedCopies = field(default_factory=DeletedCopies)


def purge_old(service: Service, days: int | None = None, *, dry_run: bool = False) -> Purged:
    """Delete the octets of mails older than ``days`` (KEEP_MAIL_DAYS), and the addresses of leavers.

    The days of a leaver (KEEP_ADDRESSES_DAYS) count from the last mail or answer: a list
    that was imported by mistake takes nobody's name off the record.
    """
    settings, now = service.settings, service.clock()
    before = now - timedelta(days=settings.keep_mail_days if days is None else days)
    left_before = now.astimezone(settings.zone).date() - timedelta(days=settings.keep_addresses_days)
    with service.database.write() as connection:
        gone = personal_data.leavers(connection, left_before, LEFT)
        names = [spelling for spellings in gone.values() for spelling in spellings]
        if dry_run:
            return Purged(personal_data.old_mails(connection, before, names), len(gone))
        deleted = personal_data.delete_octets(connection, before, now, names)
        renamed = [
            event
            for address, spellings in gone.items()
            for spelling in spellings
            for event in personal_data.rename_address(
                connection, spelling, pseudonym(address, service.secret), now
            )
        ]
        forgotten = personal_data.forget_origins(connection, _midnight(settings, left_before), now)
        evidence.append(connection, *deleted, *renamed, *forgotten)
        if deleted or gone or service.actor.origin != "schedule":
            counts = {"mails": len(deleted), "addresses": len(gone)}
            record_act(connection, service, "purge", counts=counts)
    return Purged(len(deleted), len(gone), delete_erased_copies(service))


def _midnight(settings: Settings, day: date) -> datetime:
    return datetime.combine(day, time(), settings.zone)


def delete_erased_copies(service: Service) -> DeletedCopies:
    """Delete from MAIL_FOLDER the copy of every mail whose octets are gone from the tables.

    It comes after the tables' commit and goes by what they say: what a crash or a folder that could not be
    read left behind goes the next time, and what releases left that kept all copies.
    """
    settings = service.settings
    with service.database.read() as connection:
        rows = personal_data.mails_without_octets(connection)
    found = delete_copies(
        settings.mail_folder,
        (
            ErasedMail(at.astimezone(settings.zone).date(), message_id, sha256)
            for at, message_id, sha256 in rows
        ),
    )
    for fault in found.faults:
        log.error("copy of an erased mail cannot be deleted", fault=fault)
    return found


def purge_daily(service: Service) -> Purged | None:
    """Purge if nobody has today; None when it was done. However many workers: one a civil date does it."""
    now = service.clock()
    with service.database.write() as connection:
        if not watch.claim_turn(connection, watch.PURGE, now, tomorrow(service.settings, now)):
            return None
        sessions.forget_expired(connection, now, service.settings.session_longest)
    found = purge_old(service)
    log.info("purged", mails=found.mails, addresses=found.addresses, files=found.copies.files)
    return found


def export_everything_of(service: Service, address: str) -> dict[str, Any]:
    """Return everything that the service holds of a person, ready for JSON; also under the hash."""
    with service.database.read() as connection:
        names = (*personal_data.spellings_of(connection, address), pseudonym(address, service.secret))
        document = personal_data.person_rows(connection, names)
        mails = list(document["mails"])
        events = delivery_log.events_of(connection, [row["id"] for row in mails])
        document["mails"] = [{**row, "events": events_json(events.get(row["id"], ()))} for row in mails]
    if not any(document.values()):
        raise NotFoundError(f"nothing is held of {address}")
    plain = {
        name: [{column: _json(value) for column, value in row.items()} for row in rows]
        for name, rows in document.items()
    }
    return {"address": address, **plain}


def remove_everything_of(service: Service, address: str) -> DeletedCopies:
    """Remove a person: off the lists, nothing more is sent, a hash in the record, no copy in the folder.

    Raises ``NotFoundError`` when nothing is held, ``GuardError`` while a mail is being handed over, and of
    the only secretary of a programme that is running: nobody would get what falls to nobody else.
    """
    export_everything_of(service, address)
    now = service.clock()
    today = civil_time(service.settings, now).day
    with service.database.write() as connection:
        events = []
        for spelling in personal_data.spellings_of(connection, address):
            if personal_data.has_mail_under_way(connection, spelling):
                raise GuardError(f"a mail to {address} is being handed over; try again in five minutes")
            events += personal_data.remove_person(connection, spelling, now)
            name = pseudonym(address, service.secret)
            events += personal_data.rename_address(connection, spelling, name, now)
        for row in programmes.all_programmes(connection):
            if not row.held and not people_of(connection, row.programme).secretary(today):
                raise GuardError(
                    f"{address} is the only secretary of {row.programme.key}. Name another one first, with: "
                    f"reminders contacts import FILE --programme {row.programme.key}"
                )
        evidence.append(connection, *events)
        record_act(connection, service, "person-removed", person=pseudonym(address, service.secret))
    return delete_erased_copies(service)


def _json(value: Any) -> Any:  # noqa: ANN401 - a column's value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.isoformat() if isinstance(value, date | datetime) else value

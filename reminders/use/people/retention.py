"""Retention and a person's rights: purge, export, removal (delivery.md, "Evidence and personal data").

An address that has left becomes a keyed hash: whoever holds the key and the address can still show
that a mail went to it, nobody can read it from the record.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from structlog import get_logger

from email_templates.plain_text import counted
from reminders.clock import civil_time, tomorrow
from reminders.delivery.copies import DeletedCopies, ErasedMail, delete_copies, delete_sign_in_mails
from reminders.errors import GuardError, NotFoundError
from reminders.letters.evidence import LEFT, pseudonym
from reminders.letters.mentions import names_any
from reminders.planning.recipients import People
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import delivery_log, evidence, personal_data, programmes, sessions, watch
from reminders.use.mail.listing import events_json
from reminders.use.people.rights import people_by_programme
from reminders.use.people.sessions import end_lost_sessions
from reminders.use.programme.drafts import drop_drafts
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
    # A command may take its time: it also writes anew what older releases deleted.
    if not service.database.scrub(whole=service.actor.origin != "schedule"):
        log.warning("the database was in use; what was deleted may still stand in its journal")
    return Purged(len(deleted), len(gone), delete_erased_copies(service))


def _midnight(settings: Settings, day: date) -> datetime:
    return datetime.combine(day, time(), settings.zone)


def delete_erased_copies(service: Service, sign_in_before: date | None = None) -> DeletedCopies:
    """Delete from MAIL_FOLDER the copy of every mail whose octets are gone from the tables.

    With them go the mails with sign-in links, which no table knows, from before a day, or before today.

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
    day = sign_in_before or civil_time(settings, service.clock()).day
    mails = delete_sign_in_mails(settings.mail_folder, day)
    found = DeletedCopies(found.files + mails.files, (*found.faults, *mails.faults))
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


@dataclass(frozen=True, slots=True)
class Remainder:
    """What stays of a person after a removal, why, and until when."""

    what: str
    why: str
    until: str


@dataclass(frozen=True, slots=True)
class RemovedPerson:
    """What a removal did: copies and uploaded files deleted, what stays; ``faults`` are to be mended."""

    copies: DeletedCopies
    uploads: int
    remainders: tuple[Remainder, ...]
    faults: tuple[str, ...] = ()


def remove_everything_of(service: Service, address: str) -> RemovedPerson:
    """Remove a person: off the lists, nothing more is sent, a hash in the record, no copy in any file.

    Raises ``NotFoundError`` when nothing is held, ``GuardError`` while a mail is being handed over, and of
    the only secretary of a programme, running or not: nobody would get what falls to nobody else, or the
    board's mailbox would let people in as the secretary.
    """
    export_everything_of(service, address)
    now = service.clock()
    today = civil_time(service.settings, now).day
    name = pseudonym(address, service.secret)
    with service.database.write() as connection:
        events, spelled = [], personal_data.spellings_of(connection, address)
        names = personal_data.contact_names(connection, spelled)
        rows = programmes.all_programmes(connection)
        before = people_by_programme(connection, rows)
        for spelling in spelled:
            if personal_data.has_mail_under_way(connection, spelling):
                raise GuardError(f"a mail to {address} is being handed over; try again in five minutes")
            events += personal_data.remove_person(connection, spelling, now)
            events += personal_data.rename_address(connection, spelling, name, now)
        for one in names:
            events += personal_data.forget_name(connection, one, now)
        running = {row.programme.key for row in rows if not row.held}
        for key, after in people_by_programme(connection, rows).items():
            is_lost = _loses_secretary(before[key].people, after.people, today)
            if is_lost or (key in running and not after.people.secretary(today)):
                raise GuardError(
                    f"{address} is the only secretary of {key}. Name another one first, with: "
                    f"reminders contacts import FILE --programme {key}"
                )
        end_lost_sessions(connection, service)  # of a deputy, whose right was the person's
        evidence.append(connection, *events)
        record_act(connection, service, "person-removed", person=name)
    copies = delete_erased_copies(service, sign_in_before=date.max)
    uploads = drop_drafts(service.settings.uploads_folder)
    faults = () if service.database.scrub(whole=True) else (_NOT_SCRUBBED,)
    return RemovedPerson(copies, uploads, _remainders(service, (*spelled, *names)), faults)


def _loses_secretary(before: People, after: People, today: date) -> bool:
    """Tell whether a list that named a secretary, there today or gone, has no such one any more."""
    is_gone = bool(before.own_secretaries(today)) and not after.own_secretaries(today)
    return is_gone or (before.had_secretary(today) and not after.had_secretary(today))


_NOT_SCRUBBED: Final = (
    "the database is in use, so that what was deleted may still stand in its free space: "
    "stop the service and run reminders purge"
)


def _remainders(service: Service, words: Collection[str]) -> tuple[Remainder, ...]:
    """Return what stays in which a person was, or is still, named: why, and until when."""
    found = [
        Remainder(
            "a keyed hash in the address's place: mails, reminders, answers, acts",
            "it proves what was mailed and done",
            "the database is deleted",
        )
    ]
    with service.database.read() as connection:
        mails = [at for at, octets in personal_data.kept_mails(connection) if names_any(octets, words)]
        traces = personal_data.traces_of(connection, words)
    if mails:
        last = max(mails) + timedelta(days=service.settings.keep_mail_days)
        day = last.astimezone(service.settings.zone).date()
        what = f"{counted(len(mails), 'mail')} to others, and {'its' if len(mails) == 1 else 'their'} copies"
        found.append(Remainder(what, "they name the person", f"{day} (KEEP_MAIL_DAYS)"))
    for one in traces:
        what = f"{counted(one.rows, 'row')} of {one.table}, {one.column}"
        found.append(Remainder(what, "what others wrote or a programme says", "somebody changes it"))
    if not service.database.is_sqlite:
        what = "old row versions and the server's own journal"
        found.append(
            Remainder(what, "PostgreSQL overwrites them by and by", "VACUUM FULL, and its archives go")
        )
    found.append(
        Remainder("backups, and files that commands wrote", "they lie where you put them", "you delete them")
    )
    return tuple(found)


def _json(value: Any) -> Any:  # noqa: ANN401 - a column's value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.isoformat() if isinstance(value, date | datetime) else value

"""Contact lists in and out: checked as a whole, shown as changes, replaced as a whole.

A list that would take somebody's only contact away from a programme that is running, or its secretary, is
refused unless the loss is accepted (design: behaviour.md, "People"). The last secretary stays in the list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from email_templates.plain_text import counted
from reminders.clock import CivilTime, civil_time
from reminders.errors import GuardError, NotFoundError
from reminders.intake.contacts import COLUMNS, MAX_BYTES, ContactList, write_contacts
from reminders.intake.formats import file_octets
from reminders.intake.reading_process import read_contacts_apart
from reminders.intake.words import file_label
from reminders.letters.acts import ActKind
from reminders.planning.addresses import folded
from reminders.planning.coverage import (
    ContactChange,
    LapseKind,
    Loss,
    contact_changes,
    losses,
    secretary_lapse,
)
from reminders.planning.recipients import Contact, People
from reminders.planning.reroute import somebody_again
from reminders.planning.state import ProgrammeRow
from reminders.service import Service
from reminders.store import Connection, outbox, people, planned, programmes
from reminders.use.people.sessions import end_lost_sessions
from reminders.use.planning.load_state import load_state, people_of
from reminders.use.watch.audit import record_act
from schedule_rules.programme import Programme


@dataclass(frozen=True, slots=True)
class ListPreview:
    """What a list would change: its contacts, the changes, what it takes away, headings without use.

    ``guarded``: the programme is running, so that a loss has to be accepted.
    """

    programme: Programme
    contacts: tuple[Contact, ...]
    changes: tuple[ContactChange, ...]
    losses: tuple[Loss, ...]
    unused: tuple[str, ...] = ()
    computed: tuple[tuple[str, str, str], ...] = ()
    guarded: bool = True


class LossError(GuardError):
    """A list would leave a running programme without somebody, and nobody has accepted that."""

    def __init__(self, preview: ListPreview) -> None:
        words = "; ".join(loss_words(preview.programme, one) for one in preview.losses)
        super().__init__(f"nothing was stored: {words}. If that is meant: --accept-loss")
        self.preview = preview


def loss_words(programme: Programme, loss: Loss) -> str:
    """Return what a loss is, whom and from when, as a command prints it."""
    whom = ", ".join(one.email for one in loss.contacts)
    if loss.kind == "most":
        return f"{counted(len(loss.contacts), 'address')} would go, more than half of the list: {whom}"
    if loss.kind == "secretary":
        return f"nobody would be the secretary of {programme.key} from {loss.on} on (last: {whom})"
    return f"nobody would be there for {loss.organisation} from {loss.on} on (last: {whom})"


def changed_fields(change: ContactChange) -> list[str]:
    """Return what is changed about a contact, column by column, as a command prints it."""
    old, new = change.old, change.new
    if old is None or new is None:
        return []
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in COLUMNS)
    return [f"{name}: {was or '-'} -> {now or '-'}" for name, was, now in pairs if was != now]


def read_list(service: Service, key: str, data: bytes, source: str) -> tuple[Programme, ContactList]:
    """Return a programme and the list in a file's octets, read while no transaction is open.

    ``InputError`` for a mistake in it; ``BusyError`` where other files are being read.
    """
    with service.database.read() as connection:
        programme = programmes.stored_programme(connection, key).programme
    return programme, read_contacts_apart(data, source, programme.organisation_by_key)


def preview_contacts(service: Service, key: str, data: bytes, source: str) -> ListPreview:
    """Return what a file's list would change, storing nothing; ``InputError`` for a mistake in it."""
    _, found = read_list(service, key, data, source)
    with service.database.read() as connection:
        row = programmes.stored_programme(connection, key)
        return _preview(connection, row, found, _today(service))


def import_contacts(
    service: Service, key: str, file: Path, *, accept_loss: bool = False, dry_run: bool = False
) -> ListPreview:
    """Replace a programme's contacts by a file's, and return what that changes.

    Nothing is taken from a file with a mistake; a loss raises ``LossError`` unless it is accepted.
    A dead address that was not in the list before is mailed again: somebody has just entered it.
    One that stood there already stays passed over (``revive`` lets it be mailed again).
    """
    programme, found = read_list(service, key, file_octets(file, MAX_BYTES), file_label(str(file)))
    with service.database.write() as connection:
        row = programmes.stored_programme(connection, key)
        if row.programme.organisations != programme.organisations:
            raise GuardError(f"{key} was changed meanwhile; nothing was stored. Repeat the command")
        preview = _preview(connection, row, found, _today(service))
        if not dry_run:
            _store(connection, service, row, preview, accept_loss=accept_loss)
            _record_list(connection, service, preview)
    return preview


def _record_list(connection: Connection, service: Service, preview: ListPreview) -> None:
    """Record that a list was replaced, as one act: how many were added, changed and taken out."""
    counts = Counter[str](one.kind for one in preview.changes)
    record_act(connection, service, "contacts-import", preview.programme.key, counts={**counts})


def replace_contacts(
    service: Service, key: str, contacts: Collection[Contact], *, accept_loss: bool = False
) -> None:
    """Replace a programme's contacts by checked ones; a loss raises ``LossError`` unless it is accepted."""
    with service.database.write() as connection:
        row, today = programmes.stored_programme(connection, key), _today(service)
        preview = _preview(connection, row, ContactList(tuple(contacts)), today)
        _store(connection, service, row, preview, accept_loss=accept_loss)
        _record_list(connection, service, preview)


def change_contact(
    service: Service, key: str, old: Contact | None, new: Contact | None, *, accept_loss: bool = False
) -> None:
    """Put ``new`` in the place of ``old`` (None: none; at the end of the list, or taken out).

    Raises ``NotFoundError`` when ``old`` is not in the list any more: somebody has changed it;
    ``LossError`` for a loss that nobody has accepted.
    """
    with service.database.write() as connection:
        row, today = programmes.stored_programme(connection, key), _today(service)
        rows = list(people.contacts_of(connection, key))
        if old is not None and old not in rows:
            raise NotFoundError(f"{old.email} of {old.organisation} was changed meanwhile")
        place = rows.index(old) if old else len(rows)
        rows[place : place + 1] = [new] if new else []
        rows = _with_their_deputies(rows, old, new)
        preview = _preview(connection, row, ContactList(tuple(dict.fromkeys(rows))), today)
        _store(connection, service, row, preview, accept_loss=accept_loss)
        if one := new or old:
            act: ActKind = "contact-removed" if new is None else "contact-changed" if old else "contact-added"
            record_act(connection, service, act, key, f"{one.organisation} {one.role}", person=one.email)


def _with_their_deputies(rows: list[Contact], old: Contact | None, new: Contact | None) -> list[Contact]:
    """Return a list in which deputies follow the new address of their person, and go when that one does."""
    if old is None or any(one.identity == old.identity for one in rows):
        return rows
    theirs = [one for one in rows if one.role == "deputy" and folded(one.deputy_of) == old.identity]
    if new is None:
        return [one for one in rows if one not in theirs]
    return [replace(one, deputy_of=new.email) if one in theirs else one for one in rows]


def _today(service: Service) -> date:
    return _here(service).day


def _here(service: Service) -> CivilTime:
    return civil_time(service.settings, service.clock())


def _preview(connection: Connection, row: ProgrammeRow, found: ContactList, today: date) -> ListPreview:
    old = people.contacts_of(connection, row.programme.key)
    return ListPreview(
        programme=row.programme,
        contacts=found.contacts,
        changes=contact_changes(old, found.contacts),
        losses=losses(row.programme, old, found.contacts, today, people.dead_addresses(connection)),
        unused=found.unused,
        computed=found.computed,
        guarded=not row.held,
    )


def _store(
    connection: Connection, service: Service, row: ProgrammeRow, preview: ListPreview, *, accept_loss: bool
) -> None:
    """Replace a list; an address that is new in it is mailed again, should it have been dead.

    What reached nobody until now is planned for whoever is there by this list. Whom it lets in no more is
    signed out.
    """
    if preview.losses and preview.guarded and not accept_loss:
        raise LossError(preview)
    here = _here(service)
    key = row.programme.key
    old = people.contacts_of(connection, key)
    contacts = (*preview.contacts, *_last_secretary(row, old, preview.contacts, here.day))
    before = People(old, row.programme.monitored_by, people.dead_addresses(connection))
    people.save_contacts(connection, key, contacts)
    people.clear_flag(connection, {one.identity for one in contacts} - {one.identity for one in old})
    end_lost_sessions(connection, service)
    watermark = planned.watermark(connection)
    if row.started_on is None or watermark is None:
        return
    state = load_state(connection, row)
    sent = planned.sent_counts(connection, occurrences=state.occurrences)
    found = somebody_again(state, before, watermark, watermark, sent)
    planned.add_planned(connection, found, here.instant)


def _last_secretary(
    row: ProgrammeRow, old: Iterable[Contact], new: Iterable[Contact], today: date
) -> tuple[Contact, ...]:
    """Return who stays in the list of a running programme as its last secretary, until yesterday.

    Where the old list named a secretary, only another named one takes the place.
    """
    before, after = (People(rows, row.programme.monitored_by) for rows in (old, new))
    filled = after.had_secretary if before.had_secretary(today) else after.secretary
    if row.held or filled(today):
        return ()
    over = today - timedelta(days=1)
    return tuple(
        replace(
            one,
            role="secretary",
            valid_from=one.valid_from if one.valid_from and one.valid_from <= over else None,
            valid_until=min(one.valid_until or over, over),
            deputy_of="",
        )
        for one in before.secretary(today)
    )


@dataclass(frozen=True, slots=True)
class Lapse:
    """A programme that runs without a secretary who is there: why, whose place that is, who is mailed."""

    programme: Programme
    kind: LapseKind
    secretary: Contact | None
    last: Contact | None

    @property
    def since(self) -> date | None:
        """The first day after the secretary left; None when nobody did."""
        left = self.secretary if self.kind == "no-secretary" else None
        return left.valid_until + timedelta(days=1) if left and left.valid_until else None


def lapse_of(connection: Connection, row: ProgrammeRow, today: date) -> Lapse | None:
    """Return that a programme which is running has no secretary on ``today``; None when all is well."""
    if row.held:
        return None
    found = people_of(connection, row.programme)
    # A secretary is never passed over; that the last mail was refused is said all the same.
    present = found.present_secretary(today)
    refused = [one for one in present if outbox.refused_on(connection, one.email)]
    unheard: tuple[LapseKind, Contact | None] | None = (
        ("secretary-dead", refused[0]) if present and len(refused) == len(present) else None
    )
    missing = unheard or secretary_lapse(found, today)
    if missing is None:
        return None
    kind, secretary = missing
    return Lapse(row.programme, kind, secretary, next(iter(found.secretary(today)), None))


def lapse(service: Service, key: str) -> Lapse | None:
    """Return that a programme runs without a secretary; None when all is well."""
    with service.database.read() as connection:
        return lapse_of(connection, programmes.stored_programme(connection, key), _today(service))


def lapses(service: Service) -> tuple[Lapse, ...]:
    """Return the programmes that run without a secretary."""
    today = _today(service)
    with service.database.read() as connection:
        rows = programmes.all_programmes(connection)
        return tuple(one for row in rows if (one := lapse_of(connection, row, today)))


def revive(service: Service, address: str) -> None:
    """Let a dead address be mailed again; ``NotFoundError`` when it is none."""
    with service.database.write() as connection:
        if not people.clear_flag(connection, [address]):
            raise NotFoundError(f"{address} is no dead address; reminders doctor lists them")
        record_act(connection, service, "revive", person=address)


def revive_all(service: Service, among: Collection[str] | None = None) -> tuple[str, ...]:
    """Let every dead address be mailed again, or those ``among`` some, in their one form; return them."""
    with service.database.write() as connection:
        dead = people.dead_addresses(connection)
        found = sorted(dead if among is None else dead & set(among))
        people.clear_flag(connection, found)
        for one in found:
            record_act(connection, service, "revive", person=one)
    return tuple(found)


def export_contacts(service: Service, key: str) -> str:
    """Return a programme's contacts as CSV."""
    with service.database.read() as connection:
        programmes.stored_programme(connection, key)
        return write_contacts(people.contacts_of(connection, key))

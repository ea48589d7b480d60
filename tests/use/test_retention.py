"""Retention: old octets and leavers go, hashes and the chain stay; a person's export and removal."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import update

from reminders.delivery import FolderTransport
from reminders.delivery.copies import DeletedCopies
from reminders.errors import GuardError, NotFoundError
from reminders.letters.delivery_events import without_addresses
from reminders.letters.evidence import LEFT, pseudonym
from reminders.scheduler import AlarmClock
from reminders.settings import Settings
from reminders.store import evidence, outbox, people, sessions, tables
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.use.people.retention import (
    Purged,
    export_everything_of,
    purge_old,
    remove_everything_of,
)
from reminders.use.people.sessions import find_session, issue_sign_in, start_session
from tests.use.office import FIRST, MAILS, SECRET, VAASA, Office, at

DAY_90, DAY_91 = "2026-03-01T08:59", "2026-03-01T09:01"


@pytest.fixture(autouse=True)
def _chain_holds(started: Office) -> Any:
    """Whatever is deleted, the chain of events still holds."""
    yield
    with started.database.read() as connection:
        assert evidence.broken_links(connection) == ()


def without(office: Office, address: str) -> None:
    """Import a contact list in which an address does not stand."""
    with office.database.write() as connection:
        rest = [one for one in people.contacts_of(connection, VAASA) if one.email != address]
        people.save_contacts(connection, VAASA, rest)


def someone(office: Office) -> tuple[int, str]:
    """Somebody who had a mail on the first day."""
    ((number, address),) = office.look("outbox", "id", "rcpt", id=5)
    return number, address


def everywhere(office: Office) -> str:
    """The whole database as text."""
    return repr(office.dump())


def test_octets_go_after_ninety_days_and_hashes_stay(started: Office) -> None:
    """Not a minute earlier; what still waits is kept; a dry run only counts."""
    hashes = started.look("outbox", "sha256")
    assert hashes == [hashlib.sha256(raw).hexdigest() for raw in started.look("outbox", "raw")]
    with started.database.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'queued' WHERE id = 1")
    assert purge_old(started.service(DAY_90)) == Purged(0, 0)
    assert purge_old(started.service(DAY_91), dry_run=True) == Purged(37, 0)
    assert None not in started.look("outbox", "raw")
    assert purge_old(started.service(DAY_91)) == Purged(37, 0)
    assert [raw is None for raw in started.look("outbox", "raw")] == [False, *[True] * 37]
    assert started.look("outbox", "sha256") == hashes
    assert purge_old(started.service("2025-12-03T09:00"), 1).mails == 0


def test_a_leaver_becomes_a_keyed_hash(started: Office) -> None:
    """After the days from the last mail or answer, in every table, and findable with the key."""
    number, address = someone(started)
    (occurrence, *_) = started.look("reminder", "occurrence_id", recipient=address)
    started.answer("2025-12-02T09:00", occurrence, by=address)
    without(started, address)
    assert purge_old(started.service("2026-03-02T09:00")).addresses == 0
    assert purge_old(started.service("2026-03-03T09:00")).addresses == 1
    name = pseudonym(address, SECRET)
    assert started.look("outbox", "rcpt", id=number) == [name]
    assert started.look("digest", "recipient", id=number) == [name]
    assert set(started.look("reminder", "recipient", digest_id=number)) == {name}
    assert set(started.look("answer", "by")) == {name}
    assert address not in everywhere(started)
    assert purge_old(started.service("2030-01-01T09:00")).addresses == 0


def test_who_stands_in_the_list_or_had_mail_lately_is_no_leaver(started: Office) -> None:
    """Neither the list alone nor the time alone makes a leaver."""
    _, address = someone(started)
    assert purge_old(started.service("2030-01-01T09:00")).addresses == 0
    without(started, address)
    assert purge_old(started.service("2026-02-28T09:00")).addresses == 0
    settings = Settings(keep_addresses_days=0)
    early = Office(started.database, settings).service("2025-12-02T09:00")
    assert purge_old(early, dry_run=True).addresses == 1


def test_a_leavers_octets_go_with_the_address(started: Office) -> None:
    """They hold it: however long others' are kept, and a dry run counts them."""
    number, address = someone(started)
    without(started, address)
    started.settings = Settings(keep_addresses_days=0, keep_mail_days=3650)
    service = started.service("2025-12-03T09:00")
    mails = len(started.look("outbox", "id", rcpt=address))
    assert purge_old(service, dry_run=True) == Purged(mails, 1)
    assert purge_old(service) == Purged(mails, 1)
    assert started.look("outbox", "raw", id=number) == [None]
    assert started.look("outbox", "raw").count(None) == mails
    assert address not in everywhere(started)


def test_copies_in_the_folder_go_with_the_octets(office: Office, tmp_path: Path) -> None:
    """A person's at the removal, the rest by purge, leftovers by the next; no table waits for a folder."""
    folder = tmp_path / "mail"
    office.transport, office.settings = FolderTransport(folder), Settings(mail_folder=folder)
    office.tick(FIRST)
    _, address = someone(office)
    own = len(office.look("outbox", "id", rcpt=address))
    assert len(list(folder.rglob("*.eml"))) == MAILS
    assert remove_everything_of(office.service("2025-12-02T09:00"), address).copies == DeletedCopies(own)
    slug = re.sub("[^a-z0-9]+", "-", address)
    left = sorted(folder.rglob("*.eml"))
    assert len(left) == MAILS - own
    assert not [one.name for one in left if one.name.startswith(f"{slug}--")]
    assert not [one for one in left if f"To: {address}".encode() in one.read_bytes()]
    (folder / "2025-12-01").rename(folder / "away")
    (folder / "2025-12-01").write_text("in the way")
    fault = f"{folder}/2025-12-01: Not a directory"
    assert purge_old(office.service(DAY_91)) == Purged(MAILS - own, 0, DeletedCopies(0, (fault,)))
    assert set(office.look("outbox", "raw")) == {None}
    (folder / "2025-12-01").unlink()
    (folder / "away").rename(folder / "2025-12-01")
    assert purge_old(office.service(DAY_91)) == Purged(0, 0, DeletedCopies(MAILS - own))
    assert list(folder.iterdir()) == []


def test_an_export_holds_everything_and_is_json(started: Office) -> None:
    """Contacts, mails with their octets and events, reminders, answers, flags."""
    number, address = someone(started)
    with started.database.write() as connection:
        people.flag_address(connection, address, at("2025-12-02T09:00"), 550, "no such user")
    document = json.loads(json.dumps(export_everything_of(started.service(DAY_90), address)))
    assert list(document) == [
        "address",
        "contacts",
        "mails",
        "reminders",
        "answers",
        "corrections",
        "mentions",
        "preferences",
        "collection",
        "target_dates",
        "invitations",
        "calendars_asked",
        "dead",
        "sessions",
        "sign_in_links",
        "sign_in_accounts",
        "acts",
    ]
    assert [row["email"] for row in document["contacts"]] == [address]
    (mail,) = document["mails"]
    assert mail["id"] == number
    assert f"To: {address}" in mail["raw"]
    assert [event["kind"] for event in mail["events"]] == ["composed", "handed-over"]
    assert document["reminders"]
    assert [row["code"] for row in document["dead"]] == [550]
    with pytest.raises(NotFoundError, match=r"nothing is held of nobody@x\.example"):
        export_everything_of(started.service(DAY_90), "nobody@x.example")


def test_a_removed_person_is_nowhere(started: Office) -> None:
    """Off the list, out of the record, no mail to come; the evidence stays under the hash."""
    number, address = someone(started)
    with started.database.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'queued', attempts = 0 WHERE id = 5")
        connection.exec_driver_sql(
            "UPDATE reminder SET state = 'planned', digest_id = NULL WHERE digest_id = 5"
        )
    service = started.service("2025-12-02T09:00")
    issue_sign_in(service, address)
    token = start_session(service, address, "link", "Firefox, Linux")
    document = export_everything_of(service, address)
    assert [row["browser"] for row in document["sessions"]] == ["Firefox, Linux"]
    assert [row["address"] for row in document["sign_in_links"]] == [address]
    remove_everything_of(service, address)
    assert address not in everywhere(started)
    assert find_session(service, token) is None
    assert started.look("outbox", "state", "raw", id=number) == [("cancelled", None)]
    assert "planned" not in started.look("reminder", "state", recipient=pseudonym(address, SECRET))
    assert export_everything_of(started.service(DAY_90), address)["contacts"] == []
    sent = len(started.envelopes)
    started.tick("2026-01-12T09:00")
    assert started.envelopes[sent:]
    assert address not in {one.recipient for one in started.envelopes[sent:]}


def test_what_others_wrote_of_a_removed_person_goes_too(started: Office) -> None:
    """Notes that name the address are exported and name the hash afterwards; a longer address stays."""
    _, address = someone(started)
    (occurrence, *_) = started.look("reminder", "occurrence_id", recipient=address)
    service = started.service("2025-12-02T09:00")
    note = f"Ask {address.upper()}, not jo-{address} or {address}.example."
    record_answer(service, AnswerGiven(occurrence, "on-track", "", note))
    assert [row["note"] for row in export_everything_of(service, address)["mentions"]] == [note]
    remove_everything_of(service, address)
    name = pseudonym(address, SECRET)
    assert started.look("answer", "note")[-1] == f"Ask {name}, not jo-{address} or {address}.example."
    assert len(export_everything_of(service, address)["mentions"]) == 1


def test_the_alarm_clock_purges_once_a_day(started: Office) -> None:
    """After the first finished run of a date, whichever worker's; never after a run that stopped."""
    started.settings = Settings(keep_mail_days=1)
    with started.database.write() as connection:
        sessions.add_sign_in(connection, "link", "board-secretary@vaasa.example", at("2025-12-01T09:00"))
    runs = {
        "2025-12-03T05:00": [None],  # purged
        "2025-12-03T05:05": [b"x"],
        "2025-12-03T23:55": [b"x"],
        "2025-12-04T00:05": [None],
        "2027-12-01T09:00": [b"x"],  # the clock is 400 days ahead: nothing is believed
    }
    for when, left in runs.items():
        with started.database.write() as connection:
            connection.execute(update(tables.outbox).where(tables.outbox.c.id == 1).values(raw=b"x"))
        AlarmClock(started.service(when)).ring()
        assert (when, started.look("outbox", "raw", id=1)) == (when, left)
    assert started.look("outbox", "raw", id=2) == [None]
    assert started.look("sign_in", "token_hash") == []


def test_nobody_is_removed_while_a_mail_is_handed_over(started: Office) -> None:
    """Its outcome could not be written down."""
    _, address = someone(started)
    with started.database.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET state = 'sending' WHERE id = 5")
    before = everywhere(started)
    with pytest.raises(GuardError, match="is being handed over"):
        remove_everything_of(started.service("2025-12-02T09:00"), address)
    assert everywhere(started) == before


def test_a_pseudonym_needs_the_key() -> None:
    """The same address gives the same name, another key another; no mail could go there."""
    name = pseudonym("Anna@x.example", SECRET)
    assert name == pseudonym("anna@x.example", SECRET)
    assert name != pseudonym("anna@x.example", "another secret of 16")
    assert name.endswith(LEFT)


def test_no_event_holds_an_address(started: Office) -> None:
    """What a server says of an address is kept without it: the chain outlives the person."""
    said = "550 5.1.1 <Anna.Ek+x@vaasa.example>: unknown (to=anna@vaasa.example); see https://x.example"
    assert without_addresses(said) == "550 5.1.1 <…>: unknown (to=…); see https://x.example"
    assert without_addresses("2025-12-01/anna-ek-vaasa-example--0123456789ab.eml") == (
        "2025-12-01/…--0123456789ab.eml"
    )
    assert not [text for text in started.look("delivery_event", "text") if "@" in text]


def test_who_is_being_mailed_at_this_moment_is_not_removed(started: Office) -> None:
    """Claimed by a worker whose claim is not written down yet: the removal waits, and is refused."""
    _, address = someone(started)
    with started.database.write() as connection:
        waits = update(tables.outbox).where(tables.outbox.c.rcpt == address)
        connection.execute(waits.values(state="queued", attempts=1, next_at=at("2025-12-02T09:00")))
    refused: list[str] = []

    def removing() -> None:
        try:
            remove_everything_of(started.service("2025-12-02T09:00"), address)
        except GuardError as error:
            refused.append(str(error))

    remover = Thread(target=removing)
    with started.database.write() as connection:
        assert [one.rcpt for one in outbox.claim(connection, "worker", at("2025-12-02T09:00"), 1)] == [
            address
        ]
        remover.start()
        remover.join(0.5)
    remover.join()
    assert refused == [f"a mail to {address} is being handed over; try again in five minutes"]
    assert started.look("outbox", "raw", rcpt=address) != [None]

"""A person who was removed is found in no table, no file and no mail, in whatever way it is written."""

from __future__ import annotations

import base64
import json
import quopri
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from reminders.delivery import FolderTransport
from reminders.letters.mentions import names_any
from reminders.service import Actor
from reminders.settings import Settings
from reminders.store import Database, people, personal_data, tables
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.use.feeds.private_feeds import ask_for_feed, issue_feed
from reminders.use.people.contacts import change_contact, replace_contacts
from reminders.use.people.preferences import PreferenceChange, change_preferences
from reminders.use.people.retention import remove_everything_of
from reminders.use.people.sessions import issue_sign_in, start_session
from reminders.use.programme.correct import CorrectionDecision, correct_action
from reminders.use.watch.audit import record_reading
from reminders.use.watch.evidence import verify_log
from reminders.web.page import Upload
from reminders.web.programme.imports import Drafts
from tests.use.office import FIRST, VAASA, Office, at

ADDRESS: Final = "lead-of-the-art-museum@taidemuseo-hyvä.example"
ASCII: Final = "lead-of-the-art-museum@xn--taidemuseo-hyv-jib.example"
NAME: Final = "Lead of the Ärt Museum"
HERS: Final = "youth-services-contact@vaasa.example"
"""A colleague's."""
LATER: Final = "2025-12-03T10:00"
KNOWN: Final = frozenset(
    (
        *("answer.by", "answer.undone_by", "audit.address", "audit.person", "collection_form.saved_by"),
        *("collection_form.submitted_by", "collection_nudge.by", "collection_round.by"),
        *("collection_status.by", "dead_address.address", "digest.recipient", "moved_date.by", "pause.by"),
        *("pause.ended_by", "choice.by", "contact.email", "contact.deputy_of", "correction.by"),
        *("feed_request.address", "handover.by", "indicator_value.by", "invitation.recipient", "outbox.rcpt"),
        *("preference.address", "private_feed.address", "proposal_decision.by", "reminder.recipient"),
        *("series.by", "target_date.by", "year_letter.recipient", "session.identity", "session.address"),
        *("sign_in.address", "sign_in_account.address"),
    )
)
"""The columns of addresses that ``store.personal_data`` knows."""


def spelled(words: str) -> Iterator[bytes]:
    """Words as they may stand in a file: plain, escaped in JSON, quoted-printable, in base64 at any place."""
    for one in {words, words.lower(), words.upper()}:
        plain = one.encode()
        yield plain
        yield json.dumps(one)[1:-1].encode()
        yield quopri.encodestring(plain).replace(b"=\n", b"")
        yield quopri.encodestring(plain, header=True)
        for before in range(3):
            whole = base64.b64encode(b"\0" * before + plain)
            yield whole[4 if before else 0 : len(whole) // 4 * 4 - 4]


def found_in(folder: Path) -> dict[str, list[bytes]]:
    """The files below a folder in which the person is found, and how it is written there."""
    wanted = [form for words in (ADDRESS, ASCII, NAME) for form in spelled(words)]
    files = (one for one in sorted(folder.rglob("*")) if one.is_file())
    found = {str(one): [form for form in wanted if form in one.read_bytes()] for one in files}
    return {name: forms for name, forms in found.items() if forms}


@pytest.fixture
def office(loaded_database: Database, tmp_path: Path) -> Office:
    """A person with answers, mails, notes, a feed, wishes, a request, an upload; a colleague wrote of her."""
    folder = tmp_path / "mail"
    office = Office(loaded_database, Settings(mail_folder=folder), FolderTransport(folder))
    service = office.service(FIRST)
    with office.database.read() as connection:
        listed = people.contacts_of(connection, VAASA)
    own = next(one for one in listed if one.email == "family-centre@vaasa.example")
    person = replace(own, email=ADDRESS, name=NAME)
    other = next(one for one in listed if one.email == HERS)
    replace_contacts(service, VAASA, [person if one == own else one for one in listed], accept_loss=True)
    office.tick(FIRST)
    occurrence = office.look("reminder", "occurrence_id", recipient=ASCII)[0]
    office.answer("2025-12-02T09:00", occurrence, "on-track", ADDRESS)
    theirs = office.look("reminder", "occurrence_id", recipient=other.email)[0]
    note = f"ask {NAME.lower()}, {ADDRESS.upper()}"
    record_answer(service, AnswerGiven(theirs, "on-track", other.email, note))
    action = occurrence.split(":")[1]
    correct_action(service, CorrectionDecision(action, "schedule", "2026", ADDRESS, f"as {NAME} said"))
    issue_feed(service, VAASA, ADDRESS, "own")
    ask_for_feed(service, ASCII)
    change_preferences(service, VAASA, ADDRESS, PreferenceChange(rhythm="weekly"))
    issue_sign_in(service, ADDRESS)
    start_session(service, ADDRESS, "mail", "a browser")
    hers = service.acting(Actor(ADDRESS, "192.0.2.9"))
    record_reading(hers, "report-export", VAASA, f"report for {NAME}.pdf")
    change_contact(service, VAASA, person, replace(person, language="sv"), accept_loss=True)
    drafts = Drafts(office.settings.uploads_folder, ADDRESS)
    drafts.save([Upload("list.csv", f"{NAME};{ADDRESS}".encode(), "files")], at(FIRST))
    return office


def test_nothing_is_found_of_a_removed_person(office: Office, tmp_path: Path) -> None:
    """In the database's files and tables, the folder of mails, the uploads; the record holds."""
    with office.database.read() as connection:
        before = {one.table for one in personal_data.traces_of(connection, (ADDRESS, ASCII, NAME))}
    assert {"contact", "outbox", "reminder", "answer", "correction", "audit", "preference"} <= before
    assert any(str(one).endswith(".eml") for one in found_in(tmp_path))
    removed = remove_everything_of(office.service(LATER), ADDRESS.upper())
    assert (removed.faults, removed.copies.faults, removed.uploads) == ((), (), 1)
    with office.database.read() as connection:
        assert personal_data.traces_of(connection, (ADDRESS, ASCII, NAME)) == ()
        kept = [octets for _, octets in personal_data.kept_mails(connection)]
    assert not any(names_any(octets, (ADDRESS, ASCII, NAME)) for octets in kept)
    assert found_in(tmp_path) == {}
    verify_log(office.service(LATER))


def test_what_stays_is_said_with_its_reason_and_its_end(office: Office) -> None:
    """A mail to somebody else that names the person goes with its own time, and a programme's text stays."""
    with office.database.write() as connection:
        raw = f"To: {HERS}\r\n\r\nask {NAME}\r\n".encode()
        connection.execute(
            tables.outbox.update()
            .where(tables.outbox.c.rcpt == "youth-services-contact@vaasa.example")
            .values(raw=raw)
        )
        connection.execute(tables.programme.update().values(findings=[{"words": NAME}]))
    found = [(one.what, one.until) for one in remove_everything_of(office.service(LATER), ADDRESS).remainders]
    assert ("1 row of programme, findings", "somebody changes it") in found
    assert any("to others" in what and until == "2026-03-01 (KEEP_MAIL_DAYS)" for what, until in found)
    assert found[-1] == ("backups, and files that commands wrote", "you delete them")


def test_a_name_that_others_have_too_stays(office: Office) -> None:
    """A role's name is nobody's own: what was written about the role is left as it is."""
    with office.database.write() as connection:
        listed = people.contacts_of(connection, VAASA)
        assert personal_data.contact_names(connection, (ADDRESS,)) == (NAME,)
        shared = [replace(one, name=NAME.upper()) if one == listed[0] else one for one in listed]
        people.save_contacts(connection, VAASA, shared)
        assert personal_data.contact_names(connection, (ADDRESS,)) == ()


def test_every_column_of_addresses_is_known_to_removal() -> None:
    """A new one is named here once ``store.personal_data`` removes what stands in it."""
    columns = {
        f"{table.name}.{column.name}"
        for table in tables.metadata.sorted_tables
        for column in table.c
        if str(column.type) == str(tables.ADDRESS)
    }
    assert columns == KNOWN

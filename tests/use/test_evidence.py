"""Tampering: whatever is changed of the evidence, verifying names it; what was rightly done is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import Column, Connection, Table, delete, insert, select, update

from reminders.errors import EvidenceError, UsageError
from reminders.letters.delivery_events import DeliveryEvent
from reminders.letters.evidence import GENESIS, EvidenceKey, plain_link, pseudonym
from reminders.service import Actor
from reminders.store import evidence, people, tables
from reminders.store.delivery_log import log_entries
from reminders.store.evidence import ChainHead
from reminders.store.tables import from_row
from reminders.use.people.retention import purge_old, remove_everything_of
from reminders.use.tick import tick
from reminders.use.watch.alarm import troubles
from reminders.use.watch.audit import record_act
from reminders.use.watch.doctor import examine, health
from reminders.use.watch.evidence import (
    accept_key,
    begin_evidence,
    has_other_key,
    read_head,
    verify_log,
)
from tests.use.office import FIRST, SECOND, SECRET, VAASA, Office, at, body, parsed

LATER: Final = "2026-01-12T10:00"
COVERED: Final = ("outbox", "digest", "mail_section", "reminder", "delivery_event", "evidence_head", "audit")
NOT_EVIDENCE: Final[Mapping[str, str]] = {
    "outbox.phase": "how far an attempt has got at this moment",
    "outbox.owner": "whose claim it is at this moment",
    "outbox.lease_until": "until when that claim holds",
    "outbox.fence": "counts claims",
    "outbox.attempts": "counts tries; the events tell of each",
    "outbox.ambiguous": "counts doubts; the events tell of each",
    "outbox.next_at": "when it is tried again",
    "outbox.expires_at": "when it is given up",
    "outbox.fault": "whose fault a refusal was; the events hold the server's words",
    "reminder.superseded_by": "whom it went on to after it failed",
    "delivery_event.id": "counts: another order shows, another number of the last does not matter",
}
"""Columns of these tables that prove nothing, and why."""


@pytest.fixture
def office(started: Office) -> Office:
    """After two days of mail, and an act that has every field."""
    started.tick(SECOND)
    who, whom = (started.look("outbox", "rcpt", id=number)[0] for number in (9, 10))
    service = started.service(SECOND).acting(Actor(who, "192.0.2.7"))
    with started.database.write() as connection:
        record_act(connection, service, "revive", VAASA, "a file", person=whom, counts={"added": 1})
    return started


def differences(office: Office) -> list[tuple[str, int, str]]:
    """The (table, id, field) of what is not as the record says."""
    with office.database.read() as connection:
        return [(one.table, one.id, one.field) for one in evidence.changed_rows(connection)]


def other(column: Column[Any], value: Any) -> Any:
    """Another value than the one that stands in a column, of its kind."""
    match value:
        case None:
            kinds = {date: date(2030, 1, 1), int: 4711, str: "x", bytes: b"x", list: ["x"]}
            return kinds[column.type.python_type if column.name != "without_contact" else list]
        case bool():
            return not value
        case int():
            return value + 1000
        case bytes():
            return value + b" "
        case datetime():
            return value + timedelta(seconds=1)
        case date():
            return value + timedelta(days=1)
        case list():
            return [*value, {"occurrence": "x:y:milestone:2026-01-01", "stage": "P0D", "reason": "first"}]
        case dict():
            return {**value, "removed": 1}
        case _:
            return "sent" if value == "failed" else f"{value[:-1]}{'1' if value[-1:] == '0' else '0'}"


@contextmanager
def tampering(office: Office) -> Iterator[Connection]:
    """A transaction in which nothing is in the way, as for whoever has the file; taken back at the end."""
    with office.database.trial() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield connection


def found_in(connection: Connection) -> list[tuple[str, int, str]]:
    """The (table, id, field) of what is not as the record says."""
    return [(one.table, one.id, one.field) for one in evidence.changed_rows(connection)]


def a_row(connection: Connection, table: Table) -> Any:
    """The condition that finds one row: of a mail that was sent."""
    digest = connection.execute(select(tables.outbox.c.digest_id).where(tables.outbox.c.id == 5)).scalar()
    if table.name in {"mail_section", "reminder"}:
        key = next(iter(table.primary_key))
        own = table.c.digest_id == digest
        first = connection.execute(select(key).where(own).order_by(*table.primary_key).limit(1)).scalar()
        return own & (key == first)
    number = {"outbox": 5, "digest": digest, "evidence_head": 1, "delivery_event": 50, "audit": 1}[table.name]
    return table.c.id == number


@pytest.mark.parametrize("name", COVERED)
def test_a_changed_field_is_named(office: Office, name: str) -> None:
    """Each column of each table, a new one too, by table, number and field; or it is listed why not."""
    table = tables.metadata.tables[name]
    missed: dict[str, Any] = {}
    for column in table.c:
        if f"{name}.{column.name}" in NOT_EVIDENCE:
            continue
        with tampering(office) as connection:
            assert found_in(connection) == []
            where = a_row(connection, table)
            row = connection.execute(select(table).where(where)).mappings().one()
            value = other(column, row[column.name])
            connection.execute(update(table).where(where).values({column.name: value}))
            number = row.get("id", row.get("digest_id"))
            expected: tuple[Any, ...] = (name, number, "hash" if name == "delivery_event" else column.name)
            if column.primary_key or column.foreign_keys:
                expected = expected[:2]
            found = found_in(connection)
        if not any(one[: len(expected)] == expected for one in found):
            missed[column.name] = found
    assert missed == {}


@pytest.mark.parametrize("name", COVERED)
def test_a_deleted_row_is_named(office: Office, name: str) -> None:
    """Of a mail, its digest, its section, a reminder, an event, the head."""
    table = tables.metadata.tables[name]
    with tampering(office) as connection:
        where = a_row(connection, table)
        row = connection.execute(select(table).where(where)).mappings().one()
        connection.execute(delete(table).where(where))
        found = found_in(connection)
        after = {"delivery_event": row.get("id", 0) + 1}.get(name, row.get("id", row.get("digest_id")))
        assert (name, after) in {one[:2] for one in found}


@pytest.mark.parametrize("name", ["outbox", "digest", "reminder", "mail_section", "delivery_event", "audit"])
def test_a_row_that_was_slipped_in_is_named(office: Office, name: str) -> None:
    """A mail that never was, a reminder, a section, an event that nobody with the key wrote."""
    table = tables.metadata.tables[name]
    with tampering(office) as connection:
        row = dict(connection.execute(select(table).where(a_row(connection, table))).mappings().one())
        if name == "mail_section":
            row["programme"] = "another"
        else:
            row["id"] = 4711
        fresh: dict[str, dict[str, Any]] = {
            "outbox": {"message_id": "<x@y.example>", "digest_id": 4711},
            "digest": {"version": 9},
            "reminder": {"stage": "P99D"},
        }
        row |= fresh.get(name, {})
        connection.execute(insert(table).values(row))
        found = found_in(connection)
        expected = {"mail_section": ("mail_section", row.get("digest_id"))}.get(name, (name, 4711))
        assert expected in {one[:2] for one in found}


EVENT: Final = tables.delivery_event


def cut_events(connection: Connection, where: Any) -> None:
    """Delete events, as they are."""
    connection.execute(delete(EVENT).where(where))


def test_a_day_that_was_cut_is_found(office: Office) -> None:
    """All mails of the first day with their digests, reminders and events."""
    with tampering(office) as connection:
        day = select(tables.digest.c.id).where(tables.digest.c.local_date == at(FIRST).date())
        mails = select(tables.outbox.c.id).where(tables.outbox.c.digest_id.in_(day))
        reminders = select(tables.reminder.c.id).where(tables.reminder.c.digest_id.in_(day))
        cut_events(connection, EVENT.c.outbox_id.in_(mails) | EVENT.c.reminder_id.in_(reminders))
        for table, column in (
            ("reminder", "digest_id"),
            ("mail_section", "digest_id"),
            ("outbox", "digest_id"),
        ):
            own = tables.metadata.tables[table]
            connection.execute(delete(own).where(own.c[column].in_(day)))
        connection.execute(delete(tables.digest).where(tables.digest.c.local_date == at(FIRST).date()))
        found = found_in(connection)
    assert ("evidence_head", 1, "events") in found
    assert any(table == "delivery_event" for table, _, _ in found)


def test_a_tail_that_was_cut_is_found(office: Office) -> None:
    """The events of the last mail, and the mail too: the head says how many there were."""
    with tampering(office) as connection:
        last = connection.execute(select(EVENT.c.id).order_by(EVENT.c.id.desc()).limit(1)).scalar_one()
        cut_events(connection, EVENT.c.id == last)
        found = found_in(connection)
    assert {("evidence_head", 1, "events"), ("evidence_head", 1, "hash")} <= set(found)


def rewrite(connection: Connection, link: Callable[[str, DeliveryEvent], str]) -> ChainHead:
    """Chain all events anew with another link than the key's; return the head that comes of it."""
    previous, count = GENESIS, 0
    for row in connection.execute(select(EVENT).order_by(EVENT.c.id)).mappings().all():
        own = link(previous, from_row(DeliveryEvent, row))
        values = {"prev_hash": previous, "hash": own}
        connection.execute(update(EVENT).where(EVENT.c.id == row["id"]).values(values))
        previous, count = own, count + 1
    return ChainHead(count, previous)


@pytest.mark.parametrize(
    "link", [plain_link, EvidenceKey("another secret of 16").link], ids=["plain", "other"]
)
def test_a_chain_that_was_written_anew_without_the_key_is_found(office: Office, link: Any) -> None:
    """After a change that leaves no other trace: every event is named, and the head, whatever it says."""
    with tampering(office) as connection:
        connection.execute(update(EVENT).where(EVENT.c.id == 50).values(text="changed"))
        head = rewrite(connection, link)
        seal = EvidenceKey("another secret of 16").seal(head.events, head.hash)
        values = {"events": head.events, "hash": head.hash, "seal": seal}
        connection.execute(update(tables.evidence_head).values(values))
        found = found_in(connection)
    assert len([one for one in found if one[0] == "delivery_event"]) == head.events
    assert ("evidence_head", 1, "seal") in found


def test_a_lost_head_is_not_made_up(office: Office) -> None:
    """Deleted, after a chain without a key took the place of the true one: the next event cannot hide it."""
    with tampering(office) as connection:
        rewrite(connection, plain_link)
        connection.execute(delete(tables.evidence_head))
        evidence.append(connection, DeliveryEvent(5, 9, at(LATER), "delayed"))
        assert ("evidence_head", 1, "") in found_in(connection)


def test_an_older_head_beside_a_cut_tail_needs_the_printed_one(office: Office) -> None:
    """Somebody kept the head of yesterday, cut what came since, and put it back: whole in itself."""
    service = office.service(LATER)
    printed = verify_log(service)
    shown = f"{printed.events}:{printed.hash[:16]}"
    assert verify_log(service, read_head(shown)) == printed
    with office.database.read() as connection:
        kept = dict(connection.execute(select(tables.evidence_head)).mappings().one())
    with office.database.write() as connection:
        evidence.append(connection, DeliveryEvent(5, 9, at(LATER), "delayed"))
    longer = verify_log(service, printed)
    assert longer.events == printed.events + 1
    with office.database.write() as connection:
        last = connection.execute(select(EVENT.c.id).order_by(EVENT.c.id.desc()).limit(1)).scalar_one()
        cut_events(connection, EVENT.c.id == last)
        connection.execute(update(tables.evidence_head).values(kept))
    assert verify_log(service) == printed
    with pytest.raises(EvidenceError, match="the printed head is not one of this record"):
        verify_log(service, longer)


def test_the_secretary_has_the_head_of_the_morning(office: Office) -> None:
    """In her summary, in her language, the same whoever writes it; it is one of the record."""
    (number,) = {*office.look("mail_section", "digest_id", is_digest=True)} - set(range(39))
    (mail,) = map(parsed, office.look("outbox", "raw", digest_id=number))
    found = re.search(
        r"(?:Lähetysloki|Sändningslogg|Mail log): (\d+) \w+, \w+ ([0-9a-f]{16})\.",
        " ".join(body(mail).split()),
    )
    assert found is not None
    with office.database.read() as connection:
        before = evidence.head_before(connection, at("2026-01-12T00:00"))
    assert (int(found[1]), found[2]) == (before.events, before.hash[:16])
    assert verify_log(office.service(LATER), ChainHead(int(found[1]), found[2])).events > before.events


@pytest.mark.parametrize(
    "text", ["", "412", "412:xyz", "412:3f9a", "-1:3f9a1c2d4e5f6071", "x412:3f9a1c2d4e5f6071"]
)
def test_what_is_no_head_is_refused(text: str) -> None:
    """A count, a colon and at least eight digits of the hash."""
    with pytest.raises(UsageError, match="expected COUNT:HASH"):
        read_head(text)


def test_removing_a_person_and_purging_leave_it_whole(office: Office) -> None:
    """Addresses are hashes, octets are gone, and every row is still what it was; another name is named."""
    gone, left = office.look("outbox", "rcpt", id=5)[0], office.look("outbox", "rcpt", id=7)[0]
    remove_everything_of(office.service(LATER), gone)
    assert differences(office) == []
    with office.database.write() as connection:
        rest = [one for one in people.contacts_of(connection, VAASA) if one.email != left]
        people.save_contacts(connection, VAASA, rest)
    with office.database.read() as connection:
        before = [one.at for one in log_entries(connection)]
    purged = purge_old(office.service("2026-08-12T10:00"))
    with office.database.read() as connection:  # when a mail met its fate stays what it was
        assert [one.at for one in log_entries(connection)] == before
    assert (purged.mails > 30, purged.addresses) == (True, 1)
    assert differences(office) == []
    with tampering(office) as connection:  # somebody's mail is made another's who left
        theirs = connection.execute(select(tables.outbox.c.rcpt).where(tables.outbox.c.id == 7)).scalar_one()
        connection.execute(update(tables.outbox).where(tables.outbox.c.id == 5).values(rcpt=theirs))
        assert found_in(connection) == [("outbox", 5, "rcpt")]


def test_only_what_an_event_says_was_erased(office: Office) -> None:
    """Octets and an address that went without the service are named, though nothing else would tell."""
    with tampering(office) as connection:
        connection.execute(update(tables.outbox).where(tables.outbox.c.id == 5).values(raw=None))
        assert found_in(connection) == [("outbox", 5, "raw")]
    with tampering(office) as connection:
        address = connection.execute(select(tables.outbox.c.rcpt).where(tables.outbox.c.id == 5)).scalar_one()
        name = pseudonym(address, SECRET)  # who knows it from elsewhere
        connection.execute(update(tables.outbox).where(tables.outbox.c.id == 5).values(rcpt=name))
        assert found_in(connection) == [("outbox", 5, "rcpt")]


def test_another_key_is_said_and_can_be_accepted(office: Office) -> None:
    """Not every row is named, but the key; accepted, the record holds as it is, and changes show again."""
    service = office.service(LATER)
    assert (begin_evidence(service), has_other_key(service)) == (True, False)
    other_one = replace(service, secret="another secret of 16")
    assert (begin_evidence(other_one), has_other_key(other_one)) == (False, True)
    with pytest.raises(EvidenceError, match="the secret key is not the one that this database began with"):
        verify_log(other_one)
    assert [one.state for one in examine(other_one) if one.name in {"secret key", "evidence"}] == [
        "fails"
    ] * 2
    assert health(other_one).reason == "the secret key is not the one that the database began with"
    assert troubles(other_one).other_key
    accept_key(other_one)
    assert has_other_key(other_one) is False
    verify_log(other_one)
    tick(replace(other_one, clock=lambda: at("2026-01-13T09:00")))
    verify_log(other_one)
    with tampering(office) as connection:
        connection.execute(update(EVENT).where(EVENT.c.id == 50).values(text="changed"))
        assert {one[0] for one in found_in(connection)} == {"delivery_event"}
    office.database.use_secret(SECRET)


def test_under_another_key_mail_goes_on(office: Office) -> None:
    """Said, and nothing stops; with the old key back, what was written meanwhile is named."""
    other_one = replace(office.service("2026-02-09T09:00"), secret="another secret of 16")
    sent = len(office.envelopes)
    tick(other_one)
    assert len(office.envelopes) > sent
    with pytest.raises(EvidenceError, match=r"the record is not as it was written: \d+ differences"):
        verify_log(office.service("2026-02-09T10:00"))

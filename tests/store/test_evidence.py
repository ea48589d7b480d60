"""The evidence: a chain in which a change, a gap or another order shows, and what a mail's log says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from hypothesis import given, settings, strategies as st
from sqlalchemy import delete, insert, update

from reminders.letters.delivery_events import DeliveryEvent, LogEntry
from reminders.letters.evidence import GENESIS, EvidenceKey
from reminders.store import Database, delivery_log, tables
from reminders.store.evidence import append, broken_links, changed_rows, note_renamed, true_facts
from reminders.store.renaming import rename_keys
from tests.conftest import HELSINKI
from tests.databases import SECRET
from tests.store.builders import NOW, OCCURRENCE, TODAY, look, queue

EVENT = tables.delivery_event
KEY = EvidenceKey(SECRET)


@pytest.fixture
def chain(database: Database) -> list[int]:
    """Seven events, of one reminder and its message; their ids."""
    with database.write() as connection:
        (one,) = queue(connection, "anna@vaasa.example")
        for attempt in range(1, 6):
            words = f"4.{attempt}.0 try läter"
            append(connection, DeliveryEvent(one, attempt, NOW, "deferred", "rcpt", 450, words))
    return look(database, EVENT, "id")


def test_a_whole_chain_has_no_broken_link(database: Database, chain: list[int]) -> None:
    """Each event names the hash of the one before; the first one the beginning."""
    previous = look(database, EVENT, "prev_hash")
    assert previous == [GENESIS, *look(database, EVENT, "hash")[:-1]]
    with database.read() as connection:
        assert broken_links(connection) == ()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("text", "4.3.0 try later"),
        ("code", 250),
        ("kind", "handed-over"),
        ("phase", "dot"),
        ("attempt", 1),
        ("at", NOW + timedelta(microseconds=1)),
        ("hash", "f" * 64),
        ("prev_hash", GENESIS),
        ("reminder_id", 1),
        ("state", "sent"),
    ],
)
def test_a_change_of_any_column_shows(
    database: Database, chain: list[int], column: str, value: object
) -> None:
    """The event that was touched is named; with its hash, the next one is too."""
    with database.write() as connection:
        connection.execute(update(EVENT).where(EVENT.c.id == chain[3]).values({column: value}))
        found = broken_links(connection)
    assert found == tuple(chain[3:5] if column == "hash" else chain[3:4])


@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_gap_shows(database: Database, chain: list[int], place: int) -> None:
    """The event after one that was removed no longer fits."""
    with database.write() as connection:
        connection.execute(delete(EVENT).where(EVENT.c.id == chain[place]))
        assert broken_links(connection) == (chain[place + 1],)


def test_another_order_shows(database: Database, chain: list[int]) -> None:
    """Two events that changed places, each whole in itself, do not fit, nor does the one after."""
    first, second, spare = chain[2], chain[3], chain[-1] + 100
    with database.write() as connection:
        for old, new in ((first, spare), (second, first), (spare, second)):
            connection.execute(update(EVENT).where(EVENT.c.id == old).values(id=new))
        assert broken_links(connection) == (first, second, chain[4])


def test_an_event_slipped_in_shows(database: Database, chain: list[int]) -> None:
    """Without the hash of the event before, it stands outside the chain."""
    with database.write() as connection:
        (row,) = connection.execute(EVENT.select().where(EVENT.c.id == chain[1])).mappings()
        connection.execute(insert(EVENT).values({**row, "id": chain[-1] + 1}))
        assert broken_links(connection) == (chain[-1] + 1,)


def test_events_of_several_workers_form_one_chain(database: Database) -> None:
    """Whoever writes at the same time, each event follows exactly one other."""
    with database.write() as connection:
        ids = queue(connection, *(f"r{n}@vaasa.example" for n in range(4)))

    def work(outbox_id: int) -> None:
        for attempt in range(8):
            with database.write() as connection:
                append(connection, DeliveryEvent(outbox_id, attempt, NOW, "deferred"))

    workers = [Thread(target=work, args=(one,)) for one in ids]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    with database.read() as connection:
        assert broken_links(connection) == ()
    assert len(set(look(database, EVENT, "prev_hash"))) == len(look(database, EVENT, "id")) == 40


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
EVENTS = st.builds(
    DeliveryEvent,
    outbox_id=st.integers(0, 9),
    attempt=st.integers(0, 9),
    at=st.datetimes(timezones=st.just(HELSINKI)),
    kind=TEXTS,
    phase=TEXTS,
    code=st.integers(0, 599),
    text=TEXTS,
    reminder_id=st.none() | st.integers(0, 9),
    state=TEXTS,
)


@given(one=EVENTS, other=EVENTS)
@settings(max_examples=60)
def test_only_equal_events_have_equal_hashes(one: DeliveryEvent, other: DeliveryEvent) -> None:
    """No way of moving words between fields gives another event the same hash."""
    assert (KEY.link(GENESIS, one) == KEY.link(GENESIS, other)) == (one == other)


def test_what_a_new_version_renamed_still_holds(database: Database) -> None:
    """Mails and reminders are recorded anew under their new names; what was changed before stays named."""
    with database.write() as connection:
        first, second = queue(connection, "anna@vaasa.example", "berit@vaasa.example")
        append(connection, DeliveryEvent(first, 1, NOW, "deferred", "rcpt", 450, "later"))
        assert changed_rows(connection) == ()
        outbox = tables.outbox
        connection.execute(update(outbox).where(outbox.c.id == second).values(subject="Another"))
        before = true_facts(connection)
        rename_keys(connection, "town", {"a": "b"}, {"unit": "office"})
        note_renamed(connection, before, NOW)
        found = {(one.table, one.id, one.field) for one in changed_rows(connection)}
    assert ("outbox", second, "subject") in found
    assert {number for table, number, _ in found if table == "outbox"} == {second}


def test_nothing_is_written_without_the_key(database: Database, new_url: Callable[[str], str]) -> None:
    """A database that was opened without it is read, and no event comes in unchained."""
    bare = Database(new_url("migrated"))
    with bare.write() as connection, pytest.raises(TypeError, match="opened without the secret key"):
        append(connection, DeliveryEvent(None, 0, NOW, "planned"))
    bare.close()


def test_a_mail_and_its_fate_are_told(database: Database) -> None:
    """Who, when, what stood in it, what happened: by action and by day, oldest first."""
    with database.write() as connection:
        one, two = queue(connection, "anna@vaasa.example", "berit@vaasa.example")
        append(connection, DeliveryEvent(two, 1, NOW + timedelta(seconds=5), "handed-over", "dot", 250, "ok"))
        every = delivery_log.log_entries(connection)
        assert delivery_log.log_entries(connection, "a", TODAY) == every
        assert delivery_log.log_entries(connection, "b") == ()
        assert delivery_log.log_entries(connection, outbox_id=two) == every[1:]
        assert delivery_log.log_entries(connection, day=TODAY + timedelta(days=1)) == ()
    composed, handed = every[1].events
    items = ({"occurrence": OCCURRENCE, "stage": "P7D", "reason": "first"},)
    address = "berit@vaasa.example"
    assert every[0].id == one
    assert every[1] == LogEntry(
        id=two,
        day=TODAY,
        to=address,
        language="fi",
        kind="nudge",
        items=items,
        at=NOW + timedelta(seconds=5),
        message_id=f"<{address}>",
        state="queued",
        subject="Muistutus",
        events=(composed, handed),
        sha256=composed.reply.removeprefix("sha256 "),
    )
    assert (composed.kind, composed.at) == ("composed", NOW)
    at = NOW + timedelta(seconds=5)
    assert handed == DeliveryEvent(two, 1, at, "handed-over", "dot", 250, "ok", state="queued")

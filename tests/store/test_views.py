"""What pages ask: revisions, lists of mails, counts by day, one mail's octets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from reminders.letters.delivery_events import MailCount, MailRow
from reminders.store import Database, delivery_log, outbox, planned as store, programmes as repository, tables
from reminders.store.programmes import Revision
from reminders.use.programme.store_programme import store_programme
from schedule_rules.occurrence import occurrences
from schedule_rules.programme import Programme, Text
from tests.store.builders import (
    ACCEPTED,
    NOW,
    TODAY,
    claimed,
    column,
    decision,
    draft,
    frozen,
    look,
    queue,
)

TOMORROW = TODAY + timedelta(days=1)


def test_a_revision_changes_with_its_programme_only(database: Database, vaasa: Programme) -> None:
    """Equal while nothing changes; hold, start and a changed title each make another."""
    seen: list[tuple[Revision, ...]] = []
    with database.write() as connection:
        repository.save_programme(connection, replace(vaasa, key="empty"), built_in=False, held=True, now=NOW)
        store_programme(connection, vaasa, NOW)
        seen.extend(repository.revisions(connection) for _ in range(2))
        repository.set_held(connection, vaasa.key, held=False)
        repository.set_started(connection, vaasa.key, TODAY)
        store_programme(connection, replace(vaasa, name=Text("a", "b", "c")), NOW)
        seen.append(repository.revisions(connection))
        hashes = column(connection, tables.programme, "sha256")
    empty, first = seen[0]
    stamp = datetime.combine(vaasa.stamp, datetime.min.time(), UTC)
    rows = len(occurrences(vaasa))
    assert empty == Revision("empty", hashes[0], held=True, started_on=None, modified=None, rows=0)
    assert first == Revision(vaasa.key, first.sha256, held=True, started_on=None, modified=stamp, rows=rows)
    assert seen[1] == seen[0]
    assert seen[2][1] == Revision(
        vaasa.key,
        hashes[1],
        held=False,
        started_on=TODAY,
        modified=stamp,
        rows=rows,
        touched=seen[2][1].touched,
    )
    assert seen[2][1].touched == NOW + timedelta(microseconds=1)  # saved, and published, at one instant
    assert hashes[1] != first.sha256


def two_days(database: Database) -> list[int]:
    """Two mails of today, one of them sent, and one of tomorrow; their ids."""
    with database.write() as connection:
        ids = queue(connection, "anna@vaasa.example", "berit@vaasa.example")
        digest_id = store.open_digest(connection, draft(day=TOMORROW, kind="digest", board="town"))
        assert digest_id is not None
        message = replace(frozen("anna@vaasa.example"), message_id="<2>")
        ids.append(
            outbox.enqueue(connection, digest_id, message, NOW + timedelta(days=1), NOW + timedelta(days=9))
        )
    (one,) = claimed(database, limit=1)
    with database.write() as connection:
        outbox.settle_message(connection, one, ACCEPTED, decision("sent"), NOW)
    return ids


def test_mails_are_listed_newest_day_first(database: Database) -> None:
    """Within a day in the order they were composed; as many as asked."""
    one, two, three = two_days(database)
    subject = "Muistutus"
    anna, berit = "anna@vaasa.example", "berit@vaasa.example"
    later = NOW + timedelta(days=1)
    rows = (
        MailRow(three, TOMORROW, later, anna, subject, "fi", "digest", "queued", ""),
        MailRow(one, TODAY, NOW, anna, subject, "fi", "nudge", "sent", ACCEPTED.text),
        MailRow(two, TODAY, NOW, berit, subject, "fi", "nudge", "queued", ""),
    )
    with database.read() as connection:
        assert delivery_log.mail_rows(connection, "town") == rows
        assert delivery_log.mail_rows(connection, "town", 2) == rows[:2]


def test_mails_are_counted_by_day_and_state(database: Database) -> None:
    """The newest days with any mail, newest first."""
    two_days(database)
    counts = (MailCount(TOMORROW, {"queued": 1}), MailCount(TODAY, {"sent": 1, "queued": 1}))
    with database.read() as connection:
        assert delivery_log.mail_counts(connection, "town") == counts[:1]
        assert delivery_log.mail_counts(connection, "town", last=9) == counts
    assert [count.sent for count in counts] == [0, 1]


def test_a_day_on_which_no_letter_could_be_made_has_no_mails(database: Database) -> None:
    """A digest that failed is none of the newest days with mails."""
    with database.write() as connection:
        queue(connection, "anna@vaasa.example")
        digest_id = store.open_digest(connection, draft(day=date(2026, 1, 20)))
        assert digest_id is not None
        store.fail_digest(connection, digest_id)
        assert delivery_log.mail_counts(connection, "town") == (MailCount(TODAY, {"queued": 1}),)


def test_a_mails_octets_are_those_that_were_frozen(database: Database) -> None:
    """With its state; none for octets that were deleted, nothing for no mail."""
    (one, two, three) = two_days(database)
    with database.write() as connection:
        connection.execute(tables.outbox.update().where(tables.outbox.c.id == two).values(raw=None))
        assert delivery_log.mail_raw(connection, one) == (frozen("anna@vaasa.example").raw, "sent")
        assert delivery_log.mail_raw(connection, two) == (None, "queued")
        assert delivery_log.mail_raw(connection, three + 1) is None
    assert len(look(database, tables.outbox, "id")) == 3

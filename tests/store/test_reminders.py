"""Transactions 1 and 2 in the tables: plan, watermark, supersede, cancel, digests, runs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from reminders.store import Database, outbox, planned as store, tables
from tests.store.builders import NOW, OCCURRENCE, PATIENCE, TODAY, column, draft, due, frozen, look, queue

ANNA = due()
OTHER = due("town:b:milestone:2025-12-31", organisations=("unit", "other"), waits=True, reason="repeated")


def test_what_is_planned_comes_back_whole(database: Database) -> None:
    """Every field of a reminder survives, in the order of days."""
    late = due("town:c:start:2026-01-01", due_on=TODAY - timedelta(days=3), role="head", order=1010)
    with database.write() as connection:
        store.add_planned(connection, [ANNA, OTHER, late], NOW)
        assert [one.reminder for one in store.planned(connection)] == [late, ANNA, OTHER]
        assert store.known_keys(connection) == {ANNA.key, OTHER.key, late.key}


def test_planning_twice_inserts_once(database: Database) -> None:
    """The second of the same key is left alone, whatever else it says; nothing at all is fine too."""
    again = due(due_on=TODAY + timedelta(days=1), organisations=("elsewhere",))
    with database.write() as connection:
        store.add_planned(connection, [ANNA], NOW)
        store.add_planned(connection, [again, OTHER], NOW)
        store.add_planned(connection, [], NOW)
        assert [one.reminder for one in store.planned(connection)] == [ANNA, OTHER]


def test_a_reminder_that_was_mailed_is_not_planned_again(database: Database) -> None:
    """The key holds in whatever state the reminder is."""
    with database.write() as connection:
        queue(connection, "anna@vaasa.example")
        store.add_planned(connection, [ANNA], NOW)
        assert column(connection, tables.reminder, "state") == ["in_digest"]


def test_the_unique_key_of_reminders_stands_in_the_database(database: Database) -> None:
    """Without the clause that ignores it a second insert is an error."""
    with database.write() as connection:
        store.add_planned(connection, [ANNA], NOW)
    values = {
        "occurrence_id": ANNA.occurrence,
        "stage": ANNA.stage,
        "recipient": ANNA.recipient,
        "organisations": [],
        "role": "unit",
        "due_on": TODAY,
        "ordinal": 1,
        "reason": "first",
        "waits": False,
        "state": "planned",
    }
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(insert(tables.reminder).values(values))


def test_the_watermark_is_the_newest_planned_day(database: Database) -> None:
    """None at first; then the latest day, noted once whoever notes it again."""
    with database.write() as connection:
        assert store.watermark(connection) is None
        for day in (date(2026, 1, 11), TODAY, date(2026, 1, 10)):
            store.set_planned(connection, day, NOW, "1")
        store.set_planned(connection, TODAY, NOW + timedelta(hours=1), "2")
        assert store.watermark(connection) == TODAY
        rows = column(connection, tables.planned_day, "local_date", "planned_at", "rule_version")
    assert rows == [(date(2026, 1, 10), NOW, "1"), (date(2026, 1, 11), NOW, "1"), (TODAY, NOW, "1")]


def test_superseded_reminders_name_their_successor(database: Database) -> None:
    """The older stage leaves the plan and points at the newer one."""
    newer = due(stage="P30D", order=30)
    with database.write() as connection:
        store.add_planned(connection, [ANNA, newer], NOW)
        old, new = store.planned(connection)
        store.supersede(connection, {old.id: new.id})
        assert [one.reminder for one in store.planned(connection)] == [newer]
        rows = column(connection, tables.reminder, "state", "superseded_by")
    assert rows == [("superseded", new.id), ("planned", None)]


def test_cancelled_reminders_leave_the_plan(database: Database) -> None:
    """Only those named; none named changes nothing."""
    with database.write() as connection:
        store.add_planned(connection, [ANNA, OTHER], NOW)
        store.cancel_planned(connection, [])
        store.cancel_planned(connection, [store.planned(connection)[0].id])
        assert column(connection, tables.reminder, "state") == ["cancelled", "planned"]


def test_what_another_process_has_mailed_is_neither_cancelled_nor_superseded(database: Database) -> None:
    """A plan that was read before the mail was composed changes nothing in it."""
    with database.write() as connection:
        store.add_planned(connection, [ANNA, OTHER], NOW)
        first, second = (one.id for one in store.planned(connection))
        digest_id = store.open_digest(connection, draft(ANNA))
        assert digest_id is not None
        store.attach(connection, digest_id, [first, second])
        store.cancel_planned(connection, [first])
        store.supersede(connection, {second: first})
        assert column(connection, tables.reminder, "state") == ["in_digest", "in_digest"]


def test_a_recipient_has_one_digest_a_day(database: Database) -> None:
    """The second try of the day gives nothing, and another kind is no way around."""
    with database.write() as connection:
        first = store.open_digest(connection, draft(ANNA, OTHER))
        again = store.open_digest(connection, draft(ANNA, kind="escalation"))
        tomorrow = store.open_digest(connection, draft(ANNA, day=TODAY + timedelta(days=1)))
        assert store.mailed_recipients(connection, TODAY) == {"anna@vaasa.example"}
        assert store.mailed_recipients(connection, TODAY - timedelta(days=1)) == frozenset()
        rows = column(connection, tables.digest, "id", "kind", "version", "state", "items")
    items = [
        {"occurrence": OCCURRENCE, "stage": "P7D", "reason": "first"},
        {"occurrence": OTHER.occurrence, "stage": "P7D", "reason": "repeated"},
    ]
    assert again is None
    assert rows == [
        (first, "nudge", 1, "composed", items),
        (tomorrow, "nudge", 1, "composed", items[:1]),
    ]


def test_mailed_reminders_are_counted_by_item_and_address(database: Database) -> None:
    """Planned, cancelled and failed ones do not count; those in a digest, sent or uncertain do."""
    with database.write() as connection:
        store.add_planned(connection, [due(stage=f"P{n}D") for n in range(5)], NOW)
        ids = [one.id for one in store.planned(connection)]
        digest_id = store.open_digest(connection, draft(ANNA))
        assert digest_id is not None
        store.attach(connection, digest_id, ids[:2])
        store.cancel_planned(connection, ids[2:3])
        counts = {(OCCURRENCE, "anna@vaasa.example"): 2}
        assert store.sent_counts(connection) == counts
        assert store.sent_counts(connection, before=TODAY + timedelta(days=1)) == counts
        assert store.sent_counts(connection, before=TODAY) == {}
        assert [one.id for one in store.mailed_on(connection, TODAY)] == ids[:2]
        assert store.mailed_on(connection, TODAY - timedelta(days=1)) == ()
        store.fail_digest(connection, digest_id)
        assert store.sent_counts(connection) == {}


def test_a_digest_that_cannot_be_made_fails_alone(database: Database) -> None:
    """Its reminders wait for the next day, as those of other recipients do."""
    with database.write() as connection:
        store.add_planned(connection, [ANNA, due(recipient="berit@vaasa.example")], NOW)
        digest_id = store.open_digest(connection, draft(ANNA))
        assert digest_id is not None
        store.attach(connection, digest_id, [store.planned(connection)[0].id])
        store.fail_digest(connection, digest_id)
        assert column(connection, tables.reminder, "state", "digest_id") == [("planned", None)] * 2
        assert column(connection, tables.digest, "state") == ["failed"]
        assert store.sections_left_out(connection) == (("town", "anna@vaasa.example", TODAY),)


def test_the_last_digest_of_a_board_is_found_by_day(database: Database) -> None:
    """The newest of each board, before a day where one is named; other mails are not the board's."""
    days = (date(2026, 1, 6), date(2026, 1, 13))
    with database.write() as connection:
        for day in days:
            store.open_digest(connection, draft(day=day, kind="digest", board="town"))
        store.open_digest(connection, draft(ANNA, day=date(2026, 1, 20)))
        assert store.last_digests(connection) == {"town": days[1]}
        assert store.last_digests(connection, before=days[1]) == {"town": days[0]}
        assert store.last_digests(connection, before=days[0]) == {}


def test_an_escalation_refers_to_the_first_mail_to_its_unit(database: Database) -> None:
    """Message-IDs of the first mails, each once; nothing for an item or a unit that was never mailed."""
    with database.write() as connection:
        queue(connection, "anna@vaasa.example", "berit@vaasa.example")
        assert store.first_message_ids(connection, [ANNA, OTHER, ANNA]) == ("<anna@vaasa.example>",)
        elsewhere = due(organisations=("elsewhere",))
        assert store.first_message_ids(connection, [elsewhere]) == ()


def test_a_message_has_one_place_in_the_outbox(database: Database) -> None:
    """A digest cannot be queued twice; a Message-ID is not, which fails nobody else's mail."""
    with database.write() as connection:
        digest_id = store.open_digest(connection, draft(ANNA))
        other_id = store.open_digest(connection, draft(day=TODAY + timedelta(days=1)))
        assert digest_id is not None
        assert other_id is not None
        outbox.enqueue(connection, digest_id, frozen("anna@vaasa.example"), NOW, NOW + PATIENCE)
    with pytest.raises(IntegrityError), database.write() as connection:
        outbox.enqueue(connection, digest_id, frozen("else@vaasa.example"), NOW, NOW + PATIENCE)
    with database.write() as connection:
        assert outbox.enqueue(connection, other_id, frozen("anna@vaasa.example"), NOW, NOW + PATIENCE) == 0
    assert look(database, tables.outbox, "message_id") == ["<anna@vaasa.example>"]


def test_the_last_finished_run_is_told(database: Database) -> None:
    """A run that began and did not end is not it."""
    with database.write() as connection:
        assert store.last_run(connection) is None
        first = store.add_run(connection, NOW)
        store.add_run(connection, NOW)
        store.finish_run(connection, first, NOW + timedelta(seconds=9), {"composed": 3, "sent": 2})
        assert store.last_run(connection) == (NOW + timedelta(seconds=9), {"composed": 3, "sent": 2})

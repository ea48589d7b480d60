"""Small rows for the store's suite: reminders, drafts, queued messages, and looking at tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, select

from reminders.letters.retry import Outcome, RetryDecision
from reminders.planning.due import DueReminder
from reminders.planning.mails import Mail, MailItem, MailKind, MailSection
from reminders.store import Database, evidence, outbox, planned as store, tables
from reminders.store.outbox import Claim, Frozen

NOW = datetime(2026, 1, 12, 7, tzinfo=UTC)
PATIENCE = timedelta(days=7)
TODAY = date(2026, 1, 12)
OCCURRENCE = "town:a:milestone:2025-12-31"
ACCEPTED = Outcome("accepted", "dot", 250, "2.0.0 queued as Q1")


def due(occurrence: str = OCCURRENCE, recipient: str = "anna@vaasa.example", **changes: Any) -> DueReminder:
    """A reminder of the seventh day after."""
    one = DueReminder(occurrence, "P7D", recipient, ("unit",), "unit", TODAY, 7)
    return replace(one, **changes)


def draft(
    *reminders: DueReminder, day: date = TODAY, board: str = "", kind: MailKind = "nudge", version: int = 1
) -> Mail:
    """The mail of the reminders' recipient, or a digest of ``board``."""
    items = tuple(MailItem(one.occurrence, one.stage, one.reason) for one in reminders)
    address = reminders[0].recipient if reminders else "anna@vaasa.example"
    key = board or "town"
    section = MailSection(key, address, day, "fi", kind, reminders, items, is_digest=bool(board))
    return Mail(address, day, (section,), version)


def frozen(recipient: str) -> Frozen:
    """A finished message of a few octets."""
    return Frozen(recipient, f"<{recipient}>", "Muistutus", b"Subject: x\r\n\r\n" + recipient.encode())


def queue(connection: Connection, *recipients: str, at: datetime = NOW) -> list[int]:
    """Plan, compose and queue one message for each recipient; return the ids in the outbox."""
    return [_queue(connection, recipient, at) for recipient in recipients]


def _queue(connection: Connection, recipient: str, at: datetime) -> int:
    one = due(recipient=recipient)
    store.add_planned(connection, [one], at)
    (planned,) = [row for row in store.planned(connection) if row.reminder == one]
    digest_id = store.open_digest(connection, draft(one))
    assert digest_id is not None
    store.attach(connection, digest_id, [planned.id])
    outbox_id = outbox.enqueue(connection, digest_id, frozen(recipient), at, at + PATIENCE)
    evidence.note_composed(connection, [outbox_id], at)
    return outbox_id


def claimed(database: Database, owner: str = "me", at: datetime = NOW, limit: int = 10) -> tuple[Claim, ...]:
    """Claim in a transaction of its own."""
    with database.write() as connection:
        return outbox.claim(connection, owner, at, limit)


def decision(state: str, **changes: Any) -> RetryDecision:
    """What follows an attempt."""
    one = RetryDecision("sent", None, breaker=False, ambiguous=0, counts_attempt=True, reason="")
    return replace(one, **{"state": state} | changes)


def column(connection: Connection, table: Table, *names: str) -> list[Any]:
    """The values of a table's columns, in the order of its key; of one column without a tuple around."""
    found = connection.execute(select(*(table.c[name] for name in names)).order_by(*table.primary_key))
    return [row[0] if len(names) == 1 else tuple(row) for row in found]


def look(database: Database, table: Table, *names: str) -> list[Any]:
    """As ``column``, in a transaction of its own."""
    with database.read() as connection:
        return column(connection, table, *names)


def states(database: Database) -> tuple[list[str], list[str], list[str]]:
    """The states of outbox, digests and reminders."""
    return (
        look(database, tables.outbox, "state"),
        look(database, tables.digest, "state"),
        look(database, tables.reminder, "state"),
    )


def events(database: Database) -> list[tuple[int, int, str, str, int, str]]:
    """The ledger without what planning and composing wrote."""
    names = ("outbox_id", "attempt", "kind", "phase", "code", "text")
    return [
        row for row in look(database, tables.delivery_event, *names) if row[2] not in {"planned", "composed"}
    ]


def plans(database: Database, statements: Iterable[tuple[str, Any]]) -> list[str]:
    """SQLite's plan of each statement, in one line."""
    with database.read() as connection:
        return [
            "; ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given))
            for sql, given in statements
        ]

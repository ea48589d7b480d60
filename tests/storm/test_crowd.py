"""Several workers, or connections of one, deliver a queue together: sooner, with the ledger of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from reminders.store import Database, delivery_log, evidence, tables
from tests.storm.crowd import deliver
from tests.storm.relay import Relay
from tests.storm.scene import fill
from tests.use.office import SECRET

AWAY = 0.02


def deliver_all(
    url: str, count: int, workers: int, *, away: float = AWAY, **settings: Any
) -> tuple[float, dict[str, Any], Counter[str]]:
    """Fill a database, have it delivered; return the seconds, the ledger and the server's copies."""
    database = Database(url, SECRET)
    fill(database, count)
    with Relay(away=away) as relay:
        seconds = deliver(url, relay, workers, **settings)
        copies = Counter(one.recipient for one in relay.taken)
    found = ledger(database)
    database.close()
    return seconds, found, copies


def ledger(database: Database) -> dict[str, Any]:
    """What the tables hold in the end, without the names of workers and the numbers of the server."""
    table = tables.outbox
    columns = (
        table.c.rcpt,
        table.c.message_id,
        table.c.sha256,
        table.c.state,
        table.c.attempts,
        table.c.fence,
    )
    with database.read() as connection:
        rows = connection.execute(select(*columns).where(table.c.rcpt.like("%@storm.%"))).all()
        events = [
            (entry.to, tuple((event.kind, event.phase, event.code) for event in entry.events))
            for entry in delivery_log.log_entries(connection)
        ]
        reminders = connection.execute(select(tables.reminder.c.recipient, tables.reminder.c.state)).all()
        broken = evidence.broken_links(connection)
    assert broken == ()
    return {
        "outbox": sorted(map(tuple, rows)),
        "events": sorted(events),
        "reminders": sorted(map(tuple, reminders)),
    }


@pytest.mark.parametrize("backend", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_four_workers_write_the_ledger_of_one(new_url: Callable[[str], str]) -> None:
    """200 messages over one connection each; how much quicker they are is measured in `make storm`."""
    _, one, copies = deliver_all(new_url("started"), 200, 1)
    _, four, more = deliver_all(new_url("started"), 200, 4)
    assert (one, copies) == (four, more)
    assert set(copies.values()) == {1}


def test_connections_of_one_process_share_a_queue(new_url: Callable[[str], str]) -> None:
    """MAIL_CONNECTIONS=4 on either database: each message once, the ledger of one connection."""
    alone, one, copies = deliver_all(new_url("started"), 80, 1)
    together, four, more = deliver_all(new_url("started"), 80, 1, mail_connections=4)
    assert (one, copies) == (four, more)
    assert alone / together > 1.2


def test_workers_share_the_rate(new_url: Callable[[str], str]) -> None:
    """Three workers, 600 a minute: by the server's clock no sooner than one alone may be."""
    url = new_url("started")
    database = Database(url, SECRET)
    fill(database, 40)
    with Relay() as relay:
        deliver(url, relay, 3, mail_per_minute=600)
        at = [one.at for one in relay.taken]
    assert Counter(row[3] for row in ledger(database)["outbox"]) == {"sent": 40}
    assert (relay.connections, len(at)) == (3, 40)
    assert max(at) - min(at) >= 39 * 0.1 - 0.1
    database.close()

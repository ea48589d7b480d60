"""A queue of many messages, a storm over it, and what is left of both: the ledger and the server's log."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from reminders.planning.mails import Mail, MailSection
from reminders.planning.recipients import Contact
from reminders.store import (
    Database,
    delivery_log,
    evidence,
    outbox,
    people as store_people,
    planned as store,
    tables,
)
from reminders.store.outbox import Frozen
from tests.storm.relay import Relay, Weather
from tests.use.office import SECRET, VAASA, at

ROOT = Path(__file__).resolve().parents[2]
DAY, FIRST, EXPIRES = date(2025, 12, 2), "2025-12-02T09:00", "2025-12-10T09:00"
WINDOW = "00:00-23:59"
OCCURRENCE, UNIT = f"{VAASA}:social-cultural-cafe:milestone:end", "alma"


def fill(database: Database, count: int) -> None:
    """Queue messages to ``count`` contacts of a unit, each with its reminder, on a started service."""
    with database.write() as connection:
        people = [Contact(UNIT, "contact", "", f"r{n:04}@storm.example", "fi") for n in range(count)]
        known = store_people.contacts_of(connection, VAASA)
        store_people.save_contacts(connection, VAASA, (*known, *people))
        planned, frozen = list[int](), list[int]()
        for n in range(count):
            recipient = f"r{n:04}@storm.example"
            draft = Mail(recipient, DAY, (MailSection(VAASA, recipient, DAY, "fi"),))
            digest_id = store.open_digest(connection, draft)
            assert digest_id is not None
            values = {
                "occurrence_id": OCCURRENCE,
                "sequence": 0,
                "stage": "P30D",
                "recipient": recipient,
                "organisations": [UNIT],
                "role": "unit",
                "due_on": DAY,
                "ordinal": 1,
                "reason": "first",
                "waits": False,
                "state": "in_digest",
                "digest_id": digest_id,
            }
            added = insert(tables.reminder).values(values).returning(tables.reminder.c.id)
            planned.append(connection.execute(added).scalar_one())
            raw = message(n, recipient)
            frozen.append(outbox.enqueue(connection, digest_id, raw, at(FIRST), at(EXPIRES)))
        evidence.note_planned(connection, planned, at(FIRST))
        evidence.note_composed(connection, frozen, at(FIRST))


def message(n: int, recipient: str) -> Frozen:
    """A message of a usual size, with lines that begin with dots."""
    body = "".join(f".{n} line {line}\r\n" for line in range(60))
    raw = f"To: {recipient}\r\nMessage-ID: <{n}@storm.example>\r\n\r\n{body}"
    return Frozen(recipient, f"<{n}@storm.example>", "Storm", raw.encode())


@dataclass(frozen=True)
class Storm:
    """How hard it blows; ``asked`` is the share of workers that end by SIGTERM, the others by SIGKILL.

    ``speed`` times ``limit`` stays within the day of the mails, 15 hours: on the next day what was
    never tried would wait for a composing that these runs do not do.
    """

    count: int = 600
    workers: int = 2
    every: float = 0.3
    later: float = 0.02
    drop: float = 0.01
    away: float = 0.01
    speed: float = 170.0
    limit: float = 300.0
    seed: int = 4
    connections: int = 1
    asked: float = 0.0

    def blow(self, url: str, **settings: Any) -> Report:
        """Fill the database at ``url``, let the storm pass, and return what is left."""
        database = Database(url, SECRET)
        fill(database, self.count)
        weather = Weather(random.Random(self.seed), self.later, self.drop)
        with Relay(weather, away=self.away) as relay:
            told = self._nurse(url, relay.port, settings)
        report = Report.of(database, relay, told)
        database.close()
        return report

    def _nurse(self, url: str, port: int, settings: dict[str, Any]) -> dict[str, float]:
        usual = {
            "smtp_url": f"smtp://127.0.0.1:{port}",
            "mail_per_minute": 600_000,
            "mail_connections": self.connections,
            "mail_window": WINDOW,
            "tick_at": "23:00",  # these runs only deliver
        }
        given = {
            "url": url,
            "first": FIRST,
            "speed": self.speed,
            "every": self.every,
            "workers": self.workers,
            "limit": self.limit,
            "seed": self.seed,
            "asked": self.asked,
            "settings": {**usual, **settings},
        }
        command = [sys.executable, "-m", "tests.storm.nursery", json.dumps(given)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        told: dict[str, float] = json.loads(done.stdout)
        return told


@dataclass(frozen=True)
class Report:
    """What a storm left behind, in counts; what must be empty, as lists of addresses."""

    kills: int
    stops: int
    slowest: float
    left_sending: int
    seconds: float
    fates: int
    states: dict[str, int]
    copies: dict[int, int]
    lost: list[str]
    unexplained: list[str]
    too_many: list[str]
    altered: list[str]
    ledger_differs: list[str]
    broken_links: tuple[str, ...]

    @classmethod
    def of(cls, database: Database, relay: Relay, told: dict[str, float]) -> Report:
        """Compare the ledger with the server's log, message by message."""
        with database.read() as connection:
            rows = connection.execute(select(tables.outbox).where(tables.outbox.c.rcpt.like("%@storm.%")))
            messages = {row["rcpt"]: row for row in rows.mappings()}
            entries = {entry.to: entry for entry in delivery_log.log_entries(connection)}
            broken = tuple(map(str, evidence.changed_rows(connection)))
        log = [one for one in relay.taken if one.recipient.endswith("@storm.example")]
        copies = Counter(one.recipient for one in log)
        numbers = {(one.recipient, one.number) for one in log}
        sent = [rcpt for rcpt, row in messages.items() if row["state"] == "sent"]
        named = {rcpt: entries[rcpt].events[-1].text.rpartition(" ")[2] for rcpt in sent}
        ended = {"sent", "uncertain"}
        return cls(
            kills=int(told["kills"]),
            stops=int(told["stops"]),
            slowest=told["slowest"],
            left_sending=int(told["left"]),
            seconds=told["seconds"],
            fates=sum(relay.fates.values()),
            states=dict(Counter(row["state"] for row in messages.values())),
            copies=dict(Counter(copies[rcpt] for rcpt in messages)),
            lost=[
                rcpt
                for rcpt, row in messages.items()
                if row["state"] not in ended or (row["state"] == "sent" and not copies[rcpt])
            ],
            unexplained=[rcpt for rcpt, row in messages.items() if copies[rcpt] > 1 + row["ambiguous"]],
            too_many=[rcpt for rcpt in messages if copies[rcpt] > 2],
            altered=[one.recipient for one in log if one.sha256 != messages[one.recipient]["sha256"]],
            ledger_differs=[rcpt for rcpt in sent if (rcpt, named[rcpt]) not in numbers],
            broken_links=broken,
        )

    @property
    def told(self) -> str:
        """The counts in one line."""
        copies = sum(number * count for number, count in self.copies.items())
        doubled = self.copies.get(2, 0)
        return (
            f"{sum(self.states.values())} messages, {self.kills} kills, {self.stops} stops (the slowest "
            f"took {self.slowest:.1f} s), {self.fates} faults of the server in "
            f"{self.seconds} s: {self.states}, {copies} copies, {doubled} twice, {len(self.lost)} lost, "
            f"{len(self.unexplained)} unexplained, {len(self.too_many)} more than twice, "
            f"{len(self.altered)} altered, {len(self.ledger_differs)} differ from the server's log"
        )

    @property
    def wrong(self) -> dict[str, object]:
        """What must be empty and is not."""
        names = (
            "left_sending",
            "lost",
            "unexplained",
            "too_many",
            "altered",
            "ledger_differs",
            "broken_links",
        )
        return {name: found for name in (*names, "broken_links") if (found := getattr(self, name))}

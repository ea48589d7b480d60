"""A service in a test: its clock is set by hand, its mail is kept, its tables are looked at."""

from __future__ import annotations

import email
import email.policy
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select

from reminders.delivery import Envelope, MemoryTransport, Transport
from reminders.planning.replies import AnswerCode
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import Database, delivery_log, programmes as repository, tables
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.use.planning.preview import forecast_window
from reminders.use.tick import Result, tick
from schedule_rules.days import Span
from tests.conftest import HELSINKI

SECRET = "a made-up secret of the tests"
FIRST, SECOND = "2025-12-01T09:00", "2026-01-12T09:00"
MAILS = 38
VAASA = "vaasa-2023-2026"


def at(text: str) -> datetime:
    """An instant of Vaasa's clock; one with an offset is taken as it is."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=HELSINKI)


def service_on(database: Database, transport: Transport, now: datetime, **changes: Any) -> Service:
    """A service whose clock stands still and that does not wait between messages."""
    return Service(Settings(**changes), database, lambda: transport, SECRET, lambda: now, lambda _: None)


MailRow = tuple[date, str, str, list[tuple[str, str, str]]]


def envelopes(service: Service) -> list[Envelope]:
    """What a service handed over, in order."""
    transport = service.transport()
    assert isinstance(transport, MemoryTransport)
    return transport.envelopes


@dataclass
class Office:
    """A service on a database, to be told the time of each run."""

    database: Database
    settings: Settings = field(default_factory=Settings)
    transport: Transport = field(default_factory=MemoryTransport)

    def __post_init__(self) -> None:
        """Let its database read the evidence, whatever was done by the service yet."""
        self.database.use_secret(SECRET)

    def service(self, when: str) -> Service:
        """The service as it is at an instant."""
        made = service_on(self.database, self.transport, at(when))
        return replace(made, settings=self.settings)

    def tick(self, when: str, **accepted: bool) -> Result:
        """Run once."""
        return tick(self.service(when), **accepted)

    def run_as_foreseen(self, window: Span, **accepted: bool) -> list[MailRow]:
        """Tick at nine on every day of a window; what went is what the forecast said before, item by item.

        A row is day, address, kind, and (occurrence, stage, reason) of each item.
        """
        with self.database.read() as connection:
            foreseen: list[MailRow] = [
                (one.day, one.recipient, one.kind, [(i.occurrence, i.stage, i.reason) for i in one.items])
                for one in forecast_window(connection, window)
            ]
        for number in range((window.last - window.first).days + 1):
            self.tick(f"{window.first + timedelta(days=number)}T09:00", **accepted)
        with self.database.read() as connection:
            sent: list[MailRow] = [
                (one.day, one.to, one.kind, [(i["occurrence"], i["stage"], i["reason"]) for i in one.items])
                for one in delivery_log.log_entries(connection)
                if one.day in window
            ]
        assert sent == foreseen
        return sent

    def answer(self, when: str, occurrence: str, said: AnswerCode = "done", by: str = "") -> None:
        """Record an answer."""
        record_answer(self.service(when), AnswerGiven(occurrence, said, by))

    def hold(self, *, held: bool) -> None:
        """Hold the programme, or release it."""
        with self.database.write() as connection:
            repository.set_held(connection, VAASA, held=held)

    @property
    def envelopes(self) -> list[Envelope]:
        """What was handed over."""
        assert isinstance(self.transport, MemoryTransport)
        return self.transport.envelopes

    def mails_of(self, address: str) -> list[EmailMessage]:
        """What was composed for one address, parsed."""
        return [parsed(raw) for raw in self.look("outbox", "raw", rcpt=address)]

    def look(self, table: str, *names: str, **where: Any) -> list[Any]:
        """The values of columns, by key, of the rows with the given values."""
        source = tables.metadata.tables[table]
        query = select(*(source.c[name] for name in names)).order_by(*source.primary_key)
        query = query.where(*(source.c[name] == value for name, value in where.items()))
        with self.database.read() as connection:
            found = [tuple(row) for row in connection.execute(query)]
        return [row[0] for row in found] if len(names) == 1 else found

    def counts(self) -> Counter[str]:
        """The outbox by state."""
        return Counter(self.look("outbox", "state"))

    def dump(self) -> Mapping[str, list[tuple[Any, ...]]]:
        """Everything in the database."""
        with self.database.read() as connection:
            return {
                table.name: [
                    tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))
                ]
                for table in tables.metadata.sorted_tables
            }


def parsed(raw: bytes) -> EmailMessage:
    """A message's headers and parts."""
    return email.message_from_bytes(raw, policy=email.policy.default)


def body(mail: EmailMessage, kind: str = "plain") -> str:
    """The text of a part."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def days(rows: list[date]) -> list[str]:
    """Dates as text."""
    return [day.isoformat() for day in rows]

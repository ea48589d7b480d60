"""kill -9 in the middle of a real SMTP conversation: nothing lost, and never more than two equal copies.

A child delivers to aiosmtpd and is killed by its server at a chosen point; then
this process, the second one, goes on by a clock past the lease.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from reminders.delivery import transport_for
from reminders.settings import Settings
from reminders.store import Database, delivery_log, evidence, outbox, tables
from tests.use import child
from tests.use.conversation import VICTIM, Conversation, listening
from tests.use.office import FIRST, MAILS, Office

HELD_UP, GOES_ON, LAST = "2025-12-01T09:05", "2025-12-01T09:06", "2025-12-01T09:12"


def on_both(*points: str, twice: str) -> pytest.MarkDecorator:
    """Every point on SQLite, one of them on PostgreSQL too: the conversation is the same."""
    cases = [pytest.param("sqlite", point) for point in points]
    cases.append(pytest.param("postgresql", twice, marks=pytest.mark.postgres))
    return pytest.mark.parametrize(("backend", "point"), cases, indirect=["backend"])


class Killer(Conversation):
    """Kills a process at one point of one message."""

    def __init__(self, database: Database, point: str) -> None:
        super().__init__()
        self.database, self.point = database, point
        self.child: subprocess.Popen[str] | None = None

    async def reached(self, point: str) -> None:
        """Kill the child if this is the point, and wait until it is dead."""
        if self.child and (point, self.begun) == (self.point, VICTIM):
            os.kill(self.child.pid, signal.SIGKILL)
            self.child.wait()
            self.child = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the message; with the point "reply" the child gets its answer and cannot write it down."""
        answer = await super().handle_DATA(server, session, envelope)
        if self.point == "reply" and self.begun == VICTIM and self.child:
            with self.kept_from_writing():
                await server.push("250 2.0.0 queued")
                await self.reached("reply")
        return answer

    @contextmanager
    def kept_from_writing(self) -> Iterator[None]:
        """Hold the rows that a settlement needs."""
        with self.database.write() as connection:
            connection.execute(tables.outbox.select().with_for_update())
            yield


@pytest.fixture
def url(new_url: Callable[[str], str]) -> str:
    """A database with the built-in programme."""
    return new_url("loaded")


@pytest.fixture
def scene(url: str, tmp_path: Path) -> Iterator[Callable[[str], Any]]:
    """Let a child die at a point; give the killer and an office that can go on."""
    database = Database(url)
    stack: list[Any] = []

    def play(point: str) -> tuple[Killer, Office]:
        killer = Killer(database, point)
        stack.append(listening(killer))
        smtp = f"smtp://127.0.0.1:{stack[-1].__enter__()}"
        die(killer, url, tmp_path, smtp)
        settings = Settings(smtp_url=smtp)
        return killer, Office(database, settings, transport_for(settings))

    yield play
    for one in reversed(stack):
        one.__exit__(None, None, None)
    database.close()


def die(killer: Killer, url: str, folder: Path, smtp: str, when: str = FIRST, begun: int = 0) -> None:
    """Run a child until it is killed; ``begun`` messages count as gone before its first."""
    victim = child.start(url, folder, when, smtp_url=smtp)
    child.ready(victim)
    killer.begun, killer.child = begun, victim
    child.go(victim)
    assert child.end(victim) == ("", -signal.SIGKILL)


def ledger(office: Office, rcpt: str) -> list[tuple[str, str, int]]:
    """What the evidence says of one recipient's mail."""
    with office.database.read() as connection:
        assert evidence.broken_links(connection) == ()
        changed = {one.id for one in evidence.changed_rows(connection) if one.table == "outbox"}
        (entry,) = [one for one in delivery_log.log_entries(connection) if one.to == rcpt]
    assert entry.id not in changed
    return [(event.kind, event.phase, event.attempt) for event in entry.events]


@on_both("mail", "rcpt", "data", twice="rcpt")
def test_killed_before_the_body_nothing_is_doubled(scene: Callable[[str], Any], point: str) -> None:
    """Until the lease is over only what was not claimed goes; then all, each of 38 exactly once."""
    killer, office = scene(point)
    assert office.look("outbox", "state", "phase")[VICTIM - 1] == ("sending", "claimed")
    assert office.counts() == {"sent": VICTIM - 1, "sending": 11 - VICTIM, "queued": MAILS - 10}
    assert office.tick(HELD_UP).outcomes == {"sent": MAILS - 10}
    assert office.tick(GOES_ON).outcomes == {"swept": 11 - VICTIM, "sent": 11 - VICTIM}
    assert office.counts() == {"sent": MAILS}
    copies = Counter(rcpt for rcpt, _ in killer.accepted)
    assert (len(copies), set(copies.values())) == (MAILS, {1})
    told = ledger(office, office.look("outbox", "rcpt")[VICTIM - 1])
    assert told == [("composed", "", 0), ("lease-over", "claimed", 1), ("handed-over", "dot", 1)]
    assert set(office.look("outbox", "attempts", "ambiguous")) == {(1, 0)}


@on_both("dot", "reply", twice="reply")
def test_killed_after_the_body_there_are_two_equal_copies(scene: Callable[[str], Any], point: str) -> None:
    """The one message in the window comes twice, to the octet; every other once; the ledger says why."""
    killer, office = scene(point)
    assert office.look("outbox", "state", "phase")[VICTIM - 1] == ("sending", "dot")
    assert office.tick(HELD_UP).outcomes == {"sent": MAILS - 10}
    assert office.tick(GOES_ON).outcomes == {"swept": 11 - VICTIM, "sent": 11 - VICTIM}
    victim = office.look("outbox", "rcpt")[VICTIM - 1]
    copies = Counter(rcpt for rcpt, _ in killer.accepted)
    assert copies == {**dict.fromkeys(office.look("outbox", "rcpt"), 1), victim: 2}
    assert len({raw for rcpt, raw in killer.accepted if rcpt == victim}) == 1
    assert office.look("outbox", "state", "attempts", "ambiguous", rcpt=victim) == [("sent", 2, 1)]
    told = ledger(office, victim)
    assert told == [("composed", "", 0), ("lease-over", "dot", 1), ("handed-over", "dot", 2)]
    assert set(office.look("reminder", "state", recipient=victim)) == {"sent"}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_killed_twice_after_the_body_a_person_decides(
    scene: Callable[[str], Any], url: str, tmp_path: Path
) -> None:
    """Two copies are the most: the message is uncertain, and no run sends it a third time."""
    killer, office = scene("dot")
    victim = office.look("outbox", "rcpt")[VICTIM - 1]
    target = office.settings.smtp_url
    assert target is not None
    office.tick(HELD_UP)
    with office.database.write() as connection:
        outbox.sweep(connection, office.service(GOES_ON).clock())
        others = tables.outbox.update().where(tables.outbox.c.rcpt != victim)
        connection.execute(others.values(state="sent"))
    die(killer, url, tmp_path, f"smtp://127.0.0.1:{target.port}", GOES_ON, begun=VICTIM - 1)
    assert office.tick(LAST).outcomes == {"swept": 1}
    assert office.look("outbox", "state", "ambiguous", rcpt=victim) == [("uncertain", 2)]
    assert office.tick("2025-12-01T15:00").outcomes == {}
    assert [rcpt for rcpt, _ in killer.accepted].count(victim) == 2
    assert ledger(office, victim) == [
        ("composed", "", 0),
        ("lease-over", "dot", 1),
        ("uncertain", "dot", 2),
    ]
    assert set(office.look("reminder", "state", recipient=victim)) == {"uncertain"}

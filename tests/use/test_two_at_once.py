"""Two services by mistake on one database: the unique keys and fences give the result of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from reminders.store import Database, evidence
from tests.use import child
from tests.use.office import FIRST, MAILS, Office


@pytest.fixture
def url(new_url: Callable[[str], str]) -> str:
    """A database with the built-in programme."""
    return new_url("loaded")


@pytest.fixture
def alone(new_url: Callable[[str], str]) -> Iterator[Office]:
    """A service that has a database to itself."""
    database = Database(new_url("loaded"))
    yield Office(database)
    database.close()


def result(office: Office) -> dict[str, list[Any]]:
    """What a database holds in the end, without numbers of rows and names of workers."""
    days = dict(office.look("digest", "id", "local_date"))
    events = office.look("delivery_event", "kind", "attempt")
    reminders = office.look("reminder", "occurrence_id", "stage", "recipient", "state", "reason", "digest_id")
    return {
        "reminders": sorted((*row[:5], str(days.get(row[5]))) for row in reminders),
        "digests": sorted(office.look("digest", "recipient", "local_date", "kind", "version", "state")),
        "outbox": sorted(office.look("outbox", "rcpt", "message_id", "sha256", "state", "attempts", "fence")),
        "days": office.look("planned_day", "local_date"),
        "occurrences": office.look("occurrence", "id", "anchor_on", "sequence"),
        "stages": office.look("stage", "send_on", "occurrence_id", "role", "name"),
        "contacts": office.look("contact", "organisation", "role", "email"),
        # Of mails: what people did, as starting a server with its sign-in link, is theirs.
        "events": sorted(Counter(one for one in events if one[0] != "acted").items()),
    }


def together(offices: list[Office], when: str) -> None:
    """Let all of them run at the same instant; what goes wrong in one is raised."""
    barrier, wrong = Barrier(len(offices)), []

    def run(office: Office) -> None:
        barrier.wait()
        try:
            office.tick(when)
        except BaseException as error:  # noqa: BLE001 - shown by the test
            wrong.append(error)

    workers = [Thread(target=run, args=(office,)) for office in offices]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert wrong == []


def test_threads_do_what_one_would(url: str, alone: Office) -> None:
    """Two services make their first run together: the database is as after one, each mail went once."""
    offices = [Office(Database(url)) for _ in range(2)]
    alone.tick(FIRST)
    together(offices, FIRST)
    handed = Counter(one.message_id for office in offices for one in office.envelopes)
    assert (len(handed), set(handed.values())) == (MAILS, {1})
    assert result(offices[0]) == result(alone)
    with offices[0].database.read() as connection:
        assert evidence.changed_rows(connection) == ()
    for office in offices:
        office.database.close()


def test_processes_do_what_one_would(new_url: Callable[[str], str], alone: Office, tmp_path: Path) -> None:
    """Two processes that start on an empty database, load it and run: 38 files, the tables as after one."""
    url = new_url("")
    children = [child.start(url, tmp_path / "mail") for _ in range(2)]
    for one in children:
        child.ready(one)
    for one in children:
        child.go(one)
    assert [child.end(one) for one in children] == [("", 0)] * 2
    alone.tick(FIRST)
    shared = Office(Database(url))
    assert result(shared) == result(alone)
    assert len(list((tmp_path / "mail").rglob("*.eml"))) == MAILS
    shared.database.close()

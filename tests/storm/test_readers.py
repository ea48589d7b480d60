"""Two hundred readers on the first page and the feeds while a run sends five hundred mails.

``reminders run`` is a process of its own, as it is started in a town; the mail server holds the first message
back until every reader was answered once, and the readers go on until the last message was taken, so that
both happen together whatever the machine's speed.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import threading
from collections import Counter
from itertools import count
from pathlib import Path
from typing import Final

import httpx
import pytest
from sqlalchemy import select

from reminders.planning.recipients import Contact
from reminders.store import Database, people, tables
from reminders.use.programme.store_programme import make_ready
from tests.cli.started import start
from tests.use.conversation import Conversation, listening
from tests.use.office import FIRST, VAASA, at

READERS, MAILS = 200, 500
PATIENCE: Final = 900.0
"""Seconds after which the test fails on a busy machine: far more than it takes."""
SECRET: Final = "the secret of a crowd of readers"
URLS = ("/", "/?lang=sv", f"/calendars/{VAASA}/all-fi.ics", "/", f"/calendars/{VAASA}/deadlines-sv.ics")


class SlowToBegin(Conversation):
    """A mail server that takes its first message when every reader was answered, and tells of the last."""

    def __init__(self) -> None:
        super().__init__()
        self.may_begin = threading.Event()
        self.all_taken = threading.Event()

    async def reached(self, point: str) -> None:
        """Hold the first message back; tell of the last."""
        if point == "mail" and self.begun == 1:
            await asyncio.get_running_loop().run_in_executor(None, self.may_begin.wait, PATIENCE)
        if len(self.accepted) >= MAILS:
            self.all_taken.set()


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A folder whose database holds the programme, released, with five hundred contacts and nobody else."""
    database = Database(f"sqlite:///{tmp_path}/r.db", SECRET)
    make_ready(database, at(FIRST), held=False)
    with database.write() as connection:
        known = people.contacts_of(connection, VAASA)
        units = [one.organisation for one in known if one.role == "contact"]
        named = zip(range(MAILS), (units[n % len(units)] for n in count()), strict=False)
        crowd = [Contact(unit, "contact", "", f"r{n:03}@crowd.example", "fi") for n, unit in named]
        others = [one for one in known if one.role == "secretary"]
        people.save_contacts(connection, VAASA, (*crowd, *others))
    database.close()
    return tmp_path


def test_nobody_waits_in_vain(town: Path) -> None:
    """Every mail leaves once, no reader sees an error, and the first page is shown as it was kept."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = SlowToBegin()
    with listening(server) as smtp:
        process = start(
            town,
            FIRST,
            "run",
            "--port",
            str(port),
            DATABASE_URL=f"sqlite:///{town}/r.db",
            MAIL_FOLDER=str(town / "mail"),
            SECRET_KEY=SECRET,
            SMTP_URL=f"smtp://127.0.0.1:{smtp}",
            MAIL_PER_MINUTE="600000",
            MAIL_CAP="10000",
        )
        try:
            seen = asyncio.run(read(f"http://127.0.0.1:{port}", server, process.pid))
        finally:
            server.may_begin.set()
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
    said = (town / "run.out").read_text(encoding="utf-8")
    assert "Traceback" not in said, said
    assert {status for _, status in seen.answers} <= {200, 304}
    assert min(seen.rounds.values()) >= 1
    assert len(seen.rounds) == READERS
    recipients = Counter(to for to, _ in server.accepted)
    crowd = {to for to in recipients if to.endswith("@crowd.example")}
    assert (len(crowd), set(recipients.values())) == (MAILS, {1})
    database = Database(f"sqlite:///{town}/r.db", SECRET)
    with database.read() as connection:
        states = Counter(row.state for row in connection.execute(select(tables.outbox.c.state)))
    database.close()
    assert states == {"sent": len(recipients)}
    asked = sum(n for (url, _), n in seen.answers.items() if url.startswith("/?") or url == "/")
    assert seen.hits + seen.misses == asked
    assert seen.hits - seen.hits_before > 0
    assert seen.hits > seen.misses


class Seen:
    """What the readers saw: answers by address and status, rounds by reader, what /metrics counted."""

    def __init__(self) -> None:
        self.answers = Counter[tuple[str, int]]()
        self.rounds = Counter[int]()
        self.hits_before = self.hits = self.misses = 0


async def read(base: str, server: SlowToBegin, pid: int) -> Seen:
    """Have all readers ask until the last mail was taken, each on a connection of its own."""
    seen = Seen()
    limits = httpx.Limits(max_connections=READERS + 1, max_keepalive_connections=READERS + 1)
    async with httpx.AsyncClient(base_url=base, limits=limits, timeout=PATIENCE) as client:
        await listening_at(client, pid)
        readers = [asyncio.create_task(read_on(client, n, seen, server)) for n in range(READERS)]
        try:
            async with asyncio.timeout(PATIENCE):
                while len(seen.rounds) < READERS:
                    await raise_of(readers)
                seen.hits_before = (await counted(client))[0]
                server.may_begin.set()
                while not server.all_taken.is_set():
                    await raise_of(readers)
        finally:
            server.all_taken.set()
        await asyncio.gather(*readers)
        seen.hits, seen.misses = await counted(client)
    return seen


async def raise_of(readers: list[asyncio.Task[None]]) -> None:
    """Wait a moment; raise what a reader has met."""
    await asyncio.sleep(0.05)
    for one in readers:
        if one.done():
            one.result()


async def read_on(client: httpx.AsyncClient, n: int, seen: Seen, server: SlowToBegin) -> None:
    """Ask for pages and feeds in turn, with the tag of what is known, until the last mail was taken."""
    tags = dict[str, str]()
    for turn in count(n):
        url = URLS[turn % len(URLS)]
        headers = {"if-none-match": tags[url]} if url in tags else {}
        answer = await client.get(url, headers=headers)
        seen.answers[url, answer.status_code] += 1
        tags[url] = answer.headers.get("etag", "")
        seen.rounds[n] += 1
        if server.all_taken.is_set():
            return
        await asyncio.sleep(1.0)


async def listening_at(client: httpx.AsyncClient, pid: int) -> None:
    """Wait until the service answers; fail where its process has ended."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                await client.get("/health")
            except httpx.TransportError:
                os.kill(pid, 0)
                await asyncio.sleep(0.1)
            else:
                return


async def counted(client: httpx.AsyncClient) -> tuple[int, int]:
    """How many first pages were shown as they were kept, and made."""
    text = (await client.get("/metrics")).text
    found = dict(re.findall(r"^reminders_page_cache_(hits|misses)_total (\S+)$", text, re.MULTILINE))
    return int(float(found["hits"])), int(float(found["misses"]))

"""The commands themselves, several at once on one database: what one service would have sent, once."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reminders.settings import Settings
from reminders.store import Database, evidence
from tests.cli.started import start
from tests.use.office import FIRST, MAILS, SECRET, Office
from tests.use.post_office import QUICK, PostOffice
from tests.use.test_dead_address import HR, HR_HEAD
from tests.use.test_two_at_once import result

PATIENCE = 400.0


def free_port() -> str:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])


@contextmanager
def running(folder: Path, url: str, post: PostOffice, *commands: tuple[str, ...]) -> Iterator[None]:
    """Run commands on a database and a mail server meanwhile; none of them ends by itself."""
    env = {
        "SMTP_URL": f"smtp://127.0.0.1:{post.port}",
        "MAIL_PER_MINUTE": str(QUICK),
        "SECRET_KEY": SECRET,
        "BASE_URL": Settings().base_url,
    }
    began: list[subprocess.Popen[bytes]] = []
    try:
        began += [start(folder, FIRST, *words, "--database", url, **env) for words in commands]
        yield
        assert [one.poll() for one in began] == [None] * len(began)
    finally:
        for one in began:
            one.terminate()
        for one in began:
            one.wait(20)


def wait(until: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < end
        time.sleep(0.2)


def answers(port: str) -> bool:
    """Whether the pages are served."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def finished(office: Office, runs: int) -> bool:
    """Whether so many runs have ended, and nothing waits."""
    ended = [at for at in office.look("run", "finished_at") if at]
    return len(ended) == runs and not {"queued", "sending"} & set(office.counts())


def alone(url: str) -> tuple[dict[str, list[object]], Counter[str]]:
    """What one service leaves on a database and in the mailboxes."""
    office = Office(Database(url))
    with PostOffice(dead=(HR,)) as post:
        post.serve(office)
        office.tick(FIRST)
    left = result(office)
    office.database.close()
    return left, post.copies


def compared(office: Office, post: PostOffice, one: tuple[dict[str, list[object]], Counter[str]]) -> None:
    """The tables and the mailboxes are those of one service, and the ledger is the server's log."""
    assert (result(office), post.copies) == one
    assert (len(post.copies), set(post.copies.values()), post.copies[HR_HEAD]) == (MAILS, {1}, 1)
    ledger = office.look("outbox", "rcpt", "raw", state="sent")
    assert sorted(ledger) == sorted((mail.recipient, mail.raw) for mail in post.accepted)
    with office.database.read() as connection:
        assert evidence.changed_rows(connection) == ()


@pytest.mark.parametrize("backend", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_three_workers_and_two_webs_do_what_one_would(new_url: Callable[[str], str], tmp_path: Path) -> None:
    """One address is dead: the next in its chain is mailed in the same run, by one of them, once."""
    url, ports = new_url("loaded"), (free_port(), free_port())
    office = Office(Database(url))
    workers = [("worker",)] * 3
    webs = [("web", "--port", port) for port in ports]
    with PostOffice(dead=(HR,)) as post, running(tmp_path, url, post, *workers, *webs):
        wait(lambda: finished(office, 3) and all(map(answers, ports)))
        compared(office, post, alone(new_url("loaded")))
    office.database.close()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_two_complete_services_on_one_file_do_what_one_would(
    new_url: Callable[[str], str], tmp_path: Path
) -> None:
    """`reminders run` twice by mistake: pages from both, mails as from one."""
    url, ports = new_url("loaded"), (free_port(), free_port())
    office = Office(Database(url))
    services = [("run", "--port", port) for port in ports]
    with PostOffice(dead=(HR,)) as post, running(tmp_path, url, post, *services):
        wait(lambda: finished(office, 2) and all(map(answers, ports)))
        compared(office, post, alone(new_url("loaded")))
    office.database.close()

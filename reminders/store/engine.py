"""Opening a database: SQLite with WAL and immediate writes, or PostgreSQL; both migrated on first use."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    PoolProxiedConnection,
    Select,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError

from reminders.errors import ConfigurationError
from reminders.folders import make_folder
from reminders.letters.evidence import EvidenceKey
from reminders.store.faults import fault_of, file_fault, foreign_fault, half_fault, missing_fault, newer_fault
from reminders.store.migrations import HEAD, revisions, upgrade
from reminders.store.tables import metadata

_BUSY_SECONDS = 30
_CONNECT_SECONDS = 10
_VACUUM_SECONDS = 20
_CHECKPOINT_SECONDS = 1
_PAUSE = 0.01
VERSION_TABLE = "alembic_version"
"""The table in which a database names the revision of its tables."""
_MIGRATION_LOCK = 0x72656D696E64


class Database:
    """A database that was opened; ``read`` and ``write`` give transactions."""

    def __init__(self, url: str, secret: str = "") -> None:
        """Open ``url``; a SQLite file's folder is made. Raise ``ConfigurationError`` on a bad address.

        Without the service's ``secret`` (see ``use_secret``) nothing of the evidence is written or verified.
        """
        self.url = _parsed(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if fault := file_fault(self.url):
            raise fault
        self.engine = _engine(self.url, is_sqlite=self.is_sqlite)
        self._evidence: EvidenceKey | None = None
        if secret:
            self.use_secret(secret)
        self._asking = threading.Lock()
        self._asker: PoolProxiedConnection | None = None
        self._asked: dict[Select[Any], str] = {}
        self._counting = threading.Lock()
        self._counter: PoolProxiedConnection | None = None

    @classmethod
    def existing(cls, url: str) -> Database:
        """Open a database that is there and up to date; else raise ``DatabaseFault``, and make nothing."""
        parsed = _parsed(url)
        if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
            raise missing_fault(parsed)
        found = cls(url)
        if not found.is_up_to_date():
            raise missing_fault(parsed)
        return found

    def use_secret(self, secret: str) -> None:
        """Let every connection from now on bring the key of the evidence along."""
        self._evidence = EvidenceKey(secret)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads."""
        with self._connected() as connection, connection.begin():
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Open a transaction that only reads, and sees one moment however long it lasts."""
        with self._connected() as connection:
            if not self.is_sqlite:  # SQLite's transactions are that by themselves
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that writes; on SQLite it holds the write lock from its first moment."""
        with self._connected() as connection:
            connection.execution_options(immediate=True)
            with connection.begin():
                yield connection

    @contextmanager
    def trial(self) -> Iterator[Connection]:
        """Open a transaction that writes and is always taken back: to see what a change would do."""
        with self.write() as connection:
            try:
                yield connection
            finally:
                connection.rollback()

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """Open a connection; a fault of the surroundings, now or later, is a ``DatabaseFault``."""
        try:
            with self.engine.connect() as connection:
                connection.execution_options(evidence=self._evidence)
                yield connection
        except DBAPIError as error:
            if fault := fault_of(error, self.url):
                raise fault from error
            raise

    def ask(self, query: Select[Any], *values: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query that is built once and asked often, as the driver gives them.

        ``values`` are its parameters in order. On SQLite this takes microseconds and waits for no
        other connection, so that a server's loop may ask; each time sees what was committed last.
        """
        if not self.is_sqlite:
            named = dict(zip(query.compile().params, values, strict=True))
            with self.read() as connection:
                return [tuple(row) for row in connection.execute(query, named)]
        with self._asking:
            if self._asker is None:
                self._asker = self.engine.raw_connection()
            if query not in self._asked:
                self._asked[query] = str(query.compile(self.engine))
            rows: list[tuple[Any, ...]] = self._asker.cursor().execute(self._asked[query], values).fetchall()
        return rows

    def version(self) -> object:
        """Return what changes with every commit, whoever made it: equal versions, equal rows.

        SQLite counts the commits of other connections for the one that asks. PostgreSQL's snapshot names
        the transactions that it does not see: one that commits leaves it, or moves its end.
        """
        if not self.is_sqlite:
            with self.read() as connection:
                return connection.execute(text("SELECT CAST(pg_current_snapshot() AS text)")).scalar()
        if self.url.database in {None, "", ":memory:"}:
            return object()  # all share one connection, whose own commits are not counted
        # A connection of its own: pages ask in threads, and the server's loop must not wait for one of them.
        with self._counting:
            if self._counter is None:
                self._counter = self.engine.raw_connection()
            return self._counter.cursor().execute("PRAGMA data_version").fetchone()[0]

    def scrub(self, *, whole: bool) -> bool:
        """Let nothing that was deleted stay in the database's files; False where others kept it from that.

        SQLite overwrites what it deletes; here its journal is emptied, and the ``whole`` file written anew,
        for what older releases deleted. PostgreSQL's old row versions are vacuumed: their space is free from
        then on, and overwritten by and by.
        """
        if not self.is_sqlite:
            return self._vacuum_postgresql() if whole else True
        if not self.url.database or self.url.database == ":memory:":
            return True
        try:
            # Whoever reads keeps the journal from being emptied; whoever writes waits meanwhile.
            patience = _VACUUM_SECONDS if whole else _CHECKPOINT_SECONDS
            with closing(sqlite3.connect(self.url.database, patience, isolation_level=None)) as own:
                for pragma in ("temp_store=MEMORY", "secure_delete=ON"):
                    own.execute(f"PRAGMA {pragma}")
                if whole:
                    own.execute("VACUUM")
                (busy, *_) = own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            return False
        return not busy

    def _vacuum_postgresql(self) -> bool:
        try:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM")
        except DatabaseError:
            return False
        return True

    def close(self) -> None:
        """Close all connections."""
        with self._asking:
            if self._asker is not None:
                self._asker.close()
                self._asker = None
        with self._counting:
            if self._counter is not None:
                self._counter.close()
                self._counter = None
        self.engine.dispose()

    def migrate(self, complete: Callable[[Connection], None] | None = None) -> None:
        """Bring the tables to the newest revision; a half-done earlier try is completed.

        ``complete`` fills in what tables alone do not give, in the transaction that changes them; it is not
        called where they were up to date. A database that cannot become so is a ``DatabaseFault``, and
        nothing in it is changed: a file that is none, one of another or newer program, one half-migrated.
        """
        if self.is_up_to_date():
            return
        with self.write() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            upgrade(connection)
            if complete is not None:
                complete(connection)

    def is_up_to_date(self) -> bool:
        """Tell whether the tables are of the newest revision; a ``DatabaseFault`` if they cannot be."""
        with self.read() as connection:
            names = set(inspect(connection).get_table_names())
            query = text("SELECT version_num FROM alembic_version")
            found = list(connection.execute(query).scalars()) if VERSION_TABLE in names else []
        own = set(metadata.tables)
        if not found:
            if names & own:
                raise half_fault(self.url, found, HEAD)
            if self.is_sqlite and (foreign := names - {VERSION_TABLE}):
                raise foreign_fault(self.url, foreign)
            return False
        if unknown := [one for one in found if one not in revisions()]:
            raise newer_fault(self.url, unknown[0], HEAD)
        is_newest = found == [HEAD]
        if len(found) > 1 or (is_newest and not own <= names):
            raise half_fault(self.url, found, HEAD, own - names if is_newest else ())
        return is_newest


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError("DATABASE_URL", "sqlite:///file or postgresql://host/name", url) from error
    if parsed.drivername == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _engine(url: URL, *, is_sqlite: bool) -> Engine:
    """Return the engine; its errors, which are logged, show nothing that was written: no address, no mail."""
    if not is_sqlite:
        patience = {} if "connect_timeout" in url.query else {"connect_timeout": _CONNECT_SECONDS}
        return create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=patience)
    if url.database and url.database != ":memory:":
        make_folder("DATABASE_URL", Path(url.database).parent)
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(dbapi_connection: Any, _record: Any) -> None:  # noqa: ANN401 - the driver's own type
    # The driver's own BEGIN comes too late and never IMMEDIATE; ours is sent by the begin event.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_SECONDS}000",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    names = {name for (name,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not names or VERSION_TABLE in names:  # a file of another program stays as it is
        _turn_wal_on(cursor)
    cursor.close()


def _turn_wal_on(cursor: sqlite3.Cursor) -> None:
    """Turn WAL on; several that open a new file at once are sent away without a wait, so they try again."""
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

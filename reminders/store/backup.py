"""All rows in one portable file: JSON lines, closed by a SHA-256; of either database, into either.

Line 1 names format, revision and moment; then one line a row, tables in the order of their
references; the last line counts the rows and holds the hash of all lines before it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    delete,
    func,
    insert,
    select,
    text,
)

from reminders.errors import GuardError, InputError
from reminders.store.engine import Database
from reminders.store.migrations import HEAD, upgrade
from reminders.store.tables import Instant, metadata

FORMAT: Final = "reminders-backup-1"
_BATCH: Final = 200
_EXPECTED: Final = "a whole backup made by reminders backup"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a file holds: revision of the tables, moment, rows by table."""

    revision: str
    at: str
    rows: Mapping[str, int]

    @property
    def total(self) -> int:
        """Return the number of rows."""
        return sum(self.rows.values())


def write_backup(database: Database, file: Path, now: datetime) -> Backup:
    """Write all rows as they are at one moment; the service may run meanwhile.

    The file appears whole or not at all, readable by its owner only: it holds addresses and mails.
    """
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "wb") as out, database.snapshot() as connection:
            found = _write(connection, out, now)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return found


def _write(connection: Connection, out: IO[bytes], now: datetime) -> Backup:
    hashed, rows = hashlib.sha256(), Counter[str]()

    def put(document: object) -> None:
        line = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        hashed.update(line)
        out.write(line)

    put({"format": FORMAT, "revision": HEAD, "at": now.isoformat()})
    for table in metadata.sorted_tables:
        query = select(table).order_by(*table.primary_key).execution_options(yield_per=_BATCH)
        for row in connection.execute(query).mappings():
            # What is NULL is left out.
            put([table.name, {name: _json(value) for name, value in row.items() if value is not None}])
            rows[table.name] += 1
    put({"rows": dict(rows), "sha256": hashed.hexdigest()})
    return Backup(HEAD, now.isoformat(), rows)


def _json(value: Any) -> object:  # noqa: ANN401 - a column's value
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date | datetime) else value


def read_backup(file: Path) -> Backup:
    """Check a file from end to end; ``InputError`` when it is no backup, is cut or was changed."""
    hashed, rows = hashlib.sha256(), Counter[str]()
    head: Any = None
    last: Any = None
    for number, line, document in _lines(file):
        if last is not None:
            raise _wrong(file, number, "more after its end")
        if isinstance(document, dict) and number > 1:
            last = document
            continue
        hashed.update(line)
        if number == 1:
            head = document
        else:
            today = isinstance(head, dict) and head.get("revision") == HEAD
            rows[_checked(file, number, document, metadata.tables if today else None)] += 1
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise _wrong(file, 1, "something else")
    if last is None or last.get("sha256") != hashed.hexdigest() or last.get("rows") != dict(rows):
        raise _wrong(file, 1 + sum(rows.values()) + 1, "a file that was cut or changed")
    if head["revision"] > HEAD:
        raise _wrong(file, 1, f"one of a newer service (revision {head['revision']}, this one has {HEAD})")
    return Backup(head["revision"], head["at"], rows)


def _checked(file: Path, number: int, document: Any, tables: Mapping[str, Table] | None) -> str:  # noqa: ANN401 - what the line holds
    """Return the table of a line; ``tables`` know its columns, where they are of the file's revision."""
    if isinstance(document, list) and len(document) == 2:
        name, row = document
        is_known = tables is None or (name in tables and set(row) <= set(tables[name].c.keys()))
        if isinstance(name, str) and isinstance(row, dict) and is_known:
            return name
    raise _wrong(file, number, "a line of no table")


def _lines(file: Path) -> Iterator[tuple[int, bytes, Any]]:
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                yield number, line, json.loads(line)
    except ValueError:
        raise _wrong(file, 1, "something else") from None
    except OSError as error:
        raise InputError(str(file), "file", str(error.strerror), _EXPECTED) from error


def _wrong(file: Path, number: int, found: str) -> InputError:
    return InputError(str(file), f"line {number}", found, _EXPECTED)


def restore_backup(
    database: Database, file: Path, complete: Callable[[Connection], None] | None = None, *, force: bool
) -> Backup:
    """Fill a migrated database from a file, in one transaction.

    A file of an earlier revision goes into the tables of its own time, which are then migrated:
    a revision may move or reckon what a plain insert into today's tables would leave out. ``complete`` fills
    in what the tables alone do not give then, as for ``Database.migrate``.

    Raises ``InputError`` when the file is not whole or holds what its revision does not, and
    ``GuardError`` when the database holds anything, unless ``force`` empties it first.
    """
    found = read_backup(file)
    with database.write() as connection:
        counts = (select(func.count()).select_from(table) for table in metadata.sorted_tables)
        if not force and any(connection.execute(count).scalar_one() for count in counts):
            raise GuardError("the database is not empty; --force replaces everything in it")
        tables = _emptied(connection, found.revision)
        lines = ((number, row) for number, _, row in _lines(file) if isinstance(row, list))
        rows = ((_checked(file, number, row, tables), row[1]) for number, row in lines)
        for name, own in groupby(rows, key=lambda row: row[0]):
            _insert(connection, tables[name], (row for _, row in own))
        if found.revision != HEAD:
            upgrade(connection)
            if complete is not None:
                complete(connection)
        if connection.dialect.name == "postgresql":  # new rows are numbered after the restored ones
            for table in metadata.sorted_tables:
                if table.primary_key.columns.keys() == ["id"]:
                    sequence = func.pg_get_serial_sequence(table.name, "id")
                    newest = func.max(table.c["id"])
                    connection.execute(select(func.setval(sequence, newest)).having(newest.is_not(None)))
    return found


def _emptied(connection: Connection, revision: str) -> Mapping[str, Table]:
    """Return the tables as they are at a revision, with nothing in them."""
    if revision == HEAD:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
        return metadata.tables
    metadata.drop_all(connection)
    connection.execute(text("DROP TABLE alembic_version"))
    upgrade(connection, revision)
    then = MetaData()
    then.reflect(connection)
    return then.tables


def _insert(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert in batches of rows with the same columns: what is left out is NULL, in JSON columns too."""
    batch: list[dict[str, Any]] = []
    for row in rows:
        if batch and (len(batch) == _BATCH or batch[0].keys() != row.keys()):
            connection.execute(insert(table), batch)
            batch = []
        batch.append({name: _value(table.c[name], value) for name, value in row.items()})
    if batch:
        connection.execute(insert(table), batch)


def _value(column: Column[Any], value: Any) -> Any:  # noqa: ANN401 - a column's value
    """Return what JSON holds of a value as the column takes it."""
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value)
    if isinstance(column.type, Instant | DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value

"""What people decided about actions, and what an import found, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from reminders.store import tables
from schedule_rules.programme import Correction


def add_correction(connection: Connection, key: str, action: str, correction: Correction) -> None:
    """Record a correction; earlier ones stay, the newest holds."""
    values = {
        "programme": key,
        "action": action,
        "field": correction.field,
        "value": correction.value,
        "by": correction.by,
        "on": correction.on,
        "note": correction.note,
    }
    connection.execute(insert(tables.correction).values(values))


def corrections_of(connection: Connection, key: str) -> dict[str, tuple[Correction, ...]]:
    """Return a programme's corrections by action, oldest first; "" stands for the programme itself."""
    table = tables.correction
    query = select(table).where(table.c.programme == key).order_by(table.c.id)
    found: dict[str, list[Correction]] = {}
    for row in connection.execute(query).mappings():
        one = Correction(row["field"], row["value"], row["by"], row["on"], row["note"])
        found.setdefault(row["action"], []).append(one)
    return {action: tuple(rows) for action, rows in found.items()}


def finding_name(finding: Mapping[str, str]) -> str:
    """Return what a finding is accepted by: its code and words; its place may move with the next import."""
    return f"{finding['code']}: {finding['words']}"


def open_findings(
    findings: Iterable[Mapping[str, str]], decided: Iterable[Correction]
) -> tuple[Mapping[str, str], ...]:
    """Return the findings of an import that nobody has accepted; ``decided`` is of the programme itself."""
    accepted = {one.value for one in decided if one.field == "accepted"}
    return tuple(one for one in findings if not accepted & {one["code"], finding_name(one)})


def set_findings(connection: Connection, key: str, findings: Iterable[Mapping[str, str]]) -> None:
    """Keep what an import found, to be shown until the next one."""
    table = tables.programme
    rows = [dict(one) for one in findings]
    connection.execute(update(table).where(table.c.key == key).values(findings=rows))


def touch(connection: Connection, key: str, now: datetime) -> None:
    """Note that a programme's data changed: its feeds say so."""
    table = tables.programme
    connection.execute(update(table).where(table.c.key == key).values(modified=now))

"""Values to columns and back: programmes as JSON documents, occurrences as rows."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import RowMapping

from schedule_rules.occurrence import Occurrence, OccurrenceID
from schedule_rules.programme import Programme, Text
from schedule_rules.rule import Basis

_PROGRAMME = TypeAdapter(Programme)
_BASIS = TypeAdapter(Basis)
_TEXT = TypeAdapter(Text)


def programme_document(programme: Programme) -> str:
    """Return a programme as a JSON document; equal programmes give equal text.

    Series that people keep are rows of their own.
    """
    return _PROGRAMME.dump_json(programme, exclude={"series"}).decode()


@lru_cache(maxsize=16)
def read_programme_document(document: str) -> Programme:
    """Return the programme of a document made by ``programme_document``."""
    return _PROGRAMME.validate_json(document)


def occurrence_columns(row: Occurrence) -> dict[str, Any]:
    """Return the columns that follow from the rules alone (no anchor, sequence or stamp)."""
    return {
        "due": row.due,
        "id": str(row.id),
        "programme": row.id.programme,
        "title": _TEXT.dump_python(row.title, mode="json"),
        "organisations": list(row.organisations),
        "status": row.status,
        "basis": _BASIS.dump_python(row.basis, mode="json"),
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "interval_days": row.interval_days,
        "opens": row.opens,
        "closes": row.closes,
        "year": row.year,
    }


def read_occurrence(row: RowMapping) -> Occurrence:
    """Return the occurrence of a row."""
    return Occurrence(
        id=OccurrenceID.parse(row["id"]),
        due=row["due"],
        title=Text(**row["title"]),
        organisations=tuple(row["organisations"]),
        status=row["status"],
        basis=_read_basis(row["basis"]),
        starts_at=_time(row["starts_at"]),
        ends_at=_time(row["ends_at"]),
        interval_days=row["interval_days"],
        opens=row["opens"],
        closes=row["closes"],
        year=row["year"],
    )


def _read_basis(columns: dict[str, Any]) -> Basis:
    # By hand: it runs for every row in every tick, and pydantic would cost ten times as much.
    on = columns["on"]
    return Basis(
        provenance=columns["provenance"],
        words=Text(**columns["words"]),
        reading=columns["reading"],
        by=columns["by"],
        on=date.fromisoformat(on) if on else None,
    )


def _time(value: datetime | None) -> datetime | None:
    return value.replace(tzinfo=None) if value else None

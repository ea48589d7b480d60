"""Dates that people moved: the occurrence stays the same one, its date and its basis change.

Pure. Who may move a date is left to ``dispatch.proposals``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from schedule_rules.occurrence import Occurrence


@dataclass(frozen=True, slots=True)
class MovedDate:
    """The date that holds for an occurrence, by whom and on which civil date it was moved."""

    due: date
    by: str
    on: date


def with_moved_dates(rows: Iterable[Occurrence], moves: Mapping[str, MovedDate]) -> tuple[Occurrence, ...]:
    """Return ``rows`` with the dates that hold, by (due, id); ``moves`` are by occurrence id."""
    found = [_moved(row, moves.get(str(row.id))) for row in rows]
    return tuple(sorted(found, key=lambda row: (row.due, str(row.id))))


def _moved(row: Occurrence, move: MovedDate | None) -> Occurrence:
    if move is None:
        return row
    basis = replace(row.basis, provenance="corrected", by=move.by, on=move.on)
    return replace(row, due=move.due, basis=basis)

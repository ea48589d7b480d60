"""Dates that people moved: the occurrence stays the same one, its date and its basis change.

Pure. Who may move a date is left to ``use.answers.proposals``.
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
    found = []
    for row in rows:
        if move := moves.get(str(row.id)):
            basis = replace(row.basis, provenance="corrected", by=move.by, on=move.on)
            row = replace(row, due=move.due, basis=basis)  # noqa: PLW2901
        found.append(row)
    return tuple(sorted(found, key=lambda row: (row.due, str(row.id))))

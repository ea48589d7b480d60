"""The rows of a flattened table while they are filled, and the drafts that they become.

Which piece goes to which row is left to ``flat``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from reminders.intake.table import Draft
from reminders.intake.words import capitalised, unwrap


@dataclass(slots=True, eq=False)
class Row:
    """A row being filled; texts keep their line breaks until the end."""

    place: str
    section: int
    goal: str
    bullets: list[str] = field(default_factory=list)
    schedules: list[str] = field(default_factory=list)
    parties: list[str] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)


def merged(rows: list[Row]) -> list[Row]:
    """Put a row that has neither schedule nor parties to the one above it under the same goal."""
    kept: list[Row] = []
    for row in rows:
        above = kept[-1] if kept else None
        bare = not row.schedules and not row.parties
        if bare and above and (above.section, above.goal) == (row.section, row.goal):
            above.bullets += row.bullets
            above.indicators += row.indicators
        else:
            kept.append(row)
    return kept


def drafts(row: Row, domain: str) -> Iterator[Draft]:
    """Yield a row's drafts: one for each of its schedules."""
    count = max(1, len(row.schedules))
    schedules = row.schedules or [""]
    bullets = _dealt(row.bullets, count)
    parties = row.parties if len(row.parties) == count else ["\n".join(row.parties)] * count
    indicators = _indicators(row.indicators, count)
    for at in range(count):
        yield Draft(
            place=row.place,
            bullets=tuple(unwrap(bullet) for bullet in bullets[at]),
            domain=domain,
            goal=row.goal,
            schedule=unwrap(schedules[at]),
            responsible=unwrap(parties[at]),
            indicator=unwrap(indicators[at]),
        )


def _dealt(bullets: list[str], count: int) -> list[list[str]]:
    """Return bullets dealt to ``count`` actions; what is over goes to the last."""
    if count == 1:
        return [bullets]
    return [[bullet] for bullet in bullets[: count - 1]] + [bullets[count - 1 :]]


def _indicators(texts: list[str], count: int) -> list[str]:
    """Return an indicator for each action: as printed, or one text cut after its sentences."""
    if len(texts) == count:
        return texts
    whole = "\n".join(texts)
    if count == 1:
        return [whole]
    cut: list[str] = []
    for line in whole.split("\n"):
        begins = not cut or (cut[-1].rstrip().endswith(".") and capitalised(line) and len(cut) < count)
        if begins:
            cut.append(line)
        else:
            cut[-1] += "\n" + line
    return cut if len(cut) == count else [whole] * count

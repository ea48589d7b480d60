"""The JSON shape of a round's progress, for the command and the open API alike: nobody's name or address."""

from __future__ import annotations

from typing import Any

from reminders.collecting import last_reminded
from reminders.dispatch.rounds import Round


def round_json(found: Round) -> dict[str, Any]:
    """Return how a round stands; ``state`` of a unit: sent, answered (without the form), draft or none."""
    row, names = found.row, found.world.programme.organisation_by_key
    return {
        "programme": found.stored.programme.key,
        "year": found.year,
        "occurrence": str(row.id),
        "state": found.state,
        "opens": row.opens.isoformat() if row.opens else None,
        "due": row.due.isoformat(),
        "closes": row.closes.isoformat() if row.closes else None,
        "expected": found.progress.expected,
        "answered": found.progress.answered,
        "units": [
            {
                "organisation": one.organisation,
                "name": names[one.organisation].name.as_dict(),
                "state": one.state,
                "actions": one.actions,
                "last_reminder": _last(found, one.organisation),
            }
            for one in found.progress.units
        ],
    }


def _last(found: Round, organisation: str) -> str | None:
    last = last_reminded(found.mails, organisation)
    return last.day.isoformat() if last else None

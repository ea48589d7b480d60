"""Forecast and log items as --json prints them (design: interface.md, "Shapes").

A stage there is the trigger's offset or one of the words that the design names. Stages of our
own (the unit's year, a hand-over, a new link, an invitation) are told by their mail's distance
from the date, and by their name as the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from reminders.gather import Draft
from reminders.policy import HANDOVER, INVITATION, LINK, OWN_FEED, YEAR, stage_name
from reminders.store.delivery_log import LogEntry
from schedule_rules.occurrence import OccurrenceID

_OWN: Final = frozenset({HANDOVER, INVITATION, LINK, OWN_FEED, YEAR})
Dues = Mapping[str, date]


def draft_json(draft: Draft, dues: Dues) -> dict[str, object]:
    """Return a mail to be as the forecast's item; ``dues`` are occurrences' dates by id."""
    return {
        "date": draft.day.isoformat(),
        "to": draft.recipient,
        "language": draft.language,
        "kind": draft.kind,
        "items": [_item(item.occurrence, item.stage, item.reason, draft.day, dues) for item in draft.items],
    }


def log_json(entry: LogEntry, dues: Dues) -> dict[str, object]:
    """Return a mail and its fate as the log's item; ``dues`` as in ``draft_json``."""
    return {
        "date": entry.day.isoformat(),
        "to": entry.to,
        "language": entry.language,
        "kind": entry.kind,
        "items": [
            _item(item["occurrence"], item["stage"], item["reason"], entry.day, dues) for item in entry.items
        ],
        "at": entry.at.isoformat(),
        "message_id": entry.message_id,
        "state": entry.state,
        "events": [
            {"at": event.at.isoformat(), "kind": event.kind, "code": event.code, "text": event.text}
            for event in entry.events
        ],
    }


def _item(occurrence: str, stage: str, reason: str, day: date, dues: Dues) -> dict[str, str]:
    if stage not in _OWN:
        return {"occurrence": occurrence, "stage": stage, "reason": reason}
    due = dues.get(occurrence) or OccurrenceID.parse(occurrence).recurrence_date or day
    own = stage if reason in {"first", "repeated"} else reason
    return {"occurrence": occurrence, "stage": stage_name((day - due).days), "reason": own}

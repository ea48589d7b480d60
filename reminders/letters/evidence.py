"""The keyed hashes of the evidence: what nobody can write anew, or guess an address from, without the key.

Pure. Each purpose has a word of its own that goes into the hash. The chain is read and written in
``store.evidence``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from reminders.letters.delivery_events import DeliveryEvent
from reminders.planning.addresses import folded

GENESIS: Final = "0" * 64
"""What the first event of all follows."""
LEFT: Final = "@left.invalid"
"""The domain of pseudonyms: none that mail could ever go to (RFC 2606 section 2)."""
HEAD_SHOWN: Final = 16
"""So many digits of the head are printed; without the key nobody finds another chain with the same."""
_PSEUDONYM: Final = re.compile(r"([0-9a-f]{24})(?:\.[0-9]+)?@left\.invalid", re.ASCII)
_SHORT: Final = 32
_CELL: Final = 16
Row = Mapping[str, Any]


def _keyed(key: bytes, facts: object) -> str:
    """Return the keyed hash of anything that JSON can say, days and instants as ISO 8601."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, default=_iso)
    return hmac.digest(key, text.encode(), "sha256").hex()


def _iso(value: date | datetime) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value.isoformat()


def pseudonym(address: str, secret: str) -> str:
    """Return what stands for an address that has left: always the same, with the key."""
    keyed = hmac.new(secret.encode(), f"left\0{folded(address)}".encode(), hashlib.sha256)
    return keyed.hexdigest()[:24] + LEFT


class EvidenceKey:
    """The keys of the evidence, derived from the service's secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._links, self._seals, self._facts, check = (
            hmac.digest(secret.encode(), f"reminders.evidence.{purpose}".encode(), "sha256")
            for purpose in ("links", "seals", "facts", "check")
        )
        self.check: Final = check.hex()[:_SHORT]
        """What is stored to know the secret by; it does not tell it."""

    def link(self, previous: str, event: DeliveryEvent) -> str:
        """Return the hash of an event that follows ``previous``."""
        about = (previous, event.outbox_id, event.reminder_id, event.attempt, event.at)
        return _keyed(self._links, (*about, event.kind, event.phase, event.code, event.text, event.state))

    def seal(self, events: int, head: str) -> str:
        """Return what proves a head: the count of events, and the hash of the last."""
        return _keyed(self._seals, (events, head))

    def recipient(self, address: str) -> str:
        """Return what an address is known by, the same before and after it became a pseudonym."""
        found = _PSEUDONYM.fullmatch(address)
        return found[1] if found else pseudonym(address, self._secret).removesuffix(LEFT)

    def digest(self, value: object) -> str:
        """Return the keyed hash of a value."""
        return _keyed(self._facts, value)[:_SHORT]

    def grid(self, rows: Mapping[str, Row]) -> dict[str, dict[str, str]]:
        """Return a keyed hash of each row and of each column, so that a changed cell can be named."""
        columns = dict.fromkeys(name for row in rows.values() for name in row)
        return {
            "rows": {one: self.digest((one, row))[:_CELL] for one, row in rows.items()},
            "columns": {
                name: self.digest((name, {one: row[name] for one, row in rows.items()}))[:_CELL]
                for name in columns
            },
        }


def plain_link(previous: str, event: DeliveryEvent) -> str:
    """Return the hash of an event as releases before the keyed chain wrote it."""
    message = (previous, event.outbox_id, event.attempt, event.at.astimezone(UTC).isoformat())
    facts = (*message, event.kind, event.phase, event.code, event.text)
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def changed_cells(recorded: Mapping[str, Any], found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (row, column) of the cells in which two grids differ; no column: the whole row."""
    old, new = recorded["rows"], found["rows"]
    gone = [(one, "") for one in (*old, *new) if (one in old) != (one in new)]
    if gone:
        return list(dict.fromkeys(gone))
    columns = [name for name in found["columns"] if recorded["columns"].get(name) != found["columns"][name]]
    return [(one, name) for one in new if old[one] != new[one] for name in columns or [""]]

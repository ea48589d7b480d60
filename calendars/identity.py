"""Names that never change: UID of an entry (RFC 7986 section 5.3).

The same id gives the same UID in every feed, language and year, on every host.
"""

from __future__ import annotations

from uuid import UUID, uuid5

# Fixed for ever: a new value would double every entry in every subscribed calendar.
NAMESPACE = UUID("6f0a3a52-5d1c-5d8e-9b53-2f6a4c1f7e20")


def uid(kind: str, seed: str) -> str:
    """Return the UID of what ``kind`` and ``seed`` (its stored id) name, a UUIDv5."""
    return str(uuid5(NAMESPACE, f"{kind}:{seed}"))

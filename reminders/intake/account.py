"""The account of a document: what became of each row, cell, column, list item and paragraph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Fate = Literal["action", "part", "heading", "total", "left-over", "not-used"]
"""What became of a piece: an action, a part of one, a heading (a title, a header again), a total,
left over (it may be an action and is not read), not used (a column without a role)."""


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """One piece of a document, its words, and what became of it; ``action`` is the place of its draft."""

    place: str
    text: str
    became: Fate
    action: str = ""

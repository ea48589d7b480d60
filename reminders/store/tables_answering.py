"""Tables: answers undone, pauses, proposed dates, moved dates, hand-overs."""

from __future__ import annotations

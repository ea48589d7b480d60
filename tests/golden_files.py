"""Golden files: what leaves the house, octet for octet as it was read and approved.

UPDATE_GOLDEN=1 writes them anew; look at the difference before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

GOLDEN: Final = Path(__file__).parent / "golden"


def compare_with_golden(name: str, made: str | bytes) -> None:
    """Compare text or octets with a file below ``tests/golden``, or write it under UPDATE_GOLDEN."""
    path, octets = GOLDEN / name, made.encode("utf-8") if isinstance(made, str) else made
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(octets)
    # Compared as text: a difference is shown line by line.
    assert octets.decode("utf-8") == path.read_bytes().decode("utf-8")

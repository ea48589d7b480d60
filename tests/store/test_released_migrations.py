"""A migration that was released is never edited: databases out there have run it as it was."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from reminders.store import migrations

VERSIONS: Final = Path(migrations.__file__).parent / "versions"
RELEASED: Final = Path(__file__).parent / "released_migrations.txt"
"""A line a migration, as ``sha256sum`` writes it: hash, two blanks, name. A new migration gets a line."""


def listed() -> dict[str, str]:
    """The hash of each released migration, by name."""
    lines = RELEASED.read_text(encoding="ascii").splitlines()
    return {name: sha256 for sha256, _, name in (line.partition("  ") for line in lines)}


def test_a_released_migration_is_as_it_was() -> None:
    """What an old one left undone, a new one does."""
    found = {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in sorted(VERSIONS.glob("0*.py"))}
    known = listed()
    assert found.keys() - known.keys() == set(), (
        f"a new migration gets a line in {RELEASED.name}: sha256sum its file there"
    )
    changed = [name for name, sha256 in known.items() if found.get(name) != sha256]
    assert changed == [], (
        "released migrations are never edited: databases that have run them would not run them again, and "
        "would differ from new ones for good; write a new migration instead"
    )

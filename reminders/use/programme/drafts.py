"""Uploaded files that wait for their confirmation: a folder a draft, deleted after an hour at the latest.

Pages write and read them (``web.programme.imports``); each run sweeps them, whether anybody looks or not.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from reminders.planning.addresses import folded

KEPT_FOR: Final = timedelta(hours=1)
MOST: Final = 12
"""Drafts of one person at a time."""
DRAFT_NAME: Final = re.compile(r"[0-9a-f]{32}")


def begin_draft(folder: Path, name: str, address: str, now: datetime) -> None:
    """Make a draft's folder, which has in it whose it is, as a hash, and the time.

    The time from the first: one without may be swept any moment.
    """
    unnamed = folder / f".{name}"
    unnamed.mkdir(parents=True)
    unnamed.chmod(0o700)
    (unnamed / "owner").write_text(_owner(address), encoding="utf-8")
    (unnamed / "at").write_text(now.isoformat(), encoding="utf-8")
    unnamed.rename(folder / name)


def is_draft_of(draft: Path, address: str) -> bool:
    """Tell whether a draft is there and is that of an address, in any spelling."""
    return bool(DRAFT_NAME.fullmatch(draft.name)) and _owner_of(draft) == _owner(address)


def sweep_drafts(folder: Path, now: datetime) -> None:
    """Delete drafts that are too old, and the oldest of too many of one person."""
    found = sorted(((_came_at(draft), draft.name, draft) for draft in _drafts(folder)), reverse=True)
    counts = Counter[str]()
    for came_at, _, draft in found:
        owner = _owner_of(draft)
        counts[owner] += 1
        if counts[owner] >= MOST or not timedelta() <= now - came_at <= KEPT_FOR:
            shutil.rmtree(draft, ignore_errors=True)


def _owner(address: str) -> str:
    return hashlib.sha256(folded(address).encode()).hexdigest()


def _owner_of(draft: Path) -> str:
    """Return the hash of whose a draft is; nothing where there is none, or it is half written."""
    try:
        return (draft / "owner").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _came_at(draft: Path) -> datetime:
    """Return when a draft came; where its writer was killed half-way, long ago."""
    try:
        return datetime.fromisoformat((draft / "at").read_text(encoding="utf-8")).astimezone(UTC)
    except (OSError, ValueError):
        return datetime.min.replace(tzinfo=UTC)


def drop_drafts(folder: Path) -> int:
    """Delete all drafts: they may name whoever was removed; return how many there were."""
    found = _drafts(folder)
    for draft in found:
        shutil.rmtree(draft, ignore_errors=True)
    return len(found)


def _drafts(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [one for one in folder.iterdir() if DRAFT_NAME.fullmatch(one.name)]

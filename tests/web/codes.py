"""Every code that a finding can carry, as the source writes them."""

from __future__ import annotations

import re
from pathlib import Path

from reminders.planning.programme_diff import CORRECTED_WORDING
from reminders.use.programme.read_files import ASKED_ANEW, KEPT_ORGANISATION, NOBODY_LISTED
from schedule_rules.edited_series import WITHOUT_DATES

# How the rooms write a code: the first text of a finding, or of what becomes one.
_DIRECT = re.compile(r'(?:IntakeFinding|finding)\(\s*"([a-z]+(?:-[a-z]+)*)"')
_RULES = re.compile(r'(?:Finding\(action\.id, |code = )"([a-z-]+)"(?: if action\.schedule else "([a-z-]+)")?')


def _text(room: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(Path(room).rglob("*.py")))


def of_intake() -> set[str]:
    """Return the codes that an import can give."""
    return set(_DIRECT.findall(_text("reminders/intake")))


def of_rules() -> set[str]:
    """Return the codes that the wordings of a programme can give."""
    found = {code for pair in _RULES.findall(_text("schedule_rules")) for code in pair if code}
    return {code for code in found if "-" in code and code != "open-start"} | {WITHOUT_DATES}


def of_versions() -> set[str]:
    """Return the codes that a new version can give, whatever its files say."""
    return {CORRECTED_WORDING, KEPT_ORGANISATION, NOBODY_LISTED, ASKED_ANEW}


CODES = sorted(of_intake() | of_rules() | of_versions())

"""What the start of the service prints: links that sign in go to people, not into a log that is kept."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reminders.cli.run import _greet
from reminders.settings import SmtpURL
from tests.issues.towns import CITY, TOWN, Towns

BY_COMMAND = "reminders sign-in-link ADDRESS prints a link"


@pytest.mark.parametrize(
    ("by_smtp", "on_terminal", "links"),
    [(False, False, 2), (False, True, 2), (True, True, 2), (True, False, 0)],
)
def test_links_are_printed_for_people(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    by_smtp: bool,
    on_terminal: bool,
    links: int,
) -> None:
    """On a terminal, or where no mail can bring one; else none is made, and the command is named."""

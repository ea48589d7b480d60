"""Commands run in this process, in a folder of their own."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from reminders.cli import main


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


class Runner(Protocol):
    """Runs a command."""

    def __call__(self, *words: str) -> Ran: ...


@pytest.fixture
def reminders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Runner:
    """Run ``reminders ...`` in an empty folder; the second call finds what the first left."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["reminders", *words])
        capfd.readouterr()
        umask = os.umask(0o022)
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            os.umask(umask)
        printed = capfd.readouterr()
        return Ran(code, printed.out, printed.err)

    return run

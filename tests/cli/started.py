"""A command as a process whose clock stands still: `python -m tests.cli.started WHEN …`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from reminders import cli
from reminders.cli import open_service
from tests.use.office import at

ROOT = Path(__file__).resolve().parents[2]


def start(folder: Path, when: str, *words: str, **env: str) -> subprocess.Popen[bytes]:
    """Start ``reminders WORDS`` in ``folder``; what it prints goes to a file there."""
    given: Mapping[str, str] = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    command = [sys.executable, "-m", "tests.cli.started", when, *words]
    with (folder / f"{words[0]}.out").open("ab") as output:
        return subprocess.Popen(command, cwd=folder, env=given, stdout=output, stderr=output)


def main() -> None:
    """Run the command at the instant that comes first."""
    instant = at(sys.argv.pop(1))
    open_service.system_clock = lambda: instant
    cli.main()


if __name__ == "__main__":
    main()

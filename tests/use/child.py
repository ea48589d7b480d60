"""A process of its own that runs once: `python -m tests.use.child '{"url": …}'`.

It says "ready" and waits for a line, so that several begin at the same moment.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import structlog

from reminders.delivery import transport_for
from reminders.store import Database
from reminders.use.programme.store_programme import make_ready
from reminders.use.tick import tick
from tests.use.office import FIRST, at, service_on

ROOT = Path(__file__).resolve().parents[2]


def start(url: str, folder: Path, when: str = FIRST, **settings: Any) -> subprocess.Popen[str]:
    """Start a child; it waits until ``go``."""
    given = {"url": url, "when": when, "settings": {"mail_folder": str(folder), **settings}}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.use.child", json.dumps(given)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ready(child: subprocess.Popen[str]) -> None:
    """Wait until a child could begin."""
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"


def go(child: subprocess.Popen[str]) -> None:
    """Let a child begin."""
    assert child.stdin is not None
    child.stdin.write("\n")
    child.stdin.flush()


def end(child: subprocess.Popen[str]) -> tuple[str, int]:
    """Wait for a child; return what it complained of, and its exit code (-9: killed)."""
    _, complaints = child.communicate(timeout=600)
    return complaints, child.returncode


def main() -> None:
    """Open the service and run once."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    given = json.loads(sys.argv[1])
    database, now = Database(given["url"]), at(given["when"])
    service = service_on(database, None, now, **given["settings"])  # type: ignore[arg-type]
    service = service_on(database, transport_for(service.settings), now, **given["settings"])
    print("ready", flush=True)
    sys.stdin.readline()
    make_ready(database, now, held=False)
    tick(service)


if __name__ == "__main__":
    main()

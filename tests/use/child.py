"""A process of its own that runs, once or as a command does: `python -m tests.use.child '{"url": …}'`.

It says "ready" and waits for a line, so that several begin at the same moment.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog

from reminders.cli import run as commands
from reminders.cli.page_server import listen
from reminders.delivery import transport_for
from reminders.service import Service
from reminders.stop import StopRequest
from reminders.store import Database
from reminders.use.programme.store_programme import make_ready
from reminders.use.tick import tick
from tests.use.office import FIRST, at, service_on

ROOT = Path(__file__).resolve().parents[2]


def start(
    url: str, folder: Path, when: str = FIRST, command: str = "", port: int = 0, **settings: Any
) -> subprocess.Popen[str]:
    """Start a child; it waits until ``go``. A ``command`` (tick, worker, run) has a clock that stands."""
    given: dict[str, Any] = {"url": url, "when": when, "settings": {"mail_folder": str(folder), **settings}}
    given |= {"command": command, "port": port}
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
    if given["command"]:
        obey(service, given["command"], given["port"])
    else:
        tick(service)


def obey(service: Service, command: str, port: int) -> None:
    """Run a command as it is on the command line, on a service whose clock stands still."""
    stop = StopRequest()
    own = replace(service, stop=stop, pause=stop.wait)
    # However busy the machine, what is under way may end by itself.
    vars(commands).update(open_service=lambda *_: own, configure_log=lambda *_: None, END_WITHIN=600.0)
    vars(commands).update(_open_pages=lambda *_: (own, listen("127.0.0.1", port)))
    if command == "run":
        commands.run(port=port)
    elif command == "worker":
        commands.worker()
    else:
        commands.tick_command()


if __name__ == "__main__":
    main()

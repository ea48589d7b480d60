"""Workers that deliver one queue together, from one moment on: `python -m tests.storm.crowd '{…}'`.

It prints how many seconds passed until the last had nothing more to do.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from typing import Any

import structlog

from reminders.delivery import transport_for
from reminders.settings import Settings
from reminders.store import Database
from reminders.use.mail.sender import Sender
from tests.storm.relay import Relay
from tests.storm.scene import FIRST, ROOT, WINDOW
from tests.use.office import SECRET, at


def deliver(url: str, relay: Relay, workers: int = 1, **settings: Any) -> float:
    """Have a queue delivered by processes of their own; return the seconds that it took."""
    usual = {"smtp_url": f"smtp://127.0.0.1:{relay.port}", "mail_per_minute": 600_000, "mail_window": WINDOW}
    given = {"url": url, "workers": workers, "settings": {**usual, **settings}}
    command = [sys.executable, "-m", "tests.storm.crowd", json.dumps(given)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)


def work(given: dict[str, Any], gun: int) -> None:
    """Open everything, wait for the gun, deliver."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    settings, database = Settings(**given["settings"]), Database(given["url"], SECRET)
    with database.read():
        pass
    sender = Sender(database, settings, transport_for(settings), lambda: at(FIRST), time.sleep)
    os.read(gun, 1)
    sender.run()


def main(given: dict[str, Any]) -> float:
    """Fork the workers, fire, and wait for all."""
    gun, trigger = os.pipe()
    workers = []
    for _ in range(given["workers"]):
        if child := os.fork():
            workers.append(child)
            continue
        try:
            work(given, gun)
            os._exit(0)
        finally:
            os._exit(1)
    time.sleep(1.0)
    began = time.monotonic()
    os.write(trigger, b"!" * given["workers"])
    ends = [os.waitpid(worker, 0)[1] for worker in workers]
    assert ends == [0] * len(workers)
    return time.monotonic() - began


if __name__ == "__main__":
    print(main(json.loads(sys.argv[1])))

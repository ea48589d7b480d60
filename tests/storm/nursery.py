"""Workers forked, killed or asked to stop at random, and forked anew: `python -m tests.storm.nursery '{…}'`.

A process of its own, since forking is quick only where everything is loaded, and
safe only where nothing runs beside it. Time goes faster here, so that leases and
back-offs are over in a storm of seconds.
"""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import func, select

from reminders.cli.run import end_at_signals
from reminders.delivery import transport_for
from reminders.settings import Settings
from reminders.stop import StopRequest
from reminders.store import Database, outbox, tables
from reminders.use.tick import tick
from schedule_rules.workdays import standard_workdays
from tests.use.office import SECRET, at, service_on


def clock(began: float, first: str, speed: float) -> datetime:
    """The storm's time: ``speed`` times as fast as the real one."""
    return at(first) + timedelta(seconds=(time.monotonic() - began) * speed)


def work(given: dict[str, Any], began: float) -> None:
    """Run as a worker does, again and again, until killed, asked to stop, or there is nothing left."""
    stop = StopRequest()
    end_at_signals(stop)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    settings = Settings(**given["settings"])
    database = Database(given["url"], SECRET)
    now = partial(clock, began, given["first"], given["speed"])
    service = service_on(database, transport_for(settings), now())
    service = replace(service, settings=settings, clock=now, stop=stop, pause=stop.wait)
    while unfinished(database) and not stop.is_made:
        tick(service)
        stop.wait(0.02)


def unfinished(database: Database) -> int:
    """Count what waits or is under way."""
    with database.read() as connection:
        counts = outbox.counts(connection)
    return counts.get("queued", 0) + counts.get("sending", 0)


def fork(given: dict[str, Any], began: float) -> int:
    """Start a worker; return its number."""
    child = os.fork()
    if child:
        return child
    try:
        work(given, began)
    finally:
        os._exit(0)


def storm(given: dict[str, Any]) -> dict[str, float]:
    """Keep the workers running, end one of them every ``every`` seconds, until all is settled.

    A share of them (``asked``) is asked to stop, the others are killed.
    """
    standard_workdays()  # loaded once, not by each worker: that takes longer than most of them live
    dice, began, kills, stops = random.Random(given["seed"]), time.monotonic(), 0, 0
    slowest, left_sending = 0.0, 0
    workers = [fork(given, began) for _ in range(given["workers"])]
    watching = Database(given["url"], SECRET)
    try:
        while time.monotonic() - began < given["limit"]:
            time.sleep(given["every"] * dice.uniform(0.5, 1.5))
            left = unfinished(watching)
            watching.close()  # a fork must not share a connection
            if not left:
                break
            place = dice.randrange(len(workers))
            if dice.random() < given["asked"]:
                stops += 1
                slowest = max(slowest, stop_politely(workers[place]))
                left_sending += in_hand(watching, workers[place])
                watching.close()
            else:
                kills += end(workers[place])
            workers[place] = fork(given, began)
    finally:
        for worker in workers:
            end(worker)
    took = round(time.monotonic() - began, 1)
    return {"kills": kills, "stops": stops, "slowest": slowest, "left": left_sending, "seconds": took}


def stop_politely(worker: int) -> float:
    """Ask a worker to stop; return how many seconds it took."""
    asked_at = time.monotonic()
    os.kill(worker, signal.SIGTERM)
    os.waitpid(worker, 0)
    return time.monotonic() - asked_at


def in_hand(database: Database, worker: int) -> int:
    """Count the messages that a worker has in hand, by its number in their owner's name."""
    table = tables.outbox
    query = select(func.count()).where(table.c.state == "sending", table.c.owner.like(f"%:{worker}:%"))
    with database.read() as connection:
        return connection.execute(query).scalar_one()


def end(worker: int) -> bool:
    """Kill a worker; tell whether it was alive until then."""
    os.kill(worker, signal.SIGKILL)
    _, status = os.waitpid(worker, 0)
    return os.WIFSIGNALED(status)


if __name__ == "__main__":
    print(json.dumps(storm(json.loads(sys.argv[1]))))

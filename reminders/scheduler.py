"""The alarm clock: one idempotent tick every five minutes, and one at start. It holds no state.

After the first run of each day what is older than its retention is deleted.
What must survive is in the tables (design: delivery.md, "APScheduler is the
alarm clock, not the memory").
"""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, timedelta
from http.client import HTTPException
from threading import Thread

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from structlog import get_logger

from reminders.errors import RemindersError
from reminders.service import Actor, Service
from reminders.use.people.retention import purge_daily
from reminders.use.planning.clock_doubts import ClockWatch
from reminders.use.tick import tick
from reminders.use.watch.alarm import send_alarm

log = get_logger()
EVERY = timedelta(minutes=5)
_HEARTBEAT_SECONDS = 10


def running_time() -> float:
    """Return seconds by a clock that nobody sets, and that goes on while the machine sleeps where it can."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class AlarmClock:
    """Rings every five minutes until stopped."""

    def __init__(self, service: Service, running: Callable[[], float] = running_time) -> None:
        """Set the alarm; it rings from ``start`` on. The service's clock is compared with ``running``."""
        self._service = service.acting(Actor())
        self._watch = ClockWatch(running)
        self._watch.look(service.database, service.clock())
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._scheduler.add_job(
            self.ring,
            IntervalTrigger(seconds=int(EVERY.total_seconds()), timezone=UTC),
            next_run_time=service.clock(),
            coalesce=True,
            max_instances=1,
            # The default grace of one second skips runs on a busy host.
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Start; the first tick runs at once, in the background."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop; a running tick ends between two messages."""
        self._service.stop.ask()
        self._scheduler.shutdown(wait=True)

    def run_forever(self) -> None:
        """Start and block until somebody asks to stop."""
        self.start()
        self._service.stop.wait()
        self.stop()

    def ring(self) -> None:
        """Run one tick; what goes wrong is logged, and the next ring comes all the same."""
        try:
            self._watch.look(self._service.database, self._service.clock())
            tick(self._service)
        except RemindersError as error:
            log.warning("run stopped", reason=str(error))
        except Exception:
            log.exception("run failed")
        else:
            if not self._service.stop.is_made:
                self._follow_up()
        if not self._service.stop.is_made:
            send_alarm(self._service)

    def _follow_up(self) -> None:
        """Do what comes after a run that finished, whose clock was believed."""
        self._beat()
        try:  # once a day
            purge_daily(self._service)
        except Exception:
            log.exception("purge failed")

    def _beat(self) -> None:
        """Call HEARTBEAT_URL; however slow it answers, the next run is not kept waiting."""
        if url := self._service.settings.heartbeat_url:
            call = Thread(target=_call, args=(url,), daemon=True)
            call.start()
            call.join(_HEARTBEAT_SECONDS)


def _call(url: str) -> None:
    try:
        with urllib.request.urlopen(url, timeout=_HEARTBEAT_SECONDS):  # noqa: S310 - see settings  # nosec B310
            pass
    except (OSError, HTTPException, ValueError) as error:
        log.warning("heartbeat not delivered", reason=type(error).__name__)

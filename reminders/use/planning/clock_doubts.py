"""May the clock be believed? What does not fit stops every run until somebody answers, or the clock is right.

Three things do not fit: a gap of more than 45 days since the last planned day; a last planned day that lies
ahead of today by more than a day; a clock that went forward while a process was running (``ClockWatch``). A
downtime of up to 45 days is none of them. ``reminders tick --accept-clock`` answers all three, for every
process: question and answer stand in the database.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from structlog import get_logger

from email_templates.alarm import ClockQuestion
from reminders.errors import ClockError
from reminders.service import Service
from reminders.store import Connection, Database, installation, planned, setting_back
from reminders.use.watch.audit import record_act

log = get_logger()
MAX_GAP: Final = timedelta(days=45)
MAX_AHEAD: Final = timedelta(days=1)
MAX_JUMP: Final = timedelta(hours=1)
_ANSWER: Final = "If the clock is right, run: reminders tick --accept-clock"


def clock_question(connection: Connection, zone: ZoneInfo, now: datetime) -> ClockQuestion | None:
    """Return what does not fit about the clock, which shows ``now``; None: nothing."""
    jump, last, today = (
        installation.clock_jump(connection),
        planned.watermark(connection),
        now.astimezone(zone).date(),
    )
    if jump and now >= jump.after:
        return ClockQuestion("jump", jump.before.astimezone(zone), jump.after.astimezone(zone))
    if last and today > last + MAX_GAP:
        return ClockQuestion("gap", last, today)
    if last and last > today + MAX_AHEAD:
        return ClockQuestion("behind", last, today)
    return None


def open_question(service: Service) -> ClockQuestion | None:
    """Return what does not fit about a service's clock; None where it stands still for a rehearsal."""
    if service.rehearses:
        return None
    with service.database.read() as connection:
        return clock_question(connection, service.settings.zone, service.clock())


def clock_words(one: ClockQuestion) -> str:
    """Say what does not fit, for commands and programs."""
    if one.kind == "jump":
        before, after = f"{one.expected:%Y-%m-%d %H:%M}", f"{one.shown:%Y-%m-%d %H:%M}"
        return f"the clock went from {before} to {after} while the service was running"
    how = f"more than {MAX_GAP.days} days later" if one.kind == "gap" else "that lies behind it"
    return f"the last planned day is {one.expected}, the clock says {one.shown}: {how}"


def check_clock(service: Service, now: datetime, *, accept: bool) -> None:
    """Stop when the clock does not fit and nobody has accepted it; ``accept`` is the answer, given once.

    Raises ``ClockError``: planning 400 days at once would mail what no one meant. What a clock that was ahead
    has planned is taken back at the answer, so that its days are planned when they come.
    """
    database, zone = service.database, service.settings.zone
    with database.read() as connection:
        question, last = clock_question(connection, zone, now), planned.watermark(connection)
    if question and not accept:
        raise ClockError(f"{clock_words(question)}. {_ANSWER}")
    if not accept:
        return
    today = now.astimezone(zone).date()
    with database.write() as connection:
        installation.close_clock_question(connection)
        if last and last > today:
            setting_back.take_back_ahead(connection, today, now)
            log.warning(
                "what was planned ahead of the clock is taken back", planned=str(last), today=str(today)
            )
        if question:
            record_act(connection, service, "clock-accepted", subject=question.kind)


class ClockWatch:
    """Compares, from run to run of one process, the clock with one that nobody sets (``running``, seconds).

    ``running`` goes on while the machine sleeps, so that waking up is no jump.
    """

    def __init__(self, running: Callable[[], float]) -> None:
        self._running = running
        self._last: tuple[datetime, float] | None = None
        self._asked = False

    def look(self, database: Database, now: datetime) -> None:
        """Ask about a clock that went ahead; take the question back when it is right again."""
        running = self._running()
        since, then = self._last or (now, running)
        expected = since + timedelta(seconds=running - then)
        jumped = now - expected > MAX_JUMP
        if jumped and not self._asked:
            log.error("the clock went ahead", expected=str(expected), shown=str(now))
            with database.write() as connection:
                installation.ask_about_clock(connection, expected, now)
            self._asked = True
            return
        if jumped:
            with database.read() as connection:
                if installation.clock_jump(connection):
                    return  # not answered yet
        elif self._asked:
            with database.write() as connection:
                installation.close_clock_question(connection)
        self._last, self._asked = (now, running), False

"""A clock that does not fit: it stops every run, says so, and goes on when answered or right again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from reminders.delivery import MemoryTransport
from reminders.errors import ClockError
from reminders.scheduler import AlarmClock, running_time
from reminders.settings import Settings
from reminders.store import Database, installation, watch
from reminders.use.planning.clock_doubts import MAX_JUMP, ClockWatch, clock_question
from reminders.use.watch import alarm as alarms
from reminders.use.watch.alarm import send_alarm, troubles
from reminders.use.watch.doctor import examine, health
from tests.use.office import FIRST, MAILS, Office, at, body, parsed

SETTINGS = Settings(alarm_smtp_url="smtp://other.example", alarm_to="it@vaasa.example")
SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
GAP = "\N{NO-BREAK SPACE}"
NOON = datetime(2025, 12, 1, 12, tzinfo=UTC)
MINUTES = timedelta(minutes=5)


class Machine:
    """A machine with a clock that people set and one that they cannot set."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now, self.seconds = now, 1000.0

    def passes(self, time: timedelta, *, step: timedelta = timedelta(0)) -> None:
        """Let time pass; the clock is set by a ``step`` meanwhile."""
        self.seconds += time.total_seconds()
        self.now += time + step


def jump_of(database: Database) -> installation.ClockJump | None:
    """The question that stands."""
    with database.read() as connection:
        return installation.clock_jump(connection)


@pytest.mark.parametrize(
    ("time", "step", "asks"),
    [
        (MINUTES, timedelta(0), False),
        (MINUTES, MAX_JUMP, False),
        (MINUTES, MAX_JUMP + timedelta(seconds=1), True),
        (MINUTES, timedelta(days=400), True),
        (MINUTES, timedelta(days=-3), False),  # the last planned day tells
        (timedelta(days=3), timedelta(0), False),  # asleep, with a clock that goes on
        (timedelta(days=3), timedelta(hours=2), True),
    ],
)
def test_a_clock_that_outruns_the_other_is_asked_about(
    database: Database, time: timedelta, step: timedelta, asks: bool
) -> None:
    """By more than an hour, between two runs of one process."""
    machine = Machine()
    watcher = ClockWatch(lambda: machine.seconds)
    watcher.look(database, machine.now)
    machine.passes(time, step=step)
    watcher.look(database, machine.now)
    found = jump_of(database)
    assert found == (installation.ClockJump(NOON + time, NOON + time + step) if asks else None)


@SQLITE
def test_small_steps_are_taken_one_by_one(database: Database) -> None:
    """A clock that drifts by minutes is corrected again and again: nobody is asked."""
    machine = Machine()
    watcher = ClockWatch(lambda: machine.seconds)
    for _ in range(100):
        watcher.look(database, machine.now)
        machine.passes(MINUTES, step=timedelta(minutes=3))
    assert jump_of(database) is None


@SQLITE
def test_a_clock_that_is_set_right_again_answers_itself(database: Database) -> None:
    """The question is taken back, and the next jump is asked about."""
    machine = Machine()
    watcher = ClockWatch(lambda: machine.seconds)
    for step, asks in ((0, False), (5, True), (0, True), (-5, False), (0, False), (2, True)):
        machine.passes(MINUTES, step=timedelta(hours=step))
        watcher.look(database, machine.now)
        assert (jump_of(database) is not None) is asks


def test_a_question_stops_every_process_until_it_is_answered(office: Office) -> None:
    """The process that saw the jump, and any other; the answer is for all of them, given once."""
    machine = Machine(at(FIRST) - MINUTES)
    service = replace(office.service(FIRST), clock=lambda: machine.now, settings=SETTINGS)
    clock = AlarmClock(service, lambda: machine.seconds)
    machine.passes(MINUTES, step=timedelta(hours=2))
    clock.ring()
    assert (office.counts(), office.envelopes) == ({}, [])
    with pytest.raises(ClockError) as raised:
        office.tick("2025-12-01T11:05")
    assert str(raised.value) == (
        "the clock went from 2025-12-01 09:00 to 2025-12-01 11:00 while the service was running. "
        "If the clock is right, run: reminders tick --accept-clock"
    )
    machine.passes(MINUTES)
    clock.ring()
    assert office.counts() == {}
    assert office.tick("2025-12-01T11:06", accept_clock=True).outcomes == {"sent": MAILS}
    machine.passes(timedelta(days=1))
    clock.ring()
    assert jump_of(office.database) is None
    assert office.look("run", "finished_at")[-1] == machine.now


def test_the_clock_that_nobody_sets_goes_on() -> None:
    """It is the machine's own, in seconds."""
    first = running_time()
    assert running_time() >= first > 0


AHEAD, BACK = "2026-01-12T09:00", "2025-12-03T09:00"


def test_a_last_day_that_lies_ahead_is_an_alarm_and_is_answered(started: Office) -> None:
    """A clock was 40 days ahead, unasked after a downtime, and is right again: it stops, says so, goes on."""
    here, route = Office(started.database, SETTINGS), MemoryTransport()
    here.tick(AHEAD)
    assert send_alarm(here.service("2026-01-20T12:00"), lambda _: route)  # a turn that is taken far ahead
    with pytest.raises(ClockError) as raised:
        here.tick(BACK)
    assert str(raised.value) == (
        "the last planned day is 2026-01-12, the clock says 2025-12-03: that lies behind it. "
        "If the clock is right, run: reminders tick --accept-clock"
    )
    service = here.service("2025-12-03T09:05")
    assert send_alarm(service, lambda _: route)
    text = body(parsed(route.envelopes[-1].raw))
    assert "Muistutuksia on käsitelty jo päivältä 12.1.2026, mutta palvelun kello näyttää päivää" in text
    assert health(service).reason == str(raised.value).partition(". If")[0]
    assert [one.state for one in examine(service) if one.name == "clock"] == ["fails"]
    here.tick(BACK, accept_clock=True)
    assert troubles(here.service("2025-12-03T09:10")).clock is None
    assert here.look("planned_day", "local_date") == [date(2025, 12, day) for day in (1, 2, 3)]
    for day in ("2025-12-22", "2026-01-12", "2026-01-13"):
        here.tick(f"{day}T09:00")
    mailed = Counter(here.look("reminder", "occurrence_id", "sequence", "stage", "recipient", state="sent"))
    assert set(mailed.values()) == {1}
    keys = Counter(here.look("digest", "recipient", "local_date", "version"))
    assert set(keys.values()) == {1}


@SQLITE
def test_what_a_clock_ahead_has_left_waiting_goes_on(started: Office) -> None:
    """A mail put off, a channel at rest, a day's purge: none of them waits for the day that was shown."""
    later = at("2026-01-12T10:00")
    started.hold(held=True)
    started.tick(AHEAD)
    with started.database.write() as connection:
        watch.set_breaker(connection, "smtp", 3, later, "down")
        assert watch.claim_turn(connection, watch.PURGE, later, later + timedelta(days=1))
        connection.exec_driver_sql("UPDATE outbox SET state = 'queued', ambiguous = 1 WHERE id = 1")
        connection.exec_driver_sql("UPDATE outbox SET next_at = '2026-01-12 08:00:00.000000' WHERE id = 1")
    started.hold(held=False)
    started.tick(BACK, accept_clock=True)
    with started.database.read() as connection:
        assert watch.breaker(connection, "smtp")[1] == at(BACK)
    assert started.look("outbox", "state")[0] == "sent"
    with started.database.write() as connection:
        assert watch.claim_turn(connection, watch.PURGE, at(BACK), at(BACK) + timedelta(hours=15))


@pytest.mark.parametrize(
    ("last", "now", "kind"),
    [
        ("2025-12-01T09:00", "2025-11-30T09:00", ""),  # a day back: nothing is planned, nobody is asked
        ("2025-12-01T09:00", "2025-11-29T23:59", "behind"),
        ("2025-12-01T09:00", "2026-01-15T09:00", ""),
        ("2025-12-01T09:00", "2026-01-16T09:00", "gap"),
        ("2025-12-01T09:00", "1970-01-01T02:00", "behind"),
    ],
)
@SQLITE
def test_how_far_off_a_clock_may_be(office: Office, last: str, now: str, kind: str) -> None:
    """45 days ahead and one day back."""
    office.tick(last)
    with office.database.read() as connection:
        found = clock_question(connection, SETTINGS.zone, at(now))
    assert (found.kind if found else "") == kind
    assert timedelta(hours=1) == alarms.GRACE

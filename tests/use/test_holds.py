"""A held programme: nothing leaves, nothing is lost, and after its release the newest stage goes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from reminders.delivery import MemoryTransport
from reminders.letters.retry import Outcome
from reminders.store import programmes as repository
from reminders.use.tick import Result
from schedule_rules.programme import Programme
from tests.use.office import FIRST, MAILS, Office, at, days

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
NOTHING = Result(0, {}, may_send=True)


def test_a_held_programme_does_not_start(office: Office) -> None:
    """Days go by and are planned, no mail is made; it starts with the run after its release."""
    office.hold(held=True)
    assert [office.tick(FIRST), office.tick("2025-12-02T09:00")] == [NOTHING] * 2
    assert (office.look("reminder", "id"), office.look("programme", "started_on")) == ([], [None])
    office.hold(held=False)
    assert office.tick("2025-12-02T11:00") == Result(MAILS, {"sent": MAILS}, may_send=True)
    assert days(office.look("programme", "started_on")) == ["2025-12-02"]


def test_what_came_due_meanwhile_goes_after_the_release(started: Office) -> None:
    """Planned day by day, superseded by the newer stage, and sent in one mail a recipient."""
    started.hold(held=True)
    times = ("2025-12-15T09:00", "2025-12-22T09:00", "2026-01-07T09:00")
    assert [started.tick(when) for when in times] == [NOTHING] * 3
    waiting = Counter(started.look("reminder", "state"))
    started.hold(held=False)
    before = len(started.envelopes)
    result = started.tick("2026-01-08T09:00")
    recipients = [one.recipient for one in started.envelopes[before:]]
    assert (result.composed, len(set(recipients))) == (len(recipients), len(recipients))
    due = started.look("reminder", "occurrence_id", "recipient", "due_on", "ordinal", "state")
    stages: dict[tuple[str, str], list[tuple[object, int, str]]] = {}
    for row in due:
        if str(row[2]) > "2025-12-01":
            stages.setdefault((row[0], row[1]), []).append(row[2:])
    last = [max(rows) for rows in stages.values()]
    assert {row[2] for row in last} <= {"sent", "planned"}
    assert {row[2] for rows in stages.values() for row in sorted(rows)[:-1]} == {"superseded"}
    assert (
        Counter(row[2] for row in last)["sent"] + Counter(row[2] for row in last)["planned"]
        == waiting["planned"]
    )


class Down(MemoryTransport):
    """A channel that is closed."""

    def deliver(self, envelope: object, on_dot: object) -> Outcome:
        """Refuse to open."""
        return Outcome("no-answer", "connect", 0, "connection refused")


@SQLITE
def test_mail_that_was_composed_before_the_hold_waits_too(office: Office) -> None:
    """Queued messages do not leave while their programme is held, and cost no attempt; then all go."""
    office.transport = Down()
    assert office.tick(FIRST).outcomes == {"queued": 1}
    office.transport = MemoryTransport()
    office.hold(held=True)
    assert [office.tick(f"2025-12-01T{hour}:00").outcomes for hour in (10, 11)] == [{"held": MAILS}] * 2
    assert (office.envelopes, set(office.look("outbox", "state", "attempts"))) == ([], {("queued", 0)})
    office.hold(held=False)
    assert office.tick("2025-12-01T12:00").outcomes == {"sent": MAILS}


@SQLITE
def test_a_hold_of_another_programme_holds_nothing_back(office: Office, vaasa: Programme) -> None:
    """Mails about released programmes go."""
    other = replace(vaasa, key="other")
    with office.database.write() as connection:
        repository.save_programme(connection, other, built_in=False, held=True, now=at(FIRST))
    assert office.tick(FIRST).outcomes == {"sent": MAILS}

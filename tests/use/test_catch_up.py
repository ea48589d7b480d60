"""Days without the service: on its return one mail a recipient, each item once, in its newest stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from reminders.store import Connection, Database, outbox, planned
from reminders.store.outbox import Frozen
from reminders.use.mail import compose
from reminders.use.programme.settings import SettingChange, change_setting
from tests.use.office import FIRST, VAASA, Office, body, parsed

ESCALATIONS = 1000
"""From here on a reminder's place in its occurrence is one of its escalations."""
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("last", "back", "composed"),
    [
        ("2026-01-19", "2026-01-20", 4),  # 1 day
        ("2026-01-16", "2026-01-19", 0),  # 3 days
        ("2026-01-12", "2026-01-22", 50),  # 10 days
        ("2025-12-12", "2026-01-21", 50),  # 40 days
    ],
)
def test_on_return_there_is_one_mail_a_recipient(
    started: Office, last: str, back: str, composed: int
) -> None:
    """Every day between is planned once; of the stages missed the newest is mailed, the others never."""
    for day in dict.fromkeys((*(day for day in ("2025-12-22", "2026-01-12") if day < last), last)):
        started.tick(f"{day}T09:00")
    before = len(started.envelopes)
    result = started.tick(f"{back}T09:00")
    recipients = [one.recipient for one in started.envelopes[before:]]
    assert (result.composed, len(set(recipients))) == (composed, composed)
    assert len(recipients) == composed
    assert_newest_only(started, date.fromisoformat(last), date.fromisoformat(back))
    planned = started.look("planned_day", "local_date")
    first, end = date(2025, 12, 1), date.fromisoformat(back)
    assert planned == [first + timedelta(days=n) for n in range((end - first).days + 1)]


def assert_newest_only(office: Office, last: date, back: date) -> None:
    """Of what came due after ``last`` each item went to each address at most once, as its newest stage."""
    names = ("occurrence_id", "recipient", "due_on", "ordinal", "state")
    stages: dict[tuple[str, str], list[tuple[date, int, str]]] = {}
    for row in office.look("reminder", *names):
        if last < row[2] <= back:
            stages.setdefault(row[:2], []).append(row[2:])
    states = Counter(row[2] for rows in stages.values() for row in sorted(rows)[:-1])
    assert set(states) <= {"superseded"}
    # "cancelled": of an escalation whose unit has not had its sending days; it counts anew.
    kept_back = {rows for rows in map(max, stages.values()) if rows[2] == "cancelled"}
    assert all(order >= ESCALATIONS for _, order, _ in kept_back)
    assert {max(rows)[2] for rows in stages.values()} <= {"sent", "planned", "cancelled"}


def test_an_interrupted_catch_up_goes_on_where_it_stopped(
    started: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after half of the days, the next run plans the other half; the mails are the same."""
    whole = planned.set_planned

    def dies(connection: Connection, day: date, now: datetime, rule_version: str) -> None:
        if day == date(2025, 12, 24):
            raise KeyboardInterrupt
        whole(connection, day, now, rule_version)

    monkeypatch.setattr(planned, "set_planned", dies)
    with pytest.raises(KeyboardInterrupt):
        started.tick("2026-01-12T09:00")
    assert str(started.look("planned_day", "local_date")[-1]) == "2025-12-23"
    monkeypatch.undo()
    assert started.tick("2026-01-12T09:00").composed == 38


def test_runs_that_die_between_two_mails_lose_none(
    office: Office, monkeypatch: pytest.MonkeyPatch, new_url: Callable[[str], str]
) -> None:
    """Killed after ten letters were frozen at once, the next writes the other 28 as the first would have."""
    whole = outbox.enqueue
    monkeypatch.setattr(compose, "AT_ONCE", 10)
    made: list[str] = []

    def dies(
        connection: Connection, digest_id: int, message: Frozen, now: datetime, expires_at: datetime
    ) -> int:
        if len(made) == 10:
            raise KeyboardInterrupt
        made.append(message.rcpt)
        return whole(connection, digest_id, message, now, expires_at)

    monkeypatch.setattr(outbox, "enqueue", dies)
    with pytest.raises(KeyboardInterrupt):
        office.tick(FIRST)
    assert (len(office.look("digest", "id")), office.counts()) == (10, {"queued": 10})
    monkeypatch.undo()
    result = office.tick("2025-12-01T09:05")
    assert (result.composed, result.outcomes) == (28, {"sent": 38})
    undisturbed = Office(Database(new_url("loaded")))
    undisturbed.tick(FIRST)
    texts = [
        {one.recipient: body(parsed(one.raw)) for one in place.envelopes} for place in (office, undisturbed)
    ]
    assert texts[0] == texts[1]
    assert len(office.envelopes) == len(texts[0]) == 38
    undisturbed.database.close()


def test_another_past_review_date_asks_nobody_again(started: Office) -> None:
    """After the heads were told: whoever answered has, and neither unit nor head hears a second time."""

    def reviews() -> list[tuple[str, str, str]]:
        found = started.look("reminder", "occurrence_id", "stage", "recipient")
        return sorted(one for one in found if one[0].endswith(":review:2025"))

    started.answer("2025-12-01T12:00", f"{VAASA}:health-dark-season-webinar:review:2025", "on-track")
    for day in ("2025-12-16", "2026-01-07", "2026-01-13"):
        started.tick(f"{day}T09:00")
    before = reviews()
    assert {stage for _, stage, _ in before} == {"first-start", "P30D", "escalation"}
    change = SettingChange(VAASA, "review", "11-15", "secretary")
    change_setting(started.service("2026-01-13T12:00"), change)
    started.tick("2026-01-14T09:00")
    assert reviews() == before

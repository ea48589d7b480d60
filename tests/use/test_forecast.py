"""The forecast equals, item by item, what ticking day by day sends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from reminders.delivery import MemoryTransport
from reminders.planning.mails import Mail as Mail_mails
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import Database, delivery_log
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.use.planning.preview import forecast_window
from reminders.use.programme.store_programme import make_ready
from reminders.use.tick import tick
from schedule_rules.days import Span
from tests.use.office import envelopes

HELSINKI = ZoneInfo("Europe/Helsinki")
Mail = tuple[date, str, str, str, tuple[tuple[str, str, str], ...]]


class Clock:
    """A clock that a test moves."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def make_service(folder: Path, now: datetime) -> tuple[Service, Clock]:
    """Return a service on a new database, and its clock."""
    settings = Settings(database_url=f"sqlite:///{folder}/reminders.db", mail_folder=folder / "mail")
    database, clock = Database(settings.database_url), Clock(now)
    make_ready(database, now, held=False)
    return Service(settings, database, cache(MemoryTransport), "s" * 32, clock, lambda _: None), clock


def run_days(service: Service, clock: Clock, window: Span) -> None:
    """Tick once at nine on each day."""
    day = window.first
    while day <= window.last:
        clock.now = datetime(day.year, day.month, day.day, 9, 0, tzinfo=HELSINKI)
        tick(service)
        day += timedelta(days=1)


def sent(service: Service, window: Span) -> list[Mail]:
    """Return the mails of some days as the log has them."""
    with service.database.read() as connection:
        entries = delivery_log.log_entries(connection)
    return [
        (
            one.day,
            one.to,
            one.language,
            one.kind,
            tuple((item["occurrence"], item["stage"], item["reason"]) for item in one.items),
        )
        for one in entries
        if one.day in window
    ]


def foreseen(drafts: Iterator[Mail_mails]) -> list[Mail]:
    """Return drafts as comparable values."""
    return [
        (
            draft.day,
            draft.recipient,
            draft.language,
            draft.kind,
            tuple((item.occurrence, item.stage, item.reason) for item in draft.items),
        )
        for draft in drafts
    ]


def predict(service: Service, window: Span) -> list[Mail]:
    """Return the forecast of some days."""
    with service.database.read() as connection:
        return foreseen(forecast_window(connection, window))


def test_a_year_on_a_new_database(tmp_path: Path) -> None:
    """From nothing, the forecast of 2025 is what ticking through every day of 2025 sends."""
    window = Span(date(2025, 1, 1), date(2025, 12, 31))
    service, clock = make_service(tmp_path, datetime(2025, 1, 1, tzinfo=UTC))
    before = predict(service, window)
    run_days(service, clock, window)
    assert sent(service, window) == before
    assert len(before) > 400
    assert len(envelopes(service)) == len(before)


def test_from_the_middle_of_a_run(tmp_path: Path) -> None:
    """A forecast that starts from what is stored, answers and unsent reminders included, comes true."""
    service, clock = make_service(tmp_path, datetime(2024, 11, 25, tzinfo=UTC))
    run_days(service, clock, Span(date(2024, 11, 25), date(2025, 1, 7)))
    record_answer(service, AnswerGiven("vaasa-2023-2026:work-digihyva-juttu:milestone:end", "late"))
    record_answer(service, AnswerGiven("vaasa-2023-2026:work-open-digital-points:milestone:end", "done"))
    window = Span(date(2025, 1, 8), date(2025, 4, 30))
    before = predict(service, window)
    run_days(service, clock, window)
    assert sent(service, window) == before
    late, done = (
        {
            item[1]
            for mail in before
            for item in mail[4]
            if item[0] == f"vaasa-2023-2026:{action}:milestone:end"
        }
        for action in ("work-digihyva-juttu", "work-open-digital-points")
    )
    # Late after the date holds for thirty days; then it is asked about as at a first start.
    assert (late, done) == ({"digest", "first-start", "P30D", "escalation"}, set())


@pytest.mark.parametrize("gap", [1, 3, 10, 40])
def test_after_a_gap(tmp_path: Path, gap: int) -> None:
    """After the service was down, the first day back mails what the forecast of that day said."""
    service, clock = make_service(tmp_path, datetime(2025, 1, 7, 7, tzinfo=UTC))
    tick(service)
    back = date(2025, 1, 7) + timedelta(days=gap)
    window = Span(back, back + timedelta(days=20))
    before = predict(service, window)
    run_days(service, clock, window)
    assert sent(service, window) == before
    recipients = [(mail[0], mail[1]) for mail in before]
    assert len(recipients) == len(set(recipients))


def test_what_is_past_is_not_foreseen(tmp_path: Path) -> None:
    """Days before the last planned one have no mail in the forecast: a tick would send none."""
    service, clock = make_service(tmp_path, datetime(2025, 1, 7, 7, tzinfo=UTC))
    run_days(service, clock, Span(date(2025, 1, 7), date(2025, 1, 10)))
    before = predict(service, Span(date(2025, 1, 1), date(2025, 1, 31)))
    assert {mail[0] for mail in before} == {
        mail[0] for mail in predict(service, Span(date(2025, 1, 10), date(2025, 1, 31)))
    }
    assert min(mail[0] for mail in before) > date(2025, 1, 10)

"""How long a message is tried: five windows of sending days, whatever lies between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from reminders.letters.patience import Window, patience_ends
from reminders.settings import Settings
from reminders.use.planning.sending_times import SendingTimes


def windows(*days: int, opens: int = 7, closes: int = 16) -> Iterator[Window]:
    """The windows of some days of January 2026."""
    for day in days:
        yield datetime(2026, 1, day, opens, tzinfo=UTC), datetime(2026, 1, day, closes, tzinfo=UTC)


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of January 2026."""
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "days", "ends"),
    [
        (on(12, 7), range(12, 20), on(16, 16)),  # five whole windows
        (on(12, 9), range(12, 20), on(17, 9)),  # two hours of the first are over: two of the sixth make up
        (on(12, 5), range(12, 20), on(16, 16)),  # before it opens no time passes
        (on(12, 15, 59), range(12, 20), on(17, 15, 59)),  # a minute before it closes
        (on(12, 18), range(12, 20), on(17, 16)),  # after it has closed
        (on(12, 9), (12, 26, 27, 28, 29, 30, 31), on(30, 9)),  # a fortnight without a sending day
        (on(12, 9), (12, 13, 16, 17, 20, 21), on(21, 9)),  # long weekends
        (on(12, 9), (12, 13, 14, 15, 16), None),  # too few
        (on(12, 9), (), None),
    ],
)
def test_five_windows_are_waited_for(since: datetime, days: range, ends: datetime | None) -> None:
    """Only open window counts."""
    assert patience_ends(since, windows(*days)) == ends


@pytest.mark.parametrize(
    ("since", "ends"),
    [
        ("2025-12-22T09:00", "2026-01-13T09:00"),  # the quiet period until Epiphany between
        ("2026-06-30T09:00", "2026-08-07T09:00"),  # July
        ("2026-04-02T09:00", "2026-04-13T09:00"),  # Easter, from Good Friday to Easter Monday
        ("2026-03-26T09:00", "2026-04-02T09:00"),  # the night in which clocks go forward
        ("2026-10-22T09:00", "2026-10-29T09:00"),  # the night in which they go back
    ],
)
def test_the_days_between_are_those_without_mail(since: str, ends: str) -> None:
    """By the service's own window, 7 to 16, on the sending days of Vaasa."""
    settings = Settings()
    times = SendingTimes(settings, {})
    found = times.patience_ends(datetime.fromisoformat(since).replace(tzinfo=settings.zone), ["town"])
    assert found.astimezone(settings.zone).replace(tzinfo=None).isoformat(timespec="minutes") == ends

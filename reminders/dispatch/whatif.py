"""What a change would do to the mails of the coming months: done, forecast, and taken back."""

from __future__ import annotations

from collections.abc import Callable

from reminders.difference import Difference, difference
from reminders.dispatch.rehearse import forecast_window
from reminders.dispatch.tick import Service
from reminders.store import Connection
from schedule_rules.days import Span


def what_if(service: Service, change: Callable[[Connection], object], window: Span) -> Difference:
    """Return how ``change`` would alter the mails within ``window``; nothing stays stored.

    The change is what its use case does inside its transaction, so that the answer is what
    saving would bring about. Errors of the change come through.
    """
    with service.database.trial() as connection:
        before = tuple(forecast_window(connection, window))
        change(connection)
        after = tuple(forecast_window(connection, window))
    return difference(before, after)

"""A change is tried out: what it would do is what it then does, and trying leaves nothing behind."""

from __future__ import annotations

from datetime import date

import pytest

from reminders.errors import UsageError
from reminders.planning.forecast import difference
from reminders.use.planning.preview import forecast_window, what_if
from reminders.use.programme.correct import CorrectionDecision, correct_action, enter_correction
from schedule_rules.days import Span
from tests.use.office import FIRST, Office

WINDOW = Span(date(2025, 12, 1), date(2026, 11, 30))
ACTION = "work-job-coaching"


def forecast(office: Office) -> tuple[object, ...]:
    """Return the forecast of the window."""
    with office.database.read() as connection:
        return tuple(forecast_window(connection, WINDOW))


def test_what_would_change_is_what_then_changes(office: Office) -> None:
    """A continuous action that gets an end: the difference foretold equals that of the forecasts."""
    decision = CorrectionDecision(ACTION, "schedule", "2025–2026", "secretary@x.example")
    service = office.service(FIRST)
    before, rows = forecast(office), office.dump()
    told = what_if(service, lambda connection: enter_correction(connection, service, decision), WINDOW)
    assert (forecast(office), office.dump()) == (before, rows)
    correct_action(service, decision)
    assert told == difference(before, forecast(office))  # type: ignore[arg-type]
    assert told.count > 0


def test_an_error_of_the_change_comes_through_and_nothing_stays(office: Office) -> None:
    """A wording that cannot be read is refused as when it is saved."""
    rows, service = office.dump(), office.service(FIRST)
    wrong = CorrectionDecision(ACTION, "schedule", "soonish", "secretary@x.example")
    with pytest.raises(UsageError):
        what_if(service, lambda connection: enter_correction(connection, service, wrong), WINDOW)
    assert office.dump() == rows

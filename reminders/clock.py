"""The civil clock: an instant as the programme's people see it, on their calendar day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from reminders.settings import Settings


@dataclass(frozen=True)
class CivilTime:
    """An instant as the programme's people see it, with its civil date."""

    instant: datetime
    day: date


def civil_time(settings: Settings, now: datetime) -> CivilTime:
    """Read the clock in the service's time zone. When mail may go: ``use.planning.sending_times``."""
    return CivilTime(now, now.astimezone(settings.zone).date())


def tomorrow(settings: Settings, now: datetime) -> datetime:
    """Return the next midnight in the service's time zone."""
    return datetime.combine(now.astimezone(settings.zone).date() + timedelta(days=1), time(), settings.zone)

"""The civil clock: an instant as the programme's people see it, on their calendar day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from reminders.settings import Settings
from schedule_rules.workdays import standard_workdays


@dataclass(frozen=True)
class CivilTime:
    """An instant as the programme's people see it: civil date, and whether mail may go out now."""

    instant: datetime
    day: date
    may_send: bool
    may_compose: bool


def civil_time(settings: Settings, now: datetime) -> CivilTime:
    """Read the clock in the service's time zone.

    Mail goes out on sending days inside MAIL_WINDOW; a date is composed from
    TICK_AT on (design: delivery.md, transaction 1).
    """
    here = now.astimezone(settings.zone)
    opens, closes = settings.mail_window
    may_send = standard_workdays().is_sending_day(here.date()) and opens <= here.time() < closes
    return CivilTime(now, here.date(), may_send, may_send and here.time() >= settings.tick_at)

"""Local times on the days on which the clock is changed: one that is skipped, one that comes twice.

A time that comes twice is its first occurrence (RFC 5545 section 3.3.5), as in ``zoneinfo``; ical.js
and libical show the same local time and mean the second. One that is skipped is read differently by
each (sections 3.3.5 and 3.3.10 disagree), so no series may have it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from schedule_rules.kept import PEOPLE, event_rule, instances
from schedule_rules.programme import KeptSeries
from schedule_rules.rule import EventRule, expand


def skips(moment: datetime, zone: str) -> bool:
    """Tell whether the clock of ``zone`` skips a naive local time when it is put forward."""
    aware = moment.replace(tzinfo=ZoneInfo(zone))
    return aware.astimezone(UTC).astimezone(aware.tzinfo).replace(tzinfo=None) != moment


def skipped(kept: KeptSeries, zone: str) -> datetime | None:
    """Return the first local time that the clock skips and at which a date would begin or end.

    The times that the rule gives count too where a date was moved or taken out: RECURRENCE-ID and
    EXDATE name them.
    """
    rule = event_rule(kept, PEOPLE)
    found = sorted(moment for moment in _moments(rule) if skips(moment, zone)) if rule else []
    return found[0] if found else None


def _moments(rule: EventRule) -> Iterator[datetime]:
    usual = rule.recurrence
    if usual.at is not None:
        for day in expand(replace(usual, exdates=())):
            yield datetime.combine(day, usual.at)
    for one in instances(rule):
        if one.at is not None:
            begins = datetime.combine(one.day, one.at)
            yield begins
            yield begins + timedelta(minutes=one.minutes)

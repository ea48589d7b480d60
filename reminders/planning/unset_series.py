"""Series whose dates nobody has set and that are too frequent to assume them: they wait for their units.

Pure. Such a series has no occurrences and stands in no calendar. For each year of it there is one row by
which its unit is asked, at the first start and each January; it is worked out, never stored, and its date is
the last day of the year, by when an answer is of use. Once somebody has set days it is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from schedule_rules.derive import derive
from schedule_rules.occurrence import Occurrence, OccurrenceID
from schedule_rules.programme import Programme
from schedule_rules.rule import EventRule


@lru_cache(maxsize=8)
def unset_series(programme: Programme) -> Mapping[str, Occurrence]:
    """Return the rows by which units are asked for the dates of a year, by id."""
    rows = [
        _row(programme, rule, year)
        for rule in derive(programme).rules
        if isinstance(rule, EventRule) and not rule.announced
        for year in _years(programme, rule)
    ]
    return {str(row.id): row for row in rows}


def _years(programme: Programme, rule: EventRule) -> range:
    last = min(rule.recurrence.until or programme.period.last, programme.period.last)
    return range(rule.recurrence.dtstart.year, last.year + 1)


def _row(programme: Programme, rule: EventRule, year: int) -> Occurrence:
    action, day = programme.action_by_id[rule.action], date(year, 12, 31)
    day = min(day, rule.recurrence.until or day)
    return Occurrence(
        id=OccurrenceID.of_event(programme.key, rule.action, rule.name, day),
        due=day,
        title=rule.title or action.title,
        organisations=action.leads_on(day),
        status="tentative",
        basis=rule.basis,
        year=year,
    )

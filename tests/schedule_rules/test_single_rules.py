"""A rule that Outlook drops, said by rules that it holds."""

from __future__ import annotations

from datetime import date

import pytest

from schedule_rules.recurrence import rule_problem, single_rules
from schedule_rules.rule import RecurrenceSet, expand


@pytest.mark.parametrize(
    ("rrule", "parts"),
    [
        ("FREQ=MONTHLY;BYDAY=2TH,4TH", ("FREQ=MONTHLY;BYDAY=2TH", "FREQ=MONTHLY;BYDAY=4TH")),
        (
            "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1,15",
            ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=15"),
        ),
        (
            "FREQ=YEARLY;BYMONTH=5,11;BYDAY=2TH",
            ("FREQ=YEARLY;BYMONTH=5;BYDAY=2TH", "FREQ=YEARLY;BYMONTH=11;BYDAY=2TH"),
        ),
        ("FREQ=MONTHLY;BYDAY=2TH", ()),
        ("FREQ=WEEKLY;BYDAY=TU,TH", ()),
        ("FREQ=MONTHLY;BYDAY=1TH,5TH", ()),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1", ()),
        ("FREQ=YEARLY;BYYEARDAY=1,100", ()),
    ],
)
def test_single_rules(rrule: str, parts: tuple[str, ...]) -> None:
    """Each part is one that every calendar holds; together they give the dates of the rule, no other."""
    assert single_rules(rrule) == parts
    assert not any(rule_problem(one) for one in parts)
    first, last = date(2025, 1, 1), date(2028, 12, 31)
    if parts:
        together = {day for one in parts for day in expand(RecurrenceSet(first, one, last))}
        assert together == set(expand(RecurrenceSet(first, rrule, last)))

"""Rules that every calendar holds, those that Outlook drops, and the phase of an interval."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from schedule_rules.edited_series import dates_of
from schedule_rules.programme import EditedSeries
from schedule_rules.recurrence import is_frequent, rule_problem
from schedule_rules.series_edits import EditScope, phases, rewritten

HELD = (
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;BYDAY=MO,TU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO",
    "FREQ=MONTHLY;BYMONTHDAY=15",
    "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1",
    "FREQ=MONTHLY;BYDAY=3SU",
    "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1TH",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=10",
    "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=31",
    "FREQ=YEARLY;BYMONTH=6;BYDAY=3SU",
    # MS-OXCICAL 2.1.3.2.2.5: "The 15th day of March, every 3 years".
    "FREQ=YEARLY;INTERVAL=3;BYMONTH=3;BYMONTHDAY=15",
)
REFUSED = {
    "FREQ=HOURLY": "as-dates",
    "FREQ=MONTHLY;BYMONTHDAY=1,15": "as-dates",
    "FREQ=MONTHLY;BYDAY=2TH,4TH": "as-dates",
    "FREQ=MONTHLY;BYDAY=5MO": "as-dates",
    "FREQ=MONTHLY;BYDAY=-2FR": "as-dates",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1": "as-dates",
    "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13": "as-dates",
    "FREQ=YEARLY;BYYEARDAY=100": "as-dates",
    "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO": "as-dates",
    "FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1": "as-dates",
    "FREQ=YEARLY;BYDAY=20MO": "as-dates",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=SU": "as-dates",
    "FREQ=DAILY;INTERVAL=2;BYDAY=MO": "as-dates",
    "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR": "as-weekly",
    "FREQ=MONTHLY;BYDAY=TH": "as-weekly",
    "FREQ=WEEKLY;BYDAY=TH;BYMONTH=1,2": "as-pauses",
    "FREQ=MONTHLY;BYDAY=2TH;BYMONTH=1,2": "as-pauses",
    "FREQ=MONTHLY;BYMONTHDAY=31": "as-last",
    "FREQ=MONTHLY;BYMONTHDAY=30": "as-last",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29": "as-last",
    "FREQ=WEEKLY;BYDAY=2TH": "rule",
    "FREQ=WEEKLY;BYDAY=XX": "rule",
    "FREQ=MONTHLY;INTERVAL=0;BYDAY=2TH": "rule",
    "FREQ=MONTHLY;COUNT=3": "as-until",
    "FREQ=WEEKLY;FREQ=WEEKLY": "rule",
    "BYDAY=MO": "rule",
    "nonsense": "rule",
}
FORTNIGHT = EditedSeries(
    "a", "2week", date(2025, 1, 1), date(2026, 12, 31), "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE"
)


@pytest.mark.parametrize("rrule", HELD)
def test_outlook_holds_it(rrule: str) -> None:
    """The six templates of MS-OXCICAL section 2.1.3.2.2, with an interval."""
    assert rule_problem(rrule) == ""


@pytest.mark.parametrize(("rrule", "code"), REFUSED.items())
def test_outlook_drops_it(rrule: str, code: str) -> None:
    """Anything else is refused by the way to say it instead."""
    assert rule_problem(rrule) == code


@pytest.mark.parametrize(
    ("rrule", "frequent"),
    [
        ("FREQ=DAILY;INTERVAL=5", True),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", True),
        ("FREQ=MONTHLY;BYDAY=2TH,4TH", True),
        ("FREQ=MONTHLY;BYDAY=2TH", False),
        ("FREQ=WEEKLY;INTERVAL=8;BYDAY=MO", False),
        ("FREQ=YEARLY", False),
        ("", False),
    ],
)
def test_more_frequent_than_monthly(rrule: str, *, frequent: bool) -> None:
    """More than twelve dates a year."""
    assert is_frequent(rrule) is frequent


def weeks_between(one: date, other: date) -> int:
    """How many calendar weeks lie between two days."""
    monday, next_monday = (day - timedelta(days=day.weekday()) for day in (one, other))
    return (next_monday - monday).days // 7


@given(st.dates(date(2025, 1, 1), date(2026, 6, 1)), st.sampled_from(["WE", "FR", "MO,TH"]))
def test_a_fortnightly_series_never_jumps(cut: date, days: str) -> None:
    """From whichever day it is changed, also to other weekdays, its dates stay in its own weeks."""
    new = replace(FORTNIGHT, rrule=f"FREQ=WEEKLY;INTERVAL=2;BYDAY={days}", first=cut)
    parts = rewritten(FORTNIGHT, new, EditScope(date(2024, 12, 1), cut, "2week-2"))
    found = [one.day for part in parts for one in dates_of(part)]
    assert {weeks_between(date(2025, 1, 1), day) % 2 for day in found} == {0}
    assert max(found) > cut


@given(st.dates(date(2025, 1, 1), date(2026, 6, 1)))
def test_every_second_month_never_jumps(cut: date) -> None:
    """Cut anywhere, the months stay odd."""
    old = replace(FORTNIGHT, rrule="FREQ=MONTHLY;INTERVAL=2;BYDAY=2TH")
    new = replace(old, rrule="FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR", first=cut)
    parts = rewritten(old, new, EditScope(date(2024, 12, 1), cut, "month-2"))
    assert {one.day.month % 2 for part in parts for one in dates_of(part)} == {1}


def test_the_other_week_is_chosen() -> None:
    """8 January is the other week: the phases by their first date, and the series counted from it."""
    assert phases(FORTNIGHT, date(2025, 2, 3)) == (date(2025, 2, 12), date(2025, 2, 5))
    other = replace(FORTNIGHT, anchor=date(2025, 2, 5))
    _, later = rewritten(FORTNIGHT, other, EditScope(date(2025, 2, 3), None, "2week-2"))
    assert [one.day for one in dates_of(later)][:3] == [
        date(2025, 2, 5), date(2025, 2, 19), date(2025, 3, 5),
    ]  # fmt: skip


def test_the_first_date_moved_keeps_the_weeks() -> None:
    """Begun a week later, the series begins two weeks later: its weeks stay."""
    ahead = EditScope(date(2024, 12, 1), None, "2week-2")
    (moved,) = rewritten(FORTNIGHT, replace(FORTNIGHT, first=date(2025, 1, 8)), ahead)
    assert dates_of(moved)[0].day == date(2025, 1, 15)

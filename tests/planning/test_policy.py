"""Stages: rolled to sending days, collapsed, escalated, anchored."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from reminders.planning.policy import Policy, asks_for_dates, digest_days, stage_name, stages
from reminders.use.programme.store_programme import read_built_in
from schedule_rules.occurrence import Occurrence, OccurrenceID, OccurrenceKind, occurrences
from schedule_rules.programme import Text
from schedule_rules.rule import Basis
from schedule_rules.workdays import Workdays, standard_workdays

BASIS = Basis("printed", Text("2024", "2024", "2024"), "last-day")
OPEN_ALL_WINTER = Workdays(quiet=())


def make(kind: OccurrenceKind, due: date, **more: Any) -> Occurrence:
    """Return an occurrence of a kind."""
    identity = OccurrenceID("p", "a", kind, "end")
    return Occurrence(identity, due, Text(fi="x"), ("unit",), "needs-action", BASIS, **more)


def to_unit(row: Occurrence, workdays: Workdays, until: date) -> list[tuple[str, date]]:
    """Return the stages that go to the unit, until a day."""
    found = stages(row, workdays, Policy())
    return [(stage.name, stage.send_on) for stage in found if stage.role == "unit" and stage.send_on <= until]


def test_a_milestone_at_the_turn_of_the_year() -> None:
    """Due Tue 31 December 2024, mail goes out on 29 November, 20 December and 7 January."""
    assert to_unit(make("milestone", date(2024, 12, 31)), standard_workdays(), date(2025, 1, 15)) == [
        ("-P30D", date(2024, 11, 29)),
        ("P0D", date(2024, 12, 20)),
        ("P7D", date(2025, 1, 7)),
    ]


def test_the_same_milestone_without_the_quiet_period() -> None:
    """Without the quiet period it goes out on 29 November, 23, 30, 31 December, 2 and 7 January."""
    assert to_unit(make("milestone", date(2024, 12, 31)), OPEN_ALL_WINTER, date(2025, 1, 15)) == [
        ("-P30D", date(2024, 11, 29)),
        ("-P7D", date(2024, 12, 23)),
        ("-P1D", date(2024, 12, 30)),
        ("P0D", date(2024, 12, 31)),
        ("P1D", date(2025, 1, 2)),
        ("P7D", date(2025, 1, 7)),
    ]


def test_escalation_counts_sending_days() -> None:
    """Ten sending days after 31 December 2024 is Mon 20 January for the head, ten more 3 February."""
    found = stages(make("milestone", date(2024, 12, 31)), standard_workdays(), Policy())
    assert [(stage.role, stage.send_on) for stage in found if stage.name == "escalation"] == [
        ("head", date(2025, 1, 20)),
        ("secretary", date(2025, 2, 3)),
    ]


def test_after_a_first_start_only_one_repetition_and_the_escalation_are_left() -> None:
    """To be answered within 10 sending days: the head 10 after that, once more 30 days after the request."""
    row = make("milestone", date(2023, 12, 31))
    found = stages(row, standard_workdays(), Policy(), anchor=date(2025, 12, 1))
    assert [(stage.role, stage.name, stage.send_on) for stage in found] == [
        ("unit", "P30D", date(2026, 1, 7)),
        ("head", "escalation", date(2026, 1, 13)),
        ("secretary", "escalation", date(2026, 1, 27)),
    ]


def test_a_round_opens_reminds_and_ends() -> None:
    """The round of 2025: opening, 30 and 10 before, the due day, the head; nothing after it has closed."""
    row = make(
        "collection",
        date(2026, 1, 31),
        opens=date(2025, 12, 1),
        closes=date(2026, 2, 15),
        interval_days=365,
    )
    found = stages(row, standard_workdays(), Policy())
    assert [(stage.role, stage.name, stage.send_on) for stage in found] == [
        ("unit", "opening", date(2025, 12, 1)),
        ("unit", "-P30D", date(2025, 12, 22)),
        ("unit", "-P10D", date(2026, 1, 21)),
        ("unit", "P0D", date(2026, 1, 30)),
        ("unit", "P7D", date(2026, 2, 9)),
        ("head", "escalation", date(2026, 2, 13)),
    ]


def test_a_start_is_told_on_its_first_sending_day() -> None:
    """A start on New Year's Day 2025 is told on 7 January, once, and never escalates."""
    found = stages(make("start", date(2025, 1, 1)), standard_workdays(), Policy())
    assert [(stage.role, stage.name, stage.send_on) for stage in found] == [("unit", "P0D", date(2025, 1, 7))]


def test_a_lead_longer_than_the_recurrence_is_left_out() -> None:
    """Of something that happens every seven days only leads under seven days are left."""
    row = make("milestone", date(2025, 10, 15), interval_days=7)
    names = [stage.name for stage in stages(row, standard_workdays(), Policy()) if stage.send_on < row.due]
    assert names == ["-P1D"]


def test_no_mail_on_a_non_working_day_in_eight_years() -> None:
    """No stage of any occurrence of the Vaasa programme, moved over 2023-2030, falls on a closed day."""
    programme, _ = read_built_in("vaasa-2023-2026")
    workdays = standard_workdays()
    rows = [row for row in occurrences(programme) if row.kind != "event"]
    rows += [make("milestone", date(2023, 1, 1) + timedelta(days=n)) for n in range(8 * 365 + 2)]
    days = {stage.send_on for row in rows for stage in stages(row, workdays, Policy())}
    assert min(days) < date(2023, 1, 31)
    assert max(days) > date(2030, 12, 31)
    assert [day for day in sorted(days) if not workdays.is_sending_day(day)] == []
    assert [day for day in sorted(days) if day.weekday() > 4 or day in workdays.holidays] == []


@pytest.mark.parametrize("due", [date(2024, 12, 31), date(2025, 7, 15), date(2025, 4, 18), date(2026, 6, 19)])
def test_before_only_earlier_after_only_later(due: date) -> None:
    """A stage before the date only ever moves earlier, one after it later."""
    offsets = {stage_name(days): days for days in Policy().milestone}
    for stage in stages(make("milestone", due), standard_workdays(), Policy()):
        if stage.role == "unit":
            nominal = due + timedelta(days=offsets[stage.name])
            assert stage.send_on <= nominal if offsets[stage.name] <= 0 else stage.send_on >= nominal


def test_a_provisional_series_asks_once_a_year() -> None:
    """Of the 42 Thursdays of the café four ask for dates: each year's first."""
    programme, _ = read_built_in("vaasa-2023-2026")
    asking = sorted(row for row in asks_for_dates(occurrences(programme)) if "cultural-cafe" in row)
    assert asking == [
        f"vaasa-2023-2026:social-cultural-cafe:event:month-{day}"
        for day in ("2023-01-12", "2024-01-11", "2025-01-09", "2026-01-08")
    ]


def test_digest_days_are_tuesdays_and_five_sending_days_before_a_meeting() -> None:
    """In January 2025 the digest goes out on sending Tuesdays and on the 15th, before the 22nd."""
    found = digest_days(
        date(2025, 1, 1), date(2025, 1, 31), (date(2025, 1, 22),), standard_workdays(), Policy()
    )
    assert found == {
        date(2025, 1, 7): None,
        date(2025, 1, 14): None,
        date(2025, 1, 15): date(2025, 1, 22),
        date(2025, 1, 21): None,
        date(2025, 1, 28): None,
    }

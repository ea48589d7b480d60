"""Event series as people keep them: rules, pauses, single dates, splits, what is taken out after a while."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, strategies as st

from reminders.use.programme.store_programme import FIRST_PROGRAMME, read_built_in
from schedule_rules.days import Span
from schedule_rules.derive import derive
from schedule_rules.edited_series import (
    changed_series,
    event_rule,
    instances,
    next_name,
    over_since,
    problem,
    restored_series,
    tidied,
    with_series,
)
from schedule_rules.occurrence import occurrences
from schedule_rules.programme import DateChange, EditedSeries, Programme, Text
from schedule_rules.rule import Basis, EventRule
from schedule_rules.series_edits import EditScope, rewritten


@pytest.fixture(scope="module")
def vaasa() -> Programme:
    """The built-in programme."""
    return read_built_in(FIRST_PROGRAMME)[0]


BASIS = Basis("assumed", Text(en="once a month"), "monthly")
CAFE = EditedSeries(
    action="social-cultural-cafe",
    name="month",
    first=date(2025, 1, 1),
    until=date(2025, 12, 31),
    rrule="FREQ=MONTHLY;BYDAY=-1TH",
    at=time(17),
    minutes=120,
    place=Text("Kirjasto", "Biblioteket", "Library"),
    months_off=(7,),
    by="board-secretary@vaasa.example",
    on=date(2024, 12, 1),
)
ASCENSION = date(2025, 5, 29)


def rule_of(kept: EditedSeries) -> EventRule:
    """The rule of a series that has dates."""
    rule = event_rule(kept, BASIS)
    assert rule
    return rule


def days_of(kept: EditedSeries) -> list[date]:
    """The days on which a series stands."""
    return [one.day for one in instances(rule_of(kept))]


def test_a_month_without_it() -> None:
    """The café is on the last Thursday of each month, not in July: eleven dates, July an EXDATE."""
    rule = rule_of(CAFE)
    assert [day.isoformat()[5:] for day in days_of(CAFE)] == [
        "01-30", "02-27", "03-27", "04-24", "05-29", "06-26", "08-28", "09-25", "10-30", "11-27", "12-25",
    ]  # fmt: skip
    assert rule.recurrence.dtstart == date(2025, 1, 30)
    assert rule.recurrence.exdates == (date(2025, 7, 31),)
    assert (rule.confirmed, rule.basis.provenance, rule.basis.by) == (True, "corrected", CAFE.by)


def test_a_pause_before_the_first_date_is_no_exdate() -> None:
    """DTSTART is the first date that stands."""
    weekly = replace(CAFE, rrule="FREQ=WEEKLY;BYDAY=WE", quiet=(Span(date(2025, 1, 1), date(2025, 1, 6)),))
    assert rule_of(weekly).recurrence.dtstart == date(2025, 1, 8)
    assert date(2025, 1, 1) not in rule_of(weekly).recurrence.exdates


def test_one_date_moved_with_time_and_place() -> None:
    """Ascension Day's café is on Tuesday at 16 in another place; the other dates stay."""
    place = Text("Alma", "Alma", "Alma")
    kept = changed_series(CAFE, DateChange(ASCENSION, date(2025, 5, 27), time(16), 90, place))
    moved = next(one for one in instances(rule_of(kept)) if one.on == ASCENSION)
    assert (moved.day, moved.at, moved.minutes, moved.place) == (date(2025, 5, 27), time(16), 90, place)
    assert days_of(restored_series(kept, ASCENSION)) == days_of(CAFE)
    assert [one for one in days_of(kept) if one not in days_of(CAFE)] == [date(2025, 5, 27)]


def test_one_date_cancelled_then_taken_out() -> None:
    """Cancelled it stays for as long as it is new; sixty days after its date it is an EXDATE."""
    kept = changed_series(CAFE, DateChange(date(2025, 11, 27), state="cancelled"))
    assert [one.state for one in instances(rule_of(kept))].count("cancelled") == 1
    assert over_since(kept, date(2025, 11, 27)) == kept
    over = over_since(kept, date(2025, 11, 28))
    assert date(2025, 11, 27) not in days_of(over)
    assert date(2025, 11, 27) in rule_of(over).recurrence.exdates


def test_a_series_cancelled_whole() -> None:
    """Every date says so, until the last one is old: then there is none."""
    kept = replace(CAFE, state="cancelled")
    assert {one.state for one in instances(rule_of(kept))} == {"cancelled"}
    assert over_since(kept, date(2025, 12, 25)) == kept
    assert event_rule(over_since(kept, date(2025, 12, 26)), BASIS) is None


def test_dates_one_by_one() -> None:
    """Irregular dates stand as given, each once, in order; quiet months do not touch them."""
    days = (date(2025, 9, 3), date(2025, 3, 5), date(2025, 7, 1), date(2025, 3, 5))
    kept = replace(CAFE, rrule="", dates=days)
    assert days_of(kept) == sorted(set(days))
    assert not rule_of(kept).regular


def test_a_provisional_series_with_one_date_set() -> None:
    """Whoever sets one date has confirmed that one only."""
    kept = changed_series(replace(CAFE, state="tentative"), DateChange(ASCENSION, date(2025, 5, 28)))
    assert {one.on for one in instances(rule_of(kept)) if one.state == "confirmed"} == {ASCENSION}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, ""),
        ({"until": date(2024, 1, 1)}, "order"),
        ({"rrule": "FREQ=SECONDLY"}, "as-dates"),
        ({"rrule": "FREQ=MONTHLY;COUNT=3"}, "as-until"),
        ({"rrule": "FREQ=MONTHLY;BYDAY=9XX"}, "rule"),
        ({"rrule": "FREQ=MONTHLY;INTERVAL=0"}, "rule"),
        ({"minutes": 0}, "length"),
        ({"months_off": tuple(range(1, 13))}, "none"),
        ({"rrule": "", "dates": ()}, "none"),
        ({"rrule": "FREQ=DAILY", "until": date(2035, 1, 1)}, "many"),
        ({"state": "removed", "rrule": "nonsense"}, ""),
    ],
)
def test_problems(changes: dict[str, object], code: str) -> None:
    """What is wrong with a series is told by one code."""
    assert problem(replace(CAFE, **changes)) == code  # type: ignore[arg-type]


def test_changes_of_dates_that_are_gone_are_dropped() -> None:
    """A new rule keeps the changes of the dates that it still gives."""
    kept = changed_series(
        changed_series(CAFE, DateChange(ASCENSION, date(2025, 5, 28))), DateChange(date(2025, 6, 26))
    )
    other = tidied(replace(kept, rrule="FREQ=MONTHLY;BYDAY=4TH"))
    assert [one.on for one in other.changes] == [date(2025, 6, 26)]


@given(
    st.integers(1, 3),
    st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR"]), min_size=1, max_size=3, unique=True),
    st.lists(st.integers(1, 12), max_size=4, unique=True),
    st.integers(0, 360),
)
def test_a_split_changes_no_date(interval: int, days: list[str], off: list[int], day: int) -> None:
    """Cut at any of its dates, the two parts of a series have together the dates of the whole."""
    rrule = f"FREQ=WEEKLY;INTERVAL={interval};BYDAY={','.join(days)}"
    whole = replace(CAFE, rrule=rrule, months_off=tuple(off))
    rule = event_rule(whole, BASIS)
    standing = [one.day for one in instances(rule)] if rule else []
    cut = next((one for one in standing if one >= date(2025, 1, 1) + timedelta(days=day)), None)
    if cut is None:
        return
    later = replace(whole, at=time(18))
    parts = rewritten(whole, later, EditScope(date(2024, 12, 1), cut, "week-2"))
    rules = filter(None, (event_rule(part, BASIS) for part in parts))
    dates = [one for rule in rules for one in instances(rule)]
    assert [one.day for one in dates] == standing
    assert [one.at for one in dates] == [time(18) if day >= cut else time(17) for day in standing]


class TestInAProgramme:
    """Kept series in place of derived ones, and their occurrences."""

    def test_it_stands_instead_of_the_derived_one(self, vaasa: Programme) -> None:
        """One café, confirmed and timed, with the ids of the rule's dates; its length is settled."""
        kept = changed_series(CAFE, DateChange(ASCENSION, date(2025, 5, 27)))
        programme = vaasa.keeping((kept,))
        rows = [row for row in occurrences(programme) if row.id.action == CAFE.action and row.kind == "event"]
        assert [row.due for row in rows] == days_of(kept)
        moved = next(row for row in rows if row.id.recurrence_date == ASCENSION)
        assert moved.starts_at == datetime(2025, 5, 27, 17)
        assert moved.ends_at == datetime(2025, 5, 27, 19)
        assert {row.status for row in rows} == {"confirmed"}
        codes = {one.code for one in derive(programme).findings_of(CAFE.action)}
        assert "series-beyond-schedule" not in codes
        assert "series-beyond-schedule" in {one.code for one in derive(vaasa).findings_of(CAFE.action)}

    def test_removed_and_new(self, vaasa: Programme) -> None:
        """A removed series has no dates; a new one stands beside."""
        new = replace(
            CAFE, name="own", title=Text("Avajaiset", "Öppning", "Opening"), rrule="", dates=(ASCENSION,)
        )
        programme = vaasa.keeping((replace(CAFE, state="removed"), new))
        rows = [row for row in occurrences(programme) if row.id.action == CAFE.action and row.kind == "event"]
        assert [(str(row.id), row.title.en) for row in rows] == [
            (f"{vaasa.key}:{CAFE.action}:event:own-2025-05-29", "Opening")
        ]

    def test_names(self, vaasa: Programme) -> None:
        """The next name counts on from what was ever there."""
        assert next_name(vaasa, CAFE.action, "month") == "month-2"
        programme = vaasa.keeping((CAFE, replace(CAFE, name="month-2")))
        assert next_name(programme, CAFE.action, "month-2") == "month-3"

    def test_a_derived_rule_kept_as_it_is(self, vaasa: Programme) -> None:
        """Kept without a change, a series has the dates that it had: a weekly one none on a closed day."""
        rules = [rule for rule in derive(vaasa).rules if isinstance(rule, EventRule)]
        for rule in rules:
            again = event_rule(with_series(rule, vaasa.period.last, vaasa.workdays), rule.basis)
            assert again
            if rule.announced:
                assert again.recurrence == rule.recurrence
            else:
                days = {one.day for one in instances(again)}
                assert {date(2025, 12, 24), date(2025, 7, 2), date(2024, 12, 25)}.isdisjoint(days)
                assert date(2025, 12, 17) in days

"""Wordings of yearly dates, cycles, feasts and the adoption become the right occurrences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reminders.use.programme.store_programme import read_built_in
from schedule_rules.days import FeastDay, MonthDay, Span, WeekDay, feast_days, later
from schedule_rules.derive import derive
from schedule_rules.occurrence import occurrences
from schedule_rules.programme import Programme, Text

ACTION = "work-cv-clinic"


def programme(words: str, first: int = 2026, last: int = 2029, bullet: str = "") -> Programme:
    """Return the built-in programme with one action, its schedule ``words`` and nothing else that recurs."""
    built_in = read_built_in("vaasa-2023-2026")[0]
    action = built_in.action_by_id[ACTION]
    bullets = {lang: (bullet or own[0],) for lang, own in action.bullets.items()}
    action = replace(
        action, schedule=Text(words, words, words), indicator=Text(), bullets=bullets, handovers=()
    )
    period = Span(date(first, 1, 1), date(last, 12, 31))
    return replace(built_in, actions=(action,), period=period, languages=("en",))


def english(words: str, first: int = 2026, last: int = 2029, bullet: str = "") -> list[str]:
    """Return kind, instance and date of what an English schedule gives."""
    rows = occurrences(programme(words, first, last, bullet))
    return [f"{row.kind} {row.id.instance} {row.due}" for row in rows]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (
            "every year by 15 March",
            [f"milestone yearly-{year} {year}-03-15" for year in range(2026, 2030)],
        ),
        (
            "by the end of February each year",
            [
                "milestone yearly-2026 2026-02-28",
                "milestone yearly-2027 2027-02-28",
                "milestone yearly-2028 2028-02-29",
                "milestone yearly-2029 2029-02-28",
            ],
        ),
        (
            "by 31 March and 30 September each year, 2026-2027",
            [
                "milestone yearly-2026 2026-03-31",
                "milestone yearly-2026-2 2026-09-30",
                "milestone yearly-2027 2027-03-31",
                "milestone yearly-2027-2 2027-09-30",
            ],
        ),
        (
            "annually before Easter",
            [
                "milestone yearly-2026 2026-04-04",
                "milestone yearly-2027 2027-03-27",
                "milestone yearly-2028 2028-04-15",
                "milestone yearly-2029 2029-03-31",
            ],
        ),
        (
            "annually by the end of week 43",
            [
                "milestone yearly-2026 2026-10-23",
                "milestone yearly-2027 2027-10-29",
                "milestone yearly-2028 2028-10-27",
                "milestone yearly-2029 2029-10-26",
            ],
        ),
        (
            "Next review due March 2026, then every three years",
            ["milestone yearly-2026 2026-03-31", "milestone yearly-2029 2029-03-31"],
        ),
        ("every two years by 31 May, next in 2027", ["milestone yearly-2027 2027-05-31",
                                                      "milestone yearly-2029 2029-05-31"]),
        ("by Midsummer 2026", ["milestone end 2026-06-20"]),
        ("two weeks before 31 March 2026", ["milestone end 2026-03-17"]),
    ],
)  # fmt: skip
def test_milestones(words: str, wanted: list[str]) -> None:
    """A deadline of every year is a milestone each year: no events, no reviews."""
    assert english(words) == wanted


def test_words_elsewhere_make_no_series_beside_the_deadline() -> None:
    """An annual report that is due each 15 March is no event of November."""
    rows = english("every year by 15 March", bullet="Annual report on housing")
    assert {row.split()[0] for row in rows} == {"milestone"}


@pytest.mark.parametrize(
    ("words", "first", "events"),
    [
        ("every three years from March 2026", 2026, ["2026-03-12", "2029-03-08"]),
        # the cycle counts from its own first year, not from that of the programme
        ("every three years, next in spring 2023", 2024, ["2026-03-12", "2029-03-08"]),
        ("every year on 6 December", 2028, ["2028-12-06", "2029-12-06"]),
        ("every Easter", 2028, ["2028-04-16", "2029-04-01"]),
        ("week 43 every year", 2028, ["2028-10-23", "2029-10-22"]),
    ],
)
def test_events(words: str, first: int, events: list[str]) -> None:
    """What recurs without a deadline is a series on the days that the wording names."""
    rows = [row.split() for row in english(words, first)]
    assert [due for kind, _, due in rows if kind == "event"] == events


def test_adoption() -> None:
    """A length of time from the adoption is a deadline where the day of adoption is known."""
    unknown = replace(programme("within 18 months of adoption"), approved_on=None)
    known = replace(unknown, approved_on=date(2026, 2, 16))
    assert [found.code for found in derive(unknown).findings] == ["unclear-schedule"]
    assert [str(row.due) for row in occurrences(known)] == ["2027-08-16"]
    assert derive(known).findings == ()


@pytest.mark.parametrize(
    ("feast", "year", "first", "last"),
    [
        # the calendars of the Finnish and Swedish almanacs
        ("easter", 2026, "2026-04-05", "2026-04-06"),
        ("easter", 2038, "2038-04-25", "2038-04-26"),
        ("good-friday", 2026, "2026-04-03", "2026-04-03"),
        ("ascension", 2027, "2027-05-06", "2027-05-06"),
        ("whitsun", 2026, "2026-05-24", "2026-05-25"),
        ("midsummer", 2027, "2027-06-26", "2027-06-26"),
        ("midsummer-eve", 2026, "2026-06-19", "2026-06-19"),
        ("all-saints", 2026, "2026-10-31", "2026-10-31"),
        ("all-saints", 2027, "2027-11-06", "2027-11-06"),
        ("advent", 2026, "2026-11-29", "2026-12-24"),
        ("advent", 2028, "2028-12-03", "2028-12-24"),
        ("christmas", 2026, "2026-12-24", "2026-12-26"),
        ("may-day", 2026, "2026-05-01", "2026-05-01"),
    ],
)
def test_feasts(feast: str, year: int, first: str, last: str) -> None:
    """Feasts have the days of the almanac."""
    days = feast_days(feast, year)
    assert (str(days.first), str(days.last)) == (first, last)


def test_days_of_every_year() -> None:
    """Each kind of day is in every year: the leap day, the day of a feast, that of a week 53."""
    assert [str(MonthDay(2, 29).in_year(year)) for year in (2027, 2028)] == ["2027-02-28", "2028-02-29"]
    assert str(FeastDay("easter", -7).in_year(2026)) == "2026-03-29"
    assert [str(WeekDay(53, 5).in_year(year)) for year in (2026, 2027)] == ["2027-01-01", "2027-12-31"]


@pytest.mark.parametrize(
    ("count", "unit", "there"),
    [
        (-1, "month", "2026-02-28"),
        (18, "month", "2027-09-30"),
        (-2, "week", "2026-03-17"),
        (1, "year", "2027-03-31"),
    ],
)
def test_later(count: int, unit: str, there: str) -> None:
    """A month later is the same day of the month, or its last."""
    assert str(later(date(2026, 3, 31), count, unit)) == there


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("2026, 2028 and 2029", ["phase-2026 2026-12-31", "phase-2028 2028-12-31", "end 2029-12-31"]),
        ("2026 and 2028", ["phase-2026 2026-12-31", "end 2028-12-31"]),
        ("30 June 2026, 31 March 2028", ["phase-2026-06-30 2026-06-30", "end 2028-03-31"]),
        ("Q2 2026, Q4 2026", ["phase-2026-Q2 2026-06-30", "end 2026-12-31"]),
        ("2024, 2026 and 2028", ["phase-2026 2026-12-31", "end 2028-12-31"]),
    ],
)
def test_years_with_time_between_are_a_deadline_each(words: str, wanted: list[str]) -> None:
    """And no review in the years that the wording leaves out."""
    assert english(words) == [f"milestone {one}" for one in wanted]


def test_years_without_time_between_are_one_stretch() -> None:
    """Listed or as a range: a review in each year but the last."""
    assert english("2026, 2027 and 2028") == english("2026-2028")
    assert [row for row in english("2026-2028") if row.startswith("milestone")] == [
        "milestone end 2028-12-31"
    ]

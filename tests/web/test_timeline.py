"""The drawing rules of pages.md, section 3, as values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from reminders.planning.standing import overview
from reminders.planning.targets import Target
from reminders.web.programme.timeline import (
    Bar,
    Canvas,
    Sign,
    TimelineCell,
    TimelineStretch,
    cells,
    place,
    status_marks,
    timeline_stretch,
)
from reminders.web.snapshot import CurrentState

TODAY = date(2025, 1, 7)


def drawn(
    current: CurrentState,
    action_id: str,
    today: date = TODAY,
    held: Mapping[Target, tuple[date, ...]] | None = None,
) -> tuple[TimelineCell, ...]:
    """Return an action's cells in Finnish."""
    programme = current.snapshot.programme
    found = status_marks(current.state, overview(current.state, today), today, secretary=False)
    rows = [row for row in current.snapshot.occurrences if row.id.action == action_id]
    action = programme.action_by_id[action_id]
    canvas, rules = Canvas(programme, today, "fi"), current.snapshot.derived.of(action_id)
    return cells(canvas, action, rules, rows, found, held or {})


def test_a_period(current: CurrentState) -> None:
    """2023–2024: two filled pieces with round ends, review small, deadline large, then nothing."""
    found = drawn(current, "work-digihyva-juttu")
    assert [cell.bars for cell in found] == [
        (Bar(0, 100, "past first"),),
        (Bar(0, 100, "past last"),),
        (),
        (),
    ]
    assert found[0].marks == (Sign(83, "track", small=True),)
    assert found[1].marks == (Sign(100, "unknown", small=False),)  # its taker was asked today
    assert found[1].words == "toimenpide käynnissä; 31.12.2024 määräaika: tilanne ei vielä tiedossa"
    assert [cell.today for cell in found] == [None, None, 2, None]
    assert found[3].words == "ei merkintöjä"


def test_a_continuous_action(current: CurrentState) -> None:
    """A thin line, cut by today, with an arrow after the last year."""
    found = drawn(current, "work-job-coaching")
    assert [bar.classes for cell in found for bar in cell.bars] == [
        "past thin first",
        "past thin",
        "past thin",
        "fut thin",
        "fut thin last go",
    ]
    assert [(bar.left, bar.right) for bar in found[2].bars] == [(0, 2), (2, 100)]


def test_what_began_before_the_programme(current: CurrentState) -> None:
    """2022–2026 has a wedge at the first cell and no round beginning."""
    found = drawn(current, "health-culture-buddy")
    assert found[0].bars == (Bar(0, 100, "past pre"),)
    assert found[3].bars == (Bar(0, 100, "fut last"),)


def test_counts(current: CurrentState) -> None:
    """A monthly series says how many dates a year has, a target what is printed.

    Second Thursdays: none in July, which is quiet, nor on Ascension Day, 9 May 2024 and 14 May 2026.
    """
    assert [cell.count for cell in drawn(current, "social-cultural-cafe")] == [
        "11 krt", "10 krt", "11 krt", "10 krt",
    ]  # fmt: skip
    assert "10 tapahtumaa" in drawn(current, "social-cultural-cafe")[3].words
    welcome = drawn(current, "social-welcome-to-vaasa")
    assert [cell.count for cell in welcome] == ["0/2–4", "0/2–4", "0/2–4", "2–4 krt/v"]


def test_what_is_done_of_a_target(current: CurrentState) -> None:
    """Dates up to today over what is printed, in a year that has begun; the same in words."""
    visits = "education-workplace-visits"
    held = {(visits, "target-year"): (date(2024, 3, 1), date(2024, 5, 2), date(2025, 1, 7), date(2025, 2, 1))}
    found = drawn(current, visits, held=held)
    assert [cell.count for cell in found] == ["0/10", "2/10", "1/10", "≥\N{NO-BREAK SPACE}10 krt/v"]
    assert "toteutunut 2 kertaa, tavoite 10" in found[1].words


def test_every_action_draws_the_same_in_words(current: CurrentState) -> None:
    """What a cell shows it also says."""
    for action in current.snapshot.programme.actions:
        for cell in drawn(current, action.id):
            assert len(cell.marks) == cell.words.count(": ")
            assert bool(cell.bars or cell.marks or cell.count) is (cell.words != "ei merkintöjä")


def test_a_single_year(current: CurrentState) -> None:
    """2023 is the whole of that year."""
    action = current.snapshot.programme.action_by_id["safety-ethical-principles"]
    assert timeline_stretch(action, current.snapshot.programme) == TimelineStretch(
        date(2023, 1, 1), date(2023, 12, 31)
    )


@pytest.mark.parametrize(
    ("day", "percent"), [(date(2024, 1, 1), 0), (date(2025, 7, 2), 50), (date(2024, 12, 31), 100)]
)
def test_places(day: date, percent: int) -> None:
    """Day of the year by days of the year."""
    assert place(day) == percent


def test_phones_leave_far_years_out(current: CurrentState) -> None:
    """Four years are all shown."""
    canvas = Canvas(current.snapshot.programme, TODAY, "fi")
    assert [canvas.is_far(year) for year in canvas.years] == [False] * 4

"""An earlier version of a series taken back up; a title for assumed dates; the end of a series."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from schedule_rules.edited_series import dates_of
from schedule_rules.programme import DateChange, EditedSeries, Text
from schedule_rules.series_edits import EditScope, rewritten

FIRST = date(2025, 1, 7)
FORTNIGHT = EditedSeries(
    "choir", "own-2", FIRST, date(2025, 4, 30), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", at=time(17), minutes=60
)
"""Tuesdays: 7 and 21 January, 4 and 18 February, 4 and 18 March, 1, 15 and 29 April."""
FEBRUARY = date(2025, 2, 10)
BACK = EditScope(FEBRUARY, None, "own-3", back=True)


def seen(*parts: EditedSeries) -> list[tuple[date, str]]:
    """Day and state of every date, in order."""
    return sorted((one.day, one.state) for part in parts for one in dates_of(part))


def test_what_was_moved_then_is_moved_again() -> None:
    """Of two moves the one that the version had comes back, the later one goes."""
    then = replace(FORTNIGHT, changes=(DateChange(date(2025, 3, 4), date(2025, 3, 6)),))
    now = replace(FORTNIGHT, changes=(DateChange(date(2025, 3, 18), date(2025, 3, 20)),))
    assert seen(*rewritten(now, then, BACK)) == seen(then)


def test_it_counts_its_own_weeks() -> None:
    """Weekly for a while, then every other Tuesday again: in the weeks that the version had."""
    now = replace(FORTNIGHT, rrule="FREQ=WEEKLY;BYDAY=TU")
    found = [day for day, _ in seen(*rewritten(now, FORTNIGHT, BACK)) if day >= FEBRUARY]
    assert found == [date(2025, 2, 18), *(day for day, _ in seen(FORTNIGHT) if day > date(2025, 2, 18))]


def test_what_was_taken_out_of_the_past_stays_out() -> None:
    """A date cancelled in January that has left the calendars is not there again."""
    then = replace(FORTNIGHT, changes=(DateChange(date(2025, 1, 21), state="cancelled"),))
    now = replace(FORTNIGHT, changes=(DateChange(date(2025, 1, 21), state="gone"),))
    assert date(2025, 1, 21) not in [day for day, _ in seen(*rewritten(now, then, BACK))]


def test_a_title_confirms_no_assumed_date() -> None:
    """Dates that have been keep their title, and are as provisional as they were."""
    assumed = replace(FORTNIGHT, rrule="FREQ=MONTHLY;BYDAY=2TU", at=None, minutes=0, state="tentative")
    named = replace(assumed, title=Text(fi="Kuoro"))
    parts = rewritten(assumed, named, EditScope(FEBRUARY, None, "own-3"))
    assert {state for _, state in seen(*parts)} == {"tentative"}
    titles = {one.day: one.title.fi for part in parts for one in dates_of(part)}
    assert (titles[date(2025, 1, 14)], titles[date(2025, 2, 11)]) == ("", "Kuoro")


def test_a_moved_date_ends_with_its_series() -> None:
    """18 March was moved to the 13th: cancelled from the 18th on, it is cancelled where it stands."""
    moved = replace(FORTNIGHT, changes=(DateChange(date(2025, 3, 18), date(2025, 3, 13)),))
    ended = rewritten(
        moved, replace(moved, state="cancelled"), EditScope(FEBRUARY, date(2025, 3, 18), "own-3")
    )
    states = dict(seen(*ended))
    assert (states[date(2025, 3, 4)], states[date(2025, 3, 13)], states[date(2025, 4, 1)]) == (
        "confirmed", "cancelled", "cancelled",
    )  # fmt: skip

"""An earlier version of a series taken back up; a title for assumed dates; the end of a series."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from schedule_rules.edited_series import dates_of
from schedule_rules.programme import DateChange, EditedSeries, Text
from schedule_rules.series_edits import EditScope, cut_series, rewritten, taken_up

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


def test_a_version_without_any_date_of_before_brings_back_what_is_ahead_only() -> None:
    """All was cancelled and has left the calendars: what the version had before today was never held."""
    gone = tuple(DateChange(on, state="gone") for on, _ in seen(FORTNIGHT))
    found = taken_up(replace(FORTNIGHT, changes=gone), FORTNIGHT, BACK, ())
    assert seen(*found) == [one for one in seen(FORTNIGHT) if one[0] >= FEBRUARY]
    assert seen(*taken_up(None, FORTNIGHT, BACK, ())) == seen(*found)


def test_a_date_that_was_moved_over_today_is_held_once() -> None:
    """18 February was held on the 6th, 4 February is still to come on the 20th: both stay as they are."""
    over = (
        DateChange(date(2025, 2, 4), date(2025, 2, 20)),
        DateChange(date(2025, 2, 18), date(2025, 2, 6)),
    )
    found = taken_up(replace(FORTNIGHT, changes=over), FORTNIGHT, BACK, ())
    days = [day.isoformat() for day, _ in seen(*found)]
    assert days[:6] == ["2025-01-07", "2025-01-21", "2025-02-06", "2025-02-20", "2025-03-04", "2025-03-18"]


def test_a_version_moves_nothing_to_a_day_that_has_passed() -> None:
    """In the version 18 February stood on the 6th; on the 10th it is too late for that: it goes."""
    then = replace(FORTNIGHT, changes=(DateChange(date(2025, 2, 18), date(2025, 2, 6)),))
    days = [day for day, _ in seen(*taken_up(FORTNIGHT, then, BACK, ()))]
    assert days == [day for day, _ in seen(FORTNIGHT) if day != date(2025, 2, 18)]


def test_a_part_that_the_version_had_not_keeps_what_has_been_by_its_rule() -> None:
    """A date of the part came early and was held: the whole series has it no more; a late one stays too."""
    later = replace(
        FORTNIGHT,
        name="own-3",
        first=date(2025, 2, 4),
        changes=(
            DateChange(date(2025, 2, 4), date(2025, 2, 20)),
            DateChange(date(2025, 2, 18), date(2025, 2, 6)),
        ),
    )
    cut = cut_series(later, FEBRUARY)
    earlier = replace(FORTNIGHT, until=date(2025, 2, 3))
    whole = taken_up(earlier, FORTNIGHT, BACK, [one.on for one in dates_of(cut)])
    assert [day for day, _ in seen(cut)] == [date(2025, 2, 6), date(2025, 2, 20)]
    assert [day for day, _ in seen(*whole)][:3] == [date(2025, 1, 7), date(2025, 1, 21), date(2025, 3, 4)]


SINGLE = EditedSeries(
    "choir", "own-4", FIRST, date(2025, 12, 31), "",
    (date(2025, 3, 12), date(2025, 5, 21), date(2025, 9, 10)), state="confirmed",
)  # fmt: skip


def times(*parts: EditedSeries) -> list[time | None]:
    """When each date begins, in order; None: all day."""
    return [at for _, at in sorted((one.day, one.at) for part in parts for one in dates_of(part))]


def at_hour(kept: EditedSeries, hour: int) -> EditedSeries:
    """The same at another hour."""
    return replace(kept, at=time(hour), minutes=60)


def test_an_edit_from_a_single_date_on_reaches_what_an_edit_of_later_ones_left() -> None:
    """Whole days; from September on at six; then from May on at nine: May and September are at nine."""
    (once,) = rewritten(SINGLE, at_hour(SINGLE, 18), EditScope(FEBRUARY, date(2025, 9, 10), "own-5"))
    assert times(once) == [None, None, time(18)]
    (twice,) = rewritten(once, at_hour(once, 9), EditScope(FEBRUARY, date(2025, 5, 21), "own-5"))
    assert times(twice) == [None, time(9), time(9)]
    back = taken_up(twice, once, BACK, ())
    assert times(*back) == [None, None, time(18)]


def test_what_was_said_of_one_date_holds() -> None:
    """May was set to four o'clock by somebody: an edit from May on doesn't take that away."""
    own = replace(SINGLE, changes=(DateChange(date(2025, 5, 21), at=time(16), minutes=60),))
    (once,) = rewritten(own, at_hour(own, 18), EditScope(FEBRUARY, date(2025, 9, 10), "own-5"))
    (twice,) = rewritten(once, at_hour(once, 9), EditScope(FEBRUARY, date(2025, 5, 21), "own-5"))
    assert times(twice) == [None, time(16), time(9)]

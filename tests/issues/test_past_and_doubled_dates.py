"""Single dates of a series: what has been is never moved or cancelled, and no date is put on another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from reminders.errors import SeriesProblemError
from reminders.store import Database
from reminders.use.series.action_series import series_named
from reminders.use.series.edits import NEW
from schedule_rules.programme import DateChange
from tests.issues.test_series_edits import TODAY, WEEKLY, days, seen
from tests.use.test_series import CAFE, SeriesOffice

HELD = date(2025, 2, 26)
AHEAD = date(2025, 3, 12)


@pytest.fixture
def office(loaded_database: Database) -> SeriesOffice:
    """The built-in programme on 3 March 2025, with a café on Wednesdays from January to June."""
    office = SeriesOffice(loaded_database)
    office.edit(NEW, series=WEEKLY)
    return office


@pytest.mark.parametrize(
    "what",
    [
        {"change": DateChange(HELD, date(2025, 3, 27))},
        {"change": DateChange(HELD, state="cancelled")},
        {"change": DateChange(HELD, at=time(9))},
        {"hold": HELD},
        {"restore": HELD},
    ],
)
def test_a_date_that_has_been_is_not_changed(office: SeriesOffice, what: dict[str, Any]) -> None:
    """Neither moved nor cancelled, held after all or taken back to its rule."""
    before = seen(office)
    with pytest.raises(SeriesProblemError) as refused:
        office.edit("own-2", **what)
    assert (refused.value.code, refused.value.day) == ("past", HELD)
    assert seen(office) == before


def test_a_date_ahead_is_not_moved_into_the_past(office: SeriesOffice) -> None:
    """Yesterday is refused, today is not; nor does one return to a day of its rule that is over."""
    with pytest.raises(SeriesProblemError) as refused:
        office.edit("own-2", change=DateChange(AHEAD, date(2025, 3, 2)))
    assert refused.value.code == "into-past"
    office.edit("own-2", change=DateChange(AHEAD, TODAY))
    assert "2025-03-03" in days(office)
    office.edit("own-2", change=DateChange(AHEAD, date(2025, 3, 28)))
    office.now = office.now.replace(day=20)
    with pytest.raises(SeriesProblemError) as refused:
        office.edit("own-2", restore=AHEAD)
    assert refused.value.code == "into-past"
    assert "2025-03-28" in days(office)


def test_a_moved_date_counts_by_the_day_on_which_it_stands(office: SeriesOffice) -> None:
    """Of 12 March, held on 28 March: changed on the 20th, past in April."""
    office.edit("own-2", change=DateChange(AHEAD, date(2025, 3, 28)))
    office.now = office.now.replace(day=20)
    office.edit("own-2", change=DateChange(AHEAD, date(2025, 3, 27)))
    office.now = office.now.replace(month=4, day=1)
    with pytest.raises(SeriesProblemError):
        office.edit("own-2", change=DateChange(AHEAD, state="cancelled"))


def test_no_date_is_put_on_another(office: SeriesOffice) -> None:
    """On 19 March at five there is a café already, at three none; nor where that one is cancelled."""
    onto = DateChange(AHEAD, date(2025, 3, 19))
    with pytest.raises(SeriesProblemError) as refused:
        office.edit("own-2", change=onto)
    assert (refused.value.code, refused.value.day) == ("twice", date(2025, 3, 19))
    office.edit("own-2", change=replace(onto, at=time(15)))
    assert days(office).count("2025-03-19") == 2
    old = series_named(office.programme, CAFE, "own-2")
    with pytest.raises(SeriesProblemError):  # the whole series at three
        office.edit("own-2", series=replace(old, at=time(15)))
    office.edit("own-2", change=DateChange(date(2025, 3, 19), state="cancelled"))
    office.edit("own-2", change=onto)
    with pytest.raises(SeriesProblemError):
        office.edit("own-2", hold=date(2025, 3, 19))


def test_no_date_is_put_on_one_of_another_part(office: SeriesOffice) -> None:
    """A series that was cut in May is one to who reads it: April's last date does not go onto May's first."""
    old = series_named(office.programme, CAFE, "own-2")
    office.edit("own-2", series=replace(old, minutes=60), at=date(2025, 5, 7))
    with pytest.raises(SeriesProblemError) as refused:
        office.edit("own-2", change=DateChange(date(2025, 4, 30), date(2025, 5, 7)))
    assert refused.value.code == "twice"


def test_no_date_lies_far_from_its_programme(office: SeriesOffice) -> None:
    """Ten years after its end are the limit; what no calendar of workdays knows breaks no page."""
    for day, code in ((date(2036, 12, 31), ""), (date(2037, 1, 1), "far"), (date(9999, 1, 1), "far")):
        change = DateChange(AHEAD, day)
        if code:
            with pytest.raises(SeriesProblemError) as refused:
                office.edit("own-2", change=change)
            assert (refused.value.code, refused.value.day) == (code, date(2036, 12, 31))
        else:
            office.edit("own-2", change=change)

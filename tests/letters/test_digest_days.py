"""A digest's day is reached and not yet sent, never equal to today; of two of one secretary none is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reminders.planning.mails import mails_of_day, meeting_of
from reminders.planning.recipients import Contact, People
from reminders.planning.state import ProgrammeState
from schedule_rules.programme import Programme
from schedule_rules.workdays import standard_workdays

SECRETARY = Contact("board", "secretary", "", "secretary@x.example", "fi")
TUESDAY, WEDNESDAY, THURSDAY = date(2025, 3, 11), date(2025, 3, 12), date(2025, 3, 13)
MONDAY, WEEK_BEFORE = date(2025, 3, 10), date(2025, 3, 4)
MEETING = date(2025, 3, 20)


def state(programme: Programme, key: str, meetings: tuple[date, ...] = ()) -> ProgrammeState:
    """A programme of nothing but a secretary and board meetings."""
    own = replace(programme, key=key, monitored_by="board", meetings=meetings)
    return ProgrammeState(own, {}, People((SECRETARY,), "board"), standard_workdays())


@pytest.mark.parametrize(
    ("last", "today", "goes"),
    [
        (WEEK_BEFORE, MONDAY, False),
        (WEEK_BEFORE, TUESDAY, True),
        (WEEK_BEFORE, WEDNESDAY, True),
        (TUESDAY, WEDNESDAY, False),
        (WEDNESDAY, THURSDAY, False),
        (None, THURSDAY, True),
    ],
)
def test_a_missed_day_is_made_up_for(vaasa: Programme, last: date | None, today: date, goes: bool) -> None:
    """Down on Tuesday, the digest goes on Wednesday, once."""
    assert meeting_of(state(vaasa, "a"), today, last) == (goes, None)


def test_a_missed_digest_still_names_the_meeting_ahead(vaasa: Programme) -> None:
    """Its day, five sending days before, was Thursday; on Friday it goes; past the meeting none is named."""
    own = state(vaasa, "a", (MEETING,))
    assert meeting_of(own, THURSDAY, TUESDAY) == (True, MEETING)
    assert meeting_of(own, date(2025, 3, 14), TUESDAY) == (True, MEETING)
    assert meeting_of(own, date(2025, 3, 21), TUESDAY) == (True, None)


def test_one_secretary_of_two_programmes_gets_both_digests(vaasa: Programme) -> None:
    """Both in one mail the same day; then none until the next week."""
    states = {key: state(vaasa, key) for key in ("a", "b")}
    last = {"a": WEEK_BEFORE, "b": date(2025, 2, 25)}
    sent = []
    for day in (TUESDAY, WEDNESDAY, THURSDAY):
        boards = [key for draft in mails_of_day(states, day, (), last) for key in draft.boards]
        last |= dict.fromkeys(boards, day)
        sent.append(boards)
    assert sent == [["a", "b"], [], []]

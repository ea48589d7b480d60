"""Whatever is changed, whoever is told ends with the meetings that stand: a law over many edits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from hypothesis import given, settings, strategies as st

from reminders.planning.invitations import AHEAD, Invitation, SentInvitations, invitations_due
from reminders.planning.mails import enclose, with_invited
from reminders.planning.policy import Policy
from reminders.planning.recipients import Contact, People
from reminders.planning.state import ProgrammeState
from schedule_rules.workdays import standard_workdays
from tests.use.town import TOWN, programme

FIRST = date(2025, 2, 3)
DATES = [date(2025, 3, 6), date(2025, 3, 13), date(2025, 4, 10), date(2025, 9, 4)]
HOURS = [None, (time(13), time(15)), (time(9), time(10))]
ADDRESSES = ["chair@town.example", "member@town.example"]

edits = st.tuples(
    st.sets(st.sampled_from(DATES)),
    st.sampled_from(HOURS),
    st.sets(st.sampled_from(ADDRESSES)),
    st.integers(0, 3),
)


def state(meetings: set[date], hours: tuple[time, time] | None, members: set[str]) -> ProgrammeState:
    """A board with some members and meetings."""
    board = [Contact("board", "contact", "", address, "fi") for address in sorted(members)]
    return ProgrammeState(
        programme=replace(programme(), meetings=tuple(sorted(meetings))),
        occurrences={},
        people=People(board, "board"),
        workdays=standard_workdays(),
        policy=Policy(invitations=True, meeting_time=hours),
    )


class Calendars:
    """What the recipients' calendars hold, as RFC 5546 section 2.1.5 lets a client decide."""

    def __init__(self) -> None:
        """Hold nothing."""
        self.entries: dict[tuple[str, date], Invitation] = {}

    def receive(self, one: Invitation) -> None:
        """Take what has a higher SEQUENCE; nothing else is ever sent."""
        held = self.entries.get((one.recipient, one.on))
        assert one.sequence == (held.sequence + 1 if held else 0)
        self.entries[one.recipient, one.on] = one

    def shown(self, after: date) -> dict[tuple[str, date], tuple[time, time] | None]:
        """The meetings to come that are not cancelled."""
        return {
            key: one.hours for key, one in self.entries.items() if one.method == "request" and one.on > after
        }


def send(now: ProgrammeState, day: date, told: SentInvitations, calendars: Calendars) -> SentInvitations:
    """Run one day on which nobody has any other mail."""
    waiting = invitations_due({TOWN: now}, day, {TOWN: date(2025, 1, 7)}, told)
    drafts = enclose((), {TOWN: now}, day, (), waiting, {})
    assert len({draft.recipient for draft in drafts}) == len(drafts)
    for draft in drafts:
        assert len(draft.invitations) == 1
        calendars.receive(draft.invitations[0])
    return with_invited(told, drafts)


@settings(max_examples=150)
@given(st.lists(edits, min_size=1, max_size=6))
def test_calendars_end_with_what_stands(
    changes: list[tuple[set[date], tuple[time, time] | None, set[str], int]],
) -> None:
    """Meetings moved, added, taken away, members come and go: one mail a day each, at last the truth."""
    told: SentInvitations = {}
    day, calendars = FIRST, Calendars()
    for meetings, hours, members, days in changes:
        now = state(meetings, hours, members)
        for _ in range(days):
            day += timedelta(days=1)
            told = send(now, day, told, calendars)
    for _ in range(2 * len(DATES)):
        day += timedelta(days=1)
        told = send(now, day, told, calendars)
    assert calendars.shown(day) == {
        (address, on): hours for address in members for on in meetings if day < on <= day + AHEAD
    }

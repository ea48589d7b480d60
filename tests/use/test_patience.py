"""Mail that the server puts off: before days without mail, for one reader for long, beside the day's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from reminders.delivery import Envelope, MemoryTransport
from reminders.delivery.transport import OnDot
from reminders.letters.retry import Outcome
from reminders.store import Database
from tests.use.office import MAILS, VAASA, Office, at
from tests.use.town import LIBRARY, action, mails, run, town

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
FULL = Outcome("refused", "rcpt", 452, "4.2.2 mailbox full")
SILENCE = Outcome("no-answer", "dot")


class Moody(MemoryTransport):
    """A server that answers some addresses as ``outcome_of`` says, and takes what it says nothing of."""

    is_idempotent = False

    def __init__(self, outcome_of: Callable[[str], Outcome | None]) -> None:
        super().__init__()
        self.outcome_of = outcome_of

    def deliver(self, envelope: Envelope, on_dot: OnDot) -> Outcome:
        """Answer; what gets no answer after its body is counted as arrived."""
        outcome = self.outcome_of(envelope.recipient)
        if outcome is None:
            return super().deliver(envelope, on_dot)
        if outcome.phase == "dot" and on_dot():
            self.envelopes.append(envelope)
        return outcome


def ticks(office: Office, day: str, *hours: str) -> None:
    """Run at some hours of a day."""
    for hour in hours:
        office.tick(f"{day}T{hour}")


HOURS = ("09:00", "09:05", "09:30", "11:00", "13:00", "15:00", "15:55")


@pytest.mark.parametrize(
    ("last", "quiet", "first"),
    [
        ("2025-12-22", ("2025-12-23", "2025-12-29", "2026-01-05"), "2026-01-07"),
        ("2026-06-30", ("2026-07-01", "2026-07-15", "2026-07-31"), "2026-08-03"),
        ("2026-04-02", ("2026-04-03", "2026-04-06"), "2026-04-07"),
    ],
)
def test_what_is_put_off_before_days_without_mail_is_composed_anew_after_them(
    office: Office, last: str, quiet: tuple[str, ...], first: str
) -> None:
    """4xx to everybody all day: nothing expires; on the first day each reader gets one mail, true then."""
    office.transport = server = Moody(lambda _: FULL)
    ticks(office, last, *HOURS)
    assert office.counts() == {"queued": MAILS}
    before = {(row[0], row[1]) for row in office.look("reminder", "occurrence_id", "recipient")}
    for day in quiet:
        ticks(office, day, "09:00", "12:00")
    answered = f"{VAASA}:social-cultural-cafe:milestone:end"
    asked = [item for item, _ in before]
    gone = answered if answered in asked else asked[0]
    office.answer(f"{quiet[-1]}T12:00", gone)
    server.outcome_of = lambda _: None
    ticks(office, first, "07:00", "08:55")
    assert office.envelopes == []
    ticks(office, first, "09:00", "09:05", "15:55")
    copies = Counter(one.recipient for one in office.envelopes)
    assert set(copies.values()) == {1}
    assert office.counts() == {"cancelled": MAILS, "sent": copies.total()}
    assert {str(one.local_date) for one in office.envelopes} == {first}
    states = office.look("reminder", "occurrence_id", "recipient", "state")
    arrived = {(item, reader) for item, reader, state in states if state == "sent"}
    past = {item for item, _ in before - arrived} - {gone}
    assert all(":event:" in item for item in past)  # who is told of an event is not told after it
    assert not {item for item, _ in arrived} & {gone}


def test_a_mailbox_that_is_full_for_five_sending_days_is_given_up(office: Office) -> None:
    """Each day's mail is written anew and shares the patience of the one before it; the others got theirs."""
    victim = "basic-education-contact@vaasa.example"
    office.transport = Moody(lambda to: FULL if to == victim else None)
    for day in range(1, 6):
        ticks(office, f"2025-12-{day:02}", *HOURS)
    assert len({one.recipient for one in office.envelopes}) == MAILS - 1
    assert office.look("outbox", "state", rcpt=victim) == [*["cancelled"] * 4, "queued"]
    ticks(office, "2025-12-06", "09:00")  # a Saturday
    ticks(office, "2025-12-07", "09:00")
    ticks(office, "2025-12-08", "09:00", "09:05")  # the next day is a holiday
    rows = office.look("outbox", "state", "attempts", "expires_at", "last_text", rcpt=victim)
    assert [row[0] for row in rows] == [*["cancelled"] * 5, "expired"]
    assert (all(row[1] for row in rows), {row[2] for row in rows}) == (True, {at("2025-12-08T09:00")})
    assert rows[-1][3] == FULL.text


FRIDAY, MONDAY, TUESDAY = "2025-01-24", "2025-01-27", "2025-01-28"
BOTH = ("fair milestone -P7D", "prize milestone -P7D")


@pytest.fixture
def doubly(database: Database) -> Office:
    """A town whose library is to hear of the fair on a Friday and of the prize on the Monday after it."""
    office = town(database, action("fair", "31.1.2025", "library"), action("prize", "3.2.2025", "library"))
    run(office, "2025-01-07", "2025-01-23")
    return office


def heard(office: Office) -> list[tuple[str, str, list[str]]]:
    """What was written to the library from Friday on."""
    return [one for one in mails(office, LIBRARY) if one[0] >= FRIDAY]


def test_yesterdays_mail_that_was_put_off_goes_with_todays(doubly: Office) -> None:
    """One mail on Monday, which holds all that is still true."""
    doubly.transport = server = Moody(lambda to: FULL if to == LIBRARY else None)
    ticks(doubly, FRIDAY, *HOURS)
    server.outcome_of = lambda _: None
    ticks(doubly, MONDAY, "07:00", *HOURS)
    ticks(doubly, TUESDAY, *HOURS)
    assert [str(one.local_date) for one in server.envelopes if one.recipient == LIBRARY] == [MONDAY]
    ((day, _, items),) = heard(doubly)
    assert (day, items) == (MONDAY, list(BOTH))


@pytest.mark.parametrize(
    ("then", "days"), [(None, [FRIDAY, FRIDAY, TUESDAY]), (SILENCE, [FRIDAY, FRIDAY, MONDAY])]
)
def test_beside_one_that_may_have_arrived_todays_waits(
    doubly: Office, then: Outcome | None, days: list[str]
) -> None:
    """It is never taken back. Taken at its second try it is Monday's mail; else Monday's own goes then."""
    doubly.transport = server = Moody(lambda to: SILENCE if to == LIBRARY else None)
    ticks(doubly, FRIDAY, "15:59:59")
    silent = iter([then])
    server.outcome_of = lambda to: next(silent, None) if to == LIBRARY else None
    ticks(doubly, MONDAY, "07:00", *HOURS)
    ticks(doubly, TUESDAY, *HOURS)
    assert [str(one.local_date) for one in server.envelopes if one.recipient == LIBRARY] == days
    first, second = heard(doubly)
    assert (first[2], second[2]) == ([BOTH[0]], [BOTH[1]])

"""One run: what it writes, when it writes nothing, and that a second one changes nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import update

from reminders.errors import ClockError, GuardError
from reminders.letters import message
from reminders.letters.message import MessageFacts
from reminders.settings import Settings
from reminders.store import delivery_log, evidence, tables
from reminders.use.mail import compose
from reminders.use.tick import Result
from tests.use.office import FIRST, MAILS, SECOND, Office, at, body, days, parsed

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
QUIET = Result(0, {}, may_send=True)
SECRETARY = "board-secretary@vaasa.example"
STAGES_OF_JANUARY = {
    ("collection", "-P30D", "unit"): 38,  # the round of 2025
    ("event", "-P30D", "unit"): 3,
    ("milestone", "P30D", "unit"): 25,
    ("milestone", "P7D", "unit"): 4,
    ("review", "P30D", "unit"): 63,
    ("event", "pace", "unit"): 2,
}


def test_the_first_run_writes_one_mail_a_recipient(office: Office) -> None:
    """38 mails to 38 addresses, each handed over once with the octets that were frozen."""
    assert office.tick(FIRST) == Result(MAILS, {"sent": MAILS}, may_send=True)
    recipients = Counter(one.recipient for one in office.envelopes)
    assert (len(recipients), set(recipients.values())) == (MAILS, {1})
    frozen = office.look("outbox", "rcpt", "message_id", "raw", "sha256", "state", "attempts", "fence")
    handed = [(one.recipient, one.message_id, one.raw) for one in office.envelopes]
    assert [row[:3] for row in frozen] == handed
    assert {(hashlib.sha256(row[2]).hexdigest() == row[3], *row[4:]) for row in frozen} == {
        (True, "sent", 1, 1)
    }


@SQLITE
def test_a_mails_headers_are_those_of_its_row(office: Office) -> None:
    """One recipient, the Message-ID of the outbox, the run's date in Vaasa."""
    office.tick(FIRST)
    for row, one in zip(office.look("outbox", "rcpt", "message_id"), office.envelopes, strict=True):
        found = parsed(one.raw)
        assert (found["To"], found["Message-ID"]) == row
        assert found["Date"] == "Mon, 01 Dec 2025 09:00:00 +0200"


def test_a_second_run_at_the_same_instant_writes_nothing(started: Office) -> None:
    """Nor does one an hour or six hours later; only the runs themselves are noted."""
    before = started.dump()
    results = [started.tick(f"2025-12-01T{hour}:00") for hour in ("09", "10", "15")]
    after = started.dump()
    assert results == [QUIET] * 3
    assert {name: rows for name, rows in after.items() if name != "run"} == {
        name: rows for name, rows in before.items() if name != "run"
    }
    assert len(after["run"]) == len(before["run"]) + 3 == 4


def test_six_weeks_later_there_is_one_mail_a_recipient_again(started: Office) -> None:
    """Of the days between only the newest stage of each item is mailed, with its number of days."""
    before = len(started.envelopes)
    result = started.tick(SECOND)
    later = Counter(one.recipient for one in started.envelopes[before:])
    assert (result.composed, result.outcomes, set(later.values())) == (len(later), {"sent": len(later)}, {1})
    assert started.counts() == {"sent": MAILS + len(later)}
    names = ("occurrence_id", "stage", "role", "due_on", "state")
    rows = [row for row in started.look("reminder", *names) if str(row[3]) > "2025-12-01"]
    sent = Counter((row[0].split(":")[2], row[1], row[2]) for row in rows if row[4] == "sent")
    assert sent == STAGES_OF_JANUARY
    assert (later.total(), Counter(started.look("digest", "kind"))) == (
        MAILS,
        # The heads hear on the next day, ten sending days after the answer date.
        {"status-request": MAILS, "collection": MAILS},
    )


@SQLITE
@pytest.mark.parametrize(
    ("when", "may_send"),
    [
        ("2025-12-01T06:59", False),
        ("2025-12-01T08:59", True),
        ("2025-12-01T16:00", False),
        ("2025-12-01T23:30", False),
        ("2025-11-29T09:00", False),  # Saturday
        ("2025-12-24T09:00", False),  # Christmas Eve
        ("2025-12-29T09:00", False),  # quiet period
        ("2026-07-15T09:00", False),  # July
    ],
)
def test_outside_its_hours_and_days_a_run_writes_nothing(office: Office, when: str, may_send: bool) -> None:
    """Neither plan nor mail before TICK_AT, after the window, or on a day on which nothing may be sent."""
    assert office.tick(when) == Result(0, {}, may_send=may_send)
    dump = office.dump()
    assert [dump[name] for name in ("reminder", "digest", "outbox", "planned_day")] == [[], [], [], []]
    assert office.look("programme", "started_on") == [None]


@SQLITE
@pytest.mark.parametrize(
    ("when", "composed"), [("2025-12-01T09:00", MAILS), ("2025-12-01T15:59:59.9", MAILS)]
)
def test_the_day_is_composed_until_the_window_closes(office: Office, when: str, composed: int) -> None:
    """From TICK_AT until the last instant of the window."""
    assert office.tick(when).composed == composed


@SQLITE
def test_what_was_tried_waits_for_the_window(started: Office) -> None:
    """It is handed over again in the window only, on its day by any run."""
    requeue(started, attempts=1)
    times = ("2025-12-01T16:00", "2025-12-01T22:00", "2025-12-02T06:59")
    assert [started.tick(when).outcomes for when in times] == [{}] * 3
    assert started.tick("2025-12-01T15:59").outcomes == {"sent": MAILS}


@SQLITE
@pytest.mark.parametrize("attempts", [0, 1])
def test_what_nobody_got_on_its_day_is_mailed_anew_on_the_next(started: Office, attempts: int) -> None:
    """Tried in vain or never: until TICK_AT it waits; then each address gets one mail of the day."""
    requeue(started, attempts=attempts)
    before = len(started.envelopes)
    items = sorted(started.look("reminder", "occurrence_id", "stage", "recipient"))
    assert started.tick("2025-12-01T16:00").outcomes == {}
    assert started.tick("2025-12-02T07:00").outcomes == {"held": MAILS}
    assert started.tick("2025-12-02T09:00") == Result(MAILS, {"sent": MAILS}, may_send=True)
    copies = Counter(one.recipient for one in started.envelopes[before:])
    assert (len(copies), set(copies.values())) == (MAILS, {1})
    assert Counter(started.look("outbox", "state")) == {"cancelled": MAILS, "sent": MAILS}
    assert sorted(started.look("reminder", "occurrence_id", "stage", "recipient", state="sent")) == items
    assert {str(day) for day in started.look("digest", "local_date", state="sent")} == {"2025-12-02"}


def requeue(office: Office, *, attempts: int) -> None:
    """Make all messages as if they had been tried so often."""
    with office.database.write() as connection:
        connection.execute(tables.outbox.update().values(state="queued", attempts=attempts))
        connection.execute(tables.reminder.update().values(state="in_digest"))


@SQLITE
def test_a_clock_that_goes_back_plans_nothing(office: Office) -> None:
    """Yesterday's run after today's writes nothing; the clock's return loses nothing."""
    office.tick("2025-12-02T09:00")
    before = office.dump()
    assert office.tick("2025-12-01T09:00") == QUIET
    assert office.look("planned_day", "local_date") == [row[0] for row in before["planned_day"]]
    assert (office.dump()["reminder"], office.dump()["digest"]) == (before["reminder"], before["digest"])
    assert office.tick("2025-12-03T09:00") == QUIET
    assert days(office.look("planned_day", "local_date")) == ["2025-12-02", "2025-12-03"]


@SQLITE
def test_a_clock_far_ahead_stops_everything_until_it_is_accepted(started: Office) -> None:
    """45 days are taken as they are; at 46 the run stops with nothing written, and goes on when told."""
    before = started.dump()
    with pytest.raises(ClockError) as raised:
        started.tick("2026-01-16T09:00")
    assert str(raised.value) == (
        "the last planned day is 2025-12-01, the clock says 2026-01-16: more than 45 days later. "
        "If the clock is right, run: reminders tick --accept-clock"
    )
    assert started.dump() == before
    assert started.tick("2026-01-16T09:00", accept_clock=True).composed == 50
    assert str(started.look("planned_day", "local_date")[-1]) == "2026-01-16"


@SQLITE
def test_45_days_ahead_need_no_acceptance(started: Office) -> None:
    """The last day that the guard lets pass."""
    assert started.tick("2026-01-15T09:00").composed == 50


@SQLITE
def test_more_mails_than_the_cap_ask_first(office: Office) -> None:
    """Over SMTP only: without acceptance nothing is composed, with it all are; at the cap nobody asks."""
    office.settings = Settings(smtp_url="smtp://mail.example", mail_cap=MAILS - 1)
    with pytest.raises(GuardError) as raised:
        office.tick(FIRST)
    assert str(raised.value) == (
        "this run would send 38 mails, more than MAIL_CAP (37). "
        "If that is meant, run: reminders tick --accept-count"
    )
    assert (office.dump()["digest"], office.envelopes) == ([], [])
    assert office.tick(FIRST, accept_count=True).composed == MAILS


@SQLITE
def test_what_was_composed_before_goes_while_the_cap_asks(started: Office) -> None:
    """One that may have arrived waits for its second try: the question about the day's mails keeps it not."""
    with started.database.write() as connection:
        waits = update(tables.outbox).where(tables.outbox.c.id == 1)
        connection.execute(waits.values(state="queued", attempts=1, ambiguous=1, next_at=at(FIRST)))
    started.settings = Settings(smtp_url="smtp://mail.example", mail_cap=0)
    with pytest.raises(GuardError):
        started.tick("2025-12-02T09:00")
    assert (len(started.envelopes), started.counts()) == (1, {"sent": MAILS})


@SQLITE
@pytest.mark.parametrize(
    "settings",
    [{"mail_cap": 0}, {"mail_cap": MAILS, "smtp_url": "smtp://mail.example"}],
)
def test_the_cap_concerns_smtp_and_what_exceeds_it(office: Office, settings: dict[str, object]) -> None:
    """In the folder there is none, and as many as the cap are let out."""
    office.settings = Settings(**settings)
    assert office.tick(FIRST).composed == MAILS


def broken_for(victim: str) -> Callable[[MessageFacts], bytes]:
    """Make octets for everybody but one."""
    whole = message.octets

    def broken(facts: MessageFacts) -> bytes:
        if facts.recipient == victim:
            raise UnicodeError("poisoned")
        return whole(facts)

    return broken


@SQLITE
def test_a_letter_that_cannot_be_made_fails_alone(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of 38 is not sent; its reminders wait, and the next day's run sends them."""
    victim = "welcome-office@vaasa.example"
    monkeypatch.setattr(compose, "octets", broken_for(victim))
    assert office.tick(FIRST) == Result(MAILS - 1, {"sent": MAILS - 1}, may_send=True)
    assert office.tick(FIRST) == QUIET
    assert victim not in {one.recipient for one in office.envelopes}
    assert office.look("digest", "state", recipient=victim) == ["failed"]
    assert set(office.look("reminder", "state", recipient=victim)) == {"planned"}
    assert Counter(office.look("digest", "state")) == {"sent": MAILS - 1, "failed": 1}
    monkeypatch.undo()
    assert office.tick("2025-12-02T09:00").composed == 2
    assert victim in {one.recipient for one in office.envelopes}
    assert set(office.look("reminder", "state", recipient=victim)) == {"sent"}


@SQLITE
def test_the_secretary_learns_of_a_letter_that_could_not_be_made(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands among the failures of her next digest."""
    monkeypatch.setattr(compose, "octets", broken_for("welcome-office@vaasa.example"))
    office.tick(FIRST)
    monkeypatch.undo()
    office.tick("2025-12-02T09:00")
    told = [body(one) for one in office.mails_of(SECRETARY) if "2.12.2025" in str(one["Subject"])]
    assert [text.count("welcome-office@vaasa.example") for text in told] == [1]


@SQLITE
def test_a_transport_that_breaks_keeps_no_other_message_back(office: Office) -> None:
    """What it raises is settled like silence: the message waits its turn, all others are sent."""
    deliver = office.transport.deliver

    def broken(envelope, on_dot):
        if envelope.recipient == "welcome-office@vaasa.example":
            raise RuntimeError("unforeseen")
        return deliver(envelope, on_dot)

    office.transport.deliver = broken  # type: ignore[method-assign]
    assert office.tick(FIRST).outcomes == {"sent": MAILS - 1, "queued": 1}
    row = office.look("outbox", "state", "attempts", "ambiguous", rcpt="welcome-office@vaasa.example")
    assert row == [("queued", 0, 0)]


def test_the_ledger_explains_every_mail(office: Office) -> None:
    """Composed, then handed over with the server's answer; the chain is whole."""
    office.tick(FIRST)
    with office.database.read() as connection:
        entries = delivery_log.log_entries(connection)
        assert evidence.changed_rows(connection) == ()
    kinds = {tuple((event.kind, event.phase, event.code) for event in one.events) for one in entries}
    assert kinds == {(("composed", "", 0), ("handed-over", "dot", 250))}
    answers = [one.events[-1].text for one in entries]
    assert answers == [f"2.0.0 kept as number {n}" for n in range(1, MAILS + 1)]


@SQLITE
def test_a_run_is_noted_with_what_it_did(office: Office) -> None:
    """Begun and ended, composed and sent; one that asks about the count has ended too."""
    office.settings = Settings(smtp_url="smtp://mail.example", mail_cap=0)
    with pytest.raises(GuardError):
        office.tick(FIRST)
    office.tick(FIRST, accept_count=True)
    assert office.look("run", "result") == [{"composed": 0}, {"composed": MAILS, "sent": MAILS}]
    ended = office.look("run", "finished_at")
    assert [end is None for end in ended] == [False, False]

"""Mail that does not leave is never silent: alarm, health, page, exit code say it, with cause and remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from email_templates.alarm import sentences
from reminders.errors import CountError
from reminders.store import installation, people
from reminders.use.people.contacts import revive_all
from reminders.use.watch.alarm import troubles
from reminders.use.watch.channel import let_go, standstill, try_again
from reminders.use.watch.doctor import health, mail_channel, mail_server
from tests.use.office import FIRST, MAILS, Office, at
from tests.use.test_whose_fault import Relay

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
SECRETARY = "board-secretary@vaasa.example"
LATER = "2025-12-01T09:01"


@pytest.fixture
def relay() -> Iterator[Relay]:
    """A server that is to be closed."""
    with Relay() as server:
        yield server


@pytest.mark.parametrize(
    ("stage", "reply", "cause"),
    [
        ("rcpt", "550 relay not permitted", "relay"),
        ("mail", "550 5.7.1 sender rejected", "sender"),
        ("data", "554 5.7.1 no", "relay"),
        ("dot", "550 5.7.26 DMARC", "content"),
        ("dot", "552 5.3.4 too big", "size"),
        ("rcpt", "530 5.7.0 authentication required", "sign-in"),
        ("banner", "554 5.3.2 no service", "refused"),
    ],
)
def test_a_closed_channel_is_told_from_its_first_failure(
    office: Office, relay: Relay, stage: str, reply: str, cause: str
) -> None:
    """Alarm, health and doctor say it with its cause, the run has failed, and so has one that only waits."""
    relay.serve(office)
    relay.closed = {stage: reply}  # type: ignore[dict-item]
    assert office.tick(FIRST).has_failed
    service = office.service(LATER)
    (closed,) = troubles(service).closed
    assert (closed.cause, closed.failures) == (cause, 1)
    assert health(service).reason.startswith("mail cannot be sent: ")
    assert mail_channel(service).state == "fails"
    waits = office.tick("2025-12-01T09:02")
    assert (waits.alarm, waits.resting != "", waits.has_failed) == ("", True, True)
    relay.closed = {}
    try_again(service)
    assert standstill(service).rests is False
    mended = office.tick("2025-12-01T09:03")
    assert (mended.outcomes["sent"] > MAILS - 4, mended.has_failed) == (True, False)
    assert not troubles(office.service("2025-12-01T09:04"))
    assert (health(office.service("2025-12-01T09:04")).reason, mail_channel(service).state) == ("", "ok")


def test_what_often_heals_by_itself_is_told_from_the_second_time_on(office: Office, relay: Relay) -> None:
    """A server that asks for another time rests for a minute; STARTTLS that cannot begin is told at once."""
    relay.serve(office)
    relay.closed = {"banner": "421 4.3.2 too busy"}
    assert office.tick(FIRST).has_failed
    assert not troubles(office.service(LATER))
    assert health(office.service(LATER)).reason == ""
    office.tick("2025-12-01T09:01")
    assert [one.cause for one in troubles(office.service("2025-12-01T09:02")).closed] == ["busy"]
    assert health(office.service("2025-12-01T09:02")).reason != ""


def test_a_relay_that_puts_everybody_off_is_told_from_the_second_run_on(office: Office, relay: Relay) -> None:
    """454 for everybody, as Postfix closes a relay: each message waits by itself, nobody is to blame."""
    relay.serve(office)
    relay.closed = {"rcpt": "454 4.7.1 <{}>: Relay access denied"}
    first = office.tick(FIRST)
    assert (first.outcomes, first.alarm, first.has_failed) == ({"queued": MAILS}, "", False)
    assert not troubles(office.service(LATER))
    assert office.tick("2025-12-01T09:05").has_failed
    (closed,) = troubles(office.service("2025-12-01T09:06")).closed
    assert (closed.cause, closed.reason) == ("busy", "rcpt 454: 4.7.1 <…>: Relay access denied")
    assert health(office.service("2025-12-01T09:06")).reason != ""
    relay.closed = {}
    assert not office.tick("2025-12-01T09:30").has_failed
    assert (office.counts(), office.look("dead_address", "address")) == ({"sent": MAILS}, [])
    assert not troubles(office.service("2025-12-01T09:31"))


def test_full_mailboxes_are_no_standstill(office: Office, relay: Relay) -> None:
    """Three of them that are tried alone, again and again: the server works."""
    relay.serve(office)
    full = [f"{name}-contact@vaasa.example" for name in ("hr-unit", "novia", "alma")]
    relay.restricted = dict.fromkeys(full, ("rcpt", "452 4.2.2 mailbox full"))
    for when in (FIRST, "2025-12-01T09:05", "2025-12-01T09:15"):
        assert not office.tick(when).has_failed
    assert not troubles(office.service("2025-12-01T09:16"))


def test_more_mails_than_may_go_wait_for_a_yes(office: Office, relay: Relay) -> None:
    """Told by alarm, health and page; the yes of the page is taken by the next run, and is over then."""
    relay.serve(office, mail_cap=10)
    with pytest.raises(CountError):
        office.tick(FIRST)
    service = office.service(LATER)
    found = troubles(service)
    assert found.waiting is not None
    assert (found.waiting.mails, found.waiting.cap) == (MAILS, 10)
    assert [f"{MAILS}" in " ".join(sentences(found, lang)) for lang in ("fi", "sv", "en")] == [True] * 3
    assert health(service).reason == f"{MAILS} mails wait for a yes: reminders tick --accept-count"
    assert office.look("run", "finished_at")[-1] is not None
    let_go(service)
    assert (standstill(service).is_let_go, health(service).reason) == (True, "")
    assert office.tick("2025-12-01T09:05").outcomes == {"sent": MAILS}
    assert standstill(office.service("2025-12-01T09:06")).waiting is None


def test_a_yes_holds_for_so_many_mails_and_that_day(office: Office, relay: Relay) -> None:
    """More than were waiting, or another day: it is asked again."""
    relay.serve(office, mail_cap=10)
    with pytest.raises(CountError):
        office.tick(FIRST)
    let_go(office.service(LATER))
    with office.database.write() as connection:
        installation.ask_count(connection, MAILS - 1)
    with pytest.raises(CountError):
        office.tick("2025-12-01T09:05")
    let_go(office.service("2025-12-01T09:06"))
    with pytest.raises(CountError):
        office.tick("2025-12-02T09:00")
    assert office.tick("2025-12-02T09:05", accept_count=True).outcomes["sent"] >= MAILS
    assert standstill(office.service("2025-12-02T09:06")).waiting is None


def test_the_secretarys_refusal_is_reported(office: Office, relay: Relay) -> None:
    """She is never passed over: alarm and health say that her mail does not get through, until it does."""
    relay.dead = {SECRETARY}
    relay.serve(office)
    office.tick(FIRST)
    (lapsed,) = troubles(office.service(LATER)).without
    assert lapsed.why == "secretary-dead"
    assert "secretary whose address takes no mail" in health(office.service(LATER)).reason
    relay.dead = set()
    office.tick("2025-12-02T09:00")
    assert troubles(office.service("2025-12-02T09:01")).without == ()


def test_doctor_asks_as_far_as_the_secretarys_address(office: Office, relay: Relay) -> None:
    """MAIL, RCPT, RSET: a closed relay shows before the first mail, and nothing is sent."""
    relay.serve(office)
    assert mail_server(office.service(FIRST)).state == "ok"
    assert relay.commands[1:] == [
        "MAIL FROM:<reminders@vaasa.example>",
        f"RCPT TO:<{SECRETARY}>",
        "RSET",
        "QUIT",
    ]
    relay.closed = {"rcpt": "550 relay not permitted"}
    found = mail_server(office.service(FIRST))
    assert (found.state, "rcpt 550: relay not permitted" in found.found) == ("fails", True)
    assert relay.accepted == []


def test_a_run_in_which_more_failed_than_was_sent_has_failed(office: Office) -> None:
    """Single failures are none; 107 that failed beside one that was sent are."""
    result = office.tick(FIRST)
    counts = [
        {"failed": 2},
        {"failed": 107, "sent": 1},
        {"failed": 1, "queued": 1},
        {"failed": 1, "sent": 1},
        {},
    ]
    found = [replace(result, outcomes=one).has_failed for one in counts]
    assert found == [True, True, True, False, False]


def test_all_flags_are_lifted_at_once(office: Office) -> None:
    """After a server's mistake nobody types fifty addresses."""
    with office.database.write() as connection:
        for name in ("b@x.example", "a@x.example"):
            people.flag_address(connection, name, at(FIRST), 550, "no")
    assert revive_all(office.service(FIRST)) == ("a@x.example", "b@x.example")
    assert office.look("dead_address", "address") == []


def test_what_was_waited_for_too_long_goes_on_to_the_next_in_the_chain(office: Office, relay: Relay) -> None:
    """A mailbox that is full for as long as is waited: its items go on, and nobody is flagged."""
    who = "hr-unit-contact@vaasa.example"
    relay.restricted = {who: ("rcpt", "452 4.2.2 mailbox full")}
    relay.serve(office)
    office.tick(FIRST)
    day = at(FIRST)
    while "expired" not in office.look("outbox", "state", rcpt=who):
        day += timedelta(hours=4)
        if 9 <= day.hour < 16:
            office.tick(day.isoformat())
    ((first, fault),) = office.look("outbox", "digest_id", "fault", rcpt=who, state="expired")
    lost = set(office.look("reminder", "occurrence_id", "stage", digest_id=first))
    went = set(office.look("reminder", "occurrence_id", "stage", recipient="hr-unit-head@vaasa.example"))
    assert (fault, lost <= went, office.look("dead_address", "address")) == ("slow", True, [])

"""Whose fault a refusal is: a closed server silences nobody, a dead or restricted address closes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from reminders.planning.recipients import Contact
from reminders.store import evidence, outbox, people
from reminders.use.people.contacts import change_contact
from tests.delivery.faulty_server import Fault, Session, Stage
from tests.use.office import FIRST, MAILS, VAASA, Office
from tests.use.post_office import PostOffice

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
HR, HR_HEAD = "hr-unit-contact@vaasa.example", "hr-unit-head@vaasa.example"
SECRETARY = "board-secretary@vaasa.example"
CLOSED: dict[str, tuple[Stage, str]] = {
    "Exim's relay": ("rcpt", "550 relay not permitted"),
    "Postfix's relay": ("rcpt", "554 5.7.1 <{}>: Relay access denied"),
    "qmail's relay": ("rcpt", "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
    "an empty list of recipients": (
        "rcpt",
        "550 5.1.1 <{}>: Recipient address rejected: User unknown in relay recipient table",
    ),
    "554 at DATA": ("data", "554 5.7.1 <{}>: Data command rejected: Access denied"),
    "552 at the dot": ("dot", "552 message exceeds fixed maximum message size"),
    "too big, with the number": ("dot", "552 5.3.4 message of {} octets is too big"),
    "DMARC at the dot": ("dot", "550 5.7.26 unauthenticated mail is not accepted, {} - gsmtp"),
    "554 at the dot": ("dot", "554 transaction failed"),
    "454 at STARTTLS": ("starttls", "454 4.7.0 TLS not available due to local problem"),
    "421 in the banner": ("banner", "421 4.3.2 too busy"),
    "451 at EHLO": ("ehlo", "451 4.3.0 not now"),
    "550 at MAIL": ("mail", "550 5.7.1 sender rejected"),
    "too big at MAIL": ("mail", "552 5.3.4 message size exceeds fixed limit"),
    "503 at RCPT": ("rcpt", "503 5.5.1 authentication first"),
    "530 at RCPT": ("rcpt", "530 5.7.0 authentication required"),
    "our address at RCPT": ("rcpt", "550 5.1.8 sender domain is not known"),
    "parameters at RCPT": ("rcpt", "555 5.5.4 unsupported option NOTIFY"),
}


class Relay(PostOffice):
    """Refuses whoever it is at the stages of ``closed``, and whom it has ``restricted`` at theirs."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.closed: dict[Stage, str] = {}
        self.restricted: dict[str, tuple[Stage, str]] = {}
        self.seen = 0
        self._about = ""

    async def _obey(self, session: Session, line: str) -> None:
        if line[:4].upper() == "RCPT":
            self._about = line[9:].partition(">")[0]
        if line.upper() == "DATA":
            self._refuse("dot")
        await super()._obey(session, line)

    async def _say(self, session: Session, stage: Stage, usual: str = "") -> int:
        if stage != "dot":
            self._refuse(stage)
        return await super()._say(session, stage, usual)

    def _refuse(self, stage: Stage) -> None:
        """Set the next answer of a stage, each with a number of its own."""
        own = self.restricted.get(self._about)
        reply = self.closed.get(stage) or (own[1] if own and own[0] == stage else "")
        self.seen += 1
        # Of a closed server several connections may be at this stage.
        self._faults[stage] = [Fault(reply.format(f"id{self.seen}@x"))] * 10 if reply else []


@pytest.fixture
def relay(office: Office) -> Iterator[Relay]:
    """A server that is to be closed; in the end the record agrees with what is stored."""
    with Relay() as server:
        yield server
    with office.database.read() as connection:
        assert (evidence.broken_links(connection), evidence.changed_rows(connection)) == ((), ())


def until_all_went(office: Office, day: str = "2025-12-01") -> None:
    """Run every five minutes for three hours."""
    for minutes in range(5, 181, 5):
        office.tick(f"{day}T{9 + minutes // 60:02}:{minutes % 60:02}")


@SQLITE
@pytest.mark.parametrize("case", CLOSED)
def test_a_closed_server_silences_nobody(office: Office, relay: Relay, case: str) -> None:
    """One tick: nobody flagged, nothing failed, the channel closed; repaired: every mail once, the same."""
    stage, reply = CLOSED[case]
    relay.serve(office)
    if stage == "starttls":
        relay._tls = "starttls"
        relay.serve(office, smtp_url=f"smtp+starttls://127.0.0.1:{relay.port}")
    relay.closed = {stage: reply}
    first = office.tick(FIRST)
    assert first.alarm != ""
    assert (first.composed, office.counts(), relay.accepted) == (MAILS, {"queued": MAILS}, [])
    assert office.look("dead_address", "address") == []
    assert set(office.look("reminder", "state")) == {"in_digest"}
    before = dict(office.look("outbox", "message_id", "sha256"))
    relay.closed = {}
    if stage == "starttls":
        relay._tls = ""
        relay.serve(office)
    until_all_went(office)
    assert office.counts() == {"sent": MAILS}
    assert (len(relay.copies), set(relay.copies.values())) == (MAILS, {1})
    assert dict(office.look("outbox", "message_id", "sha256")) == before
    assert office.look("channel", "failures", "cause", name="smtp") == [(0, "")]


@SQLITE
@pytest.mark.parametrize("case", ["Exim's relay", "554 at DATA", "DMARC at the dot"])
def test_several_connections_are_closed_together(office: Office, relay: Relay, case: str) -> None:
    """What one connection has seen the others know; after repair each mail goes once."""
    stage, reply = CLOSED[case]
    relay.serve(office, mail_connections=4)
    relay.closed = {stage: reply}
    assert office.tick(FIRST).alarm != ""
    assert (office.counts(), office.look("dead_address", "address")) == ({"queued": MAILS}, [])
    relay.closed = {}
    until_all_went(office)
    assert office.counts() == {"sent": MAILS}
    assert set(relay.copies.values()) == {1}


@SQLITE
def test_a_relay_that_is_closed_to_one_domain_flags_nobody(office: Office, relay: Relay) -> None:
    """The secretary's mail is taken, two of another domain are refused alike: they wait, the others go."""
    foreign = []
    for key in ("hr-unit", "novia"):
        own = next(one for one in contacts_of(office) if one.organisation == key and one.role == "contact")
        foreign.append(replace(own, email=f"{key}@partner.example"))
        change_contact(office.service("2025-12-01T08:00"), VAASA, own, foreign[-1])
    words = ("rcpt", "554 5.7.1 <{}>: Relay access denied")
    relay.restricted = {one.email: words for one in foreign}  # type: ignore[misc]
    relay.serve(office)
    result = office.tick(FIRST)
    assert (result.alarm, result.outcomes) == ("", {"queued": 2, "sent": MAILS - 2})
    assert office.look("dead_address", "address") == []
    relay.restricted = {}
    until_all_went(office)
    assert office.counts() == {"sent": MAILS}


def contacts_of(office: Office) -> tuple[Contact, ...]:
    """The contact list of the programme."""
    with office.database.read() as connection:
        return people.contacts_of(connection, VAASA)


@SQLITE
@pytest.mark.parametrize("case", ["Exim's relay", "Postfix's relay", "554 at DATA", "DMARC at the dot"])
def test_among_them_a_dead_address_and_a_restricted_mailbox(office: Office, relay: Relay, case: str) -> None:
    """The dead one's items go to the next in the chain on the day; the restricted one's too, unflagged."""
    stage, reply = CLOSED[case]
    relay.dead, relay.restricted = {HR}, {"novia-contact@vaasa.example": ("rcpt", "550 5.7.1 not for you")}
    relay.serve(office)
    relay.closed = {stage: reply}
    office.tick(FIRST)
    assert set(office.look("dead_address", "address")) <= {HR}
    relay.closed = {}
    until_all_went(office)
    assert office.look("dead_address", "address", "code") == [(HR, 550)]
    assert office.look("channel", "failures", name="smtp") == [0]
    failed = {row[0] for row in office.look("outbox", "rcpt", "state") if row[1] == "failed"}
    assert failed == {HR, "novia-contact@vaasa.example"}
    assert relay.copies[HR_HEAD] == 1
    assert set(relay.copies.values()) <= {1, 2}
    for lost in failed:
        items = set(office.look("reminder", "occurrence_id", "stage", recipient=lost))
        went = {
            (occurrence, name)
            for occurrence, name, to, state in office.look(
                "reminder", "occurrence_id", "stage", "recipient", "state"
            )
            if to != lost and state == "sent"
        }
        assert items <= went


def test_a_restricted_mailbox_closes_nothing_and_flags_nobody(office: Office, relay: Relay) -> None:
    """The secretary is asked about on the spot; what was refused goes on to the next in the chain, once."""
    relay.restricted = {HR: ("rcpt", "550 5.7.1 not for you")}
    relay.serve(office)
    result = office.tick(FIRST)
    assert (result.alarm, result.outcomes["failed"], result.outcomes["sent"]) == ("", 1, MAILS)
    assert office.look("dead_address", "address") == []
    assert f"RCPT TO:<{SECRETARY}>" in relay.commands
    assert office.tick("2025-12-01T09:30").outcomes == {}
    assert office.tick("2025-12-02T09:00").outcomes.get("failed", 0) == 0
    assert (relay.copies[HR_HEAD], relay.copies[HR]) == (1, 0)


@SQLITE
@pytest.mark.parametrize(
    ("second", "flagged"),
    [("550 5.7.1 not for you", [HR]), ("", []), ("451 4.2.2 full", [])],
)
def test_a_second_refusal_on_another_day_flags(
    office: Office, relay: Relay, second: str, flagged: list[str]
) -> None:
    """Its next item goes to it again; refused again it is flagged, taken or put off it is not."""
    relay.restricted = {HR: ("rcpt", "550 5.2.1 not for you")}
    relay.serve(office)
    office.tick(FIRST)
    relay.restricted = {HR: ("rcpt", second)} if second else {}
    day = date(2025, 12, 1)
    while len(office.look("outbox", "id", rcpt=HR)) < 2:
        day += timedelta(days=1)
        office.tick(f"{day}T09:00")
    assert office.look("dead_address", "address") == flagged
    assert office.look("outbox", "state", rcpt=HR) == [
        "failed",
        {"": "sent", "4": "queued"}.get(second[:1], "failed"),
    ]


@SQLITE
def test_the_secretary_and_the_last_of_a_chain_are_never_flagged(office: Office, relay: Relay) -> None:
    """Even by 5.1.1: her mail is tried each time, and her items go to whoever of the board is there."""
    relay.dead = {SECRETARY}
    relay.serve(office)
    office.tick(FIRST)
    assert office.look("dead_address", "address") == []
    assert "failed" in office.look("outbox", "state", rcpt=SECRETARY)


@SQLITE
@pytest.mark.parametrize("reply", ["550 5.7.1 spam", "554 no thank you", "550 5.7.26 DMARC"])
def test_content_that_is_refused_for_one_only_fails_alone(office: Office, relay: Relay, reply: str) -> None:
    """Tried once more after others were taken, then failed in the same run, and shown; nobody is flagged."""
    relay.restricted = {HR: ("dot", reply)}
    relay.serve(office)
    result = office.tick(FIRST)
    assert (result.alarm, result.outcomes["failed"], result.outcomes["sent"]) == ("", 1, MAILS - 1)
    assert office.look("dead_address", "address") == []
    assert office.look("outbox", "state", "fault", rcpt=HR) == [("failed", "message")]
    with office.database.read() as connection:
        assert [row["rcpt"] for row in outbox.failures_of(connection, VAASA)] == [HR]


@SQLITE
def test_content_at_data_that_is_refused_for_one_only_fails_alone(office: Office, relay: Relay) -> None:
    """Another is asked about as far as 354, and the line hung up: nothing is sent by the question."""
    relay.restricted = {HR: ("data", "554 5.7.1 not this")}
    relay.serve(office)
    result = office.tick(FIRST)
    assert (result.alarm, result.outcomes["failed"], result.outcomes["sent"]) == ("", 1, MAILS - 1)
    assert (office.look("dead_address", "address"), set(relay.copies.values())) == ([], {1})
    assert all(len(body) > 200 for body in relay.bodies)


def test_what_is_too_big_goes_as_a_short_text(office: Office, relay: Relay) -> None:
    """The same day, by another Message-ID, with the link of the unit's page; refused too, it has failed."""
    relay.restricted = {HR: ("dot", "552 5.3.4 too big")}
    relay.serve(office)
    office.tick(FIRST)
    rows = office.look("outbox", "state", "fault", "message_id", rcpt=HR)
    assert [row[:2] for row in rows] == [("cancelled", "size"), ("failed", "message")]
    assert rows[0][2] != rows[1][2]
    first, second = office.mails_of(HR)
    assert len(second.as_bytes()) < len(first.as_bytes()) / 3
    assert "/unit/" in second.get_content()


@SQLITE
def test_a_short_text_is_taken(office: Office, relay: Relay) -> None:
    """A server that takes messages up to a size: what is too big goes as a text, and nothing has failed."""
    relay.serve(office)
    relay.closed = {"mail": "550 5.7.1 no"}
    office.tick(FIRST)
    relay.closed = {}
    sizes = sorted(len(raw) for raw in office.look("outbox", "raw"))
    relay._offers = ("PIPELINING", f"SIZE {(sizes[-1] + sizes[-2]) // 2}")
    result = office.tick("2025-12-01T09:10")
    (big,) = [rcpt for rcpt, fault in office.look("outbox", "rcpt", "fault") if fault == "size"]
    assert office.counts() == {"sent": MAILS, "cancelled": 1}
    assert (result.alarm, result.outcomes["sent"]) == ("", MAILS)
    assert (relay.copies[big], set(relay.copies.values())) == (1, {1})
    assert set(office.look("reminder", "state")) == {"sent"}


def test_a_half_open_channel_takes_another_message_first(office: Office, relay: Relay) -> None:
    """Three that are to blame come in a row and close it; after the pause one goes that was not refused."""
    relay.serve(office)
    relay.closed = {"mail": "550 5.7.1 no"}
    office.tick(FIRST)
    (order,) = [office.look("outbox", "rcpt")]
    relay.closed = {}
    tried = [one for one in order if one != order[0]][:3]
    relay.restricted = dict.fromkeys(tried, ("dot", "554 5.7.1 looks like spam"))
    closed = office.tick("2025-12-01T09:10")
    assert (closed.alarm != "", office.counts()) == (True, {"queued": MAILS})
    relay.commands.clear()
    office.tick("2025-12-01T09:30")
    first = next(line for line in relay.commands if line.startswith("RCPT"))
    assert not any(one in first for one in tried)
    assert office.counts() == {"sent": MAILS - 3, "failed": 3}
    assert office.look("channel", "failures", name="smtp") == [0]


@SQLITE
def test_the_only_mail_of_a_run_is_not_failed_by_words_at_the_dot(office: Office, relay: Relay) -> None:
    """Nothing else tells whose fault it is: it waits, and the third time the channel is closed."""
    relay.serve(office)
    relay.restricted = {HR: ("rcpt", "451 4.2.1 later")}
    assert office.tick(FIRST).outcomes == {"queued": 1, "sent": MAILS - 1}
    relay.restricted = {HR: ("dot", "554 5.7.1 looks like spam")}
    runs = [office.tick(f"2025-12-01T09:{minute:02}") for minute in (10, 20, 40)]
    assert [run.outcomes for run in runs] == [{"queued": 1}] * 3
    assert [run.alarm != "" for run in runs] == [False, False, True]
    relay.restricted = {}
    assert office.tick("2025-12-01T09:50").outcomes == {"sent": 1}
    assert office.counts() == {"sent": MAILS}

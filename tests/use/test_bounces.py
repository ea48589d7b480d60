"""Returned mail: believed when signed, recorded once, a dead address passed over, shown to the secretary."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from reminders.delivery import MemoryTransport
from reminders.errors import BounceError
from reminders.letters.message import is_tagged, outbox_id_of, return_path
from reminders.settings import Settings
from reminders.store import Database, evidence, installation, outbox, people, tables
from reminders.use.mail.bounces import BounceDesk, Recorded
from reminders.use.mail.digests import digest_now
from reminders.use.people.retention import remove_everything_of
from reminders.use.planning.load_state import load_states
from tests.delivery.faulty_server import Gone, Session, Stage
from tests.use.office import FIRST, SECRET, Office, at
from tests.use.post_office import QUICK, PostOffice
from tests.use.reports import qmail, rfc3464, vacation

BOUNCES = "bounces@vaasa.example"
LATER = "2025-12-01T10:00"


@pytest.fixture
def desk(loaded_database: Database) -> BounceDesk:
    """Where reports are judged, an hour after the first mails, whose return addresses were signed."""
    settings = Settings(bounce_address=BOUNCES)
    Office(loaded_database, settings).tick(FIRST)
    return BounceDesk(settings, loaded_database, SECRET, at(LATER))


def office_of(desk: BounceDesk) -> Office:
    """The office around a desk."""
    return Office(desk.database, desk.settings)


def message(desk: BounceDesk) -> tuple[int, str, str]:
    """The first message that is no digest of the secretary: id, Message-ID, recipient."""
    ((number, message_id, rcpt),) = office_of(desk).look("outbox", "id", "message_id", "rcpt", id=3)
    return number, message_id, rcpt


def return_address(desk: BounceDesk, number: int) -> str:
    """The address that the bounce of a message comes to."""
    with desk.database.read() as connection:
        return return_path(BOUNCES, number, SECRET, installation.epoch(connection))


def test_mail_leaves_with_a_signed_return_address(loaded_database: Database) -> None:
    """Each message has a return path of its own when BOUNCE_ADDRESS is set, else MAIL_FROM."""
    signed, plain = MemoryTransport(), MemoryTransport()
    Office(loaded_database, Settings(bounce_address=BOUNCES), signed).tick(FIRST)
    Office(loaded_database, Settings(), plain).tick("2026-01-12T09:00")
    with loaded_database.read() as connection:
        epochs = installation.epochs(connection)
    ids = {outbox_id_of(BOUNCES, one.sender, SECRET, epochs) for one in signed.envelopes}
    assert ids == set(range(1, 39))
    assert {one.sender for one in plain.envelopes} == {"reminders@vaasa.example"}


EPOCHS = {"": 20, "0000abcd": 30, "1234abcd": None}


def test_a_return_address_is_read_back_and_none_can_be_made_up() -> None:
    """Only the service's own signature names a message; case does not matter on the way."""
    address = return_path(BOUNCES, 17, SECRET, "1234abcd")
    assert address.startswith("bounces+17.1234abcd.")
    assert outbox_id_of(BOUNCES, address, SECRET, EPOCHS) == 17
    assert outbox_id_of(BOUNCES, address.upper(), SECRET, EPOCHS) == 17
    for old, new in (("+17.", "+18."), ("1234abcd", "0000abcd"), ("1234abcd.", "")):
        assert outbox_id_of(BOUNCES, address.replace(old, new), SECRET, EPOCHS) is None
    assert outbox_id_of(BOUNCES, address, "another secret of 16", EPOCHS) is None
    assert outbox_id_of(BOUNCES, BOUNCES, SECRET, EPOCHS) is None
    assert (is_tagged(BOUNCES, "bounces+x@vaasa.example"), is_tagged(BOUNCES, BOUNCES)) == (True, False)


@pytest.mark.parametrize(
    ("epoch", "number", "found"),
    [
        ("", 20, 20),  # of before the upgrade
        ("", 21, None),
        ("0000abcd", 30, 30),  # of before a backup was restored, which held the mail
        ("0000abcd", 31, None),  # since then the number is another mail's
        ("1234abcd", 31, 31),
        ("ffffabcd", 1, None),  # of a database that is lost
    ],
)
def test_an_address_of_an_earlier_epoch_is_good_for_its_mails(
    epoch: str, number: int, found: int | None
) -> None:
    """Those that there were when the next epoch began."""
    assert outbox_id_of(BOUNCES, return_path(BOUNCES, number, SECRET, epoch), SECRET, EPOCHS) == found


@pytest.mark.parametrize("how", ["verp", "message-id", "envelope-id", "qmail"])
def test_a_hard_bounce_flags_the_address(desk: BounceDesk, how: str) -> None:
    """However the message is named: its fate, the address and the record change, once."""
    number, message_id, rcpt = message(desk)
    reports: Mapping[str, bytes] = {
        "verp": rfc3464(to=return_address(desk, number)),
        "message-id": rfc3464(message_id=message_id),
        "envelope-id": rfc3464(envelope_id=message_id.strip("<>")),
        "qmail": qmail(message_id, recipient=rcpt),
    }
    assert desk.record(reports[how]) == Recorded(number, "dead", "recorded")
    assert desk.record(reports[how]) == Recorded(number, "dead", "known")
    here = office_of(desk)
    assert here.look("outbox", "state", "last_code", id=number) == [("failed", 550)]
    assert here.look("digest", "state", id=number) == ["failed"]
    assert set(here.look("reminder", "state", digest_id=number)) == {"failed"}
    assert here.look("dead_address", "address", "code") == [(rcpt, 550)]
    events = here.look("delivery_event", "kind", "phase", "code", outbox_id=number)
    assert events == [("composed", "", 0), ("handed-over", "dot", 250), ("bounced", "report", 550)]
    with desk.database.read() as connection:
        assert evidence.changed_rows(connection) == ()


def test_a_dead_address_is_passed_over_and_shown(desk: BounceDesk) -> None:
    """The chain goes on behind it, and the secretary's digest says so even if the mail was older."""
    _, message_id, rcpt = message(desk)
    service = office_of(desk).service("2025-12-10T09:00")
    with desk.database.read() as connection:
        before = {c.email for w in load_states(connection).values() for c in _everybody(w.people)}
    BounceDesk(desk.settings, desk.database, SECRET, at("2025-12-09T12:00")).record(
        rfc3464(message_id=message_id)
    )
    with desk.database.read() as connection:
        after = {c.email for w in load_states(connection).values() for c in _everybody(w.people)}
    assert before - after == {rcpt}
    (document,), _ = digest_now(service)
    failures: Any = document["failures"]
    assert [row["title"]["en"] for row in failures] == [rcpt]
    assert failures[0]["note"]["en"].endswith(": 550 5.1.1 <…>: Recipient address rejected: User unknown")


def test_what_came_back_goes_on_to_the_next_in_the_chain(desk: BounceDesk) -> None:
    """The next run mails the items to somebody else, the same day."""
    number, message_id, rcpt = message(desk)
    before = office_of(desk).look("reminder", "occurrence_id", digest_id=number)
    desk.record(rfc3464(message_id=message_id))
    here = office_of(desk)
    here.tick("2025-12-01T10:05")
    after = {
        (occurrence, recipient)
        for occurrence, recipient, state in here.look("reminder", "occurrence_id", "recipient", "state")
        if occurrence in before and state == "sent"
    }
    assert {occurrence for occurrence, _ in after} == set(before)
    assert rcpt not in {recipient for _, recipient in after}
    assert here.envelopes


class Hasty(PostOffice):
    """Takes a message for ``rcpt``, and has the report of its failure delivered before it answers."""

    def __init__(self, desk: BounceDesk, rcpt: str, *, lost: bool) -> None:
        super().__init__()
        self._desk, self._rcpt, self._lost = desk, rcpt, lost

    async def _say(self, session: Session, stage: Stage, usual: str = "") -> int:
        if stage == "dot" and session.recipients == [self._rcpt]:
            found = self._desk.record(rfc3464(to=session.sender))
            assert (found.fate, found.news) == ("dead", "recorded")
            if self._lost:
                raise Gone
        return await super()._say(session, stage, usual)


@pytest.mark.parametrize("lost", [False, True])
def test_a_report_that_is_quicker_than_the_answer(loaded_database: Database, lost: bool) -> None:
    """Back while the message is still being sent: failed, both in the log, the next in the chain mailed.

    Whether the server's answer then comes or is lost: what has come back is not tried again.
    """
    settings = {"bounce_address": BOUNCES, "mail_per_minute": QUICK}
    here = Office(loaded_database)
    rcpt = "hr-unit-contact@vaasa.example"
    desk = BounceDesk(Settings(bounce_address=BOUNCES), loaded_database, SECRET, at(FIRST))
    with Hasty(desk, rcpt, lost=lost) as server:
        server.serve(here, **settings)
        here.tick(FIRST)
        first = here.look("outbox", "id", "state", "last_code", rcpt=rcpt)
        ((number, *_),) = first
        before = here.look("reminder", "occurrence_id", digest_id=number)
        assert first == [(number, "failed", 550)]
        assert set(here.look("reminder", "state", digest_id=number)) == {"failed"}
        assert here.look("dead_address", "address", "code") == [(rcpt, 550)]
        events = here.look("delivery_event", "kind", "phase", "code", outbox_id=number)
        answer = ("deferred", "dot", 0) if lost else ("handed-over", "dot", 250)
        assert events == [("composed", "", 0), ("bounced", "report", 550), answer]
        sent = here.look("reminder", "occurrence_id", "recipient", state="sent")
        here.tick("2025-12-01T10:30")
        assert server.copies[rcpt] == 1
    on = {(occurrence, recipient) for occurrence, recipient in sent if occurrence in before}
    assert {occurrence for occurrence, _ in on} == set(before)
    assert rcpt not in {recipient for _, recipient in on}


def test_a_report_ends_what_waits_for_its_second_try(desk: BounceDesk) -> None:
    """In doubt after the dot, queued or claimed again: the report says how it ended, and no copy follows."""
    here = office_of(desk)
    for number, state, phase in ((3, "queued", ""), (4, "sending", "claimed")):
        with desk.database.write() as connection:
            values = {"state": state, "phase": phase, "ambiguous": 1, "owner": "o", "fence": 7}
            table = tables.outbox
            connection.execute(update(table).where(table.c.id == number).values(values))
        desk.record(rfc3464(to=return_address(desk, number)))
        assert here.look("outbox", "state", "phase", "owner", id=number) == [("failed", "", "")]
        assert set(here.look("reminder", "state", digest_id=number)) == {"failed"}


def test_killed_after_a_quick_report_it_is_not_tried_again(desk: BounceDesk) -> None:
    """Marked as returned, its sender gone: the sweep fails it."""
    here = office_of(desk)
    with desk.database.write() as connection:
        values = {"state": "sending", "phase": "dot", "owner": "gone", "lease_until": at(LATER)}
        connection.execute(update(tables.outbox).where(tables.outbox.c.id == 3).values(values))
    desk.record(rfc3464(to=return_address(desk, 3)))
    assert here.look("outbox", "state", "phase", id=3) == [("sending", "returned")]
    with desk.database.write() as connection:
        assert outbox.sweep(connection, at("2025-12-01T11:00")) == 1
    assert here.look("outbox", "state", "phase", "ambiguous", "last_code", id=3) == [("failed", "", 0, 550)]
    assert set(here.look("reminder", "state", digest_id=3)) == {"failed"}


def _everybody(people: Any) -> list[Any]:
    keys = {contact.organisation for contact in people.all}
    day = at(FIRST).date()
    return [contact for key in keys for link in people.chain(key, day) for contact in link.contacts]


@pytest.mark.parametrize(
    ("status", "diagnostic", "action", "fate", "state"),
    [
        ("4.4.1", "smtp; 451 4.4.1 connection timed out", "delayed", "delayed", "sent"),
        ("4.2.2", "smtp; 452 4.2.2 mailbox full", "delayed", "delayed", "sent"),
        ("4.2.2", "smtp; 452 4.2.2 mailbox full", "failed", "slow", "failed"),
        ("5.2.2", "smtp; 552 5.2.2 mailbox full", "failed", "slow", "failed"),
        ("5.1.1", "smtp; 550 5.1.1 unknown", "failed", "dead", "failed"),
        ("5.1.10", "smtp; 556 5.1.10 null MX", "failed", "dead", "failed"),
        ("5.7.1", "smtp; 550 5.7.1 refused by policy", "failed", "failed", "failed"),
        ("5.1.8", "smtp; 550 5.1.8 bad sender", "failed", "failed", "failed"),
        ("5.0.0", "smtp; 550 unknown", "failed", "dead", "failed"),
        ("5.2.1", "smtp; 550 5.2.1 disabled", "failed", "dead", "failed"),
        ("2.0.0", "smtp; 250 ok", "delivered", "delivered", "sent"),
    ],
)
def test_what_a_report_says_decides(
    desk: BounceDesk, status: str, diagnostic: str, action: str, fate: str, state: str
) -> None:
    """Only a refusal for good fails a message, only one that leaves no doubt about the address flags it."""
    number, message_id, _ = message(desk)
    report = rfc3464(message_id=message_id, status=status, diagnostic=diagnostic, action=action)
    assert desk.record(report).fate == fate
    assert office_of(desk).look("outbox", "state", id=number) == [state]
    with desk.database.read() as connection:
        assert len(people.dead_addresses(connection)) == (status in {"5.1.1", "5.1.10"})


@pytest.mark.parametrize(("alike", "flagged"), [(False, 1), (True, 0)])
def test_a_relay_that_is_closed_behind_the_mail_server_flags_nobody(
    desk: BounceDesk, alike: bool, flagged: int
) -> None:
    """The second refusal flags; not while others come back with the same words on the same day."""
    here, rcpt = office_of(desk), "hr-unit-contact@vaasa.example"
    others = ["novia-contact@vaasa.example", "alma-contact@vaasa.example"] if alike else []

    def come_back() -> None:
        for number, message_id, to in here.look("outbox", "id", "message_id", "rcpt", state="sent"):
            if to in {rcpt, *others}:
                words = f"smtp; 550 <{to}> relay not permitted, {number}"
                report = rfc3464(message_id=message_id, status="5.0.0", diagnostic=words)
                assert desk.record(report).fate == "dead"

    come_back()
    assert here.look("dead_address", "address") == []
    day = at(FIRST)
    while not all(here.look("outbox", "id", rcpt=to, state="sent") for to in (rcpt, *others)):
        day += timedelta(days=1)
        here.tick(day.isoformat())
    come_back()
    assert len(here.look("dead_address", "address")) == flagged


def test_what_is_not_signed_is_refused_and_changes_nothing(desk: BounceDesk) -> None:
    """A forged tag, an unknown Message-ID, two messages at once, an answer of a person: nothing changes."""
    number, message_id, _ = message(desk)
    other = office_of(desk).look("outbox", "message_id", id=4)[0]
    forged = return_path(BOUNCES, number, "another secret of 16")
    unsigned = "the report names no message of this service by a signature of ours"
    cases = {
        rfc3464(to=forged): "the report came to a return address that this service did not sign",
        rfc3464(to=forged, message_id=message_id): (
            "the report came to a return address that this service did not sign"
        ),
        rfc3464(): unsigned,
        rfc3464(message_id="<made-up@vaasa.example>"): unsigned,
        rfc3464(to=return_address(desk, 4711)): unsigned,
        rfc3464(to=return_address(desk, number), message_id=other): (
            "the report contradicts itself: it names several messages"
        ),
        vacation(message_id): "this message is no report of a delivery",
        b"": "this message is no report of a delivery",
    }
    before = office_of(desk).dump()
    for report, words in cases.items():
        with pytest.raises(BounceError) as raised:
            desk.record(report)
        assert str(raised.value) == words
    assert office_of(desk).dump() == before


@pytest.mark.parametrize("named", ["Final-Recipient", "Original-Recipient"])
def test_a_report_is_believed_about_its_own_recipient_only(desk: BounceDesk, named: str) -> None:
    """However it is spelt, and after the person has left; about anybody else nothing changes."""
    number, message_id, rcpt = message(desk)
    ours = {"to": return_address(desk, number), "message_id": message_id}
    before = office_of(desk).dump()
    for other in ("anna@vaasa.example", f"x{rcpt}", rcpt.replace("@", "+left@")):
        report = rfc3464(recipient=other, **ours).replace(b"Final-Recipient", named.encode())
        with pytest.raises(BounceError, match="about another recipient than the message's"):
            desk.record(report)
    assert office_of(desk).dump() == before
    remove_everything_of(office_of(desk).service(LATER), rcpt)
    report = rfc3464(recipient=rcpt.upper(), **ours).replace(b"Final-Recipient", named.encode())
    assert desk.record(report).news == "recorded"
    with desk.database.read() as connection:
        assert evidence.changed_rows(connection) == ()


def test_a_report_about_a_message_that_never_left_is_refused(loaded_database: Database) -> None:
    """Nobody can know its name yet: the report is made up."""
    here = Office(loaded_database)
    here.tick(FIRST)
    with loaded_database.write() as connection:
        connection.exec_driver_sql("UPDATE outbox SET attempts = 0, state = 'queued' WHERE id = 3")
    message_id = here.look("outbox", "message_id", id=3)[0]
    with pytest.raises(BounceError, match="a message that never left"):
        BounceDesk(here.settings, loaded_database, SECRET, at(LATER)).record(rfc3464(message_id=message_id))


def test_a_flag_stays_as_it_was_and_can_be_cleared(database: Database) -> None:
    """The first reason of a flag stays; a cleared address is mailed again."""
    now = at(FIRST)
    with database.write() as connection:
        assert people.flag_address(connection, "a@x.example", now, 550, "first") is True
        assert people.flag_address(connection, "a@x.example", now + timedelta(1), 551, "second") is False
    with database.read() as connection:
        (one,) = people.all_dead_addresses(connection)
        assert (one.address, one.since, one.code, one.text) == ("a@x.example", now, 550, "first")
        assert people.all_dead_addresses(connection, now + timedelta(1)) == ()
    with database.write() as connection:
        assert people.clear_flag(connection, ["a@x.example", "b@x.example"]) == 1
    with database.read() as connection:
        assert people.dead_addresses(connection) == frozenset()

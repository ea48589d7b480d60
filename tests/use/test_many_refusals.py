"""A server that refuses many is not believed of each: nothing failed, all told; many dead are a fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from email_templates.alarm import sentences
from reminders.letters.retry import is_crowd
from reminders.store import evidence, people
from reminders.use.mail.digests import failure_rows
from reminders.use.people.contacts import revive_all
from reminders.use.people.dead_addresses import many_dead
from reminders.use.watch.alarm import troubles
from reminders.use.watch.doctor import dead_address_check, health
from schedule_rules.programme import LANGUAGES
from tests.delivery.faulty_server import Session
from tests.use.office import FIRST, MAILS, VAASA, Office, at
from tests.use.test_whose_fault import HR, Relay

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
LATER = "2025-12-01T09:01"
SECRETARY = "board-secretary@vaasa.example"


class EverySecond(Relay):
    """Refuses every second RCPT, whoever it is."""

    turn = 0

    async def _obey(self, session: Session, line: str) -> None:
        if line[:4].upper() == "RCPT":
            self.turn += 1
            self.closed = {"rcpt": "550 rejected"} if self.turn % 2 == 0 else {}
        await super()._obey(session, line)


class EveryThird(Relay):
    """Takes every third RCPT of one contact, and all others."""

    turn = 0

    async def _obey(self, session: Session, line: str) -> None:
        if line[:4].upper() == "RCPT" and HR in line:
            self.turn += 1
            self.restricted = {HR: ("rcpt", "550 rejected")} if self.turn % 3 else {}
        await super()._obey(session, line)


@pytest.fixture(params=[Relay])
def relay(office: Office, request: Any) -> Iterator[Relay]:
    """A server; in the end the record agrees with what is stored."""
    with request.param() as server:
        server.serve(office)
        yield server
    with office.database.read() as connection:
        assert (evidence.broken_links(connection), evidence.changed_rows(connection)) == ((), ())


def mailed(office: Office) -> list[str]:
    """Who is mailed in the first run, without the secretary."""
    with office.database.read() as connection:
        listed = {one.identity for one in people.contacts_of(connection, VAASA) if one.role == "contact"}
    return sorted(listed - {SECRETARY})


@SQLITE
def test_many_that_are_refused_fail_nowhere(office: Office, relay: Relay) -> None:
    """Half of all, on two days: the others are sent, nobody is flagged, no chain is burnt, all hear of it."""
    refused = mailed(office)[::2]
    relay.restricted = dict.fromkeys(refused, ("rcpt", "550 rejected"))
    first = office.tick(FIRST)
    waiting = [one for one in refused if one in office.look("outbox", "rcpt", state="queued")]
    assert len(waiting) > 4
    assert (first.outcomes, first.alarm) == ({"sent": MAILS - len(waiting), "queued": len(waiting)}, "")
    assert first.has_failed
    (closed,) = troubles(office.service(LATER)).closed
    assert closed.cause == "many"
    assert closed.reason == f"{len(waiting)} messages were refused while others were taken: 550 rejected"
    assert health(office.service(LATER)).reason == f"mail cannot be sent: {closed.reason}"
    assert office.tick("2025-12-02T09:00").has_failed
    assert office.look("dead_address", "address") == []
    assert office.look("outbox", "id", state="failed") == []
    relay.restricted = {}
    for hour in (10, 11, 12, 13, 14, 15):
        office.tick(f"2025-12-02T{hour}:00")
    assert set(office.look("reminder", "state")) <= {"sent", "planned"}
    assert not troubles(office.service("2025-12-02T15:01"))


@SQLITE
def test_few_that_are_refused_are_judged_in_their_run(office: Office, relay: Relay) -> None:
    """Three are tried twice and have failed; their items go on, and nothing is told of the server."""
    refused = mailed(office)[:3]
    relay.restricted = dict.fromkeys(refused, ("rcpt", "550 rejected"))
    result = office.tick(FIRST)
    failed = office.look("outbox", "rcpt", state="failed")
    assert 0 < len(failed) <= 3
    assert set(failed) <= set(refused)
    assert result.outcomes["failed"] == len(failed)
    assert "queued" not in result.outcomes
    assert (result.has_failed, office.counts()["sent"] >= MAILS - 3) == (False, True)
    assert health(office.service(LATER)).reason == ""


@SQLITE
@pytest.mark.parametrize("relay", [EverySecond, EveryThird], indirect=True)
def test_who_is_taken_when_asked_again_is_not_to_blame(office: Office, relay: Relay) -> None:
    """A server that refuses every second command, or one contact twice in three, makes nothing fail."""
    office.tick(FIRST)
    assert office.look("outbox", "id", state="failed") == []
    assert office.look("dead_address", "address") == []
    assert set(office.look("outbox", "state")) == {"sent", "queued"}


@pytest.mark.parametrize(
    ("dead", "addresses", "expected"),
    [(0, 0, False), (3, 4, False), (4, 4, True), (5, 50, False), (6, 50, True), (10, 100, False)],
)
def test_how_many_are_many(dead: int, addresses: int, expected: bool) -> None:
    """More than three, and more than a tenth."""
    assert is_crowd(dead, addresses) is expected


def flag(office: Office, addresses: list[str]) -> None:
    """Let addresses count as dead, the answers with an address in them."""
    with office.database.write() as connection:
        for one in addresses:
            people.flag_address(connection, one, at(FIRST), 550, f"5.1.1 <{one}>: user unknown")


@SQLITE
def test_many_dead_addresses_are_a_fault_everywhere(office: Office, relay: Relay) -> None:
    """Alarm, health, doctor, exit code say it with the server's words, without addresses, until revived."""
    flag(office, mailed(office)[:12])
    service = office.service(LATER)
    (found,) = many_dead(service)
    assert (found.dead, found.answer) == (12, "550 5.1.1 <…>: user unknown")
    for lang in LANGUAGES:
        told = " ".join(sentences(troubles(service), lang))
        assert ("12" in told, str(found.addresses) in told, found.answer in told) == (True, True, True)
    assert dead_address_check(service).state == "fails"
    result = office.tick(FIRST)
    reason = health(office.service(LATER)).reason
    assert (f"12 of {found.addresses} addresses" in reason, "@" in reason) == (True, False)
    assert (result.many_dead, result.has_failed) == (True, True)
    assert len(revive_all(service)) == 12
    assert (many_dead(service), dead_address_check(service).state) == ((), "ok")
    assert not replace(result, many_dead=False).has_failed


@SQLITE
def test_a_single_dead_address_stays_where_it_was(office: Office, relay: Relay) -> None:
    """The doctor lists it with the server's words; nothing else is told; a held programme counts nothing."""
    flag(office, mailed(office)[:3])
    assert (many_dead(office.service(LATER)), dead_address_check(office.service(LATER)).state) == ((), "look")
    flag(office, mailed(office))
    office.hold(held=True)
    assert many_dead(office.service(LATER)) == ()


@SQLITE
def test_the_summary_has_a_row_an_address_and_cause(office: Office, relay: Relay) -> None:
    """Refused on two days it is one row, with the last day and the server's words, without addresses."""
    (who,) = mailed(office)[:1]
    relay.restricted = {who: ("rcpt", "550 5.2.1 <{}>: mailbox disabled")}
    day, dates_tried = at(FIRST), 0
    while dates_tried < 2:
        office.tick(day.isoformat())
        dates_tried = len(office.look("outbox", "id", rcpt=who, state="failed"))
        last, day = day, day + timedelta(days=1)
    with office.database.read() as connection:
        (row,) = failure_rows(connection, VAASA, None, office.settings)
    assert row.title.en == who
    assert row.note.en.endswith("The mail server’s answer: 550 5.2.1 <…>: mailbox disabled")
    assert (f"({last:%-d.%-m.%Y})" in row.note.fi, row.technical) == (True, "")


@SQLITE
def test_what_ran_out_of_time_names_the_full_mailbox(office: Office, relay: Relay) -> None:
    """That the deadline ran out tells nobody what to do; the server's last words do."""
    (who,) = mailed(office)[:1]
    relay.restricted = {who: ("rcpt", "452 4.2.2 mailbox full")}
    day = at(FIRST)
    while "expired" not in office.look("outbox", "state", rcpt=who):
        if 9 <= day.hour < 16:
            office.tick(day.isoformat())
        day += timedelta(hours=4)
    with office.database.read() as connection:
        (row,) = failure_rows(connection, VAASA, None, office.settings)
    assert row.note.sv.endswith("E-postserverns svar: 452 4.2.2 mailbox full")

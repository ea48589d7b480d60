"""Real Postfix and real Exim: whatever an administrator's slip refuses for a while, nobody is silenced."""

from __future__ import annotations

import logging
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import pytest
import structlog

from reminders.delivery import transport_for
from reminders.settings import Settings
from reminders.store import Database
from reminders.use.watch.doctor import health, mail_server
from tests.acceptance.mail_servers import DOMAIN, MailServer, ServerRules
from tests.use.office import FIRST, MAILS, Office
from tests.use.post_office import QUICK

LATER: Final = ("09:10", "09:30", "10:30", "12:00", "15:30")
"""Runs of the first day after the repair: by the last every back-off and every rest has ended."""
DAY: Final = date.fromisoformat(FIRST[:10])
LAST: Final = date(2026, 1, 13)
DEFERS: Final = {
    "relay list": ServerRules(relays=False, relay_refusal="defer"),
    "filter": ServerRules(finds_filter=False),
}
HARD_LIMIT: Final = 20
"""After so many errors on a connection Postfix hangs up, unless it is told otherwise."""
SATURDAY: Final = 6
SECRETARY: Final = f"board-secretary@{DOMAIN}"
DEAD, DEAD_HEAD = f"hr-unit-contact@{DOMAIN}", f"hr-unit-head@{DOMAIN}"
RESTRICTED, RESTRICTED_HEAD = f"youth-services-contact@{DOMAIN}", f"youth-services-head@{DOMAIN}"
FULL: Final = f"communications@{DOMAIN}"

FAULTS: Final = {
    "the relay list lost the sender": ServerRules(relays=False),
    "554 at DATA": ServerRules(refuses_at_data=True),
    "552 at the dot": ServerRules(largest=1000, tells_largest=False),
    "552 told at EHLO": ServerRules(largest=1000),
    "DMARC at the dot": ServerRules(refuses_by_dmarc=True),
    "454 at STARTTLS": ServerRules(reads_tls_key=False),
    "5.1.1 for everybody": ServerRules(knows_recipients=False),
}


@pytest.fixture
def backend() -> str:
    """SQLite alone: what is looked at here is how servers answer."""
    return "sqlite"


@pytest.fixture
def office(loaded_database: Database, server: MailServer) -> Office:
    """The service on the built-in programme, sending through the server."""
    # No line for each message: formatting them takes longer than sending.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    settings = Settings(smtp_url=server.url, mail_per_minute=QUICK)
    return Office(loaded_database, settings, transport_for(settings))


Mails = list[tuple[date, str, list[tuple[str, str]]]]


@pytest.fixture(scope="module")
def without_server(
    sqlite_templates: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[date], Mails]:
    """Give what goes out from a first run on a day on if nothing is ever refused."""

    @cache
    def run(first: date) -> Mails:
        file = tmp_path_factory.mktemp("undisturbed") / "r.db"
        shutil.copyfile(sqlite_templates("loaded"), file)
        database = Database(f"sqlite:///{file}")
        office = Office(database)
        live(office, first)
        found = mails(office)
        database.close()
        return found

    return run


@pytest.fixture
def undisturbed(without_server: Callable[[date], Mails]) -> Mails:
    """What goes out in these six weeks if nothing is ever refused."""
    return without_server(DAY)


def live(office: Office, first: date) -> None:
    """Tick at nine from Monday to Friday until the last day."""
    for number in range((LAST - first).days + 1):
        day = first + timedelta(days=number)
        if day.isoweekday() < SATURDAY:
            office.tick(f"{day}T09:00")


def mails(office: Office) -> Mails:
    """What was sent: the day, to whom, each item with its stage."""
    rows = office.look("digest", "local_date", "recipient", "items", state="sent")
    return sorted(
        (day, to, sorted((one["occurrence"], one["stage"]) for one in items)) for day, to, items in rows
    )


def sent(office: Office) -> Counter[tuple[str, str]]:
    """What the record says was taken by the server: recipient and Message-ID."""
    return Counter(office.look("outbox", "rcpt", "message_id", state="sent"))


def flagged(office: Office) -> list[str]:
    """The addresses that are passed over."""
    return office.look("dead_address", "address")


def answers(office: Office) -> set[str]:
    """What the server said to each attempt."""
    rows = office.look("delivery_event", "phase", "code", "text")
    return {f"{phase} {code} {text}" for phase, code, text in rows if code}


@pytest.mark.parametrize("case", FAULTS)
def test_what_is_refused_to_everybody_for_one_run_silences_nobody(
    office: Office, server: MailServer, undisturbed: Mails, case: str
) -> None:
    """An alarm and nothing else; after the repair all first mails of the day and all of six weeks arrive."""
    server.change(FAULTS[case])
    broken = office.tick(FIRST)
    assert broken.alarm, broken
    assert (flagged(office), set(office.look("outbox", "state"))) == ([], {"queued"}), answers(office)
    assert server.arrived() == {}
    server.change()
    for hour in LATER:
        office.tick(f"{DAY}T{hour}")
    assert office.counts() == {"sent": MAILS}, answers(office)
    assert len(server.arrived()) == MAILS
    live(office, DAY + timedelta(days=1))
    assert flagged(office) == []
    assert mails(office) == undisturbed
    assert server.arrived() == sent(office)


@pytest.mark.parametrize("case", FAULTS)
def test_among_them_a_dead_and_a_restricted_address_are_told_apart(
    office: Office, server: MailServer, case: str
) -> None:
    """Their items go to the next in the chain on the same day; all others get their mail, once, as ever."""
    people = ServerRules(unknown=(DEAD,), restricted=(RESTRICTED,))
    fault = FAULTS[case]
    server.change(replace(fault, unknown=people.unknown, restricted=people.restricted))
    office.tick(FIRST)
    assert set(flagged(office)) <= {DEAD}
    server.change(people)
    for hour in LATER:
        office.tick(f"{DAY}T{hour}")
    assert flagged(office) == [DEAD], answers(office)
    assert office.look("channel", "failures", name="smtp") in ([], [0])
    assert went_on(office, DEAD, DEAD_HEAD)
    assert went_on(office, RESTRICTED, RESTRICTED_HEAD)
    reached = Counter(to for to, _ in server.arrived().elements())
    assert (len(reached), set(reached.values())) == (MAILS, {1}), answers(office)
    assert {DEAD, RESTRICTED}.isdisjoint(reached)
    assert server.arrived() == sent(office)


def went_on(office: Office, refused: str, to: str) -> bool:
    """Tell whether all that one address was to get went to another."""
    failed = set(office.look("reminder", "occurrence_id", "stage", recipient=refused, state="failed"))
    gone = set(office.look("reminder", "occurrence_id", "stage", recipient=to, state="sent"))
    return bool(failed) and failed <= gone


def test_an_address_refused_without_an_enhanced_code_is_flagged_on_the_second_day(
    office: Office, server: MailServer
) -> None:
    """Exim's "550 Unrouteable address": the items go on at once, the flag waits for another sending day."""
    if server.name != "exim":
        server.change(ServerRules(restricted=(DEAD,)))  # 554 5.7.1 says as little about the address
    else:
        server.change(ServerRules(unrouteable=(DEAD,)))
    assert office.tick(FIRST).alarm == ""
    assert (flagged(office), went_on(office, DEAD, DEAD_HEAD)) == ([], True), answers(office)
    live(office, DAY + timedelta(days=1))
    assert flagged(office) == [DEAD], answers(office)
    assert DEAD not in {to for to, _ in server.arrived()}
    assert server.arrived() == sent(office)


def test_a_full_mailbox_waits_and_nobody_waits_with_it(office: Office, server: MailServer) -> None:
    """452 4.2.2 for one: the other mails go; emptied, it gets its own."""
    server.change(ServerRules(full=(FULL,)))
    run = office.tick(FIRST)
    assert (run.outcomes, run.alarm, flagged(office)) == ({"sent": MAILS - 1, "queued": 1}, "", [])
    server.change()
    for hour in LATER:
        office.tick(f"{DAY}T{hour}")
    assert server.arrived() == sent(office)
    assert (office.counts(), len(server.arrived())) == ({"sent": MAILS}, MAILS)


@pytest.mark.parametrize("case", DEFERS)
def test_what_is_deferred_for_everybody_for_one_run_is_waited_for(
    office: Office, server: MailServer, case: str
) -> None:
    """A relay list as Debian sets Postfix up, or a filter that is away: nothing fails, then all goes."""
    server.change(DEFERS[case])
    office.tick(FIRST)
    assert (flagged(office), set(office.look("outbox", "state"))) == ([], {"queued"}), answers(office)
    server.change()
    for hour in LATER:
        office.tick(f"{DAY}T{hour}")
    assert (office.counts(), len(server.arrived())) == ({"sent": MAILS}, MAILS)


@pytest.mark.parametrize("case", DEFERS)
def test_what_is_deferred_for_everybody_for_days_is_told_and_burns_no_chain(
    office: Office, server: MailServer, case: str
) -> None:
    """Seven sending days: told from the second run on; nothing expires, and nobody stands in for another."""
    server.change(DEFERS[case])
    for number in (1, 2, 3, 4, 5, 8, 9):
        day = date(2025, 12, number)
        runs = [office.tick(f"{day}T{hour}") for hour in ("09:00", "10:00", "15:00")]
        assert "mail cannot be sent" in health(office.service(f"{day}T15:01")).reason, day
        assert any(run.has_failed for run in runs), day
        assert not {"expired", "re-addressed"} & set().union(*(run.outcomes for run in runs)), day
    assert (flagged(office), server.arrived()) == ([], {}), answers(office)
    server.change()
    for hour in ("09:00", *LATER):
        office.tick(f"2025-12-10T{hour}")
    assert set(server.arrived().values()) == {1}
    assert {to for to, _ in server.arrived()} == set(office.look("digest", "recipient")), answers(office)
    assert server.arrived() == sent(office)
    assert health(office.service("2025-12-10T15:31")).reason == ""


def test_a_message_that_no_filter_lets_through_fails_alone(office: Office, server: MailServer) -> None:
    """Refused at the dot twice while the others are taken: shown as failed, its address not flagged."""
    server.change(ServerRules(refuses_content_for=(FULL,)))
    run = office.tick(FIRST)
    assert (run.outcomes["sent"], run.outcomes["failed"], run.alarm) == (MAILS - 1, 1, ""), answers(office)
    assert office.look("outbox", "rcpt", state="failed") == [FULL]
    assert flagged(office) == []
    assert server.arrived() == sent(office)


def test_a_limit_that_is_met_in_the_middle_of_a_run_fails_nobody(office: Office, server: MailServer) -> None:
    """Ten are taken, then nobody more: 550 from Exim, 450 from Postfix. Later the rest goes, each once."""
    server.change(ServerRules(takes_an_hour=10))
    office.tick(FIRST)
    assert (flagged(office), set(office.counts())) == ([], {"sent", "queued"}), answers(office)
    server.change()
    for hour in LATER:
        office.tick(f"{DAY}T{hour}")
    assert (office.counts(), len(server.arrived())) == ({"sent": MAILS}, MAILS), answers(office)
    assert server.arrived() == sent(office)


def test_a_list_full_of_dead_addresses_closes_nothing(
    office: Office, server: MailServer, undisturbed: Mails
) -> None:
    """More refusals than Postfix bears on one connection (421): all others get their mail all the same."""
    everybody = {to for day, to, _ in undisturbed if day == DAY}
    dead = tuple(sorted(to for to in everybody if "-contact@" in to))
    assert len(dead) > HARD_LIMIT
    server.change(ServerRules(unknown=dead))
    for hour in ("09:00", *LATER):
        office.tick(f"{DAY}T{hour}")
    assert set(flagged(office)) <= set(dead)
    assert office.look("channel", "failures", name="smtp") in ([], [0])
    assert set(office.counts()) == {"sent", "failed"}, answers(office)
    assert sorted(office.look("outbox", "rcpt", state="failed")) == list(dead)
    assert {to for to, _ in server.arrived()} >= everybody - set(dead)
    assert server.arrived() == sent(office)


def test_a_message_larger_than_the_server_takes_goes_as_a_short_text(
    office: Office, server: MailServer
) -> None:
    """The largest of the first mails is too big for the limit told at EHLO: its reader is reached too."""
    server.change(ServerRules(relays=False))
    office.tick(FIRST)
    sizes = sorted(map(len, office.look("outbox", "raw")))
    server.change(ServerRules(largest=sizes[-1] - 1))
    for hour in LATER:
        office.tick(f"{DAY}T{hour}")
    assert len(server.arrived()) == MAILS, (sizes, office.counts(), answers(office))
    assert (flagged(office), server.arrived()) == ([], sent(office))
    readers = office.look("outbox", "rcpt", fault="size")
    assert readers
    for reader in readers:
        (short,) = office.look("outbox", "raw", rcpt=reader, state="sent")
        assert len(short) < sizes[-1] / 2


def test_a_relay_that_is_closed_for_days_is_told_on_every_one_of_them(
    office: Office, server: MailServer, without_server: Callable[[date], Mails]
) -> None:
    """From Monday to Thursday nothing goes and nobody is flagged; on Friday each gets what is true then."""
    server.change(ServerRules(relays=False))
    for day in ("2025-12-01", "2025-12-02", "2025-12-03", "2025-12-04"):
        runs = [office.tick(f"{day}T{hour}") for hour in ("09:00", "10:00", "12:00", "15:00")]
        assert any(run.alarm for run in runs), day
        assert all(run.has_failed for run in runs), day
        assert "mail cannot be sent" in health(office.service(f"{day}T15:01")).reason
    assert (flagged(office), office.counts()["failed"], server.arrived()) == ([], 0, {}), answers(office)
    server.change()
    for hour in ("09:00", *LATER):
        office.tick(f"2025-12-05T{hour}")
    assert (len(server.arrived()), set(server.arrived().values())) == (MAILS, {1}), answers(office)
    assert health(office.service("2025-12-05T15:31")).reason == ""
    live(office, date(2025, 12, 8))
    assert mails(office) == without_server(date(2025, 12, 5))
    assert server.arrived() == sent(office)


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        (ServerRules(), ""),
        (ServerRules(relays=False), "rcpt 55"),
        (ServerRules(reads_tls_key=False), "starttls 454"),
        (ServerRules(unknown=(SECRETARY,)), "rcpt 550"),
    ],
    ids=["well", "relay list", "key", "secretary unknown"],
)
def test_doctor_goes_as_far_as_the_recipient(
    office: Office, server: MailServer, rules: ServerRules, says: str
) -> None:
    """It asks whether the secretary's mail would be taken, names what is wrong, and sends nothing."""
    server.change(rules)
    check = mail_server(office.service(FIRST))
    assert (check.state == "ok", says in check.found) == (not says, True), check
    assert server.arrived() == {}

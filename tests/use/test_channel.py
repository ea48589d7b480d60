"""A mail server that cannot be used: no message is to blame, the breaker opens, and after repair all goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from reminders.store import delivery_log, evidence, outbox
from tests.delivery.faulty_server import CERTIFICATE, PASSWORD, USER, Fault
from tests.use.office import FIRST, MAILS, VAASA, Office, body
from tests.use.post_office import PostOffice

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
SECRETARY = "board-secretary@vaasa.example"
BROKEN = {
    "550 at MAIL": ("mail", "550 5.7.1 you may not send", "mail 550"),
    "535 at AUTH": ("auth", "535 5.7.8 authentication failed", "auth 535"),
    "554 in the banner": ("banner", "554 5.3.2 no service", "banner 554"),
    "502 at DATA": ("data", "502 5.5.1 not implemented", "data 502"),
}
USER_URL = f"smtp://{USER}:{PASSWORD.replace('ä', '%C3%A4')}@127.0.0.1:"


@pytest.fixture
def post() -> Iterator[PostOffice]:
    """A server that asks who is there."""
    with PostOffice(auth="PLAIN LOGIN") as server:
        yield server


def serve(post: PostOffice, office: Office) -> None:
    """Send with a password."""
    post.serve(office, smtp_url=f"{USER_URL}{post.port}")


@pytest.mark.parametrize("case", BROKEN)
def test_no_message_fails_and_after_repair_all_are_sent(office: Office, post: PostOffice, case: str) -> None:
    """One try at each opening: the breaker rests for 5, 15, 60 minutes; then all go, each once."""
    stage, reply, reason = BROKEN[case]
    serve(post, office)
    faults: Any = post._faults
    faults[stage] = [Fault(reply)] * 3
    first = office.tick(FIRST)
    assert (first.composed, first.outcomes["queued"], first.alarm.startswith(f"{reason}: ")) == (
        MAILS,
        1,
        True,
    )
    times = ("09:04:59", "09:05", "09:19:59", "09:20", "10:19:59")
    tried = [office.tick(f"2025-12-01T{when}").outcomes for when in times]
    assert tried == [{}, {"queued": 1}, {}, {"queued": 1}, {}]
    assert set(office.look("outbox", "state", "attempts")) == {("queued", 0)}
    assert office.look("channel", "failures", name="smtp") == [3]
    assert office.tick("2025-12-01T10:20").outcomes == {"sent": MAILS}
    assert office.look("channel", "failures", "open_until", "reason", name="smtp") == [(0, None, "")]
    assert (len(post.copies), set(post.copies.values())) == (MAILS, {1})
    with office.database.read() as connection:
        assert evidence.changed_rows(connection) == ()


def test_the_alarm_is_kept_and_told(office: Office, post: PostOffice) -> None:
    """In the run's result, and in the secretary's next summary with the day and the reason."""
    serve(post, office)
    post._faults["mail"] = [Fault("550 5.7.1 you may not send")]
    office.tick(FIRST)
    office.tick("2025-12-01T09:10")
    reason = "mail 550: the mail server cannot be used; no message is to blame"
    assert [row.get("alarm") for row in office.look("run", "result")] == [reason, None]
    office.tick("2025-12-02T09:00")
    (told,) = [
        " ".join(body(one).split())
        for one in office.mails_of(SECRETARY)
        if "2.12.2025" in str(one["Subject"])
    ]
    assert "Postipalvelinta ei voitu käyttää 1.12.2025" in told
    assert reason not in told  # English, for the page and the table


def test_a_server_that_is_not_repaired_on_the_day_gets_the_next_days_mail(
    office: Office, post: PostOffice
) -> None:
    """What was never tried is cancelled with evidence; each address gets one mail, the new day's."""
    serve(post, office)
    post._faults["auth"] = [Fault("535 5.7.8 no")] * 50
    for hour in (9, 10, 12, 15):
        office.tick(f"2025-12-01T{hour:02}:00")
    post._faults["auth"].clear()
    assert office.tick("2025-12-02T09:00").outcomes == {"sent": MAILS}
    assert (len(post.copies), set(post.copies.values())) == (MAILS, {1})
    assert office.counts() == {"cancelled": MAILS, "sent": MAILS}
    assert set(office.look("reminder", "state")) == {"sent"}
    with office.database.read() as connection:
        entries = delivery_log.log_entries(connection)
    ended = {one.events[-1].text for one in entries if one.state == "cancelled"}
    assert ended == {"not delivered on its day; what it says is mailed anew"}


def test_a_message_that_the_server_will_not_have_steps_aside(office: Office, post: PostOffice) -> None:
    """One refused for good and one for now: the other 36 go, and nobody waits for them.

    What was refused goes on to the next in the chain; it is judged when another was
    asked about, itself twice more, and it was tried again in the end.
    """
    serve(post, office)
    spam, others = Fault("550 5.7.1 spam"), [None] * (MAILS - 3)
    post._faults["rcpt"] = [None, spam, None, spam, spam, Fault("451 4.7.1 greylisted"), *others, spam]
    first = {"sent": MAILS - 1, "failed": 1, "queued": 1, "re-addressed": 2}
    assert office.tick(FIRST).outcomes == first
    assert office.tick("2025-12-01T09:02").outcomes == {"sent": 1}
    assert set(office.look("outbox", "state", "attempts")) == {("sent", 1), ("failed", 2), ("sent", 2)}


def test_a_certificate_that_nobody_signed_is_refused_unless_it_is_named(
    office: Office,
) -> None:
    """STARTTLS with a self-signed certificate: the channel is closed; named by ca= it is trusted."""
    with PostOffice(tls="starttls") as post:
        url = f"smtp+starttls://localhost:{post.port}"
        post.serve(office, smtp_url=url)
        refused = office.tick(FIRST)
        assert (refused.outcomes, refused.alarm.partition(":")[0]) == ({"queued": 1}, "starttls")
        assert (post.accepted, post.verbs) == ([], ["EHLO", "STARTTLS"])
        assert office.look("channel", "cause", name="smtp") == ["certificate-unknown"]
        post.serve(office, smtp_url=f"{url}?ca={CERTIFICATE}")
        assert office.tick("2025-12-01T09:05").outcomes == {"sent": MAILS}


def test_the_answer_to_the_dot_that_never_came_is_asked_for_once(office: Office, post: PostOffice) -> None:
    """Lost after the dot: one retry with the same octets; lost again: uncertain, shown to the secretary."""
    serve(post, office)
    post._faults["dot"] = [Fault(drop="before")]
    assert office.tick(FIRST).outcomes == {"queued": 1, "sent": MAILS - 1}
    post._faults["dot"] = [Fault(drop="before")]
    assert office.tick("2025-12-01T09:10").outcomes == {"uncertain": 1}
    assert office.tick("2025-12-01T15:00").outcomes == {}
    (victim,) = [rcpt for rcpt, state in office.look("outbox", "rcpt", "state") if state == "uncertain"]
    assert (post.copies[victim], post.copies.total()) == (2, MAILS + 1)
    assert len({one.raw for one in post.accepted if one.recipient == victim}) == 1
    with office.database.read() as connection:
        assert [row["rcpt"] for row in outbox.failures_of(connection, VAASA)] == [victim]
    office.tick("2025-12-02T09:00")
    assert [
        victim in body(one) for one in office.mails_of(SECRETARY) if "2.12.2025" in str(one["Subject"])
    ] == [True]

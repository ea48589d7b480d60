"""No secret, token or body in any log, and no secret in the database, whatever servers quote."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from reminders.delivery import transport_for
from reminders.scheduler import AlarmClock
from reminders.settings import Settings, SmtpTarget
from reminders.store import Database
from tests.delivery.faulty_server import PASSWORD, Fault, FaultyServer
from tests.delivery.imap_server import PASSWORD as IMAP_PASSWORD, ImapServer, Mailbox
from tests.delivery.test_access_tokens import CLIENT_SECRET, TokenServer, endpoint
from tests.use.office import Office
from tests.use.reports import rfc3464

BODY_WORDS = ("Hei", "Kind regards", "Content-Transfer-Encoding")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, debugging included."""
    before, out = structlog.get_config(), io.StringIO()
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=structlog.PrintLoggerFactory(file=out),
    )
    yield out
    structlog.configure(**before)


def text_of(database: Database) -> str:
    """Every column but the octets of mails."""
    rows = Office(database).dump()
    return repr({name: row for name, row in rows.items() if name != "outbox"}) + repr(
        Office(database).look("outbox", "rcpt", "subject", "last_text", "owner")
    )


def check(log: io.StringIO, database: Database, *secrets: str) -> None:
    """Nothing of the secrets anywhere, nothing of a body in the log."""
    told = log.getvalue()
    assert "run finished" in told
    for secret in secrets:
        assert secret not in told
        assert secret not in text_of(database)
    assert not [words for words in BODY_WORDS if words in told]


def test_passwords_of_mail_servers_are_never_told(loaded_database: Database, log: io.StringIO) -> None:
    """SMTP and IMAP servers that quote the password back, a run that sends, one that cannot."""
    said = Fault(f"535 5.7.8 wrong: {PASSWORD}")
    box = Mailbox(refuses=f"wrong password {IMAP_PASSWORD}")
    with FaultyServer({"auth": [said]}, auth="PLAIN") as server, ImapServer(box) as imap:
        settings = Settings(
            smtp_url=SmtpTarget.of(f"smtp://user:{PASSWORD.replace('ä', '%C3%A4')}@127.0.0.1:{server.port}"),
            bounce_imap_url=f"imap://bounces:{IMAP_PASSWORD}@127.0.0.1:{imap.port}/INBOX",
            mail_per_minute=100_000,
        )
        office = Office(loaded_database, settings, transport_for(settings))
        AlarmClock(office.service("2025-12-01T09:00")).ring()
        assert office.counts() == {"queued": 38}
        AlarmClock(office.service("2025-12-01T09:06")).ring()
        assert office.counts() == {"sent": 38}
    assert "mailbox of bounces not read" in log.getvalue()
    check(log, loaded_database, PASSWORD, IMAP_PASSWORD)


def test_tokens_are_never_told(loaded_database: Database, log: io.StringIO) -> None:
    """A mail server that quotes tokens, an endpoint that quotes the client's secret."""
    refusal = (401, {"error": "invalid_client", "error_description": CLIENT_SECRET})
    good = (200, {"access_token": "token-1", "expires_in": 3600})
    with endpoint(good, refusal) as tokens, TokenServer([]) as server:
        url = f"smtp://service%40city.example@127.0.0.1:{server.port}?auth=xoauth2&client_id=c&scope=s"
        settings = Settings(smtp_url=f"{url}&token_url={tokens.url}", smtp_client_secret=CLIENT_SECRET)
        office = Office(loaded_database, settings, transport_for(settings))
        AlarmClock(office.service("2025-12-01T09:00")).ring()
    assert office.counts() == {"queued": 38}
    assert len(tokens.asked) == 2
    check(log, loaded_database, CLIENT_SECRET, "token-1")


def test_reports_are_read_at_each_run_and_never_told(started_database: Database, log: io.StringIO) -> None:
    """What comes into the mailbox is handled once; a forged report harms no run and no other report."""
    started = Office(started_database)
    ((number, message_id, rcpt),) = started.look("outbox", "id", "message_id", "rcpt", id=3)
    box = Mailbox({1: rfc3464(message_id="<forged@x.example>"), 2: rfc3464(message_id=message_id), 3: b"x"})
    with ImapServer(box) as imap:
        url = f"imap://bounces:{IMAP_PASSWORD}@127.0.0.1:{imap.port}/INBOX"
        office = Office(started_database, Settings(bounce_imap_url=url))
        for hour in (10, 11):
            AlarmClock(office.service(f"2025-12-01T{hour}:00")).ring()
    assert box.seen == {1, 2, 3}
    assert started.look("dead_address", "address") == [rcpt]
    assert started.look("delivery_event", "kind", outbox_id=number)[-1] == "bounced"
    assert log.getvalue().count("report refused") == 2
    assert rcpt not in log.getvalue()
    check(log, started_database, IMAP_PASSWORD)

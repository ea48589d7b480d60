"""The alarm by another route, the heartbeat, and what `reminders doctor` finds outside."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from email_templates.alarm import sentences
from reminders import scheduler
from reminders.delivery import MemoryTransport
from reminders.delivery.transport import Envelope, OnDot
from reminders.letters.retry import Outcome
from reminders.scheduler import AlarmClock
from reminders.settings import Settings
from reminders.store import Database, people, watch
from reminders.use.watch import doctor
from reminders.use.watch.alarm import send_alarm, troubles
from tests.delivery.faulty_server import CERTIFICATE, PASSWORD, FaultyServer
from tests.use.office import Office, at, body, parsed

SETTINGS = Settings(alarm_smtp_url="smtp://other.example", alarm_to="it@vaasa.example")
GAP = "\N{NO-BREAK SPACE}"
BODY = """\
Muistutuspalvelu ei ole käsitellyt muistutuksia perjantaina 12.12.2025. \
Muistutukset käsiteltiin viimeksi ma 1.12.2025 klo_9.00. \
Muistutuksia ei lähetetä, ennen kuin palvelu toimii taas.
Tarkista palvelu komennolla: reminders doctor
http://127.0.0.1:8000

Påminnelsetjänsten har inte behandlat några påminnelser fredag 12.12.2025. \
Påminnelserna behandlades senast mån 1.12.2025 kl._9.00. \
Inga påminnelser skickas förrän tjänsten fungerar igen.
Kontrollera tjänsten med kommandot: reminders doctor
http://127.0.0.1:8000

The reminder service did not process reminders on Friday 12_December 2025. \
Reminders were last processed Mon 1_Dec 2025, 9:00. No reminders are sent until the service works again.
Check the service with the command: reminders doctor
http://127.0.0.1:8000
""".replace("_", GAP)


class Deaf(MemoryTransport):
    """A route that does not work."""

    def deliver(self, envelope: Envelope, on_dot: OnDot) -> Outcome:
        """Refuse."""
        del envelope, on_dot
        return Outcome("no-answer", "connect")


def test_one_alarm_a_day(started: Office) -> None:
    """When runs are missing one mail goes by the other route, the next day another; none when all is well."""
    here, route = Office(started.database, SETTINGS), MemoryTransport()
    assert send_alarm(here.service("2025-12-01T23:00"), lambda _: route) is False
    assert send_alarm(here.service("2025-12-12T10:00"), lambda _: route) is True
    assert send_alarm(here.service("2025-12-12T10:05"), lambda _: route) is False
    assert send_alarm(here.service("2025-12-12T23:59"), lambda _: route) is False
    assert send_alarm(here.service("2025-12-13T00:01"), lambda _: route) is True
    mail = parsed(route.envelopes[0].raw)
    assert (mail["To"], mail["Subject"]) == ("it@vaasa.example", "Häiriö / Störning / Fault: 127.0.0.1")
    assert (mail["Content-Language"], body(mail).replace("\r\n", "\n")) == ("fi, sv, en", BODY)
    assert [f'<div lang="{lang}">' in body(mail, "html") for lang in ("fi", "sv", "en")] == [True] * 3


def test_an_alarm_that_does_not_get_out_is_tried_again(started: Office) -> None:
    """In an hour; without the settings nothing is tried."""
    here, route = Office(started.database, SETTINGS), MemoryTransport()
    assert send_alarm(here.service("2025-12-12T10:00"), lambda _: Deaf()) is False
    assert send_alarm(here.service("2025-12-12T10:59"), lambda _: route) is False
    assert send_alarm(here.service("2025-12-12T11:00"), lambda _: route) is True
    assert send_alarm(started.service("2025-12-15T11:00"), lambda _: route) is False
    assert len(route.envelopes) == 1


def test_a_closed_channel_is_a_trouble_from_the_second_failure(started: Office) -> None:
    """The first failure often heals by itself; the words hold no address."""
    here = Office(started.database, Settings(smtp_url="smtp://127.0.0.1:25"))
    service = here.service("2025-12-01T10:00")
    for failures, count in ((1, 0), (2, 1)):
        with started.database.write() as connection:
            reason = "auth 535: user svc@x.example refused"
            watch.set_breaker(connection, "smtp", failures, at("2025-12-01T11:00"), reason)
        assert len(troubles(service).closed) == count
    assert [list(sentences(troubles(service), lang)) for lang in ("fi", "sv", "en")] == [
        [
            (
                "Postipalvelin ei ota viestejä vastaan. Yrityksiä peräkkäin: 2. Viestit odottavat ja "
                "lähtevät, kun vika on korjattu. Tekninen syy: auth 535: user … refused"
            )
        ],
        [
            (
                "E-postservern tar inte emot meddelanden. Försök i rad: 2. Meddelandena väntar och skickas "
                "när felet har åtgärdats. Teknisk orsak: auth 535: user … refused"
            )
        ],
        [
            (
                "The mail server does not take messages. Attempts in a row: 2. The messages wait, and leave "
                "when the fault has been repaired. Technical reason: auth 535: user … refused"
            )
        ],
    ]


def test_two_that_watch_send_one_alarm(started: Office) -> None:
    """The right to send it is taken once."""
    now = at("2025-12-12T10:00")
    for expected in (True, False):
        with started.database.write() as connection:
            assert watch.claim_turn(connection, watch.ALARM, now, now + timedelta(1), "x") is expected
    with started.database.read() as connection:
        assert watch.channels(connection) == ()


def test_the_alarm_goes_through_its_own_server(started: Office) -> None:
    """By SMTP with the password of that server, to the one address."""
    with FaultyServer(auth="LOGIN") as server:
        url = f"smtp://user:{PASSWORD.replace('ä', '%C3%A4')}@127.0.0.1:{server.port}"
        settings = Settings(alarm_smtp_url=url, alarm_to="it@vaasa.example", smtp_url="smtp://127.0.0.1:9")
        assert send_alarm(Office(started.database, settings).service("2025-12-12T10:00")) is True
    (accepted,) = server.accepted
    assert (accepted.sender, accepted.recipient) == ("reminders@vaasa.example", "it@vaasa.example")


@contextmanager
def listener(answer: bytes) -> Iterator[tuple[str, list[str]]]:
    """An HTTP server that notes paths and answers with octets."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer."""
            asked.append(self.path)
            self.wfile.write(answer)

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


OK = b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize("answer", [OK, b"nonsense\r\n\r\n", b"HTTP/1.0 500 Broken\r\n\r\n", b""])
def test_the_heartbeat_follows_a_finished_run(loaded_database: Database, answer: bytes) -> None:
    """Called once after each finished run, never after one that stopped; what it answers never harms."""
    with listener(answer) as (url, asked):
        here = Office(loaded_database, Settings(heartbeat_url=f"{url}/beat?key=1"))
        AlarmClock(here.service("2025-12-01T09:00")).ring()
        assert asked == ["/beat?key=1"]
        AlarmClock(here.service("2027-12-01T09:00")).ring()
        assert asked == ["/beat?key=1"]
    assert here.counts() == {"sent": 38}


def test_a_heartbeat_that_drips_does_not_keep_the_run_waiting(
    loaded_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that sends an octet now and then would hold a plain time limit for ever."""
    monkeypatch.setattr(scheduler, "_HEARTBEAT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        here = Office(loaded_database, Settings(heartbeat_url=f"http://127.0.0.1:{port}/"))
        here.tick("2025-12-01T09:00")
        started = time.monotonic()
        AlarmClock(here.service("2025-12-01T09:05")).ring()
        assert time.monotonic() - started < 60
        connection, _ = listening.accept()
        connection.close()


def test_a_heartbeat_that_nobody_hears_never_harms(loaded_database: Database) -> None:
    """The run is finished all the same."""
    here = Office(loaded_database, Settings(heartbeat_url="http://127.0.0.1:9/x"))
    AlarmClock(here.service("2025-12-01T09:00")).ring()
    assert here.counts() == {"sent": 38}


def test_the_doctor_signs_in_and_reads_the_certificate(started: Office) -> None:
    """TLS, certificate, mechanisms; a wrong password and a strange certificate are told without secrets."""
    with FaultyServer(tls="starttls", auth="PLAIN") as server:
        base = f"@localhost:{server.port}"
        right = f"smtp+starttls://user:{PASSWORD.replace('ä', '%C3%A4')}{base}?ca={CERTIFICATE}"
        checks = [
            doctor.mail_server(Office(started.database, Settings(smtp_url=url)).service("2026-01-12T09:00"))
            for url in (right, right.replace("secret", "other"), right.partition("?")[0])
        ]
    assert [one.state for one in checks] == ["ok", "fails", "fails"]
    assert "; signed in as user; 8BITMIME, AUTH PLAIN, PIPELINING, SIZE, SMTPUTF8" in checks[0].found
    assert "TLSv1.3; certificate for " in checks[0].found
    assert checks[1].found.endswith(": auth 535: 5.7.8 wrong")
    assert "self-signed certificate" in checks[2].found
    assert "other-p" not in "".join(one.found for one in checks)


def test_the_doctor_asks_the_base_address(started: Office) -> None:
    """An address that answers, one that does not, and one that is no https where mail leaves."""
    with listener(OK) as (url, asked):
        here = Office(started.database, Settings(base_url=url)).service("2025-12-01T10:00")
        assert doctor.base_address(here).found == f"{url} answers 200"
        assert asked == ["/health"]
    assert doctor.base_address(here).state == "look"
    out = Office(started.database, Settings(smtp_url="smtp://h", base_url="http://x.example"))
    assert doctor.base_address(out.service("2025-12-01T10:00")).state == "look"


def test_the_doctor_looks_at_who_can_read_the_files(tmp_path: Path) -> None:
    """Files of an older release are named with the remedy; a closed file or folder is in order."""
    var = tmp_path / "var"
    settings = Settings(database_url=f"sqlite:///{var}/r.db", mail_folder=var / "mail")
    (var / "mail").mkdir(parents=True)
    for name, mode in (("r.db", 0o644), ("r.db-wal", 0o640), ("secret_key", 0o600), ("mail", 0o755)):
        (var / name).touch()
        (var / name).chmod(mode)
    var.chmod(0o755)
    found = (f"{var}/r.db", f"{var}/r.db-wal", f"{var}/mail")
    assert doctor.file_modes(settings) == doctor.Check(
        "file modes",
        "look",
        f"others on this machine can reach {', '.join(found)}: chmod -R go= {' '.join(found)}",
    )
    var.chmod(0o700)
    assert doctor.file_modes(settings).state == "ok"
    var.chmod(0o755)
    for name in ("r.db", "r.db-wal", "mail"):
        (var / name).chmod(0o700)
    assert doctor.file_modes(settings).state == "ok"


def test_the_doctor_looks_at_clocks_and_addresses(started: Office) -> None:
    """Time zone data with its version; a clock apart from the database's; who is passed over."""
    service = started.service("2025-12-01T10:00")
    assert doctor.time_zone_data(service).found[:2] == "20"
    assert [one.state for one in doctor.clock_drift(service)] == (
        [] if started.database.is_sqlite else ["fails"]
    )
    assert doctor.dead_address_check(service).found == "none"
    with started.database.write() as connection:
        people.flag_address(connection, "a@x.example", at("2025-12-01T10:00"), 550, "gone")
    assert doctor.dead_address_check(service).found == "a@x.example since 2025-12-01 (550 gone)"

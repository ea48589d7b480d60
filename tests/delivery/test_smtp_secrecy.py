"""TLS, authentication, and what is never shown."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from pydantic import SecretStr

from reminders.delivery.smtp.session import is_loopback
from reminders.delivery.smtp.transport import SmtpTransport
from reminders.errors import ConfigurationError
from reminders.letters.retry import Outcome
from reminders.settings import SmtpTarget
from tests.delivery.faulty_server import PASSWORD, Fault, FaultyServer
from tests.delivery.talk import envelope, talking, yes


@pytest.mark.parametrize("security", ["starttls", "implicit"])
def test_tls_is_verified(security: Any) -> None:
    """A self-signed certificate is refused, unless its file is given; then all is sent in TLS."""
    with FaultyServer(tls=security) as server:
        with talking(server, security=security, ca=None) as transport:
            outcome = transport.deliver(envelope(), yes)
        with talking(server, security=security, host="localhost") as transport:
            assert transport.deliver(envelope(), yes).kind == "accepted"
            assert transport.deliver(envelope(), yes).kind == "accepted"
    assert (outcome.kind, outcome.phase) == ("no-answer", "starttls" if security == "starttls" else "connect")
    assert "self-signed certificate" in outcome.text
    assert "MAIL" in server.verbs


def test_starttls_that_is_not_offered_or_refused_sends_nothing() -> None:
    """A server without TLS gets no message in clear."""
    with FaultyServer() as server, talking(server, security="starttls") as transport:
        outcome = transport.deliver(envelope(), yes)
    assert (outcome.kind, outcome.phase, outcome.code) == ("refused", "starttls", 502)
    faults: Any = {"starttls": [Fault("454 4.7.0 later")]}
    with (
        FaultyServer(faults, tls="starttls") as server,
        talking(server, security="starttls") as transport,
    ):
        outcome = transport.deliver(envelope(), yes)
    assert outcome == Outcome("refused", "starttls", 454, "4.7.0 later")
    assert "MAIL" not in server.verbs


def test_what_is_said_in_clear_after_starttls_is_not_heard() -> None:
    """An answer slipped in before TLS begins is no answer to EHLO within it (RFC 3207 section 4.2)."""
    slipped_in = Fault("220 2.0.0 go ahead\r\n250-faulty.example\r\n250 AUTH CRAM-MD5")
    with (
        FaultyServer({"starttls": [slipped_in]}, auth="PLAIN", tls="starttls") as server,
        talking(server, security="starttls", user="user") as transport,
    ):
        assert transport.deliver(envelope(), yes).kind == "accepted"
    assert server.connections == 1


@pytest.mark.parametrize("mechanisms", ["PLAIN LOGIN", "LOGIN"])
@pytest.mark.parametrize("tls", ["", "starttls", "implicit"])
def test_a_user_is_authenticated(tls: Any, mechanisms: str) -> None:
    """PLAIN where offered, else LOGIN; in clear only on this machine."""
    with (
        FaultyServer(auth=mechanisms, tls=tls) as server,
        talking(server, security=tls or "plain", user="user") as transport,
    ):
        assert transport.deliver(envelope(), yes).kind == "accepted"
    assert ("AUTH LOGIN" in server.commands) == (mechanisms == "LOGIN")


def test_a_wrong_password_is_told_without_it() -> None:
    """535 at AUTH concerns the channel; the password stays out of what is told."""
    said = f"535 5.7.8 wrong: {PASSWORD} {base64.b64encode(PASSWORD.encode()).decode()}"
    with (
        FaultyServer({"auth": [Fault(said)]}, auth="PLAIN") as server,
        talking(server, user="user") as transport,
    ):
        outcome = transport.deliver(envelope(), yes)
    assert outcome == Outcome("refused", "auth", 535, "5.7.8 wrong: *** ***")


def test_authentication_that_is_not_offered_is_refused_here() -> None:
    """Without a mechanism that we speak nothing is sent."""
    with FaultyServer(auth="CRAM-MD5") as server, talking(server, user="user") as transport:
        outcome = transport.deliver(envelope(), yes)
    assert (outcome.kind, outcome.phase, outcome.code) == ("refused", "auth", 504)
    assert outcome.text == "5.5.4 refused here: AUTH PLAIN or LOGIN is needed, CRAM-MD5 is offered"


def test_a_password_is_never_sent_in_clear_to_another_machine() -> None:
    """The transport is not even made."""
    target = SmtpTarget("mail.example", 25, "plain", "user", SecretStr(PASSWORD))
    with pytest.raises(ConfigurationError) as caught:
        SmtpTransport(target, hello="x.example")
    assert str(caught.value) == (
        "SMTP_URL: expected smtps:// or smtp+starttls:// where there is a password; "
        "found smtp:// to mail.example, which would send it in clear"
    )
    assert [is_loopback(h) for h in ("localhost", "127.0.0.9", "::1", "10.0.0.1", "mail.example")] == [
        True,
        True,
        True,
        False,
        False,
    ]

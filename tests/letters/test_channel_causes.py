"""Why a mail server cannot be used, as something that a person can do something about."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from email_templates.alarm import ClosedChannel, channel_words
from reminders.letters.channel_causes import Cause, cause_of, is_serious
from reminders.letters.retry import Outcome
from schedule_rules.programme import LANGUAGES

VERIFY = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed:"


@pytest.mark.parametrize(
    ("kind", "phase", "code", "text", "cause"),
    [
        (
            "no-answer",
            "starttls",
            0,
            f"{VERIFY} certificate has expired (_ssl.c:1006)",
            "certificate-expired",
        ),
        ("no-answer", "connect", 0, f"{VERIFY} self-signed certificate (_ssl.c:1006)", "certificate-unknown"),
        (
            "no-answer",
            "connect",
            0,
            f"{VERIFY} unable to get local issuer certificate",
            "certificate-unknown",
        ),
        (
            "no-answer",
            "starttls",
            0,
            f"{VERIFY} Hostname mismatch, certificate is not valid for 'x'.",
            "certificate-name",
        ),
        ("no-answer", "starttls", 0, f"{VERIFY} IP address mismatch", "certificate-name"),
        ("no-answer", "connect", 0, "[SSL: WRONG_VERSION_NUMBER] wrong version number", "encryption"),
        ("no-answer", "starttls", 0, "Connection unexpectedly closed", "encryption"),
        ("no-answer", "connect", 0, "[Errno 111] Connection refused", "unreachable"),
        ("no-answer", "banner", 0, "no answer within the time allowed", "unreachable"),
        ("refused", "starttls", 454, "4.7.0 TLS not available", "encryption"),
        ("refused", "starttls", 502, "5.7.10 refused here: not offered", "encryption"),
        ("refused", "auth", 535, "5.7.8 wrong", "sign-in"),
        ("refused", "auth", 504, "5.5.4 refused here: XOAUTH2 is not offered", "sign-in"),
        ("refused", "auth", 454, "4.7.0 temporary", "busy"),
        ("refused", "rcpt", 530, "5.7.0 authentication required", "sign-in"),
        ("refused", "banner", 421, "4.3.2 too busy", "busy"),
        ("refused", "banner", 554, "5.3.2 no service", "refused"),
        ("refused", "mail", 550, "5.7.1 you may not send", "sender"),
        ("refused", "mail", 552, "5.3.4 too big", "size"),
        ("refused", "rcpt", 550, "relay not permitted", "relay"),
        ("refused", "data", 554, "5.7.1 no", "relay"),
        ("refused", "data", 502, "5.5.1 not implemented", "refused"),
        ("refused", "dot", 550, "5.7.26 DMARC", "content"),
        ("refused", "dot", 552, "too big", "size"),
    ],
)
def test_causes(kind: Any, phase: Any, code: int, text: str, cause: str) -> None:
    """By phase, code and words."""
    assert cause_of(Outcome(kind, phase, code, text)) == cause


@pytest.mark.parametrize("cause", [one for one in get_args(Cause) if one])
def test_every_cause_has_its_words(cause: str) -> None:
    """In each language, words of its own beside those of any closed server."""
    usual = [channel_words(ClosedChannel(False, 2, ""), lang) for lang in LANGUAGES]
    own = [channel_words(ClosedChannel(False, 2, "", cause), lang) for lang in LANGUAGES]
    assert all(len(one) > len(other) + 20 for one, other in zip(own, usual, strict=True))
    assert len(set(own)) == len(LANGUAGES)
    assert [channel_words(ClosedChannel(True, 2, "", cause), lang) for lang in LANGUAGES] != own


@pytest.mark.parametrize(
    ("cause", "first", "second"),
    [("relay", True, True), ("encryption", True, True), ("unreachable", False, True), ("", False, True)],
)
def test_when_somebody_should_know(cause: str, first: bool, second: bool) -> None:
    """At once; of a server that does not answer, from the second time on; of none that works."""
    assert [is_serious(cause, n) for n in (0, 1, 2)] == [False, first, second]

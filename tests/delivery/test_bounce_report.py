"""Reports of undeliverable mail: what is read of them, and that nothing stops the reading."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from reminders.delivery.bounce_report import BounceReport, read_bounce_report
from tests.use.reports import qmail, rfc3464, vacation

ID = "<0123@vaasa.example>"
WHOLE = rfc3464(to="bounces+7.0f@vaasa.example", message_id=ID, envelope_id="0123@vaasa.example")


def test_a_standard_report_is_read() -> None:
    """Fate, code, the server's words, and every name of the message."""
    assert read_bounce_report(WHOLE) == BounceReport(
        "dead",
        550,
        "550 5.1.1 <anna@vaasa.example>: Recipient address rejected: User unknown",
        ("bounces+7.0f@vaasa.example",),
        (ID,),
        ("0123@vaasa.example",),
        "5.1.1",
    )


def test_an_older_report_is_read_by_its_usual_words() -> None:
    """A server that knows no RFC 3464."""
    found = read_bounce_report(qmail(ID))
    assert found == BounceReport(
        "dead",
        550,
        "550 5.1.1 no such user here",
        ("bounces@vaasa.example",),
        (ID,),
        status="5.1.1",
        recipients=("anna@vaasa.example",),
    )


def test_a_person_is_no_report() -> None:
    """Neither an absence note nor a common mail."""
    assert read_bounce_report(vacation(ID)) is None
    assert read_bounce_report(b"Subject: hello\r\nMessage-ID: <x@y>\r\n\r\n550 5.1.1 no\r\n") is None


@given(cut=st.integers(0, len(WHOLE)), length=st.integers(0, 40), noise=st.binary(max_size=40))
def test_no_octets_stop_the_reading(cut: int, length: int, noise: bytes) -> None:
    """Cut, overwritten, spliced: a report or none, never an error."""
    found = read_bounce_report(WHOLE[:cut] + noise + WHOLE[cut + length :])
    assert found is None or found.fate in {"dead", "slow", "failed", "delayed", "delivered"}


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\xff" * 100,
        b"Content-Type: message/delivery-status\r\n\r\n",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n" * 50,
        b"Content-Type: message/rfc822\r\n\r\n" * 2000,
        b"To: " + b"<" * 10_000 + b"\r\n\r\n",
        WHOLE.replace(b"utf-8", b"no-such-charset").replace(b"Status: 5.1.1", b"Status: =?x?q?=FF?="),
    ],
)
def test_a_message_that_is_made_to_be_unreadable_is_none(octets: bytes) -> None:
    """Nesting, missing ends, unknown charsets."""
    found = read_bounce_report(octets)
    assert found is None or found.fate in {"dead", "slow", "failed", "delayed"}

"""What real Postfix and real Exim answer, each with the configuration in which something is wrong.

As seen with Postfix 3.7.11 and Exim 4.96 (Debian 12); docs/developing.md shows the whole as a table.
"""

from __future__ import annotations

import smtplib
import ssl
from typing import Any, Final

import pytest

from tests.acceptance.mail_servers import DOMAIN, MailServer, ServerRules
from tests.delivery.faulty_server import CERTIFICATE

X: Final = f"x@{DOMAIN}"
ANSWERS: Final = {
    "relay": (ServerRules(relays=False), "rcpt 554 5.7.1 <x", "rcpt 550 relay not permitted"),
    "relay deferred": (
        ServerRules(relays=False, relay_refusal="defer"),
        "rcpt 454 4.7.1 <x@vaasa.example>: Relay access denied",
        "rcpt 451 relay not permitted",
    ),
    "filter": (
        ServerRules(finds_filter=False),
        "starttls 454 4.3.0 Try again later",
        "dot 451 Temporary local problem",
    ),
    "nobody": (ServerRules(knows_recipients=False), "rcpt 550 5.1.1 <x", "rcpt 550 5.1.1 <x"),
    "data": (ServerRules(refuses_at_data=True), "data 554 5.7.1 <DATA>", "data 554 5.7.1 "),
    "told": (ServerRules(largest=1000), "mail 552 5.3.4 Message size", "mail 552 Message size exceeds"),
    "untold": (
        ServerRules(largest=1000, tells_largest=False),
        "dot 552 5.3.4 Error: message file too big",
        "dot 552 5.3.4 ",
    ),
    "dmarc": (ServerRules(refuses_by_dmarc=True), "dot 550 5.7.1 rejected by DMARC", "dot 550 5.7.26 Un"),
    "key": (ServerRules(reads_tls_key=False), "starttls 454 4.7.0 TLS", "starttls 454 TLS currently"),
    "unknown": (ServerRules(unknown=(X,)), "rcpt 550 5.1.1 <x", "rcpt 550 5.1.1 <x"),
    "unrouteable": (ServerRules(unrouteable=(X,)), "rcpt 550 5.1.1 <x", "rcpt 550 Unrouteable address"),
    "restricted": (ServerRules(restricted=(X,)), "rcpt 554 5.7.1 <x", "rcpt 550 5.7.1 <x"),
    "full": (ServerRules(full=(X,)), "rcpt 452 4.2.2 <x", "rcpt 452 4.2.2 <x"),
    "nothing": (ServerRules(), "dot 250 2.0.0 Ok: queued as ", "dot 250 OK id="),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_each_server_answers_in_its_own_words(server: MailServer, case: str) -> None:
    """The tests of delivery stand on what servers say, not on what a book says."""
    rules, by_postfix, by_exim = ANSWERS[case]
    server.change(rules)
    expected = by_postfix if server.name == "postfix" else by_exim
    reply = conversation(server)
    assert reply[: len(expected)] == expected, reply


def conversation(server: MailServer) -> str:
    """Hand over a message of two thousand octets, as far as it goes; return the last stage and its answer."""
    lines = {
        "starttls": "STARTTLS",
        "mail": f"MAIL FROM:<reminders@{DOMAIN}>",
        "rcpt": f"RCPT TO:<{X}>",
        "data": "DATA",
        "dot": f"From: reminders@{DOMAIN}\r\nMessage-ID: <1@x>\r\n\r\n{'x' * 900}\r\n{'x' * 900}\r\n.",
    }
    with smtplib.SMTP("127.0.0.1", server.port, timeout=60) as client:
        client.ehlo("client.example")
        for stage, line in lines.items():
            size = " SIZE=2000" if stage == "mail" and client.has_extn("size") else ""
            client.send(f"{line}{size}\r\n")
            code, words = client.getreply()
            if code >= 400 or stage == "dot":
                return f"{stage} {code} {words.decode()}"
            if stage == "starttls":
                context: Any = ssl.create_default_context(cafile=CERTIFICATE)
                client.sock = context.wrap_socket(client.sock, server_hostname="127.0.0.1")
                client.file = None
                client.ehlo("client.example")
    raise AssertionError(server.log())

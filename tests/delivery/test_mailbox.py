"""The mailbox of returned mail: what is new is handled once and put away; its failures stay outside."""

from __future__ import annotations

import pytest

from reminders.delivery.mailbox import drain
from reminders.errors import ChannelDown, ConfigurationError
from reminders.servers import ImapTarget
from tests.delivery.imap_server import PASSWORD, ImapServer, Mailbox

MAIL = b"Subject: %d\r\n\r\ntext\r\n"


def target(port: int, rest: str = "/INBOX") -> ImapTarget:
    """The mailbox on this machine."""
    return ImapTarget.of(f"imap://bounces:{PASSWORD}@127.0.0.1:{port}{rest}")


def test_unseen_messages_are_handled_and_marked() -> None:
    """Each unseen message comes once, at most so many a run; the rest comes with the next."""
    found: list[bytes] = []
    box = Mailbox({n: MAIL % n for n in range(1, 6)}, seen={1})
    with ImapServer(box) as server:
        assert drain(target(server.port), found.append, most=3) == 3
        assert drain(target(server.port), found.append, most=3) == 1
        assert drain(target(server.port), found.append, most=3) == 0
    assert [octets.replace(b"\n", b"\r\n").replace(b"\r\r", b"\r") for octets in found] == [
        MAIL % n for n in (2, 3, 4, 5)
    ]
    assert (box.seen, box.moved) == ({1, 2, 3, 4, 5}, {})


def test_messages_are_moved_where_the_address_says_so() -> None:
    """``?move=FOLDER`` moves what was handled."""
    box = Mailbox({7: MAIL % 7})
    with ImapServer(box) as server:
        assert drain(target(server.port, "/INBOX?move=Handled"), lambda _: None) == 1
    assert box.moved == {7: "Handled"}


def test_a_message_that_is_not_handled_stays_unseen() -> None:
    """When handling fails, the next run finds the message again."""
    box = Mailbox({1: MAIL % 1})

    def stumble(octets: bytes) -> None:
        raise LookupError(len(octets))

    with ImapServer(box) as server, pytest.raises(LookupError):
        drain(target(server.port), stumble)
    assert box.seen == set()


def test_too_large_a_message_is_put_away_unread() -> None:
    """No report is that large, and memory is finite."""
    found: list[bytes] = []
    box = Mailbox({1: b"Subject: x\r\n\r\n" + b"x" * 2_000_001})
    with ImapServer(box) as server:
        assert drain(target(server.port), found.append) == 1
    assert (found, box.seen) == ([], {1})


def test_a_refusal_is_told_without_the_password() -> None:
    """What the server says never shows the password."""
    box = Mailbox(refuses=f"wrong password {PASSWORD}")
    with ImapServer(box) as server, pytest.raises(ChannelDown) as raised:
        drain(target(server.port), lambda _: None)
    assert "wrong password" in str(raised.value)
    assert PASSWORD not in str(raised.value)


def test_a_server_that_is_not_there_is_a_channel_down() -> None:
    """Nobody listens."""
    with pytest.raises(ChannelDown, match=r"BOUNCE_IMAP_URL: 127\.0\.0\.1: "):
        drain(target(9), lambda _: None)


def test_a_password_is_never_sent_in_clear() -> None:
    """imap:// is for this machine only."""
    with pytest.raises(ConfigurationError, match="imaps:// or imap"):
        drain(ImapTarget.of("imap://u:p@mail.example"), lambda _: None)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("imaps://u:p@h", ("h", 993, "implicit", "INBOX")),
        ("imap+starttls://u:p@h/Bounces", ("h", 143, "starttls", "Bounces")),
        ("imap://u%40x:p@h:1143/A%2FB", ("h", 1143, "plain", "A/B")),
    ],
)
def test_the_address_of_a_mailbox_is_read(url: str, expected: tuple[str, int, str, str]) -> None:
    """Security, port and folder follow from the address."""
    found = ImapTarget.of(url)
    assert (found.host, found.port, found.security, found.folder) == expected

"""The octets of a message: parsed again by Python's mail library, and compared."""

from __future__ import annotations

import email
import email.policy
import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from reminders.letters.message import Attachment, MessageFacts, clean_header, message_id, octets
from reminders.planning.addresses import folded

FACTS = MessageFacts(
    sender="muistutukset@vaasa.example",
    sender_name="Vaasan ohjelmamuistutukset",
    recipient="kulttuuri@vaasa.example",
    reply_to=("sihteeri@vaasa.example",),
    subject="Muistutus: kahvila",
    text="Hei\n\nMääräaika on 31.12.2024.\n",
    html='<html lang="fi"><body><p>Määräaika on 31.12.2024.</p></body></html>\n',
    content_language="fi, sv",
    message_id="<0123456789abcdef@reminders.vaasa.example>",
    date=datetime(2026, 1, 12, 9, 0, tzinfo=timezone(timedelta(hours=2))),
    list_id="vaasa-2023-2026.reminders.vaasa.example",
    references=("<a@reminders.vaasa.example>", "<b@reminders.vaasa.example>"),
)
NASTY = [
    "x\r\nBcc: evil@x.fi",
    "=?utf-8?q?=0A?=Bcc: evil@x.fi",
    "=?utf-8?b?Cg==?=",
    "=?utf-8?q?a=?=?utf-8?q?=0ABcc=3A_x?=",
    "a\0b\u2028c\u2029d\x85e\x1cf",
    "\u202egnp.exe\u2066\u200f",
    "10 000 " + "merkkiä " * 1250,
    "x" * 10_000,
    "x" * 200,
    "\ud800half",
    '"quoted" <evil@x.fi>, other@x.fi;\\',
    "No-break\u00a0space – dash 🎉" * 9,
    " ",
    "",
    "2+2=?",
]
HEADERS = Counter(
    [
        "From",
        "To",
        "Reply-To",
        "Subject",
        "Date",
        "Message-ID",
        "References",
        "List-Id",
        "Content-Language",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "MIME-Version",
        "Content-Type",
    ]
)
TEXTS = st.one_of(st.text(), st.sampled_from(NASTY), st.text(alphabet="=?utf-8qb_ \r\n:ä\u2028", max_size=60))


def parsed(facts: MessageFacts) -> EmailMessage:
    """The message read again, in order and without defects."""
    raw = octets(facts)
    assert re.fullmatch(rb"(?:[^\r\n]{0,78}\r\n)+", raw)
    assert raw.isascii()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert Counter(message.keys()) == HEADERS
    assert [part.defects for part in message.walk()] == [[], [], []]
    return message


def plain(text: str) -> str:
    """A body as it must arrive: newlines one way, nothing that cannot be sent."""
    kept = re.sub("[\0\ud800-\udfff]", "", text)
    return kept.replace("\r\n", "\n").replace("\r", "\n")


def bodies(message: EmailMessage) -> list[str]:
    """Both alternatives, text first, without the line end before each boundary."""
    parts = [(part.get_content_type(), part.get_payload(decode=True)) for part in message.iter_parts()]
    assert [kind for kind, _ in parts] == ["text/plain", "text/html"]
    return [body.decode().replace("\r\n", "\n") for _, body in parts if isinstance(body, bytes)]


def test_all_headers_and_both_parts() -> None:
    """The whole header set, each once, and the texts as they were."""
    message = parsed(FACTS)
    assert {name: str(value) for name, value in message.items()} == {
        "From": "Vaasan ohjelmamuistutukset <muistutukset@vaasa.example>",
        "To": "kulttuuri@vaasa.example",
        "Reply-To": "sihteeri@vaasa.example",
        "Subject": "Muistutus: kahvila",
        "Date": "Mon, 12 Jan 2026 09:00:00 +0200",
        "Message-ID": "<0123456789abcdef@reminders.vaasa.example>",
        "References": "<a@reminders.vaasa.example> <b@reminders.vaasa.example>",
        "List-Id": "<vaasa-2023-2026.reminders.vaasa.example>",
        "Content-Language": "fi, sv",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{message.get_boundary()}"',
    }
    assert bodies(message) == [FACTS.text, FACTS.html]


def test_the_same_facts_give_the_same_octets() -> None:
    """Nothing is drawn or asked; another message has another boundary."""
    other = replace(FACTS, message_id="<other@x.example>")
    assert octets(FACTS) == octets(FACTS)
    assert parsed(FACTS).get_boundary() != parsed(other).get_boundary()


@given(TEXTS, TEXTS)
@example(NASTY[0], NASTY[0])
@example(NASTY[7], NASTY[6])
def test_titles_and_names_stay_in_their_header(subject: str, name: str) -> None:
    """Whatever they hold: one of each header, one address, and the cleaned words."""
    message = parsed(replace(FACTS, subject=subject, sender_name=name))
    assert message["Subject"] == clean_header(subject)
    assert [a.addr_spec for a in message["From"].addresses] == [FACTS.sender]
    assert [a.addr_spec for a in message["To"].addresses] == [FACTS.recipient]
    old = email.message_from_bytes(octets(replace(FACTS, subject=subject, sender_name=name)))
    shown = str(make_header(decode_header(old["From"].replace("\r\n", "")))).removesuffix(
        f" <{FACTS.sender}>"
    )
    if not clean_header(name).isascii():
        assert shown == clean_header(name)


@given(TEXTS)
def test_a_clean_header_is_one_harmless_line(text: str) -> None:
    """Cleaning twice changes nothing; no line end, nothing hidden, no encoded word is left."""
    clean = clean_header(text)
    assert clean == clean_header(clean)
    assert len(clean) <= 255
    assert not re.search("[\r\n\0\u2028\u2029\x85\u202a-\u202e\u2066-\u2069]|=\\?", clean)
    assert str(make_header(decode_header(clean))) == clean


def test_what_cleaning_keeps_and_takes() -> None:
    """Newlines become blanks, encoded words go, typography stays."""
    assert [clean_header(text) for text in NASTY[:6]] == [
        "x Bcc: evil@x.fi",
        "Bcc: evil@x.fi",
        "",
        "?utf-8?q?=0ABcc=3A_x?=",
        "ab c d e f",
        "gnp.exe",
    ]
    assert clean_header("9\u00a0kk – ”ä”") == "9\u00a0kk – ”ä”"
    assert (len(clean_header(NASTY[7])), clean_header(NASTY[7])[-2:]) == (255, "x…")


@given(st.text(), st.text(min_size=1))
@example("a \n\tb\t\n. \n.\n..\n", "trailing \r\n =20 = \r")
@example("From x\n" + "ä" * 200, "\n")
def test_bodies_arrive_as_they_were(text: str, html: str) -> None:
    """Blanks at line ends, dots, equals signs and long lines survive."""
    assert bodies(parsed(replace(FACTS, text=text, html=html))) == [plain(text), plain(html)]


def test_without_html_a_message_is_plain_text() -> None:
    """One part, no boundary."""
    message = email.message_from_bytes(octets(replace(FACTS, html="")), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert (message.get_content_type(), message.is_multipart()) == ("text/plain", False)
    assert message.get_content().replace("\r\n", "\n") == FACTS.text + "\n"


@given(st.binary(max_size=300), st.sampled_from(["", FACTS.html]))
def test_an_attachment_arrives_as_it_was(content: bytes, html: str) -> None:
    """Beside the text, octet for octet, under its name and with the parameters of its type."""
    file = Attachment("2026-fi.ics", "text/calendar; charset=utf-8; method=PUBLISH", content)
    raw = octets(replace(FACTS, html=html, attachments=(file,)))
    assert re.fullmatch(rb"(?:[^\r\n]{0,78}\r\n)+", raw)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert [part.defects for part in message.walk()] == [[]] * (5 if html else 3)
    shown, attached = message.iter_parts()
    assert shown.get_content_type() == ("multipart/alternative" if html else "text/plain")
    assert attached.get_payload(decode=True) == content
    assert dict(attached["Content-Type"].params) == {"charset": "utf-8", "method": "PUBLISH"}
    assert (attached.get_content_type(), attached.get_filename()) == ("text/calendar", "2026-fi.ics")


def test_what_cannot_name_an_attachment_is_refused() -> None:
    """A name or type that would break its header."""
    for one in (
        Attachment('a".ics', "text/calendar", b""),
        Attachment("a.ics", "text/calendar\r\nX: y", b""),
    ):
        with pytest.raises(ValueError, match=r"^expected a (plain file name|media type); found "):
            octets(replace(FACTS, attachments=(one,)))


@given(st.one_of(st.text(max_size=40), st.emails(), st.text(alphabet='a@x.fi,<>;:() \r\n"\\', max_size=20)))
@example("a@x.fi, evil@x.fi")
@example("a@x.fi\r\nBcc: evil@x.fi")
@example("x@" + "a" * 300)
@example("ä@vaasa.example")
@example("a@jyväskylä.example")
@example("0@¡")
def test_an_address_is_taken_as_it_is_or_not_at_all(recipient: str) -> None:
    """Never repaired, never two; only a domain with umlauts is written as it travels (RFC 5890)."""
    try:
        raw = octets(replace(FACTS, recipient=recipient))
    except ValueError:
        return
    message = email.message_from_bytes(raw, policy=email.policy.SMTPUTF8)
    assert Counter(message.keys()) == HEADERS
    read = [a.addr_spec.encode("utf-8", "surrogateescape").decode() for a in message["To"].addresses]
    assert [one.rpartition("@")[0] for one in read] == [recipient.rpartition("@")[0]]
    assert [folded(one) for one in read] == [folded(recipient)]
    if recipient.isascii():
        assert read == [recipient]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"recipient": "a@x.fi, b@x.fi"}, "expected one bare e-mail address; found 'a@x.fi, b@x.fi'"),
        ({"sender": "nobody"}, "expected one bare e-mail address; found 'nobody'"),
        ({"reply_to": ("a@b\r\n",)}, "expected one bare e-mail address; found 'a@b\\r\\n'"),
        ({"message_id": "x@y"}, "expected a Message-ID; found 'x@y'"),
        ({"references": ("<x y@z>",)}, "expected a Message-ID; found '<x y@z>'"),
        ({"list_id": "a b"}, "expected a list identifier; found 'a b'"),
        ({"content_language": "fi\r\nX: y"}, "expected language tags; found 'fi\\r\\nX: y'"),
        ({"recipient": "a" * 250 + "@x.fi"}, "expected an address of at most 254 characters; found 255"),
    ],
)
def test_what_cannot_stand_in_a_header_is_refused(change: dict[str, Any], words: str) -> None:
    """Identifiers and addresses are taken whole or not at all."""
    with pytest.raises(ValueError) as caught:
        octets(replace(FACTS, **change))
    assert str(caught.value) == words


def test_a_message_id_tells_nothing_and_repeats() -> None:
    """The same for the same mail, another for any other fact, no address in it."""

    def made(**change: Any) -> str:
        facts: dict[str, Any] = {
            "digest": "7",
            "recipient": "kulttuuri@vaasa.example",
            "local_date": date(2026, 1, 12),
            "kind": "nudge",
            "version": 1,
            "domain": "reminders.vaasa.example",
        }
        return message_id(change.pop("secret", b"a secret"), **facts | change)

    changes: list[dict[str, Any]] = [
        {},
        {"digest": "8"},
        {"recipient": "x@y.example"},
        {"local_date": date(2026, 1, 13)},
        {"kind": "digest"},
        {"version": 2},
        {"secret": b"another"},
        {"digest": "7\0k", "recipient": "ulttuuri@vaasa.example"},
    ]
    assert len({made(**change) for change in changes}) == len(changes)
    assert made() == made()
    assert re.fullmatch(r"<[0-9a-f]{40}@reminders\.vaasa\.example>", made())
    with pytest.raises(ValueError, match=r"^expected a domain; found 'x y'$"):
        made(domain="x y")

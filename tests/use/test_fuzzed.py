"""Titles, names and addresses that try to break out, through a whole run: the headers and lists stay ours."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pytest

from reminders.planning.addresses import folded
from reminders.planning.recipients import Contact
from reminders.store import people
from reminders.use.programme.store_programme import store_programme
from schedule_rules.programme import Programme, Text, TextLang
from tests.use.office import FIRST, MAILS, VAASA, Office, at, parsed
from tests.use.post_office import PostOffice

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
ONCE = (
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Id", "Content-Language"),
    *("Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version", "Content-Type"),
)
PIECES = (
    "\r\nBcc: thief@evil.example\r\n",
    "\nTo: thief@evil.example",
    "\0",
    "\u2028Cc: thief@evil.example",
    "=?utf-8?q?=0D=0ABcc:_thief@evil.example?=",
    "=?utf-8?b?DQpCY2M6IHRoaWVmQGV2aWwuZXhhbXBsZQ==?=",
    "\u202egnp.exe",
    "\u200f",
    "Ä" * 10_000,
    "x" * 10_000,
    "\r\n.\r\nMAIL FROM:<thief@evil.example>\r\n",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    '"; DROP TABLE outbox; --',
)


def fuzzed(dice: random.Random, text: str) -> str:
    """A text with something in it that does not belong there."""
    place = dice.randrange(len(text) + 1)
    return text[:place] + dice.choice(PIECES) + text[place:]


def poisoned(programme: Programme, dice: random.Random) -> Programme:
    """The programme, its own name and the titles and names in it fuzzed."""

    def spoil(text: Text) -> Text:
        said = text.as_dict()
        return Text(**{lang: fuzzed(dice, words) if words else words for lang, words in said.items()})

    def first_spoiled(bullets: Mapping[TextLang, tuple[str, ...]]) -> dict[TextLang, tuple[str, ...]]:
        return {lang: (fuzzed(dice, texts[0]), *texts[1:]) for lang, texts in bullets.items() if texts}

    return replace(
        programme,
        name=spoil(programme.name),
        organisations=tuple(replace(one, name=spoil(one.name)) for one in programme.organisations),
        actions=tuple(replace(one, bullets=first_spoiled(one.bullets)) for one in programme.actions),
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_stands_in_titles_and_names(office: Office, vaasa: Programme, seed: int) -> None:
    """One of each header in every message, one recipient each, and only addresses of the list."""
    dice = random.Random(seed)
    with office.database.write() as connection:
        store_programme(connection, poisoned(vaasa, dice), at(FIRST), built_in=True, held=False)
        known = people.contacts_of(connection, VAASA)
        people.save_contacts(connection, VAASA, [replace(one, name=fuzzed(dice, "Anna")) for one in known])
    addresses = {one.email for one in known}
    with PostOffice(offers=("PIPELINING", "8BITMIME", "SMTPUTF8")) as post:  # of any size
        post.serve(office)
        assert office.tick(FIRST).outcomes == {"sent": MAILS}
        assert (len(post.copies), set(post.copies.values())) == (MAILS, {1})
        assert set(post.copies) <= addresses
        verbs = {"EHLO", "MAIL", "RCPT", "DATA", "QUIT"}
        assert set(post.verbs) == verbs
        for one in post.accepted:
            mail = parsed(one.raw)
            headers = Counter(mail.keys())
            assert {name: headers[name] for name in ONCE} == dict.fromkeys(ONCE, 1)
            assert set(headers) <= {*ONCE, "References"}
            assert mail["To"] == one.recipient
            assert "thief" not in mail["From"] + mail["Reply-To"]
            assert len(mail["Subject"]) <= 300


@pytest.mark.parametrize(
    "address",
    [
        "anna@vaasa.example\r\nRCPT TO:<thief@evil.example>",
        "anna@vaasa.example, thief@evil.example",
        "Anna <thief@evil.example>",
        "anna\0@vaasa.example",
        "anna\u202e@vaasa.example",
        "x" * 10_000 + "@vaasa.example",
    ],
)
def test_an_address_that_is_none_gets_nothing_and_keeps_nobody_back(office: Office, address: str) -> None:
    """Its letter cannot be made; all others go, and no command on the wire names the thief."""
    with office.database.write() as connection:
        known = people.contacts_of(connection, VAASA)
        bad = [replace(one, email=address) if one.organisation == "welcome-office" else one for one in known]
        people.save_contacts(connection, VAASA, bad)
    with PostOffice() as post:
        post.serve(office)
        assert office.tick(FIRST).outcomes == {"sent": MAILS - 1}
        assert [command for command in post.commands if "thief" in command] == []
    assert office.look("digest", "state", recipient=folded(address)) == ["failed"]


def test_addresses_beyond_ascii_go_where_the_server_takes_them(office: Office) -> None:
    """SMTPUTF8 (RFC 6531) is asked for."""
    with office.database.write() as connection:
        known = people.contacts_of(connection, VAASA)
        extra = Contact("welcome-office", "contact", "Äijä", "äijä@vaasa.example", "fi")
        people.save_contacts(connection, VAASA, (*known, extra))
    with PostOffice() as post:
        post.serve(office)
        office.tick(FIRST)
        assert post.copies["äijä@vaasa.example"] == 1
        assert sum("SMTPUTF8" in command for command in post.commands) == 1

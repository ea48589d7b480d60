"""Tokens: the same facts give the same token, another fact another; nothing forged or cut is read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from reminders.planning.links import PURPOSES, Links, Purpose, Ticket, last_day

LINKS = Links("x" * 32)
UNTIL = date(2025, 2, 6)
ABOUT = "vaasa-2023-2026:work-open-digital-points:milestone:end"
READER = "welfare-unit@vaasa.example"
TOKEN = LINKS.issue("answer", ABOUT, READER, UNTIL)

subjects = st.text(max_size=300)
readers = st.emails()
days = st.dates(date(2000, 1, 1), date(2179, 1, 1))
purposes = st.sampled_from(PURPOSES)


@given(purposes, subjects, readers, days)
def test_what_is_issued_is_read(purpose: Purpose, subject: str, reader: str, until: date) -> None:
    """Purpose and day come back, and the marks tell subject and reader among others."""
    ticket = LINKS.read(LINKS.issue(purpose, subject, reader, until))
    assert ticket is not None
    assert (ticket.purpose, ticket.until) == (purpose, until)
    assert LINKS.subject_of(ticket, [subject + "x", subject]) == subject
    assert LINKS.reader_of(ticket, ["somebody@else.example", reader]) == reader


@given(st.text(max_size=80))
def test_no_text_is_a_token(text: str) -> None:
    """Whatever stands in the address: None, no error."""
    assert LINKS.read(text) is None


@given(st.integers(0, 55), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_one_letter_changed_is_forged(place: int, letter: str) -> None:
    """Every letter counts."""
    altered = TOKEN[:place] + letter + TOKEN[place + 1 :]
    assert (LINKS.read(altered) is None) == (altered != TOKEN)


@given(st.integers(0, 55))
def test_cut_is_not_read(length: int) -> None:
    """A part of a token is none."""
    assert LINKS.read(TOKEN[:length]) is None


def test_another_secret_is_another_service() -> None:
    """Nobody else can make a token, or tell whom one is for."""
    other = Links("y" * 32)
    assert other.read(TOKEN) is None
    ticket = LINKS.read(TOKEN)
    assert ticket is not None
    assert other.reader_of(ticket, [READER]) is None


def test_each_fact_makes_another_token() -> None:
    """Purpose, subject, reader and day are all in it."""
    others = {
        LINKS.issue("unit", ABOUT, READER, UNTIL),
        LINKS.issue("answer", ABOUT + "2", READER, UNTIL),
        LINKS.issue("answer", ABOUT, "alma@vaasa.example", UNTIL),
        LINKS.issue("answer", ABOUT, READER, UNTIL + timedelta(days=1)),
        TOKEN,
    }
    assert len(others) == 5


def test_the_same_facts_give_the_same_token() -> None:
    """Whoever composes the mail, whenever: the token is a fixed point of the facts and the secret."""
    assert TOKEN == "aar5a2ixya4kx3n7tetnq4pcwozatnihvgmroioxpfrbx3is2xc2rrro"


def test_what_mail_programs_do_to_addresses() -> None:
    """Capitals and a sign glued to the end do no harm; an address is one in any case."""
    ticket = LINKS.read(TOKEN)
    assert isinstance(ticket, Ticket)
    assert LINKS.read(TOKEN.upper()) == LINKS.read(TOKEN + ">") == LINKS.read(TOKEN + ".") == ticket
    assert LINKS.reader_of(ticket, ["Welfare-Unit@Vaasa.example"]) == "Welfare-Unit@Vaasa.example"


def test_nothing_readable_and_short() -> None:
    """56 characters without a name in them: the whole address fits a line of 120."""
    assert len(TOKEN) == 56
    address = f"https://reminders.city.example/answer/{TOKEN}?a=not-ours&lang=fi"
    assert len(address) <= 120


@pytest.mark.parametrize(
    ("mailed", "last"), [(date(2025, 1, 7), UNTIL), (date(2024, 2, 1), date(2024, 3, 2))]
)
def test_thirty_days(mailed: date, last: date) -> None:
    """A mail's links hold for 30 days."""
    assert last_day(mailed) == last


def test_links_that_were_mailed_hold() -> None:
    """A plain address has the token that it always had; one of before with an umlaut domain is still read."""
    assert TOKEN == "aar5a2ixya4kx3n7tetnq4pcwozatnihvgmroioxpfrbx3is2xc2rrro"
    ticket = LINKS.read("aar5a2ixya4kx3n7thrzhf2tzzpqy2hkbxexwcjyb2guwrjf25xsapci")
    assert ticket is not None
    assert LINKS.reader_of(ticket, [READER, "unit@s\u00e4hk\u00f6.example"]) == "unit@s\u00e4hk\u00f6.example"


def test_a_link_is_its_readers_in_any_spelling() -> None:
    """Made for one, read for another: case, composed letters, the domain's two forms."""
    made, listed = "\u00c4ly@S\u00e4hk\u00f6.example", "a\u0308ly@xn--shk-qla6g.example"
    ticket = LINKS.read(LINKS.issue("unit", "", made, UNTIL))
    assert ticket is not None
    assert LINKS.reader_of(ticket, [READER, listed]) == listed
    assert LINKS.issue("unit", "", listed, UNTIL) == LINKS.issue("unit", "", made, UNTIL)

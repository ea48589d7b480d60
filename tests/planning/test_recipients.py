"""The fallback chain: contact, deputy, unit mailbox, head, secretary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reminders.planning.recipients import Contact, MailLanguage, People, Role

DAY = date(2025, 10, 1)


def person(role: Role, name: str, organisation: str = "unit", **more: Any) -> Contact:
    """Return a contact named after their part."""
    language: MailLanguage = "fi"
    return Contact(organisation, role, name, f"{name}@vaasa.example", language, **more)


SECRETARY = person("secretary", "secretary", "board")
HEAD = person("head", "head")
MAILBOX = person("mailbox", "mailbox")
FIRST, SECOND = person("contact", "first"), person("contact", "second")
DEPUTY = person(
    "deputy",
    "deputy",
    deputy_of=FIRST.email,
    valid_from=date(2025, 9, 1),
    valid_until=date(2025, 10, 31),
)


def unit(*contacts: Contact, dead: frozenset[str] = frozenset(), day: date = DAY) -> list[str]:
    """Return who gets the unit's items, by name."""
    return [one.name for one in People(contacts, "board", dead).unit("unit", day)]


@pytest.mark.parametrize(
    ("contacts", "expected"),
    [
        ((SECRETARY, HEAD, MAILBOX, FIRST, SECOND), ["first", "second"]),
        ((SECRETARY, HEAD, MAILBOX, FIRST, SECOND, DEPUTY), ["second", "deputy"]),
        ((SECRETARY, HEAD, MAILBOX, FIRST, DEPUTY), ["deputy"]),
        ((SECRETARY, HEAD, MAILBOX), ["mailbox"]),
        ((SECRETARY, HEAD), ["head"]),
        ((SECRETARY,), ["secretary"]),
        ((person("mailbox", "board", "board"),), ["board"]),
    ],
)
def test_the_first_link_with_anybody_gets_it(contacts: tuple[Contact, ...], expected: list[str]) -> None:
    """All present contacts and deputies of absent ones; else the next link; never nobody."""
    assert unit(*contacts) == expected


def test_a_deputy_is_mailed_only_during_the_absence() -> None:
    """Outside its dates the deputy gets nothing, and the contact is back."""
    everybody = (SECRETARY, FIRST, DEPUTY)
    days = [date(2025, 8, 31), date(2025, 9, 1), date(2025, 10, 31), date(2025, 11, 1)]
    assert [unit(*everybody, day=day) for day in days] == [["first"], ["deputy"], ["deputy"], ["first"]]


def test_a_deputy_stands_in_whatever_became_of_the_contact() -> None:
    """Away, left or with a dead address: the deputy gets it; several stand in together."""
    left = person("contact", "first", valid_until=date(2025, 9, 15))
    other = person("deputy", "other", deputy_of=FIRST.email)
    assert unit(SECRETARY, MAILBOX, FIRST, DEPUTY, dead=frozenset({FIRST.email})) == ["deputy"]
    assert unit(SECRETARY, MAILBOX, left, DEPUTY) == ["deputy"]
    assert unit(SECRETARY, MAILBOX, FIRST, DEPUTY, other) == ["deputy", "other"]


def test_nobody_who_is_away_is_mailed() -> None:
    """The deputy's address is dead: the next link gets it, not the contact who is away."""
    dead = frozenset({DEPUTY.email})
    assert unit(SECRETARY, MAILBOX, FIRST, DEPUTY, dead=dead) == ["mailbox"]
    assert unit(SECRETARY, MAILBOX, FIRST, SECOND, DEPUTY, dead=dead) == ["second"]


def test_a_person_is_mailed_only_while_valid() -> None:
    """A contact who has left, or has not come yet, is passed over."""
    left = person("contact", "left", valid_until=date(2025, 9, 30))
    coming = person("contact", "coming", valid_from=date(2025, 10, 2))
    assert unit(SECRETARY, MAILBOX, left, coming) == ["mailbox"]
    assert unit(SECRETARY, MAILBOX, left, coming, day=date(2025, 9, 30)) == ["left"]


def test_a_dead_address_is_passed_over() -> None:
    """What a server refused for good falls to the next in the chain."""
    assert unit(SECRETARY, HEAD, MAILBOX, FIRST, dead=frozenset({FIRST.email})) == ["mailbox"]
    assert unit(SECRETARY, HEAD, MAILBOX, dead=frozenset({MAILBOX.email, HEAD.email})) == ["secretary"]


def test_the_head_falls_to_the_secretary() -> None:
    """Without a head of unit the secretary is told instead."""
    assert [one.name for one in People((SECRETARY, MAILBOX), "board").head("unit", DAY)] == ["secretary"]
    assert [one.name for one in People((SECRETARY, HEAD), "board").head("unit", DAY)] == ["head"]


def test_an_address_is_the_same_in_any_spelling() -> None:
    """Who is away, who is dead and who sits on the board twice is known however the list writes it."""
    away = replace(DEPUTY, deputy_of=FIRST.email.upper())
    assert unit(SECRETARY, FIRST, away) == ["deputy"]
    assert unit(SECRETARY, HEAD, FIRST, dead=frozenset({FIRST.email.title()})) == ["head"]
    twice = (person("mailbox", "box", "board"), replace(SECRETARY, email=f"Box{SECRETARY.email[9:]}"))
    assert len(People(twice, "board").board(DAY)) == 1


@pytest.mark.parametrize(
    ("contacts", "dead", "named", "mailed"),
    [
        ((SECRETARY, MAILBOX), (), ["secretary"], ["secretary"]),
        ((SECRETARY, person("mailbox", "box", "board")), (SECRETARY.email,), ["secretary"], ["box"]),
        ((person("mailbox", "box", "board"), person("contact", "c", "board")), (), [], ["box"]),
        ((person("head", "h", "board"),), (), [], ["h"]),
        ((MAILBOX, person("secretary", "other")), (), [], []),
        ((), (), [], []),
    ],
)
def test_who_gets_the_secretarys_mail(
    contacts: tuple[Contact, ...], dead: tuple[str, ...], named: list[str], mailed: list[str]
) -> None:
    """Those named for the board whose address works; else its mailbox, contacts, heads, in this order."""
    people = People(contacts, "board", dead)
    assert [one.name for one in people.named_secretaries(DAY)] == named
    assert [one.name for one in people.secretary(DAY)] == mailed

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
    assert [one.name for one in People((SECRETARY, FIRST, HEAD), "board").head("unit", DAY)] == ["head"]


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
        ((SECRETARY,), (SECRETARY.email,), ["secretary"], ["secretary"]),
        ((MAILBOX, person("secretary", "other")), (), [], []),
        ((), (), [], []),
    ],
)
def test_who_gets_the_secretarys_mail(
    contacts: tuple[Contact, ...], dead: tuple[str, ...], named: list[str], mailed: list[str]
) -> None:
    """Those named for the board whose address works; else its mailbox, contacts, heads; never nobody."""
    people = People(contacts, "board", dead)
    assert [one.name for one in people.named_secretaries(DAY)] == named
    assert [one.name for one in people.secretary(DAY)] == mailed


# -- deputies of every role, chained ----------------------------------------------------------


def stand_in(name: str, of: str, **more: Any) -> Contact:
    """Return a deputy of a person, both by name."""
    return person("deputy", name, deputy_of=f"{of}@vaasa.example", **more)


@pytest.mark.parametrize(
    ("contacts", "unit_gets", "head_gets", "secretary_gets"),
    [
        # Who is away too is stood in for by that one's deputy.
        ((FIRST, HEAD, SECRETARY, stand_in("a", "first"), stand_in("b", "a")), "b", "head", "secretary"),
        (
            (FIRST, HEAD, SECRETARY, stand_in("a", "first"), stand_in("b", "a"), stand_in("c", "b")),
            "c",
            "head",
            "secretary",
        ),
        # A deputy of the deputy before the absence: the deputy is there.
        (
            (
                FIRST,
                HEAD,
                SECRETARY,
                stand_in("a", "first"),
                stand_in("b", "a", valid_until=date(2025, 9, 30)),
            ),
            "a",
            "head",
            "secretary",
        ),
        # Circles are nobody: the next link gets it.
        (
            (FIRST, MAILBOX, SECRETARY, stand_in("a", "first"), stand_in("first", "a")),
            "mailbox",
            "secretary",
            "secretary",
        ),
        ((FIRST, MAILBOX, SECRETARY, stand_in("first", "first")), "first", "secretary", "secretary"),
        (
            (FIRST, SECRETARY, HEAD, stand_in("a", "first"), stand_in("b", "a"), stand_in("a", "b")),
            "head",
            "secretary",
            "secretary",
        ),
        # A head's deputy gets escalations and nothing else.
        ((FIRST, HEAD, SECRETARY, stand_in("h", "head")), "first", "h", "secretary"),
        # A secretary's deputy gets what she gets, whichever organisation the row names.
        ((FIRST, SECRETARY, person("deputy", "s", "board", deputy_of=SECRETARY.email)), "first", "s", "s"),
        ((FIRST, SECRETARY, stand_in("s", "secretary")), "first", "s", "s"),
        ((SECRETARY, stand_in("s", "secretary"), stand_in("t", "s")), "t", "t", "t"),
        # In every role of one person: who is contact and head has one deputy for both.
        (
            (FIRST, SECOND, SECRETARY, person("head", "first"), stand_in("a", "first")),
            "second a",
            "secretary",
            "secretary",
        ),
        # The head is a contact: escalation goes on to the secretary; another head hears of it.
        ((FIRST, SECRETARY, person("head", "first")), "first", "secretary", "secretary"),
        ((FIRST, HEAD, SECRETARY, person("head", "first")), "first", "head", "secretary"),
        # A mailbox that is not read for a while.
        ((MAILBOX, HEAD, SECRETARY, stand_in("m", "mailbox")), "m", "head", "secretary"),
        # Nobody of the unit is there, and the head's deputy stands in the head's place.
        ((HEAD, SECRETARY, stand_in("h", "head")), "h", "secretary", "secretary"),
    ],
)
def test_a_deputy_stands_in_for_a_person_in_each_role(
    contacts: tuple[Contact, ...], unit_gets: str, head_gets: str, secretary_gets: str
) -> None:
    """Only who is present is mailed, in the role of the person who is away."""
    people = People(contacts, "board")
    found = (people.unit("unit", DAY), people.head("unit", DAY), people.secretary(DAY))
    assert [" ".join(one.name for one in each) for each in found] == [unit_gets, head_gets, secretary_gets]


def test_a_deputy_covers_every_organisation_of_the_person() -> None:
    """One row is enough, whichever organisation it names; others' deputies are left alone."""
    both = (FIRST, person("contact", "first", "school"), SECRETARY, stand_in("a", "first"))
    people = People(both, "board")
    assert [[one.name for one in people.unit(key, DAY)] for key in ("unit", "school")] == [["a"], ["a"]]
    assert [one.name for one in people.unit("other", DAY)] == ["secretary"]


def test_a_role_that_ended_before_the_absence_is_not_stood_in_for() -> None:
    """Who was head until summer and is away as a contact in autumn is no head by deputy."""
    former = person("head", "first", valid_until=date(2025, 6, 30))
    people = People(
        (FIRST, former, MAILBOX, SECRETARY, stand_in("a", "first", valid_from=date(2025, 9, 1))), "board"
    )
    assert [one.name for one in people.unit("unit", DAY)] == ["a"]
    assert people.heads("unit", DAY) == ()


@pytest.mark.parametrize(
    ("rows", "dead", "present", "mailed"),
    [
        ((("secretary", None, date(2025, 9, 30)),), (), "", "secretary"),
        ((("secretary", None, date(2025, 10, 1)),), (), "secretary", "secretary"),
        ((("older", None, date(2025, 3, 31)), ("newer", None, date(2025, 8, 31))), (), "", "newer"),
        ((("newer", None, date(2025, 8, 31)), ("older", None, date(2025, 3, 31))), (), "", "newer"),
        ((("older", None, date(2025, 3, 31)), ("newer", None, date(2025, 8, 31))), ("newer",), "", "older"),
        ((("left", None, date(2025, 8, 31)), ("coming", date(2025, 11, 1), None)), (), "", "left"),
        ((("left", None, date(2025, 8, 31)), ("here", date(2025, 10, 1), None)), (), "here", "here"),
        ((("only", None, date(2025, 8, 31)),), ("only",), "", "only"),
        ((("left", None, date(2025, 8, 31)), ("box", None, None)), (), "", "left"),
        ((("left", None, date(2025, 8, 31)), ("box", None, None)), ("left",), "", "box"),
        ((("coming", date(2025, 11, 1), None), ("box", None, None)), (), "box", "box"),
    ],
)
def test_the_last_secretary_goes_on_being_mailed(
    rows: tuple[tuple[str, date | None, date | None], ...], dead: tuple[str, ...], present: str, mailed: str
) -> None:
    """Until somebody is there again; who is not there yet is not mailed; no item resolves to nobody."""
    contacts = [
        person("mailbox" if name == "box" else "secretary", name, "board", valid_from=first, valid_until=last)
        for name, first, last in rows
    ]
    people = People(contacts, "board", [f"{name}@vaasa.example" for name in dead])
    assert " ".join(one.name for one in people.present_secretary(DAY)) == present
    assert " ".join(one.name for one in people.secretary(DAY)) == mailed
    assert [one.name for one in people.unit("unit", DAY)] == [mailed]


def test_a_mailbox_is_no_secretary_while_all_who_stand_in_are_away() -> None:
    """They deputise for each other, so she goes on being mailed; a dead address falls to the mailbox."""
    away = {"valid_from": date(2025, 9, 1), "valid_until": date(2025, 10, 31)}
    box = person("mailbox", "mailbox", "board")
    for_her = person("deputy", "first", "board", deputy_of=SECRETARY.email, **away)
    for_first = person("deputy", "secretary", "unit", deputy_of=FIRST.email, **away)
    people = People((SECRETARY, FIRST, box, for_her, for_first), "board")
    assert people.present_secretary(DAY) == ()
    assert [one.name for one in people.secretary(DAY)] == ["secretary"]
    dead = People((SECRETARY, box), "board", frozenset({SECRETARY.email}))
    assert [one.name for one in dead.present_secretary(DAY)] == ["mailbox"]


@pytest.mark.parametrize(
    ("contacts", "address", "last"),
    [
        ((FIRST, HEAD, SECRETARY), FIRST, False),
        ((FIRST, HEAD, SECRETARY), HEAD, False),
        ((FIRST, HEAD, SECRETARY), SECRETARY, True),
        ((FIRST, HEAD), FIRST, False),
        ((FIRST,), FIRST, True),
        ((HEAD,), HEAD, True),
        ((FIRST, MAILBOX), FIRST, False),
        ((MAILBOX,), MAILBOX, True),
        ((FIRST, SECOND), SECOND, False),
        ((FIRST, person("mailbox", "office", "board")), FIRST, False),
        ((person("mailbox", "office", "board"),), person("mailbox", "office", "board"), True),
    ],
)
def test_the_last_of_a_chain(contacts: tuple[Contact, ...], address: Contact, last: bool) -> None:
    """A secretary's, whoever else is there, and whoever has nobody behind."""
    assert People(contacts, "board").is_last(address.email.upper(), DAY) is last


def test_people_without_some_of_them() -> None:
    """They take no mail, and everybody else goes on as before; the first list is not touched."""
    people = People((FIRST, HEAD, SECRETARY), "board")
    rest = people.without([FIRST.email.upper()])
    assert [one.name for one in rest.unit("unit", DAY)] == ["head"]
    assert [one.name for one in people.unit("unit", DAY)] == ["first"]
    assert [one.name for one in rest.without([HEAD.email]).unit("unit", DAY)] == ["secretary"]

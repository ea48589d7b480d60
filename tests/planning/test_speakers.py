"""Who speaks for whom, as tables: addresses in any spelling, units, the secretary and who stands in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reminders.errors import NotFoundError
from reminders.planning.addresses import folded, listed_as, same_address
from reminders.planning.due import due_reminders
from reminders.planning.policy import ESCALATION, Stage, ToRole
from reminders.planning.recipients import Contact, People, Role
from reminders.planning.speakers import (
    ProgrammePeople,
    is_secretary,
    link_holder,
    listed_address,
    managed_by,
    speaks_for,
    units_of,
    valid_addresses,
)
from reminders.planning.state import ProgrammeState
from schedule_rules.occurrence import occurrences
from schedule_rules.programme import Programme
from schedule_rules.workdays import standard_workdays

DAY = date(2025, 10, 1)
BEFORE, AFTER = date(2025, 9, 30), date(2025, 10, 2)
ABOARD = "board"


def row(organisation: str, role: Role, email: str, **more: Any) -> Contact:
    """A row of the contact list."""
    return Contact(organisation, role, "", email, "fi", **more)


ANNA, HEAD, BOX = (
    row("library", "contact", "anna@x.example"),
    row("library", "head", "head@x.example"),
    "box@x.example",
)
SECRETARY = row(ABOARD, "secretary", "secretary@x.example")
LEAD, BOARD = "welfare-unit", "multiculturalism-board"
UNITS = ("library", "museum", "school")


# -- one address is one identity ------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("anna@x.example", "anna@x.example", True),
        ("anna@x.example", "Anna@X.EXAMPLE", True),
        ("anna@x.example", " anna@x.example ", True),
        ("anna@x.example", "anna.a@x.example", False),
        ("anna@x.example", "anna@y.example", False),
        ("\u00e4@x.example", "a\u0308@x.example", True),
        ("\u00c4@x.example", "\u00e4@x.example", True),
        ("a@x.example", "\u00e4@x.example", False),
        ("a@s\u00e4hk\u00f6.example", "a@xn--shk-qla6g.example", True),
        ("a@S\u00c4HK\u00d6.example", "A@XN--SHK-QLA6G.EXAMPLE", True),
        ("a@s\u00e4hk\u00f6.example", "a@sahko.example", False),
        ("a+b@x.example", "a@x.example", False),
        ("a@..", "A@..", True),
        ("secretary", "Secretary", True),
        ("", "", True),
        ("", "a@x.example", False),
    ],
)
def test_spellings(one: str, other: str, same: bool) -> None:
    """Case, NFC and the domain's ASCII form make no difference; all else does."""
    assert same_address(one, other) is same
    assert same_address(other, one) is same
    assert folded(folded(one)) == folded(one)


def test_a_plain_address_is_its_own_fold() -> None:
    """Marks of links that were mailed depend on it."""
    assert folded("welfare-unit@vaasa.example") == "welfare-unit@vaasa.example"


@pytest.mark.parametrize(
    ("typed", "known", "listed"),
    [
        ("ANNA@x.example", ("Anna@x.example",), "Anna@x.example"),
        ("anna@X.example", ("Anna@x.example", "anna@X.example"), "anna@X.example"),
        ("ANNA@x.example", ("Anna@x.example", "anna@X.example"), "Anna@x.example"),
        ("bo@x.example", ("Anna@x.example",), None),
        ("bo@x.example", (), None),
    ],
)
def test_shown_as_listed(typed: str, known: tuple[str, ...], listed: str | None) -> None:
    """What somebody typed is written as the list has it."""
    assert listed_as(typed, known) == listed


# -- units -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contacts", "address", "units"),
    [
        ((ANNA, HEAD, SECRETARY), "anna@x.example", {"library"}),
        ((ANNA, HEAD, SECRETARY), "ANNA@X.example", {"library"}),
        ((ANNA, HEAD, SECRETARY), "head@x.example", {"library"}),
        ((ANNA, HEAD, SECRETARY), "secretary@x.example", {ABOARD}),
        ((ANNA, HEAD, SECRETARY), "nobody@x.example", set()),
        ((ANNA, row("museum", "mailbox", "Anna@x.example")), "anna@x.example", {"library", "museum"}),
        ((row("museum", "contact", "a@x.example", valid_from=AFTER),), "a@x.example", set()),
        ((row("museum", "contact", "a@x.example", valid_until=BEFORE),), "a@x.example", set()),
        (
            (row("museum", "deputy", "d@x.example", valid_from=DAY, valid_until=DAY),),
            "d@x.example",
            {"museum"},
        ),
        ((row("museum", "deputy", "d@x.example", valid_until=BEFORE),), "d@x.example", set()),
        # A deputy has the organisations of the person who is away, and of whom that one stands in for.
        (
            (
                ANNA,
                row("museum", "head", "anna@x.example"),
                row("museum", "deputy", "d@x.example", deputy_of="Anna@x.example"),
            ),
            "D@x.example",
            {"library", "museum"},
        ),
        (
            (
                ANNA,
                row("museum", "deputy", "d@x.example", deputy_of=ANNA.email),
                row("school", "deputy", "e@x.example", deputy_of="d@x.example"),
            ),
            "e@x.example",
            {"library", "museum", "school"},
        ),
        (
            (ANNA, row("museum", "deputy", "d@x.example", valid_until=BEFORE, deputy_of=ANNA.email)),
            "d@x.example",
            set(),
        ),
    ],
)
def test_units_of_an_address(contacts: tuple[Contact, ...], address: str, units: set[str]) -> None:
    """Every role of an organisation belongs to it, on its valid days."""
    assert units_of(People(contacts, ABOARD), address, DAY) == units


# -- the secretary ---------------------------------------------------------------------------------

DEPUTY = row(ABOARD, "deputy", "deputy@x.example", valid_until=DAY, deputy_of="Secretary@x.example")
SECOND = row(ABOARD, "deputy", "second@x.example", valid_until=DAY, deputy_of="deputy@x.example")
CIRCLE = row(ABOARD, "deputy", "secretary@x.example", deputy_of="second@x.example")


@pytest.mark.parametrize(
    ("contacts", "dead", "address", "expected"),
    [
        ((ANNA, SECRETARY), (), "secretary@x.example", True),
        ((ANNA, SECRETARY), (), "SECRETARY@x.example", True),
        ((ANNA, SECRETARY), (), "anna@x.example", False),
        ((ANNA, SECRETARY, row("library", "secretary", "other@x.example")), (), "other@x.example", False),
        ((SECRETARY, row(ABOARD, "mailbox", BOX)), (), BOX, False),
        ((row(ABOARD, "mailbox", BOX),), (), BOX, True),
        ((row(ABOARD, "contact", BOX),), (), BOX, True),
        ((row(ABOARD, "head", BOX),), (), BOX, True),
        ((row("library", "mailbox", BOX),), (), BOX, False),
        ((SECRETARY, row(ABOARD, "mailbox", BOX)), ("Secretary@X.example",), BOX, True),
        ((SECRETARY, row(ABOARD, "mailbox", BOX)), ("secretary@x.example",), "secretary@x.example", True),
        ((SECRETARY, DEPUTY), (), "deputy@x.example", True),
        ((SECRETARY, DEPUTY, SECOND), (), "second@x.example", True),
        ((SECRETARY, DEPUTY, SECOND, CIRCLE), (), "second@x.example", True),
        ((SECRETARY, SECOND), (), "second@x.example", False),
        ((ANNA, DEPUTY), (), "deputy@x.example", False),
        # The last one goes on being mailed, and may name the next.
        ((row(ABOARD, "secretary", "left@x.example", valid_until=BEFORE),), (), "left@x.example", True),
        (
            (row(ABOARD, "secretary", "left@x.example", valid_until=BEFORE), SECRETARY),
            (),
            "left@x.example",
            False,
        ),
        ((), (), "", False),
    ],
)
def test_the_secretary(
    contacts: tuple[Contact, ...], dead: tuple[str, ...], address: str, expected: bool
) -> None:
    """Whoever gets the secretary's mail, whoever is named as one, and who stands in for them."""
    people = People(contacts, ABOARD, dead)
    assert is_secretary(people, address, DAY) is expected
    if contacts:
        assert {one.email for one in people.secretary(DAY)} <= {
            one.email for one in contacts if is_secretary(people, one.email, DAY)
        }


def test_a_deputys_absence_is_over() -> None:
    """The day after, the deputy decides nothing any more."""
    people = People((SECRETARY, DEPUTY), ABOARD)
    assert (is_secretary(people, DEPUTY.email, DAY), is_secretary(people, DEPUTY.email, AFTER)) == (
        True,
        False,
    )


def test_a_programme_that_names_no_board() -> None:
    """An imported one: whoever is listed as a secretary is it; nobody else stands in."""
    people = People((ANNA, row("library", "secretary", "s@x.example"), row("library", "mailbox", BOX)), "")
    assert [is_secretary(people, one, DAY) for one in ("s@x.example", BOX, ANNA.email)] == [
        True,
        False,
        False,
    ]
    assert not is_secretary(People((ANNA,), ""), ANNA.email, DAY)


# -- for whom ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "organisations"),
    [
        ("anna@x.example", ("library",)),
        ("Head@x.example", ("library",)),
        ("secretary@x.example", UNITS),
        ("nobody@x.example", ()),
        ("both@x.example", ("museum",)),
    ],
)
def test_speaks_for(address: str, organisations: tuple[str, ...]) -> None:
    """Its own organisations, in the order asked; all for the secretary, unless some are her own."""
    both = (row("museum", "contact", "both@x.example"), row(ABOARD, "secretary", "both@x.example"))
    people = People((ANNA, HEAD, SECRETARY, *both), ABOARD)
    assert speaks_for(people, UNITS, address, DAY) == organisations
    assert speaks_for(people, (), address, DAY) == ()


STAND_IN = row(ABOARD, "deputy", "deputy@x.example", deputy_of=SECRETARY.email)
GONE = row(ABOARD, "secretary", "gone@x.example", valid_until=BEFORE)


@pytest.mark.parametrize(
    ("contacts", "holder"),
    [
        ((ANNA, SECRETARY), SECRETARY.email),
        ((ANNA, STAND_IN, SECRETARY), SECRETARY.email),
        ((ANNA, GONE, SECRETARY), SECRETARY.email),
        ((ANNA, GONE), GONE.email),
        ((ANNA, row(ABOARD, "mailbox", BOX)), BOX),
        ((ANNA,), ""),
    ],
)
def test_whose_a_sign_in_link_is(contacts: tuple[Contact, ...], holder: str) -> None:
    """The secretary's who is there, also while she is away; who left last; a board's mailbox; nobody's."""
    assert link_holder(People(contacts, ABOARD), DAY) == holder


PROGRAMMES = {
    "a": ProgrammePeople(People((ANNA, SECRETARY), ABOARD)),
    "b": ProgrammePeople(People((HEAD, row(ABOARD, "secretary", "b@x.example")), ABOARD)),
    "both": ProgrammePeople(People((SECRETARY, row(ABOARD, "secretary", "b@x.example")), ABOARD)),
    "new": ProgrammePeople(People((ANNA,), ABOARD), is_draft=True),
    "left": ProgrammePeople(People((GONE,), ABOARD), is_draft=True),
    "away": ProgrammePeople(People((STAND_IN, SECRETARY), ABOARD), is_draft=True),
    "lapsed": ProgrammePeople(People((), ABOARD)),
}


@pytest.mark.parametrize(
    ("address", "keys"),
    [
        ("secretary@x.example", {"a", "both", "new", "away"}),
        ("Secretary@X.example", {"a", "both", "new", "away"}),
        ("b@x.example", {"b", "both", "new"}),
        ("deputy@x.example", {"away", "new"}),
        ("gone@x.example", {"left", "new"}),
        ("anna@x.example", set()),
        ("nobody@x.example", set()),
    ],
)
def test_who_may_act_where(address: str, keys: set[str]) -> None:
    """One's own programmes, and a draft that nobody ever was the secretary of; no secretary: none at all."""
    assert managed_by(PROGRAMMES, address, DAY) == keys


def test_nobody_signs_in_by_a_draft_without_a_secretary() -> None:
    """It lets in who is the secretary of another; alone it lets in nobody."""
    assert managed_by({"new": PROGRAMMES["new"]}, "secretary@x.example", DAY) == frozenset()


def test_addresses_that_are_valid() -> None:
    """Each spelling once, those of another day left out; anybody else is named in the error."""
    gone = row("library", "contact", "gone@x.example", valid_until=BEFORE)
    people = People((ANNA, ANNA, gone), ABOARD)
    assert valid_addresses([people, people], DAY) == ("anna@x.example",)
    assert listed_address(people, "ANNA@X.example", DAY) == "anna@x.example"
    with pytest.raises(NotFoundError, match=r"no contact with the address gone@x\.example"):
        listed_address(people, "gone@x.example", DAY)


@pytest.mark.parametrize(
    ("contacts", "role", "waits"),
    [
        (
            (
                row(LEAD, "contact", "anna@x.example"),
                row(LEAD, "head", "head@x.example"),
                row(BOARD, "secretary", "s@x.example"),
            ),
            "head",
            False,
        ),
        ((row(LEAD, "head", "head@x.example"), row(BOARD, "secretary", "s@x.example")), "head", True),
        ((row(BOARD, "secretary", "s@x.example"),), "head", True),
        ((row(BOARD, "mailbox", BOX),), "head", True),
        ((row(BOARD, "head", BOX),), "head", True),
        ((row(LEAD, "head", "head@x.example"), row(BOARD, "mailbox", BOX)), "secretary", True),
        ((row(BOARD, "mailbox", BOX),), "unit", False),
    ],
)
def test_what_escalates_to_the_secretary_waits_for_the_summary(
    vaasa: Programme, contacts: tuple[Contact, ...], role: ToRole, waits: bool
) -> None:
    """Whoever is the secretary; a head's escalation and a unit's item are mails of their own."""
    occurrence = next(one for one in occurrences(vaasa) if one.organisations == (LEAD,))
    people = People(contacts, vaasa.monitored_by)
    state = ProgrammeState(vaasa, {str(occurrence.id): occurrence}, people, standard_workdays())
    stage = Stage(str(occurrence.id), ESCALATION, role, DAY, 10)
    assert [one.waits for one in due_reminders([stage], DAY, state, {})] == [waits]

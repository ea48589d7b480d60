"""What is to mend about the units' contacts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from reminders.planning.coverage import Gap, Loss, contact_changes, gaps, losses
from reminders.planning.recipients import Contact, People
from reminders.planning.state import ProgrammeState
from schedule_rules.occurrence import occurrences
from schedule_rules.programme import Programme
from schedule_rules.workdays import standard_workdays

TODAY = date(2025, 3, 3)
UNIT = "hr-unit"
CONTACT = Contact(UNIT, "contact", "", "hr@x.example", "fi")
MAILBOX = Contact(UNIT, "mailbox", "", "hr-box@x.example", "fi+sv")


def found(programme: Programme, *contacts: Contact, dead: frozenset[str] = frozenset()) -> list[Gap]:
    """What is to mend about the unit."""
    return [gap for gap in gaps_with(programme, contacts, dead) if gap.organisation == UNIT]


def board(programme: Programme, *contacts: Contact) -> list[Gap]:
    """What is to mend about the board's secretary."""
    return [
        gap for gap in gaps_with(programme, contacts) if "secretary" in gap.kind and gap.organisation != UNIT
    ]


def gaps_with(
    programme: Programme, contacts: tuple[Contact, ...], dead: frozenset[str] = frozenset()
) -> tuple[Gap, ...]:
    """All that is to mend."""
    state = ProgrammeState(
        programme,
        {str(row.id): row for row in occurrences(programme)},
        People(contacts, programme.monitored_by, dead),
        standard_workdays(),
    )
    return gaps(state, TODAY)


def test_a_contact_that_takes_mail_is_enough(vaasa: Programme) -> None:
    """Nothing is to mend; a head or a mailbox does as well."""
    assert found(vaasa, CONTACT) == found(vaasa, MAILBOX) == []


def test_a_unit_without_anybody(vaasa: Programme) -> None:
    """Nobody has been named, or nobody is valid any more."""
    gone = replace(CONTACT, valid_until=TODAY - timedelta(days=1))
    assert found(vaasa) == [Gap("nobody", UNIT)]
    assert found(vaasa, gone) == [Gap("secretary-only", UNIT)]


def test_a_dead_address_is_named_even_when_another_takes_the_mail(vaasa: Programme) -> None:
    """The mailbox stands in; the address is still to mend. Alone, nobody is left."""
    dead = frozenset({CONTACT.email})
    assert found(vaasa, CONTACT, MAILBOX, dead=dead) == [Gap("dead", UNIT, CONTACT)]
    assert found(vaasa, CONTACT, dead=dead) == [Gap("dead", UNIT, CONTACT), Gap("secretary-only", UNIT)]


@pytest.mark.parametrize(("days", "told"), [(0, True), (30, True), (31, False)])
def test_the_last_contact_leaves_soon(vaasa: Programme, days: int, told: bool) -> None:
    """Thirty days ahead; a mailbox or a successor without a gap is no matter."""
    last = TODAY + timedelta(days=days)
    leaving = replace(CONTACT, valid_until=last)
    assert found(vaasa, leaving) == ([Gap("leaves", UNIT, None, last)] if told else [])
    assert found(vaasa, leaving, MAILBOX) == []
    after = replace(CONTACT, email="new@x.example", valid_from=last + timedelta(days=1))
    assert found(vaasa, leaving, after) == []


@pytest.mark.parametrize(
    ("days", "expected"), [(-1, "no-secretary"), (0, "secretary-leaves"), (30, "secretary-leaves"), (31, "")]
)
def test_the_secretary_is_the_last_in_every_chain(vaasa: Programme, days: int, expected: str) -> None:
    """Gone or leaving soon without a successor, it is told before all else: items would go to nobody."""
    last = TODAY + timedelta(days=days)
    secretary = Contact(vaasa.monitored_by, "secretary", "", "s@x.example", "fi", valid_until=last)
    told = Gap(expected, vaasa.monitored_by, None, last if days >= 0 else None)  # type: ignore[arg-type]
    assert board(vaasa, secretary) == ([told] if expected else [])
    after = replace(secretary, email="new@x.example", valid_from=last + timedelta(days=1), valid_until=None)
    assert board(vaasa, secretary, after) == []


def test_a_contact_that_is_still_to_come(vaasa: Programme) -> None:
    """The day on which the first one begins is told."""
    first = TODAY + timedelta(days=5)
    assert found(vaasa, replace(CONTACT, valid_from=first)) == [Gap("not-yet", UNIT, None, first)]


# -- another contact list ---------------------------------------------------------------------

SECRETARY = Contact("multiculturalism-board", "secretary", "", "secretary@x.example", "fi")
OTHER = replace(CONTACT, email="other@x.example")
SOON, LATER = date(2025, 3, 31), date(2025, 5, 1)
BOX = replace(SECRETARY, role="mailbox", email="board@x.example")
EVERYBODY = (CONTACT, MAILBOX, SECRETARY)
ENDS, BEGINS = date(2025, 4, 1), date(2025, 6, 1)


def stand_ins(one: Contact, other: Contact) -> tuple[Contact, Contact]:
    """Deputies of each other during the same absence: nobody is there."""
    pair = ((one, other), (other, one))
    first, second = (
        replace(who, role="deputy", valid_from=ENDS, valid_until=LATER, deputy_of=away.email)
        for who, away in pair
    )
    return first, second


def test_who_takes_no_mail_is_nobody(vaasa: Programme) -> None:
    """The last whose address works is dropped; an address that is new in the list counts."""
    dead = frozenset({CONTACT.email})
    gone = losses(vaasa, (CONTACT, OTHER, SECRETARY), (CONTACT, SECRETARY), TODAY, dead)
    assert [(one.kind, one.on, one.contacts) for one in gone] == [("unit", TODAY, (OTHER,))]
    assert losses(vaasa, (OTHER, SECRETARY), (CONTACT, SECRETARY), TODAY, dead) == ()


@pytest.mark.parametrize(
    ("day", "dead", "expected"),
    [
        (TODAY, (), "never-secretary"),
        (ENDS, (), "secretary-away"),
        (ENDS - timedelta(days=1), (), "secretary-goes-away"),
        (TODAY, ("secretary@x.example",), "secretary-dead"),
    ],
)
def test_why_nobody_is_there_for_the_secretary(
    vaasa: Programme, day: date, dead: tuple[str, ...], expected: str
) -> None:
    """Named, but away with all who stand in; or an address that takes no mail; or nobody was ever named."""
    rows = (SECRETARY, *stand_ins(CONTACT, SECRETARY)) if expected != "never-secretary" else ()
    state = ProgrammeState(vaasa, {}, People(rows, vaasa.monitored_by, dead), standard_workdays())
    first, *_ = gaps(state, day)
    whom = first.contact.email if first.contact else ""
    away = expected in {"secretary-away", "secretary-dead"}
    assert (first.kind, whom) == (expected, "secretary@x.example" if away else "")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (EVERYBODY, EVERYBODY, []),
        ((), (), []),
        # The last of a unit, or the secretary, now or from a coming day.
        ((CONTACT, SECRETARY), (SECRETARY,), [("unit", TODAY, "hr@x.example")]),
        (EVERYBODY, (CONTACT, SECRETARY), []),
        (
            (CONTACT, SECRETARY),
            (replace(CONTACT, valid_until=SOON), SECRETARY),
            [("unit", ENDS, "hr@x.example")],
        ),
        (
            (CONTACT, SECRETARY),
            (CONTACT, replace(SECRETARY, valid_until=SOON)),
            [("secretary", ENDS, "secretary@x.example")],
        ),
        ((CONTACT, SECRETARY), (CONTACT,), [("secretary", TODAY, "secretary@x.example")]),
        # The board's mailbox takes the secretary's mail where it never named one; it replaces none.
        (
            (CONTACT, SECRETARY, BOX),
            (CONTACT, BOX),
            [("secretary", TODAY, "secretary@x.example")],
        ),
        (
            (CONTACT, SECRETARY, BOX),
            (CONTACT, BOX, replace(SECRETARY, valid_until=SOON)),
            [("secretary", ENDS, "secretary@x.example")],
        ),
        ((CONTACT, BOX), (CONTACT, BOX), []),
        (
            (CONTACT, BOX),
            (CONTACT,),
            [("secretary", TODAY, "board@x.example"), ("unit", TODAY, "board@x.example")],
        ),
        # A successor without a gap; with one.
        (
            (CONTACT, SECRETARY),
            (replace(CONTACT, valid_until=SOON), replace(OTHER, valid_from=ENDS), SECRETARY),
            [],
        ),
        (
            (CONTACT, SECRETARY),
            (replace(CONTACT, valid_until=SOON), replace(OTHER, valid_from=BEGINS), SECRETARY),
            [("unit", ENDS, "hr@x.example")],
        ),
        # What was missing, or ended as early, is no loss of this list; ending earlier is.
        ((SECRETARY,), (SECRETARY,), []),
        ((replace(CONTACT, valid_until=SOON), SECRETARY), (replace(OTHER, valid_until=SOON), SECRETARY), []),
        (
            (replace(CONTACT, valid_until=LATER), SECRETARY),
            (replace(CONTACT, valid_until=SOON), SECRETARY),
            [("unit", ENDS, "hr@x.example")],
        ),
        (
            (replace(CONTACT, valid_until=TODAY), SECRETARY),
            (replace(CONTACT, valid_until=LATER), SECRETARY),
            [],
        ),
        # Who is to come and is dropped; what ends in both lists, and another day in one of them.
        ((replace(CONTACT, valid_from=ENDS), SECRETARY), (SECRETARY,), [("unit", ENDS, "hr@x.example")]),
        (
            (replace(CONTACT, valid_until=SOON), replace(OTHER, valid_from=BEGINS), SECRETARY),
            (replace(CONTACT, valid_until=SOON), SECRETARY),
            [("unit", BEGINS, "other@x.example")],
        ),
        # Those who stand in for each other from a coming day: the unit's, the secretary and the unit's.
        (
            (CONTACT, OTHER, SECRETARY),
            (CONTACT, OTHER, SECRETARY, *stand_ins(CONTACT, SECRETARY)),
            [("secretary", ENDS, "secretary@x.example")],
        ),
        (
            (CONTACT, SECRETARY),
            (CONTACT, SECRETARY, *stand_ins(CONTACT, OTHER)),
            [("unit", ENDS, "hr@x.example")],
        ),
        (
            (CONTACT, SECRETARY),
            (CONTACT, SECRETARY, *stand_ins(CONTACT, SECRETARY)),
            [("secretary", ENDS, "secretary@x.example"), ("unit", ENDS, "hr@x.example")],
        ),
        (
            (CONTACT, SECRETARY, *stand_ins(CONTACT, SECRETARY)),
            (CONTACT, SECRETARY, *stand_ins(CONTACT, SECRETARY)),
            [],
        ),
        # An address in another spelling is the same person.
        ((CONTACT, SECRETARY), (replace(CONTACT, email="HR@X.example"), SECRETARY), []),
    ],
)
def test_what_a_list_takes_away(
    vaasa: Programme,
    old: tuple[Contact, ...],
    new: tuple[Contact, ...],
    expected: list[tuple[str, date, str]],
) -> None:
    """Whom, and from when: the secretary first, then units that had somebody."""
    found = losses(vaasa, old, new, TODAY)
    assert [(one.kind, one.on, " ".join(each.email for each in one.contacts)) for one in found] == expected


def test_most_of_a_list(vaasa: Programme) -> None:
    """More than half of at least four people; exactly half is a large change and no more."""
    many = tuple(replace(CONTACT, email=f"{n}@x.example") for n in range(6))
    assert losses(vaasa, many, many[:3], TODAY) == ()
    assert losses(vaasa, many, many[:2], TODAY) == (Loss("most", "", TODAY, many[2:]),)
    assert losses(vaasa, many[:3], many[:1], TODAY) == ()


def test_what_changes_between_two_lists() -> None:
    """By organisation, role and address in any spelling; several periods of one person in their order."""
    named = replace(CONTACT, email="HR@x.example", name="Named")
    first, second = replace(CONTACT, valid_until=SOON), replace(CONTACT, valid_from=LATER)
    assert [(one.kind, one.old, one.new) for one in contact_changes((CONTACT, MAILBOX), (named, OTHER))] == [
        ("added", None, OTHER),
        ("changed", CONTACT, named),
        ("removed", MAILBOX, None),
    ]
    assert contact_changes((first, second), (first, second)) == ()
    assert [one.kind for one in contact_changes((CONTACT,), (first, second))] == ["added", "changed"]
    assert [one.kind for one in contact_changes((CONTACT, CONTACT), (CONTACT,))] == ["removed"]

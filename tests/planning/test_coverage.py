"""What is to mend about the units' contacts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from reminders.planning.coverage import Gap, gaps
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

"""The links that sign in when the service starts: for whom, and who is left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from reminders.planning.recipients import Contact
from reminders.store import people
from reminders.use.people.rights import programmes_of
from reminders.use.people.sessions import issue_links, issue_sign_in, use_link
from reminders.use.programme.settings import close_programme
from tests.issues.towns import CITY, TOWN, Towns

SECRETARIES = {key: f"secretary@{key}.example" for key in (CITY, TOWN)}


@pytest.fixture
def towns(tmp_path: Path) -> Iterator[Towns]:
    """Two programmes that run, each with its own secretary, on 12 January 2026."""
    made = Towns(tmp_path, built_in=False)
    yield made
    made.service.database.close()


def held_by(towns: Towns) -> dict[str, tuple[str, ...]]:
    """The programmes of each link that the start of the service prints, by address."""
    return {one.address: one.programmes for one in issue_links(towns.service)}


def contacts(towns: Towns, key: str, *added: Contact, without: str = "") -> None:
    """Change the list of a programme."""
    with towns.service.database.write() as connection:
        rest = [one for one in people.contacts_of(connection, key) if one.role != without]
        people.save_contacts(connection, key, [*rest, *added])


def test_each_programme_has_its_secretarys(towns: Towns) -> None:
    """One line each; who has two programmes has one; a deputy has none, though she may sign in."""
    assert held_by(towns) == {SECRETARIES[CITY]: (CITY,), SECRETARIES[TOWN]: (TOWN,)}
    away, address = (date(2026, 1, 1), date(2026, 1, 31)), SECRETARIES[TOWN]
    contacts(towns, TOWN, Contact("board", "deputy", "", "deputy@town.example", "sv", *away, address))
    assert held_by(towns) == {SECRETARIES[CITY]: (CITY,), SECRETARIES[TOWN]: (TOWN,)}
    assert programmes_of(towns.service, "deputy@town.example") == {TOWN}
    contacts(
        towns, TOWN, Contact("board", "secretary", "", SECRETARIES[CITY].upper(), "sv"), without="secretary"
    )
    contacts(towns, TOWN, without="deputy")
    assert held_by(towns) == {SECRETARIES[CITY]: (CITY, TOWN)}


def test_a_programme_that_has_ended_has_none(towns: Towns) -> None:
    """As long as another goes on."""
    close_programme(towns.service, CITY)
    assert held_by(towns) == {SECRETARIES[TOWN]: (TOWN,)}
    close_programme(towns.service, TOWN)
    assert held_by(towns).keys() == set(SECRETARIES.values())


def test_where_nobody_may_sign_in_there_is_none(towns: Towns) -> None:
    """A list without a secretary, and nobody of the board."""
    for key in (CITY, TOWN):
        contacts(towns, key, without="secretary")
    assert held_by(towns) == {}


def test_a_link_is_of_its_address(towns: Towns) -> None:
    """And of nobody the second time."""
    token = issue_sign_in(towns.service, SECRETARIES[CITY])
    assert [use_link(towns.service, token) for _ in range(2)] == [SECRETARIES[CITY], None]

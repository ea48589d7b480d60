"""Who takes over an action is welcomed by the first mail about it, whether its date lies ahead or has passed.

A unit that took over before the date got "No answer is needed", or a reminder of its former owner's stage. It
was told neither who had answered until then nor when it would be asked.
"""

from __future__ import annotations

from datetime import date

import pytest

from reminders.planning.recipients import Contact
from reminders.store import Database
from reminders.use.people.hand_over import HandOver, hand_over
from tests.use.office import Office, body
from tests.use.town import ANNA, BERTIL, LIBRARY, MUSEUM, PEOPLE, TOWN, action, run, town

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
IN_ENGLISH = Contact("spring", "contact", "Carol", "carol@town.example", "en")


def moves(office: Office, when: str, on: str, *actions: str, taker: str = "museum") -> None:
    """Library gives actions to a unit."""
    wanted = HandOver(TOWN, "library", taker, date.fromisoformat(on), actions, "secretary@town.example")
    hand_over(office.service(when), wanted)


def first_words(office: Office, address: str) -> str:
    """The lead of the newest mail to an address: what stands before the action's row."""
    return body(office.mails_of(address)[-1]).replace("\r\n", " ").replace("\xa0", " ")


@SQLITE
def test_an_action_that_lies_ahead(database: Database) -> None:
    """A fair due on 31 January 2026, taken over in March 2025: welcomed, and told when it is asked."""
    office = town(
        database, action("fair", "1/2026", "library"), people=(*PEOPLE, IN_ENGLISH), on="2025-02-24"
    )
    run(office, "2025-02-24", "2025-02-24")
    moves(office, "2025-03-03T12:00", "2025-03-10", "fair", taker="spring")
    run(office, "2025-03-04", "2025-03-10")
    expected = {
        ANNA: (
            "Tervetuloa vastuutahoksi: yksikkösi vastaa nyt toimenpiteestä ”Fair”. "
            "Vastuu siirtyi maanantaina 10.3.2025. Aiempi vastuutaho: Library. "
            "Tilannetta kysytään yksiköltä ensimmäisen kerran "
        ),
        IN_ENGLISH.email: (
            "Welcome: your unit is now responsible for ‘Fair’. "
            "Responsibility moved on Monday 10 March 2025. Responsible party before: Library. "
            "The status will first be asked for on"
        ),
    }
    for address, words in expected.items():
        assert words in first_words(office, address)
    assert "Tervetuloa" not in first_words(office, LIBRARY)


@SQLITE
def test_the_day_that_is_named_is_the_day_of_the_question(database: Database) -> None:
    """What the welcome names comes true, and is asked by no stage of the former unit's."""
    office = town(database, action("fair", "6/2025", "library"), on="2025-02-24")
    run(office, "2025-02-24", "2025-02-24")
    moves(office, "2025-03-03T12:00", "2025-03-10", "fair")
    run(office, "2025-03-04", "2025-05-30")
    days = office.look("digest", "local_date", recipient=MUSEUM)
    assert days == [date(2025, 3, 10), date(2025, 5, 30)]
    assert "ensimmäisen kerran perjantaina 30.5.2025" in body(office.mails_of(MUSEUM)[0]).replace("\r\n", " ")


@SQLITE
def test_a_stage_that_has_been_reached_comes_with_the_welcome(database: Database) -> None:
    """Taken over a week before the date: one mail, that welcomes and asks."""
    office = town(database, action("fair", "1/2025", "library"))
    run(office, "2025-01-07", "2025-01-24")
    moves(office, "2025-01-24T12:00", "2025-01-27", "fair")
    run(office, "2025-01-27", "2025-01-27")
    words = first_words(office, MUSEUM)
    assert "Tervetuloa vastuutahoksi: yksikkösi vastaa nyt toimenpiteestä ”Fair”." in words
    assert "Aiempi vastuutaho: Library" in words
    assert "Vastausta ei tarvita" not in words


@SQLITE
def test_one_whose_date_has_passed(database: Database) -> None:
    """Asked as at a first start; the welcome says what the request said before, once."""
    office = town(database, action("fair", "1/2025", "library"))
    run(office, "2025-01-07", "2025-02-03")
    moves(office, "2025-02-03T12:00", "2025-02-04", "fair", taker="spring")
    run(office, "2025-02-04", "2025-02-04")
    words = first_words(office, BERTIL)
    assert "Välkommen som ansvarspart: din enhet ansvarar nu för åtgärden ”Fair”." in words
    assert "Ansvaret överfördes tisdag 4.2.2025. Tidigare ansvarspart: Library." in words
    assert "Ansvaret för denna åtgärd har övergått" not in words


@SQLITE
def test_several_at_once(database: Database) -> None:
    """Two actions of one unit on one day: said once for both."""
    office = town(
        database, action("fair", "1/2026", "library"), action("choir", "Jatkuva", "library"), on="2025-02-24"
    )
    run(office, "2025-02-24", "2025-02-24")
    moves(office, "2025-03-03T12:00", "2025-03-10")
    run(office, "2025-03-04", "2025-03-10")
    words = first_words(office, MUSEUM)
    assert "yksikkösi vastaa nyt 2 uudesta toimenpiteestä. Vastuu siirtyi maanantaina 10.3.2025." in words
    assert "Tilannetta kysytään" in words


@SQLITE
def test_a_person_of_both_units_is_not_welcomed(database: Database) -> None:
    """Whoever speaks for giver and taker has answered for it all along."""
    both = Contact("museum", "contact", "Library", LIBRARY, "fi")
    people = [one for one in PEOPLE if one.organisation != "museum"]
    office = town(database, action("fair", "1/2026", "library"), people=(*people, both), on="2025-02-24")
    run(office, "2025-02-24", "2025-02-24")
    moves(office, "2025-03-03T12:00", "2025-03-10", "fair")
    run(office, "2025-03-04", "2025-03-10")
    words = first_words(office, LIBRARY)
    assert "Vastuu toimenpiteestä ”Fair” siirtyi" in words
    assert "Tervetuloa" not in words

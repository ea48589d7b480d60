"""A right is nobody else's, ends when it is taken away, and is not given by something that is empty."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reminders.errors import GuardError
from reminders.planning.recipients import Contact
from reminders.service import Service
from reminders.store import feeds, people
from reminders.use.feeds.private_feeds import list_private_feeds
from reminders.use.people.contacts import change_contact, replace_contacts
from reminders.use.people.retention import remove_everything_of
from reminders.use.people.rights import programmes_of
from reminders.use.people.sessions import issue_sign_in
from reminders.use.programme.settings import hold_programme
from tests.web.conftest import KEY, SECRETARY, Reader
from tests.web.forms import plain, send

UNIT_CONTACT = "welfare-unit-contact@vaasa.example"
MAILBOX = "multiculturalism-board@vaasa.example"
PRIVATE = f"/calendars/private?programme={KEY}&lang=en"


@pytest.mark.parametrize("spelling", [UNIT_CONTACT, UNIT_CONTACT.upper()])
def test_somebody_elses_calendar_is_mailed_to_its_owner(
    secretary: Reader, service: Service, spelling: str
) -> None:
    """Whoever makes it sees no address: by the links in it the owner answers."""
    answer = send(secretary, PRIVATE, {"address": spelling, "feed": "own"})
    page = plain(secretary.get(answer.headers["location"]).text)
    assert "The calendar’s address is sent to the recipient with the next messages" in page
    assert ".ics" not in answer.text + page
    assert list_private_feeds(service, KEY) == ()
    with service.database.read() as connection:
        assert list(feeds.waiting_feed_requests(connection)) == [UNIT_CONTACT]


def test_ones_own_calendar_is_shown(secretary: Reader, service: Service) -> None:
    """Once, as before; in any spelling."""
    answer = send(secretary, PRIVATE, {"address": SECRETARY.upper(), "feed": "own", "feed-lang": "sv"})
    assert "/own-sv.ics" in answer.text
    assert [one.address for one in list_private_feeds(service, KEY)] == [SECRETARY]


def listed(service: Service) -> tuple[Contact, ...]:
    """The contact list."""
    with service.database.read() as connection:
        return people.contacts_of(connection, KEY)


@pytest.mark.parametrize("is_held", [False, True])
def test_a_mailbox_does_not_take_the_place_of_a_secretary_who_is_removed(
    service: Service, *, is_held: bool
) -> None:
    """Running or on hold the only secretary is not removed before another one is named."""
    if is_held:
        hold_programme(service, KEY)
    before = listed(service)
    assert MAILBOX in {one.email for one in before}
    with pytest.raises(GuardError, match=f"the only secretary of {KEY}. Name another one first"):
        remove_everything_of(service, SECRETARY)
    assert (listed(service), programmes_of(service, MAILBOX)) == (before, frozenset())
    own = next(one for one in before if one.email == SECRETARY)
    second = replace(own, email="second@vaasa.example")
    replace_contacts(service, KEY, (*before, second))
    remove_everything_of(service, SECRETARY)
    assert SECRETARY not in {one.email for one in listed(service)}
    assert programmes_of(service, second.email) == {KEY}
    assert not programmes_of(service, MAILBOX)


def test_the_built_in_draft_keeps_its_secretary(fresh: Service) -> None:
    """Of which nobody was told yet."""
    with pytest.raises(GuardError, match="the only secretary"):
        remove_everything_of(fresh, SECRETARY)
    assert programmes_of(fresh, MAILBOX) == frozenset()


@pytest.mark.parametrize("way", ["list", "one", "person"])
def test_a_right_that_is_taken_away_takes_its_sessions_along(service: Service, way: str) -> None:
    """And its links, though nothing is asked for before the person is listed again."""
    own = next(one for one in listed(service) if one.email == SECRETARY)
    second = replace(own, email="second@vaasa.example")
    replace_contacts(service, KEY, (*listed(service), second))
    reader, other = Reader(service).sign_in(SECRETARY), Reader(service).sign_in(second.email)
    token = issue_sign_in(service, SECRETARY)
    if way == "list":
        replace_contacts(service, KEY, [one for one in listed(service) if one != own])
    elif way == "one":
        change_contact(service, KEY, own, replace(own, role="contact"))
    else:
        remove_everything_of(service, SECRETARY)
    replace_contacts(service, KEY, [*(one for one in listed(service) if one.email != SECRETARY), own])
    assert reader.get("/contacts").status_code == 403
    assert Reader(service).post(f"/sign-in/{token}").status_code == 410
    assert other.get("/contacts").status_code == 200

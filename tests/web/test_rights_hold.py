"""A right is nobody else's, ends when it is taken away, and is not given by something that is empty."""

from __future__ import annotations

import pytest

from reminders.service import Service
from reminders.store import feeds
from reminders.use.feeds.private_feeds import list_private_feeds
from tests.web.conftest import KEY, SECRETARY, Reader
from tests.web.forms import plain, send

UNIT_CONTACT = "welfare-unit-contact@vaasa.example"
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

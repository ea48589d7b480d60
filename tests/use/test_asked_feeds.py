"""A private calendar asked for by mail: with the next mail, once a day, to known addresses only."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import update

from reminders.store import Database, feeds, tables
from reminders.use.feeds.private_feeds import ask_for_feed
from reminders.use.people.retention import export_everything_of, remove_everything_of
from reminders.use.planning.preview import forecast_window
from schedule_rules.days import Span
from tests.use.office import SECRET, Office, body
from tests.use.town import ANNA, LIBRARY, TOWN, action, run, town

ADDRESS = re.compile(r"/calendars/private/([\w-]{22})/own-(fi|sv|en)\.ics")


@pytest.fixture
def feed_town(database: Database) -> Office:
    """A town in which Spring has a mail on 7 February and 3 March 2025, Library none."""
    feed_town = town(database, action("near", "9.3.2025", "spring"), action("far", "2026", "library"))
    run(feed_town, "2025-01-07", "2025-01-08")
    return feed_town


def tokens(feed_town: Office, address: str) -> list[str]:
    """The tokens of the calendar addresses in the mails to an address."""
    return [found[1] for mail in feed_town.mails_of(address) for found in ADDRESS.finditer(body(mail))]


def test_a_mail_of_its_own_where_nothing_else_is_due(feed_town: Office) -> None:
    """The next sending day; the address opens the reader's own calendar, stored by its hash."""
    ask_for_feed(feed_town.service("2025-01-08T15:00"), LIBRARY.upper())
    run(feed_town, "2025-01-09", "2025-01-10")
    (mail,) = feed_town.mails_of(LIBRARY)
    assert mail["Subject"] == "Oma kalenterisyötteesi"
    assert "Osoitetta pyydettiin kalenterisivulla keskiviikkona 8.1.2025." in body(mail).replace("\n", " ")
    (token,) = tokens(feed_town, LIBRARY)
    with feed_town.database.read() as connection:
        found = feeds.private_feed_by_token(connection, token)
    assert found is not None
    assert (found.programme, found.address, found.feed) == (TOWN, LIBRARY, "own")
    assert token not in str(feed_town.look("private_feed", "token_hash"))


def test_with_the_days_mail_where_there_is_one(feed_town: Office) -> None:
    """One mail a day: the reminder comes first, the calendar's address below it."""
    run(feed_town, "2025-01-09", "2025-02-06")
    ask_for_feed(feed_town.service("2025-02-06T15:00"), ANNA)
    feed_town.tick("2025-02-07T09:00")
    mails = feed_town.look("digest", "id", recipient=ANNA, local_date=date(2025, 2, 7))
    assert len(mails) == 1
    text = body(feed_town.mails_of(ANNA)[-1])
    assert text.index("Near") < text.index("Oma kalenterisyötteesi")


def test_once_a_day_and_only_to_contacts(feed_town: Office) -> None:
    """Asking often makes one mail; a stranger's address makes none and is not kept."""
    for _ in range(5):
        ask_for_feed(feed_town.service("2025-01-08T15:00"), LIBRARY)
        ask_for_feed(feed_town.service("2025-01-08T15:00"), "stranger@elsewhere.example")
    assert feed_town.look("feed_request", "address") == [LIBRARY]
    run(feed_town, "2025-01-09", "2025-01-13")
    assert len(tokens(feed_town, LIBRARY)) == 1
    ask_for_feed(feed_town.service("2025-01-13T15:00"), LIBRARY)
    feed_town.tick("2025-01-14T09:00")
    assert len(set(tokens(feed_town, LIBRARY))) == 2


def test_a_mail_that_is_written_anew_names_the_same_address(feed_town: Office) -> None:
    """Whoever composes it: the token is a function of the request, and one feed comes of it."""
    ask_for_feed(feed_town.service("2025-01-08T15:00"), LIBRARY)
    feed_town.tick("2025-01-09T09:00")
    with feed_town.database.write() as connection:
        mine = update(tables.digest).where(tables.digest.c.recipient == LIBRARY)
        connection.execute(mine.values(state="cancelled"))
        assert feeds.waiting_feed_requests(connection) == {LIBRARY: date(2025, 1, 8)}
    feed_town.tick("2025-01-10T09:00")
    first, second = tokens(feed_town, LIBRARY)
    assert first == second
    assert feed_town.look("private_feed", "address") == [LIBRARY]


def test_the_forecast_shows_it(feed_town: Office) -> None:
    """A kind nudge of stage own-feed, on the day on which the run sends it."""
    ask_for_feed(feed_town.service("2025-01-08T15:00"), LIBRARY)
    with feed_town.database.read() as connection:
        foreseen = [
            (one.day, one.recipient, one.kind, [(item.occurrence, item.stage) for item in one.items])
            for one in forecast_window(connection, Span(date(2025, 1, 9), date(2025, 1, 13)))
        ]
    assert foreseen == [
        (date(2025, 1, 9), LIBRARY, "nudge", [("town:calendar:event:own-2025-01-08", "own-feed")])
    ]


def test_a_request_goes_with_the_person(feed_town: Office) -> None:
    """It stands in the export, and a removed person is mailed no more."""
    service = feed_town.service("2025-01-08T15:00")
    ask_for_feed(service, LIBRARY)
    assert export_everything_of(service, LIBRARY)["calendars_asked"] == [
        {"address": LIBRARY, "asked_on": "2025-01-08", "digest_id": None}
    ]
    remove_everything_of(service, LIBRARY)
    feed_town.tick("2025-01-09T09:00")
    assert feed_town.look("feed_request", "address") == []
    assert SECRET not in str(feed_town.dump())

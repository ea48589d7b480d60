"""In January each unit gets the list of its year, once, with a calendar file, in the day's one mail."""

from __future__ import annotations

from collections import Counter
from datetime import date
from email.message import EmailMessage

import pytest
from icalendar import Calendar
from sqlalchemy import update

from reminders.planning.year_list import YearShare
from reminders.settings import Settings
from reminders.store import delivery_log, planned, tables
from reminders.use.feeds.source import feed_of, source_of
from reminders.use.people.preferences import PreferenceChange, change_preferences
from reminders.use.planning.preview import preview_mails
from schedule_rules.days import Span
from tests.use.office import VAASA, Office, at, body, parsed

WELFARE = "welfare-unit-contact@vaasa.example"
QUIET = "real-estate-contact@vaasa.example"
FIRST_DAY = "2026-01-07"
WINDOW = Span(date(2026, 1, 7), date(2026, 1, 13))


def mails(office: Office, day: str, address: str) -> list[EmailMessage]:
    """What an address was sent on a day."""
    rows = office.look("digest", "id", local_date=date.fromisoformat(day), recipient=address)
    return [parsed(raw) for one in rows for raw in office.look("outbox", "raw", digest_id=one)]


def listed(office: Office) -> Counter[str]:
    """How many mails of each day hold a list of the year."""
    with office.database.read() as connection:
        entries = delivery_log.log_entries(connection)
    held = [one for one in entries if "year" in {item["stage"] for item in one.items}]
    return Counter(one.day.isoformat() for one in held)


def calendar_of(mail: EmailMessage) -> tuple[str, str, Calendar]:
    """The attachment's type, name and calendar."""
    (file,) = [part for part in mail.walk() if part.get_filename()]
    content = file.get_payload(decode=True)
    assert isinstance(content, bytes)
    return str(file["Content-Type"]), str(file.get_filename()), Calendar.from_ical(content)


@pytest.fixture
def january(started: Office) -> Office:
    """Started in December, run until the last day before the quiet period."""
    for day in ("2025-12-09", "2025-12-22"):
        started.tick(f"{day}T09:00")
    return started


def test_the_first_sending_day_of_the_year(january: Office) -> None:
    """Every unit, one mail each, as foreseen; the next days nobody again."""
    change_preferences(january.service("2025-12-22T12:00"), VAASA, QUIET, PreferenceChange(off=("year",)))
    january.run_as_foreseen(WINDOW)
    readers = january.look("year_letter", "recipient", year=2026)
    assert listed(january) == {FIRST_DAY: len(readers)}
    assert len(readers) == len(set(readers)) > 30
    assert QUIET not in readers
    per_day = Counter((row[0], row[1]) for row in january.look("digest", "recipient", "local_date"))
    assert set(per_day.values()) == {1}


def test_a_mail_of_its_own_where_nothing_else_is_due(january: Office) -> None:
    """Subject and text say what it is, the file is in the mail's language."""
    change_preferences(
        january.service("2025-12-22T12:00"), VAASA, WELFARE, PreferenceChange(off=("year",), language="fi+sv")
    )
    january.tick(f"{FIRST_DAY}T09:00")
    change_preferences(january.service("2026-01-07T12:00"), VAASA, WELFARE, PreferenceChange(on=("year",)))
    january.tick("2026-01-08T09:00")
    (mail,) = mails(january, "2026-01-08", WELFARE)
    assert mail["Subject"] == "Yksikön vuosi / Enhetens år 2026: Kulttuurikahvilatoiminta… ja 6 muuta"
    assert january.look("digest", "kind", recipient=WELFARE, local_date=date(2026, 1, 8)) == ["nudge"]
    text = body(mail)
    words = " ".join(text.split())
    assert "Tässä on kaikki, mitä yksiköllä on ohjelmassa vuonna 2026. Luetteloon ei tarvitse" in words
    assert "Här är allt som enheten har i programmet 2026. Listan behöver inte besvaras" in words
    kind, name, calendar = calendar_of(mail)
    assert kind == 'text/calendar; charset="utf-8"; method="PUBLISH"'
    assert name == "vaasa-2023-2026-2026-fi.ics"
    assert calendar["method"] == "PUBLISH"


def test_below_the_days_items_with_the_feeds_own_uids(january: Office) -> None:
    """The day's reminders first, then the year; each UID stands in the unit's feed."""
    january.tick(f"{FIRST_DAY}T09:00")
    (mail,) = mails(january, FIRST_DAY, WELFARE)
    text = body(mail)
    assert text.index("Määräaika päättynyt") < text.index("Yksikön vuosi 2026")
    uids = {str(event["uid"]) for event in calendar_of(mail)[2].walk("VEVENT")}
    with january.database.read() as connection:
        source = source_of(connection, VAASA, Settings())
    fed = Calendar.from_ical(feed_of(source, "welfare-unit", "fi", "https://x.example").body)
    assert uids
    assert uids <= {str(event["uid"]) for event in fed.walk("VEVENT")}


def test_a_missed_first_day_is_caught_up(january: Office) -> None:
    """Down until the 20th: the lists go with the mails of that day, still once."""
    for day in ("2026-01-20", "2026-01-21"):
        january.tick(f"{day}T09:00")
    assert set(listed(january)) == {"2026-01-20"}


def test_the_preview_shows_it(january: Office) -> None:
    """What would go out is shown with its file, and nothing is noted as sent."""
    found = preview_mails(january.service("2026-01-06T12:00"), date(2026, 1, 7), at("2026-01-07T09:00"))
    assert found.unmade == ()
    assert {len(facts.attachments) for draft, facts in found.mails if draft.shares} == {1}
    assert january.look("year_letter", "recipient") == []


def test_once_whoever_writes_it(january: Office) -> None:
    """A second mail of the same list is refused by the key; one that was taken back leaves it free."""
    january.tick(f"{FIRST_DAY}T09:00")
    (digest_id,) = january.look("digest", "id", recipient=WELFARE, local_date=date(2026, 1, 7))
    share = YearShare(VAASA, 2026, ("welfare-unit",))
    with january.database.write() as connection:
        assert not planned.claim_year_list(connection, digest_id, WELFARE, (share,))
        assert (VAASA, WELFARE, 2026) in planned.year_lists_sent(connection, 2026)
        taken_back = update(tables.digest).where(tables.digest.c.id == digest_id)
        connection.execute(taken_back.values(state="cancelled"))
        assert (VAASA, WELFARE, 2026) not in planned.year_lists_sent(connection, 2026)
        assert planned.claim_year_list(connection, digest_id, WELFARE, (share,))

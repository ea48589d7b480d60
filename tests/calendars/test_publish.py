"""A calendar file beside a mail: METHOD:PUBLISH, an organiser without an address, the feeds' own UIDs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from icalendar import Calendar

from calendars.event import Entry
from calendars.feed import FeedSpec, feed, of_year, published
from schedule_rules.programme import Text
from schedule_rules.rule import RecurrenceSet

NOW = datetime(2025, 1, 7, 7, tzinfo=UTC)
SPEC = FeedSpec(
    name="all",
    programme=Text("Ohjelma ”2023–2026”", 'Program "x", 2023', "Programme"),
    url="https://muistutus.example/calendars/",
)
DEADLINE = Entry(
    uid="d1",
    kind="milestone",
    title=Text("Määräaika", "Tidsfrist", "Deadline"),
    start=date(2025, 12, 31),
    modified=NOW,
    organisation_keys=("unit",),
)
CAFE = Entry(
    uid="s1",
    kind="event",
    title=Text("Kahvila", "Kafé", "Café"),
    start=date(2024, 1, 11),
    modified=NOW,
    recurrence=RecurrenceSet(date(2024, 1, 11), "FREQ=MONTHLY;BYDAY=2TH", date(2026, 12, 31)),
    organisation_keys=("unit", "other"),
)
MOVED = Entry(
    uid="s1",
    kind="event",
    title=CAFE.title,
    start=date(2026, 2, 13),
    recurrence_id=date(2026, 2, 12),
    modified=NOW,
    organisation_keys=("unit", "other"),
)
OLD = replace(DEADLINE, uid="d2", start=date(2024, 12, 31))
GONE = replace(DEADLINE, uid="d3", status="cancelled")
FOREIGN = replace(DEADLINE, uid="d4", organisation_keys=("other",))
ALL = (DEADLINE, CAFE, MOVED, OLD, GONE, FOREIGN)
SINGLE = replace(CAFE, recurrence=None)
DATES = (DEADLINE, OLD, GONE, FOREIGN, MOVED, SINGLE, replace(SINGLE, start=date(2025, 3, 13)))
"""The dates of all, as far as the tests ask."""


def test_of_the_year_and_the_unit() -> None:
    """Days of that year, series that reach it with their moved days; nothing of others, nothing cancelled."""
    assert of_year(ALL, DATES, ["unit"], 2025) == (DEADLINE, CAFE, MOVED)
    assert of_year(ALL, DATES, ["other"], 2023) == ()


def test_it_is_published() -> None:
    """One METHOD, once a VEVENT an organiser that is the page of the feeds; no address anywhere."""
    octets = published(SPEC, of_year(ALL, DATES, ["unit"], 2025), "sv", NOW)
    calendar = Calendar.from_ical(octets)
    assert (calendar["method"], octets.count(b"METHOD:")) == ("PUBLISH", 1)
    organisers = [event["organizer"] for event in calendar.walk("VEVENT")]
    assert [str(one) for one in organisers] == ["https://muistutus.example/calendars/?lang=sv"] * 3
    assert {one.params["CN"] for one in organisers} == {"Program 'x', 2023"}
    assert b"mailto" not in octets
    assert b"@" not in octets
    assert b"\nSOURCE" not in octets
    assert max(map(len, octets.split(b"\r\n"))) <= 75


def test_events_are_those_of_the_feed() -> None:
    """UID, SEQUENCE, rule and texts as in the feed: who has both sees one."""
    own = of_year(ALL, DATES, ["unit"], 2025)
    file = Calendar.from_ical(published(SPEC, own, "fi", NOW))
    fed = Calendar.from_ical(feed(SPEC, own, "fi", NOW).body)
    for event in file.walk("VEVENT"):
        del event["organizer"]
    assert [one.to_ical() for one in file.walk("VEVENT")] == [one.to_ical() for one in fed.walk("VEVENT")]

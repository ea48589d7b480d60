"""Feeds and the pages about them: one list of dates, links that open, feeds by kind and of several units.

The days that are expected are counted on a calendar, or by another expander, not by the service.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

import icalendar
import pytest
import recurring_ical_events

from reminders.service import Service
from reminders.use.programme.correct import CorrectionDecision, correct_action
from reminders.use.series.edits import Edit
from reminders.use.series.saves import save_series
from schedule_rules.programme import DateChange, EditedSeries, Text
from tests.web.conftest import KEY, Reader
from tests.web.forms import plain

CAFE = "social-cultural-cafe"


def vevents(octets: bytes) -> list[Any]:
    """The entries of a feed."""
    return list(icalendar.Calendar.from_ical(octets).walk("VEVENT"))


# -- one list of dates -------------------------------------------------------------------------


@pytest.fixture
def cafe(service: Service) -> None:
    """The café on last Thursdays of 2025 at 17, some moved or cancelled; three single dates."""
    rule = EditedSeries(
        CAFE,
        "month",
        date(2025, 1, 1),
        date(2025, 12, 31),
        "FREQ=MONTHLY;BYDAY=-1TH",
        at=time(17),
        minutes=60,
        title=Text("Kahvila", "Café", "Coffee"),
    )
    # From today on it is a part of its own, which is named after the first one.
    name = save_series(service, Edit(KEY, CAFE, "month", "secretary", series=rule))[-1].name
    for change in (
        DateChange(date(2025, 5, 29), date(2025, 5, 27), time(16)),
        DateChange(date(2025, 3, 27), state="cancelled"),
        DateChange(date(2025, 1, 30), state="cancelled"),
        # Onto the next one's day: an entry of its own.
        DateChange(date(2025, 10, 30), date(2025, 11, 27), time(9)),
    ):
        save_series(service, Edit(KEY, CAFE, name, "secretary", change=change))
    days = (date(2025, 2, 4), date(2025, 4, 8), date(2025, 6, 3))
    single = EditedSeries(CAFE, "", days[0], days[-1], dates=days, title=Text("Retki", "Utfärd", "Trip"))
    made = save_series(service, Edit(KEY, CAFE, "new", "secretary", series=single))
    off = DateChange(days[1], state="cancelled")
    save_series(service, Edit(KEY, CAFE, made[0].name, "secretary", change=off))


CAFE_DAYS = {
    # Last Thursdays by the calendar on the wall; those that stand, none in July or at Christmas.
    "Coffee": [
        *("2025-02-27", "2025-04-24", "2025-05-27", "2025-06-26", "2025-08-28"),
        *("2025-09-25", "2025-11-27", "2025-11-27"),
    ],
    "Trip": ["2025-02-04", "2025-06-03"],
    "CANCELLED: Coffee": ["2025-01-30", "2025-03-27"],
    "CANCELLED: Trip": ["2025-04-08"],
}


def in_english(when: str) -> str:
    """The day of a page's row as ISO 8601."""
    found = re.match(r"\w+ (\d+) (\w+) (\d+)", re.sub("<.*?>", "", when))
    assert found
    return datetime.strptime(f"{found[1]} {found[2][:3]} {found[3]}", "%d %b %Y").date().isoformat()


def listed(page: str) -> dict[str, list[str]]:
    """The days of each title in a page's last table."""
    table = page.rpartition('<table class="list stack">')[2]
    found: dict[str, list[str]] = {}
    row = r'<th scope="row" class="day">(.*?)</th><td>(?:<span lang="en">)?(.*?)(?:<span|</span>|</td>)'
    for when, title in re.findall(row, table):
        name = re.sub("<.*?>|\xad", "", plain(title))
        if "Coffee" in name or "Trip" in name:
            found.setdefault(name, []).append(in_english(plain(when)))
    return {name: sorted(days) for name, days in found.items()}


def expanded(octets: bytes) -> dict[str, list[str]]:
    """The same of a feed, by recurring-ical-events."""
    calendar = icalendar.Calendar.from_ical(octets)
    found: dict[str, list[str]] = {}
    for one in recurring_ical_events.of(calendar).between(date(2025, 1, 7), date(2026, 1, 1)):
        name = str(one["SUMMARY"])
        if "Coffee" in name or "Trip" in name:
            found.setdefault(name, []).append(str(one["DTSTART"].dt)[:10])
    return {name: sorted(days) for name, days in found.items()}


def test_feed_list_and_month_name_the_same_dates(reader: Reader, cafe: None) -> None:
    """Each date once, on the day on which it stands; what is cancelled is said to be."""
    feed = reader.get("/calendars/social-relations.events-en.ics", accept_encoding="identity").content
    assert expanded(feed) == CAFE_DAYS
    whole = listed(reader.get("/calendars/social-relations.events/list?lang=en").text)
    assert whole == CAFE_DAYS
    months: dict[str, list[str]] = {}
    for month in range(1, 13):
        page = reader.get(f"/calendars/social-relations.events/month?m=2025-{month:02}&lang=en").text
        for name, days in listed(page).items():
            months[name] = [*months.get(name, []), *days]
    assert months == CAFE_DAYS


def test_what_is_cancelled_is_not_announced(reader: Reader, cafe: None) -> None:
    """The subscribe page: January's café is cancelled, February's is the next; the count has neither."""
    page = reader.get("/calendars/?feed=social-relations&what=events&lang=en").text
    assert listed(page.partition("Next in this calendar</h2>")[2].partition("</table>")[0]) == {
        "Coffee": ["2025-02-27"],
        "Trip": ["2025-02-04"],
    }
    others = reader.get("/calendars/social-relations.events/list?lang=en").text
    rows = others.rpartition('<table class="list stack">')[2].count('<th scope="row"')
    cancelled = others.count("<s>")
    assert cancelled == 3
    assert f"{rows - cancelled} coming entries" in plain(page)


def test_the_action_page_announces_what_stands(reader: Reader, cafe: None) -> None:
    """Its next dates are February's, not the cancelled one of January."""
    page = plain(reader.get(f"/actions/{CAFE}?lang=en").text)
    assert "30 Jan" not in page.replace("\xa0", " ")
    assert "27 Feb 2025" in page.replace("\xa0", " ")


# -- links ------------------------------------------------------------------------------------


def test_every_link_to_a_single_entry_opens(reader: Reader, cafe: None) -> None:
    """Series, moved date and single dates: each with the UID that it has in the feed."""
    page = reader.get(f"/actions/{CAFE}?lang=en").text
    links = re.findall(r'href="(/calendars/event/[^"]+\.ics)"', page)
    feed = reader.get("/calendars/all-en.ics", accept_encoding="identity").content
    known = {str(one["UID"]) for one in vevents(feed)}
    held = set()
    for link in links:
        response = reader.get(link, accept_encoding="identity")
        assert response.status_code == 200, link
        uids = {str(one["UID"]) for one in vevents(response.content)}
        assert len(uids) == 1
        assert uids <= known
        held |= uids
    # The café, its date on another's day, two trips that stand, and the action's reviews ahead (2025, 2026)
    # where its wording gives any.
    assert len(held) == len(links)
    assert len(held) >= 4


# -- names ------------------------------------------------------------------------------------


def summaries(response: Any) -> set[str]:
    """The UIDs of a feed."""
    assert response.status_code == 200, response.text
    return {str(one["UID"]) for one in vevents(response.content)}


def name_of(response: Any) -> str:
    """The name of a calendar."""
    return str(icalendar.Calendar.from_ical(response.content)["NAME"]).replace("\\", "")


def test_deadlines_and_events_of_a_unit(reader: Reader) -> None:
    """Together they are the unit's feed, and share nothing."""

    def get(name: str) -> Any:
        return reader.get(f"/calendars/{KEY}/{name}-en.ics", accept_encoding="identity")

    both, deadlines, events = (
        summaries(get(name)) for name in ("welfare-unit", "welfare-unit.deadlines", "welfare-unit.events")
    )
    assert deadlines | events == both
    assert not deadlines & events
    assert deadlines
    assert events
    assert name_of(get("work.deadlines")) == "Vaasa integration: Work, deadlines"
    assert name_of(get("work")) == "Vaasa integration: Work"
    assert name_of(get("events")) == "Vaasa integration: events"


def test_several_units_in_one_feed(reader: Reader) -> None:
    """Each entry once; a key that means nothing is named; what is whole is joined with nothing."""

    def get(name: str) -> Any:
        return reader.get(f"/calendars/{name}-fi.ics", accept_encoding="identity")

    parts = [summaries(get(name)) for name in ("alma.events", "welfare-unit.events")]
    assert summaries(get("alma+welfare-unit.events")) == parts[0] | parts[1]
    wrong = get("alma+nobody-here+welfare-unit")
    assert (wrong.status_code, wrong.text) == (
        404,
        "There is no such calendar.\nNothing is called nobody-here.\n",
    )
    for name in ("alma+all", "all.events", "alma.reviews", "+alma", "alma+", "meetings.events"):
        assert get(name).status_code == 404, name
    month = reader.get("/calendars/alma+welfare-unit.events/month?lang=en")
    assert month.status_code == 200
    assert "feed=alma%2Bwelfare-unit.events" in month.text


def test_the_form_joins_units(reader: Reader) -> None:
    """Without a script: a GET form gives the address; too many are said to be."""
    page = reader.get("/calendars/?feed=alma&what=events&also=welfare-unit&feed-lang=sv&lang=en").text
    assert f"/calendars/{KEY}/alma+welfare-unit.events-sv.ics" in page
    whole = reader.get("/calendars/?feed=all&what=deadlines&lang=en").text
    assert f"/calendars/{KEY}/deadlines-en.ics" in whole
    old = reader.get("/calendars/?feed=events&lang=en").text
    assert f"/calendars/{KEY}/events-en.ics" in old
    page = reader.get("/calendars/?lang=en").text
    keys = re.findall(r'name="also" value="([a-z0-9-]+)"', page)[:13]
    many = reader.get("/calendars/?feed=alma&what=all&lang=en" + "".join(f"&also={key}" for key in keys))
    assert many.status_code == 422
    assert "Choose at most 12." in many.text
    ticked = re.findall(r'value="([a-z0-9-]+)" checked', many.text)
    assert ticked == keys  # nothing that was ticked is lost


# -- what a change took away ----------------------------------------------------------------------


def test_what_a_correction_took_away_stands_on_every_page(reader: Reader, service: Service) -> None:
    """Reviews of the past stay, those to come are cancelled: in feed, list, month and the action's page."""
    action = "work-job-coaching"
    correct_action(service, CorrectionDecision(action, "schedule", "2025", "secretary", "", KEY))
    feed = reader.get("/calendars/work.deadlines-en.ics", accept_encoding="identity").content
    held = {
        str(one["DTSTART"].dt): (str(one["STATUS"]), str(one["SUMMARY"]))
        for one in vevents(feed)
        if f"/actions/{action}" in str(one["URL"])
    }
    assert {day: status for day, (status, _) in held.items()} == {
        "2023-10-31": "CONFIRMED",
        "2024-10-31": "CONFIRMED",
        "2025-10-31": "CANCELLED",
        "2025-12-31": "CONFIRMED",
        "2026-10-31": "CANCELLED",
    }
    for day in ("2024-10-31", "2025-10-31"):
        month = reader.get(f"/calendars/work.deadlines/month?m={day[:7]}&lang=en").text
        assert held[day][1] in plain(month).replace("\xad", "")
    ahead = reader.get("/calendars/work.deadlines/list?lang=en").text
    assert held["2025-10-31"][1] in plain(ahead).replace("\xad", "")
    page = plain(reader.get(f"/actions/{action}?lang=en").text).replace("\xa0", " ")
    assert page.count("No longer in the programme") == 2
    subscribe = plain(reader.get("/calendars/?feed=work&what=deadlines&lang=en").text).replace("\xad", "")
    assert "CANCELLED" not in subscribe

"""A feed as a month and a list: the dates of the feed, in three languages."""

from __future__ import annotations

import re
from datetime import date, time

import icalendar
import pytest
import recurring_ical_events

from reminders.service import Service
from reminders.use.series.edits import Edit
from reminders.use.series.saves import save_series
from schedule_rules.programme import DateChange, EditedSeries, Text
from tests.web.conftest import KEY, Reader
from tests.web.forms import plain

CAFE = "social-cultural-cafe"


@pytest.fixture
def cafe(service: Service) -> None:
    """The café on last Thursdays, Ascension Day's on Tuesday, September's cancelled."""
    rule = EditedSeries(
        CAFE,
        "month",
        date(2025, 1, 1),
        date(2025, 12, 31),
        "FREQ=MONTHLY;BYDAY=-1TH",
        at=time(17),
        minutes=60,
        title=Text("Kahvila", "Café", "Coffee"),
        place=Text("Kirjasto", "Biblioteket", "Library"),
    )
    # From today on it is a part of its own, which is named after the first one.
    name = save_series(service, Edit(KEY, CAFE, "month", "secretary", series=rule))[-1].name
    for change in (
        DateChange(date(2025, 5, 29), date(2025, 5, 27), time(16)),
        DateChange(date(2025, 9, 25), state="cancelled"),
    ):
        save_series(service, Edit(KEY, CAFE, name, "secretary", change=change))


def rows(page: str) -> list[tuple[str, str]]:
    """Day and title of a page's table of entries."""
    table = page.rpartition('<table class="list stack">')[2]
    found = re.findall(r'<th scope="row" class="day">(.*?)</th><td>(.*?)(?:<span|</td>)', table)
    return [(re.sub("<.*?>", "", plain(day)), re.sub("<.*?>|\xad", "", plain(title))) for day, title in found]


def test_a_month(reader: Reader, cafe: None) -> None:
    """May shows the moved date only, in the grid and in the list; September the cancelled one."""
    may = reader.get("/calendars/events/month?m=2025-05&lang=en").text
    assert ("Tue 27 May 2025 16:00", "Coffee") in rows(may)
    assert not [row for row in rows(may) if "29 May" in row[0]]
    assert may.count("Coffee") == 2
    september = rows(reader.get("/calendars/events/month?m=2025-09&lang=en").text)
    assert ("Thu 25 Sept 2025 17:00", "CANCELLED: Coffee") in september


def test_the_list_is_the_feed(reader: Reader, cafe: None) -> None:
    """The list has the next dates of the feed, as many as two sheets of paper hold."""
    body = reader.get("/calendars/events-en.ics", accept_encoding="identity").content
    calendar = icalendar.Calendar.from_ical(body)
    found = recurring_ical_events.of(calendar).between((2025, 1, 7), (2027, 1, 1))
    shown = rows(reader.get("/calendars/events/list?lang=en").text)
    assert 10 < len(shown) == len(found) < 60
    assert len(rows(reader.get("/calendars/all/list?lang=en").text)) == 60
    titles = [str(one["SUMMARY"]) for one in sorted(found, key=lambda one: str(one["DTSTART"].dt)[:10])]
    assert sorted(title for _, title in shown[:20]) == sorted(titles[:20])


@pytest.mark.parametrize(("lang", "name"), [("fi", "Toukokuu 2025"), ("sv", "Maj 2025"), ("en", "May 2025")])
def test_three_languages(reader: Reader, lang: str, name: str) -> None:
    """The month is named in the reader's language."""
    page = reader.get(f"/calendars/work/month?m=2025-05&lang={lang}")
    assert (page.status_code, name in page.text) == (200, True)
    assert reader.get(f"/calendars/work/list?lang={lang}").status_code == 200


def test_what_is_not_there(reader: Reader) -> None:
    """No such feed or month: 404; an empty month says so."""
    for url in (
        "/calendars/nothing/month",
        "/calendars/all/month?m=2025-13",
        "/calendars/all/month?m=0001-01",
    ):
        assert reader.get(url).status_code == 404
    assert "No entries this month." in reader.get("/calendars/all/month?m=2035-01&lang=en").text

"""A provisional series' dates, set by its unit behind the mail's link: shown first, then kept, then quiet."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from reminders.planning.links import Links
from reminders.service import Service
from reminders.store import people as store_people, planned, programmes as repository, series as store
from reminders.use.tick import tick
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import EditedSeries
from tests.web.conftest import KEY, TUESDAY, Reader
from tests.web.forms import FOREIGN, plain, send
from tests.web.snapshot import rows_of

CAFE, SCHOOL, WEBINAR = "social-cultural-cafe", "children-family-school", "health-dark-season-webinar"
UNIT, HEAD = "welfare-unit-contact@vaasa.example", "welfare-unit-head@vaasa.example"
TODAY = TUESDAY.date()
RULE: dict[str, str | list[str]] = {
    "how": "rule",
    "nth": "-1",
    "weekday": "TH",
    "months-off": ["7"],
    "date": ["", ""],
    "at": "17:00",
    "ends": "19.00",
    "place": "Kirjasto",
    "video": "",
}
DATES = RULE | {"how": "dates", "date": ["2025-03-13", "9.10.2025", "", ""], "months-off": []}


def series_link(
    action: str = CAFE, name: str = "month", year: int = 2025, reader: str = UNIT, until: date = TODAY
) -> str:
    """The address at which a unit sets a year's dates."""
    subject = f"{KEY}:{action}:event:{name}:{year}"
    return "/series/" + Links("x" * 32).issue("series", subject, reader, until)


def kept(service: Service) -> dict[str, EditedSeries]:
    """The series that are kept, by name."""
    with service.database.read() as connection:
        return {one.name: one for one in store.stored_series(connection, KEY)}


def events(service: Service, year: int, action: str = CAFE) -> list[Occurrence]:
    """The action's events of a year."""
    with service.database.read() as connection:
        rows = [one.row for one in repository.stored_occurrences(connection, KEY)]
    return [row for row in rows if (row.kind, row.id.action, row.due.year) == ("event", action, year)]


def fields(page: str) -> dict[str, list[str]]:
    """The hidden fields of the preview's form."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', page):
        found.setdefault(name, []).append(html.unescape(value))
    return found


def test_it_opens_with_what_is_assumed(reader: Reader, service: Service) -> None:
    """The rule chosen, the year's dates that are left beside it; opening writes nothing; no menu."""
    before = rows_of(service)
    page = reader.get(series_link()).text
    assert re.findall(r'name="date" value="([^"]+)"', page)[:3] == ["9.1.2025", "13.2.2025", "13.3.2025"]
    assert re.findall(r'name="how" value="(\w+)"[^>]* checked', page) == ["rule"]
    assert re.findall(r'value="([\w-]+)" selected', page) == ["2", "TH"]
    assert '<nav class="main"' not in page
    assert rows_of(service) == before


def test_the_rule_confirmed_holds_to_the_end(reader: Reader, service: Service) -> None:
    """Last Thursdays at five in the library, not in July: seen first, kept by the second button."""
    preview = send(reader, series_link() + "?lang=fi", {**RULE, "step": "preview"})
    text = plain(preview.text)
    assert (preview.status_code, kept(service)) == (200, {})
    assert "Vuonna 2025 on 9 päivää" in text
    assert "2 päivää osuu suljetuille päiville ja jätetään pois: 29.5.2025, 25.12.2025." in text
    assert "klo 17.00–19.00" in text
    saved = send(reader, series_link() + "?lang=fi", {**fields(preview.text), "step": "save"})
    assert (saved.status_code, saved.headers["location"]) == (303, f"{series_link()}?lang=fi&done=1")
    made = kept(service)["month-2"]
    assert (made.rrule, made.state, made.by, made.first) == (
        "FREQ=MONTHLY;BYDAY=-1TH",
        "confirmed",
        UNIT,
        TODAY,
    )
    assert (made.at, made.minutes, made.place.as_dict()) == (time(17), 120, {"fi": "Kirjasto"})
    rows = events(service, 2025)
    assert [(row.due.month, row.status) for row in rows] == [
        (month, "confirmed") for month in range(1, 13) if month not in {5, 7, 12}
    ]
    assert {row.status for row in events(service, 2026)} == {"confirmed"}
    assert {row.status for row in events(service, 2024)} == {"tentative"}
    page = plain(reader.get(saved.headers["location"]).text)
    assert "Kiitos, päivät on vahvistettu" in page
    assert UNIT in page


def test_another_weekday_leaves_closed_days_out_too(reader: Reader, service: Service) -> None:
    """Confirmed, then changed to last Wednesdays: 31 December is in the quiet period; said, and left out."""
    url = series_link() + "?lang=sv"
    send(reader, url, {**RULE, "step": "save"})
    assert "Ur en regelbunden serie utelämnas" in plain(reader.get(url + "&change=1").text)
    form = {**RULE, "weekday": "WE"}
    text = plain(send(reader, url, {**form, "step": "preview"}).text)
    assert "1 datum infaller på en stängd dag och utelämnas: 31.12.2025." in text
    send(reader, url, {**form, "step": "save"})
    found = [(row.due.month, row.due.day) for row in events(service, 2025) if row.status == "confirmed"]
    ends = [(1, 29), (2, 26), (3, 26), (4, 30), (5, 28), (6, 25), (8, 27), (9, 24), (10, 29), (11, 26)]
    assert found == ends


def test_date_by_date_is_for_one_year(reader: Reader, service: Service) -> None:
    """Two dates of 2025 stand; 2026 stays provisional, and asks again."""
    preview = send(reader, series_link() + "?lang=fi", {**DATES, "step": "preview"})
    send(reader, series_link(), {**fields(preview.text), "step": "save"})
    assert [(row.due, row.status) for row in events(service, 2025)] == [
        (date(2025, 3, 13), "confirmed"),
        (date(2025, 10, 9), "confirmed"),
    ]
    assert {row.status for row in events(service, 2026)} == {"tentative"}
    asked = series_link(name="month-3", year=2026)
    assert "8.1.2026" in reader.get(asked).text


def test_set_again_changes_the_same_series(reader: Reader, service: Service) -> None:
    """A colleague opens the same link, sees who has set the dates, and changes them: no third series."""
    for sent in (DATES, DATES | {"date": ["2025-04-10"], "place": "Kirjasto"}):
        send(reader, series_link(), {**sent, "step": "save"})
    assert [row.due for row in events(service, 2025)] == [date(2025, 4, 10)]
    page = plain(reader.get(series_link(reader=HEAD) + "?lang=fi").text)
    assert "Päivät on jo vahvistettu" in page
    assert UNIT in page
    assert sorted(kept(service)) == ["month", "month-2", "month-3"]


def test_a_yearly_series_and_a_place_in_swedish(reader: Reader, service: Service) -> None:
    """The webinar's day and link; a place that is written in one language stands for all."""
    form = {
        "how": "dates",
        "date": "2025-11-20",
        "at": "9.30",
        "ends": "10.30",
        "place": "Teams",
        "video": "https://video.example/a",
    }
    answer = send(reader, series_link(WEBINAR, "year") + "?lang=sv", {**form, "step": "save"})
    assert answer.status_code == 303
    made = next(one for one in kept(service).values() if one.dates == (date(2025, 11, 20),))
    assert (made.place.as_dict(), made.place.get("fi"), made.video, made.at) == (
        {"sv": "Teams"},
        "Teams",
        "https://video.example/a",
        time(9, 30),
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"date": ["", ""]}, "Kirjoita ainakin yksi päivä."),
        ({"date": ["ensi viikolla"]}, "Kirjoita päivä muodossa 31.12.2025."),
        ({"date": ["2025-01-06"]}, "Päivän on oltava aikaisintaan 7.1.2025 ja viimeistään 31.12.2025."),
        ({"date": ["2026-01-06"]}, "Päivän on oltava aikaisintaan 7.1.2025 ja viimeistään 31.12.2025."),
        ({"at": "illalla"}, "Kirjoita kellonaika muodossa klo 17.00."),
        ({"ends": ""}, "Kirjoita, milloin tapahtuma päättyy."),
        ({"ends": "tunti"}, "Kirjoita kellonaika muodossa klo 17.00."),
        ({"video": "http://video.example"}, "Osoitteen alussa pitää olla https://."),
        ({"place": "x" * 301}, "Lyhennä tekstiä: enintään 300 merkkiä."),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    reader: Reader, service: Service, wrong: dict[str, str | list[str]], words: str
) -> None:
    """In the summary and at the field; nothing is kept, the rest of the form stays."""
    answer = send(reader, series_link() + "?lang=fi", {**DATES, **wrong, "step": "save"})
    page = plain(answer.text)
    assert (answer.status_code, page.count(words), kept(service)) == (422, 2, {})
    assert "<title>Virhe:" in page
    for name in {"at", "ends", "place"} - set(wrong):
        assert f'value="{DATES[name]}"' in page


def test_a_weekly_rule_without_a_day(reader: Reader, service: Service) -> None:
    """No weekday is ticked: said at the choice."""
    with service.database.read() as connection:
        people = store_people.contacts_of(connection, KEY)
    unit = next(one.email for one in people if one.organisation == "family-centre")
    url = series_link(SCHOOL, "week", reader=unit) + "?lang=en"
    answer = send(reader, url, {"how": "rule", "at": "", "ends": "", "place": "", "video": ""})
    assert (answer.status_code, "Choose a recurrence and a weekday." in answer.text) == (422, True)
    assert kept(service) == {}


def test_the_units_page_leads_to_it(reader: Reader, service: Service) -> None:
    """What was asked stands there until it is set; what is asked later does not stand there yet."""
    url = "/unit/" + Links("x" * 32).issue("unit", "", UNIT, TODAY)
    own = re.findall(r'href="(/series/[a-z2-7]{56})\?lang=fi"', reader.get(url + "?lang=fi").text)
    assert own == [series_link()]
    send(reader, own[0], {**DATES, "step": "save"})
    assert re.findall(r"/series/[a-z2-7]{56}", reader.get(url).text) == []


def test_the_units_page_names_the_next_date_that_is_assumed(secretary: Reader, service: Service) -> None:
    """Not one that the secretary cancelled or moved, which asks for nothing."""
    day = TUESDAY.replace(month=2, day=11)
    later = Reader(replace(service, clock=lambda: day))
    url = "/unit/" + Links("x" * 32).issue("unit", "", UNIT, day.date()) + "?lang=fi"
    own = f"/actions/{CAFE}/series/edit?programme={KEY}&name=month&on=2025-02-13"
    for form, when in (
        ({}, "2025-02-13"),
        ({"what": "cancel"}, "2025-03-13"),
        ({"day": "12.2.2025"}, "2025-03-13"),
    ):
        if form:
            assert send(secretary, own, {**form, "step": "save"}).status_code == 303
        listed = later.get(url).text.partition('<h2 id="series">')[2].partition("</ul>")[0]
        assert re.findall(r'<time datetime="([^"]+)">', listed) == [when]


@pytest.mark.parametrize("is_set", [False, True])
def test_the_asking_stops(reader: Reader, service: Service, *, is_set: bool) -> None:
    """The webinar asks 30 days before its assumed date, 13 November; once its date is set, no mail does."""
    form = {"how": "dates", "date": "2025-11-20", "at": "", "ends": "", "place": "", "video": ""}
    if is_set:
        send(reader, series_link(WEBINAR, "year"), {**form, "step": "save"})
    day = TUESDAY.replace(month=10, day=14)
    tick(replace(service, clock=lambda: day), accept_clock=True)
    with service.database.read() as connection:
        items = planned.mailed_on(connection, day.date())
    stages = {item.reminder.stage for item in items if f":{WEBINAR}:event:" in item.reminder.occurrence}
    assert stages == (set() if is_set else {"-P30D"})


@pytest.mark.parametrize(
    ("url", "status"),
    [
        (series_link()[:-4], 404),
        (series_link().replace("/series/", "/answer/"), 404),
        (series_link(reader="vamia-contact@vaasa.example"), 403),
        (series_link(name="never"), 410),
        (series_link(year=2031), 410),
    ],
)
def test_a_bad_link_changes_and_tells_nothing(
    reader: Reader, service: Service, url: str, status: int
) -> None:
    """Cut, of another purpose, another unit's, of no series, of no year of the programme."""
    before = rows_of(service)
    answers = [reader.get(url)]
    if status != 410:
        answers.append(send(reader, url, {**DATES, "step": "save"}))
    assert [one.status_code for one in answers] == [status] * len(answers)
    assert [hint for hint in ("Kirjasto", "@vaasa", "kulttuurikahvila") if hint in answers[0].text] == []
    assert rows_of(service) == before
    assert send(reader, series_link(), {**DATES, "step": "save"}, headers=FOREIGN).status_code == 403
    assert rows_of(service) == before


def test_a_time_that_the_clocks_skip_is_refused(reader: Reader, service: Service) -> None:
    """Half past three on 30 March 2025 does not exist; said beside the time, nothing kept."""
    posted = {**DATES, "date": ["2025-03-30"], "at": "3:30", "step": "preview"}
    answer = send(reader, series_link() + "?lang=en", posted)
    assert answer.status_code == 422
    assert "so there is no 03:30 on that day" in plain(answer.text)
    assert 'id="at-wrong"' in answer.text
    assert kept(service) == {}


def test_a_weekly_series_is_asked_for_in_january(reader: Reader, service: Service) -> None:
    """The family school has no date in January 2025; its unit is asked once, and finds the question."""
    with service.database.read() as connection:
        people = store_people.contacts_of(connection, KEY)
        items = [one for one in planned.mailed_on(connection, TODAY) if SCHOOL in one.reminder.occurrence]
    unit = next(one.email for one in people if one.organisation == "family-centre")
    asked = [one.reminder for one in items if ":event:week-" in one.reminder.occurrence]
    assert [(one.recipient, one.stage) for one in asked] == [(unit, "-P30D")]
    page = plain(reader.get("/unit/" + Links("x" * 32).issue("unit", "", unit, TODAY) + "?lang=fi").text)
    assert "2025" in page
    url = series_link(SCHOOL, "week", reader=unit)
    assert url in page
    form: dict[str, str | list[str]] = RULE | {
        "days": ["WE"],
        "months-off": [],
        "at": "9.00",
        "ends": "11.00",
    }
    assert send(reader, url, {**form, "step": "save"}).status_code == 303
    assert {row.status for row in events(service, 2025, SCHOOL)} == {"confirmed"}
    assert events(service, 2024, SCHOOL) == []


@pytest.mark.parametrize("until", [date(2024, 12, 20), TODAY])
def test_a_link_of_a_year_that_is_over_leads_on(reader: Reader, service: Service, until: date) -> None:
    """While this year's dates are missing it opens this year's form, expired or not, and thanks for them."""
    url = series_link(year=2024, until=until) + "?lang=en"
    page = reader.get(url)
    assert page.status_code == 200
    assert "Dates of the event in 2025" in plain(page.text)
    assert send(reader, url, {**DATES, "step": "save"}).status_code == 303
    assert [row.due.isoformat() for row in events(service, 2025) if row.status == "confirmed"] == [
        "2025-03-13",
        "2025-10-09",
    ]
    assert reader.get(url).status_code == 200


def test_a_link_of_a_year_that_is_over_is_old_where_nothing_is_missing(
    reader: Reader, service: Service
) -> None:
    """The year's dates were set long before: the old link has nothing to ask."""
    old = series_link(year=2024, until=date(2024, 12, 20))
    send(reader, series_link(), {**RULE, "step": "save"})
    assert reader.get(old).status_code == 200  # within thirty days of the answer
    later = replace(reader, service=replace(service, clock=lambda: service.clock() + timedelta(days=31)))
    assert later.get(old).status_code == 410

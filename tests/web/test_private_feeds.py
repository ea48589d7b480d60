"""Private calendars over HTTP: tokens, 404 and 410, what they hold, who may make them; nothing leaks."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import replace
from datetime import date

import httpx
import icalendar
import pytest

from reminders.errors import NotFoundError, UsageError
from reminders.service import Service
from reminders.store import answers, feeds, people
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.use.feeds.private_feeds import FeedName, issue_feed, revoke_feed
from tests.web.conftest import KEY, Reader
from tests.web.forms import FOREIGN, plain, send

SECRETARY = "board-secretary@vaasa.example"
UNIT = "welfare-unit@vaasa.example"
PAGE = f"/calendars/private?programme={KEY}&lang=en"


def made(service: Service, name: FeedName, address: str, *, alarm: bool = False) -> str:
    """Make a calendar and return its path in Finnish."""
    issued = issue_feed(service, KEY, address, name, alarm=alarm)
    return issued.address("", "fi")


def events(response: httpx.Response) -> dict[str, icalendar.Component]:
    """The entries of an answer by UID."""
    calendar = icalendar.Calendar.from_ical(response.content)
    return {str(one["UID"]): one for one in calendar.walk("VEVENT")}


def contact_of(service: Service) -> str:
    """An address of the welfare unit."""
    with service.database.read() as connection:
        found = people.contacts_of(connection, KEY)
    return next(one.email for one in found if one.organisation == "welfare-unit")


def test_a_unit_sees_its_own(reader: Reader, service: Service) -> None:
    """What the person's unit has, with the state in words; no name, address, basis or SOURCE."""
    url = made(service, "own", contact_of(service))
    response = reader.get(url, accept_encoding="identity")
    assert (response.status_code, response.headers["cache-control"]) == (200, "private, max-age=900")
    assert response.headers["content-disposition"] == 'inline; filename="own-fi.ics"'
    public = events(reader.get("/calendars/welfare-unit-fi.ics", accept_encoding="identity"))
    assert set(events(response)) == set(public)
    text = response.text.replace("\r\n ", "")
    assert "Tila: ei vielä vastausta" in text
    assert "Päivä: " not in text
    assert re.search(r"@|SOURCE|VALARM|✓", text) is None
    assert url.split("/")[3] not in text


def test_the_secretary_sees_who_and_when(reader: Reader, service: Service) -> None:
    """Everything, with wording, basis, and ✓ with unit, person and day; still no address."""
    with service.database.write() as connection:
        named = [
            replace(one, name="Yhteyshenkilö") if one.organisation == "welfare-unit" else one
            for one in people.contacts_of(connection, KEY)
        ]
        people.save_contacts(connection, KEY, named)
    answered = AnswerGiven(
        f"{KEY}:health-dark-season-webinar:review:2024", "on-track", by=contact_of(service)
    )
    record_answer(service, answered)
    response = reader.get(made(service, "secretary", SECRETARY), accept_encoding="identity")
    text = response.text.replace("\r\n ", "")
    assert set(events(response)) == set(
        events(reader.get("/calendars/all-fi.ics", accept_encoding="identity"))
    )
    found = [str(one["DESCRIPTION"]) for one in events(response).values()]
    done = "\n".join(found)
    assert re.search(
        r"^✓ Etenee suunnitellusti: Hyvinvointiyksikkö, Yhteyshenkilö, ti 7\.1\.2025$", done, re.MULTILINE
    )
    assert "Ohjelmassa lukee: " in text
    assert "Päivä: " in text
    assert "@" not in text


def test_alarms_only_when_asked_for(reader: Reader, service: Service) -> None:
    """A VALARM in each entry, of a calendar that asked for it."""
    body = reader.get(made(service, "own", contact_of(service), alarm=True), accept_encoding="identity").text
    assert body.count("BEGIN:VALARM") == body.count("BEGIN:VEVENT") > 0


def test_conditional_requests(reader: Reader, service: Service) -> None:
    """304 by tag and by date, HEAD without a body, 405 for the rest."""
    url = made(service, "own", contact_of(service))
    first = reader.get(url, accept_encoding="identity")
    tag, since = first.headers["etag"], first.headers["last-modified"]
    assert reader.get(url, accept_encoding="identity", if_none_match=tag).status_code == 304
    assert reader.get(url, accept_encoding="identity", if_modified_since=since).status_code == 304
    head = reader.ask("HEAD", url)
    assert (head.status_code, head.content) == (200, b"")
    assert reader.ask("PUT", url).status_code == 405
    assert reader.get(url, accept_encoding="gzip").headers["content-encoding"] == "gzip"
    assert "content-encoding" not in first.headers


def test_wrong_and_revoked(reader: Reader, service: Service) -> None:
    """A wrong token is 404, another feed's name too; a closed one is 410, the other one stays open."""
    one = issue_feed(service, KEY, SECRETARY, "own")
    other = made(service, "own", SECRETARY)
    url = one.address("", "fi")
    assert reader.get(url).status_code == 200
    assert reader.get(url.replace(one.token, "x" * 22)).status_code == 404
    assert reader.get(url.replace("own-fi", "secretary-fi")).status_code == 404
    assert reader.get(url.replace("own-fi", "own-de")).status_code == 404
    revoke_feed(service, one.feed.id)
    gone = reader.get(url)
    assert (gone.status_code, gone.headers["cache-control"]) == (410, "private, no-store")
    assert reader.get(other).status_code == 200
    with pytest.raises(NotFoundError):
        revoke_feed(service, one.feed.id)


def test_who_has_left_reads_nothing_more(reader: Reader, service: Service) -> None:
    """Off the contact list, or no secretary any more, the calendar is closed as if it were revoked."""
    own, whole = made(service, "own", SECRETARY), made(service, "secretary", SECRETARY)
    with service.database.write() as connection:
        contacts = people.contacts_of(connection, KEY)
        moved = [replace(one, role="contact") if one.email == SECRETARY else one for one in contacts]
        people.save_contacts(connection, KEY, moved)
    assert (reader.get(own).status_code, reader.get(whole).status_code) == (200, 410)
    with service.database.write() as connection:
        people.save_contacts(connection, KEY, [one for one in contacts if one.email != SECRETARY])
    assert reader.get(own).status_code == 410


def test_last_use_and_client(reader: Reader, service: Service) -> None:
    """When it was last fetched and by which program stands in the list; the token nowhere."""
    issued = issue_feed(service, KEY, SECRETARY, "own")
    reader.get(issued.address("", "sv"), user_agent="Thunderbird/128")
    with service.database.read() as connection:
        (row,) = feeds.private_feeds_of(connection, KEY)
        stored = feeds.private_feed_by_token(connection, issued.token)
    assert (row.client, row.used_at) == ("Thunderbird/128", service.clock())
    assert stored == row


def test_no_token_in_a_log_line(
    reader: Reader, service: Service, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever is asked with a token, no line of the log holds it."""
    issued = issue_feed(service, KEY, SECRETARY, "own")
    caplog.set_level(logging.DEBUG)
    url = issued.address("", "fi")
    for method in ("GET", "HEAD", "POST"):
        reader.ask(method, url)
    revoke_feed(service, issued.feed.id)
    reader.get(url)
    printed = capfd.readouterr()
    own = [line for line in caplog.text.splitlines() if "httpx" not in line]
    assert issued.token not in "\n".join(own) + printed.out + printed.err


def test_who_may_have_one(service: Service) -> None:
    """A contact of the programme; the secretary's is for a secretary only."""
    with pytest.raises(NotFoundError, match=f"no contact of {KEY} with the address nobody@vaasa.example"):
        issue_feed(service, KEY, "nobody@vaasa.example", "own")
    with pytest.raises(UsageError, match="the secretary's feed: expected a secretary's address"):
        issue_feed(service, KEY, contact_of(service), "secretary")


def test_the_page(reader: Reader, secretary: Reader, service: Service) -> None:
    """The secretary makes one, sees its address this once, and closes it; nobody else does."""
    form = {"address": SECRETARY, "feed": "secretary", "feed-lang": "sv"}
    assert reader.get(PAGE).status_code == 403
    assert send(reader, PAGE, form).status_code == 403
    assert send(secretary, PAGE, form, headers=FOREIGN).status_code == 403
    answer = send(secretary, PAGE, form)
    url = re.search(r"http://127\.0\.0\.1:8000(/calendars/private/[\w-]{22}/secretary-sv\.ics)", answer.text)
    assert url
    assert answer.headers["cache-control"] == "no-store"
    assert reader.get(url[1]).status_code == 200
    page = plain(secretary.get(PAGE).text)
    assert url[1] not in page
    assert "everything with its basis (secretary)" in page
    assert send(secretary, PAGE, {"revoke": "1"}).status_code == 303
    assert reader.get(url[1]).status_code == 410
    assert send(secretary, PAGE, {"revoke": "1"}).status_code == 404
    wrong = send(secretary, PAGE, {"address": "x", "feed": "own"})
    assert (wrong.status_code, "Choose a recipient from the contacts." in wrong.text) == (422, True)


def test_nothing_of_it_in_the_api(reader: Reader, service: Service) -> None:
    """The open API knows nothing of private calendars."""
    made(service, "own", SECRETARY)
    assert "private" not in json.dumps(reader.get("/api/v1/feeds").json())


def urls(response: httpx.Response) -> dict[str, str]:
    """The links of an answer's entries by title."""
    return {str(one["SUMMARY"]): str(one["URL"]) for one in events(response).values()}


def test_two_taps_from_the_calendar(reader: Reader, service: Service) -> None:
    """An entry of one's own leads to the answer's page; answered, it leads to the action, and says so."""
    address = contact_of(service)
    path, base = made(service, "own", address), service.settings.base_url
    before = reader.get(path, accept_encoding="identity")
    title, url = next((t, u) for t, u in urls(before).items() if "/answer/" in u and "digipisteiden" in t)
    page = reader.get(url.removeprefix(base))
    assert (page.status_code, "Mikä on toimenpiteen tilanne?" in page.text) == (200, True)
    assert reader.get(path, accept_encoding="identity").content == before.content
    answer = send(reader, url.removeprefix(base), {"seen": "0", "a": "done"})
    assert answer.status_code == 303
    with service.database.read() as connection:
        newest = answers.answers_of(connection, KEY)[-1]
    assert (newest.organisation, newest.answer, newest.by) == ("welfare-unit", "done", address)
    after = reader.get(path, accept_encoding="identity")
    assert urls(after)[title] == f"{base}/actions/work-open-digital-points?programme=vaasa-2023-2026&lang=fi"
    assert "Tähän on jo vastattu" in reader.get(url.removeprefix(base)).text


def test_only_ones_own_calendar_leads_to_answers(reader: Reader, service: Service) -> None:
    """Neither the public feeds nor the secretary's calendar hold a link that answers."""
    for path in ("/calendars/welfare-unit-fi.ics", made(service, "secretary", SECRETARY)):
        found = urls(reader.get(path, accept_encoding="identity"))
        assert [url for url in found.values() if "/answer/" in url] == []


def test_a_calendars_link_holds_as_long_as_its_matter(service: Service) -> None:
    """Long after the deadline of 31 December it opens; once it was answered, for thirty days more."""
    path = made(service, "own", contact_of(service))
    response = Reader(service).get(path, accept_encoding="identity")
    url = next(u for t, u in urls(response).items() if "/answer/" in u and "digipisteiden" in t)
    clock = [service.clock().replace(month=6, day=1)]
    later = replace(service, clock=lambda: clock[0])
    there, statuses = url.removeprefix(service.settings.base_url), []
    record_answer(later, AnswerGiven(f"{KEY}:work-open-digital-points:milestone:end", "done"))
    for day in (date(2025, 6, 1), date(2025, 7, 1), date(2025, 7, 2)):
        clock[0] = clock[0].replace(month=day.month, day=day.day)
        statuses.append(Reader(later).get(there).status_code)
    assert statuses == [200, 200, 410]

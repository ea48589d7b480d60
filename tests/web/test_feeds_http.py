"""Feeds over HTTP: which there are, conditional requests, octets kept per revision, single entries."""

from __future__ import annotations

import re
from unittest.mock import patch

import pytest

from reminders.use.feeds import source
from reminders.use.programme.store_programme import read_built_in, store_programme
from tests.web.conftest import Reader

ALL = "/calendars/all-sv.ics"


@pytest.mark.parametrize("name", ["all", "events", "deadlines", "work", "health-wellbeing", "welfare-unit"])
@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_feeds(reader: Reader, name: str, lang: str) -> None:
    """Every feed answers in three languages, public, without cookie or address of a person."""
    response = reader.get(f"/calendars/{name}-{lang}.ics", accept_encoding="identity")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    assert response.headers["content-disposition"] == f'inline; filename="{name}-{lang}.ics"'
    assert response.text.startswith("BEGIN:VCALENDAR\r\n")
    assert "@" not in response.text
    assert "set-cookie" not in response.headers


def test_conditional_requests(reader: Reader) -> None:
    """A copy that is still right gets 304 by tag or by date; HEAD has no body."""
    first = reader.get(ALL, accept_encoding="identity")
    assert reader.get(ALL, accept_encoding="identity", if_none_match=first.headers["etag"]).status_code == 304
    since = first.headers["last-modified"]
    assert reader.get(ALL, if_modified_since=since).status_code == 304
    assert reader.get(ALL, if_modified_since="yesterday").status_code == 200
    head = reader.ask("HEAD", ALL)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("url", ["/calendars/nothing-fi.ics", "/calendars/all-de.ics", "/calendars/all.ics"])
def test_unknown_feeds(reader: Reader, url: str) -> None:
    """A feed that is none is 404 in plain text."""
    response = reader.get(url)
    assert (response.status_code, response.headers["content-type"]) == (404, "text/plain; charset=utf-8")


def test_other_methods(reader: Reader) -> None:
    """Only GET and HEAD."""
    response = reader.ask("PUT", ALL)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")


def test_a_revision_is_worked_out_once(reader: Reader) -> None:
    """The second request asks for the revision only."""
    reader.get(ALL)
    with patch.object(source, "calendar_entries", side_effect=AssertionError):
        assert reader.get(ALL).status_code == 200
        assert reader.get("/calendars/all-fi.ics?programme=vaasa-2023-2026").status_code == 200
    assert reader.get("/calendars/all-fi.ics?programme=nothing").status_code == 404


def test_a_single_entry_has_the_uid_of_the_feed(reader: Reader) -> None:
    """The .ics of an action's page holds one entry, the same as in the feed."""
    page = reader.get("/actions/health-dark-season-webinar?lang=fi").text
    url = re.search(r'href="(/calendars/event/[0-9a-f-]{36}-fi\.ics)"', page)
    assert url
    single = reader.get(url[1], accept_encoding="identity").text
    uid = re.search(r"UID:(\S+)", single)
    assert uid
    assert single.count("BEGIN:VEVENT") == 1
    assert f"UID:{uid[1]}" in reader.get("/calendars/all-fi.ics", accept_encoding="identity").text
    assert reader.get("/calendars/event/00000000-0000-0000-0000-000000000000-fi.ics").status_code == 404
    assert reader.get("/calendars/event/nonsense.ics").status_code == 404


def test_another_programme_names_itself(reader: Reader) -> None:
    """Addresses without a programme stay those of the one that ran, whatever is imported beside it."""
    programme, _ = read_built_in("helsinki-2017-2021")
    before = reader.get(ALL, accept_encoding="identity").content
    with reader.service.database.write() as connection:
        store_programme(connection, programme, reader.service.clock())
    assert reader.get(ALL, accept_encoding="identity").content == before
    other = reader.get(f"{ALL}?programme={programme.key}", accept_encoding="identity").text.replace(
        "\r\n ", ""
    )
    assert f"SOURCE;VALUE=URI:http://127.0.0.1:8000/calendars/{programme.key}/all-sv.ics\r\n" in other
    listed = {
        one["programme"]: one["url"]["sv"]
        for one in reader.get("/api/v1/feeds").json()
        if one["name"] == "all"
    }
    assert listed == {
        key: f"http://127.0.0.1:8000/calendars/{key}/all-sv.ics" for key in ("vaasa-2023-2026", programme.key)
    }

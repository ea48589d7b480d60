"""Sessions: links work once, a session is a person's and ages by the service's clock, posts are our own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reminders.planning.recipients import Contact
from reminders.service import Service
from reminders.settings import Settings
from reminders.store import people, programmes as repository
from reminders.use.people.sessions import issue_sign_in, open_sessions, sign_out_everywhere
from reminders.use.programme.store_programme import make_ready
from reminders.web.page import origin_of
from reminders.web.sessions import browser_name, safe_local
from tests.web.conftest import KEY, SECRETARY, TUESDAY, Reader, open_service


@pytest.fixture
def sign_in_link(service: Service) -> str:
    """The address of a link for the secretary."""
    return f"/sign-in/{issue_sign_in(service, SECRETARY)}"


def test_a_link_works_once(reader: Reader, sign_in_link: str) -> None:
    """Looking changes nothing, the button opens a session, a second press says what to do."""
    assert reader.ask("HEAD", sign_in_link).status_code == 200
    assert reader.get(sign_in_link).status_code == 200
    opened = reader.post(sign_in_link)
    assert (opened.status_code, opened.headers["location"]) == (303, "/")
    cookie = opened.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age=604800" in cookie
    assert reader.post(sign_in_link).status_code == 410


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (SECRETARY, 303),
        ("Board-Secretary@Vaasa.example", 303),
        ("hr-unit-contact@vaasa.example", 403),
        ("nobody@vaasa.example", 403),
    ],
)
def test_only_who_may_sign_in_does(reader: Reader, service: Service, address: str, status: int) -> None:
    """A link of somebody who is no secretary by now is used up and opens nothing."""
    opened = reader.post(f"/sign-in/{issue_sign_in(service, address)}")
    assert (opened.status_code, "session" in opened.cookies) == (status, status == 303)


def test_a_session_carries_the_address_as_the_list_writes_it(reader: Reader, service: Service) -> None:
    """What is stored of an act has one spelling."""
    reader.sign_in("BOARD-secretary@vaasa.example")
    assert [one.address for one in open_sessions(service, SECRETARY)] == [SECRETARY]


def test_the_token_is_new_each_time(reader: Reader, service: Service) -> None:
    """A browser that comes with a token gets another one, and the old one opens nothing any more."""
    reader.cookies["session"] = "chosen-by-somebody-else"
    first = reader.sign_in().cookies["session"]
    assert first != "chosen-by-somebody-else"
    second = reader.sign_in().cookies["session"]
    assert first != second
    reader.cookies["session"] = first
    assert reader.get("/outbox").status_code == 403
    assert len(open_sessions(service, SECRETARY)) == 1


@dataclass
class Moving:
    """A service whose clock is moved, on a database of its own."""

    service: Service
    now: datetime = TUESDAY


@pytest.fixture
def moving(tmp_path: Path) -> Iterator[Moving]:
    """The service on 7 January 2025, whose clock a test moves."""
    clock = [TUESDAY]
    opened = open_service(tmp_path, lambda: clock[0])
    make_ready(opened.database, TUESDAY, held=False)
    found = Moving(opened)
    found.service = replace(opened, clock=lambda: found.now)
    yield found
    opened.database.close()


def test_a_session_that_is_used_goes_on_for_a_week(moving: Moving) -> None:
    """A restart of the service ends none; the seventh day does."""
    cookies = Reader(moving.service).sign_in().cookies
    for hours in range(23, 7 * 24, 23):
        moving.now = TUESDAY + timedelta(hours=hours)
        assert (hours, Reader(moving.service, cookies).get("/outbox").status_code) == (hours, 200)
    moving.now = TUESDAY + timedelta(days=7)
    assert Reader(moving.service, cookies).get("/outbox").status_code == 403


def test_a_session_that_is_not_used_ends_after_a_day(moving: Moving) -> None:
    """At the instant itself it is over; a clock before its beginning does not believe it."""
    cookies = Reader(moving.service).sign_in().cookies
    reader = Reader(moving.service, cookies)
    moving.now = TUESDAY - timedelta(hours=1)
    assert reader.get("/outbox").status_code == 403
    moving.now = TUESDAY + timedelta(hours=23, minutes=59)
    assert reader.get("/outbox").status_code == 200
    moving.now += timedelta(hours=24)
    assert reader.get("/outbox").status_code == 403
    for lang, words in (("fi", "kirjautumisesi on päättynyt"), ("sv", "din inloggning har upphört")):
        assert words in reader.get(f"/outbox?lang={lang}").text.lower()
    assert "no longer signed in" in reader.get("/outbox?lang=en").text
    assert "no longer signed in" not in Reader(moving.service).get("/outbox?lang=en").text


def test_the_lengths_are_settings(moving: Moving) -> None:
    """SESSION_IDLE and SESSION_LONGEST."""
    chosen = Settings(session_idle="90min", session_longest="2h")
    assert (chosen.session_idle, chosen.session_longest) == (timedelta(minutes=90), timedelta(hours=2))
    lengths = {"session_idle": chosen.session_idle, "session_longest": chosen.session_longest}
    moving.service = replace(moving.service, settings=moving.service.settings.model_copy(update=lengths))
    reader = Reader(moving.service).sign_in()
    for minutes, status in ((89, 200), (119, 200), (120, 403)):
        moving.now = TUESDAY + timedelta(minutes=minutes)
        assert (minutes, reader.get("/outbox").status_code) == (minutes, status)


def test_most_requests_write_nothing(moving: Moving) -> None:
    """That a session is used is noted every five minutes at most."""
    reader = Reader(moving.service).sign_in()
    seen = []
    for seconds in (0, 10, 299, 300, 310, 599, 600):
        moving.now = TUESDAY + timedelta(seconds=seconds)
        reader.get("/outbox")
        seen.append(int((open_sessions(moving.service, SECRETARY)[0].seen_at - TUESDAY).total_seconds()))
    assert seen == [0, 0, 0, 300, 300, 300, 600]


def replaced(service: Service, *contacts: Contact) -> None:
    """Put others in the place of the programme's secretaries."""
    with service.database.write() as connection:
        rest = [one for one in people.contacts_of(connection, KEY) if one.role != "secretary"]
        people.save_contacts(connection, KEY, [*rest, *contacts])


def test_who_is_removed_is_out_at_the_next_request(secretary: Reader, service: Service) -> None:
    """And stays out when the address comes back: that is another beginning."""
    with service.database.read() as connection:
        before = people.contacts_of(connection, KEY)
    board = next(one.organisation for one in before if one.role == "secretary")
    assert secretary.get("/outbox").status_code == 200
    replaced(service, Contact(board, "secretary", "", "new-secretary@vaasa.example", "fi"))
    assert secretary.get("/outbox").status_code == 403
    assert secretary.post(f"/programmes/{KEY}/hold").status_code == 403
    with service.database.write() as connection:
        people.save_contacts(connection, KEY, before)
    assert secretary.get("/outbox").status_code == 403
    assert secretary.sign_in().get("/outbox").status_code == 200


def test_a_deputy_is_in_meanwhile(service: Service) -> None:
    """On the days of the absence, as the secretary; not a day longer."""
    with service.database.read() as connection:
        found = people.contacts_of(connection, KEY)
    board = next(one.organisation for one in found if one.role == "secretary")
    until = TUESDAY.date()
    deputy = Contact(board, "deputy", "", "stand-in@vaasa.example", "fi", until, until, SECRETARY)
    replaced(service, *(one for one in found if one.role == "secretary"), deputy)
    reader = Reader(service).sign_in("stand-in@vaasa.example")
    assert reader.get("/outbox").status_code == 200
    later = Reader(replace(service, clock=lambda: TUESDAY + timedelta(days=1)), reader.cookies)
    assert later.get("/outbox").status_code == 403


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site", "origin": "https://a.example", "host": "a.example"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": "https://a.example", "host": "a.example"}, True),
        ({"origin": "https://b.example", "host": "inner"}, True),
        ({"origin": "https://evil.example", "host": "a.example"}, False),
        ({"origin": "null", "host": "a.example"}, False),
        ({"host": "a.example"}, False),
    ],
)
def test_where_a_post_comes_from(headers: dict[str, str], ours: bool) -> None:
    """Only what a browser marks as sent from a page of this site."""
    assert (origin_of(headers, "https://b.example") == "ours") is ours


@pytest.mark.parametrize("url", [f"/programmes/{KEY}/hold", "/sign-out"])
def test_posts_are_guarded(reader: Reader, secretary: Reader, url: str) -> None:
    """Without a session or from elsewhere a post is refused and changes nothing."""
    assert reader.post(url).status_code == 403
    foreign = secretary.post(url, sec_fetch_site="cross-site", origin="https://evil.example")
    assert (foreign.status_code, "Pyyntö hylättiin" in foreign.text) == (403, True)
    assert secretary.post(url, sec_fetch_site="", origin="").status_code == 403
    with secretary.service.database.read() as connection:
        assert [row.held for row in repository.all_programmes(connection)] == [False]


def test_hold_and_release(secretary: Reader) -> None:
    """The secretary stops the mail and starts it again."""
    for act, held in (("hold", True), ("release", False)):
        response = secretary.post(f"/programmes/{KEY}/{act}")
        assert (response.status_code, response.headers["location"]) == (303, f"/?programme={KEY}")
        with secretary.service.database.read() as connection:
            assert [row.held for row in repository.all_programmes(connection)] == [held]
    assert secretary.post(f"/programmes/{KEY}/burn").status_code == 404
    assert secretary.post("/programmes/nothing/hold").status_code == 404
    assert secretary.get(f"/programmes/{KEY}/hold").status_code == 405


def test_sign_out(secretary: Reader) -> None:
    """Signing out takes the cookie away, and ends the session for whoever has a copy of the cookie."""
    assert secretary.get("/outbox").status_code == 200
    response = secretary.post("/sign-out")
    assert response.status_code == 303
    assert 'session=""' in response.headers["set-cookie"]
    for lang, words in (
        ("fi", "Olet kirjautunut ulos."),
        ("sv", "Du har loggat ut."),
        ("en", "You have signed"),
    ):
        assert words in Reader(secretary.service).get(f"{response.headers['location']}&lang={lang}").text
    assert secretary.get("/outbox").status_code == 403
    assert secretary.post(f"/programmes/{KEY}/hold").status_code == 403


def test_signing_out_ends_no_other_session(service: Service) -> None:
    """Two sessions of one person are two; everywhere is both, with the links that wait."""
    first, second, link = (
        Reader(service).sign_in(),
        Reader(service).sign_in(),
        issue_sign_in(service, SECRETARY),
    )
    assert first.post("/sign-out").status_code == 303
    assert second.get("/outbox").status_code == 200
    assert sign_out_everywhere(service, SECRETARY) == 1
    assert second.get("/outbox").status_code == 403
    assert second.get(f"/sign-in/{link}").status_code == 410


@pytest.mark.parametrize(
    ("address", "goes_to"),
    [
        ("/outbox?programme=city", "/outbox?programme=city"),
        ("", "/"),
        ("outbox", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/sign-out", "/"),
        ("/sign-in?next=/sign-in", "/"),
        ("/sign-ins", "/sign-ins"),
        (f"/{'a' * 501}", "/"),
        ("/a b", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
    ],
)
def test_where_one_goes_on(address: str, goes_to: str) -> None:
    """To a page of this service only."""
    assert safe_local(address) == goes_to


def test_a_link_leads_on_to_a_page(reader: Reader, sign_in_link: str) -> None:
    """To that which the address names."""
    assert reader.post(f"{sign_in_link}?next=/outbox").headers["location"] == "/outbox"


_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0) {_WEBKIT} Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        (f"Mozilla/5.0 (iPhone; like Mac OS X) {_WEBKIT} Version/18.0 Safari/604.1", "Safari, iPhone"),
        (f"Mozilla/5.0 (Linux; Android 14) {_WEBKIT} Chrome/130.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_what_a_browser_is_called(user_agent: str, name: str) -> None:
    """By the name under which people know it, and where it runs."""
    assert browser_name(user_agent) == name

"""The session: links work once, cookies age by the service's clock, posts come from our own pages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders.service import Service
from reminders.store import programmes as repository, sessions
from reminders.web.page import origin_of
from reminders.web.site import Seal
from tests.web.conftest import KEY, TUESDAY, Reader


@pytest.fixture
def sign_in_link(service: Service) -> str:
    """The address that the service prints when it starts."""
    with service.database.write() as connection:
        sessions.add_sign_in(connection, "token", TUESDAY)
    return "/sign-in/token"


def test_a_link_works_once(reader: Reader, sign_in_link: str) -> None:
    """A HEAD changes nothing, the first GET opens a session, the second says what to do."""
    assert reader.ask("HEAD", sign_in_link).status_code == 200
    opened = reader.get(sign_in_link)
    assert (opened.status_code, opened.headers["location"]) == (303, "/")
    cookie = opened.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age=43200" in cookie
    assert reader.get(sign_in_link).status_code == 410


def test_the_session_opens_the_outbox(reader: Reader, sign_in_link: str) -> None:
    """The cookie of the link is the session."""
    reader.cookies["session"] = (
        reader.get(sign_in_link).headers["set-cookie"].partition(";")[0].partition("=")[2]
    )
    assert reader.get("/outbox").status_code == 200


def test_a_session_ages() -> None:
    """It holds for twelve hours; altered, foreign or none at all it does not."""
    seal = Seal("x" * 32)
    value = seal.issue(TUESDAY)
    assert seal.holds(value, TUESDAY + timedelta(hours=11, minutes=59))
    assert not seal.holds(value, TUESDAY + timedelta(hours=12, minutes=1))
    assert not seal.holds(value, TUESDAY - timedelta(hours=1))
    assert not seal.holds(value + "x", TUESDAY)
    assert not Seal("y" * 32).holds(value, TUESDAY)
    assert not seal.holds(None, TUESDAY)
    assert not seal.holds(str(seal._serializer().dumps(int(TUESDAY.timestamp()))), TUESDAY)


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
    assert secretary.get("/outbox").status_code == 403
    assert secretary.post(f"/programmes/{KEY}/hold").status_code == 403


def test_signing_out_ends_no_other_session(reader: Reader, service: Service) -> None:
    """Two sessions opened at the same instant are two; the second goes on when the first has ended."""
    cookies = []
    for token in ("one", "two"):
        with service.database.write() as connection:
            sessions.add_sign_in(connection, token, TUESDAY)
        opened = reader.get(f"/sign-in/{token}").headers["set-cookie"]
        cookies.append(opened.partition(";")[0].partition("=")[2])
    reader.cookies["session"] = cookies[0]
    assert reader.post("/sign-out").status_code == 303
    reader.cookies["session"] = cookies[1]
    assert reader.get("/outbox").status_code == 200

"""Signing in through the city's own service: only whom it vouches for, and only secretaries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
import structlog

from reminders.service import Service
from reminders.store import people
from tests.web.conftest import KEY, TUESDAY, Reader
from tests.web.idp import CLIENT, FOREIGN, SECRET, Idp, running


@dataclass
class Browser:
    """A reader whose service knows a sign-in service."""

    reader: Reader
    idp: Idp

    def begin(self) -> str:
        """Choose Sign in; return where the browser is sent."""
        answer = self.reader.get("/sign-in")
        assert answer.status_code == 303
        self.reader.cookies.update(answer.cookies)
        return answer.headers["location"]

    def back(self, address: str) -> int:
        """Come back; keep the session; return the status."""
        answer = self.reader.get(address.removeprefix("http://127.0.0.1:8000"))
        self.reader.cookies.update(answer.cookies)
        return answer.status_code


@pytest.fixture
def browser(service: Service) -> Iterator[Browser]:
    """A browser without a session."""
    with running(int(TUESDAY.timestamp())) as idp:
        settings = service.settings.model_copy(
            update={
                "oidc_issuer": idp.issuer,
                "oidc_client_id": CLIENT,
                "oidc_client_secret": type(service.settings)
                .model_validate(
                    {
                        "oidc_issuer": idp.issuer,
                        "oidc_client_id": CLIENT,
                        "oidc_client_secret": SECRET,
                    }
                )
                .oidc_client_secret,
            }
        )
        yield Browser(Reader(replace(service, settings=settings)), idp)


def test_the_secretary_signs_in(browser: Browser) -> None:
    """There, back, and the session holds; upper case in the address is no matter."""
    browser.idp.address = "Board-Secretary@vaasa.example"
    assert browser.back(browser.idp.authorize(browser.begin())) == 303
    assert browser.reader.get("/outbox").status_code == 200


def test_nobody_else_does(browser: Browser) -> None:
    """A contact of a unit is vouched for, and has no role here; nor is the sign-in cookie a session."""
    browser.idp.address = "hr-unit-contact@vaasa.example"
    assert browser.back(browser.idp.authorize(browser.begin())) == 403
    assert browser.reader.get("/outbox").status_code == 403


def test_a_board_without_a_secretary_signs_in_by_its_mailbox(browser: Browser) -> None:
    """Where nobody was ever named, whoever gets the secretary's mail is the secretary, here too."""
    with browser.reader.service.database.write() as connection:
        contacts = people.contacts_of(connection, KEY)
        people.save_contacts(connection, KEY, [one for one in contacts if one.role != "secretary"])
    browser.idp.address = "multiculturalism-board@vaasa.example"
    assert browser.back(browser.idp.authorize(browser.begin())) == 303
    assert browser.reader.get("/outbox").status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"aud": "another"},
        {"nonce": "another"},
        {"exp": int(TUESDAY.timestamp()) - 120},
        {"email_verified": False},
        {"email": None},
        {"azp": "another", "aud": [CLIENT, "another"]},
    ],
)
def test_a_token_with_a_wrong_claim_opens_nothing(browser: Browser, changes: dict[str, object]) -> None:
    """Issuer, audience, nonce, time, an address that nobody checked, a token made for another."""
    browser.idp.changes = changes
    assert browser.back(browser.idp.authorize(browser.begin())) == 403
    assert browser.reader.get("/outbox").status_code == 403


def test_a_foreign_signature_opens_nothing(browser: Browser) -> None:
    """The key is not one of the service's."""
    browser.idp.key = FOREIGN
    assert browser.back(browser.idp.authorize(browser.begin())) == 403
    assert browser.reader.get("/outbox").status_code == 403


def test_what_was_begun_elsewhere_opens_nothing(browser: Browser) -> None:
    """Another state, no cookie, a code used twice."""
    good = browser.idp.authorize(browser.begin())
    assert browser.back(good.replace("state=", "state=x")) == 403
    assert browser.back(browser.idp.authorize(browser.begin()).replace("code=", "code=x")) == 403
    kept = dict(browser.reader.cookies)
    browser.reader.cookies.clear()
    assert browser.back(good) == 403
    browser.reader.cookies.update(kept)
    assert browser.back(browser.idp.authorize(browser.begin())) == 303
    assert browser.back("/sign-in/return?code=code-0&state=x") == 403


def test_a_service_that_is_another_or_away(browser: Browser) -> None:
    """A page that says so, not an error of ours."""
    browser.idp.described_as = "https://other.example"
    assert browser.reader.get("/sign-in").status_code == 502
    browser.idp.described_as = ""
    begun = browser.begin()
    browser.idp.issuer = "http://127.0.0.1:1"
    assert browser.back(browser.idp.authorize(begun)) == 403


def test_no_secret_is_logged(browser: Browser) -> None:
    """A refusal names a kind of error, neither code, state nor secret."""
    browser.idp.changes = {"nonce": "another"}
    with structlog.testing.capture_logs() as logs:
        address = browser.idp.authorize(browser.begin())
        browser.back(address)
    assert [(one["event"], one["log_level"]) for one in logs] == [("sign-in refused", "warning")]
    assert not any(secret in str(logs) for secret in (SECRET, "code-", address.rpartition("=")[2]))


@pytest.mark.parametrize(
    ("lang", "words"), [("fi", "Kirjaudu sisään"), ("sv", "Logga in"), ("en", "Sign in")]
)
def test_the_link_stands_on_every_page(browser: Browser, reader: Reader, lang: str, words: str) -> None:
    """Where a service is named; elsewhere there is neither link nor route."""
    assert f'<a href="/sign-in">{words}</a>' in browser.reader.get(f"/?lang={lang}").text
    assert 'href="/sign-in"' not in reader.get(f"/?lang={lang}").text
    assert reader.get("/sign-in").status_code == 404

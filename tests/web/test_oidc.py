"""Signing in through the city's own service: only whom it vouches for, and only secretaries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest
import structlog

from reminders.service import Service
from reminders.settings import EXPECTED, Settings
from reminders.store import people
from reminders.use.people.sign_in import unbind_account
from reminders.use.watch import doctor
from tests.web.conftest import KEY, TUESDAY, Reader
from tests.web.idp import ACCESS, CLIENT, FOREIGN, NEXT_KEY, SECRET, Idp, running


@dataclass
class Browser:
    """A reader whose service knows a sign-in service."""

    reader: Reader
    idp: Idp

    def begin(self, next_path: str = "") -> str:
        """Choose the city's sign-in; return where the browser is sent."""
        answer = self.reader.get(f"/sign-in/service{f'?next={next_path}' if next_path else ''}")
        assert answer.status_code == 303
        self.reader.cookies.update(answer.cookies)
        return answer.headers["location"]

    def back(self, address: str) -> int:
        """Come back; keep the session; return the status."""
        return self.answer(address).status_code

    def answer(self, address: str) -> httpx.Response:
        """Come back; keep the session; return the answer."""
        answer = self.reader.get(address.removeprefix("http://127.0.0.1:8000"))
        self.reader.cookies.update(answer.cookies)
        return answer

    def sign_in(self) -> int:
        """Go there and back; return the status."""
        return self.back(self.idp.authorize(self.begin()))

    def is_in(self) -> bool:
        """Tell whether the session opens what is for secretaries."""
        return self.reader.get("/outbox").status_code == 200


def browser_with(service: Service, idp: Idp, **more: str) -> Browser:
    """Return a browser without a session, whose service knows the sign-in service."""
    named = {"oidc_issuer": idp.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET, **more}
    read = Settings(**named)
    update = {name: getattr(read, name) for name in EXPECTED if name.startswith("oidc_")}
    return Browser(Reader(replace(service, settings=service.settings.model_copy(update=update))), idp)


@pytest.fixture
def idp() -> Iterator[Idp]:
    """A sign-in service."""
    with running(int(TUESDAY.timestamp())) as idp:
        yield idp


@pytest.fixture
def browser(service: Service, idp: Idp) -> Browser:
    """A browser without a session."""
    return browser_with(service, idp)


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
        {"iat": int(TUESDAY.timestamp()) + 120},
        {"sub": None},
        {"exp": None},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "false"},
        {"email": None},
        {"email": "board-secretary"},
        {"azp": "another"},
        {"aud": [CLIENT, "another"]},
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


def test_an_answer_is_refused_before_anything_is_asked(browser: Browser) -> None:
    """Another state, and an error of the service, cost no request; a wrong ``iss`` none for a token."""
    begun = browser.begin()
    for changes in ({"state": "another"}, {"error": "access_denied", "code": ""}, {"code": ""}):
        browser.idp.answer = changes
        asked = len(browser.idp.requests)
        assert browser.back(browser.idp.authorize(begun)) == 403
        assert browser.idp.requests[asked:] == []
        begun = browser.begin()
    assert not browser.is_in()


@pytest.mark.parametrize(
    ("announced", "iss", "status"),
    [
        (True, "own", 303),
        (True, "", 403),
        (True, "https://other.example", 403),
        (False, "own", 303),
        (False, "", 303),
        (False, "https://other.example", 403),
    ],
)
def test_the_answer_says_whose_it_is(browser: Browser, announced: bool, iss: str, status: int) -> None:
    """Where the service announces ``iss`` (RFC 9207) it is there; where it is there, it is right."""
    browser.idp.about = {"authorization_response_iss_parameter_supported": announced}
    browser.idp.answer = {"iss": browser.idp.issuer if iss == "own" else iss}
    assert browser.sign_in() == status
    assert ("/token" in browser.idp.requests) is (status == 303)


def test_the_address_is_asked_of_user_info(browser: Browser) -> None:
    """Where the ID token says none; of the same subject, and checked, or it opens nothing."""
    browser.idp.changes = {"email": None, "email_verified": None}
    good = {"sub": "1", "email": browser.idp.address, "email_verified": True}
    for wrong in (
        good | {"sub": "2"},
        {name: value for name, value in good.items() if name != "sub"},
        good | {"email_verified": False},
        {"sub": "1", "email": browser.idp.address},
        {"sub": "1"},
    ):
        browser.idp.user_info = wrong
        browser = Browser(Reader(browser.reader.service), browser.idp)
        assert browser.sign_in() == 403, wrong
        assert not browser.is_in()
    browser.idp.user_info = good
    assert browser.sign_in() == 303
    assert browser.is_in()


def test_user_info_is_not_asked_where_the_token_says_all(browser: Browser) -> None:
    """One request less, and one place less that has to be believed."""
    browser.idp.user_info = {"sub": "1", "email": "somebody@else.example", "email_verified": True}
    assert browser.sign_in() == 303
    assert "/me" not in browser.idp.requests


def test_claims_and_scopes_are_settings(service: Service, idp: Idp) -> None:
    """The address and what vouches for it by other names, as Entra ID has them."""
    named = {"oidc_claim": "upn", "oidc_verified_claim": "xms_edov", "oidc_scopes": "openid profile"}
    browser = browser_with(service, idp, **named)
    assert "scope=openid+profile" in browser.begin()
    idp.changes = {"email": None, "email_verified": None, "upn": idp.address}
    assert browser.sign_in() == 403
    idp.changes |= {"xms_edov": "1"}
    assert browser.sign_in() == 303


def test_an_address_is_bound_to_its_first_account(browser: Browser) -> None:
    """Another account that comes with it is refused until somebody lets go of the first; then that one is."""
    assert browser.sign_in() == 303
    browser.idp.changes = {"sub": "2"}
    other = Browser(Reader(browser.reader.service), browser.idp)
    answer = other.answer(browser.idp.authorize(other.begin()))
    assert answer.status_code == 403
    assert "toisella tunnuksella" in answer.text
    assert not other.is_in()
    assert unbind_account(browser.reader.service, "BOARD-secretary@vaasa.example") == 1
    assert other.sign_in() == 303
    browser.idp.changes = {}
    assert Browser(Reader(browser.reader.service), browser.idp).sign_in() == 403


def test_the_secret_goes_as_the_service_takes_it(browser: Browser) -> None:
    """In the form where it says that it takes no header."""
    browser.idp.about = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert browser.sign_in() == 303


def test_the_doctor_looks_at_the_service(browser: Browser) -> None:
    """Its keys, the way back, PKCE; what is not as it must be, and an account that was refused."""

    def checked(**about: object) -> tuple[str, str]:
        browser.idp.about = about
        (check,) = doctor.sign_in_service(browser.reader.service)
        return check.state, check.found

    issuer = browser.idp.issuer
    assert checked() == ("ok", f"{issuer}: 1 key; sends back to http://127.0.0.1:8000/sign-in/return")
    assert checked(code_challenge_methods_supported=None)[1].endswith("does not say whether it takes PKCE")
    assert checked(code_challenge_methods_supported=["plain"]) == (
        "fails",
        f"{issuer}: takes no PKCE by S256",
    )
    state, found = checked(issuer="https://login.example/{tenantid}/v2.0")
    assert (state, "set OIDC_ISSUER to the address of your own" in found) == ("fails", True)
    assert checked(jwks_uri=f"{issuer}/nothing")[0] == "fails"
    browser.idp.about = {}
    assert browser.sign_in() == 303
    browser.idp.changes = {"sub": "2"}
    assert browser.sign_in() == 403
    state, found = checked()
    assert (state, "another account came for board-secretary@vaasa.example on 2025-01-07" in found) == (
        "look",
        True,
    )
    assert doctor.sign_in_service(replace(browser.reader.service, settings=Settings())) == ()


def test_a_stranger_binds_nothing(browser: Browser) -> None:
    """Else whoever is not yet a secretary could take the place of the next one."""
    browser.idp.address = "hr-unit-contact@vaasa.example"
    assert browser.sign_in() == 403
    assert unbind_account(browser.reader.service, browser.idp.address) == 0


def test_description_and_keys_are_kept_for_an_hour(service: Service, idp: Idp) -> None:
    """Two people cost one look at each; after an hour there is another."""
    now = [TUESDAY]
    browser = browser_with(replace(service, clock=lambda: now[0]), idp)
    discovery = "/.well-known/openid-configuration"
    looked = []
    for minutes in (0, 59, 2):
        now[0] += timedelta(minutes=minutes)
        idp.now = int(now[0].timestamp())
        assert browser.sign_in() == 303
        looked.append((idp.requests.count(discovery), idp.requests.count("/keys")))
    assert looked == [(1, 1), (1, 1), (2, 2)]


def test_a_new_key_is_fetched_once(browser: Browser) -> None:
    """The service begins to sign with another: its keys are looked at anew, once for one that it hides."""
    assert browser.sign_in() == 303
    browser.idp.key, browser.idp.shown = NEXT_KEY, [*browser.idp.shown, NEXT_KEY]
    assert browser.sign_in() == 303
    assert browser.idp.requests.count("/keys") == 2
    browser.idp.shown = browser.idp.shown[:1]
    assert browser.sign_in() == 303  # it is still kept
    browser.idp.key = FOREIGN
    assert browser.sign_in() == 403
    assert browser.idp.requests.count("/keys") == 3


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"issuer": "https://other.example"}, "describes itself as https://other.example"),
        ({"issuer": "https://login.example/{tenantid}/v2.0"}, "serves many organisations"),
        ({"issuer": None}, "describes itself as None"),
        ({"token_endpoint": "http://login.example/token"}, "no https address as token_endpoint"),
        ({"jwks_uri": None}, "no https address as jwks_uri"),
        ({"authorization_endpoint": ["https://login.example"]}, "no https address as authorization_endpoint"),
    ],
)
def test_a_description_that_is_not_as_it_must_be(
    browser: Browser, about: dict[str, object], words: str
) -> None:
    """Another issuer, a template of many tenants, an address in clear: a page says so, the log why."""
    browser.idp.about = about
    with structlog.testing.capture_logs() as logs:
        assert browser.reader.get("/sign-in/service").status_code == 502
    assert words in logs[0]["reason"]


def test_a_service_that_is_away(browser: Browser) -> None:
    """A page that says so, not an error of ours."""
    begun = browser.begin()
    browser.idp.about = {"token_endpoint": "http://127.0.0.1:1/token"}
    browser = browser_with(browser.reader.service, browser.idp)
    assert browser.back(browser.idp.authorize(browser.begin())) == 403
    browser = browser_with(browser.reader.service, browser.idp, oidc_issuer="http://127.0.0.1:1")
    assert browser.reader.get("/sign-in/service").status_code == 502
    assert browser.back(browser.idp.authorize(begun)) == 403


def test_after_sign_in_comes_the_page_that_was_asked_for(browser: Browser) -> None:
    """A page of ours, kept in the browser meanwhile; no other site."""
    for asked, comes in (("/forecast?by=unit", "/forecast?by=unit"), ("//evil.example", "/")):
        begun = browser.begin(quote(asked))
        assert browser.answer(browser.idp.authorize(begun)).headers["location"] == comes


def test_no_secret_is_logged(browser: Browser) -> None:
    """A refusal names a kind of error, neither code, state nor secret."""
    browser.idp.changes = {"nonce": "another"}
    with structlog.testing.capture_logs() as logs:
        address = browser.idp.authorize(browser.begin())
        browser.back(address)
    assert [(one["event"], one["log_level"]) for one in logs] == [("sign-in refused", "warning")]
    assert not any(secret in str(logs) for secret in (SECRET, ACCESS, "code-", address.rpartition("=")[2]))


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("fi", "Kirjaudu kaupungin tunnuksella"),
        ("sv", "Logga in med stadens konto"),
        ("en", "Sign in with the city’s account"),
    ],
)
def test_the_page_offers_both_ways(browser: Browser, reader: Reader, lang: str, words: str) -> None:
    """The city's own first, where one is set; elsewhere there is neither link nor route."""
    page = browser.reader.get(f"/sign-in?lang={lang}&next=%2Fforecast").text
    link = f'<a class="btn" href="/sign-in/service?next=%2Fforecast">{words}</a>'
    assert 0 < page.find(link) < page.find('name="address"')
    assert words not in reader.get(f"/sign-in?lang={lang}").text
    assert reader.get("/sign-in/service").status_code == 410

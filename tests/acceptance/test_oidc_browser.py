"""Signing in through a real sign-in service, node oidc-provider, in a real browser.

As it is set up by default, it tells the address at UserInfo only, and announces ``iss`` in its answers.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from reminders.service import Service
from reminders.store import people
from tests.acceptance.conftest import patient_context, serve
from tests.acceptance.test_pages_browser import browser, pytestmark
from tests.conftest import ROOT
from tests.web.conftest import KEY, history, open_service
from tests.web.idp import CLIENT, SECRET

__all__ = ["browser", "history", "pytestmark"]

SECRETARY = "board-secretary@vaasa.example"
SCRIPT = ROOT / "tests" / "acceptance" / "oidc_provider.mjs"


@dataclass
class City:
    """A service whose pages offer the city's sign-in, and a browser window that looks at them."""

    service: Service
    address: str
    page: Page

    def sign_in(self, login: str = SECRETARY) -> None:
        """Choose the city's sign-in and give a name there."""
        self.page.goto(f"{self.address}/outbox?lang=en")
        self.page.get_by_role("main").get_by_role("link", name="Sign in").click()
        self.page.get_by_role("link", name="Sign in with the city’s account").click()
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", "any")
        self.page.get_by_role("button", name="Sign-in").click()
        self.page.get_by_role("button", name="Continue").click()

    def heading(self) -> str:
        """Return what the page is about."""
        return self.page.get_by_role("heading", level=1).inner_text()


@contextmanager
def running_provider(node: str, redirect_uri: str, **wanted: object) -> Iterator[str]:
    """Run the sign-in service; gives its issuer."""
    client = {"client_id": CLIENT, "client_secret": SECRET, "redirect_uri": redirect_uri}
    command = [node, str(SCRIPT), json.dumps(client | wanted)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=SCRIPT.parent) as process:
        try:
            assert process.stdout
            yield next(line.strip() for line in process.stdout if line.startswith("http://"))
        finally:
            process.terminate()


@pytest.fixture
def city(
    request: pytest.FixtureRequest, browser: Browser, node: str, history: Path, tmp_path: Path
) -> Iterator[City]:
    """The service and the provider, which is as the test's parameter says; it is now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shutil.copytree(history, tmp_path, dirs_exist_ok=True)
    base = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        wanted = getattr(request, "param", {})
        issuer = stack.enter_context(running_provider(node, f"{base}/sign-in/return", **wanted))
        named = {"oidc_issuer": issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
        service = open_service(tmp_path, lambda: datetime.now(UTC), base_url=base, **named)
        stack.callback(service.database.close)
        address = stack.enter_context(serve(service, port))
        context = patient_context(browser)
        stack.callback(context.close)
        yield City(service, address, context.new_page())


@pytest.mark.parametrize("city", [{}, {"in_token": True}], indirect=True, ids=["at UserInfo", "in the token"])
def test_the_secretary_signs_in(city: City) -> None:
    """From a page that asks for it, there, and back to that page."""
    city.sign_in()
    expect(city.page).to_have_url(f"{city.address}/outbox?lang=en")
    expect(city.page.get_by_role("button", name="Sign out")).to_be_visible()


@pytest.mark.parametrize(
    "city",
    [{"audience": "another"}, {"verified": False}, {"verified": False, "in_token": True}],
    indirect=True,
    ids=["wrong audience", "address not checked", "not checked, in the token"],
)
def test_what_is_not_as_it_must_be_opens_nothing(city: City) -> None:
    """A token for another service, an address that nobody has checked."""
    city.sign_in()
    assert city.heading() == "Signing in did not succeed"
    assert city.page.goto(f"{city.address}/outbox").status == 403  # type: ignore[union-attr]


def test_whoever_declines_is_not_signed_in(city: City) -> None:
    """Cancelled at the service (``error=access_denied``): a page says so, and leads to another try."""
    city.page.goto(f"{city.address}/sign-in?lang=en")
    city.page.get_by_role("link", name="Sign in with the city’s account").click()
    city.page.get_by_role("link", name="Cancel").click()
    assert "error=access_denied" in city.page.url
    assert city.heading() == "Signing in did not succeed"
    city.page.get_by_role("main").get_by_role("link", name="Sign in").click()
    expect(city.page).to_have_url(f"{city.address}/sign-in")


def test_a_removed_secretary_is_refused(city: City) -> None:
    """Whoever the service vouches for, and the list no longer names."""
    with city.service.database.write() as connection:
        listed = people.contacts_of(connection, KEY)
        people.save_contacts(connection, KEY, [one for one in listed if one.email != SECRETARY])
    city.sign_in()
    assert city.heading() == "You do not have access to this service"
    assert city.page.goto(f"{city.address}/outbox").status == 403  # type: ignore[union-attr]

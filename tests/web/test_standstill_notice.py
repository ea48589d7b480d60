"""The notice that mail does not leave: on every page of the secretary, in three languages, with a button."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reminders.service import Service
from reminders.store import installation, watch
from schedule_rules.programme import Lang
from tests.web.conftest import KEY, TUESDAY, Reader

SERVER = {"smtp_url": "smtp://127.0.0.1:1"}


def reader_of(service: Service) -> Reader:
    """The secretary, on a service that sends by SMTP."""
    settings = type(service.settings)(
        database_url=service.settings.database_url, mail_folder=service.settings.mail_folder, **SERVER
    )
    return Reader(replace(service, settings=settings)).sign_in()


def close(service: Service, cause: str) -> None:
    """A server that has just refused everybody, and rests."""
    with service.database.write() as connection:
        until, reason = TUESDAY + timedelta(minutes=5), "rcpt 550: x@vaasa.example refused"
        watch.set_breaker(connection, "smtp", 1, until, reason, cause)


@pytest.mark.parametrize(
    ("lang", "heading", "why", "button", "soon"),
    [
        (
            "fi",
            "Viestejä ei voi lähettää",
            "ei anna tämän palvelun lähettää",
            "Yritä heti",
            "viiden minuutin",
        ),
        ("sv", "Meddelanden kan inte skickas", "låter inte tjänsten skicka", "Försök igen nu", "fem minuter"),
        ("en", "Messages cannot be sent", "does not let this service send", "Try again now", "five minutes"),
    ],
)
def test_a_closed_server_is_told_with_its_button(
    service: Service, lang: Lang, heading: str, why: str, button: str, soon: str
) -> None:
    """On any page; pressed, the button is gone and the next attempt is said; the public sees nothing."""
    secretary = reader_of(service)
    close(service, "relay")
    for path in ("/", "/outbox", "/contacts"):
        shown = secretary.get(f"{path}?lang={lang}&programme={KEY}").text
        assert [part in shown for part in (heading, why, button, "x@vaasa.example")] == [True] * 3 + [False]
        assert soon not in shown
    assert heading not in Reader(secretary.service).get(f"/?lang={lang}").text
    assert Reader(secretary.service).post("/mail-channel/try-again").status_code in {302, 303, 403}
    with service.database.read() as connection:
        assert watch.breaker(connection, "smtp")[1] is not None
    assert secretary.post("/mail-channel/try-again").status_code == 303
    after = secretary.get(f"/?lang={lang}").text
    assert [part in after for part in (heading, button, soon)] == [True, False, True]


@pytest.mark.parametrize(
    ("lang", "count", "button"),
    [
        ("fi", "Lupaa odottavia viestejä: 210", "Anna viestien lähteä"),
        ("sv", "Meddelanden som väntar på tillstånd: 210", "Låt dem skickas"),
        ("en", "Messages that wait for permission: 210", "Let them go"),
    ],
)
def test_many_mails_are_let_go_by_a_button(service: Service, lang: Lang, count: str, button: str) -> None:
    """They wait for a yes; after it the page says when they go."""
    secretary = reader_of(service)
    with service.database.write() as connection:
        installation.ask_count(connection, 210)
    shown = secretary.get(f"/?lang={lang}").text
    assert (count in shown, button in shown) == (True, True)
    assert secretary.post("/mail-channel/let-go").status_code == 303
    with service.database.read() as connection:
        asked = installation.asked_count(connection)
    assert asked is not None
    assert asked.accepted_until == TUESDAY.replace(hour=0) + timedelta(days=1)
    after = secretary.get(f"/?lang={lang}").text
    assert (count in after, button in after) == (True, False)

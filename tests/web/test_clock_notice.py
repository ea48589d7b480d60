"""The notice that the clock does not fit: what it shows, what was expected, and how to answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders.service import Service
from reminders.store import installation, planned
from schedule_rules.programme import Lang
from tests.web.conftest import TUESDAY, Reader

GAP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("lang", "heading", "waits"),
    [
        ("fi", "Palvelun kello on tarkistettava", "Mitään ei lähetetä"),
        ("sv", "Tjänstens klocka måste kontrolleras", "Ingenting skickas"),
        ("en", "The clock of the service has to be checked", "Nothing is sent"),
    ],
)
@pytest.mark.parametrize("kind", ["jump", "behind"])
def test_a_clock_that_does_not_fit_is_told(
    service: Service, kind: str, lang: Lang, heading: str, waits: str
) -> None:
    """On each page of the secretary, with the command that answers; the public sees nothing of it."""
    secretary, anybody = Reader(service).sign_in(), Reader(service)
    assert heading not in secretary.get(f"/?lang={lang}").text
    with service.database.write() as connection:
        if kind == "jump":
            installation.ask_about_clock(connection, TUESDAY - timedelta(hours=3), TUESDAY)
        else:
            planned.set_planned(connection, TUESDAY.date() + timedelta(days=2), TUESDAY, "1")
    page = secretary.get(f"/?lang={lang}").text
    assert (heading in page, waits in page, "reminders tick --accept-clock" in page) == (True, True, True)
    assert heading not in anybody.get(f"/?lang={lang}").text

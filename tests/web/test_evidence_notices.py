"""What the secretary and the service's people are told of a restored backup, and of another secret key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from email_templates.alarm import render_alarm
from reminders.service import Service
from reminders.store import installation
from reminders.use.watch.alarm import troubles
from tests.web.conftest import DECEMBER, Reader

RESTORED = {
    "fi": ("Lähetys odottaa: varmuuskopio on palautettu", "Tietokanta on palautettu varmuuskopiosta"),
    "sv": ("Utskicken väntar: en säkerhetskopia har återställts", "Databasen har återställts från"),
    "en": ("Sending waits: a backup was restored", "The database was restored from a backup made on"),
}
KEYS = {
    "fi": ("Salainen avain on vaihtunut", "Palvelun salainen avain ei ole se"),
    "sv": ("Den hemliga nyckeln har bytts", "Tjänstens hemliga nyckel är inte den"),
    "en": ("The secret key has changed", "The secret key of the service is not the one"),
}


def ask_about_december(service: Service) -> None:
    """A backup of December was restored."""
    with service.database.write() as connection:
        installation.ask_about_restore(connection, DECEMBER)


@pytest.mark.parametrize("lang", RESTORED)
def test_a_restored_backup_is_told(service: Service, lang: str) -> None:
    """On every page for the signed-in, in the alarm, and by the health check, until somebody has answered."""
    heading, alarm = RESTORED[lang]
    assert heading not in Reader(service).sign_in().get(f"/?lang={lang}").text
    ask_about_december(service)
    assert heading in Reader(service).sign_in().get(f"/outbox?lang={lang}").text
    assert heading not in Reader(service).get(f"/?lang={lang}").text
    assert alarm in render_alarm(troubles(service)).text
    health = Reader(service).get("/health")
    assert (health.status_code, "2024-12-20 09:00" in health.json()["reason"]) == (503, True)


@pytest.mark.parametrize("lang", KEYS)
def test_another_secret_key_is_told(service: Service, lang: str) -> None:
    """The same, under a key that is not the database's."""
    heading, alarm = KEYS[lang]
    assert heading not in Reader(service).sign_in().get(f"/?lang={lang}").text
    other = replace(service, secret="y" * 32)
    assert heading in Reader(other).sign_in().get(f"/?lang={lang}").text
    assert heading not in Reader(other).get(f"/?lang={lang}").text
    assert alarm in render_alarm(troubles(other)).text
    assert Reader(other).get("/health").status_code == 503

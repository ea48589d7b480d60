"""Pages and commands say what is: one of something, what is still to come, what a mail is."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from email_templates.plain_text import counted
from reminders.delivery import MemoryTransport
from reminders.store import Database
from reminders.web.catalogue import say
from reminders.web.programme.settings import setting_words
from schedule_rules.programme import LANGUAGES, Lang
from tests.cli.conftest import Runner, reminders
from tests.conftest import HELSINKI
from tests.issues.city import SECRETARY, City, released_city
from tests.use.office import service_on
from tests.web.conftest import Reader
from tests.web.forms import plain

__all__ = ["reminders"]

ALPHA = "alpha,contact,,alpha@city.example,en,,,"


def read(city: City, when: str, address: str, *, signed_in: bool = True) -> str:
    """A page at a moment, its words in one line."""
    now = datetime.fromisoformat(when).replace(tzinfo=HELSINKI)
    service = service_on(Database(f"sqlite:///{city.folder}/var/reminders.db"), MemoryTransport(), now)
    reader = Reader(service)
    if signed_in:
        reader.sign_in()
    return " ".join(plain(re.sub(r"<[^>]+>", " ", reader.get(address).text)).split())


@pytest.mark.parametrize(
    ("lang", "well", "waits"),
    [
        (
            "en",
            "The only action of the programme is up to date",
            "The only action of the programme waits for",
        ),
        ("fi", "Ohjelman ainoa toimenpide on ajan tasalla", "Ohjelman ainoa toimenpide odottaa"),
        ("sv", "Programmets enda åtgärd är i sin ordning", "Programmets enda åtgärd väntar på"),
    ],
)
def test_a_programme_with_one_action(
    tmp_path: Path, reminders: Runner, lang: Lang, well: str, waits: str
) -> None:
    """The first page and the command say one; many are still many."""
    city = released_city(reminders, tmp_path, ALPHA, SECRETARY)
    city.tick("2026-01-12")
    assert well in read(city, "2026-01-12T10:00", f"/?programme=city&lang={lang}")
    city.tick("2026-03-02", "2026-03-31", "2026-04-01")
    assert waits in read(city, "2026-04-01T10:00", f"/?programme=city&lang={lang}")
    assert "62" in say(lang, "glance.well", n=62)
    assert "1 contact stored for city." in city.contacts(SECRETARY, more=("--accept-loss",)).out
    assert "2 contacts stored for city." in city.contacts(ALPHA, SECRETARY).out


@pytest.mark.parametrize(
    ("n", "noun", "words"),
    [
        (0, "mail", "0 mails"),
        (1, "mail", "1 mail"),
        (2, "address", "2 addresses"),
        (1, "address", "1 address"),
    ],
)
def test_commands_count_in_english(n: int, noun: str, words: str) -> None:
    """None, one, several."""
    assert counted(n, noun) == words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_day_before_or_after(lang: Lang) -> None:
    """A setting of a single day is one of a day; several are days."""
    one = {"en": "1 day before", "fi": "1 päivä ennen", "sv": "1 dag innan"}
    two = {"en": "30, 1 days before", "fi": "30, 1 päivää ennen", "sv": "30, 1 dagar innan"}
    assert setting_words("milestone", "-1 0", lang).startswith(one[lang])
    assert setting_words("milestone", "-30 -1 0", lang).startswith(two[lang])


@pytest.mark.parametrize(
    ("lang", "follows", "sent"),
    [
        ("en", "One last summary follows", "The last summary was sent on Tue 24 Apr 2029."),
        ("fi", "lähtee viimeinen yhteenveto", "Viimeinen yhteenveto lähetettiin ti 24.4.2029."),
        ("sv", "skickas ett sista sammandrag", "Det sista sammandraget skickades tis 24.4.2029."),
    ],
)
def test_the_banner_of_an_ended_programme(
    tmp_path: Path, reminders: Runner, lang: Lang, follows: str, sent: str
) -> None:
    """One last summary follows until it has gone."""
    city = released_city(reminders, tmp_path, ALPHA, SECRETARY)
    city.tick("2026-01-12", "2029-01-09")
    page = f"/?programme=city&lang={lang}"
    assert follows in read(city, "2029-01-09T10:00", page)
    city.tick("2029-04-24")
    found = read(city, "2029-04-24T10:00", page)
    assert follows not in found
    assert sent in found


def test_a_held_programme_to_the_public(tmp_path: Path, reminders: Runner) -> None:
    """Whoever reads it starts nothing."""
    city = released_city(reminders, tmp_path, ALPHA, SECRETARY)
    public = read(city, "2026-01-12T10:00", "/?programme=vaasa-2023-2026&lang=en", signed_in=False)
    assert "The units are asked once sending starts: on" in public
    assert not re.search(r"\byou\b", public)


def test_a_summary_is_a_summary_whatever_it_holds(tmp_path: Path, reminders: Runner) -> None:
    """A unit without a head: what nobody answered stands in the secretary's summary, and the list says so."""
    city = released_city(reminders, tmp_path, ALPHA, SECRETARY)
    city.tick("2026-01-12", "2026-03-31", "2026-04-01", "2026-04-14")
    words = {"en": "summary", "fi": "yhteenveto", "sv": "sammandrag"}
    untrue = {"en": "notice to the head", "fi": "ilmoitus esihenkilölle", "sv": "meddelande till chefen"}
    for lang in LANGUAGES:
        page = f"?programme=city&lang={lang}"
        coming = read(city, "2026-04-20T10:00", "/forecast" + page).casefold()
        assert words[lang] in coming
        assert untrue[lang] not in coming
    city.tick("2026-04-21")
    for lang in LANGUAGES:
        sent = read(city, "2026-04-21T10:00", f"/outbox?programme=city&lang={lang}").casefold()
        assert words[lang] in sent
        assert untrue[lang] not in sent

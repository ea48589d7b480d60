"""Pages of edited series: a moved date's form, two editors, files of single dates, words instead of rules."""

from __future__ import annotations

import html
import re

import icalendar
import pytest

from tests.web.conftest import KEY, Reader
from tests.web.forms import plain, send

CAFE = "social-cultural-cafe"
BASE = f"/actions/{CAFE}/series/edit?programme={KEY}&lang=en"
WEEKLY = {
    "how": "weekly", "days": "WE", "first": "8.1.2025", "until": "25.6.2025", "at": "17.00",
    "ends": "19.00", "place-en": "Library", "state": "confirmed",
}  # fmt: skip


def test_the_form_of_a_moved_date_opens_with_what_stands(secretary: Reader) -> None:
    """Day, begin, end and place of now; moved again in its place only, it keeps the rest."""
    form = WEEKLY
    assert send(secretary, BASE, {**form, "step": "save"}).status_code == 303
    url = f"{BASE}&name=own-2&on=2025-01-22"
    moved = {"day": "23 January 2025", "at": "16:30", "ends": "18:00", "place-en": "Hall"}
    assert send(secretary, url, {**moved, "step": "save"}).status_code == 303
    page = secretary.get(url).text
    found = dict(re.findall(r'<input id="([\w-]+)"[^>]* value="([^"]*)"', page))
    assert {name: found[name] for name in ("day", "at", "ends", "place-en")} == {
        "day": "23\xa0Jan 2025",
        "at": "16:30",
        "ends": "18:00",
        "place-en": "Hall",
    }
    send(secretary, url, {**found, "place-en": "Library", "step": "save"})
    shown = plain(secretary.get(f"/actions/{CAFE}/series?programme={KEY}&lang=en").text)
    assert "Thu 23 Jan 2025 16:30–18:00" in shown


def test_two_editors_on_the_page(secretary: Reader) -> None:
    """The second is shown who changed what, keeps what she typed, and saves on top."""
    form = WEEKLY
    send(secretary, BASE, {**form, "step": "save"})
    url = f"{BASE}&name=own-2"
    opened = re.search(r'name="seen" value="(\d+)"', secretary.get(url).text)
    assert opened
    send(secretary, url, {**form, "place-en": "Hall", "from": "2025-01-15", "step": "save"})
    mine = {**form, "at": "18.00", "ends": "20.00", "from": "2025-01-15", "seen": opened[1]}
    for step in ("preview", "save"):
        page = send(secretary, url, {**mine, "step": step})
        text = html.unescape(plain(page.text))
        assert page.status_code == 409
        assert "The series has been changed meanwhile" in text
        assert re.search(r'id="ends"[^>]*value="20.00"', page.text)
    now = re.search(r'name="seen" value="(\d+)"', page.text)
    assert now
    assert send(secretary, url, {**mine, "seen": now[1], "step": "save"}).status_code == 303


def test_single_dates_have_links_that_work(secretary: Reader) -> None:
    """Each date of an irregular series has its own file, with the UID that it has in the feed."""
    form = {"how": "dates", "list": "4.6.2025\n3 September 2025", "state": "confirmed", "title-en": "Opening"}
    assert send(secretary, BASE, {**form, "step": "save"}).status_code == 303
    page = secretary.get(f"/actions/{CAFE}?programme={KEY}&lang=en").text
    links = sorted(set(re.findall(r'href="(/calendars/event/[^"]+\.ics)"', page)))
    whole = secretary.get("/calendars/events-en.ics", accept_encoding="identity").text
    for link in links:
        single = secretary.get(link, accept_encoding="identity")
        assert single.status_code == 200
        found = re.search(r"UID:(\S+)", single.text)
        assert found
        assert f"UID:{found[1]}" in whole
    assert len(links) >= 3


def test_description_and_sign_up(secretary: Reader) -> None:
    """Typed in the form, shown on the page, said in the entry, kept when the form leaves them alone."""
    form = {
        "how": "dates", "list": "4.6.2025", "state": "confirmed", "details-en": "Coffee and music.",
        "sign-up": "https://signup.example/cafe",
    }  # fmt: skip
    assert send(secretary, BASE, {**form, "step": "save"}).status_code == 303
    page = secretary.get(f"/actions/{CAFE}/series?programme={KEY}&lang=en").text
    assert "Coffee and music." in plain(page)
    assert 'href="https://signup.example/cafe"' in page
    feed = icalendar.Calendar.from_ical(secretary.get("/calendars/events-en.ics").content)
    said = [str(one["DESCRIPTION"]) for one in feed.walk("VEVENT") if "Coffee" in str(one["DESCRIPTION"])]
    assert [text.splitlines()[:2] for text in said] == [
        ["Coffee and music.", "Sign up: https://signup.example/cafe"]
    ]


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_no_rule_is_shown_as_rrule(secretary: Reader, lang: str) -> None:
    """Series, their forms and earlier versions say recurrences in words."""
    form = WEEKLY | {"interval-weekly": "2"}
    send(secretary, BASE, {**form, "step": "save"})
    shown = f"/actions/{CAFE}/series?programme={KEY}&lang={lang}"
    edit = BASE.replace("lang=en", f"lang={lang}")
    for url in (shown, f"{edit}&name=own-2", f"{edit}&name=month"):
        assert not re.search(r"FREQ=|BYDAY|INTERVAL=", secretary.get(url).text)
    words = {
        "fi": "Joka toinen viikko, keskiviikko",
        "sv": "Varannan vecka, onsdag",
        "en": "Every other week, Wednesday",
    }
    assert words[lang] in plain(secretary.get(shown).text)


@pytest.mark.parametrize(
    ("lang", "field", "typed", "said"),
    [
        ("en", "until", "31.2.2026", "There is no such day as 31.2.2026. Check the day and the month."),
        ("fi", "until", "31.2.2026", "Päivää 31.2.2026 ei ole. Tarkista päivä ja kuukausi."),
        ("sv", "until", "31.2.2026", "Datumet 31.2.2026 finns inte. Kontrollera dagen och månaden."),
        ("en", "until", "soon", "Write the date in the form 27 May 2026."),
        (
            "en",
            "list",
            "1.6.2026, 31.6.2026",
            "There is no such day as 31.6.2026. Check the day and the month.",
        ),
        (
            "en",
            "quiet",
            "31.8.2026–1.6.2026",
            "In the pause 31.8.2026–1.6.2026 the last day comes first. Write the earlier day first.",
        ),
        (
            "fi",
            "quiet",
            "31.8.2026–1.6.2026",
            "Tauossa 31.8.2026–1.6.2026 viimeinen päivä on ensin. Kirjoita aikaisempi päivä ensin.",
        ),
        (
            "sv",
            "quiet",
            "31.8.2026–1.6.2026",
            "I uppehållet 31.8.2026–1.6.2026 står den sista dagen först. Skriv det tidigare datumet först.",
        ),
        (
            "en",
            "quiet",
            "1.6.2026–31.6.2026",
            "There is no such day as 31.6.2026. Check the day and the month.",
        ),
    ],
)
def test_a_date_that_does_not_exist_is_no_matter_of_form(
    secretary: Reader, lang: str, field: str, typed: str, said: str
) -> None:
    """A day that no calendar has, a pause with its last day first: each is said as what it is."""
    form = {**WEEKLY, "how": "dates" if field == "list" else "weekly", field: typed, "step": "preview"}
    page = send(secretary, BASE.replace("lang=en", f"lang={lang}"), form)
    assert page.status_code == 422
    assert said in html.unescape(plain(page.text))


def test_from_which_date_is_said_by_the_day_on_which_it_stands(secretary: Reader) -> None:
    """A date moved from Wednesday to Thursday is offered as that Thursday."""
    send(secretary, BASE, {**WEEKLY, "step": "save"})
    send(
        secretary,
        f"{BASE}&name=own-2&on=2025-01-22",
        {"day": "23.1.2025", "at": "17.00", "ends": "19.00", "step": "save"},
    )
    options = re.findall(
        r'<option value="(2025-[\d-]+)"[^>]*>([^<]*)<', plain(secretary.get(f"{BASE}&name=own-2").text)
    )
    assert [words for value, words in options if value == "2025-01-22"] == ["Thu 23 Jan 2025 and later dates"]


PAST = {
    "fi": "ke 1.1.2025 on jo mennyt. Menneitä päiviä ei voi muuttaa",
    "sv": "ons 1.1.2025 har redan varit. Datum som har varit kan inte ändras",
    "en": "Wed 1 Jan 2025 is in the past. Past dates cannot be changed",
}


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_page_of_a_past_date_has_no_form(secretary: Reader, lang: str) -> None:
    """Opened by its address, or posted to: it says why, and changes nothing (today is 7 January 2025)."""
    base = f"/actions/{CAFE}/series/edit?programme={KEY}&lang={lang}"
    form = {"how": "dates", "list": "1.1.2025\n5.3.2025\n2.4.2025", "state": "confirmed"}
    send(secretary, base, {**form, "step": "save"})
    url = f"{base}&name=own-2&on=2025-01-01"
    for page in (secretary.get(url), send(secretary, url, {"what": "cancel", "step": "save"})):
        assert PAST[lang] in plain(page.text)
        assert 'name="day"' not in page.text
    assert page.status_code == 422
    for day, said in (("1.1.2025", PAST[lang].partition(".")[0]), ("2.4.2025", "2")):
        page = send(secretary, f"{base}&name=own-2&on=2025-03-05", {"day": day, "step": "preview"})
        assert page.status_code == 422
        assert 'id="day-wrong"' in page.text
        assert said in plain(page.text)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("fi", ("Muuttuvat tiedot", "Paikka", "Kirjasto", "Sali", "Päivät eivät muutu.")),
        ("sv", ("Uppgifter som ändras", "Plats (fi)", "Kirjasto", "Sali", "Datumen ändras inte.")),
        ("en", ("Details that change", "Place (fi)", "Kirjasto", "Sali", "The dates do not change.")),
    ],
)
def test_the_preview_says_what_changes_beside_the_dates(
    secretary: Reader, lang: str, words: tuple[str, ...]
) -> None:
    """A new place in Finnish: from what to what; in another language, whose place it is."""
    form = {**WEEKLY, "place-fi": "Kirjasto", "place-sv": "Biblioteket"}
    send(secretary, BASE, {**form, "step": "save"})
    url = f"{BASE}&name=own-2".replace("lang=en", f"lang={lang}")
    text = plain(send(secretary, url, {**form, "place-fi": "Sali", "step": "preview"}).text)
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fi", "1 päivä on ohjelmakauden päättymisen (31.12.2026) jälkeen: 9.1.2030."),
        ("sv", "1 datum infaller efter att programmet upphör 31.12.2026: 9.1.2030."),
        ("en", "1 date is after the programme ends on 31 Dec 2026: 9 Jan 2030."),
    ],
)
def test_the_preview_says_what_lies_after_the_programme(secretary: Reader, lang: str, said: str) -> None:
    """A date moved to 2030 is noted, and may be kept."""
    send(secretary, BASE, {**WEEKLY, "step": "save"})
    url = f"{BASE}&name=own-2&on=2025-01-22".replace("lang=en", f"lang={lang}")
    page = send(secretary, url, {"day": "9.1.2030", "at": "17.00", "ends": "19.00", "step": "preview"})
    assert (page.status_code, said in plain(page.text)) == (200, True)

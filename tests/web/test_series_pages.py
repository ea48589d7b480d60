"""The pages of event series: who may, the preview, saving, one date, mistakes, earlier versions."""

from __future__ import annotations

import html
import re
from datetime import date, time

import pytest

from reminders.service import Service
from reminders.store import series as store
from schedule_rules.programme import EditedSeries
from tests.web.conftest import KEY, Reader
from tests.web.forms import FOREIGN, plain, send

CAFE = "social-cultural-cafe"
LIST = f"/actions/{CAFE}/series?programme={KEY}&lang=en"
EDIT = f"/actions/{CAFE}/series/edit?programme={KEY}&lang=en&name=month"
LATER = f"{EDIT}-2"
"""What was edited of the café: its assumed dates until then stay as ``month``."""
FORM: dict[str, str | list[str]] = {
    "how": "monthly",
    "nth": "-1",
    "weekday": "TH",
    "month": "11",
    "interval": "1",
    "first": "2025-01-01",
    "until": "2025-12-31",
    "at": "17:00",
    "ends": "19:00",
    "place-fi": "Kirjasto",
    "place-sv": "Biblioteket",
    "place-en": "Library",
    "months-off": ["7"],
    "state": "confirmed",
    "list": "",
    "quiet": "",
    "from": "",
}


def kept(service: Service) -> tuple[EditedSeries, ...]:
    """The series that are kept."""
    with service.database.read() as connection:
        return store.stored_series(connection, KEY)


def own_changes(service: Service) -> list[tuple[str, date | None]]:
    """What was changed of single dates of the second series, closed days left aside."""
    return [(one.state, one.day) for one in kept(service)[1].changes if one.state != "gone"]


def fields(page: str) -> dict[str, list[str]]:
    """The hidden fields of the preview's form."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', page):
        found.setdefault(name, []).append(html.unescape(value))
    return found


def test_only_the_secretary_may(reader: Reader, secretary: Reader, service: Service) -> None:
    """Without a session or from elsewhere nothing is shown, nothing is saved."""
    assert reader.get(LIST).status_code == 403
    assert reader.get(EDIT).status_code == 403
    assert send(reader, EDIT, {**FORM, "step": "save"}).status_code == 403
    assert send(secretary, EDIT, {**FORM, "step": "save"}, headers=FOREIGN).status_code == 403
    assert kept(service) == ()


def test_preview_then_save(secretary: Reader, service: Service) -> None:
    """The preview says dates and what they fall on and stores nothing; its button stores what it showed."""
    preview = send(secretary, EDIT, {**FORM, "step": "preview"})
    text = plain(preview.text)
    assert preview.status_code == 200
    for words in (
        "Thu 24 Apr 2025 17:00–19:00",
        "2 dates fall on closed days and are left out: 29 May 2025, 25 Dec 2025.",
        "What subscribers see",
    ):
        assert words in text, words
    assert "Thu 29 May" not in text
    assert kept(service) == ()
    saved = send(secretary, EDIT, {**fields(preview.text), "step": "save"})
    assert (saved.status_code, saved.headers["location"]) == (303, f"/actions/{CAFE}/series?programme={KEY}")
    assumed, made = kept(service)
    assert (assumed.state, assumed.until.isoformat()) == ("tentative", "2025-01-06")
    assert (made.rrule, made.months_off, made.by) == (
        "FREQ=MONTHLY;BYDAY=-1TH",
        (7,),
        "board-secretary@vaasa.example",
    )
    page = plain(secretary.get(LIST).text)
    assert "Monthly, last Thursday, 17:00–19:00" in page
    assert "Library" in page


def test_one_date(secretary: Reader, service: Service) -> None:
    """One date is moved, cancelled, and follows the series again."""
    send(secretary, EDIT, {**FORM, "step": "save"})
    url = f"{LATER}&on=2025-04-24"
    moved = {"day": "29.5.2025", "at": "16.00", "ends": "17.30"}
    preview = plain(send(secretary, url, {**moved, "step": "preview"}).text)
    assert "Thu 24 Apr 2025 17:00–19:00</time> · confirmed" in preview
    assert "Thu 29 May 2025 16:00–17:30</time> · confirmed" in preview
    assert "public holiday or eve" in preview
    assert "Removed" not in preview
    send(secretary, url, {**moved, "step": "save"})
    assert "Thu 29 May 2025 16:00–17:30" in plain(secretary.get(LIST).text)
    send(secretary, url, {"what": "cancel", "step": "save"})
    assert own_changes(service) == [("cancelled", date(2025, 5, 29))]
    send(secretary, url, {"what": "hold", "step": "save"})
    assert own_changes(service) == [("confirmed", date(2025, 5, 29))]
    send(secretary, url, {"what": "restore", "step": "save"})
    assert own_changes(service) == []


def test_an_end_after_midnight(secretary: Reader, service: Service) -> None:
    """From 22 to 1 lasts three hours; the form says beforehand what that means, the preview that it is so."""
    assert "An end before the beginning means the next day." in plain(secretary.get(EDIT).text)
    preview = send(secretary, EDIT, {**FORM, "at": "22:00", "ends": "01:00", "step": "preview"})
    assert "Thu 24 Apr 2025 22:00–1:00 (ends on the next day)" in plain(preview.text)
    send(secretary, EDIT, {**fields(preview.text), "step": "save"})
    assert (kept(service)[1].at, kept(service)[1].minutes) == (time(22), 180)
    one = {"at": "21.30", "ends": "0.30", "step": "save"}
    send(secretary, f"{LATER}&on=2025-04-24", one)
    page = plain(secretary.get(LIST).text)
    assert "Thu 24 Apr 2025 21:30–0:30 (ends on the next day)" in page
    assert "Monthly, last Thursday, 22:00–1:00 (ends on the next day)" in page


def test_this_and_later(secretary: Reader, service: Service) -> None:
    """From a date on: the earlier part ends the day before."""
    send(secretary, EDIT, {**FORM, "step": "save"})
    later = {**FORM, "at": "18:00", "ends": "20:00", "from": "2025-09-25"}
    send(secretary, LATER, {**later, "step": "save"})
    _, early, late = kept(service)
    assert (early.until.isoformat(), late.first.isoformat(), late.name) == (
        "2025-09-24",
        "2025-09-25",
        "month-3",
    )


def test_new_removed_and_restored(secretary: Reader, service: Service) -> None:
    """One by one dates are a new series; it goes from the calendars and comes back."""
    new = EDIT.replace("&name=month", "")
    form = {
        **FORM,
        "how": "dates",
        "list": "5.3.2025\n3 September 2025",
        "title-en": "Opening",
        "step": "save",
    }
    send(secretary, new, form)
    (made,) = kept(service)
    assert (made.name, len(made.dates), made.title.en) == ("own-2", 2, "Opening")
    send(secretary, EDIT.replace("month", "own-2"), {"what": "remove", "step": "save"})
    assert [one.state for one in kept(service)] == ["removed"]
    preview = send(secretary, new, {"version": "1", "step": "preview"})
    assert "Wed 3 Sept 2025" in plain(preview.text)
    assert [one.state for one in kept(service)] == ["removed"]
    send(secretary, new, {**fields(preview.text), "step": "save"})
    assert [one.state for one in kept(service)] == ["confirmed"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"until": "2024-12-31"}, "The last date must be after the first."),
        ({"first": "tomorrow"}, "Write the date in the form 27 May 2026."),
        ({"ends": ""}, "Write when the event ends."),
        ({"ends": "long"}, "Write the time in the form 17:00."),
        ({"ends": "17.00"}, "The event cannot end at 17:00, when it begins."),
        ({"at": ""}, "Write also when the event begins."),
        ({"at": "25:00"}, "Write the time in the form 17:00."),
        ({"how": "weekly"}, "Choose a recurrence and a weekday."),
        ({"how": "dates"}, "The series would have no date."),
        ({"video": "javascript:alert(1)"}, "The link must begin with https://."),
        ({"quiet": "summer"}, "‘summer’ is not a date. Write for example 1 Jun 2026–10 Aug 2026."),
    ],
)
def test_mistakes(secretary: Reader, service: Service, wrong: dict[str, str], words: str) -> None:
    """A mistake is named in words, what was written is still there, nothing is stored."""
    response = send(secretary, EDIT, {**FORM, **wrong, "step": "preview"})
    assert response.status_code == 422
    assert words in plain(response.text)
    assert 'value="Biblioteket"' in response.text
    assert kept(service) == ()


def test_unknown(secretary: Reader) -> None:
    """No such action, series, date or version: 404."""
    for url in (LIST.replace(CAFE, "nothing"), EDIT.replace("month", "nothing"), f"{EDIT}&on=someday"):
        assert secretary.get(url).status_code == 404
    assert send(secretary, EDIT, {"version": "999"}).status_code == 404
    assert send(secretary, f"{EDIT}&on=2025-01-01", {"what": "cancel", "step": "save"}).status_code == 404


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_three_languages(secretary: Reader, lang: str) -> None:
    """Every page opens in every language."""
    for url in (LIST, EDIT, f"{EDIT}&on=2025-05-08"):
        page = secretary.get(url.replace("lang=en", f"lang={lang}"))
        assert (page.status_code, page.headers["content-language"]) == (200, lang)


def test_a_time_that_the_clock_skips(secretary: Reader, service: Service) -> None:
    """On the Sunday of the clock change there is no 03:30: said beside the field, nothing is kept."""
    form = {**FORM, "how": "weekly", "days": ["SU"], "at": "03:30", "ends": "5.00", "months-off": []}
    said = {
        "fi": "Kelloa siirretään kesäaikaan su 30.3.2025, joten kellonaikaa 03:30 ei silloin ole.",
        "sv": "Klockan ställs fram till sommartid sön 30.3.2025, så klockslaget 03:30 finns inte den dagen.",
        "en": "The clocks go forward on Sun 30 Mar 2025, so there is no 03:30 on that day.",
    }
    for lang, words in said.items():
        for step in ("preview", "save"):
            page = send(secretary, EDIT.replace("lang=en", f"lang={lang}"), {**form, "step": step})
            assert (page.status_code, words in plain(page.text)) == (422, True), (lang, step)
            assert re.search(r'id="at"[^>]*aria-invalid|aria-invalid[^>]*id="at"', page.text), lang
    assert kept(service) == ()


@pytest.mark.parametrize(
    ("lang", "row", "single"),
    [
        (
            "en",
            "Café: 3 events, next Wed 19 Feb 2025, 17:00–19:00, Library",
            "Add to calendar: Café 19 Feb 2025 (.ics)",
        ),
        (
            "fi",
            "Kahvila: 3 tapahtumaa, seuraava ke 19.2.2025, klo 17.00–19.00, Kirjasto",
            "Lisää kalenteriin: Kahvila 19.2.2025 (.ics)",
        ),
        (
            "sv",
            "Kafé: 3 evenemang, nästa ons 19.2.2025, kl. 17.00–19.00, Biblioteket",
            "Lägg till i kalendern: Kafé 19.2.2025 (.ics)",
        ),
    ],
)
def test_the_action_page_names_series_time_and_place(
    secretary: Reader, lang: str, row: str, single: str
) -> None:
    """As calendars have it; a series that was cut into parts is one line of how the wording was read."""
    form = {
        "how": "weekly", "days": "WE", "first": "19.2.2025", "until": "5.3.2025", "at": "17.00",
        "ends": "19.00", "title-fi": "Kahvila", "title-sv": "Kafé", "title-en": "Café",
        "place-fi": "Kirjasto", "place-sv": "Biblioteket", "place-en": "Library", "state": "confirmed",
        "step": "save",
    }  # fmt: skip
    base = f"/actions/social-cultural-cafe/series/edit?programme={KEY}"
    assert send(secretary, base, form).status_code == 303
    page = html.unescape(
        plain(secretary.get(f"/actions/social-cultural-cafe?programme={KEY}&lang={lang}").text)
    )
    assert row in page
    assert single in page
    later = {**form, "days": "TH", "from": "2025-02-26", "at": "18.00", "ends": "20.00"}
    assert send(secretary, f"{base}&name=own-2", later).status_code == 303
    page = html.unescape(
        plain(secretary.get(f"/actions/social-cultural-cafe?programme={KEY}&lang={lang}").text)
    )
    name = form[f"title-{lang}"]
    assert len(re.findall(rf'<th scope="row">[^<]*: {name}</th>', page)) == 1


@pytest.mark.parametrize(
    ("lang", "count", "why", "asked"),
    [
        (
            "fi",
            "2 suljettua päivää on jätetty pois",
            "pyhäpäivä tai aatto",
            "Sarjasta on jätetty pois tämä päivä:",
        ),
        (
            "sv",
            "2 stängda dagar är utelämnade",
            "helgdag eller helgdagsafton",
            "Dagen är utelämnad ur serien:",
        ),
        ("en", "2 closed days are left out", "public holiday or eve", "The series leaves this day out:"),
    ],
)
def test_a_closed_day_is_held_all_the_same(
    secretary: Reader, service: Service, lang: str, count: str, why: str, asked: str
) -> None:
    """The page names the days that the rule leaves out, each with a form that adds it; nothing by a look."""
    send(secretary, EDIT, {**FORM, "step": "save"})
    shown = secretary.get(LIST.replace("lang=en", f"lang={lang}")).text
    assert count in plain(shown)
    listed = shown.partition('<details class="noprint">')[2].partition("</details>")[0]
    assert re.findall(r'datetime="([^"]+)"', listed) == ["2025-05-29", "2025-12-25"]
    assert why in listed
    (url, _) = (html.unescape(one) for one in re.findall(r'href="([^"]+)"', listed))
    before = kept(service)
    page = secretary.get(f"{url}&lang={lang}").text
    assert asked in plain(page)
    assert 'value="cancel"' not in page
    preview = send(secretary, url, {"step": "preview"})
    assert "2025-05-29T17:00" in preview.text
    assert kept(service) == before
    assert send(secretary, url, {"step": "save"}).status_code == 303
    shown = secretary.get(LIST).text
    assert "Thu 29 May 2025 17:00–19:00" in plain(shown)
    assert "1 closed day is left out" in plain(shown)
    assert "2025-05-29" not in shown.partition('<details class="noprint">')[2].partition("</details>")[0]

"""A date that somebody types is one day, or what is wrong with it is said: no such day, or either of two."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import html

from email_templates import dates
from reminders.cli.options import parse_day
from reminders.errors import UsageError
from reminders.planning.programme_settings import SettingError, read_setting
from reminders.service import Service
from reminders.web.catalogue import no_date_words
from schedule_rules.programme import Lang
from tests.intake.test_contact_lists import problems
from tests.web.conftest import KEY, Reader
from tests.web.forms import send
from tests.web.test_contact_pages import EDIT, HEADER, HR, cells, of, stored

ROUND = f"/collection/2024?programme={KEY}"
NO_DAY: dict[Lang, str] = {
    "fi": "Päivää 31.2.2025 ei ole. Tarkista päivä ja kuukausi.",
    "sv": "Datumet 31.2.2025 finns inte. Kontrollera dagen och månaden.",
    "en": "There is no such day as 31.2.2025. Check the day and the month.",
}
EITHER: dict[Lang, str] = {
    "fi": "Päivän 12/3/2025 voi lukea kahdella tavalla. Kirjoita 12.3.2025 tai 3.12.2025.",
    "sv": "Datumet 12/3/2025 kan läsas på två sätt. Skriv 12.3.2025 eller 3.12.2025.",
    "en": "12/3/2025 can be read in two ways. Write 12\u00a0Mar 2025 or 3\u00a0Dec 2025.",
}
FORMS = {
    "contact": (EDIT, {"valid_from": ""}, "valid_from", "//p[@id='valid_from-wrong']"),
    "round": (f"{ROUND}&lang=en", {"step": "open"}, "until", "//p[@id='wrong-until']"),
    "setting": (
        f"/settings/meetings?programme={KEY}&lang=en",
        {"step": "preview"},
        "value",
        "//p[@id='value-wrong']",
    ),
}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12.3.2025", date(2025, 3, 12)),
        ("2025-03-12", date(2025, 3, 12)),
        ("12 March 2025", date(2025, 3, 12)),
        ("31/3/2025", date(2025, 3, 31)),
        ("3/3/2025", date(2025, 3, 3)),
        ("12/3/2025", None),
        ("03/12/2025", None),
        ("12 / 3 / 2025", None),
        ("12/3.2025", None),
        ("3/31/2025", None),
        ("12/3/0000", None),
    ],
)
def test_slashes_name_a_day_where_there_is_one_reading(text: str, day: date | None) -> None:
    """Commands read as forms do, and name both days."""
    assert dates.typed_date(text) == day
    if day:
        assert parse_day(text, "--on") == day
    else:
        with pytest.raises(UsageError, match="--on: "):
            parse_day(text, "--on")


def test_a_command_names_both_days() -> None:
    """In the form that commands write."""
    with pytest.raises(UsageError) as refused:
        parse_day("12/3/2025", "--until")
    words = "--until: '12/3/2025' can be read in two ways; write 2025-03-12 or 2025-12-03"
    assert str(refused.value) == words


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_forms_say_why(lang: Lang) -> None:
    """What is expected is said of what is no date at all."""
    said = [no_date_words(text, lang, "expected") for text in ("31.2.2025", "12/3/2025", "soon")]
    assert said == [NO_DAY[lang], EITHER[lang], "expected"]


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
@pytest.mark.parametrize("form", FORMS)
def test_beside_the_field(secretary: Reader, service: Service, lang: Lang, form: str) -> None:
    """422, what was typed is kept; nothing is stored."""
    url, fields, name, place = FORMS[form]
    if form == "contact":
        fields = cells(of(service, HR))
    if form == "round":
        send(secretary, url, {"step": "close"})
    before = stored(service)
    for text, words in (("31.2.2025", NO_DAY[lang]), ("12/3/2025", EITHER[lang])):
        answer = send(secretary, url.replace("lang=en", f"lang={lang}"), {**fields, name: text})
        page = html.fromstring(answer.text)
        assert answer.status_code == 422
        assert [
            page.xpath(f"string({place})").endswith(words),
            page.xpath(f"//input[@name='{name}']/@value"),
        ] == [
            True,
            [text],
        ]
    assert stored(service) == before


def test_a_contact_shows_its_days_as_people_write_them(secretary: Reader, service: Service) -> None:
    """Stored from 31.1.2026, shown so; saved again it is the same day."""
    assert send(secretary, EDIT, cells(of(service, HR), valid_until="31/1/2026")).status_code == 303
    row = next(one for one in stored(service) if one.email == HR)
    assert row.valid_until == date(2026, 1, 31)
    page = html.fromstring(secretary.get(f"{EDIT.replace('en', 'fi')}&row={cells(row)['row']}").text)
    shown = {
        name: page.xpath(f"string(//input[@name='{name}']/@value)") for name in ("valid_from", "valid_until")
    }
    assert shown == {"valid_from": "", "valid_until": "31.1.2026"}
    assert send(secretary, EDIT, cells(row, **shown)).status_code == 303
    assert of(service, HR) == row


def test_a_contact_list_names_both_days() -> None:
    """A file of one who writes the month first is refused, not read as other days."""
    found = problems(f"{HEADER}unit,contact,,a@x.example,fi,,3/12/2026,\n")
    assert len(found) == 1
    expected = "expected 3.12.2026 or 12.3.2026: a date with slashes can be read in two ways"
    assert expected in found[0]


def test_a_setting_of_dates_takes_none() -> None:
    """The dates of the board's meetings."""
    with pytest.raises(SettingError):
        read_setting("meetings", "12/3/2026 11.6.2026")

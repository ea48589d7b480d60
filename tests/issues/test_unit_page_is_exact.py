"""What a unit's page and form say is what its mails say, and true on the day: dates, endings, values."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

import pytest

from reminders.collection.measures import Value
from reminders.letters.answer_dates import day_to_answer
from reminders.planning.links import Links
from reminders.service import Service
from reminders.use.answers.record import AnswerGiven, record_answer
from reminders.use.collection.forms import save_value
from reminders.use.collection.rounds import read_round
from schedule_rules.programme import Lang
from tests.issues.test_forms_lose_nothing import FIRST, Colleague, later, six, text_of
from tests.issues.test_one_question import CHOIR, asked_about, form_of, link, mail_to, said, town
from tests.use.town import LIBRARY, MUSEUM
from tests.web.conftest import HELSINKI, KEY, Reader, history, reader, service
from tests.web.forms import fields_of_page, plain, send
from tests.web.test_target_dates_pages import FAIRS, target_link, unit

__all__ = ["history", "reader", "service", "six", "town", "unit"]  # their fixtures are used here too

ALMA = "alma-contact@vaasa.example"
ANSWER_BY = {
    "fi": "Vastaa viimeistään maanantaina 26.1.2026.",
    "sv": "Svara senast måndag 26.1.2026.",
    "en": "Answer by Monday 26 January 2026.",
}


def own_page(service: Service, address: str, lang: str = "fi") -> str:
    """The page of all that waits for an address."""
    token = Links(service.secret).issue("unit", "", address, date(2026, 3, 1))
    return Reader(service).get(f"/unit/{token}?lang={lang}").text


@pytest.mark.parametrize("lang", ANSWER_BY)
@pytest.mark.parametrize("address", [LIBRARY, MUSEUM])
def test_the_page_names_the_day_of_the_mail(town: Service, address: str, lang: str) -> None:
    """Ten sending days after the status request of 12 January 2026, for all alike."""
    assert "maanantaina 26.1.2026" in mail_to(town, address)
    words = text_of(own_page(town, address, lang))
    assert ANSWER_BY[lang] in words
    assert words.count(ANSWER_BY[lang]) == 1


def test_after_that_day_the_last_before_the_head(town: Service) -> None:
    """From the 27th on it is the last sending day before the head hears of it, on 9 February."""
    at = datetime(2026, 1, 27, 9, 0, tzinfo=HELSINKI)
    words = text_of(own_page(replace(town, clock=lambda: at), MUSEUM))
    assert "Vastaa viimeistään perjantaina 6.2.2026." in words
    assert "26.1.2026" not in words


FIRST_ONES = {
    "fi": (
        "Vastaa ensimmäisiin viimeistään maanantaina 13.1.2025.",
        "Vastaa viimeistään perjantaina 31.1.2025.",
    ),
    "sv": ("Svara på de första senast måndag 13.1.2025.", "Svara senast fredag 31.1.2025."),
    "en": ("Answer the first ones by Monday 13 January 2025.", "Answer by Friday 31 January 2025."),
}


@pytest.mark.parametrize("lang", FIRST_ONES)
def test_where_days_differ_each_item_says_its_own(service: Service, lang: str) -> None:
    """A round is answered by its own date, as its form says; it is each unit's own."""
    words = text_of(own_page(service, ALMA, lang))
    for sentence in FIRST_ONES[lang]:
        assert sentence in words
    found = read_round(service, 2024)
    day = day_to_answer(found.state, found.row, ("alma",), found.today)
    assert day == date(2025, 1, 31)
    sections = own_page(service, ALMA).split("<section")
    (form,) = [one for one in sections if "/collection/form/" in one]
    assert "Vastuussa myös" not in form


def test_done_answers_the_review_and_asks_for_the_end(town: Service) -> None:
    """As on the answer's own page: the end of the action is asked, and proposed by a yes alone."""
    page = own_page(town, LIBRARY)
    fields = form_of(page)
    prefix = next(name for name, value in fields.items() if value == CHOIR).removesuffix("id")
    assert "Tilannekatsaus on tehty." in text_of(page)
    assert "Onko koko toimenpide päättynyt?" in text_of(page)
    assert f"{prefix}ended" not in fields
    url = link("", purpose="unit")
    assert send(Reader(town), url, fields | {f"{prefix}a": "done"}).status_code == 303
    assert said(town)[CHOIR] == "done"
    assert asked_about(Reader(town).sign_in().get("/decisions?programme=town&lang=fi").text) == 0


def test_events_stand_with_a_day_that_lies_ahead(service: Service) -> None:
    """On 18 November 2025 none of them says January."""
    at = datetime(2025, 11, 18, 9, 0, tzinfo=HELSINKI)
    page = plain(own_page(replace(service, clock=lambda: at), FIRST))
    listed = page.partition('<h2 id="series">')[2].partition("</ul>")[0]
    days = [datetime.strptime(one, "%d.%m.%Y").date() for one in re.findall(r"\d+\.\d+\.\d{4}", listed)]
    assert days
    assert min(days) >= at.date()


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("fi", "Vuoden 2025 tiedonkeruussa ilmoitettiin: 3"),
        ("sv", "I insamlingen av uppgifter för 2025 angavs: 3"),
        ("en", "The data collection for 2025 reported: 3"),
    ],
)
def test_what_a_form_reported_stands_beside_the_dates(
    service: Service, reader: Reader, unit: str, lang: Lang, words: str
) -> None:
    """Three fairs reported and no date: both are said, and which of them counts."""
    address = f"{target_link(unit)}?lang={lang}"
    assert words not in text_of(reader.get(address).text)
    lead = read_round(service, 2024).state.programme.action_by_id[FAIRS].leads[0]
    assert save_value(service, Value(KEY, FAIRS, lead, 2025, "3", kind="number", lang="fi", by=unit))
    page = reader.get(address).text
    assert words in text_of(page)
    assert "4\N{WORD JOINER}–\N{WORD JOINER}5" in page


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("fi", "Kirjoita arvo lukuna"),
        ("sv", "Skriv värdet som ett tal"),
        ("en", "Write the value as a number"),
    ],
)
def test_a_wrong_value_is_said_on_saving(service: Service, six: list[str], lang: str, words: str) -> None:
    """Kept as typed, with what is wrong beside it; what is only missing is not."""
    one = Colleague(service, FIRST, lang).open()
    one.save({f"value-{six[0]}-1": "kymmenen", f"value-{six[1]}-1": "4", f"none-{six[1]}-1": "yes"})
    assert words in text_of(one.page)
    assert one.page.count('class="wrong"') == 2
    assert fields_of_page(one.page)[f"value-{six[0]}-1"] == "kymmenen"


def test_what_an_answer_said_stands_in_the_form(service: Service, six: list[str]) -> None:
    """Status, proposed date and note of an answer given before the form was opened."""
    about = next(
        str(row.id)
        for row in read_round(service, 2024).state.occurrences.values()
        if row.id.action in six and row.kind == "milestone" and row.due < date(2025, 1, 7)
    )
    given = AnswerGiven(about, "late", by=FIRST, note="Tila puuttuu", new_date=date(2025, 2, 28))
    record_answer(later(service, 1), given)
    one = Colleague(later(service, 2), FIRST).open()
    assert "Esitäytetty: vastattu 7.1.2025, ehdotettu uusi määräaika 28.2.2025" in text_of(one.page)
    action = about.split(":")[1]
    fields = fields_of_page(one.page)
    assert (fields[f"status-{action}"], fields[f"note-{action}"]) == ("late", "Tila puuttuu")

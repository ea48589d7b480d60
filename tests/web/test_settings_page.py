"""The settings page: what holds, what a change does to the mails, then one button that stores it."""

from __future__ import annotations

import re

import pytest
from lxml import html

from reminders.service import Service
from reminders.store import programmes as repository, programmes as store
from reminders.use.programme.settings import settings_of_programme
from tests.web.conftest import KEY, Reader
from tests.web.forms import FOREIGN, hidden, send

PAGE = f"/settings?programme={KEY}&lang=en"
REVIEW = f"/settings/review?programme={KEY}&lang=en"
HEAD = f"/settings/head_after?programme={KEY}&lang=en"


def chosen(service: Service) -> dict[str, str]:
    """What somebody chose."""
    with service.database.read() as connection:
        return store.setting_texts(connection, KEY)


def said(page: str, path: str) -> str:
    """The text at a place with ordinary blanks."""
    return re.sub(r"\s+", " ", str(html.fromstring(page).xpath(f"string({path})"))).strip()


def test_it_is_the_secretarys(reader: Reader, secretary: Reader, service: Service) -> None:
    """Without a session, or from another site, nothing is shown and nothing stored."""
    saving = {"value": "11-15", "step": "save"}
    assert [reader.get(path).status_code for path in (PAGE, REVIEW)] == [403, 403]
    assert send(reader, REVIEW, saving).status_code == 403
    assert send(secretary, REVIEW, saving, headers=FOREIGN).status_code == 403
    assert chosen(service) == {}


def test_every_setting_stands_with_its_basis(secretary: Reader, service: Service) -> None:
    """Each has its words, all are defaults at first, and no secret is shown."""
    page = secretary.get(PAGE).text
    facts = html.fromstring(page).xpath("(//dl)[1]/div[dt and dd/a]")
    with service.database.read() as connection:
        assert len(facts) == len(settings_of_programme(connection, KEY))
    words = [re.sub(r"\s+", " ", fact.xpath("string(dd)")).strip() for fact in facts]
    assert words[0] == "31 October (default) change: Yearly date of the reviews"
    assert {"(default)" in one for one in words} == {True}
    assert service.secret not in page


def test_preview_then_save_then_back(secretary: Reader, service: Service) -> None:
    """The preview stores nothing; saved, the reviews to come move; taken back, they return."""
    preview = send(secretary, REVIEW, {"value": "11-28", "step": "preview"})
    assert said(preview.text, "//dl/div/dd") == "28 November"
    assert re.search(r"\d+ messages change in the coming 12 months", preview.text)
    assert chosen(service) == {}
    answer = send(secretary, REVIEW, {**hidden(preview.text), "step": "save"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/settings?programme={KEY}")
    assert (chosen(service), reviews(service)) == ({"review": "11-28"}, {"11-28"})
    assert "board-secretary@vaasa.example, 7 Jan 2025" in secretary.get(PAGE).text.replace("\xa0", " ")
    back = send(secretary, REVIEW, {"step": "default"})
    assert said(back.text, "//dl/div/dd") == "default"
    send(secretary, REVIEW, {**hidden(back.text), "step": "save"})
    assert (chosen(service), reviews(service)) == ({}, {"10-31"})


def reviews(service: Service) -> set[str]:
    """The days of the year on which reviews to come are due; those that have been were on 31 October."""
    with service.database.read() as connection:
        rows = [one.row for one in repository.stored_occurrences(connection, KEY)]
    due = [row.due for row in rows if row.kind == "review"]
    assert {f"{day:%m-%d}" for day in due if day.year < 2025} == {"10-31"}
    return {f"{day:%m-%d}" for day in due if day.year >= 2025}


def test_an_escalation_follows_the_choice(secretary: Reader, service: Service) -> None:
    """The head of unit is told five working days after the deadline, once that was chosen."""
    assert send(secretary, HEAD, {"value": "5", "step": "save"}).status_code == 303
    with service.database.read() as connection:
        (row,) = repository.all_programmes(connection)
    assert (row.policy.head_after, row.policy.list_after) == (5, 20)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("fi", "Anna luku väliltä 1–90."),
        ("sv", "Ange ett tal från 1 till 90."),
        ("en", "Give a number from 1 to 90."),
    ],
)
def test_a_wrong_value_is_said_beside_the_field(
    secretary: Reader, service: Service, lang: str, words: str
) -> None:
    """422, in the reader's words, what was typed is kept, nothing is stored."""
    answer = send(secretary, HEAD.replace("lang=en", f"lang={lang}"), {"value": "soon", "step": "save"})
    page = html.fromstring(answer.text)
    assert answer.status_code == 422
    assert page.xpath("string(//p[@id='value-wrong'])").endswith(words)
    assert page.xpath("//input[@id='value']/@value") == ["soon"]
    assert chosen(service) == {}


@pytest.mark.parametrize(
    ("lang", "yes", "no"), [("fi", "kyllä", "Ei"), ("sv", "ja", "nej"), ("en", "yes", "no")]
)
def test_a_switch_is_typed_in_the_readers_words(
    secretary: Reader, service: Service, lang: str, yes: str, no: str
) -> None:
    """The field shows the word, takes it in any case, and what is stored is the same in all languages."""
    path = f"/settings/year_letter?programme={KEY}&lang={lang}"
    assert html.fromstring(secretary.get(path).text).xpath("//input[@id='value']/@value") == [yes]
    assert send(secretary, path, {"value": no, "step": "save"}).status_code == 303
    assert chosen(service) == {"year_letter": "no"}


def test_what_contradicts_the_rest_is_refused(secretary: Reader, service: Service) -> None:
    """The head of unit after the list."""
    answer = send(secretary, HEAD, {"value": "25", "step": "preview"})
    assert answer.status_code == 422
    assert "The follow-up list must come after" in answer.text
    assert chosen(service) == {}


def test_an_unknown_setting_is_not_found(secretary: Reader) -> None:
    """404."""
    assert secretary.get(f"/settings/colour?programme={KEY}").status_code == 404

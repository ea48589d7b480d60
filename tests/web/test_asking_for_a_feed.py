"""The subscribe page: a calendar of one's own is asked for by mail, and nobody learns who is known."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from reminders.planning.programme_settings import SettingRecord
from reminders.service import Service
from reminders.store import people, programmes
from reminders.store.tables import feed_request
from schedule_rules.programme import Lang
from tests.web.conftest import KEY, Reader
from tests.web.forms import FOREIGN, plain, send

KNOWN, UNKNOWN = "welfare-unit-contact@vaasa.example", "nobody@elsewhere.example"
PAGE = "/calendars/?lang=en"


def asked(service: Service) -> list[tuple[str, date]]:
    """Who has asked, and when."""
    with service.database.read() as connection:
        return [(row[0], row[1]) for row in connection.execute(select(feed_request))]


def test_the_answer_is_the_same_for_everybody(reader: Reader, service: Service) -> None:
    """The same redirect, known or not; only the known address is noted, once a day."""
    answers = [send(reader, PAGE, {"address": one}) for one in (KNOWN, UNKNOWN, KNOWN.upper())]
    seen = {(one.status_code, one.headers["location"], one.text) for one in answers}
    assert seen == {(303, f"/calendars/?lang=en&programme={KEY}&sent=1#by-mail", "")}
    assert asked(service) == [(KNOWN, date(2025, 1, 7))]
    page = plain(reader.get("/calendars/?lang=en&sent=1").text)
    assert "If the address is in the contact list, the calendar’s address is sent there" in page


@pytest.mark.parametrize("typed", ["", "nobody", "a@b@c", "Anna <anna@town.example>"])
def test_what_is_no_address_is_asked_for_again(reader: Reader, service: Service, typed: str) -> None:
    """It says what is expected and keeps what was typed; nothing is noted."""
    answer = send(reader, PAGE, {"address": typed})
    assert answer.status_code == 422
    assert "Give one e-mail address, for example name@city.example." in answer.text
    assert asked(service) == []


def test_letters_that_are_not_composed(reader: Reader, service: Service) -> None:
    """As some systems write them: the address is as good as any."""
    assert send(reader, PAGE, {"address": "a\u0308iti@city.example"}).status_code == 303


def test_few_calendars_are_asked_for_from_one_network_address(reader: Reader, service: Service) -> None:
    """One who knows fifty addresses does not have fifty people mailed."""
    with service.database.read() as connection:
        known = sorted({one.email for one in people.contacts_of(connection, KEY)})[:22]
    answers = [send(reader, PAGE, {"address": one}) for one in known]
    assert [one.status_code for one in answers] == [303] * 20 + [429] * 2
    assert "Too many calendars have been requested" in answers[-1].text
    assert answers[-1].headers["retry-after"] == "900"
    assert len(asked(service)) == 20


def test_another_site_cannot_ask(reader: Reader, service: Service) -> None:
    """A form elsewhere is refused, and looking changes nothing."""
    assert send(reader, PAGE, {"address": KNOWN}, headers=FOREIGN).status_code == 403
    assert reader.get(f"{PAGE}&address={KNOWN}").status_code == 200
    assert asked(service) == []


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_steps_for_each_program(reader: Reader, lang: Lang) -> None:
    """Eight programs, three or four steps each, folded away."""
    page = reader.get(f"/calendars/?lang={lang}").text
    steps = [found.count("<li>") for found in re.findall(r"<ol>.*?</ol>", page, re.DOTALL)]
    assert steps == [4, 4, 4, 4, 3, 4, 4, 3]


def test_the_forecast_page_shows_what_is_no_occurrence(
    reader: Reader, secretary: Reader, service: Service
) -> None:
    """A calendar that was asked for and an invitation stand among the mails of their days, and in the CSV."""
    send(reader, PAGE, {"address": KNOWN})
    with service.database.write() as connection:
        for name, value in (("invitations", "yes"), ("meetings", "2025-02-20")):
            programmes.add_setting(connection, KEY, SettingRecord(name, value, "secretary", service.clock()))
    page = plain(secretary.get("/forecast?lang=en&whole=1").text)
    assert "Own calendar feed 7 Jan 2025" in page
    assert "Meeting invitation 20 Feb 2025" in page
    table = secretary.get("/forecast.csv?lang=en").text
    assert "own calendar feed" in table
    assert "meeting invitation" in table

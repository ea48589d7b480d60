"""An old link says to whom its matter has moved: the takers and nobody else, whatever the link led to."""

from __future__ import annotations

from datetime import date

import pytest

from reminders.planning.links import Links, Purpose
from reminders.service import Service
from reminders.store import Database
from reminders.use.answers.links import ClosedLink, OpenForm, open_answer, open_form, open_link
from reminders.use.collection.rounds import read_round
from reminders.use.people.hand_over import HandOver, hand_over
from schedule_rules.programme import Lang
from tests.issues.test_forms_lose_nothing import FIRST, OCCURRENCE, WELFARE, YEAR, text_of
from tests.use.office import Office
from tests.use.town import LIBRARY, TOWN, action, run, town
from tests.web.conftest import KEY, Reader, history, service

__all__ = ["history", "service"]  # fixtures of the page tests are used here too

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
FAIR = f"{TOWN}:fair:milestone:end"


@pytest.fixture
def office(database: Database) -> Office:
    """Library and Spring lead a fair; Library alone the rest of its own."""
    made = town(database, action("fair", "1/2025", "library", "spring"))
    run(made, "2025-01-07", "2025-01-07")
    return made


def opened(office: Office, when: str, purpose: Purpose, until: str, subject: str = "") -> object:
    """What Library's link of a mail opens."""
    service = office.service(when)
    token = Links(service.secret).issue(purpose, subject, LIBRARY, date.fromisoformat(until))
    if purpose == "answer":
        return open_answer(service, token)
    return open_link(service, token, purpose, programme=TOWN)


@SQLITE
@pytest.mark.parametrize("purpose", ["answer", "unit"])
@pytest.mark.parametrize("when", ["2025-01-10T12:00", "2025-06-10T12:00"])
def test_the_taker_is_named_and_no_other(office: Office, purpose: Purpose, when: str) -> None:
    """Museum took over from Library; Spring was responsible before, and took nothing over."""
    moved = HandOver(TOWN, "library", "museum", date(2025, 1, 9), ("fair",), "secretary@town.example")
    hand_over(office.service("2025-01-08T12:00"), moved)
    found = opened(office, when, purpose, "2025-02-06", FAIR if purpose == "answer" else "")
    assert isinstance(found, ClosedLink)
    assert (found.why, found.to) == ("moved", ("museum",))


@SQLITE
def test_what_was_given_on_is_whose_it_is_now(office: Office) -> None:
    """Library gave to Museum, Museum to Spring, which leads already: Spring alone."""
    for giver, taker, on in (
        ("library", "museum", date(2025, 1, 9)),
        ("museum", "spring", date(2025, 1, 10)),
    ):
        moved = HandOver(TOWN, giver, taker, on, ("fair",), "secretary@town.example")
        hand_over(office.service("2025-01-08T12:00"), moved)
    found = opened(office, "2025-01-13T12:00", "answer", "2025-02-06", FAIR)
    assert isinstance(found, ClosedLink)
    assert (found.why, found.to) == ("moved", ("spring",))


FORM_MOVED: dict[Lang, str] = {
    "fi": "Vastuu on siirretty: ALMA",
    "sv": "Ansvaret har överförts: ALMA",
    "en": "Responsibility has moved: ALMA",
}


def test_the_form_and_the_page_of_a_unit_that_gave_all_away(service: Service) -> None:
    """The taker stands there, and none of the other units of the city."""
    found = read_round(service, YEAR)
    programme, today = found.state.programme, found.today
    own = tuple(one.id for one in programme.actions if WELFARE in one.leads_on(today))
    hand_over(service, HandOver(KEY, WELFARE, "alma", today, own, "secretary@vaasa.example", ""))
    form = Links(service.secret).issue("form", OCCURRENCE, FIRST, date(2025, 2, 6))
    closed = open_form(service, form)
    assert not isinstance(closed, OpenForm)
    assert (closed.why, closed.to) == ("moved", ("alma",))
    for path in (
        f"/collection/form/{form}",
        f"/unit/{Links(service.secret).issue('unit', '', FIRST, today)}",
    ):
        for lang, words in FORM_MOVED.items():
            page = text_of(Reader(service).get(f"{path}?lang={lang}").text)
            assert words.casefold() in page.casefold()
            others = [
                one.name.get(lang) for one in programme.organisations if one.key not in {"alma", WELFARE}
            ]
            assert [name for name in others if len(name) > 5 and name in page.partition("©")[0]] == []

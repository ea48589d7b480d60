"""What a mail says of an item is so: printed words, one item each, no date that has passed, own languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from reminders.delivery.transport import MemoryTransport
from reminders.planning.recipients import Contact
from reminders.service import Service
from reminders.store import Database
from reminders.store.programmes import stored_programme
from reminders.use.people.contacts import replace_contacts
from reminders.use.programme.correct import CorrectionDecision, correct_action
from reminders.use.programme.explain import rule_text
from reminders.use.programme.settings import release_programme
from reminders.use.programme.store_programme import make_ready, store_programme
from reminders.use.tick import tick
from schedule_rules.derive import derive
from schedule_rules.programme import LANGUAGES, Action, Lang, TextLang
from tests.cli.conftest import Runner, reminders
from tests.conftest import HELSINKI
from tests.issues.city import SECRETARY as CITY_SECRETARY, released_city
from tests.use.office import envelopes, service_on
from tests.use.town import LIBRARY, SECRETARY, action, programme
from tests.web.conftest import Reader, open_service
from tests.web.forms import plain

__all__ = ["reminders"]

BY = "secretary@town.example"


class Town:
    """A programme of the library's actions, and a clock that is set by hand."""

    def __init__(self, folder: Path) -> None:
        self.now, self.before = datetime(2026, 1, 12, 9, tzinfo=HELSINKI), 0
        self.service: Service = open_service(folder, lambda: self.now)
        make_ready(self.service.database, self.now, held=True)

    def start(self, *actions: Action, languages: tuple[Lang, ...] = LANGUAGES, lang: Lang = "en") -> None:
        """Store and release it."""
        with self.service.database.write() as connection:
            store_programme(connection, replace(programme(*actions), languages=languages), self.now)
        people = (
            Contact("library", "contact", "", LIBRARY, lang),
            Contact("board", "secretary", "", SECRETARY, lang),
        )
        replace_contacts(self.service, "town", people)
        release_programme(self.service, "town")
        tick(self.service)

    def tick(self, *days: str) -> None:
        """Run at nine on each of these days."""
        for day in days:
            self.now = datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=HELSINKI)
            self.before = len(envelopes(self.service))
            tick(self.service, accept_clock=True)

    def texts(self, part: str = "plain") -> list[str]:
        """What the mails of the last run to the library say, on one line each."""
        found = []
        for one in envelopes(self.service)[self.before :]:
            body = message_from_bytes(one.raw, policy=policy.default).get_body((part,))
            assert body is not None
            if one.recipient == LIBRARY:
                found.append(re.sub(r"\s+", " ", plain(str(body.get_content()))))
        return found


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A town that has not started."""
    made = Town(tmp_path)
    yield made
    made.service.database.close()


def test_a_correction_is_not_quoted_as_printed(town: Town) -> None:
    """Everywhere the printed words, then what they were corrected to and when; by whom: not to the public."""
    town.start(action("plan", "2023-2026", "library"))
    correct_action(town.service, CorrectionDecision("plan", "schedule", "30 June 2026", BY, "", "town"))
    town.tick("2026-05-29")
    (text,) = town.texts()
    assert "The schedule is ‘30 June 2026’, so the deadline is 30 Jun 2026." in text
    assert f"The wording of the programme, ‘2023-2026’, was corrected by {BY} on 12 Jan 2026." in text
    assert "says: ‘30 June" not in text
    ics = Reader(town.service).get("/calendars/town/all-en.ics").text.replace("\r\n ", "")
    assert "The programme says: 2023-2026\\nCorrected on Monday 12 January 2026: 30 June 2026" in plain(ics)
    page = plain(Reader(town.service).get("/actions/plan?lang=en&programme=town").text)
    assert "‘2023-2026’" in page
    assert "corrected to ‘30 June 2026’" in page
    assert BY not in page
    with town.service.database.read() as connection:
        corrected = stored_programme(connection, "town").programme
    told = [
        plain(rule_text(one, corrected.action_by_id["plan"], "en")) for one in derive(corrected).of("plan")
    ]
    assert told
    for words in told:
        assert f"(corrected to ‘30 June 2026’: {BY}, 12 Jan 2026)" in words
        assert "‘2023-2026’" in words


@pytest.mark.parametrize(
    ("schedule", "day", "asked"),
    [
        ("15.5.2026", "2026-05-15", "the deadline is 15 May 2026"),
        ("10/2026", "2026-10-01", "the deadline is 31 Oct 2026"),
    ],
)
def test_an_action_stands_once_in_a_mail(town: Town, schedule: str, day: str, asked: str) -> None:
    """A schedule of one day has no start note; where both fall into one mail the question says it all."""
    town.start(action("plan", schedule, "library"), action("other", "2026", "library"))
    town.tick("2026-04-15", "2026-05-08", "2026-05-14", day)
    (text,) = town.texts()
    assert asked in text
    assert "Starts" not in text


def test_a_date_that_has_passed_is_not_asked_for(town: Town) -> None:
    """After a gap: neither the yearly fair, nor the last month of a series; what is ahead is asked for."""
    fair, meet = (action(key, "Continuous", "library") for key in ("fair", "meet"))
    yearly, monthly = (
        dict[TextLang, tuple[str, ...]](dict.fromkeys(LANGUAGES, (f"Meet once a {unit}",)))
        for unit in ("year", "month")
    )
    town.start(replace(fair, bullets=yearly), replace(meet, bullets=monthly))
    town.tick("2026-10-01", "2026-12-01")
    said = " ".join(town.texts())
    assert "after the event" not in said
    assert "12 Nov 2026" not in said


@pytest.mark.parametrize(
    ("languages", "offered"),
    [(("fi", "sv"), ["På svenska"]), (LANGUAGES, ["På svenska", "In English"])],
)
def test_only_the_programmes_languages_are_offered(
    town: Town, languages: tuple[Lang, ...], offered: list[str]
) -> None:
    """The foot of a mail leads to the page in each of them."""
    town.start(action("plan", "2025", "library"), languages=languages, lang="fi")
    (text,) = town.texts("html")
    assert [words for words in ("På svenska", "In English") if words in text] == offered


def test_a_frequency_without_printed_words_quotes_none(tmp_path: Path, reminders: Runner) -> None:
    """A person gave the action a frequency, and it has no indicator: nothing stands between quotes."""
    city = released_city(reminders, tmp_path, "alpha,contact,A,alpha@city.example,en,,,", CITY_SECRETARY)
    change = ("correct", "alpha-1", "frequency", "twice a year", "--by", "sec@city.example")
    assert city.run(*change, "--programme", "city", "--at", "2026-01-13T10:00").code == 0
    explained = plain(city.run("explain", "alpha-1", "--programme", "city", "--at", "2026-01-13T11:00").out)
    assert "(corrected to ‘twice a year’: sec@city.example, 13 Jan 2026)\n" in explained
    assert "‘’" not in explained
    now = datetime(2026, 1, 13, 12, tzinfo=HELSINKI)
    service = service_on(Database(f"sqlite:///{city.folder}/var/reminders.db"), MemoryTransport(), now)
    page = Reader(service).sign_in().get("/actions/alpha-1?programme=city&lang=en").text
    assert "‘’" not in page
    assert "Not in the programme" in page

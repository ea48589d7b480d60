"""A first start: nothing is late on the first page or in public before the answer date, and is after it."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from reminders.service import Service
from reminders.use.programme.settings import close_programme, release_programme
from reminders.use.programme.store_programme import make_ready
from reminders.use.tick import tick
from tests.conftest import HELSINKI
from tests.use.office import envelopes
from tests.web.conftest import KEY, Reader, open_service

UNKNOWN = re.compile(r"[1-9]\d* ei vielä tiedossa")
LATE = re.compile(r"(?i)määräaika(a|a on)? päättynyt(?! \(0\))|vastaamatta")
"""Words for what is late; the subject of the first summary counts none."""


def at(day: str, hour: int = 9) -> datetime:
    """An hour of a day in Vaasa."""
    return datetime.fromisoformat(f"{day}T{hour:02}:00").replace(tzinfo=HELSINKI)


@pytest.fixture
def clock() -> list[datetime]:
    """The service's clock, set by hand."""
    return [at("2025-11-28", 12)]


@pytest.fixture
def held(tmp_path: Path, clock: list[datetime]) -> Iterator[Service]:
    """Vaasa's programme as it is brought in: held."""
    opened = open_service(tmp_path, lambda: clock[0])
    make_ready(opened.database, clock[0], held=True)
    yield opened
    opened.database.close()


def seen(service: Service) -> dict[str, str]:
    """The text of the whole first page, for both readers."""
    found = {}
    for name, reader in (("secretary", Reader(service).sign_in()), ("public", Reader(service))):
        page = reader.get("/?lang=fi").text
        found[name] = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    return found


@pytest.mark.parametrize(
    ("start", "answer_by", "day_after", "words"),
    [
        ("2025-12-01", "2025-12-15", "2025-12-16", "maanantaina 15.12.2025"),
        ("2026-11-30", "2026-12-14", "2026-12-15", "maanantaina 14.12.2026"),
    ],
)
def test_a_first_start(
    held: Service, clock: list[datetime], start: str, answer_by: str, day_after: str, words: str
) -> None:
    """Before the release the page says when units will be asked; until the answer date nothing has passed."""
    clock[0] = at(start, 8)
    for text in seen(held).values():
        assert LATE.search(text) is None
        assert "Keneltäkään ei ole vielä kysytty, joten mikään ei ole myöhässä." in text
        assert "kun lähetys käynnistetään" in text
        assert words in text
    release_programme(held, KEY)
    clock[0] = at(start)
    tick(held)
    for day in (start, answer_by):
        clock[0] = at(day, 15)
        for text in seen(held).values():
            assert LATE.search(text) is None, day
            assert f"Vastausaika päättyy {words}." in text
            assert UNKNOWN.search(text)
    clock[0] = at(day_after)
    for text in seen(held).values():
        assert "Määräaika päättynyt" in text
        assert "vastaamatta" in text
        assert UNKNOWN.search(text) is None


def test_mails_of_the_first_day_ask(held: Service, clock: list[datetime]) -> None:
    """The status request says what is not known; it tells nobody off."""
    release_programme(held, KEY)
    clock[0] = at("2025-12-01")
    tick(held)
    mails = [email.message_from_bytes(one.raw, policy=email.policy.default) for one in envelopes(held)]
    texts = [
        part.get_content()
        for mail in mails
        for part in mail.walk()
        if part.get_content_type() == "text/plain"
    ]
    assert len(texts) == 38
    assert sum("□ " in text for text in texts) == 38
    assert not [text for text in texts if "▲" in text]


def test_a_programme_ends(held: Service, clock: list[datetime]) -> None:
    """After its last day stages and the round run out, one last summary goes, and no more after it."""
    release_programme(held, KEY)
    clock[0] = at("2026-11-30")
    tick(held)
    subjects: list[tuple[str, str]] = []
    for day in ("2027-01-12", "2027-02-09", "2027-03-09", "2027-04-13", "2027-05-11", "2027-06-08"):
        clock[0] = at(day)
        tick(held, accept_clock=True)
        with held.database.read() as connection:
            rows = connection.exec_driver_sql(
                "select local_date from digest d join mail_section s on s.digest_id = d.id"
                " where s.is_digest order by local_date"
            )
            subjects = [(day, str(row[0])) for row in rows]
    days = [day for _, day in subjects]
    assert days[-1] == "2027-03-09"  # the units were asked in January: their stages end in February
    page = Reader(held).get("/?lang=fi").text
    assert "Ohjelma on päättynyt" in page
    assert "Viimeinen päivä oli 31.12.2026." in re.sub(r"\s+", " ", page).replace("to 31", "31")
    assert Reader(held).get("/calendars/all-fi.ics").status_code == 200


def test_close_ends_mail_and_links_and_keeps_the_rest(held: Service, clock: list[datetime]) -> None:
    """One last summary, links that say so, a banner; nobody is asked any more."""
    release_programme(held, KEY)
    clock[0] = at("2025-12-01")
    tick(held)
    clock[0] = at("2025-12-03", 10)
    close_programme(held, KEY)
    for day in ("2025-12-04", "2025-12-09", "2026-01-12"):
        clock[0] = at(day)
        tick(held)
    with held.database.read() as connection:
        rows = list(
            connection.exec_driver_sql(
                "select local_date, s.programme from digest d join mail_section s on s.digest_id = d.id"
                " where local_date > '2025-12-01'"
            )
        )
    assert [tuple(map(str, row)) for row in rows] == [("2025-12-04", KEY)]
    page = Reader(held).get("/?lang=en").text
    assert "The programme has been closed." in page

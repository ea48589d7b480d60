"""The first page: the sentence, counts, filters, what only the secretary sees, and the newcomer's minute."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from reminders.service import Service
from reminders.store import programmes as repository
from reminders.use.programme.store_programme import store_programme
from reminders.web.programme.glance import Glance, glance
from reminders.web.programme.timeline import Canvas
from reminders.web.snapshot import CurrentState
from schedule_rules.programme import Lang
from tests.web.conftest import Reader

TODAY = date(2025, 1, 7)


def seen(current: CurrentState, lang: Lang = "fi", *, secretary: bool = True, only: str = "") -> Glance:
    """The page's values on Tuesday."""
    canvas = Canvas(current.snapshot.programme, TODAY, lang)
    return glance(current, canvas, secretary=secretary, only=only)


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("fi", "58 toimenpiteen määräaika on päättynyt"),
        ("sv", "Tidsfristen har gått ut för 58 åtgärder"),
        ("en", "The deadline has passed for 58 actions"),
    ],
)
def test_the_sentence(current: CurrentState, lang: Lang, sentence: str) -> None:
    """The first line says where the programme stands: what is late and not done counts, whoever answered."""
    assert seen(current, lang).sentence == sentence


def test_counts_add_up(current: CurrentState) -> None:
    """Every action is counted once, and the filters show as many as they say."""
    view = seen(current)
    assert sum(count.n for count in view.counts) == view.actions == 62
    for count in view.counts:
        assert seen(current, only=count.code).hits == count.n


def test_all_well(current: CurrentState) -> None:
    """With every answer in, the sentence says so."""
    rows = [row for row in current.snapshot.occurrences if row.kind in {"milestone", "review", "collection"}]
    pairs = frozenset((str(row.id), key) for row in rows for key in row.organisations)
    well = replace(
        current,
        answers=(),
        state=replace(current.state, answers=pairs, replies={}),
        snapshot=replace(current.snapshot, derived=replace(current.snapshot.derived, findings=())),
    )
    assert seen(well).sentence == "Kaikki 62 toimenpidettä ovat ajan tasalla"


def test_the_public_view(current: CurrentState) -> None:
    """No decisions, and a heading instead of the secretary's sentence."""
    view = seen(current, secretary=False)
    assert (view.sentence, view.decisions) == ("Ohjelman tilanne", ())
    assert "decide" not in {count.code for count in view.counts}


def test_overdue_is_oldest_first(current: CurrentState) -> None:
    """An action once, by its oldest overdue date."""
    lines = seen(current).overdue
    assert [line.due for line in lines] == sorted(line.due for line in lines)
    assert len({line.action for line in lines}) == len(lines) == 58


def test_only_the_secretary_sees_mail(reader: Reader, secretary: Reader) -> None:
    """Mail, its folder and the switches stand on the signed-in page only."""
    public, own = reader.get("/").text, secretary.get("/").text
    for words in ("Viestit ti 7.1.2025", "Pysäytä lähetys", "Viestit kirjoitetaan kansioon"):
        assert words not in public
        assert words in own


def test_no_hits(reader: Reader) -> None:
    """A filter without hits says so and leads back."""
    text = reader.get("/?status=coming").text
    assert "Ei osumia" in text
    assert "Näytä kaikki</a>" in text


def test_a_newcomer_sees_mails_at_once(fresh: Service) -> None:
    """On a Saturday, held: what would go out on the next sending day, rendered, and the feed."""
    reader = Reader(fresh).sign_in()
    text = reader.get("/").text
    assert "Lähetys on pysäytetty" in text
    assert "Käynnistä lähetys" in text
    found = re.search(r"Seuraava lähetys: ti 7\.1\.2025 klo\s9\.00", text)
    assert found
    links = re.findall(r'href="(/outbox/next/\d+)"', text)
    assert len(links) == 6
    mail = reader.get(f"{links[0]}/html")
    assert (mail.status_code, "<html" in mail.text) == (200, True)
    assert reader.get("/outbox/next").text.count('<a href="/outbox/next/') == 38
    assert reader.get("/outbox/next/999").status_code == 404


def test_what_happens_next_before_the_first_start(fresh: Service) -> None:
    """An action's page names the status request of the next sending day."""
    text = Reader(fresh).get("/actions/safety-ethical-principles").text
    assert "ti 7.1.2025" in text
    assert "tilannekysely" in text


def test_several_programmes_have_a_switch(service: Service) -> None:
    """A second programme is a link away, on pages, in feeds and in the links of its pages."""
    with service.database.write() as connection:
        first = repository.all_programmes(connection)[0].programme
        store_programme(connection, replace(first, key="zweite"), service.clock())
    reader = Reader(service)
    assert 'href="/?programme=zweite"' in reader.get("/").text
    second = reader.get("/?programme=zweite").text
    assert 'href="/actions/work-cv-clinic?programme=zweite"' in second
    assert reader.get("/actions/work-cv-clinic?programme=zweite").status_code == 200
    address = "http://127.0.0.1:8000/calendars/all-fi.ics?programme=zweite"
    assert address in reader.get("/calendars/?programme=zweite").text
    assert reader.get("/calendars/all-fi.ics?programme=zweite").status_code == 200

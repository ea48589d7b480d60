"""Dates that count towards a target, entered behind a link, on the unit's page, by the secretary."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from reminders.planning.links import Links
from reminders.service import Service
from reminders.store import answers, people as store_people
from reminders.use.answers.target_dates import EnteredDate, enter_date
from tests.web.conftest import KEY, SECRETARY, TUESDAY, Reader
from tests.web.forms import FOREIGN, plain, send
from tests.web.snapshot import rows_of

FAIRS = "work-mini-recruitment-fairs"
TODAY = TUESDAY.date()
BY_HAND = f"/actions/{FAIRS}/held?programme={KEY}"


@pytest.fixture
def unit(service: Service) -> str:
    """The contact of the unit that holds the fairs."""
    with service.database.read() as connection:
        from reminders.store import programmes as repository

        row = next(iter(repository.all_programmes(connection)))
        lead = row.programme.action_by_id[FAIRS].leads_on(TODAY)[0]
        people = store_people.contacts_of(connection, KEY)
    return next(one.email for one in people if (one.organisation, one.role) == (lead, "contact"))


def target_link(reader: str, purpose: str = "held", until: date = TODAY) -> str:
    """The address at which a reader enters dates, or sees all that the unit has."""
    subject = f"{KEY}:{FAIRS}:event:pace-target-year" if purpose == "held" else ""
    return f"/{purpose}/" + Links("x" * 32).issue(purpose, subject, reader, until)  # type: ignore[arg-type]


def entered(service: Service) -> list[tuple[date, str, str]]:
    """The dates that count: day, note, by whom."""
    with service.database.read() as connection:
        return [(one.on, one.note, one.by) for one in answers.target_dates_of(connection, KEY)]


def test_a_date_is_added_and_taken_away(reader: Reader, service: Service, unit: str) -> None:
    """It counts at once, is shown with by whom, and its button takes it away."""
    added = send(reader, target_link(unit), {"step": "add", "date": "3.1.2025", "note": "Kirjasto"})
    assert (added.status_code, added.headers["location"]) == (303, f"{target_link(unit)}?lang=fi&done=added")
    assert entered(service) == [(date(2025, 1, 3), "Kirjasto", unit)]
    page = plain(reader.get(added.headers["location"]).text)
    assert "Kiitos, päivä on lisätty" in page
    assert "Vuonna 2025: 1 kerta, tavoite 4–5" in page
    assert f"Ilmoittaja: {unit}" in page
    (remove,) = re.findall(r'name="step" value="(remove [^"]+)"', page)
    typed = {"step": remove, "date": "4.1.2025", "note": "Messu"}
    removed = send(reader, target_link(unit), typed)
    assert (removed.status_code, entered(service)) == (200, [])
    assert ['value="4.1.2025"' in removed.text, 'value="Messu"' in removed.text] == [True, True]
    assert send(reader, target_link(unit), {"step": remove}).status_code == 303


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"date": ""}, "Kirjoita päivä muodossa 31.12.2026."),
        ({"date": "keväällä"}, "Kirjoita päivä muodossa 31.12.2026."),
        ({"date": "31.2.2025"}, "Päivää 31.2.2025 ei ole. Tarkista päivä ja kuukausi."),
        ({"date": "2022-12-31"}, "Päivän on oltava aikaisintaan 1.1.2023 ja viimeistään 31.12.2026."),
        ({"date": "2025-01-02"}, "Päivä on jo ilmoitettu."),
        ({"date": "2025-01-05", "note": "x" * 301}, "Lyhennä tekstiä: enintään 300 merkkiä."),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    reader: Reader, service: Service, unit: str, typed: dict[str, str], words: str
) -> None:
    """In the summary and at the field, what was typed stays, nothing is entered."""
    enter_date(service, EnteredDate(FAIRS, date(2025, 1, 2), unit))
    answer = send(reader, target_link(unit) + "?lang=fi", {"step": "add", **typed})
    page = plain(answer.text)
    assert (answer.status_code, page.count(words), len(entered(service))) == (422, 2, 1)
    assert f'value="{typed["date"]}"' in page


def test_the_units_page_lists_them(reader: Reader, service: Service, unit: str) -> None:
    """Count, dates and the target's own page, where another is entered; opening writes nothing."""
    enter_date(service, EnteredDate(FAIRS, date(2025, 1, 2), unit))
    before = rows_of(service)
    page = plain(reader.get(target_link(unit, "unit") + "?lang=en").text)
    assert "In 2025: 1 time, target 4–5" in page
    own = re.findall(r'href="(/held/[a-z2-7]{56})\?[a-z=&;0-9-]*lang=en', page)
    assert rows_of(service) == before
    assert send(reader, own[0], {"step": "add", "date": "2025-02-02"}).status_code == 303
    assert [day for day, _, _ in entered(service)] == [date(2025, 1, 2), date(2025, 2, 2)]


def test_the_actions_page(reader: Reader, secretary: Reader, service: Service, unit: str) -> None:
    """Everybody sees counts and dates; notes, names and the form are the secretary's."""
    enter_date(service, EnteredDate(FAIRS, date(2025, 1, 2), unit, "only among us"))
    public = plain(reader.get(f"/actions/{FAIRS}?lang=sv").text)
    own = plain(secretary.get(f"/actions/{FAIRS}?lang=sv").text)
    assert ["År 2025: 1 gång, mål 4–5" in page for page in (public, own)] == [True, True]
    assert ["tors 2.1.2025" in page for page in (public, own)] == [True, True]
    assert ["only among us" in page for page in (public, own)] == [False, True]
    assert [f"Angett av {unit}" in page for page in (public, own)] == [False, True]
    assert [reader.get(BY_HAND).status_code, send(reader, BY_HAND, {"date": "2025-01-03"}).status_code] == [
        403,
        403,
    ]


def test_the_secretary_adds_and_takes_away(secretary: Reader, service: Service) -> None:
    """By her own hand, also what a unit entered; a foreign site may not."""
    assert send(secretary, BY_HAND, {"date": "2025-01-03"}, headers=FOREIGN).status_code == 403
    added = send(secretary, BY_HAND, {"step": "add", "date": "2025-01-03"})
    assert (added.status_code, entered(service)) == (303, [(date(2025, 1, 3), "", SECRETARY)])
    page = secretary.get(added.headers["location"]).text
    (remove,) = re.findall(r'name="step" value="(remove [^"]+)"', page)
    send(secretary, BY_HAND, {"step": remove})
    assert entered(service) == []


@pytest.mark.parametrize("kind", ["cut", "another unit", "another purpose"])
def test_a_bad_link(reader: Reader, service: Service, unit: str, kind: str) -> None:
    """Nothing changes, nothing is told; an old link holds as long as the target is asked about."""
    assert reader.get(target_link(unit, until=TODAY - timedelta(days=200))).status_code == 200
    url, status = {
        "cut": (target_link(unit)[:-1], 404),
        "another unit": (target_link("vamia-contact@vaasa.example"), 403),
        "another purpose": (target_link(unit, "unit").replace("/unit/", "/held/"), 404),
    }[kind]
    before = rows_of(service)
    assert reader.get(url).status_code == status
    if status != 410:
        assert send(reader, url, {"step": "add", "date": "2025-01-03"}).status_code == status
    assert rows_of(service) == before

"""No built-in programme, none at all, running, held and ended ones, keys that begin alike (case 07)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest

from reminders.store import answers, collection, planned, programmes
from reminders.use.mail.listing import log_documents
from reminders.use.people.sessions import issue_links
from reminders.use.planning.preview import preview_next
from reminders.use.programme.settings import hold_programme
from reminders.use.tick import tick
from reminders.use.watch.doctor import examine
from tests.issues.towns import CITY, SHARED, TOWN, Towns, links_of, text_of
from tests.web.conftest import HELSINKI, Reader, open_service

ABOUT_ONE = (
    *("/", "/outbox", "/outbox/next", "/forecast", "/forecast.csv", "/findings", "/decisions", "/digest"),
    *("/digest.csv", "/calendars/", "/contacts", "/settings", "/actions/a1", "/actions/a1/evidence.csv"),
    *("/api/v1/occurrences",),
)
VAASA = "vaasa-2023-2026"


def test_a_database_without_any_programme_answers(tmp_path: Path) -> None:
    """Pages say that there is none, lists are empty, a run does nothing, nothing breaks."""
    now = datetime(2026, 1, 12, 9, 0, tzinfo=HELSINKI)
    service = open_service(tmp_path, lambda: now)
    service.database.migrate()
    assert issue_links(service) == ()
    reader = Reader(service)
    for page in ("/", "/calendars/", "/api/v1/collection", "/calendars/all-en.ics"):
        assert reader.get(page).status_code == 404, page
    for page in ("/outbox", "/forecast", "/digest", "/contacts", "/import", "/sign-ins"):
        assert reader.get(page).status_code == 403, page
    for page in ("/programmes", "/metrics"):
        assert reader.get(page).status_code == 200, page
    assert reader.get("/api/v1/programmes").json() == reader.get("/api/v1/feeds").json() == []
    done = tick(service, accept_clock=True)
    assert (done.composed, done.outcomes) == (0, {})
    assert reader.get("/health").status_code == 200
    assert "fails" not in {one.state for one in examine(service)}
    service.database.close()


def test_another_programme_alone_needs_no_built_in_one(tmp_path: Path) -> None:
    """It is what ``/`` shows, whose mails go, and whose short feeds are bound."""
    towns = Towns(tmp_path, languages={CITY: "fi"}, built_in=False)
    towns.tick("2026-01-12T09:00")
    towns.tick("2026-02-27T09:00")
    assert [mail["Subject"] for mail in towns.mails(SHARED)] == ["Määräaika 31.3.2026: Action of city"]
    reader = Reader(towns.service).sign_in()
    for page in ABOUT_ONE:
        assert reader.get(page).status_code == 200, page
    assert "Programme city" in reader.get("/calendars/all-fi.ics").text
    towns.service.database.close()


def test_the_first_page_is_the_running_ones_whatever_was_looked_at(tmp_path: Path) -> None:
    """One held and one that has ended are looked at by name alone; each has all its pages."""
    towns = Towns(tmp_path, languages={})
    towns.add("a-held", "en")
    towns.add("b-ended", "en", end="2025-12-31")
    towns.add("c-running", "en")
    hold_programme(towns.service, "a-held")
    towns.tick("2026-01-12T09:00")
    reader = Reader(towns.service)
    for key in ("a-held", "b-ended", "c-running", VAASA):
        own = reader.get(f"/?programme={key}")
        assert own.status_code == 200
        reader.cookies["programme"] = key
        assert "Programme c-running" in reader.get("/").text
    for key in ("a-held", "b-ended", "c-running"):
        reader = Reader(towns.service).sign_in(f"secretary@{key}.example")
        assert f"Programme {key}" in reader.get("/").text  # her own, whatever else is running
        for page in ABOUT_ONE:
            shown = reader.get(f"{page}?programme={key}")
            assert shown.status_code == 200, (key, page)
            others = {"a-held", "b-ended", "c-running"} - {key}
            assert [one for one in others if f"of {one}" in shown.text] == [], (key, page)
    towns.service.database.close()


def test_one_ends_while_the_other_goes_on(tmp_path: Path) -> None:
    """After its last summary nothing more is said of the city, to its people or to those in both."""
    towns = Towns(tmp_path, languages={})
    towns.add(CITY, "en", end="2026-03-31")
    towns.add(TOWN, "en")
    for day in ("2026-01-12", "2026-03-24", "2026-04-14", "2026-06-02", "2026-08-04", "2026-09-01"):
        towns.tick(f"{day}T09:00")
    subjects = [str(mail["Subject"]) for mail in towns.mails("secretary@city.example")]
    assert len(subjects) < len(towns.mails("secretary@town.example"))
    for day in ("2026-10-06", "2026-11-03", "2026-12-01"):
        towns.tick(f"{day}T09:00")
    assert [str(mail["Subject"]) for mail in towns.mails("secretary@city.example")] == subjects
    assert all("Programme town" in text_of(mail) for mail in towns.mails("secretary@town.example"))
    late = [text_of(mail) for mail in towns.mails(SHARED) if str(mail["Date"])[8:11] in {"Oct", "Nov", "Dec"}]
    assert [text for text in late if "of city" in text] == []
    towns.service.database.close()


LIKE = ("city", "city-2")


@pytest.fixture(scope="module")
def alike(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Towns]:
    """Two programmes of which one's key begins with the other's, with actions a1, a1-2 of each."""
    towns = Towns(
        tmp_path_factory.mktemp("alike"),
        languages=dict.fromkeys(LIKE, "en"),
        titles={key: [f"Action of {key}", f"Again of {key}"] for key in LIKE},
        ids={2: "a1-2"},
    )
    towns.tick("2026-01-12T09:00")
    towns.tick("2026-02-27T09:00")
    yield towns
    towns.service.database.close()


@pytest.mark.parametrize("key", LIKE)
def test_a_key_that_begins_with_anothers_is_not_its(alike: Towns, key: str) -> None:
    """Pages, rows and log of one hold nothing of the other, nor an action's of one that begins alike."""
    (other,) = set(LIKE) - {key}
    foreign = re.compile(rf"(of|Programme|programme=|@){' ?'}{other}(?![\w-])")
    reader = Reader(alike.service).sign_in(f"secretary@{key}.example")
    for page in ABOUT_ONE:
        shown = unescape(reader.get(f"{page}?programme={key}").text)
        assert foreign.findall(shown) == [], page
    with alike.service.database.read() as connection:
        own = programmes.stored_occurrences(connection, key)
        told = planned.reminders_of(connection, key)
        assert {row.row.id.programme for row in own} == {key}
        assert {one.reminder.occurrence.split(":")[0] for one in told} == {key}
        assert answers.answers_of(connection, key) == ()
        assert collection.closed_by_hand(connection, key) == frozenset()
    logged = re.findall(r"'occurrence': '([^']+)'", str(log_documents(alike.service, "a1", key)))
    assert {one.split(":")[0] for one in logged} == {key}
    evidence = reader.get(f"/actions/a1/evidence.csv?programme={key}").text
    rows = csv.DictReader(io.StringIO(evidence.removeprefix("\ufeff")))
    assert {":".join(row["occurrence"].split(":")[:2]) for row in rows} == {f"{key}:a1"}
    for link in links_of(text_of(alike.mails(SHARED)[-1])):
        if link.endswith(f"programme={key}") or f"programme={key}&" in link:
            shown = unescape(reader.get(link.removeprefix("http://127.0.0.1:8000")).text)
            assert foreign.findall(shown) == [], link
    for _, facts in preview_next(alike.service, key).mails:
        assert foreign.findall(facts.text) == []

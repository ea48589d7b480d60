"""Behind a link, on a form and in a command one programme's matter never becomes the other's (case 07)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from reminders.planning.links import Links
from reminders.use.answers.target_dates import entered_for
from reminders.use.people.preferences import preferences_of
from reminders.use.programme.settings import close_programme
from tests.cli.conftest import Runner, reminders
from tests.issues.towns import CITY, OTHER_OF, SHARED, TOWN, Towns, foreign_words, links_of, text_of
from tests.web.conftest import Reader
from tests.web.forms import hidden, send

__all__ = ["reminders"]

BOTH = [CITY, TOWN]


@pytest.fixture
def towns(tmp_path: Path) -> Iterator[Towns]:
    """Two programmes on the day of a mail of both; a visit four times a year counts in each."""
    titles = {
        key: [f"Action of {key}", f"Visits of {key}", f"Annual data collection of {key}"] for key in BOTH
    }
    made = Towns(tmp_path, titles=titles, schedules={2: "4-5 times a year", 3: "annually"})
    made.tick("2026-01-12T09:00")
    made.tick("2026-02-27T09:00")
    yield made
    made.service.database.close()


def links_to(towns: Towns, kind: str, key: str) -> list[str]:
    """The addresses of a kind in a programme's section of the mail of both, without their host."""
    found = (urlsplit(link) for mail in towns.mails(SHARED) for link in links_of(text_of(mail)))
    own = [one for one in found if parse_qs(one.query).get("programme") == [key]]
    return [f"{one.path}?{one.query}" for one in own if one.path.startswith(f"/{kind}/")]


def named(link: str, key: str) -> str:
    """A link with another programme in its query; with none, without."""
    parts = urlsplit(link)
    query = {name: value for name, value in parse_qs(parts.query).items() if name != "programme"}
    return f"{parts.path}?{urlencode({**query, **({'programme': key} if key else {})}, doseq=True)}"


@pytest.mark.parametrize("key", BOTH)
@pytest.mark.parametrize("other", ["", "the other", "nonsense"])
def test_a_question_stays_its_own_programmes_whatever_the_address_names(
    towns: Towns, key: str, other: str
) -> None:
    """Its title, its languages, the unit's page that it leads to, and where one is after answering."""
    (link, *_) = links_to(towns, "answer", key)
    address = named(link, OTHER_OF[key] if other == "the other" else other)
    reader = Reader(towns.service)
    shown = reader.get(address)
    assert shown.status_code == 200
    assert f"of {key}" in shown.text
    assert foreign_words(unescape(shown.text), key) == []
    answered = send(reader, address, {**hidden(shown.text), "a": "done"})
    assert answered.status_code == 303
    after = reader.get(answered.headers["location"])
    assert foreign_words(unescape(after.text), key) == []
    (unit,) = set(re.findall(r'href="(/unit/[^"]+)"', after.text))
    page = reader.get(unescape(unit))
    assert (page.status_code, foreign_words(unescape(page.text), key)) == (200, [])


@pytest.mark.parametrize("key", BOTH)
def test_what_waits_is_shown_of_the_programme_that_is_named(towns: Towns, key: str) -> None:
    """Not of another where there is none of that key, or it was closed."""
    (link, *_) = links_to(towns, "unit", key)
    reader = Reader(towns.service)
    shown = reader.get(link)
    assert f"Action of {key}" in shown.text
    assert foreign_words(unescape(shown.text), key) == []
    assert reader.get(named(link, "nonsense")).status_code == 410
    close_programme(towns.service, key)
    closed, other = reader.get(link), reader.get(named(link, OTHER_OF[key]))
    assert (closed.status_code, other.status_code) == (410, 200)
    assert foreign_words(unescape(closed.text), key) == []
    assert f"Action of {OTHER_OF[key]}" in other.text


def test_a_link_to_a_programme_that_does_not_know_its_reader_shows_nothing(towns: Towns) -> None:
    """Whoever stands in the city's list alone finds neither what waits in the town nor wishes there."""
    today = towns.now.date()
    for purpose in ("unit", "preferences"):
        token = Links(towns.service.secret).issue(purpose, "", f"secretary@{CITY}.example", today)
        reader = Reader(towns.service)
        assert reader.get(f"/{purpose}/{token}?programme={CITY}").status_code == 200
        refused = reader.get(f"/{purpose}/{token}?programme={TOWN}")
        assert refused.status_code == 403
        assert "of town" not in refused.text


@pytest.mark.parametrize("key", BOTH)
def test_wishes_hold_in_the_programme_of_their_page(towns: Towns, key: str) -> None:
    """The page shows those of the programme and saves those, whose name stands on top."""
    (unit, *_) = links_to(towns, "unit", key)
    reader = Reader(towns.service)
    (link,) = re.findall(r'href="(/preferences/[^"]+)"', reader.get(unit).text)
    link = unescape(link)
    shown = reader.get(link)
    assert f"Programme {key}" in shown.text
    assert foreign_words(unescape(shown.text), key) == []
    entered = {"weekday": "wed", "rhythm": "daily", "language": "en", "format": "text"}
    assert send(reader, link, entered).status_code == 303
    assert preferences_of(towns.service, key, SHARED).language == "en"
    assert preferences_of(towns.service, OTHER_OF[key], SHARED).language is None


@pytest.mark.parametrize("key", BOTH)
def test_a_date_is_entered_in_its_own_programme(towns: Towns, key: str) -> None:
    """By the secretary on the action's page, though the other programme has an action of that id."""
    secretary = Reader(towns.service).sign_in(f"secretary@{key}.example")
    assert secretary.get(f"/actions/a2?programme={key}").status_code == 200
    page = f"/actions/a2/held?programme={key}"
    assert secretary.get(page).status_code == 200
    saved = send(secretary, page, {"date": "2026-02-03", "note": f"Visit of {key}"})
    assert saved.status_code == 303
    after = secretary.get(saved.headers["location"])
    assert f"Visit of {key}" in after.text
    found = {one: [date.note for date in entered_for(towns.service, "a2", one)] for one in BOTH}
    assert found == {key: [f"Visit of {key}"], OTHER_OF[key]: []}
    removed = send(secretary, page, {"step": "remove", "which": f"2026-02-03 alpha Visit of {key}"})
    assert removed.status_code == 303
    assert entered_for(towns.service, "a2", key) == ()


@pytest.mark.parametrize(
    "command", [("collection", "2025"), ("report", "2025", "--output", "r.xlsx")], ids=lambda words: words[0]
)
def test_a_command_about_a_round_that_two_have_is_refused(
    reminders: Runner, towns: Towns, command: tuple[str, ...]
) -> None:
    """Exit 2 with both keys; it is never the first of them that is opened again or reported."""
    database = str(towns.service.settings.database_url)
    refused = reminders(*command, "--database", database)
    assert (refused.code, refused.out) == (2, "")
    assert all(word in refused.err for word in (CITY, TOWN, "--programme"))
    assert reminders(*command, "--programme", TOWN, "--database", database).code == 0

"""A mail of two programmes is shown to each as its own: all of its section, nothing of the other's."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select, update

from email_templates.render import BETWEEN
from reminders.store import people, tables
from reminders.store.delivery_log import mail_rows
from reminders.use.mail.listing import log_csv, log_documents
from reminders.use.people.contacts import replace_contacts
from reminders.use.people.preferences import PreferenceChange, change_preferences
from tests.issues.towns import CITY, OTHER_OF, SHARED, TOWN, Towns, foreign_words, text_of
from tests.web.conftest import Reader

LONG = "an undertaking with a name as long as a committee can make it " * 3


def titles(key: str, count: int, words: str = "") -> list[str]:
    """The titles of a programme's actions, each with its key."""
    return [f"Action {n} of {key} {words}".strip() for n in range(1, count + 1)]


SCENES = {
    "one and one": ({CITY: "fi", TOWN: "sv"}, {}, "html"),
    "long and short": ({CITY: "en", TOWN: "en"}, {CITY: titles(CITY, 24)}, "html"),
    "short and long": ({CITY: "sv", TOWN: "fi"}, {TOWN: titles(TOWN, 24)}, "html"),
    "not ASCII": (
        {CITY: "fi+sv", TOWN: "fi"},
        {CITY: titles(CITY, 7, "Äänekoski – Åbo 🎉 = 50 €"), TOWN: titles(TOWN, 2, "ÖÄÅ")},
        "html",
    ),
    "long lines": (
        {CITY: "en", TOWN: "fi+sv"},
        {CITY: titles(CITY, 3, LONG), TOWN: titles(TOWN, 5, "x" * 300)},
        "html",
    ),
    "text alone": ({CITY: "fi", TOWN: "sv"}, {CITY: titles(CITY, 12)}, "text"),
}


@pytest.fixture(scope="module", params=SCENES, ids=str)
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Towns]:
    """Two programmes on the day on which their contact has a mail of both."""
    languages, names, form = SCENES[request.param]
    towns = Towns(tmp_path_factory.mktemp("towns"), languages=languages, titles=names)
    towns.tick("2026-01-12T09:00")
    if form == "text":
        change_preferences(towns.service, TOWN, SHARED, PreferenceChange(format="text"))
    towns.tick("2026-02-27T09:00")
    yield towns
    towns.service.database.close()


def mail_of_both(towns: Towns) -> tuple[int, EmailMessage]:
    """The number of the mail that has a section for each, and what was sent."""
    query = select(tables.outbox.c.id, tables.outbox.c.raw).where(tables.outbox.c.rcpt == SHARED)
    with towns.service.database.read() as connection:
        ((number, raw),) = connection.execute(query).all()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return number, message


def own_lines(message: EmailMessage, key: str) -> list[str]:
    """The lines of a programme's section, as they were sent."""
    parts = text_of(message).replace("\r\n", "\n").split(BETWEEN)
    return [line for part in parts if f"Programme {key}" in part for line in part.strip().split("\n")]


@pytest.mark.parametrize("key", [CITY, TOWN])
def test_the_page_of_a_mail_shows_the_whole_of_one_section(scene: Towns, key: str) -> None:
    """Its text from the first line to the last, its html with all its links, its own subject."""
    number, message = mail_of_both(scene)
    reader = Reader(scene.service).sign_in(f"secretary@{key}.example")
    page = unescape(reader.get(f"/outbox/{number}?programme={key}").text)
    (shown,) = re.findall(r'<pre class="octets"[^>]*>(.*?)</pre>', page, re.DOTALL)
    lines = own_lines(message, key)
    assert len(lines) > 10
    assert [one for one in shown.split("\n") if one not in {"", "=" * 76}] == [
        one for one in lines if one not in {"", "=" * 76}
    ]
    assert foreign_words(page.replace(f"/?programme={OTHER_OF[key]}", ""), key) == []
    html = message.get_body(("html",))
    framed = reader.get(f"/outbox/{number}/html?programme={key}")
    if html is None:
        assert framed.text == ""
        return
    written = html.get_content().replace("\r\n", "\n")
    sections = [
        one for one in re.split(r"(?=<div lang=)", written) if f"Programme {key}" in one.split("<h1")[0]
    ]
    links = [link for one in sections for link in re.findall(r'href="([^"]+)"', one)]
    assert len(links) > 2
    assert re.findall(r'href="([^"]+)"', framed.text) == links
    assert foreign_words(unescape(framed.text), key) == []
    for one in sections:
        assert re.findall(r"<p[^>]*>(.*?)</p>", one)[-1] in framed.text


@pytest.mark.parametrize("key", [CITY, TOWN])
def test_lists_and_evidence_of_one_name_nothing_of_the_other(scene: Towns, key: str) -> None:
    """The list of mails, the action's page and its evidence, and the log as text, JSON and CSV."""
    reader = Reader(scene.service).sign_in(f"secretary@{key}.example")
    addresses = ["/outbox", "/outbox/next", "/actions/a1", "/actions/a1/evidence.csv", "/digest", "/forecast"]
    for address in addresses:
        response = reader.get(f"{address}?programme={key}")
        assert response.status_code == 200
        text = unescape(response.text).replace(f"/?programme={OTHER_OF[key]}", "")
        assert foreign_words(text, key) == [], address
    assert foreign_words(str(log_documents(scene.service, programme=key)), key) == []
    assert foreign_words(log_csv(scene.service, programme=key), key) == []
    rows = list(csv.DictReader(io.StringIO(log_csv(scene.service, "a1", key))))
    assert {one["occurrence"].split(":")[0] for one in rows} == {key}
    assert any(one["to"] == SHARED and one["date"] == date(2026, 2, 27).isoformat() for one in rows)


def test_a_section_has_the_kind_that_it_would_have_alone(tmp_path: Path) -> None:
    """The town's secretary is a contact in the city: her one mail is a reminder there, a summary here."""
    towns, both = Towns(tmp_path), f"secretary@{TOWN}.example"
    with towns.service.database.read() as connection:
        known = people.contacts_of(connection, CITY)
    moved = [replace(one, email=both) if one.role == "contact" else one for one in known]
    replace_contacts(towns.service, CITY, moved, accept_loss=True)
    for day in ("2026-01-12", "2026-02-24", "2026-03-24"):
        towns.tick(f"{day}T09:00")
    found = {}
    for key in (CITY, TOWN):
        with towns.service.database.read() as connection:
            ((_, listed),) = [
                (row.id, row.kind)
                for row in mail_rows(connection, key)
                if (row.to, row.day) == (both, date(2026, 3, 24))
            ]
        found[key] = {listed} | {
            str(one["kind"])
            for one in log_documents(towns.service, programme=key)
            if (one["to"], one["date"]) == (both, "2026-03-24")
        }
    towns.service.database.close()
    assert found == {CITY: {"nudge"}, TOWN: {"digest"}}


@pytest.mark.parametrize("key", [CITY, TOWN])
def test_a_mail_of_both_without_places_shows_neither(tmp_path: Path, key: str) -> None:
    """Releases before revision 0015 noted none: the page says so, with the log, and shows no text."""
    towns = Towns(tmp_path)
    for day in ("2026-01-12", "2026-02-27"):
        towns.tick(f"{day}T09:00")
    number, _ = mail_of_both(towns)
    nowhere = {"subject": "", **dict.fromkeys(("text_at", "text_length", "html_at", "html_length"), 0)}
    with towns.service.database.write() as connection:
        connection.execute(update(tables.mail_section).values(nowhere))
    reader = Reader(towns.service).sign_in(f"secretary@{key}.example")
    page = reader.get(f"/outbox/{number}?programme={key}&lang=en")
    assert page.status_code == 200
    assert "concerns several programmes" in page.text
    assert "<pre" not in page.text
    assert reader.get(f"/outbox/{number}/html?programme={key}").status_code == 404
    alone = next(n for n in (1, 2) if reader.get(f"/outbox/{n}?programme={key}").status_code == 200)
    assert "<pre" in reader.get(f"/outbox/{alone}?programme={key}").text
    towns.service.database.close()

"""Several programmes are worlds of their own: links, mails, pages, settings, faults, commands (case 07)."""

from __future__ import annotations

import email
import email.policy
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from email_templates import render as rendering
from email_templates.unit_view import Room, UnitLetter, UnitPart, unit_part
from reminders.planning.recipients import Contact
from reminders.programmes import built_in_text
from reminders.service import Service
from reminders.store import people, tables
from reminders.use.programme.settings import (
    hold_programme,
)
from reminders.use.programme.store_programme import make_ready, read_built_in, store_programme
from reminders.use.tick import tick
from reminders.use.watch.alarm import troubles
from reminders.use.watch.doctor import health
from schedule_rules.programme import Lang
from tests.cli.conftest import Runner, reminders
from tests.issues.towns import CITY, SHARED, TOWN, Towns, foreign_words, links_of, text_of
from tests.web.conftest import HELSINKI, Reader, open_service

__all__ = ["reminders"]

VAASA, OTHER = "vaasa-2023-2026", "helsinki-2017-2021"


@pytest.fixture
def towns(tmp_path: Path) -> Iterator[Towns]:
    """Two programmes that run, after their first start."""
    made = Towns(tmp_path)
    made.tick("2026-01-12T09:00")
    yield made
    made.service.database.close()


# -- one mail with its sections ---------------------------------------------------


def test_a_person_in_two_programmes_gets_one_mail_with_two_sections(towns: Towns) -> None:
    """In the language of each, with each unit; a reply goes to both secretaries."""
    towns.tick("2026-02-27T09:00")
    (mail,) = towns.mails(SHARED)
    text = text_of(mail)
    city, town = text.index("Action of city"), text.index("Action of town")
    assert 0 < city < town
    assert "Hei" in text[:city]
    assert "Hej" in text[city:town]
    assert ("Unit of city" in text[:city], "Unit of town" in text[city:town]) == (True, True)
    assert str(mail["Reply-To"]) == "secretary@city.example, secretary@town.example"
    assert mail["Content-Language"] == "fi, sv"
    assert "Muistutuspalvelu" in str(mail["From"])
    html = mail.get_body(("html",))
    assert html is not None
    assert html.get_content().count("<html") == 1


def test_each_secretary_gets_her_own_digest_and_of_two_programmes_both_in_one(towns: Towns) -> None:
    """Both sections the same day, none of the other's words in a mail of one."""
    assert "town" not in text_of(towns.mails("secretary@city.example")[0])
    assert "city" not in text_of(towns.mails("secretary@town.example")[0])
    with towns.service.database.write() as connection:
        for key in ("city", "town"):
            known = people.contacts_of(connection, key)
            others = [one for one in known if one.role != "secretary"]
            one = Contact("board", "secretary", "", "secretary@both.example", "en")
            people.save_contacts(connection, key, (*others, one))
    towns.tick("2026-01-13T09:00")
    (mail,) = towns.mails("secretary@both.example")
    assert [name in text_of(mail) for name in ("Programme city", "Programme town")] == [True, True]


def test_own_duties_come_before_a_summary(towns: Towns) -> None:
    """The secretary of one programme who is a unit's contact in the other reads her own item first."""
    with towns.service.database.write() as connection:
        known = people.contacts_of(connection, "city")
        moved = [
            replace(one, email="secretary@town.example") if one.role == "contact" else one for one in known
        ]
        people.save_contacts(connection, "city", moved)
    towns.tick("2026-02-24T09:00")  # a Tuesday: the digest of the town
    towns.tick("2026-03-24T09:00")  # a week before: the city's reminder, and the digest
    text = text_of(towns.mails("secretary@town.example")[-1])
    assert text.index("Action of city") < text.index("Programme town")
    assert str(towns.mails("secretary@town.example")[-1]["Subject"]).endswith("Action of city")


# -- links ------------------------------------------------------------------------


def test_every_link_of_a_mail_names_its_programme(towns: Towns) -> None:
    """And leads to that programme's action, though the other has one of the same id."""
    towns.tick("2026-02-27T09:00")
    reader = Reader(towns.service)
    (mail,) = towns.mails(SHARED)
    text = text_of(mail)
    of_programmes = [link for link in links_of(text) if urlsplit(link).path != "/privacy"]  # of the service
    named = [(link, parse_qs(urlsplit(link).query).get("programme", [""])[0]) for link in of_programmes]
    assert [link for link, key in named if key not in {"city", "town"}] == []
    for link, key in named:
        parts = urlsplit(link)
        shown = reader.get(f"{parts.path}?{parts.query}")
        assert shown.status_code == 200, link
        other = {"city": "town", "town": "city"}[key]
        assert f"of {other}" not in shown.text, link


def test_entries_of_a_calendar_name_their_programme(towns: Towns) -> None:
    """The town's action opens from the town's feed."""
    reader = Reader(towns.service)
    for key in ("city", "town"):
        feed = reader.get(f"/calendars/{key}/all-en.ics").text.replace("\r\n ", "")
        assert f"/actions/a1?programme={key}" in feed
        assert f"/calendars/{key}/all-en.ics" in feed
        assert {"city": "town", "town": "city"}[key] not in feed


def test_a_short_feed_address_is_bound_once(towns: Towns) -> None:
    """It stays with the programme that ran when it was first asked for."""
    reader = Reader(towns.service)
    before = reader.get("/calendars/all-en.ics").text
    assert "Programme city" in before
    hold_programme(towns.service, "city")
    assert reader.get("/").text.count("Programme town")
    assert "Programme city" in reader.get("/calendars/all-en.ics").text
    assert "Programme city" in Reader(towns.service).get("/calendars/all-fi.ics").text


def test_the_first_page_opens_the_running_programme(towns: Towns) -> None:
    """Of several that which was looked at last; one that is held never unasked."""
    reader = Reader(towns.service)
    assert "Action of city" in reader.get("/").text
    looked = reader.get("/?programme=town")
    reader.cookies["programme"] = looked.cookies["programme"]
    assert "Action of town" in reader.get("/").text
    reader.cookies["programme"] = VAASA
    assert "Action of city" in reader.get("/").text


# -- settings ---------------------------------------------------------------------


def test_a_programme_mails_on_its_own_sending_days_alone(towns: Towns) -> None:
    """A closed day of one is a sending day of the other; what waits goes on the next."""
    towns.setting("town", "closed_days", "2026-02-27")
    towns.tick("2026-02-26T09:00")  # the town's 30 days before fall on the day before its closed day
    towns.tick("2026-02-27T09:00")
    days = [(str(mail["Date"])[5:11], "of town" in text_of(mail)) for mail in towns.mails(SHARED)]
    assert days == [("26 Feb", True), ("27 Feb", False)]


def test_a_quiet_period_is_one_programmes(towns: Towns) -> None:
    """In the town nobody is mailed from mid-January to mid-March, while the city goes on."""
    towns.setting("town", "quiet", "13.1.-15.3.")
    for when in ("2026-02-26T09:00", "2026-02-27T09:00", "2026-03-24T09:00"):
        towns.tick(when)
    of_town = [str(mail["Date"])[5:11] for mail in towns.mails(SHARED) if "of town" in text_of(mail)]
    of_city = [str(mail["Date"])[5:11] for mail in towns.mails(SHARED) if "of city" in text_of(mail)]
    assert (of_city, of_town) == (["27 Feb", "24 Mar"], ["24 Mar"])


def test_mail_leaves_in_the_window_of_its_programme(towns: Towns) -> None:
    """At nine the city's mail goes; the town's, and what speaks of both, when the town's window opens."""
    towns.setting("town", "window", "12.00–15.00")
    assert towns.tick("2026-02-24T09:00").outcomes.get("sent") == 1
    assert len(towns.mails("secretary@city.example")) == 2
    assert len(towns.mails("secretary@town.example")) == 1
    towns.tick("2026-02-24T12:05")
    assert len(towns.mails("secretary@town.example")) == 2


# -- faults -----------------------------------------------------------------------


def test_a_section_that_cannot_be_made_is_left_out_and_mailed_when_mended(
    towns: Towns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes nothing along: the city's section goes, alarm and health say so, the rest follows."""
    whole = unit_part

    def broken(letter: UnitLetter, lang: Lang, room: Room) -> UnitPart:
        if "town" in letter.programme.get("en"):
            raise KeyError("template")
        return whole(letter, lang, room)

    monkeypatch.setattr(rendering, "unit_part", broken)
    towns.tick("2026-02-27T09:00")
    (mail,) = towns.mails(SHARED)
    assert ("of city" in text_of(mail), "of town" in text_of(mail)) == (True, False)
    assert dict(troubles(towns.service).broken).keys() == {"town"}
    assert health(towns.service).reason.startswith("town: ")
    monkeypatch.undo()
    towns.tick("2026-03-02T09:00")
    assert "Action of town" in text_of(towns.mails(SHARED)[1])
    assert not troubles(towns.service).broken


@pytest.mark.parametrize("broken", ["cannot be read", "names no action"])
def test_a_fault_in_one_programme_stops_no_other(towns: Towns, broken: str) -> None:
    """Its document cannot be read, or its state makes no sense: the city is mailed, the town when mended."""
    table = tables.programme
    own = table.c.key == "town"
    with towns.service.database.write() as connection:
        document = connection.execute(select(table.c.document).where(own)).scalar_one()
        wrong = "{" if broken == "cannot be read" else document.replace('"id":"a1"', '"id":"gone"')
        assert wrong != document
        connection.execute(update(table).where(own).values(document=wrong))
    towns.tick("2026-02-27T09:00")
    assert ["of town" in text_of(mail) for mail in towns.mails(SHARED)] == [False]
    assert dict(troubles(towns.service).broken).keys() == {"town"}
    assert health(towns.service).reason.startswith("town: ")
    reader = Reader(towns.service)
    assert reader.get("/?programme=city").status_code == 200
    assert reader.get("/health").status_code == 503
    with towns.service.database.write() as connection:
        connection.execute(update(table).where(own).values(document=document))
    towns.tick("2026-03-02T09:00")
    assert "Action of town" in text_of(towns.mails(SHARED)[1])
    assert not troubles(towns.service).broken


# -- commands ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        ("correct", "a1", "schedule", "by 31 July 2026"),
        ("explain", "a1"),
        ("held", "a1"),
        ("series", "list", "a1"),
        ("hand-over", "alpha", "board", "--on", "2026-02-01"),
        ("contacts", "export"),
        ("settings",),
        ("feeds",),
    ],
    ids=lambda words: words[0],
)
def test_a_command_that_fits_two_programmes_is_refused_with_their_names(
    reminders: Runner, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """Exit 2, both keys, and the option that answers; with it the command does its work."""
    (tmp_path / "towns").mkdir()
    Towns(tmp_path / "towns").service.database.close()
    database = f"sqlite:///{tmp_path}/towns/r.db"
    refused = reminders(*command, "--database", database)
    assert (refused.code, refused.out) == (2, "")
    assert all(word in refused.err for word in ("city", "town", "--programme"))
    assert reminders(*command, "--programme", "town", "--database", database).code in {
        0,
        2 * ("held" in command),
    }


# -- a world of its own -----------------------------------------------------------


@pytest.fixture(scope="module")
def two_cities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Vaasa runs, Helsinki is held, each with its secretary, one person in both."""
    now = [datetime(2025, 12, 1, 9, 0, tzinfo=HELSINKI)]
    service = open_service(tmp_path_factory.mktemp("cities"), lambda: now[0])
    make_ready(service.database, now[0], held=False)
    programme, contacts = read_built_in(OTHER)
    end = replace(programme.period, last=date(2027, 12, 31))
    with service.database.write() as connection:
        store_programme(connection, replace(programme, period=end), now[0], held=True)
        people.save_contacts(connection, OTHER, contacts)
        for key in (VAASA, OTHER):
            made = read_built_in(key)[0]
            lead = made.lead_organisations(made.period.first)[0]
            board = made.monitored_by or lead
            known = people.contacts_of(connection, key)
            own = (
                Contact(lead, "contact", "", SHARED, "en"),
                Contact(board, "secretary", "", f"secretary-of@{key}.example", "en"),
            )
            people.save_contacts(connection, key, (*known, *own))
    tick(service)
    yield service
    service.database.close()


def words_of(key: str) -> set[str]:
    """The names of a programme's own: itself, its units, its actions; not what the other says too."""
    programme = read_built_in(key)[0]
    texts = [programme.name, *(unit.name for unit in programme.organisations)]
    texts += [action.title for action in programme.actions]
    found = {text.get(lang) for text in texts for lang in ("fi", "sv", "en")} - {""}
    addresses = {contact.email for contact in read_built_in(key)[1]} | {f"secretary-of@{key}.example"}
    others = " ".join(built_in_text({VAASA: OTHER, OTHER: VAASA}[key]).casefold().split())
    own = {word for word in found if len(word) > 12 and word.casefold() not in others}
    return own | addresses | {key}


def crawl(reader: Reader, addresses: Iterable[str], foreign: Callable[[str], Iterable[str]]) -> None:
    """Follow the links from some addresses, a few of each shape; nothing ``foreign`` stands on any page."""
    waiting, shapes, found = [*addresses], Counter[str](), set[tuple[str, str]]()
    while waiting:
        address = waiting.pop(0)
        response = reader.get(address)
        if response.status_code != 200:
            continue
        found |= {(address, word) for word in foreign(unescape(response.text).replace("\r\n ", ""))}
        if "html" in response.headers.get("content-type", ""):
            for link in own_links(response.text):
                shapes[shape_of(link)] += 1
                if link not in waiting and shapes[shape_of(link)] <= 3:
                    waiting.append(link)
    assert len(shapes) > 25
    assert sorted(found)[:20] == []


@pytest.mark.parametrize("key", [VAASA, OTHER])
def test_a_crawl_of_one_programme_finds_nothing_of_the_other(two_cities: Service, key: str) -> None:
    """Every page, feed and mail that the first page of one leads to."""
    other = {VAASA: OTHER, OTHER: VAASA}[key]
    foreign, reader = words_of(other), Reader(two_cities).sign_in(f"secretary-of@{key}.example")
    crawl(reader, [f"/?programme={key}"], lambda text: (word for word in foreign if word in text))


@pytest.mark.parametrize("key", [CITY, TOWN])
def test_a_crawl_of_two_running_ones_finds_nothing_of_the_other(towns: Towns, key: str) -> None:
    """They have the same keys of units and actions, and a mail of both: signed in, and behind its links."""
    towns.tick("2026-02-27T09:00")
    links = [urlsplit(link) for link in links_of(text_of(towns.mails(SHARED)[-1]))]
    own = [f"{one.path}?{one.query}" for one in links if parse_qs(one.query).get("programme") == [key]]
    reader = Reader(towns.service).sign_in(f"secretary@{key}.example")
    crawl(reader, [f"/?programme={key}", *own], lambda text: foreign_words(text, key))


def test_the_mails_of_the_running_one_hold_nothing_of_the_other(two_cities: Service) -> None:
    """What was composed: all of it is of Vaasa, and the person in both has one mail of it alone."""
    foreign = words_of(OTHER)
    with two_cities.database.read() as connection:
        rows = connection.execute(select(tables.outbox.c.rcpt, tables.outbox.c.raw)).all()
    assert len(rows) > 30
    assert [rcpt for rcpt, _ in rows].count(SHARED) == 1
    for rcpt, raw in rows:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        html = mail.get_body(("html",))
        assert isinstance(mail, EmailMessage)
        assert html is not None
        said = f"{mail} {text_of(mail)} {unescape(html.get_content())}"
        assert [word for word in foreign if word in said] == [], rcpt


def own_links(html: str) -> list[str]:
    """The service's own addresses that a page leads to, but for other languages and programmes."""
    found = []
    for link in re.findall(r'(?:href|src)="([^"#]+)', html):
        parts = urlsplit(unescape(link))
        is_ours = parts.netloc in {"", "127.0.0.1:8000"} and parts.path.startswith("/")
        elsewhere = parts.path.startswith(("/static", "/sign-out", "/api", "/programmes"))
        if is_ours and not elsewhere and "lang=" not in parts.query:
            found.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return found


def shape_of(link: str) -> str:
    """A page by its kind: the first part of its path, how many follow, and what its query names."""
    parts = urlsplit(link)
    path = parts.path.split("/")
    return f"{path[1]} {len(path)} {path[-1][-4:]} {sorted(parse_qs(parts.query))}"

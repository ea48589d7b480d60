"""What fails in one programme fails there alone: its section, its digest, its pages; the others go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from email_templates import render as rendering
from email_templates.digest_view import DigestPart, digest_part
from email_templates.letters import BoardDigest
from email_templates.unit_view import Room
from reminders.errors import NotFoundError
from reminders.store import people, tables
from reminders.use.mail.digests import digest_now
from reminders.use.mail.listing import forecast_mails
from reminders.use.people.contacts import replace_contacts
from reminders.use.planning.preview import preview_next
from reminders.use.programme.queries import occurrences_within, programmes_now
from reminders.use.watch.alarm import troubles
from reminders.use.watch.doctor import examine, health
from schedule_rules.days import Span
from schedule_rules.programme import Lang
from tests.issues.towns import CITY, SHARED, TOWN, Towns, links_of, text_of
from tests.web.conftest import Reader

PAGES = (
    *("/", "/outbox", "/outbox/next", "/forecast", "/forecast.csv", "/findings", "/decisions"),
    *("/digest", "/digest.csv", "/digest.xlsx", "/calendars/", "/contacts", "/import", "/settings"),
    *("/programmes", "/actions/a1", "/api/v1/programmes", "/api/v1/occurrences", "/api/v1/feeds"),
)
AHEAD = Span(date(2026, 2, 27), date(2026, 12, 31))
BOTH = "secretary@both.example"


@pytest.fixture
def towns(tmp_path: Path) -> Iterator[Towns]:
    """Two programmes on the day of a mail of both."""
    made = Towns(tmp_path)
    made.tick("2026-01-12T09:00")
    made.tick("2026-02-27T09:00")
    yield made
    made.service.database.close()


def damage(towns: Towns, how: str) -> None:
    """Spoil the town: its document is no document, or names another action than its dates."""
    table = tables.programme
    own = table.c.key == TOWN
    with towns.service.database.write() as connection:
        document = connection.execute(select(table.c.document).where(own)).scalar_one()
        wrong = "{" if how == "document" else document.replace('"id":"a1"', '"id":"gone"')
        assert wrong != document
        connection.execute(update(table).where(own).values(document=wrong))


@pytest.mark.parametrize("how", ["document", "state"])
def test_a_programme_that_cannot_be_read_takes_nothing_of_another_along(towns: Towns, how: str) -> None:
    """The other's pages, links, API, forecast, preview and digest; and whatever is asked of all."""
    links = [link.removeprefix("http://127.0.0.1:8000") for link in links_of(text_of(towns.mails(SHARED)[0]))]
    damage(towns, how)
    reader, secretary = Reader(towns.service), Reader(towns.service).sign_in()
    for page in PAGES:
        for address in (f"{page}?programme={CITY}", page):
            assert secretary.get(address).status_code == 200, address
    own = [link for link in links if f"programme={CITY}" in link]
    assert len(own) > 3
    assert [link for link in own if reader.get(link).status_code != 200] == []
    mails = forecast_mails(towns.service, AHEAD, CITY)
    assert {mail.to for mail in mails} == {SHARED, "secretary@city.example"}
    assert {mail.to for mail in forecast_mails(towns.service, AHEAD)} >= {SHARED, "secretary@city.example"}
    assert len(preview_next(towns.service, CITY).mails) == len(
        [mail for mail in mails if mail.day == preview_next(towns.service, CITY).at.date()]
    )
    assert CITY in {document["programme"] for document in digest_now(towns.service)[0]}
    assert CITY in {row.programme.key for row, _, _ in programmes_now(towns.service)}
    assert {row[0].key for row in occurrences_within(towns.service, AHEAD)} >= {CITY}
    towns.tick("2026-03-24T09:00")
    assert [CITY in text_of(mail) for mail in towns.mails(SHARED)] == [True, True]
    assert dict(troubles(towns.service).broken).keys() == {TOWN}
    assert health(towns.service).reason.startswith(f"{TOWN}: ")
    checks = {one.name: one.state for one in examine(towns.service)}
    assert (checks[f"programme {TOWN}"], checks[f"programme {CITY}"]) == ("fails", "ok")


def test_the_digest_of_a_programme_that_is_not_there_is_none(towns: Towns) -> None:
    """Whoever names it hears that."""
    with pytest.raises(NotFoundError):
        digest_now(towns.service, programme="nowhere")


def test_a_digest_that_cannot_be_made_leaves_the_other_secretary_hers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of somebody who has both: one section goes, alarm and doctor say so, the other follows when mended."""
    towns = Towns(tmp_path)
    for key in (CITY, TOWN):
        with towns.service.database.read() as connection:
            known = people.contacts_of(connection, key)
        replace_contacts(
            towns.service,
            key,
            [replace(one, email=BOTH) if one.role == "secretary" else one for one in known],
            accept_loss=True,
        )
    towns.tick("2026-01-12T09:00")

    def broken(letter: BoardDigest, lang: Lang, room: Room | None = None) -> DigestPart:
        if TOWN in letter.programme.get("en"):
            raise KeyError("template")
        return digest_part(letter, lang, room)

    monkeypatch.setattr(rendering, "digest_part", broken)
    secretary = Reader(towns.service).sign_in(BOTH)
    for page in PAGES:
        assert secretary.get(f"{page}?programme={CITY}").status_code == 200, page
    for page in ("/outbox/next", "/forecast", "/outbox"):
        assert secretary.get(f"{page}?programme={TOWN}").status_code == 200, page
    for day in ("13", "14"):
        towns.tick(f"2026-01-{day}T09:00")
    assert sections(towns) == [(True, True), (True, False)]
    assert dict(troubles(towns.service).broken) == {TOWN: "a letter could not be made"}
    assert {one.name: one.state for one in examine(towns.service)}[f"programme {TOWN}"] == "fails"
    monkeypatch.undo()
    towns.tick("2026-01-15T09:00")
    assert sections(towns) == [(True, True), (True, False), (False, True)]
    assert not troubles(towns.service).broken
    towns.service.database.close()


def sections(towns: Towns) -> list[tuple[bool, bool]]:
    """Of which programmes each mail of the secretary of both speaks."""
    texts = [text_of(mail) for mail in towns.mails(BOTH)]
    return [(f"Programme {CITY}" in text, f"Programme {TOWN}" in text) for text in texts]


def test_a_section_that_cannot_be_sent_takes_no_other_along(towns: Towns) -> None:
    """The town's secretary has an address that no header takes: the city's section goes all the same."""
    contact = tables.contact
    own = (contact.c.programme == TOWN, contact.c.role == "secretary")
    with towns.service.database.write() as connection:
        (address,) = connection.execute(select(contact.c.email).where(*own)).scalars()
        connection.execute(update(contact).where(*own).values(email="nobody at all"))
    towns.tick("2026-03-24T09:00")
    last = text_of(towns.mails(SHARED)[-1])
    assert len(towns.mails(SHARED)) == 2
    assert ("of city" in last, "of town" in last) == (True, False)
    assert dict(troubles(towns.service).broken) == {TOWN: "a letter could not be made"}
    with towns.service.database.write() as connection:
        connection.execute(update(contact).where(*own).values(email=address))
    towns.tick("2026-03-25T09:00")
    last = text_of(towns.mails(SHARED)[-1])
    assert ("of city" in last, "of town" in last) == (False, True)
    assert not troubles(towns.service).broken

"""Who speaks for whom is decided in one place: what a page offers, its form takes, and so does a command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from reminders.errors import UsageError
from reminders.planning.links import Links
from reminders.planning.recipients import Contact
from reminders.planning.replies import Answer
from reminders.service import Service
from reminders.store import answers as store_answers, people
from reminders.use.feeds.private_feeds import issue_feed
from reminders.use.people.contacts import replace_contacts
from reminders.use.people.preferences import PreferenceChange, change_preferences, preferences_of
from reminders.use.programme.settings import release_programme
from reminders.use.programme.store_programme import make_ready, store_programme
from reminders.use.tick import tick
from tests.cli.conftest import Runner, reminders
from tests.use.office import envelopes
from tests.use.town import SECRETARY, action, programme
from tests.web.conftest import HELSINKI, KEY, Reader, open_service
from tests.web.forms import send

__all__ = ["reminders"]

MONDAY = datetime(2026, 1, 12, 9, 0, tzinfo=HELSINKI)
END = "town:fair:milestone:end"
BOX = "board-box@town.example"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Service]:
    """A town's service whose programme waits for its contacts and its release."""
    service = open_service(tmp_path, lambda: MONDAY)
    make_ready(service.database, MONDAY, held=True)
    with service.database.write() as connection:
        store_programme(connection, programme(action("fair", "2025", "spring", "library")), MONDAY)
    yield service
    service.database.close()


def started(service: Service, *contacts: Contact) -> Reader:
    """Name the contacts, let the mail out, send the day's."""
    replace_contacts(service, "town", contacts)
    release_programme(service, "town")
    tick(service)
    return Reader(service)


def link(address: str, service: Service, about: str = END) -> str:
    """The address of the answer's page for a reader."""
    return "/answer/" + Links(service.secret).issue("answer", about, address, date(2026, 2, 1))


def recipients(service: Service) -> set[str]:
    """Whom the town's mails went to."""
    return {one.recipient for one in envelopes(service)}


def answer_by(reader: Reader, url: str) -> tuple[int, int]:
    """Open a link and send its form: both codes."""
    page = reader.get(url)
    seen = re.findall(r'name="\w*?-?seen" value="(\d+)"', page.text)
    return page.status_code, send(reader, url, {"seen": seen[0] if seen else "0", "a": "done"}).status_code


def answers(service: Service) -> list[Answer]:
    """What counts as answered."""
    with service.database.read() as connection:
        return [one for one in store_answers.answers_of(connection, "town") if one.occurrence == END]


def answered_for(service: Service) -> list[tuple[str, str]]:
    """Who answered for whom."""
    return sorted((one.organisation, one.by) for one in answers(service))


# -- a board that has only a mailbox -----------------------------------------------------


def test_a_boards_mailbox_answers_what_it_was_mailed(town: Service) -> None:
    """Nobody else is there: the mailbox is released for, mailed, and its answer counts for all."""
    reader = started(town, Contact("board", "mailbox", "", BOX, "fi"))
    assert recipients(town) == {BOX}
    assert answer_by(reader, link(BOX, town)) == (200, 303)
    assert answered_for(town) == [("library", BOX), ("spring", BOX)]


def test_a_boards_mailbox_is_named_where_the_session_acts(town: Service) -> None:
    """The secretary's pages write down the address that her mail goes to."""
    reader = started(town, Contact("board", "mailbox", "", BOX, "fi")).sign_in()
    send(reader, "/findings", {"programme": "town", "finding": "x"})
    page = reader.get("/settings?programme=town&lang=en")
    assert page.status_code == 200
    assert issue_feed(town, "town", BOX, "secretary").feed.address == BOX


# -- an address in two spellings -----------------------------------------------------------

SPELLINGS = [
    ("Welfare-Unit@town.example", "welfare-unit@town.example"),
    ("welfare-unit@town.example", "welfare-unit@TOWN.example"),
    ("unit@s\u00e4hk\u00f6.example", "unit@xn--shk-qla6g.example"),
    ("unit@xn--shk-qla6g.example", "unit@S\u00c4HK\u00d6.example"),
    ("\u00e4ly@town.example", "a\u0308ly@town.example"),
]


@pytest.mark.parametrize(("first", "second"), SPELLINGS)
def test_two_spellings_of_an_address_are_one_person(town: Service, first: str, second: str) -> None:
    """Listed for one unit each: either link opens, and its answer counts for both units."""
    reader = started(
        town,
        Contact("library", "contact", "Library", first, "fi"),
        Contact("spring", "contact", "Spring", second, "fi"),
        Contact("board", "secretary", "Secretary", SECRETARY, "fi"),
    )
    for address in (first, second):
        assert reader.get(link(address, town)).status_code == 200
    assert answer_by(reader, link(second, town)) == (200, 303)
    assert [organisation for organisation, _ in answered_for(town)] == ["library", "spring"]


@pytest.mark.parametrize(("first", "second"), SPELLINGS)
def test_two_spellings_in_two_programmes(town: Service, first: str, second: str) -> None:
    """Another programme lists the address otherwise: the answer is taken all the same."""
    with town.database.read() as connection:
        listed = people.contacts_of(connection, KEY)
    replace_contacts(town, KEY, [*listed, Contact("welfare-unit", "contact", "", second, "fi")])
    reader = started(
        town,
        Contact("library", "contact", "Library", first, "fi"),
        Contact("board", "secretary", "Secretary", SECRETARY, "fi"),
    )
    for address in (first, second):
        assert answer_by(reader, link(address, town))[0] == 200
    assert [organisation for organisation, _ in answered_for(town)] == ["library"]


def test_wishes_hold_for_every_spelling(town: Service) -> None:
    """What somebody wishes about mail does not hang on how the list writes the address."""
    first, second = SPELLINGS[0]
    started(
        town,
        Contact("library", "contact", "Library", first, "fi"),
        Contact("spring", "contact", "Spring", second, "fi"),
        Contact("board", "secretary", "Secretary", SECRETARY, "fi"),
    )
    change_preferences(town, "town", second.upper(), PreferenceChange(format="text"))
    assert {preferences_of(town, "town", one).format for one in (first, second)} == {"text"}


# -- a command, in capitals -----------------------------------------------------------------


def test_a_command_takes_an_address_in_capitals(reminders: Runner) -> None:
    """The evidence has the address as the list writes it."""
    reminders("tick", "--at", "2024-12-02T09:00")
    row = f"{KEY}:work-open-digital-points:milestone:end"
    by = ("--by", "Welfare-Unit-Contact@Vaasa.example", "--at", "2024-12-03T09:00")
    done = reminders("answer", row, "done", *by)
    assert (done.code, done.err) == (0, "")
    assert "welfare-unit" in done.out
    stranger = reminders("answer", row, "done", "--by", "nobody@vaasa.example", "--at", "2024-12-03T09:00")
    assert (stranger.code, "no contact with the address nobody@vaasa.example" in stranger.err) == (1, True)


# -- the same rule elsewhere -------------------------------------------------------------------


def test_a_deputy_of_the_secretary_speaks_for_all_meanwhile(town: Service) -> None:
    """During the absence her answers count for every unit; after it her link opens nothing."""
    deputy = "deputy@town.example"
    first, last = date(2026, 1, 5), date(2026, 1, 30)
    reader = started(
        town,
        Contact("board", "secretary", "Secretary", SECRETARY, "fi"),
        Contact("board", "deputy", "Deputy", deputy, "fi", first, last, SECRETARY.upper()),
    )
    assert answer_by(reader, link(deputy, town)) == (200, 303)
    assert answered_for(town) == [("library", deputy), ("spring", deputy)]


def test_who_stood_in_is_a_stranger_afterwards(town: Service) -> None:
    """The absence is over: the link of a mail that came during it opens nothing."""
    deputy = "deputy@town.example"
    reader = started(
        town,
        Contact("board", "secretary", "Secretary", SECRETARY, "fi"),
        Contact("board", "deputy", "Deputy", deputy, "fi", None, date(2026, 1, 11), SECRETARY),
    )
    assert reader.get(link(deputy, town)).status_code == 403
    assert answers(town) == []


def test_dates_are_entered_in_any_spelling(reminders: Runner) -> None:
    """The command counts them for the unit that lists the address; another's address enters none."""
    visits, at = "education-workplace-visits", ("--at", "2025-04-01T12:00")
    listed = reminders("held", visits).err
    assert listed == ""
    taken = reminders("held", visits, "2025-03-12", "--by", "Employment-Ecosystem-Contact@VAASA.example", *at)
    assert taken.out == f"{visits}: 1 of at least 10 held in 2025.\n"
    other = reminders("held", visits, "2025-03-13", "--by", "vamia-contact@vaasa.example", *at)
    assert (other.code, other.out) == (1, "")


def test_a_private_calendar_is_found_in_any_spelling(town: Service) -> None:
    """It is asked for in capitals, kept as listed, and holds the units of both spellings."""
    first, second = SPELLINGS[0]
    reader = started(
        town,
        Contact("library", "contact", "Library", first, "fi"),
        Contact("museum", "contact", "Museum", second, "fi"),
        Contact("board", "secretary", "Secretary", SECRETARY, "fi"),
    )
    issued = issue_feed(town, "town", first.upper(), "own")
    assert issued.feed.address == first
    assert reader.get(issued.address("", "fi")).status_code == 200
    with pytest.raises(UsageError):
        issue_feed(town, "town", second, "secretary")

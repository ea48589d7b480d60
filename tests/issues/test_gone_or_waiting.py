"""What waits to be sent has not gone, and nobody whose mail waits was asked: pages and days say so."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from reminders.collection.round import Reminded, last_reminded
from reminders.delivery import Envelope, MemoryTransport
from reminders.delivery.transport import OnDot
from reminders.letters.retry import Outcome
from reminders.planning.state import ProgrammeState, answer_by, request_day, was_mailed
from reminders.store import Database, tables
from reminders.use.mail.listing import reminder_counts
from reminders.use.planning.load_state import load_states
from schedule_rules.programme import Lang
from tests.use.office import MAILS, VAASA, Office
from tests.web.conftest import Reader
from tests.web.forms import plain

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


class Relay(MemoryTransport):
    """A server that takes the first ``most`` messages, and while it is closed none after them."""

    def __init__(self, most: int = 0) -> None:
        super().__init__()
        self.most, self.closed = most, True

    def deliver(self, envelope: Envelope, on_dot: OnDot) -> Outcome:
        """Take a message, or refuse the sender."""
        if self.closed and len(self.envelopes) >= self.most:
            return Outcome("refused", "mail", 550, "5.7.1 relay access denied")
        return super().deliver(envelope, on_dot)


@pytest.fixture
def relay() -> Relay:
    """A closed server."""
    return Relay()


@pytest.fixture
def office(loaded_database: Database, relay: Relay) -> Office:
    """The service on the built-in programme, with that server."""
    return Office(loaded_database, transport=relay)


def read(office: Office, when: str, lang: Lang, *, signed_in: bool) -> str:
    """The words of the first page, in one line."""
    reader = Reader(office.service(when))
    if signed_in:
        reader.sign_in()
    return " ".join(plain(re.sub(r"<[^>]+>", " ", reader.get(f"/?lang={lang}").text)).split())


def state_of(office: Office) -> ProgrammeState:
    """The programme as it stands."""
    with office.database.read() as connection:
        return load_states(connection)[VAASA]


WAITING: dict[Lang, tuple[str, str]] = {
    "fi": (
        "Tänään ei ole lähtenyt viestejä. Odottaa lähetystä: 38.",
        "Yksiköiltä kysytään tilannetta heti, kun viestejä voidaan lähettää.",
    ),
    "sv": (
        "I dag har inga meddelanden skickats. Väntar på utskick: 38.",
        "Enheterna tillfrågas så snart meddelanden kan skickas.",
    ),
    "en": (
        "No messages have gone out today. Waits to be sent: 38.",
        "The units will be asked as soon as messages can be sent.",
    ),
}
NOBODY = {
    "fi": "Keneltäkään ei ole vielä kysytty, joten mikään ei ole myöhässä. ",
    "sv": "Ingen har blivit tillfrågad ännu, så inget är försenat. ",
    "en": "Nobody has been asked yet, so nothing is late. ",
}
ASKED = {"fi": "Yksiköiltä on kysytty", "sv": "Enheterna tillfrågades", "en": "The units were asked"}


@SQLITE
@pytest.mark.parametrize("lang", WAITING)
def test_while_a_server_takes_nothing(office: Office, relay: Relay, lang: Lang) -> None:
    """Nothing is said to have gone, nobody to have been asked; once it is mended both are, in each view."""
    office.tick("2026-01-12T09:00")
    mail, asking = WAITING[lang][0], NOBODY[lang] + WAITING[lang][1]
    for signed_in in (True, False):
        text = read(office, "2026-01-12T09:10", lang, signed_in=signed_in)
        assert (mail in text, asking in text, ASKED[lang] in text) == (signed_in, True, False)
    with office.database.read() as connection:
        assert not reminder_counts(connection, state_of(office).occurrences)
    relay.closed = False
    office.tick("2026-01-12T11:00")
    for signed_in in (True, False):
        text = read(office, "2026-01-12T11:10", lang, signed_in=signed_in)
        assert (mail in text, asking in text, ASKED[lang] in text) == (False, False, True)
    assert state_of(office).unsent == frozenset()


@SQLITE
@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("fi", "Tänään lähti 30 viestiä. Odottaa lähetystä: 8."),
        ("sv", "I dag skickades 30 meddelanden. Väntar på utskick: 8."),
        ("en", "30 messages went out today. Waits to be sent: 8."),
    ],
)
def test_while_a_server_has_taken_some(office: Office, relay: Relay, lang: Lang, words: str) -> None:
    """What it took has gone, the rest waits; asked were the units whose mail left, the others are not yet."""
    relay.most = 30
    office.tick("2026-01-12T09:00")
    text = read(office, "2026-01-12T09:10", lang, signed_in=True)
    assert words in text
    assert ASKED[lang] in text
    assert NOBODY[lang] not in text
    later = {
        "fi": r"\d+ toimenpiteestä kysytään tilannetta heti, kun viestejä voidaan lähettää\.",
        "sv": r"Enheter\w+ för \d+ åtgärd\w* tillfrågas så snart meddelanden kan skickas\.",
        "en": r"The units? of \d+ actions? will be asked as soon as messages can be sent\.",
    }
    assert re.search(later[lang], text)


@SQLITE
def test_what_failed_is_said_as_that(office: Office, relay: Relay) -> None:
    """Mails that got through, and those that did not, are told apart, also of an earlier day."""
    relay.closed = False
    office.tick("2026-01-12T09:00")
    table, last = tables.outbox, office.look("outbox", "id")[34]
    with office.database.write() as connection:
        connection.execute(table.update().where(table.c.id > last).values(state="failed"))
    text = read(office, "2026-01-12T09:10", "en", signed_in=True)
    assert "35 messages went out today. Did not get through: 3." in text
    with office.database.write() as connection:
        connection.execute(table.update().values(state="expired"))
    text = read(office, "2026-01-13T08:00", "en", signed_in=True)
    assert "No messages went out on Mon 12 Jan 2026. Not sent, time ran out: 38." in text


@SQLITE
def test_the_clock_starts_when_the_mail_leaves(office: Office, relay: Relay) -> None:
    """Closed on three sending days, then mended: ten sending days from that day, then ten to the head."""
    for day in ("2026-01-12", "2026-01-13", "2026-01-14"):
        office.tick(f"{day}T09:00")
        assert office.counts()["sent"] == 0
    relay.closed = False
    office.tick("2026-01-15T08:00")
    assert office.counts()["sent"] == 0, "what names yesterday's answer date waits for today's composing"
    office.tick("2026-01-15T09:00")
    assert office.counts()["sent"] == MAILS
    state = state_of(office)
    asked = [
        (row, key)
        for row in state.occurrences.values()
        for key in row.organisations
        if str(row.id) in state.anchors and was_mailed(state, row, key)
    ]
    assert len(asked) > MAILS
    assert {request_day(state, row, key) for row, key in asked} == {date(2026, 1, 15)}
    assert {answer_by(state, row, key) for row, key in asked} == {date(2026, 1, 29)}
    assert "torstaina 29.1.2026" in read(office, "2026-01-15T10:00", "fi", signed_in=False)
    for days in range(1, 30):
        office.tick(f"{date(2026, 1, 15) + timedelta(days=days)}T09:00")
    escalated = office.look("digest", "local_date", kind="escalation", state="sent")
    assert min(escalated) == date(2026, 2, 12)


@pytest.mark.parametrize(("state", "day"), [("queued", 1), ("failed", 1), ("sent", 2), ("uncertain", 2)])
def test_the_last_reminder_is_one_that_left(state: str, day: int) -> None:
    """A unit whose newest mail waits, or did not get through, was last reminded by the one before."""
    mails = [
        Reminded(date(2026, 2, 1), "opening", "unit@city.example", ("unit",), "sent"),
        Reminded(date(2026, 2, 2), "P7D", "unit@city.example", ("unit",), state),
    ]
    last = last_reminded(mails, "unit")
    assert last is not None
    assert last.day == date(2026, 2, day)

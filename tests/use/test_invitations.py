"""Invitations to board meetings: one meeting a mail, updates and cancellations, one mail an address a day."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event
from sqlalchemy import update

from reminders.planning.invitations import Invitation
from reminders.planning.programme_settings import SettingRecord
from reminders.planning.recipients import Contact
from reminders.store import Database, people, planned, programmes, tables
from reminders.use.people.retention import export_everything_of, remove_everything_of
from reminders.use.planning.preview import preview_mails
from schedule_rules.days import Span
from tests.conftest import HELSINKI
from tests.golden_files import compare_with_golden
from tests.use.office import Office, at, body, parsed
from tests.use.town import PEOPLE, SECRETARY, TOWN, action, run, town

CHAIR, MEMBER, BOX = "chair@town.example", "member@town.example", "board@town.example"
BOARD = (
    Contact("board", "contact", "Chair", CHAIR, "sv"),
    Contact("board", "contact", "Member", MEMBER, "en", None, date(2025, 4, 30)),
    Contact("board", "mailbox", "", BOX, "fi+sv"),
)
FAR = action("far", "2026", "museum")


def choose(office: Office, on: str, **chosen: str) -> None:
    """Save settings as the secretary does."""
    now = datetime.combine(date.fromisoformat(on), datetime.min.time(), HELSINKI)
    with office.database.write() as connection:
        for name, value in chosen.items():
            programmes.add_setting(connection, TOWN, SettingRecord(name, value, SECRETARY, now))


@pytest.fixture
def board(database: Database) -> Office:
    """A town with a board of three and a meeting on Thursday 27 March 2025, started on 7 January."""
    office = town(database, FAR, people=(*PEOPLE, *BOARD), on="2025-01-07")
    choose(
        office,
        "2025-01-07",
        invitations="yes",
        meetings="2025-03-27",
        meeting_time="13:00-15:00",
        meeting_place="Stadshuset; rum 2, “Öst”",
    )
    office.tick("2025-01-07T09:00")
    return office


def invitations_mailed(office: Office, *addresses: str) -> list[tuple[str, str, str, int]]:
    """(day, address, method, sequence) of every invitation part and file that was mailed."""
    rows = office.look("digest", "id", "local_date", "recipient", "state")
    mails = [
        (day, to, parsed(raw))
        for key, day, to, state in rows
        if state != "cancelled" and (not addresses or to in addresses)
        for raw in office.look("outbox", "raw", digest_id=key)
    ]
    return sorted(
        (day.isoformat(), to, str(calendar["method"]), int(str(event_of(calendar)["sequence"])))
        for day, to, mail in mails
        for calendar in calendars(mail)
    )


def calendars(mail: EmailMessage) -> list[Calendar]:
    """The calendar objects of a mail, each once: the third form of its text, and files."""
    found = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return [Calendar.from_ical(payload(part)) for part in found]


def payload(part: EmailMessage) -> bytes:
    """The octets of a part."""
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def event_of(calendar: Calendar) -> Event:
    """The one VEVENT."""
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, Event)
    return event


def the_mail(office: Office, address: str, day: str) -> EmailMessage:
    """The one mail of an address on a day."""
    (key,) = office.look("digest", "id", recipient=address, local_date=date.fromisoformat(day))
    (raw,) = office.look("outbox", "raw", digest_id=key)
    return parsed(raw)


def test_nobody_is_invited_unless_the_programme_chooses_it(database: Database) -> None:
    """Off by default, with meetings set."""
    office = town(database, FAR, people=(*PEOPLE, *BOARD))
    choose(office, "2025-01-07", meetings="2025-03-27")
    run(office, "2025-01-07", "2025-01-10")
    assert invitations_mailed(office) == []


def test_the_board_is_invited_once_and_no_unit(board: Office) -> None:
    """Everyone of the board on the day after the start, the secretary too; never again, no unit."""
    run(board, "2025-01-08", "2025-01-17")
    assert invitations_mailed(board) == [
        ("2025-01-08", BOX, "REQUEST", 0),
        ("2025-01-08", CHAIR, "REQUEST", 0),
        ("2025-01-08", MEMBER, "REQUEST", 0),
        ("2025-01-08", SECRETARY, "REQUEST", 0),
    ]


def test_an_invitation_is_what_outlook_google_and_apple_take_for_one(board: Office) -> None:
    """RFC 6047: text, html and text/calendar with its method as forms of one, the same as invite.ics."""
    board.tick("2025-01-08T09:00")
    mail = the_mail(board, CHAIR, "2025-01-08")
    assert mail["Subject"] == "Möteskallelse 27.3.2025: Board"
    assert mail.get_content_type() == "multipart/mixed"
    shown, file = mail.iter_parts()
    assert shown.get_content_type() == "multipart/alternative"
    forms = list(shown.iter_parts())
    assert [one.get_content_type() for one in forms] == ["text/plain", "text/html", "text/calendar"]
    assert str(forms[2]["Content-Type"]) == 'text/calendar; method="REQUEST"; charset="utf-8"'
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
    assert isinstance(file, EmailMessage)
    assert payload(file) == payload(forms[2])  # type: ignore[arg-type]
    assert "Mötet hålls torsdag 27.3.2025 kl. 13.00–15.00." in body(mail).replace("\u00a0", " ")


def test_the_calendar_object(board: Office) -> None:
    """The sender organises, the reader attends, nobody is asked to answer; local time with its zone."""
    board.tick("2025-01-08T09:00")
    (calendar,) = calendars(the_mail(board, CHAIR, "2025-01-08"))
    event = event_of(calendar)
    zone = ZoneInfo("Europe/Helsinki")
    assert calendar["method"] == "REQUEST"
    assert (
        event["organizer"] == f"mailto:{the_mail(board, CHAIR, '2025-01-08')['From'].addresses[0].addr_spec}"
    )
    assert event["attendee"] == f"mailto:{CHAIR}"
    assert event["attendee"].params["RSVP"] == "FALSE"
    assert (event.start, event.end) == (
        datetime(2025, 3, 27, 13, tzinfo=zone),
        datetime(2025, 3, 27, 15, tzinfo=zone),
    )
    assert str(event["location"]) == "Stadshuset; rum 2, “Öst”"
    assert str(event["summary"]) == "Möte: Board"
    assert event["status"] == "CONFIRMED"
    assert {str(one["tzid"]) for one in calendar.walk("VTIMEZONE")} == {"Europe/Helsinki"}


def test_golden(board: Office) -> None:
    """What leaves the house is what was read and approved: the whole mail, each reader's calendar object."""
    board.tick("2025-01-08T09:00")
    for address in (CHAIR, MEMBER, BOX):
        (mail,) = board.mails_of(address)
        (calendar,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        text = payload(calendar).decode().replace("\r\n", "\n")
        compare_with_golden(f"invitations/{address.partition('@')[0]}.ics", text)
    raw = board.look("outbox", "raw", rcpt=CHAIR)[0]
    compare_with_golden("invitations/chair.eml", raw.decode("ascii").replace("\r\n", "\n"))


def test_a_new_time_is_the_same_meeting_with_a_higher_sequence(board: Office) -> None:
    """One UID; the update says so; a change back is another one."""
    board.tick("2025-01-08T09:00")
    choose(board, "2025-01-09", meeting_time="9:00-10:30")
    board.tick("2025-01-09T09:00")
    choose(board, "2025-01-10", meeting_time="")
    board.tick("2025-01-10T09:00")
    assert invitations_mailed(board, CHAIR) == [
        ("2025-01-08", CHAIR, "REQUEST", 0),
        ("2025-01-09", CHAIR, "REQUEST", 1),
        ("2025-01-10", CHAIR, "REQUEST", 2),
    ]
    events = [event_of(calendars(mail)[0]) for mail in board.mails_of(CHAIR)]
    assert len({str(event["uid"]) for event in events}) == 1
    assert [event.start for event in events][2] == date(2025, 3, 27)
    assert the_mail(board, CHAIR, "2025-01-09")["Subject"] == "Mötet har ändrats 27.3.2025: Board"


def test_a_date_taken_away_is_cancelled_and_one_added_is_a_new_meeting(board: Office) -> None:
    """The cancellation goes first, the new meeting on the next day; each is a meeting of its own."""
    board.tick("2025-01-08T09:00")
    choose(board, "2025-01-09", meetings="2025-04-03")
    run(board, "2025-01-09", "2025-01-13")
    assert invitations_mailed(board, CHAIR) == [
        ("2025-01-08", CHAIR, "REQUEST", 0),
        ("2025-01-09", CHAIR, "CANCEL", 1),
        ("2025-01-10", CHAIR, "REQUEST", 0),
    ]
    first, gone, new = (event_of(calendars(mail)[0]) for mail in board.mails_of(CHAIR))
    assert (gone["uid"], gone["status"]) == (first["uid"], "CANCELLED")
    assert new["uid"] != first["uid"]
    assert the_mail(board, CHAIR, "2025-01-09")["Subject"] == "Mötet är inställt 27.3.2025: Board"
    choose(board, "2025-01-14", meetings="2025-03-27 2025-04-03")
    board.tick("2025-01-14T09:00")
    assert invitations_mailed(board, CHAIR)[-1] == ("2025-01-14", CHAIR, "REQUEST", 2)


def test_whoever_leaves_gets_a_cancellation(board: Office) -> None:
    """Off the list, or with a last day before the meeting; in the language of the invitation."""
    board.tick("2025-01-08T09:00")
    with board.database.write() as connection:
        kept = (*PEOPLE, *(replace(one, valid_until=date(2025, 3, 1)) for one in BOARD[1:2]), BOARD[2])
        people.save_contacts(connection, TOWN, kept)
    run(board, "2025-01-09", "2025-01-13")
    assert invitations_mailed(board, CHAIR, MEMBER)[2:] == [
        ("2025-01-09", CHAIR, "CANCEL", 1),
        ("2025-01-09", MEMBER, "CANCEL", 1),
    ]
    subject = the_mail(board, CHAIR, "2025-01-09")["Subject"]
    assert subject == "Möteskallelsen har återkallats 27.3.2025: Board"


def test_a_member_who_leaves_before_the_meeting_is_not_invited(board: Office) -> None:
    """The member's last day is 30 April: invited to March, not to May."""
    choose(board, "2025-02-03", meetings="2025-03-27 2025-05-02")
    run(board, "2025-02-03", "2025-02-05")
    assert [row[1:] for row in invitations_mailed(board, MEMBER)] == [(MEMBER, "REQUEST", 0)]
    assert [row[2:] for row in invitations_mailed(board, CHAIR)] == [("REQUEST", 0), ("REQUEST", 0)]


def test_a_removed_person_is_told_nothing_more(board: Office) -> None:
    """What was told stands in the export and goes with the person; no cancellation is written."""
    board.tick("2025-01-08T09:00")
    service = board.service("2025-01-08T12:00")
    assert [row["on"] for row in export_everything_of(service, CHAIR)["invitations"]] == ["2025-03-27"]
    remove_everything_of(service, CHAIR)
    run(board, "2025-01-09", "2025-01-10")
    assert CHAIR not in board.look("invitation", "recipient")
    assert len(invitations_mailed(board, CHAIR)) == 0


def test_it_waits_for_a_day_without_other_mail_and_rides_at_the_latest(database: Database) -> None:
    """The museum's reader is of the board too and has a mail each day: five sending days before, a file."""
    rows = [action(f"a{n}", f"{n}.3.2025", "museum") for n in range(3, 29)]
    people = (*PEOPLE, Contact("board", "contact", "Museum", "museum@town.example", "fi"))
    office = town(database, *rows, people=people, on="2025-01-07")
    office.tick("2025-01-07T09:00")
    office.tick("2025-02-12T09:00")
    choose(office, "2025-02-24", invitations="yes", meetings="2025-03-13")
    run(office, "2025-02-25", "2025-03-12")
    found = invitations_mailed(office, "museum@town.example")
    assert found == [("2025-03-06", "museum@town.example", "PUBLISH", 0)]
    (mail,) = [the_mail(office, "museum@town.example", "2025-03-06")]
    (file,) = [part for part in mail.walk() if part.get_filename()]
    assert file.get_filename() == "meeting-2025-03-13.ics"
    (calendar,) = calendars(mail)
    assert "attendee" not in event_of(calendar)
    assert "Kutsu on liitteenä: avaa se, niin kokous tulee kalenteriisi." in body(mail)
    per_day = Counter((to, day) for to, day in office.look("digest", "recipient", "local_date"))
    assert set(per_day.values()) == {1}


def test_forecast_equals_the_run(board: Office) -> None:
    """Three meetings, one beyond the horizon at first: each mail is foreseen, item by item."""
    choose(board, "2025-01-07", meetings="2025-02-06 2025-03-27 2025-05-15")
    window = Span(date(2025, 1, 8), date(2025, 5, 14))
    sent = board.run_as_foreseen(window)
    asked = [row for row in sent if row[1] == CHAIR]
    assert [row[3][0][0] for row in asked] == [
        "town:meeting:event:meeting-2025-02-06",
        "town:meeting:event:meeting-2025-03-27",
        "town:meeting:event:meeting-2025-05-15",
    ]
    assert asked[2][0] == date(2025, 2, 14)


def test_the_preview_shows_it_and_notes_nothing(board: Office) -> None:
    """What would go out is shown with its file."""
    found = preview_mails(board.service("2025-01-07T12:00"), date(2025, 1, 8), at("2025-01-08T09:00"))
    assert found.unmade == ()
    assert [facts.recipient for _, facts in found.mails if facts.invitation] == [
        BOX,
        CHAIR,
        MEMBER,
        SECRETARY,
    ]
    assert board.look("invitation", "recipient") == []


def test_once_whoever_writes_it(board: Office) -> None:
    """The key refuses a second mail of the same; one that was taken back leaves it free."""
    board.tick("2025-01-08T09:00")
    (digest_id,) = board.look("digest", "id", recipient=CHAIR)
    one = Invitation(TOWN, date(2025, 3, 27), CHAIR, 0, "request", None, "", "sv")
    with board.database.write() as connection:
        assert not planned.claim_invitation(connection, digest_id, (one,))
        connection.execute(
            update(tables.digest).where(tables.digest.c.id == digest_id).values(state="cancelled")
        )
        assert (TOWN, date(2025, 3, 27), CHAIR) not in planned.invitations_sent(connection)
        assert planned.claim_invitation(connection, digest_id, (one,))

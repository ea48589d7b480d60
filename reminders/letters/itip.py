"""Invitations as calendars exchange them: iTIP (RFC 5546) over mail (RFC 6047).

Pure. ``calendars`` writes the object, its VEVENT with the same octets as in a feed, and knows no address: who
organises and who attends is said here. The organiser is the service's own sender, whoever the secretary is:
clients take an update or a cancellation only from the organiser who invited, and check it against From. No
answer is asked for (RSVP=FALSE): nobody would read it. A file beside another mail is published (section
3.2.1): it has no attendee and asks for nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from calendars.event import Entry, uid
from calendars.feed import Method, with_method
from calendars.text import WORDS
from reminders.letters.message import Attachment, address, clean_header
from reminders.planning.invitations import Invitation, board_of
from schedule_rules.programme import Lang, Programme, Text

_PARTICIPANT: Final = ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE"


def calendar(
    one: Invitation, programme: Programme, method: Method, sender: tuple[str, str], lang: Lang, now: datetime
) -> bytes:
    """Return the iCalendar object of an invitation; ``sender`` is name and address, ``now`` its DTSTAMP."""
    people = [_person("ORGANIZER", sender[0], sender[1])]
    if method != "PUBLISH":
        people.append(_person("ATTENDEE", "", one.recipient, _PARTICIPANT))
    return with_method(_meeting(one, programme, now), lang, method, people)


def _meeting(one: Invitation, programme: Programme, now: datetime) -> Entry:
    """Return a meeting as an entry, at its hours or all day."""
    board = board_of(programme)
    begin, end = (datetime.combine(one.on, hour) for hour in one.hours) if one.hours else (one.on, None)
    return Entry(
        uid=uid("meeting", one.seed),
        kind="event",
        title=Text(**{key: words.meeting.format(name=board.get(key)) for key, words in WORDS.items()}),
        start=begin,
        end=end,
        zone=programme.timezone,
        modified=now,
        status="confirmed" if one.method == "request" else "cancelled",
        sequence=one.sequence,
        location=Text(one.place, one.place, one.place),
        lines=(programme.name,),
    )


def calendar_file(
    one: Invitation, programme: Programme, sender: tuple[str, str], lang: Lang, now: datetime, *, alone: bool
) -> Attachment:
    """Return the part that makes a mail an invitation or cancellation, ``alone``, else a file beside it."""
    method: Method = "PUBLISH" if not alone else "REQUEST" if one.method == "request" else "CANCEL"
    content = calendar(one, programme, method, sender, lang, now)
    name = "invite.ics" if alone else f"meeting-{one.on.isoformat()}.ics"
    return Attachment(name, f"text/calendar; method={method}; charset=utf-8", content)


def _person(name: str, shown: str, mail: str, parameters: str = "") -> str:
    """Return a property of a calendar user; its name without what a quoted parameter cannot hold."""
    clean = clean_header(shown).replace('"', "'")
    return f"{name}{parameters}" + (f';CN="{clean}"' if clean else "") + f":mailto:{address(mail)}"

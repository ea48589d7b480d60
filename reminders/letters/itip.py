"""Invitations as calendars exchange them: iTIP (RFC 5546) over mail (RFC 6047).

Pure. ``calendars`` writes the VEVENT, the same octets as in a feed, and knows no address; organiser, attendee
and METHOD are added here. The organiser is the service's own sender, whoever the secretary is: clients take
an update or a cancellation only from the organiser who invited, and check it against From. No answer is asked
for (RSVP=FALSE): nobody would read it. A file beside another mail is published (section 3.2.1): it has no
attendee and asks for nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from calendars.event import Entry, uid
from calendars.feed import PRODID
from calendars.lines import fold_lines
from calendars.text import WORDS
from calendars.vevent import fragment
from calendars.zone import vtimezone
from reminders.letters.message import Attachment, address, clean_header
from reminders.planning.invitations import Invitation, board_of
from schedule_rules.programme import Lang, Programme, Text

Wire = Literal["REQUEST", "CANCEL", "PUBLISH"]
_HEAD: Final = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODID}\r\nCALSCALE:GREGORIAN\r\n".encode()
_EVENT: Final = b"BEGIN:VEVENT\r\n"
_PARTICIPANT: Final = ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE"


def calendar(
    one: Invitation, programme: Programme, method: Wire, sender: tuple[str, str], lang: Lang, now: datetime
) -> bytes:
    """Return the iCalendar object of an invitation; ``sender`` is name and address, ``now`` its DTSTAMP."""
    entry = _meeting(one, programme, now)
    lines = [_person("ORGANIZER", sender[0], sender[1])]
    if method != "PUBLISH":
        lines.append(_person("ATTENDEE", "", one.recipient, _PARTICIPANT))
    people = b"".join(fold_lines(line) + b"\r\n" for line in lines)
    event = fragment(entry, lang).replace(_EVENT, _EVENT + people, 1)
    zone = vtimezone(entry.zone) if entry.timed else b""
    return b"".join((_HEAD, f"METHOD:{method}\r\n".encode(), zone, event, b"END:VCALENDAR\r\n"))


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
    method: Wire = "PUBLISH" if not alone else "REQUEST" if one.method == "request" else "CANCEL"
    content = calendar(one, programme, method, sender, lang, now)
    name = "invite.ics" if alone else f"meeting-{one.on.isoformat()}.ics"
    return Attachment(name, f"text/calendar; method={method}; charset=utf-8", content)


def _person(name: str, shown: str, mail: str, parameters: str = "") -> str:
    """Return a property of a calendar user; its name without what a quoted parameter cannot hold."""
    clean = clean_header(shown).replace('"', "'")
    return f"{name}{parameters}" + (f';CN="{clean}"' if clean else "") + f":mailto:{address(mail)}"

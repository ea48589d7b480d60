"""A meeting as one VEVENT of an invitation: the same octets as in a feed, without anybody's address.

Who invites whom, and the METHOD, are added where addresses are known (``reminders``);
texts and folding are those of the feeds.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from calendars.event import Entry, uid
from calendars.feed import PRODID
from calendars.vevent import fragment
from calendars.zone import vtimezone
from schedule_rules.programme import Lang, Text

_TITLES: Final[dict[Lang, str]] = {"fi": "Kokous: {name}", "sv": "Möte: {name}", "en": "Meeting: {name}"}


def meeting(
    seed: str,
    name: Text,
    on: date,
    hours: tuple[time, time] | None,
    *,
    zone: str,
    place: str,
    programme: Text,
    sequence: int,
    modified: datetime,
    cancelled: bool,
) -> Entry:
    """Return the entry of a meeting of ``name`` ``on`` a civil date, ``hours`` in ``zone`` or all day.

    ``seed`` is what its UID is made of; ``modified`` an instant, which becomes its DTSTAMP.
    """
    texts = {lang: pattern.format(name=name.get(lang)) for lang, pattern in _TITLES.items()}
    begin, end = (datetime.combine(on, one) for one in hours) if hours else (on, None)
    return Entry(
        uid=uid("meeting", seed),
        kind="event",
        title=Text(**texts),
        start=begin,
        end=end,
        zone=zone,
        modified=modified,
        status="cancelled" if cancelled else "confirmed",
        sequence=sequence,
        location=Text(place, place, place),
        lines=(programme,),
    )


def meeting_parts(entry: Entry, lang: Lang) -> tuple[bytes, bytes, bytes]:
    """Return what stands before METHOD, what between it and the VEVENT (the zone), and the VEVENT."""
    head = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODID}\r\nCALSCALE:GREGORIAN\r\n"
    return head.encode(), vtimezone(entry.zone) if entry.timed else b"", fragment(entry, lang)

"""One entry in one language as a VEVENT (RFC 5545 section 3.6.1, RFC 7986).

Octets are a function of the entry: the stamps are the row's own, nothing is
random. Written by icalendar, folded by ``lines``, kept per (entry, language).
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Alarm, Event
from icalendar.prop import vRecur, vUri

from calendars.event import Entry, Moment, localised
from calendars.lines import plain, write
from calendars.text import description, location, one_line, summary
from schedule_rules.programme import Lang
from schedule_rules.rule import RecurrenceSet

# Ten thousand entries in three languages; less would forget each before it is wanted again.
_FRAGMENTS = 32_768


@lru_cache(maxsize=_FRAGMENTS)
def fragment(entry: Entry, lang: Lang) -> bytes:
    """Return the VEVENT of ``entry`` in ``lang``, with its last line break."""
    event = Event()
    event.add("uid", plain(entry.uid))
    event.add("sequence", entry.sequence)
    event.add("status", entry.status.upper())
    stamp = entry.modified.astimezone(UTC).replace(microsecond=0)
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    _add_times(event, entry)
    event.add("summary", plain(summary(entry, lang), lang))
    for name, text in (("description", description(entry, lang)), ("location", location(entry, lang))):
        if text:
            event.add(name, plain(text, lang))
    if entry.domain:
        event.add("categories", plain(one_line(entry.domain.get(lang))))
    if entry.url:
        event.add("url", vUri(localised(entry.url, lang)))
    if entry.conference:
        event.add("conference", vUri(entry.conference), parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
    if entry.alarm and entry.status != "cancelled":
        # Half an hour before a time, at nine the day before a whole day.
        before = timedelta(minutes=30) if isinstance(entry.start, datetime) else timedelta(hours=15)
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", plain(summary(entry, lang), lang))
        alarm.add("trigger", -before)
        event.add_component(alarm)
    return b"\r\n".join((*write(event), b""))


def _add_times(event: Event, entry: Entry) -> None:
    _add_moment(event, "dtstart", entry.start, entry.zone)
    if entry.finish is not None:
        _add_moment(event, "dtend", entry.finish, entry.zone)
    if entry.recurrence_id is not None:
        _add_moment(event, "recurrence-id", entry.recurrence_id, entry.zone)
    if entry.recurrence is not None and entry.recurrence.rrule:
        _add_series(event, entry, entry.recurrence)
    if not isinstance(entry.start, datetime):
        event.add("transp", "TRANSPARENT")


def _add_moment(event: Event, name: str, moment: Moment, zone: str) -> None:
    """Add a day as VALUE=DATE, a time with TZID (section 3.3.5, form 3)."""
    timed = isinstance(moment, datetime)
    value = [moment] if name == "exdate" else moment
    event.add(name, value, parameters={"TZID": zone} if timed else {"VALUE": "DATE"})


def _add_series(event: Event, entry: Entry, recurrence: RecurrenceSet) -> None:
    """Add RRULE with UNTIL, and an EXDATE line a date in DTSTART's form (section 3.8.5).

    UNTIL is a day for days; for times the end of the last day in UTC (section 3.3.10).
    """
    rule, start = vRecur.from_ical(recurrence.rrule), entry.start
    until: Moment | None = recurrence.until
    if until is not None and isinstance(start, datetime):
        until = datetime.combine(until, time(23, 59, 59), ZoneInfo(entry.zone)).astimezone(UTC)
    if until is not None:
        rule["UNTIL"] = [until]
    event.add("rrule", rule)
    for day in sorted(set(recurrence.exdates)):
        moment = datetime.combine(day, start.time()) if isinstance(start, datetime) else day
        _add_moment(event, "exdate", moment, entry.zone)

"""A calendar as a file beside a mail: the entries of a feed, published (RFC 5546 section 3.2.1, RFC 6047).

The same UIDs and texts as in the feeds. A published event names its organiser;
no address is known here, so it is the page where the feeds are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from calendars.event import Entry, localised
from calendars.feed import FeedSpec, feed
from calendars.lines import fold
from calendars.text import one_line
from schedule_rules.programme import Lang
from schedule_rules.rule import expand

_SCALE: Final = b"CALSCALE:GREGORIAN\r\n"
_EVENT: Final = b"BEGIN:VEVENT\r\n"


def published(spec: FeedSpec, entries: Iterable[Entry], lang: Lang, modified: datetime) -> bytes:
    """Return the entries that belong to ``spec`` as an iCalendar object with METHOD:PUBLISH.

    It never says where a feed stands: a file is no subscription.
    """
    body = feed(replace(spec, public=False), entries, lang, modified).body
    organiser = fold(f'ORGANIZER;CN="{_quoted(spec, lang)}":{localised(spec.url, lang)}') + b"\r\n"
    return body.replace(_SCALE, _SCALE + b"METHOD:PUBLISH\r\n", 1).replace(_EVENT, _EVENT + organiser)


def of_year(entries: Iterable[Entry], keys: Iterable[str], year: int) -> tuple[Entry, ...]:
    """Return the entries of some organisations that have a day in ``year``, series with their moved days."""
    wanted = frozenset(keys)
    own = [entry for entry in entries if not wanted.isdisjoint(entry.organisation_keys)]
    uids = {entry.uid for entry in own if year in _years(entry) and entry.status != "cancelled"}
    return tuple(entry for entry in own if entry.uid in uids)


def _years(entry: Entry) -> set[int]:
    days = expand(entry.recurrence) if entry.recurrence else (entry.start,)
    return {day.year for day in days}


def _quoted(spec: FeedSpec, lang: Lang) -> str:
    """Return the programme's name fit for a quoted parameter (RFC 5545 section 3.1)."""
    return one_line(spec.programme.get(lang)).replace('"', "'")

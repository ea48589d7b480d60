"""Which entries stand in which feed, and its octets (RFC 5545 section 3.4, RFC 7986 section 5).

The same entries in any order give the same octets. How a feed travels over HTTP and is kept
between requests is left to ``reminders``. A file beside a mail is the same feed, published once
(RFC 5546 section 3.2.1, RFC 6047): same UIDs, same texts; so is an entry that people are invited to.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final, Literal

from icalendar import Calendar
from icalendar.prop import vDuration, vUri

from calendars.event import Entry, localised, sort_key, uid
from calendars.lines import fold_lines, plain, write
from calendars.text import WORDS, one_line
from calendars.vevent import fragment
from calendars.zone import vtimezone
from schedule_rules.programme import Lang, Text

Scope = Literal["deadlines", "events", "meetings", "all"]
Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
"""What an object that travels by mail asks for (RFC 5546)."""

PRODID = "-//action-programme-reminders//calendars//EN"
# CSS3 names for COLOR (RFC 7986 section 5.9), hexadecimal for Apple; dark enough for white letters.
COLOURS: Mapping[str, str] = {
    "steelblue": "#4682B4",
    "teal": "#008080",
    "seagreen": "#2E8B57",
    "darkolivegreen": "#556B2F",
    "sienna": "#A0522D",
    "firebrick": "#B22222",
    "mediumvioletred": "#C71585",
    "darkslateblue": "#483D8B",
    "slateblue": "#6A5ACD",
    "darkslategray": "#2F4F4F",
    "royalblue": "#4169E1",
    "chocolate": "#D2691E",
}
NO_TEXT: Final = Text()
_REFRESH = timedelta(hours=4)
_HEAD: Final = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODID}\r\nCALSCALE:GREGORIAN\r\n".encode()
_EVENT: Final = b"BEGIN:VEVENT\r\n"
WHOLE: Final[tuple[Scope, ...]] = ("all", "events", "deadlines", "meetings")
"""The feeds of a whole programme, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """What one feed is. ``name`` is one of ``WHOLE``, or says by ``parts`` and ``scope`` what it holds.

    ``parts`` are keys of domains and organisations, where they are not the name itself; ``label`` is what
    they are called, None for the whole programme; ``short`` the programme's short name. ``url`` is the page
    where
    feeds are subscribed to (in the language as ``localised`` says); a public feed stands under it by its file
    name, a private one never says where it stands (design: calendar.md 11, 12). ``file`` is what its address
    ends with where that is not ``name``, ``folder`` the part of it before that: the programme.
    """

    name: str
    programme: Text
    short: Text = NO_TEXT
    scope: Scope = "all"
    parts: tuple[str, ...] = ()
    label: Text | None = None
    url: str = ""
    public: bool = True
    colour: str = "steelblue"
    zone: str = "Europe/Helsinki"
    file: str = ""
    folder: str = ""


@dataclass(frozen=True)
class Feed:
    """The octets of one feed in one language, with what HTTP says about them."""

    name: str
    lang: Lang
    body: bytes
    etag: str
    last_modified: datetime
    filename: str
    public: bool = True

    @cached_property
    def gzipped(self) -> bytes:
        """The body compressed, the same octets every time (no time in the header)."""
        return gzip.compress(self.body, compresslevel=6, mtime=0)

    @property
    def gzip_etag(self) -> str:
        """The strong tag of the compressed octets, which are other octets (RFC 9110 section 8.8.3.3)."""
        return f'{self.etag[:-1]}-gzip"'


def feed(spec: FeedSpec, entries: Iterable[Entry], lang: Lang, modified: datetime) -> Feed:
    """Return the feed ``spec`` of ``entries`` in ``lang``; ``modified`` never goes back.

    1. Select the feed's entries and put them in order.
    2. Without any, one all-day note says so.
    3. Calendar properties, zones of timed entries, a fragment an entry.
    """
    chosen = select(spec, entries) or (_note(spec, modified),)
    zones = sorted({entry.zone for entry in chosen if entry.timed})
    head = write(_calendar(spec, lang, modified))
    parts = [b"\r\n".join((*head[:-1], b"")), *(vtimezone(zone) for zone in zones)]
    parts += [fragment(entry, lang) for entry in chosen]
    body = b"".join((*parts, head[-1], b"\r\n"))
    return Feed(
        name=spec.name,
        lang=lang,
        body=body,
        etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        last_modified=_stamp(modified),
        filename=filename(spec, lang),
        public=spec.public,
    )


def select(spec: FeedSpec, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries of feed ``spec`` in the order (DTSTART, UID, RECURRENCE-ID)."""
    return tuple(sorted((entry for entry in entries if belongs(spec, entry)), key=sort_key))


def filename(spec: FeedSpec, lang: Lang) -> str:
    """Return the file name of the feed, as its address ends."""
    return f"{spec.file or spec.name}-{lang}.ics"


def title(spec: FeedSpec, lang: Lang) -> str:
    """Return the calendar's name: the programme, then whose it is and what stands in it."""
    words = WORDS[lang]
    what: str = getattr(words, f"what_{spec.scope}")
    if spec.label:
        name = one_line(spec.label.get(lang))
        what = name if spec.scope == "all" else f"{name}, {what}"
    return f"{one_line((spec.short or spec.programme).get(lang))}: {what}"


def belongs(spec: FeedSpec, entry: Entry) -> bool:
    """Tell whether ``entry`` stands in the feed ``spec``."""
    if entry.kind == "meeting":
        return spec.scope == "meetings" or not spec.public
    if spec.scope != "all" and (entry.kind == "event") != (spec.scope == "events"):
        return False
    if spec.scope == "meetings":
        return False
    keys = {entry.domain_key, *entry.organisation_keys, *entry.also_in} - {""}
    is_whole = spec.name in WHOLE and not spec.parts
    return is_whole or not keys or not keys.isdisjoint(spec.parts or (spec.name,))


def _calendar(spec: FeedSpec, lang: Lang, modified: datetime) -> Calendar:
    """Return the calendar's own properties: no UID, no METHOD (design: calendar.md 4, 13)."""
    of = (spec.programme, spec.label) if spec.label else (spec.programme,)
    audience = ", ".join(one_line(text.get(lang)) for text in of)
    about = getattr(WORDS[lang], f"about_{spec.scope}").format(name=audience)
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", plain(PRODID))
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", plain(title(spec, lang), lang))
    calendar.add("x-wr-calname", plain(title(spec, lang)))
    calendar.add("description", plain(about, lang))
    calendar.add("x-wr-caldesc", plain(about))
    calendar.add("x-wr-timezone", spec.zone)
    calendar.add("last-modified", _stamp(modified))
    calendar.add("refresh-interval", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(_REFRESH))
    calendar.add("color", spec.colour)
    calendar.add("x-apple-calendar-color", COLOURS[spec.colour])
    if spec.url:  # of the page where it is subscribed to: a private address stands nowhere
        calendar.add("url", vUri(localised(spec.url, lang)))
    if spec.url and spec.public:
        calendar.add("source", vUri(feed_address(spec, lang)), parameters={"VALUE": "URI"})
    return calendar


def feed_address(spec: FeedSpec, lang: Lang) -> str:
    """Return where a public feed stands: under its page's address, in the folder of its programme."""
    base = spec.url.replace("{lang}", lang).partition("?")[0].rstrip("/")
    return "/".join(part for part in (base, spec.folder, filename(spec, lang)) if part)


def _note(spec: FeedSpec, modified: datetime) -> Entry:
    """Return the note of an empty feed, on the day of its last stamp (design: calendar.md 14, 21).

    A later one moves it, so its SEQUENCE is that day's number (RFC 5545 section 3.8.7.4).
    """
    day = _stamp(modified).date()
    texts = {lang: words.empty for lang, words in WORDS.items()}
    return Entry(
        uid=uid("empty", spec.name),
        kind="event",
        title=Text(**texts),
        start=day,
        modified=modified,
        sequence=day.toordinal(),
    )


def _stamp(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def published(spec: FeedSpec, entries: Iterable[Entry], lang: Lang, modified: datetime) -> bytes:
    """Return the entries that belong to ``spec`` as an iCalendar object with METHOD:PUBLISH.

    It never says where a feed stands: a file is no subscription. A published event names its
    organiser; no address is known here, so it is the page where the feeds are.
    """
    body = feed(replace(spec, public=False), entries, lang, modified).body
    name = one_line(spec.programme.get(lang)).replace('"', "'")  # quoted parameter (RFC 5545 section 3.1)
    organiser = fold_lines(f'ORGANIZER;CN="{name}":{localised(spec.url, lang)}') + b"\r\n"
    body = body.replace(b"CALSCALE:GREGORIAN\r\n", b"CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n", 1)
    return body.replace(_EVENT, _EVENT + organiser)


def with_method(entry: Entry, lang: Lang, method: Method, people: Iterable[str]) -> bytes:
    """Return one entry as an iCalendar object with a METHOD; ``people`` are properties of who takes part."""
    lines = b"".join(fold_lines(line) + b"\r\n" for line in people)
    event = fragment(entry, lang).replace(_EVENT, _EVENT + lines, 1)
    zone = vtimezone(entry.zone) if entry.timed else b""
    return b"".join((_HEAD, f"METHOD:{method}\r\n".encode(), zone, event, b"END:VCALENDAR\r\n"))


def of_year(
    entries: Iterable[Entry], dates: Iterable[Entry], keys: Iterable[str], year: int
) -> tuple[Entry, ...]:
    """Return the entries of some organisations of which a date in ``year`` stands, whole series with them."""
    wanted = frozenset(keys)
    uids = {one.uid for one in dates if one.day.year == year and one.state != "cancelled"}
    return tuple(one for one in entries if one.uid in uids and not wanted.isdisjoint(one.organisation_keys))

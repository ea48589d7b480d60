import gzip
import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, strategies as st

from calendars.event import Entry
from calendars.feed import COLOURS, feed, select, title
from schedule_rules.programme import LANGUAGES, Text

ELSEWHERE = """
import hashlib
from datetime import UTC, date, datetime
from calendars.event import Entry
from calendars.feed import FeedSpec, feed
from schedule_rules.programme import Text
from schedule_rules.rule import RecurrenceSet
stamp = datetime(2023, 2, 20, tzinfo=UTC)
entries = {
    Entry(uid=f"u{n}", kind="event", title=Text(f"T{n}"), modified=stamp, zone="Europe/Stockholm",
          start=datetime(2025, 1, 6 + n, 17), organisation_keys=("a", "b"),
          recurrence=RecurrenceSet(date(2025, 1, 6 + n), "FREQ=WEEKLY", date(2025, 12, 31)))
    for n in range(20)
}
made = feed(FeedSpec(name="all", programme=Text("P")), entries, "fi", stamp)
print(hashlib.sha256(made.body).hexdigest(), hashlib.sha256(made.gzipped).hexdigest())
"""


def properties(body):
    """The calendar's own lines, unfolded, before its first component."""
    lines = body.decode().replace("\r\n ", "").split("\r\n")
    return lines[1 : next(n for n, line in enumerate(lines[1:], 1) if line.startswith("BEGIN:"))]


def test_calendar_properties(specs, entries, modified):
    """The calendar's own properties: names twice, TTL twice, addresses, colour twice; no UID, no METHOD."""
    assert properties(feed(specs["events"], entries, "sv", modified).body) == [
        "VERSION:2.0",
        "PRODID:-//action-programme-reminders//calendars//EN",
        "CALSCALE:GREGORIAN",
        "DESCRIPTION;LANGUAGE=sv:Evenemang: Vasa stads integrationsprogram för åren 2023–2026",
        "X-WR-CALDESC:Evenemang: Vasa stads integrationsprogram för åren 2023–2026",
        "NAME;LANGUAGE=sv:Integrationen i Vasa: evenemang",
        "X-WR-CALNAME:Integrationen i Vasa: evenemang",
        "COLOR:teal",
        "LAST-MODIFIED:20251120T120000Z",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "SOURCE;VALUE=URI:https://muistutus.example/calendars/events-sv.ics",
        "URL:https://muistutus.example/calendars/?lang=sv",
        "X-APPLE-CALENDAR-COLOR:#008080",
        "X-PUBLISHED-TTL:PT4H",
        "X-WR-TIMEZONE:Europe/Helsinki",
    ]


def test_private_feed_does_not_say_where_it_stands(specs, entries, modified):
    """A private feed has no SOURCE, and differs in nothing else."""
    public = properties(feed(specs["all"], entries, "fi", modified).body)
    private = properties(feed(replace(specs["all"], public=False), entries, "fi", modified).body)
    assert private == [line for line in public if not line.startswith("SOURCE")]


def test_without_an_address(specs, entries, modified):
    """A feed whose page is not known has neither URL nor SOURCE."""
    lines = properties(feed(replace(specs["all"], url=""), entries, "fi", modified).body)
    assert [line for line in lines if line.startswith(("URL", "SOURCE"))] == []


def test_names(specs):
    """The name says the programme, whose calendar it is and what stands in it."""
    work = replace(specs["work"], scope="deadlines", parts=("work",))
    assert [title(one, "fi") for one in (specs["deadlines"], specs["alma"], work)] == [
        "Vaasan kotouttaminen: määräajat",
        "Vaasan kotouttaminen: Alma",
        "Vaasan kotouttaminen: Työ, määräajat",
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("all", ["webinar", "milestone", "cafe", "cafe_moved", "review", "cafe_cancelled", "collection"]),
        ("events", ["webinar", "cafe", "cafe_moved", "cafe_cancelled"]),
        ("deadlines", ["milestone", "review", "collection"]),
        ("work", ["milestone", "review", "collection"]),
        ("alma", ["cafe", "cafe_moved", "cafe_cancelled", "collection"]),
        ("nobody", []),
    ],
)
def test_selection_and_order(name, expected, specs, entries, request):
    """Each feed holds its entries by (DTSTART, UID, RECURRENCE-ID); what has no theme stands in all."""
    assert select(specs[name], entries) == tuple(request.getfixturevalue(item) for item in expected)


def test_all_is_events_and_deadlines(specs, entries):
    """``all`` holds what ``events`` and ``deadlines`` hold, nothing twice, nothing else."""
    events, deadlines = select(specs["events"], entries), select(specs["deadlines"], entries)
    assert sorted(map(repr, events + deadlines)) == sorted(map(repr, select(specs["all"], entries)))


def test_same_day_by_uid_then_recurrence_id(specs, milestone):
    """Entries of one day stand by UID; a series' overrides on one day by RECURRENCE-ID."""
    later = replace(milestone, uid="b", recurrence_id=date(2025, 2, 1))
    earlier = replace(milestone, uid="b", recurrence_id=date(2025, 1, 1))
    plain, first = replace(milestone, uid="b"), replace(milestone, uid="a")
    last = replace(milestone, uid="c")
    rows = (last, later, earlier, plain, first)
    assert select(specs["all"], rows) == (first, plain, earlier, later, last)


@given(data=st.data())
def test_order_of_entries_does_not_matter(data, specs, entries, modified):
    """Any order of the same entries gives the same octets, compressed too."""
    shuffled = data.draw(st.permutations(entries))
    made, again = (feed(specs["all"], rows, "fi", modified) for rows in (entries, shuffled))
    assert (made.body, made.gzipped, made.etag) == (again.body, again.gzipped, again.etag)


def test_same_octets_in_other_processes(root):
    """Another process, hash seed, time zone or language setting changes no octet."""
    seen = set()
    for seed, zone in (("0", "UTC"), ("1", "Pacific/Apia"), ("4711", "Europe/Helsinki")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(root)}
        command = [sys.executable, "-c", ELSEWHERE]
        seen.add(subprocess.run(command, env=env, capture_output=True, check=True, text=True).stdout)
    assert len(seen) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_same_uids_in_every_feed_and_language(lang, specs, entries, modified):
    """An entry has one UID wherever it stands."""
    lines = feed(specs["all"], entries, lang, modified).body.decode().split("\r\n")
    assert {line[4:] for line in lines if line.startswith("UID:")} == {entry.uid for entry in entries}


def test_empty_feed(specs, entries, modified):
    """A feed without entries holds one all-day note, dated by the data."""
    body = feed(specs["nobody"], entries, "sv", modified).body.decode()
    assert body[body.index("BEGIN:VEVENT") :].split("\r\n") == [
        "BEGIN:VEVENT",
        "SUMMARY;LANGUAGE=sv:Inget inplanerat",
        "DTSTART;VALUE=DATE:20251120",
        "DTEND;VALUE=DATE:20251121",
        "DTSTAMP:20251120T120000Z",
        "UID:377fd9b4-83b5-5233-a815-df7a9950bca4",
        "SEQUENCE:739575",
        "LAST-MODIFIED:20251120T120000Z",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_zones_of_timed_entries_alone(specs, entries, cafe, modified):
    """A VTIMEZONE stands for each zone that a time names, once; all-day feeds have none."""

    def zones(name, rows):
        lines = feed(specs[name], rows, "fi", modified).body.decode().split("\r\n")
        return [line for line in lines if line.startswith("TZID:")]

    abroad = replace(cafe, uid="abroad", zone="Europe/Stockholm")
    assert zones("deadlines", entries) == []
    assert zones("events", entries) == ["TZID:Europe/Helsinki"]
    assert zones("all", (*entries, abroad)) == ["TZID:Europe/Helsinki", "TZID:Europe/Stockholm"]


def test_lines(specs, entries, modified):
    """Every line ends in CRLF, holds at most 75 octets and is whole UTF-8."""
    for lang in LANGUAGES:
        body = feed(specs["all"], entries, lang, modified).body
        lines = body.split(b"\r\n")
        assert (lines.pop(), body.count(b"\n"), body.count(b"\r")) == (b"", len(lines), len(lines))
        assert [line for line in lines if len(line) > 75 or not line.decode()] == []


def test_feed_values(specs, entries, modified):
    """The tag is the hash of the octets, Last-Modified is in whole seconds, the name is the address's."""
    made = feed(specs["all"], entries, "fi", modified)
    assert made.etag == f'"{hashlib.sha256(made.body).hexdigest()[:32]}"'
    assert made.gzip_etag == f'"{hashlib.sha256(made.body).hexdigest()[:32]}-gzip"'
    assert made.last_modified == datetime(2025, 11, 20, 12, 0, tzinfo=UTC)
    assert (made.filename, made.name, made.lang, made.public) == ("all-fi.ics", "all", "fi", True)


def test_gzip(specs, entries, modified):
    """The compressed octets are the body, and carry no time of making."""
    made = feed(specs["all"], entries, "fi", modified)
    assert gzip.decompress(made.gzipped) == made.body
    assert made.gzipped[4:8] == b"\0\0\0\0"


def test_colours(specs, entries, modified):
    """A colour is a name of the list; another one is a mistake of the caller."""
    assert [value for value in COLOURS.values() if len(value) != 7 or not value.startswith("#")] == []
    with pytest.raises(KeyError):
        feed(replace(specs["all"], colour="blueish"), entries, "fi", modified)


def test_text_with_every_delimiter(specs, modified):
    """A title that looks like iCalendar stays a title."""
    odd = Entry(
        uid="odd",
        kind="event",
        title=Text("a;b,c\\n\r\nEND:VEVENT"),
        start=date(2025, 1, 1),
        modified=modified,
    )
    lines = feed(specs["all"], (odd,), "fi", modified).body.decode().split("\r\n")
    assert lines[lines.index("BEGIN:VEVENT") + 1] == "SUMMARY;LANGUAGE=fi:a\\;b\\,c\\\\n END:VEVENT"
    assert lines.count("END:VEVENT") == 1


# https://www.w3.org/TR/css-color-3/#svg-color, 147 names, as RFC 7986 section 5.9 wants them.
CSS3 = """
aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown
burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan
darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid
darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey darkturquoise darkviolet
deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro
ghostwhite gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo ivory khaki
lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan lightgoldenrodyellow
lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen lightskyblue lightslategray
lightslategrey lightsteelblue lightyellow lime limegreen linen magenta maroon mediumaquamarine mediumblue
mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen mediumturquoise
mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab orange
orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum
powderblue purple red rosybrown royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver
skyblue slateblue slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet
wheat white whitesmoke yellow yellowgreen
"""


def test_colours_are_css3_names():
    """COLOR is a name of CSS 3: what came later (rebeccapurple) is no colour to a client."""
    assert len(CSS3.split()) == 147
    assert set(COLOURS) <= set(CSS3.split())

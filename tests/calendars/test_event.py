from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from calendars.event import EntryError, localised, may_override
from calendars.vevent import fragment
from schedule_rules.rule import RecurrenceSet


def lines(entry, *names):
    """The unfolded lines of the entry's VEVENT in Finnish that begin with one of ``names``."""
    text = fragment(entry, "fi").decode().replace("\r\n ", "")
    return [line for line in text.splitlines() if line.startswith(names)]


def test_all_day(milestone):
    """A deadline is a whole day: DTEND exclusive, and it takes nobody's time."""
    assert lines(milestone, "DT", "TRANSP", "STATUS", "SEQ", "LAST") == [
        "DTSTART;VALUE=DATE:20241231",
        "DTEND;VALUE=DATE:20250101",
        "DTSTAMP:20230220T080000Z",
        "SEQUENCE:0",
        "LAST-MODIFIED:20230220T080000Z",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
    ]


def test_timed_series(cafe):
    """Local times with TZID, UNTIL in UTC, EXDATE in DTSTART's exact form."""
    assert lines(cafe, "DTSTART", "DTEND", "RRULE", "EXDATE", "TRANSP") == [
        "DTSTART;TZID=Europe/Helsinki:20250130T170000",
        "DTEND;TZID=Europe/Helsinki:20250130T193000",
        "RRULE:FREQ=MONTHLY;UNTIL=20261231T215959Z;BYDAY=-1TH",
        "EXDATE;TZID=Europe/Helsinki:20250731T170000",
        "EXDATE;TZID=Europe/Helsinki:20260730T170000",
    ]


def test_all_day_series(webinar):
    """An all-day series has UNTIL and EXDATE as days."""
    exdates = (date(2025, 11, 13), date(2024, 11, 14), date(2025, 11, 13))
    without = replace(webinar, recurrence=replace(webinar.recurrence, exdates=exdates))
    assert lines(without, "DTSTART", "RRULE", "EXDATE") == [
        "DTSTART;VALUE=DATE:20231109",
        "RRULE:FREQ=YEARLY;UNTIL=20261231;BYDAY=2TH;BYMONTH=11",
        "EXDATE;VALUE=DATE:20241114",
        "EXDATE;VALUE=DATE:20251113",
    ]


def test_override(cafe, cafe_moved):
    """A moved instance keeps the UID; its RECURRENCE-ID has the series' form."""
    assert lines(cafe_moved, "DTSTART", "RECURRENCE-ID", "RRULE", "UID") == [
        "DTSTART;TZID=Europe/Helsinki:20250527T160000",
        f"UID:{cafe.uid}",
        "RECURRENCE-ID;TZID=Europe/Helsinki:20250529T170000",
    ]


def test_cancelled(cafe_cancelled):
    """A cancelled date is kept, says so twice and has a higher SEQUENCE."""
    assert lines(cafe_cancelled, "SUMMARY", "STATUS", "SEQUENCE") == [
        "SUMMARY;LANGUAGE=fi:PERUTTU: Kulttuurikahvila",
        "SEQUENCE:2",
        "STATUS:CANCELLED",
    ]


def test_video_meeting(webinar):
    """The link of a webinar stands in CONFERENCE and, for older clients, in LOCATION."""
    assert lines(webinar, "CONFERENCE", "LOCATION", "STATUS") == [
        "CONFERENCE;FEATURE=VIDEO;VALUE=URI:https://video.example/kaamos?id=1,2",
        "LOCATION;LANGUAGE=fi:https://video.example/kaamos?id=1\\,2",
        "STATUS:TENTATIVE",
    ]


def test_no_personal_or_empty_property(entries):
    """No attendee, address, method, alarm; no property without a value."""
    text = b"".join(fragment(entry, "fi") for entry in entries).decode().replace("\r\n ", "")
    names = {line.split(":")[0].split(";")[0] for line in text.splitlines()}
    assert names == {
        *("BEGIN", "END", "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "RECURRENCE-ID", "SEQUENCE"),
        *("RRULE", "EXDATE", "CATEGORIES", "CONFERENCE", "DESCRIPTION", "LAST-MODIFIED", "LOCATION"),
        *("STATUS", "TRANSP", "URL"),
    }
    assert [line for line in text.splitlines() if line.endswith(":")] == []


def test_end_from_the_recurrence_set(cafe):
    """Without an end, a timed series lasts as many minutes as its rule says."""
    timed = replace(cafe, end=None, recurrence=replace(cafe.recurrence, at=time(17), minutes=45))
    assert lines(timed, "DTEND") == ["DTEND;TZID=Europe/Helsinki:20250130T174500"]


def test_end_unknown(cafe):
    """A time of which only the start is known has no DTEND (RFC 5545 section 3.6.1)."""
    assert lines(replace(cafe, end=None), "DTEND") == []


def test_stamp_in_utc(milestone):
    """A stamp with another offset is written in UTC, to the second."""
    stamp = datetime.fromisoformat("2025-06-01T12:30:15.250+03:00")
    moved = replace(milestone, modified=stamp)
    assert lines(moved, "DTSTAMP", "LAST") == ["DTSTAMP:20250601T093015Z", "LAST-MODIFIED:20250601T093015Z"]


def test_a_changed_text_is_a_new_fragment(milestone):
    """The kept fragment belongs to the whole entry: a changed wording alone is seen."""
    assert fragment(replace(milestone, wording=milestone.title), "fi") != fragment(milestone, "fi")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"zone": ""}, "a time without a zone would float"),
        (
            {"start": datetime(2025, 1, 30, 17, tzinfo=UTC)},
            "2025-01-30 17:00:00+00:00 must be a naive local time, its zone stands beside it",
        ),
        ({"end": date(2025, 1, 31)}, "start and end must both be days or both be times"),
        ({"end": datetime(2025, 1, 30, 17)}, "the end is exclusive and must be after the start"),
        ({"modified": datetime(2025, 1, 1)}, "modified needs an offset"),
        ({"recurrence_id": date(2025, 1, 30)}, "a series has no RECURRENCE-ID, an override no rule"),
        (
            {"start": datetime(2025, 1, 31, 17), "end": None},
            "2025-01-31 is no instance of FREQ=MONTHLY;BYDAY=-1TH",
        ),
    ],
)
def test_refused_entries(cafe, change, reason):
    """What clients would read differently is refused when it is made."""
    with pytest.raises(EntryError) as raised:
        replace(cafe, **change)
    assert str(raised.value) == f"{cafe.uid}: {reason}"


@pytest.mark.parametrize(
    ("recurrence", "reason"),
    [
        (
            RecurrenceSet(date(2025, 1, 30), "FREQ=DAILY", date(2026, 1, 1), rdates=(date(2025, 2, 2),)),
            "irregular dates are entries of their own, not RDATE",
        ),
        (RecurrenceSet(date(2025, 1, 30), "FREQ=DAILY"), "a series ends by its field until"),
        (
            RecurrenceSet(date(2025, 1, 30), "FREQ=DAILY;COUNT=3", date(2026, 1, 1)),
            "a series ends by its field until",
        ),
    ],
)
def test_refused_series(cafe, recurrence, reason):
    """A series without end, or with dates that Outlook would not show, is refused."""
    with pytest.raises(EntryError) as raised:
        replace(cafe, recurrence=recurrence)
    assert str(raised.value) == f"{cafe.uid}: {reason}"


@pytest.mark.parametrize(
    ("moved", "allowed"),
    [
        (datetime(2025, 5, 27, 16), True),
        (datetime(2025, 6, 25, 17), True),
        (datetime(2025, 6, 26, 9), False),
        (datetime(2025, 4, 24, 20), False),
        (datetime(2025, 4, 1, 17), False),
    ],
)
def test_override_between_its_neighbours(cafe, moved, allowed):
    """An instance moves between its neighbours, never onto the day of one or past it."""
    assert may_override(cafe, datetime(2025, 5, 29, 17), moved) is allowed


def test_first_and_last_instance_have_one_neighbour(cafe):
    """The first may move back, the last on, as far as one likes."""
    assert may_override(cafe, datetime(2025, 1, 30, 17), datetime(2024, 12, 1, 17)) is True
    assert may_override(cafe, datetime(2026, 12, 31, 17), datetime(2027, 3, 1, 17)) is True


def test_no_override_without_an_instance(milestone, cafe):
    """A single entry is moved itself, and a date that is no instance has nothing to move."""
    assert may_override(milestone, milestone.start, date(2025, 1, 1)) is False
    assert may_override(cafe, datetime(2025, 7, 31, 17), datetime(2025, 7, 30, 17)) is False


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", ""),
        ("https://a.example/x", "https://a.example/x?lang=sv"),
        ("https://a.example/x?y=1", "https://a.example/x?y=1&lang=sv"),
        ("https://a.example/x#part", "https://a.example/x?lang=sv#part"),
        ("https://a.example/{lang}/x", "https://a.example/sv/x"),
    ],
)
def test_localised(url, expected):
    """An address gets its language in its place, or as a query before the fragment."""
    assert localised(url, "sv") == expected

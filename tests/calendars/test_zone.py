from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.rrule import rrulestr

from calendars.zone import ZoneError, generate, vtimezone

START, END = datetime(2023, 1, 1), datetime(2037, 1, 1)
ZONES = ["Europe/Helsinki", "Europe/Stockholm", "Europe/Lisbon", "Europe/Dublin", "America/New_York"]
ZONES += ["Australia/Sydney", "Atlantic/Reykjavik", "Asia/Kolkata"]


def offset(text):
    """+0530 as a timedelta."""
    return timedelta(hours=int(text[:3]), minutes=int(text[0] + text[3:]))


def raw_changes(block):
    """(UTC instant, offset after) of each change that the block's own rules give in these years."""
    changes = []
    for part in block.split("BEGIN:")[2:]:
        lines = dict(line.split(":", 1) for line in part.splitlines() if ":" in line)
        before, after = offset(lines["TZOFFSETFROM"]), offset(lines["TZOFFSETTO"])
        start = datetime.strptime(lines["DTSTART"], "%Y%m%dT%H%M%S")
        if "RRULE" in lines:
            local = rrulestr(lines["RRULE"], dtstart=start).between(START, END)
            changes += [(moment - before, after) for moment in local]
    return sorted(changes)


def zoneinfo_changes(name):
    """The same changes as zoneinfo has them, found hour by hour."""
    zone, changes = ZoneInfo(name), []
    moment, known = START, START.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    while moment < END:
        now = moment.replace(tzinfo=UTC).astimezone(zone).utcoffset()
        if now != known:
            changes.append((moment, now))
        moment, known = moment + timedelta(minutes=60), now
    return changes


@pytest.mark.parametrize("name", ZONES)
def test_rules_equal_zoneinfo(name):
    """The raw rules change the clock at the instants of zoneinfo, 2023–2036."""
    assert raw_changes(vtimezone(name).decode()) == zoneinfo_changes(name)


def test_helsinki_changes_twice_a_year():
    """The comparison above compares something: two changes in each of fourteen years, at 01:00 UTC."""
    changes = zoneinfo_changes("Europe/Helsinki")
    assert [moment.year for moment, _ in changes] == [year for year in range(2023, 2037) for _ in (1, 2)]
    assert {(moment.month, moment.hour) for moment, _ in changes} == {(3, 1), (10, 1)}


@pytest.mark.parametrize("name", ["Europe/Helsinki", "America/New_York", "Asia/Kolkata"])
def test_icalendar_equals_zoneinfo(name):
    """Read by icalendar, the block gives zoneinfo's offset at noon and around each change."""
    block = icalendar.Timezone.from_ical(vtimezone(name))
    assert isinstance(block, icalendar.Timezone)
    zone = block.to_tz(lookup_tzid=False)
    noons = [START + timedelta(days=n, hours=12) for n in range((END - START).days)]
    near = [moment + timedelta(hours=n) for moment, _ in zoneinfo_changes(name) for n in (-26, 26)]
    wrong = [
        moment
        for moment in noons + near
        if moment.replace(tzinfo=zone).utcoffset() != moment.replace(tzinfo=ZoneInfo(name)).utcoffset()
    ]
    assert wrong == []


def test_helsinki_is_the_generated_block():
    """The block of the design and the one from zoneinfo differ in DAYLIGHT's first year alone."""
    generated = generate("Europe/Helsinki").replace("\n", "\r\n").encode()
    assert generated.replace(b"19830327", b"19970330") == vtimezone("Europe/Helsinki")


def test_zone_without_summer_time():
    """A clock that never changes has one observance without a rule."""
    assert generate("Asia/Kolkata").splitlines() == [
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Kolkata",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZNAME:IST",
        "TZOFFSETFROM:+0530",
        "TZOFFSETTO:+0530",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Africa/Casablanca", "its clock does not change twice in each year of 2023–2037"),
        ("America/Santiago", "its clock does not change on the same nth weekday every year"),
    ],
)
def test_zone_that_two_rules_cannot_express(name, reason):
    """A clock that follows the moon, or no nth weekday, is refused with its reason."""
    with pytest.raises(ZoneError) as raised:
        vtimezone(name)
    assert str(raised.value) == f"{name}: {reason}"

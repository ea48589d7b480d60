"""What readers make of the feeds: icalendar with recurring-ical-events, and ical.js under node."""

import json
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events

from calendars.feed import feed, select
from schedule_rules.programme import LANGUAGES
from schedule_rules.rule import expand

ACCEPTANCE = Path(__file__).parents[1] / "acceptance"
HELSINKI = ZoneInfo("Europe/Helsinki")
# The café in UTC: 17 o'clock in winter and in summer; none in July; 29 May moved to the 27th at 16.
CAFE_2025 = [
    "2025-01-30T15:00:00Z",
    "2025-02-27T15:00:00Z",
    "2025-03-27T15:00:00Z",
    "2025-04-24T14:00:00Z",
    "2025-05-27T13:00:00Z",
    "2025-06-26T14:00:00Z",
    "2025-08-28T14:00:00Z",
    "2025-09-25T14:00:00Z",
    "2025-10-30T15:00:00Z",
    "2025-11-27T15:00:00Z",
    "2025-12-25T15:00:00Z",
]


def shown(moment):
    """A day as it is, a local or aware time in UTC."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    aware = moment if moment.tzinfo else moment.replace(tzinfo=HELSINKI)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def expected(entries):
    """The instants by schedule_rules' own expansion: series without what overrides replace, and the rest."""
    replaced = {(entry.uid, entry.recurrence_id) for entry in entries if entry.recurrence_id}
    rows = []
    for entry in entries:
        if entry.recurrence is None:
            rows.append((shown(entry.start), entry.uid))
            continue
        for day in expand(entry.recurrence):
            timed = isinstance(entry.start, datetime)
            moment = datetime.combine(day, entry.start.time()) if timed else day
            if (entry.uid, moment) not in replaced:
                rows.append((shown(moment), entry.uid))
    return sorted(rows)


def by_icalendar(body):
    """The instants as icalendar and recurring-ical-events read them."""
    calendar = icalendar.Calendar.from_ical(body)
    found = recurring_ical_events.of(calendar).between(date(2022, 1, 1), date(2030, 1, 1))
    return sorted((shown(event["DTSTART"].dt), str(event["UID"])) for event in found)


@pytest.fixture
def by_icaljs(node):
    """The rows that ical.js makes of an .ics; where it is missing, ``node`` says so loudly."""

    def run(body):
        command = [node, "icaljs_expand.mjs", "2030-01-01"]
        done = subprocess.run(command, input=body, cwd=ACCEPTANCE, capture_output=True, check=True)
        assert done.stderr == b""
        return json.loads(done.stdout)

    return run


@pytest.mark.parametrize("name", ["all", "events", "deadlines", "work", "alma"])
def test_icalendar_sees_the_expected_instants(name, specs, entries, modified):
    """The icalendar library and recurring-ical-events expand each feed to the instants of its entries."""
    body = feed(specs[name], entries, "fi", modified).body
    assert by_icalendar(body) == expected(select(specs[name], entries))


@pytest.mark.node
@pytest.mark.parametrize("lang", LANGUAGES)
def test_icaljs_sees_the_expected_instants(lang, specs, entries, modified, by_icaljs):
    """ical.js expands the feed to the same instants, in every language."""
    rows = by_icaljs(feed(specs["all"], entries, lang, modified).body)
    assert [(row["start"], row["uid"]) for row in rows] == expected(entries)


@pytest.mark.node
def test_icaljs_reads_ends_and_texts(specs, entries, cafe, modified, by_icaljs):
    """ical.js shows the café's place, its moved and its cancelled instance as written."""
    rows = by_icaljs(feed(specs["all"], entries, "fi", modified).body)
    found = {row["start"]: row for row in rows if row["uid"] == cafe.uid}
    moved, cancelled = found["2025-05-27T13:00:00Z"], found["2025-11-27T15:00:00Z"]
    assert (moved["end"], moved["recurrenceId"]) == ("2025-05-27T15:00:00Z", "2025-05-29T14:00:00Z")
    assert (cancelled["summary"], cancelled["status"]) == ("PERUTTU: Kulttuurikahvila", "CANCELLED")
    assert found["2025-06-26T14:00:00Z"]["location"] == "Kirjasto; Alma, 2. krs"


def test_summer_and_winter(specs, entries, cafe, modified):
    """The café keeps its local hour through both clock changes, with its exceptions."""
    body = feed(specs["events"], entries, "fi", modified).body
    found = [start for start, uid in by_icalendar(body) if uid == cafe.uid and start < "2026"]
    assert found == CAFE_2025


@pytest.mark.node
def test_summer_and_winter_in_icaljs(specs, entries, cafe, modified, by_icaljs):
    """The same in ical.js, which computes with the feed's VTIMEZONE."""
    rows = by_icaljs(feed(specs["events"], entries, "fi", modified).body)
    assert [row["start"] for row in rows if row["uid"] == cafe.uid and row["start"] < "2026"] == CAFE_2025


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["all", "nobody"])
def test_parses_without_complaint(name, lang, specs, entries, modified):
    """The icalendar library finds no error in any component, and writes the same properties back."""
    body = feed(specs[name], entries, lang, modified).body
    calendar = icalendar.Calendar.from_ical(body)
    assert [component.errors for component in calendar.walk() if component.errors] == []
    assert icalendar.Calendar.from_ical(calendar.to_ical()) == calendar

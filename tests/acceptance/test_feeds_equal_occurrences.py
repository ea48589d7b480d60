"""Mail and calendar cannot disagree: a feed expands to the dates of ``reminders occurrences``."""

from __future__ import annotations

import json
import subprocess
from datetime import date, datetime
from pathlib import Path

import icalendar
import pytest
import recurring_ical_events

from schedule_rules.programme import LANGUAGES
from tests.cli.conftest import Runner

SCOPES = {
    "all": {"milestone", "review", "collection", "event"},
    "deadlines": {"milestone", "review", "collection"},
    "events": {"event"},
}


def expected(reminders: Runner, kinds: set[str]) -> list[str]:
    """Return the dates of the occurrences of some kinds."""
    rows = reminders("occurrences", "--from", "2023-01-01", "--to", "2027-12-31", "--json").document
    return sorted(row["due"] for row in rows if row["kind"] in kinds)


def octets(reminders: Runner, name: str, lang: str) -> bytes:
    """Return a feed as the command writes it."""
    reminders("feed", name, "--lang", lang, "--output", "feed.ics")
    return Path("feed.ics").read_bytes()


def day(moment: date | datetime) -> str:
    """Return the date of an all-day entry."""
    assert not isinstance(moment, datetime), "all dates of the programme are whole days"
    return moment.isoformat()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", sorted(SCOPES))
def test_in_icalendar(reminders: Runner, name: str, lang: str) -> None:
    """Parsed by icalendar and expanded by recurring-ical-events, each feed has exactly its occurrences."""
    calendar = icalendar.Calendar.from_ical(octets(reminders, name, lang))
    found = recurring_ical_events.of(calendar).between((2023, 1, 1), (2028, 1, 1))
    assert sorted(day(event["DTSTART"].dt) for event in found) == expected(reminders, SCOPES[name])


@pytest.mark.node
@pytest.mark.parametrize("lang", LANGUAGES)
def test_in_ical_js(reminders: Runner, node: str, root: Path, lang: str) -> None:
    """ical.js (Thunderbird, Nextcloud) expands the whole feed to the same days."""
    ran = subprocess.run(
        [node, str(root / "tests/acceptance/icaljs_expand.mjs"), "2028-01-01"],
        input=octets(reminders, "all", lang),
        capture_output=True,
        check=True,
    )
    starts = sorted(instance["start"][:10] for instance in json.loads(ran.stdout))
    assert starts == expected(reminders, SCOPES["all"])


def test_each_organisation_and_domain_has_its_own(reminders: Runner) -> None:
    """The feed of an organisation holds what it is responsible for, a domain's what stands under it."""
    rows = reminders("occurrences", "--from", "2023-01-01", "--to", "2027-12-31", "--json").document
    welfare = sorted(
        row["due"] for row in rows if "welfare-unit" in row["organisations"] and row["kind"] != "start"
    )
    calendar = icalendar.Calendar.from_ical(octets(reminders, "welfare-unit", "fi"))
    found = recurring_ical_events.of(calendar).between((2023, 1, 1), (2028, 1, 1))
    assert sorted(day(event["DTSTART"].dt) for event in found) == welfare


def test_provisional_series_say_so(reminders: Runner) -> None:
    """Café, webinar and fair are TENTATIVE, in each language's words; the weekly school is in no feed yet."""
    words = {"fi": "(alustava aika)", "sv": "(preliminär tid)", "en": "(provisional date)"}
    for lang, word in words.items():
        calendar = icalendar.Calendar.from_ical(octets(reminders, "events", lang))
        events = list(calendar.walk("VEVENT"))
        assert [event["STATUS"] for event in events] == ["TENTATIVE"] * 3
        assert [str(event["SUMMARY"]).endswith(word) for event in events] == [True] * 3

"""What strangers saw go wrong in calendars, each as a subscriber sees it: expanded apart from the product.

The days are written out, or counted by hand (``expected_dates``).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from reminders.use.feeds.private_feeds import issue_feed
from reminders.use.people.hand_over import HandOver, hand_over
from reminders.use.programme.correct import CorrectionDecision, correct_action
from reminders.use.series.saves import restore_version
from schedule_rules.programme import DateChange
from tests.acceptance.calendar_readers import Instance, instances
from tests.acceptance.edited_years import (
    DEADLINE,
    FARM,
    KEY,
    LETTER,
    SECRETARY,
    TIMES,
    VISITS,
    Clock,
    EditedYear,
)
from tests.acceptance.expected_dates import open_days, weekly
from tests.acceptance.lived_year import edited_service
from tests.acceptance.subscriber import entries
from tests.acceptance.test_pages_name_the_same_dates import named
from tests.web.conftest import Reader


class Office(NamedTuple):
    """A service on 2 December 2024, its clock, and a visitor."""

    edited: EditedYear
    clock: Clock
    visitor: Reader

    def feed(self, name: str = "events-fi") -> bytes:
        """A feed as it is now."""
        return self.visitor.get(f"/calendars/{KEY}/{name}.ics").content

    def events(self, action: str, name: str = "events-fi") -> list[Instance]:
        """What a feed shows of an action, in order."""
        body = self.feed(name)
        uids = {key.uid for key, one in entries(body).items() if f"/actions/{action}" in one.text}
        return sorted(one for one in instances(body).elements() if one.uid in uids)

    def days(self, action: str, name: str = "events-fi") -> list[tuple[str, str]]:
        """Day and status of each."""
        return [(one.start[:10], one.status) for one in self.events(action, name)]


@pytest.fixture
def calendar_office(tmp_path: Path) -> Iterator[Office]:
    """Six series on 2 December 2024."""
    clock = Clock()
    service = edited_service(tmp_path, clock)
    edited = EditedYear(service, clock, random.Random(0))
    edited.begin()
    yield Office(edited, clock, Reader(service))
    service.database.close()


TUESDAYS = [day.isoformat() for day in open_days(weekly(date(2024, 12, 3), date(2026, 6, 30), 1, 2))]
"""Every other Tuesday from 3 December 2024, but for the quiet periods."""
CONFIRMED, CANCELLED = "CONFIRMED", "CANCELLED"


def test_cancelled_dates_are_not_announced(calendar_office: Office) -> None:
    """The subscribe page names the date after the cancelled one, and counts one fewer."""
    office = calendar_office
    address = f"/calendars/?feed=events&lang=fi&programme={KEY}"
    before = office.visitor.get(address).text
    assert "2024-12-03T17:00+02:00" in before
    office.edited.save(FARM, office.edited.part(FARM, date(2024, 12, 3)).name,
                       change=DateChange(date(2024, 12, 3), state="cancelled"))  # fmt: skip
    after = office.visitor.get(address).text
    assert "2024-12-03T15:00:00Z" not in {one.start for one in named(after)}
    assert "2024-12-17T15:00:00Z" in {one.start for one in named(after)}
    counts = [int(re.findall(r'<p class="mute small">(\d+)', page)[0]) for page in (before, after)]
    assert counts[1] == counts[0] - 1


def test_a_moved_date_is_cancelled_where_it_stands(calendar_office: Office) -> None:
    """17 December was moved to the 19th at nine: there it is cancelled, and nothing stands on the 17th."""
    office, on = calendar_office, date(2024, 12, 17)
    name = office.edited.part(FARM, on).name
    office.edited.save(FARM, name, change=DateChange(on, date(2024, 12, 19), TIMES[0], 60))
    office.edited.save(FARM, name, change=DateChange(on, state="cancelled"))
    found = {one.start: (one.end, one.status) for one in office.events(FARM) if one.start[:7] == "2024-12"}
    assert found == {
        "2024-12-03T15:00:00Z": ("2024-12-03T17:00:00Z", CONFIRMED),
        "2024-12-19T07:00:00Z": ("2024-12-19T08:00:00Z", CANCELLED),
    }  # the 31st is in the quiet period


def test_taken_back_up_no_date_is_there_twice(calendar_office: Office) -> None:
    """Cut in spring and taken back up, every other Tuesday stands once, at five, with what was moved then."""
    office, edited = calendar_office, calendar_office.edited
    moved = date(2025, 1, 14)
    edited.save(
        FARM, edited.part(FARM, moved).name, change=DateChange(moved, date(2025, 1, 16), TIMES[2], 120)
    )
    edited.note(FARM)
    as_it_was, (save, _) = office.events(FARM), edited.saves[FARM][-1]
    at = date(2025, 3, 11)
    old = edited.part(FARM, at)
    edited.save(FARM, old.name, series=edited.with_time(old, TIMES[0]), at=at)
    edited.save(FARM, edited.part(FARM, moved).name, restore=moved)
    assert office.events(FARM) != as_it_was
    restore_version(edited.service, KEY, save, SECRETARY)
    assert [one[:4] for one in office.events(FARM)] == [one[:4] for one in as_it_was]


@pytest.mark.parametrize("whole", [True, False])
def test_every_other_week_stays_the_same_week(calendar_office: Office, whole: bool) -> None:
    """Edited in a week between two dates, or from a day in such a week on, the Tuesdays stay."""
    office, edited = calendar_office, calendar_office.edited
    office.clock.next_day(8)  # 10 December: a Tuesday without
    old = edited.part(FARM, date(2024, 12, 17))
    edited.save(
        FARM, old.name, series=edited.with_time(old, TIMES[0]), at=None if whole else date(2024, 12, 24)
    )
    assert office.days(FARM) == [(day, CONFIRMED) for day in TUESDAYS]


def test_nothing_assumed_stands_on_a_closed_day(calendar_office: Office) -> None:
    """The weekly school is in no feed before its days are set, the café not in July or on a feast."""
    provisional = {
        one.start for one in instances(calendar_office.feed()).elements() if one.status == "TENTATIVE"
    }
    assert "2025-01-09" in provisional
    closed = {"2024-12-24", "2024-12-25", "2025-01-01", "2025-01-06", "2024-05-09", "2026-05-14"}
    assert not closed & provisional
    assert not [day for day in provisional if day[5:7] == "07"]
    assert len(provisional) == 4 * 11 - 2


def test_what_has_been_is_not_rewritten(calendar_office: Office) -> None:
    """A new rule for the whole series in February leaves January as it was held; Christmas had none."""
    office, edited = calendar_office, calendar_office.edited
    before = office.events(VISITS)
    office.clock.next_day(70)
    old = edited.part(VISITS, date(2025, 2, 26))
    edited.save(VISITS, old.name, series=edited.with_time(old, TIMES[0]))
    after = office.events(VISITS)
    assert before[0].start[:10] == "2025-01-29"
    assert after[0][:4] == before[0][:4]
    assert [one.start[11:] for one in after[1:4]] == ["07:00:00Z", "07:00:00Z", "06:00:00Z"]


def test_a_corrected_schedule_leaves_past_reviews(calendar_office: Office) -> None:
    """2023–2026 is put right to 2025: the reviews of 2023 and 2024 stay in the unit's calendar."""
    office = calendar_office
    decision = CorrectionDecision(DEADLINE, "schedule", "2025", SECRETARY, programme=KEY)
    correct_action(office.edited.service, decision)
    assert office.days(DEADLINE, "vamk-fi") == [
        ("2023-10-31", CONFIRMED),
        ("2024-10-31", CONFIRMED),
        ("2025-10-31", CANCELLED),
        ("2025-12-31", CONFIRMED),
    ]


def test_links_of_single_dates_open(calendar_office: Office) -> None:
    """Each file that the action's page offers is there, with the UID and day that the feed has."""
    office = calendar_office
    page = office.visitor.get(f"/actions/{LETTER}?lang=fi&programme={KEY}").text
    links = re.findall(r'href="(?:http://[^/"]+)?(/calendars/event/[^"]+)"', page)
    assert links
    for link in links:
        response = office.visitor.get(link)
        assert response.status_code == 200
        assert set(instances(response.content)) <= set(instances(office.feed("all-fi")))


def test_an_empty_feeds_note_is_in_the_running_month(calendar_office: Office) -> None:
    """It moves with the month, as a stored change: a subscriber is told."""
    office = calendar_office
    name = next(one.key for one in office.edited.programme.organisations if not office.edited.leads(one.key))
    for days, month in ((1, "2024-12"), (40, "2025-01")):
        office.edited.tick_on(days)
        response = office.visitor.get(f"/calendars/{KEY}/{name}-fi.ics")
        (note,) = instances(response.content)
        assert note.start[:7] == month
        assert office.visitor.get(
            f"/calendars/{KEY}/{name}-fi.ics", if_modified_since=response.headers["last-modified"]
        ).status_code == 304  # fmt: skip


def test_a_private_feed_says_when_it_changed(calendar_office: Office) -> None:
    """After a hand-over its Last-Modified has moved: a program that asks by date gets the new one."""
    office, service = calendar_office, calendar_office.edited.service
    issued = issue_feed(service, KEY, "alma-contact@vaasa.example", "own", alarm=False)
    address = issued.address("", "fi")
    before = office.visitor.get(address)
    assert FARM not in before.text
    office.clock.next_day(3)
    giver = office.edited.programme.action_by_id[FARM].leads_on(office.clock.today)[0]
    hand_over(
        service, HandOver(KEY, giver, "alma", office.clock.today + timedelta(days=1), (FARM,), SECRETARY)
    )
    office.clock.next_day(2)
    after = office.visitor.get(address, if_modified_since=before.headers["last-modified"])
    assert after.status_code == 200
    assert FARM in after.text

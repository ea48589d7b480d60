"""The promise line: what a mail says will happen next is what happens, on the day it names."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime

import pytest

from tests.use.office import VAASA, Office, body, days

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

PROMISE = re.compile(r"(esihenkilölle|seurantaluetteloon|uppföljningslista)\s+\w+\s+(\d+)\.(\d+)\.(\d{4})")
HR, HR_HEAD = "hr-unit-contact@vaasa.example", "hr-unit-head@vaasa.example"
PERSONNEL, SECRETARY = "personnel-services-contact@vaasa.example", "board-secretary@vaasa.example"
ORIENTATION = f"{VAASA}:work-working-life-orientation:milestone:end"
STAFF_TRAINING = f"{VAASA}:health-hate-speech-staff-training:milestone:end"


def promised(text: str) -> set[tuple[str, date]]:
    """To whom, and on which day, as printed."""
    return {(found[0], date(int(found[3]), int(found[2]), int(found[1]))) for found in PROMISE.findall(text)}


def day_of(mail_date: str) -> date:
    """The day of a Date header."""
    return parsedate_to_datetime(mail_date).date()


def test_the_head_is_told_on_the_promised_day(office: Office) -> None:
    """Repeated on 7 January it names the 13th; the head hears on that day, not on any run before it."""
    for day in ("2025-12-01", "2025-12-02", "2025-12-15", "2025-12-16", "2026-01-07", "2026-01-12"):
        office.tick(f"{day}T09:00")
    request, repeated = office.mails_of(HR)[:2]
    assert ("esihenkilölle", date(2026, 1, 13)) in promised(body(repeated))
    assert office.mails_of(HR_HEAD) == []
    office.tick("2026-01-13T09:00")
    (told,) = office.mails_of(HR_HEAD)
    assert day_of(told["Date"]) == date(2026, 1, 13)
    assert told["References"] == request["Message-ID"]
    assert office.look("digest", "kind", recipient=HR_HEAD) == ["escalation"]


def test_the_head_hears_of_what_the_unit_was_asked(started: Office) -> None:
    """The same items: all that can be answered and were past at the first start."""
    started.tick("2026-01-13T09:00")
    asked = started.look("reminder", "occurrence_id", recipient=HR, stage="first-start")
    told = started.look("reminder", "occurrence_id", recipient=HR_HEAD, stage="escalation")
    assert sorted(told) == sorted(asked)


def test_a_later_stage_promises_the_day_of_its_own_escalation(started: Office) -> None:
    """Due 31 December, reminded on 7 January: the head's day, 20 January, is noted with that mail."""
    unit, head = "employment-ecosystem-contact@vaasa.example", "employment-ecosystem-head@vaasa.example"
    for when in ("2025-12-22T09:00", "2026-01-07T09:00", "2026-01-13T09:00"):
        started.tick(when)
    noted = started.look("reminder", "promised", occurrence_id=ORIENTATION, recipient=unit, stage="P7D")
    assert noted == [date(2026, 1, 20)]
    before = len(started.mails_of(head))
    started.tick("2026-01-19T09:00")
    assert len(started.mails_of(head)) == before
    started.tick("2026-01-20T09:00")
    rows = started.look("reminder", "due_on", "state", occurrence_id=ORIENTATION, recipient=head)
    assert rows == [(date(2026, 1, 20), "sent")]
    assert day_of(started.mails_of(head)[-1]["Date"]) == date(2026, 1, 20)


def test_an_answer_on_the_last_day_keeps_the_promise_from_coming_true(started: Office) -> None:
    """Answered on the sending day before, the head hears nothing of that item."""
    for occurrence in started.look("reminder", "occurrence_id", recipient=HR, stage="first-start"):
        started.answer("2025-12-12T15:59", occurrence, "on-track", HR)
    started.tick("2025-12-15T09:00")
    assert started.mails_of(HR_HEAD) == []


def test_without_a_head_it_stands_on_the_secretarys_list(started: Office) -> None:
    """Promised for Tuesday 13 January, it makes no mail of its own and stands in the digest of that day."""
    started.tick("2026-01-07T09:00")
    repeated = started.mails_of(PERSONNEL)[-1]
    assert ("uppföljningslista", date(2026, 1, 13)) in promised(body(repeated))
    row = {"occurrence_id": STAFF_TRAINING, "recipient": SECRETARY}
    assert started.look("reminder", "stage", **row) == []
    before = days(started.look("digest", "local_date", recipient=SECRETARY))
    started.tick("2026-01-12T09:00")
    assert days(started.look("digest", "local_date", recipient=SECRETARY)) == before
    started.tick("2026-01-13T09:00")
    assert started.look("reminder", "stage", "due_on", "waits", "state", **row) == [
        ("escalation", date(2026, 1, 13), True, "sent")
    ]
    items = started.look("digest", "items", recipient=SECRETARY)[-1]
    listed = {"occurrence": STAFF_TRAINING, "stage": "escalation", "reason": "escalated"}
    assert [item for item in items if item["occurrence"] == STAFF_TRAINING] == [listed]

"""Items as --json prints them: every stage is one that the interface names."""

from __future__ import annotations

import re
from datetime import date

from reminders.planning.mails import Mail, MailItem, MailSection
from reminders.use.mail.listing import draft_json
from tests.cli.conftest import Runner

NAMED = re.compile(r"-?P\d+D|opening|first-start|escalation|digest|pace")
REVIEW = "p:a:review:2026"
MEETING = "p:meeting:event:meeting-2026-03-12"


def test_stages_of_our_own_are_distances() -> None:
    """By the mail's distance from the date, their name as the reason; all others stay as they are."""
    items = (
        MailItem(REVIEW, "year", "first"),
        MailItem(REVIEW, "handover", "handed-over"),
        MailItem(REVIEW, "-P30D", "repeated"),
        MailItem(MEETING, "invitation", "first"),
        MailItem("p:gone:review:2026", "link", "repeated"),
    )
    day = date(2026, 1, 12)
    draft = Mail("unit@x.example", day, (MailSection("p", "unit@x.example", day, "fi", items=items),))
    shown = draft_json(draft, {REVIEW: date(2026, 10, 31)})["items"]
    assert shown == [
        {"occurrence": REVIEW, "stage": "-P292D", "reason": "year"},
        {"occurrence": REVIEW, "stage": "-P292D", "reason": "handed-over"},
        {"occurrence": REVIEW, "stage": "-P30D", "reason": "repeated"},
        {"occurrence": MEETING, "stage": "-P59D", "reason": "invitation"},
        {"occurrence": "p:gone:review:2026", "stage": "P0D", "reason": "link"},
    ]


def test_the_forecast_and_the_log_name_only_the_interfaces_stages(reminders: Runner) -> None:
    """Over the first start, a January letter and the printed hand-over's year."""
    reminders("tick", "--at", "2025-12-01T09:00")
    reminders("tick", "--at", "2026-01-13T09:00")  # ten sending days after the answer date
    sent = reminders("log", "--json").document
    coming = reminders("forecast", "--from", "2026-01-14", "--to", "2026-12-31", "--json").document
    stages = {item["stage"] for mail in (*sent, *coming) for item in mail["items"]}
    assert [stage for stage in sorted(stages) if not NAMED.fullmatch(stage)] == []
    assert {item["reason"] for mail in sent for item in mail["items"]} >= {"first", "year", "escalated"}

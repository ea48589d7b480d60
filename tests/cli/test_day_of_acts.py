"""Every act of a day, by command and by page, stands in the audit trail, in order, with person and place."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from reminders.cli.open_service import open_service
from reminders.service import Actor
from reminders.use.watch.audit import record_reading
from tests.cli.conftest import Runner
from tests.web.conftest import SECRETARY, Reader
from tests.web.forms import send

KEY: Final = "vaasa-2023-2026"
END: Final = f"{KEY}:safety-ethical-principles:milestone:end"
UNIT: Final = "family-centre@vaasa.example"
ACTION: Final = "social-cultural-cafe"
HEADING: Final = "organisation,role,name,email,language,valid_from,valid_until,deputy_of"


def at(minute: int) -> tuple[str, str]:
    """The clock of a command."""
    return "--at", f"2025-12-02T10:{minute:02}"


COMMANDS: Final = (
    (("hold", KEY), "hold", ""),
    (("release", KEY), "release", ""),
    (("settings", "closed_days", "2026-03-03", "--by", SECRETARY), "setting", "closed_days: - → 2026-03-03"),
    (("correct", ACTION, "schedule", "2025–2026"), "correct", f"{ACTION} schedule: 2025–2026"),
    (("answer", END, "done"), "answer-on-behalf", None),
    (("contacts", "import", "list.csv"), "contacts-import", ""),
    (("contacts", "export"), "contacts-export", ""),
    (("private-feed", UNIT), "private-calendar", "own"),
    (("private-feed", "--revoke", "1"), "private-calendar-closed", "own"),
    (("preferences", UNIT, "--rhythm", "weekly"), "preferences", UNIT),
    (("log", "--csv"), "record-export", ""),
    (("log", "--audit", "--csv"), "trail-export", ""),
    (("digest", "--output", "d.csv"), "list-export", "d.csv"),
    (("report", "2024", "--output", "r.xlsx"), "report-export", "r.xlsx"),
    (("person", UNIT, "export"), "person-export", UNIT),
    (("backup", "copy"), "backup", "copy"),
    (("purge",), "purge", ""),
)
"""Words of each command, its act, and what it is about."""
LOOKS: Final = (
    ("log", "--json", "--audit"),
    ("hold", "no-such-programme"),
    ("answer", END, "nonsense"),
    ("findings",),
    ("contacts", "import", "list.csv", "--dry-run"),
)
"""What changes nothing, or fails, and is no act."""


@pytest.fixture
def office(reminders: Runner, tmp_path: Path) -> Runner:
    """The first run has been, and a list lies there."""
    reminders("tick", "--at", "2025-12-01T09:00")
    listed = reminders("contacts", "export", "--at", "2025-12-01T12:00").out
    (tmp_path / "list.csv").write_text(listed, encoding="utf-8")
    return reminders


def test_the_trail_is_what_the_script_did(office: Runner) -> None:
    """Each act once, in order, and nothing that only looked or failed."""
    expected, before = [], len(office("log", "--audit", "--json").document)
    for number, (words, act, about) in enumerate(COMMANDS):
        ran = office(*words, *(at(number)))
        assert ran.code == 0, (words, ran.err)
        expected.append((act, about))
        office(*LOOKS[number % len(LOOKS)])
    found = office("log", "--audit", "--json").document[before:]
    assert [one["act"] for one in found] == [act for act, _ in expected]
    assert [
        (one["act"], one["subject"])
        for one, (_, about) in zip(found, expected, strict=True)
        if about is not None
    ] == [(act, about) for act, about in expected if about is not None]
    assert {one["from"].split()[0] for one in found} == {"command"}
    assert [one["at"][11:16] for one in found] == [f"10:{n:02}" for n in range(len(COMMANDS))]
    assert {one["who"] for one in found} == {"", SECRETARY}
    assert all(one["text"] for one in found)
    own = office("log", "--audit", "--json", "--programme", KEY).document
    assert {one["programme"] for one in own} == {KEY}
    assert office("log", "--verify").code == 0


def test_pages_are_in_the_same_trail(office: Runner) -> None:
    """From the browser's address; what was refused is none."""
    service = open_service(at="2025-12-02T11:00")
    secretary = Reader(service).sign_in()
    before = len(office("log", "--audit", "--json").document)
    posts: tuple[tuple[str, dict[str, str | list[str]], str], ...] = (
        (f"/programmes/{KEY}/hold", {}, "hold"),
        (f"/programmes/{KEY}/release", {}, "release"),
        ("/settings/closed_days", {"value": "4.3.2026", "step": "save"}, "setting"),
        ("/calendars/private", {"address": UNIT, "feed": "own", "step": "make"}, "private-calendar-asked"),
        ("/sign-out", {}, "sign-out"),
    )
    for url, form, _ in posts:
        assert send(secretary, url, form).status_code in {200, 303}, url
    assert send(Reader(service), f"/programmes/{KEY}/hold", {}).status_code == 403
    assert send(Reader(service), "/sign-in/no-such-token", {}).status_code == 410
    service.database.close()
    found = office("log", "--audit", "--json").document[before:]
    assert [one["act"] for one in found] == [*(act for *_, act in posts), "sign-in-refused"]
    assert {one["from"] for one in found} == {"127.0.0.1"}


def test_options_that_do_not_go_together(reminders: Runner) -> None:
    """Acts have no action of their own and are verified with the rest."""
    for words in (("--verify",), ("--csv", "--json"), ("--action", ACTION)):
        assert reminders("log", "--audit", *words).code == 2


def test_a_reading_under_a_name(office: Runner) -> None:
    """Who is signed in is named before who the form says."""
    service = open_service(at="2025-12-02T12:00").acting(Actor(UNIT, "192.0.2.1"))
    record_reading(service, "report-export", KEY)
    service.database.close()
    last = office("log", "--audit", "--json").document[-1]
    assert (last["who"], last["from"]) == (UNIT, "192.0.2.1")

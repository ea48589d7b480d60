"""The audit trail: no use case that writes can forget it, and no personal data stands in the record."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from email_templates.catalogue import catalogue
from reminders.errors import EvidenceError, NotFoundError
from reminders.letters.acts import ACTS, MOST_REFUSALS
from reminders.letters.evidence import pseudonym
from reminders.service import Actor
from reminders.store import tables
from reminders.use.people.retention import purge_old
from reminders.use.programme.settings import hold_programme
from reminders.use.watch.audit import act_documents, chosen_acts, note_refused_sign_in
from reminders.use.watch.evidence import verify_log
from schedule_rules.programme import LANGUAGES
from tests.use.office import FIRST, SECOND, SECRET, VAASA, Office, at

WHO: Final = "secretary-of-the-board@vaasa.example"
RECORDS: Final = frozenset(
    ("record_act", "record_reading", "note_sign_in", "note_sign_out", "note_sign_in_link", "add_act")
)
NO_ACT: Final = {
    # The run: what it does stands in the record of mails, reminder by reminder.
    "tick.tick": "the run itself",
    "planning/plan.plan_days": "the planner's step",
    "mail/bounces.record": "a report of a mail server",
    "mail/compose._freeze": "mails are events of their own",
    "mail/send_rate.reserve": "the pace of sending",
    "mail/send_rate.reserve_in": "the pace of sending",
    "mail/sender.run": "attempts are events of their own",
    "mail/sender._run_all": "attempts are events of their own",
    "mail/sender._claim": "attempts are events of their own",
    "mail/sender._before_body": "attempts are events of their own",
    "mail/sender._settle_now": "attempts are events of their own",
    "mail/sender._note_many": "attempts are events of their own",
    "mail/sender._note_stall": "attempts are events of their own",
    "series/saves.take_out_over": "the run takes out what is over",
    "series/saves._take_out_ended": "the run takes out what is over",
    "feeds/published.keep_up": "what calendars were told",
    "feeds/published.of_programme": "what calendars were told",
    "watch/alarm._send_alarm": "the alarm's turn",
    "planning/clock_doubts.look": "the clock itself raises the question",
    # Machines that read.
    "feeds/feed_names.bound_programme": "the first request for a short address binds it",
    "feeds/private_feeds.read_private_feed": "what a calendar program was told",
    "feeds/private_feeds.note_use": "when a calendar program came last",
    # Sessions: what opens, ends or refuses one is recorded where that is known.
    "people/sessions.use_link": "the session that it opens is the act, else its refusal",
    "people/sessions.find_session": "when a session was last used",
    "people/sessions.drop_session": "whose person was taken off the list, which is the act",
    # The beginning of a database.
    "watch/evidence.begin_evidence": "the record begins",
    "programme/store_programme.make_ready": "a new database gets its example",
}
"""Functions of the use cases that write and record no act, each with the reason."""


def functions(root: Path) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function of the use cases, by file and name."""
    folder = root / "reminders/use"
    for file in sorted(folder.rglob("*.py")):
        place = file.relative_to(folder).with_suffix("").as_posix()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield f"{place}.{node.name}", node


def calls(node: ast.AST) -> set[str]:
    """The names of what a function calls."""
    found = (one.func for one in ast.walk(node) if isinstance(one, ast.Call))
    return {one.id if isinstance(one, ast.Name) else getattr(one, "attr", "") for one in found}


def test_a_use_case_that_writes_records_an_act_or_says_why_not(root: Path) -> None:
    """Directly, or by a helper of its own file; what neither does is listed with its reason, and no more."""
    known = dict(functions(root))
    helpers = {name for name, node in known.items() if calls(node) & RECORDS}
    silent = set()
    for name, node in known.items():
        place, made = name.rpartition(".")[0], calls(node)
        records = made & RECORDS or {f"{place}.{one}" for one in made} & helpers
        if "write" in made and not records:
            silent.add(name)
    assert silent == set(NO_ACT)


def test_a_page_that_hands_out_a_file_records_it(root: Path) -> None:
    """Itself, or by the helper that does both; the empty form for an import holds nobody's data."""
    silent = {
        node.name
        for file in (root / "reminders/web").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and "file" in _asked_of_page(node)
        and "record_reading" not in calls(node)
    }
    assert silent == {"template"}


def _asked_of_page(node: ast.AST) -> set[str]:
    """What a function calls on its page."""
    found = (one.func for one in ast.walk(node) if isinstance(one, ast.Call))
    of_page = (one for one in found if isinstance(one, ast.Attribute))
    return {one.attr for one in of_page if getattr(one.value, "id", "") == "page"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_act_has_its_words(lang: str) -> None:
    """In each language, and no words for an act that there is not."""
    own = catalogue("reminders.use")
    assert {one.removeprefix("act.") for one in own.ids if one.startswith("act.")} == set(ACTS)
    assert all(own.has(lang, f"act.{one}") for one in ACTS)  # type: ignore[arg-type]


def test_an_act_has_person_time_and_place(started: Office) -> None:
    """In the order of the day, each under who did it; what the service did itself is nobody's."""
    service = started.service(SECOND).acting(Actor(WHO, "192.0.2.7"))
    hold_programme(service, VAASA)
    (one,) = act_documents(service, chosen_acts())
    assert one == {
        "at": at(SECOND).isoformat(),
        "who": WHO,
        "from": "192.0.2.7",
        "act": "hold",
        "programme": VAASA,
        "subject": "",
        "text": "Sending put on hold",
    }
    assert verify_log(service).events > 0


def test_an_act_that_fails_leaves_no_record(started: Office) -> None:
    """Nothing of it is stored, so nothing was done."""
    service = started.service(SECOND)
    before = started.look("audit", "id")
    with pytest.raises(NotFoundError):
        hold_programme(service, "no-such-programme")
    assert started.look("audit", "id") == before


def test_places_go_with_the_addresses_of_leavers(started: Office) -> None:
    """Network addresses and operators' accounts, after KEEP_ADDRESSES_DAYS; the acts and the record hold."""
    for origin in ("192.0.2.7", "command operator", "command"):
        hold_programme(started.service(FIRST).acting(Actor(WHO, origin)), VAASA)
    purge_old(started.service("2026-02-28T09:00"))
    assert started.look("audit", "origin", act="hold") == ["192.0.2.7", "command operator", "command"]
    later = started.service("2026-03-03T09:00")
    purge_old(later)
    assert started.look("audit", "origin", act="hold") == ["", "command", "command"]
    assert started.look("audit", "address", act="hold") == [pseudonym(WHO, SECRET)] * 3
    verify_log(later)


def test_a_place_that_went_in_another_way_is_named(started: Office) -> None:
    """Emptied by hand, no event says so."""
    service = started.service(FIRST)
    hold_programme(service.acting(Actor(WHO, "192.0.2.7")), VAASA)
    with started.database.write() as connection:
        connection.execute(tables.audit.update().values(origin=""))
    with pytest.raises(EvidenceError, match="audit 1, origin: expected where it was done from"):
        verify_log(service)


def test_of_a_flood_of_refusals_the_first_are_recorded(started: Office) -> None:
    """So many within an hour; an hour later again."""
    for _ in range(MOST_REFUSALS + 5):
        note_refused_sign_in(started.service(SECOND), "link")
    assert started.look("audit", "act") == ["sign-in-refused"] * MOST_REFUSALS
    later = (at(SECOND) + timedelta(hours=1, minutes=1)).isoformat()
    note_refused_sign_in(started.service(later), "link")
    assert len(started.look("audit", "act")) == MOST_REFUSALS + 1

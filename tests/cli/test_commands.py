"""The commands of the interface: names, shapes, exit codes."""

from __future__ import annotations

import email
import email.policy
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup

from reminders.cli import COMMANDS, load
from tests.cli.conftest import Runner

FIRST = "2025-12-01T09:00+02:00"
CAFE = "vaasa-2023-2026:social-cultural-cafe"


def test_help_names_every_command_with_its_own_first_line(reminders: Runner) -> None:
    """The list of commands is what the commands say of themselves."""
    shown = reminders("--help").out
    for name, (_, line) in COMMANDS.items():
        assert f" {name} " in shown
        assert (load(name).help or "").splitlines()[0] == line


@pytest.mark.parametrize(
    ("words", "without"),
    [
        (("--help",), {"rich", "structlog", "pydantic_settings", "sqlalchemy", "schedule_rules"}),
        (("normalise", "2024–2025"), {"rich", "structlog", "pydantic_settings", "sqlalchemy", "jinja2"}),
        (("tick", "--help"), {"reminders.intake", "alembic", "starlette", "apscheduler", "reportlab"}),
    ],
)
def test_a_command_loads_what_it_uses(words: tuple[str, ...], without: set[str]) -> None:
    """What a command does not use need not be waited for."""
    program = f"""
import sys
from reminders.cli import main
sys.argv = ["reminders", *{words!r}]
try:
    main()
finally:
    print("LOADED", *sorted(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    shown, _, loaded = done.stdout.partition("LOADED ")
    assert shown.strip()
    assert {"typer", "reminders.cli"} <= set(loaded.split())
    assert not without & set(loaded.split())


def test_the_version_is_that_of_the_project(reminders: Runner, root: Path) -> None:
    """`reminders --version` prints what pyproject.toml says."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert reminders("--version").out.strip() == project["version"]


def test_occurrences_have_the_shape_of_the_interface(reminders: Runner) -> None:
    """Each row has exactly the keys of the interface, in date order, and the counts of the programme."""
    rows = reminders("occurrences", "--from", "2023-01-01", "--to", "2027-01-31", "--json").document
    keys = "id programme action kind due starts_at ends_at title organisations status standing"
    assert {tuple(row) for row in rows} == {(*keys.split(), "provenance", "because")}
    assert Counter(row["kind"] for row in rows) == {
        "event": 50,
        "review": 148,
        "milestone": 37,
        "start": 19,
        "collection": 4,
    }
    assert [row["due"] for row in rows] == sorted(row["due"] for row in rows)
    cafe = next(row for row in rows if row["id"] == f"{CAFE}:milestone:end")
    assert cafe == {
        "id": f"{CAFE}:milestone:end",
        "programme": "vaasa-2023-2026",
        "action": "social-cultural-cafe",
        "kind": "milestone",
        "due": "2023-12-31",
        "starts_at": None,
        "ends_at": None,
        "title": {
            "fi": "Kulttuurikahvilatoiminta 1 krt/kk",
            "sv": "Kulturkaféverksamhet 1 ggr/mån",
            "en": "Cultural café activities once a month",
        },
        "organisations": ["welfare-unit", "alma"],
        "status": "needs-action",
        "standing": "not-known",  # nothing was sent yet
        "provenance": "printed",
        "because": cafe["because"],
    }
    assert "‘2023’" in cafe["because"]


def test_a_tick_writes_mails_once(reminders: Runner, tmp_path: Path) -> None:
    """A first tick writes one mail a recipient, each with text and html; a second one none."""
    assert reminders("tick", "--at", FIRST).out == "38 composed; 38 sent.\n"
    assert reminders("tick", "--at", FIRST).out == "0 composed; nothing to deliver.\n"
    files = sorted((tmp_path / "var/mail").rglob("*.eml"))
    mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
    assert len({mail["To"] for mail in mails}) == len(mails) == 38
    assert Counter(mail["Content-Language"] for mail in mails) == Counter(
        {"fi": 27, "sv": 8, "en": 2, "fi, sv": 1}
    )
    for mail in mails:
        assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
        assert mail.defects == []


def test_the_log_has_the_shape_of_the_interface(reminders: Runner) -> None:
    """A log item is a forecast item with its fate; of one action, only its mails."""
    reminders("tick", "--at", FIRST)
    rows = reminders("log", "--json").document
    keys = "date to language kind items at message_id state events"
    assert {tuple(row) for row in rows} == {tuple(keys.split())}
    assert {row["state"] for row in rows} == {"sent"}
    assert [event["kind"] for event in rows[0]["events"]] == ["composed", "handed-over"]
    assert rows[0]["message_id"][0] + rows[0]["message_id"][-1] == "<>"
    own = reminders("log", "--action", "social-cultural-cafe", "--json").document
    assert [row["to"] for row in own] == [
        "alma-contact@vaasa.example",
        "welfare-unit-contact@vaasa.example",
    ]  # the secretary's first digest lists nobody as late: the units have just been asked


def test_a_dry_run_writes_nothing(reminders: Runner, tmp_path: Path) -> None:
    """A dry run prints what would go out, as the forecast does, and leaves no mail behind."""
    drafts = reminders("tick", "--at", FIRST, "--dry-run").document
    assert len(drafts) == 38
    assert reminders("log", "--json").document == []
    assert list((tmp_path / "var/mail").iterdir()) == []


def test_redirected_mail_goes_to_one_address_and_marks_nothing(reminders: Runner, tmp_path: Path) -> None:
    """All mails of the day come to the address given; afterwards the day is still to be sent."""
    told = reminders("tick", "--at", FIRST, "--redirect-to", "me@vaasa.example").out
    assert told == "38 of 38 mails sent to me@vaasa.example; nothing is marked as sent.\n"
    assert len(list((tmp_path / "var/mail").rglob("*.eml"))) == 38
    assert reminders("log", "--json").document == []


def test_an_answer_is_recorded_for_those_who_give_it(reminders: Runner) -> None:
    """One unit's answer leaves the milestone in process; when both have said done it is completed."""

    def status() -> str:
        rows = reminders("occurrences", "--from", "2023-12-31", "--to", "2023-12-31", "--json").document
        return str(next(row["status"] for row in rows if row["id"] == f"{CAFE}:milestone:end"))

    by_unit = reminders("answer", f"{CAFE}:milestone:end", "done", "--by", "alma-contact@vaasa.example")
    over = "The unit gets no more reminders about this item."
    assert by_unit.out == f"{CAFE}:milestone:end: done, for alma.\n{over}\n"
    assert status() == "in-process"
    by_all = reminders("answer", f"{CAFE}:milestone:end", "done")
    assert by_all.out == f"{CAFE}:milestone:end: done, for welfare-unit, alma.\n{over}\n"
    assert status() == "completed"


def test_explain_reads_in_finnish(reminders: Runner) -> None:
    """The explanation names the words that each rule comes from, in the language asked for."""
    lines = reminders("explain", "social-cultural-cafe", "--lang", "fi").out.splitlines()
    assert lines[:2] == ["Kulttuurikahvilatoiminta 1 krt/kk", "Vastuutaho: Hyvinvointiyksikkö, Alma"]
    assert "  määräaika on aikataulun viimeinen päivä (ohjelman mukaan), sanoista ”2023”" in lines
    assert "  Sarjan ”1 krt/kk” oletetaan jatkuvan, vaikka aikataulu on päättynyt." in lines


def test_hold_stops_and_release_lets_out(reminders: Runner) -> None:
    """A held programme sends nothing; released, its first start goes out."""
    assert reminders("hold", "vaasa-2023-2026").out == "vaasa-2023-2026 is held: nothing is sent.\n"
    assert reminders("tick", "--at", FIRST).out == "0 composed; nothing to deliver.\n"
    assert [row["held"] for row in reminders("programmes", "--json").document] == [True]
    assert reminders("release", "vaasa-2023-2026").code == 0
    assert reminders("tick", "--at", FIRST).out == "38 composed; 38 sent.\n"


def test_with_an_smtp_server_the_built_in_programme_is_held(
    reminders: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where mail would leave the machine, nothing goes before a person releases the programme."""
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:1")
    assert [row["held"] for row in reminders("programmes", "--json").document] == [True]
    assert reminders("tick", "--at", FIRST).out == "0 composed; nothing to deliver.\n"


def test_a_tick_on_a_weekend_says_when_the_next_mails_go(reminders: Runner) -> None:
    """On Saturday 21 November 2026 nothing goes, and the command says Monday at nine."""
    told = reminders("tick", "--at", "2026-11-21T12:00").out
    assert told == (
        "0 composed; nothing to deliver.\nNo mail goes out now. The next mails go 2026-11-23 at 09:00.\n"
    )


def test_contacts_round_trip(reminders: Runner, tmp_path: Path) -> None:
    """What export prints, import takes, and export prints again."""
    first = reminders("contacts", "export").out
    (tmp_path / "contacts.csv").write_text(first, encoding="utf-8")
    assert reminders("contacts", "import", "contacts.csv").code == 0
    assert reminders("contacts", "export").out == first
    assert first.splitlines()[0] == "organisation,role,name,email,language,valid_from,valid_until,deputy_of"


def test_feeds_are_listed_and_printed_the_same_twice(reminders: Runner, tmp_path: Path) -> None:
    """70 feeds: four whole, eight domains, 58 organisations; two runs give the same octets."""
    assert len(reminders("feeds", "--json").document) == 4 + 8 + 58
    listed = reminders("feeds").out.splitlines()
    forms = "Of a theme or unit: KEY, also KEY.deadlines and KEY.events; several: KEY+KEY.events"
    assert listed[-1] == forms
    assert reminders("feed", "work+living.events").code == 0
    reminders("feed", "all", "--lang", "sv", "--output", "one.ics")
    reminders("feed", "all", "--lang", "sv", "--output", "two.ics", "--database", "sqlite:///other.db")
    assert (tmp_path / "one.ics").read_bytes() == (tmp_path / "two.ics").read_bytes()


def test_a_correction_is_shown_first(reminders: Runner) -> None:
    """--dry-run says what becomes of each date in calendars, as the page does; it stores nothing."""
    wanted = ("correct", "health-regular-dialogue", "schedule", "31.3.2025", "--at", "2025-01-07T10:00")
    shown = reminders(*wanted, "--dry-run").out.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    assert any("Review: past, stays in calendars: Thu 31 Oct 2024 → Thu 31 Oct 2024" in one for one in shown)
    assert any("Review: shown as cancelled in calendars: Fri 31 Oct 2025" in one for one in shown)
    assert shown[-1] == "Nothing stored."
    assert reminders(*wanted, "--dry-run").out.count("Review: past, stays") == 2


def test_the_digest_counts_what_is_overdue(reminders: Runner) -> None:
    """After the answer date of its first start the digest lists the past of every unit, oldest first."""
    reminders("tick", "--at", FIRST)
    early = reminders("digest", "--at", "2025-12-15T09:00", "--json").document[0]
    assert (early["overdue"], early["counts"]["passed"], early["counts"]["not_known"]) == ([], 0, 60)
    document = reminders("digest", "--at", "2025-12-16T09:00", "--json").document
    rows = [row for unit in document[0]["overdue"] for row in unit["items"]]
    assert document[0]["date"] == "2025-12-16"
    assert document[0]["overdue"][0]["items"][0]["due"] == min(row["due"] for row in rows)
    assert [row["en"] for row in document[0]["no_contact"]] == [
        "on-going projects",
        "possible other educational institutions",
    ]


def test_doctor_finds_the_example_set_up_in_order(reminders: Runner) -> None:
    """On a new database no check fails; the two parties without a contact are named."""
    ran = reminders("doctor")
    assert ran.code == 0
    assert "fails" not in ran.out
    assert "37 of 39" in ran.out


def test_normalise_one_and_many(reminders: Runner, tmp_path: Path) -> None:
    """One wording is explained; a batch gives one prediction a line in the collection's form."""
    one = reminders("normalise", "2024–2025", "--lang", "fi").document
    assert (one["kind"], one["start"], one["end"]) == ("range", "2024-01-01", "2025-12-31")
    (tmp_path / "in.jsonl").write_text('{"id": "a", "lang": "sv", "text": "Fortlöpande"}\n', encoding="utf-8")
    assert reminders("normalise", "--jsonl", "in.jsonl").document == {
        "id": "a",
        "pred": {
            "kind": "continuous",
            "start": None,
            "end": None,
            "granularity": None,
            "frequency": None,
            "milestones": [],
        },
    }


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("tick", "--at", "nonsense"), 2, "--at: expected an instant such as 2025-12-01T09:00+02:00"),
        (("occurrences", "--from", "spring", "--to", "2024-01-01"), 2, "--from: expected a day such as"),
        (
            ("occurrences", "--from", "2024-01-02", "--to", "2024-01-01"),
            2,
            "--to: expected a day from 2024-01-02 on",
        ),
        (("explain", "nothing"), 1, "no action 'nothing'"),
        (("explain", "work-cv-clinic", "--lang", "de"), 2, "--lang: expected one of fi, sv, en; found 'de'"),
        (("feed", "nothing"), 1, "no feed 'nothing'"),
        (("release", "nothing"), 1, "no programme 'nothing'"),
        (("answer", "x", "done"), 1, "'x' is not programme:action:kind:instance"),
        (("answer", f"{CAFE}:milestone:end", "perhaps"), 2, "expected one of done, on-track, late, not-ours"),
        (("answer", f"{CAFE}:start:start", "done"), 2, "is a start: it takes no answer"),
        (
            ("answer", f"{CAFE}:milestone:end", "done", "--by", "x@y.example"),
            1,
            "no contact with the address",
        ),
        (("import", "missing.yaml"), 1, "There is no file missing.yaml"),
        (("normalise",), 2, "expected a TEXT or --jsonl IN; found neither"),
        (("programmes", "--database", "nonsense"), 1, "DATABASE_URL: expected"),
        (("nonsense",), 2, "No such command 'nonsense'"),
    ],
)
def test_wrong_use_and_missing_things(
    reminders: Runner, words: tuple[str, ...], code: int, said: str
) -> None:
    """Wrong use ends with 2, work that cannot be done with 1; one clear line on stderr, nothing on stdout."""
    ran = reminders(*words)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_the_clock_guard_asks(reminders: Runner) -> None:
    """A clock 46 days ahead of the last planned day stops with 1 until a person accepts it."""
    reminders("tick", "--at", FIRST)
    ran = reminders("tick", "--at", "2026-01-20T09:00")
    assert ran.code == 1
    assert "more than 45 days later" in ran.err
    assert reminders("tick", "--at", "2026-01-20T09:00", "--accept-clock").code == 0


WITHOUT_CLOCK = {
    "health": "what runs on this machine is judged by the time that it is",
    "run": "lives on the real clock; web --at is for rehearsals",
    "worker": "lives on the real clock; tick --at is one run of it",
    "forecast": "its clock is --from",
    "normalise": "reads no clock and writes nothing",
}


def all_commands() -> Iterator[tuple[str, Any]]:
    """Every command by its words, those of groups too."""
    for name in COMMANDS:
        command = load(name)
        if isinstance(command, TyperGroup):
            yield from ((f"{name} {each}", one) for each, one in command.commands.items())
        else:
            yield name, command


def test_every_command_that_reads_the_clock_or_writes_takes_at() -> None:
    """A rehearsal or a test sets the clock of any of them; what does not take it says why."""
    commands = dict(all_commands())
    assert {"hold", "preferences", "contacts revive", "series list", "backup"} <= commands.keys()
    lacking = {
        name
        for name, command in commands.items()
        if "--at" not in {option for one in command.params for option in one.opts}
    }
    assert lacking == WITHOUT_CLOCK.keys()

"""Bad input names file, place and reason, ends with 1, and leaves the database as it was."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Runner

CONTACTS = "organisation,role,name,email,language,valid_from,valid_until,deputy_of\n"
CASES = [
    ("actions:\n", "colour: red\nactions:\n", "colour"),
    ("  en: Living\n", "", "en"),
    ("date: '2023-02-20'", "date: '2023-02-30'", "2023-02-30"),
    ("  leads:\n  - hr-unit\n", "  leads:\n  - hr-untt\n", "hr-untt"),
    ("- id: work-job-coaching\n", "- id: work-cv-clinic\n", "work-cv-clinic"),
]


def dump(file: Path) -> list[str]:
    """Return the database as statements, the runs left out."""
    with sqlite3.connect(file) as connection:
        return [line for line in connection.iterdump() if not line.startswith('INSERT INTO "run"')]


@pytest.mark.parametrize(("found", "put", "named"), CASES)
def test_a_programme_with_a_mistake(
    reminders: Runner, root: Path, tmp_path: Path, found: str, put: str, named: str
) -> None:
    """Unknown key, missing language, a date that is none, unknown organisation, duplicate id."""
    text = (root / "reminders/programmes/vaasa-2023-2026.yaml").read_text(encoding="utf-8")
    assert found in text
    (tmp_path / "mine.yaml").write_text(text.replace(found, put, 1), encoding="utf-8")
    reminders("programmes")
    before = dump(tmp_path / "var/reminders.db")
    ran = reminders("import", "mine.yaml")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("reminders: mine.yaml, line ")
    assert "expected" in ran.err
    assert named in ran.err
    assert "Traceback" not in ran.err
    assert dump(tmp_path / "var/reminders.db") == before


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("welfare-unit,contact,,not an address,fi,,,", "email"),
        ("nowhere,contact,,a@vaasa.example,fi,,,", "organisation"),
        ("welfare-unit,boss,,a@vaasa.example,fi,,,", "role"),
        ("welfare-unit,contact,,a@vaasa.example,de,,,", "language"),
        ("welfare-unit,contact,,a@vaasa.example,fi,2025-13-01,,", "valid_from"),
        ("welfare-unit,deputy,,a@vaasa.example,fi,,,", "deputy_of"),
    ],
)
def test_a_contact_with_a_mistake(reminders: Runner, tmp_path: Path, row: str, column: str) -> None:
    """Row and column are named, and the contact list stays as it was."""
    before = reminders("contacts", "export").out
    (tmp_path / "contacts.csv").write_text(f"{CONTACTS}{row}\n", encoding="utf-8")
    ran = reminders("contacts", "import", "contacts.csv")
    assert (ran.code, ran.out) == (1, "")
    assert f"contacts.csv, row 2, {column}" in ran.err.replace("column ", "")
    assert reminders("contacts", "export").out == before


def test_importing_the_same_again_changes_nothing(reminders: Runner, root: Path, tmp_path: Path) -> None:
    """A programme imported twice is unchanged, and its occurrences are not doubled."""
    source = root / "reminders/programmes/vaasa-2023-2026.yaml"
    (tmp_path / "mine.yaml").write_bytes(source.read_bytes())
    reminders("programmes")
    before = dump(tmp_path / "var/reminders.db")
    assert reminders("import", "mine.yaml").out == "vaasa-2023-2026: unchanged, 62 actions.\n"
    assert dump(tmp_path / "var/reminders.db") == before


def test_a_new_programme_is_held(reminders: Runner, root: Path, tmp_path: Path) -> None:
    """Another programme comes in held: nothing of it is mailed before its release."""
    text = (root / "reminders/programmes/vaasa-2023-2026.yaml").read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(text.replace("key: vaasa-2023-2026", "key: mine"), encoding="utf-8")
    assert reminders("import", "mine.yaml").out == "mine: stored, sending on hold, 62 actions.\n"
    listed = {row["key"]: row["held"] for row in reminders("programmes", "--json").document}
    assert listed == {"mine": True, "vaasa-2023-2026": False}
    reminders("tick", "--at", "2025-12-01T09:00")
    keys = {
        item["occurrence"].split(":")[0]
        for row in reminders("log", "--json").document
        for item in row["items"]
    }
    assert keys == {"vaasa-2023-2026"}


ACTION = "safety-ethical-principles Recording of ethical principles"


def test_a_reimport_shows_what_changes_and_keeps_what_people_said(
    reminders: Runner, root: Path, tmp_path: Path
) -> None:
    """A changed file shows its differences first; answers and corrections stay as they were."""
    text = (root / "reminders/programmes/vaasa-2023-2026.yaml").read_text(encoding="utf-8")
    row = text.index("- id: safety-ethical-principles")
    changed = text[:row] + text[row:].replace("'2023'", "'2024'", 3)
    (tmp_path / "mine.yaml").write_text(changed, encoding="utf-8")
    milestone = "vaasa-2023-2026:safety-ethical-principles:milestone:end"
    reminders("answer", milestone, "late")
    reminders(
        "correct", "social-cultural-cafe", "schedule", "2023–2026", "--by", "board-secretary@vaasa.example"
    )
    dry = reminders("import", "mine.yaml", "--dry-run").out
    shown = dry.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    assert shown == [
        f"{ACTION}: Schedule: 2023 → 2024",
        f"{ACTION}: Start: the date moves: Sun 1 Jan 2023 → Mon 1 Jan 2024",
        f"{ACTION}: Deadline: the date moves: Sun 31 Dec 2023 → Tue 31 Dec 2024",
        "vaasa-2023-2026: 62 actions read; nothing stored.",
    ]
    assert reminders("import", "mine.yaml").out.splitlines()[:3] == dry.splitlines()[:3]
    rows = reminders("occurrences", "--from", "2023-01-01", "--to", "2026-12-31", "--json").document
    found = {row["id"]: (row["due"], row["status"], row["provenance"]) for row in rows}
    assert found[milestone] == ("2024-12-31", "in-process", "printed")
    cafe = found["vaasa-2023-2026:social-cultural-cafe:milestone:end"]
    assert cafe == ("2026-12-31", "needs-action", "corrected")


def test_a_moved_date_is_reminded_of_anew(reminders: Runner) -> None:
    """Corrected to a later year, a milestone that was asked about is reminded of before its new date."""
    reminders("tick", "--at", "2025-12-01T09:00")
    reminders("correct", "safety-ethical-principles", "schedule", "2025", "--at", "2025-12-10T12:00")
    reminders("tick", "--at", "2025-12-11T09:00")
    milestone = "vaasa-2023-2026:safety-ethical-principles:milestone:end"
    sent = [
        (mail["date"], item["stage"])
        for mail in reminders("log", "--action", "safety-ethical-principles", "--json").document
        for item in mail["items"]
        if item["occurrence"] == milestone and "city-board" in mail["to"]
    ]
    assert sent == [("2025-12-01", "first-start"), ("2025-12-11", "-P30D")]


def test_findings_are_listed_until_somebody_accepts_them(reminders: Runner) -> None:
    """What needs a decision stands in the list with its words; accepted, it is gone."""
    rows = reminders("findings", "--json").document
    assert [(row["where"], row["code"]) for row in rows] == [
        ("health-regular-dialogue", "vague-frequency"),
        ("social-cultural-cafe", "series-beyond-schedule"),
        ("children-family-school", "series-without-dates"),
    ]
    reminders("correct", "health-regular-dialogue", "accepted", "vague-frequency")
    left = ["social-cultural-cafe", "children-family-school"]
    assert [row["where"] for row in reminders("findings", "--json").document] == left


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing", "schedule", "2024"), "no action 'nothing'"),
        (
            ("work-cv-clinic", "colour", "red"),
            "part-of, organisation, party; found 'colour'",
        ),
        (("work-cv-clinic", "schedule", "blue"), "schedule: expected a schedule in words"),
        (("work-cv-clinic", "frequency", "blue"), "frequency: expected how often"),
        (("work-cv-clinic", "leads", "nobody"), "leads: expected keys of organisations"),
        (("work-cv-clinic", "accepted", "vague-frequency"), "accepted: expected the code of a finding"),
    ],
)
def test_a_correction_that_cannot_be_read(reminders: Runner, words: tuple[str, ...], said: str) -> None:
    """A correction that says nothing is refused, with what was expected."""
    ran = reminders("correct", *words)
    assert ran.code in {1, 2}
    assert said in ran.err


def test_an_import_speaks_the_language_asked_for(reminders: Runner, tmp_path: Path) -> None:
    """What is wrong and what was done, in Finnish, Swedish or else English; one action is one."""
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "one.csv").write_text(
        "Toimenpide;Aikataulu;Vastuutaho;Mittari\nKoulujen kartoitus;2027;Tilapalvelut;Valmis\n"
    )
    wrong = {lang: reminders("import", "empty.csv", "--lang", lang).err for lang in ("fi", "sv", "en")}
    assert wrong == {
        "fi": "reminders: empty.csv, tiedosto: odotettiin: CSV-tiedosto; löytyi: tyhjä tiedosto\n",
        "sv": "reminders: empty.csv, filen: väntat: en CSV-fil; i filen: en tom fil\n",
        "en": "reminders: empty.csv, the file: expected CSV; found an empty file\n",
    }
    done = {
        lang: reminders("import", "one.csv", "--lang", lang, "--dry-run").out for lang in ("fi", "sv", "en")
    }
    assert [done[lang].splitlines()[1] for lang in ("fi", "sv", "en")] == [
        "one.csv, Kieli: suomi (valittu; 1 aikataulusta luettiin 1)",
        "one.csv, Språk: svenska (valt av dig; 1 av 1 tidtabell kunde läsas)",
        "one.csv, Language: English (chosen by you; 1 of 1 schedule can be read)",
    ]
    assert {lang: text.splitlines(keepends=True)[-1] for lang, text in done.items()} == {
        "fi": "one-2027-2027: luettiin 1 toimenpide, mitään ei tallennettu.\n",
        "sv": "one-2027-2027: 1 åtgärd läst, ingenting sparat.\n",
        "en": "one-2027-2027: 1 action read; nothing stored.\n",
    }


def test_a_terminal_sees_how_far_an_import_is(root: Path, tmp_path: Path) -> None:
    """On a terminal a bar names the file and the share; through a pipe stderr stays empty."""
    file = root / "tests/data/programmes/vaasa.en.md"
    words = [sys.executable, "-c", "from reminders.cli import main; main()", "import", str(file), "--dry-run"]
    ours, theirs = os.openpty()
    subprocess.run(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs, check=True)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # the end of a terminal is an error on Linux
        while piece := os.read(ours, 65_536):
            shown += piece
    os.close(ours)
    assert b"vaasa.en.md" in shown
    assert b"%" in shown
    piped = subprocess.run(words, cwd=tmp_path, capture_output=True, check=True)
    assert piped.stderr == b""

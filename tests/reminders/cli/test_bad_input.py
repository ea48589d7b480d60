"""Bad input names file, place and reason, ends with 1, and leaves the database as it was."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.reminders.cli.conftest import Runner

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
    assert reminders("import", "mine.yaml").out == "mine: stored, 62 actions.\n"
    listed = {row["key"]: row["held"] for row in reminders("programmes", "--json").document}
    assert listed == {"mine": True, "vaasa-2023-2026": False}
    reminders("tick", "--at", "2025-12-01T09:00")
    keys = {
        item["occurrence"].split(":")[0]
        for row in reminders("log", "--json").document
        for item in row["items"]
    }
    assert keys == {"vaasa-2023-2026"}

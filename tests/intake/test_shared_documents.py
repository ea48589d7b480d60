"""Real documents of others, read from beside the project where they are at hand (they may not be copied)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from reminders.intake.read import read_documents
from reminders.intake.words import plain_words
from tests.intake.conftest import Report
from tests.intake.measure import paired, schedule

NAMES = ("en_sandiego.pdf", "sv_livsmedel.xlsx", "fi_vuosikello.md")


@pytest.fixture
def folder(root: Path) -> Path:
    """The folder of the documents; without it the test says that it did not run."""
    found = root.parent / "shared" / "documents"
    if not found.is_dir():
        pytest.skip("the folder shared/documents is not beside the project: nothing was measured")
    return found


def is_accepted(row: Mapping[str, Any], want: Mapping[str, Any]) -> bool:
    """Tell whether a schedule is the one expected, or one of the other right readings."""
    for one in (want, *want.get("accept", {}).get("schedule", ())):
        ends = one["end"] if isinstance(one["end"], list) else [one["end"]]
        if (row["kind"], row["start"]) == (one["kind"], one["start"]) and row["end"] in ends:
            return True
    return False


def same(names: Sequence[str], wanted: Sequence[str], organisations: Sequence[Sequence[str]]) -> bool:
    """Tell whether parties are the same, each by any of its names."""
    of = {plain_words(name): plain_words(group[0]) for group in organisations for name in group}
    return {of.get(plain_words(one), plain_words(one)) for one in names} == {
        of.get(plain_words(one), plain_words(one)) for one in wanted
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_document_of_others_is_read(folder: Path, name: str, report: Report) -> None:
    """Every row, and at least 95 % of the schedules and of the leads."""
    expected = json.loads((folder / f"{Path(name).stem}.expected.json").read_text(encoding="utf-8"))
    rows = read_documents([folder / name]).documents[0].as_json()["actions"]
    pairs = paired(rows, expected["actions"], 0.8)
    assert [want["title"] for row, want in pairs if row is None] == []
    assert len(rows) == len(expected["actions"])
    schedules = [
        (schedule(row), want["schedule_text"]) for row, want in pairs if row and not is_accepted(row, want)
    ]
    groups = expected["organisations"]
    leads = [
        (row["leads"], want["leads"])
        for row, want in pairs
        if row and not same(row["leads"], want["leads"], groups)
    ]
    partners = [
        row["partners"] for row, want in pairs if row and not same(row["partners"], want["partners"], groups)
    ]
    wrong = f"{len(schedules)} schedules, {len(leads)} leads, {len(partners)} partners"
    report("documents of others", f"{name}: {len(pairs)} rows, wrong: {wrong}")
    assert len(schedules) <= 0.05 * len(pairs), schedules
    assert len(leads) <= 0.05 * len(pairs), leads

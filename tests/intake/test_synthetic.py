"""Documents of other shapes than the given ones are read: at least 95 % of what they say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from reminders.intake.read import read_documents
from reminders.intake.words import plain_words
from tests.intake.measure import title
from tests.intake.synthetic import EXPECTED, Row, ruled_pdf

PARTS = ("title", "domain", "goal", "schedule", "leads", "partners", "rate")


def comparable_row(action: Mapping[str, Any]) -> Row:
    """A neutral action as a row to compare."""
    when = (action["kind"], action["start"], action["end"])
    rate = ";".join(f"{one['times_min']}-{one['times_max']}/{one['per']}" for one in action["recurrences"])
    parties = tuple(action["leads"]), tuple(action["partners"])
    return (title(action), action["domain"], action["goal"], when, *parties, rate)


@pytest.mark.parametrize("make", EXPECTED, ids=lambda make: str(make.__name__))
def test_a_document_of_this_shape_is_read(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    """Every row, and at least 95 % of all fields."""
    actions = read_documents([make(tmp_path)]).documents[0].as_json()["actions"]
    wanted = EXPECTED[make]
    assert [plain_words(title(one)) for one in actions] == [plain_words(want[0]) for want in wanted]
    wrong = [
        (want[0], part, ours, theirs)
        for action, want in zip(actions, wanted, strict=True)
        for part, ours, theirs in zip(PARTS, comparable_row(action), want, strict=True)
        if ours != theirs
    ]
    assert len(wrong) <= 0.05 * len(wanted) * len(PARTS), wrong


def test_nothing_of_a_small_document_is_lost_without_a_word(tmp_path: Path) -> None:
    """What cannot be read is kept as it stands and named in the findings."""
    path = tmp_path / "plan.csv"
    path.write_text("Action,Schedule,Responsible\nPlant trees,when the moon is blue,\n", encoding="utf-8")
    reading = read_documents([path])
    assert reading.documents[0].as_json()["actions"] == [
        {
            "title": "Plant trees", "lang": "en", "domain": None, "goal": None,
            "schedule_text": "when the moon is blue", "kind": "programme_period", "start": None, "end": None,
            "leads": [], "partners": [], "indicator": None, "recurrences": [],
            "findings": ["unclear-schedule", "no-lead", "no-indicator"],
        }
    ]  # fmt: skip
    assert [finding.place for finding in reading.findings] == ["the file", "row 2", "row 2", "row 2"]


def test_progress_is_told(tmp_path: Path) -> None:
    """Long work says what it is at, from nothing to all."""
    path = tmp_path / "plan.csv"
    path.write_text("Action,Schedule,Responsible\nPlant trees,2027,Parks Unit\n", encoding="utf-8")
    steps: list[tuple[int, int]] = []
    read_documents([path], progress=lambda done, total, _what: steps.append((done, total)))
    assert steps == [(0, 100), (99, 100), (100, 100)]


def test_progress_is_told_page_by_page(tmp_path: Path) -> None:
    """A long PDF is no long silence."""
    steps: list[tuple[int, int, str]] = []
    read_documents([ruled_pdf(tmp_path)], progress=lambda *step: steps.append(step))
    name = steps[0][2]
    assert steps == [(0, 100, name), (45, 100, name), (90, 100, name), (99, 100, name), (100, 100, "")]

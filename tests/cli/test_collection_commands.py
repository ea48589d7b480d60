"""``reminders collection`` and ``report``: what they print and write, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.cli.conftest import Runner

FIRST = "2025-12-01T09:00+02:00"


def test_progress_has_one_shape_for_people_and_programs(reminders: Runner) -> None:
    """After the opening: 39 asked, none answered, each reminded that day."""
    reminders("tick", "--at", FIRST)
    found = reminders("collection", "2025", "--at", FIRST, "--json").document
    units = found.pop("units")
    assert found == {
        "programme": "vaasa-2023-2026",
        "year": 2025,
        "occurrence": "vaasa-2023-2026:follow-up-data-collection:collection:2025",
        "state": "open",
        "opens": "2025-12-01",
        "due": "2026-01-31",
        "closes": "2026-02-15",
        "expected": 39,
        "answered": 0,
    }
    assert len(units) == 39
    assert {tuple(one) for one in units} == {
        ("organisation", "name", "state", "actions", "values", "not_measured", "last_reminder")
    }
    assert {(one["state"], one["last_reminder"]) for one in units} == {("none", "2025-12-01")}
    shown = reminders("collection", "2025", "--at", FIRST)
    assert shown.out.endswith("0 of 39 have answered; open.\n")


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_report_is_written(reminders: Runner, tmp_path: Path, lang: str) -> None:
    """As PDF and as a workbook whose first sheet is named in the language."""
    for name in ("report.pdf", "report.XLSX"):
        ran = reminders("report", "2025", "--lang", lang, "--output", name, "--at", FIRST)
        assert (ran.code, ran.out) == (0, f"{name} is written.\n")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
    with (tmp_path / "report.XLSX").open("rb") as file:
        names = {"fi": "Yhteenveto", "sv": "Sammandrag", "en": "Summary"}
        assert openpyxl.load_workbook(file).sheetnames[0] == names[lang]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("collection", "1999"), 1, "no annual data collection for 1999"),
        (("collection", "2025", "--programme", "town"), 1, "no annual data collection for 2025 in 'town'"),
        (
            ("report", "2025", "--output", "r.doc"),
            2,
            "--output: expected a name that ends in .pdf or .xlsx; found 'r.doc'",
        ),
        (
            ("report", "2025", "--output", "r.pdf", "--lang", "de"),
            2,
            "--lang: expected one of fi, sv, en; found 'de'",
        ),
        (("report", "2025", "--output", "nowhere/r.pdf"), 1, "nowhere/r.pdf: No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_named(
    reminders: Runner, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    """One line on stderr, the exit code of the interface, no file."""
    ran = reminders(*words, "--at", FIRST)
    assert (ran.code, ran.err) == (code, f"reminders: {said}\n")
    assert list(tmp_path.glob("r.*")) == []

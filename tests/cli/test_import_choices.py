"""How a document is to be read, said by command; remembered, and forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Runner

LINES = (
    "Stuff,Folks,Moment,Proof",
    "Open the welcome desk,Integration services,June 2027,Desk open",
    "Train volunteers,Third sector unit,when ready,Number of volunteers",
)
MAP = ("--map", "Stuff=action", "--map", "Folks=responsible", "--map", "Moment=schedule")


def written(path: Path, *lines: str) -> str:
    """Write lines to a file and return its name."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_choices_are_remembered_and_forgotten(reminders: Runner, tmp_path: Path) -> None:
    """The next document of the same headings is read so, which is said; then as it seems."""
    first = written(tmp_path / "plan.csv", *LINES)
    assert reminders("import", first).code == 1
    assert "2 actions" in reminders("import", first, *MAP, "--programme", "plan", "--new").out
    later = written(tmp_path / "other.csv", *LINES, "Close the desk,Integration services,2028,Desk closed")
    again = reminders("import", later, "--programme", "plan", "--dry-run")
    assert again.code == 0
    assert "columns as chosen on" in again.out
    assert "Stuff = action; Folks = responsible party; Moment = schedule" in again.out
    without = reminders("import", later, "--programme", "plan", "--dry-run", "--forget-choices")
    assert "columns as chosen on" not in without.out


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--map", "Stuff=king"), 2, "one of the roles action, goal"),
        (("--map", "Sponsor=action"), 1, '"Stuff", "Folks"'),
        (("--table", "5"), 1, "there are 1"),
        (("--rows", "many"), 2, "rows such as 3-40"),
        (("--unit", "page"), 2, "one of row, card, bullet"),
    ],
)
def test_wrong_choices(
    reminders: Runner, tmp_path: Path, options: tuple[str, ...], code: int, words: str
) -> None:
    """What there is, is said."""
    found = reminders("import", written(tmp_path / "plan.csv", *LINES), *options)
    assert found.code == code
    assert words in found.err

"""A schedule whose words were not all understood is a finding that shows them, with the reading taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reminders.intake.read import read_documents
from reminders.web.words import detail_words

if TYPE_CHECKING:
    from pathlib import Path

    from schedule_rules.programme import Lang

ROWS = """\
Action,Schedule,Responsible,Indicator
Open a help desk for residents,before Michaelmas 2027,Library,Visitors
Publish a guide for new residents,every year by 15 March,Library,Copies
Train all the staff of the desk,Febuary 2026,Library,Staff
Hold a seminar with other cities,2025-2026,Library,Cities
"""


def findings(folder: Path) -> dict[str, str]:
    """Return the detail of each finding about a schedule, by code and words."""
    file = folder / "plan.csv"
    file.write_text(ROWS, encoding="utf-8")
    found = read_documents([file]).findings
    return {
        f"{one.code}: {one.words}": one.detail for one in found if one.code.endswith(("words", "schedule"))
    }


def test_words_and_reading_are_shown(tmp_path: Path) -> None:
    """What was not understood is named; a month with a slip is doubtful; what was read is none."""
    assert findings(tmp_path) == {
        "unused-words: before Michaelmas 2027": "open_range …/2027-12-31, not understood: before Michaelmas",
        "doubtful-schedule: Febuary 2026": "single 2026-02-01/2026-02-28",
    }


def test_the_page_says_it_in_the_readers_language(tmp_path: Path) -> None:
    """The reading and the words stand in one sentence in each language."""
    detail = findings(tmp_path)["unused-words: before Michaelmas 2027"]
    langs: tuple[Lang, ...] = ("fi", "sv", "en")
    said = [detail_words(detail, lang) for lang in langs]
    assert all("before Michaelmas" in one for one in said)
    assert [one.rpartition("(")[2].partition(":")[0] for one in said] == [
        "ymmärtämättä jäi", "förstods inte", "not understood",
    ]  # fmt: skip

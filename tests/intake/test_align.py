"""Language versions laid side by side."""

from __future__ import annotations

import pytest

from reminders.intake.align import align
from reminders.intake.content import ActionDraft
from reminders.intake.interpret import ReadAction, interpret


def actions(count: int) -> list[ReadAction]:
    """Actions of a year each, none like another."""
    texts = [(f"Action {chr(65 + at)}", str(2000 + at)) for at in range(count)]
    return [
        interpret(ActionDraft(f"line {at}", (title,), schedule=year), "en")
        for at, (title, year) in enumerate(texts, start=1)
    ]


@pytest.mark.parametrize("lacking", range(1, 12))
def test_a_version_that_lacks_the_first_rows_is_laid_beside(lacking: int) -> None:
    """The points of so many gaps, summed one by one, are not always those of all at once."""
    base = actions(40)
    rows = align({"fi": base, "sv": base[lacking:]})
    assert [row.versions.get("fi") for row in rows] == base
    assert [row.versions.get("sv") for row in rows] == [None] * lacking + base[lacking:]

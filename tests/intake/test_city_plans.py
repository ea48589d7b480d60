"""Plans as cities lay them out: every row, and at least 90 % of schedules, leads and partners are right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from reminders.intake.read import read_documents
from tests.intake.city_plans import PLANS, Want, register_tsv, sheets_xlsx
from tests.intake.conftest import Report
from tests.intake.measure import title
from tests.intake.pages import xlsx

HEADING = "plans of other layouts: rows, and of them schedules, leads, partners, domains that are right"
LEAST = 0.9


def comparable_row(action: Mapping[str, Any]) -> Want:
    """A neutral action as a row to compare."""
    when = f"{action['kind']} {action['start'] or ''}/{action['end'] or ''}"
    leads, partners = "; ".join(action["leads"]), "; ".join(action["partners"])
    return Want(title(action), when, leads, partners, action["domain"] or "")


def read(make: Callable[[Path], Path], folder: Path) -> list[Want]:
    """The rows of a document as they come in."""
    return [comparable_row(one) for one in read_documents([make(folder)]).documents[0].as_json()["actions"]]


@pytest.mark.parametrize("make", PLANS, ids=lambda make: str(make.__name__))
def test_no_row_is_lost_or_made_up(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    """The actions of a document, in its order, and nothing else."""
    assert [row.title for row in read(make, tmp_path)] == [want.title for want in PLANS[make]]


def test_most_of_what_they_say_is_right(tmp_path: Path, report: Report) -> None:
    """Counted over all documents; the table says which ones are short of it."""
    right = dict.fromkeys(("when", "leads", "partners", "domain"), 0)
    total = 0
    for make, wanted in PLANS.items():
        pairs = list(zip(read(make, tmp_path), wanted, strict=True))
        own = {part: sum(getattr(row, part) == getattr(want, part) for row, want in pairs) for part in right}
        report(
            HEADING, f"{make.__name__:<16} {len(pairs):>3}   {' '.join(f'{own[part]:>3}' for part in right)}"
        )
        total += len(pairs)
        right = {part: count + own[part] for part, count in right.items()}
    report(HEADING, f"{'all':<16} {total:>3}   {' '.join(f'{count:>3}' for count in right.values())}")
    assert [part for part, count in right.items() if count < LEAST * total] == []


def test_a_cover_names_the_programme(tmp_path: Path) -> None:
    """The sheet before the tables says what the programme is called and which years it covers."""
    programme = read_documents([sheets_xlsx(tmp_path)]).programme
    assert programme.name.sv == "Klimat- och energiplan 2025–2028"
    assert (programme.key, programme.period.first.year, programme.period.last.year) == (
        "klimat-och-energiplan-2025-2028", 2025, 2028,
    )  # fmt: skip


def test_days_before_months(tmp_path: Path) -> None:
    """01/04/2025 is the first of April, in Europe."""
    assert read(register_tsv, tmp_path)[0].when == "year_range 2025-04-01/2026-03-31"


def test_a_title_that_says_goal_is_one(tmp_path: Path) -> None:
    """Mål 1 over a header and Mål 2 between rows are goals, and no theme is made of them."""
    rows = [
        ("Plan för lika möjligheter 2025–2027", None, None),
        ("Mål 1: Trygg skola", None, None),
        ("Åtgärd", "När", "Vem"),
        ("Elevenkät", "Varje vår", "Skolkuratorn"),
        ("Mål 2: Delaktighet", None, None),
        ("Åtgärd", "När", "Vem"),
        ("Elevråd i alla skolor", "2026", "Bildningstjänster"),
    ]
    actions = read_documents([xlsx(tmp_path / "mal.xlsx", {"Blad1": rows})]).documents[0].as_json()["actions"]
    assert [(one["title"], one["domain"], one["goal"]) for one in actions] == [
        ("Elevenkät", None, "Mål 1: Trygg skola"),
        ("Elevråd i alla skolor", None, "Mål 2: Delaktighet"),
    ]

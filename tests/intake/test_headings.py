"""Headings of columns, known by their words: 201 of them, written down before the code that reads them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from reminders.intake.headings import Role, column_role, role_of

_HEADINGS = Path(__file__).parents[1] / "data" / "headings.tsv"


def _right_and_wrong(kept: str) -> tuple[int, list[tuple[str, Role]], list[str]]:
    """How many headings have their role, those that are taken for another, those that are not known."""
    right, wrong, unknown = 0, list[tuple[str, Role]](), list[str]()
    with _HEADINGS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["kept"] != kept:
                continue
            found, roles = column_role(row["heading"]), row["role"].split("|")
            ignored = "ignore" in roles and found in {None, "other"}
            if found in roles or ignored:
                right += 1
            elif found in {None, "other"}:
                unknown.append(row["heading"])
            else:
                wrong.append((row["heading"], found))
    return right, wrong, unknown


@pytest.mark.parametrize(("kept", "count"), [("", 101), ("aside", 100)])
def test_nine_of_ten_headings_are_known(kept: str, count: int) -> None:
    """At most 2 % are taken for something else; the half that was set aside was no part of the work."""
    right, wrong, unknown = _right_and_wrong(kept)
    assert right + len(wrong) + len(unknown) == count
    assert right >= count * 0.9, unknown
    assert len(wrong) <= count * 0.02, wrong


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Toimenpiteen aikataulu", "schedule"),  # the last word says what the others describe
        ("Aikataulu ja vastuu", "schedule"),  # the first part
        ("Schedule of the action", "schedule"),
        ("Ansvarig för uppföljning", "responsible"),
        ("Muut vastuuyksiköt", "partners"),  # others than who answers
        ("Vastuualue", "responsible"),
        ("Toimenpidenumero", "number"),  # the end of a compound
        ("How is success measured?", "indicator"),  # decisive wherever it stands
        ("Aloitusvuosi", "start"),  # a year alone is faint
        ("Vuosi", "schedule"),
        ("Head of service (name)", "responsible"),
        ("Heading", None),
        ("Kunnan asukkaat ja yritykset", None),
    ],
)
def test_words_of_a_heading_tell_its_role(heading: str, role: Role | None) -> None:
    """The head of a phrase, the end of a compound, what is decisive; no word, no role."""
    assert column_role(heading) == role


@pytest.mark.parametrize(
    "text",
    ["Health Care Division", "The number of events", "Valtion tukitoimet asuntokannan parantamiseksi"],
)
def test_stems_are_for_columns_alone(text: str) -> None:
    """A line of running text has a stem nearly always, and means nothing by it."""
    assert role_of(text) is None


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Euroa/vuosi", "other"), ("€/vuosi", "other"), ("Kustannus euroa vuodessa", "other"),
        ("kr/år", "other"), ("Tkr per år", "other"), ("EUR/year", "other"), ("Cost per year", "other"),
        ("Kroner per år", "other"), ("Mätare per år", "indicator"),
        ("Kuukausi/vuosi", "schedule"), ("Månad/år", "schedule"), ("Vuosi", "schedule"),
    ],
)  # fmt: skip
def test_amounts_a_year_are_no_dates(heading: str, role: str) -> None:
    """A column of money is not the schedule because a year stands in its heading."""
    assert column_role(heading) == role

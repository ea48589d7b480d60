"""How a person says that a document is to be read, and what the content of a column tells by itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reminders.errors import InputError, UsageError
from reminders.intake.choices import (
    ReadingChoices,
    RememberedChoices,
    UnreadDocumentError,
    heading_key,
    known_again,
    read_columns,
    read_rows,
    read_unit,
)
from reminders.intake.read import ProgrammeReading, read_documents
from reminders.intake.reading_process import read_programme_apart

UNKNOWN = (
    "Stuff,Folks,Moment,Proof",
    "Open the welcome desk,Integration services,June 2027,Desk open",
    "Train volunteers,Third sector unit,sometime,Number of volunteers",
    "Review the rules,Planning unit,when ready,Rules reviewed",
)
MAP = ("Stuff=action", "Folks=responsible", "Moment=schedule")


def csv(folder: Path, *lines: str) -> Path:
    """Write lines as a CSV file."""
    path = folder / "plan.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def rows(reading: ProgrammeReading, *names: str) -> list[tuple[Any, ...]]:
    """The actions of a reading, some of their values each."""
    return [tuple(one[name] for name in names) for one in reading.documents[0].as_json()["actions"]]


def test_unknown_headings_are_mapped(tmp_path: Path) -> None:
    """Read in the child, as every import is."""
    path = csv(tmp_path, *UNKNOWN)
    with pytest.raises(UnreadDocumentError) as raised:
        read_programme_apart([path])
    assert [column.heading for table in raised.value.tables for column in table.columns] == [
        "Stuff", "Folks", "Moment", "Proof",
    ]  # fmt: skip
    assert raised.value.tables[0].columns[1].samples == (
        "Integration services", "Third sector unit", "Planning unit",
    )  # fmt: skip
    reading = read_programme_apart([path], choices=ReadingChoices(columns=read_columns(MAP)))
    assert (reading.accounts[0].agreeing, reading.accounts[0].schedules) == (1, 3)
    assert rows(reading, "title", "schedule_text", "leads") == [
        ("Open the welcome desk", "June 2027", ["Integration services"]),
        ("Train volunteers", "sometime", ["Third sector unit"]),
        ("Review the rules", "when ready", ["Planning unit"]),
    ]
    basis = {one.heading: one.basis for one in reading.accounts[0].tables[0].columns}
    assert (basis["Stuff"], basis["Folks"]) == ("chosen", "chosen")


def test_what_is_missing_is_said_with_the_headings_that_are_printed(tmp_path: Path) -> None:
    """Not with the plain ones that a known heading is read as."""
    path = csv(tmp_path, "Mitä?,Kenen pöydällä,Loppuunsaatto", "Avataan neuvontapiste,Kirjasto,joskus")
    with pytest.raises(UnreadDocumentError) as raised:
        read_documents([path])
    assert "(Mitä?, Kenen pöydällä, Loppuunsaatto)" in str(raised.value.problems[0].found)


def test_a_column_is_named_by_its_place(tmp_path: Path) -> None:
    """Headings that stand twice or not at all have a place."""
    path = csv(tmp_path, "Name,Name,When", "Open the desk,Integration services,2027", "Close it,Library,2028")
    choices = ReadingChoices(columns=read_columns(["#1=action", "#2=responsible"]))
    assert rows(read_documents([path], choices=choices), "title", "leads") == [
        ("Open the desk", ["Integration services"]),
        ("Close it", ["Library"]),
    ]


def test_a_column_that_is_ignored_is_not_read(tmp_path: Path) -> None:
    """Though its heading is known."""
    path = csv(tmp_path, "Action,When,Who,Partners", "Open the desk,2027,Library,Red Cross")
    choices = ReadingChoices(columns=read_columns(["Partners=note"]))
    assert rows(read_documents([path], choices=choices), "leads", "partners") == [(["Library"], [])]


def test_another_column_becomes_the_action(tmp_path: Path) -> None:
    """The one that seemed to be loses the role."""
    path = csv(tmp_path, "Action,Deliverable text,When,Who", "Integration,Open a desk,2027,Library")
    choices = ReadingChoices(columns=read_columns(["Deliverable text=action"]))
    assert rows(read_documents([path], choices=choices), "title") == [("Open a desk",)]


def test_rows_and_header(tmp_path: Path) -> None:
    """Rows count as their places do; the header stays, wherever it is."""
    path = csv(
        tmp_path, "Plan 2027,,", "Stuff,Folks,Moment", "One thing,Library,2027", "Two things,Library,2027",
        "Three things,Library,2027", "Four things,Library,2027",
    )  # fmt: skip
    columns = read_columns(MAP)
    some = ReadingChoices(columns=columns, first_row=4, last_row=5)
    assert rows(read_documents([path], choices=some), "title") == [("Two things",), ("Three things",)]
    last = ReadingChoices(columns=read_columns(["#1=action", "#3=schedule"]), header_row=2, first_row=6)
    assert rows(read_documents([path], choices=last), "title") == [("Four things",)]


def test_one_table_of_several(tmp_path: Path) -> None:
    """Sheets count from 1; what the other ones hold is not read."""
    book = openpyxl.Workbook()
    for name, title in (("Old", "An old thing"), ("New", "A new thing")):
        sheet = book.create_sheet(name)
        for row in (("Action", "Schedule", "Lead"), (title, "2027", "Library"), ("More", "2028", "Library")):
            sheet.append(row)
    del book["Sheet"]
    path = tmp_path / "plan.xlsx"
    book.save(path)
    assert len(rows(read_documents([path]), "title")) == 4
    reading = read_documents([path], choices=ReadingChoices(table=2))
    assert rows(reading, "title") == [("A new thing",), ("More",)]
    assert [one.name for one in reading.choices[0].tables] == ["Old", "New"]
    with pytest.raises(InputError, match=r"there are 2.*found table 3"):
        read_documents([path], choices=ReadingChoices(table=3))


def test_each_bullet_is_an_action(tmp_path: Path) -> None:
    """Or all bullets of a row are one."""
    path = tmp_path / "plan.md"
    path.write_text(
        "# Plan 2027–2028\n\n| Action | Schedule | Responsible |\n|---|---|---|\n"
        "| • Open a desk<br>• Close a desk | 2027 | Library |\n| • Move a desk | 2028 | Library |\n",
        encoding="utf-8",
    )
    assert len(rows(read_documents([path]), "title")) == 2
    apart = rows(read_documents([path], choices=ReadingChoices(unit="bullet")), "title", "schedule_text")
    assert apart == [("Open a desk", "2027"), ("Close a desk", "2027"), ("Move a desk", "2028")]


def test_fields_of_a_list_are_mapped(tmp_path: Path) -> None:
    """A label before a colon is a heading too."""
    path = tmp_path / "plan.txt"
    path.write_text(
        "Plan 2027\n\n1. Open a desk\nSponsor: Library\nTo do in: 2027\n\n"
        "2. Close a desk\nSponsor: Museum\nTo do in: 2027\n",
        encoding="utf-8",
    )
    choices = ReadingChoices(columns=read_columns(["Sponsor=responsible", "To do in=schedule"]))
    assert rows(read_documents([path], choices=choices), "title", "leads") == [
        ("Open a desk", ["Library"]),
        ("Close a desk", ["Museum"]),
    ]


def test_cards_of_a_table(tmp_path: Path) -> None:
    """A table of names and values whose names nobody knows."""
    path = csv(tmp_path, "What is it,Open a desk", "Sponsor,Library", "To do in,2027")
    choices = ReadingChoices(
        columns=read_columns(["What is it=action", "Sponsor=responsible", "To do in=schedule"]), unit="card"
    )
    assert rows(read_documents([path], choices=choices), "title", "schedule_text", "leads") == [
        ("Open a desk", "2027", ["Library"])
    ]


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    """An unknown heading with those that there are; a row beyond the last."""
    path = csv(tmp_path, *UNKNOWN)
    with pytest.raises(InputError, match=r'"Stuff", "Folks", "Moment", "Proof".*heading "sponsor"'):
        read_documents([path], choices=ReadingChoices(columns=read_columns(["Sponsor=action"])))
    with pytest.raises(InputError, match="a row up to 4; found row 9"):
        read_documents([path], choices=ReadingChoices(first_row=9))
    plan = tmp_path / "plan.yaml"
    plan.write_text("format: 1\n", encoding="utf-8")
    with pytest.raises(InputError, match="YAML is read as it is"):
        read_documents([plan], choices=ReadingChoices(table=1))


@pytest.mark.parametrize(
    ("option", "words"),
    [("Lead=king", "one of the roles action, goal"), ("Lead", "HEADING=ROLE"), ("=action", "HEADING=ROLE")],
)
def test_wrong_options(option: str, words: str) -> None:
    """The roles that there are, are said."""
    with pytest.raises(UsageError, match=words):
        read_columns([option])


def test_rows_in_words() -> None:
    """3-40, 3-, -40, one row alone; nothing else."""
    assert [read_rows(text) for text in ("3-40", "3-", "–40", "7")] == [
        (3, 40),
        (3, None),
        (None, 40),
        (7, 7),
    ]
    for text in ("", "-", "9-3", "0-4", "three", "1-2-3", "٣-٤x"):
        with pytest.raises(UsageError, match="--rows"):
            read_rows(text)
    assert read_unit("card") == "card"
    with pytest.raises(UsageError, match="--unit: expected one of row, card, bullet"):
        read_unit("page")


def test_a_document_is_known_by_its_headings() -> None:
    """All mapped ones are there and four fifths of all; numbers do not count; the newest holds."""
    assert heading_key("Åtgärder 2026") == heading_key("Åtgärder 2027") == "atgarder"
    assert heading_key("2027") == "2027"
    columns = read_columns(["Stuff=action", "#4=responsible"])
    old = RememberedChoices(
        ("stuff", "folks", "a", "b", "c"), ReadingChoices(columns=columns), date(2026, 1, 1)
    )
    new = RememberedChoices(old.headings, ReadingChoices(lang="sv"), date(2026, 2, 1))
    assert known_again(("stuff", "a", "b", "c", "more"), [old]) is old
    assert known_again(("folks", "a", "b", "c", "more"), [old]) is None
    assert known_again(("stuff", "a", "b"), [old]) is None
    assert known_again(old.headings, [old, new]) is new
    assert known_again((), [new]) is None


def test_what_is_remembered_holds_unless_something_is_chosen(tmp_path: Path) -> None:
    """A language beside it leaves the columns; a table that is gone is no table."""
    path = csv(tmp_path, *UNKNOWN)
    earlier = ReadingChoices(columns=read_columns(MAP), table=7)
    before = RememberedChoices(("stuff", "folks", "moment", "proof"), earlier, date(2026, 1, 1))
    (one,) = read_documents([path], remembered=[before]).choices
    assert (one.chosen_on, one.choices.columns, one.choices.table) == (
        date(2026, 1, 1),
        earlier.columns,
        None,
    )
    (other,) = read_documents([path], choices=ReadingChoices(lang="sv"), remembered=[before]).choices
    assert (other.chosen_on, other.choices.lang, other.choices.columns) == (None, "sv", earlier.columns)


def assumed(reading: ProgrammeReading) -> list[tuple[str, str]]:
    """The columns whose role their content told."""
    return [(one.words, one.detail) for one in reading.findings if one.code == "column-by-content"]


def test_content_tells_what_no_heading_says(tmp_path: Path) -> None:
    """Schedules, names of units, figures with what they count; each is a finding."""
    path = csv(
        tmp_path, "Action,Goal,Wumpus,Gnarl,Blorb,Zorn",
        "Open a desk,Welcome,June 2027,Integration Services Unit,Number of visitors,12",
        "Train the staff,Welcome,2027–2028,Human Resources Department,30 % of the staff,7",
        "Print a guide,Welcome,by 2028,Communications Unit,Number of copies,3",
    )  # fmt: skip
    reading = read_documents([path])
    assert assumed(reading) == [
        ("Wumpus", "role schedule"), ("Gnarl", "role responsible"), ("Blorb", "role indicator"),
    ]  # fmt: skip
    assert rows(reading, "leads", "indicator")[0] == (["Integration Services Unit"], "Number of visitors")
    basis = {one.heading: (one.role, one.basis) for one in reading.accounts[0].tables[0].columns}
    assert basis["Zorn"] == (None, "assumed")
    assert basis["Gnarl"] == ("responsible", "content")


def test_content_that_is_not_clear_tells_nothing(tmp_path: Path) -> None:
    """Figures alone, notes, and a column that a heading names already."""
    path = csv(
        tmp_path, "Action,Schedule,Lead,Blorb,Zorn",
        "Open a desk,2027,Library,not yet begun,Planning Unit",
        "Train the staff,2028,Library,see the minutes of May,Planning Unit",
    )  # fmt: skip
    reading = read_documents([path])
    assert assumed(reading) == []
    assert rows(reading, "leads", "indicator") == [(["Library"], None), (["Library"], None)]


def test_the_case_of_unknown_headings(tmp_path: Path) -> None:
    """The column that was dropped is the responsible party's, by its heading (unknown_headers.csv)."""
    path = csv(
        tmp_path, "Action,Head of service,To be completed by,Success criteria",
        "Open the welcome desk,Integration services,June 2025,Desk open",
        "Train volunteers,Third sector unit,Annually,Number of volunteers",
        "Review the plan,Planning unit,By end of 2026,Plan reviewed",
    )  # fmt: skip
    reading = read_documents([path])
    assert rows(reading, "title", "leads", "indicator") == [
        ("Open the welcome desk", ["Integration services"], "Desk open"),
        ("Train volunteers", ["Third sector unit"], "Number of volunteers"),
        ("Review the plan", ["Planning unit"], "Plan reviewed"),
    ]
    assert assumed(reading) == []


def test_a_column_that_is_not_to_be_used_is_left_over_nowhere(tmp_path: Path) -> None:
    """Chosen is chosen: no finding, its cells are not used; another column's finding stands at the header."""
    path = csv(
        tmp_path, "Plan;;;".replace(";", ","), "Action,Responsible,Schedule,Deadline,Colour",
        "Open the desk,Library,2027,May 2027,red", "Close the desk,Library,2028,June 2028,blue",
    )  # fmt: skip
    choices = ReadingChoices(lang="en", columns=read_columns(["Deadline=ignore"]))
    reading = read_documents([path], choices=choices)
    found = [
        (one.code, one.place) for one in reading.findings if one.code in {"left-over", "column-not-used"}
    ]
    assert found == [("column-not-used", "row 2, column E")]
    cells = {one.text: one.became for one in reading.accounts[0].entries if one.kind == "cell"}
    assert cells == {"May 2027": "not-used", "June 2028": "not-used", "red": "not-used", "blue": "not-used"}

"""Nothing of a document goes in silence: every row, column, cell and paragraph is in its account."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from reminders.errors import InputError
from reminders.intake.account import AccountEntry
from reminders.intake.choices import ReadingChoices
from reminders.intake.content import ActionDraft, DocumentContent, Heading, Table, TableRow, TextLine
from reminders.intake.exchange import ChildAnswer, answer_adapter
from reminders.intake.formats import read_csv, read_text
from reminders.intake.read import ProgrammeReading, read_documents
from reminders.intake.shapes import Outline, outline
from reminders.intake.tracing import adds_up, column_place, findings_of_account, trace
from reminders.intake.words import plain_words
from tests.intake.pages import xlsx
from tests.intake.test_random import TEXTS

HEADER = ("Goal", "Action", "Schedule", "Responsible")
ROWS = (
    ("Work", "Recruitment fair", "2025", "Employment services"),
    ("Work", "Mentoring in pairs", "Continuous", "Welfare unit"),
    ("Children", "Family café", "once a month", "Family centre"),
)


@pytest.fixture
def cases(root: Path) -> Path:
    """The folder of the documents that were read wrong; without it the test says that it did not run."""
    found = root.parent / "shared" / "cases" / "documents"
    if not found.is_dir():
        pytest.skip("the folder shared/cases is not beside the project: nothing was measured")
    return found


def csv(*rows: Sequence[str]) -> DocumentContent:
    """A table of a CSV file."""
    return read_csv("\n".join(";".join(row) for row in rows), "plan.csv")


def fates(content: DocumentContent) -> dict[str, str]:
    """What became of each piece of a document, by its place."""
    entries, _ = trace(content, outline(content))
    assert adds_up(content, entries)
    return {entry.place: entry.became for entry in entries}


def left_over(content: DocumentContent) -> list[str]:
    """The words that are left over."""
    entries, _ = trace(content, outline(content))
    assert adds_up(content, entries)
    return [entry.text for entry in entries if entry.became == "left-over"]


def test_rows_of_a_table() -> None:
    """Header, actions, a header again and a total are told apart; a used column is a part."""
    total = ("Total", "", "", "12 000")
    found = fates(csv(HEADER, *ROWS[:2], HEADER, ROWS[2], total))
    rows = {place: fate for place, fate in found.items() if "column" not in place}
    assert rows == {
        "row 1": "heading", "row 2": "action", "row 3": "action", "row 4": "heading", "row 5": "action",
        "row 6": "total",
    }  # fmt: skip
    assert found["row 1, column C"] == "part"


def test_a_row_that_a_shape_drops_is_left_over() -> None:
    """The account is made of the words of the drafts: it sees what the shape does not tell."""
    content = csv(HEADER, *ROWS)
    found = outline(content)
    lost = Outline(found.drafts[:1] + found.drafts[2:], found.titles, found.findings, found.reports)
    entries, tables = trace(content, lost)
    assert [(one.place, one.became) for one in entries if one.kind == "row"] == [
        ("row 1", "heading"), ("row 2", "action"), ("row 3", "left-over"), ("row 4", "action"),
    ]  # fmt: skip
    told = list(findings_of_account("plan.csv", entries, tables, ()))
    assert [(one.code, one.place, one.words) for one in told] == [
        ("left-over", "row 3", "Work | Mentoring in pairs | Continuous | Welfare unit")
    ]


def test_a_cell_that_no_action_has_is_left_over() -> None:
    """A shape that loses a schedule or a party is found out by the cell."""
    content = csv(HEADER, *ROWS)
    found = outline(content)
    first = found.drafts[0]
    poorer = ActionDraft(first.place, first.bullets, first.domain, first.goal, "", first.responsible)
    entries, _ = trace(content, Outline((poorer, *found.drafts[1:]), (), (), found.reports))
    cells = [(one.place, one.text, one.became) for one in entries if one.kind == "cell"]
    assert cells == [("row 2, column C", "2025", "left-over")]


def test_a_column_without_a_role_is_said_once() -> None:
    """By its heading, whatever it is called; its cells are in the account."""
    rows = [(*HEADER, "Mood", "Budget"), *((*row, f"fine {n}", "5 000") for n, row in enumerate(ROWS))]
    content = csv(*rows)
    entries, tables = trace(content, outline(content))
    told = list(findings_of_account("plan.csv", entries, tables, ()))
    assert [(one.code, one.place, one.words) for one in told] == [
        ("column-not-used", "row 1, column E", "Mood"),
        ("column-not-used", "row 1, column F", "Budget"),
    ]
    unused = [one.text for one in entries if one.kind == "cell" and one.became == "not-used"]
    assert unused == ["fine 0", "5 000", "fine 1", "5 000", "fine 2", "5 000"]
    assert [one.heading for one in tables[0].unused] == ["Mood", "Budget"]


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        # a table with a schedule that was not read, a budget, a contact list, a key of signs
        ([("Work", "When"), ("Open the office in Vaasa", "March 2026")], 1),
        ([("Item", "2025", "2026"), ("Fair", "10 000", "11 000"), ("Café", "5 000", "5 000")], 0),
        ([("Name", "Phone", "E-mail"), ("Welfare unit", "06 325 1111", "welfare-unit@vaasa.example")], 0),
        ([("Sign", "Meaning"), ("X", "in progress"), ("O", "not begun")], 0),
    ],
)
def test_a_table_that_is_not_read(rows: list[tuple[str, ...]], left: int) -> None:
    """Rows with words and a schedule may be actions; figures, people and keys are not used."""
    read = outline(csv(HEADER, *ROWS))
    other = Table(tuple(TableRow(cells, f"table 2, row {n}") for n, cells in enumerate(rows, start=1)))
    content = DocumentContent("plan.docx", (*csv(HEADER, *ROWS).blocks, other))
    entries, _ = trace(content, Outline(read.drafts, (), (), read.reports))
    assert adds_up(content, entries)
    found = Counter(one.became for one in entries if one.place.startswith("table 2"))
    assert found["left-over"] == left
    assert found["left-over"] + found["not-used"] == len(rows)


@pytest.mark.parametrize(
    ("line", "fate"),
    [
        ("- A survey of the housing stock by the end of 2026", "left-over"),
        ("- A survey of the housing stock (spring 2026, Real Estate)", "left-over"),
        ("Survey of the housing stock (autumn 2026, Real Estate)", "left-over"),
        ("Schedule: 2027", "left-over"),
        ("- The number of residents has grown", "not-used"),
        (
            "The number of residents has grown since 2015, and the city expects that it goes on growing.",
            "not-used",
        ),
        ("Page 3 of 12", "not-used"),
        ("Ager and Strang (2008)", "not-used"),
    ],
)
def test_a_line_beside_a_table(line: str, fate: str) -> None:
    """A list item with a date may be an action; prose, page numbers and references are none."""
    table = "\n".join(("| " + " | ".join(row) + " |") for row in (HEADER, ("---",) * 4, *ROWS))
    prose = "\n\n".join(f"Paragraph {n} of the plan says why." for n in range(25))
    content = read_text(f"# Plan 2025–2027\n\n{prose}\n\n{line}\n\n{table}\n", "plan.md", markdown=True)
    entries, _ = trace(content, outline(content))
    assert [one.became for one in entries if one.text == plain_line(line)] == [fate]


def plain_line(line: str) -> str:
    """A line as the account has it."""
    return " ".join(line.split())


def test_titles_of_actions_are_not_lost_behind_their_fields() -> None:
    """Where a card's own title is in no action, it is left over."""
    blocks = (
        Heading(1, "Plan 2024–2026", "paragraph 1"),
        Heading(2, "Measure 1: Peer groups", "paragraph 2"),
        TextLine("Responsible: Head of early education", "paragraph 3"),
    )
    content = DocumentContent("plan.docx", blocks)
    draft = ActionDraft("paragraph 3", ("Head of early education",), schedule="2024")
    entries, _ = trace(content, Outline((draft,), ("Plan 2024–2026",)))
    assert [one.became for one in entries] == ["heading", "left-over", "action"]


def test_parts_over_several_lines() -> None:
    """Lines that paper broke are parts of the action whose words they are; a lost bullet is left over."""
    text = (
        "GOAL ACTION SCHEDULE RESPONSIBLE INDICATOR\n\nVisible skills\n\n"
        "• CV clinic: information for groups\nand individual sup-\nport\n\n2023 Employment ecosystem\n\n"
        "Clinic in use\n\n• Job coaching\n\n2024 Employment services\n\nNumber of clients\n"
    )
    content = read_text(text, "plan.txt", markdown=False)
    found = outline(content)
    assert len(found.drafts) == 2
    assert left_over(content) == []
    entries, _ = trace(content, Outline(found.drafts[:1], found.titles))
    assert [one.text for one in entries if one.became == "left-over"] == ["• Job coaching"]


CASES = {
    "unknown_headers.csv": ("Integration services", "Desk open"),
    "side_by_side.xlsx": ("Family café", "School coach"),
    "other_tables.docx": ("Recruitment fair", "Mentoring", "Family café", "School coach"),
    "se2.csv": ("Open the office", "Close the office", "Run the office"),
    "fi_vaka.docx": ("Johtajien vertaisryhmät", "Kielitietoisen opetuksen koulutus", "Huoltajakysely"),
    "en_ogp.docx": ("31 December 2022", "June 2023"),
    "rs_chromium.pdf": ("Mentoring", "Language courses at work", "School coach"),
    "sv_enhet_a.csv": ("Första rådgivningen öppnas",),
    "formulas_cached.xlsx": ("Recruitment fair", "Mentoring", "Café"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_a_case_loses_is_in_its_account(cases: Path, name: str) -> None:
    """Each of these words is in an action, or is said: as left over, or as a column that is not used."""
    reading = read_documents([cases / name])
    (account,) = reading.accounts
    in_actions = plain_words(json.dumps(reading.documents[0].as_json(), ensure_ascii=False))
    said = plain_words(
        " ; ".join(one.text for one in account.entries if one.became in {"left-over", "not-used"})
    )
    for words in CASES[name]:
        assert plain_words(words) in in_actions or plain_words(words) in said, words
    codes = {one.code for one in reading.findings}
    assert "account-wrong" not in codes
    assert bool(account.left_over) == ("left-over" in codes)


def test_what_is_said_first(tmp_path: Path) -> None:
    """Name, period and language with how they are known; tables with the rows that were read."""
    rows = [("Integration programme 2025–2028", "", "", ""), HEADER, *ROWS]
    named = read_documents([xlsx(tmp_path / "a.xlsx", {"Plan": rows, "Staff": [("Name", "Phone")]})])
    (account,) = named.accounts
    assert (account.name, account.name_basis) == ("Integration programme 2025–2028", "title")
    assert account.period is not None
    assert (account.period.first.year, account.period.last.year, account.period_basis) == (
        2025,
        2028,
        "title",
    )
    assert (account.languages, account.language_basis) == (("en",), "headings")
    assert (account.schedules, account.agreeing) == (3, 3)
    assert [(table.place, table.actions) for table in account.tables] == [
        ("sheet Plan, row 1", 3), ("sheet Staff, row 1", 0),
    ]  # fmt: skip
    bare = read_documents(
        [xlsx(tmp_path / "b.xlsx", {"Sheet1": rows[1:]})], choices=ReadingChoices(lang="en")
    ).accounts[0]
    assert (bare.name, bare.name_basis, bare.language_basis) == ("b", "file-name", "chosen")
    assert bare.period_basis == "schedules"


def test_the_account_crosses_the_process(tmp_path: Path) -> None:
    """What the reading child answers is what the service gets."""
    reading = read_documents([xlsx(tmp_path / "a.xlsx", {"Plan": [HEADER, *ROWS]})])
    line = answer_adapter().dump_json(ChildAnswer(reading=reading), exclude_defaults=True)
    back = answer_adapter().validate_json(line).reading
    assert isinstance(back, ProgrammeReading)
    assert back.accounts == reading.accounts


def test_an_account_of_much_stays_small() -> None:
    """Cells of columns without a role are bounded, and so is what is asked of each."""
    rows = [(*HEADER, *(f"Extra {n}" for n in range(40)))]
    rows += [
        ("G", f"Do thing {n}", "2025", "Unit", *(f"note {n} {m}" for m in range(40))) for n in range(300)
    ]
    content = csv(*rows)
    entries, _ = trace(content, outline(content))
    assert adds_up(content, entries)
    kinds = Counter(one.kind for one in entries)
    assert (kinds["row"], kinds["column"], kinds["cell"]) == (301, 44, 5_000)


@pytest.mark.parametrize(
    ("place", "number", "expected"),
    [
        ("sheet Plan, row 3", 1, "column A"),
        ("row 1", 27, "column AA"),
        ("sheet Plan, row 1", 702, "column ZZ"),
        ("table 2, row 1", 4, "column 4"),
    ],
)
def test_how_columns_are_named(place: str, number: int, expected: str) -> None:
    """By letters where spreadsheets show letters."""
    assert column_place(place, number) == expected


CELLS = st.sampled_from(
    (
        "",
        "Action",
        "Schedule",
        "Responsible",
        "2025",
        "Plant trees",
        "Welfare unit",
        "Total",
        "5 000",
        "by 2027",
        "X",
    )
)
DOCUMENTS = st.lists(
    st.one_of(
        st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6),
        st.sampled_from(("• Plant trees (2025, Parks)", "Goal 1", "", "Schedule: 2025", "Why we plan.", "3")),
    ),
    max_size=8,
)


@settings(max_examples=300)
@given(parts=DOCUMENTS, lost=st.integers(min_value=0, max_value=3))
def test_every_piece_has_one_entry(parts: list[list[list[str]] | str], lost: int) -> None:
    """Whatever a document holds and however many drafts are lost on the way: the account adds up."""
    blocks: list[Table | TextLine] = []
    for number, part in enumerate(parts, start=1):
        if isinstance(part, str):
            blocks.append(TextLine(part, f"paragraph {number}"))
        else:
            rows = (TableRow(tuple(cells), f"table {number}, row {at}") for at, cells in enumerate(part, 1))
            blocks.append(Table(tuple(rows)))
    content = DocumentContent("plan.docx", tuple(blocks))
    try:
        found = outline(content)
    except InputError:
        found = Outline(())
    poorer = Outline(found.drafts[lost:], found.titles, found.findings, found.reports)
    _check(content, trace(content, poorer)[0], poorer)


@settings(max_examples=200)
@given(text=TEXTS, markdown=st.booleans())
def test_every_line_has_one_entry(text: str, markdown: bool) -> None:
    """The same for any text."""
    try:
        content = read_text(text, "plan.md", markdown=markdown)
        found = outline(content)
    except InputError:
        return
    _check(content, trace(content, found)[0], found)


def _check(content: DocumentContent, entries: Sequence[AccountEntry], found: Outline) -> None:
    assert adds_up(content, entries)
    pieces = [one.place for one in entries if one.kind in {"row", "text"}]
    assert len(pieces) == len(set(pieces))
    actions = {one.place for one in entries if one.became == "action"}
    assert actions == {re.sub(", (?:column|item) .*", "", draft.place) for draft in found.drafts}
    assert {one.action for one in entries if one.became == "part" and one.kind != "column"} <= actions

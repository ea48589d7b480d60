# ruff: noqa: E501 - a row of a document on a line
"""Word, Writer, spreadsheets, web pages and CSV: what somebody sees who opens them is what is read."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment

from reminders.errors import InputError
from reminders.intake.content import Block, DocumentContent, Heading, TextLine
from reminders.intake.formats import read_content
from reminders.intake.read import read_documents
from tests.intake.hostile import ods, odt, open_cell, open_document, open_rows, packed, page, record
from tests.intake.office_files import (
    HEADER,
    ROWS,
    control,
    listed,
    para,
    run,
    word,
    word_cell,
    word_row,
    word_table,
    xls_table,
)

TWO_ROWS, TWO_COLUMNS = 'table:number-rows-spanned="2"', 'table:number-columns-spanned="2"'
SUM = 'table:formula="of:=2026+1"'
TITLES = ["Recruitment fair", "Mentoring", "Family café"]


@pytest.fixture
def cases(root: Path) -> Path:
    """The folder of the documents that once were read wrong; without it the test says that it did not run."""
    found = root.parent / "shared" / "cases" / "documents"
    if not found.is_dir():
        pytest.skip("the folder shared/cases is not beside the project: nothing was measured")
    return found


def content(tmp_path: Path, name: str, data: bytes) -> DocumentContent:
    """What a file with this name and content holds."""
    path = tmp_path / name
    path.write_bytes(data)
    return read_content(path)


def shown(block: Block) -> Any:
    """A block as short as a test can name it."""
    if isinstance(block, Heading):
        return (block.level, block.text)
    return block.text if isinstance(block, TextLine) else [row.cells for row in block.rows]


def blocks(tmp_path: Path, name: str, data: bytes) -> list[Any]:
    """The blocks of a file."""
    return [shown(block) for block in content(tmp_path, name, data).blocks]


def actions(path: Path) -> list[tuple[str, str, str | None, str | None, str]]:
    """Title, kind, start, end and leads of each action that a file holds."""
    (document,) = read_documents([path]).documents
    rows: Sequence[Mapping[str, Any]] = document.as_json()["actions"]
    return [(one["title"], one["kind"], one["start"], one["end"], ", ".join(one["leads"])) for one in rows]


FAIR = ("Recruitment fair", "single_year", "2025-01-01", "2025-12-31", "Employment services")
MENTORING = ("Mentoring", "continuous", None, None, "Welfare unit")
CAFE = ("Family café", "continuous", None, None, "Family centre")
COACH = ("School coach", "year_range", None, "2026-12-31", "Basic education")
CASES = {
    "content_controls.docx": [FAIR, MENTORING, CAFE, COACH],
    "nested.docx": [
        ("Recruitment fair", "year_range", "2025-01-01", "2026-06-30", "Employment services"), MENTORING, CAFE, COACH,
    ],
    "tracked.docx": [
        ("Recruitment fair", "single_year", "2027-01-01", "2027-12-31", "Employment services"), MENTORING, CAFE,
    ],
    "page.html": [FAIR, MENTORING, CAFE, COACH],
    "formulas_cached.xlsx": [
        FAIR,
        ("Mentoring", "year_range", "2025-01-01", "2026-12-31", "Welfare unit"),
        ("Café", "single_year", "2027-01-01", "2027-12-31", "Family centre"),
    ],
    **{
        name: [("Fair", "single_year", "2025-01-01", "2025-12-31", "Employment services"), MENTORING]
        for name in ("old.xls", "calc.ods", "writer.odt")
    },
    "mac_roman.csv": [
        ("Rekrytointimessut", "single_year", "2025-01-01", "2025-12-31", "Työllisyyspalvelut"),
        ("Perhekahvila äidit", "continuous", None, None, "Perhekeskus"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_document_that_was_read_wrong_is_read(cases: Path, name: str) -> None:
    """Every row of it, with its schedule and leads."""
    assert actions(cases / name) == CASES[name]


# Word


def test_content_controls_at_every_level(tmp_path: Path) -> None:
    """Around blocks, rows, cells and runs; a placeholder is no text, the list of contents neither."""
    body = (
        control(
            para("1 Contents ........ 2"),
            '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>',
        )
        + control(para("Programme"))
        + control(
            word_table(
                HEADER[:2],
                control(word_row(["Work", control(word_cell("Fair"))])),
                word_row(
                    [
                        word_cell(para(control(run("Home")))),
                        word_cell(para(control(run("Click here"), "<w:showingPlcHdr/>"))),
                    ]
                ),
                columns=2,
            )
        )
    )
    assert blocks(tmp_path, "a.docx", word(body)) == [
        "Programme",
        [("Goal", "Action"), ("Work", "Fair"), ("Home", "")],
    ]


def test_tracked_changes_are_accepted(tmp_path: Path) -> None:
    """Inserted and moved-to text counts; deleted and moved-from text, rows and paragraph ends do not."""
    deleted = "<w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
    moved = "<w:moveFrom>" + run("here") + "</w:moveFrom><w:moveTo>" + run("there") + "</w:moveTo>"
    body = (
        para(f"{deleted}<w:ins>{run('new')}</w:ins>")
        + para(moved)
        + para("one ", "<w:rPr><w:del/></w:rPr>")
        + para("line")
        + f"<w:ins>{para('added')}</w:ins>"
        + word_table(
            HEADER[:2],
            word_row(["Work", "Fair"], "<w:del/>"),
            word_row(["Home", "Café"], "<w:ins/>"),
            columns=2,
        )
    )
    assert blocks(tmp_path, "a.docx", word(body)) == [
        "new",
        "there",
        "one line",
        "added",
        [("Goal", "Action"), ("Home", "Café")],
    ]


def test_hidden_and_struck_text_is_left_out_and_said(tmp_path: Path) -> None:
    """By its run, its style or its row; a raised digit behind a word is the mark of a note, in m² it stays."""
    body = (
        para(
            run("seen ")
            + run("hidden", "<w:vanish/>")
            + run("struck", "<w:strike/>")
            + run("kept", '<w:vanish w:val="0"/>')
        )
        + para(
            run("by 2025")
            + run("1", '<w:vertAlign w:val="superscript"/>')
            + run(" on 10 m")
            + run("2", '<w:vertAlign w:val="superscript"/>')
        )
        + word_table(
            ["Goal", "Action"], word_row(["Work", "Fair"], "<w:hidden/>"), ["Home", "Café"], columns=2
        )
    )
    found = content(tmp_path, "a.docx", word(body))
    assert [shown(block) for block in found.blocks] == [
        "seen kept",
        "by 2025 on 10 m2",
        [("Goal", "Action"), ("Home", "Café")],
    ]
    assert [(one.code, one.words) for one in found.findings] == [
        ("hidden-text", "hidden … Work Fair"),
        ("struck-text", "struck"),
    ]


def test_numbers_of_lists_stand_in_front(tmp_path: Path) -> None:
    """Counted by level, begun again where the list says so; a bullet is one, and words of a number stay."""
    body = (
        listed("Goals", 71) + listed("Fair", 71, 1) + listed("Café", 71, 1) + listed("Homes", 71) + listed("Coach", 71, 1)
        + listed("Again", 72) + listed("Clean water", 81) + listed("Clean air", 81) + listed("point", 91)
        + word_table(HEADER[:2], [listed("", 71), listed("one", 71) + listed("two", 71)], columns=2)
    )  # fmt: skip
    assert blocks(tmp_path, "a.docx", word(body)) == [
        "1. Goals", "1.1 Fair", "1.2 Café", "2. Homes", "2.1 Coach", "1. Again", "Goal I: Clean water",
        "Goal II: Clean air", "• point", [("Goal", "Action"), ("2", "• one\n• two")],
    ]  # fmt: skip


def test_headings_by_style_outline_and_bold(tmp_path: Path) -> None:
    """A bold line is a heading where it is short, no sentence and no field."""
    bold = "<w:b/>"
    body = (
        para("Programme", '<w:pStyle w:val="Title"/>')
        + para("Themes", '<w:pStyle w:val="Heading2"/>')
        + para("Water", '<w:outlineLvl w:val="2"/>')
        + para(run("Clean beaches", bold))
        + para(run("Schedule: 2026", bold))
        + para(run("This is written in bold, and a sentence.", bold))
    )
    assert blocks(tmp_path, "a.docx", word(body)) == [
        (1, "Programme"), (2, "Themes"), (3, "Water"), (7, "Clean beaches"), "Schedule: 2026",
        "This is written in bold, and a sentence.",
    ]  # fmt: skip


def test_merged_cells_are_laid_on_the_grid(tmp_path: Path) -> None:
    """Downwards and across, also behind a row's first columns that are left out, and clipped to the grid."""
    down, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    table = word_table(
        HEADER,
        [word_cell("Work", down), "Fair", "Unit", "2025"],
        [word_cell("", goes_on), word_cell("Mentoring", '<w:gridSpan w:val="2"/>'), "2026"],
        word_row([word_cell("Late", '<w:gridSpan w:val="99"/>')], '<w:gridBefore w:val="2"/>'),
        [word_cell("Theme", '<w:gridSpan w:val="4"/>')],
    )
    found = content(tmp_path, "a.docx", word(table))
    (block,) = found.tables
    assert [row.cells for row in block.rows][1:] == [
        ("Work", "Fair", "Unit", "2025"), ("Work", "Mentoring", "Mentoring", "2026"), ("", "", "Late", "Late"), ("Theme",) * 4,
    ]  # fmt: skip
    assert [row.spans for row in block.rows] == [False, False, False, False, True]


def test_forms_and_text_boxes(tmp_path: Path) -> None:
    """The choice of a drop-down list, ticks, filled-in fields, and a box that is given twice for older programs."""
    choice = '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="2025"/><w:listEntry w:val="2026"/></w:ddList></w:ffData></w:fldChar></w:r>'
    tick = '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>'
    box = f"<w:txbxContent>{para('In a box')}</w:txbxContent>"
    drawn = f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    symbol = '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
    body = para(run("Schedule: ") + choice) + para(tick + run(" agreed")) + para(run("Beside") + drawn)
    body += word_table(["Action", "Q1", "Q2"], ["Fair", para(symbol), para(run("☐"))], columns=3)
    assert blocks(tmp_path, "a.docx", word(body)) == [
        "Schedule: 2026", "☒ agreed", "Beside", "In a box", [("Action", "Q1", "Q2"), ("Fair", "✓", "")],
    ]  # fmt: skip


def test_tables_that_only_place_are_none(tmp_path: Path) -> None:
    """A box around all, two columns of a page, a title beside a table, cards beside each other."""
    inner = word_table(HEADER, *ROWS)
    card = "".join(map(para, ("Open a café", "Schedule: 2026", "Responsible: Family centre")))
    columns = [
        para("Left", '<w:pStyle w:val="Heading1"/>') + para("text"),
        para("Right", '<w:pStyle w:val="Heading1"/>') + para("more"),
    ]
    table = [HEADER, *ROWS]
    for body, want in (
        (word_table([para("Above") + inner + para("Below")], columns=1), [(7, "Above"), table, "Below"]),
        (word_table([columns[0], columns[1]], columns=2), [(1, "Left"), "text", (1, "Right"), "more"]),
        (
            word_table(["The city", para("Programme 2025–2028") + para("adopted")], columns=2),
            ["The city", "Programme 2025–2028", "adopted"],
        ),
        (word_table(["Well-being", inner, ""], ["", "", ""], columns=3), [(7, "Well-being"), table]),
        (
            word_table([card, card], columns=2),
            ["Open a café", "Schedule: 2026", "Responsible: Family centre"] * 2,
        ),
        (word_table(HEADER) + para("") + word_table(*ROWS), [table]),
        (word_table(HEADER) + para("text") + word_table(*ROWS), [[HEADER], "text", list(ROWS)]),
        (word_table(["One line in a box"], columns=1), [[("One line in a box",)]]),
    ):
        assert blocks(tmp_path, "a.docx", word(body)) == want


def test_tables_in_cells_are_their_text(tmp_path: Path) -> None:
    """Start and end as a span, fields by their names, other rows as lines."""
    across = word_table(["Start", "End"], ["1/2025", "6/2026"], columns=2)
    down = word_table(["Start", "1/2025"], ["End", "6/2026"], columns=2)
    fields = word_table(["Lead", "Sports unit"], ["Partners", "Schools"], columns=2)
    other = word_table(["a", "b"], ["c", "d"], ["e", "f"], columns=2)
    table = word_table(
        HEADER,
        ["Work", "Fair at the town hall for all who look for work", fields, across],
        ["Home", "Café", other, down],
    )
    (rows,) = blocks(tmp_path, "a.docx", word(table))
    assert rows[1:] == [
        (
            "Work",
            "Fair at the town hall for all who look for work",
            "Lead: Sports unit\nPartners: Schools",
            "1/2025–6/2026",
        ),
        ("Home", "Café", "a b\nc d\ne f", "1/2025–6/2026"),
    ]


# OpenDocument


def test_a_writer_text_is_read(tmp_path: Path) -> None:
    """Headings, lists, notes and comments out of the text, deleted passages and indexes left out, merged cells."""
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        "<text:table-of-content><text:index-body><text:p>Themes 1</text:p></text:index-body></text:table-of-content>"
        '<text:h text:outline-level="2">Themes</text:h>'
        '<text:p>A<text:s text:c="2"/>line<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>note</text:p></text:note-body></text:note>'
        "<office:annotation><text:p>comment</text:p></office:annotation> of text<text:line-break/>and more</text:p>"
        "<text:list><text:list-item><text:p>one</text:p></text:list-item><text:list-item><text:p>two</text:p></text:list-item></text:list>"
        '<text:section text:display="none"><text:p>hidden</text:p></text:section>'
        f"<table:table>{open_rows(HEADER[:3])}<table:table-row>{open_cell('Work', TWO_ROWS)}{open_cell('Fair')}{open_cell('Unit')}</table:table-row>"
        f"<table:table-row><table:covered-table-cell/>{open_cell('Both', TWO_COLUMNS)}<table:covered-table-cell/></table:table-row></table:table>"
    )
    found = content(tmp_path, "a.odt", odt(body))
    assert [shown(block) for block in found.blocks] == [
        (2, "Themes"), "A  line of text", "and more", "• one", "• two",
        [HEADER[:3], ("Work", "Fair", "Unit"), ("Work", "Both", "Both")],
    ]  # fmt: skip
    assert [(one.code, one.words) for one in found.findings] == [("hidden-text", "hidden")]


def test_a_calc_sheet_is_read(tmp_path: Path) -> None:
    """Dates by what is shown, shares, ticks, formulas by their result, merged cells, hidden rows said, comments not."""

    def typed(kind: str, value: str, text: str, more: str = "") -> str:
        comment = "<office:annotation><text:p>note</text:p></office:annotation>"
        name = "value" if kind in {"float", "percentage"} else f"{kind}-value"
        return f'<table:table-cell office:value-type="{kind}" office:{name}="{value}" {more}>{comment}<text:p>{text}</text:p></table:table-cell>'

    rows = (
        open_rows(["Action", "Schedule", "Indicator"])
        + f'<table:table-row>{open_cell("Fair", TWO_ROWS)}{typed("date", "2026-03-31", "31.03.26")}{typed("percentage", "0.5", "50 %")}<table:table-cell table:number-columns-repeated="16381"/></table:table-row>'
        + f'<table:table-row table:visibility="filter"><table:covered-table-cell/>{typed("date", "2026-05-01", "toukokuu 2026")}{typed("boolean", "true", "TOSI")}</table:table-row>'
        + f"<table:table-row>{open_cell('Café')}{typed('float', '2027', '2 027', SUM)}{typed('float', '12.5', '12,5')}</table:table-row>"
        + '<table:table-row table:number-rows-repeated="1048571"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    found = content(tmp_path, "a.ods", ods(rows))
    assert shown(found.blocks[0]) == [
        ("Action", "Schedule", "Indicator"), ("Fair", "2026-03-31", "50 %"), ("Fair", "toukokuu 2026", "x"), ("Café", "2027", "12.5"),
    ]  # fmt: skip
    assert found.days == {"2026-03-31"}
    assert [(one.code, one.place, one.words, one.detail) for one in found.findings] == [
        ("formula", "sheet A, row 4, column 2", "=2026+1", "2027"), ("hidden-rows", "sheet A", "toukokuu 2026 x", ""),
    ]  # fmt: skip


def test_an_open_document_of_another_kind_is_refused(tmp_path: Path) -> None:
    """A presentation under the ending of a text, and one that a password protects."""
    with pytest.raises(InputError, match="expected an ODT document; found something else"):
        content(tmp_path, "a.odt", open_document("<office:presentation/>"))
    locked = {"content.xml": b"\x01\x02", "META-INF/manifest.xml": b"<m><encryption-data/></m>"}
    with pytest.raises(InputError, match="found a file protected by a password"):
        content(tmp_path, "a.ods", packed(locked))


# Workbooks


def workbook(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_says_what_it_hides(tmp_path: Path) -> None:
    """Hidden rows and columns are read, a hidden sheet and comments are not; a list of choices is nothing."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (HEADER, *ROWS):
        sheet.append(list(row))
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet["D2"].comment = Comment("moved to 2026?", "x")
    older, lists = book.create_sheet("Old"), book.create_sheet("Lists")
    older.append(["Water", "Clean beaches"])
    lists.append(["Yearly"])
    older.sheet_state = lists.sheet_state = "hidden"
    found = content(tmp_path, "a.xlsx", workbook(book))
    assert [row.cells for row in found.tables[0].rows] == [HEADER, *ROWS]
    assert [(one.code, one.place, one.words) for one in found.findings] == [
        ("hidden-sheet", "sheet Old", "Water Clean beaches"),
        ("hidden-rows", "sheet Sheet", "Work Mentoring Welfare unit Continuous"),
        ("hidden-columns", "sheet Sheet", "Responsible party Employment services Welfare unit Family centre"),
        ("comment", "the file", "moved to 2026?"),
    ]


@pytest.mark.parametrize(
    ("value", "shows", "text"),
    [
        (date(2026, 3, 1), "dd.mm.yyyy", "2026-03-01"),
        (date(2026, 3, 1), "[$-40B]mmmm yyyy", "3/2026"),
        (date(2026, 3, 1), "mmm-yy", "3/2026"),
        (date(2026, 3, 1), "yyyy", "2026"),
        (date(2026, 3, 1), "d.m.", "2026-03-01"),
        (datetime(2026, 3, 1, 10, 30), "d.m.yyyy h:mm", "2026-03-01 10:30"),
        (0.5, "0%", "50%"),
        (0.125, "0.0 %", "12.5 %"),
        (1, "0%", "100%"),
        (0.1 + 0.2, "General", "0.3"),
        (2026, "0", "2026"),
        (True, "General", "x"),
        (False, "General", ""),
    ],
)
def test_a_cell_is_what_it_shows(tmp_path: Path, value: Any, shows: str, text: str) -> None:
    """Months and years of dates, shares, ticks."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["B1"] = "Action", value
    sheet["B1"].number_format = shows
    found = content(tmp_path, "a.xlsx", workbook(book))
    assert found.tables[0].rows[0].cells == ("Action", text)
    assert found.days == (frozenset({text}) if text == "2026-03-01" else frozenset())


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    """Merged cells, a date by its format, hidden rows and columns, more than the small sectors of its time."""
    looks = record(0x41E, struct.pack("<HHB", 170, 9, 0) + b"mmmm yyyy")
    looks += b"".join(record(0xE0, struct.pack("<2H", 0, shows) + bytes(16)) for shows in (0, 14, 170, 9))
    days = b"".join(
        record(0x203, struct.pack("<3Hd", *one))
        for one in ((4, 3, 1, 46112.0), (5, 3, 2, 46143.0), (6, 3, 3, 0.5))
    )
    hidden = record(0x208, struct.pack("<8H", 2, 0, 4, 0, 0, 0, 0x20, 0)) + record(
        0x7D, struct.pack("<5H", 2, 2, 0, 0, 1) + bytes(2)
    )
    more = [("Home", "a" * 40, "b" * 40, ""), ("", "c", "d", ""), ("", "e", "f", "")]
    data = xls_table(
        HEADER, *ROWS, *more, merged=struct.pack("<4H", 4, 6, 0, 0), more=days + hidden, before=looks
    )
    found = content(tmp_path, "a.xls", data)
    assert [row.cells for row in found.tables[0].rows] == [
        HEADER, *ROWS, ("Home", "a" * 40, "b" * 40, "2026-03-31"), ("Home", "c", "d", "5/2026"), ("Home", "e", "f", "50%"),
    ]  # fmt: skip
    assert found.days == {"2026-03-31"}
    assert [(one.code, one.words[:30]) for one in found.findings] == [
        ("hidden-rows", "Work Mentoring Welfare unit Co"), ("hidden-columns", "Responsible party Employment s"),
    ]  # fmt: skip


def test_what_systems_call_xls_is_read(tmp_path: Path) -> None:
    """A web page or a newer workbook under the older ending."""
    rows = "".join(f"<tr>{''.join(f'<td>{cell}' for cell in row)}" for row in (HEADER, *ROWS))
    assert blocks(tmp_path, "a.xls", f"<html><table>{rows}</table></html>".encode()) == [[HEADER, *ROWS]]
    book = openpyxl.Workbook()
    book.worksheets[0].append(list(HEADER))
    assert blocks(tmp_path, "a.xls", workbook(book)) == [[HEADER]]


# Web pages


def test_a_page_is_read_as_it_is_seen(tmp_path: Path) -> None:
    """Headings, lists, definitions, forms; no scripts, menus or hidden elements; blanks as a page shows them."""
    body = (
        "<script>x()</script><nav><a>Home</a></nav><h1>Programme\n 2025–2028</h1><h2>Water</h2>"
        "<p>Two&nbsp;words<br>and  <b>more</b><sup>1</sup></p><p style='display: none'>hidden</p><p><del>old</del>new"
        "<ul><li>one<li><p>two</p></ul><ol start=3><li>three<ul><li>inner</ul></ol>"
        "<dl><dt>Schedule<dd>2026<dt>Responsible:<dd>Parks<dd>Schools<dt>Beaches<dd>Cleaned yearly</dl>"
        "<label>Year <select><option>2025<option selected>2026</select></label> loose text"
        "<p><strong>Clean air</strong></p>"
    )
    found = content(tmp_path, "a.html", page(body))
    assert [shown(block) for block in found.blocks] == [
        (1, "Programme 2025–2028"), (2, "Water"), "Two\xa0words", "and more", "new", "• one", "• two", "3. three",
        "• inner", "Schedule: 2026", "Responsible: Parks, Schools", (7, "Beaches"), "Cleaned yearly",
        "Year 2026 loose text", (7, "Clean air"),
    ]  # fmt: skip
    assert {one.code for one in found.findings} == {"hidden-text", "struck-text"}


def test_the_main_part_of_a_page_is_read(tmp_path: Path) -> None:
    """With the title over it; what stands around it, and a foot, is the site's."""
    body = "<header>City<h1>Programme</h1></header><div>menu</div><main><h2>Water</h2><p>text</main><footer>contact</footer>"
    assert blocks(tmp_path, "a.html", page(body)) == [(1, "Programme"), (2, "Water"), "text"]
    assert blocks(tmp_path, "a.html", page("<p>text<footer>contact</footer>")) == ["text"]


def test_what_a_click_opens_is_read(tmp_path: Path) -> None:
    """Parts of accordions and tabs are hidden until then; a hidden form field's words are not read."""
    body = (
        "<style>.c1{font-weight:700}.c2{color:red}@media print{.c3{display:none}}</style>"
        "<h3><button aria-controls=p1>Water</button></h3><div id=p1 hidden><p>Clean beaches</div>"
        "<button class=accordion>Sports</button><details><summary>Air</summary>text</details><button>Send</button>"
        "<div class='collapse' style='display:none'>Clean air</div><div role=tabpanel hidden>Parks</div>"
        "<div hidden>Session over</div><p class=title>Plan</p><p><span class='c1'>Forests</span></p><p class=c3>text</p>"
    )
    assert blocks(tmp_path, "a.html", page(body)) == [
        (3, "Water"), "Clean beaches", (7, "Sports"), (7, "Air"), "text", "Clean air", "Parks", (1, "Plan"), (7, "Forests"), "text",
    ]  # fmt: skip


def test_cells_of_a_page_are_laid_on_the_grid(tmp_path: Path) -> None:
    """Rowspan and colspan clipped to the columns that there are; head first, foot last; lists in cells."""
    body = (
        "<table><caption>Actions</caption><tfoot><tr><td colspan=99>Total</tfoot>"
        "<thead><tr><th>Goal<th>Action<th>When</thead>"
        "<tr><td rowspan=2>Work<td><ul><li>Fair<li>Talks</ul><td>2025<tr><td>Café<td rowspan=9999>2026"
        "<tr><td colspan=2>Both<tr hidden><td>x<td>y<td>z</table>"
    )
    assert blocks(tmp_path, "a.html", page(body)) == [
        (7, "Actions"),
        [
            ("Goal", "Action", "When"), ("Work", "• Fair\n• Talks", "2025"), ("Work", "Café", "2026"),
            ("Both", "Both", "2026"), ("Total", "Total", "Total"),
        ],
    ]  # fmt: skip


def test_pages_that_word_and_excel_save(tmp_path: Path) -> None:
    """Marks of lists, outline levels, declarations of encodings, hidden rows, a piece from the clipboard."""
    of_word = (
        '<?xml version="1.0" encoding="windows-1252"?><html xmlns:o="urn:schemas-microsoft-com:office:office"><head>'
        "<meta charset=windows-1252><title>Ohjelma</title><style>p{}</style><!--[if gte mso 9]><xml>x</xml><![endif]--></head><body>"
        "<p class=MsoTitle>Ohjelma</p><p style='mso-outline-level:2'>Työllisyys</p>"
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp;</span></span><![endif]>Messut<o:p></o:p></p>"
        "<table><tr style='display:none'><td>x<td>y<tr><td>Toimenpide<td>Aikataulu<tr><td>Messut<td x:num='45000'>2025</table>"
    ).encode("cp1252")
    found = content(tmp_path, "a.htm", of_word)
    assert found.title == "Ohjelma"
    assert [shown(block) for block in found.blocks] == [
        (1, "Ohjelma"), (2, "Työllisyys"), "• Messut", [("Toimenpide", "Aikataulu"), ("Messut", "2025")],
    ]  # fmt: skip
    pasted = "Version:0.9\r\nStartHTML:00000097\r\nEndHTML:0000\r\n<html><body><!--StartFragment--><table><tr><td>a<td>b<tr><td>c<td>d</table>"
    assert blocks(tmp_path, "a.html", pasted.encode()) == [[("a", "b"), ("c", "d")]]


# CSV and letters

GIVEN = 'Tavoite;Toimenpide;Aikataulu\nTyöllisyys;"Messut; ""isot""";2025\nÅlderdom;Äidit;jatkuva\n'
GIVEN_ROWS = [
    ("Tavoite", "Toimenpide", "Aikataulu"),
    ("Työllisyys", 'Messut; "isot"', "2025"),
    ("Ålderdom", "Äidit", "jatkuva"),
]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman", "cp850"]
)
def test_a_list_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    """UTF-16 with its mark and without."""
    assert blocks(tmp_path, "a.csv", GIVEN.encode(encoding)) == [GIVEN_ROWS]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac_roman", "cp850"])
def test_letters_that_were_read_once_too_often_are_mended(tmp_path: Path, encoding: str) -> None:
    """And said, with the first word; a text with such signs by itself is left alone."""
    found = content(tmp_path, "a.csv", GIVEN.encode().decode(encoding).encode())
    assert [shown(block) for block in found.blocks] == [GIVEN_ROWS]
    assert [one.code for one in found.findings] == ["letters-mended"]
    assert found.findings[0].words.startswith("Ty")
    plain = "Toimenpide;Aikataulu\nSÃO PAULO – € 100;2025\n"
    assert content(tmp_path, "b.csv", plain.encode()).findings == ()
    assert shown(content(tmp_path, "b.csv", plain.encode()).blocks[0])[1] == ("SÃO PAULO – € 100", "2025")


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\na;b\nc;d,e\n",
        '"sep=;"\na;b\nc;d,e\n',
        "a\tb\nc\td,e\n",
        "a|b\nc|d,e\n",
        'a,b\nc,"d,e"\n',
        '"a,b"\n"c,""d,e"""\n',
    ],
)
def test_separators_and_quotes(tmp_path: Path, text: str) -> None:
    """A line that tells the separator is no row; rows that were put in quotes whole are rows."""
    assert blocks(tmp_path, "a.csv", text.encode()) == [[("a", "b"), ("c", "d,e")]]


@pytest.mark.parametrize(
    ("ending", "found", "expected"),
    [
        ("doc", "a kind of Word document", "open the document and save it as DOCX or XLSX"),
        ("rtf", "a kind of Word document", "open the document and save it as DOCX or XLSX"),
        ("pages", "a document that only the program which wrote it", "save it as DOCX or XLSX"),
        ("numbers", "a table that only the program which wrote it", "save it as DOCX or XLSX"),
        ("pptx", "slides, which have no rows", "copy or type the table into a new document"),
        ("odp", "slides, which have no rows", "copy or type the table into a new document"),
        ("png", "a picture, which has no text", "copy or type the table into a new document"),
        ("msg", "an e-mail message", "the file attached to the message"),
        ("zip", "an archive", "the files in the archive"),
        ("MHT", "a web page packed", "copy or type the table"),
    ],
)
def test_what_is_not_read_says_what_to_do(tmp_path: Path, ending: str, found: str, expected: str) -> None:
    """Save it as DOCX or XLSX, and why."""
    path = tmp_path / f"a.{ending}"
    path.write_bytes(b"x")
    with pytest.raises(InputError) as raised:
        read_documents([path])
    assert found in str(raised.value)
    assert expected in str(raised.value)


def test_the_same_rows_in_every_format(tmp_path: Path) -> None:
    """One programme as nine kinds of files gives the same actions."""
    book = openpyxl.Workbook()
    for row in (HEADER, *ROWS):
        book.worksheets[0].append(list(row))
    table = [HEADER, *ROWS]
    files = {
        "a.docx": word(word_table(*table)),
        "a.odt": odt(f"<table:table>{open_rows(*table)}</table:table>"),
        "a.ods": ods(open_rows(*table)),
        "a.xlsx": workbook(book),
        "a.xls": xls_table(*table),
        "a.html": page(
            "<table>"
            + "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in table)
            + "</table>"
        ),
        "a.csv": "\n".join(map(";".join, table)).encode(),
        "a.tsv": "\n".join(map("\t".join, table)).encode(),
        "a.txt": "\n".join(map("\t".join, table)).encode("utf-16-le"),
    }
    for name, data in files.items():
        path = tmp_path / name
        path.write_bytes(data)
        assert [one[0] for one in actions(path)] == TITLES, name
        assert [one[4] for one in actions(path)] == [row[2] for row in ROWS], name
        assert [one[3] for one in actions(path)] == ["2025-12-31", None, "2026-12-31"], name

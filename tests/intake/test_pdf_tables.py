"""Tables in PDFs as planners' programs print them, each in three languages: every row with all its fields."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from reminders.intake.content import DocumentContent, Table
from reminders.intake.formats.pdf_file import read_pdf
from reminders.intake.read import read_documents
from schedule_rules.programme import Lang

Fields = tuple[str, str, str, str, str]
HEADS: dict[Lang, Fields] = {
    "fi": ("Tavoite", "Toimenpide", "Aikataulu", "Vastuutaho", "Mittari"),
    "sv": ("Mål", "Åtgärd", "Tidsplan", "Ansvarig", "Indikator"),
    "en": ("Goal", "Action", "Timeline", "Responsible", "Indicator"),
}
ROWS: dict[Lang, list[Fields]] = {
    "fi": [
        (
            "Asukkaat osallistuvat", "Asukasraati kokoontuu\nneljä kertaa",
            "2025–2028", "Kaupunginkanslia", "Osallistujien\nmäärä",
        ),
        (
            "", "Nuorisovaltuuston aloitteet\nkäsitellään viipymättä",
            "jatkuva", "Nuorisopalvelut", "Käsitellyt\naloitteet",
        ),
        ("", "Kysely asukkaille", "2026", "Viestintä", "Vastaukset"),
        ("Palvelut ovat\nkaikkien", "Esteettömyyskartoitus\nkirjastoissa", "2025", "Tilapalvelut", "Kohteet"),
        ("", "Selkokieliset ohjeet", "2027", "Viestintä", "Sivut"),
    ],
    "sv": [
        (
            "Invånarna deltar", "Medborgarpanelen samlas\nregelbundet",
            "2025–2028", "Stadskansliet", "Antal\ndeltagare",
        ),
        (
            "", "Ungdomsfullmäktiges initiativ\nbehandlas snabbt",
            "fortlöpande", "Ungdomstjänsterna", "Behandlade\ninitiativ",
        ),
        ("", "Enkät till invånarna", "2026", "Kommunikationen", "Antal svar"),
        (
            "Tjänster för\nalla", "Kartläggning av biblioteken\noch simhallarna",
            "2025", "Lokalservice", "Platser",
        ),
        ("", "Lättlästa anvisningar", "2027", "Kommunikationen", "Antal sidor"),
    ],
    "en": [
        (
            "Residents take part", "The residents' panel meets\nin each district",
            "2025–2028", "City Office", "Number of\nparticipants",
        ),
        ("", "Motions of the youth council\nare answered", "ongoing", "Youth Services", "Motions\nanswered"),
        ("", "Survey of residents", "2026", "Communications", "Answers"),
        (
            "Services for\nall", "Survey of access in libraries\nand swimming pools",
            "2025", "Facilities", "Places",
        ),
        ("", "Easy-to-read guides", "2027", "Communications", "Pages"),
    ],
}  # fmt: skip
TITLE: dict[Lang, str] = {
    "fi": "Osallisuusohjelma 2025–2028",
    "sv": "Delaktighetsprogram 2025–2028",
    "en": "Participation Programme 2025–2028",
}
PROSE: dict[Lang, str] = {
    "fi": "Ohjelma kokoaa yhteen kaupungin omat toimet",
    "sv": "Programmet samlar alla stadens egna åtgärder",
    "en": "The programme brings the measures of a city",
}
STOPS = (40.0, 140.0, 290.0, 370.0, 480.0, 560.0)
LEADING = 11.0
PADDING = 8.0


class Sheet:
    """A page being drawn, its places from the top left corner."""

    def __init__(self, path: Path, size: tuple[float, float] = A4) -> None:
        self.canvas = Canvas(str(path), pagesize=size)
        self.height = size[1]

    def text(self, left: float, top: float, text: str, size: float = 9) -> None:
        """Draw lines of a text."""
        self.canvas.setFont("Helvetica", size)
        for number, line in enumerate(text.split("\n")):
            self.canvas.drawString(left, self.height - top - size - LEADING * number, line)

    def rule(self, left: float, top: float, right: float, bottom: float) -> None:
        """Draw a line."""
        self.canvas.line(left, self.height - top, right, self.height - bottom)

    def shade(self, left: float, top: float, right: float, bottom: float) -> None:
        """Fill an area."""
        self.canvas.setFillGray(0.85)
        self.canvas.rect(left, self.height - bottom, right - left, bottom - top, stroke=0, fill=1)
        self.canvas.setFillGray(0)

    def rows(self, top: float, rows: Sequence[Sequence[str]], padding: float = PADDING) -> list[float]:
        """Draw the words of rows; return their edges from top to bottom."""
        edges = [top]
        for row in rows:
            for left, cell in zip(STOPS, row, strict=False):
                self.text(left + 3, edges[-1] + padding / 2, cell)
            edges.append(edges[-1] + LEADING * max(cell.count("\n") + 1 for cell in row) + padding)
        return edges

    def ruled(self, top: float, rows: Sequence[Sequence[str]]) -> float:
        """Draw rows with a rule around each cell; an empty goal is part of the one above; return the end."""
        edges = self.rows(top, rows)
        for number, edge in enumerate(edges):
            under_head = rows[number - 1] in HEADS.values()
            merged = 0 < number < len(rows) and not rows[number][0] and not under_head
            self.rule(STOPS[1] if merged else STOPS[0], edge, STOPS[-1], edge)
        for stop in STOPS:
            self.rule(stop, edges[0], stop, edges[-1])
        return edges[-1]

    def next(self) -> None:
        """Begin another page."""
        self.canvas.showPage()


def merged_down(sheet: Sheet, lang: Lang) -> None:
    """Goals that reach down over their actions."""
    sheet.text(40, 40, TITLE[lang], 16)
    sheet.ruled(80, [HEADS[lang], *ROWS[lang]])
    sheet.text(280, 815, "1 / 1", 8)


def merged_over_pages(sheet: Sheet, lang: Lang) -> None:
    """A goal whose actions go on on the next page, under the header again."""
    sheet.text(40, 40, TITLE[lang], 16)
    sheet.ruled(80, [HEADS[lang], *ROWS[lang][:2]])
    sheet.text(280, 815, "1 / 2", 8)
    sheet.next()
    sheet.ruled(40, [HEADS[lang], *ROWS[lang][2:]])
    sheet.text(280, 815, "2 / 2", 8)


def without_header_again(sheet: Sheet, lang: Lang) -> None:
    """The next page goes on without a header."""
    sheet.text(40, 40, TITLE[lang], 16)
    sheet.ruled(80, [HEADS[lang], *ROWS[lang][:3]])
    sheet.text(280, 815, "1 / 2", 8)
    sheet.next()
    sheet.ruled(40, ROWS[lang][3:])


def rules_across(sheet: Sheet, lang: Lang) -> None:
    """Rules between rows alone, all lines set equally close."""
    sheet.text(40, 40, TITLE[lang], 16)
    edges = sheet.rows(80, [HEADS[lang], *ROWS[lang]], padding=2)
    for edge in edges:
        sheet.rule(STOPS[0], edge, STOPS[-1], edge)
    sheet.text(40, 815, f"{TITLE[lang]} | 1", 8)


def rules_down(sheet: Sheet, lang: Lang) -> None:
    """Rules between columns alone."""
    sheet.text(40, 40, TITLE[lang], 16)
    edges = sheet.rows(80, [HEADS[lang], *ROWS[lang]])
    for stop in STOPS:
        sheet.rule(stop, edges[0], stop, edges[-1])


def no_rules(sheet: Sheet, lang: Lang) -> None:
    """Words in columns, and a page number not far below."""
    sheet.text(40, 600, TITLE[lang], 16)
    sheet.rows(640, [HEADS[lang], *ROWS[lang]], padding=6)
    sheet.text(280, 822, "1", 8)


def zebra(sheet: Sheet, lang: Lang) -> None:
    """Every second row is shaded."""
    sheet.text(40, 40, TITLE[lang], 16)
    rows = [HEADS[lang], *ROWS[lang]]
    top = 80.0
    for number, row in enumerate(rows):
        bottom = top + LEADING * max(cell.count("\n") + 1 for cell in row) + 2
        if number % 2 == 0:
            sheet.shade(STOPS[0], top, STOPS[-1], bottom)
        sheet.rows(top, [row], padding=2)
        top = bottom


def shaded_cells(sheet: Sheet, lang: Lang) -> None:
    """Each cell is an area of colour with white between."""
    sheet.text(40, 40, TITLE[lang], 16)
    rows = [HEADS[lang], *ROWS[lang]]
    top = 80.0
    for row in rows:
        bottom = top + LEADING * max(cell.count("\n") + 1 for cell in row) + PADDING
        for left, right in pairwise(STOPS):
            sheet.shade(left, top, right - 1, bottom - 1)
        sheet.rows(top, [row])
        top = bottom


def open_sides(sheet: Sheet, lang: Lang) -> None:
    """Rules around all cells but none at the outer sides."""
    sheet.text(40, 40, TITLE[lang], 16)
    edges = sheet.rows(80, [HEADS[lang], *ROWS[lang]])
    for edge in edges:
        sheet.rule(STOPS[0], edge, STOPS[-1], edge)
    for stop in STOPS[1:-1]:
        sheet.rule(stop, edges[0], stop, edges[-1])


def torn_row(sheet: Sheet, lang: Lang) -> None:
    """A page tears a row between the lines of its cells."""
    goal, action, *others = ROWS[lang][0]
    begun, rest = action.split("\n")
    first, second = others[2].split("\n")
    sheet.text(40, 40, TITLE[lang], 16)
    sheet.ruled(80, [HEADS[lang], (goal, begun, *others[:2], first)])
    sheet.next()
    sheet.ruled(40, [HEADS[lang], ("", rest, "", "", second), *ROWS[lang][1:]])


def after_prose(sheet: Sheet, lang: Lang) -> None:
    """Prose in two columns stands before a table without rules."""
    sheet.text(40, 40, TITLE[lang], 16)
    for number in range(20):
        sheet.text(40, 80 + LEADING * number, PROSE[lang])
        sheet.text(310, 80 + LEADING * number, PROSE[lang])
    sheet.rows(400, [HEADS[lang], *ROWS[lang]])


def marked(sheet: Sheet, lang: Lang) -> None:
    """A word stands on a slant over the table."""
    merged_down(sheet, lang)
    sheet.canvas.saveState()
    sheet.canvas.translate(150, 500)
    sheet.canvas.rotate(40)
    sheet.canvas.setFont("Helvetica", 80)
    sheet.canvas.drawString(0, 0, "XXXXX 2")
    sheet.canvas.restoreState()


def turned_goals(sheet: Sheet, lang: Lang) -> None:
    """The goals stand upwards in narrow cells."""
    sheet.text(40, 40, TITLE[lang], 16)
    rows = ROWS[lang]
    sheet.ruled(80, [HEADS[lang], *(("\n" * 9 if row[0] else "", *row[1:]) for row in rows)])
    top = 80 + LEADING + PADDING
    for row in rows:
        bottom = top + (LEADING * 10 if row[0] else LEADING * max(map(_lines, row))) + PADDING
        if row[0]:
            sheet.canvas.saveState()
            sheet.canvas.translate(60, sheet.height - bottom + 8)
            sheet.canvas.rotate(90)
            sheet.canvas.drawString(0, 0, row[0].replace("\n", " "))
            sheet.canvas.restoreState()
        top = bottom


def _lines(cell: str) -> int:
    return cell.count("\n") + 1


def header_over_rules(sheet: Sheet, lang: Lang) -> None:
    """The rules begin under the header."""
    sheet.text(40, 40, TITLE[lang], 16)
    sheet.rows(80, [HEADS[lang]], padding=4)
    sheet.ruled(95, ROWS[lang])


DRAWINGS: tuple[Callable[[Sheet, Lang], None], ...] = (
    merged_down, merged_over_pages, without_header_again, rules_across, rules_down, no_rules, zebra,
    header_over_rules, shaded_cells, open_sides, torn_row, after_prose, marked, turned_goals,
)  # fmt: skip


def drawn(folder: Path, drawing: Callable[[Sheet, Lang], None], lang: Lang) -> Path:
    """A PDF of one drawing."""
    path = folder / f"{drawing.__name__}.pdf"
    sheet = Sheet(path)
    drawing(sheet, lang)
    sheet.canvas.save()
    return path


def wanted(lang: Lang) -> list[tuple[str, ...]]:
    """The rows of the table, each with its goal."""
    rows, goal = [], ""
    for row in ROWS[lang]:
        goal = row[0] or goal
        rows.append(tuple(cell.replace("\n", " ") for cell in (goal, *row[1:])))
    return rows


def read(path: Path) -> list[tuple[str, ...]]:
    """The actions of a document: goal, title, schedule, lead, indicator."""
    actions = read_documents([path]).documents[0].as_json()["actions"]
    return [
        (one["goal"], one["title"], one["schedule_text"], ", ".join(one["leads"]), one["indicator"])
        for one in actions
    ]


@pytest.mark.parametrize("lang", HEADS)
@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda drawing: str(drawing.__name__))
def test_every_row_is_read(tmp_path: Path, drawing: Callable[[Sheet, Lang], None], lang: Lang) -> None:
    """With goal, schedule, lead and indicator, and nothing else is a row."""
    assert read(drawn(tmp_path, drawing, lang)) == wanted(lang)


UNKNOWN: dict[Lang, Fields] = {
    "fi": ("Päämäärämme", "Näin etenemme", "Tehty", "Hoitaa", "Näkyy"),
    "sv": ("Ditåt", "Så gör vi", "Färdigt i", "Sköts av", "Syns"),
    "en": ("Where to", "How we get there", "Done in", "Looked after by", "Seen in"),
}


@pytest.mark.parametrize("lang", UNKNOWN)
def test_headings_of_unknown_names_make_columns_by_what_stands_under_them(tmp_path: Path, lang: Lang) -> None:
    """Without any rule: titles and schedules are those of the rows."""
    path = tmp_path / "unknown.pdf"
    sheet = Sheet(path)
    sheet.text(40, 40, TITLE[lang], 16)
    sheet.rows(80, [UNKNOWN[lang], *ROWS[lang]])
    sheet.canvas.save()
    assert [row[1:3] for row in read(path)] == [row[1:3] for row in wanted(lang)]


def test_a_range_broken_after_its_dash_is_whole(tmp_path: Path) -> None:
    """A narrow column breaks a line between two years."""
    path = tmp_path / "range.pdf"
    sheet = Sheet(path)
    goal, action, _, *others = ROWS["en"][0]
    sheet.ruled(80, [HEADS["en"], (goal, action, "2025–\n2028", *others)])
    sheet.canvas.save()
    assert [row[2] for row in read(path)] == ["2025–2028"]


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("drawing", [merged_down, no_rules], ids=["ruled", "words"])
def test_a_turned_page_is_read(
    tmp_path: Path, drawing: Callable[[Sheet, Lang], None], rotate: int, quarters: int
) -> None:
    """However the page is turned and the text drawn on it."""
    path = tmp_path / "turned.pdf"
    width, height = A4
    sheet = Sheet(path)
    sheet.canvas.setPageSize((height, width) if quarters % 2 else A4)
    sheet.canvas.setPageRotation(rotate)
    for _ in range(quarters):
        sheet.canvas.rotate(90)
    shift = {0: (0, 0), 1: (0, -height), 2: (-width, -height), 3: (-width, 0)}
    sheet.canvas.translate(*shift[quarters])
    drawing(sheet, "en")
    sheet.canvas.save()
    assert read(path) == wanted("en")


def lines_of(content: DocumentContent) -> list[str]:
    """The lines and headings outside tables."""
    return [block.text for block in content.blocks if not isinstance(block, Table)]


def words_of(content: DocumentContent) -> Counter[str]:
    """The words of all blocks."""
    texts = [
        text
        for block in content.blocks
        for text in (
            (cell for row in block.rows for cell in row.cells) if isinstance(block, Table) else (block.text,)
        )
    ]
    return Counter(word for text in texts for word in text.split())


@pytest.mark.parametrize("seed", range(30))
def test_every_word_of_a_page_is_in_some_block(tmp_path: Path, seed: int) -> None:
    """Wherever words, rules and shades stand, and however they are turned."""
    chance = random.Random(seed)
    path = tmp_path / "any.pdf"
    sheet = Sheet(path)
    names = [f"w{number}x" for number in range(chance.randint(1, 150))]
    stops = sorted(chance.sample(range(20, 580), 6))
    for _ in range(chance.choice((0, 4, 30))):
        left, right = sorted(chance.choices(stops, k=2))
        top, bottom = sorted(chance.choices(range(20, 820, 40), k=2))
        draw = chance.choice((sheet.rule, sheet.shade))
        draw(left, top, *chance.choice(((right, top), (left, bottom), (right, bottom))))
    for name in names:
        in_columns = (chance.choice(stops), chance.randrange(10, 830, 12))
        left, top = in_columns if seed % 2 else (chance.randint(0, 590), chance.randint(0, 830))
        sheet.canvas.saveState()
        sheet.canvas.translate(left, sheet.height - top)
        sheet.canvas.rotate(chance.choice((0, 0, 0, 0, 0, 90, 180, 270, 33)) if seed % 3 == 0 else 0)
        sheet.text(0, sheet.height, f" {name} ", chance.choice((7, 9, 9, 9, 14)))
        sheet.canvas.restoreState()
    sheet.canvas.save()
    found = words_of(read_pdf(path.read_bytes(), "any.pdf"))
    assert [name for name in names if name not in found] == []


def test_bullets_and_numbers_are_lines(tmp_path: Path) -> None:
    """A bullet that is drawn as a dot is the mark of a list, as a letter is; what goes on has none."""
    path = tmp_path / "list.pdf"
    sheet = Sheet(path)
    for number, text in enumerate(("First thing", "goes on", "Second thing")):
        sheet.text(60, 100 + 14 * number, text)
        if text[0].isupper():
            sheet.canvas.circle(50, sheet.height - 105 - 14 * number, 2, stroke=0, fill=1)
    sheet.text(50, 160, "1. Third thing")
    sheet.text(50, 174, "• Fourth thing")
    sheet.canvas.save()
    texts = lines_of(read_pdf(path.read_bytes(), "a.pdf"))
    assert texts == ["• First thing", "goes on", "• Second thing", "1. Third thing", "• Fourth thing"]


def test_prose_in_two_columns_is_read_one_column_after_the_other(tmp_path: Path) -> None:
    """Labels with what they say beside them stay in one line."""
    path = tmp_path / "columns.pdf"
    sheet = Sheet(path)
    for number in range(12):
        sheet.text(40, 60 + LEADING * number, f"left column number {number} of the prose in this document")
        sheet.text(310, 60 + LEADING * number, f"right column number {number} of the prose in this document")
    for number in range(8):
        sheet.text(40, 400 + LEADING * number, f"Label {number}:")
        sheet.text(310, 400 + LEADING * number, f"Value {number}")
    sheet.canvas.save()
    texts = lines_of(read_pdf(path.read_bytes(), "a.pdf"))
    assert [text.split()[0] for text in texts] == ["left"] * 12 + ["right"] * 12 + ["Label"] * 8
    assert texts[-1] == "Label 7: Value 7"


@pytest.mark.parametrize(("name", "count"), [("rs_chromium", 5), ("bl_hlines", 5), ("rotated", 4)])
def test_the_cases_are_read(root: Path, name: str, count: int) -> None:
    """Each row has its own title, schedule and lead, and nothing was noticed."""
    path = root.parent / "shared" / "cases" / "documents" / f"{name}.pdf"
    if not path.is_file():
        pytest.skip("the folder shared/cases is not beside the project: nothing was measured")
    rows = read(path)
    assert len({row[1] for row in rows}) == len(rows) == count
    assert all(row[2] and row[3] and row[4] for row in rows)

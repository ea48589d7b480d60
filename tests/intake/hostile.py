# ruff: noqa: E501 - a file on a line
"""Files made to harm whoever reads them, a few kilobytes each where that is enough; made when a test needs them."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping

import docx
import openpyxl

from reminders.intake.formats.compound_file import compound_of

HEADER = ("Action", "Schedule", "Responsible")
ROW = ("Plant trees in the park", "2027", "Parks Unit")
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def packed(parts: Mapping[str, bytes]) -> bytes:
    """An archive of parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def workbook() -> dict[str, bytes]:
    """The parts of a workbook with one action."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (HEADER, ROW):
        book.worksheets[0].append(list(row))
    book.save(out)
    return parts_of(out.getvalue())


def document() -> dict[str, bytes]:
    """The parts of a Word document with one action."""
    written, out = docx.Document(), io.BytesIO()
    table = written.add_table(0, 3)
    for row in (HEADER, ROW):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    written.save(out)
    return parts_of(out.getvalue())


def sheet(rows: str, *, before: str = "", after: str = "", head: str = "") -> bytes:
    """A workbook whose one sheet is given as XML."""
    text = f'{head}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    return packed({**workbook(), SHEET: text.encode()})


def cell(reference: str, text: str = "x") -> str:
    """One cell with a text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


WIDE = '<w:gridSpan w:val="2147483647"/>'


def rows(*cells: Iterable[str]) -> str:
    """Rows of cells, the first of them numbered 1."""
    texts = (
        "".join(cell(f"{chr(65 + at)}{n}", one) for at, one in enumerate(row))
        for n, row in enumerate(cells, 1)
    )
    return "".join(f'<row r="{n}">{text}</row>' for n, text in enumerate(texts, 1))


PLAIN = rows(HEADER, ROW)


def body(text: str, head: str = "") -> bytes:
    """A Word document whose body is given as XML."""
    whole = f'{head}<w:document xmlns:w="{WORD}"><w:body>{text}</w:body></w:document>'
    return packed({**document(), "word/document.xml": whole.encode()})


def paragraph(text: str = "x") -> str:
    """A paragraph."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def table_cell(text: str = "x", properties: str = "") -> str:
    """A cell of a Word table."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def nested(depth: int) -> str:
    """Tables in tables."""
    return "<w:tbl><w:tr><w:tc>" * depth + paragraph() + "</w:tc></w:tr></w:tbl>" * depth


def laughs() -> str:
    """Ten entities, each of ten of the one before."""
    names = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{names}]>'


def outside() -> str:
    """An entity that stands for a file of the machine."""
    return '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def pdf(*objects: bytes, root: int = 1) -> bytes:
    """A PDF of objects, numbered from 1; readers find them without a table of places."""
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + content + b" endobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(
        out + b"trailer<</Root %d 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (root, len(objects) + 1, start)
    )


def stream(content: bytes, entries: bytes = b"/Filter/FlateDecode", level: int = 9) -> bytes:
    """A stream object, packed."""
    data = zlib.compress(content, level)
    return b"<<" + entries + b"/Length %d>>stream\n" % len(data) + data + b"\nendstream"


def one_page(content: bytes, *more: bytes) -> bytes:
    """A PDF of one page with that content stream."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>"
    kids = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", kids, page, content, font, *more)


def many_pages(count: int) -> bytes:
    """A PDF with that many pages."""
    kids = b" ".join(b"%d 0 R" % (n + 3) for n in range(count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids),
        *[page] * count,
    )


def calls_itself_tenfold() -> bytes:
    """A page whose drawing calls another ten times, that one another ten times, nine deep."""
    name = b"<</Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>/Font<</F 5 0 R>>>>/Length %d>>stream\n%s\nendstream"
    forms = [name % (n + 7, 50, b"/X Do " * 10) for n in range(9)]
    text = b"BT /F 9 Tf (x) Tj ET"
    forms.append(name % (6, len(text), text))
    return one_page(stream(b"/X Do"), *forms)


def packed_as_letters() -> bytes:
    """A page packed to a thousandth, and the packed bytes written as letters."""
    data = base64.a85encode(zlib.compress(b"0 0 m " * 150_000_000, 9)) + b"~>"
    entries = b"<</Filter[/ASCII85Decode/FlateDecode]/Length %d>>stream\n" % len(data)
    return one_page(entries + data + b"\nendstream")


def far_names() -> str:
    """Links and comments over the whole sheet."""
    return '<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>'


def bomb_in_a_bomb() -> bytes:
    """An archive that holds an archive of a gigabyte of zeros."""
    zeros = packed({"a": bytes(1_000_000_000)})
    return packed({**workbook(), "xl/embeddings/a.zip": zeros, "xl/embeddings/b.xml": bytes(300_000_000)})


OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
WRITER = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


def open_document(body: str, head: str = "") -> bytes:
    """An OpenDocument archive whose body is given as XML: ``spreadsheet`` or ``text`` with what is in it."""
    spaces = f'xmlns:office="{OFFICE}" xmlns:table="{TABLE}" xmlns:text="{WRITER}"'
    whole = (
        f"{head}<office:document-content {spaces}><office:body>{body}</office:body></office:document-content>"
    )
    return packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": whole.encode()})


def open_cell(text: str, properties: str = "") -> str:
    """A cell of an OpenDocument table."""
    return f"<table:table-cell {properties}><text:p>{text}</text:p></table:table-cell>"


def open_rows(*cells: Iterable[str]) -> str:
    """Rows of an OpenDocument table."""
    return "".join(f"<table:table-row>{''.join(map(open_cell, row))}</table:table-row>" for row in cells)


def ods(rows: str, head: str = "") -> bytes:
    """An ODS spreadsheet of one sheet whose rows are given as XML."""
    return open_document(
        f'<office:spreadsheet><table:table table:name="A">{rows}</table:table></office:spreadsheet>', head
    )


def odt(body: str, head: str = "") -> bytes:
    """An ODT text whose body is given as XML."""
    return open_document(f"<office:text>{body}</office:text>", head)


def page(body: str) -> bytes:
    """A web page."""
    return f"<html><body>{body}</body></html>".encode()


def record(kind: int, content: bytes) -> bytes:
    """A record of an XLS workbook."""
    return struct.pack("<2H", kind, len(content)) + content


def xls(cells: bytes, before: bytes = b"") -> bytes:
    """An XLS workbook of one sheet whose cells are given as records."""
    globals_ = record(0x809, struct.pack("<4H", 0x600, 5, 0, 0)) + before
    start = len(globals_) + 4 + 9 + 4
    globals_ += record(0x85, struct.pack("<IHBB", start, 0, 1, 0) + b"A") + record(0x0A, b"")
    return compound_of(
        globals_ + record(0x809, struct.pack("<4H", 0x600, 16, 0, 0)) + cells + record(0x0A, b"")
    )


def number(row: int, column: int) -> bytes:
    """A cell of an XLS sheet that holds a number."""
    return record(0x203, struct.pack("<3Hd", row, column, 0, 1.0))


def repeated_columns(count: int) -> str:
    """That a cell is repeated."""
    return f'table:number-columns-repeated="{count}"'


def chain_without_end() -> bytes:
    """A compound file whose sectors follow each other in a circle."""
    data = bytearray(xls(number(0, 0)))
    places = struct.unpack_from("<I", data, 76)[0]
    struct.pack_into("<2I", data, (places + 1) * 4096, 0, 1)
    return bytes(data)


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a zip bomb in a zip bomb": ("a.xlsx", bomb_in_a_bomb),
    "a gigabyte of zeros": ("a.xlsx", lambda: packed({**workbook(), "xl/a.bin": bytes(1_000_000_000)})),
    "shared strings of blanks": (
        "a.xlsx",
        lambda: packed({**workbook(), "xl/sharedStrings.xml": b"<sst><si><t>" + b" " * 90_000_000 + b"</t></si></sst>"}),
    ),
    "a million shared strings": (
        "a.xlsx", lambda: packed({**workbook(), "xl/sharedStrings.xml": b"<sst>" + b"<si/>" * 3_000_000 + b"</sst>"}),
    ),
    "a far cell": ("a.xlsx", lambda: sheet(PLAIN + f'<row r="1048576">{cell("XFD1048576")}</row>')),
    "cells far apart": (
        "a.xlsx", lambda: sheet(PLAIN + f'<row r="19000">{cell("A19000")}{cell("GQ19000")}</row>'),
    ),
    "a cell of thirty megabytes": ("a.xlsx", lambda: sheet(rows(HEADER, ("x" * 15_000_000, "2027", "Parks")))),
    "thousands of merged areas": (
        "a.xlsx",
        lambda: sheet(PLAIN, after="<mergeCells>" + '<mergeCell ref="A1:C900"/>' * 50_000 + "</mergeCells>"),
    ),
    "three areas merged over the whole sheet": (
        "a.xlsx",
        lambda: sheet(
            rows(*[("x",)] * 99), after="<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 3 + "</mergeCells>"
        ),
    ),
    "a million empty rows": (
        "a.xlsx", lambda: sheet(PLAIN + "".join(f'<row ht="9" r="{n}"/>' for n in range(3, 700_000))),
    ),
    "a million cells": (
        "a.xlsx", lambda: sheet(PLAIN + "".join(f"<row>{'<c/>' * 100}</row>" for _ in range(9_000))),
    ),
    "elements without end": ("a.xlsx", lambda: sheet("<a/>" * 3_900_000)),
    "elements nested for ever": ("a.xlsx", lambda: sheet("<a>" * 100_000 + "</a>" * 100_000)),
    "a billion laughs in a sheet": ("a.xlsx", lambda: sheet(rows(HEADER, ("&a9;", "2027", "b")), head=laughs())),
    "an entity of the machine in a sheet": (
        "a.xlsx", lambda: sheet(rows(HEADER, ("&a;", "2027", "b")), head=outside()),
    ),
    "the entity in another encoding": (
        "a.docx",
        lambda: packed(
            {**document(), "word/document.xml": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x []>'}
        ),
    ),
    "a billion laughs in a document": ("a.docx", lambda: body(paragraph("&a9;"), laughs())),
    "an entity of the machine in a document": ("a.docx", lambda: body(paragraph("&a;"), outside())),
    "a span of two billion columns": (
        "a.docx",
        lambda: body(f"<w:tbl><w:tr>{table_cell(properties=WIDE)}</w:tr></w:tbl>"),
    ),
    "spans without end downwards": (
        "a.docx",
        lambda: body(
            "<w:tbl>"
            + f"<w:tr>{table_cell(properties=f'{WIDE}<w:vMerge/>')}</w:tr>" * 30_000
            + "</w:tbl>"
        ),
    ),
    "tables nested ten thousand deep": ("a.docx", lambda: body(nested(10_000))),
    "a paragraph of ten megabytes": ("a.docx", lambda: body(paragraph("x" * 10_000_000))),
    "paragraphs without end": ("a.docx", lambda: body(paragraph() * 200_000)),
    "a page that unpacks to a gigabyte": ("a.pdf", lambda: one_page(stream(bytes(1_000_000_000)))),
    "a page packed twice": (
        "a.pdf",
        lambda: one_page(stream(zlib.compress(bytes(500_000_000), 9), b"/Filter[/FlateDecode/FlateDecode]")),
    ),
    "a page packed as letters": ("a.pdf", packed_as_letters),
    "a hundred thousand pages": ("a.pdf", lambda: many_pages(100_000)),
    "pages within themselves": (
        "a.pdf", lambda: pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>"),
    ),
    "a page of a million letters": ("a.pdf", lambda: one_page(stream(b"BT /F 9 Tf (" + b"x" * 9_000_000 + b") Tj ET"))),
    "a page of a million short texts": ("a.pdf", lambda: one_page(stream(b"BT /F 9 Tf " + b"(xxxx) Tj " * 900_000 + b"ET"))),
    "words strewn over a page": (
        "a.pdf",
        lambda: one_page(stream(b"".join(
            b"BT /F 4 Tf %d %d Td (x) Tj ET " % (n * 7919 % 590, n * 104_729 % 790) for n in range(39_000)
        ))),
    ),
    "rules strewn over a page": (
        "a.pdf",
        lambda: one_page(stream(b"BT /F 4 Tf (x) Tj ET " + b"".join(
            b"%d %d %d %d re f " % (n * 7919 % 590, n * 104_729 % 790, n % 60, 60 - n % 60) for n in range(19_000)
        ))),
    ),
    "numbers without an operator": ("a.pdf", lambda: one_page(stream(b"BT /F 4 Tf [" + b"1 " * 4_500_000 + b"] TJ ET"))),
    "a drawing of drawings of drawings": ("a.pdf", calls_itself_tenfold),
    "objects without end": ("a.pdf", lambda: pdf(b"<</Type/Catalog/Pages 2 0 R>>", *[b" 1 "] * 300_000)),
    "objects packed without end": (
        "a.pdf",
        lambda: one_page(stream(b"0 0 " * 9_000_000, b"/Type/ObjStm/N 9000000/First 9/Filter/FlateDecode")),
    ),
    "streams without an end": ("a.pdf", lambda: one_page(b"stream\nx" * 600_000)),
    "controls in controls": (
        "a.docx", lambda: body("<w:sdt><w:sdtContent>" * 97 + paragraph() + "</w:sdtContent></w:sdt>" * 97),
    ),
    "boxes in boxes": (
        "a.docx", lambda: body("<w:p><w:r><w:pict><w:txbxContent>" * 49 + "<w:p/>" + "</w:txbxContent></w:pict></w:r></w:p>" * 49),
    ),
    "a list of numbers that refer to themselves": (
        "a.docx", lambda: body('<w:p><w:pPr><w:numPr><w:ilvl w:val="8"/><w:numId w:val="1"/></w:numPr></w:pPr></w:p>' * 60_000),
    ),
    "an ODS of a gigabyte": (
        "a.ods", lambda: packed({"content.xml": b"<a/>", "Pictures/a": bytes(1_000_000_000)}),
    ),
    "a row repeated a million times": (
        "a.ods", lambda: ods(open_rows(HEADER) + f'<table:table-row table:number-rows-repeated="1048576">{open_cell("x")}</table:table-row>'),
    ),
    "a cell repeated to the last column": (
        "a.ods", lambda: ods(open_rows(HEADER) + f'<table:table-row>{open_cell("x", repeated_columns(16384))}</table:table-row>'),
    ),
    "many cells repeated in many rows": (
        "a.ods",
        lambda: ods(open_rows(HEADER) + f'<table:table-row table:number-rows-repeated="19000">{open_cell("x", repeated_columns(190))}</table:table-row>'),
    ),
    "a cell at the far end of a sheet": (
        "a.ods", lambda: ods(open_rows(HEADER) + f'<table:table-row><table:table-cell {repeated_columns(16383)}/>{open_cell("x")}</table:table-row>'),
    ),
    "areas of a spreadsheet merged over all of it": (
        "a.ods",
        lambda: ods(("<table:table-row>" + open_cell("x", 'table:number-columns-spanned="16384" table:number-rows-spanned="1048576"') * 150 + "</table:table-row>") * 60),
    ),
    "an entity in a spreadsheet": ("a.ods", lambda: ods(open_rows(HEADER, ("&a9;", "2027", "b")), laughs())),
    "a file of the machine in a text": ("a.odt", lambda: odt("<text:p>&a;</text:p>", outside())),
    "sections in sections": ("a.odt", lambda: odt("<text:section>" * 5_000 + "</text:section>" * 5_000)),
    "lists in lists": (
        "a.odt", lambda: odt("<text:list><text:list-item>" * 97 + "<text:p>x</text:p>" + "</text:list-item></text:list>" * 97),
    ),
    "a billion blanks": ("a.odt", lambda: odt('<text:p>x<text:s text:c="999999999"/>x</text:p>' * 400)),
    "a table of cells that span": (
        "a.odt",
        lambda: odt("<table:table>" + ("<table:table-row>" + open_cell("x", 'table:number-columns-spanned="999999" table:number-rows-spanned="999999"') * 3 + "</table:table-row>") * 9_000 + "</table:table>"),
    ),
    "a far cell of an old workbook": ("a.xls", lambda: xls(number(0, 0) + number(65535, 255))),
    "a million cells of an old workbook": ("a.xls", lambda: xls(number(0, 0) * 900_000)),
    "areas of an old workbook": (
        "a.xls", lambda: xls(number(0, 0) + record(0xE5, struct.pack("<H", 1000) + struct.pack("<4H", 0, 65535, 0, 255) * 1000) * 9),
    ),
    "sectors in a circle": ("a.xls", chain_without_end),
    "an old workbook of nothing": ("a.xls", lambda: compound_of(b"").replace("Workbook".encode("utf-16-le"), "Elsewhere"[:8].encode("utf-16-le"))),
    "elements of a page without end": ("a.html", lambda: page("<b>" * 2_000_000)),
    "elements of a page nested for ever": ("a.html", lambda: page("<div>" * 100_000)),
    "tables of a page in tables": ("a.html", lambda: page("<table><tr><td>" * 60 + "x" * 90_000)),
    "cells that span a page": (
        "a.html", lambda: page("<table>" + '<tr><td colspan="1000000" rowspan="1000000">x<td colspan="99999">y' * 30_000),
    ),
    "a page of a million cells": ("a.html", lambda: page("<table>" + f"<tr>{'<td>' * 100}" * 9_000)),
    "a page that is one word": ("a.html", lambda: page("x" * 7_000_000)),
    "marks of a page that never end": ("a.html", lambda: b"<" * 7_000_000),
    "a style without end": ("a.html", lambda: page('<p style="' + "display:" * 900_000 + '">x')),
    "a letter read too often": ("a.txt", lambda: "Ã¶".encode() * 490_000),
    "UTF-16 without end": ("a.csv", lambda: ("x;" * 490_000).encode("utf-16-le")),
    "a line of ten megabytes": ("a.csv", lambda: b"Action;Schedule;Responsible\n" + b"x" * 10_000_000),
    "a row of a million cells": ("a.csv", lambda: b"Action;Schedule;Responsible\n" + b";" * 1_900_000),
    "a quote that is never closed": ("a.csv", lambda: b'Action;Schedule;Responsible\n"' + b"x;\n" * 600_000),
    "a hundred thousand rows": ("a.csv", lambda: b"Action;Schedule;Responsible\n" + b"a;b;c\n" * 300_000),
    "an alias bomb": (
        "a.yaml",
        lambda: ("a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1},' * 9}]\n" for n in range(1, 99))).encode(),  # noqa: PLW0108 - made when it is needed
    ),
    "lists nested a hundred thousand deep": ("a.yaml", lambda: b"a: " + b"[" * 100_000),
    "mappings nested a hundred thousand deep": ("a.yaml", lambda: b"{a: " * 100_000),
    "keys without end": ("a.yaml", lambda: b"".join(b"k%d: x\n" % n for n in range(400_000))),
    "a million bullets": ("a.txt", lambda: b"- a\n" * 490_000),
    "a table of a hundred thousand columns": (
        "a.md", lambda: b"|a" * 100_000 + b"|\n" + b"|-" * 100_000 + b"|\n" + b"|a" * 100_000 + b"|\n",
    ),
    "blanks without end": ("a.txt", lambda: b"Action 1: " + b" " * 1_900_000 + b"x"),
    "no letter but digits": ("a.txt", lambda: b"Action 1: " + b"1-" * 32_000),
}  # fmt: skip
"""Each file's name, with the ending that it would come with, and what makes its bytes."""

TRUNCATED: dict[str, Callable[[], bytes]] = {
    "a.xlsx": lambda: packed(workbook()),
    "a.docx": lambda: packed(document()),
    "a.ods": lambda: ods(open_rows(HEADER, ROW)),
    "a.odt": lambda: odt(f"<table:table>{open_rows(HEADER, ROW)}</table:table>"),
    "a.xls": lambda: xls(number(0, 0)),
    "a.html": lambda: page("<table><tr><th>Action<th>Schedule<tr><td>Plant trees in the park<td>20"),
    "a.pdf": lambda: one_page(stream(b"BT /F 9 Tf (x) Tj ET")),
    "a.yaml": lambda: b"format: action-programme/1\nprogramme:\n  key: 'a",
    "a.csv": lambda: b"Action;Schedule;Respon",
    "a.md": lambda: b"| Action | Schedule | Respons",
}
"""A good file of each format, of which a test takes the first half."""

UNITS = (
    "1", "1-", "1.", "1/", "2024-", "2024, ", " ", "-", ",", ", ", "och ", "ja ", "and ", "a", "A", "(", ")",
    "()", "[", "<", "<li", "|", "*", "_a", "#", "•", "1.1.2024", "krt ", "Q1-", "&", "@", "a.", "a@", "1:",
    "Partners: ", "kanssa ", "in cooperation with ", "vuonna ", "per ", "a-", "’",
)  # fmt: skip
"""What is repeated in a cell to find a reader that takes more than its time."""
COLUMNS = ("Goal", "Action", "Schedule", "Responsible", "Partners", "Indicator")


def repeated(column: str, unit: str, size: int) -> bytes:
    """A CSV file with one action, one cell of which repeats a unit up to so many characters."""
    good = ("A green city", "Plant trees in the park", "2027", "Parks Unit", "Library", "Number of trees")
    cells = dict(zip(COLUMNS, good, strict=True))
    cells[column] = f"{(unit * size)[:size]}!"
    return "\n".join(";".join(f'"{one}"' for one in line) for line in (COLUMNS, cells.values())).encode()


def contacts(text: str) -> bytes:
    """A contact list with one row, a cell of which is ``text``."""
    return f"organisation;role;name;email;language\n{text};contact;x;a@city.example;en\n".encode()

"""Files of every kind, made for the tests: workbooks, Word documents and PDFs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import docx
import openpyxl


def xlsx(path: Path, sheets: dict[str, Sequence[Sequence[object]]], merged: Sequence[str] = ()) -> Path:
    """A workbook; ``merged`` are areas of its first sheet."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for area in merged:
        book.worksheets[0].merge_cells(area)
    book.save(path)
    return path


def word(path: Path, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    """A Word document with headings and one table; a row of one text spans all columns."""
    document = docx.Document()
    for level, text in enumerate(headings):
        document.add_heading(text, level)
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        cells = table.add_row().cells
        if len(row) == 1:
            cells[0].merge(cells[-1]).text = row[0]
        else:
            for cell, text in zip(cells, row, strict=True):
                cell.text = text
    document.save(str(path))
    return path


class Paper:
    """A PDF of lines of text and rules, written by hand."""

    def __init__(self) -> None:
        self._pages: list[list[str]] = []

    def page(self) -> None:
        """Begin a page."""
        self._pages.append([])

    def text(self, left: float, top: float, text: str, size: float = 9) -> None:
        """Write a line, its place from the top left corner."""
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        self._pages[-1].append(f"BT /F1 {size} Tf {left} {842 - top} Td ({escaped}) Tj ET")

    def rule(self, left: float, top: float, right: float, bottom: float) -> None:
        """Draw a line."""
        self._pages[-1].append(f"0.5 w {left} {842 - top} m {right} {842 - bottom} l S")

    def ruled(self, top: float, edges: Sequence[float], rows: Sequence[Sequence[str]]) -> None:
        """Draw a table: cells with lines of text, a rule around each."""
        for row in rows:
            bottom = top + 12 * max(len(cell.split("\n")) for cell in row) + 6
            for left, cell in zip(edges, row, strict=False):
                for number, line in enumerate(cell.split("\n")):
                    self.text(left + 3, top + 12 * number + 11, line)
            for edge in edges:
                self.rule(edge, top, edge, bottom)
            self.rule(edges[0], top, edges[-1], top)
            self.rule(edges[0], bottom, edges[-1], bottom)
            top = bottom

    def save(self, path: Path) -> Path:
        """Write the file."""
        objects = [
            "<</Type/Catalog/Pages 2 0 R>>",
            "",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        ]
        kids = []
        for lines in self._pages:
            stream = "\n".join(lines)
            objects.append(f"<</Length {len(stream.encode('cp1252'))}>>stream\n{stream}\nendstream")
            page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
            objects.append(f"{page}/Contents {len(objects)} 0 R>>")
            kids.append(f"{len(objects)} 0 R")
        objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>"
        path.write_bytes(_document(objects))
        return path


def _document(objects: Sequence[str]) -> bytes:
    """The bytes of a PDF with these objects."""
    out = b"%PDF-1.4\n"
    places = []
    for number, text in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    return out + f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()

# ruff: noqa: E501 - a paragraph or a row on a line
"""Documents of other formats than PDF, as programs write them, for tests of what is read of them."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable

import docx

from tests.intake.hostile import WORD, packed, parts_of, record, xls

HEADER = ("Goal", "Action", "Responsible party", "Schedule")
ROWS = (
    ("Work", "Recruitment fair", "Employment services", "2025"),
    ("Work", "Mentoring", "Welfare unit", "Continuous"),
    ("Home", "Family café", "Family centre", "by the end of 2026"),
)
VML = "urn:schemas-microsoft-com:vml"
DRAW = "http://schemas.openxmlformats.org/markup-compatibility/2006"

_NUMBERED = f"""<w:numbering xmlns:w="{WORD}">
<w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="8">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="Goal %1:"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="9">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl>
</w:abstractNum>
<w:num w:numId="71"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="72"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="81"><w:abstractNumId w:val="8"/></w:num>
<w:num w:numId="91"><w:abstractNumId w:val="9"/></w:num>
</w:numbering>"""


def word(body: str) -> bytes:
    """A Word document with lists 71, 72 (numbers), 81 ("Goal I:") and 91 (bullets), its body given as XML."""
    out = io.BytesIO()
    docx.Document().save(out)
    spaces = f'xmlns:w="{WORD}" xmlns:v="{VML}" xmlns:mc="{DRAW}"'
    whole = f"<w:document {spaces}><w:body>{body}</w:body></w:document>"
    parts = {**parts_of(out.getvalue()), "word/document.xml": whole.encode()}
    return packed({**parts, "word/numbering.xml": _NUMBERED.encode()})


def run(text: str, looks: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def para(content: str, properties: str = "") -> str:
    """A paragraph of runs, or of a text."""
    inner = content if content.startswith("<") else run(content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def listed(text: str, number: int, level: int = 0) -> str:
    """A paragraph in a list."""
    return para(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def control(content: str, properties: str = "") -> str:
    """A content control."""
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def word_cell(content: str, properties: str = "") -> str:
    """A cell of paragraphs and tables, or of a text."""
    inner = content if content.startswith(("<w:p>", "<w:tbl>", "<w:sdt>")) else para(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def word_row(cells: Iterable[str], properties: str = "") -> str:
    """A row of cells, each given whole or as its text."""
    made = (cell if cell.startswith(("<w:tc>", "<w:sdt>")) else word_cell(cell) for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(made)}</w:tr>"


def word_table(*rows: str | Iterable[str], columns: int = 4) -> str:
    """A table of rows, each given whole or as its cells."""
    made = (row if isinstance(row, str) else word_row(row) for row in rows)
    return f"<w:tbl><w:tblGrid>{'<w:gridCol/>' * columns}</w:tblGrid>{''.join(made)}</w:tbl>"


def xls_table(*rows: Iterable[str], merged: bytes = b"", more: bytes = b"", before: bytes = b"") -> bytes:
    """An XLS workbook of texts, with other records before the sheet and in it."""
    cells = b"".join(
        record(0x204, struct.pack("<4HB", at, column, 0, len(text), 1) + text.encode("utf-16-le"))
        for at, row in enumerate(rows)
        for column, text in enumerate(row)
        if text
    )
    areas = record(0xE5, struct.pack("<H", len(merged) // 8) + merged) if merged else b""
    return xls(cells + more + areas, before)

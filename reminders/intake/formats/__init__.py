"""Readers of file formats: the bytes of a file in, its content as headings, lines and tables out.

Which kind a file is, its ending says and its bytes must bear out. Every kind
but YAML becomes ``DocumentContent``; YAML is a whole programme and read
strictly. Heavy libraries are imported by the reader that needs them, on use.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reminders.intake.content import DocumentContent, Table
from reminders.intake.formats.docx_file import read_docx
from reminders.intake.formats.files import check_archive, decoded_text, kind_of, load_file
from reminders.intake.formats.pdf_file import read_pdf
from reminders.intake.formats.spreadsheets import read_csv, read_xlsx
from reminders.intake.formats.text_file import read_text
from reminders.intake.formats.yaml_file import read_programme
from schedule_rules.programme import Programme

__all__ = [
    "decoded_text",
    "is_yaml",
    "read_content",
    "read_csv",
    "read_programme",
    "read_programme_file",
    "read_text",
    "read_workbook",
]


def is_yaml(path: Path) -> bool:
    """Tell whether a file is a programme in YAML, by its ending; ``InputError`` for an unknown ending."""
    return kind_of(path.name) == "yaml"


def read_workbook(data: bytes, name: str) -> tuple[Table, ...]:
    """Return the visible sheets of an XLSX workbook that is not too large, as tables."""
    check_archive(data, name, "xlsx")
    return read_xlsx(data, name).tables


def read_programme_file(path: Path) -> Programme:
    """Return the programme in a YAML file."""
    return read_programme(decoded_text(load_file(path), path.name), path.name)


def read_content(path: Path, progress: Callable[[int, int, str], None] | None = None) -> DocumentContent:
    """Return the content of a file of any other kind; ``progress`` hears of each page of a PDF."""
    data, name, kind = load_file(path), path.name, kind_of(path.name)
    if kind == "xlsx":
        return read_xlsx(data, name)
    if kind == "docx":
        return read_docx(data, name)
    if kind == "pdf":
        return read_pdf(data, name, progress)
    text = decoded_text(data, name)
    return read_csv(text, name) if kind == "csv" else read_text(text, name, markdown=kind == "markdown")

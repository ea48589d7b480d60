"""Files that cannot be read are refused: which one, where, what was expected and what was found."""

from __future__ import annotations

import hashlib
import io
import re
import resource
import subprocess
import sys
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from reportlab.pdfgen.canvas import Canvas

from reminders.errors import InputError, NotFoundError
from reminders.intake.choices import ReadingChoices
from reminders.intake.formats import decoded_text
from reminders.intake.read import read_documents

HEADER = "Action;Schedule;Responsible\n"


def workbook(*rows: tuple[object, ...]) -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """An archive with one part more, or another content of it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    return out.getvalue()


def with_results(data: bytes, results: Mapping[str, tuple[str, str]]) -> bytes:
    """A workbook with saved results of formulas: type and value by cell."""
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        text = book.read(sheet).decode()
    for cell, (kind, value) in results.items():
        pattern = rf'<c r="{cell}"[^>]*>(<f>[^<]*</f>)<v\s*/?>(</v>)?'
        text, count = re.subn(pattern, rf'<c r="{cell}" t="{kind}">\1<v>{value}</v>', text)
        assert count == 1, cell
    return with_part(data, sheet, text.encode())


def noise(size: int) -> bytes:
    """XML that does not pack well."""
    cells = (f"<c><v>{hashlib.sha256(str(n).encode()).hexdigest()}</v></c>" for n in range(size // 76))
    return b"<worksheet><row>" + "".join(cells).encode() + b"</row></worksheet>"


def far_cell() -> bytes:
    """A workbook with a value in its last cell."""
    book = openpyxl.Workbook()
    book.worksheets[0]["XFD1048576"] = "far"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def drawn(**options: Any) -> bytes:
    """A PDF of one page with nothing but a line; ``options`` are reportlab's."""
    out = io.BytesIO()
    page = Canvas(out, **options)
    page.line(10, 10, 200, 200)
    page.save()
    return out.getvalue()


def locked_pdf() -> bytes:
    """A PDF that asks for a password."""
    return drawn(encrypt="secret")


def blank_pdf() -> bytes:
    """A PDF without text, as a scanner makes it."""
    return drawn()


def pdf_bomb() -> bytes:
    """A PDF whose page unpacks to 300 MB."""
    packed = zlib.compress(b" " * 300_000_000, 9)
    head = (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
        f"4 0 obj<</Filter/FlateDecode/Length {len(packed)}>>stream\n"
    )
    return head.encode() + packed + b"\nendstream endobj\ntrailer<</Root 1 0 R/Size 5>>\n"


PLAIN = (("Action", "Schedule", "Responsible"), ("Plant trees", "2027", "Parks Unit"))
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99)
NO_SCHEDULE = "without a schedule column"
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
LOCKED_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"3 0 obj<</Filter/Standard/V 1/R 2/O<" + b"11" * 32 + b">/U<" + b"22" * 32 + b">/P -4>>endobj\n"
    b"trailer<</Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]/Size 4>>\n"
)

BAD: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "an empty file": ("a.csv", lambda: b"", "a.csv, the file: expected CSV; found an empty file"),
    "only blanks": ("a.md", lambda: b" \n\n", "expected Markdown; found an empty file"),
    "an unknown ending": ("a.exe", lambda: b"x", 'the ending ".exe"'),
    "a PDF called XLSX": ("a.xlsx", lambda: b"%PDF-1.4\n", "expected an XLSX workbook; found a PDF"),
    "a picture called PDF": ("a.pdf", lambda: b"\x89PNG\r\n\x1a\n", "expected a PDF; found a picture"),
    "a workbook called DOCX": ("a.docx", lambda: workbook(*PLAIN), "no part word/document.xml"),
    "a workbook called CSV": ("a.csv", lambda: workbook(*PLAIN), "expected CSV; found a ZIP archive"),
    "an old office file": ("a.xlsx", lambda: OLD_OFFICE, "password-protected"),
    "bytes as text": ("a.txt", lambda: bytes(range(256)) * 9, "found bytes that are no text"),
    "a broken archive": ("a.xlsx", lambda: workbook(*PLAIN)[:-400], "a broken archive"),
    "a broken workbook": (
        "a.xlsx", lambda: with_part(workbook(*PLAIN), "xl/workbook.xml", b"<workbook"), "a broken workbook",
    ),
    "no schedule": (
        "a.xlsx", lambda: workbook(("Action", "Responsible"), ("Plant", "Parks")), NO_SCHEDULE,
    ),
    "no schedule in CSV": ("a.csv", lambda: b"Action;Responsible\nPlant;Parks\n", NO_SCHEDULE),
    "prose": ("a.txt", lambda: b"This city is a good place to live in.\n" * 40, "no actions with a schedule"),
    "a protected PDF": ("a.pdf", lambda: LOCKED_PDF, "protected by a password"),
    "a broken PDF": ("a.pdf", lambda: b"%PDF-1.4\nnothing", "PDF"),
    "200 MB of text": ("a.txt", lambda: b"a" * 200_000_000, "found a larger file"),
    "an XML bomb": (
        "a.xlsx", lambda: with_part(workbook(*PLAIN), "xl/sharedStrings.xml", ENTITIES), "an XML entity",
    ),
    "a zip bomb": (
        "a.xlsx", lambda: with_part(workbook(*PLAIN), "xl/a.bin", bytes(300_000_000)), "300 MB unpacked",
    ),
    "a zip bomb as one sheet": (
        "a.xlsx", lambda: with_part(workbook(*PLAIN), "xl/worksheets/sheet1.xml", noise(17_000_000)),
        "found a larger part xl/worksheets/sheet1.xml",
    ),
    "a sheet without end": ("a.xlsx", far_cell, "at most 20000 rows and 200 columns"),
    "a PDF that opens with a password": ("a.pdf", locked_pdf, "a PDF protected by a password"),
    "a PDF of pictures only": ("a.pdf", blank_pdf, "pages without any text (scanned?)"),
    "a bomb of a PDF": ("a.pdf", pdf_bomb, "a PDF of more than 60 MB unpacked"),
    "a table of numbers": ("a.csv", lambda: b"1;2;3\n4;5;6\n7;8;9\n", "a table without a schedule column"),
    "a thousand and one actions": (
        "a.csv", (HEADER + "Plant trees;2027;Parks Unit\n" * 1001).encode, "at most 1000 actions",
    ),
    "a zip bomb of Word": (
        "a.docx", lambda: with_part(workbook(*PLAIN), "word/document.xml", b" " * 150_000_000),
        "150 MB unpacked",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused(tmp_path: Path, what: str) -> None:
    """Within seconds and little memory, with the file's name and what was found."""
    name, data, message = BAD[what]
    path = tmp_path / name
    path.write_bytes(data())
    tracemalloc.start()
    began = time.monotonic()
    with pytest.raises(InputError) as raised:
        read_documents([path])
    seconds = time.monotonic() - began
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert message in str(raised.value)
    assert str(raised.value).startswith(name)
    assert seconds < 60
    assert peak < 60_000_000


ROOM = 700_000_000
"""Bytes of address space that a command may take that refuses a file."""


def _worked() -> float:
    """Seconds of processor time of all children so far: what a busy machine does not stretch."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize(
    "what", ["200 MB of text", "a zip bomb", "a zip bomb as one sheet", "a bomb of a PDF"]
)
def test_the_command_refuses_in_little_room(tmp_path: Path, what: str) -> None:
    """A process that may not grow ends with 1 and a message, within seconds, and stores nothing."""
    name, data, message = BAD[what]
    (tmp_path / name).write_bytes(data())
    first = [sys.executable, "-c", "from reminders.cli import main; main()"]
    subprocess.run([*first, "programmes"], cwd=tmp_path, check=True, capture_output=True)
    stored = (tmp_path / "var" / "reminders.db").read_bytes()
    before = _worked()
    ran = subprocess.run(
        [*first, "import", name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (ROOM, ROOM)),
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert message in ran.stderr
    assert "Traceback" not in ran.stderr
    assert _worked() - before < 10
    assert (tmp_path / "var" / "reminders.db").read_bytes() == stored


def test_an_archive_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    """What is unpacked is counted, whatever the archive declares."""
    path = tmp_path / "a.xlsx"
    data = bytearray(with_part(workbook(*PLAIN), "xl/media/a.bin", bytes(200_000_000)))
    size = (200_000_000).to_bytes(4, "little")
    path.write_bytes(bytes(data).replace(size, (1000).to_bytes(4, "little")))
    with pytest.raises(InputError) as raised:
        read_documents([path])
    assert "archive" in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A path that leads nowhere is no input error."""
    with pytest.raises(NotFoundError):
        read_documents([tmp_path / "none.csv"])


def test_a_formula_without_a_result_is_refused_by_name(tmp_path: Path) -> None:
    """Formula cells are never computed; outside the actions one is only said."""
    path = tmp_path / "a.xlsx"
    header = ("Action", "Schedule", "Responsible")
    path.write_bytes(workbook(header, ("Plant trees", "=1+1", "Parks Unit")))
    with pytest.raises(InputError) as raised:
        read_documents([path])
    assert str(raised.value) == (
        "a.xlsx, sheet Sheet, cell B2: expected a value: open the file in Excel and save it, or paste the "
        "values; found the formula =1+1 without a saved result"
    )
    path.write_bytes(workbook((*header, "Sum"), ("Plant trees", "2027", "Parks Unit", "=1+1")))
    found = [(one.code, one.place) for one in read_documents([path]).findings]
    assert ("formula-without-result", "sheet Sheet, cell D2") in found


def test_the_saved_result_of_a_formula_is_read_and_said(tmp_path: Path) -> None:
    """As Excel saves it, an empty text too; an error is no result."""
    path = tmp_path / "a.xlsx"
    rows = (("Action", "Schedule", "Responsible", "Indicator"), ("Plant trees", "=1+1", "=A9", "=A10"))
    results = {"B2": ("n", "2027"), "C2": ("str", "Parks Unit"), "D2": ("str", "")}
    path.write_bytes(with_results(workbook(*rows), results))
    reading = read_documents([path])
    (action,) = reading.documents[0].as_json()["actions"]
    assert (action["schedule_text"], action["leads"]) == ("2027", ["Parks Unit"])
    found = [(one.place, one.words, one.detail) for one in reading.findings if one.code == "formula"]
    assert found[:2] == [
        ("sheet Sheet, cell B2", "=1+1", "2027"), ("sheet Sheet, cell C2", "=A9", "Parks Unit"),
    ]  # fmt: skip
    path.write_bytes(with_results(workbook(*rows), {**results, "B2": ("e", "#REF!")}))
    with pytest.raises(InputError, match="cell B2: expected a value"):
        read_documents([path])


def test_a_date_cell_is_worded_in_the_language_of_the_programme(tmp_path: Path) -> None:
    """31.3.2026, 31 March 2026; a date that somebody typed as text stays as it is."""
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ("Toimenpide", "Alkaa", "P\u00e4\u00e4ttyy", "Vastuutaho"),
        (
            "J\u00e4rjestet\u00e4\u00e4n n\u00e4yttely",
            date(2026, 1, 1),
            date(2026, 3, 31),
            "Kirjastopalvelut",
        ),
        ("Koulutetaan opettajat ty\u00f6h\u00f6n", None, datetime(2026, 4, 30), "Koulutuspalvelut"),
        ("Kootaan opas uusille asukkaille", None, "2026-05-31", "Kirjastopalvelut"),
    ):
        sheet.append(row)
    book.save(path)
    found = read_documents([path]).documents[0].as_json()["actions"]
    assert [one["schedule_text"] for one in found] == ["1.1.2026–31.3.2026", "30.4.2026", "2026-05-31"]
    assert [one["end"] for one in found] == ["2026-03-31", "2026-04-30", "2026-05-31"]
    english = read_documents([path], choices=ReadingChoices(lang="en")).documents[0].as_json()["actions"]
    assert [one["schedule_text"] for one in english][:2] == ["1 January 2026–31 March 2026", "30 April 2026"]


SWEDISH = "Åtgärd;Tidtabell;Ansvarig\nÖka stödet för föräldrar på Åland;2027;Äldreomsorgen i Närpes\n"
FINNISH = "Toimenpide;Aikataulu;Vastuutaho\nJÄRJESTETÄÄN Ähtärin näyttely;2027;Työllisyyspalvelut\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize("text", [SWEDISH, FINNISH], ids=["sv", "fi"])
def test_an_older_encoding_is_told_by_its_letters(encoding: str, text: str) -> None:
    """Which of ä, ö and å make sense decides between Windows-1252, Mac Roman and DOS."""
    assert decoded_text(text.encode(encoding), "a.csv") == text
    assert decoded_text(text.replace("\n", "\r").encode(encoding), "a.csv") == text


def test_an_encoding_that_nobody_knows_is_named_with_the_way_out() -> None:
    """Cyrillic in its old encoding makes no word of the three languages."""
    with pytest.raises(InputError) as raised:
        decoded_text("Действие;Срок;Ответственный\n".encode("cp1251"), "a.csv")
    assert str(raised.value).startswith("a.csv, the file: expected UTF-8 (in Excel: Save as, CSV UTF-8); ")
    assert "found an encoding that is neither UTF-8, Windows-1252, Mac Roman nor DOS" in str(raised.value)


def test_the_same_language_twice_is_refused(tmp_path: Path) -> None:
    """Two English files are no language versions."""
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(HEADER + "Plant trees in the parks;2027;Parks Unit\n")
    with pytest.raises(InputError) as raised:
        read_documents([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert (
        str(raised.value)
        == "b.csv, the file: expected each language once; found the language en again (it is that of a.csv)"
    )

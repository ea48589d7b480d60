"""Readers of file formats: the bytes of a file in, its content as headings, lines and tables out.

Which kind a file is, its ending says and its bytes must bear out. Every kind but YAML becomes
``DocumentContent``; YAML is a whole programme and read strictly. Before any parser sees a file its size is
bounded; archives (XLSX, DOCX, ODS, ODT) are checked for their unpacked size and for XML that defines
entities. Heavy libraries are imported by the reader that needs them, on use.
"""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

from reminders.errors import InputError, NotFoundError
from reminders.intake.content import DocumentContent, IntakeFinding
from reminders.intake.formats.docx_file import read_docx
from reminders.intake.formats.html_file import read_html
from reminders.intake.formats.letters import encoded_without_mark, mend_letters
from reminders.intake.formats.open_document import read_ods, read_odt
from reminders.intake.formats.pdf_file import read_pdf
from reminders.intake.formats.spreadsheets import read_csv, read_xlsx
from reminders.intake.formats.text_file import read_text
from reminders.intake.formats.values import FORMULA, NO_RESULT
from reminders.intake.formats.xls_file import read_xls
from reminders.intake.formats.xml_parts import ElementCount
from reminders.intake.formats.yaml_file import read_programme
from reminders.intake.language import letters_make_sense
from reminders.intake.limits import (
    MAX_FILE,
    MAX_MEMBERS,
    MAX_PAGE,
    MAX_PART,
    MAX_RATIO,
    MAX_TEXT,
    MAX_UNPACKED,
    MAX_YAML,
)
from reminders.intake.messages import ImportMessage, import_error, import_message
from reminders.intake.words import excerpt, file_label
from schedule_rules.programme import Programme

__all__ = [
    "FORMULA",
    "NO_RESULT",
    "decoded_text",
    "file_octets",
    "is_yaml",
    "read_content",
    "read_csv",
    "read_programme",
    "read_programme_file",
    "read_text",
    "read_workbook",
]

Kind = Literal["yaml", "xlsx", "xls", "ods", "csv", "docx", "odt", "html", "pdf", "markdown", "text"]

_ENDINGS: dict[str, Kind] = {
    ".yaml": "yaml", ".yml": "yaml", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xltx": "xlsx", ".xls": "xls",
    ".ods": "ods", ".ots": "ods", ".csv": "csv", ".tsv": "csv", ".docx": "docx", ".odt": "odt", ".ott": "odt",
    ".html": "html", ".htm": "html", ".xhtml": "html", ".pdf": "pdf", ".md": "markdown",
    ".markdown": "markdown", ".txt": "text", ".text": "text",
}  # fmt: skip
_OTHER_ENDINGS: dict[str, tuple[str, ...]] = {
    "word-kind": (".doc", ".dot", ".rtf", ".wps", ".wpd", ".docm", ".dotx", ".dotm"),
    "writer-kind": (".pages", ".fodt", ".sxw", ".tex", ".epub", ".gdoc"),
    "sheet-kind": (".numbers", ".xlsb", ".fods", ".sxc", ".dbf", ".gsheet", ".xltm", ".xlt"),
    "slides-kind": (".pptx", ".ppt", ".odp", ".key", ".ppsx"),
    "picture-kind": (".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".heic", ".webp", ".bmp", ".svg"),
    "mail-kind": (".msg", ".eml", ".pst"),
    "archive-kind": (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz"),
    "page-kind": (".mht", ".mhtml", ".webarchive", ".url"),
}
"""Endings of documents that are not read, by what they are."""
_INSTEAD = {
    "slides-kind": "copy-as", "picture-kind": "copy-as", "page-kind": "copy-as", "mail-kind": "attached-file",
    "archive-kind": "unpacked-files",
}  # fmt: skip
_SIZES: dict[Kind, int] = {
    "yaml": MAX_YAML, "csv": MAX_TEXT, "markdown": MAX_TEXT, "text": MAX_TEXT, "html": MAX_PAGE,
}  # fmt: skip
_PARTS = {
    "xlsx": "xl/workbook.xml", "docx": "word/document.xml", "ods": "content.xml", "odt": "content.xml",
}  # fmt: skip
_MAGIC = (
    (b"%PDF-", "pdf"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "empty-zip"), (b"{\\rtf", "rtf"),
    (b"\xd0\xcf\x11\xe0", "old-office"), (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"), (b"GIF8", "picture"),
)  # fmt: skip
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?<(?:!doctype\s+html|html|table|meta|head|body)\b", re.IGNORECASE
)
_ENTITY = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OLDER = ("cp1252", "mac_roman", "cp850", "latin-1")
_NONSENSE = -2
"""Below this a text has more letters that make no sense than ones that do."""
_CHUNK = 1_000_000


def is_yaml(path: Path) -> bool:
    """Tell whether a file is a programme in YAML, by its ending; ``InputError`` for an unknown ending."""
    return kind_of(path.name) == "yaml"


def read_workbook(data: bytes, name: str) -> DocumentContent:
    """Return the visible sheets of an XLSX workbook that is not too large, as tables."""
    check_archive(data, name, "xlsx")
    return read_xlsx(data, name)


def read_programme_file(path: Path) -> Programme:
    """Return the programme in a YAML file."""
    return read_programme(decoded_text(load_file(path), file_label(path.name)), file_label(path.name))


def read_content(path: Path, progress: Callable[[int, int, str], None] | None = None) -> DocumentContent:
    """Return the content of a file of any other kind; ``progress`` hears of each page of a PDF."""
    data, name, kind = load_file(path), file_label(path.name), kind_of(path.name)
    if kind == "xlsx":
        return read_xlsx(data, name)
    if kind == "docx":
        return read_docx(data, name)
    if kind == "odt":
        return read_odt(data, name)
    if kind == "ods":
        return read_ods(data, name)
    if kind == "pdf":
        return read_pdf(data, name, progress)
    if kind == "xls" and _magic(data) == "old-office":
        return read_xls(data, name)
    if kind == "xls" and _magic(data) == "zip":
        return read_xlsx(data, name)
    text, mended = _decoded(data, name)
    if kind in {"html", "xls"}:
        content = read_html(text, name)
    elif kind == "csv":
        content = read_csv(text, name)
    else:
        content = read_text(text, name, markdown=kind == "markdown")
    if mended:
        finding = IntakeFinding("letters-mended", name, "the file", excerpt(mended))
        content = replace(content, findings=(*content.findings, finding))
    return content


def kind_of(name: str) -> Kind:
    """Return the kind that a file's ending names."""
    ending = Path(name).suffix.lower()
    if other := next((kind for kind, endings in _OTHER_ENDINGS.items() if ending in endings), None):
        instead = _INSTEAD.get(other, "save-as")
        raise import_error(file_label(name), "the name", other, instead, ending=ending)
    if ending not in _ENDINGS:
        endings = ", ".join(_ENDINGS)
        raise import_error(
            file_label(name), "the name", "ending", "endings", ending=file_label(ending), endings=endings
        )
    return _ENDINGS[ending]


def load_file(path: Path) -> bytes:
    """Return the bytes of a file that is not too large and whose content fits its ending."""
    name, kind = file_label(path.name), kind_of(path.name)
    data = file_octets(path, _SIZES.get(kind, MAX_FILE))
    if not data.strip():
        raise import_error(name, "the file", "empty-file", kind)
    magic = _magic(data)
    if kind == "pdf":
        other = "" if magic == "pdf" else magic or "other-kind"
    elif kind in _PARTS:
        other = "" if magic == "zip" else magic or "other-kind"
    elif kind == "xls":
        other = "" if magic in {"old-office", "zip"} or _PAGE.match(data) else magic or "other-kind"
    else:
        other = magic or ("no-text" if _is_binary(data) else "")
    if other:
        raise import_error(name, "the file", other, kind)
    if kind in _PARTS:
        check_archive(data, name, kind)
    elif kind == "xls" and magic == "zip":  # a newer workbook under the older ending
        check_archive(data, name, "xlsx")
    return data


def file_octets(path: Path, limit: int) -> bytes:
    """Return the bytes of a file, at most ``limit``.

    ``NotFoundError`` where there is none, ``InputError`` for a larger one and for what is no file on a disk:
    a folder, a device such as /dev/zero, a pipe that nobody may ever write to.
    """
    name = file_label(path.name)
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise import_error(name, "the file", "device", "file-to-read")
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise NotFoundError(f"There is no file {file_label(str(path))}") from None
    except IsADirectoryError:
        raise import_error(name, "the file", "folder", "file-to-read") from None
    except OSError as wrong:
        raise import_error(name, "the file", "failure", "file-to-read", reason=wrong.strerror) from None
    if len(data) > limit:
        raise import_error(name, "the file", "larger-file", "at-most-mb", mb=limit // 1_000_000)
    return data


def _open_at_once(path: str, flags: int) -> int:
    """Open without waiting for whoever is at the other end of a pipe."""
    return os.open(path, flags | os.O_NONBLOCK)


def _magic(data: bytes) -> str:
    """Return the kind of file that the first bytes tell; nothing where they tell none."""
    return next((code for start, code in _MAGIC if data.lstrip()[:8].startswith(start)), "")


def _is_binary(data: bytes) -> bool:
    """Tell whether bytes are no text: a zero byte outside UTF-16, or many control characters."""
    head = data[:65_536]
    if head.startswith(_UTF_16) or encoded_without_mark(head):
        return False
    odd = sum(byte < 9 or (13 < byte < 32 and byte != 27) for byte in head)
    return b"\0" in head or odd * 20 > len(head)


def check_archive(data: bytes, name: str, kind: Kind) -> None:
    """Refuse an archive that is broken, lacks its main part, unpacks too large or defines XML entities."""
    part = _PARTS[kind]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if part not in {member.filename for member in members}:
                raise import_error(name, "the archive", "no-part", kind, part=part)
            size = sum(member.file_size for member in members)
            is_bomb = size > MAX_UNPACKED or (size > _CHUNK * 10 and size > len(data) * MAX_RATIO)
            if is_bomb or len(members) > MAX_MEMBERS:
                raise _bomb(name, import_message("bomb", mb=size // 1_000_000))
            _unpack(archive, members, name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as broken:
        raise import_error(name, "the archive", "broken-archive", kind, reason=broken) from None


def _unpack(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], name: str) -> None:
    """Unpack every part in pieces, counting: what an archive declares need not be true."""
    left, elements = MAX_UNPACKED, ElementCount(name)
    for member in members:
        is_xml = member.filename.endswith((".xml", ".rels"))
        if is_xml:
            elements.start(file_label(member.filename))
        with archive.open(member) as file:
            tail, size = b"", 0
            while piece := file.read(_CHUNK):
                left -= len(piece)
                size += len(piece)
                if is_xml and size > MAX_PART:
                    mb = MAX_PART // 1_000_000
                    raise import_error(
                        name, "the archive", "larger-part", "part", part=file_label(member.filename), mb=mb
                    )
                if left < 0:
                    raise _bomb(name, import_message("bomb-more", mb=MAX_UNPACKED // 1_000_000))
                if is_xml and _ENTITY.search(tail + piece.replace(b"\0", b"")):
                    raise import_error(name, file_label(member.filename), "xml-entity", "plain-xml")
                if is_xml:
                    elements.feed(piece)
                tail = piece[-16:]


def _bomb(name: str, found: ImportMessage) -> InputError:
    expected = import_message("no-bomb", mb=MAX_UNPACKED // 1_000_000, ratio=MAX_RATIO)
    return InputError(name, "the archive", found, expected)


def decoded_text(data: bytes, name: str) -> str:
    """Return the text of a file: UTF-8, UTF-16, else an older encoding; line ends made one.

    Of Windows-1252, Mac Roman (Excel for Mac) and DOS (cp850) the one in which the letters beyond ASCII make
    words of the three languages; ``InputError`` where none does. UTF-8 that was taken for one of them and
    stored again ("Ã¶") is mended.
    """
    return _decoded(data, name)[0]


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    """Return the text of a file, and the first word in it whose letters were mended."""
    unmarked = encoded_without_mark(data[:65_536])
    encoding = "utf-16" if data.startswith(_UTF_16) else unmarked or "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8-sig":
            raise import_error(name, "the file", "no-text", "utf-8") from None
        text = _in_older_encoding(data)
    text, mended = mend_letters(text)
    if (
        encoding == "utf-8-sig"
        and not mended
        and letters_make_sense(text) < _NONSENSE
        and not _is_utf_8(data)
    ):
        kind = _magic(data) or "encoding"
        raise import_error(name, "the file", kind, "utf-8-saved", near=excerpt(_odd_word(text)))
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), mended


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _in_older_encoding(data: bytes) -> str:
    """Return a text in the older encoding that makes most sense; of equals the one that comes first."""
    found = []
    for encoding in _OLDER:
        try:
            found.append(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return max(found, key=letters_make_sense)


def _odd_word(text: str) -> str:
    """Return the first word with a letter beyond ASCII."""
    return next((word for word in text.split() if not word.isascii()), "")

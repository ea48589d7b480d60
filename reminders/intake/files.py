"""The edge: bytes from a file, bounded, and what kind of file they are by their content.

Nothing is parsed here. Archives (XLSX, DOCX) are checked for their unpacked
size and for XML that defines entities before any parser sees them.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path
from typing import Literal

from reminders.errors import InputError, NotFoundError

Kind = Literal["yaml", "xlsx", "csv", "docx", "pdf", "markdown", "text"]

MAX_FILE = 20_000_000
"""Bytes of a spreadsheet, Word or PDF file."""
MAX_TEXT = 2_000_000
"""Bytes of a text file: CSV, Markdown, plain text."""
MAX_YAML = 5_000_000
"""Bytes of a YAML file."""
MAX_UNPACKED = 100_000_000
"""Bytes that an archive may unpack to."""
MAX_RATIO = 200
"""How many times larger than packed an archive may be."""

_ENDINGS: dict[str, Kind] = {
    ".yaml": "yaml", ".yml": "yaml", ".xlsx": "xlsx", ".xlsm": "xlsx", ".csv": "csv", ".tsv": "csv",
    ".docx": "docx", ".pdf": "pdf", ".md": "markdown", ".markdown": "markdown", ".txt": "text",
    ".text": "text",
}  # fmt: skip
_NAMES: dict[Kind, str] = {
    "yaml": "YAML", "xlsx": "an XLSX workbook", "csv": "CSV", "docx": "a DOCX document", "pdf": "a PDF",
    "markdown": "Markdown", "text": "plain text",
}  # fmt: skip
_LIMITS: dict[Kind, int] = {"yaml": MAX_YAML, "csv": MAX_TEXT, "markdown": MAX_TEXT, "text": MAX_TEXT}
_PARTS = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old or password-protected Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "an RTF document"),
)
_ENTITY = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CHUNK = 1_000_000


def kind_of(name: str) -> Kind:
    """Return the kind that a file's ending names."""
    ending = Path(name).suffix.lower()
    if ending not in _ENDINGS:
        raise InputError(name, "the name", f'the ending "{ending}"', f"one of {', '.join(_ENDINGS)}")
    return _ENDINGS[ending]


def load(path: Path) -> bytes:
    """Return the bytes of a file that is not too large and whose content fits its ending."""
    kind = kind_of(path.name)
    limit = _LIMITS.get(kind, MAX_FILE)
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise NotFoundError(f"There is no file {path}") from None
    except OSError as wrong:
        raise InputError(path.name, "the file", f"a failure ({wrong.strerror})", "a file to read") from None
    check(data, path.name, limit)
    return data


def check(data: bytes, name: str, limit: int = MAX_FILE) -> None:
    """Refuse bytes that are too many, none, or of another kind than the file's ending says."""
    kind = kind_of(name)
    if len(data) > limit:
        raise InputError(name, "the file", "a larger file", f"a file of at most {limit // 1_000_000} MB")
    if not data.strip():
        raise InputError(name, "the file", "an empty file", _NAMES[kind])
    found = next((what for magic, what in _MAGIC if data.lstrip()[:8].startswith(magic)), "")
    if kind == "pdf":
        _refuse(name, kind, "" if found == "a PDF" else found or "something else")
    elif kind in _PARTS:
        _refuse(name, kind, "" if found == "a ZIP archive" else found or "something else")
        check_archive(data, name, _PARTS[kind], kind)
    else:
        _refuse(name, kind, found or ("bytes that are no text" if _is_binary(data) else ""))


def _refuse(name: str, kind: Kind, found: str) -> None:
    if found:
        raise InputError(name, "the file", found, _NAMES[kind])


def _is_binary(data: bytes) -> bool:
    """Tell whether bytes are no text: a zero byte outside UTF-16, or many control characters."""
    head = data[:65_536]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    odd = sum(byte < 9 or (13 < byte < 32 and byte != 27) for byte in head)
    return b"\0" in head or odd * 20 > len(head)


def check_archive(data: bytes, name: str, part: str, kind: Kind) -> None:
    """Refuse an archive that is broken, lacks ``part``, unpacks too large or defines XML entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if part not in {member.filename for member in members}:
                raise InputError(name, "the archive", f"no part {part}", _NAMES[kind])
            _check_declared(members, name, len(data))
            _check_actual(archive, members, name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as broken:
        raise InputError(name, "the archive", f"a broken archive ({broken})", _NAMES[kind]) from None


def _check_declared(members: list[zipfile.ZipInfo], name: str, packed: int) -> None:
    size = sum(member.file_size for member in members)
    if size > MAX_UNPACKED or (size > _CHUNK * 10 and size > packed * MAX_RATIO) or len(members) > 10_000:
        raise _bomb(name, f"{size // 1_000_000} MB")


def _check_actual(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], name: str) -> None:
    """Unpack every part in pieces, counting: what an archive declares need not be true."""
    left = MAX_UNPACKED
    for member in members:
        is_xml = member.filename.endswith((".xml", ".rels"))
        with archive.open(member) as file:
            tail = b""
            while piece := file.read(_CHUNK):
                left -= len(piece)
                if left < 0:
                    raise _bomb(name, f"more than {MAX_UNPACKED // 1_000_000} MB")
                if is_xml and _ENTITY.search(tail + piece.replace(b"\0", b"")):
                    raise InputError(name, member.filename, "an XML entity or DOCTYPE", "plain XML")
                tail = piece[-16:]


def _bomb(name: str, size: str) -> InputError:
    expected = (
        f"at most {MAX_UNPACKED // 1_000_000} MB unpacked, and no more than {MAX_RATIO} times its own size"
    )
    return InputError(name, "the archive", f"an archive of {size} unpacked", expected)


def text_of(data: bytes, name: str) -> str:
    """Return the text of a file: UTF-8, UTF-16 with its mark, else Windows-1252; line ends made one."""
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    raise InputError(name, "the file", "bytes that are no text", "UTF-8")


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    return ("utf-8-sig", "cp1252", "latin-1")

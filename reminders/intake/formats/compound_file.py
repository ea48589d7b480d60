"""Compound files, in which Office programs kept documents until 2003: a workbook's stream, out and in.

The format is Microsoft's [MS-CFB]: sectors that name the next one each, a folder of streams, small streams in
sectors of their own. What is put in again holds the one stream and nothing else: no programs, no chain that
has not been followed to its end.
"""

from __future__ import annotations

import struct
from typing import Final

from reminders.intake.limits import MAX_MEMBERS
from reminders.intake.messages import import_error

_SECTOR: Final = 512
_LARGE_SECTOR: Final = 4096
_LARGEST_SHIFT: Final = 16
_SECTOR_END: Final = 0xFFFFFFFA
"""From here on a sector's number says that there is no next one."""
_TABLE: Final = 0xFFFFFFFD
_END: Final = 0xFFFFFFFE
_FREE: Final = 0xFFFFFFFF
_ENTRY: Final = 128
_FIRST_PLACES: Final = 109
_MINI_LIMIT: Final = 4096
_STREAMS: Final = ("workbook", "book")
_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def workbook_stream(data: bytes, file: str) -> bytes:
    """Return the stream of a compound file that holds the workbook; ``InputError`` for a file without one.

    ``InputError`` too for a chain of sectors that goes in a circle.
    """
    if len(data) < _SECTOR or data[30] > _LARGEST_SHIFT or data[32] > _LARGEST_SHIFT:
        raise import_error(file, "the file", "other-kind", "xls")
    sector, mini = (1 << struct.unpack_from("<H", data, at)[0] for at in (30, 32))
    if sector not in {512, 4096} or mini != 64:
        raise import_error(file, "the file", "other-kind", "xls")
    table = _sector_table(data, sector)
    directory = _chain(data, sector, table, struct.unpack_from("<I", data, 48)[0], base=1)
    entries = dict[str, tuple[int, int]]()
    for at in range(0, min(len(directory), MAX_MEMBERS * _ENTRY), _ENTRY):
        length = min(struct.unpack_from("<H", directory, at + 64)[0], 64)
        name = directory[at : at + max(length - 2, 0)].decode("utf-16-le", "replace").lower()
        entries.setdefault(name, struct.unpack_from("<2I", directory, at + 116))
    found = next((entries[name] for name in _STREAMS if name in entries), None)
    if found is None:
        locked = "encryptedpackage" in entries
        raise import_error(
            file, "the file", *(("locked-file", "open-file") if locked else ("other-kind", "xls"))
        )
    start, size = found
    if size >= _MINI_LIMIT:
        return _chain(data, sector, table, start, base=1)[:size]
    small = _chain(data, sector, table, struct.unpack_from("<I", directory, 116)[0], base=1)
    mini_table = _chain(data, sector, table, struct.unpack_from("<I", data, 60)[0], base=1)
    numbers = struct.unpack(f"<{len(mini_table) // 4}I", mini_table[: len(mini_table) // 4 * 4])
    return _chain(small, mini, numbers, start, base=0)[:size]


def _sector_table(data: bytes, sector: int) -> tuple[int, ...]:
    """Return for each sector which one follows it."""
    most = len(data) // sector + 1
    places = list(struct.unpack_from("<109I", data, 76))
    at, left = struct.unpack_from("<I", data, 68)[0], most
    while at < _SECTOR_END and left > 0 and (at + 2) * sector <= len(data):
        more = struct.unpack_from(f"<{sector // 4}I", data, (at + 1) * sector)
        places += more[:-1]
        at, left = more[-1], left - 1
    found = list[int]()
    for place in places[:most]:
        if place < _SECTOR_END and (place + 2) * sector <= len(data):
            found += struct.unpack_from(f"<{sector // 4}I", data, (place + 1) * sector)
    return tuple(found[:most])


def _chain(data: bytes, sector: int, table: tuple[int, ...], start: int, *, base: int) -> bytes:
    """Return the sectors of a chain in their order; ``base`` sectors stand before the first one."""
    pieces, at, left = list[bytes](), start, len(table)
    while at < _SECTOR_END and left > 0:
        pieces.append(data[(at + base) * sector : (at + base + 1) * sector])
        at, left = table[at] if at < len(table) else _FREE, left - 1
    if at < _SECTOR_END:
        raise ValueError("a chain of sectors without an end")
    return b"".join(pieces)


def compound_of(stream: bytes) -> bytes:
    """Return a compound file that holds a workbook's stream and nothing else."""
    size = max(len(stream), _MINI_LIMIT)
    count = -(-size // _LARGE_SECTOR)
    in_table = _LARGE_SECTOR // 4
    tables = -(-(count + 2) // in_table) + 1
    numbers = [*range(1, count), _END, _END, *[_TABLE] * tables]
    numbers += [_FREE] * (tables * in_table - len(numbers))
    places = [count + 1 + at for at in range(tables)]
    head = _MAGIC + bytes(16) + struct.pack("<5H6xI", 0x3E, 4, 0xFFFE, 12, 6, 1)
    head += struct.pack("<8I", tables, count, 0, _MINI_LIMIT, _END, 0, _END, 0)
    head += struct.pack(f"<{_FIRST_PLACES}I", *places, *[_FREE] * (_FIRST_PLACES - len(places)))
    folder = _entry("Root Entry", 5, 1, count, 0) + _entry("Workbook", 2, _FREE, 0, size)
    body = stream.ljust(count * _LARGE_SECTOR, b"\0") + folder.ljust(_LARGE_SECTOR, b"\0")
    return head.ljust(_LARGE_SECTOR, b"\0") + body + struct.pack(f"<{len(numbers)}I", *numbers)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    """Return an entry of the folder: a stream, or the root above it."""
    letters = name.encode("utf-16-le") + b"\0\0"
    about = struct.pack("<HBB3I", len(letters), kind, 1, _FREE, _FREE, child)
    return letters.ljust(64, b"\0") + about + bytes(36) + struct.pack("<IQ", start, size)

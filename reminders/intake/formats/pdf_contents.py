"""What draws a page of a PDF: its operators, found by one pattern and given to pdfminer's interpreter.

Colours, shades of ink and pictures draw no words and no rules; their operators are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import stream_value
from pdfminer.psparser import LIT

from reminders.intake.limits import MAX_PAGE_CHARACTERS

_REGULAR = rb"[^\s\[\]<>()/%{}\0]"
_TOKEN = re.compile(
    rb"([-+]?(?:\d+\.?\d*|\.\d+))(?!" + _REGULAR + rb")"
    rb"|<([0-9A-Fa-f\s]*)>|\(([^()\\\r]*)\)|([A-Za-z'\"]" + _REGULAR + rb"*)"
    rb"|/(" + _REGULAR + rb"*)|([\[\]])|(\()|%[^\r\n]*|<<|>>|" + _REGULAR + rb"+"
)
_NUMBER, _HEXADECIMAL, _STRING, _OPERATOR, _NAME, _BRACKET, _OPEN = range(1, 8)
_END_OF_PICTURE = re.compile(rb"\sEI(?!" + _REGULAR + rb")")
_PARTS = re.compile(rb"[()]|\\(?:[0-7]{1,3}|\r\n|[\s\S])|\r\n?")
_MOST_OPERANDS = 64  # of an operator: more are none's
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_CODE = re.compile(r"#([0-9A-Fa-f]{2})")

_OPERATORS: Final = {
    "q": "q", "Q": "Q", "cm": "cm", "BT": "BT", "ET": "ET", "Tc": "Tc", "Tw": "Tw", "Tz": "Tz", "TL": "TL",
    "Tf": "Tf", "Tr": "Tr", "Ts": "Ts", "Td": "Td", "TD": "TD", "Tm": "Tm", "T*": "T_a", "Tj": "Tj",
    "TJ": "TJ", "'": "_q", '"': "_w", "m": "m", "l": "l", "c": "c", "v": "v", "y": "y", "h": "h", "re": "re",
    "S": "S", "s": "s", "f": "f", "F": "F", "f*": "f_a", "B": "B", "B*": "B_a", "b": "b", "b*": "b_a",
    "n": "n", "Do": "Do",
}  # fmt: skip
"""The operators of words, rules and what holds them, and what pdfminer calls them."""


class ContentInterpreter(PDFPageInterpreter):
    """Runs what draws a page; it differs from pdfminer's in speed alone."""

    def execute(self, streams: Sequence[object]) -> None:
        """Run content streams; one that draws itself is passed over."""
        valid = []
        self.stream_ids.clear()
        for stream in map(stream_value, streams):
            if stream.objid is not None and stream.objid not in self.parent_stream_ids:
                valid.append(stream)
                self.stream_ids.add(stream.objid)
        self._operate(b"\n".join(stream.get_data() for stream in valid))

    def _operate(self, content: bytes) -> None:
        known: dict[bytes, tuple[Callable[..., None], int] | None] = {}
        operands: list[Any] = []
        for operand in _operands(content):
            if type(operand) is not _Operator:
                if len(operands) < _MOST_OPERANDS:
                    operands.append(operand)
                continue
            if operand not in known:
                name = _OPERATORS.get(operand.decode("latin-1"))
                method = getattr(self, f"do_{name}") if name else None
                known[operand] = (method, method.__code__.co_argcount - 1) if method else None
            if (found := known[operand]) and len(operands) >= found[1]:
                method, count = found
                method(*operands[len(operands) - count :])
            operands.clear()

    def do_TJ(self, seq: object) -> None:  # noqa: N802 - pdfminer names it after the operator
        """Show texts and the steps between them."""
        if self.textstate.font is not None and isinstance(seq, list):
            self.device.render_string(self.textstate, seq, self.graphicstate.ncs, self.graphicstate)


class _Operator(bytes):
    """The name of an operator, among operands."""


def _operands(content: bytes) -> Iterator[object]:
    """Yield numbers, texts, names, lists and operators in order."""
    start, end = 0, len(content)
    array: list[object] | None = None
    while start < end:
        begun, start = start, end
        for found in _TOKEN.finditer(content, begun):
            kind = found.lastindex
            value: object
            if kind == _NUMBER:
                value = float(found[_NUMBER])
            elif kind == _OPERATOR:
                name = found[_OPERATOR]
                if name == b"ID":  # a picture in between: what is up to its end is no text
                    ends = _END_OF_PICTURE.search(content, found.end())
                    start = ends.end() if ends else end
                    break
                array = None
                yield _Operator(name)
                continue
            elif kind == _HEXADECIMAL:
                digits = b"".join(found[_HEXADECIMAL].split())
                value = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
            elif kind == _STRING:
                value = found[_STRING]
            elif kind == _NAME:
                value = LIT(
                    _CODE.sub(lambda code: chr(int(code[1], 16)), found[_NAME].decode("utf-8", "replace"))
                )
            elif kind == _BRACKET:
                if found[0] == b"[":
                    array = []
                    continue
                if array is None:
                    continue
                value, array = array, None
            elif kind == _OPEN:
                value, start = _string(content, found.end())
            else:
                continue
            if array is None:
                yield value
            elif len(array) < MAX_PAGE_CHARACTERS:
                array.append(value)
            if kind == _OPEN:
                break


def _string(content: bytes, start: int) -> tuple[bytes, int]:
    """Return a text with brackets or escapes in it, and where it ends."""
    parts, depth = list[bytes](), 1
    for found in _PARTS.finditer(content, start):
        parts.append(content[start : found.start()])
        start, part = found.end(), found[0]
        if part == b")":
            depth -= 1
            if not depth:
                return b"".join(parts), start
        depth += part == b"("
        if part[:1] == b"\\":
            code = part[1:]
            if code.isdigit():
                part = bytes((int(code, 8) & 255,)) if code[:1] < b"8" else code
            else:
                part = b"" if code[:1] in b"\r\n" else _ESCAPES.get(code, code)
        elif part[:1] == b"\r":
            part = b"\n"
        parts.append(part)
    return b"".join(parts), len(content)

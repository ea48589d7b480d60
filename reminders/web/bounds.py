"""What an address, a form and a header may hold, so that whatever is sent finds an answer that is no 5xx.

* Numbers: ``{year:year}`` and ``{id:row}`` in routes, ``whole_number`` in queries and forms. What is no
  number of ours names nothing: 404, or as if the field were empty.
* Texts: no controls, no halves of surrogate pairs, no noncharacters. PostgreSQL stores no NUL, XML has no
  place for the others. They become blanks, wherever they stand: whoever pasted one loses nothing else.
* Forms: one of the two types that browsers send, in UTF-8.

Days are bounded where they are read (``email_templates.dates.typed_date``, ``iso_day``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from starlette.convertors import Convertor, register_url_convertor
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

MOST_DIGITS: Final = 9
"""Digits of the longest number that an address or field may hold: every database has room for it."""
FORM_TYPES: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_NOT_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ENCODED: Final = re.compile(rb"%(?:0[0-8bce-f]|1[0-9a-f]|7f)", re.IGNORECASE)
_CHARSETS: Final = ("", "utf-8", "utf8")
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]*)", re.IGNORECASE)
_LENGTH: Final = re.compile(r"[0-9]{1,18}", re.ASCII)


class NumberConvertor(Convertor[int]):
    """A number of digits alone, as many as ``regex`` lets in."""

    def convert(self, value: str) -> int:
        """Return the number."""
        return int(value)

    def to_string(self, value: int) -> str:
        """Return it as it stands in an address."""
        return str(value)


class YearConvertor(NumberConvertor):
    """A year that a programme may have."""

    regex = "19[7-9][0-9]|20[0-9]{2}"


class RowConvertor(NumberConvertor):
    """A number of a row, from one on."""

    regex = f"[1-9][0-9]{{0,{MOST_DIGITS - 1}}}"


register_url_convertor("year", YearConvertor())
register_url_convertor("row", RowConvertor())


def whole_number(text: str, most: int = 10**MOST_DIGITS - 1) -> int | None:
    """Return the number that ``text`` says in digits, None for none and for one beyond ``most``."""
    if not text.isascii() or not text.isdecimal() or len(text) > MOST_DIGITS:
        return None
    return number if (number := int(text)) <= most else None


def clean_text(text: str) -> str:
    """Return ``text`` with a blank for each character that no text has and no database or file can hold."""
    return _NOT_TEXT.sub(" ", text)


def clean_form(form: FormData) -> FormData:
    """Return a form with clean names and texts; files stay as they are."""
    return FormData(
        [
            (clean_text(name), clean_text(value) if isinstance(value, str) else value)
            for name, value in form.multi_items()
        ]
    )


def check_form_headers(headers: Mapping[str, str], most: int) -> None:
    """Raise ``HTTPException`` for a form of a type or length that is not read.

    400 for a length that is none, 413 for one beyond ``most`` bytes, 415 for another type or charset.
    """
    length = headers.get("content-length")
    if length is not None and not _LENGTH.fullmatch(length):
        raise HTTPException(413 if length.isdecimal() else 400)
    if length is not None and int(length) > most:
        raise HTTPException(413)
    written = headers.get("content-type", "")
    if not written and not int(length or 0):
        return  # a button without fields
    charset = _CHARSET.search(written)
    if written.partition(";")[0].strip().lower() not in FORM_TYPES:
        raise HTTPException(415)
    if charset and charset[1].lower() not in _CHARSETS:
        raise HTTPException(415)


class CleanAddress:
    """Hands requests on with addresses that are text: controls in path or query become blanks."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "http":
            path, query = scope["path"], scope["query_string"]
            if _NOT_TEXT.search(path) or _ENCODED.search(query):
                query = _ENCODED.sub(b"%20", query)
                scope = {**scope, "path": clean_text(path), "query_string": query}
        await self.app(scope, receive, send)

"""Reading a posted form, bounded: how many bytes, files and fields; and answering with a file."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message


async def read_form(request: Request, *, limit: int, files: int = 0, fields: int = 200) -> FormData:
    """Return the form of a POST; a larger one is refused with 413 before it is read to its end.

    Whoever asks for files closes the form.
    """
    left = limit

    async def counted() -> Message:
        nonlocal left
        message = await request.receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413)
        return message

    if int(request.headers.get("content-length") or 0) > limit:
        raise HTTPException(413)
    bounded = Request(request.scope, counted)
    return await bounded.form(max_files=files, max_fields=fields, max_part_size=100_000)


def text_of(form: FormData, name: str) -> str:
    """Return a field's text, nothing for a file or an absent field."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def as_file(octets: bytes, media_type: str, name: str) -> Response:
    """Return octets as a file to keep, which no cache does."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(octets, media_type=media_type, headers=headers)

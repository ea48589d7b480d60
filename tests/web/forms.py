"""Posting forms as a browser does, on the service's own host."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence

import httpx

from tests.web.conftest import Reader

OWN = {"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}
FOREIGN = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
Files = Sequence[tuple[str, tuple[str, bytes]]]


def send(
    reader: Reader,
    url: str,
    data: Mapping[str, str | list[str]],
    files: Files = (),
    headers: Mapping[str, str] = OWN,
) -> httpx.Response:
    """POST a form; with files as multipart."""

    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(app=reader.app, raise_app_exceptions=False)
        base = "http://127.0.0.1:8000"
        async with httpx.AsyncClient(transport=transport, base_url=base, cookies=reader.cookies) as client:
            return await client.post(url, data=dict(data), files=list(files) or None, headers=dict(headers))

    return asyncio.run(post())


def plain(text: str) -> str:
    """Return a page's text with ordinary blanks and breaks."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of a page's last form."""
    form = page.rpartition("<form")[2]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))

"""Posting forms as a browser does, on the service's own host."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser

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


class _Form(HTMLParser):
    """Reads what a browser would send of the forms of a page, by their place on it."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self._text = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a field that is chosen, ticked or filled in."""
        own = {name: value or "" for name, value in attrs}
        name, kind = own.get("name", ""), own.get("type", "text")
        if tag == "form":
            self.forms.append({})
        elif tag == "textarea":
            self._text = name
            self.forms[-1][name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in own or self._select not in self.forms[-1]):
            self.forms[-1][self._select] = own.get("value", "")
        elif tag == "input" and name and (kind not in {"radio", "checkbox"} or "checked" in own):
            self.forms[-1][name] = own.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """End a text or a list."""
        if tag == "textarea":
            self._text = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        """Take the text of a field."""
        if self._text:
            self.forms[-1][self._text] += data


def fields_of_page(page: str, form: int = 0) -> dict[str, str]:
    """Return what a browser would send of a page's form as it was opened, without its buttons."""
    reader = _Form()
    reader.feed(page)
    return reader.forms[form]


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of a page's last form."""
    form = page.rpartition("<form")[2]
    return dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', form))

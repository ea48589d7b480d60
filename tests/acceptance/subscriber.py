"""A calendar program that follows a feed: asks with what it knows, merges by UID, RECURRENCE-ID and SEQUENCE.

It reads lines as RFC 5545 has them and nothing else; what it holds after any number of changes must be what a
program that subscribes today gets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Literal, NamedTuple, Protocol

import httpx


class Client(Protocol):
    """Asks the service for an address."""

    def get(self, url: str, **headers: str) -> httpx.Response: ...

    def ask(self, method: str, url: str) -> httpx.Response: ...


class Key(NamedTuple):
    """What names an entry for a program: UID and RECURRENCE-ID (nothing: the entry itself)."""

    uid: str
    recurrence_id: str


class Version(NamedTuple):
    """How new an entry is, and its lines."""

    sequence: int
    modified: str
    text: str


_EVENT = re.compile(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT\r\n", re.DOTALL)


def unfolded(body: bytes) -> str:
    """Return the content lines (RFC 5545 section 3.1)."""
    return body.decode().replace("\r\n ", "")


def property_of(lines: str, name: str) -> str:
    """Return a property's value, nothing where there is none."""
    found = re.search(rf"^{name}(?:;[^:\r]*)?:(.*)\r$", lines, re.MULTILINE)
    return found[1] if found else ""


def entries(body: bytes) -> dict[Key, Version]:
    """Return the entries of a feed; the same name twice is an error."""
    found: dict[Key, Version] = {}
    for lines in _EVENT.findall(unfolded(body)):
        key = Key(property_of(lines, "UID"), property_of(lines, "RECURRENCE-ID"))
        assert key not in found, f"twice in one feed: {key}"
        stamp = property_of(lines, "LAST-MODIFIED")
        assert stamp == property_of(lines, "DTSTAMP"), lines
        found[key] = Version(int(property_of(lines, "SEQUENCE")), stamp, lines)
    masters = {key.uid for key in found if not key.recurrence_id}
    lonely = [key for key in found if key.uid not in masters]
    assert lonely == [], f"an override without its series: {lonely}"
    return found


@dataclass
class Subscriber:
    """One subscription; ``asks_by`` says what its program sends: the tag, or the date of what it has."""

    client: Client
    url: str
    asks_by: Literal["tag", "date"]
    held: dict[Key, Version] = field(default_factory=dict)
    newest: dict[str, tuple[int, str]] = field(default_factory=dict)
    tag: str = ""
    date: str = ""
    calendar_modified: str = ""
    answers: list[int] = field(default_factory=list)

    def follow(self) -> list[str]:
        """Ask once and merge what comes; return what a program would stumble over."""
        headers = {"if_none_match": self.tag} if self.asks_by == "tag" else {"if_modified_since": self.date}
        response = self.client.get(self.url, **{name: value for name, value in headers.items() if value})
        self.answers.append(response.status_code)
        if response.status_code == 304:
            now = self.client.ask("HEAD", self.url).headers["etag"]
            return [] if now == self.tag else [f"it is told that nothing changed, but {self.tag} is {now}"]
        assert response.status_code == 200, (self.url, response.status_code, response.text[:200])
        wrong = self._note(response)
        came = entries(response.content)
        # A program drops what has gone, and changes what is told as newer; the rest it keeps as it has it.
        for key in [key for key in self.held if key not in came]:
            del self.held[key]
        for key, version in came.items():
            old = self.held.get(key)
            if old is None or version[:2] > old[:2]:
                self.held[key] = version
            wrong += self._falls(key, version)
        for key, version in came.items():
            self.newest[key.uid] = max(self.newest.get(key.uid, version[:2]), version[:2])
        return wrong

    def _note(self, response: httpx.Response) -> list[str]:
        self.tag, date = response.headers["etag"], response.headers["last-modified"]
        modified = property_of(unfolded(response.content).partition("BEGIN:VEVENT")[0], "LAST-MODIFIED")
        wrong = []
        if self.date and parsedate_to_datetime(date) < parsedate_to_datetime(self.date):
            wrong.append(f"Last-Modified went back from {self.date} to {date}")
        if modified < self.calendar_modified:
            wrong.append(
                f"the calendar's LAST-MODIFIED went back from {self.calendar_modified} to {modified}"
            )
        self.date, self.calendar_modified = date, modified
        return wrong

    def _falls(self, key: Key, version: Version) -> list[str]:
        """Tell where SEQUENCE or LAST-MODIFIED of a UID fell, also after it was gone for a while."""
        sequence, modified = self.newest.get(key.uid, (0, ""))
        wrong = []
        if version.sequence < sequence:
            wrong.append(f"SEQUENCE of {key} fell from {sequence} to {version.sequence}")
        if version.modified < modified:
            wrong.append(f"LAST-MODIFIED of {key} went back from {modified} to {version.modified}")
        return wrong

    def differs(self) -> list[str]:
        """Return what a program that subscribes now gets otherwise than this one holds."""
        fresh = entries(self.client.get(self.url).content)
        lines = []
        for key in sorted({*fresh, *self.held}):
            old, new = self.held.get(key), fresh.get(key)
            if old != new:
                lines.append(f"{key}: holds {_differing(old, new)}, fresh {_differing(new, old)}")
        return lines


def _differing(one: Version | None, other: Version | None) -> str:
    if one is None:
        return "nothing"
    return " | ".join(
        line for line in one.text.splitlines() if not other or line not in other.text.splitlines()
    )

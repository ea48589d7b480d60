"""What a YAML tree must look like: each check takes an entry and gives a value, or notes a problem.

A check never stops the reading: it notes what is wrong, with line and path, and
gives an empty value, so that one pass finds everything.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from unicodedata import category
from zoneinfo import ZoneInfo

from reminders.errors import Problem
from reminders.intake.formats.yaml_tree import Mapping, Node, Scalar, Sequence
from reminders.intake.messages import ImportMessage, import_message
from schedule_rules.days import MonthDay
from schedule_rules.programme import LANGUAGES, Lang, Text

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH_DAY = re.compile(r"\d{2}-\d{2}", re.ASCII)
_COMMON_YEAR = 2023  # a day of every year exists in this one
_LONGEST_FOUND = 60
_HINTS = 20
_MOST_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """A node and its path. ``node`` None: absent, and a problem only where it is required."""

    node: Node | None
    path: str
    noted: bool = False

    def __bool__(self) -> bool:
        """Tell whether there is anything: an absent or empty value is nothing."""
        return self.node is not None and self.node != Scalar("", self.node.line)


class Shape:
    """The checks, and the problems that they have noted."""

    def __init__(self, source: str) -> None:
        self.languages: tuple[Lang, ...] = LANGUAGES
        """The languages that every text must have; others are optional."""
        self._source = source
        self._noted: list[tuple[int, Problem]] = []

    @property
    def problems(self) -> list[Problem]:
        """The problems noted, from the top of the file to its end."""
        return [problem for _, problem in sorted(self._noted, key=lambda noted: noted[0])]

    def wrong(self, entry: Entry, found: str, expected: str, line: int = 0) -> None:
        """Note a problem with ``entry``."""
        if len(self._noted) >= _MOST_PROBLEMS:
            return
        line = line or (entry.node.line if entry.node else 1)
        place = f"line {line}, {entry.path}" if entry.path else f"line {line}"
        self._noted.append((line, Problem(self._source, place, found, expected)))

    # -- containers ---------------------------------------------------------------

    def mapping(self, entry: Entry, *required: str, optional: Collection[str] = ()) -> dict[str, Entry]:
        """Return an entry for every key, required or optional; absent ones hold no node."""
        known = tuple(dict.fromkeys((*required, *optional)))
        if not isinstance(entry.node, Mapping):
            self._not_what(entry, import_message("mapping"))
            return {key: Entry(None, _join(entry.path, key), noted=True) for key in known}
        self._check_keys(entry, entry.node, known)
        parts = {key: Entry(entry.node.entries.get(key), _join(entry.path, key)) for key in known}
        for key in required:
            if not parts[key]:
                line = entry.node.key_lines.get(key, entry.node.line)
                self.wrong(parts[key], import_message("nothing"), _expected(key), line)
                parts[key] = Entry(None, parts[key].path, noted=True)
        return parts

    def items(
        self, entry: Entry, least: ImportMessage | None = None, named_by: str = ""
    ) -> tuple[Entry, ...]:
        """Return the entries of a list; ``least``: what must be there; ``named_by``: names items in paths."""
        nodes: tuple[Node, ...] = ()
        if isinstance(entry.node, Sequence):
            nodes = entry.node.items
        elif entry:
            self._not_what(entry, import_message("list"))
            return ()
        if least and not nodes and not entry.noted:
            self.wrong(entry, import_message("empty-list"), least)
        return tuple(
            Entry(node, f"{entry.path}[{number}]{_name(node, named_by)}") for number, node in enumerate(nodes)
        )

    def _check_keys(self, entry: Entry, node: Mapping, known: Collection[str]) -> None:
        for key, line in node.repeated:
            self.wrong(entry, import_message("key-again", key=key), import_message("key-once"), line)
        for key in node.entries.keys() - set(known):
            expected = import_message("known-keys", keys=", ".join(known))
            self.wrong(entry, import_message("unknown-key", key=_short(key)), expected, node.key_lines[key])

    # -- values ---------------------------------------------------------------------

    def text(self, entry: Entry) -> str:
        """Return a text that is not empty."""
        if not isinstance(entry.node, Scalar) or not (value := entry.node.value.strip()):
            self._not_what(entry, import_message("a-text"))
            return ""
        if any(category(char) == "Cc" and char not in "\n\t" for char in value):
            self.wrong(entry, import_message("control-character"), import_message("no-control-character"))
            return ""
        return value

    def translated(self, entry: Entry, *, all_languages: bool = True) -> Text:
        """Return a text in the programme's languages (if not ``all_languages``: in those that are there)."""
        if not all_languages and not entry:
            return Text()
        required = self.languages if all_languages else ()
        parts = self.mapping(entry, *required, optional=LANGUAGES)
        return Text(**{lang: self.text(part) for lang, part in parts.items() if part or part.noted})

    def choice(self, entry: Entry, known: Collection[str], what: ImportMessage) -> str:
        """Return one of the ``known`` words, or an empty text."""
        value = self.text(entry)
        if value in known:
            return value
        if value:
            self.wrong(entry, _quoted(value), self._hinted(what, value, known))
        return ""

    def key(self, entry: Entry) -> str:
        """Return a key: lower-case letters and digits, joined by hyphens."""
        value = self.text(entry)
        if value and not _KEY.fullmatch(value):
            self.wrong(entry, _quoted(value), import_message("a-key", characters="a-z, 0-9"))
        return value

    def new_key(self, entry: Entry, seen: dict[str, ImportMessage], what: ImportMessage) -> str:
        """Return a key that ``seen`` does not hold yet; note it there as used by ``what``."""
        key = self.key(entry)
        if key and key in seen:
            self.wrong(entry, _quoted(key), import_message("free-key", user=seen[key]))
        elif key:
            seen[key] = import_message("in-line", user=what, line=entry.node.line) if entry.node else what
        return key

    def date(self, entry: Entry) -> dt.date:
        """Return a date written YYYY-MM-DD; ``date.min`` stands for one that is none."""
        value = self.text(entry)
        try:
            if _DATE.fullmatch(value):
                return dt.date.fromisoformat(value)
        except ValueError:
            pass  # the form is right, the day does not exist
        if value:
            self.wrong(entry, _quoted(value), import_message("a-date", example="2023-12-31"))
        return dt.date.min

    def month_day(self, entry: Entry) -> MonthDay:
        """Return a day of every year, written MM-DD."""
        value = self.text(entry)
        try:
            if _MONTH_DAY.fullmatch(value):
                day = dt.date.fromisoformat(f"{_COMMON_YEAR}-{value}")
                return MonthDay(day.month, day.day)
        except ValueError:
            pass  # the form is right, the day does not exist every year
        if value:
            self.wrong(entry, _quoted(value), import_message("a-month-day", example="10-31"))
        return MonthDay(1, 1)

    def timezone(self, entry: Entry) -> str:
        """Return the name of a time zone."""
        value = self.text(entry)
        try:
            if value:
                ZoneInfo(value)
        except (OSError, KeyError, ValueError):
            self.wrong(entry, _quoted(value), import_message("a-time-zone"))
        return value

    def _hinted(self, what: ImportMessage, value: str, known: Collection[str]) -> ImportMessage:
        """Return what was expected, with the known word that is most like what was found."""
        # Comparing costs: a file full of mistakes gets no hints after the first few.
        near = get_close_matches(value, known, n=1) if len(known) > 1 and len(self._noted) < _HINTS else []
        return import_message("perhaps", expected=what, near=near[0]) if near else what

    def _not_what(self, entry: Entry, expected: ImportMessage) -> None:
        """Note that ``entry`` is something else than expected, unless it was noted as absent."""
        if not entry.noted:
            self.wrong(entry, _kind(entry.node), expected)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _name(node: Node, named_by: str) -> str:
    name = node.entries.get(named_by) if isinstance(node, Mapping) and named_by else None
    return f" ({_short(name.value)})" if isinstance(name, Scalar) and name.value else ""


def _expected(key: str) -> ImportMessage:
    return import_message(f"text-in-{key}") if key in LANGUAGES else import_message("a-value")


def _kind(node: Node | None) -> str:
    if isinstance(node, Mapping):
        return import_message("mapping")
    if isinstance(node, Sequence):
        return import_message("list")
    return _quoted(node.value) if node and node.value.strip() else import_message("nothing")


def _quoted(value: str) -> ImportMessage:
    return import_message("quoted", value=_short(value))


def _short(value: str) -> str:
    """Return a text from the file that is safe and short enough to be shown in one line."""
    shown = "".join(char if char.isprintable() else " " for char in value)
    return shown if len(shown) <= _LONGEST_FOUND else f"{shown[:_LONGEST_FOUND]}…"

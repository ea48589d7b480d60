"""YAML as plain texts, lists and dicts, with the line of each.

Built from the parser's events, so nothing is guessed from a plain word (``no`` stays a text, a date stays as
written) and nothing is expanded: anchors, tags and a second document are refused, depth and size are bounded.
What the tree must hold is left to ``yaml_file``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from reminders.errors import InputError
from reminders.intake.limits import MAX_YAML
from reminders.intake.messages import import_error

MAX_DEPTH = 20

# The C parser is ten times as fast and gives the same events and lines.
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Node = str | list["Node"] | dict[str, "Node"]
Path = tuple[str | int, ...]


@dataclass(slots=True)
class Tree:
    """A document: its root, and the line at each path from there.

    ``lines`` are those of values, ``key_lines`` those of keys. Of a key that comes again the
    first value stands; ``repeated`` holds its path, and the line of each further time.
    """

    root: Node = ""
    lines: dict[Path, int] = field(default_factory=dict)
    key_lines: dict[Path, int] = field(default_factory=dict)
    repeated: list[tuple[Path, int]] = field(default_factory=list)


def read_tree(text: str, source: str) -> Tree:
    """Return the tree of the one document in ``text``."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_YAML:
        raise import_error(source, "line 1", "larger-file", "at-most-mb", mb=MAX_YAML // 1_000_000)
    try:
        return _Reader(text, source).document()
    except yaml.MarkedYAMLError as broken:
        mark = broken.problem_mark or broken.context_mark
        place, reason = f"line {mark.line + 1 if mark else 1}", broken.problem or broken.context
        raise import_error(source, place, "mistake", "yaml", reason=reason) from None
    except (yaml.YAMLError, UnicodeEncodeError):
        place = f"line {_line_of_odd_character(text)}"
        raise import_error(source, place, "odd-character", "usual-characters") from None


def _line_of_odd_character(text: str) -> int:
    for number, line in enumerate(text.split("\n"), start=1):
        if any(not char.isprintable() and yaml.reader.Reader.NON_PRINTABLE.match(char) for char in line):
            return number
    return 1


class _Reader:
    """Turns events into a tree, one method a kind of node."""

    def __init__(self, text: str, source: str) -> None:
        self._source = source
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=_Loader)
        self._tree = Tree()

    def document(self) -> Tree:
        """Read the stream: exactly one document."""
        next(self._events)  # the start of the stream
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            raise self._refused(1, "empty-file", "a-programme")
        self._tree.root = self._node(next(self._events), ())
        next(self._events)  # the end of the document
        after = next(self._events)
        if isinstance(after, yaml.DocumentStartEvent):
            raise self._refused(_line(after), "second-document", "one-document")
        return self._tree

    def _node(self, event: yaml.Event, path: Path) -> Node:
        self._refuse_extras(event, len(path))
        self._tree.lines[path] = _line(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items = enumerate(self._until(yaml.SequenceEndEvent))
            return [self._node(item, (*path, number)) for number, item in items]
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        return _text(event)

    def _mapping(self, path: Path) -> Node:
        entries: dict[str, Node] = {}
        for event in self._until(yaml.MappingEndEvent):
            self._refuse_extras(event, len(path) + 1)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refused(_line(event), "odd-key", "text-key")
            key = _text(event)
            place, tree = (*path, key), self._tree
            if key in entries:
                tree.repeated.append((place, _line(event)))
                self._tree = Tree()  # what comes again is read, and leaves no trace
            else:
                tree.key_lines[place] = _line(event)
            entries.setdefault(key, self._node(next(self._events), place))
            self._tree = tree
        return entries

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        while not isinstance(event := next(self._events), end):
            yield event

    def _refuse_extras(self, event: yaml.Event, depth: int) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._refused(_line(event), "anchor", "value-itself")
        if tag := getattr(event, "tag", None):
            raise self._refused(_line(event), "tag", "no-tag", tag=tag)
        if depth > MAX_DEPTH:
            raise self._refused(_line(event), "deeper", "most-levels", count=MAX_DEPTH)

    def _refused(self, line: int, found: str, expected: str, **values: object) -> InputError:
        return import_error(self._source, f"line {line}", found, expected, **values)


def _text(event: yaml.Event) -> str:
    """Return the text; a plain null is an absent value, in whichever way it is spelt."""
    value: str = event.value if isinstance(event, yaml.ScalarEvent) else ""
    null = not getattr(event, "style", "") and value in {"~", "null"}
    return "" if null else value


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1

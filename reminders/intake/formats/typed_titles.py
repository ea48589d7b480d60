"""What writers do by hand though their program has a way for it: bold titles, raised digits for notes."""

from __future__ import annotations

import re
from typing import Final

from reminders.intake.headings import role_of

_LONGEST: Final = 120
_LABEL: Final = re.compile(r"^([^:]{2,40}?)\s*:")
_OVER: Final = frozenset((None, "domain", "goal", "action"))
_NOTE: Final = re.compile(r"\[?(?:\d{1,2}|[*†‡]{1,3})\]?(?:\s*,\s*\d{1,2})*[).]?")
_BEFORE_NOTE: Final = re.compile(r"(?:[^\W\d_]{3}|(?<!\d)20\d\d|[.)\]»”\"])\s?$")


def is_typed_title(text: str) -> bool:
    """Tell whether a bold line is a title: short, no sentence, and not the name of a field."""
    line = text.strip()
    if not (2 < len(line) <= _LONGEST) or "\n" in line or line[-1] in ".,;:" or "\t" in line:
        return False
    label = _LABEL.match(line)
    role = role_of(label[1]) if label else None
    return role in _OVER if label else role_of(line) is None and any(map(str.isalpha, line))


def is_footnote_mark(text: str, before: str) -> bool:
    """Tell whether a raised text is the mark of a note behind a word or a year, not a power (m², 10³)."""
    return bool(_NOTE.fullmatch(text.strip()) and _BEFORE_NOTE.search(before))

"""What a reader left out on purpose, said once a kind: hidden and struck text, hidden sheets, comments."""

from __future__ import annotations

from reminders.intake.content import IntakeFinding
from reminders.intake.words import squeeze

_LONGEST_SHOWN = 200
_MOST_SHOWN = 20


class LeftOut:
    """Texts by kind, each kind in the order in which they were found."""

    def __init__(self) -> None:
        """Begin with nothing left out."""
        self._found: dict[tuple[str, str], list[str]] = {}

    def finding(self, code: str, text: str, place: str = "the file") -> None:
        """Add a text to the finding of its kind and place; one without a letter or digit is none."""
        words = squeeze(text[: _LONGEST_SHOWN * 2])
        if any(map(str.isalnum, words)):
            texts = self._found.setdefault((code, place), [])
            if len(texts) < _MOST_SHOWN:
                texts.append(words)

    def findings(self, file: str) -> tuple[IntakeFinding, ...]:
        """Return a finding for each kind and place."""
        return tuple(
            IntakeFinding(code, file, place, " … ".join(texts)[:_LONGEST_SHOWN])
            for (code, place), texts in self._found.items()
        )

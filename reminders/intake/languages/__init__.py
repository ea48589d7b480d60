"""The languages beside Finnish, Swedish and English in which documents are read: a module each.

They are found by being there. A module has ``WORDS``; nothing else names it. Each has a vocabulary of
schedules too, in ``schedule_rules.reading.languages``, and signs in ``language_signs``; a test compares them.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module

from reminders.intake.vocabulary import DocumentWords
from schedule_rules.programme import TextLang


def _found() -> Mapping[TextLang, DocumentWords]:
    words: Iterable[DocumentWords] = (
        import_module(module.name).WORDS for module in pkgutil.iter_modules(__path__, f"{__name__}.")
    )
    return {one.lang: one for one in words}


FURTHER: Mapping[TextLang, DocumentWords] = _found()
"""The words of each further language by its code."""


def further(get: Callable[[DocumentWords], str | Iterable[str]]) -> list[str]:
    """Return the words of all further languages that ``get`` takes; a text is cut at its blanks."""
    found = (get(one) for one in FURTHER.values())
    return [word for one in found for word in (one.split() if isinstance(one, str) else one)]


def alternatives(get: Callable[[DocumentWords], str | Iterable[str]]) -> str:
    """Return the words of further languages as more alternatives of a pattern, each behind a bar."""
    return "".join(f"|{re.escape(word)}" for word in further(get))

"""The languages that are read: one module each in this folder, found by being there.

A module has a ``VOCABULARY``; nothing else names it. The languages in which readers are written to come
first, in their own order, which decides a tie.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module

from schedule_rules.programme import LANGUAGES, TextLang
from schedule_rules.reading.vocabulary import Vocabulary


def _vocabularies() -> Mapping[TextLang, Vocabulary]:
    found: dict[TextLang, Vocabulary] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        vocabulary: Vocabulary = import_module(module.name).VOCABULARY
        found[vocabulary.lang] = vocabulary
    first: list[TextLang] = [*LANGUAGES, *sorted(found)]
    return {lang: found[lang] for lang in sorted(found, key=first.index)}


VOCABULARIES: Mapping[TextLang, Vocabulary] = _vocabularies()
"""The vocabulary of each language by its code."""

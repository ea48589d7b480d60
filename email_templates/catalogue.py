"""Message catalogues: an id and a language give a text, strictly.

A catalogue is a folder with one TOML file a language, ``fi.toml``, and more of them where a family of texts
has grown, ``answer.fi.toml``. Nested tables make dotted ids; a table of plural forms (``zero``, ``one``,
``other``) is one text. Placeholders are those of ``str.format``; a missing id, a missing variable or one that
no text uses raises. Which words are right is left to the TOML files, and the forms of dates and numbers to
``dates``.

Each room that says something has its texts in a folder ``locale`` of its own, and its own
``say = say_from("reminders.web")``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Formatter
from typing import Any, Protocol

from babel import Locale

from email_templates.dates import LOCALES, number
from schedule_rules.programme import LANGUAGES, Lang

PLURAL_FORMS = frozenset({"zero", "one", "other"})

Entry = Mapping[str, str]


class CatalogueError(LookupError):
    """A text is missing, or was asked for with the wrong variables."""


def placeholders(text: str) -> frozenset[str]:
    """Return the names of the placeholders in ``text``."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@dataclass(frozen=True)
class Catalogue:
    """Texts by language and id. ``entries[lang][id]`` maps a plural form to its text."""

    entries: Mapping[Lang, Mapping[str, Entry]]

    @classmethod
    def load(cls, folder: Traversable | Path) -> Catalogue:
        """Read ``fi.toml`` and ``*.fi.toml``, and so for each language, in ``folder`` (a path or resource).

        Raises ``CatalogueError`` where two files have the same id.
        """
        return cls({lang: _read(folder, lang) for lang in LANGUAGES})

    @cached_property
    def ids(self) -> frozenset[str]:
        """All ids, whichever language has them."""
        return frozenset().union(*self.entries.values())

    def has(self, lang: Lang, text_id: str) -> bool:
        """Tell whether ``lang`` has a text for ``text_id``."""
        return text_id in self.entries[lang]

    def forms(self, lang: Lang, text_id: str) -> Entry:
        """Return the plural forms of a text; one without plurals has only ``other``."""
        try:
            return self.entries[lang][text_id]
        except KeyError:
            raise CatalogueError(f"No text for {text_id!r} in {lang!r}.") from None

    def say(self, lang: Lang, text_id: str, /, n: int | None = None, **variables: object) -> str:
        """Return the text, its plural form chosen by ``n`` (which ``{n}`` writes as a number)."""
        forms = self.forms(lang, text_id)
        text = forms[_form(lang, forms, n)]
        expected = frozenset().union(*map(placeholders, forms.values()))
        given = set(variables) | ({"n"} if n is not None else set())
        if n is not None and len(forms) > 1:
            expected |= {"n"}
        if expected != given:
            raise CatalogueError(
                f"{text_id!r} in {lang!r} takes {sorted(expected)}, was given {sorted(given)}."
            )
        return text.format(n="" if n is None else number(n, lang), **variables)


class Say(Protocol):
    """Returns a text of one catalogue (see ``Catalogue.say``)."""

    def __call__(self, lang: Lang, text_id: str, /, n: int | None = None, **variables: object) -> str:
        """Return the text in ``lang``."""


@cache
def catalogue(package: str) -> Catalogue:
    """Return the catalogue in the folder ``locale`` of a package, read once."""
    return Catalogue.load(files(package) / "locale")


def say_from(package: str) -> Say:
    """Return what says the texts of a package; its catalogue is read at the first of them."""

    def say(lang: Lang, text_id: str, /, n: int | None = None, **variables: object) -> str:
        return catalogue(package).say(lang, text_id, n, **variables)

    return say


def _read(folder: Traversable | Path, lang: Lang) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    own = [
        one for one in folder.iterdir() if one.name == f"{lang}.toml" or one.name.endswith(f".{lang}.toml")
    ]
    for file in sorted(own, key=lambda one: one.name):
        found = dict(_flatten(tomllib.loads(file.read_text(encoding="utf-8"))))
        if twice := sorted(entries.keys() & found.keys()):
            raise CatalogueError(f"{file.name} has {twice[0]!r} a second time.")
        entries.update(found)
    return entries


def _form(lang: Lang, forms: Entry, n: int | None) -> str:
    if n is None or len(forms) == 1:
        return "other"
    if n == 0 and "zero" in forms:
        return "zero"
    plural: str = Locale.parse(LOCALES[lang]).plural_form(n)
    return plural if plural in forms else "other"


def _flatten(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Entry]]:
    for key, value in tree.items():
        if isinstance(value, str):
            yield prefix + key, {"other": value}
        elif isinstance(value, Mapping) and "other" in value and set(value) <= PLURAL_FORMS:
            yield prefix + key, dict(value)
        elif isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            raise CatalogueError(f"{prefix + key!r} is neither a text nor a table.")

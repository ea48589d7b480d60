"""What an import would bring, as values of its page: findings, changes, counts. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from email_templates import dates
from reminders.dispatch.importing import Import
from reminders.web.change_words import ChangeRow, Pair
from reminders.web.finding_list import code_words
from reminders.web.reading_words import detail_words, place_words
from reminders.web.words import say
from schedule_rules.derive import derive
from schedule_rules.programme import Lang, Programme

SHOWN: Final = 200
"""Rows of a table; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something in a file that needs a person's eye."""

    file: str
    place: str
    what: str
    words: str
    nearest: str


@dataclass(frozen=True, slots=True)
class ImportView:
    """What the preview shows."""

    name: str
    key: str
    facts: tuple[tuple[str, str], ...]
    found: tuple[Found, ...]
    found_count: int
    changes: tuple[ChangeRow, ...]
    change_count: int
    unclear: int
    is_new: bool
    storable: bool
    stamp: str


def import_view(found: Import, old: Programme | None, lang: Lang) -> ImportView:
    """Return the preview of an import; ``old`` is the stored programme that it is a version of."""
    programme = found.programme
    rows = Pair(old, programme, lang).rows(found.changes[:SHOWN])
    return ImportView(
        name=programme.name.get(lang),
        key=programme.key,
        facts=tuple(_facts(found, lang)),
        found=tuple(_found(found, lang)),
        found_count=len(found.findings),
        changes=rows,
        change_count=len(found.changes),
        unclear=len(derive(programme).findings),
        is_new=found.is_new,
        storable=bool(programme.actions) and (found.is_new or programme != old),
        stamp=stamp_of(found),
    )


def _facts(found: Import, lang: Lang) -> Iterator[tuple[str, str]]:
    programme = found.programme
    yield say(lang, "import.actions"), dates.number(len(programme.actions), lang)
    yield say(lang, "import.domains"), dates.number(len(programme.domains), lang)
    yield say(lang, "import.organisations"), dates.number(len(programme.organisations), lang)
    yield say(lang, "import.period"), dates.span(programme.period.first, programme.period.last, lang)
    yield say(lang, "import.languages"), ", ".join(programme.languages)
    yield say(lang, "import.key"), programme.key


def _found(found: Import, lang: Lang) -> Iterator[Found]:
    for one in found.findings[:SHOWN]:
        yield Found(
            one["file"],
            place_words(one["place"], lang),
            code_words(one["code"], lang),
            one["words"],
            detail_words(one["detail"], lang),
        )


def stamp_of(found: Import) -> str:
    """Return what tells that a second reading of the files would do the same as the one shown."""
    shown = [found.programme.key, found.document, [str(one) for one in found.changes]]
    return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()[:32]

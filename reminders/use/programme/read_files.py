"""Programmes from files into the database: read, compare with what is stored, store as a whole.

Answers, corrections, holds and history stay: they hang on ids, which a re-import keeps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reminders.errors import InputError
from reminders.intake.document import neutral_document
from reminders.intake.read import ProgrammeReading, Progress, read_documents
from reminders.planning.programme_diff import ProgrammeChange, programme_changes
from reminders.programmes import built_in_keys
from reminders.service import Service
from reminders.store import programmes
from reminders.use.programme.store_programme import read_built_in, store_programme
from schedule_rules.programme import Lang, Programme

_NO_YEAR = 2000
"""The period of a programme without years that is only looked at, without a service and its clock."""


@dataclass(frozen=True)
class Import:
    """What files hold and what taking them in would change."""

    programme: Programme
    document: Mapping[str, Any]
    findings: tuple[Mapping[str, str], ...]
    changes: tuple[ProgrammeChange, ...]
    is_new: bool


def read_import(
    service: Service | None,
    files: Sequence[str],
    lang: Lang | None,
    key: str | None,
    progress: Progress | None = None,
) -> Import:
    """Read files, or a built-in programme by its key; nothing is stored.

    ``key`` names the stored programme that they are a version of: its ids and
    organisations are kept. Without a ``service`` nothing is compared.
    """
    stored = printed_programmes(service)
    if len(files) == 1 and files[0] in built_in_keys():
        programme, _ = read_built_in(files[0])
        return _import(ProgrammeReading(programme, (), ()), stored, key)
    paths = [Path(file) for file in files]
    known = stored.get(key) if key else None
    year = service.clock().year if service else _NO_YEAR
    reading = read_documents(paths, lang=lang, known=known, progress=progress, year=year)
    if known is None and reading.programme.key in stored and paths[0].suffix not in {".yaml", ".yml"}:
        known = stored[reading.programme.key]
        reading = read_documents(paths, lang=lang, known=known, progress=progress, year=year)
    return _import(reading, stored, key)


def printed_programmes(service: Service | None) -> dict[str, Programme]:
    """Return the stored programmes as they were printed, by key; none without a service."""
    if service is None:
        return {}
    with service.database.read() as connection:
        return {row.programme.key: row.printed for row in programmes.all_programmes(connection)}


def _import(reading: ProgrammeReading, stored: Mapping[str, Programme], key: str | None) -> Import:
    programme = replace(reading.programme, key=key) if key else reading.programme
    old = stored.get(programme.key)
    alone = len(reading.documents) == 1
    first: Lang = "en" if "en" in programme.languages else programme.languages[0]
    document = reading.documents[0].as_json() if alone else neutral_document(programme, first)
    findings = tuple(
        {"code": one.code, "file": one.file, "place": one.place, "words": one.words, "detail": one.detail}
        for one in reading.findings
    )
    return Import(programme, document, findings, programme_changes(old, programme), old is None)


def store_import(service: Service, found: Import) -> bool:
    """Store what was read, in one transaction; a new programme is held. Return whether anything changed."""
    if not found.programme.actions:
        raise InputError(found.programme.key, "the programme", "no action", "at least one")
    now = service.clock()
    with service.database.write() as connection:
        changed = store_programme(connection, found.programme, now)
        if changed:
            programmes.set_findings(connection, found.programme.key, found.findings)
    return changed

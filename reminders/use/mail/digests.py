"""The secretary's digest as it would be now: as a document, as text, as rows of a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from email_templates import words
from email_templates.letters import BoardDigest, DigestRow
from email_templates.render import render
from reminders.clock import civil_time
from reminders.collection.spreadsheet import Cell, Sheet, as_csv, as_xlsx
from reminders.errors import NotFoundError
from reminders.letters.digest import board_digest
from reminders.service import Service
from reminders.store import planned as store
from reminders.use.mail.compose import MailContext, lists_of
from reminders.use.planning.load_state import load_states
from schedule_rules.programme import Lang, Text

FORMATS: Final = (".csv", ".xlsx")
_COLUMNS = ("list", "unit", "title", "due", "mark", "note", "url")
_LISTS = ("proposals", "declined", "answered", "paused", "no-contact", "failures", "unclear")


def digest_letters(service: Service) -> tuple[tuple[str, BoardDigest], ...]:
    """Return (programme key, letter) of each programme's digest of today."""
    now = service.clock()
    today = civil_time(service.settings, now).day
    post = MailContext(service.settings, service.secret, now)
    with service.database.read() as connection:
        last = store.last_digests(connection, before=today)
        return tuple(
            (
                key,
                board_digest(
                    state,
                    today,
                    last.get(key),
                    service.settings.base_url,
                    lists_of(connection, state, last.get(key), post),
                ),
            )
            for key, state in load_states(connection).items()
        )


def digest_now(service: Service, lang: Lang = "en") -> tuple[list[dict[str, object]], str]:
    """Return the digests as a JSON-ready list and as the text a secretary reads in ``lang``."""
    letters = digest_letters(service)
    if not letters:
        raise NotFoundError("no programme; reminders import FILE reads one")
    texts = [render(letter, lang).text for _, letter in letters]
    return [_document(key, letter) for key, letter in letters], "\n".join(texts)


def _document(key: str, letter: BoardDigest) -> dict[str, object]:
    return {
        "programme": key,
        "date": letter.sent_on.isoformat(),
        "last": _iso(letter.last),
        "meeting": _iso(letter.meeting),
        "unchanged": letter.unchanged,
        "overdue": [
            {"organisation": unit.name.as_dict(), "items": [_row(row) for row in unit.rows]}
            for unit in letter.overdue
        ],
        "proposals": [_row(row) for row in letter.proposals],
        "declined": [_row(row) for row in letter.declined],
        "answered": [_row(row) for row in letter.answered],
        "paused": [_row(row) for row in letter.paused],
        "no_contact": [row.title.as_dict() for row in letter.no_contact],
        "failures": [_row(row) for row in letter.failures],
        "unclear": [_row(row) for row in letter.unclear],
    }


def digest_file(service: Service, suffix: str, lang: Lang) -> bytes:
    """Return all rows of the digests as the octets of a ``.csv`` or ``.xlsx`` file (see ``sheet``).

    A workbook has a sheet for each programme; in CSV their rows follow one another.
    """
    sheets = [replace(digest_sheet(letter, lang), title=key) for key, letter in digest_letters(service)]
    if suffix == ".xlsx":
        return as_xlsx(sheets, civil_time(service.settings, service.clock()).instant)
    rows = tuple(row for one in sheets for row in one.rows)
    return as_csv(Sheet("", _header(lang), rows))


def _header(lang: Lang) -> tuple[str, ...]:
    return tuple(words.say(lang, f"sheet.{name}") for name in _COLUMNS)


def digest_sheet(letter: BoardDigest, lang: Lang) -> Sheet:
    """Return all rows of a digest as one table in ``lang``, also of an unchanged one.

    Columns: list, responsible party, action, deadline (a civil date), status, note, address of the page.
    """
    return Sheet(words.letter(lang, "digest"), _header(lang), tuple(_cells(letter, lang)))


def _cells(letter: BoardDigest, lang: Lang) -> Iterator[tuple[Cell, ...]]:
    for unit in letter.overdue:
        yield from (_cell_row("overdue", row, unit.name, lang) for row in unit.rows)
    for name in _LISTS:
        rows: tuple[DigestRow, ...] = getattr(letter, name.replace("-", "_"))
        yield from (_cell_row(name, row, row.unit, lang) for row in rows)


def _cell_row(name: str, row: DigestRow, unit: Text, lang: Lang) -> tuple[Cell, ...]:
    mark = words.say(lang, f"mark.{row.mark}") if row.mark else ""
    heading = words.say(lang, f"digest.{name}")
    return heading, unit.get(lang), row.title.get(lang), row.due, mark, row.note.get(lang), row.url


def _row(row: DigestRow) -> dict[str, object]:
    return {
        "title": row.title.as_dict(),
        "due": _iso(row.due),
        "url": row.url,
        "mark": row.mark,
        "note": row.note.as_dict(),
        "organisation": row.unit.as_dict(),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

"""The secretary's digest as it would be now, as a document and as text."""

from __future__ import annotations

from datetime import date

from email_templates.letters import BoardDigest, DigestRow
from email_templates.render import render
from reminders.digest import board_digest
from reminders.dispatch.mail import Post, lists_of
from reminders.dispatch.tick import Service
from reminders.dispatch.worlds import local, worlds
from reminders.errors import NotFoundError
from reminders.store import reminders as store


def digest_letters(service: Service) -> tuple[tuple[str, BoardDigest], ...]:
    """Return (programme key, letter) of each programme's digest of today."""
    now = service.clock()
    today = local(service.settings, now).day
    post = Post(service.settings, service.secret, now)
    with service.database.read() as connection:
        last = store.last_digests(connection, before=today)
        return tuple(
            (
                key,
                board_digest(
                    world,
                    today,
                    last.get(key),
                    service.settings.base_url,
                    lists_of(connection, world, last.get(key), post),
                ),
            )
            for key, world in worlds(connection).items()
        )


def digest_now(service: Service) -> tuple[list[dict[str, object]], str]:
    """Return the digests as a JSON-ready list and as the text a secretary reads, in English."""
    letters = digest_letters(service)
    if not letters:
        raise NotFoundError("no programme; reminders import FILE reads one")
    texts = [render(letter, "en").text for _, letter in letters]
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
        "answered": [_row(row) for row in letter.answered],
        "paused": [_row(row) for row in letter.paused],
        "no_contact": [row.title.as_dict() for row in letter.no_contact],
        "failures": [_row(row) for row in letter.failures],
        "unclear": [_row(row) for row in letter.unclear],
    }


def _row(row: DigestRow) -> dict[str, object]:
    return {
        "title": row.title.as_dict(),
        "due": _iso(row.due),
        "url": row.url,
        "mark": row.mark,
        "note": row.note.as_dict(),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

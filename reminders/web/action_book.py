"""Which programme an action's address means."""

from __future__ import annotations

from collections.abc import Iterable

from reminders.errors import NotFoundError
from reminders.web.books import Book


def book_of(books: Iterable[Book], wanted: str | None, action: str) -> Book:
    """Return the named programme, else the first that has the action."""
    for book in books:
        if wanted in {None, book.programme.key} and action in book.programme.action_by_id:
            return book
    raise NotFoundError(f"no action {action!r}")

"""What a page reads about a programme, kept in memory until the database says that it changed.

One small query tells the revision; only a new one reads rows and works out
entries. What people add every day (answers, contacts) is read anew each time.

Which programme an action's address means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

from reminders.errors import NotFoundError
from reminders.planning.state import ProgrammeState
from reminders.service import Service
from reminders.store import Connection, delivery_log
from reminders.store import programmes as repository
from reminders.store.delivery_log import Revision
from reminders.store.programmes import Answer, ProgrammeRow, StoredOccurrence
from reminders.store.series import FEED_REVISIONS
from reminders.use.feeds.published import Source, main_key, source_of
from reminders.use.planning.load_state import state_with
from schedule_rules.derive import Derived, derive
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Programme

# -- What a page reads about a programme, kept in memory until the database says that it change

FeedRevision = tuple[object, ...]
"""Equal as long as no feed of a programme may have changed."""


@dataclass(frozen=True)
class ProgrammeSnapshot:
    """One programme as adopted, read and worked out, at one revision."""

    row: ProgrammeRow
    stored: tuple[StoredOccurrence, ...]
    derived: Derived

    @property
    def programme(self) -> Programme:
        """The programme itself."""
        return self.row.programme

    @property
    def occurrences(self) -> tuple[Occurrence, ...]:
        """Its dated obligations and events, in date order."""
        return tuple(one.row for one in self.stored)


@dataclass(frozen=True)
class CurrentState:
    """A book with what was answered and who is who: what a page about today is made of."""

    book: ProgrammeSnapshot
    state: ProgrammeState
    answers: tuple[Answer, ...]


@dataclass
class Snapshots:
    """The books of all programmes; safe to share between threads."""

    service: Service
    _books: dict[str, tuple[Revision, ProgrammeSnapshot]] = field(default_factory=dict)
    _sources: dict[str, tuple[FeedRevision, Source]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads."""
        with self.service.database.read() as connection:
            yield connection

    def revisions(self, connection: Connection) -> dict[str, Revision]:
        """Return the revision of each programme."""
        return {one.programme: one for one in delivery_log.revisions(connection)}

    def book(self, connection: Connection, revision: Revision) -> ProgrammeSnapshot:
        """Return a programme's book at ``revision``."""
        kept = self._books.get(revision.programme)
        if kept and kept[0] == revision:
            return kept[1]
        with self._lock:
            book = _read_book(connection, revision.programme)
            self._books[revision.programme] = (revision, book)
        return book

    def books(self, connection: Connection) -> tuple[ProgrammeSnapshot, ...]:
        """Return all programmes, by key."""
        return tuple(self.book(connection, one) for one in self.revisions(connection).values())

    def standing(self, connection: Connection, book: ProgrammeSnapshot) -> CurrentState:
        """Return a programme as it stands now."""
        state = state_with(connection, book.row, book.stored)
        return CurrentState(book, state, repository.answers_of(connection, book.programme.key))

    def source(self, key: str = "") -> Source:
        """Return the calendar entries of a programme (nothing: the first); ``NotFoundError`` for none."""
        key, revision = self.feed_revision(key)
        with self._lock:
            kept = self._sources.get(key)
            if kept and kept[0] == revision:
                return kept[1]
            with self.read() as connection:
                source = source_of(connection, key, self.service.settings)
            self._sources[key] = (revision, source)
        return source

    def feed_revision(self, key: str = "") -> tuple[str, FeedRevision]:
        """Return the programme's key (nothing: the first) and what changes whenever a feed of it may.

        ``NotFoundError`` for no such programme.
        """
        revisions = {row[0]: row[1:] for row in self.service.database.ask(FEED_REVISIONS)}
        key = key or main_key(revisions)
        if key not in revisions:
            raise NotFoundError(f"no programme {key!r}")
        return key, revisions[key]

    def today(self) -> date:
        """Return the civil date of the service's clock."""
        return self.service.clock().astimezone(self.service.settings.zone).date()


def _read_book(connection: Connection, key: str) -> ProgrammeSnapshot:
    row = repository.stored_programme(connection, key)
    return ProgrammeSnapshot(row, repository.stored_occurrences(connection, key), derive(row.programme))


# -- Which programme an action's address means


def book_of(books: Iterable[ProgrammeSnapshot], wanted: str | None, action: str) -> ProgrammeSnapshot:
    """Return the named programme, else the first that has the action."""
    for book in books:
        if wanted in {None, book.programme.key} and action in book.programme.action_by_id:
            return book
    raise NotFoundError(f"no action {action!r}")

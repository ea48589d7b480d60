"""What pages read of programmes and of the mails to come, kept until the database says that it changed.

One small query tells the revision; only a new one reads rows and works out
entries. What people add every day (answers, contacts) is read anew each time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

from structlog import get_logger

from reminders.errors import NotFoundError
from reminders.planning.addresses import listed_as
from reminders.planning.mails import Mail
from reminders.planning.replies import Answer
from reminders.planning.speakers import ProgrammePeople, managed_by
from reminders.planning.standing import programme_standing, running_first
from reminders.planning.state import ProgrammeRow, ProgrammeState
from reminders.service import Service
from reminders.store import (
    Connection,
    answers as store_answers,
    people as store_people,
    planned,
    programmes as repository,
)
from reminders.store.feeds import FEED_REVISIONS
from reminders.store.programmes import Revision, StoredOccurrence
from reminders.store.stamps import acts_stamp
from reminders.use.feeds.source import Source, source_of
from reminders.use.people.rights import people_by_programme
from reminders.use.planning.load_state import load_state, read_each
from reminders.use.planning.preview import MailPreview, forecast_window, preview_next
from schedule_rules.days import Span
from schedule_rules.derive import Derived, derive
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Programme

log = get_logger()
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
    """A snapshot with what was answered and who is who: what a page about today is made of."""

    snapshot: ProgrammeSnapshot
    state: ProgrammeState
    answers: tuple[Answer, ...]


@dataclass
class Snapshots:
    """The snapshots of all programmes, and the mails to come; safe to share between threads.

    While the clock stands, as in a rehearsal, revisions that are told by instants tell nothing: all is read.
    """

    service: Service
    _snapshots: dict[str, tuple[Revision, ProgrammeSnapshot]] = field(default_factory=dict)
    _sources: dict[str, tuple[FeedRevision, Source]] = field(default_factory=dict)
    _forecast: tuple[object, tuple[Mail, ...]] | None = None
    _next_mails: dict[str, tuple[object, MailPreview]] = field(default_factory=dict)
    _people: tuple[object, Mapping[str, ProgrammePeople]] | None = None
    _lock: Lock = field(default_factory=Lock)

    def read(self) -> AbstractContextManager[Connection]:
        """Open a transaction that only reads."""
        return self.service.database.read()

    def revisions(self, connection: Connection) -> dict[str, Revision]:
        """Return the revision of each programme."""
        return {one.programme: one for one in repository.revisions(connection)}

    def all(self, connection: Connection) -> tuple[ProgrammeSnapshot, ...]:
        """Return the snapshots of all programmes, by key."""
        found = []
        for key, revision in self.revisions(connection).items():
            memory = self._snapshots.get(key)
            if memory is None or memory[0] != revision or self.service.rehearses:
                try:
                    memory = self._read(connection, key, revision)
                except Exception as error:  # noqa: BLE001 - one that cannot be read stops no other's pages
                    log.error("programme not read", programme=key, reason=type(error).__name__)  # noqa: TRY400
                    continue
            found.append(memory[1])
        return tuple(found)

    def _read(
        self, connection: Connection, key: str, revision: Revision
    ) -> tuple[Revision, ProgrammeSnapshot]:
        with self._lock:
            row = repository.stored_programme(connection, key)
            stored = repository.stored_occurrences(connection, key)
            memory = self._snapshots[key] = (revision, ProgrammeSnapshot(row, stored, derive(row.programme)))
        return memory

    def managed_by(self, snapshots: tuple[ProgrammeSnapshot, ...], address: str) -> frozenset[str]:
        """Return the programmes in which an address may act today; none: it may not sign in."""
        return managed_by(self.people(snapshots), address, self.today())

    def people(self, snapshots: tuple[ProgrammeSnapshot, ...]) -> Mapping[str, ProgrammePeople]:
        """Return who is who in each programme; ``snapshots`` are those of all that can be read.

        Contacts are read as they are in the tables, and made into people only where they have changed.
        """
        ask = self.service.database.ask
        facts = (ask(store_people.ROLES), ask(store_people.DEAD), snapshots)
        memory = self._people
        if memory is None or memory[0] != facts:
            with self.read() as connection:
                found = people_by_programme(connection, (one.row for one in snapshots))
            memory = self._people = (facts, found)
        return memory[1]

    def as_listed(self, snapshots: tuple[ProgrammeSnapshot, ...], address: str) -> str:
        """Return an address as the contact lists write it, as it is where it stands in none."""
        known = (one.email for each in self.people(snapshots).values() for one in each.people.all)
        return listed_as(address, known) or address

    def find(self, connection: Connection, key: str | None, action: str | None = None) -> ProgrammeSnapshot:
        """Return the programme of that key with the action, else the running one; or ``NotFoundError``."""
        return self.chosen(self.all(connection), key, action)

    def chosen(
        self,
        snapshots: Iterable[ProgrammeSnapshot],
        key: str | None,
        action: str | None = None,
        last: str | None = None,
        own: Collection[str] = (),
    ) -> ProgrammeSnapshot:
        """Return which of some programmes a page is about; ``NotFoundError`` for none.

        Without a key it is the running one, of one's ``own`` where there are any; of several that which was
        looked at ``last``.
        """
        found = {
            one.programme.key: one
            for one in snapshots
            if key in {None, one.programme.key} and (action is None or action in one.programme.action_by_id)
        }
        if key is None and not found.keys().isdisjoint(own):
            found = {one: snapshot for one, snapshot in found.items() if one in own}
        if not found:
            raise NotFoundError(f"no action {action!r}" if action else f"no programme {key!r}")
        today = self.today()
        first = running_first((one.row for one in found.values()), today)[0]
        if last in found and programme_standing(found[last].row, today) == programme_standing(first, today):
            return found[last]
        return found[first.programme.key]

    def current(self, connection: Connection, snapshot: ProgrammeSnapshot) -> CurrentState:
        """Return a programme as it stands now."""
        state = load_state(connection, snapshot.row, stored=snapshot.stored)
        return CurrentState(snapshot, state, store_answers.answers_of(connection, snapshot.programme.key))

    def all_current(self, connection: Connection) -> tuple[CurrentState, ...]:
        """Return all programmes as they stand now, by key; one that cannot be read stops no other."""
        found = {one.programme.key: one for one in self.all(connection)}
        return tuple(read_each(found, lambda key: self.current(connection, found[key])).values())

    def source(self, key: str) -> Source:
        """Return the calendar entries of a programme; ``NotFoundError`` for none."""
        key, revision = self.feed_revision(key)
        with self._lock:
            memory = self._sources.get(key)
            if memory and memory[0] == revision and not self.service.rehearses:
                return memory[1]
            with self.read() as connection:
                source = source_of(connection, key, self.service.settings)
            self._sources[key] = (revision, source)
        return source

    def feed_revision(self, key: str) -> tuple[str, FeedRevision]:
        """Return the programme's key and what changes whenever a feed of it may.

        ``NotFoundError`` for no such programme.
        """
        revisions = {row[0]: row[1:] for row in self.service.database.ask(FEED_REVISIONS)}
        if key not in revisions:
            raise NotFoundError(f"no programme {key!r}")
        return key, revisions[key]

    def forecast(self, window: Span) -> tuple[Mail, ...]:
        """Return every mail that would go out within ``window``."""
        with self.read() as connection:
            state = (planned.forecast_stamp(connection), window)
            memory = self._forecast
            if memory is None or memory[0] != state:
                memory = self._forecast = (state, tuple(forecast_window(connection, window)))
        return memory[1]

    def next_mails(self, key: str) -> MailPreview:
        """Return a programme's mails of its next sending day, rendered once a minute and state."""
        minute = self.service.clock().replace(second=0, microsecond=0)
        with self.read() as connection:
            state = (planned.forecast_stamp(connection), minute)
        memory = self._next_mails.get(key)
        if memory is None or memory[0] != state:
            memory = self._next_mails[key] = (state, preview_next(self.service, key))
        return memory[1]

    def acts_stamp(self) -> tuple[object, ...]:
        """Return what changes whenever somebody acts; see ``store.stamps``."""
        with self.read() as connection:
            return acts_stamp(connection)

    def today(self) -> date:
        """Return the civil date of the service's clock."""
        return self.service.clock().astimezone(self.service.settings.zone).date()

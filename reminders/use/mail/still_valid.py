"""Is what a frozen message says still true? Asked when it is claimed, and once more before its body leaves.

The second question is cheap: it is put to the database once a second at most, and only
after an answer, a correction, a hold or an import is anything read anew.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from datetime import date
from typing import Final, Literal

from reminders.clock import civil_time
from reminders.planning.addresses import folded
from reminders.planning.due import is_true
from reminders.planning.reroute import is_anothers
from reminders.planning.state import ProgrammeState
from reminders.settings import Settings
from reminders.store import Connection
from reminders.store import programmes as repository
from reminders.store.outbox import Claim, Contents, Stamp, message_contents, message_stamp
from reminders.use.planning.load_state import load_state
from schedule_rules.occurrence import OccurrenceID

Verdict = Literal["true", "held", "early", "untrue", "partly", "over"]
FRESH: Final = 1.0


class StillValid:
    """What one sender knows of the programmes, and what the messages that it holds speak of."""

    def __init__(self, settings: Settings) -> None:
        """Know nothing yet."""
        self._settings = settings
        self._stamp: Stamp | None = None
        self._asked = -FRESH
        self._held: frozenset[str] = frozenset()
        self._worlds: Mapping[str, ProgrammeState] = {}
        self._contents: dict[int, Contents] = {}
        self._changes = 0
        self._judged: dict[int, int] = {}

    def learn(self, connection: Connection, claims: Collection[Claim]) -> None:
        """Read what claimed messages speak of, and all else where something has changed."""
        if not claims:
            return
        self._asked = -FRESH
        self._look(connection)
        self._contents |= message_contents(connection, [one.digest_id for one in claims])

    def forget(self, one: Claim) -> None:
        """Drop what a message speaks of: it is done with."""
        self._contents.pop(one.digest_id, None)
        self._judged.pop(one.digest_id, None)

    def still_stands(self, connection: Connection, one: Claim) -> bool:
        """Tell whether nothing has changed since ``one`` was judged; asked of the database once a second."""
        if time.monotonic() - self._asked >= FRESH:
            self._look(connection)
        return self._judged.get(one.digest_id) == self._changes

    def _look(self, connection: Connection) -> None:
        """Read everything anew if anything has changed."""
        now = message_stamp(connection)
        self._asked = time.monotonic()
        if now == self._stamp:
            return
        rows = repository.all_programmes(connection)
        self._held = frozenset(row.programme.key for row in rows if row.held)
        self._worlds = {row.programme.key: load_state(connection, row) for row in rows}
        self._stamp = now
        self._changes += 1

    def verdict(self, one: Claim) -> Verdict:
        """Judge a claimed message.

        ``held``: a programme that it speaks of is held. ``early``: an earlier day's message that was
        never tried waits for the day's composing, which mails its items anew. ``over``: given up.
        ``untrue``: nothing of it still waits for an answer; ``partly``: never tried, and something
        of it does not, or is another's by now. What may have arrived is never taken back: the evidence
        would deny it.
        """
        said = self._contents[one.digest_id]
        self._judged[one.digest_id] = self._changes
        if not self._held.isdisjoint(said.programmes):
            return "held"
        if one.at >= one.expires_at and one.attempts > 1:
            return "over"
        if one.ambiguous:
            return "true"
        today = civil_time(self._settings, one.at).day
        untried = one.attempts == 1
        if untried and said.day < today:
            return "early"
        if untried and self._is_anothers(said, one.rcpt, today):
            return "partly"
        return self._judge_items(said, today, untried=untried)

    def _is_anothers(self, said: Contents, address: str, today: date) -> bool:
        """Tell whether somebody else gets the digest, or any of the items, since the message was written."""
        if said.board in self._worlds:
            now = {folded(contact.email) for contact in self._worlds[said.board].people.secretary(today)}
            return bool(now) and folded(address) not in now
        return any(
            is_anothers(self._worlds[key], address, organisations, role, today)
            for occurrence, _, organisations, role in said.items
            if (key := OccurrenceID.parse(occurrence).programme) in self._worlds
        )

    def _judge_items(self, said: Contents, today: date, *, untried: bool) -> Verdict:
        """Judge by the items; a digest goes in any case."""
        if said.board or not said.items:
            return "true"
        due = [self._is_due(occurrence, stage, keys, today) for occurrence, stage, keys, _ in said.items]
        if not any(due):
            return "untrue"
        return "true" if all(due) or not untried else "partly"

    def _is_due(self, occurrence_id: str, stage: str, organisations: tuple[str, ...], today: date) -> bool:
        state = self._worlds.get(OccurrenceID.parse(occurrence_id).programme)
        return state is not None and is_true(state, occurrence_id, stage, organisations, today)

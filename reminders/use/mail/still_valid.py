"""Is what a frozen message says still true? Asked when it is claimed, and once more before its body leaves.

The second question is cheap: it is put to the database once a second at most, and only
after an answer, a correction, a hold or an import is anything read anew.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import date
from typing import Final, Literal

from structlog import get_logger

from reminders.clock import civil_time
from reminders.planning.addresses import folded
from reminders.planning.due import is_true
from reminders.planning.reroute import for_item, is_anothers
from reminders.planning.state import ProgrammeState
from reminders.settings import Settings
from reminders.store import Connection, programmes
from reminders.store.outbox import Claim, Contents, Stamp, message_contents, message_stamp
from reminders.use.planning.load_state import load_state
from reminders.use.planning.sending_times import SendingTimes
from schedule_rules.occurrence import OccurrenceID

log = get_logger()
Verdict = Literal["true", "held", "early", "untrue", "partly", "over"]
FRESH: Final = 1.0


class StillValid:
    """What one sender knows of the programmes that its messages speak of, and of what each of them says."""

    def __init__(self, settings: Settings, times: SendingTimes) -> None:
        self._settings, self._times = settings, times
        self._stamp: Stamp | None = None
        self._looked_at = -FRESH
        self._held: frozenset[str] = frozenset()
        self._states: dict[str, ProgrammeState] = {}
        self._contents: dict[int, Contents] = {}
        self._changes = 0
        self._judged: dict[int, int] = {}

    def learn(self, connection: Connection, claims: Collection[Claim]) -> None:
        """Read what claimed messages speak of, and their programmes anew where something has changed."""
        if claims:
            self._contents |= message_contents(connection, [one.digest_id for one in claims])
            self._look(connection)

    def forget(self, one: Claim) -> None:
        """Drop what a message speaks of: it is done with."""
        self._contents.pop(one.digest_id, None)
        self._judged.pop(one.digest_id, None)

    def programmes_of(self, one: Claim) -> frozenset[str]:
        """Return the programmes that a message speaks of."""
        return self._contents[one.digest_id].programmes

    def still_stands(self, connection: Connection, one: Claim) -> bool:
        """Tell whether nothing has changed since ``one`` was judged; asked of the database once a second."""
        if time.monotonic() - self._looked_at >= FRESH:
            self._look(connection)
        return self._judged.get(one.digest_id) == self._changes

    def _look(self, connection: Connection) -> None:
        now = message_stamp(connection)
        self._looked_at = time.monotonic()
        if now != self._stamp:
            self._states, self._stamp = {}, now
            self._changes += 1
        contents = self._contents.values()
        mentioned = {key for said in contents for key in said.programmes}
        mentioned |= {OccurrenceID.parse(item[0]).programme for said in contents for item in said.items}
        if not mentioned <= self._states.keys():
            rows = {row.programme.key: row for row in programmes.all_programmes(connection)}
            self._held = frozenset(key for key, row in rows.items() if row.held)
            for key in (mentioned & rows.keys()) - self._states.keys():
                try:
                    self._states[key] = load_state(connection, rows[key])
                except Exception as error:  # noqa: BLE001 - whatever it is, it stops no other programme's mail
                    log.error("programme not read", programme=key, reason=type(error).__name__)  # noqa: TRY400
            self._held |= mentioned - self._states.keys()

    def verdict(self, one: Claim, *, gives_up: bool = True) -> Verdict:
        """Judge a claimed message.

        ``held``: a programme that it speaks of is held, or cannot be read. ``early``: it is not the hour of
        its programmes, or it is of an earlier day and waits for today's composing, which mails its items
        anew. ``over``: given up, if the run ``gives_up`` anything. ``untrue``: nothing of it still waits for
        an answer; ``partly``: something of it does not, or is another's by now. What may have arrived is
        never taken back, for the evidence would deny it: it goes after the day's composing, which leaves its
        reader alone.
        """
        said = self._contents[one.digest_id]
        self._judged[one.digest_id] = self._changes
        if not self._held.isdisjoint(said.programmes):
            return "held"
        if said.programmes and not self._times.may_send(one.at, sorted(said.programmes)):
            return "early"
        if gives_up and one.at >= one.expires_at and one.attempts > 1:
            return "over"
        today = civil_time(self._settings, one.at).day
        if said.day < today and not (one.ambiguous and self._times.may_compose(one.at)):
            return "early"
        if one.ambiguous:
            return "true"
        if self._is_anothers(said, one.rcpt, today):
            return "partly"
        return self._judge_items(said, today)

    def _is_anothers(self, said: Contents, address: str, today: date) -> bool:
        """Tell whether somebody else gets the digest, or any of the items, since the message was written."""
        for key in said.boards & self._states.keys():
            now = {folded(contact.email) for contact in self._states[key].people.secretary(today)}
            if now and folded(address) not in now:
                return True
        return any(
            is_anothers(for_item(state, occurrence, stage), address, organisations, role, today)
            for occurrence, stage, organisations, role in said.items
            if OccurrenceID.parse(occurrence).programme not in said.boards
            if (state := self._state_of(occurrence))
        )

    def _judge_items(self, said: Contents, today: date) -> Verdict:
        """Judge by the items; a digest goes in any case."""
        if said.boards or not said.items:
            return "true"
        due = [
            (state := self._state_of(occurrence)) is not None
            and is_true(state, occurrence, stage, organisations, today)
            for occurrence, stage, organisations, _ in said.items
        ]
        if not any(due):
            return "untrue"
        return "true" if all(due) else "partly"

    def _state_of(self, occurrence: str) -> ProgrammeState | None:
        return self._states.get(OccurrenceID.parse(occurrence).programme)

"""Refusals that may be anybody's fault: who else is asked, and what a run has seen refused alike.

A refusal at RCPT or DATA is asked about on the spot, in the same conversation: would the secretary's mail be
taken, and another recipient's? "No such address" too: a server whose list of recipients is empty says it to
everybody. What is refused after the dot, or is too big, waits: three in a row that are
refused alike mean the channel; one that is refused again after others were taken is to blame itself, and is
tried that once more at the end of the run. What the answers mean is decided in ``letters.retry``.

Whoever seems to blame is asked about again in the same conversation, twice: a server that refuses every
second command would take one of the two. Then the judgement waits for the end of the run, since it is not to
be believed of many (``letters.retry.is_crowd``): they wait and are tried later, nobody is flagged, nothing
has failed, and the way of sending is noted as one that refuses many. Of few, each is tried once more; what is
refused again has failed.
"No such address" (5.1.1) is believed as soon as somebody else is known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Final

from structlog import get_logger

from reminders.delivery import Transport
from reminders.letters.retry import (
    IN_A_ROW,
    AskedAnswer,
    Outcome,
    Verdict,
    alike,
    blame,
    is_about_one,
    is_crowd,
    is_dead_address,
    is_too_big,
    judge,
    told_apart,
)
from reminders.planning.addresses import folded, in_ascii
from reminders.store import Connection, Database, outbox, people, programmes
from reminders.store.outbox import Claim
from reminders.use.planning.load_state import people_of

log = get_logger()
MOST_ASKED: Final = 4
_ASKED_AGAIN: Final = 2


@dataclass
class Suspects:
    """What the connections of one run share about refusals; ``today`` is the run's civil day.

    ``messages`` is how many the run has to try.
    """

    database: Database
    today: date
    messages: int = 0
    _row: list[Outcome] = field(default_factory=list)
    _waiting: set[int] = field(default_factory=set)
    _to_try_again: set[int] = field(default_factory=set)
    _taken_last: str = ""
    _put_off: list[Outcome] = field(default_factory=list)
    _doubted: set[int] = field(default_factory=set)
    _tried_again: set[int] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def verdict(
        self,
        transport: Transport,
        one: Claim,
        outcome: Outcome,
        sender: str,
        about: Collection[str],
        *,
        failing: bool,
    ) -> Verdict | None:
        """Tell whose fault an outcome is; None: nobody's, it was taken.

        ``sender`` is the address that the message comes from, ``about`` the programmes that it speaks of;
        ``failing``: the channel was closed before, and nothing has been taken since.
        """
        if outcome.kind == "accepted":
            self._note_taken(one)
            return None
        verdict = judge(outcome)
        if verdict == "ask" or (verdict == "address" and outcome.phase == "rcpt"):
            verdict = self._known(one, outcome) or self._ask_others(transport, one, outcome, sender, about)
            log.warning("refusal told apart", phase=outcome.phase, code=outcome.code, verdict=verdict)
        elif verdict == "row":
            verdict = self._in_a_row(one, outcome, failing=failing)
        elif verdict == "later" and not is_about_one(outcome):
            self._put_off.append(outcome)
        return self._held_back(one, outcome, verdict)

    def stall(self) -> Outcome | None:
        """Return the words that put off a whole run, several messages alike while none was taken; else None.

        A closed relay may answer for now only, for as long as it is closed (Postfix: 454 4.7.1).
        """
        put_off, self._put_off = self._put_off, []
        same = [one for one in put_off if alike(one, put_off[-1])]
        return same[-1] if len(same) >= IN_A_ROW and not self._taken_last else None

    def to_try_again(self) -> frozenset[int]:
        """Return the messages that were refused while others were taken, each once; then they are judged."""
        with self._lock:
            found = frozenset(self._to_try_again)
            self._to_try_again.clear()
            self._tried_again |= found
        return found

    @property
    def has_doubts(self) -> bool:
        """Tell whether anything was refused in this run that others were not."""
        return bool(self._doubted or self._to_try_again)

    def _known(self, one: Claim, outcome: Outcome) -> Verdict | None:
        """Return a verdict that needs no asking: of what is tried again, or of one more among many."""
        if is_dead_address(outcome.code, outcome.text):
            return None
        if one.id in self._tried_again:
            return blame(outcome)
        return "row" if is_crowd(len(self._doubted), self.messages) else None

    def _held_back(self, one: Claim, outcome: Outcome, verdict: Verdict) -> Verdict:
        """Return a verdict, or that a message waits for the end of the run before it is to blame."""
        is_sure = is_dead_address(outcome.code, outcome.text) or one.id in self._tried_again
        waits = verdict in {"address", "message"} and not is_sure
        with self._lock:
            if waits or verdict in {"unclear", "ask"}:
                self._doubted.add(one.id)
            if waits:
                self._to_try_again.add(one.id)
        return "row" if waits else verdict

    def _note_taken(self, one: Claim) -> None:
        with self._lock:
            self._taken_last = folded(one.rcpt)
            self._row.clear()
            self._to_try_again |= self._waiting
            self._waiting.clear()

    def _in_a_row(self, one: Claim, outcome: Outcome, *, failing: bool) -> Verdict:
        with self.database.read() as connection:
            refusals, others_taken = outbox.refusals_before(connection, one, outcome.phase)
            if is_too_big(outcome) and outbox.is_second_form(connection, one):
                return "message"
        if others_taken:
            return blame(outcome)
        with self._lock:
            if self._row and not alike(self._row[-1], outcome):
                self._row.clear()
            self._row.append(outcome)
            if failing or max(len(self._row), refusals + 1) >= IN_A_ROW:
                return "channel"
            self._waiting.add(one.id)
        return "row"

    def _ask_others(
        self, transport: Transport, one: Claim, outcome: Outcome, sender: str, about: Collection[str]
    ) -> Verdict:
        with self.database.read() as connection:
            others = self._others(connection, one, about)
        domain = folded(one.rcpt).rpartition("@")[2]
        near = [folded(other).rpartition("@")[2] == domain for other in others]
        answers: list[AskedAnswer] = []
        for number, other in enumerate(others):
            found = transport.would_take(sender, in_ascii(other), outcome.phase)
            answers.append(AskedAnswer(found, near[number]))
            if verdict := told_apart(outcome, answers, near[number + 1 :]):
                return self._ask_again(transport, one, outcome, sender, verdict)
        return told_apart(outcome, answers, ()) or "ask"

    def _ask_again(
        self, transport: Transport, one: Claim, outcome: Outcome, sender: str, verdict: Verdict
    ) -> Verdict:
        """Ask about the suspect itself before it is to blame; taken now, it is not."""
        if verdict not in {"address", "message"}:
            return verdict
        for _ in range(_ASKED_AGAIN):
            if transport.would_take(sender, in_ascii(one.rcpt), outcome.phase).kind == "accepted":
                return "ask"
        return verdict

    def _others(self, connection: Connection, one: Claim, about: Collection[str]) -> list[str]:
        """Return who is asked about: a secretary, then whoever was taken last, then others of the domain.

        Those are the other recipients of the run, those of earlier ones, at last whoever stands in the
        contact lists. A flagged address tells nothing.
        """
        keys = sorted(about) or programmes.programme_keys(connection)
        lists = [
            people_of(connection, programmes.stored_programme(connection, key).programme) for key in keys
        ]
        secretaries = [one.email for found in lists for one in found.secretary(self.today)]
        listed = [one.email for found in lists for one in found.all if one.is_valid(self.today)]
        passed = {folded(one.rcpt), *people.dead_addresses(connection)}
        first = _usable(secretaries, passed)[:1]
        passed |= set(map(folded, first))
        rest = _usable([*outbox.other_addresses(connection), *listed], passed)
        domain = folded(one.rcpt).rpartition("@")[2]
        rest.sort(key=lambda address: folded(address).rpartition("@")[2] != domain)
        rest.sort(key=lambda address: folded(address) != self._taken_last)
        return [*first, *rest][:MOST_ASKED]


def _usable(addresses: Iterable[str], without: Collection[str]) -> list[str]:
    """Return addresses each once, those beyond ASCII left out: not every server takes them."""
    found: dict[str, str] = {}
    for one in addresses:
        if in_ascii(one).isascii() and folded(one) not in without:
            found.setdefault(folded(one), one)
    return list(found.values())

"""Handing a message to a mail server: MAIL, RCPT, DATA, the body, and what was answered at each.

One connection is kept between messages. How it is opened is left to `session`,
what an outcome means to `retry`. Nothing of a body or a secret is ever logged.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, Self

from reminders.delivery.smtp.session import ContextFactory, check_secrecy, open_session, trusting
from reminders.delivery.smtp.wire import (
    Command,
    Refused,
    Wire,
    ask_about,
    commands_for,
    printable_line,
    stuffed,
)
from reminders.delivery.transport import Envelope, Name, OnDot
from reminders.letters.retry import Outcome, Phase
from reminders.servers import SmtpTarget

# All of one message ends within four minutes, so within the five of its lease; what comes
# before the body gets less, so that the wait for the final answer is never cut short.
TOTAL: Final = 240.0
BEFORE_BODY: Final = 90.0
IDLE: Final = 20.0
PATIENCE: Final = 10.0
ASKING: Final = 30.0
"""Seconds for one question about another address."""

_SERIES: Final[dict[Phase, int]] = {"mail": 2, "rcpt": 2, "data": 3}
_MESSAGE_PHASES: Final[frozenset[Phase]] = frozenset({"mail", "rcpt", "data", "dot"})


class SmtpTransport:
    """One kept connection to ``target``, introduced as ``hello``; ``context`` makes its TLS context.

    ``total`` seconds bound a message altogether, ``before_body`` what precedes
    its body; a connection idle for longer than ``idle`` is tried with NOOP first.
    """

    name: Name = "smtp"
    is_idempotent = False

    def __init__(
        self,
        target: SmtpTarget,
        *,
        hello: str,
        context: ContextFactory | None = None,
        total: float = TOTAL,
        before_body: float = BEFORE_BODY,
        idle: float = IDLE,
    ) -> None:
        check_secrecy(target)
        self._target = target
        self._hello = hello
        self._context = context or trusting()
        self._total, self._before_body, self._idle = total, min(before_body, total), idle
        self._kept: Wire | None = None
        self._used_at = 0.0
        self._in_turn = False  # the server offers PIPELINING, and does not hear what leaves in one write

    def deliver(self, envelope: Envelope, on_dot: OnDot) -> Outcome:
        """Hand over ``envelope``: what the server did, and in which phase (RFC 5321 section 3.3).

        Nothing of the next message leaves before this one's answer is read: the caller writes that down
        first, so that whatever happens at the next one's commands does not double this one.

        1. Take the kept connection if it still answers, else a new one.
        2. MAIL, RCPT and DATA, in one write where PIPELINING is offered; if a kept
           connection proves closed by now, once more on a new one.
        3. After 354 ask ``on_dot``; only then send the body and wait for the answer.
        4. Keep the connection if it is open and nothing on it is pending.
        """
        started = time.monotonic()
        return self._converse(
            lambda wire: self._before(wire, envelope, started),
            lambda wire: self._hand_over(wire, envelope, on_dot, started),
        )

    def would_take(self, sender: str, recipient: str, until: Phase) -> Outcome:
        """Ask as far as RCPT, or DATA, whether a mail would be taken, and leave nothing behind.

        Then RSET. After 354 the only way to leave without a message is to hang up (RFC 5321 section 4.1.1.4).
        """

        def leave(wire: Wire) -> Outcome:
            if until == "data":
                wire.close()
            else:
                _quietly(wire, "RSET")
            return Outcome("accepted", until, 250, "2.0.0 would be taken")

        return self._converse(lambda wire: self._ask_about(wire, sender, recipient, until), leave)

    def _converse(
        self, begin: Callable[[Wire], Outcome | None], finish: Callable[[Wire], Outcome]
    ) -> Outcome:
        """Begin on the kept connection, or on a new one if it proves closed by now; keep it if it is open.

        ``begin`` returns None where ``finish`` may follow.
        """
        known = self._take()
        wire = known or Wire(self._hello)
        try:
            outcome = begin(wire)
            if known and _was_closed(wire, outcome):
                wire = Wire(self._hello)
                outcome = begin(wire)
            outcome = outcome or finish(wire)
        except BaseException:
            wire.close()
            raise
        self._kept = wire if wire.sock else None
        self._used_at = time.monotonic()
        return outcome

    def _ask_about(self, wire: Wire, sender: str, recipient: str, until: Phase) -> Outcome | None:
        wire.until = time.monotonic() + min(ASKING, self._before_body)
        try:
            self._open(wire)
            ask_about(wire, sender, recipient)
            if until == "data":
                wire.ask("data", "DATA", _SERIES["data"])
        except Refused as refused:
            return _after_refusal(wire, refused.outcome)
        except (OSError, ValueError) as error:
            return _after_silence(wire, error)
        return None

    def another(self) -> Self:
        """Return a transport with a connection of its own to the same server."""
        bounds = {"total": self._total, "before_body": self._before_body, "idle": self._idle}
        return type(self)(self._target, hello=self._hello, context=self._context, **bounds)

    def close(self) -> None:
        """Say QUIT and close (RFC 5321 section 4.1.1.10)."""
        if wire := self._kept:
            wire.until = time.monotonic() + PATIENCE
            _quietly(wire, "QUIT")
            wire.close()
        self._kept = None

    def _take(self) -> Wire | None:
        """Return the kept connection, asked by NOOP after a long rest; None if there is none that lives."""
        wire, self._kept = self._kept, None
        if wire and time.monotonic() - self._used_at > self._idle:
            wire.until = time.monotonic() + min(PATIENCE, self._before_body)
            _quietly(wire, "NOOP")
        return wire if wire and wire.sock else None

    def _open(self, wire: Wire) -> None:
        """Open a session on a connection that is not open yet."""
        if wire.sock is None:
            open_session(wire, self._target, self._hello, self._context)
            if self._in_turn:
                wire.esmtp_features.pop("pipelining", None)

    def _before(self, wire: Wire, envelope: Envelope, started: float) -> Outcome | None:
        """Do all that precedes the body; None when the server waits for it (354)."""
        wire.until = started + self._before_body
        try:
            self._open(wire)
            _ask(wire, commands_for(wire, envelope))
        except Refused as refused:
            return _after_refusal(wire, refused.outcome)
        except (OSError, ValueError) as error:  # smtplib's and ssl's errors are OSErrors
            waited = time.monotonic() >= wire.until and wire.phase in _MESSAGE_PHASES
            self._in_turn = self._in_turn or waited
            return _after_silence(wire, error)
        return None

    def _hand_over(self, wire: Wire, envelope: Envelope, on_dot: OnDot, started: float) -> Outcome:
        """Send the body, if the claim still holds, and return the answer to its end.

        After 354 the only way to leave without a message is to hang up (RFC 5321 section 4.1.1.4).
        """
        if not on_dot():
            wire.close()
            return Outcome("claim-lost", "data")
        wire.phase, wire.until = "dot", started + self._total
        try:
            wire.send(stuffed(envelope.raw))
            return Outcome("accepted", "dot", 250, wire.answer("dot"))
        except Refused as refused:
            return _after_refusal(wire, refused.outcome)
        except (OSError, ValueError) as error:
            return _after_silence(wire, error)


def _ask(wire: Wire, commands: tuple[Command, ...]) -> None:
    """Send the commands, in one write where PIPELINING is offered, and hear the answers."""
    if not wire.has_extn("pipelining"):
        for phase, line in commands:
            wire.ask(phase, line, _SERIES[phase])
        return
    wire.phase = "mail"
    wire.send("".join(f"{line}\r\n" for _, line in commands))
    _hear_together(wire)


def _hear_together(wire: Wire) -> None:
    """Read the answers to MAIL, RCPT and DATA sent in one write; the first refusal is the one told.

    A server may say 354 although it took no recipient: then a lone dot ends the transaction, and nobody gets
    anything (RFC 2920 section 3.1). Where it took one all the same, an empty message could go out: hang up.
    """
    refused: Refused | None = None
    taken: list[Phase] = []
    for phase, series in _SERIES.items():
        try:
            wire.answer(phase, series)
            taken.append(phase)
        except Refused as refusal:
            refused = refused or refusal
        except OSError:
            if refused is None:
                raise
            wire.close()
            break
    if refused:
        if "rcpt" in taken and "data" in taken:
            wire.close()
        elif "data" in taken:
            _quietly(wire, ".")
        raise refused


def _was_closed(wire: Wire, outcome: Outcome | None) -> bool:
    """Tell whether the server had left before it looked at the message (421, or nothing, at MAIL)."""
    if outcome is None or wire.sock or time.monotonic() >= wire.until:
        return False
    return outcome.phase == "mail" and outcome.code in {0, 421}


def _after_refusal(wire: Wire, outcome: Outcome) -> Outcome:
    """Make the connection fit for the next message by RSET, or close it (RFC 5321 section 4.1.1.5)."""
    if outcome.phase not in _MESSAGE_PHASES or outcome.code == 421:
        wire.close()
    else:
        _quietly(wire, "RSET")
    return outcome


def _after_silence(wire: Wire, error: Exception) -> Outcome:
    """Close a connection whose state is not known, and say where it fell silent."""
    wire.close()
    return Outcome("no-answer", wire.phase, 0, printable_line(str(error)))


def _quietly(wire: Wire, command: str) -> None:
    """Send ``command``; if that does not work, close the connection."""
    if wire.sock is None:
        return
    try:
        wire.ask(wire.phase, command)
    except Refused:
        if command != ".":  # a refused empty message is what was wanted
            wire.close()
    except (OSError, ValueError):
        wire.close()

"""What becomes of a message after one attempt: the stage and the code decide, nothing else.

Pure: values in, values out. How an answer is got is left to `delivery`, what is written down is left to
`use.mail.sender` and `store`. RFC 5321 section 4.2 (codes), 4.5.4.1 (retries), RFC 3463 (enhanced codes).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from reminders.letters.patience import PATIENCE

Phase = Literal["connect", "banner", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "dot"]
State = Literal["sent", "queued", "failed", "uncertain", "expired", "abandoned"]
Verdict = Literal["message", "channel", "later", "lost", "ambiguous"]

BACK_OFF: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 120, 240))
PAUSES: Final = tuple(timedelta(minutes=m) for m in (5, 15, 60))
JITTER: Final = 0.2
GIVEN_UP: Final = f"given up after {PATIENCE} sending days"

_BEFORE_MAIL: Final[frozenset[Phase]] = frozenset({"connect", "banner", "ehlo", "starttls", "auth"})
_ABOUT_CHANNEL: Final = _BEFORE_MAIL | {"mail"}
# Commands that are not understood (500-504, 555), a host that takes no mail (521, RFC 7504),
# authentication that is missing or refused (RFC 4954): none of them is about one message.
_CHANNEL_CODES: Final = frozenset({500, 501, 502, 503, 504, 521, 530, 534, 535, 538, 555})
# Our own address is refused; many servers say so only at RCPT (RFC 3463 section 3.2).
_SENDER_REFUSED: Final = frozenset({"5.1.7", "5.1.8"})
_DEAD_CODES: Final = frozenset({550, 551, 553})
_ENHANCED: Final = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?!\S)")

_WHY: Final[dict[Verdict, str]] = {
    "message": "the server refuses this message for good",
    "channel": "the mail server cannot be used; no message is to blame",
    "later": "the server asks to try later",
    "lost": "no answer, and nothing of the message was handed over: tried again",
    "ambiguous": "no answer after the message was handed over: it may have been accepted",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one attempt came to: how far it got and what the server said.

    ``dot`` is the phase after the first octet of the body was sent. ``text`` is
    the server's words in one line, enhanced code included (RFC 3463).
    """

    kind: Literal["accepted", "refused", "no-answer", "claim-lost"]
    phase: Phase
    code: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class RetryDecision:
    """What to write down: the state, when to try again, whether the channel is to rest."""

    state: State
    next_at: datetime | None
    breaker: bool
    ambiguous: int
    counts_attempt: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Breaker:
    """The channel's rest: after each failure in a row it stays closed for longer."""

    failures: int = 0
    closed_until: datetime | None = None
    reason: str = ""

    def tripped(self, now: datetime, reason: str) -> Breaker:
        """Return the breaker after one more failure of the channel at ``now``."""
        return Breaker(self.failures + 1, now + PAUSES[min(self.failures, len(PAUSES) - 1)], reason)

    def lets_pass(self, now: datetime) -> bool:
        """Tell whether a message may be tried at ``now``."""
        return self.closed_until is None or now >= self.closed_until


def decide_retry(
    outcome: Outcome, *, attempts: int, ambiguous: int, expires_at: datetime, now: datetime, seed: str
) -> RetryDecision:
    """Return what becomes of a message after ``outcome``.

    ``attempts`` counts this attempt too; ``ambiguous`` is how often the message
    had been handed over without an answer before it; ``expires_at`` is when
    its patience ends (``patience_ends``); ``seed`` (the Message-ID) spreads the retries.
    """
    if outcome.kind in {"accepted", "claim-lost"}:
        accepted = outcome.kind == "accepted"
        return RetryDecision(
            state="sent" if accepted else "abandoned",
            next_at=None,
            breaker=False,
            ambiguous=ambiguous,
            counts_attempt=accepted,
            reason=_reason(outcome, "accepted" if accepted else "the claim was lost to another worker"),
        )
    verdict = judge(outcome)
    doubts = ambiguous + (verdict == "ambiguous")
    state, note = _state(verdict, doubts, is_over=now >= expires_at)
    breaker = verdict == "channel" or (verdict == "lost" and outcome.phase in _BEFORE_MAIL)
    wait = PAUSES[0] if breaker else back_off(attempts, seed)
    return RetryDecision(
        state=state,
        next_at=now + wait if state == "queued" else None,
        breaker=breaker,
        ambiguous=doubts,
        counts_attempt=verdict not in {"channel", "lost"},
        reason=_reason(outcome, _WHY[verdict] + note),
    )


def _state(verdict: Verdict, doubts: int, *, is_over: bool) -> tuple[State, str]:
    if verdict == "message":
        return "failed", ""
    if verdict == "ambiguous" and doubts > 1:
        return "uncertain", "; for the second time: a person decides"
    if not is_over:
        return "queued", ""
    if doubts:
        return "uncertain", f"; {GIVEN_UP}, and it may have arrived: a person decides"
    return "expired", f"; {GIVEN_UP}"


def judge(outcome: Outcome) -> Verdict:
    """Tell whom a refusal or silence concerns: this message, the channel, or only this moment.

    RFC 5321 section 4.2.1: 4yz is for now, 5yz for good; what it is *about*
    follows from the stage. A reply that is neither is no answer.
    """
    if outcome.kind != "refused" or not 400 <= outcome.code <= 599:
        return "ambiguous" if outcome.phase == "dot" else "lost"
    if outcome.code < 500:
        return "later"
    channel = outcome.phase in _ABOUT_CHANNEL or outcome.code in _CHANNEL_CODES
    return "channel" if channel or enhanced_code(outcome.text) in _SENDER_REFUSED else "message"


def back_off(attempts: int, seed: str) -> timedelta:
    """Return the wait after the ``attempts``-th attempt: 1, 5, 15, 60 minutes … at most 4 hours.

    Up to a fifth is taken off, always the same for one ``seed``, so that waits never shrink.
    """
    base = BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]
    share = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big") / 2**32
    return timedelta(seconds=round(base.total_seconds() * (1 - JITTER * share)))


def enhanced_code(text: str) -> str:
    """Return the enhanced status code that ``text`` begins with, or nothing (RFC 3463 section 2)."""
    found = _ENHANCED.match(text)
    return found[0] if found else ""


def is_dead_address(outcome: Outcome) -> bool:
    """Tell whether the server said for good that this address takes no mail (RFC 3463 section 3.2).

    A refusal for reasons of policy (x.7.x) or of our own address says nothing about the recipient's.
    """
    if outcome.kind != "refused" or outcome.phase != "rcpt" or judge(outcome) != "message":
        return False
    subject = enhanced_code(outcome.text)[2:].partition(".")[0]
    return subject == "1" or (outcome.code in _DEAD_CODES and subject != "7")


def _reason(outcome: Outcome, why: str) -> str:
    return f"{outcome.phase} {outcome.code}: {why}" if outcome.code else f"{outcome.phase}: {why}"

"""Whose fault a refusal is, and what becomes of a message after one attempt: stage, code and words decide.

The code alone does not tell: a closed relay answers as one that knows no such address (delivery.md,
"Permanent or temporary"). What may be anybody's fault is *suspect*: at RCPT and DATA others are asked about
on the spot, and the answers tell it apart (``told_apart``); after the dot, and of what is too big, three
messages in a row tell. Until it is known nothing has failed.

Pure: values in, values out. How an answer is got is left to `delivery`, who is asked to `use.mail.suspects`,
what is written down to `use.mail.sender` and `store`. RFC 5321 section 4.2 (codes), 4.5.4.1 (retries),
RFC 3463 (enhanced codes).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from reminders.letters.patience import PATIENCE

Phase = Literal["connect", "banner", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "dot"]
State = Literal["sent", "queued", "failed", "uncertain", "expired", "abandoned"]
Verdict = Literal[
    "channel", "address", "message", "size", "later", "unclear", "lost", "ambiguous", "ask", "row"
]
"""Whose fault an answer is. ``ask`` and ``row``: not known yet; others are asked, three in a row tell."""
Fault = Literal["", "address", "message", "size", "slow"]
"""Why a message ended without being sent; with ``address`` and ``slow`` its items go on in the chain."""

BACK_OFF: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 120, 240))
PAUSES: Final = tuple(timedelta(minutes=m) for m in (5, 15, 60))
BRIEF_PAUSES: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15))
"""The channel's pauses after a server that asks to try later before it hears of a message."""
JITTER: Final = 0.2
GIVEN_UP: Final = f"given up after {PATIENCE} sending days"

IN_A_ROW: Final = 3
"""So many messages that are refused alike after the dot are not to blame."""
FEW: Final = 3
SHARE: Final = 10
"""So many refusals, or one in so many, are believed; more are a server's fault."""

_BEFORE_MAIL: Final[frozenset[Phase]] = frozenset({"connect", "banner", "ehlo", "starttls", "auth"})
_ABOUT_CHANNEL: Final = _BEFORE_MAIL | {"mail"}
# Commands that are not understood (500-504), authentication that is missing or refused (RFC 4954):
# none of them is about one message.
_CHANNEL_CODES: Final = frozenset({500, 501, 502, 503, 504, 530, 534, 535, 538})
# Our own address is refused; many servers say so only at RCPT (RFC 3463 section 3.2).
_SENDER_REFUSED: Final = frozenset({"5.1.7", "5.1.8"})
# No such mailbox, and a domain that takes no mail (RFC 3463 section 3.2, RFC 7505).
_NO_SUCH_ADDRESS: Final = frozenset({"5.1.1", "5.1.10"})
_TOO_BIG: Final = frozenset({"5.3.4", "5.2.3"})
_ENHANCED: Final = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?!\S)")
_OWN_WORD: Final = re.compile(r"(?<!\S)[^\s\d@<>/]*[\d@<>/]\S*")
"""What differs between two answers that say the same: addresses, numbers, ids, links."""

_WHY: Final[dict[Verdict, str]] = {
    "channel": "the mail server cannot be used; no message is to blame",
    "address": "the server takes no mail for this address",
    "message": "the server refuses this message for good",
    "size": "the message is too big; it goes again as a short text",
    "later": "the server asks to try later",
    "unclear": "the server refuses this address and another alike, and takes mail for a third: tried again",
    "lost": "no answer, and nothing of the message was handed over: tried again",
    "ambiguous": "no answer after the message was handed over: it may have been accepted",
    "ask": "refused, and not known yet whose fault it is: tried again",
    "row": "refused, and not known yet whether every message is: tried again",
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
    """What to write down: the state, when to try again, whether the channel is to rest (``is_brief``ly)."""

    state: State
    next_at: datetime | None
    breaker: bool
    ambiguous: int
    counts_attempt: bool
    reason: str
    fault: Fault = ""
    is_brief: bool = False


@dataclass(frozen=True, slots=True)
class Breaker:
    """The channel's rest: after each failure in a row it stays closed for longer."""

    failures: int = 0
    closed_until: datetime | None = None
    reason: str = ""

    def tripped(self, now: datetime, reason: str, *, is_brief: bool = False) -> Breaker:
        """Return the breaker after one more failure of the channel at ``now``."""
        pauses = BRIEF_PAUSES if is_brief else PAUSES
        return Breaker(self.failures + 1, now + pauses[min(self.failures, len(pauses) - 1)], reason)

    def lets_pass(self, now: datetime) -> bool:
        """Tell whether a message may be tried at ``now``."""
        return self.closed_until is None or now >= self.closed_until


@dataclass(frozen=True, slots=True)
class AskedAnswer:
    """What a server said about another address; ``is_near``: it is of the suspect's own domain."""

    outcome: Outcome
    is_near: bool = False


def decide_retry(
    outcome: Outcome,
    *,
    attempts: int,
    ambiguous: int,
    expires_at: datetime | None,
    now: datetime,
    seed: str,
    verdict: Verdict | None = None,
) -> RetryDecision:
    """Return what becomes of a message after ``outcome``.

    ``attempts`` counts this attempt too; ``ambiguous`` is how often the message
    had been handed over without an answer before it; ``expires_at`` is when
    its patience ends (``patience_ends``), None while the server takes nothing
    from anybody: then it is not given up; ``seed`` (the Message-ID) spreads the
    retries; ``verdict`` is whose fault it is, where more than the outcome tells.
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
    verdict = verdict or judge(outcome)
    doubts = ambiguous + (verdict == "ambiguous")
    state, note = _state(verdict, doubts, is_over=expires_at is not None and now >= expires_at)
    breaker = verdict == "channel" or (verdict == "lost" and outcome.phase in _BEFORE_MAIL)
    is_brief = breaker and 400 <= outcome.code < 500
    wait = (BRIEF_PAUSES if is_brief else PAUSES)[0] if breaker else back_off(attempts, seed)
    return RetryDecision(
        state=state,
        next_at=now + wait if state == "queued" else None,
        breaker=breaker,
        ambiguous=doubts,
        counts_attempt=verdict not in {"channel", "lost"},
        reason=_reason(outcome, _WHY[verdict] + note),
        fault=_fault(state, verdict),
        is_brief=is_brief,
    )


def _state(verdict: Verdict, doubts: int, *, is_over: bool) -> tuple[State, str]:
    if verdict in {"address", "message", "size"}:
        return "failed", ""
    if verdict == "ambiguous" and doubts > 1:
        return "uncertain", "; for the second time: a person decides"
    if not is_over:
        return "queued", ""
    if doubts:
        return "uncertain", f"; {GIVEN_UP}, and it may have arrived: a person decides"
    return "expired", f"; {GIVEN_UP}"


def _fault(state: State, verdict: Verdict) -> Fault:
    if state == "expired":
        return "slow"
    faults: dict[Verdict, Fault] = {"address": "address", "message": "message", "size": "size"}
    return faults.get(verdict, "") if state == "failed" else ""


def judge(outcome: Outcome) -> Verdict:
    """Tell whose fault a refusal or silence is, as far as it tells by itself.

    RFC 5321 section 4.2.1: 4yz is for now, 5yz for good; what it is *about*
    follows from the stage. A reply that is neither is no answer.
    """
    if outcome.kind != "refused" or not 400 <= outcome.code <= 599:
        return "ambiguous" if outcome.phase == "dot" else "lost"
    if outcome.code < 500:
        return "channel" if outcome.phase in _BEFORE_MAIL else "later"
    if is_too_big(outcome):
        return "row"
    enhanced = enhanced_code(outcome.text)
    if outcome.phase in _ABOUT_CHANNEL or enhanced in _SENDER_REFUSED:
        return "channel"
    if enhanced in _NO_SUCH_ADDRESS:
        return "address"
    if outcome.code in _CHANNEL_CODES and not enhanced.startswith("5.1."):
        return "channel"
    return "row" if outcome.phase == "dot" else "ask"


def is_too_big(outcome: Outcome) -> bool:
    """Tell whether a message was refused for its size (RFC 1870 section 6); a full mailbox says 552 too."""
    if outcome.kind != "refused" or outcome.phase in _BEFORE_MAIL or outcome.code < 500:
        return False
    enhanced = enhanced_code(outcome.text)
    return enhanced in _TOO_BIG or (outcome.code == 552 and not enhanced and outcome.phase != "rcpt")


def is_about_one(outcome: Outcome) -> bool:
    """Tell whether the words put off one mailbox alone: its address or its state (x.1.x, x.2.x)."""
    return enhanced_code(outcome.text)[2:].partition(".")[0] in {"1", "2"}


def blame(outcome: Outcome) -> Verdict:
    """Tell what of one mail a refusal is about, once it is known that others are taken."""
    if is_too_big(outcome):
        return "size"
    return "address" if outcome.phase == "rcpt" or is_about_one(outcome) else "message"


def is_crowd(refused: int, of: int) -> bool:
    """Tell whether so many refusals are too many for each to be to blame itself: over three and a tenth."""
    return refused > max(FEW, of / SHARE)


def told_apart(suspect: Outcome, answers: Sequence[AskedAnswer], left: Sequence[bool]) -> Verdict | None:
    """Tell from the answers about others whose fault a suspect refusal is; None: ask one more.

    ``left`` are those who can still be asked: whether each is of the suspect's own domain, for a relay may
    be closed to some domains only. Where nobody was taken, two that are refused alike, or nobody left to
    ask, mean that no message and no address is to blame. Of "no such address" (5.1.1) it takes all who can
    be asked: so answers a server whose list of recipients is empty.
    """
    if any(judge(one.outcome) == "channel" for one in answers):
        return "channel"
    taken = [one for one in answers if one.outcome.kind == "accepted"]
    same = [one for one in answers if alike(one.outcome, suspect)]
    if any(one.is_near for one in taken) or (taken and suspect.phase == "data"):
        return blame(suspect)
    if taken:
        if any(left):
            return None
        return "unclear" if any(one.is_near for one in same) else blame(suspect)
    is_unknown = is_dead_address(suspect.code, suspect.text)
    if is_unknown and (not answers or len(same) < len(answers)):
        return "address"
    is_enough = len(same) > 1 and not is_unknown
    return "channel" if is_enough or not left else None


def alike(one: Outcome, other: Outcome) -> bool:
    """Tell whether two refusals are the same: code and words, without addresses, numbers and ids in them."""
    return one.kind == other.kind == "refused" and _gist(one) == _gist(other)


def _gist(outcome: Outcome) -> tuple[int, str, list[str]]:
    words = _OWN_WORD.sub(" ", outcome.text.casefold()).split()
    return outcome.code, enhanced_code(outcome.text), words


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


def is_dead_address(code: int, text: str) -> bool:
    """Tell whether these words alone say for good that there is no such address: 5.1.1 or 5.1.10.

    Any other refusal may be a server's mistake; it takes a second one on another day (``use.people``).
    """
    return 500 <= code <= 599 and enhanced_code(text) in _NO_SUCH_ADDRESS


def _reason(outcome: Outcome, why: str) -> str:
    return f"{outcome.phase} {outcome.code}: {why}" if outcome.code else f"{outcome.phase}: {why}"

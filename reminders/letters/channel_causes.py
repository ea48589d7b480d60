"""Why a mail server cannot be used, as one of the few causes that a person can do something about.

Pure. What is done about a failure is decided in `retry`; the words for each cause are in `email_templates`.
"""

from __future__ import annotations

from typing import Final, Literal

from reminders.letters.retry import Outcome, Phase, is_too_big

Cause = Literal[
    "",
    "certificate-expired",
    "certificate-name",
    "certificate-unknown",
    "encryption",
    "sign-in",
    "sender",
    "relay",
    "content",
    "size",
    "unreachable",
    "busy",
    "refused",
    "many",
]
MANY: Final = "many"
"""It refuses many messages and takes others; a whole run shows that, no outcome alone."""
_SIGN_IN_CODES: Final = frozenset({530, 534, 535, 538})
_NOT_UNDERSTOOD: Final = frozenset({500, 501, 502, 503, 504})
_OF_PHASE: Final[dict[Phase, Cause]] = {
    "auth": "sign-in",
    "starttls": "encryption",
    "mail": "sender",
    "rcpt": "relay",
    "data": "relay",
    "dot": "content",
}


def cause_of(outcome: Outcome) -> Cause:
    """Return why the channel failed, from the phase, the code and the words of one failure."""
    words = outcome.text.casefold()
    if outcome.kind == "no-answer":
        return _tls_cause(words) if "ssl" in words or "certificate" in words else _silent_cause(outcome.phase)
    if is_too_big(outcome):
        return "size"
    if outcome.code in _SIGN_IN_CODES:
        return "sign-in"
    if outcome.phase == "starttls":
        return "encryption"
    if outcome.code < 500:
        return "busy"
    if outcome.code in _NOT_UNDERSTOOD and outcome.phase != "auth":
        return "refused"
    return _OF_PHASE.get(outcome.phase, "refused")


def _tls_cause(words: str) -> Cause:
    if "expired" in words:
        return "certificate-expired"
    if "mismatch" in words or "not valid for" in words:
        return "certificate-name"
    return "certificate-unknown" if "certificate" in words else "encryption"


def _silent_cause(phase: Phase) -> Cause:
    return "encryption" if phase == "starttls" else "unreachable"


def is_serious(cause: str, failures: int) -> bool:
    """Tell whether somebody should know: at once; of what often heals by itself, from the second time on."""
    return failures > (1 if cause in {"", "unreachable", "busy"} else 0)

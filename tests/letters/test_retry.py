"""What becomes of a message after one attempt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, strategies as st

from reminders.letters.retry import (
    BACK_OFF,
    Breaker,
    Outcome,
    Phase,
    RetryDecision,
    State,
    back_off,
    decide_retry,
    is_dead_address,
)

NOW = datetime(2026, 1, 12, 7, 0, tzinfo=UTC)
PHASES = get_args(Phase)
OUTCOMES = st.builds(
    Outcome,
    st.sampled_from(["accepted", "refused", "no-answer", "claim-lost"]),
    st.sampled_from(PHASES),
    st.integers(-1, 999),
    st.sampled_from(["", "5.1.1 no", "5.7.1 no", "5.1.8 our address", "4.2.2 full", "words"]),
)


def decided(kind: Any, phase: Any, code: int = 0, text: str = "", **facts: Any) -> RetryDecision:
    """The decision on one outcome, first tried now unless said otherwise."""
    wanted: dict[str, Any] = {
        "attempts": 1,
        "ambiguous": 0,
        "expires_at": NOW + timedelta(days=7),
        "now": NOW,
        "seed": "<1@x>",
    } | facts
    return decide_retry(Outcome(kind, phase, code, text), **wanted)


def test_an_accepted_message_is_sent() -> None:
    """Nothing is left to do."""
    assert decided("accepted", "dot", 250) == RetryDecision("sent", None, False, 0, True, "dot 250: accepted")


def test_a_lost_claim_is_abandoned() -> None:
    """The other worker writes down what becomes of it."""
    reason = "data: the claim was lost to another worker"
    assert decided("claim-lost", "data") == RetryDecision("abandoned", None, False, 0, False, reason)


@pytest.mark.parametrize("code", [550, 551, 552, 553, 554])
@pytest.mark.parametrize("phase", ["rcpt", "data", "dot"])
def test_a_refusal_after_rcpt_fails_the_message(phase: Phase, code: int) -> None:
    """550 to 554 after RCPT or the dot are about this message, and the channel stays open."""
    reason = f"{phase} {code}: the server refuses this message for good"
    assert decided("refused", phase, code) == RetryDecision("failed", None, False, 0, True, reason)


@pytest.mark.parametrize("code", [500, 502, 530, 535, 550, 554, 599])
@pytest.mark.parametrize("phase", ["connect", "banner", "ehlo", "starttls", "auth", "mail"])
def test_a_refusal_before_rcpt_is_about_the_channel(phase: Phase, code: int) -> None:
    """No message fails, no attempt counts, the channel rests."""
    reason = f"{phase} {code}: the mail server cannot be used; no message is to blame"
    assert decided("refused", phase, code) == RetryDecision(
        "queued", NOW + timedelta(minutes=5), True, 0, False, reason
    )


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("code", [500, 501, 502, 503, 504])
def test_a_command_not_understood_is_about_the_channel(phase: Phase, code: int) -> None:
    """500 to 504 anywhere: our way of speaking is wrong, not the message."""
    decision = decided("refused", phase, code)
    assert (decision.state, decision.breaker, decision.counts_attempt) == ("queued", True, False)


@pytest.mark.parametrize("text", ["5.1.7 sender syntax", "5.1.8 sender domain"])
def test_our_own_address_refused_at_rcpt_is_about_the_channel(text: str) -> None:
    """Many servers tell what they think of MAIL only at RCPT."""
    assert decided("refused", "rcpt", 550, text).breaker
    assert not is_dead_address(Outcome("refused", "rcpt", 550, text))


@pytest.mark.parametrize("phase", PHASES)
def test_for_now_means_later(phase: Phase) -> None:
    """4yz at any stage: back-off, and the attempt counts."""
    decision = decided("refused", phase, 451, attempts=2)
    assert (decision.state, decision.breaker, decision.counts_attempt) == ("queued", False, True)
    assert decision.next_at == NOW + back_off(2, "<1@x>")


@pytest.mark.parametrize("phase", PHASES[:-1])
def test_silence_before_the_body_is_free(phase: Phase) -> None:
    """It cannot have been accepted; a server that lets nobody in rests."""
    decision = decided("no-answer", phase)
    assert (decision.state, decision.ambiguous, decision.counts_attempt) == ("queued", 0, False)
    assert decision.breaker == (phase not in {"mail", "rcpt", "data"})


def test_silence_after_the_body_is_tried_once_more() -> None:
    """The first time it is queued again, the second time a person decides."""
    first, second = decided("no-answer", "dot"), decided("no-answer", "dot", ambiguous=1)
    assert (first.state, first.ambiguous, first.counts_attempt) == ("queued", 1, True)
    assert (second.state, second.ambiguous, second.next_at) == ("uncertain", 2, None)
    assert second.reason == (
        "dot: no answer after the message was handed over: it may have been accepted; "
        "for the second time: a person decides"
    )


def test_when_its_patience_ends_it_is_given_up() -> None:
    """What cannot have arrived is expired; what may have is for a person."""
    late = NOW + timedelta(days=7)
    states = [
        decided("refused", "rcpt", 450, now=late - timedelta(seconds=1)).state,
        decided("refused", "rcpt", 450, now=late).state,
        decided("no-answer", "connect", now=late).state,
        decided("refused", "rcpt", 450, now=late, ambiguous=1).state,
        decided("no-answer", "dot", now=late).state,
        decided("refused", "rcpt", 550, now=late).state,
        decided("accepted", "dot", 250, now=late).state,
    ]
    assert states == ["queued", "expired", "expired", "uncertain", "uncertain", "failed", "sent"]


@given(OUTCOMES, st.integers(0, 50), st.integers(0, 3), st.integers(-10_000, 10_000))
def test_every_outcome_has_a_decision(outcome: Outcome, attempts: int, ambiguous: int, minutes: int) -> None:
    """Total; queued has a time to come and nothing else has; doubts never vanish; only 250 is sent."""
    expires_at = NOW + timedelta(minutes=minutes)
    decision = decide_retry(
        outcome, attempts=attempts, ambiguous=ambiguous, expires_at=expires_at, now=NOW, seed="s"
    )
    assert decision.state in get_args(State)
    assert (decision.next_at is not None) == (decision.state == "queued")
    assert decision.next_at is None or NOW < decision.next_at <= NOW + timedelta(hours=4)
    assert decision.ambiguous - ambiguous in {0, 1}
    assert (decision.state == "sent") == (outcome.kind == "accepted")
    assert not (decision.state == "expired" and decision.ambiguous)
    assert not (decision.breaker and decision.state == "failed")
    assert decision.reason.startswith(outcome.phase)


@given(st.text(), st.integers(0, 20))
def test_waits_grow_and_repeat(seed: str, attempts: int) -> None:
    """The same wait for the same message, never shorter than the one before, at most four hours."""
    wait = back_off(attempts, seed)
    base = BACK_OFF[min(max(attempts, 1), 6) - 1]
    assert wait == back_off(attempts, seed)
    assert base * 0.79 <= wait <= base
    assert wait <= back_off(attempts + 1, seed) <= timedelta(hours=4)


def test_waits_of_one_message() -> None:
    """1, 5, 15, 60 minutes, 2 hours, 4 hours, less the same share each."""
    waits = [back_off(n, "<1@x>") for n in range(1, 8)]
    assert waits == [timedelta(seconds=s) for s in (57, 286, 858, 3431, 6862, 13724, 13724)]


@pytest.mark.parametrize(
    ("phase", "code", "text", "dead"),
    [
        ("rcpt", 550, "", True),
        ("rcpt", 550, "5.1.1 nobody", True),
        ("rcpt", 554, "5.1.10 null MX", True),
        ("rcpt", 551, "5.7 is not an enhanced code", True),
        ("rcpt", 553, "5.1.3 syntax", True),
        ("rcpt", 550, "5.7.1 relaying denied", False),
        ("rcpt", 552, "5.2.2 full", False),
        ("rcpt", 554, "", False),
        ("rcpt", 450, "4.1.1 not now", False),
        ("dot", 550, "5.1.1 nobody", False),
        ("mail", 550, "5.1.1 nobody", False),
    ],
)
def test_dead_addresses(phase: Phase, code: int, text: str, dead: bool) -> None:
    """Only a refusal for good, at RCPT, of the recipient's address."""
    assert is_dead_address(Outcome("refused", phase, code, text)) is dead


def test_the_channel_rests_longer_each_time() -> None:
    """5, 15, 60, 60 minutes."""
    breaker, rests = Breaker(), []
    for _ in range(4):
        breaker = breaker.tripped(NOW, "535")
        rests.append(breaker.closed_until)
    assert rests == [NOW + timedelta(minutes=m) for m in (5, 15, 60, 60)]
    assert not breaker.lets_pass(NOW + timedelta(minutes=59))
    assert breaker.lets_pass(NOW + timedelta(minutes=60))
    assert Breaker().lets_pass(NOW)

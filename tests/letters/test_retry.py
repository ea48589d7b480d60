"""What becomes of a message after one attempt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, strategies as st

from reminders.letters.retry import (
    BACK_OFF,
    AskedAnswer,
    Breaker,
    Fault,
    Outcome,
    Phase,
    RetryDecision,
    State,
    Verdict,
    alike,
    back_off,
    blame,
    decide_retry,
    is_dead_address,
    judge,
    told_apart,
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


@pytest.mark.parametrize("code", [521, 550, 551, 553, 554, 555])
@pytest.mark.parametrize(
    ("phase", "verdict"), [("rcpt", "ask"), ("data", "ask"), ("dot", "row")], ids=["rcpt", "data", "dot"]
)
def test_a_refusal_after_mail_is_suspect(phase: Phase, verdict: Verdict, code: int) -> None:
    """Nobody knows yet whose fault it is: nothing fails, it waits as after a 4yz, the channel stays open."""
    assert judge(Outcome("refused", phase, code, "no")) == verdict
    decision = decided("refused", phase, code, "no")
    assert (decision.state, decision.breaker, decision.counts_attempt) == ("queued", False, True)


@pytest.mark.parametrize(
    ("verdict", "state", "fault", "breaker"),
    [
        ("address", "failed", "address", False),
        ("message", "failed", "message", False),
        ("size", "failed", "size", False),
        ("unclear", "queued", "", False),
        ("channel", "queued", "", True),
    ],
)
def test_once_it_is_told_apart(verdict: Verdict, state: State, fault: Fault, breaker: bool) -> None:
    """What others are answered decides, over what the outcome says."""
    decision = decided("refused", "rcpt", 550, "5.7.1 no", verdict=verdict)
    assert (decision.state, decision.fault, decision.breaker) == (state, fault, breaker)


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
    assert not is_dead_address(550, text)


@pytest.mark.parametrize("phase", PHASES[:5])
def test_for_now_before_mail_is_about_the_channel(phase: Phase) -> None:
    """No message has been named: it rests, for a shorter while than after a refusal for good."""
    decision = decided("refused", phase, 454, "4.7.0 TLS not available", attempts=2)
    assert (decision.state, decision.breaker, decision.counts_attempt) == ("queued", True, False)
    assert (decision.is_brief, decision.next_at) == (True, NOW + timedelta(minutes=1))


@pytest.mark.parametrize("phase", PHASES[5:])
def test_for_now_means_later(phase: Phase) -> None:
    """4yz from MAIL on: back-off, and the attempt counts."""
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
        decided("refused", "rcpt", 550, "5.1.1 nobody", now=late).state,
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
    ("code", "text", "dead"),
    [
        (550, "", False),
        (550, "5.1.1 nobody", True),
        (550, "5.1.1", True),
        (554, "5.1.10 null MX", True),
        (551, "5.7 is not an enhanced code", False),
        (553, "5.1.3 syntax", False),
        (550, "5.7.1 relaying denied", False),
        (550, "relay not permitted", False),
        (552, "5.2.2 full", False),
        (450, "4.1.1 not now", False),
        (450, "5.1.1 not now", False),
        (550, "5.1.11 something else", False),
    ],
)
def test_dead_addresses(code: int, text: str, dead: bool) -> None:
    """Only words that leave no doubt flag an address at once."""
    assert is_dead_address(code, text) is dead


@pytest.mark.parametrize(
    ("phase", "code", "text", "verdict"),
    [
        ("rcpt", 550, "5.1.1 nobody", "address"),
        ("rcpt", 556, "5.1.10 null MX", "address"),
        ("data", 550, "5.1.1 nobody", "address"),
        ("dot", 550, "5.1.1 nobody", "address"),
        ("mail", 550, "5.1.1 nobody", "channel"),
        ("rcpt", 550, "relay not permitted", "ask"),
        ("rcpt", 554, "5.7.1 <a@b.fi>: Relay access denied", "ask"),
        ("rcpt", 553, "sorry (#5.7.1)", "ask"),
        ("rcpt", 501, "5.1.3 bad address syntax", "ask"),
        ("rcpt", 501, "syntax", "channel"),
        ("rcpt", 552, "5.2.2 full", "ask"),
        ("rcpt", 552, "over quota", "ask"),
        ("rcpt", 552, "5.3.4 too big", "row"),
        ("mail", 552, "5.3.4 too big", "row"),
        ("mail", 552, "too big", "row"),
        ("data", 552, "5.3.4 refused here: 20 octets, the server takes 10", "row"),
        ("dot", 552, "too big", "row"),
        ("dot", 554, "", "row"),
        ("dot", 550, "5.7.26 DMARC", "row"),
        ("dot", 550, "5.1.8 our domain", "channel"),
        ("dot", 503, "", "channel"),
        ("data", 530, "5.7.0 authentication required", "channel"),
    ],
)
def test_whose_fault_an_answer_tells_by_itself(phase: Phase, code: int, text: str, verdict: Verdict) -> None:
    """The channel's, the address's, or nobody's until others are asked or refused alike."""
    assert judge(Outcome("refused", phase, code, text)) == verdict


@pytest.mark.parametrize(
    ("phase", "code", "text", "verdict"),
    [
        ("rcpt", 550, "5.7.1 not for you", "address"),
        ("rcpt", 552, "5.2.2 full", "address"),
        ("data", 554, "5.7.1 not this", "message"),
        ("dot", 554, "spam", "message"),
        ("dot", 552, "5.2.2 full", "address"),
        ("dot", 552, "5.2.3 too long for this mailbox", "size"),
        ("mail", 552, "", "size"),
        ("data", 552, "5.3.4 refused here", "size"),
    ],
)
def test_what_a_refusal_is_about_once_others_are_taken(
    phase: Phase, code: int, text: str, verdict: Verdict
) -> None:
    """The address at RCPT, and where a mailbox is named; its size; else what stands in it."""
    assert blame(Outcome("refused", phase, code, text)) == verdict


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("550 relay not permitted", "550 relay not permitted", True),
        ("550 relay not permitted", "550 Relay  not permitted", True),
        ("550 relay not permitted", "554 relay not permitted", False),
        ("554 5.7.1 <a@b.fi>: Relay access denied", "554 5.7.1 <c@d.fi>: Relay access denied", True),
        ("554 5.7.1 <a@b.fi>: Relay access denied", "554 5.7.1 <a@b.fi>: Access denied", False),
        (
            "550 5.7.26 see https://x.y/1 ab1-2c.3 - gsmtp",
            "550 5.7.26 see https://x.y/1 de4-5f.6 - gsmtp",
            True,
        ),
        ("550 5.7.1 no", "550 5.7.2 no", False),
        ("550 5.7.1 no", "250 2.1.5 ok", False),
    ],
)
def test_refused_alike(one: str, other: str, same: bool) -> None:
    """Code and words, without the addresses, numbers and ids in them."""
    assert alike(refused("rcpt", one), refused("rcpt", other)) is same


def refused(phase: Phase, words: str) -> Outcome:
    """A reply of a server."""
    code = int(words[:3])
    return Outcome("refused" if code >= 400 else "accepted", phase, code, words[4:])


RELAY = "550 relay not permitted"


@pytest.mark.parametrize(
    ("answers", "left", "verdict"),
    [
        ([], [True], None),
        ([], [], "channel"),
        (["250 near"], [True, False], "address"),
        (["250 far"], [], "address"),
        (["250 far"], [False], "address"),
        (["250 far"], [True], None),
        (["250 far", "250 near"], [], "address"),
        (["250 far", f"{RELAY} near"], [], "unclear"),
        (["250 far", f"{RELAY} near"], [True], None),
        (["250 far", f"{RELAY} near", "250 near"], [], "address"),
        ([f"{RELAY} far"], [True], None),
        ([f"{RELAY} far"], [], "channel"),
        ([f"{RELAY} far", f"{RELAY} near"], [True], "channel"),
        ([f"{RELAY} far", "250 near"], [], "address"),
        (["550 5.1.1 nobody far"], [False], None),
        (["550 5.1.1 nobody far", "250 near"], [], "address"),
        (["451 later far", "451 later near"], [], "channel"),
        (["000 silence far"], [], "channel"),
        (["550 5.2.1 disabled far", f"{RELAY} near"], [False], None),
        (["503 5.5.1 bad sequence far"], [True], "channel"),
    ],
)
def test_others_are_asked_about(answers: list[str], left: list[bool], verdict: Verdict | None) -> None:
    """Taken is the address's fault, refused alike the channel's; who is of another domain tells less."""

    def answer(words: str) -> AskedAnswer:
        said, _, where = words.rpartition(" ")
        silent = said.startswith("000")
        return AskedAnswer(Outcome("no-answer", "rcpt") if silent else refused("rcpt", said), where == "near")

    said = [answer(f"{one[:3]} {one[4:]}") for one in answers]
    assert told_apart(refused("rcpt", RELAY), said, left) == verdict


UNKNOWN = "550 5.1.1 <{}>: User unknown in relay recipient table"


@pytest.mark.parametrize(
    ("answers", "left", "verdict"),
    [
        ([], [], "address"),
        ([UNKNOWN], [True], None),
        ([UNKNOWN, UNKNOWN], [True], None),
        ([UNKNOWN] * 4, [], "channel"),
        ([UNKNOWN, "250 ok"], [], "address"),
        (["250 ok"], [True], "address"),
        ([UNKNOWN, "450 4.2.0 greylisted"], [True], "address"),
        ([UNKNOWN, "550 5.7.1 not for you"], [], "address"),
    ],
)
def test_no_such_address_is_believed_unless_nobody_is_known(
    answers: list[str], left: list[bool], verdict: Verdict | None
) -> None:
    """A dead secretary and another dead address close nothing; an empty list of recipients does."""
    said = [AskedAnswer(_answer(one.format(f"r{n}@x")), is_near=True) for n, one in enumerate(answers)]
    assert told_apart(_answer(UNKNOWN.format("a@x")), said, left) == verdict


def _answer(words: str) -> Outcome:
    if words.startswith("2"):
        return Outcome("accepted", "rcpt", int(words[:3]), words[4:])
    return Outcome("refused", "rcpt", int(words[:3]), words[4:])


def test_nothing_is_given_up_while_nobody_is_taken() -> None:
    """Without an end of its patience a deferred message waits on, however old."""
    ends = {NOW - timedelta(days=1): "expired", None: "queued"}
    for expires_at, state in ends.items():
        words = "4.7.1 Relay access denied"
        assert decided("refused", "rcpt", 454, words, expires_at=expires_at).state == state


def test_at_data_anybody_who_is_taken_tells() -> None:
    """What is refused there is about the message: 354 for another says so, of whichever domain."""
    suspect = refused("data", "554 5.7.1 no")
    assert told_apart(suspect, [AskedAnswer(Outcome("accepted", "data", 354))], [True]) == "message"
    assert told_apart(suspect, [AskedAnswer(suspect), AskedAnswer(suspect)], []) == "channel"


def test_the_channel_rests_longer_each_time() -> None:
    """5, 15, 60, 60 minutes."""
    breaker, rests = Breaker(), []
    for _ in range(4):
        breaker = breaker.tripped(NOW, "535")
        rests.append(breaker.closed_until)
    assert rests == [NOW + timedelta(minutes=m) for m in (5, 15, 60, 60)]
    brief = Breaker().tripped(NOW, "454", is_brief=True)
    assert brief.closed_until == NOW + timedelta(minutes=1)
    assert not breaker.lets_pass(NOW + timedelta(minutes=59))
    assert breaker.lets_pass(NOW + timedelta(minutes=60))
    assert Breaker().lets_pass(NOW)

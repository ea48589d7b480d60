"""One step of the planner: values in, changes and mails out."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from reminders.planning.mails import Mail
from reminders.planning.planner import PlannerState, Readdressing, step
from reminders.planning.recipients import Contact
from reminders.planning.replies import Pause
from reminders.planning.resume import Resumed
from tests.planning.states import FAIR, GARDEN, planner_state, reminder, told, town_state
from tests.use.town import LIBRARY, LIBRARY_HEAD, MUSEUM, PEOPLE, SECRETARY, TOWN, action

FRIDAY, MONDAY = date(2025, 2, 21), date(2025, 2, 24)
"""The fair's last week begins on the Friday."""


def sent(mails: tuple[Mail, ...]) -> list[tuple[str, str, list[str]]]:
    """Address, kind and stages of mails."""
    return [(mail.recipient, mail.kind, [item.stage for item in mail.items]) for mail in mails]


def test_a_first_start_asks_once_about_the_past_and_counts_from_its_day() -> None:
    """A milestone of last year becomes a status request; what lies ahead gets the latest stage reached."""
    state = town_state(action("fair", "1/2024", "library"), action("garden", "1/2025", "museum"))
    day = date(2025, 1, 7)
    found = step(PlannerState(day, {TOWN: state}), day)
    (start,) = found.starts
    assert (start.programme, start.anchors) == (TOWN, {FAIR: day})
    assert told(start.reminders) == [
        ("fair:milestone:end", "first-start", LIBRARY),
        ("garden:milestone:end", "-P30D", MUSEUM),
    ]
    assert sent(found.mails) == [
        (LIBRARY, "status-request", ["first-start"]),
        (MUSEUM, "nudge", ["-P30D"]),
        (SECRETARY, "digest", []),  # nobody has missed anything before being asked
    ]
    assert (found.dates, found.after.started, found.after.watermark) == (((day, ()),), {TOWN: day}, day)
    assert found.after.states[TOWN].anchors == {FAIR: day}
    assert step(found.after, day).mails == ()


def test_a_held_programme_is_not_started_and_a_started_one_is_planned_but_not_mailed() -> None:
    """Held before its start nothing happens; held later its reminders wait."""
    new = PlannerState(FRIDAY, {TOWN: town_state()}, held=frozenset({TOWN}))
    assert (step(new, FRIDAY).starts, step(new, FRIDAY).mails) == ((), ())
    found = step(planner_state(town_state(), "2025-02-21", held=frozenset({TOWN})), FRIDAY)
    assert told(found.waiting) == [("fair:milestone:end", "-P7D", LIBRARY)]
    assert (found.mails, found.after.planned) == ((), found.waiting)


def test_a_day_with_stages_plans_and_mails_them_once() -> None:
    """Its reminders are new, in the day's mail, and known from then on."""
    found = step(planner_state(town_state(), "2025-02-21"), FRIDAY)
    ((day, reminders),) = found.dates
    assert (day, told(reminders)) == (FRIDAY, [("fair:milestone:end", "-P7D", LIBRARY)])
    assert sent(found.mails) == [(LIBRARY, "nudge", ["-P7D"])]
    assert found.after.planned == ()
    assert found.after.sent == {(FAIR, LIBRARY): 1}
    again = step(replace(found.after, watermark=date(2025, 2, 20)), FRIDAY)
    assert (again.dates, again.mails) == (((FRIDAY, ()),), ())


def test_of_days_caught_up_only_the_newest_stage_is_mailed() -> None:
    """Each date since the watermark is planned; of one item's stages the newest stays."""
    state = planner_state(town_state(), "2025-02-21", watermark=date(2025, 1, 28))
    found = step(state, FRIDAY)
    days = [day for day, _ in found.dates]
    assert (days[0], days[-1], len(days)) == (date(2025, 1, 29), FRIDAY, 24)
    assert told(one for _, some in found.dates for one in some if one.occurrence == FAIR) == [
        ("fair:milestone:end", "-P30D", LIBRARY),
        ("fair:milestone:end", "-P7D", LIBRARY),
    ]
    assert found.superseded == {(FAIR, 0, "-P30D", LIBRARY): (FAIR, 0, "-P7D", LIBRARY)}
    start_note, week_before = "P0D", "-P7D"
    assert sent(found.mails) == [(LIBRARY, "nudge", [start_note, week_before])]


def test_a_day_before_the_watermark_is_past() -> None:
    """A clock that went back changes nothing and sends nothing."""
    state = planner_state(town_state(), "2025-02-21", planned=(reminder(),))
    found = step(state, date(2025, 2, 19))
    assert (found.dates, found.mails, found.after) == ((), (), state)


def test_what_changed_behind_the_watermark_gets_its_latest_stage() -> None:
    """An occurrence that is new, whose first two stages are past, is asked about today."""
    state = planner_state(town_state(), "2025-02-25", changed={TOWN: frozenset({FAIR})})
    found = step(state, date(2025, 2, 25))
    assert [(*one, day.due_on) for one, day in zip(told(found.caught_up), found.caught_up, strict=True)] == [
        ("fair:milestone:end", "-P7D", LIBRARY, date(2025, 2, 25))
    ]
    assert step(found.after, date(2025, 2, 26)).caught_up == ()


@pytest.mark.parametrize("ended_by_hand", [False, True])
def test_after_a_pause_the_latest_stage_goes(ended_by_hand: bool) -> None:
    """Whether it ran out on Monday or somebody ended it on Tuesday: once, on the next day."""
    pause = Pause(FAIR, "library", MONDAY, "x", "x", datetime(2025, 2, 10, tzinfo=UTC), date(2025, 2, 28))
    pauses = {} if ended_by_hand else {(FAIR, "library"): pause}
    ended = {TOWN: Resumed(frozenset({(FAIR, "library")}))} if ended_by_hand else {}
    day = date(2025, 2, 25)
    found = step(planner_state(town_state(pauses=pauses), "2025-02-25", resumed=ended), day)
    assert told(found.caught_up) == [("fair:milestone:end", "-P7D", LIBRARY)]
    assert sent(found.mails) == [(LIBRARY, "nudge", ["-P7D"])]
    assert step(found.after, date(2025, 2, 26)).caught_up == ()


def test_what_waits_for_somebody_who_left_goes_to_who_followed() -> None:
    """The old one is cancelled, the new one is of the same stage and day."""
    old = reminder(to="left@town.example")
    found = step(planner_state(town_state(), "2025-02-24", planned=(old,)), MONDAY)
    assert found.lost == (old,)
    assert found.rerouted == (reminder(),)
    assert sent(found.mails) == [(LIBRARY, "nudge", ["-P7D"])]
    assert old.key not in found.after.known


def test_what_was_answered_meanwhile_is_cancelled() -> None:
    """It does not go, and may be planned again."""
    state = town_state(answers=frozenset({(FAIR, "library")}))
    found = step(planner_state(state, "2025-02-24", planned=(reminder(),)), MONDAY)
    assert (found.untrue, found.mails) == ((reminder(),), ())
    assert reminder().key not in found.after.known


@pytest.mark.parametrize(
    ("mailed", "version", "reached"),
    [(frozenset(), 1, LIBRARY_HEAD), (frozenset({LIBRARY_HEAD}), 2, LIBRARY_HEAD)],
)
def test_from_a_dead_address_it_goes_on_the_same_day(
    mailed: frozenset[str], version: int, reached: str
) -> None:
    """To the head, also in a second mail; in the forecast as in the run."""
    state = planner_state(
        town_state(dead={LIBRARY}),
        "2025-02-21",
        watermark=FRIDAY,
        stranded=(reminder(),),
        known=frozenset({reminder().key}),
        failed=frozenset({reminder().key}),
        mailed=mailed,
        versions=dict.fromkeys(mailed, 1),
    )
    found = step(state, FRIDAY)
    new = reminder(to=reached, without_contact=("library",))
    assert found.readdressings == (Readdressing(reminder(), (new,)),)
    assert [(mail.recipient, mail.version) for mail in found.mails] == [(reached, version)]
    assert (found.after.stranded, found.after.unreachable) == ((), ())


def test_what_nobody_can_get_waits_until_an_address_lives_again() -> None:
    """It is noted as unreachable, day after day, then planned anew for the very address."""
    everybody = {one.email for one in PEOPLE}
    failed = {"known": frozenset({reminder().key}), "failed": frozenset({reminder().key})}
    state = planner_state(town_state(dead=everybody), "2025-02-24", stranded=(reminder(),), **failed)
    found = step(state, MONDAY)
    assert found.readdressings == (Readdressing(reminder(), ()),)
    assert (found.after.unreachable, found.mails) == ((reminder(),), ())
    tuesday = date(2025, 2, 25)
    assert step(found.after, tuesday).readdressings == ()
    alive = replace(found.after, states={TOWN: town_state()})
    again = step(alive, tuesday)
    assert again.readdressings == (Readdressing(reminder(), (reminder(due_on=tuesday),), again=True),)
    assert sent(again.mails) == [(LIBRARY, "nudge", ["-P7D"])]
    assert again.after.unreachable == ()


def test_the_digest_goes_on_its_day_and_counts_once() -> None:
    """On Tuesday, not on Wednesday; one that went today already is not foreseen for tomorrow."""
    tuesday, wednesday = date(2025, 3, 11), date(2025, 3, 12)
    state = planner_state(town_state(), "2025-03-11", last_digest={TOWN: date(2025, 3, 4)})
    found = step(state, tuesday)
    digests = [(mail.recipient, mail.boards) for mail in found.mails if mail.boards]
    assert digests == [(SECRETARY, (TOWN,))]
    assert found.after.last_digest == {TOWN: tuesday}
    assert [mail.boards for mail in step(found.after, wednesday).mails if mail.boards] == []
    went = replace(state, mailed=frozenset({SECRETARY}), boards=frozenset({TOWN}))
    assert [mail.boards for mail in step(step(went, tuesday).after, wednesday).mails if mail.boards] == []


def test_who_has_had_the_days_mail_gets_the_rest_tomorrow() -> None:
    """One mail an address a day: what is planned later waits."""
    state = planner_state(town_state(), "2025-02-21", mailed=frozenset({LIBRARY}))
    found = step(state, FRIDAY)
    assert (found.mails, told(found.after.planned)) == ((), [("fair:milestone:end", "-P7D", LIBRARY)])
    assert sent(step(found.after, MONDAY).mails) == [(LIBRARY, "nudge", ["-P7D"])]


def test_an_escalation_that_is_the_secretarys_waits_for_her_digest() -> None:
    """A unit without a head: what the head would get stands in her list, and in no mail of its own."""
    nobody = [one for one in PEOPLE if one.email != LIBRARY_HEAD]
    day = date(2025, 3, 14)  # ten sending days after the fair's date
    found = step(planner_state(town_state(people=nobody), "2025-03-14"), day)
    assert ("fair:milestone:end", "escalation", SECRETARY) in told(found.waiting)
    assert SECRETARY not in [mail.recipient for mail in found.mails]
    digest = step(replace(found.after, last_digest={TOWN: date(2025, 3, 11)}), date(2025, 3, 18))
    (mail,) = (mail for mail in digest.mails if mail.recipient == SECRETARY)
    assert (mail.kind, mail.boards) == ("escalation", (TOWN,))


def test_a_mails_language_is_that_of_the_programmes_it_speaks_of() -> None:
    """Somebody who reads Swedish in one town and Finnish in another."""
    other = [replace(one, language="sv") if one.email == LIBRARY else one for one in PEOPLE]
    one, two = town_state(people=other), town_state()
    two = replace(two, programme=replace(two.programme, key="village"), occurrences={})
    state = planner_state(one, "2025-02-21")
    both = replace(
        state, states={"alone": two, TOWN: one}, started={**state.started, "alone": date(2025, 1, 7)}
    )
    both = replace(both, last_digest={**state.last_digest, "alone": date(2025, 12, 30)})
    assert [mail.language for mail in step(both, FRIDAY).mails] == ["sv"]


def test_a_step_leaves_its_state_as_it_was() -> None:
    """Values in, values out: the same step again gives the same."""
    people = [*PEOPLE, Contact("museum", "head", "", "museum-head@town.example", "fi")]
    state = planner_state(town_state(people=people), "2025-02-21", planned=(reminder(GARDEN, "-P30D"),))
    before = deepcopy({name: getattr(state, name) for name in ("planned", "known", "sent", "last_digest")})
    first, second = step(state, FRIDAY), step(state, FRIDAY)
    assert (first.mails, first.dates, first.waiting) == (second.mails, second.dates, second.waiting)
    assert {name: getattr(state, name) for name in before} == before

"""What goes on after it stood still: after a pause, an answer that was undone, a hand-over.

Pure. Of what was reached meanwhile the latest stage goes out, unless it went out before
(``DueReminder.key``). After the date these are asked as at a first start, with its sending days before
the head hears: a taker's unit, a unit whose head would have heard meanwhile, one whose answer holds no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from reminders.planning.due import (
    DueReminder,
    all_stages,
    due_reminders,
    latest_of_each,
    own_stages,
    reached_by,
    request_stage,
)
from reminders.planning.hand_over import Move, hand_over_news, taking_hold
from reminders.planning.policy import Stage, stage_name
from reminders.planning.replies import Pause
from reminders.planning.state import (
    ProgrammeState,
    early_reply,
    in_order,
    is_escalated,
    needs_answer,
    past_obligations,
    stopped_until,
)
from schedule_rules.occurrence import Occurrence

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Resumed:
    """What people ended or entered since the last planning, which its dates alone do not tell.

    ``pairs`` are (occurrence, organisation) whose pause was ended, answer undone or proposed date refused;
    ``moves`` are hand-overs entered after their date; ``rounds`` those that were opened again.
    """

    pairs: frozenset[Pair] = frozenset()
    moves: tuple[Move, ...] = ()
    rounds: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Tell whether there is anything."""
        return bool(self.pairs or self.moves or self.rounds)


NOTHING = Resumed()


def resumed(
    state: ProgrammeState, after: date, today: date, history: Mapping[Pair, int], by_people: Resumed = NOTHING
) -> tuple[DueReminder, ...]:
    """Return what goes on ``today``, and the news of hand-overs; ``after`` is the last planned day."""
    moves = (*taking_hold(state.programme, after, today), *by_people.moves)
    answered = answers_over(state, after, today)
    ended = ran_out(state.pauses.values(), after, today) | by_people.pairs | answered
    takers = {(action.id, move.taker) for action, move in moves}
    asked = [row for row in state.occurrences.values() if takers and needs_answer(row)]
    taken = frozenset(
        (str(row.id), taker) for row in asked for action, taker in takers if row.id.action == action
    )
    anew = {pair for pair in ended - answered if _escalates(state, pair, today)} | answered | taken
    anew &= _past(state, anew, today)
    again = reached_stages(state, ended - anew, today)
    fresh = [stage for stage in reached_stages(state, taken - anew, today) if stage.role == "unit"]
    requests = [request_stage(state.occurrences[row], key, today) for row, key in sorted(anew)]
    pairs = ended | taken
    return (
        *due_reminders([*requests, *again, *fresh], today, state, history, pairs),
        *hand_over_news(state, moves, today),
        *due_reminders(reopened_stages(state, by_people.rounds, today), today, state, history),
    )


def reopened_stages(state: ProgrammeState, rounds: Iterable[str], today: date) -> list[Stage]:
    """Return what tells those who are missing that a round takes their answers again.

    It is named by its distance from the due date, like a reminder by hand. Where opening the round moved its
    date, its own stages tell (``due.behind``).
    """
    found = []
    for row in in_order(state.occurrences[one] for one in rounds if one in state.occurrences):
        days = (today - row.due).days
        if days <= 0 and row.basis.on != state.reopened.get(str(row.id)):
            found.append(Stage(str(row.id), stage_name(days), "unit", today, days))
    return found


def answers_over(state: ProgrammeState, after: date, today: date) -> frozenset[Pair]:
    """Return whose answer, given on the date or later, stopped reminders on ``after`` but not ``today``."""
    found = set()
    for occurrence, organisation in state.replies:
        row = state.occurrences.get(occurrence)
        if row is not None and row.kind == "milestone" and not early_reply(state, row, organisation):
            until = stopped_until(state, row, organisation)
            if until is not None and after <= until < today:
                found.add((occurrence, organisation))
    return frozenset(found)


def _escalates(state: ProgrammeState, pair: Pair, today: date) -> bool:
    """Tell whether a head would hear today, who has not heard yet, of what stood still."""
    row = state.occurrences.get(pair[0])
    if row is None or is_escalated(state, row, pair[1]):
        return False
    return any(stage.role == "head" and stage.send_on <= today for stage in own_stages(state, row, pair[1]))


def _past(state: ProgrammeState, pairs: Collection[Pair], today: date) -> frozenset[Pair]:
    """Return those of what has passed and is still to be asked."""
    past = {str(row.id) for row in past_obligations(state, today)} if pairs else set()
    return frozenset(pair for pair in pairs if pair[0] in past)


def ran_out(pauses: Iterable[Pause], after: date, today: date) -> frozenset[Pair]:
    """Return the (occurrence, organisation) pairs whose pause held on ``after`` and is over on ``today``."""
    return frozenset((one.occurrence, one.organisation) for one in pauses if after <= one.until < today)


def reached_stages(state: ProgrammeState, pairs: Collection[Pair], today: date) -> list[Stage]:
    """Return each role's latest reached stage, to go out ``today``; what is overtaken or closed has none."""
    past = {str(row.id) for row in past_obligations(state, today)} if pairs else set()
    found: list[Stage] = []
    for occurrence, organisation in sorted(pairs):
        row = state.occurrences.get(occurrence)
        if row is None or (row.due < today and occurrence not in past):
            continue
        found += latest_of_each(_reached(state, row, organisation, today))
    return [replace(stage, send_on=today) for stage in found]


def _reached(state: ProgrammeState, row: Occurrence, organisation: str, today: date) -> list[Stage]:
    if needs_answer(row):
        return reached_by(state, row, organisation, today)
    return [stage for stage in all_stages(state, [row]) if stage.send_on <= today]

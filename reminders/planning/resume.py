"""What goes on after it stood still: after a pause, an answer that was undone, a hand-over.

Pure. Of what was reached meanwhile the latest stage goes out, unless it went out before
(``DueReminder.key``). A taker's unit is asked at once; what was escalated before the hand-over is
not escalated again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from reminders.planning.due import DueReminder, all_stages, due_reminders, latest_of_each
from reminders.planning.hand_over import Move, hand_over_news, taking_hold
from reminders.planning.policy import FIRST_START, Stage
from reminders.planning.replies import Pause
from reminders.planning.state import ProgrammeState, needs_answer, past_obligations
from schedule_rules.occurrence import Occurrence

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Resumed:
    """What people ended or entered since the last planning, which its dates alone do not tell.

    ``pairs`` are (occurrence, organisation) whose pause was ended or answer undone;
    ``moves`` are hand-overs entered after their date.
    """

    pairs: frozenset[Pair] = frozenset()
    moves: tuple[Move, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is anything."""
        return bool(self.pairs or self.moves)


NOTHING = Resumed()


def resumed(
    state: ProgrammeState, after: date, today: date, history: Mapping[Pair, int], by_people: Resumed = NOTHING
) -> tuple[DueReminder, ...]:
    """Return what goes on ``today``, and the news of hand-overs; ``after`` is the last planned day."""
    moves = (*taking_hold(state.programme, after, today), *by_people.moves)
    ended = ran_out(state.pauses.values(), after, today) | by_people.pairs
    takers = {(action.id, move.taker) for action, move in moves}
    asked = [row for row in state.occurrences.values() if takers and needs_answer(row)]
    taken = frozenset(
        (str(row.id), taker) for row in asked for action, taker in takers if row.id.action == action
    )
    again = due_reminders(reached_stages(state, ended, today), today, state, history, ended)
    fresh = [stage for stage in reached_stages(state, taken, today) if stage.role == "unit"]
    return (*again, *due_reminders(fresh, today, state, history, taken), *hand_over_news(state, moves, today))


def ran_out(pauses: Iterable[Pause], after: date, today: date) -> frozenset[Pair]:
    """Return the (occurrence, organisation) pairs whose pause held on ``after`` and is over on ``today``."""
    return frozenset((one.occurrence, one.organisation) for one in pauses if after <= one.until < today)


def reached_stages(state: ProgrammeState, pairs: Collection[Pair], today: date) -> list[Stage]:
    """Return each role's latest reached stage, to go out ``today``; what is overtaken or closed has none."""
    ids = {occurrence for occurrence, _ in pairs}
    past = {str(row.id) for row in past_obligations(state.occurrences.values(), today)} if ids else set()
    rows = [state.occurrences[one] for one in sorted(ids) if one in state.occurrences]
    rows = [row for row in rows if row.due >= today or str(row.id) in past]
    stages = [stage for row in rows for stage in _stages(state, row, today) if stage.send_on <= today]
    return [replace(stage, send_on=today) for stage in latest_of_each(stages)]


def _stages(state: ProgrammeState, row: Occurrence, today: date) -> list[Stage]:
    """Return the stages of a row, its status request too; none for the unit once a round has closed."""
    anchor = state.anchors.get(str(row.id))
    stages = all_stages(state, [row])
    if anchor:
        return [Stage(str(row.id), FIRST_START, "unit", anchor, -1), *stages]
    closed = row.closes is not None and row.closes < today
    return [stage for stage in stages if not (closed and stage.role == "unit")]

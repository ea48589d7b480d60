"""How an occurrence and an action stand, as the six words of the pages (design: pages.md, section 2).

Pure. An action shows its worst: overdue > decide > soon > done (all) > track > coming.

* overdue: its day has passed and a responsible organisation has not answered. The same
  rows as in the secretary's digest; an older review that a later one overtook is none.
* decide: everybody answered and somebody said *late* or *not ours*, or the wording is
  unclear. A decision is the secretary's matter: the public view shows track instead.
* soon: unanswered, and due within 30 days.
* done: everybody said done; an action when nothing lies ahead and its milestones are done
  (a review on the way may have said *on track*), or all it must answer for is done.
* track: answered, or the action has begun and nothing is to be done now.
* coming: nothing has begun.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from reminders.digest import overdue
from reminders.dispatch.states import last_answers
from reminders.due import World, needs_answer, unanswered
from reminders.store.programmes import Answer
from schedule_rules.occurrence import Occurrence

Code = Literal["overdue", "decide", "soon", "done", "track", "coming"]
ORDER: Final[tuple[Code, ...]] = ("overdue", "decide", "soon", "track", "done", "coming")
SOON: Final = timedelta(days=30)
_DECIDED_BY_SECRETARY: Final = frozenset({"late", "not-ours"})


@dataclass(frozen=True, slots=True)
class Mark:
    """How one occurrence stands. ``missing``: it has no answer, but a later review overtook it."""

    code: Code
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the status of an action is decided on; ``milestones`` are among the ``marks``."""

    marks: tuple[Mark, ...]
    milestones: tuple[Mark, ...]
    unclear: bool
    begun: bool


def marks(world: World, answers: Iterable[Answer], today: date, *, secretary: bool) -> Mapping[str, Mark]:
    """Return how each occurrence stands, by id."""
    late = {str(one.occurrence.id) for one in overdue(world, today)}
    by_row: dict[str, list[Answer]] = {}
    for answer in answers:
        by_row.setdefault(answer.occurrence, []).append(answer)
    found: dict[str, Mark] = {}
    for row_id, row in world.occurrences.items():
        if row_id in late:
            found[row_id] = Mark("overdue")
        elif not needs_answer(row):
            found[row_id] = Mark("coming" if row.due >= today else "track")
        elif unanswered(world, row, today):
            found[row_id] = _open(row, today)
        else:
            found[row_id] = Mark(_answered(world, row, by_row.get(row_id, []), secretary=secretary))
    return found


def _open(row: Occurrence, today: date) -> Mark:
    if row.due < today:
        return Mark("coming", missing=True)
    return Mark("soon" if row.due - today <= SOON else "coming")


def _answered(world: World, row: Occurrence, own: list[Answer], *, secretary: bool) -> Code:
    said = {answer.answer for answer in last_answers(world.programme, row, own).values()}
    if said & _DECIDED_BY_SECRETARY:
        return "decide" if secretary else "track"
    return "done" if said == {"done"} else "track"


def of_action(facts: Facts, *, secretary: bool) -> Code:
    """Return how an action stands: the worst of what it must answer for."""
    codes = {mark.code for mark in facts.marks if not mark.missing}
    if facts.unclear and secretary:
        codes.add("decide")
    worst: tuple[Code, ...] = ("overdue", "decide", "soon")
    for code in worst:
        if code in codes:
            return code
    if codes == {"done"} or ("coming" not in codes and _all_done(facts.milestones)):
        return "done"
    return "track" if facts.begun or "track" in codes or "done" in codes else "coming"


def _all_done(milestones: tuple[Mark, ...]) -> bool:
    return bool(milestones) and all(mark.code == "done" for mark in milestones)


def next_date(rows: Iterable[Occurrence], found: Mapping[str, Mark], today: date) -> date | None:
    """Return the date to show beside a status: the oldest overdue one, else the next ahead."""
    ordered = [row for row in rows if row.kind != "start" and row.status != "cancelled"]
    late = [row.due for row in ordered if found[str(row.id)].code == "overdue"]
    ahead = [row.due for row in ordered if row.due >= today and found[str(row.id)].code != "done"]
    return min(late or ahead, default=None)

"""How an occurrence stands with a unit: what was said last, and whether its reminders are paused.

Pure. What follows for reminders is decided in ``due``; words are left to the letters. Where people moved a
date the occurrence stays the same one: its date and its basis change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

from schedule_rules.occurrence import Occurrence, OccurrenceID
from schedule_rules.programme import EndedAction

AnswerCode = Literal["done", "on-track", "late", "not-ours"]
ProposalState = Literal["", "pending", "approved", "refused"]

FOR_GOOD: Final[frozenset[AnswerCode]] = frozenset({"done", "not-ours"})
"""The answers that stop a unit's reminders of an occurrence for good."""
LONGEST_PAUSE: Final = timedelta(days=30)
MOST_PAUSES: Final = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What a unit said about an occurrence, of which SEQUENCE, and who took it back.

    ``ended``: with *done* it proposes that the action itself has ended.
    """

    occurrence: str
    organisation: str
    answer: AnswerCode
    by: str
    at: datetime
    note: str = ""
    new_date: date | None = None
    whose: str = ""
    sequence: int | None = None
    undone_at: datetime | None = None
    undone_by: str | None = None
    ended: bool = False
    id: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Pause:
    """A unit's reminders of one occurrence wait until the end of ``until`` (a civil date).

    ``due`` is the occurrence's date as it was at ``at``; the deadline itself never moves.
    Source: behaviour.md, "People" (30 days at most, twice at most).
    """

    occurrence: str
    organisation: str
    until: date
    reason: str
    by: str
    at: datetime
    due: date

    def holds(self, due: date, day: date) -> bool:
        """Tell whether it is in force on ``day``; a new, earlier date ``due`` breaks it."""
        return day <= self.until and due >= self.due


@dataclass(frozen=True, slots=True)
class Reply:
    """The newest answer of a unit that counts; ``proposal`` is what became of ``new_date``, or of ``ended``.

    ``decided_note`` is what the secretary wrote when she refused it. ``whose`` belongs
    to *not ours*: an organisation's key, or free words. ``ended`` goes with *done*: the unit
    proposes that the action itself has ended. ``decided_at`` is when she approved or refused.
    """

    answer: AnswerCode
    by: str
    at: datetime
    note: str = ""
    whose: str = ""
    new_date: date | None = None
    proposal: ProposalState = ""
    decided_note: str = ""
    ended: bool = False
    decided_at: datetime | None = None


def ended_actions(replies: Mapping[tuple[str, str], Reply]) -> Mapping[str, datetime]:
    """Return the actions that ended, and when: a unit proposed it, and the secretary approved."""
    found: dict[str, datetime] = {}
    for (occurrence, _), reply in replies.items():
        if reply.ended and reply.proposal == "approved":
            action, at = OccurrenceID.parse(occurrence).action, reply.decided_at or reply.at
            found[action] = min(at, found.get(action, at))
    return found


def with_ended(
    rows: Iterable[Occurrence], ended: Mapping[str, EndedAction], answered: Collection[str]
) -> tuple[Occurrence, ...]:
    """Return ``rows`` with the deadlines and reviews cancelled that come after the end of their action.

    Those that were ``answered`` (ids) stay what they are.
    """

    def is_over(row: Occurrence) -> bool:
        own = ended.get(row.id.action) if row.kind in {"milestone", "review"} else None
        return own is not None and row.due > own.on and str(row.id) not in answered

    return tuple(replace(row, status="cancelled") if is_over(row) else row for row in rows)


def says_whose(whose: str, note: str) -> bool:
    """Tell whether *not ours* says more than that: an organisation, or a word with a letter in it."""
    return any(character.isalpha() for character in whose + note)


@dataclass(frozen=True, slots=True)
class MovedDate:
    """The date that holds for an occurrence, by whom and on which civil date it was moved."""

    due: date
    by: str
    on: date


def with_past_dates(
    rows: Iterable[Occurrence], known: Mapping[str, Occurrence], today: date
) -> tuple[Occurrence, ...]:
    """Return ``rows`` with reviews and rounds on the day that they had where that is past, by (due, id).

    ``known`` are the rows of before, by id. Their date is the programme's own, not the board's: another
    setting holds from now on, and rewrites nothing that has been.
    """

    def last_day(row: Occurrence) -> date:
        return max(row.due, row.closes or row.due)

    found = []
    for row in rows:
        old = known.get(str(row.id))
        is_own = row.kind in {"review", "collection"} and old is not None and old.basis.was_due is None
        if is_own and old and max(last_day(row), last_day(old)) < today:
            row = replace(row, due=old.due, opens=old.opens, closes=old.closes)  # noqa: PLW2901
        found.append(row)
    return tuple(sorted(found, key=lambda row: (row.due, str(row.id))))


def with_moved_dates(rows: Iterable[Occurrence], moves: Mapping[str, MovedDate]) -> tuple[Occurrence, ...]:
    """Return ``rows`` with the dates that hold, by (due, id); ``moves`` are by occurrence id.

    How a wording was read, and by whom it was corrected, stays as it was; what was moved is said beside it. A
    round that was opened again is due on the day on which it then closes.
    """
    found = []
    for row in rows:
        if move := moves.get(str(row.id)):
            was_due = row.closes or row.due
            basis = replace(row.basis, was_due=was_due, moved_by=move.by, moved_on=move.on)
            closes = move.due if row.closes else None
            row = replace(row, due=move.due, closes=closes, basis=basis)  # noqa: PLW2901
        found.append(row)
    return tuple(sorted(found, key=lambda row: (row.due, str(row.id))))


def with_proposed_date(rows: Sequence[Occurrence], proposed: date) -> tuple[Occurrence, ...]:
    """Return those of one question that a proposed date is for: its milestones that it makes later.

    Where it makes none later it is for the first; where no milestone is asked about, for the last review.
    """
    milestones = sorted((row for row in rows if row.kind == "milestone"), key=lambda row: row.due)
    if not milestones:
        return (max(rows, key=lambda row: row.due),)
    return tuple(row for row in milestones if row.due < proposed) or (milestones[0],)

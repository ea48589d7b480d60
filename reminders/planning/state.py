"""What a decision about one programme needs, as values, and the plain questions to it.

Who is responsible, who has answered, who may still be reminded: every decision asks these
functions. Loading a state is left to ``use.planning.load_state``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from reminders.planning.policy import DEFAULT_POLICY, Policy, ToRole
from reminders.planning.preferences import Preferences
from reminders.planning.programme_settings import policy_with, programme_with
from reminders.planning.recipients import Contact, People
from reminders.planning.replies import Pause, Reply
from reminders.planning.targets import Target, is_behind, is_checkpoint
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Correction, Handover, Programme
from schedule_rules.workdays import Workdays

_ANSWERABLE = ("milestone", "review", "collection")


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """A stored programme and where it stands. ``started_on`` None: nothing was ever mailed.

    ``programme`` holds people's corrections, hand-overs and choices, ``printed`` is what was
    imported, ``chosen`` the choices by name.
    """

    programme: Programme
    printed: Programme
    built_in: bool
    held: bool
    started_on: date | None
    loaded_at: datetime
    modified: datetime | None = None
    findings: tuple[Mapping[str, str], ...] = ()
    handed_over: Mapping[str, tuple[Handover, ...]] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)

    def as_corrected(self, corrections: Mapping[str, tuple[Correction, ...]]) -> Programme:
        """Return the programme as other corrections would have it."""
        own = self.printed.corrected(corrections).handed_over(self.handed_over)
        return programme_with(own.keeping(self.programme.series), self.chosen)

    @property
    def policy(self) -> Policy:
        """When somebody is told, as the programme's people chose."""
        return policy_with(self.chosen)


def running_first(rows: Iterable[ProgrammeRow], today: date) -> list[ProgrammeRow]:
    """Return programmes as readers look for them: running (the longest first), then held, then ended."""
    return sorted(rows, key=lambda row: (_phase(row, today), row.started_on or date.max, row.programme.key))


def are_alike(one: ProgrammeRow, other: ProgrammeRow, today: date) -> bool:
    """Tell whether two programmes are both running, both held or both ended."""
    return _phase(one, today) == _phase(other, today)


def _phase(row: ProgrammeRow, today: date) -> int:
    return 2 if row.programme.period.last < today else int(row.held)


@dataclass(frozen=True)
class ProgrammeState:
    """Everything a decision about one programme needs, as values.

    ``answers`` are (occurrence, organisation) pairs that need no more reminders, ``replies`` what they say;
    ``pauses`` are the newest of such a pair, those that are over included; ``closed`` are occurrences that
    were completed or cancelled; ``anchors`` the days of status requests; ``sequences`` how often a date has
    moved; ``preferences`` what readers wish, by address; ``target_dates`` those entered towards targets,
    whose checkpoints (``pace``) are among the ``occurrences``.
    """

    programme: Programme
    occurrences: Mapping[str, Occurrence]
    people: People
    workdays: Workdays
    policy: Policy = DEFAULT_POLICY
    answers: Collection[tuple[str, str]] = frozenset()
    closed: Collection[str] = frozenset()
    anchors: Mapping[str, date] = field(default_factory=dict)
    sequences: Mapping[str, int] = field(default_factory=dict)
    replies: Mapping[tuple[str, str], Reply] = field(default_factory=dict)
    pauses: Mapping[tuple[str, str], Pause] = field(default_factory=dict)
    preferences: Mapping[str, Preferences] = field(default_factory=dict)
    target_dates: Mapping[Target, tuple[date, ...]] = field(default_factory=dict)


def needs_answer(occurrence: Occurrence) -> bool:
    """Tell whether an occurrence of this kind is answered, and so can be escalated."""
    return occurrence.kind in _ANSWERABLE


def responsible(state: ProgrammeState, occurrence: Occurrence, today: date) -> tuple[str, ...]:
    """Return the organisations that answer for ``occurrence`` on ``today``, handovers applied."""
    if occurrence.kind == "collection":
        return state.programme.lead_organisations(today)
    return state.programme.action_by_id[occurrence.id.action].leads_on(today)


def is_answered(state: ProgrammeState, occurrence: Occurrence, organisation: str) -> bool:
    """Tell whether the organisation, or the one it took over from, has answered."""
    key = (str(occurrence.id), organisation)
    return key in state.answers or any(key in state.answers for key in _of_givers(state, occurrence, key[1]))


def _of_givers(state: ProgrammeState, occurrence: Occurrence, taker: str) -> list[tuple[str, str]]:
    """Return the keys of those that handed over to ``taker``; their *not ours* is no answer of its own."""
    action = state.programme.action_by_id[occurrence.id.action]
    keys = [(str(occurrence.id), move.giver) for move in action.handovers if move.taker == taker]
    return [key for key in keys if key not in state.replies or state.replies[key].answer != "not-ours"]


def reply_of(state: ProgrammeState, occurrence: Occurrence, organisation: str) -> Reply | None:
    """Return what the organisation, else the one it took over from, has said."""
    keys = [(str(occurrence.id), organisation), *_of_givers(state, occurrence, organisation)]
    return next((state.replies[key] for key in keys if key in state.replies), None)


def pause_of(state: ProgrammeState, occurrence: Occurrence, organisation: str, today: date) -> Pause | None:
    """Return the pause that holds an organisation's reminders on ``today``."""
    pause = state.pauses.get((str(occurrence.id), organisation))
    return pause if pause and pause.holds(occurrence.due, today) else None


def unanswered(state: ProgrammeState, occurrence: Occurrence, today: date) -> tuple[str, ...]:
    """Return the responsible organisations that have not answered.

    Of events ask only a target that is behind, and a date that nobody has set.
    """
    if is_checkpoint(occurrence.id):
        is_asking = is_behind(state.programme, occurrence, state.target_dates)
    else:
        is_asking = occurrence.kind != "event" or occurrence.status == "tentative"
    if str(occurrence.id) in state.closed or not is_asking:
        return ()
    keys = responsible(state, occurrence, today)
    return tuple(key for key in keys if not is_answered(state, occurrence, key))


def waiting_for(state: ProgrammeState, occurrence: Occurrence, today: date) -> tuple[str, ...]:
    """Return the organisations that may be reminded: not answered, not paused."""
    keys = unanswered(state, occurrence, today)
    return tuple(key for key in keys if not pause_of(state, occurrence, key, today))


def mailboxes(state: ProgrammeState, organisation: str, role: ToRole, today: date) -> tuple[Contact, ...]:
    """Return the addresses of a role of an organisation."""
    match role:
        case "unit":
            return state.people.unit(organisation, today)
        case "head":
            return state.people.head(organisation, today)
        case "secretary":
            return state.people.secretary(today)


def in_order(rows: Iterable[Occurrence]) -> list[Occurrence]:
    """Return occurrences by (due, id)."""
    return sorted(rows, key=lambda row: (row.due, str(row.id)))


def past_obligations(rows: Iterable[Occurrence], today: date) -> list[Occurrence]:
    """Return the past milestones and each action's latest past review and round, by (due, id).

    An older review is overtaken by the next one: asking for both would ask twice.
    """
    latest: dict[tuple[str, str], Occurrence] = {}
    for row in in_order(rows):
        if row.due < today and needs_answer(row):
            instance = row.id.instance if row.kind == "milestone" else ""
            latest[row.id.action, row.kind + instance] = row
    return in_order(latest.values())

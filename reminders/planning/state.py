"""What a decision about one programme needs, as values, and the plain questions to it.

Who is responsible, who has answered, who may still be reminded: every decision asks these
functions. Loading a state is left to ``use.planning.load_state``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from reminders.planning.policy import DEFAULT_POLICY, Policy, ToRole, answer_date, stages
from reminders.planning.preferences import Preferences
from reminders.planning.programme_diff import open_findings
from reminders.planning.programme_settings import policy_with, programme_with
from reminders.planning.recipients import Contact, People
from reminders.planning.replies import FOR_GOOD, Pause, Reply
from reminders.planning.targets import Target, is_behind, is_checkpoint
from schedule_rules.corrections import with_corrections
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Correction, Handover, Programme
from schedule_rules.workdays import Workdays

_ANSWERABLE = ("milestone", "review", "collection")
QUIET_FOR: Final = timedelta(days=30)
"""How long *on track* or *late* without a date holds, given on the date or after it."""


@dataclass(frozen=True, slots=True)
class Request:
    """A unit was asked anew ``on`` a day, as at a first start, about an occurrence that was ``due`` then."""

    on: date
    due: date


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """A stored programme and where it stands. ``started_on`` None: nothing was ever mailed.

    ``programme`` holds people's corrections, hand-overs and choices, ``printed`` is what was
    imported, ``imported_findings`` what that found; ``corrections`` are by action, ``chosen`` the
    choices by name; ``closed_on`` is the day on which somebody ended it.
    """

    programme: Programme
    printed: Programme
    built_in: bool
    held: bool
    started_on: date | None
    loaded_at: datetime
    modified: datetime | None = None
    imported_findings: tuple[Mapping[str, str], ...] = ()
    corrections: Mapping[str, tuple[Correction, ...]] = field(default_factory=dict)
    handed_over: Mapping[str, tuple[Handover, ...]] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)
    closed_on: date | None = None

    @property
    def is_draft(self) -> bool:
        """Tell whether nobody was told of the programme yet: what goes while it is put right never was."""
        return self.held and self.started_on is None

    def as_corrected(self, corrections: Mapping[str, tuple[Correction, ...]]) -> Programme:
        """Return the programme as other corrections would have it."""
        own = with_corrections(self.printed, corrections).handed_over(self.handed_over)
        own = own.keeping(self.programme.series).with_ended(self.programme.ended)
        return programme_with(own, self.chosen)

    @property
    def policy(self) -> Policy:
        """When somebody is told, as the programme's people chose."""
        return policy_with(self.chosen)

    @property
    def findings(self) -> tuple[Mapping[str, str], ...]:
        """What the import found and nobody has decided."""
        return open_findings(self.imported_findings, self.corrections)


@dataclass(frozen=True)
class ProgrammeState:
    """Everything a decision about one programme needs, as values.

    ``answers`` are (occurrence, organisation) pairs that need no more reminders, ``replies`` what they say;
    ``pauses`` are the newest of such a pair, those that are over included; ``closed`` are occurrences that
    were completed or cancelled; ``anchors`` the days of status requests; ``sequences`` how often a date has
    moved; ``preferences`` what readers wish, by address; ``target_dates`` those entered towards targets,
    whose checkpoints (``pace``) are among the ``occurrences``.

    ``started_on`` is the day of the first start (None: nobody was asked yet), ``held`` that mail is stopped,
    ``closed_on`` the day on which somebody ended the programme. ``approved_dates`` are what was approved of
    a late unit's proposals, by (occurrence, organisation); ``reopened`` are the rounds that were opened again
    once they had closed, and on which day; ``findings`` are what an import left open, ``modified`` is when
    people last changed the programme, ``summary_at`` when the last summary was written (None: none was, or it
    is not known).

    Of what was mailed, or waits to be: ``requests`` are the latest ones by (occurrence, organisation);
    ``told`` the addresses at which a unit was reminded, by (occurrence, SEQUENCE, organisation) (None: not
    known, every unit counts as told); ``told_to_others`` the same keys where that went to nobody of the unit
    itself (``DueReminder.without_contact``); ``escalated`` those of which a head was told; ``promised``
    the latest day, by (occurrence, organisation), that a mail named for what happens next. Of what was
    mailed alone, by the same keys: ``mailed`` are those of units, ``unsent`` those among them of which no
    mail has left yet, ``first_mails`` the day on which a unit was first mailed of its date as it came, or
    as one that had passed (None: not known, every unit counts as mailed in time). ``refused`` says who did
    not take which item, (occurrence, stage), and on which day.
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
    requests: Mapping[tuple[str, str], Request] = field(default_factory=dict)
    told: Mapping[tuple[str, int, str], frozenset[str]] | None = None
    told_to_others: Collection[tuple[str, int, str]] = frozenset()
    escalated: Collection[tuple[str, int, str]] = frozenset()
    promised: Mapping[tuple[str, str], date] = field(default_factory=dict)
    mailed: Collection[tuple[str, int, str]] = frozenset()
    unsent: Collection[tuple[str, int, str]] = frozenset()
    first_mails: Mapping[tuple[str, int, str], date] | None = None
    refused: Mapping[tuple[str, str], Mapping[str, date]] = field(default_factory=dict)
    started_on: date | None = date.min
    held: bool = False
    closed_on: date | None = None
    approved_dates: Mapping[tuple[str, str], date] = field(default_factory=dict)
    reopened: Mapping[str, date] = field(default_factory=dict)
    findings: tuple[Mapping[str, str], ...] = ()
    modified: datetime | None = None
    summary_at: datetime | None = None

    @cached_property
    def reviews(self) -> Mapping[str, tuple[Occurrence, ...]]:
        """The reviews of each action, by date."""
        found: dict[str, tuple[Occurrence, ...]] = {}
        for row in in_order(self.occurrences.values()):
            if row.kind == "review":
                found[row.id.action] = (*found.get(row.id.action, ()), row)
        return found

    @cached_property
    def spoken_of(self) -> frozenset[str]:
        """The occurrences of which some unit has said something that stands."""
        return frozenset(occurrence for occurrence, _ in (*self.replies, *self.approved_dates))


def needs_answer(occurrence: Occurrence) -> bool:
    """Tell whether an occurrence of this kind is answered, and so can be escalated."""
    return occurrence.kind in _ANSWERABLE


def responsible(state: ProgrammeState, occurrence: Occurrence, today: date) -> tuple[str, ...]:
    """Return the organisations that answer for ``occurrence`` on ``today``, handovers applied."""
    return responsible_on(state.programme, occurrence, today)


def responsible_on(programme: Programme, occurrence: Occurrence, today: date) -> tuple[str, ...]:
    """Return the organisations that answer for an occurrence of a programme on ``today``."""
    if occurrence.kind == "collection":
        return programme.lead_organisations(today)
    return programme.action_by_id[occurrence.id.action].leads_on(today)


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


def is_closed(state: ProgrammeState, occurrence: Occurrence, today: date) -> bool:
    """Tell whether an occurrence takes no answer any more: its form has closed, by its date or by hand."""
    over = occurrence.closes is not None and occurrence.closes < today
    ended = needs_answer(occurrence) and occurrence.status == "cancelled"
    return over or ended or str(occurrence.id) in state.closed


def own_request(state: ProgrammeState, occurrence: Occurrence, organisation: str) -> Request | None:
    """Return the latest request of a unit's own about an occurrence: as its date is now, or was past then."""
    one = state.requests.get((str(occurrence.id), organisation))
    return one if one and (one.due == occurrence.due or occurrence.due < one.on) else None


def request_day(state: ProgrammeState, occurrence: Occurrence, organisation: str) -> date | None:
    """Return the day on which a unit was asked as at a first start, from which its later stages count.

    It is the day of the mail, where that went later than it was planned; None: it was not asked so.
    """
    on = _planned_request(state, occurrence, organisation)
    mailed = first_mail(state, occurrence, organisation) if on else None
    return max(on, mailed) if on and mailed else on


def _planned_request(state: ProgrammeState, occurrence: Occurrence, organisation: str) -> date | None:
    one = own_request(state, occurrence, organisation)
    return one.on if one else state.anchors.get(str(occurrence.id))


def _question(state: ProgrammeState, occurrence: Occurrence, organisation: str) -> tuple[str, int, str]:
    """Return the key of what a unit is asked now: anew since its own request, else of the date as it is."""
    one = own_request(state, occurrence, organisation)
    sequence = one.on.toordinal() if one else state.sequences.get(str(occurrence.id), 0)
    return str(occurrence.id), sequence, organisation


def is_escalated(state: ProgrammeState, occurrence: Occurrence, organisation: str) -> bool:
    """Tell whether a unit's head was told, since the unit was asked and of the date as it is now."""
    return _question(state, occurrence, organisation) in state.escalated


def first_mail(state: ProgrammeState, occurrence: Occurrence, organisation: str) -> date | None:
    """Return the day on which a unit was first mailed of its date, as it came or had passed; None: not yet.

    Where that is not known it is the day on which it was to be mailed.
    """
    if state.first_mails is None:
        return _planned_request(state, occurrence, organisation) or occurrence.due
    return state.first_mails.get(_question(state, occurrence, organisation))


def was_mailed(state: ProgrammeState, occurrence: Occurrence, organisation: str) -> bool:
    """Tell whether a mail to a unit of its date as it is now has left, before that date or after."""
    if state.first_mails is None:
        return True
    question = _question(state, occurrence, organisation)
    return question in state.mailed and question not in state.unsent


def waits_to_be_asked(state: ProgrammeState, occurrence: Occurrence, organisation: str) -> bool:
    """Tell whether a unit's first mail of its date as it is now is written, and none has left yet."""
    return _question(state, occurrence, organisation) in state.unsent


def answer_by(state: ProgrammeState, occurrence: Occurrence, organisation: str) -> date | None:
    """Return the day by which a unit's status request is to be answered; None: it was not asked by one.

    A round's is no later than the last sending day of its form.
    """
    on = request_day(state, occurrence, organisation)
    if on is None:
        return None
    day = answer_date(on, state.workdays, state.policy)
    if occurrence.closes is None or day <= occurrence.closes:
        return day
    return max(on, state.workdays.on_or_before(occurrence.closes))


def early_reply(state: ProgrammeState, occurrence: Occurrence, organisation: str) -> Reply | None:
    """Return what a unit said of a milestone before its date: that date is asked about once more."""
    if occurrence.kind != "milestone":
        return None
    reply = reply_of(state, occurrence, organisation)
    if reply is None or reply.answer in FOR_GOOD:
        return None
    return reply if said_on(state, reply) < occurrence.due else None


def said_on(state: ProgrammeState, reply: Reply) -> date:
    """Return the civil date of an answer, where the programme is."""
    return reply.at.astimezone(ZoneInfo(state.programme.timezone)).date()


def stopped_until(state: ProgrammeState, occurrence: Occurrence, organisation: str) -> date | None:
    """Return the last day on which a unit's answer stops its reminders; None: it has none.

    *Done* and *Not ours* do for good, and any answer about a review or a round. *On track* and *late* about a
    milestone do until the day on which its date is asked about, where they were given before it;
    else until the date that they propose, or for ``QUIET_FOR`` (behaviour.md, "Answers").
    """
    if not is_answered(state, occurrence, organisation):
        return None
    reply = reply_of(state, occurrence, organisation)
    if reply is None or occurrence.kind != "milestone" or reply.answer in FOR_GOOD:
        return date.max
    if early_reply(state, occurrence, organisation) is None:
        proposed = reply.new_date if reply.proposal != "refused" else None
        return proposed or said_on(state, reply) + QUIET_FOR
    own = stages(occurrence, state.workdays, state.policy)
    asked = (stage.send_on for stage in own if stage.role == "unit" and stage.order >= 0)
    return min(asked, default=occurrence.due) - timedelta(days=1)


def is_stopped(state: ProgrammeState, occurrence: Occurrence, organisation: str, today: date) -> bool:
    """Tell whether a unit's answer stops its reminders, and the escalation, on ``today``."""
    until = stopped_until(state, occurrence, organisation)
    return until is not None and until >= today


def unanswered(state: ProgrammeState, occurrence: Occurrence, today: date) -> tuple[str, ...]:
    """Return the responsible organisations that are asked: no answer of theirs stops that on ``today``.

    Of events ask only a target that is behind, and a date that nobody has set; of rounds an open one; of an
    action's reviews none in whose place a later one stands.
    """
    if is_checkpoint(occurrence.id):
        is_asking = is_behind(state.programme, occurrence, state.target_dates)
    else:
        is_asking = occurrence.kind != "event" or occurrence.status == "tentative"
    if is_closed(state, occurrence, today) or is_overtaken(state, occurrence, today) or not is_asking:
        return ()
    keys = responsible(state, occurrence, today)
    return tuple(key for key in keys if not is_stopped(state, occurrence, key, today))


def waiting_for(state: ProgrammeState, occurrence: Occurrence, today: date) -> tuple[str, ...]:
    """Return the organisations that may be reminded: not stopped by an answer, not paused.

    Of a programme that somebody closed there are none; a date of an event that has passed is not asked for,
    unless its series has another ahead in that year.
    """
    if state.closed_on is not None or _has_passed(state, occurrence, today):
        return ()
    keys = unanswered(state, occurrence, today)
    return tuple(key for key in keys if not pause_of(state, occurrence, key, today))


def _has_passed(state: ProgrammeState, occurrence: Occurrence, today: date) -> bool:
    """Tell whether an event, and all that its series has in that year, has passed."""
    if occurrence.kind != "event" or occurrence.due >= today or is_checkpoint(occurrence.id):
        return False
    seed, year = occurrence.id.seed, occurrence.due.year
    rows = state.occurrences.values()
    return not any(row.due >= today and row.due.year == year and row.id.seed == seed for row in rows)


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


def is_overtaken(state: ProgrammeState, row: Occurrence, today: date) -> bool:
    """Tell whether a later review of its action stands in a review's place: nobody is asked about both.

    One does that has come, and one of which a unit has said something already, as that it comes later.
    """
    if row.kind != "review":
        return False
    later = [one for one in state.reviews.get(row.id.action, ()) if one.due > row.due]
    return any(one.due < today or str(one.id) in state.spoken_of for one in later)


def past_obligations(
    state: ProgrammeState, today: date, rows: Iterable[Occurrence] | None = None
) -> list[Occurrence]:
    """Return the past milestones, each action's latest past review, and the latest round that is open.

    By (due, id), of some ``rows`` or of all. A round whose form has closed can't be answered.
    """
    latest: dict[tuple[str, str], Occurrence] = {}
    for row in in_order(state.occurrences.values() if rows is None else rows):
        closed = row.closes is not None and row.closes < today
        if row.due < today and needs_answer(row) and not closed and not is_overtaken(state, row, today):
            instance = row.id.instance if row.kind == "milestone" else ""
            latest[row.id.action, row.kind + instance] = row
    return in_order(latest.values())

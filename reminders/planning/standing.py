"""How things stand: an occurrence, a unit's part of it, an action, a programme; and how many stand so.

Pure, and the one place that decides it: pages, mails, digest, tables and API show what is said here, and
every number of theirs is the length of a list of ``overview``. Words are left to ``email_templates``,
colours to ``web``; who is reminded of what, to ``due``. Source: behaviour.md, "Status words".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from reminders.planning.replies import Reply
from reminders.planning.state import (
    ProgrammeRow,
    ProgrammeState,
    answer_by,
    in_order,
    is_answered,
    is_overtaken,
    needs_answer,
    own_request,
    past_obligations,
    pause_of,
    reply_of,
    request_day,
    responsible,
    said_on,
    unanswered,
    waits_to_be_asked,
    was_mailed,
)
from reminders.planning.targets import (
    Target,
    checkpoint_stage,
    is_behind,
    is_checkpoint,
    target_of,
    target_standing,
    targets,
)
from schedule_rules.derive import derive
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Text
from schedule_rules.rule import Finding

Standing = Literal[
    "on-schedule",
    "coming",
    "due-soon",
    "passed",
    "not-answered",
    "answered",
    "not-known",
    "behind",
    "done",
    "late",
    "open",
    "closed",
    "ended",
]
"""How an occurrence stands. A milestone: on schedule, due soon, passed, done, late (until a date), not known;
a review: coming, not answered, answered, not known; both: ended, with their action; a round: coming, open,
closed; a target's checkpoint: coming, on schedule, behind, not known; events and starts: coming, on
schedule."""

ActionStanding = Literal[Standing, "decide"]
ProgrammeStanding = Literal["held", "running", "ended"]
RoundStanding = Literal["coming", "open", "closed"]

SOON: Final = timedelta(days=30)
_WORST: Final[tuple[Standing, ...]] = (
    "passed",
    "due-soon",
    "not-answered",
    "behind",
    "not-known",
    "open",
    "late",
    "on-schedule",
    "coming",
    "answered",
    "done",
    "closed",
    "ended",
)
"""Of the parts of an occurrence the first of these is its own standing."""
_OF_ACTION: Final[tuple[ActionStanding, ...]] = (
    "passed",
    "decide",
    "due-soon",
    "not-answered",
    "behind",
    "not-known",
    "open",
    "late",
)
"""What an action shows before it is done, on schedule or coming: the first of these (pages.md, section 2)."""


# -- an occurrence


def standing_of(state: ProgrammeState, row: Occurrence, today: date) -> Standing:
    """Return how an occurrence stands on ``today``: the worst of its responsible organisations' parts."""
    if row.kind == "collection":
        return round_standing(row, today, by_hand=is_open_by_hand(state, row))
    if is_checkpoint(row.id):
        return _checkpoint_standing(state, row, today)
    if not needs_answer(row):
        return "coming" if row.due >= today else "on-schedule"
    keys = responsible(state, row, today) or ("",)
    parts = {_part(state, row, key, today) for key in keys}
    return worst(parts)


def worst(parts: Iterable[Standing]) -> Standing:
    """Return the worst of how several organisations' parts of an occurrence stand."""
    return min(parts, key=_WORST.index)


def unit_standing(state: ProgrammeState, row: Occurrence, organisation: str, today: date) -> Standing:
    """Return how one organisation's part of a milestone or review stands; all else stands as a whole."""
    if not needs_answer(row) or row.kind == "collection":
        return standing_of(state, row, today)
    return _part(state, row, organisation, today)


def _part(state: ProgrammeState, row: Occurrence, organisation: str, today: date) -> Standing:
    reply = reply_of(state, row, organisation)
    answered = reply is not None or is_answered(state, row, organisation)
    if row.status == "cancelled":  # the action itself ended before its date
        return "ended"
    if str(row.id) in state.closed:
        return "done"
    if row.kind == "review":
        if answered:
            return "answered"
        return _unanswered_part(state, row, organisation, today)
    if answered and (reply is None or reply.answer == "done"):
        return "done"
    if (until := late_until(state, row, organisation)) and until >= today:
        return "late"
    if answered and not _is_asked_again(state, row, organisation) and row.due >= today:
        return "late" if reply is not None and reply.answer == "late" else "on-schedule"
    return _unanswered_part(state, row, organisation, today)


def _is_asked_again(state: ProgrammeState, row: Occurrence, organisation: str) -> bool:
    """Tell whether a unit was asked anew since it answered: its answer held no more."""
    one, reply = own_request(state, row, organisation), reply_of(state, row, organisation)
    return one is not None and reply is not None and said_on(state, reply) < one.on


def _unanswered_part(state: ProgrammeState, row: Occurrence, organisation: str, today: date) -> Standing:
    if row.due >= today:
        if row.kind == "review":
            return "coming"
        return "due-soon" if row.due - today <= SOON else "on-schedule"
    if is_overtaken(state, row, today) or not was_asked(state, row, organisation, today):
        return "not-known"
    return "not-answered" if row.kind == "review" else "passed"


def was_asked(state: ProgrammeState, row: Occurrence, organisation: str, today: date) -> bool:
    """Tell whether a unit has been asked about a date that has passed, and its days to answer are over.

    Nobody is late before that: not before a mail of the date has gone, nor until the answer date of a status
    request. A unit that once proposed a date has been heard, until it is asked anew; so has one that lets
    its reminders wait.
    """
    pair = (str(row.id), organisation)
    if state.started_on is None:
        return False
    if pair in state.approved_dates and not own_request(state, row, organisation):
        return True
    by, waits = answer_by(state, row, organisation), pair in state.pauses
    if not was_mailed(state, row, organisation) and not waits:
        return False
    return by is None or today > by


def was_ever_asked(state: ProgrammeState, row: Occurrence) -> bool:
    """Tell whether anybody was asked about a date: it came while mail went, or stood in a status request."""
    if state.started_on is None:
        return False
    return row.due >= state.started_on or any(
        request_day(state, row, key) and not waits_to_be_asked(state, row, key) for key in row.organisations
    )


def late_until(state: ProgrammeState, row: Occurrence, organisation: str) -> date | None:
    """Return the date that a late unit proposed, while it waits for the secretary or once she approved it."""
    reply = reply_of(state, row, organisation)
    if reply is None:
        return state.approved_dates.get((str(row.id), organisation))
    waits = reply.answer == "late" and reply.proposal != "refused"
    return reply.new_date if waits else None


def shown_until(state: ProgrammeState, row: Occurrence, today: date) -> date | None:
    """Return the date that *late until {date}* names: the latest of the units that are late."""
    return latest_until(state, row, responsible(state, row, today))


def latest_until(state: ProgrammeState, row: Occurrence, organisations: Iterable[str]) -> date | None:
    """Return the latest date of those of some units that are late and gave one."""
    found = (late_until(state, row, key) for key in organisations)
    return max((one for one in found if one), default=None)


def not_done(state: ProgrammeState, row: Occurrence, today: date) -> tuple[str, ...]:
    """Return the responsible organisations whose part of ``row`` is still waited for.

    Of a milestone those that have not said *done*, but for a date that they proposed; of all else those that
    have not answered.
    """
    if row.kind == "milestone":
        keys = responsible(state, row, today)
        parts = ((key, _part(state, row, key, today)) for key in keys)
        return tuple(key for key, part in parts if part not in {"done", "late"})
    return unanswered_parts(state, row, today)


def unanswered_parts(state: ProgrammeState, row: Occurrence, today: date) -> tuple[str, ...]:
    """Return the responsible organisations that have not answered a review or a round at all."""
    if str(row.id) in state.closed:
        return ()
    keys = responsible(state, row, min(today, row.closes or today))
    return tuple(key for key in keys if not is_answered(state, row, key))


# -- a round, a target


def is_open_by_hand(state: ProgrammeState, row: Occurrence) -> bool | None:
    """Return False for a round that the secretary closed by hand, None where its dates tell."""
    return False if str(row.id) in state.closed else None


def round_standing(row: Occurrence, today: date, *, by_hand: bool | None = None) -> RoundStanding:
    """Return how a round stands on ``today``; ``by_hand`` False: the secretary has closed it.

    Its last day, ``closes``, is a day on which it is open (design: behaviour.md, defaults). Opened again it
    closes on the day that was given then, which is its ``closes``.
    """
    if by_hand is False:
        return "closed"
    if row.opens and today < row.opens:
        return "coming"
    return "closed" if row.closes and today > row.closes else "open"


@dataclass(frozen=True, slots=True)
class RoundCount:
    """A round in one line: ``missing`` of those ``expected`` have not answered."""

    occurrence: Occurrence
    standing: RoundStanding
    expected: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def answered(self) -> int:
        """How many have answered."""
        return len(self.expected) - len(self.missing)


def round_count(state: ProgrammeState, row: Occurrence, today: date) -> RoundCount:
    """Return who is expected to answer a round and who is missing; once it is over, as on its last day."""
    expected = responsible(state, row, min(today, row.closes or today))
    missing = tuple(key for key in expected if not is_answered(state, row, key))
    return RoundCount(row, round_standing(row, today, by_hand=is_open_by_hand(state, row)), expected, missing)


def _checkpoint_standing(state: ProgrammeState, row: Occurrence, today: date) -> Standing:
    """Judge a target on a checkpoint that its unit has been told of; of one before the start nobody was."""
    if checkpoint_stage(row, state.workdays).send_on > today:
        return "coming"
    if not is_behind(state.programme, row, state.target_dates):
        return "on-schedule"
    return "behind" if is_judged(state, target_of(row.id), row.due) else "not-known"


def is_judged(state: ProgrammeState, target: Target, day: date) -> bool:
    """Tell whether a target may be called behind on ``day``: its unit was asked, or gave dates."""
    asked = state.started_on is not None and day > state.started_on
    return asked or any(one.year == day.year for one in state.target_dates.get(target, ()))


def newest_checkpoints(state: ProgrammeState, today: date) -> Mapping[Target, Occurrence]:
    """Return of each target the last checkpoint that its unit was told of: it overtakes the earlier ones."""
    found: dict[Target, Occurrence] = {}
    known = targets(state.programme)
    for row in in_order(one for one in state.occurrences.values() if is_checkpoint(one.id)):
        if target_of(row.id) in known and checkpoint_stage(row, state.workdays).send_on <= today:
            found[target_of(row.id)] = row
    return found


def years_behind(
    state: ProgrammeState, behind: Iterable[Occurrence], today: date
) -> frozenset[tuple[Target, int]]:
    """Return the targets and years that are behind: past years as a whole, the newest by its checkpoint."""
    found = {(target_of(row.id), row.due.year) for row in behind}
    for target, rule in targets(state.programme).items():
        for year in range(rule.start.year, min(rule.end.year + 1, today.year)):
            last = date(year, 12, 31)
            stands = target_standing(rule, state.target_dates.get(target, ()), year, last)
            if stands.entered < stands.minimum and is_judged(state, target, last):
                found.add((target, year))
    return frozenset(found)


# -- what needs the secretary

DecisionKind = Literal["proposal", "ended", "not-ours", "unclear"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What only the secretary can settle: a proposed date or end, what is not the unit's, a wording.

    ``occurrence``, ``organisation`` and ``reply`` belong to what a unit said, ``finding`` to a wording;
    ``beside`` are other occurrences of the action about which one act said the same.
    """

    kind: DecisionKind
    action: str
    occurrence: str = ""
    organisation: str = ""
    reply: Reply | None = None
    finding: Finding | None = None
    beside: tuple[str, ...] = ()


def decisions(state: ProgrammeState, today: date) -> tuple[Decision, ...]:
    """Return what waits for the secretary: proposed dates and ends, what is not the unit's, wordings."""
    rows = in_order(
        state.occurrences[one] for one in {key for key, _ in state.replies} & {*state.occurrences}
    )
    acts: dict[object, Decision] = {}
    for one in (found for row in rows for found in _said(state, row, today)):
        act = (one.action, one.organisation, one.reply.by, one.reply.at) if one.reply else one
        key = act if one.kind == "not-ours" else one
        first = acts.setdefault(key, one)
        if first is not one:
            acts[key] = replace(first, beside=(*first.beside, one.occurrence))
    said = list(acts.values())
    order: tuple[DecisionKind, ...] = ("proposal", "ended", "not-ours")
    unclear = (Decision("unclear", one.action, finding=one) for one in unclear_wordings(state))
    return (*sorted(said, key=lambda one: order.index(one.kind)), *unclear)


def unclear_wordings(state: ProgrammeState) -> Iterator[Finding]:
    """Yield the wordings that need a person: those not read, and those that changed under a correction."""
    yield from derive(state.programme).findings
    for one in state.findings:
        action, code = state.programme.action_by_id.get(one.get("action", "")), one["code"]
        if action and not any(made.field == "accepted" and made.value == code for made in action.corrections):
            yield Finding(action.id, code, Text(*[one["words"]] * 3))


def _said(state: ProgrammeState, row: Occurrence, today: date) -> Iterator[Decision]:
    moves = state.programme.action_by_id[row.id.action].handovers
    for key in responsible(state, row, today):
        reply = state.replies.get((str(row.id), key))
        if reply is None:
            continue
        if reply.proposal == "pending":
            kind: DecisionKind = "proposal" if reply.new_date else "ended"
            yield Decision(kind, row.id.action, str(row.id), key, reply)
        elif reply.answer == "not-ours" and not any(
            move.giver == key and move.effective_from > today for move in moves
        ):
            yield Decision("not-ours", row.id.action, str(row.id), key, reply)


# -- an action


def action_standing(
    state: ProgrammeState,
    view: Overview,
    action: str,
    rows: Iterable[Occurrence],
    today: date,
    *,
    secretary: bool,
    begun: bool = False,
) -> ActionStanding:
    """Return how an action, whose occurrences are ``rows``, stands: the worst of what it must answer for.

    What waits for the secretary only she sees; ``begun``: the action's period has. It is done when its
    milestones are and nothing lies ahead, or when everybody said so of all its reviews.
    """
    asked = [row for row in rows if needs_answer(row) and str(row.id) not in view.overtaken]
    standings = view.standings
    codes: set[ActionStanding] = {standings[str(row.id)] for row in asked}
    if any(one.occurrence.id.action == action for one in view.behind):
        codes.add("behind")
    if secretary and any(one.action == action for one in view.decisions):
        codes.add("decide")
    if action in state.programme.ended:
        return "ended"
    for code in _OF_ACTION:
        if code in codes:
            return code
    milestones = [standings[str(row.id)] for row in asked if row.kind == "milestone"]
    ahead = [row for row in asked if row.due >= today and standings[str(row.id)] not in {"done", "answered"}]
    if milestones and all(one == "done" for one in milestones) and not ahead:
        return "done"
    reviews = [row for row in asked if row.kind == "review"]
    if (
        asked
        and not ahead
        and not milestones
        and reviews
        and all(_ended(state, row, today) for row in reviews)
    ):
        return "done"
    over = any(standings[str(row.id)] in {"done", "answered"} for row in asked)
    return "on-schedule" if begun or over else "coming"


def _ended(state: ProgrammeState, row: Occurrence, today: date) -> bool:
    """Tell whether everybody said of a review that the matter is done."""
    replies = [reply_of(state, row, key) for key in responsible(state, row, today)]
    return bool(replies) and all(reply is not None and reply.answer == "done" for reply in replies)


# -- a programme, and how many


def programme_standing(one: ProgrammeState | ProgrammeRow, today: date) -> ProgrammeStanding:
    """Return whether a programme is held, running or ended: past its last day, or closed by somebody."""
    if one.closed_on is not None or today > one.programme.period.last:
        return "ended"
    return "held" if one.held else "running"


def running_first(rows: Iterable[ProgrammeRow], today: date) -> list[ProgrammeRow]:
    """Return programmes as readers look for them: running (the longest first), then held, then ended."""
    order: tuple[ProgrammeStanding, ...] = ("running", "held", "ended")

    def place(row: ProgrammeRow) -> tuple[int, date, str]:
        standing = programme_standing(row, today)
        return order.index(standing), row.started_on or date.max, row.programme.key

    return sorted(rows, key=place)


@dataclass(frozen=True, slots=True)
class Open:
    """An occurrence that is waited for, and the organisations that are waited for."""

    occurrence: Occurrence
    waiting: tuple[str, ...]


@dataclass(frozen=True)
class Overview:
    """How a programme stands on a day: every list that something is counted in, oldest first.

    ``standings`` are those of all occurrences, by id; ``overtaken`` are reviews in whose place a later one
    stands. ``passed`` are milestones, ``not_answered`` reviews (an action's latest), ``behind`` targets (by
    their newest checkpoint; ``years_behind`` has past years too), ``not_known`` milestones and reviews;
    ``rounds`` are those that are open; ``decisions`` wait for the secretary; ``paused`` are (occurrence,
    organisation); ``no_contact`` organisations.
    """

    standings: Mapping[str, Standing]
    overtaken: frozenset[str]
    passed: tuple[Open, ...]
    not_answered: tuple[Open, ...]
    behind: tuple[Open, ...]
    years_behind: frozenset[tuple[Target, int]]
    not_known: tuple[Open, ...]
    rounds: tuple[RoundCount, ...]
    decisions: tuple[Decision, ...]
    paused: tuple[tuple[str, str], ...]
    no_contact: tuple[str, ...]

    @property
    def counts(self) -> Counts:
        """How many there are of each."""
        return Counts(
            passed=len(self.passed),
            not_answered=len(self.not_answered),
            behind=len(self.behind),
            not_known=len({one.occurrence.id.action for one in self.not_known}),
            decisions=len(self.decisions),
            paused=len(self.paused),
            no_contact=len(self.no_contact),
            missing={str(one.occurrence.id): len(one.missing) for one in self.rounds},
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of a programme: deadlines passed, reviews not answered, targets behind, actions not known.

    ``missing`` answers of each open round, by occurrence; decisions, pauses, organisations without contact.
    """

    passed: int
    not_answered: int
    behind: int
    not_known: int
    decisions: int
    paused: int
    no_contact: int
    missing: Mapping[str, int]


def overview(state: ProgrammeState, today: date) -> Overview:
    """Return how a programme stands on ``today``, with all that is counted."""
    rows = in_order(state.occurrences.values())
    past = past_obligations(state, today)
    overtaken = frozenset(str(row.id) for row in rows if is_overtaken(state, row, today))
    standings = {key: standing_of(state, row, today) for row in rows if (key := str(row.id))}

    def listed(standing: Standing, among: Iterable[Occurrence]) -> tuple[Open, ...]:
        found = (row for row in among if standings[str(row.id)] == standing)
        return tuple(Open(row, not_done(state, row, today)) for row in found)

    newest = in_order(newest_checkpoints(state, today).values())
    behind = [row for row in newest if standings[str(row.id)] == "behind"]
    rounds = (round_count(state, row, today) for row in rows if row.kind == "collection")
    leads = state.programme.lead_organisations(today)
    return Overview(
        standings=standings,
        overtaken=overtaken,
        passed=listed("passed", past),
        not_answered=listed("not-answered", past),
        behind=tuple(Open(row, responsible(state, row, today)) for row in behind),
        years_behind=years_behind(state, behind, today),
        not_known=listed("not-known", past),
        rounds=tuple(one for one in rounds if one.standing == "open"),
        decisions=decisions(state, today),
        paused=tuple(
            (str(row.id), key)
            for row in rows
            if any((str(row.id), key) in state.pauses for key in row.organisations)
            for key in unanswered(state, row, today)
            if pause_of(state, row, key, today)
        ),
        no_contact=tuple(key for key in leads if not state.people.has_own_contact(key, today)),
    )


# -- since the last summary

_LISTS: Final = (
    "passed",
    "not_answered",
    "behind",
    "not_known",
    "rounds",
    "decisions",
    "paused",
    "no_contact",
)


@dataclass(frozen=True, slots=True)
class Since:
    """What has changed since the summary of an earlier day.

    ``new`` are the occurrences that came onto a list (passed, not answered, behind) after it; ``changed``
    tells that any list is another one, or that people changed the programme itself.
    """

    new: frozenset[str]
    changed: bool


def since_summary(state: ProgrammeState, view: Overview, last: date) -> Since:
    """Compare how a programme stands with how it stood in the summary of the day ``last``.

    What was said or decided after it was written was not known then. A target that was behind stays the same
    one within its year, whichever checkpoint says so.
    """
    at = written_at(state, last)
    then = overview(_as_known(state, at), last)
    listed = {str(one.occurrence.id) for one in (*then.passed, *then.not_answered)}
    behind = {_target_year(one) for one in then.behind}
    new = {str(one.occurrence.id) for one in (*view.passed, *view.not_answered)} - listed
    new |= {str(one.occurrence.id) for one in view.behind if _target_year(one) not in behind}
    changed = any(getattr(view, name) != getattr(then, name) for name in _LISTS)
    return Since(frozenset(new), changed or bool(state.modified and state.modified >= at))


def written_at(state: ProgrammeState, last: date) -> datetime:
    """Return when the summary of the day ``last`` was written.

    One that is only forecast is written at the end of its day, with all that is known by now.
    """
    zone = ZoneInfo(state.programme.timezone)
    if state.summary_at and state.summary_at.astimezone(zone).date() == last:
        return state.summary_at
    return datetime.combine(last + timedelta(days=1), time.min, zone)


def _target_year(one: Open) -> tuple[Target, int]:
    return target_of(one.occurrence.id), one.occurrence.due.year


def _as_known(state: ProgrammeState, at: datetime) -> ProgrammeState:
    """Return a state without what was said from ``at`` on, and with what waited for a decision then."""
    later = {pair for pair, reply in state.replies.items() if reply.at >= at}
    replies = {
        pair: replace(reply, proposal="pending") if reply.decided_at and reply.decided_at >= at else reply
        for pair, reply in state.replies.items()
        if pair not in later
    }
    return replace(state, replies=replies, answers=frozenset(state.answers) - later)

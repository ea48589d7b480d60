"""The one planner: what a day's run changes, and which mails it sends, from values to values.

Pure. A tick writes what ``step`` returns (``use.planning.plan``), a preview shows it, and
``forecast`` folds it over the days to come; so they cannot differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from reminders.planning import due
from reminders.planning.due import DueReminder, ReminderKey
from reminders.planning.invitations import SentInvitations, invitations_due
from reminders.planning.mails import (
    Mail,
    enclose,
    feeds_due,
    mails_again,
    mails_of_day,
    programme_of,
    with_invited,
)
from reminders.planning.policy import ESCALATION, Stage
from reminders.planning.recipients import Contact
from reminders.planning.reroute import for_item, for_new_reader, latest, lost_readers, somebody_again
from reminders.planning.resume import NOTHING, Resumed, resumed
from reminders.planning.state import ProgrammeState, Request
from reminders.planning.year_list import SentYearList, lists_due

StagesByDay = Mapping[date, tuple[Stage, ...]]


@dataclass(frozen=True)
class PlannerState:
    """All that planning looks at, as it stands at the beginning of ``day``'s run.

    Of programmes, by key: their ``states``, in order of key; ``started`` with the day of their first start;
    those that are ``held``; their ``stages`` by sending day, after the ``watermark`` (the last planned day;
    None: none); the occurrences that were ``changed``, and what people ``resumed``, since it was planned.

    Of reminders: what is ``planned``, that is waits to be mailed; the keys of all ``known`` ones but those
    that were cancelled; how many were ``sent``, by (occurrence, address); of those that failed what is
    ``stranded`` at a dead address, what was ``unreachable`` because nobody was left in the chain, and the
    keys of all ``failed`` ones; the keys of planned ones that were ``readdressed``.

    Of mails: who has been ``mailed`` on ``day``, whose letter of it could not be made (``unmade``), the
    latest ``versions`` of it by address, and the programmes whose digest went (``boards``); the programmes'
    ``last_digest`` before it; the ``year_lists`` and ``invitations`` that were sent; who asked for a private
    calendar, on which date (``feed_requests``).
    """

    day: date
    states: Mapping[str, ProgrammeState]
    started: Mapping[str, date] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    watermark: date | None = None
    stages: Mapping[str, StagesByDay] = field(default_factory=dict)
    changed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    resumed: Mapping[str, Resumed] = field(default_factory=dict)
    planned: tuple[DueReminder, ...] = ()
    known: Collection[ReminderKey] = frozenset()
    sent: Mapping[tuple[str, str], int] = field(default_factory=dict)
    stranded: tuple[DueReminder, ...] = ()
    unreachable: tuple[DueReminder, ...] = ()
    failed: frozenset[ReminderKey] = frozenset()
    readdressed: frozenset[ReminderKey] = frozenset()
    mailed: frozenset[str] = frozenset()
    unmade: frozenset[str] = frozenset()
    versions: Mapping[str, int] = field(default_factory=dict)
    boards: frozenset[str] = frozenset()
    last_digest: Mapping[str, date] = field(default_factory=dict)
    year_lists: frozenset[SentYearList] = frozenset()
    invitations: SentInvitations = field(default_factory=dict)
    feed_requests: Mapping[str, date] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    behind: Mapping[str, date | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProgrammeStart:
    """A programme's first start: the day that past occurrences count from, by id, and its reminders."""

    programme: str
    anchors: Mapping[str, date]
    reminders: tuple[DueReminder, ...]


@dataclass(frozen=True, slots=True)
class Readdressing:
    """What becomes of a reminder that failed: the ``new`` ones in its place; none: it ends here.

    ``again``: it had ended before, so that what failed too is planned again.
    """

    old: DueReminder
    new: tuple[DueReminder, ...]
    again: bool = False


@dataclass(frozen=True)
class Step:
    """What a run on ``day`` changes, in the order in which it is written, and the mails of the day.

    Reminders are those to be added: behind the watermark (``caught_up``); of each civil date up to
    ``day`` (``dates``); of first ``starts``; what reaches a reader ``early``; in place of failed ones
    (``readdressings``) and of those that have ``lost`` their reader (``rerouted``). ``superseded``
    ones are named with the newer one, ``untrue`` ones are cancelled like ``lost`` ones.

    ``waiting`` is all that waits then, mailed today or not; ``states`` are those of the programmes
    that may mail, ``last_digest`` their digests before; ``after`` is what the next step begins with.
    ``faults`` are the programmes that could not be planned, with the reason.
    """

    day: date
    after: PlannerState
    caught_up: tuple[DueReminder, ...] = ()
    dates: tuple[tuple[date, tuple[DueReminder, ...]], ...] = ()
    starts: tuple[ProgrammeStart, ...] = ()
    early: tuple[DueReminder, ...] = ()
    readdressings: tuple[Readdressing, ...] = ()
    lost: tuple[DueReminder, ...] = ()
    rerouted: tuple[DueReminder, ...] = ()
    superseded: Mapping[ReminderKey, ReminderKey] = field(default_factory=dict)
    untrue: tuple[DueReminder, ...] = ()
    waiting: tuple[DueReminder, ...] = ()
    states: Mapping[str, ProgrammeState] = field(default_factory=dict)
    last_digest: Mapping[str, date] = field(default_factory=dict)
    mails: tuple[Mail, ...] = ()
    faults: Mapping[str, str] = field(default_factory=dict)


def step(state: PlannerState, day: date) -> Step:
    """Decide what a run on ``day`` changes and mails (``_step``), without what fails.

    A fault in one programme never stops another: what fails alone stands in ``faults``, and is made up
    for by the first run that succeeds.
    """
    try:
        return replace(_step(state, day), faults=state.faults)
    except Exception:
        faults = {key: reason for key in state.states if (reason := _fault(_only(state, {key}), day))}
        if not faults:
            raise
        decided = _step(_only(state, state.states.keys() - faults.keys()), day)
        behind = {**state.behind, **{key: state.behind.get(key, state.watermark) for key in faults}}
        after = replace(decided.after, states={**state.states, **decided.after.states}, behind=behind)
        return replace(decided, after=after, faults={**state.faults, **faults})


def _fault(state: PlannerState, day: date) -> str:
    try:
        _step(state, day)
    except Exception as error:  # noqa: BLE001 - whatever it is, it stops this programme alone
        return type(error).__name__
    return ""


def _only(state: PlannerState, keys: Collection[str]) -> PlannerState:
    """Return the state with some of its programmes, in their order."""
    return replace(state, states={key: one for key, one in state.states.items() if key in keys})


def _step(state: PlannerState, day: date) -> Step:
    """Decide what a run on ``day``, a sending day of some programme, changes and mails.

    1. Of what a correction or an import brought behind the watermark, and of what stood still until
       a pause, an answer or a former unit let go of it: its latest stage; so of what reached nobody.
    2. For each civil date after the watermark: the stages of that date, of programmes that have started.
    3. Each released programme that has not started: its first start, on a sending day of its own.
    4. What reaches a reader today because the reader's day comes before the stage's own.
    5. What failed at a dead address, or waits for somebody who left, goes on to who gets it now; no
       escalation goes before its unit was mailed and had its sending days.
    6. Of several stages of one item for one address only the newest stays; what is not true any more goes.
    7. The day's mails, of programmes of which it is a sending day: one an address, and a second one only
       for what was readdressed.

    A day before the watermark is past: nothing changes, nothing goes.
    """
    if state.watermark is not None and day < state.watermark:
        return Step(day, state)
    plan = _Plan(state)
    state, caught_up = _catch_up(state, plan, day)
    before = state.watermark or day - timedelta(days=1)
    dates = []
    for on in _days(before, day):
        dates.append((on, plan.add(_stages_of_date(state, on, day))))
        state = _with_requests(state, dates[-1][1], day)
    state, starts = _start_released(replace(state, watermark=day), plan, day)
    early = plan.add(_early(state, day))
    state, readdressings = _readdress(state, plan, day)
    lost, rerouted = _reroute(state, plan, day)
    too_early, asked = _unit_first(state, plan, day)
    state = _with_requests(state, asked, day)
    superseded, untrue = _tidy(state, plan, day)
    state = _with_told(state, plan.added.values())
    ready = {key: one for key, one in state.states.items() if _may_mail(state, key, day)}
    mails = _mails(state, ready, plan.waiting.values(), day)
    state = _with_mails(state, mails, day)
    ready = {key: state.states[key] for key in ready}
    return Step(
        day=day,
        after=_after(state, plan, mails, day),
        caught_up=caught_up,
        dates=tuple(dates),
        starts=starts,
        early=early,
        readdressings=readdressings,
        lost=(*lost, *too_early),
        rerouted=(*rerouted, *asked),
        superseded=superseded,
        untrue=untrue,
        waiting=tuple(plan.waiting.values()),
        states=ready,
        last_digest=state.last_digest,
        mails=mails,
    )


class _Plan:
    """The reminders as a step changes them: what waits, in order, what is known and what failed."""

    def __init__(self, state: PlannerState) -> None:
        self.waiting = {one.key: one for one in state.planned if programme_of(one) in state.states}
        self.known = {*state.known, *self.waiting}
        self.failed = set(state.failed)
        self.added: dict[ReminderKey, DueReminder] = {}

    def add(self, reminders: Iterable[DueReminder]) -> tuple[DueReminder, ...]:
        """Plan what is not known yet; return that."""
        found = []
        for one in reminders:
            if one.key not in self.known:
                self.known.add(one.key)
                self.waiting[one.key] = self.added[one.key] = one
                found.append(one)
        return tuple(found)

    def revive(self, reminders: Iterable[DueReminder]) -> None:
        """Let what failed be planned again."""
        again = {one.key for one in reminders} & self.failed
        self.known -= again
        self.failed -= again

    def cancel(self, reminders: Iterable[DueReminder]) -> None:
        """Drop what waits; it may come again, as after a pause."""
        for one in reminders:
            del self.waiting[one.key]
            self.known.discard(one.key)
            self.added.pop(one.key, None)


def _days(after: date, until: date) -> Iterator[date]:
    while after < until:
        after += timedelta(days=1)
        yield after


def by_day(stages: Iterable[Stage]) -> StagesByDay:
    """Return stages by their sending day."""
    found: dict[date, tuple[Stage, ...]] = {}
    for stage in stages:
        found[stage.send_on] = (*found.get(stage.send_on, ()), stage)
    return found


def _catch_up(state: PlannerState, plan: _Plan, day: date) -> tuple[PlannerState, tuple[DueReminder, ...]]:
    """Plan what goes on after it stood still, then what a change brought behind the watermark.

    In this order: who is asked anew has stages of its own, of which none has come yet.
    """
    watermark = state.watermark
    if watermark is None:
        return state, ()
    made_up = plan.add(_missed_stages(state, day))
    going_on = plan.add((*_going_on(state, watermark, day), *_somebody_again(state, day)))
    state = _with_requests(state, going_on, day)
    behind = plan.add(_behind_watermark(state, watermark, day))
    state = _with_requests(state, behind, day)
    heard = plan.add(_for_own_people(state, day))
    return _with_requests(state, heard, day), (*made_up, *going_on, *behind, *heard)


def _for_own_people(state: PlannerState, day: date) -> Iterator[DueReminder]:
    """Yield what only others were told of, for units that have people of their own by now."""
    for key, one in state.states.items():
        if key in state.started:
            yield from due.due_reminders(due.stages_for_own_people(one, day), day, one, state.sent)


def _missed_stages(state: PlannerState, day: date) -> Iterator[DueReminder]:
    for key, until in state.behind.items():
        if key in state.started and key in state.states:
            yield from _missed(state, key, until or state.started[key], day)


def _going_on(state: PlannerState, watermark: date, day: date) -> Iterator[DueReminder]:
    for key, one in state.states.items():
        if key in state.started:
            yield from resumed(one, watermark, day, state.sent, state.resumed.get(key, NOTHING))


def _behind_watermark(state: PlannerState, watermark: date, day: date) -> Iterator[DueReminder]:
    for key, one in state.states.items():
        if key in state.started and (changed := state.changed.get(key)):
            yield from due.due_reminders(due.behind(one, changed, watermark, day), day, one, state.sent)


def _with_requests(state: PlannerState, planned: Iterable[DueReminder], day: date) -> PlannerState:
    """Return the state once units are asked anew: their later stages count from ``day``."""
    pairs: dict[str, dict[tuple[str, str], Request]] = {}
    for one in planned:
        if request := due.request_of(one):
            own = pairs.setdefault(programme_of(one), {})
            own.update(((one.occurrence, key), request) for key in one.organisations)
    if not pairs:
        return state
    states, stages = dict(state.states), dict(state.stages)
    for key, own in pairs.items():
        states[key] = replace(states[key], requests={**states[key].requests, **own})
        kept = (stage for ones in stages.get(key, {}).values() for stage in ones)
        mine = [stage for stage in kept if (stage.occurrence, stage.organisation) not in own]
        apart = (stage for pair in own for stage in due.stages_apart_of(states[key], pair))
        stages[key] = by_day((*mine, *(stage for stage in apart if stage.send_on > day)))
    return replace(state, states=states, stages=stages)


def _with_told(state: PlannerState, added: Iterable[DueReminder]) -> PlannerState:
    """Return the state once these reminders are mailed: who was reminded, which heads were told."""
    by_programme: dict[str, list[DueReminder]] = {}
    for one in added:
        by_programme.setdefault(programme_of(one), []).append(one)
    told = {key: due.with_told(state.states[key], ones) for key, ones in by_programme.items()}
    return replace(state, states={**state.states, **told}) if told else state


def _with_mails(state: PlannerState, mails: Iterable[Mail], day: date) -> PlannerState:
    """Return the state once the day's mails are sent: which units were mailed of their dates.

    The escalation of one that was mailed late comes later.
    """
    by_programme: dict[str, list[tuple[DueReminder, date]]] = {}
    for one in (one for mail in mails for one in mail.reminders):
        by_programme.setdefault(programme_of(one), []).append((one, day))
    states, stages = dict(state.states), dict(state.stages)
    for key, ones in by_programme.items():
        before, states[key] = due.mailed_late(states[key]), due.with_mails(states[key], ones)
        if late := due.mailed_late(states[key]) - before:
            kept = (stage for some in stages.get(key, {}).values() for stage in some)
            apart = (stage for pair in sorted(late) for stage in due.stages_apart_of(states[key], pair))
            stages[key] = by_day((*kept, *(stage for stage in apart if stage.send_on > day)))
    return replace(state, states=states, stages=stages)


def _somebody_again(state: PlannerState, day: date) -> Iterator[DueReminder]:
    """Yield what had reached nobody who was there on the last planned day, for who has come meanwhile."""
    last = state.watermark
    for key, one in state.states.items():
        if last is not None and key in state.started and comes(one.people.all, last, day):
            yield from somebody_again(one, one.people, last, day, state.sent)


def comes(contacts: Iterable[Contact], after: date, until: date) -> bool:
    """Tell whether somebody's first day lies after one day, up to another."""
    return any(one.valid_from is not None and after < one.valid_from <= until for one in contacts)


def _missed(state: PlannerState, key: str, until: date, day: date) -> Iterator[DueReminder]:
    """Yield the latest stage of what came due while a programme could not be planned."""
    own = state.stages.get(key, {})
    found = [stage for on in _days(until, state.watermark or until) for stage in own.get(on, ())]
    reached = tuple(replace(stage, send_on=day) for stage in due.latest_of_each(found))
    yield from due.due_reminders(reached, day, state.states[key], state.sent)


def _stages_of_date(state: PlannerState, on: date, day: date) -> Iterator[DueReminder]:
    for key, one in state.states.items():
        if key in state.started and state.started[key] < on:
            yield from due.due_reminders(state.stages.get(key, {}).get(on, ()), day, one, state.sent)


def _start_released(
    state: PlannerState, plan: _Plan, day: date
) -> tuple[PlannerState, tuple[ProgrammeStart, ...]]:
    starts = []
    states, started, stages = dict(state.states), dict(state.started), dict(state.stages)
    for key in sorted(state.states.keys() - started.keys() - state.held):
        if not states[key].workdays.is_sending_day(day):
            continue
        start = due.first_start(states[key], day)
        reminders = plan.add(due.due_reminders(start.stages, day, states[key], state.sent))
        starts.append(ProgrammeStart(key, start.anchors, reminders))
        anchors = {**states[key].anchors, **start.anchors}
        states[key] = replace(states[key], anchors=anchors, started_on=day)
        stages[key] = by_day(due.all_stages(states[key], states[key].occurrences.values()))
        started[key] = day
    return replace(state, states=states, started=started, stages=stages), tuple(starts)


def _early(state: PlannerState, day: date) -> Iterator[DueReminder]:
    ahead = tuple(_days(day, day + timedelta(days=due.AHEAD)))
    for key, one in state.states.items():
        if key in state.started and one.preferences:
            coming = [stage for on in ahead for stage in state.stages.get(key, {}).get(on, ())]
            yield from due.due_reminders(due.early_stages(one, coming, day), day, one, state.sent)


def _readdress(state: PlannerState, plan: _Plan, day: date) -> tuple[PlannerState, tuple[Readdressing, ...]]:
    """Plan what its address did not take for the next in the chain.

    Where nobody was left, it goes on when somebody is: another was entered, an address lives again, or it is
    another day and whoever refused it is not flagged for that.
    """
    found: list[Readdressing] = []
    ended = [one for one in state.unreachable if programme_of(one) in state.states]
    for old in state.stranded:
        if programme_of(old) in state.states:
            own = for_item(state.states[programme_of(old)], old.occurrence, old.stage)
            new = for_new_reader(own, old, day, day, {})
            plan.add(new)
            found.append(Readdressing(old, new))
            ended += [] if new else [old]
    nobody: list[DueReminder] = []
    for old in ended:
        one = state.states[programme_of(old)]
        now = latest(one, old, day)
        again = for_item(one, now.occurrence, now.stage, since=day) if now else one
        new = for_new_reader(again, now, day, day, {}) if now else ()
        if new:
            plan.revive(new)
            plan.add(new)
            found.append(Readdressing(old, new, again=True))
        else:
            nobody.append(old)
    state = replace(
        state,
        stranded=(),
        unreachable=tuple(nobody),
        failed=frozenset(plan.failed),
        readdressed=state.readdressed | {one.new[0].key for one in found if one.new},
    )
    return state, tuple(found)


def _reroute(
    state: PlannerState, plan: _Plan, day: date
) -> tuple[tuple[DueReminder, ...], tuple[DueReminder, ...]]:
    """Plan what waits for somebody who does not get it any more for whoever does.

    The old one is cancelled, so that it is planned again should its address come back.
    """
    lost = tuple(lost_readers(state.states, plan.waiting.values(), day))
    plan.cancel(lost)
    rerouted: list[DueReminder] = []
    for one in lost:
        own = for_item(state.states[programme_of(one)], one.occurrence, one.stage)
        rerouted += plan.add(for_new_reader(own, one, one.due_on, day, state.sent))
    return lost, tuple(rerouted)


def _may_mail(state: PlannerState, key: str, day: date) -> bool:
    """Tell whether a programme's mail may go on ``day``: started, not held, a sending day of its own."""
    is_out = key in state.started and key not in state.held
    return is_out and state.states[key].workdays.is_sending_day(day)


def _unit_first(
    state: PlannerState, plan: _Plan, day: date
) -> tuple[tuple[DueReminder, ...], tuple[DueReminder, ...]]:
    """Keep back each escalation whose unit has not had its sending days; return it, and what comes instead.

    Whatever kept the unit's mail back (a downtime, a hold): one that was not mailed of its date is asked
    today, as at a first start, and the rest counts from there.
    """
    kept_back: list[DueReminder] = []
    instead: list[DueReminder] = []
    for one in [one for one in plan.waiting.values() if one.stage == ESCALATION]:
        own = state.states[programme_of(one)]
        if not _may_mail(state, programme_of(one), day) or not due.still_due(own, one, day):
            continue
        days = {key: due.escalation_day(own, one, key, day) for key in one.organisations}
        row = own.occurrences[one.occurrence]
        stages = [due.request_stage(row, key, day) for key, on in days.items() if on is None]
        asked = due.due_reminders(stages, day, own, state.sent)
        units = {key for ask in asked for key in ask.organisations}
        going = tuple(key for key, on in days.items() if on == day or (on is None and key not in units))
        if going == one.organisations:
            continue
        plan.cancel([one])
        kept_back.append(one)
        instead += plan.add((*asked, *([replace(one, organisations=going)] if going else [])))
    return tuple(kept_back), tuple(instead)


def _tidy(
    state: PlannerState, plan: _Plan, day: date
) -> tuple[Mapping[ReminderKey, ReminderKey], tuple[DueReminder, ...]]:
    """Supersede older stages, and cancel what is answered, paused or another's meanwhile."""
    latest_ones, older = due.newest(plan.waiting.values())
    newer = {due.slot_of(one): one.key for one in latest_ones}
    for one in older:
        del plan.waiting[one.key]
    untrue = tuple(one for one in latest_ones if not due.still_due(state.states[programme_of(one)], one, day))
    plan.cancel(untrue)
    return {one.key: newer[due.slot_of(one)] for one in older}, untrue


def _mails(
    state: PlannerState, ready: Mapping[str, ProgrammeState], waiting: Iterable[DueReminder], day: date
) -> tuple[Mail, ...]:
    is_today = day == state.day
    mailed = state.mailed if is_today else frozenset()
    reminders = [one for one in waiting if programme_of(one) in ready]
    going_on = {key: one for key, one in ready.items() if one.closed_on is None}
    lists = lists_due(going_on, day, state.started, state.year_lists)
    first = mails_of_day(ready, day, reminders, state.last_digest, mailed, lists)
    invitations = invitations_due(going_on, day, state.started, state.invitations)
    feeds = feeds_due(ready, day, state.feed_requests)
    had = mailed - state.unmade
    again = (one for one in reminders if one.key in state.readdressed and one.recipient in had)
    found = (*enclose(first, ready, day, mailed, invitations, feeds), *mails_again(ready, day, again))
    versions = state.versions if is_today else {}
    return tuple(replace(mail, version=versions.get(mail.recipient, 0) + 1) for mail in found)


def _after(state: PlannerState, plan: _Plan, mails: tuple[Mail, ...], day: date) -> PlannerState:
    """Return what the next step begins with, once these mails are sent and nothing else happens."""
    reminders = {one.key: one for mail in mails for one in mail.reminders}
    boards = {key for mail in mails for key in mail.boards} | (state.boards if day == state.day else set())
    sent = Counter(state.sent)
    sent.update((one.occurrence, one.recipient) for one in reminders.values())
    shares = {(share.programme, mail.recipient, share.year) for mail in mails for share in mail.shares}
    answered = {mail.recipient for mail in mails if mail.feeds}
    return replace(
        state,
        changed={},
        resumed={},
        behind={},
        planned=tuple(one for key, one in plan.waiting.items() if key not in reminders),
        known=plan.known,
        sent=sent,
        last_digest={**state.last_digest, **dict.fromkeys(boards, day)},
        year_lists=state.year_lists | shares,
        invitations=with_invited(state.invitations, mails),
        feed_requests={to: on for to, on in state.feed_requests.items() if to not in answered},
    )

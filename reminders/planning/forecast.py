"""Every mail that would go out, before it does: the same decisions as the tick, over values only.

1. Take what is stored (``Outlook``).
2. Walk the days; on each sending day plan the days since the last one, start
   what has been released, keep the newest stage, gather the mails.
3. Count what was mailed, so that reasons and digests follow.

Assumes that nobody answers and that a held programme is released on the first day.

What a change does to the mails to come: forecast against forecast. Pure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from reminders.planning.due import (
    AHEAD,
    DueReminder,
    ReminderKey,
    all_stages,
    due_reminders,
    early_stages,
    first_start,
    newest,
    still_due,
)
from reminders.planning.invitations import Told
from reminders.planning.mails import (
    Mail,
    answered_requests,
    enclose,
    enclosures_due,
    mails_of_day,
    with_invited,
)
from reminders.planning.policy import Stage
from reminders.planning.reroute import for_new_reader, lost_readers
from reminders.planning.resume import NOTHING, Resumed, resumed
from reminders.planning.state import ProgrammeState
from reminders.planning.year_list import Had, lists_due
from schedule_rules.days import Span
from schedule_rules.occurrence import OccurrenceID

# -- Every mail that would go out, before it does: the same decisions as the tick, over values


@dataclass(frozen=True)
class Outlook:
    """What is stored on the first day of a forecast.

    ``started`` are the programmes that have had their first start, with its
    day; ``watermark`` the last planned day (None: none); ``planned`` what waits
    to be mailed; ``behind`` stages that a change left behind the watermark;
    ``known`` the keys of all reminders; ``sent`` counts mailed ones by
    (occurrence, address); ``busy`` who has had the mail of the watermark's day;
    ``stirred`` what people let go on since then, by programme; ``told`` the invitations
    that were sent, ``asked`` who waits for the address of a private calendar since when.
    """

    states: Mapping[str, ProgrammeState]
    started: Mapping[str, date] = field(default_factory=dict)
    watermark: date | None = None
    planned: tuple[DueReminder, ...] = ()
    known: frozenset[ReminderKey] = frozenset()
    sent: Mapping[tuple[str, str], int] = field(default_factory=dict)
    last_digest: Mapping[str, date] = field(default_factory=dict)
    busy: frozenset[str] = frozenset()
    behind: tuple[Stage, ...] = ()
    year_letters: frozenset[Had] = frozenset()
    stirred: Mapping[str, Resumed] = field(default_factory=dict)
    told: Told = field(default_factory=dict)
    asked: Mapping[str, date] = field(default_factory=dict)


class Run:
    """The state that a run carries from day to day."""

    def __init__(self, outlook: Outlook) -> None:
        """Begin with what is stored."""
        self.states = dict(outlook.states)
        self.started = dict(outlook.started)
        self.watermark = outlook.watermark
        self.busy = outlook.busy
        self.behind = outlook.behind
        self.stirred = outlook.stirred
        self.planned = list(outlook.planned)
        self.known = set(outlook.known)
        self.sent = Counter(outlook.sent)
        self.last_digest = dict(outlook.last_digest)
        self.year_letters = set(outlook.year_letters)
        self.told = outlook.told
        self.asked = dict(outlook.asked)
        self.stages: dict[str, dict[date, list[Stage]]] = {key: self._by_day(key) for key in self.states}

    def _by_day(self, key: str) -> dict[date, list[Stage]]:
        state, by_day = self.states[key], defaultdict(list)
        for stage in all_stages(state, state.occurrences.values()):
            by_day[stage.send_on].append(stage)
        return by_day

    def step(self, day: date) -> tuple[Mail, ...]:
        """Run one sending day and return its mails."""
        return self.step_with_copies(day)[1]

    def step_with_copies(self, day: date) -> tuple[tuple[DueReminder, ...], tuple[Mail, ...]]:
        """Run one sending day; return all that waited, for "also sent to", and the mails.

        A day before the last planned one is past: a tick would send nothing on it.
        """
        if self.watermark is not None and day < self.watermark:
            return (), ()
        busy, last = self.busy if day == self.watermark else frozenset(), self.watermark
        for back in _days(self.watermark or day - timedelta(days=1), day):
            for key, started in self.started.items():
                if started < back:
                    self._plan(key, self.stages[key].get(back, []), day)
        self.watermark = day
        for stage in self.behind:
            self._plan(OccurrenceID.parse(stage.occurrence).programme, [stage], day)
        self.behind = ()
        self._wake(last, day)
        for key in sorted(set(self.states) - set(self.started)):
            self._start(key, day)
        self._plan_early(day)
        self._reroute(day)
        self.planned, _ = newest(self.planned)
        self._let_go(day)
        waiting = tuple(self.planned)
        return waiting, self._mail(day, busy)

    def _plan(self, key: str, stages: list[Stage], day: date) -> None:
        self._add(due_reminders(stages, day, self.states[key], self.sent))

    def _add(self, reminders: Iterable[DueReminder]) -> None:
        for reminder in reminders:
            if reminder.key not in self.known:
                self.known.add(reminder.key)
                self.planned.append(reminder)

    def _wake(self, last: date | None, day: date) -> None:
        """Plan what a pause, an undone answer or a hand-over has let go on."""
        for key in self.started if last else ():
            self._add(resumed(self.states[key], last or day, day, self.sent, self.stirred.get(key, NOTHING)))
        self.stirred = {}

    def _reroute(self, day: date) -> None:
        """Plan what waits for somebody who does not get it any more for whoever does."""
        gone = lost_readers(self.states, self.planned, day)
        self.planned = [one for one in self.planned if one not in gone]
        self.known -= {one.key for one in gone}
        for one in gone:
            self._add(for_new_reader(self._world(one), one, one.due_on, day, self.sent))

    def _let_go(self, day: date) -> None:
        """Drop what is not true any more; it may come again, as after a pause."""
        true = [one for one in self.planned if still_due(self._world(one), one, day)]
        self.known -= {one.key for one in self.planned} - {one.key for one in true}
        self.planned = true

    def _plan_early(self, day: date) -> None:
        """Plan what reaches a reader today because the reader's day comes before the stage's own."""
        ahead = list(_days(day, day + timedelta(days=AHEAD)))
        for key, state in self.states.items():
            if state.preferences:
                coming = [stage for on in ahead for stage in self.stages[key].get(on, ())]
                self._plan(key, list(early_stages(state, coming, day)), day)

    def _start(self, key: str, day: date) -> None:
        start = first_start(self.states[key], day)
        self.states[key] = replace(self.states[key], anchors=start.anchors)
        self.stages[key] = self._by_day(key)
        self.started[key] = day
        self._plan(key, list(start.stages), day)

    def _world(self, reminder: DueReminder) -> ProgrammeState:
        return self.states[OccurrenceID.parse(reminder.occurrence).programme]

    def _mail(self, day: date, busy: frozenset[str]) -> tuple[Mail, ...]:
        lists = lists_due(self.states, day, self.started, self.year_letters)
        drafts = mails_of_day(self.states, day, self.planned, self.last_digest, busy, lists)
        waiting = enclosures_due(self.states, day, self.started, self.told, self.asked)
        drafts = enclose(drafts, self.states, day, busy, waiting)
        mailed = {one.key for draft in drafts for one in draft.reminders}
        self.planned = [one for one in self.planned if one.key not in mailed]
        self.sent.update((occurrence, address) for occurrence, _, _, address in mailed)
        self.last_digest.update({draft.board: day for draft in drafts if draft.board})
        self.year_letters |= {
            (share.programme, draft.recipient, share.year) for draft in drafts for share in draft.shares
        }
        self.told = with_invited(self.told, drafts)
        self.asked = {to: on for to, on in self.asked.items() if to not in answered_requests(drafts)}
        return drafts


def _days(after: date, until: date) -> Iterator[date]:
    while after < until:
        after += timedelta(days=1)
        yield after


def forecast(outlook: Outlook, window: Span) -> Iterator[Mail]:
    """Yield every mail within ``window``, in order of day and address."""
    if not outlook.states:
        return
    run = Run(outlook)
    workdays = next(iter(outlook.states.values())).workdays
    for day in workdays.between(window):
        yield from run.step(day)


# -- What a change does to the mails to come: forecast against forecast. Pure


@dataclass(frozen=True, slots=True)
class Difference:
    """Mails that come, that fall away, and that hold other items; in order of day and address."""

    added: tuple[Mail, ...]
    removed: tuple[Mail, ...]
    changed: tuple[tuple[Mail, Mail], ...]

    @property
    def count(self) -> int:
        """How many mails are touched."""
        return len(self.added) + len(self.removed) + len(self.changed)


def difference(before: Iterable[Mail], after: Iterable[Mail]) -> Difference:
    """Return what stands between two forecasts of the same days.

    A mail is the same when day, address and version are; it is changed when its items,
    its kind or its language are others.
    """
    old, new = _by_place(before), _by_place(after)
    both = sorted(old.keys() & new.keys())
    return Difference(
        added=tuple(new[place] for place in sorted(new.keys() - old.keys())),
        removed=tuple(old[place] for place in sorted(old.keys() - new.keys())),
        changed=tuple((old[place], new[place]) for place in both if _said(old[place]) != _said(new[place])),
    )


def _by_place(drafts: Iterable[Mail]) -> dict[tuple[str, str, int], Mail]:
    return {(draft.day.isoformat(), draft.recipient, draft.version): draft for draft in drafts}


def _said(draft: Mail) -> tuple[object, ...]:
    return draft.kind, draft.language, frozenset(draft.items)

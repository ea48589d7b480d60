"""When is somebody told? Triggers before, on and after the due date; escalation is a later trigger.

Pure. Offsets are days from the due date (RFC 5545 TRIGGER); rolling to sending days is asked of
``schedule_rules.workdays``. Who somebody is, is left to ``recipients``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal

from schedule_rules.days import Span
from schedule_rules.occurrence import Occurrence, OccurrenceKind
from schedule_rules.workdays import DEFAULT_QUIET, QuietPeriod, Workdays, standard_workdays

ToRole = Literal["unit", "head", "secretary"]
FIRST_START = "first-start"
ESCALATION = "escalation"
OPENING = "opening"
HANDOVER = "handover"
DIGEST = "digest"
PACE = "pace"
YEAR = "year"
LINK = "link"
INVITATION = "invitation"
OWN_FEED = "own-feed"


def stage_name(offset_days: int) -> str:
    """Return the stage's name: the trigger's offset as a duration (RFC 5545 section 3.3.6)."""
    return f"{'-' if offset_days < 0 else ''}P{abs(offset_days)}D"


@dataclass(frozen=True, slots=True)
class Policy:
    """Stages by kind, in days from due; escalation in sending days after due.

    Of the first start: ``answer_within`` are the sending days that a status request gives, and
    ``repeat_after`` the days after which an unanswered item is repeated once. ``decide_within`` are the
    sending days for which the escalation waits while a date that a unit proposed awaits the secretary.
    ``quiet`` periods and ``closed_days`` are no sending days; mail goes out in the ``window``, local time
    (None: the service's).
    """

    milestone: tuple[int, ...] = (-30, -7, -1, 0, 1, 7, 30, 60, 90)
    review: tuple[int, ...] = (-30, -10, 0, 7, 30)
    collection: tuple[int, ...] = (-30, -10, 0, 7)
    ask_dates: int = -30
    head_after: int = 10
    list_after: int = 20
    repeat_after: int = 30
    digest_weekday: int = 1
    before_meeting: int = 5
    year_letter: bool = True
    invitations: bool = False
    meeting_time: tuple[time, time] | None = None
    meeting_place: str = ""
    secretary_phone: str = ""
    answer_within: int = 10
    decide_within: int = 20
    quiet: tuple[QuietPeriod, ...] = DEFAULT_QUIET
    window: tuple[time, time] | None = None
    closed_days: tuple[date, ...] = ()

    @property
    def workdays(self) -> Workdays:
        """The programme's sending days."""
        return standard_workdays(quiet=self.quiet, closed=self.closed_days)

    def offsets(self, kind: OccurrenceKind) -> tuple[int, ...]:
        """Return the offsets of the unit's reminders for a kind of occurrence."""
        match kind:
            case "milestone":
                return self.milestone
            case "review":
                return self.review
            case "collection":
                return self.collection
            case "start":
                return (0,)
            case "event":
                return (self.ask_dates,)


DEFAULT_POLICY = Policy()


@dataclass(frozen=True, slots=True)
class Stage:
    """One trigger of one occurrence on its sending day. ``order`` rises within the occurrence.

    ``organisation`` names the unit whose own it is, because it counts from another day than the others'
    (nothing: of every unit that has none of its own); ``sequence`` is then the reminder's.
    """

    occurrence: str
    name: str
    role: ToRole
    send_on: date
    order: int
    organisation: str = ""
    sequence: int | None = None


def stages(
    occurrence: Occurrence, workdays: Workdays, policy: Policy, anchor: date | None = None
) -> tuple[Stage, ...]:
    """Return the stages of ``occurrence`` in order of their sending day.

    ``anchor`` is the day of a status request, as of a first start: then of the reminders only one repetition
    is left, and the escalation counts from the day by which it is to be answered (behaviour.md, "First
    start"). A round has none once its form has closed. Stages that meet on a day collapse into the later.
    """
    if anchor is None:
        own = _unit_stages(occurrence, workdays, policy)
    else:
        own = [_stage(occurrence, workdays, anchor, policy.repeat_after)]
    if occurrence.kind in {"milestone", "review", "collection"}:
        steps: Mapping[ToRole, int] = {"head": policy.head_after, "secretary": policy.list_after}
        base = answer_date(anchor, workdays, policy) if anchor else occurrence.due
        for role, count in steps.items():
            day = workdays.after(base, count)
            own.append(Stage(str(occurrence.id), ESCALATION, role, day, 1000 + count))
    if occurrence.closes:
        own = [stage for stage in own if stage.send_on <= occurrence.closes]
    latest = {(stage.role, stage.send_on): stage for stage in sorted(own, key=lambda stage: stage.order)}
    return tuple(sorted(latest.values(), key=lambda stage: (stage.send_on, stage.order)))


def moved_behind(
    occurrence: Occurrence, before: Policy, after: Policy, day: date, anchor: date | None = None
) -> bool:
    """Tell whether a stage of ``occurrence`` lay after ``day`` by one policy, and does not by another."""
    ahead = {
        (one.role, one.name)
        for one in stages(occurrence, before.workdays, before, anchor)
        if one.send_on > day
    }
    reached = (one for one in stages(occurrence, after.workdays, after, anchor) if one.send_on <= day)
    return any((one.role, one.name) in ahead for one in reached)


def answer_date(anchor: date, workdays: Workdays, policy: Policy) -> date:
    """Return the day by which a status request of the day ``anchor`` is to be answered.

    The last of its sending days; the escalation counts from here (behaviour.md, "First start").
    """
    return workdays.after(anchor, policy.answer_within)


def _unit_stages(occurrence: Occurrence, workdays: Workdays, policy: Policy) -> list[Stage]:
    if occurrence.kind == "start":
        return [Stage(str(occurrence.id), stage_name(0), "unit", workdays.on_or_after(occurrence.due), 0)]
    if asks_for_year(occurrence):
        january = workdays.on_or_after(date(occurrence.due.year, 1, 1))
        return [Stage(str(occurrence.id), stage_name(policy.ask_dates), "unit", january, policy.ask_dates)]
    offsets = [
        days
        for days in policy.offsets(occurrence.kind)
        # A lead longer than the recurrence would remind of the one after the next.
        if occurrence.interval_days is None or -days < occurrence.interval_days or occurrence.kind == "event"
    ]
    found = [_stage(occurrence, workdays, occurrence.due, days) for days in offsets]
    if occurrence.opens:
        opens = workdays.on_or_after(occurrence.opens)
        found.insert(0, Stage(str(occurrence.id), OPENING, "unit", opens, -1000))
    return found


def _stage(occurrence: Occurrence, workdays: Workdays, base: date, days: int) -> Stage:
    """Roll a stage: before the date and on it only ever earlier, after it only later."""
    nominal = base + timedelta(days=days)
    roll = workdays.on_or_before if days <= 0 else workdays.on_or_after
    return Stage(str(occurrence.id), stage_name(days), "unit", roll(nominal), days)


def asks_for_year(row: Occurrence) -> bool:
    """Tell whether a row stands for the dates of a whole year that a unit is asked for (``unset_series``)."""
    return row.kind == "event" and row.status == "tentative" and row.year is not None


def asks_for_dates(rows: tuple[Occurrence, ...]) -> frozenset[str]:
    """Return the ids of the events by which a provisional series asks for its dates.

    A series asks once a year, before its first provisional date of that year.
    """
    first: dict[tuple[str, int], str] = {}
    for row in rows:
        if row.kind == "event" and row.status == "tentative":
            first.setdefault((row.id.seed, row.due.year), str(row.id))
    return frozenset(first.values())


def digest_days(
    first: date, last: date, meetings: tuple[date, ...], workdays: Workdays, policy: Policy
) -> dict[date, date | None]:
    """Return the days of the secretary's digest in ``first``..``last``, with the meeting each precedes.

    Weekly on ``digest_weekday``, where that is a sending day, and ``before_meeting``
    sending days before each board meeting.
    """
    sending = workdays.between(Span(first, last))
    days: dict[date, date | None] = {day: None for day in sending if day.weekday() == policy.digest_weekday}
    for meeting in meetings:
        before = workdays.before(meeting, policy.before_meeting)
        if first <= before <= last:
            days[before] = meeting
    return dict(sorted(days.items()))

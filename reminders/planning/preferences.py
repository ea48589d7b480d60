"""What a reader wishes about the mail of a programme, and how far a wish reaches.

Pure. A wish moves or switches off what is no duty: the due day, the first reminder after it, escalations, the
opening of a round and the status request of a first start stay where they are (design: behaviour.md,
"Reminders"). Who the readers are is left to ``recipients``, what is due to ``due``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, Literal, get_args

from reminders.planning.policy import (
    ESCALATION,
    FIRST_START,
    OPENING,
    PACE,
    YEAR,
    Policy,
    Stage,
    digest_days,
    stage_name,
)
from reminders.planning.recipients import Contact, MailLanguage
from schedule_rules.days import Span
from schedule_rules.occurrence import OccurrenceKind
from schedule_rules.workdays import Workdays

Rhythm = Literal["daily", "weekly", "monthly"]
DigestRhythm = Literal["both", "weekly", "meetings"]
MailFormat = Literal["html+text", "text"]
RHYTHMS: Final[tuple[Rhythm, ...]] = get_args(Rhythm)
DIGEST_RHYTHMS: Final[tuple[DigestRhythm, ...]] = get_args(DigestRhythm)
FORMATS: Final[tuple[MailFormat, ...]] = get_args(MailFormat)

START, DATES = "start", "dates"
"""Start notes, and asking for the dates of a series, as they are switched off."""

REACH: Final[Mapping[Rhythm, int]] = {"daily": 13, "weekly": 13, "monthly": 45}
"""Days that a stage moves at most: over a holiday on the reader's day, not over a quiet July."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """The wishes of one address about one programme; the defaults wish nothing.

    ``weekday`` 0 is Monday. ``rhythm`` gathers what is no duty: weekly, or on the first such day of the
    month. ``digest`` is of the secretary's summary. ``language`` holds instead of the contact list's; ``off``
    are names of stages, ``start``, ``dates``, ``pace`` or ``year``.
    """

    weekday: int | None = None
    rhythm: Rhythm = "daily"
    digest: DigestRhythm = "both"
    language: MailLanguage | None = None
    format: MailFormat = "html+text"
    off: frozenset[str] = field(default_factory=frozenset)

    @property
    def has_mail_days(self) -> bool:
        """Tell whether mail that is no duty waits for certain days."""
        return self.weekday is not None or self.rhythm != "daily"


NO_WISHES: Final = Preferences()


def optional_stages(policy: Policy) -> tuple[str, ...]:
    """Return what can be switched off; where a stage is a duty it goes out all the same."""
    offsets = {*policy.milestone, *policy.review, *policy.collection} - {0}
    return (*(stage_name(days) for days in sorted(offsets)), START, DATES, PACE, YEAR)


def duties(kind: OccurrenceKind, stages: Iterable[Stage]) -> frozenset[str]:
    """Return the names of the stages of one occurrence that no wish moves or switches off.

    Of a start note and of an event none is a duty. ``stages`` are in order of sending day.
    """
    if kind in {"start", "event"}:
        return frozenset()
    after = next((one.name for one in stages if one.role == "unit" and one.order > 0), "")
    return frozenset({FIRST_START, ESCALATION, OPENING, stage_name(0), after})


def is_off(wish: Preferences, kind: OccurrenceKind, name: str) -> bool:
    """Tell whether the reader has switched a stage off that is no duty."""
    of_kind: Mapping[str, str] = {"start": START, "event": name if name == PACE else DATES}
    return of_kind.get(kind, name) in wish.off


def readers_day(wish: Preferences, stage: Stage, workdays: Workdays) -> date:
    """Return the reader's day of a stage that is no duty.

    Before the date the last of the reader's days up to the stage's own, after it
    the first from then on; where none is within reach, the stage's own.
    """
    if not wish.has_mail_days:
        return stage.send_on
    direction = -1 if stage.order < 0 else 1
    near = (stage.send_on + timedelta(days=direction * n) for n in range(REACH[wish.rhythm] + 1))
    return next((day for day in near if is_mail_day(wish, day, workdays)), stage.send_on)


def goes_on(wish: Preferences, stage: Stage, day: date, workdays: Workdays) -> bool:
    """Tell whether a planned stage that is no duty goes out on ``day``.

    On a day of the reader's; one before the date also on its own day at the
    latest, so that no wish makes it late; one after it when it has waited long enough.
    """
    if not wish.has_mail_days or is_mail_day(wish, day, workdays):
        return True
    return day >= stage.send_on + timedelta(days=0 if stage.order < 0 else REACH[wish.rhythm] + 1)


def is_mail_day(wish: Preferences, day: date, workdays: Workdays) -> bool:
    """Tell whether ``day`` is one on which the reader takes mail that is no duty."""
    if not _fits(wish, day, workdays):
        return False
    earlier = (day.replace(day=number) for number in range(1, day.day))
    return wish.rhythm != "monthly" or not any(_fits(wish, one, workdays) for one in earlier)


def gets_digest(
    wish: Preferences, days: Span, meetings: tuple[date, ...], workdays: Workdays, policy: Policy
) -> bool:
    """Tell whether a day of the secretary's summary, as this reader wishes it, lies in ``days``.

    These are the days since the last summary: one that was missed is made up for. Who wants it
    before meetings only gets it weekly while no meeting is known: it cannot be switched off.
    """
    wished = replace(policy, digest_weekday=policy.digest_weekday if wish.weekday is None else wish.weekday)
    weekly = bool(digest_days(days.first, days.last, (), workdays, wished))
    found = digest_days(days.first, days.last, meetings, workdays, wished)
    before_meeting = any(meeting is not None for meeting in found.values())
    match wish.digest:
        case "both":
            return weekly or before_meeting
        case "weekly":
            return weekly
        case "meetings":
            return before_meeting or (weekly and not any(meeting >= days.last for meeting in meetings))


def in_their_language(contacts: Iterable[Contact], wishes: Mapping[str, Preferences]) -> Iterator[Contact]:
    """Yield the contacts, each in the language that its reader wishes."""
    for contact in contacts:
        language = wishes.get(contact.identity, NO_WISHES).language
        yield replace(contact, language=language) if language else contact


def _fits(wish: Preferences, day: date, workdays: Workdays) -> bool:
    """Tell whether ``day`` is a sending day on the weekday, if one is wished; weekly without one: Tuesday."""
    weekday = wish.weekday
    if weekday is None and wish.rhythm == "weekly":
        weekday = Policy().digest_weekday
    return (weekday is None or day.weekday() == weekday) and workdays.is_sending_day(day)

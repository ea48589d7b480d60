"""Rules: a recurrence set, what to do on a non-working day, and provenance.

A rule says *when*; turning it into occurrences is left to ``occurrence``.
Terms follow RFC 5545 section 3.8.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Final, Literal

from dateutil.rrule import rrulestr

from schedule_rules.days import MonthDay
from schedule_rules.programme import DateChange, Text
from schedule_rules.schedule import Frequency

Provenance = Literal["printed", "assumed", "corrected"]

_NO_TEXT: Final = Text()


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a rule comes from.

    ``words`` is the printed wording it was read from; ``reading`` a code that names how it was read
    (``last-day``, ``phase``, ``first-day``, ``within-range``, ``continuous``, ``collection``, ``event``,
    ``target``, ``every-year``); ``by`` and ``on`` say who corrected it and when. Of an occurrence whose date
    itself was moved ``was_due`` is the date that the wording gave, ``moved_by`` and ``moved_on`` say by whom
    and when.
    """

    provenance: Provenance
    words: Text
    reading: str
    by: str = ""
    on: date | None = None
    was_due: date | None = None
    moved_by: str = ""
    moved_on: date | None = None

    @property
    def date_provenance(self) -> Provenance:
        """Where the date comes from: from a person, where it was moved, whatever its wording is."""
        return "corrected" if self.was_due else self.provenance


@dataclass(frozen=True, slots=True)
class RecurrenceSet:
    """DTSTART, RRULE, RDATE and EXDATE of a rule, all-day unless ``at`` is given.

    ``rrule`` is the value of the property without UNTIL; ``until`` the last possible day, inclusive.
    """

    dtstart: date
    rrule: str = ""
    until: date | None = None
    rdates: tuple[date, ...] = ()
    exdates: tuple[date, ...] = ()
    at: time | None = None
    minutes: int = 0


@lru_cache(maxsize=512)
def expand(recurrence: RecurrenceSet) -> tuple[date, ...]:
    """Return the dates of a bounded recurrence set in order (RFC 5545 section 3.8.5)."""
    days = set(recurrence.rdates)
    if not recurrence.rrule:
        days.add(recurrence.dtstart)
    else:
        start = datetime.combine(recurrence.dtstart, time())
        last = datetime.combine(recurrence.until or recurrence.dtstart, time())
        rule = rrulestr(recurrence.rrule, dtstart=start)
        days.update(moment.date() for moment in rule.between(start, last, inc=True))
    return tuple(sorted(days.difference(recurrence.exdates)))


@dataclass(frozen=True, slots=True)
class StartRule:
    """The first day of a period: one line in a mail, no answer needed."""

    action: str
    on: date
    basis: Basis


@dataclass(frozen=True, slots=True)
class MilestoneRule:
    """Something is to be ready on ``due``.

    ``name`` is ``end``, ``phase-2024``, ``yearly-2026`` or the like and never changes.
    """

    action: str
    name: str
    due: date
    basis: Basis


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """The state is looked at on ``day`` of each year in ``years``."""

    action: str
    years: tuple[int, ...]
    day: MonthDay
    basis: Basis


@dataclass(frozen=True, slots=True)
class CollectionRule:
    """The annual data collection: for each year reported on, a round in the year after."""

    action: str
    years: tuple[int, ...]
    opens: MonthDay
    due: MonthDay
    closes: MonthDay
    basis: Basis


@dataclass(frozen=True, slots=True)
class EventRule:
    """A series of events; ``name`` tells an action's series apart.

    ``confirmed`` is False while the date is an assumption (published as TENTATIVE); ``assumed_from`` is the
    first day that the printed schedule does not cover, where the series is assumed to go on. ``changes`` are
    single dates that people moved or cancelled; an empty ``title`` is the action's. Without ``announced`` it
    has no occurrences: nobody has set its dates, and it is too frequent to assume them.
    """

    action: str
    name: str
    recurrence: RecurrenceSet
    frequency: Frequency
    basis: Basis
    confirmed: bool = False
    assumed_from: date | None = None
    cancelled: bool = False
    title: Text = _NO_TEXT
    place: Text = _NO_TEXT
    video: str = ""
    changes: tuple[DateChange, ...] = ()
    description: Text = _NO_TEXT
    sign_up: str = ""
    announced: bool = True

    @property
    def regular(self) -> bool:
        """Tell whether one rule makes the dates; else each is an event of its own."""
        return bool(self.recurrence.rrule)

    def change_of(self, day: date) -> DateChange | None:
        """Return what people changed about the date that the rule gives as ``day``."""
        return next((one for one in self.changes if one.on == day), None)


@dataclass(frozen=True, slots=True)
class TargetRule:
    """So many times a period within ``start``..``end``: dates that the unit enters count towards it."""

    action: str
    name: str
    frequency: Frequency
    start: date
    end: date
    basis: Basis


Rule = StartRule | MilestoneRule | ReviewRule | CollectionRule | EventRule | TargetRule


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that needs a person's decision, shown with its nearest reading.

    ``code`` names the case (``unclear-schedule``, ``vague-frequency``, ``series-beyond-schedule``,
    ``series-without-dates``, ``languages-disagree``, ``no-schedule``); ``words`` are the words in question,
    ``nearest`` a code of the reading taken meanwhile.
    """

    action: str
    code: str
    words: Text
    nearest: str = ""

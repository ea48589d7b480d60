"""What the words of a draft mean: language, schedule, parties, recurrences, contradictions.

Schedules and frequencies are read by ``schedule_rules``; cutting cells into
parties is left to ``parties``, making a programme of it all to ``assemble``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from reminders.intake.language import likely_language
from reminders.intake.parties.cells import Parties, split_names, split_parties
from reminders.intake.table import ActionDraft, IntakeFinding
from reminders.intake.words import plain_words, squeeze
from schedule_rules.programme import Lang
from schedule_rules.reading import find_frequencies, find_phases, normalise
from schedule_rules.schedule import Frequency, Schedule

USABLE = ("single", "range", "open_range", "continuous", "recurring")
_YEARLY_DAY = re.compile(r"(?:[\dxX]{1,2}\.\d{1,2}\.?)(?:\s*[-–—]\s*\d{1,2}\.\d{1,2}\.?)?")
_ROUGH = 0.8
_DEADLINE = re.compile(r"(?:no|not) later than\b|at the latest\b|viimeistaan\b|senast\b")


@dataclass(frozen=True, slots=True)
class ReadAction:
    """One action as printed and as read; its texts are of one language."""

    draft: ActionDraft
    lang: Lang
    schedule: Schedule | None
    parties: Parties
    frequencies: tuple[Frequency, ...]
    yearly_day: bool = False

    @property
    def title(self) -> str:
        """The first bullet."""
        return self.draft.bullets[0] if self.draft.bullets else ""


def interpret(draft: ActionDraft, document: Lang, known: Collection[str] = ()) -> ReadAction:
    """Return an action of a draft; ``document`` is the language of what is around it."""
    lang = likely_language(" ".join((*draft.bullets, draft.responsible, draft.indicator)), document)
    yearly_day = bool(_YEARLY_DAY.fullmatch(squeeze(draft.schedule)))
    return ReadAction(
        draft=draft,
        lang=lang,
        schedule=_schedule(draft.schedule, lang),
        parties=_parties(draft, lang, known),
        frequencies=read_frequencies(draft, lang),
        yearly_day=yearly_day,
    )


def _schedule(text: str, lang: Lang) -> Schedule | None:
    """Return the reading of a cell: in its own language, else in whichever reads it."""
    if not text.strip():
        return None
    for reading in (normalise(squeeze(text), lang), normalise(squeeze(text))):
        if isinstance(reading, Schedule) and reading.kind in USABLE:
            return _as_deadline(reading, text)
    return None


def _as_deadline(reading: Schedule, text: str) -> Schedule:
    """Return a date as the end it is where the wording begins with "no later than", whatever follows."""
    if reading.kind == "single" and _DEADLINE.match(plain_words(text)):
        return replace(reading, kind="open_range", start=None)
    return reading


def _parties(draft: ActionDraft, lang: Lang, known: Collection[str]) -> Parties:
    """Return the parties of both columns; a responsible cell may name partners too."""
    found = split_parties(draft.responsible, lang, known)
    own = split_names(draft.partners, lang, known)
    if not own:
        return found
    if not found.leads:
        return Parties((), own)
    partners = tuple(dict.fromkeys((*found.partners, *own)))
    return Parties(found.leads, partners, found.takers, found.when, found.year)


def read_frequencies(draft: ActionDraft, lang: Lang) -> tuple[Frequency, ...]:
    """Return the distinct frequencies in actions, indicator and schedule."""
    texts = (*draft.bullets, draft.indicator, draft.schedule)
    hits = (hit.frequency for text in texts for hit in find_frequencies(squeeze(text), lang))
    return tuple({(hit.times_min, hit.times_max, hit.per, hit.interval): hit for hit in hits}.values())


# -- what a person should look at -----------------------------------------------------


def findings_of(action: ReadAction, file: str) -> Iterator[IntakeFinding]:
    """Yield what was not understood in an action and what contradicts in it."""
    draft = action.draft

    def finding(code: str, words: str, detail: str = "") -> IntakeFinding:
        return IntakeFinding(code, file, draft.place, squeeze(words)[:300], detail)

    if not draft.schedule.strip():
        yield finding("no-schedule", action.title)
    elif action.schedule is None and not action.yearly_day:
        yield finding("unclear-schedule", draft.schedule, _nearest(draft.schedule, action.lang))
    elif action.schedule and action.schedule.certainty <= _ROUGH:
        yield finding("doubtful-schedule", draft.schedule, describe(action.schedule))
    if not action.parties.leads:
        yield finding("no-lead", action.title)
    if not draft.indicator:
        yield finding("no-indicator", action.title)
    yield from _past_schedule(action, finding("indicator-past-schedule", draft.indicator))


def _nearest(text: str, lang: Lang) -> str:
    reading = normalise(squeeze(text), lang)
    nearest = reading if isinstance(reading, Schedule) else reading.nearest
    return describe(nearest) if nearest else ""


def describe(schedule: Schedule) -> str:
    """Return a reading in a few neutral words: kind and dates."""
    start, end = (day.isoformat() if day else "…" for day in (schedule.start, schedule.end))
    return f"{schedule.kind} {start}/{end}"


def _past_schedule(action: ReadAction, finding: IntakeFinding) -> Iterator[IntakeFinding]:
    """Yield a finding where an indicator names a date after the schedule's end."""
    end = action.schedule.end if action.schedule else None
    if end is None:
        return
    late = [phase for phase in read_phases(action.draft.indicator, action.lang) if phase[1] > end]
    if late:
        yield IntakeFinding(
            finding.code, finding.file, finding.place, finding.words, f"{late[0][0]} after {end.isoformat()}"
        )


@lru_cache(maxsize=4096)
def read_phases(text: str, lang: Lang) -> tuple[tuple[str, date], ...]:
    """Return the dated points in a text: as written, and their last day."""
    return tuple((phase.written, phase.end) for phase in find_phases(text, lang))


def names_of(actions: Collection[ReadAction]) -> frozenset[str]:
    """Return the plain names of all parties of ``actions``."""
    return frozenset(
        plain_words(name) for action in actions for name in (*action.parties.leads, *action.parties.partners)
    )

"""What the words of a draft mean: language, schedule, parties, recurrences, contradictions.

Schedules and frequencies are read by ``schedule_rules``, cells of parties by
``parties``; making a programme of it all is left to ``assemble``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from reminders.intake.content import ActionDraft, IntakeFinding
from reminders.intake.language import likely_language
from reminders.intake.languages import FURTHER, further
from reminders.intake.parties import DoubtfulCut, Parties, split_parties
from reminders.intake.words import plain_words, squeeze
from schedule_rules.programme import TextLang
from schedule_rules.reading import find_frequencies, find_phases, normalise
from schedule_rules.schedule import Frequency, Schedule

_USABLE = ("single", "range", "open_range", "continuous", "recurring")
_YEARLY_DAY = re.compile(r"(?:[\dxX]{1,2}\.\d{1,2}\.?)(?:\s*[-–—]\s*\d{1,2}\.\d{1,2}\.?)?")
_EVERY_YEAR: Mapping[TextLang, str] = {
    "fi": "vuosittain", "sv": "varje år", "en": "every year",
    **{lang: one.every_year for lang, one in FURTHER.items()},
}  # fmt: skip
_ROUGH = 0.8
NOT_USED = "not understood: "
"""What stands before the words of a schedule that no rule used, in the detail of a finding."""
_phases = lru_cache(maxsize=4096)(find_phases)
_DEADLINE = re.compile(
    r"(?:no|not) later than\b|at the latest\b|viimeistaan\b|senast\b"
    + "".join(rf"|{re.escape(word)}\b" for word in further(lambda words: words.deadline))
)


@dataclass(frozen=True, slots=True)
class ReadAction:
    """One action as printed and as read; its texts are of one language."""

    draft: ActionDraft
    lang: TextLang
    schedule: Schedule | None
    parties: Parties
    frequencies: tuple[Frequency, ...]
    yearly_day: bool = False

    @property
    def title(self) -> str:
        """The first bullet."""
        return self.draft.bullets[0] if self.draft.bullets else ""

    @property
    def meaning(self) -> tuple[object, ...] | None:
        """Kind and dates of the schedule, to compare."""
        found = self.schedule
        return (found.kind, found.start, found.end) if found else None

    @property
    def rates(self) -> frozenset[tuple[object, ...]]:
        """The frequencies, to compare."""
        return frozenset((rate.times_min, rate.times_max, rate.per) for rate in self.frequencies)


@dataclass(frozen=True, slots=True)
class ActionRow:
    """The same action in each language that has it."""

    versions: Mapping[TextLang, ReadAction]

    @property
    def bullets(self) -> dict[TextLang, tuple[str, ...]]:
        """What is to be done, by language."""
        return {lang: action.draft.bullets for lang, action in self.versions.items()}


def interpret(
    draft: ActionDraft,
    document: TextLang,
    known: Container[str] = frozenset(),
    more: Container[str] | None = None,
) -> ReadAction:
    """Return an action of a draft in a ``document`` of that language.

    Names in ``known`` are not cut; of its column of partners those in ``more``, where given.
    """
    lang = likely_language(" ".join((*draft.bullets, draft.responsible, draft.indicator)), document)
    # A responsible cell may name partners beside those that have a column of their own.
    parties = split_parties(draft.responsible, lang, known)
    column = split_parties(draft.partners, lang, known if more is None else more)
    if partners := tuple(dict.fromkeys((*column.leads, *column.partners))):
        doubts = (*parties.doubts, *column.doubts)
        if parties.leads:
            both = tuple(dict.fromkeys((*parties.partners, *partners)))
            parties = replace(parties, partners=both, doubts=doubts)
        else:
            parties = Parties((), partners, doubts=doubts)
    texts = (*draft.bullets, draft.indicator, schedule_words(draft, lang))
    rates = (hit.frequency for text in texts for hit in find_frequencies(squeeze(text), lang))
    distinct = {(rate.times_min, rate.times_max, rate.per, rate.interval): rate for rate in rates}
    return ReadAction(
        draft=draft,
        lang=lang,
        schedule=_schedule(schedule_words(draft, lang), lang),
        parties=parties,
        frequencies=tuple(distinct.values()),
        yearly_day=bool(_YEARLY_DAY.fullmatch(squeeze(draft.schedule))),
    )


def schedule_words(draft: ActionDraft, lang: TextLang) -> str:
    """Return the schedule of a draft in words that tell all: that a month comes each year too."""
    return f"{draft.schedule}, {_EVERY_YEAR[lang]}" if draft.yearly and draft.schedule else draft.schedule


def _schedule(text: str, lang: TextLang) -> Schedule | None:
    """Return the reading in the cell's own language, else in any; what is "no later than" is an end."""
    if not text.strip():
        return None
    for one in (lang, None):
        reading = normalise(squeeze(text), one)
        if isinstance(reading, Schedule) and reading.kind in _USABLE:
            if reading.kind == "single" and _DEADLINE.match(plain_words(text)):
                return replace(reading, kind="open_range", start=None)
            return reading
    return None


def names_of(actions: Collection[ReadAction]) -> frozenset[str]:
    """Return the plain names of all parties of ``actions``."""
    return frozenset(
        plain_words(name) for action in actions for name in (*action.parties.leads, *action.parties.partners)
    )


def findings_of(action: ReadAction, file: str) -> Iterator[IntakeFinding]:
    """Yield what was not understood in an action and what contradicts in it."""
    draft, schedule = action.draft, action.schedule

    def finding(code: str, words: str, detail: str = "") -> IntakeFinding:
        return IntakeFinding(code, file, draft.place, squeeze(words)[:300], detail)

    if not draft.schedule.strip():
        yield finding("no-schedule", action.title)
    elif schedule is None and not action.yearly_day:
        reading = normalise(squeeze(draft.schedule), action.lang)
        nearest = reading if isinstance(reading, Schedule) else reading.nearest
        yield finding("unclear-schedule", draft.schedule, describe(nearest) if nearest else "")
    elif schedule and schedule.unused:
        yield finding(
            "unused-words", draft.schedule, f"{describe(schedule)}, {NOT_USED}{', '.join(schedule.unused)}"
        )
    elif schedule and schedule.certainty <= _ROUGH:
        yield finding("doubtful-schedule", draft.schedule, describe(schedule))
    if not action.parties.leads:
        yield finding("no-lead", action.title)
    for doubt in action.parties.doubts:
        cell, pieces = _cell_of(doubt, draft), f"{doubt.before}; {doubt.after}"
        if doubt.is_cut:
            yield finding("two-or-one-units", cell, pieces)
        else:
            yield finding("one-or-two-units", cell, pieces)
    if not draft.indicator:
        yield finding("no-indicator", action.title)
    elif schedule and schedule.end:
        end = schedule.end
        late = next((phase for phase in _phases(draft.indicator, action.lang) if phase.end > end), None)
        if late:
            yield finding(
                "indicator-past-schedule", draft.indicator, f"{late.written} after {end.isoformat()}"
            )


def _cell_of(doubt: DoubtfulCut, draft: ActionDraft) -> str:
    return draft.responsible if doubt.before in squeeze(draft.responsible) else draft.partners


def describe(schedule: Schedule) -> str:
    """Return a reading in a few neutral words: kind and dates."""
    start, end = (day.isoformat() if day else "…" for day in (schedule.start, schedule.end))
    return f"{schedule.kind} {start}/{end}"

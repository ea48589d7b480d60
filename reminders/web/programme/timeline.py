"""The timeline of one action, year by year, as values: bars, marks, counts and the same in words.

Pure; drawn as pages.md, section 3 says. What stands in a template is left to it.

How an occurrence and an action stand, as the six words of the pages (design: pages.md, section 2).

Pure. An action shows its worst: overdue > decide > soon > done (all) > track > coming.

* overdue: its day has passed and a responsible organisation has not answered. The same
  rows as in the secretary's digest; an older review that a later one overtook is none.
* decide: everybody answered and somebody said *late* or *not ours*, or the wording is
  unclear. A decision is the secretary's matter: the public view shows track instead.
* soon: unanswered, and due within 30 days.
* done: everybody said done; an action when nothing lies ahead and its milestones are done
  (a review on the way may have said *on track*), or all it must answer for is done.
* track: answered, or the action has begun and nothing is to be done now.
* coming: nothing has begun.

The rules of an action in words: how a wording was read, which words say so, on what basis. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, Literal

from email_templates import dates
from email_templates import words as shared
from reminders.planning.overdue import overdue_list
from reminders.planning.state import ProgrammeState, needs_answer, unanswered
from reminders.planning.targets import Target, target_standing
from reminders.store.programmes import Answer
from reminders.use.answers.status import last_answers
from reminders.web.catalogue import say
from schedule_rules.days import Span
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Action, Lang, Programme, Text
from schedule_rules.reading import normalise
from schedule_rules.rule import (
    CollectionRule,
    EventRule,
    MilestoneRule,
    ReviewRule,
    Rule,
    StartRule,
    TargetRule,
)
from schedule_rules.schedule import Schedule

# -- How an occurrence and an action stand, as the six words of the pages (design: pages.md, se

Code = Literal["overdue", "decide", "soon", "done", "track", "coming"]
ORDER: Final[tuple[Code, ...]] = ("overdue", "decide", "soon", "track", "done", "coming")
SOON: Final = timedelta(days=30)
_DECIDED_BY_SECRETARY: Final = frozenset({"late", "not-ours"})


@dataclass(frozen=True, slots=True)
class Mark:
    """How one occurrence stands. ``missing``: it has no answer, but a later review overtook it."""

    code: Code
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the status of an action is decided on; ``milestones`` are among the ``marks``."""

    marks: tuple[Mark, ...]
    milestones: tuple[Mark, ...]
    unclear: bool
    begun: bool


def status_marks(
    state: ProgrammeState, answers: Iterable[Answer], today: date, *, secretary: bool
) -> Mapping[str, Mark]:
    """Return how each occurrence stands, by id."""
    late = {str(one.occurrence.id) for one in overdue_list(state, today)}
    by_row: dict[str, list[Answer]] = {}
    for answer in answers:
        by_row.setdefault(answer.occurrence, []).append(answer)
    found: dict[str, Mark] = {}
    for row_id, row in state.occurrences.items():
        if row_id in late:
            found[row_id] = Mark("overdue")
        elif not needs_answer(row):
            found[row_id] = Mark("coming" if row.due >= today else "track")
        elif unanswered(state, row, today):
            found[row_id] = _open(row, today)
        else:
            found[row_id] = Mark(_answered(state, row, by_row.get(row_id, []), secretary=secretary))
    return found


def _open(row: Occurrence, today: date) -> Mark:
    if row.due < today:
        return Mark("coming", missing=True)
    return Mark("soon" if row.due - today <= SOON else "coming")


def _answered(state: ProgrammeState, row: Occurrence, own: list[Answer], *, secretary: bool) -> Code:
    said = {answer.answer for answer in last_answers(state.programme, row, own).values()}
    if said & _DECIDED_BY_SECRETARY:
        return "decide" if secretary else "track"
    return "done" if said == {"done"} else "track"


def status_of_action(facts: Facts, *, secretary: bool) -> Code:
    """Return how an action stands: the worst of what it must answer for."""
    codes = {mark.code for mark in facts.marks if not mark.missing}
    if facts.unclear and secretary:
        codes.add("decide")
    worst: tuple[Code, ...] = ("overdue", "decide", "soon")
    for code in worst:
        if code in codes:
            return code
    if codes == {"done"} or ("coming" not in codes and _all_done(facts.milestones)):
        return "done"
    return "track" if facts.begun or "track" in codes or "done" in codes else "coming"


def _all_done(milestones: tuple[Mark, ...]) -> bool:
    return bool(milestones) and all(mark.code == "done" for mark in milestones)


def next_date(rows: Iterable[Occurrence], found: Mapping[str, Mark], today: date) -> date | None:
    """Return the date to show beside a status: the oldest overdue one, else the next ahead."""
    ordered = [row for row in rows if row.kind != "start" and row.status != "cancelled"]
    late = [row.due for row in ordered if found[str(row.id)].code == "overdue"]
    ahead = [row.due for row in ordered if row.due >= today and found[str(row.id)].code != "done"]
    return min(late or ahead, default=None)


# -- The timeline of one action, year by year, as values: bars, marks, counts and the same in w

_NARROW_YEARS = 6
_DRAWN = ("milestone", "review", "collection")


@dataclass(frozen=True, slots=True)
class TimelineStretch:
    """When an action runs. ``open_end``: as long as the programme does; ``earlier``: since before it."""

    first: date
    last: date
    open_end: bool = False
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a bar within one year, from ``left`` to ``right`` percent."""

    left: int
    right: int
    classes: str


@dataclass(frozen=True, slots=True)
class Sign:
    """A mark at ``place`` percent of the year."""

    place: int
    code: str
    small: bool


@dataclass(frozen=True, slots=True)
class TimelineCell:
    """One year of one action; ``today`` is the place of today's line, None in other years."""

    year: int
    bars: tuple[Bar, ...]
    marks: tuple[Sign, ...]
    count: str
    words: str
    today: int | None
    far: bool


@dataclass(frozen=True, slots=True)
class Canvas:
    """What all rows of a page share: the programme's years, today, the language."""

    programme: Programme
    today: date
    lang: Lang
    all_years: bool = False

    @property
    def years(self) -> range:
        """The years drawn."""
        return self.programme.period.years()

    def is_far(self, year: int) -> bool:
        """Tell whether a phone leaves ``year`` out: more than six years, more than two away."""
        here = min(max(self.today.year, self.years[0]), self.years[-1])
        return len(self.years) > _NARROW_YEARS and not self.all_years and abs(year - here) > 2


def timeline_stretch(action: Action, programme: Programme) -> TimelineStretch | None:
    """Return when an action runs as its schedule was read; None when it could not be."""
    found = next(
        (
            reading
            for lang, text in _schedule_of(action).as_dict().items()
            if isinstance(reading := normalise(text, lang), Schedule) and _has_time(reading)
        ),
        None,
    )
    if found is None:
        return None
    period = programme.period
    first, last = found.start or period.first, found.end or period.last
    if last < period.first or first > period.last:
        return None
    open_end = found.end is None
    return TimelineStretch(max(first, period.first), min(last, period.last), open_end, first < period.first)


def _schedule_of(action: Action) -> Text:
    """Return the schedule that holds: a person's correction, else the print."""
    correction = action.correction("schedule")
    return correction.words if correction else action.schedule


def _has_time(reading: Schedule) -> bool:
    return reading.kind in {"continuous", "recurring"} or bool(reading.start or reading.end)


def cells(
    canvas: Canvas,
    action: Action,
    rules: Iterable[Rule],
    rows: Iterable[Occurrence],
    found: Mapping[str, Mark],
    held: Mapping[Target, tuple[date, ...]] = MappingProxyType({}),
) -> tuple[TimelineCell, ...]:
    """Return the cells of an action, a year each; ``held`` are the dates entered towards targets."""
    stretch = timeline_stretch(action, canvas.programme)
    own, ruled = list(rows), tuple(rules)
    counts = {year: _count(canvas, year, ruled, own, held) for year in canvas.years}
    return tuple(_cell(canvas, year, stretch, counts[year], own, found) for year in canvas.years)


def _cell(
    canvas: Canvas,
    year: int,
    stretch: TimelineStretch | None,
    counts: tuple[str, str],
    rows: list[Occurrence],
    found: Mapping[str, Mark],
) -> TimelineCell:
    drawn = [row for row in rows if row.due.year == year and row.kind in _DRAWN]
    signs = tuple(Sign(place(row.due), found[str(row.id)].code, row.kind != "milestone") for row in drawn)
    count, counted = counts
    running = bool(stretch and stretch.first.year <= year <= stretch.last.year)
    return TimelineCell(
        year=year,
        bars=tuple(_bars(canvas, year, stretch)) if stretch else (),
        marks=signs,
        count=count,
        words=_words(canvas.lang, drawn, found, counted, running=running),
        today=place(canvas.today) if year == canvas.today.year else None,
        far=canvas.is_far(year),
    )


def place(day: date) -> int:
    """Return where in its year ``day`` lies, in percent."""
    length = date(day.year, 12, 31).timetuple().tm_yday
    return round(100 * day.timetuple().tm_yday / length)


def _bars(canvas: Canvas, year: int, stretch: TimelineStretch) -> Iterable[Bar]:
    """Yield the bar of a year, cut in two by today: what is past is filled."""
    whole = Span(date(year, 1, 1), date(year, 12, 31))
    first, last = max(stretch.first, whole.first), min(stretch.last, whole.last)
    if first > last:
        return
    ends = ["thin"] if stretch.open_end else []
    begins = ["first"] if first == stretch.first and not stretch.earlier else []
    if stretch.earlier and year == canvas.years[0]:
        begins.append("pre")
    stops = ["last"] if last == stretch.last else []
    if stretch.open_end and year == canvas.years[-1]:
        stops.append("go")
    left = 0 if first == whole.first else place(first)
    now = place(canvas.today)
    if last < canvas.today or canvas.today < first or now in {left, place(last)}:
        tense = "past" if last <= canvas.today else "fut"
        yield Bar(left, place(last), " ".join([tense, *ends, *begins, *stops]))
        return
    yield Bar(left, now, " ".join(["past", *ends, *begins]))
    yield Bar(now, place(last), " ".join(["fut", *ends, *stops]))


def _count(
    canvas: Canvas,
    year: int,
    rules: tuple[Rule, ...],
    rows: list[Occurrence],
    held: Mapping[Target, tuple[date, ...]],
) -> tuple[str, str]:
    """Return how often within a year: dates of series, else the target, with what is done (*12/10*)."""
    dated = sum(row.kind == "event" and row.due.year == year for row in rows)
    if dated > 1 and any(isinstance(rule, EventRule) for rule in rules):
        return say(canvas.lang, "timeline.times", n=dated), say(canvas.lang, "timeline.dates", n=dated)
    for rule in rules:
        if isinstance(rule, TargetRule) and rule.start.year <= year <= rule.end.year:
            return _target(canvas, year, rule, held.get((rule.action, rule.name), ()))
    return "", ""


def _target(canvas: Canvas, year: int, rule: TargetRule, held: tuple[date, ...]) -> tuple[str, str]:
    """Return done and printed of a yearly target whose year has begun, else the target alone."""
    if rule.frequency.per == "year" and rule.frequency.times_min and year <= canvas.today.year:
        done = f"{target_standing(rule, held, year, canvas.today).entered}/{_times(rule).lstrip(_AT_LEAST)}"
        return done, say(canvas.lang, "timeline.held", times=done)
    times = target(rule, canvas.lang)
    return times, say(canvas.lang, "timeline.target", times=times)


def target(rule: TargetRule, lang: Lang) -> str:
    """Return a target as printed in figures: *2–4 krt/v*, *≥ 10 krt/v*."""
    return say(lang, f"timeline.per-{rule.frequency.per}", times=_times(rule))


_AT_LEAST = "≥\N{NO-BREAK SPACE}"


def _times(rule: TargetRule) -> str:
    low, high = rule.frequency.times_min, rule.frequency.times_max
    if low is not None and high is not None:
        return str(low) if low == high else f"{low}–{high}"
    return f"{_AT_LEAST}{low}" if high is None else f"≤\N{NO-BREAK SPACE}{high}"


def _words(
    lang: Lang, drawn: list[Occurrence], found: Mapping[str, Mark], counted: str, *, running: bool
) -> str:
    parts = [say(lang, "timeline.runs")] if running else []
    parts += [mark_words(row, found[str(row.id)], lang) for row in drawn]
    return "; ".join([*parts, *([counted] if counted else [])]) or say(lang, "timeline.nothing")


def mark_words(row: Occurrence, mark: Mark, lang: Lang) -> str:
    """Say one mark: *31.12.2024 määräaika: valmis*."""
    stands = mark_status(mark, lang)
    what = shared.kind(lang, row.kind)
    return f"{dates.short(row.due, lang)} {what}: {stands[:1].lower()}{stands[1:]}"


def mark_status(mark: Mark, lang: Lang) -> str:
    """Return the status word of one occurrence; one that was overtaken lacks its answer."""
    return say(lang, "timeline.no-answer") if mark.missing else shared.status(lang, mark.code)


# -- The rules of an action in words: how a wording was read, which words say so, on what basis


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule: what it says, the words it comes from, its provenance and that in words."""

    reading: str
    words: str
    provenance: str
    basis: str


def rule_rows(
    rules: Iterable[Rule], action: Action, programme: Programme, lang: Lang, *, named: bool = True
) -> tuple[RuleRow, ...]:
    """Return the rules of an action, then its handovers: printed, or entered by a person.

    ``named`` tells whether who corrected a rule is said: not to the public.
    """
    rows = [_row(rule, lang, named=named) for rule in rules]
    for move in action.handovers:
        names = programme.organisation_by_key
        reading = say(lang, "action.move-rule", on=dates.short(move.effective_from, lang))
        taker = names[move.taker].name.get(lang)
        code = "corrected" if move.by else "printed"
        rows.append(
            RuleRow(f"{_capital(reading)}: {taker}", move.source.get(lang), code, shared.basis(lang, code))
        )
    return tuple(rows)


def _row(rule: Rule, lang: Lang, *, named: bool) -> RuleRow:
    basis = rule.basis
    days = ", ".join(_days(rule, lang))
    reading = _capital(shared.reading(lang, basis.reading))
    return RuleRow(
        f"{reading}: {days}" if days else reading,
        basis.words.get(lang),
        basis.provenance,
        shared.basis(lang, basis.provenance, basis.by if named else "", basis.on),
    )


def _days(rule: Rule, lang: Lang) -> list[str]:
    match rule:
        case StartRule():
            return [dates.short(rule.on, lang)]
        case MilestoneRule():
            return [dates.short(rule.due, lang)]
        case ReviewRule():
            return [dates.short(rule.day.in_year(year), lang) for year in rule.years]
        case CollectionRule():
            return [dates.short(rule.due.in_year(year + 1), lang) for year in rule.years]
        case TargetRule():
            return [target(rule, lang)]
        case _:
            return []


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"

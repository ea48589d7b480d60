"""How an action stands and its timeline, year by year, as values. Pure; drawn as pages.md, section 3 says.

The six words of the pages (design: pages.md, section 2): an action shows its worst,
overdue > decide > soon > done (all) > track > coming.

* overdue: its day has passed and a responsible organisation has not answered. The same
  rows as in the secretary's digest; an older review that a later one overtook is none.
* decide: everybody answered and somebody said *late* or *not ours*, or the wording is
  unclear. A decision is the secretary's matter: the public view shows track instead.
* soon: unanswered, and due within 30 days.
* done: everybody said done; an action when nothing lies ahead and its milestones are done
  (a review on the way may have said *on track*), or all it must answer for is done.
* track: answered, or the action has begun and nothing is to be done now.
* coming: nothing has begun.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, Literal

from email_templates import dates, words as shared
from reminders.planning.overdue import overdue_list
from reminders.planning.replies import Answer
from reminders.planning.state import ProgrammeState, needs_answer, unanswered
from reminders.planning.targets import Target, target_standing
from reminders.use.answers.status import last_answers
from reminders.web.catalogue import say
from reminders.web.words import AT_LEAST, target_words, times_words
from schedule_rules.days import Span
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Action, Lang, Programme
from schedule_rules.reading import normalise
from schedule_rules.rule import EventRule, Rule, TargetRule
from schedule_rules.schedule import Schedule

_NARROW_YEARS: Final = 6
_DRAWN: Final = ("milestone", "review", "collection")
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
        elif not unanswered(state, row, today):
            newest = last_answers(state.programme, row, by_row.get(row_id, ()))
            words = {answer.answer for answer in newest.values()}
            if words & _DECIDED_BY_SECRETARY:
                found[row_id] = Mark("decide" if secretary else "track")
            else:
                found[row_id] = Mark("done" if words == {"done"} else "track")
        elif row.due < today:
            found[row_id] = Mark("coming", missing=True)
        else:
            found[row_id] = Mark("soon" if row.due - today <= SOON else "coming")
    return found


def status_of_action(facts: Facts, *, secretary: bool) -> Code:
    """Return how an action stands: the worst of what it must answer for."""
    codes = {mark.code for mark in facts.marks if not mark.missing}
    if facts.unclear and secretary:
        codes.add("decide")
    worst: tuple[Code, ...] = ("overdue", "decide", "soon")
    for code in worst:
        if code in codes:
            return code
    milestones_done = bool(facts.milestones) and all(mark.code == "done" for mark in facts.milestones)
    if codes == {"done"} or ("coming" not in codes and milestones_done):
        return "done"
    return "track" if facts.begun or "track" in codes or "done" in codes else "coming"


def next_date(rows: Iterable[Occurrence], found: Mapping[str, Mark], today: date) -> date | None:
    """Return the date to show beside a status: the oldest overdue one, else the next ahead."""
    ordered = [row for row in rows if row.kind != "start" and row.status != "cancelled"]
    late = [row.due for row in ordered if found[str(row.id)].code == "overdue"]
    ahead = [row.due for row in ordered if row.due >= today and found[str(row.id)].code != "done"]
    return min(late or ahead, default=None)


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
    """Return when an action runs, as its schedule, corrected or printed, was read; None: it could not be."""
    correction = action.correction("schedule")
    words = correction.words if correction else action.schedule
    found = next(
        (
            one
            for one in (normalise(text, lang) for lang, text in words.as_dict().items())
            if isinstance(one, Schedule) and (one.kind in {"continuous", "recurring"} or one.start or one.end)
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


def cells(
    canvas: Canvas,
    action: Action,
    rules: Iterable[Rule],
    rows: Iterable[Occurrence],
    found: Mapping[str, Mark],
    target_dates: Mapping[Target, tuple[date, ...]] = MappingProxyType({}),
) -> tuple[TimelineCell, ...]:
    """Return the cells of an action, a year each; ``target_dates`` are those entered."""
    stretch = timeline_stretch(action, canvas.programme)
    own, ruled = list(rows), tuple(rules)
    made = []
    for year in canvas.years:
        drawn = [row for row in own if row.due.year == year and row.kind in _DRAWN]
        count, counted = _count(canvas, year, ruled, own, target_dates)
        running = bool(stretch and stretch.first.year <= year <= stretch.last.year)
        words = [say(canvas.lang, "timeline.runs")] if running else []
        words += [mark_words(row, found[str(row.id)], canvas.lang) for row in drawn]
        words += [counted] if counted else []
        made.append(
            TimelineCell(
                year=year,
                bars=tuple(_bars(canvas, year, stretch)) if stretch else (),
                marks=tuple(
                    Sign(place(row.due), found[str(row.id)].code, row.kind != "milestone") for row in drawn
                ),
                count=count,
                words="; ".join(words) or say(canvas.lang, "timeline.nothing"),
                today=place(canvas.today) if year == canvas.today.year else None,
                far=canvas.is_far(year),
            )
        )
    return tuple(made)


def place(day: date) -> int:
    """Return where in its year ``day`` lies, in percent."""
    return round(100 * day.timetuple().tm_yday / date(day.year, 12, 31).timetuple().tm_yday)


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
    target_dates: Mapping[Target, tuple[date, ...]],
) -> tuple[str, str]:
    """Return how often within a year: dates of series, else the target, with what is done (*12/10*)."""
    dated = sum(row.kind == "event" and row.due.year == year for row in rows)
    if dated > 1 and any(isinstance(rule, EventRule) for rule in rules):
        return say(canvas.lang, "timeline.times", n=dated), say(canvas.lang, "timeline.dates", n=dated)
    for rule in rules:
        if not isinstance(rule, TargetRule) or not rule.start.year <= year <= rule.end.year:
            continue
        if rule.frequency.per == "year" and rule.frequency.times_min and year <= canvas.today.year:
            entered = target_dates.get((rule.action, rule.name), ())
            times = times_words(rule.frequency).lstrip(AT_LEAST)
            done = f"{target_standing(rule, entered, year, canvas.today).entered}/{times}"
            return done, say(canvas.lang, "timeline.held", times=done)
        times = target_words(rule, canvas.lang)
        return times, say(canvas.lang, "timeline.target", times=times)
    return "", ""


def mark_words(row: Occurrence, mark: Mark, lang: Lang) -> str:
    """Say one mark: *31.12.2024 määräaika: valmis*."""
    stands = mark_status(mark, lang)
    return f"{dates.short(row.due, lang)} {shared.kind(lang, row.kind)}: {stands[:1].lower()}{stands[1:]}"


def mark_status(mark: Mark, lang: Lang) -> str:
    """Return the status word of one occurrence; one that was overtaken lacks its answer."""
    return say(lang, "timeline.no-answer") if mark.missing else shared.status(lang, mark.code)

"""How an action stands and its timeline, year by year, as values. Pure; drawn as pages.md, section 3 says.

Colours and shapes of standings stand here (design: pages.md, section 2); how something stands is decided in
``planning.standing``. A decision is the secretary's matter: the public view shows what stands next to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from email_templates import dates, words as shared
from reminders.planning.standing import (
    SOON,
    ActionStanding,
    Overview,
    RoundCount,
    Standing,
    round_count,
    shown_until,
    was_ever_asked,
)
from reminders.planning.state import ProgrammeState, reply_of, responsible
from reminders.planning.targets import Target, target_standing
from reminders.web.catalogue import say
from reminders.web.words import AT_LEAST, CODES, Code, target_words, times_words
from schedule_rules.days import Span
from schedule_rules.occurrence import Occurrence
from schedule_rules.programme import Action, Lang, Programme
from schedule_rules.reading import normalise
from schedule_rules.rule import EventRule, Rule, TargetRule
from schedule_rules.schedule import Schedule

_NARROW_YEARS: Final = 6
_DRAWN: Final = ("milestone", "review", "collection")
ORDER: Final[tuple[Code, ...]] = (
    "overdue",
    "decide",
    "soon",
    "review",
    "behind",
    "unknown",
    "track",
    "done",
    "coming",
)


@dataclass(frozen=True, slots=True)
class Mark:
    """How one occurrence stands: its standing, colour and shape.

    ``overtaken``: it has no answer, but a later review stands in its place; ``unasked``: nor was anybody ever
    asked about it. ``until`` is the date of a late one, ``round`` who has answered a round.
    """

    code: Code
    standing: ActionStanding
    overtaken: bool = False
    unasked: bool = False
    until: date | None = None
    round: RoundCount | None = None


def status_marks(
    state: ProgrammeState, view: Overview, today: date, *, secretary: bool
) -> Mapping[str, Mark]:
    """Return how each occurrence stands, by id."""
    waiting = {row for one in view.decisions for row in (one.occurrence, *one.beside) if secretary}
    found: dict[str, Mark] = {}
    for row_id, standing in view.standings.items():
        row = state.occurrences[row_id]
        if row.kind == "collection":
            found[row_id] = _round_mark(state, row, standing, today)
        elif row_id in waiting and standing != "passed":
            found[row_id] = Mark("decide", "decide")
        elif standing == "late":
            found[row_id] = Mark("track", "late", until=shown_until(state, row, today))
        elif standing == "answered":
            replies = [reply_of(state, row, key) for key in responsible(state, row, today)]
            done = all(reply is not None and reply.answer == "done" for reply in replies)
            found[row_id] = Mark("done" if done else "track", standing)
        else:
            overtaken = row_id in view.overtaken
            unasked = overtaken and not was_ever_asked(state, row)
            found[row_id] = Mark(CODES[standing], standing, overtaken=overtaken, unasked=unasked)
    return found


def _round_mark(state: ProgrammeState, row: Occurrence, standing: Standing, today: date) -> Mark:
    """Return a round's mark: coloured while answers are missing near its day; hollow where it closed so."""
    count, code = round_count(state, row, today), CODES[standing]
    if count.missing and standing == "closed":
        code = "unknown"
    elif count.missing and standing == "open" and row.due - today <= SOON:
        code = "soon"
    return Mark(code, standing, round=count)


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
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Canvas:
    """What all rows of a page share: the programme's years or one of them, today, the language."""

    programme: Programme
    today: date
    lang: Lang
    all_years: bool = False
    year: int | None = None

    @property
    def years(self) -> range:
        """The years drawn."""
        return range(self.year, self.year + 1) if self.year else self.programme.period.years()

    def is_far(self, year: int) -> bool:
        """Tell whether a phone leaves ``year`` out: more than six years, more than two away."""
        here = min(max(self.today.year, self.years[0]), self.years[-1])
        return len(self.years) > _NARROW_YEARS and not self.all_years and abs(year - here) > 2


def timeline_stretch(action: Action, programme: Programme) -> TimelineStretch | None:
    """Return when an action runs, as its schedule, corrected or printed, was read; None: it could not be.

    An action that has ended runs to that day.
    """
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
    if ended := programme.ended.get(action.id):
        last, open_end = min(last, ended.on), False
        if last < first:
            return None
    return TimelineStretch(max(first, period.first), min(last, period.last), open_end, first < period.first)


def cells(
    canvas: Canvas,
    action: Action,
    rules: Iterable[Rule],
    rows: Iterable[Occurrence],
    found: Mapping[str, Mark],
    target_dates: Mapping[Target, tuple[date, ...]] = MappingProxyType({}),
    behind: Collection[tuple[Target, int]] = frozenset(),
) -> tuple[TimelineCell, ...]:
    """Return the cells of an action, a year each; ``target_dates`` are those entered.

    ``behind`` are the targets and years that are behind.
    """
    stretch = timeline_stretch(action, canvas.programme)
    own, ruled = list(rows), tuple(rules)
    made = []
    for year in canvas.years:
        in_year = [row for row in own if row.due.year == year and row.status != "cancelled"]
        drawn = [row for row in in_year if row.kind in _DRAWN]
        count, counted = _count(canvas, year, ruled, own, target_dates)
        running = bool(stretch and stretch.first.year <= year <= stretch.last.year)
        words = [say(canvas.lang, "timeline.runs")] if running else []
        words += [mark_words(row, found[str(row.id)], canvas.lang) for row in drawn]
        words += [counted] if counted else []
        is_behind = any(target[0] == action.id and on == year for target, on in behind)
        words += [shared.standing(canvas.lang, "behind")] if is_behind else []
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
                behind=is_behind,
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
    dated = sum(row.kind == "event" and row.due.year == year and row.status != "cancelled" for row in rows)
    if dated > 1 and any(isinstance(rule, EventRule) for rule in rules):
        return say(canvas.lang, "timeline.times", n=dated), say(canvas.lang, "timeline.dates", n=dated)
    for rule in rules:
        if not isinstance(rule, TargetRule) or not rule.start.year <= year <= rule.end.year:
            continue
        if rule.frequency.per == "year" and rule.frequency.times_min and year <= canvas.today.year:
            entered = target_dates.get((rule.action, rule.name), ())
            times = times_words(rule.frequency).lstrip(AT_LEAST)
            n = target_standing(rule, entered, year, canvas.today).entered
            return f"{n}/{times}", say(canvas.lang, "timeline.held", n=n, target=times)
        times = target_words(rule, canvas.lang)
        return times, say(canvas.lang, "timeline.target", times=times)
    return "", ""


def mark_words(row: Occurrence, mark: Mark, lang: Lang) -> str:
    """Say one mark: *31.12.2024 määräaika: valmis*."""
    stands = mark_status(mark, lang)
    return f"{dates.short(row.due, lang)} {shared.kind(lang, row.kind)}: {stands[:1].lower()}{stands[1:]}"


def mark_status(mark: Mark, lang: Lang) -> str:
    """Return the status word of one occurrence; one that was overtaken, and asked about, lacks its answer."""
    if mark.overtaken and not mark.unasked and mark.standing != "answered":
        return say(lang, "timeline.no-answer")
    if mark.round and mark.standing in {"open", "closed"}:
        return round_words(mark.round, lang)
    return shared.standing(lang, mark.standing, mark.until)


def round_words(count: RoundCount, lang: Lang) -> str:
    """Say how a round stands: *Avoinna, 7 / 39 vastannut*."""
    word = shared.standing(lang, count.standing)
    return say(lang, "timeline.round", word=word, answered=count.answered, of=len(count.expected))
